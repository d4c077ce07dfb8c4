package ledger_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

const relay = "relay.example"

// within claims up to n rows under an hourly limit.
func within(t testing.TB, l *ledger.Ledger, w ledger.Worker, n, most int, now time.Time) ([]ledger.Delivery, ledger.Spent) {
	t.Helper()
	rows, spent, err := l.ClaimWithin(t.Context(), w, issue, n, now, time.Minute, nil,
		ledger.Ceiling{Relay: relay, Limits: []ledger.Limit{{Since: now.Add(-24 * time.Hour), Most: 1000}, {Since: now.Add(-time.Hour), Most: most}}})
	if err != nil || len(spent) != 2 {
		t.Fatalf("got %v, %v, want two limits", spent, err)
	}
	return rows, spent[1]
}

func TestWhatCountsAgainstALimit(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 40)
		ctx, w, other := t.Context(), ledger.NewWorker("a", 1), ledger.NewWorker("b", 1)
		rows, spent := within(t, l, w, 4, 10, day())
		if len(rows) != 4 || spent != (ledger.Spent{}) {
			t.Fatalf("got %d rows, %+v, want 4 of nothing spent", len(rows), spent)
		}
		mark(t, l, w, rows[:3]...)
		settle(t, l, w, rows[0], ledger.Sent)
		settle(t, l, w, rows[1], ledger.Unknown)
		settle(t, l, w, rows[2], ledger.Failed)
		rows, spent = within(t, l, other, 20, 10, day().Add(time.Minute))
		if want := (ledger.Spent{Sent: 2, InHand: 1, First: day()}); len(rows) != 7 || spent != want {
			t.Errorf("got %d rows, %+v, want 7 of %+v: one sent, one unknown, one leased", len(rows), spent, want)
		}
		if rows, spent = within(t, l, w, 20, 10, day().Add(time.Minute)); len(rows) != 0 || spent.InHand != 8 {
			t.Errorf("got %d rows, %+v, want none", len(rows), spent)
		}
		if _, err := l.Attend(ctx, other, "outbox", day(), day().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if rows, spent = within(t, l, w, 1, 10, day().Add(time.Minute)); len(rows) != 1 || spent.InHand != 1 {
			t.Errorf("got %d rows, %+v, want one: the other sender's relay is another", len(rows), spent)
		}
		if rows, spent = within(t, l, w, 1, 10, day().Add(time.Hour+time.Millisecond)); len(rows) != 1 || spent.Sent != 0 {
			t.Errorf("got %d rows, %+v, want one: what was sent is an hour old", len(rows), spent)
		}
	})
}

// TestALimitHoldsForAllWhoLookAtOnce: senders claim and send as fast as they can, and the
// relay never has more than the limit.
func TestALimitHoldsForAllWhoLookAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		const claimers, most = 6, 100
		queue(t, ledger.Open(storetest.Open(t, url)), 400)
		var sent atomic.Int64
		var all sync.WaitGroup
		for i := range claimers {
			l := ledger.Open(storetest.Open(t, url)) // as another process would
			all.Go(func() {
				w := ledger.NewWorker("host", i)
				for sent.Load() < most && !t.Failed() {
					rows, _, err := l.ClaimWithin(t.Context(), w, issue, 7, day(), time.Minute, nil,
						ledger.Ceiling{Relay: relay, Limits: []ledger.Limit{{Since: day().Add(-time.Hour), Most: most}}})
					if err != nil {
						t.Error(err)
						return
					}
					var marks []ledger.Mark
					var ends []ledger.Outcome
					for _, d := range rows {
						marks = append(marks, ledger.Mark{Lease: d.Lease, Date: day(), Relay: relay, At: day()})
						ends = append(ends, ledger.Outcome{Lease: d.Lease, State: ledger.Sent, At: day()})
					}
					_, err = l.InFlight(t.Context(), w, marks)
					_, err2 := l.Settle(t.Context(), w, ends)
					if err := errors.Join(err, err2); err != nil {
						t.Error(err)
						return
					}
					sent.Add(int64(len(rows)))
				}
			})
		}
		all.Wait()
		if got := counts(t, ledger.Open(storetest.Open(t, url))).Sent; got != most {
			t.Errorf("got %d sent, want %d", got, most)
		}
	})
}

func TestWhoSends(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, self, neighbour, far := t.Context(), ledger.NewWorker("a", 1), ledger.NewWorker("a", 2), ledger.NewWorker("b", 3)
		for _, step := range []struct {
			name  string
			w     ledger.Worker
			relay string
			after time.Duration
			want  int
		}{
			{"one alone", self, relay, 0, 1},
			{"one more", neighbour, relay, time.Second, 2},
			{"one to another relay", far, "other.example", 2 * time.Second, 1},
			{"the first says it again", self, relay, 3 * time.Second, 2},
			{"who has not said it again is gone", self, relay, 30 * time.Second, 1},
			{"a clock that is behind", neighbour, relay, -time.Hour, 2},
		} {
			now := day().Add(step.after)
			if got, err := l.Attend(ctx, step.w, step.relay, now, now.Add(20*time.Second)); err != nil || got != step.want {
				t.Errorf("%s: got %d, %v, want %d", step.name, got, err, step.want)
			}
		}
		if _, err := l.Recover(ctx, day(), self, never); err != nil {
			t.Fatal(err)
		}
		at := func(w ledger.Worker, relay string) int {
			n, err := l.Attend(ctx, w, relay, day(), day().Add(20*time.Second))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := []int{at(self, relay), at(far, relay)}; !slices.Equal(got, []int{1, 2}) {
			t.Errorf("got %v, want the dead neighbour gone", got)
		}
		if err := l.Leave(ctx, far); err != nil || at(self, relay) != 1 {
			t.Errorf("got %v, want nobody but one", err)
		}
	})
}
