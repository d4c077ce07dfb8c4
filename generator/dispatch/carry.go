package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
)

var (
	// errNotOurs says that a row was lost to another sender: its letter must not go out.
	errNotOurs = errors.New("the letter is another sender's now")
	// errStopping says that the run is about to end.
	errStopping = errors.New("the run is stopped")
)

// line is a carrier's connection.
type line struct {
	cut    context.CancelFunc
	flying bool // its letter is in flight, and not answered; guarded by run.mu
}

// carry starts the carriers. They end when there are no more letters, or when ctx does.
func (r *run) carry(ctx context.Context) *sync.WaitGroup {
	var all sync.WaitGroup
	for range r.Connections {
		ctx, cut := context.WithCancel(ctx)
		l := &line{cut: cut}
		r.lines = append(r.lines, l)
		all.Go(func() {
			defer cut()
			c := r.Carrier()
			defer c.Close()
			r.carrier(ctx, c, l)
		})
	}
	return &all
}

// stop cuts every line on which no letter is in flight. From now on none will be.
func (r *run) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopping = true
	for _, l := range r.lines {
		if !l.flying {
			l.cut()
		}
	}
}

// fly notes that a letter is put in flight, unless the run is about to end.
func (r *run) fly(l *line) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	l.flying = !r.stopping
	return l.flying
}

// land notes that a line has no letter in flight any more.
func (r *run) land(l *line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.flying = false; r.stopping {
		l.cut()
	}
}

// carrier runs one connection, and makes it anew when it is lost, later each time.
func (r *run) carrier(ctx context.Context, c Carrier, l *line) {
	const longest = 30 * time.Second
	beforeDot := func(e *mailer.Envelope) error { return r.beforeDot(l, e) }
	settled := func(e *mailer.Envelope, o mailer.Outcome) { r.settled(l, e, o) }
	for wait := time.Second; ; wait = min(2*wait, longest) {
		before := r.sent()
		err := c.Run(ctx, r.letters, beforeDot, settled)
		if err == nil || ctx.Err() != nil {
			return
		}
		if r.sent() > before {
			wait = time.Second
		}
		if _, open := r.Breaker.Open(); open {
			r.spill(ctx)
			return
		}
		if !r.rest(ctx, wait) {
			return
		}
	}
}

// rest waits, and reports whether there may be more letters after that.
func (r *run) rest(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-r.over:
		return false
	case <-timer.C:
		return true
	}
}

// spill gives back the letters that wait for a carrier, when there is none any more.
func (r *run) spill(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e, more := <-r.letters:
			if !more {
				return
			}
			r.giveBack(e.Ref.(*hand))
		}
	}
}

// giveBack makes the row what it was before it was leased, also when the run is about to
// end: the letter was never handed over.
func (r *run) giveBack(h *hand) {
	r.fail(r.ledger.Release(context.Background(), r.Worker, []ledger.Lease{h.row.Lease}, r.Machine()))
	r.end(false)
}

// beforeDot puts the letter in flight. Only when that is on the disk may it go out.
func (r *run) beforeDot(l *line, e *mailer.Envelope) error {
	if !r.fly(l) {
		return errStopping
	}
	h := e.Ref.(*hand)
	refused, err := r.committer.InFlight(ledger.Mark{Lease: h.row.Lease, Date: h.date, Relay: r.Host, At: r.Machine()})
	switch {
	case err != nil:
		r.fail(err)
		return err
	case len(refused) > 0:
		return errNotOurs
	}
	h.marked = true
	return nil
}

// settled writes down what became of a letter.
func (r *run) settled(l *line, e *mailer.Envelope, o mailer.Outcome) {
	h := e.Ref.(*hand)
	r.land(l)
	unheard := o.State == mailer.Transport || o.State == mailer.Deferred && o.Code == 0
	if unheard && !h.marked && r.isStopping() { // it was cut by us
		r.giveBack(h)
		return
	}
	r.Breaker.Note(o)
	if r.Rates != nil {
		r.Rates.Note(h.row.Domain, o, r.Machine())
	}
	r.Told(h.row, o)
	if o.State == mailer.Transport && h.marked { // it is certain that nothing went out
		r.committer.Settle(ledger.Outcome{Lease: h.row.Lease, State: ledger.Deferred, NextAt: r.Now(), Date: h.date, Relay: r.Host, Reason: string(o.Reason), At: r.Machine()})
		r.end(false)
		return
	}
	if unheard && !h.marked {
		r.giveBack(h)
		return
	}
	out := r.outcome(h, o)
	r.count(out.State)
	r.committer.Settle(out)
	r.end(!unheard)
}

// outcome says in the ledger's words what became of a letter.
func (r *run) outcome(h *hand, o mailer.Outcome) ledger.Outcome {
	out := ledger.Outcome{Lease: h.row.Lease, Date: h.date, Relay: r.Host, Code: o.Code, Enhanced: o.Enhanced, Reply: o.Reply, Reason: string(o.Reason), At: r.Machine()}
	switch o.State {
	case mailer.Sent:
		out.State, out.Reason = ledger.Sent, ""
		if o.QueueID != "" && out.Reply == "" {
			out.Reply = o.QueueID
		}
	case mailer.Failed:
		out.State = ledger.Failed
	case mailer.Unknown:
		out.State = ledger.Unknown
	default: // deferred, or refused for what is not in the address
		out.State, out.Since = ledger.Deferred, h.row.Since
		if out.Since.IsZero() {
			out.Since = r.Now()
		}
		var again bool
		if out.NextAt, again = r.Again(h.row.Attempts+1, out.Since, r.Now()); !again && o.State == mailer.Policy {
			out.NextAt = r.Now().Add(policyWait) // age is not what is wrong with it
		} else if !again {
			out.State, out.Reason = ledger.Failed, ledger.ReasonTooLate
		}
	}
	return out
}

// policyWait is how long an old letter waits that was refused for what is not in its
// address; the breaker pauses the issue meanwhile.
const policyWait = 4 * time.Hour

func (r *run) count(s ledger.State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch s {
	case ledger.Sent:
		r.result.Sent++
	case ledger.Deferred:
		r.result.Deferred++
	case ledger.Failed:
		r.result.Failed++
	case ledger.Suppressed:
		r.result.Suppressed++
	case ledger.Unknown:
		r.result.Unknown++
	}
}

func (r *run) sent() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result.Sent
}

// begun notes that a carrier has a letter.
func (r *run) begun() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inHand++
	r.used++
}

// end notes that a carrier has a letter no more, and whether it counts for Limit.
func (r *run) end(counts bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inHand--; !counts {
		r.used--
	}
}

// isBusy reports whether carriers have letters.
func (r *run) isBusy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.inHand > 0
}

func (r *run) isStopping() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopping
}

// hasFailed reports whether the run must end: nothing is sent that cannot be written down.
func (r *run) hasFailed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure != nil
}

// fail ends the run.
func (r *run) fail(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		r.failure = err
	}
}
