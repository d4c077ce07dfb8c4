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
// # Limits
//
// The letters of an hour and of a day are counted in the ledger, in the transaction that
// leases the next ones: of all issues, through all processes, whenever they began. What is
// in anybody's hand counts, and so does what is unknown; no sender is over a limit, however
// many there are. Rates, which are letters a second, are each process's own, and a part of
// the configured ones: senders tell the ledger every few seconds that they are there, and
// each takes the n-th part. So together they are as fast as one may be, but for the seconds
// until all have heard of one that came; one that died on another machine keeps its part
// for some seconds more. A run goes on at the pace at which the last one ended.
//
// # Stopping
//
// When ctx ends, no further rows are leased, and no letter is put in flight any more. What
// is in flight is waited for, for Grace at most; every other connection is cut at once, and
// its row given back as it was. A Breaker pauses the issue with its reason, as
// diag.Problem.Encode writes it; who resumes it sends again. A clock that jumps does no harm: times of the machine only make leases and
// waits longer or shorter.
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
	// error ends the run; what is wrong with one member is a Letter with Suppress or Err.
	Write(ctx context.Context, rows []ledger.Delivery, now time.Time) ([]Letter, error)
}

// Letter is a letter of one row, or the reason why there is none.
type Letter struct {
	Envelope mailer.Envelope
	Date     time.Time // of the letter: the ledger keeps it for every attempt
	Suppress string    // a word: why the member gets no letter, for good; "" to send it
	// Err is why the letter cannot be written, nil if it is: the row has failed with
	// ledger.ReasonUnwritten, and the others go on. Many in a row end the run.
	Err error
}

// Allowance is how much of a limit is used, when a run has to wait for it.
type Allowance struct {
	Sent, Limit int       // letters that the relay has had or is about to have, and may have
	Day         bool      // of the day, else of the last 60 minutes
	Until       time.Time // by the machine's clock: when the next one may go
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
	Limit       int                     // letters of this run that are answered, or unknown; 0: all
	HourLimit   int                     // letters an hour through all processes, as the ledger has them; 0: none
	DayLimit    func(now time.Time) int // likewise on the day of now, in its zone, as a warm-up allows; nil: none
	Wait        bool                    // stay until nothing is deferred any more
	Grace       time.Duration           // how long letters in flight may take when the run ends; 20 s
	Lease       time.Duration           // 2 minutes

	Now     func() time.Time // the site's clock: Date headers, and when deferred letters are due
	Machine func() time.Time // the machine's: leases
	Alive   func(pid int) bool
	Told    func(ledger.Delivery, mailer.Outcome)
	Waiting func(Allowance) // called when a limit makes the run wait, once an hour or a day; of a slow rate, once

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
	attends   = 5 * time.Second        // between looks for who sends besides
	attended  = 20 * time.Second       // how long one counts who is silent
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
	if o.Waiting == nil {
		o.Waiting = func(Allowance) {}
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
	told      map[bool]time.Time   // until when Waiting need not be called again, of the day's limit and the hour's
	spent     []ledger.Spent       // of the limits, before the last claim
	slowly    bool                 // Waiting was called for the rate
	unwritten int                  // letters since the last that could be written
	over      chan struct{}        // closed when no more letters come

	mu       sync.Mutex
	result   Result
	inHand   int // letters that carriers have
	used     int // letters of Limit: in hand, answered or unknown
	failure  error
	lines    []*line
	stopping bool // ctx has ended
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
	r := &run{Options: o.orDefault(), ledger: l, writer: w, slow: map[string]time.Time{}, told: map[bool]time.Time{},
		letters: make(chan mailer.Envelope), over: make(chan struct{})}
	recovered, err := l.Recover(ctx, r.Machine(), r.Worker, r.Alive)
	if err != nil {
		return r.result, fmt.Errorf("take over what others left: %w", err)
	}
	r.result.Recovered = recovered
	if err := r.begin(ctx); err != nil {
		return r.result, err
	}
	r.committer = l.NewCommitter(ctx, r.Worker, ledger.Grouping{})
	inner, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	beat := r.heartbeat(inner)
	carriers := r.carry(inner)
	defer context.AfterFunc(ctx, r.stop)()
	err = r.produce(ctx)
	close(r.over)
	close(r.letters)
	r.drain(carriers, cut)
	beat()
	end, done := context.WithTimeout(context.WithoutCancel(ctx), r.Grace)
	defer done()
	err = errors.Join(err, r.failure, r.committer.Close(), l.ReleaseAll(end, r.Worker, r.Machine()), l.Leave(end, r.Worker))
	return r.result, errors.Join(err, r.look(end))
}

// begin says that this process sends, and looks how fast it may be from the start.
func (r *run) begin(ctx context.Context) error {
	if err := r.attend(ctx); err != nil || r.Rates == nil {
		return err
	}
	gap := r.Rates.Gap()
	if gap == 0 {
		return nil
	}
	sent, err := r.ledger.SentSince(ctx, r.Machine().Add(-gap))
	if err != nil {
		return err
	}
	last := map[string]time.Time{}
	for _, s := range sent {
		if s.Relay == r.Host { // letters to the outbox say nothing of a relay
			last[s.Domain] = s.Last
		}
	}
	r.Rates.Resume(r.Host, last)
	return nil
}

// attend says that this process sends, and takes its part of the rates.
func (r *run) attend(ctx context.Context) error {
	now := r.Machine()
	n, err := r.ledger.Attend(ctx, r.Worker, r.Host, now, now.Add(attended))
	if err == nil && r.Rates != nil {
		r.Rates.Share(n, now)
	}
	return err
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

// heartbeat keeps the leases, takes over those of processes that have died, and looks who
// sends besides. It returns what ends it.
func (r *run) heartbeat(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(r.Lease / 4)
		defer tick.Stop()
		look := time.NewTicker(attends)
		defer look.Stop()
		last := time.Now()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				_ = r.attend(ctx) // until the next look, all is as it was
				continue
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
