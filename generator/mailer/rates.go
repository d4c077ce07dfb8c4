package mailer

import (
	"maps"
	"math"
	"slices"
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
//
// It is of one process. Several that share Limits keep them together if each is told how
// many they are (Share): each takes its part. Until all have heard of one that came, they
// are too fast by its part; and to a domain that had none before, each may send one letter
// at once. One that starts goes on where the last letter was (Resume), so that starting
// again and again is no way around a slow rate.
type Rates struct {
	limits  Limits
	share   int // of how many this one is
	mu      sync.Mutex
	all     *rate.Limiter
	relays  map[string]*rate.Limiter
	domains map[string]*domain
}

// domain is what is known of one recipient domain.
type domain struct {
	limiter *rate.Limiter
	given   float64   // its limit by configuration, this process's part; 0: none
	slowed  float64   // its limit by its replies; 0: none
	tooFast float64   // its rate when it complained first
	changed time.Time // when slowed was last set

	since  time.Time // of the count
	count  int       // letters in this minute
	before float64   // letters a second in the minute before
}

// NewRates returns rates within limits.
func NewRates(l Limits) *Rates {
	return &Rates{limits: l, share: 1, all: limiter(l.All), relays: map[string]*rate.Limiter{}, domains: map[string]*domain{}}
}

// Share says that n processes send now, this one among them: each has the n-th part of
// every limit.
func (r *Rates) Share(n int, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n = max(n, 1); n == r.share {
		return
	}
	r.share = n
	change(r.all, r.part(r.limits.All), now)
	for _, l := range r.relays {
		change(l, r.part(r.limits.Relay), now)
	}
	for name, d := range r.domains {
		d.given = r.given(name)
		change(d.limiter, d.limit(), now)
	}
}

// part is what this process has of a limit.
func (r *Rates) part(limit float64) float64 { return limit / float64(r.share) }

// given is this process's part of the limit of a domain.
func (r *Rates) given(name string) float64 {
	if own, has := r.limits.Domains[name]; has {
		return r.part(own)
	}
	return r.part(r.limits.Domain)
}

// Gap is the longest time that a limit asks for between two letters of this process: so far
// back one must look for what Resume is to be told. 0: there is no limit.
func (r *Rates) Gap() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	slowest := math.Inf(1)
	for _, limit := range append(slices.Collect(maps.Values(r.limits.Domains)), r.limits.All, r.limits.Relay, r.limits.Domain) {
		if limit > 0 {
			slowest = min(slowest, r.part(limit))
		}
	}
	return time.Duration(min(float64(time.Second)/slowest, float64(24*time.Hour)))
}

// Resume says when a relay has last taken a letter to each domain, from whomever. The next
// one waits as if this process had sent it.
func (r *Rates) Resume(host string, last map[string]time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var latest time.Time
	for to, at := range last {
		empty(r.domain(to).limiter, at)
		if at.After(latest) {
			latest = at
		}
	}
	if !latest.IsZero() {
		empty(r.all, latest)
		empty(r.relay(host), latest)
	}
}

// Within is how many letters may go in a time, to whatever domains, at least one: it makes
// no sense to take up more. host names the relay.
func (r *Rates) Within(host string, d time.Duration) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	most := math.Inf(1)
	for _, l := range []*rate.Limiter{r.all, r.relay(host)} {
		if l != nil {
			most = min(most, float64(l.Limit())*d.Seconds())
		}
	}
	return int(min(max(most, 1), math.MaxInt32))
}

// limiter returns a bucket of n letters a second; nil if there is no limit.
func limiter(n float64) *rate.Limiter {
	if n <= 0 || math.IsInf(n, 1) {
		return nil
	}
	return rate.NewLimiter(rate.Limit(n), burst(n))
}

// change gives a bucket another rate; nil stays without one.
func change(l *rate.Limiter, n float64, now time.Time) {
	if l != nil && n > 0 {
		l.SetLimitAt(now, rate.Limit(n))
		l.SetBurstAt(now, burst(n))
	}
}

// burst is how many letters may go at once.
func burst(n float64) int { return max(1, int(n*burstTime.Seconds())) }

// empty makes a bucket that was full begin to fill then.
func empty(l *rate.Limiter, at time.Time) {
	if l != nil {
		l.AllowN(at, l.Burst())
	}
}

// Wait is how long any letter must wait, to whatever domain; nothing is counted.
func (r *Rates) Wait(host string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	wait, giveBack := reserve(now, r.all, r.relay(host))
	giveBack()
	return wait
}

// reserve takes one of each bucket that is there, and returns when all of them have it.
func reserve(now time.Time, buckets ...*rate.Limiter) (wait time.Duration, giveBack func()) {
	taken := make([]*rate.Reservation, 0, 3)
	for _, l := range buckets {
		if l != nil {
			one := l.ReserveN(now, 1)
			taken = append(taken, one)
			wait = max(wait, one.DelayFrom(now))
		}
	}
	return wait, func() {
		for _, one := range taken {
			one.CancelAt(now)
		}
	}
}

// Take asks to send one letter now. 0: it may go, and is counted. Else nothing is
// counted, and the duration is when to ask again at the earliest; letters to other
// domains may go before. host names the relay.
func (r *Rates) Take(host, to string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domain(to)
	wait, giveBack := reserve(now, r.all, r.relay(host), d.limiter)
	if wait > 0 {
		giveBack()
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
		l = limiter(r.part(r.limits.Relay))
		r.relays[host] = l
	}
	return l
}

func (r *Rates) domain(name string) *domain {
	name = strings.ToLower(name)
	d := r.domains[name]
	if d == nil {
		d = &domain{given: r.given(name)}
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

// limit is the lower one of both limits; 0: none.
func (d *domain) limit() float64 {
	if d.given > 0 && d.slowed > 0 {
		return min(d.given, d.slowed)
	}
	return max(d.given, d.slowed)
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
	if limit := d.limit(); limit > 0 {
		had = min(had, limit)
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
	d.limiter = limiter(d.limit())
	empty(d.limiter, now)
}
