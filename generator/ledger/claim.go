package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kaiho/generator/store"
)

// Worker is who leases rows: host:pid:random. A process has one, made when it starts;
// no two hosts on one database may have the same name.
type Worker string

// NewWorker returns a worker of the process pid on host, which no other has had.
func NewWorker(host string, pid int) Worker {
	return Worker(strings.ReplaceAll(host, ":", "-") + ":" + strconv.Itoa(pid) + ":" + newToken())
}

// process returns where the worker runs; false if its name is not one of NewWorker.
func (w Worker) process() (host string, pid int, ok bool) {
	parts := strings.Split(string(w), ":")
	if len(parts) != 3 {
		return "", 0, false
	}
	pid, err := strconv.Atoi(parts[1])
	return parts[0], pid, err == nil
}

// Claim leases up to n rows of an issue to w, until now+lease, and returns them: first
// deferred ones that are due, then pending ones, each by NextAt and member, going on
// where the last claim of this Ledger ended and beginning again when there are no more.
// Rows to the domains of not are passed over. Nobody else is given them while the lease lasts; Extend it
// in time. If fewer than n are returned, there are no more now; Next says when to ask
// again. Those of people who were erased are not returned but suppressed.
//
// It reads the beginning of a range of an index, however many rows there are; over
// rows of the domains of not it has to step. Errors: ErrPaused, with the reason.
func (l *Ledger) Claim(ctx context.Context, w Worker, issue string, n int, now time.Time, lease time.Duration, not []string) (claimed []Delivery, err error) {
	claimed, _, err = l.ClaimWithin(ctx, w, issue, n, now, lease, not, Ceiling{})
	return claimed, err
}

// ClaimWithin does as Claim, but leases no more than a ceiling leaves to all senders
// together, and returns how much of each of its limits was spent before. Who looks and
// who leases at the same time wait for each other: nothing is given away twice.
func (l *Ledger) ClaimWithin(ctx context.Context, w Worker, issue string, n int, now time.Time, lease time.Duration, not []string, most Ceiling) (claimed []Delivery, spent []Spent, err error) {
	c := claim{worker: w, issue: issue, now: now, until: now.Add(lease), not: not}
	cursor := l.marks.of(issue)
	err = l.db.Tx(ctx, func(tx *store.Tx) error {
		claimed = claimed[:0]
		left, err := n, error(nil)
		if spent, err = most.spent(ctx, tx); err != nil {
			return err
		}
		for i, s := range spent {
			left = min(left, s.Left(most.Limits[i]))
		}
		state, err := issueState(ctx, tx, issue)
		if err != nil {
			return err
		}
		if !state.Paused.IsZero() {
			return fmt.Errorf("%w: %s", ErrPaused, state.Why)
		}
		for _, from := range []State{Deferred, Pending} {
			more, err := c.from(ctx, tx, from, left-len(claimed), cursor)
			if err != nil {
				return err
			}
			claimed = append(claimed, more...)
		}
		if claimed, err = c.withoutErased(ctx, tx, claimed); err != nil {
			return err
		}
		return noteProgress(ctx, tx, issue, state, len(claimed) > 0, now)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("claim letters: %w", err)
	}
	return claimed, spent, nil
}

// claim is a call of Claim.
type claim struct {
	worker     Worker
	issue      string
	now, until time.Time
	not        []string
}

// from leases up to n rows that are in the state. It looks behind the last row that was
// leased first, and from the beginning only when there are not enough: Postgres keeps
// what was there before in the index for a while, and would step over all of it.
func (c *claim) from(ctx context.Context, tx *store.Tx, state State, n int, cursor *cursor) ([]Delivery, error) {
	var found []Delivery
	after := cursor.get(state)
	for n > len(found) {
		more, err := c.lease(ctx, tx, state, n-len(found), after)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		if len(found) == n {
			last := found[n-1]
			cursor.set(state, position{store.Millis(last.NextAt), int64(last.Member)})
			break
		}
		cursor.set(state, start)
		if after == start {
			break
		}
		after = start
	}
	return found, nil
}

// lease does it in one statement. The limit is written out, so that Postgres knows that
// the rows are few when it plans.
func (c *claim) lease(ctx context.Context, tx *store.Tx, state State, n int, after position) ([]Delivery, error) {
	args := []any{c.issue, int64(state), store.Millis(c.now), after.next, after.member}
	not := pad(c.not)
	for _, domain := range not {
		args = append(args, domain)
	}
	args = append(args, int64(Leased), string(c.worker), store.Millis(c.until), store.Millis(c.now), c.issue)
	rows, err := tx.Query(ctx, claimSQL(n, len(not), tx.SkipLocked()), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Delivery
	for rows.Next() {
		d, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	slices.SortFunc(found, func(a, b Delivery) int {
		return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.Member, b.Member))
	})
	return found, rows.Err()
}

// withoutErased suppresses those who have no address any more, and returns the others.
func (c *claim) withoutErased(ctx context.Context, tx *store.Tx, claimed []Delivery) ([]Delivery, error) {
	var gone []Outcome
	for _, d := range claimed {
		if d.Address == "" {
			gone = append(gone, Outcome{Lease: d.Lease, State: Suppressed, Reason: ReasonErased, At: c.now})
		}
	}
	if _, err := each(ctx, tx, c.worker, gone, settle); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(claimed, func(d Delivery) bool { return d.Address == "" }), nil
}

func claimSQL(n, not int, skipLocked string) string {
	except := ""
	if not > 0 {
		except = ` AND domain NOT IN (?` + strings.Repeat(`, ?`, not-1) + `)`
	}
	return `WITH due AS MATERIALIZED (
			SELECT member AS who FROM delivery
			WHERE issue = ? AND state = ? AND next_at <= ? AND (next_at, member) > (?, ?)` + except + `
			ORDER BY next_at, member LIMIT ` + strconv.Itoa(n) + skipLocked + `)
		UPDATE delivery SET state = ?, lease_by = ?, lease_until = ?, lease_epoch = lease_epoch + 1, updated_at = ?
		FROM due WHERE issue = ? AND member = +who
		RETURNING ` + columns
}

// pad repeats the last one up to a power of two, so that there are few different
// statements.
func pad(list []string) []string {
	padded := slices.Clone(list)
	for len(padded)&(len(padded)-1) != 0 {
		padded = append(padded, list[len(list)-1])
	}
	return padded
}

// Extend makes all leases of w last until then. Call it several times in the duration
// of a lease: who is late has lost them.
func (l *Ledger) Extend(ctx context.Context, w Worker, until time.Time) error {
	err := l.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE delivery SET lease_until = ? WHERE lease_by = ? AND state IN (1, 2)`, store.Millis(until), string(w))
		return err
	})
	if err != nil {
		return fmt.Errorf("extend leases: %w", err)
	}
	return nil
}

// Release gives leased rows of w back, as they were before they were claimed. Those
// that are in flight, or no longer its own, stay as they are.
func (l *Ledger) Release(ctx context.Context, w Worker, rows []Lease, now time.Time) error {
	return l.release(ctx, func(tx *store.Tx) error {
		for chunk := range slices.Chunk(rows, maxRows) {
			v := newValues(leaseColumns...)
			for _, r := range chunk {
				v.add(r.Issue, int64(r.Member), r.Epoch)
			}
			_, err := tx.Exec(ctx, v.with()+released+own+`AND state = 1`,
				append(v.args, store.Millis(now), string(w))...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ReleaseAll does as Release for all leased rows of w: for a clean end.
func (l *Ledger) ReleaseAll(ctx context.Context, w Worker, now time.Time) error {
	return l.release(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, released+`WHERE lease_by = ? AND state IN (1, 2) AND state = 1`, store.Millis(now), string(w))
		return err
	})
}

// released is how a row becomes what it was: a row that was never tried is pending.
const released = ` UPDATE delivery SET state = CASE WHEN attempts = 0 THEN 0 ELSE 4 END, lease_by = '', lease_until = 0, updated_at = ? `

func (l *Ledger) release(ctx context.Context, f func(tx *store.Tx) error) error {
	if err := l.db.Tx(ctx, f); err != nil {
		return fmt.Errorf("give letters back: %w", err)
	}
	return nil
}

// position is a place in the order of claims.
type position struct{ next, member int64 }

// start is before all rows.
var start = position{-1, -1}

// cursors are where the last claims ended, by issue. They are only about speed: whoever
// is before one is found when there is nobody behind it.
type cursors struct {
	lock    sync.Mutex
	byIssue map[string]*cursor
}

func (c *cursors) of(issue string) *cursor {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.byIssue == nil {
		c.byIssue = map[string]*cursor{}
	}
	if c.byIssue[issue] == nil {
		c.byIssue[issue] = &cursor{after: map[State]position{}}
	}
	return c.byIssue[issue]
}

type cursor struct {
	lock  sync.Mutex
	after map[State]position
}

func (c *cursor) get(s State) position {
	c.lock.Lock()
	defer c.lock.Unlock()
	if p, ok := c.after[s]; ok {
		return p
	}
	return start
}

func (c *cursor) set(s State, p position) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.after[s] = p
}
