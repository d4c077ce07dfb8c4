package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
)

// errNotOurs says that a row was lost to another sender: its letter must not go out.
var errNotOurs = errors.New("the letter is another sender's now")

// carry starts the carriers. They end when there are no more letters, or when ctx does.
func (r *run) carry(ctx context.Context) *sync.WaitGroup {
	var all sync.WaitGroup
	for range r.Connections {
		all.Go(func() {
			c := r.Carrier()
			defer c.Close()
			r.carrier(ctx, c)
		})
	}
	return &all
}

// carrier runs one connection, and makes it anew when it is lost, later each time.
func (r *run) carrier(ctx context.Context, c Carrier) {
	const longest = 30 * time.Second
	for wait := time.Second; ; wait = min(2*wait, longest) {
		before := r.sent()
		err := c.Run(ctx, r.letters, r.beforeDot, r.settled)
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
		if !sleep(ctx, wait) {
			return
		}
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
			r.release(ctx, e.Ref.(*hand).row)
			r.end()
		}
	}
}

func (r *run) release(ctx context.Context, row ledger.Delivery) {
	r.fail(r.ledger.Release(ctx, r.Worker, []ledger.Lease{row.Lease}, r.Machine()))
}

// beforeDot puts the letter in flight. Only when that is on the disk may it go out.
func (r *run) beforeDot(e *mailer.Envelope) error {
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
func (r *run) settled(e *mailer.Envelope, o mailer.Outcome) {
	h := e.Ref.(*hand)
	defer r.end()
	r.Breaker.Note(o)
	if r.Rates != nil {
		r.Rates.Note(h.row.Domain, o, r.Machine())
	}
	r.Told(h.row, o)
	if o.State == mailer.Transport && h.marked { // it is certain that nothing went out
		r.committer.Settle(ledger.Outcome{Lease: h.row.Lease, State: ledger.Deferred, NextAt: r.Now(), Date: h.date, Relay: r.Host, Reason: string(o.Reason), At: r.Machine()})
		return
	}
	if o.State == mailer.Transport || !h.marked && o.State == mailer.Deferred && o.Code == 0 {
		// It was never handed over, and is as it was.
		r.release(context.WithoutCancel(context.Background()), h.row)
		return
	}
	out := r.outcome(h, o)
	r.count(out.State)
	wait := r.committer.Settle(out)
	if r.HourLimit > 0 || r.DayLimit != nil { // until it is in the ledger, it counts here
		r.add(&r.open, 1)
		r.settling.Go(func() {
			_, _ = wait() // the committer tells of failures when it is closed
			r.add(&r.open, -1)
		})
	}
}

func (r *run) add(to *int, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*to += n
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

// end notes that a carrier has a letter no more.
func (r *run) end() {
	r.add(&r.ended, 1)
}

// inHand is how many letters carriers have.
func (r *run) inHand() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.handed - r.ended
}

// fail ends the run: nothing is sent that cannot be written down.
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
