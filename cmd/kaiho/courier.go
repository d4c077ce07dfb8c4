package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

const (
	// carriers is how many letters are on their way at once: one that a slow relay
	// holds does not hold the next.
	carriers = 2
	// maxParcels is how many letters may wait for the relay, those that it has deferred
	// among them.
	maxParcels = 500
	// freshness is how long a letter is of use: less than a link to sign in works.
	freshness = 25 * time.Minute
	// relayGreeting is how long the relay may take to connect: somebody waits for the
	// letter, and other letters wait behind it.
	relayGreeting = 20 * time.Second
	// idleConnection is how long a connection is kept for the next letter.
	idleConnection = 30 * time.Second
	// lastLetters is how long letters may take that are not out when serve ends.
	lastLetters = 10 * time.Second
)

// retryDelays are those before the second attempt, the third and so on. A relay that
// greylists (RFC 6647) takes a letter after some minutes.
func retryDelays() []time.Duration {
	return []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 10 * time.Minute}
}

var errTooManyLetters = errors.New("too many letters wait for the mail server")

// courier carries letters to a relay that people have asked the gate for. Whoever hands
// one over does not wait: neither a slow relay nor one that is down holds up the gate,
// whose answers must take the same time for everybody. What the relay does not take for
// now (a reply 4xx, no connection) is tried again a few times; what may have arrived is
// not. None of it outlives the process: who gets no letter asks again.
type courier struct {
	relay  *mailer.Relay
	log    *slog.Logger // of no address
	delays []time.Duration
	queue  chan *parcel // has room for all parcels there are
	ctx    context.Context
	cut    context.CancelFunc
	ended  sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	parcels int                     // queued, on their way, or waiting
	waiting map[*parcel]*time.Timer // for their next attempt
}

// parcel is a letter on its way.
type parcel struct {
	mailer.Envelope
	asked    time.Time // by the machine's clock
	attempts int
}

// newCourier starts a courier; Close ends it.
func newCourier(c mailer.Config, delays []time.Duration, log *slog.Logger) *courier {
	c.Timeouts.Connect = relayGreeting
	k := &courier{relay: mailer.NewRelay(c), log: log, delays: delays, queue: make(chan *parcel, maxParcels), waiting: map[*parcel]*time.Timer{}}
	k.ctx, k.cut = context.WithCancel(context.Background())
	for range carriers {
		k.ended.Go(k.carry)
	}
	return k
}

// take takes a letter over, and does not wait. The error is that too many wait already,
// or that the courier is closed.
func (k *courier) take(e mailer.Envelope) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return context.Canceled
	}
	if k.parcels == maxParcels {
		return errTooManyLetters
	}
	k.parcels++
	k.queue <- &parcel{Envelope: e, asked: time.Now()}
	return nil
}

// Close tries once more what is not out yet, for a few seconds, and ends.
func (k *courier) Close() {
	k.mu.Lock()
	k.closed = true
	for p, timer := range k.waiting {
		timer.Stop()
		k.queue <- p
	}
	clear(k.waiting)
	close(k.queue)
	k.mu.Unlock()
	end := time.AfterFunc(lastLetters, k.cut)
	defer end.Stop()
	k.ended.Wait()
	k.cut()
}

// carry sends letters until the queue is closed and empty.
func (k *courier) carry() {
	session := k.relay.Session()
	defer session.Close()
	idle := time.NewTimer(idleConnection)
	defer idle.Stop()
	for {
		select {
		case p, more := <-k.queue:
			if !more {
				return
			}
			k.attempt(session, p)
			idle.Reset(idleConnection)
		case <-idle.C:
			session.Close()
		}
	}
}

// attempt sends a letter, or sees to it that it is tried again.
func (k *courier) attempt(session *mailer.Session, p *parcel) {
	if age := time.Since(p.asked); age > freshness {
		k.log.Error("a letter has waited too long for the mail server, and is not sent", "attempts", p.attempts)
		k.done()
		return
	}
	p.attempts++
	o := session.Send(k.ctx, p.Envelope, nil)
	if o.State == mailer.Sent {
		k.done()
		return
	}
	// No outcome has an address in it.
	about := []any{"state", o.State.String(), "code", o.Code, "attempts", p.attempts, "why", o.Problem().Message(diag.English)}
	if wait, again := k.later(p, o); again {
		k.log.Warn("a letter could not be sent yet", append(about, "again_in", wait)...)
		return
	}
	k.log.Error("a letter could not be sent", about...)
	k.done()
}

// later puts a letter off that the relay may take another time, and reports for how
// long, and whether there is another time.
func (k *courier) later(p *parcel, o mailer.Outcome) (wait time.Duration, again bool) {
	forNow := o.State == mailer.Deferred || o.State == mailer.Transport || o.State == mailer.Policy && o.Code/100 == 4
	if !forNow || p.attempts > len(k.delays) {
		return 0, false
	}
	wait = k.delays[p.attempts-1]
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return 0, false
	}
	k.waiting[p] = time.AfterFunc(wait, func() { k.back(p) })
	return wait, true
}

// back queues a letter whose time has come.
func (k *courier) back(p *parcel) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, waits := k.waiting[p]; waits { // else Close has queued it
		delete(k.waiting, p)
		k.queue <- p
	}
}

// done forgets a letter.
func (k *courier) done() {
	k.mu.Lock()
	k.parcels--
	k.mu.Unlock()
}
