package ledger_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

func TestAPauseStopsEverySender(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, db *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		queue(t, l, 3)
		claim(t, l, w, 1, day())
		if err := errors.Join(l.Pause(ctx, issue, "550 5.7.26 five times", day()), l.Pause(ctx, issue, "again", day().Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		_, err := ledger.Open(db).Claim(ctx, "b:1:x", issue, 1, day(), time.Minute, nil)
		if !errors.Is(err, ledger.ErrPaused) || !strings.Contains(err.Error(), "550 5.7.26 five times") {
			t.Errorf("got %v, want %v and the first reason", err, ledger.ErrPaused)
		}
		if got, err := l.Issue(ctx, issue); err != nil || !got.Paused.Equal(day()) || got.Why != "550 5.7.26 five times" || got.Policy != ledger.Hold {
			t.Errorf("got %+v, %v", got, err)
		}
		if err := l.Resume(ctx, issue, day()); err != nil {
			t.Fatal(err)
		}
		claim(t, l, w, 1, day())
	})
}

// An issue is started by the first letter in anybody's hand, and finished when nothing
// is open.
func TestTheCourseOfAnIssue(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		check := func(when string, started, open bool, at time.Time) {
			t.Helper()
			if got, err := l.Started(ctx, issue); err != nil || got != started {
				t.Errorf("%s: started: got %v, %v, want %v", when, got, err, started)
			}
			if got, found, err := l.Next(ctx, issue); err != nil || found != open || !got.Equal(at) {
				t.Errorf("%s: next: got %v, %v, %v, want %v, %v", when, got, found, err, at, open)
			}
		}
		check("nobody knows it", false, false, time.Time{})
		if _, err := l.Queue(ctx, issue, only(ledger.Entry{Member: 9, Suppressed: "paused"}), day()); err != nil {
			t.Fatal(err)
		}
		check("nobody is to get it", false, false, time.Time{})
		queue(t, l, 1)
		check("it is queued", false, true, time.Time{})
		claim(t, l, w, 1, day())
		check("one is in hand", true, true, day().Add(time.Minute))
		if err := l.Extend(ctx, w, day().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		check("it takes longer", true, true, day().Add(time.Hour))
		if err := l.ReleaseAll(ctx, w, day()); err != nil {
			t.Fatal(err)
		}
		check("it was given back", false, true, time.Time{})
		d := claim(t, l, w, 1, day())[0]
		mark(t, l, w, d)
		settle(t, l, w, d, ledger.Deferred)
		check("it is deferred", true, true, day().Add(time.Hour))
		claim(t, l, w, 1, day()) // none, and not finished
		if got, err := l.Issue(ctx, issue); err != nil || !got.Started.Equal(day()) || !got.Finished.IsZero() {
			t.Errorf("got %+v, %v, want it started", got, err)
		}
		if _, err := l.Suppress(ctx, 1, "unsubscribed", day()); err != nil {
			t.Fatal(err)
		}
		check("who had it once has unsubscribed", true, false, time.Time{})
		claim(t, l, w, 1, day().Add(time.Minute))
		if got, err := l.Issue(ctx, issue); err != nil || !got.Finished.Equal(day().Add(time.Minute)) {
			t.Errorf("got %+v, %v, want it finished", got, err)
		}
		queue(t, l, 2)
		if got, err := l.Issue(ctx, issue); err != nil || !got.Finished.IsZero() {
			t.Errorf("got %+v, %v, want it open again", got, err)
		}
	})
}

func TestSums(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		queue(t, l, 8)
		if _, err := l.Queue(ctx, "other", people(5), day()); err != nil {
			t.Fatal(err)
		}
		rows := claim(t, l, w, 4, day())
		mark(t, l, w, rows...)
		for i, to := range []ledger.State{ledger.Sent, ledger.Sent, ledger.Failed} {
			o := ledger.Outcome{Lease: rows[i].Lease, State: to, At: day().Add(time.Duration(i) * time.Minute)}
			if refused, err := l.Settle(ctx, w, []ledger.Outcome{o}); err != nil || len(refused) != 0 {
				t.Fatal(refused, err)
			}
		}
		if got, want := counts(t, l), (ledger.Counts{Candidates: 8, Pending: 4, InFlight: 1, Sent: 2, Failed: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		domains, err := l.Domains(ctx, issue)
		want := []ledger.DomainCounts{
			{Domain: "a.example", Counts: ledger.Counts{Candidates: 3, Pending: 2, Sent: 1}},
			{Domain: "example.jp", Counts: ledger.Counts{Candidates: 3, Pending: 1, InFlight: 1, Sent: 1}},
			{Domain: "b.example", Counts: ledger.Counts{Candidates: 2, Pending: 1, Failed: 1}}}
		if err != nil || !slices.Equal(domains, want) {
			t.Errorf("got %+v, %v, want %+v", domains, err, want)
		}
		for since, want := range map[time.Duration][]ledger.Rate{
			0:               {{Relay: "relay.example", Domain: "a.example", Sent: 1, Last: day().Add(time.Minute)}, {Relay: "relay.example", Domain: "example.jp", Sent: 1, Last: day()}},
			time.Minute:     {{Relay: "relay.example", Domain: "a.example", Sent: 1, Last: day().Add(time.Minute)}},
			2 * time.Minute: nil,
		} {
			if got, err := l.SentSince(ctx, day().Add(since)); err != nil || !slices.Equal(got, want) {
				t.Errorf("since %v: got %+v, %v, want %+v", since, got, err, want)
			}
		}
		for name, test := range map[string]struct {
			filter ledger.Filter
			want   []uint32
		}{
			"all":                       {ledger.Filter{}, []uint32{1, 2, 3, 4, 5, 6, 7, 8}},
			"two states":                {ledger.Filter{States: []ledger.State{ledger.Failed, ledger.InFlight}}, []uint32{3, 4}},
			"a domain":                  {ledger.Filter{Domain: "B.example"}, []uint32{3, 6}},
			"a state and a domain":      {ledger.Filter{States: []ledger.State{ledger.Pending}, Domain: "a.example"}, []uint32{5, 8}},
			"a state that none of them": {ledger.Filter{States: []ledger.State{ledger.Unknown}}, nil},
		} {
			var got []ledger.Delivery
			for d, err := range l.Rows(ctx, issue, test.filter) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, d)
			}
			slices.SortFunc(got, byMember)
			if ids := members(got); !slices.Equal(ids, test.want) {
				t.Errorf("%s: got %v, want %v", name, ids, test.want)
			}
		}
		for range l.Rows(ctx, issue, ledger.Filter{}) {
			break // who stops early holds nothing open: the next write would wait
		}
		if got, err := l.ByMember(ctx, 2); err != nil || len(got) != 2 || got[0].Issue != issue || got[1].Issue != "other" {
			t.Errorf("got %+v, %v, want two issues", got, err)
		}
	})
}

func TestNamesOfStates(t *testing.T) {
	for s := ledger.Pending; s <= ledger.Unknown; s++ {
		if got, err := ledger.ParseState(s.String()); err != nil || got != s {
			t.Errorf("got %v, %v, want %v", got, err, s)
		}
	}
	if _, err := ledger.ParseState("lost"); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("got %v, want %v", err, ledger.ErrInvalid)
	}
}

// Of somebody erased the ledger keeps that there was a letter, and not to whom. What has
// not left yet does not leave, and no relay's answer brings the address back.
func TestErasedPeople(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, db *store.DB) {
		ctx, book, w := t.Context(), member.Open(db), ledger.NewWorker("a", 1)
		var ids []uint32
		for _, address := range []string{"a@example.jp", "b@example.jp", "c@example.jp", "d@example.jp"} {
			m, err := book.Add(ctx, member.Member{SMTP: address, Name: member.Name{Family: "髙梨"}, Audiences: []string{"alumni"}, Status: member.Active}, day())
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, m.ID)
			if _, err := l.Queue(ctx, issue, only(ledger.Entry{Member: m.ID, Address: address}), day()); err != nil {
				t.Fatal(err)
			}
		}
		rows := claim(t, l, w, 3, day()) // of four: one waits, and one of those in hand is in flight
		mark(t, l, w, rows[0])
		for _, id := range ids {
			if err := book.Erase(ctx, id, day()); err != nil {
				t.Fatal(err)
			}
		}
		if refused, err := l.InFlight(ctx, w, []ledger.Mark{{Lease: rows[1].Lease, At: day()}}); err != nil || len(refused) != 1 {
			t.Errorf("got %v, %v, want the mark refused", refused, err)
		}
		o := ledger.Outcome{Lease: rows[0].Lease, State: ledger.Failed, Code: 550, Reply: "550 <" + rows[0].Address + "> unknown", At: day()}
		if refused, err := l.Settle(ctx, w, []ledger.Outcome{o}); err != nil || len(refused) != 0 {
			t.Errorf("got %v, %v, want the outcome taken", refused, err)
		}
		if err := l.ReleaseAll(ctx, w, day()); err != nil {
			t.Fatal(err)
		}
		if got := claim(t, l, w, 9, day()); len(got) != 0 {
			t.Errorf("got %v, want nobody", members(got))
		}
		for d, err := range l.Rows(ctx, issue, ledger.Filter{}) {
			if err != nil || d.Address != "" || d.Domain != "" || d.Reply != "" || d.State != ledger.Failed && (d.State != ledger.Suppressed || d.Reason != ledger.ReasonErased) {
				t.Errorf("got %+v, %v, want nothing of the person", d, err)
			}
		}
		if got := counts(t, l); got.Candidates != 4 || got.Failed != 1 || got.Suppressed != 3 {
			t.Errorf("got %+v, want one failed and three suppressed", got)
		}
	})
}
