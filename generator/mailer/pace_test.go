package mailer_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))

func TestNextAttempt(t *testing.T) {
	for _, test := range []struct {
		name     string
		attempts int
		age      time.Duration
		chance   float64
		want     time.Duration // from now; 0: no more
	}{
		{"the second comes after a minute", 1, 0, 0.5, time.Minute},
		{"a fifth sooner at the least", 1, 0, 0, 48 * time.Second},
		{"a fifth later at the most", 1, 0, 0.999999999999, 72 * time.Second},
		{"then five minutes", 2, time.Minute, 0.5, 5 * time.Minute},
		{"then a quarter of an hour", 3, time.Hour, 0.5, 15 * time.Minute},
		{"then an hour", 4, time.Hour, 0.5, time.Hour},
		{"then four", 5, time.Hour, 0.5, 4 * time.Hour},
		{"and so on", 50, time.Hour, 0.5, 4 * time.Hour},
		{"the last one is at the end of two days", 9, 47 * time.Hour, 0.5, time.Hour},
		{"and then it has failed", 9, 48 * time.Hour, 0.5, 0},
		{"a count that is none is the first", 0, 0, 0.5, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := start.Add(test.age)
			at, again := mailer.NextAttempt(test.attempts, start, now, test.chance)
			if got := at.Sub(now).Round(time.Second); again != (test.want > 0) || again && got != test.want {
				t.Errorf("got %v, %v, want %v", got, again, test.want)
			}
		})
	}
}

func TestAllowance(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("there is no zone data here")
	}
	for _, test := range []struct {
		name       string
		first, day time.Time
		limit      int
		want       int
	}{
		{"the first day", start, start.Add(14 * time.Hour), 100_000, 200},
		{"the second day begins at midnight", start, start.Add(15 * time.Hour), 100_000, 400},
		{"each day twice as many", start, start.AddDate(0, 0, 5), 100_000, 6400},
		{"up to the limit", start, start.AddDate(0, 0, 20), 100_000, 100_000},
		{"for ever", start, start.AddDate(50, 0, 0), 100_000, 100_000},
		{"a limit below the first day's", start, start, 50, 50},
		{"not before it begins", start, start.AddDate(0, 0, -1), 100_000, 0},
		{"no limit, no plan", start, start, 0, math.MaxInt},
		{"days are those of the zone, one of 25 hours among them", time.Date(2026, 10, 31, 23, 0, 0, 0, newYork), time.Date(2026, 11, 3, 3, 30, 0, 0, time.UTC), 100_000, 800},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := mailer.Allowance(test.first, test.day, test.limit); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestBreaker(t *testing.T) {
	dead := mailer.Outcome{State: mailer.Failed, Mark: mailer.Dead, Code: 550, Reason: diag.AddressDead}
	later := mailer.Outcome{State: mailer.Deferred, Code: 450, Reason: diag.RelayLater}
	policy := mailer.Outcome{State: mailer.Policy, Code: 550, Enhanced: "5.7.26", Reply: "unauthenticated", Reason: diag.RelayPolicy}
	transport := mailer.Outcome{State: mailer.Transport, Reason: diag.RelayUnreachable, Detail: "connection refused"}
	lost := mailer.Outcome{State: mailer.Deferred, Reason: diag.RelayLost}
	stopped := mailer.Outcome{State: mailer.Transport, Reason: diag.LetterStopped}
	sent := mailer.Outcome{State: mailer.Sent, Code: 250}
	of := func(n int, o mailer.Outcome) (all []mailer.Outcome) {
		for range n {
			all = append(all, o)
		}
		return all
	}
	join := func(parts ...[]mailer.Outcome) (all []mailer.Outcome) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for _, test := range []struct {
		name     string
		outcomes []mailer.Outcome
		want     bool
	}{
		{"a list of dead addresses never opens it", of(1000, dead), false},
		{"nor does a busy relay", of(1000, later), false},
		{"nor do we ourselves", of(1000, stopped), false},
		{"four refusals are not enough", of(4, policy), false},
		{"five are", of(5, policy), true},
		{"five of twenty, among letters that went", join(of(4, policy), of(15, sent), of(1, policy)), true},
		{"five of more than twenty are not", join(of(4, policy), of(17, sent), of(1, policy)), false},
		{"no connection", of(5, transport), true},
		{"lost connections", of(5, lost), true},
		{"it stays open", join(of(5, policy), of(100, sent)), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b mailer.Breaker
			for _, o := range test.outcomes {
				b.Note(o)
			}
			why, got := b.Open()
			if got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if last := test.outcomes[0]; got && last.State == mailer.Policy && !strings.Contains(why.Message(diag.English), "550 5.7.26 unauthenticated.") {
				t.Errorf("got %q, want the reason", why.Message(diag.English))
			}
			b.Reset()
			if _, open := b.Open(); open {
				t.Error("it is open after Reset")
			}
		})
	}
}

// went returns how many letters may go to domain in d, when asked without rest.
func went(r *mailer.Rates, domain string, from time.Time, d time.Duration) (n int) {
	for now := from; now.Before(from.Add(d)); {
		wait := r.Take("mail.example", domain, now)
		if wait == 0 {
			n++
			wait = time.Millisecond // the world is not infinitely fast
		}
		now = now.Add(wait)
	}
	return n
}

func TestRates(t *testing.T) {
	for _, test := range []struct {
		name   string
		limits mailer.Limits
		want   int // in ten seconds
	}{
		{"no limit", mailer.Limits{}, 10_000},
		{"in all", mailer.Limits{All: 20}, 201},
		{"through a relay", mailer.Limits{All: 200, Relay: 20}, 201},
		{"to a domain", mailer.Limits{All: 200, Relay: 200, Domain: 20}, 201},
		{"to one domain", mailer.Limits{Domain: 200, Domains: map[string]float64{"docomo.ne.jp": 2}}, 20},
		{"less than one a second", mailer.Limits{Domain: 0.5}, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := went(mailer.NewRates(test.limits), "DOCOMO.ne.jp", start, 10*time.Second); got < test.want-1 || got > test.want+1 {
				t.Errorf("got %d letters, want %d", got, test.want)
			}
		})
	}
}

// TestARateThatWaitsTakesNothing: a domain that must wait leaves the others their share.
func TestARateThatWaitsTakesNothing(t *testing.T) {
	r := mailer.NewRates(mailer.Limits{All: 10, Domains: map[string]float64{"slow.example": 0.01}})
	if r.Take("mail.example", "slow.example", start) != 0 {
		t.Fatal("the first letter waits")
	}
	for range 1000 {
		if r.Take("mail.example", "slow.example", start) == 0 {
			t.Fatal("the second letter does not wait")
		}
	}
	if got := went(r, "fast.example", start, 10*time.Second); got < 98 || got > 101 {
		t.Errorf("got %d letters to the other domain, want 100", got)
	}
}

func TestRatesFollowReplies(t *testing.T) {
	slow := mailer.Outcome{State: mailer.Policy, Code: 421, Enhanced: "4.7.28"}
	sent := mailer.Outcome{State: mailer.Sent, Code: 250}
	r := mailer.NewRates(mailer.Limits{Domain: 40})
	now := start
	minute := func() int {
		n := went(r, "mail.example", now, time.Minute)
		now = now.Add(time.Minute)
		return n
	}
	if got := minute(); got < 2380 || got > 2420 {
		t.Errorf("got %d, want 40 a second", got)
	}
	for range 50 { // what was on its way counts once
		r.Note("mail.example", slow, now)
	}
	if got := minute(); got < 1150 || got > 1210 {
		t.Errorf("got %d after a complaint, want 20 a second", got)
	}
	r.Note("mail.example", slow, now)
	if got := minute(); got < 570 || got > 610 {
		t.Errorf("got %d after another, want 10 a second", got)
	}
	before := minute()
	for range 6 {
		now = now.Add(10 * time.Second)
		r.Note("mail.example", sent, now)
	}
	if got := minute(); got <= before+25 || got > before+45 {
		t.Errorf("got %d after a calm minute, %d before, want a little more", got, before)
	}
	for range 10_000 {
		now = now.Add(10 * time.Second)
		r.Note("mail.example", sent, now)
	}
	if got := minute(); got < 2380 {
		t.Errorf("got %d after a long calm, want 40 a second again", got)
	}
	local := mailer.NewRates(mailer.Limits{Loopback: true})
	local.Note("mail.example", slow, start)
	if got := went(local, "mail.example", start, time.Second); got != 1000 {
		t.Errorf("got %d through a relay on this machine, want no limit", got)
	}
}

// TestAnUnlimitedDomainIsSlowed: without a limit by configuration, half of what it was.
func TestAnUnlimitedDomainIsSlowed(t *testing.T) {
	r := mailer.NewRates(mailer.Limits{})
	went(r, "mail.example", start, 10*time.Second) // 1000 a second
	now := start.Add(10 * time.Second)
	r.Note("mail.example", mailer.Outcome{State: mailer.Deferred, Code: 450, Enhanced: "4.3.2"}, now)
	if got := went(r, "mail.example", now, 10*time.Second); got < 4500 || got > 5100 {
		t.Errorf("got %d in ten seconds, want 5000", got)
	}
	if got := went(r, "other.example", now, time.Second); got != 1000 {
		t.Errorf("got %d to another domain, want 1000", got)
	}
}
