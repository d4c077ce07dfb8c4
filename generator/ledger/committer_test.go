package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

// Many connections mark and settle through one committer: each is told about its own
// rows, and everything is in the ledger when it is told.
func TestACommitterAnswersEachCallerAboutItsOwn(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		const connections, rounds = 16, 10
		queue(t, l, connections*rounds)
		w := ledger.NewWorker("a", 1)
		c := l.NewCommitter(t.Context(), w, ledger.Grouping{Outcomes: time.Millisecond})
		rows := claim(t, l, w, connections*rounds, day())
		var wg sync.WaitGroup
		for i := range connections {
			wg.Go(func() {
				for _, d := range rows[i*rounds : (i+1)*rounds] {
					stale := d.Lease
					stale.Epoch--
					good, bad := ledger.Mark{Lease: d.Lease, At: day()}, ledger.Mark{Lease: stale, At: day()}
					if refused, err := c.InFlight(bad, good); err != nil || !slices.Equal(refused, []ledger.Mark{bad}) {
						t.Errorf("got %v, %v, want one refused", refused, err)
					}
					if got := row(t, l, d.Member).State; got != ledger.InFlight {
						t.Errorf("got %v when the answer was there, want %v", got, ledger.InFlight)
					}
					wait := c.Settle(ledger.Outcome{Lease: d.Lease, State: ledger.Sent, At: day()})
					late := c.Settle(ledger.Outcome{Lease: d.Lease, State: ledger.Failed, At: day()})
					if refused, err := wait(); err != nil || len(refused) != 0 {
						t.Errorf("got %v, %v, want the outcome taken", refused, err)
					}
					if refused, err := late(); err != nil || len(refused) != 1 {
						t.Errorf("got %v, %v, want a second one refused", refused, err)
					}
				}
			})
		}
		wg.Wait()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if got := counts(t, l).Sent; got != connections*rounds {
			t.Errorf("got %d sent, want %d", got, connections*rounds)
		}
	})
}

// Of two connections that name one lease, one may send.
func TestOneLeaseIsMarkedOnce(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 20)
		w := ledger.NewWorker("a", 1)
		c := l.NewCommitter(t.Context(), w, ledger.Grouping{Marks: 5 * time.Millisecond})
		defer c.Close()
		for _, d := range claim(t, l, w, 20, day()) {
			allowed := make(chan int, 2)
			for range 2 {
				go func() {
					refused, err := c.InFlight(ledger.Mark{Lease: d.Lease, At: day()})
					if err != nil {
						t.Error(err)
					}
					allowed <- 1 - len(refused)
				}()
			}
			if got := <-allowed + <-allowed; got != 1 {
				t.Errorf("got %d connections that may send, want 1", got)
			}
		}
	})
}

// What nobody waits for is stored when the committer is closed, and a failure shows there.
func TestClosingACommitter(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, db *store.DB) {
		queue(t, l, 2)
		w := ledger.NewWorker("a", 1)
		rows := claim(t, l, w, 2, day())
		c := l.NewCommitter(t.Context(), w, ledger.Grouping{Outcomes: time.Hour})
		c.Settle(ledger.Outcome{Lease: rows[0].Lease, State: ledger.Failed, At: day()})
		if _, err := c.Settle(ledger.Outcome{Lease: rows[1].Lease, State: ledger.Pending})(); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("got %v, want %v", err, ledger.ErrInvalid)
		}
		if err := errors.Join(c.Close(), c.Close()); err != nil {
			t.Error(err)
		}
		if got := row(t, l, rows[0].Member).State; got != ledger.Failed {
			t.Errorf("got %v, want %v", got, ledger.Failed)
		}
		_, err := c.Settle(ledger.Outcome{Lease: rows[1].Lease, State: ledger.Failed})()
		if _, err2 := c.InFlight(); !errors.Is(err, ledger.ErrClosed) || !errors.Is(err2, ledger.ErrClosed) {
			t.Errorf("got %v and %v, want %v", err, err2, ledger.ErrClosed)
		}
		c = l.NewCommitter(t.Context(), w, ledger.Grouping{})
		db.Close()
		wait := c.Settle(ledger.Outcome{Lease: rows[1].Lease, State: ledger.Failed})
		if err := c.Close(); err == nil {
			t.Error("the database is closed, and the committer does not say so")
		}
		if _, err := wait(); err == nil {
			t.Error("the database is closed, and the outcome is stored")
		}
	})
}

// A mark does not wait as long as outcomes may.
func TestMarksAreUrgent(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 2)
		w := ledger.NewWorker("a", 1)
		rows := claim(t, l, w, 2, day())
		for i, marks := range []time.Duration{0, time.Millisecond} {
			c := l.NewCommitter(t.Context(), w, ledger.Grouping{Marks: marks, Outcomes: time.Hour})
			wait := c.Settle() // nothing, but it waits
			if refused, err := c.InFlight(ledger.Mark{Lease: rows[i].Lease}); err != nil || len(refused) != 0 {
				t.Errorf("got %v, %v", refused, err)
			}
			if _, err := wait(); err != nil { // it went along
				t.Error(err)
			}
			c.Close()
		}
	})
}

func BenchmarkCommitter(b *testing.B) {
	for _, wait := range []time.Duration{0, 500 * time.Microsecond, 2 * time.Millisecond} {
		for _, database := range databases {
			b.Run(fmt.Sprintf("database=%s/connections=16/wait=%v", database.name, wait), func(b *testing.B) {
				l := ledger.Open(storetest.Open(b, database.url(b)))
				queue(b, l, b.N+16)
				w := ledger.NewWorker("a", 1)
				rows := make(chan ledger.Delivery, b.N+16)
				for range (b.N + 1999) / 2000 {
					for _, d := range claim(b, l, w, 2000, day()) {
						rows <- d
					}
				}
				close(rows)
				c := l.NewCommitter(b.Context(), w, ledger.Grouping{Marks: wait})
				var wg sync.WaitGroup
				b.ResetTimer()
				for range 16 {
					wg.Go(func() {
						for d := range rows {
							if refused, err := c.InFlight(ledger.Mark{Lease: d.Lease, At: day()}); err != nil || len(refused) > 0 {
								b.Error(refused, err)
							}
							c.Settle(ledger.Outcome{Lease: d.Lease, State: ledger.Sent, Code: 250, Reply: "2.0.0 Ok: queued as 4F1B2C3D4E", At: day()})
						}
					})
				}
				wg.Wait()
				if err := c.Close(); err != nil {
					b.Error(err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
			})
		}
	}
}
