package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kaiho/generator/store"
)

// Policy is what happens to letters of which nobody knows whether they arrived.
type Policy string

// Policies.
const (
	Hold   Policy = "hold"   // nothing, until somebody resolves them: nobody gets it twice
	Resend Policy = "resend" // they are sent again, the same: nobody misses it
)

// Issue is how the delivery of an issue is.
type Issue struct {
	Policy   Policy
	Paused   time.Time // zero if it is not
	Why      string    // it is paused, as Pause was told
	Started  time.Time // the first claim; zero before
	Finished time.Time // when a claim found nothing open; zero before
}

// Issue returns how the delivery of an issue is; that of an issue that was never queued
// is the zero value with the policy Hold.
func (l *Ledger) Issue(ctx context.Context, issue string) (i Issue, err error) {
	err = l.db.View(ctx, func(tx *store.Tx) error {
		i, err = issueState(ctx, tx, issue)
		return err
	})
	if err != nil {
		return Issue{}, fmt.Errorf("read issue %s: %w", issue, err)
	}
	return i, nil
}

func issueState(ctx context.Context, tx *store.Tx, issue string) (i Issue, err error) {
	var paused, started, finished int64
	err = tx.Scan(ctx, `SELECT policy, paused_at, paused_why, started, finished FROM issue_state WHERE issue = ?`, []any{issue},
		&i.Policy, &paused, &i.Why, &started, &finished)
	if errors.Is(err, store.ErrNoRows) {
		return Issue{Policy: Hold}, nil
	}
	i.Paused, i.Started, i.Finished = store.Time(paused), store.Time(started), store.Time(finished)
	return i, err
}

// noteProgress stores when the first rows were claimed, and when nothing was left.
func noteProgress(ctx context.Context, tx *store.Tx, issue string, i Issue, claimed bool, now time.Time) error {
	started, finished := i.Started, i.Finished
	switch {
	case claimed:
		finished = time.Time{} // something was resolved, and is tried again
		if started.IsZero() {
			started = now
		}
	case finished.IsZero() && !started.IsZero():
		open := false
		err := tx.Scan(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE issue = ? AND state IN (0, 1, 2, 4))`, []any{issue}, &open)
		if err != nil || open {
			return err
		}
		finished = now
	}
	if started.Equal(i.Started) && finished.Equal(i.Finished) {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE issue_state SET started = ?, finished = ? WHERE issue = ?`, store.Millis(started), store.Millis(finished), issue)
	return err
}

// SetPolicy says what is to happen to unknown letters of an issue; ErrInvalid if there is
// no such policy. Recover acts on it.
func (l *Ledger) SetPolicy(ctx context.Context, issue string, p Policy) error {
	if p != Hold && p != Resend {
		return fmt.Errorf("set the policy of issue %s: %w: %q", issue, ErrInvalid, string(p))
	}
	return l.put(ctx, "set the policy of", issue, `INSERT INTO issue_state (issue, policy) VALUES (?, ?)
		ON CONFLICT (issue) DO UPDATE SET policy = excluded.policy`, issue, string(p))
}

// Pause makes every Claim of an issue, of all senders, fail with ErrPaused and why, until
// Resume. What is leased may still be sent. A pause that is there keeps its reason. why
// is one line, which people of several languages may have to read: best a problem, as
// diag.Problem.Encode writes it.
func (l *Ledger) Pause(ctx context.Context, issue, why string, now time.Time) error {
	return l.put(ctx, "pause", issue, `INSERT INTO issue_state (issue, policy, paused_at, paused_why) VALUES (?, ?, ?, ?)
		ON CONFLICT (issue) DO UPDATE SET paused_at = excluded.paused_at, paused_why = excluded.paused_why WHERE issue_state.paused_at = 0`,
		issue, string(Hold), store.Millis(now), cleanTo(why, maxWhyRunes))
}

// Refresh takes back what was queued and never taken up, so that Queue writes it by what
// is known now: who is paused, or has agreed, may have changed since. It does nothing
// while a sender has rows in hand.
func (l *Ledger) Refresh(ctx context.Context, issue string) error {
	return l.put(ctx, "queue anew", issue, `DELETE FROM delivery WHERE issue = ? AND state IN (0, 6) AND lease_epoch = 0 AND attempts = 0 AND address <> ''
		AND NOT EXISTS (SELECT 1 FROM delivery WHERE issue = ? AND state IN (1, 2))`, issue, issue)
}

// Redo makes pending again what was sent by relay: letters to a trial's outbox, which
// nobody got. With isSame they keep their Date, and so are the same letters, which take the
// place of the first in the outbox; else they are dated when they are sent. It returns how
// many.
func (l *Ledger) Redo(ctx context.Context, issue, relay string, isSame bool, now time.Time) (n int64, err error) {
	date := "0"
	if isSame {
		date = "first_at"
	}
	err = l.db.Tx(ctx, func(tx *store.Tx) error {
		n, err = tx.Exec(ctx, `UPDATE delivery SET state = 0, attempts = 0, first_at = `+date+`, since_at = 0, next_at = 0, sent_at = 0, relay = '', lease_by = '', updated_at = ?
			WHERE issue = ? AND state = 3 AND relay = ?`, store.Millis(now), issue, relay)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("send issue %s again: %w", issue, err)
	}
	return n, nil
}

// Resume ends a pause. As long as it lasted, by the clock that Pause was told, letters that
// were put off before have so much more of their 48 hours (Delivery.Since): nobody tried
// them meanwhile. A clock that was set back takes nothing away from them.
func (l *Ledger) Resume(ctx context.Context, issue string, now time.Time) error {
	err := l.tryTx(ctx, func(tx *store.Tx) error {
		var paused int64 // of two who resume at once, one finds it
		err := tx.Scan(ctx, `UPDATE issue_state SET paused_why = '' WHERE issue = ? AND paused_at <> 0 RETURNING paused_at`, []any{issue}, &paused)
		if errors.Is(err, store.ErrNoRows) {
			return nil
		}
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE issue_state SET paused_at = 0 WHERE issue = ?`, issue)
		}
		if lasted := store.Millis(now) - paused; err == nil && lasted > 0 {
			_, err = tx.Exec(ctx, `UPDATE delivery SET since_at = since_at + ? WHERE issue = ? AND state IN (1, 2, 4, 7) AND since_at > 0`, lasted, issue)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("resume issue %s: %w", issue, err)
	}
	return nil
}

func (l *Ledger) put(ctx context.Context, what, issue, statement string, args ...any) error {
	err := l.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s issue %s: %w", what, issue, err)
	}
	return nil
}

// Started reports whether any letter of an issue was ever begun to be handed to a relay,
// or is in a worker's hand: then its lock is what people got, and stays.
func (l *Ledger) Started(ctx context.Context, issue string) (started bool, err error) {
	err = l.db.Scan(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE issue = ? AND state IN (1, 2, 3, 4, 5, 7))
		OR EXISTS (SELECT 1 FROM delivery WHERE issue = ? AND state = 6 AND attempts > 0)`, []any{issue, issue}, &started)
	if err != nil {
		return false, fmt.Errorf("look whether issue %s was started: %w", issue, err)
	}
	return started, nil
}

// Next returns the earliest moment at which a Claim may find something: the zero time for
// at once, a time at which a deferred letter is due or a lease is over; and false if
// nothing is open. Pauses do not count.
func (l *Ledger) Next(ctx context.Context, issue string) (at time.Time, open bool, err error) {
	var next sql.NullInt64
	err = l.db.Scan(ctx, `SELECT min(at) FROM (
		SELECT min(next_at) AS at FROM delivery WHERE issue = ? AND state = 0
		UNION ALL SELECT min(next_at) FROM delivery WHERE issue = ? AND state = 4
		UNION ALL SELECT min(lease_until) FROM delivery WHERE issue = ? AND state IN (1, 2)) AS times`, []any{issue, issue, issue}, &next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("look for what is next of issue %s: %w", issue, err)
	}
	return store.Time(next.Int64), next.Valid, nil
}
