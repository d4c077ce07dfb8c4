package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kaiho/generator/store"
)

// Recovered counts what Recover did.
type Recovered struct {
	Released int64 // leased before, free again
	Unknown  int64 // in flight before, of all issues
	Resent   int64 // unknown before, to be sent again: possible duplicates
}

// resendPause is how much longer each further repetition of a letter waits: a relay that
// drops the connection after every letter must not get the same one all the time. The
// first one is due at once, by any clock.
const resendPause = 15 * time.Minute

// Recover takes leases from those who do not need them any more: at once from processes
// of self's host that are not alive, and from others when they are over. What was leased
// is free again; what was in flight becomes unknown, and, in an issue whose policy is
// Resend, deferred. Call it when a sender starts and every now and then. A process with
// the pid of self is another one if its worker is another one: in containers every
// process has the same pid.
func (l *Ledger) Recover(ctx context.Context, now time.Time, self Worker, alive func(pid int) bool) (r Recovered, err error) {
	workers, err := l.workers(ctx)
	if err != nil {
		return r, fmt.Errorf("recover letters: %w", err)
	}
	over, args := `lease_until <= ?`, []any{store.Millis(now)}
	var dead []Worker
	for _, w := range workers {
		if w.isDead(self, alive) {
			dead = append(dead, w)
			over, args = over+` OR lease_by = ?`, append(args, string(w))
		}
	}
	at := store.Millis(now)
	err = l.tryTx(ctx, func(tx *store.Tx) error {
		err := tx.Durable(ctx)
		if err == nil {
			r.Released, err = tx.Exec(ctx, released+`WHERE state IN (1, 2) AND state = 1 AND (`+over+`)`, append([]any{at}, args...)...)
		}
		if err == nil { // lease_by stays: the worker may still say what it knows
			r.Unknown, err = tx.Exec(ctx, `UPDATE delivery SET state = 7, reason = ?, lease_until = 0, updated_at = ?
				WHERE state IN (1, 2) AND state = 2 AND (`+over+`)`, append([]any{ReasonCrash, at}, args...)...)
		}
		if err == nil {
			r.Resent, err = tx.Exec(ctx, `UPDATE delivery SET state = 4, next_at = CASE WHEN repeats = 0 THEN 0 ELSE CAST(? AS BIGINT) + repeats * CAST(? AS BIGINT) END, repeats = repeats + 1, reason = ?, lease_by = '', updated_at = ?
				WHERE state = 7 AND issue IN (SELECT issue FROM issue_state WHERE policy = ?)`, at, resendPause.Milliseconds(), ReasonResend, at, string(Resend))
		}
		for _, w := range dead {
			if err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM sender WHERE worker = ?`, string(w))
			}
		}
		return err
	})
	if err != nil {
		return Recovered{}, fmt.Errorf("recover letters: %w", err)
	}
	return r, nil
}

// workers returns who has leases, or attends.
func (l *Ledger) workers(ctx context.Context) (all []Worker, err error) {
	rows, err := l.db.Query(ctx, `SELECT lease_by FROM delivery WHERE state IN (1, 2) UNION SELECT worker FROM sender`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w Worker
		if err := rows.Scan(&w); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// isDead reports whether the process of w is known to have ended.
func (w Worker) isDead(self Worker, alive func(pid int) bool) bool {
	host, pid, ok := w.process()
	here, own, _ := self.process()
	switch {
	case !ok || host != here || w == self:
		return false
	case pid == own:
		return true
	}
	return !alive(pid)
}

// Resolve says what became of an unknown letter: Sent, Deferred (it was not sent, and is
// tried again at once, for 48 hours from the next refusal on), Failed or Suppressed. by is
// who or what says so. Deferred also takes up a letter that has failed with ReasonTooLate
// or ReasonUnwritten. Errors: ErrNotFound, ErrNotUnknown, ErrInvalid.
func (l *Ledger) Resolve(ctx context.Context, key Key, to State, by string, now time.Time) error {
	if to < Sent || to > Suppressed {
		return fmt.Errorf("resolve a letter: %w: %v is no end", ErrInvalid, to)
	}
	at := store.Millis(now)
	err := l.change(ctx, key, ErrNotUnknown, `UPDATE delivery SET state = ?, resolved_by = ?, lease_by = '', updated_at = ?,
		next_at = CASE WHEN ? = 4 THEN ? ELSE next_at END, sent_at = CASE WHEN ? = 3 THEN updated_at ELSE sent_at END,
		since_at = CASE WHEN ? = 4 THEN 0 ELSE since_at END
		WHERE member = ? AND issue = ? AND (state = 7 OR ? = 4 AND state = 5 AND reason IN (?, ?))`,
		int64(to), clean(by), at, int64(to), at, int64(to), int64(to), int64(key.Member), key.Issue, int64(to), ReasonTooLate, ReasonUnwritten)
	if err != nil {
		return fmt.Errorf("resolve a letter: %w", err)
	}
	return nil
}

// Bounce says that a letter came back for good: whatever the row said, it was sent once,
// and is failed now. Of o, only Code, Enhanced, Reply and At count. ErrNotFound if no
// letter to that member was ever tried, or if it is settled that nothing arrived.
func (l *Ledger) Bounce(ctx context.Context, key Key, o Outcome) error {
	err := l.change(ctx, key, ErrNotFound, `UPDATE delivery SET state = 5, reason = ?, code = ?, enhanced = ?, lease_by = '', lease_until = 0, updated_at = ?,
		reply = CASE WHEN address = '' THEN '' ELSE ? END
		WHERE member = ? AND issue = ? AND first_at > 0 AND state IN (1, 2, 3, 4, 7)`,
		ReasonBounced, o.Code, clean(o.Enhanced), store.Millis(o.At), clean(o.Reply), int64(key.Member), key.Issue)
	if err != nil {
		return fmt.Errorf("record a bounce: %w", err)
	}
	return nil
}

// change runs a statement on one row; if it touched none, ErrNotFound or otherwise.
func (l *Ledger) change(ctx context.Context, key Key, otherwise error, statement string, args ...any) error {
	return l.tryTx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, statement, args...)
		if err != nil || n > 0 {
			return err
		}
		if err := tx.Scan(ctx, `SELECT count(*) FROM delivery WHERE member = ? AND issue = ?`, []any{int64(key.Member), key.Issue}, &n); err != nil {
			return err
		}
		if n == 0 {
			return ErrNotFound
		}
		return otherwise
	})
}

// Suppress ends all deliveries to a member that have not begun to be handed over, of all
// issues: somebody has unsubscribed, or the address is dead. reason is a word. It returns
// how many that were. A worker that has one in hand is refused when it wants to send it.
func (l *Ledger) Suppress(ctx context.Context, member uint32, reason string, now time.Time) (n int64, err error) {
	if !reasonWord.MatchString(reason) {
		return 0, fmt.Errorf("suppress letters: %w: the reason %q is no word", ErrInvalid, strings.ToValidUTF8(reason, "?"))
	}
	err = l.tryTx(ctx, func(tx *store.Tx) error {
		n, err = tx.Exec(ctx, `UPDATE delivery SET state = 6, reason = ?, lease_by = '', lease_until = 0, updated_at = ?
			WHERE member = ? AND state IN (0, 1, 4)`, reason, store.Millis(now), int64(member))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("suppress letters: %w", err)
	}
	return n, nil
}
