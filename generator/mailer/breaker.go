package mailer

import (
	"strconv"
	"sync"

	"kaiho/generator/diag"
)

// Breaker says when to stop sending: when of the last letters too many failed for
// a reason that is not in their addresses. Its zero value opens at 5 of the last 20.
// Its methods may be called at the same time.
type Breaker struct {
	// Trips of the last Window outcomes open it; 0 stands for 5 and 20.
	Trips, Window int

	mu    sync.Mutex
	ring  []bool // of each of the last outcomes: was it bad?
	next  int    // place in ring
	count int    // of bad ones in ring
	open  bool
	last  Outcome // the last bad one
}

// Note tells the breaker of an outcome. Policy and Transport are bad, and so is a
// connection that was lost with a letter in it, before or behind the terminator. What
// is about one letter is not: a list of old addresses is no reason to stop.
func (b *Breaker) Note(o Outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	trips, window := b.limits()
	if len(b.ring) < window {
		b.ring = append(b.ring, make([]bool, window-len(b.ring))...)
	}
	bad := isBad(o)
	if b.ring[b.next] {
		b.count--
	}
	if b.ring[b.next] = bad; bad {
		b.count++
		b.last = o
	}
	b.next = (b.next + 1) % len(b.ring)
	if b.count >= trips {
		b.open = true
	}
}

func (b *Breaker) limits() (trips, window int) {
	trips, window = b.Trips, b.Window
	if window <= 0 {
		window = 20
	}
	if trips <= 0 {
		trips = 5
	}
	return min(trips, window), window
}

func isBad(o Outcome) bool {
	switch o.State {
	case Policy, Transport:
		return o.Reason != diag.LetterStopped // that was us
	case Deferred:
		return o.Reason == diag.RelayLost || o.Reason == diag.RelayOutOfStep
	case Unknown:
		return true
	}
	return false
}

// Open reports whether the breaker has opened, and why: a problem of rule
// BreakerOpen, whose cause is the last reason. It stays open until Reset.
func (b *Breaker) Open() (why diag.Problem, open bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return diag.Problem{}, false
	}
	_, window := b.limits()
	last := b.last.Problem()
	why = diag.New(diag.Pos{}, diag.BreakerOpen, "count", strconv.Itoa(b.count), "of", strconv.Itoa(window))
	why.Cause = &last
	return why, true
}

// Reset closes the breaker and forgets what it was told.
func (b *Breaker) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ring, b.next, b.count, b.open, b.last = nil, 0, 0, false, Outcome{}
}
