package ledger_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

// pragma sets something of the connection that writes to a SQLite file.
func pragma(t *testing.T, db *store.DB, setting string) {
	t.Helper()
	got := 0
	err := db.Tx(t.Context(), func(tx *store.Tx) error { return tx.Scan(t.Context(), `PRAGMA `+setting, nil, &got) })
	if err != nil {
		t.Fatal(err)
	}
}

// What cannot be stored is not stored in part, and goes well when there is room again.
func TestAFullDisk(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	l, w := ledger.Open(db), ledger.NewWorker("a", 1)
	queue(t, l, 100)
	rows := claim(t, l, w, 100, day())
	pragma(t, db, "max_page_count = 1") // as it is, and no more
	added, err := l.Queue(t.Context(), issue, people(5000), day())
	if !errors.Is(err, store.ErrFull) || added != 0 {
		t.Errorf("got %d, %v, want %v", added, err, store.ErrFull)
	}
	if got := counts(t, l); got.Candidates != 100 {
		t.Errorf("got %+v, want what was there", got)
	}
	long := strings.Repeat("髙", 300)
	var outcomes []ledger.Outcome
	for _, d := range rows {
		outcomes = append(outcomes, ledger.Outcome{Lease: d.Lease, State: ledger.Failed, Reply: long, At: day()})
	}
	if _, err := l.Settle(t.Context(), w, outcomes); !errors.Is(err, store.ErrFull) {
		t.Errorf("got %v, want %v", err, store.ErrFull)
	}
	if got := counts(t, l); got.Leased != 100 {
		t.Errorf("got %+v, want all leased", got)
	}
	pragma(t, db, "max_page_count = 1000000")
	if refused, err := l.Settle(t.Context(), w, outcomes); err != nil || len(refused) != 0 {
		t.Errorf("got %v, %v, want all taken", refused, err)
	}
}

func TestALockedDatabase(t *testing.T) {
	url := storetest.SQLite(t)
	holder, waiter := storetest.Open(t, url), storetest.Open(t, url)
	l, w := ledger.Open(waiter), ledger.NewWorker("a", 1)
	queue(t, l, 2)
	rows := claim(t, l, w, 1, day())
	pragma(t, waiter, "busy_timeout = 10")
	err := holder.Tx(t.Context(), func(*store.Tx) error {
		_, err := l.InFlight(t.Context(), w, []ledger.Mark{{Lease: rows[0].Lease, At: day()}})
		_, err2 := l.Claim(t.Context(), w, issue, 1, day(), time.Minute, nil)
		if !errors.Is(err2, store.ErrLocked) {
			t.Errorf("got %v, want %v", err2, store.ErrLocked)
		}
		return err
	})
	if !errors.Is(err, store.ErrLocked) {
		t.Errorf("got %v, want %v", err, store.ErrLocked)
	}
	if got := counts(t, l); got.Leased != 1 || got.Pending != 1 {
		t.Errorf("got %+v, want it as it was", got)
	}
	mark(t, l, w, rows[0])
}

// A damaged file is named as that, and not as something about letters.
func TestADamagedDatabase(t *testing.T) {
	url := storetest.SQLite(t)
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	queue(t, ledger.Open(db), 2000)
	db.Close()
	file := strings.TrimPrefix(url, "sqlite:")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(data) / 3; i < len(data); i++ {
		data[i] ^= 0xa5
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	l, w := ledger.Open(storetest.Open(t, url)), ledger.NewWorker("a", 1)
	failures := 0
	for range 10 {
		rows, err := l.Claim(t.Context(), w, issue, 100, day(), time.Minute, nil)
		if err == nil && len(rows) > 0 {
			continue
		}
		failures++
		if !errors.Is(err, store.ErrNotDatabase) {
			t.Errorf("got %v, want %v", err, store.ErrNotDatabase)
		}
	}
	if failures == 0 {
		t.Error("no claim noticed that most of the file is damaged")
	}
}

// The connection to Postgres goes while a mark is being stored: nothing of it is stored,
// the error says so, and the next call connects again.
func TestALostConnection(t *testing.T) {
	url := storetest.Postgres(t)
	db, other := storetest.Open(t, url), storetest.Open(t, url)
	l, w, ctx := ledger.Open(db), ledger.NewWorker("a", 1), t.Context()
	queue(t, l, 2)
	rows := claim(t, l, w, 2, day())
	marks := []ledger.Mark{{Lease: rows[0].Lease, At: day()}, {Lease: rows[1].Lease, At: day()}}
	err := other.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE delivery SET reason = reason WHERE member = 2`); err != nil { // a lock to wait for
			return err
		}
		failed := make(chan error)
		go func() {
			_, err := l.InFlight(ctx, w, marks)
			failed <- err
		}()
		for {
			n := 0
			if err := other.Scan(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`, nil, &n); err != nil {
				return err
			}
			if n > 0 {
				return <-failed
			}
		}
	})
	if !errors.Is(err, store.ErrLost) {
		t.Errorf("got %v, want %v", err, store.ErrLost)
	}
	if got := counts(t, l); got.Leased != 2 {
		t.Errorf("got %+v, want both leased", got)
	}
	mark(t, l, w, rows...)
}

// Commits wait for the disk in both databases, also where Postgres was told not to.
func TestMarksAreOnTheDisk(t *testing.T) {
	ctx := t.Context()
	t.Run("SQLite", func(t *testing.T) {
		got := 0
		err := storetest.Open(t, storetest.SQLite(t)).Tx(ctx, func(tx *store.Tx) error {
			return errors.Join(tx.Durable(ctx), tx.Scan(ctx, `PRAGMA synchronous`, nil, &got))
		})
		if err != nil || got != 2 { // FULL
			t.Errorf("got %d, %v, want 2", got, err)
		}
	})
	t.Run("Postgres", func(t *testing.T) {
		url := storetest.Postgres(t)
		for _, test := range []struct{ set, want string }{{"off", "on"}, {"remote_write", "remote_write"}} {
			got := ""
			err := storetest.Open(t, url+"&synchronous_commit="+test.set).Tx(ctx, func(tx *store.Tx) error {
				return errors.Join(tx.Durable(ctx), tx.Scan(ctx, `SHOW synchronous_commit`, nil, &got))
			})
			if err != nil || got != test.want {
				t.Errorf("%s: got %s, %v, want %s", test.set, got, err, test.want)
			}
		}
	})
}
