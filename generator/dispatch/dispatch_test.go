package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/store/storetest"
)

const issue = "2026-11-18"

// plain writes the same letter whenever it is asked for one; who is in gone gets none.
type plain struct{ gone map[uint32]string }

func (p plain) Write(_ context.Context, rows []ledger.Delivery, now time.Time) ([]dispatch.Letter, error) {
	letters := make([]dispatch.Letter, len(rows))
	for n, row := range rows {
		date := row.FirstAt
		if date.IsZero() {
			date = now.Truncate(time.Second)
		}
		letters[n] = dispatch.Letter{Date: date, Suppress: p.gone[row.Member], Envelope: mailer.Envelope{From: "b+" + row.Token + "@nagi.example", To: row.Address,
			Data: fmt.Appendf(nil, "From: letter@nagi.example\r\nTo: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n\r\nこんにちは。\r\n.点で始まる行\r\n", row.Address, date.UTC().Format(time.RFC1123Z), row.MessageID)}}
	}
	return letters, nil
}

func address(n int) string { return fmt.Sprintf("member%d@domain%d.example", n, n%5) }

func entries(n int) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for i := 1; i <= n; i++ {
			if !yield(ledger.Entry{Member: uint32(i), Address: address(i), Variant: "alumni-ja", MessageID: fmt.Sprintf("m%d@nagi.example", i)}, nil) {
				return
			}
		}
	}
}

// relay returns the way to a sink at a port.
func relay(at net.Addr) func() dispatch.Carrier {
	r := mailer.NewRelay(mailer.Config{Host: "127.0.0.1", Port: at.(*net.TCPAddr).Port, TLS: mailer.TLSNone})
	return func() dispatch.Carrier { return r.Session() }
}

// soon tries again after a moment, ten times.
func soon(attempts int, _, now time.Time) (time.Time, bool) {
	return now.Add(5 * time.Millisecond), attempts < 10
}

func options(s *sink) dispatch.Options {
	return dispatch.Options{Issue: issue, Worker: ledger.NewWorker("host", os.Getpid()), Host: "sink", Carrier: relay(s.Addr), Connections: 4, Again: soon, Wait: true,
		Breaker: &mailer.Breaker{Trips: 1 << 20, Window: 1 << 20}, Now: time.Now, Machine: time.Now, Alive: func(int) bool { return true }}
}

func counts(t testing.TB, l *ledger.Ledger) ledger.Counts {
	t.Helper()
	c, err := l.Counts(t.Context(), issue)
	if err != nil {
		t.Fatal(err)
	}
	if sum := c.Pending + c.Leased + c.InFlight + c.Sent + c.Deferred + c.Failed + c.Suppressed + c.Unknown; sum != c.Candidates {
		t.Errorf("got %d candidates, and %d in all states", c.Candidates, sum)
	}
	return c
}

// TestNobodyMissedNobodyTwice sends through a relay that does everything wrong, and
// compares what it took with what the ledger says.
func TestNobodyMissedNobodyTwice(t *testing.T) {
	const members = 400
	storetest.Each(t, func(t *testing.T, url string) {
		l := ledger.Open(storetest.Open(t, url))
		if _, err := l.Queue(t.Context(), issue, entries(members), time.Now()); err != nil {
			t.Fatal(err)
		}
		s := newSink(t, faults{later: 0.1, never: 0.05, closing: 0.02, before: 0.05, after: 0.05})
		result, err := dispatch.Run(t.Context(), l, plain{gone: map[uint32]string{7: "unsubscribed"}}, options(s))
		if err != nil || !result.Done {
			t.Fatalf("got %+v, %v, want it done", result, err)
		}
		c := counts(t, l)
		if c.Candidates != members || c.Pending+c.Leased+c.InFlight+c.Deferred != 0 || c.Suppressed != 1 || c.Unknown == 0 || c.Failed == 0 {
			t.Errorf("got %+v", c)
		}
		taken := s.letters()
		for row, err := range l.Rows(t.Context(), issue, ledger.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			got := len(taken[row.Address])
			switch {
			case got > 1:
				t.Errorf("%s got %d letters", row.Address, got)
			case row.State == ledger.Sent && got != 1, row.State == ledger.Failed && got != 0, row.State == ledger.Suppressed && got != 0:
				t.Errorf("%s is %v, and has %d letters", row.Address, row.State, got)
			}
		}
	})
}

// TestResendMissesNobody does the same with the policy that sends unknown ones again.
func TestResendMissesNobody(t *testing.T) {
	const members = 200
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(members), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := l.SetPolicy(t.Context(), issue, ledger.Resend); err != nil {
		t.Fatal(err)
	}
	s := newSink(t, faults{after: 0.1})
	o := options(s)
	ahead := time.Duration(0)
	o.Now = func() time.Time { return time.Now().Add(ahead) }
	o.Machine, o.Wait = o.Now, false
	for range 20 { // unknown ones are taken up when a run begins, later each time
		if _, err := dispatch.Run(t.Context(), l, plain{}, o); err != nil {
			t.Fatal(err)
		}
		ahead += time.Hour
	}
	c := counts(t, l)
	if c.Sent != members || c.Repeats == 0 {
		t.Errorf("got %+v, want all sent, and some repeated", c)
	}
	for to, letters := range s.letters() {
		for _, again := range letters[1:] {
			if again != letters[0] {
				t.Errorf("%s got another letter the second time", to)
			}
		}
	}
}

// TestLettersThatAreAlwaysDeferredFail holds that 48 hours after the first attempt there
// is an end, also when no letter ever came as far as its text.
func TestLettersThatAreAlwaysDeferredFail(t *testing.T) {
	const members = 20
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(members), time.Now()); err != nil {
		t.Fatal(err)
	}
	o := options(newSink(t, faults{later: 1}))
	ahead := time.Duration(0)
	o.Now = func() time.Time { return time.Now().Add(ahead) }
	o.Wait, o.Again = false, nil
	for ; ahead <= 50*time.Hour; ahead += 5 * time.Hour {
		if _, err := dispatch.Run(t.Context(), l, plain{}, o); err != nil {
			t.Fatal(err)
		}
		if c := counts(t, l); ahead < 48*time.Hour && c.Deferred != members {
			t.Errorf("after %v: got %+v, want all deferred", ahead, c)
		}
	}
	for row, err := range l.Rows(t.Context(), issue, ledger.Filter{}) {
		if err != nil || row.State != ledger.Failed || row.Reason != ledger.ReasonTooLate {
			t.Errorf("got %v for %q, %v, want it given up", row.State, row.Reason, err)
		}
	}
}

// recovering is a writer; while it writes, another machine looks for leases that are over.
type recovering struct {
	plain
	t *testing.T
	l *ledger.Ledger
}

func (r recovering) Write(ctx context.Context, rows []ledger.Delivery, now time.Time) ([]dispatch.Letter, error) {
	got, err := r.l.Recover(ctx, time.Now(), ledger.NewWorker("other", 1), func(int) bool { return true })
	if err != nil || got != (ledger.Recovered{}) {
		r.t.Errorf("got %+v, %v, want every lease to last", got, err)
	}
	return r.plain.Write(ctx, rows, now)
}

// TestLeasesAreOfTheMachinesClock holds that a site's clock that is set to another day
// takes nobody's letters away.
func TestLeasesAreOfTheMachinesClock(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(50), time.Now()); err != nil {
		t.Fatal(err)
	}
	o := options(newSink(t, faults{}))
	o.Now = func() time.Time { return time.Now().Add(-24 * time.Hour) }
	result, err := dispatch.Run(t.Context(), l, recovering{t: t, l: l}, o)
	if err != nil || !result.Done || result.Sent != 50 {
		t.Errorf("got %+v, %v, want all sent", result, err)
	}
}

// TestASenderOutlivesTheOthers holds that nobody is left behind when another sender dies
// that had the last letters in hand.
func TestASenderOutlivesTheOthers(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(50), time.Now()); err != nil {
		t.Fatal(err)
	}
	dies := ledger.NewWorker("another-host", 1)
	if rows, err := l.Claim(t.Context(), dies, issue, 20, time.Now(), 2*time.Second, nil); err != nil || len(rows) != 20 {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	o := options(newSink(t, faults{}))
	o.Wait, o.Lease = false, 3*time.Second
	result, err := dispatch.Run(t.Context(), l, plain{}, o)
	if c := counts(t, l); err != nil || !result.Done || c.Sent != 50 {
		t.Errorf("got %+v, %+v, %v, want all sent", result, c, err)
	}
}

// TestABreakerPausesTheIssue holds that a refusal of us ends the run, marks nobody, and
// says why.
func TestABreakerPausesTheIssue(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(200), time.Now()); err != nil {
		t.Fatal(err)
	}
	s := newSink(t, faults{policy: 1})
	o := options(s)
	o.Breaker = nil
	result, err := dispatch.Run(t.Context(), l, plain{}, o)
	if err != nil || result.Paused == "" {
		t.Fatalf("got %+v, %v, want it paused", result, err)
	}
	why, ok := diag.Decode(result.Paused)
	for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
		if !ok || !strings.Contains(why.Message(lang), "5.7.1") || why.Cause.Rule != diag.RelayPolicy {
			t.Errorf("got %q, want it to say 5.7.1 in any language", result.Paused)
		}
	}
	if c := counts(t, l); c.Failed != 0 || c.Sent != 0 || c.Unknown != 0 || c.Leased != 0 || c.Deferred > 40 {
		t.Errorf("got %+v, want nobody marked", c)
	}
	if result, err = dispatch.Run(t.Context(), l, plain{}, o); err != nil || result.Paused == "" || result.Deferred != 0 {
		t.Errorf("again: got %+v, %v, want it paused still", result, err)
	}
}

// TestNoRelayPausesTheIssue holds that nothing is lost when nobody answers.
func TestNoRelayPausesTheIssue(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(20), time.Now()); err != nil {
		t.Fatal(err)
	}
	s := newSink(t, faults{})
	s.Close()
	o := options(s)
	o.Breaker = &mailer.Breaker{Trips: 4, Window: 20}
	result, err := dispatch.Run(t.Context(), l, plain{}, o)
	if err != nil || result.Paused == "" {
		t.Fatalf("got %+v, %v, want it paused", result, err)
	}
	if c := counts(t, l); c.Pending != 20 {
		t.Errorf("got %+v, want 20 pending", c)
	}
}

// TestALimitAndAStop end a run early, and the next one goes on.
func TestALimitAndAStop(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(300), time.Now()); err != nil {
		t.Fatal(err)
	}
	s := newSink(t, faults{})
	o := options(s)
	o.Limit = 25
	if result, err := dispatch.Run(t.Context(), l, plain{}, o); err != nil || result.Sent != 25 || result.Done {
		t.Errorf("got %+v, %v, want 25 sent", result, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var n atomic.Int64
	o.Limit = 0
	o.Told = func(ledger.Delivery, mailer.Outcome) {
		if n.Add(1) == 50 {
			stop()
		}
	}
	result, err := dispatch.Run(ctx, l, plain{}, o)
	if !errors.Is(err, dispatch.ErrStopped) || result.Sent < 50 || result.Sent > 60 {
		t.Errorf("got %+v, %v, want about 50 sent", result, err)
	}
	if c := counts(t, l); c.Leased+c.InFlight+c.Unknown != 0 {
		t.Errorf("got %+v, want nothing in hand", c)
	}
	o.Told = nil
	if result, err := dispatch.Run(t.Context(), l, plain{}, o); err != nil || !result.Done {
		t.Errorf("got %+v, %v, want it done", result, err)
	}
	if got := len(s.letters()); got != 300 {
		t.Errorf("got letters to %d, want 300", got)
	}
}

// TestAnHourlyLimitIsThatOfTheLedger holds that a restart does not begin a new hour.
func TestAnHourlyLimitIsThatOfTheLedger(t *testing.T) {
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(100), time.Now()); err != nil {
		t.Fatal(err)
	}
	s := newSink(t, faults{})
	o := options(s)
	o.HourLimit = 40
	for range 2 {
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		if _, err := dispatch.Run(ctx, l, plain{}, o); !errors.Is(err, dispatch.ErrStopped) {
			t.Errorf("got %v, want it to wait", err)
		}
		stop()
	}
	if got := len(s.letters()); got != 40 {
		t.Errorf("got %d letters in the hour, want 40", got)
	}
}
