// Package dispatch sends an issue: it takes rows of the ledger, has their letters
// written, hands them to a relay, and writes down what became of each.
//
// A run has one producer and several carriers. The producer leases a few rows at a
// time and asks the Writer for their letters, who looks at each member once more:
// whoever has left or paused meanwhile gets none. Carriers (sessions of package
// mailer, or the outbox) take the letters from a channel without room, so that no more
// are in hand than there are connections, and one being written.
//
// The ledger is asked at two moments, and nothing else decides who gets what:
//
//   - before the final dot of a letter goes out, its row is durably in flight; a row
//     that is not ours any more is not sent;
//   - when the relay has answered, the row is settled. What was in flight without an
//     answer is unknown.
//
// # Stopping
//
// When ctx ends, no further rows are leased; letters in hand are finished, for Grace at
// most, and leased rows given back. A Breaker pauses the issue with its reason, as
// diag.Problem.Encode writes it; who resumes it sends again. A clock that jumps does no harm: times of the machine only
// make leases and waits longer or shorter.
package dispatch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
)

// Writer writes the letters of rows that were leased.
type Writer interface {
	// Write returns a letter for each row, in their order. now is the site's clock. An
	// error ends the run; what is wrong with one member is a Letter with a reason.
	Write(ctx context.Context, rows []ledger.Delivery, now time.Time) ([]Letter, error)
}

// Letter is a letter of one row, or the reason why there is none.
type Letter struct {
	Envelope mailer.Envelope
	Date     time.Time // of the letter: the ledger keeps it for every attempt
	Suppress string    // a word: why the member gets no letter, for good; "" to send it
}

// Carrier takes letters to where they go: a *mailer.Session or a *mailer.Outbox.
type Carrier interface {
	Run(ctx context.Context, letters <-chan mailer.Envelope, beforeDot func(*mailer.Envelope) error, settled func(*mailer.Envelope, mailer.Outcome)) error
	Close()
}

// Options are how an issue is sent. Zero values mean what is said beside them.
type Options struct {
	Issue       string
	Worker      ledger.Worker
	Host        string         // of the relay, as reports and rates name it
	Carrier     func() Carrier // called once for each connection
	Connections int            // 1
	Rates       *mailer.Rates  // nil: as fast as the relay takes them
	Breaker     *mailer.Breaker
	Limit       int                     // letters of this run; 0: all
	HourLimit   int                     // letters an hour through all processes, as the ledger has them; 0: none
	DayLimit    func(now time.Time) int // likewise on the day of now, in its zone, as a warm-up allows; nil: none
	Wait        bool                    // stay until nothing is deferred any more
	Grace       time.Duration           // how long letters in hand may take when the run ends; 20 s
	Lease       time.Duration           // 2 minutes

	Now     func() time.Time // the site's clock: Date headers, and when deferred letters are due
	Machine func() time.Time // the machine's: leases
	Alive   func(pid int) bool
	Told    func(ledger.Delivery, mailer.Outcome)

	// Again says when a letter is tried again, mailer.NextAttempt if nil.
	Again func(attempts int, first, now time.Time) (at time.Time, again bool)
}

// Result is what a run came to.
type Result struct {
	Sent, Deferred, Failed, Suppressed, Unknown int64
	Recovered                                   ledger.Recovered
	Paused                                      string    // why the issue is paused now, as the ledger has it (ledger.Issue); "" if it is not
	Next                                        time.Time // when the next deferred letter is due; zero: none
	Done                                        bool      // nothing is open
}

// ErrStopped says that ctx ended before the run was over.
var ErrStopped = errors.New("stopped before the end")

const (
	batch     = 32                     // rows that are leased at a time
	lookEvery = 30 * time.Second       // for leases of processes that have died
	idle      = 200 * time.Millisecond // between looks for rows that others may give back
)

func (o Options) orDefault() Options {
	if o.Connections <= 0 {
		o.Connections = 1
	}
	if o.Breaker == nil {
		o.Breaker = &mailer.Breaker{}
	}
	if o.Grace <= 0 {
		o.Grace = 20 * time.Second
	}
	if o.Lease <= 0 {
		o.Lease = 2 * time.Minute
	}
	if o.Told == nil {
		o.Told = func(ledger.Delivery, mailer.Outcome) {}
	}
	if o.Again == nil {
		o.Again = func(attempts int, first, now time.Time) (time.Time, bool) {
			return mailer.NextAttempt(attempts, first, now, rand.Float64())
		}
	}
	return o
}

// run is a call of Run.
type run struct {
	Options
	ledger    *ledger.Ledger
	writer    Writer
	committer *ledger.Committer
	letters   chan mailer.Envelope
	slow      map[string]time.Time // domains that must wait until then

	mu       sync.Mutex
	result   Result
	handed   int // to carriers, of Limit
	ended    int // of them
	open     int // outcomes on their way into the ledger
	settling sync.WaitGroup
	failure  error
}

// hand is what an envelope refers to.
type hand struct {
	row    ledger.Delivery
	date   time.Time
	marked bool // it was told to be in flight
}

// Run sends what is due of an issue, until nothing is, or the limit is reached. Errors:
// ErrStopped if ctx ended; of the ledger and the writer, after which the ledger is true
// and a further run goes on. That the issue is paused is no error.
func Run(ctx context.Context, l *ledger.Ledger, w Writer, o Options) (Result, error) {
	r := &run{Options: o.orDefault(), ledger: l, writer: w, slow: map[string]time.Time{}, letters: make(chan mailer.Envelope)}
	recovered, err := l.Recover(ctx, r.Machine(), r.Worker, r.Alive)
	if err != nil {
		return r.result, fmt.Errorf("take over what others left: %w", err)
	}
	r.result.Recovered = recovered
	r.committer = l.NewCommitter(ctx, r.Worker, ledger.Grouping{})
	inner, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	beat := r.heartbeat(inner)
	carriers := r.carry(inner)
	err = r.produce(ctx)
	close(r.letters)
	r.drain(carriers, cut)
	beat()
	end, done := context.WithTimeout(context.WithoutCancel(ctx), r.Grace)
	defer done()
	r.settling.Wait()
	err = errors.Join(err, r.failure, r.committer.Close(), l.ReleaseAll(end, r.Worker, r.Machine()))
	return r.result, errors.Join(err, r.look(end))
}

// drain waits for letters in hand, and cuts the connections when that takes too long.
func (r *run) drain(carriers *sync.WaitGroup, cut context.CancelFunc) {
	ended := make(chan struct{})
	go func() {
		carriers.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(r.Grace):
		cut()
		<-ended
	}
}

// look says how the issue is now.
func (r *run) look(ctx context.Context) error {
	next, open, err := r.ledger.Next(ctx, r.Issue)
	if err != nil {
		return err
	}
	state, err := r.ledger.Issue(ctx, r.Issue)
	if err != nil {
		return err
	}
	r.result.Done = !open
	if open {
		r.result.Next = next
	}
	if !state.Paused.IsZero() {
		r.result.Paused = state.Why
	}
	return nil
}

// heartbeat keeps the leases, and takes over those of processes that have died. It
// returns what ends it.
func (r *run) heartbeat(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(r.Lease / 4)
		defer tick.Stop()
		last := time.Now()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// Who cannot extend a lease loses it in the end, and is told so by InFlight.
			_ = r.ledger.Extend(ctx, r.Worker, r.Machine().Add(r.Lease))
			if time.Since(last) > lookEvery {
				last = time.Now()
				_, _ = r.ledger.Recover(ctx, r.Machine(), r.Worker, r.Alive) // the next look does it
			}
		}
	}()
	return func() { cancel(); <-done }
}
