package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"kaiho/generator/ledger"
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
		n, wait, err := r.room(ctx)
		if err != nil {
			return err
		}
		if n == 0 && wait == 0 {
			return nil // the limit of this run
		}
		if n > 0 {
			sent, err := r.batch(ctx, n)
			if errors.Is(err, errPaused) {
				return nil
			}
			if err != nil {
				return stopped(ctx, err)
			}
			if sent {
				continue
			}
			if wait, err = r.untilNext(ctx); err != nil || wait < 0 {
				return stopped(ctx, err)
			}
		}
		if !sleep(ctx, wait) {
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
	r.mu.Lock()
	failed := r.failure != nil
	r.mu.Unlock()
	if failed {
		return true, nil
	}
	if why, open := r.Breaker.Open(); open {
		return true, r.ledger.Pause(ctx, r.Issue, why.Encode(), r.Now()) // the clock of the 48 hours
	}
	return false, nil
}

// room says how many rows may be leased now, or how long to wait; 0 and 0 if the run's
// limit is reached.
func (r *run) room(ctx context.Context) (n int, wait time.Duration, err error) {
	n = batch
	r.mu.Lock()
	if r.Limit > 0 {
		n = min(n, r.Limit-r.handed)
	}
	r.mu.Unlock()
	if n <= 0 {
		return 0, 0, nil
	}
	now := r.Machine()
	for _, window := range []struct {
		limit int
		since time.Time
		wait  time.Duration
	}{
		{r.HourLimit, now.Add(-time.Hour), 10 * time.Second},
		{r.dayLimit(), dayOf(now, r.Now().Location()), time.Minute},
	} {
		if window.limit <= 0 {
			continue
		}
		rates, err := r.ledger.SentSince(ctx, window.since)
		if err != nil {
			return 0, 0, err
		}
		r.mu.Lock()
		sent := r.handed - r.ended + r.open
		r.mu.Unlock()
		for _, rate := range rates {
			if rate.Relay != r.Host {
				continue // letters to the outbox say nothing of a relay
			}
			sent += int(rate.Sent)
		}
		if left := window.limit - sent; left <= 0 {
			return 0, window.wait, nil
		} else if left < n {
			n = left
		}
	}
	return n, 0, nil
}

// dayLimit is that of today; 0: none.
func (r *run) dayLimit() int {
	if r.DayLimit == nil {
		return 0
	}
	return r.DayLimit(r.Now())
}

// dayOf is the midnight with which the day of t begins.
func dayOf(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// batch leases up to n rows, has their letters written and hands them on. It reports
// whether there were any.
func (r *run) batch(ctx context.Context, n int) (any bool, err error) {
	now := r.Now()
	lease := r.Machine().Add(r.Lease).Sub(now) // it ends by the clock that others look at
	rows, err := r.ledger.Claim(ctx, r.Worker, r.Issue, n, now, lease, r.slowDomains())
	if errors.Is(err, ledger.ErrPaused) {
		return false, errPaused
	}
	if err != nil || len(rows) == 0 {
		return false, err
	}
	letters, err := r.writer.Write(ctx, rows, r.Now())
	if err != nil {
		return true, err
	}
	for i, l := range letters {
		if l.Suppress != "" {
			r.count(ledger.Suppressed)
			r.committer.Settle(ledger.Outcome{Lease: rows[i].Lease, State: ledger.Suppressed, Reason: l.Suppress, At: r.Machine()})
			continue
		}
		l.Envelope.Ref = &hand{row: rows[i], date: l.Date}
		if handed, err := r.hand(ctx, l, rows[i]); err != nil {
			return true, err
		} else if !handed {
			return true, nil
		}
	}
	return true, nil
}

// errPaused ends a run because somebody has paused the issue.
var errPaused = errors.New("the issue is paused")

// hand gives a letter to a carrier when the rates allow it. The row of a domain that
// must wait long is given back, so that the others need not wait for it.
func (r *run) hand(ctx context.Context, l Letter, row ledger.Delivery) (bool, error) {
	const patience = time.Second
	if _, open := r.Breaker.Open(); open {
		return false, nil // the issue is about to be paused; what is leased is given back
	}
	for r.Rates != nil {
		wait := r.Rates.Take(r.Host, row.Domain, r.Machine())
		if wait <= 0 {
			break
		}
		if wait > patience {
			r.slow[row.Domain] = r.Machine().Add(wait)
			return true, r.ledger.Release(ctx, r.Worker, []ledger.Lease{row.Lease}, r.Machine())
		}
		if !sleep(ctx, wait) {
			return false, ErrStopped
		}
	}
	select {
	case <-ctx.Done():
		return false, ErrStopped
	case r.letters <- l.Envelope:
		r.mu.Lock()
		r.handed++
		r.mu.Unlock()
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
	if r.inHand() == 0 { // what senders had that have died is all that may be left
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
	case r.inHand() > 0:
		return idle, nil // one of them may be deferred for a moment only
	case !r.Wait && wait > idle:
		counts, err := r.ledger.Counts(ctx, r.Issue)
		if err != nil || counts.Leased+counts.InFlight == 0 {
			return -1, err
		}
		return time.Second, nil // another sender has the rest: should it die, this one goes on
	}
	return min(max(wait, idle), lookEvery), nil
}
