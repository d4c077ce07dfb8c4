package ledger

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrClosed says that a Committer was closed before.
var ErrClosed = errors.New("the ledger takes no more letters")

// Grouping says how many marks and outcomes share a commit; zero values mean what is
// said beside them.
type Grouping struct {
	Rows     int           // commit at once when so many wait; 64
	Marks    time.Duration // how long a mark waits for others while no commit runs; not at all
	Outcomes time.Duration // how long an outcome may; 50 ms
}

func (g Grouping) orDefault() Grouping {
	if g.Rows <= 0 {
		g.Rows = 64
	}
	if g.Outcomes == 0 {
		g.Outcomes = 50 * time.Millisecond
	}
	return g
}

// commitTimeout is how long a commit may take. A database on the other side of a network
// may never answer.
const commitTimeout = 30 * time.Second

// Committer stores what many connections of a worker do in few commits, because each
// waits for the disk. While one commit runs, the next one gathers; that alone makes groups
// of a good size, and waiting for more on top of it has cost more than it gave. It may be
// used by several goroutines.
type Committer struct {
	ledger   *Ledger
	worker   Worker
	grouping Grouping
	ctx      context.Context
	requests chan *request
	done     chan struct{}

	lock   sync.RWMutex // closed, and nobody sends meanwhile
	closed bool
	failed error // the first; to be read when done
}

// request is what one caller wants to have stored.
type request struct {
	marks    []Mark
	outcomes []Outcome
	refused  struct {
		marks    []Mark
		outcomes []Outcome
	}
	err  error
	done chan struct{} // closed when the rest is set
}

// NewCommitter starts a Committer for w, which must be closed. What is handed to it is
// stored also when ctx has ended.
func (l *Ledger) NewCommitter(ctx context.Context, w Worker, g Grouping) *Committer {
	c := &Committer{ledger: l, worker: w, grouping: g.orDefault(), ctx: context.WithoutCancel(ctx),
		requests: make(chan *request, 256), done: make(chan struct{})}
	go c.run()
	return c
}

// InFlight does as Ledger.InFlight, and returns when this is on the disk. It does not
// look at any context: the caller needs the answer.
func (c *Committer) InFlight(marks ...Mark) (refused []Mark, err error) {
	r := &request{marks: marks}
	if err := c.hand(r); err != nil {
		return nil, err
	}
	<-r.done
	return r.refused.marks, r.err
}

// Settle does as Ledger.Settle, but returns at once. wait returns when it is on the disk,
// with the outcomes that do not count; nobody need call it. What could not be stored then
// shows in the error of Close, and the letters become unknown.
func (c *Committer) Settle(outcomes ...Outcome) (wait func() (refused []Outcome, err error)) {
	r := &request{outcomes: outcomes}
	err := checkOutcomes(outcomes)
	if err == nil {
		err = c.hand(r)
	}
	if err != nil {
		return func() ([]Outcome, error) { return nil, err }
	}
	return func() ([]Outcome, error) {
		<-r.done
		return r.refused.outcomes, r.err
	}
}

// Close stores what waits, and returns the first failure there was.
func (c *Committer) Close() error {
	c.lock.Lock()
	if !c.closed {
		c.closed = true
		close(c.requests)
	}
	c.lock.Unlock()
	<-c.done
	return c.failed
}

func (c *Committer) hand(r *request) error {
	r.done = make(chan struct{})
	c.lock.RLock()
	defer c.lock.RUnlock()
	if c.closed {
		return ErrClosed
	}
	c.requests <- r
	return nil
}

// run commits group after group until there are no more requests.
func (c *Committer) run() {
	defer close(c.done)
	for first := range c.requests {
		c.commit(c.gather(first))
	}
}

// gather returns the requests of the next commit.
func (c *Committer) gather(first *request) []*request {
	group, rows := []*request{}, 0
	timer := time.NewTimer(c.grouping.Outcomes)
	defer timer.Stop()
	urgent := false
	for r, open := first, true; open; {
		group = append(group, r)
		rows += len(r.marks) + len(r.outcomes)
		if len(r.marks) > 0 && !urgent {
			urgent = true
			timer.Reset(min(c.grouping.Marks, c.grouping.Outcomes))
		}
		if rows >= c.grouping.Rows {
			return group
		}
		select { // who waits already goes along, also when the time is over
		case r, open = <-c.requests:
			continue
		default:
		}
		if urgent && c.grouping.Marks <= 0 {
			return group
		}
		select {
		case r, open = <-c.requests:
		case <-timer.C:
			return group
		}
	}
	return group
}

// commit stores a group and answers everybody in it.
func (c *Committer) commit(group []*request) {
	var marks []Mark
	var outcomes []Outcome
	for _, r := range group {
		marks, outcomes = append(marks, r.marks...), append(outcomes, r.outcomes...)
	}
	ctx, cancel := context.WithTimeout(c.ctx, commitTimeout)
	defer cancel()
	stale, late, err := c.ledger.commit(ctx, c.worker, marks, outcomes)
	if err != nil && c.failed == nil {
		c.failed = err
	}
	staleLeases, lateLeases := count(stale), count(late)
	for i := len(group) - 1; i >= 0; i-- { // of two who name one lease, the first had it
		r := group[i]
		r.refused.marks, r.refused.outcomes, r.err = among(r.marks, staleLeases), among(r.outcomes, lateLeases), err
		close(r.done)
	}
}

func count[T leased](rows []T) map[Lease]int {
	n := map[Lease]int{}
	for _, row := range rows {
		n[row.lease()]++
	}
	return n
}

// among returns the rows that are counted in n, and takes them out of it.
func among[T leased](rows []T, n map[Lease]int) (found []T) {
	for _, row := range rows {
		if n[row.lease()] > 0 {
			n[row.lease()]--
			found = append(found, row)
		}
	}
	return found
}
