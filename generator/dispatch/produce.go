package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
)

// produce leases rows and hands their letters to carriers until there is nothing to do.
func (r *run) produce(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return ErrStopped
		}
		if stop, err := r.paused(ctx); stop || err != nil {
			return err
		}
		n, done := r.room()
		switch {
		case done:
			return nil
		case n == 0: // one in hand may be given back
			if !sleep(ctx, idle) {
				return ErrStopped
			}
			continue
		}
		wait, err := r.batch(ctx, n)
		if errors.Is(err, errPaused) {
			return nil
		}
		if err != nil || wait < 0 {
			return stopped(ctx, err)
		}
		if wait > 0 && !sleep(ctx, wait) {
			return ErrStopped
		}
	}
}

// stopped returns err as what it is when the end of ctx has caused it.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ErrStopped
	}
	return err
}

// sleep waits, and reports whether ctx lasted.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// paused pauses the issue if the breaker has opened, and reports whether it is paused, or
// a carrier has failed.
func (r *run) paused(ctx context.Context) (bool, error) {
	if r.hasFailed() {
		return true, nil
	}
	if why, open := r.Breaker.Open(); open {
		return true, r.ledger.Pause(ctx, r.Issue, why.Encode(), r.Now()) // the clock of the 48 hours
	}
	return false, nil
}

// room says how many rows may be leased now by the limit of this run and by its rate: rows
// that are leased long before they can go are kept from others. done: the limit is reached.
func (r *run) room() (n int, done bool) {
	const ahead = 5 * time.Second
	n = batch
	if r.Rates != nil {
		n = min(n, r.Rates.Within(r.Host, ahead))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Limit > 0 {
		n = min(n, max(0, r.Limit-r.used))
	}
	return n, n == 0 && r.inHand == 0
}

// batch leases up to n rows, has their letters written and hands them on. If there are
// none, it returns how long to wait, less than 0 if the run is over.
func (r *run) batch(ctx context.Context, n int) (wait time.Duration, err error) {
	now := r.Now()
	lease := r.Machine().Add(r.Lease).Sub(now) // it ends by the clock that others look at
	windows := r.windows()
	ceiling := ledger.Ceiling{Relay: r.Host}
	for _, w := range windows {
		ceiling.Limits = append(ceiling.Limits, w.limit)
	}
	rows, spent, err := r.ledger.ClaimWithin(ctx, r.Worker, r.Issue, n, now, lease, r.slowDomains(), ceiling)
	if errors.Is(err, ledger.ErrPaused) {
		return -1, errPaused
	}
	if err != nil {
		return -1, err
	}
	r.spent = spent
	if len(rows) == 0 {
		if wait, err = r.untilNext(ctx); err != nil || wait < 0 {
			return -1, err
		}
		return max(wait, r.held(windows, spent)), nil
	}
	letters, err := r.writer.Write(ctx, rows, r.Now())
	if err != nil {
		return -1, err
	}
	for i, l := range letters {
		if on, err := r.pass(ctx, l, rows[i]); err != nil || !on {
			return 0, err
		}
	}
	return 0, nil
}

// pass brings a letter on its way, or notes why there is none. It reports whether the next
// one may come.
func (r *run) pass(ctx context.Context, l Letter, row ledger.Delivery) (bool, error) {
	const tooMany = 10 // in a row: that is not about the members
	switch {
	case l.Suppress != "":
		r.count(ledger.Suppressed)
		r.committer.Settle(ledger.Outcome{Lease: row.Lease, State: ledger.Suppressed, Reason: l.Suppress, At: r.Machine()})
		return true, nil
	case l.Err != nil:
		r.count(ledger.Failed)
		r.committer.Settle(ledger.Outcome{Lease: row.Lease, State: ledger.Failed, Reason: ledger.ReasonUnwritten, Reply: l.Err.Error(), At: r.Machine()})
		r.Told(row, mailer.Outcome{State: mailer.Failed})
		if r.unwritten++; r.unwritten >= tooMany {
			return false, fmt.Errorf("write letters, %d in a row: %w", r.unwritten, l.Err)
		}
		return true, nil
	}
	r.unwritten = 0
	l.Envelope.Ref = &hand{row: row, date: l.Date}
	return r.hand(ctx, l, row)
}

// errPaused ends a run because somebody has paused the issue.
var errPaused = errors.New("the issue is paused")

// hand gives a letter to a carrier when the rates allow it. The row of a domain that
// must wait long is given back, so that the others need not wait for it.
func (r *run) hand(ctx context.Context, l Letter, row ledger.Delivery) (bool, error) {
	const patience = time.Second
	for {
		if _, open := r.Breaker.Open(); open || r.hasFailed() {
			return false, nil // the issue is about to be paused; what is leased is given back
		}
		if r.Rates == nil {
			break
		}
		wait := r.Rates.Take(r.Host, row.Domain, r.Machine())
		if wait <= 0 {
			break
		}
		if whole := r.Rates.Wait(r.Host, r.Machine()); whole > patience { // so must all others
			r.paced(whole)
			wait = patience
		}
		if wait > patience {
			r.slow[row.Domain] = r.Machine().Add(wait)
			return true, r.ledger.Release(ctx, r.Worker, []ledger.Lease{row.Lease}, r.Machine())
		}
		if !sleep(ctx, wait) {
			return false, ErrStopped
		}
	}
	r.begun()
	select {
	case <-ctx.Done():
		r.end(false) // the row is given back when the run ends
		return false, ErrStopped
	case r.letters <- l.Envelope:
		return true, nil
	}
}

// slowDomains are those that must wait now.
func (r *run) slowDomains() []string {
	var names []string
	now := r.Machine()
	for name, until := range r.slow {
		if now.Before(until) {
			names = append(names, name)
		} else {
			delete(r.slow, name)
		}
	}
	slices.Sort(names)
	return names
}

// untilNext says how long to wait when nothing could be leased: less than 0 if the run is
// over. Rows of others, and those that wait for their domain, may come at any time.
func (r *run) untilNext(ctx context.Context) (time.Duration, error) {
	now := r.Machine()
	for _, until := range r.slow {
		if now.Before(until) {
			return min(until.Sub(now), time.Second), nil
		}
	}
	if !r.isBusy() { // what senders had that have died is all that may be left
		if _, err := r.ledger.Recover(ctx, r.Machine(), r.Worker, r.Alive); err != nil {
			return -1, err
		}
	}
	next, open, err := r.ledger.Next(ctx, r.Issue)
	if err != nil || !open {
		return -1, err
	}
	wait := next.Sub(r.Now())
	switch {
	case r.isBusy():
		return idle, nil // one of them may be deferred for a moment only
	case wait > idle:
		counts, err := r.ledger.Counts(ctx, r.Issue)
		if err != nil {
			return -1, err
		}
		if counts.Leased+counts.InFlight > 0 { // another sender has the rest: should it die, this one goes on
			return min(wait, time.Second), nil
		}
		if !r.Wait {
			return -1, nil
		}
	}
	return min(max(wait, idle), lookEvery), nil
}
