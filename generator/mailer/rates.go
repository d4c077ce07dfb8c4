package mailer

import (
	"math"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are letters a second; 0 is no limit. Less than one a second is a fraction:
// 200 an hour is 200.0/3600.
type Limits struct {
	All    float64 // of everything that one Rates is asked for
	Relay  float64 // through each relay
	Domain float64 // to each recipient domain
	// Domains are those with a limit of their own, by name in lower case.
	Domains map[string]float64
	// Loopback: the relay is on this machine, paces what it sends itself, and what it
	// answers tells nothing of a domain's wishes; no domain is slowed down by replies.
	Loopback bool
}

// How a domain's rate follows its replies: additive increase, multiplicative decrease.
const (
	slowest      = 1.0 / 60               // letters a second: a domain is never given up
	calmDown     = 10 * time.Second       // replies to what was already on its way count once
	observed     = time.Minute            // over which the rate of a domain is measured
	increase     = 0.1                    // letters a second, each
	increaseWait = 10 * time.Second       // without a complaint
	letGo        = 2                      // times the rate that was too fast: no limit any more
	burstTime    = 100 * time.Millisecond // of letters that may go at once
)

// Rates says how fast letters may go, in all, through a relay and to a domain. Its
// methods may be called at the same time.
type Rates struct {
	limits  Limits
	mu      sync.Mutex
	all     *rate.Limiter
	relays  map[string]*rate.Limiter
	domains map[string]*domain
}

// domain is what is known of one recipient domain.
type domain struct {
	limiter *rate.Limiter
	given   float64   // its limit by configuration; 0: none
	slowed  float64   // its limit by its replies; 0: none
	tooFast float64   // its rate when it complained first
	changed time.Time // when slowed was last set

	since  time.Time // of the count
	count  int       // letters in this minute
	before float64   // letters a second in the minute before
}

// NewRates returns rates within limits.
func NewRates(l Limits) *Rates {
	return &Rates{limits: l, all: limiter(l.All), relays: map[string]*rate.Limiter{}, domains: map[string]*domain{}}
}

// limiter returns a bucket of n letters a second; nil if there is no limit.
func limiter(n float64) *rate.Limiter {
	if n <= 0 || math.IsInf(n, 1) {
		return nil
	}
	return rate.NewLimiter(rate.Limit(n), max(1, int(n*burstTime.Seconds())))
}

// Take asks to send one letter now. 0: it may go, and is counted. Else nothing is
// counted, and the duration is when to ask again at the earliest; letters to other
// domains may go before. host names the relay.
func (r *Rates) Take(host, to string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domain(to)
	taken := make([]*rate.Reservation, 0, 3)
	var wait time.Duration
	for _, l := range []*rate.Limiter{r.all, r.relay(host), d.limiter} {
		if l == nil {
			continue
		}
		one := l.ReserveN(now, 1)
		taken = append(taken, one)
		wait = max(wait, one.DelayFrom(now))
	}
	if wait > 0 {
		for _, one := range taken {
			one.CancelAt(now)
		}
		return wait
	}
	d.counted(now)
	return 0
}

// Note tells what a domain's server answered. A reply 421, a policy refusal for now
// (4.7.x) or an overloaded system (4.3.2) halves the domain's rate; calm raises it again,
// bit by bit, until it is where configuration has it.
func (r *Rates) Note(to string, o Outcome, now time.Time) {
	if r.limits.Loopback || o.State == Transport || o.State == Unknown || o.Code == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domain(to)
	if o.Code == 421 || o.Code/100 == 4 && o.State == Policy || o.Enhanced == "4.3.2" {
		d.slow(now)
	} else if o.State == Sent {
		d.hasten(now)
	}
}

func (r *Rates) relay(host string) *rate.Limiter {
	l, known := r.relays[host]
	if !known {
		l = limiter(r.limits.Relay)
		r.relays[host] = l
	}
	return l
}

func (r *Rates) domain(name string) *domain {
	name = strings.ToLower(name)
	d := r.domains[name]
	if d == nil {
		d = &domain{given: r.limits.Domain}
		if own, has := r.limits.Domains[name]; has {
			d.given = own
		}
		d.limiter = limiter(d.given)
		r.domains[name] = d
	}
	return d
}

// counted counts a letter for the rate that is measured.
func (d *domain) counted(now time.Time) {
	if age := now.Sub(d.since); age >= observed {
		d.before = float64(d.count) / max(age, observed).Seconds()
		d.since, d.count = now, 0
	}
	d.count++
}

// rate returns how many letters a second the domain has had of late.
func (d *domain) rate(now time.Time) float64 {
	age := max(now.Sub(d.since), time.Second)
	return max(d.before, float64(d.count)/age.Seconds())
}

func (d *domain) slow(now time.Time) {
	if !d.changed.IsZero() && d.slowed > 0 && now.Sub(d.changed) < calmDown {
		return
	}
	had := d.rate(now)
	for _, limit := range []float64{d.given, d.slowed} {
		if limit > 0 {
			had = min(had, limit)
		}
	}
	if d.slowed == 0 {
		d.tooFast = had
	}
	d.set(max(had/2, slowest), now)
}

func (d *domain) hasten(now time.Time) {
	if d.slowed == 0 || now.Sub(d.changed) < increaseWait {
		return
	}
	more := d.slowed + increase
	if d.given > 0 && more >= d.given || d.given == 0 && more >= letGo*max(d.tooFast, increase) {
		d.slowed, d.changed, d.limiter = 0, now, limiter(d.given)
		return
	}
	d.set(more, now)
}

// set changes the domain's rate. A new bucket begins empty: a full one would let a
// letter through at once, just when the domain asked for patience.
func (d *domain) set(n float64, now time.Time) {
	d.slowed, d.changed = n, now
	d.limiter = limiter(n)
	d.limiter.AllowN(now, d.limiter.Burst())
}
