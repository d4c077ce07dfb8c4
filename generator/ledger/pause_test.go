package ledger_test

import (
	"errors"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
)

// The 48 hours of a letter stand still while its issue is paused; its Date stays.
func TestAPauseIsNotOfTheLettersTime(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		queue(t, l, 5)
		begun := day().Add(time.Minute)
		rows := claim(t, l, w, 4, day())
		mark(t, l, w, rows...)
		end := func(n int, state ledger.State, since time.Time) {
			t.Helper()
			o := ledger.Outcome{Lease: rows[n].Lease, State: state, NextAt: day(), Since: since, At: day()}
			if refused, err := l.Settle(ctx, w, []ledger.Outcome{o}); err != nil || len(refused) != 0 {
				t.Fatal(refused, err)
			}
		}
		end(0, ledger.Deferred, begun)
		end(1, ledger.Deferred, begun)
		end(2, ledger.Sent, begun)
		end(3, ledger.Unknown, begun)
		rows = claim(t, l, w, 1, day()) // a second time: the first counts
		mark(t, l, w, rows...)
		end(0, ledger.Deferred, begun.Add(time.Hour))
		for _, step := range []struct {
			name               string
			pause, resume, add time.Duration
		}{
			{"a day", time.Hour, 25 * time.Hour, 24 * time.Hour},
			{"a clock that was set back", 26 * time.Hour, time.Hour, 0},
			{"three days more", 26 * time.Hour, 98 * time.Hour, 72 * time.Hour},
		} {
			if err := errors.Join(l.Pause(ctx, issue, step.name, day().Add(step.pause)), l.Resume(ctx, issue, day().Add(step.resume)), l.Resume(ctx, issue, day().Add(1000*time.Hour))); err != nil {
				t.Fatal(err)
			}
			begun = begun.Add(step.add)
			for _, member := range []uint32{1, 2} {
				if got := row(t, l, member); !got.Since.Equal(begun) || !got.FirstAt.Equal(day()) {
					t.Errorf("%s: got %v and the Date %v, want %v and %v", step.name, got.Since, got.FirstAt, begun, day())
				}
			}
			for _, member := range []uint32{3, 4, 5} {
				if got := row(t, l, member); !got.Since.IsZero() {
					t.Errorf("%s: %v: got %v, want that no 48 hours have begun", step.name, got.State, got.Since)
				}
			}
		}
	})
}

// Who was given up, and whose letter could not be written, may be tried again; whom a
// relay refused, may not.
func TestResolveTakesUpWhatWasGivenUp(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		queue(t, l, 3)
		begun := day().Add(-50 * time.Hour)
		for _, d := range claim(t, l, w, 3, day()) {
			if _, err := l.Settle(ctx, w, []ledger.Outcome{{Lease: d.Lease, State: ledger.Deferred, NextAt: day(), Date: begun, Since: begun, At: day()}}); err != nil {
				t.Fatal(err)
			}
		}
		for n, d := range claim(t, l, w, 3, day()) {
			reason := []string{ledger.ReasonTooLate, ledger.ReasonUnwritten, "address-dead"}[n]
			if _, err := l.Settle(ctx, w, []ledger.Outcome{{Lease: d.Lease, State: ledger.Failed, Reason: reason, At: day()}}); err != nil {
				t.Fatal(err)
			}
		}
		for member, want := range map[uint32]error{1: nil, 2: nil, 3: ledger.ErrNotUnknown} {
			key := ledger.Key{Issue: issue, Member: member}
			for _, to := range []ledger.State{ledger.Sent, ledger.Failed, ledger.Suppressed} {
				if err := l.Resolve(ctx, key, to, "hand", day()); !errors.Is(err, ledger.ErrNotUnknown) {
					t.Errorf("%d to %v: got %v, want %v", member, to, err, ledger.ErrNotUnknown)
				}
			}
			if err := l.Resolve(ctx, key, ledger.Deferred, "hand", day()); !errors.Is(err, want) {
				t.Errorf("%d: got %v, want %v", member, err, want)
			}
			if got := row(t, l, member); want == nil && (got.State != ledger.Deferred || !got.Since.IsZero() || !got.FirstAt.Equal(begun) || got.NextAt.After(day())) {
				t.Errorf("%d: got %+v, want it due, with its Date, and 48 hours that have not begun", member, got)
			}
		}
	})
}
