package mailer_test

import (
	"testing"
	"time"

	"kaiho/generator/mailer"
)

// TestSharedRates: however many processes share limits, together they keep them.
func TestSharedRates(t *testing.T) {
	limits := mailer.Limits{All: 20, Domains: map[string]float64{"slow.example": 2}}
	for _, test := range []struct {
		name   string
		n      int
		domain string
		want   int // letters in a minute, of all of them
	}{
		{"one alone", 1, "a.example", 1200},
		{"three, in all", 3, "a.example", 1200},
		{"three, to a domain", 3, "slow.example", 120},
		{"a hundred: each less than one a second", 100, "a.example", 1200},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := 0
			for range test.n {
				r := mailer.NewRates(limits)
				r.Share(test.n, start)
				got += went(r, test.domain, start, time.Minute)
			}
			if got < test.want-test.n || got > test.want+test.n { // the first letter of each
				t.Errorf("got %d letters, want %d", got, test.want)
			}
		})
	}
}

// TestASharesChange: who comes and goes takes and leaves a part, in the middle of it, and
// a domain that was slowed down stays so.
func TestASharesChange(t *testing.T) {
	r, now := mailer.NewRates(mailer.Limits{All: 40, Domain: 30}), start
	for _, step := range []struct {
		name string
		n    int
		want int
	}{{"alone", 1, 1800}, {"one of four", 4, 450}, {"one of two", 2, 900}, {"none is one", 0, 1800}, {"one of forty", 40, 45}} {
		r.Share(step.n, now)
		if got := went(r, "a.example", now, time.Minute); got < step.want-4 || got > step.want+4 {
			t.Errorf("%s: got %d in a minute, want %d", step.name, got, step.want)
		}
		now = now.Add(time.Minute)
	}
	r.Share(1, now)
	went(r, "a.example", now, time.Minute)
	now = now.Add(time.Minute)
	r.Note("a.example", mailer.Outcome{State: mailer.Policy, Code: 421}, now)
	for n, want := range map[int]int{1: 900, 2: 900, 6: 300} {
		r.Share(n, now)
		if got := went(r, "a.example", now, time.Minute); got < want-20 || got > want+20 {
			t.Errorf("slowed, one of %d: got %d in a minute, want %d", n, got, want)
		}
		now = now.Add(2 * time.Minute)
	}
}

// TestStartingAgainIsNoWayAround a slow rate.
func TestStartingAgainIsNoWayAround(t *testing.T) {
	limits := mailer.Limits{All: 200.0 / 3600, Domain: 100.0 / 3600}
	last := map[string]time.Time{"a.example": start, "b.example": start.Add(-20 * time.Second)}
	r := mailer.NewRates(limits)
	if got, want := r.Gap().Round(time.Millisecond), 36*time.Second; got != want {
		t.Errorf("got a gap of %v, want %v", got, want)
	}
	r.Resume("mail.example", last)
	for _, test := range []struct {
		name, domain string
		want         time.Duration
	}{
		{"a domain that has just had one", "a.example", 36 * time.Second},
		{"one that has had it long ago waits for the others", "b.example", 18 * time.Second},
		{"so does one that has had none", "c.example", 18 * time.Second},
	} {
		if got := r.Take("mail.example", test.domain, start).Round(time.Millisecond); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
	if got := r.Wait("mail.example", start).Round(time.Millisecond); got != 18*time.Second {
		t.Errorf("got %v until any letter may go, want 18s", got)
	}
	if got := r.Take("mail.example", "c.example", start.Add(18*time.Second)); got > time.Millisecond {
		t.Errorf("got %v, want it to go: asking has taken nothing", got)
	}
	if got := mailer.NewRates(mailer.Limits{}).Gap(); got != 0 {
		t.Errorf("got a gap of %v without a limit, want none", got)
	}
}

func TestWhatMayGoWithinATime(t *testing.T) {
	for _, test := range []struct {
		name   string
		limits mailer.Limits
		want   int
	}{
		{"a slow rate: one", mailer.Limits{All: 200.0 / 3600}, 1},
		{"a fast one", mailer.Limits{All: 30, Relay: 10}, 50},
		{"that of a domain says nothing of the others", mailer.Limits{All: 30, Domain: 1}, 150},
		{"no limit", mailer.Limits{}, 1<<31 - 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := mailer.NewRates(test.limits).Within("mail.example", 5*time.Second); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}
