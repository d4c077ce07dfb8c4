package ledger_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
)

// An issue goes to two members. The sender dies after the first letter went out and
// before the relay has answered.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, now := context.Background(), time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "kaiho.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	l := ledger.Open(db)
	if _, err := l.Queue(ctx, issue, people(2), now); err != nil {
		log.Fatal(err)
	}

	w := ledger.NewWorker("mail.example.jp", 4711)
	rows, err := l.Claim(ctx, w, issue, 10, now, time.Minute, nil)
	if err != nil {
		log.Fatal(err)
	}
	c := l.NewCommitter(ctx, w, ledger.Grouping{})
	if _, err := c.InFlight(ledger.Mark{Lease: rows[0].Lease, Date: now, At: now}); err != nil {
		log.Fatal(err)
	}
	// Here the final dot of the letter goes out, and the power fails.

	next := ledger.NewWorker("mail.example.jp", 4712)
	if _, err := l.Recover(ctx, now, next, func(pid int) bool { return false }); err != nil {
		log.Fatal(err)
	}
	sums, err := l.Counts(ctx, issue)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sums.Candidates, "candidates:", sums.Pending, "pending,", sums.Unknown, "unknown")
	unknown, err := l.Unknowns(ctx, issue)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(unknown[0].Address, unknown[0].Reason)
	if err := c.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 2 candidates: 1 pending, 1 unknown
	// m1@Example.jp crash
}
