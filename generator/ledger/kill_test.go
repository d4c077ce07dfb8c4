package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

const (
	senderURL   = "LEDGER_TEST_SENDER" // in the environment: this process is a sender, of that database
	connections = 8
)

func TestMain(m *testing.M) {
	if url := os.Getenv(senderURL); url != "" {
		if err := sender(context.Background(), url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// sender is a process that sends an issue and is killed meanwhile. It writes a line for
// each final dot it puts out, and for each outcome it was told to be on the disk.
func sender(ctx context.Context, url string) error {
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	l, w := ledger.Open(db), ledger.NewWorker("host", os.Getpid())
	if _, err := l.Recover(ctx, time.Now(), w, never); err != nil {
		return err
	}
	c := l.NewCommitter(ctx, w, ledger.Grouping{})
	for {
		rows, err := l.Claim(ctx, w, issue, 50, time.Now(), time.Hour, nil)
		if err != nil || len(rows) == 0 {
			return err
		}
		work := make(chan ledger.Delivery)
		var wg sync.WaitGroup
		for range connections {
			wg.Go(func() {
				for d := range work {
					send(c, d)
				}
			})
		}
		for _, d := range rows {
			work <- d
		}
		close(work)
		wg.Wait()
	}
}

func send(c *ledger.Committer, d ledger.Delivery) {
	refused, err := c.InFlight(ledger.Mark{Lease: d.Lease, Date: time.Now(), At: time.Now()})
	if err != nil || len(refused) > 0 {
		return
	}
	fmt.Printf("dot %d\n", d.Member)
	if _, err := c.Settle(ledger.Outcome{Lease: d.Lease, State: ledger.Sent, At: time.Now()})(); err == nil {
		fmt.Printf("sent %d\n", d.Member)
	}
}

// A sender is killed in the midst of it, again and again. Whatever it put out was in
// flight in the ledger before, whatever it was told to be settled is settled, nobody gets
// the issue twice, and at the end all have it but those who are unknown.
func TestKilledSenders(t *testing.T) {
	const n, kills = 900, 5
	storetest.Each(t, func(t *testing.T, url string) {
		l := ledger.Open(storetest.Open(t, url))
		queue(t, l, n)
		dots, unknown := map[uint32]int{}, int64(0)
		for run := 0; ; run++ {
			after := 60 + 40*run // lines
			if run == kills {
				after = -1
			}
			settled := runSender(t, url, after, dots)
			if _, err := l.Recover(t.Context(), time.Now(), ledger.NewWorker("host", 1), never); err != nil {
				t.Fatal(err)
			}
			for _, id := range settled {
				if got := row(t, l, id).State; got != ledger.Sent {
					t.Errorf("member %d was reported as sent, and is %v", id, got)
				}
			}
			for id := range dots {
				if got := row(t, l, id).State; got != ledger.Sent && got != ledger.Unknown {
					t.Errorf("a letter to %d went out, and it is %v", id, got)
				}
			}
			c := counts(t, l)
			if fresh := c.Unknown - unknown; fresh > connections {
				t.Errorf("one kill left %d unknown, want at most %d", fresh, connections)
			}
			unknown = c.Unknown
			if c.Candidates != n || c.Leased+c.InFlight != 0 {
				t.Errorf("got %+v, want nothing in hand", c)
			}
			if after < 0 {
				break
			}
		}
		for id, times := range dots {
			if times != 1 {
				t.Errorf("member %d was sent %d letters", id, times)
			}
		}
		c := counts(t, l)
		if c.Sent+c.Unknown != n || len(dots) < int(c.Sent) {
			t.Errorf("got %+v and %d letters, want all sent but the unknown", c, len(dots))
		}
		t.Logf("%d letters of %d went out, %d are unknown after %d kills", len(dots), n, c.Unknown, kills)
	})
}

// runSender starts a sender and kills it after so many lines, or lets it end. It counts
// the final dots and returns what was settled.
func runSender(t *testing.T, url string, lines int, dots map[uint32]int) (settled []uint32) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), senderURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for scanner := bufio.NewScanner(out); scanner.Scan(); lines-- {
		what, text, _ := strings.Cut(scanner.Text(), " ")
		id, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if what == "dot" {
			dots[uint32(id)]++
		} else {
			settled = append(settled, uint32(id))
		}
		if lines == 0 {
			cmd.Process.Kill() // what it has written until then is still read
		}
	}
	if err := cmd.Wait(); err != nil && lines > 0 {
		t.Fatal(err)
	}
	return settled
}
