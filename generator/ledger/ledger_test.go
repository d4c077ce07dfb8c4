package ledger_test

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

const issue = "2026-11-18"

// day is a moment; tests count from it.
func day() time.Time { return time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC) }

// each runs f with an empty database of each kind.
func each(t *testing.T, f func(t *testing.T, l *ledger.Ledger, db *store.DB)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		f(t, ledger.Open(db), db)
	})
}

// people are n entries with the members 1 to n, at three domains.
func people(n int) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for i := range n {
			e := ledger.Entry{Member: uint32(i + 1), Address: fmt.Sprintf("m%d@%s", i+1, []string{"Example.jp", "a.example", "b.example"}[i%3]),
				Variant: "alumni-ja", MessageID: fmt.Sprintf("%d.%s@example.jp", i+1, issue)}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func queue(t testing.TB, l *ledger.Ledger, n int) {
	t.Helper()
	if _, err := l.Queue(t.Context(), issue, people(n), day()); err != nil {
		t.Fatal(err)
	}
}

func claim(t testing.TB, l *ledger.Ledger, w ledger.Worker, n int, now time.Time, not ...string) []ledger.Delivery {
	t.Helper()
	claimed, err := l.Claim(t.Context(), w, issue, n, now, time.Minute, not)
	if err != nil {
		t.Fatal(err)
	}
	return claimed
}

// mark marks d in flight, and wants that to be so.
func mark(t testing.TB, l *ledger.Ledger, w ledger.Worker, rows ...ledger.Delivery) {
	t.Helper()
	var marks []ledger.Mark
	for _, d := range rows {
		marks = append(marks, ledger.Mark{Lease: d.Lease, Date: day(), Relay: "relay.example", At: day()})
	}
	if refused, err := l.InFlight(t.Context(), w, marks); err != nil || len(refused) > 0 {
		t.Fatalf("got %v, %v, want none refused", refused, err)
	}
}

// settle settles d, and returns whether that counted.
func settle(t testing.TB, l *ledger.Ledger, w ledger.Worker, d ledger.Delivery, to ledger.State) bool {
	t.Helper()
	o := ledger.Outcome{Lease: d.Lease, State: to, NextAt: day().Add(time.Hour), Code: 250, Reply: "ok", At: day()}
	refused, err := l.Settle(t.Context(), w, []ledger.Outcome{o})
	if err != nil {
		t.Fatal(err)
	}
	return len(refused) == 0
}

func counts(t testing.TB, l *ledger.Ledger) ledger.Counts {
	t.Helper()
	c, err := l.Counts(t.Context(), issue)
	if err != nil {
		t.Fatal(err)
	}
	if sum := c.Pending + c.Leased + c.InFlight + c.Sent + c.Deferred + c.Failed + c.Suppressed + c.Unknown; sum != c.Candidates {
		t.Errorf("got a sum of %d, want %d candidates", sum, c.Candidates)
	}
	return c
}

// row returns the row of a member.
func row(t testing.TB, l *ledger.Ledger, member uint32) ledger.Delivery {
	t.Helper()
	d, err := l.Delivery(t.Context(), ledger.Key{Issue: issue, Member: member})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestQueueAddsNobodyTwice(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		const many = 4321 // more than one commit, and no whole number of statements
		for _, step := range []struct {
			name    string
			n       int
			want    int64
			entries iter.Seq2[ledger.Entry, error]
		}{
			{"an issue that nobody gets", 0, 0, people(0)},
			{"all are new", many, many, people(many)},
			{"all are there", many, 0, people(many)},
			{"some came later", many + 7, 7, people(many + 7)},
			{"one is there and was to be suppressed later", many + 7, 0, only(ledger.Entry{Member: 1, Suppressed: "unsubscribed"})},
			{"one is suppressed from the start", many + 8, 1, only(ledger.Entry{Member: many + 8, Suppressed: "no-consent"})},
		} {
			added, err := l.Queue(t.Context(), issue, step.entries, day())
			if err != nil || added != step.want {
				t.Errorf("%s: got %d, %v, want %d", step.name, added, err, step.want)
			}
			if got := counts(t, l).Candidates; got != int64(step.n) {
				t.Errorf("%s: got %d candidates, want %d", step.name, got, step.n)
			}
		}
		if got := row(t, l, 1); got.State != ledger.Pending || got.Domain != "example.jp" || got.Address != "m1@Example.jp" || len(got.Token) != 16 {
			t.Errorf("got %+v, want a pending row", got)
		}
		if got := row(t, l, many+8); got.State != ledger.Suppressed || got.Reason != "no-consent" {
			t.Errorf("got %v for %q, want it suppressed", got.State, got.Reason)
		}
	})
}

func only(entries ...ledger.Entry) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestWhatCannotBeQueued(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	for name, e := range map[string]ledger.Entry{
		"nobody":                           {Address: "a@example.jp"},
		"a member without an address":      {Member: 1},
		"an address without a local part":  {Member: 1, Address: "@example.jp"},
		"an address without a domain":      {Member: 1, Address: "a@"},
		"an address of two lines":          {Member: 1, Address: "a@example.jp\r\nBcc: b@example.jp"},
		"a reason that is no word":         {Member: 1, Suppressed: "Because he said so"},
		"a Message-ID with a line's end":   {Member: 1, Address: "a@example.jp", MessageID: "a\n@b"},
		"a variant with a control in it":   {Member: 1, Address: "a@example.jp", Variant: "\x00"},
		"an address that is an @ and more": {Member: 1, Address: "@"},
	} {
		if _, err := l.Queue(t.Context(), issue, only(e), day()); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: got %v, want %v", name, err, ledger.ErrInvalid)
		}
	}
	failure := errors.New("no more members")
	added, err := l.Queue(t.Context(), issue, func(yield func(ledger.Entry, error) bool) {
		_ = yield(ledger.Entry{Member: 1, Address: "a@example.jp"}, nil) && yield(ledger.Entry{}, failure)
	}, day())
	if !errors.Is(err, failure) || added != 0 || counts(t, l).Candidates != 0 {
		t.Errorf("got %d added, %v, want none and %v", added, err, failure)
	}
	if _, err := l.Queue(t.Context(), "", people(1), day()); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("no issue: got %v, want %v", err, ledger.ErrInvalid)
	}
}

func TestClaimsComeInOrderAndOnce(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 9)
		me, other := ledger.NewWorker("a", 1), ledger.NewWorker("b", 1)
		first := claim(t, l, me, 2, day())
		if got := members(first); !slices.Equal(got, []uint32{1, 2}) || first[0].Epoch != 1 || first[0].State != ledger.Leased ||
			first[0].LeaseBy != me || !first[0].LeaseUntil.Equal(day().Add(time.Minute)) {
			t.Errorf("got %+v, want 1 and 2 leased", first)
		}
		settle(t, l, me, first[1], ledger.Deferred) // until an hour later
		if got := members(claim(t, l, me, 3, day())); !slices.Equal(got, []uint32{3, 4, 5}) {
			t.Errorf("got %v, want 3, 4 and 5", got)
		}
		if got := members(claim(t, l, other, 1, day(), "example.jp", "b.example", "other.example")); !slices.Equal(got, []uint32{8}) {
			t.Errorf("got %v, want 8, for other domains are paused", got)
		}
		if got := members(claim(t, l, me, 9, day().Add(time.Hour))); !slices.Equal(got, []uint32{2, 9, 6, 7}) {
			t.Errorf("got %v, want the deferred one first, and then those behind and before 8", got)
		}
		if got := claim(t, l, me, 9, day().Add(24*time.Hour)); len(got) != 0 {
			t.Errorf("got %v, want none", members(got))
		}
	})
}

func members(rows []ledger.Delivery) (ids []uint32) {
	for _, d := range rows {
		ids = append(ids, d.Member)
	}
	return ids
}

// What Release gives back is as it was, and comes again though others were claimed since.
func TestReleasedRowsAreAsBefore(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 6)
		w := ledger.NewWorker("a", 1)
		got := claim(t, l, w, 4, day())
		settle(t, l, w, got[0], ledger.Deferred)
		again := claim(t, l, w, 1, day().Add(time.Hour))
		mark(t, l, w, got[3])
		if err := l.Release(t.Context(), w, []ledger.Lease{again[0].Lease, got[1].Lease, got[3].Lease}, day()); err != nil {
			t.Fatal(err)
		}
		if err := l.Release(t.Context(), "b:1:x", []ledger.Lease{got[2].Lease}, day()); err != nil {
			t.Fatal(err)
		}
		for member, want := range map[uint32]ledger.State{1: ledger.Deferred, 2: ledger.Pending, 3: ledger.Leased, 4: ledger.InFlight} {
			if got := row(t, l, member).State; got != want {
				t.Errorf("member %d: got %v, want %v", member, got, want)
			}
		}
		if got := members(claim(t, l, w, 9, day().Add(time.Hour))); !slices.Equal(got, []uint32{1, 5, 6, 2}) && !slices.Equal(got, []uint32{1, 2, 5, 6}) {
			t.Errorf("got %v, want 1, 2, 5 and 6", got)
		}
		if err := l.ReleaseAll(t.Context(), w, day()); err != nil {
			t.Fatal(err)
		}
		if got := counts(t, l); got.Leased != 0 || got.Deferred != 1 || got.Pending != 4 || got.InFlight != 1 {
			t.Errorf("got %+v, want none leased", got)
		}
	})
}

// The table of what a worker may make of a row of its own.
func TestOutcomes(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		outcomes := []ledger.State{ledger.Sent, ledger.Deferred, ledger.Failed, ledger.Suppressed, ledger.Unknown}
		queue(t, l, 3*len(outcomes))
		w := ledger.NewWorker("a", 1)
		for _, test := range []struct {
			name    string
			from    ledger.State
			takes   []ledger.State
			counted map[ledger.State]int // attempts
		}{
			{"what was not handed over cannot have been sent", ledger.Leased, []ledger.State{ledger.Deferred, ledger.Failed, ledger.Suppressed},
				map[ledger.State]int{ledger.Deferred: 1, ledger.Failed: 1}},
			{"what was handed over can have any end", ledger.InFlight, outcomes,
				map[ledger.State]int{ledger.Sent: 1, ledger.Deferred: 1, ledger.Failed: 1, ledger.Suppressed: 1, ledger.Unknown: 1}},
			{"what is unknown may be known after all", ledger.Unknown, outcomes,
				map[ledger.State]int{ledger.Sent: 1, ledger.Deferred: 1, ledger.Failed: 1, ledger.Suppressed: 1, ledger.Unknown: 1}},
		} {
			for _, to := range outcomes {
				d := claim(t, l, w, 1, day())[0]
				if test.from != ledger.Leased {
					mark(t, l, w, d)
				}
				if test.from == ledger.Unknown {
					settle(t, l, w, d, ledger.Unknown)
				}
				want := slices.Contains(test.takes, to)
				if got := settle(t, l, w, d, to); got != want {
					t.Errorf("%s: to %v: got %v, want %v", test.name, to, got, want)
				}
				got := row(t, l, d.Member)
				if want && (got.State != to || got.Attempts != test.counted[to] || got.Code != 250 || got.SentAt.IsZero() == (to == ledger.Sent)) {
					t.Errorf("%s: to %v: got %+v, want %d attempts", test.name, to, got, test.counted[to])
				}
				if settle(t, l, "b:1:x", d, ledger.Failed) {
					t.Errorf("%s: another worker may settle it", test.name)
				}
				if to != ledger.Unknown && want && settle(t, l, w, d, ledger.Failed) {
					t.Errorf("%s: to %v: it is settled twice", test.name, to)
				}
			}
		}
		if _, err := l.Settle(t.Context(), w, []ledger.Outcome{{State: ledger.Leased}}); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("got %v, want %v", err, ledger.ErrInvalid)
		}
	})
}

// A worker that lost its lease changes nothing, also when the same worker has it again.
func TestStaleLeasesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 1)
		zombie, w := ledger.NewWorker("a", 1), ledger.NewWorker("b", 1)
		old := claim(t, l, zombie, 1, day())[0]
		late := day().Add(2 * time.Minute)
		if got, err := l.Recover(t.Context(), late, w, never); err != nil || got != (ledger.Recovered{Released: 1}) {
			t.Fatalf("got %+v, %v, want one released", got, err)
		}
		refused := func(when string) {
			t.Helper()
			marks, err := l.InFlight(t.Context(), zombie, []ledger.Mark{{Lease: old.Lease, At: late}})
			if err != nil || len(marks) != 1 {
				t.Errorf("%s: got %v, %v, want a mark refused", when, marks, err)
			}
			if settle(t, l, zombie, old, ledger.Failed) {
				t.Errorf("%s: an outcome was taken", when)
			}
		}
		refused("nobody has it")
		fresh := claim(t, l, zombie, 1, late)[0]
		refused("it has a newer lease itself")
		mark(t, l, zombie, fresh)
		refused("it is in flight")
		if !settle(t, l, zombie, fresh, ledger.Sent) {
			t.Error("the newer lease does not count")
		}
		refused("it is sent")
	})
}

func never(int) bool  { return false }
func always(int) bool { return true }

// The first Date is kept, whatever later attempts bring, and replies are cut to one line.
func TestWhatARowKeeps(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 1)
		w, ctx := ledger.NewWorker("a", 1), t.Context()
		now := day()
		for i := range 3 {
			d := claim(t, l, w, 1, now)[0]
			at := now.Add(time.Second)
			refused, err := l.InFlight(ctx, w, []ledger.Mark{{Lease: d.Lease, Date: at, Relay: "one", At: at}, {Lease: d.Lease, Date: at, At: at}})
			if err != nil || len(refused) != 1 || refused[0].Relay != "" {
				t.Fatalf("got %v, %v, want the second mark of one lease refused", refused, err)
			}
			o := ledger.Outcome{Lease: d.Lease, State: ledger.Deferred, NextAt: at.Add(time.Hour), Code: 450, Enhanced: "4.2.1",
				Reply: "a\r\nb\x1b[31m\u202e " + strings.Repeat("髙", 400), At: at}
			if _, err := l.Settle(ctx, w, []ledger.Outcome{o}); err != nil {
				t.Fatal(err)
			}
			got := row(t, l, 1)
			want := "a b [31m " + strings.Repeat("髙", 291)
			if got.Attempts != i+1 || !got.FirstAt.Equal(day().Add(time.Second)) || got.Relay != "one" || got.Reply != want || got.Enhanced != "4.2.1" || got.Code != 450 {
				t.Errorf("got %+v", got)
			}
			now = got.NextAt
		}
		d := row(t, l, 1)
		for _, token := range []string{d.Token, strings.ToUpper(d.Token)} {
			if got, err := l.ByToken(ctx, token); err != nil || got != d {
				t.Errorf("got %+v, %v, want %+v", got, err, d)
			}
		}
		for _, id := range []string{d.MessageID, " <" + d.MessageID + ">\r\n"} {
			if got, err := l.ByMessageID(ctx, id); err != nil || got != d {
				t.Errorf("got %+v, %v, want %+v", got, err, d)
			}
		}
		_, noToken := l.ByToken(ctx, "")
		_, noID := l.ByMessageID(ctx, "<>")
		_, noRow := l.Delivery(ctx, ledger.Key{Issue: issue, Member: 2})
		for _, err := range []error{noToken, noID, noRow} {
			if !errors.Is(err, ledger.ErrNotFound) {
				t.Errorf("got %v, want %v", err, ledger.ErrNotFound)
			}
		}
	})
}

// A letter that is refused before its text is never in flight, and was tried all the same.
func TestARefusalBeforeTheTextIsAFirstAttempt(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		queue(t, l, 1)
		w := ledger.NewWorker("a", 1)
		for i := range 3 {
			at := day().Add(time.Duration(i) * time.Hour)
			d := claim(t, l, w, 1, at)[0]
			o := ledger.Outcome{Lease: d.Lease, State: ledger.Deferred, Date: at, NextAt: at.Add(time.Hour), Code: 450, At: at}
			if i == 2 { // whoever gives none takes none away
				o.Date = time.Time{}
			}
			if refused, err := l.Settle(t.Context(), w, []ledger.Outcome{o}); err != nil || len(refused) > 0 {
				t.Fatalf("got %v, %v, want none refused", refused, err)
			}
			if got := row(t, l, 1); !got.FirstAt.Equal(day()) || got.Attempts != i+1 {
				t.Errorf("attempt %d: got a first attempt at %v, and %d, want %v", i+1, got.FirstAt, got.Attempts, day())
			}
		}
	})
}

// byMember sorts rows for comparison.
func byMember(a, b ledger.Delivery) int { return cmp.Compare(a.Member, b.Member) }
