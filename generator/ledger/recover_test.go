package ledger_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
)

// Leases of dead processes of the same host are over at once, others in time.
func TestWhoseLeasesAreRecovered(t *testing.T) {
	self := ledger.NewWorker("a", 7)
	for name, test := range map[string]struct {
		worker ledger.Worker
		alive  func(pid int) bool
		later  time.Duration
		want   int64
	}{
		"a dead process of this host":                        {ledger.NewWorker("a", 8), never, 0, 1},
		"a living process of this host":                      {ledger.NewWorker("a", 8), always, 59 * time.Second, 0},
		"a process of this host that hangs":                  {ledger.NewWorker("a", 8), always, time.Minute, 1},
		"a process of another host":                          {ledger.NewWorker("b", 8), never, 59 * time.Second, 0},
		"a process of another host, later":                   {ledger.NewWorker("b", 8), never, time.Minute, 1},
		"this process itself":                                {self, never, 0, 0},
		"one before it with the same pid, as in a container": {ledger.NewWorker("a", 7), always, 0, 1},
		"a worker with another kind of name":                 {"a", never, 0, 0},
		"a host with colons in its name":                     {ledger.NewWorker("fe80::1", 8), never, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
				queue(t, l, 1)
				claim(t, l, test.worker, 1, day())
				got, err := l.Recover(t.Context(), day().Add(test.later), self, test.alive)
				if err != nil || got.Released != test.want {
					t.Errorf("got %+v, %v, want %d", got, err, test.want)
				}
			})
		})
	}
}

func TestPolicies(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 4)
		ctx, dead, self := t.Context(), ledger.NewWorker("a", 1), ledger.NewWorker("a", 2)
		lost := claim(t, l, dead, 3, day())
		mark(t, l, dead, lost[0], lost[1])
		check := func(when string, now time.Time, want ledger.Recovered, sums ledger.Counts) {
			t.Helper()
			got, err := l.Recover(ctx, now, self, never)
			if err != nil || got != want {
				t.Errorf("%s: got %+v, %v, want %+v", when, got, err, want)
			}
			if got := counts(t, l); got != sums {
				t.Errorf("%s: got %+v, want %+v", when, got, sums)
			}
		}
		check("a crash", day(), ledger.Recovered{Released: 1, Unknown: 2}, ledger.Counts{Candidates: 4, Pending: 2, Unknown: 2})
		check("once more", day(), ledger.Recovered{}, ledger.Counts{Candidates: 4, Pending: 2, Unknown: 2})
		unknown, err := l.Unknowns(ctx, issue)
		if err != nil || !slices.Equal(members(unknown), []uint32{1, 2}) || unknown[0].Reason != ledger.ReasonCrash || unknown[0].Address == "" {
			t.Errorf("got %+v, %v, want 1 and 2 by name", unknown, err)
		}
		if got := members(claim(t, l, self, 9, day().Add(time.Hour))); !slices.Equal(got, []uint32{4, 3}) && !slices.Equal(got, []uint32{3, 4}) {
			t.Errorf("got %v, want 3 and 4 only", got)
		}
		if err := l.ReleaseAll(ctx, self, day()); err != nil {
			t.Fatal(err)
		}
		if err := l.SetPolicy(ctx, issue, "perhaps"); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("got %v, want %v", err, ledger.ErrInvalid)
		}
		if err := l.SetPolicy(ctx, issue, ledger.Resend); err != nil {
			t.Fatal(err)
		}
		check("the policy is to resend", day(), ledger.Recovered{Resent: 2}, ledger.Counts{Candidates: 4, Pending: 2, Deferred: 2, Repeats: 2})
		again := claim(t, l, self, 2, day())
		if again[0].Member != 1 || !again[0].FirstAt.Equal(day()) || again[0].Repeats != 1 {
			t.Errorf("got %+v, want member 1 with the Date of the first attempt", again[0])
		}
		mark(t, l, self, again[0])
		settle(t, l, self, again[0], ledger.Unknown)
		check("unknown again", day(), ledger.Recovered{Resent: 1}, ledger.Counts{Candidates: 4, Pending: 2, Leased: 1, Deferred: 1, Repeats: 2})
		if got := row(t, l, 1); got.Repeats != 2 || !got.NextAt.Equal(day().Add(15*time.Minute)) {
			t.Errorf("got %d repeats, next at %v, want a pause before the second", got.Repeats, got.NextAt)
		}
	})
}

// A sender whose lease was over while its relay was slow knows better than unknown, as
// long as nobody else has taken the letter up.
func TestALateAnswerCounts(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 2)
		ctx, slow, self := t.Context(), ledger.NewWorker("a", 1), ledger.NewWorker("b", 2)
		rows := claim(t, l, slow, 2, day())
		mark(t, l, slow, rows...)
		if got, err := l.Recover(ctx, day().Add(time.Hour), self, always); err != nil || got.Unknown != 2 {
			t.Fatalf("got %+v, %v, want two unknown", got, err)
		}
		if !settle(t, l, slow, rows[0], ledger.Sent) {
			t.Error("the sender knows it, and is refused")
		}
		if err := l.Resolve(ctx, rows[1].Key, ledger.Deferred, "Postfix's log", day()); err != nil {
			t.Fatal(err)
		}
		if settle(t, l, slow, rows[1], ledger.Failed) {
			t.Error("somebody has resolved it, and the sender may overwrite that")
		}
	})
}

func TestResolve(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 5)
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		rows := claim(t, l, w, 4, day())
		mark(t, l, w, rows...)
		for _, d := range rows {
			settle(t, l, w, d, ledger.Unknown)
		}
		at := day().Add(time.Hour)
		for i, to := range []ledger.State{ledger.Sent, ledger.Deferred, ledger.Failed, ledger.Suppressed} {
			if err := l.Resolve(ctx, rows[i].Key, to, "the office", at); err != nil {
				t.Errorf("%v: %v", to, err)
			}
			got := row(t, l, rows[i].Member)
			if got.State != to || got.ResolvedBy != "the office" || !got.UpdatedAt.Equal(at) || got.SentAt.IsZero() == (to == ledger.Sent) {
				t.Errorf("got %+v, want %v", got, to)
			}
			if err := l.Resolve(ctx, rows[i].Key, to, "the office", at); !errors.Is(err, ledger.ErrNotUnknown) {
				t.Errorf("a second time: got %v, want %v", err, ledger.ErrNotUnknown)
			}
		}
		if got := members(claim(t, l, w, 1, at)); !slices.Equal(got, []uint32{2}) {
			t.Errorf("got %v, want the one that was not sent", got)
		}
		for _, test := range []struct {
			member uint32
			to     ledger.State
			want   error
		}{{5, ledger.Sent, ledger.ErrNotUnknown}, {6, ledger.Sent, ledger.ErrNotFound}, {1, ledger.Pending, ledger.ErrInvalid}, {1, ledger.Unknown, ledger.ErrInvalid}} {
			if err := l.Resolve(ctx, ledger.Key{Issue: issue, Member: test.member}, test.to, "", at); !errors.Is(err, test.want) {
				t.Errorf("%d to %v: got %v, want %v", test.member, test.to, err, test.want)
			}
		}
	})
}

// A letter that came back was sent, whatever the row says; one that never left cannot
// come back.
func TestBounces(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 6)
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		rows := claim(t, l, w, 5, day())
		mark(t, l, w, rows[:4]...)
		settle(t, l, w, rows[0], ledger.Sent)
		settle(t, l, w, rows[1], ledger.Unknown)
		settle(t, l, w, rows[2], ledger.Deferred)
		for member, want := range map[uint32]error{1: nil, 2: nil, 3: nil, 4: nil, 5: ledger.ErrNotFound, 6: ledger.ErrNotFound, 7: ledger.ErrNotFound} {
			o := ledger.Outcome{Code: 550, Enhanced: "5.1.1", Reply: "no such user", At: day()}
			if err := l.Bounce(ctx, ledger.Key{Issue: issue, Member: member}, o); !errors.Is(err, want) {
				t.Errorf("%d: got %v, want %v", member, err, want)
			}
		}
		if got := row(t, l, 1); got.State != ledger.Failed || got.Enhanced != "5.1.1" || got.Reason != ledger.ReasonBounced || got.SentAt.IsZero() {
			t.Errorf("got %+v, want it failed, and sent once", got)
		}
		if settle(t, l, w, rows[3], ledger.Sent) {
			t.Error("the row in flight came back, and is sent after that")
		}
		if got := counts(t, l); got.Failed != 4 || got.Leased != 1 || got.Pending != 1 {
			t.Errorf("got %+v, want 4 failed", got)
		}
	})
}

// Who unsubscribes gets nothing more, though a sender has the letter in hand.
func TestSuppressingEndsWhatHasNotLeft(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 4)
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		rows := claim(t, l, w, 3, day())
		settle(t, l, w, rows[1], ledger.Deferred)
		mark(t, l, w, rows[2])
		for member, want := range map[uint32]int64{1: 1, 2: 1, 3: 0, 4: 1, 5: 0} {
			if n, err := l.Suppress(ctx, member, "unsubscribed", day()); err != nil || n != want {
				t.Errorf("%d: got %d, %v, want %d", member, n, err, want)
			}
		}
		if refused, err := l.InFlight(ctx, w, []ledger.Mark{{Lease: rows[0].Lease, At: day()}}); err != nil || len(refused) != 1 {
			t.Errorf("got %v, %v, want it refused", refused, err)
		}
		if _, err := l.Suppress(ctx, 1, "No!", day()); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("got %v, want %v", err, ledger.ErrInvalid)
		}
		if got := counts(t, l); got.Suppressed != 3 || got.InFlight != 1 {
			t.Errorf("got %+v, want 3 suppressed", got)
		}
	})
}

// The clock of a machine goes forth and back between all steps: a lease ends too soon or
// too late, and every letter still goes once.
func TestAClockThatJumpsLosesAndDoublesNothing(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 3)
		ctx, one, two := t.Context(), ledger.NewWorker("a", 1), ledger.NewWorker("b", 1)
		ahead, behind := day().Add(1000*time.Hour), day().Add(-1000*time.Hour)

		held := claim(t, l, one, 1, ahead) // its lease seems to last for weeks
		if got := claim(t, l, two, 9, behind); len(got) != 2 {
			t.Fatalf("got %d rows, want the two that nobody has, though their time is to come", len(got))
		} else {
			mark(t, l, two, got[0])
			if !settle(t, l, two, got[0], ledger.Sent) {
				t.Error("the outcome is refused")
			}
			mark(t, l, two, got[1]) // and then its clock seems to be years late
			if r, err := l.Recover(ctx, ahead, one, always); err != nil || r != (ledger.Recovered{Unknown: 1}) {
				t.Errorf("got %+v, %v, want one unknown", r, err)
			}
			if more := claim(t, l, one, 9, ahead); len(more) != 0 {
				t.Errorf("got %v, want nobody twice", members(more))
			}
			if !settle(t, l, two, got[1], ledger.Sent) {
				t.Error("its own answer is refused")
			}
		}
		if r, err := l.Recover(ctx, day(), two, never); err != nil || r != (ledger.Recovered{}) {
			t.Errorf("got %+v, %v, want none: the lease is long", r, err)
		}
		mark(t, l, one, held[0])
		settle(t, l, one, held[0], ledger.Sent)
		if got := counts(t, l); got.Sent != 3 {
			t.Errorf("got %+v, want all sent", got)
		}
	})
}
