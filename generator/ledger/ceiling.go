package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"kaiho/generator/store"
)

// Ceiling is how much a relay may be given by all senders of a database together. The
// zero value has no limit.
type Ceiling struct {
	Relay  string
	Limits []Limit // all of them hold
}

// Limit is how many letters the relay may have had since a moment.
type Limit struct {
	Since time.Time
	Most  int
}

// Spent is what was used of a Limit.
type Spent struct {
	Sent   int       // what the relay has had; letters of which nobody knows count
	InHand int       // leased or in flight, by whomever: it may have them at any moment
	First  time.Time // when the first of Sent was; zero if there is none
}

// Left is how many letters more may be leased.
func (s Spent) Left(of Limit) int { return max(0, of.Most-s.Sent-s.InHand) }

// What counts against a limit. A row that is leased does not say for which relay; its
// worker does. Every lease has an end: SQLite finds them by it.
const (
	inHandSQL  = `SELECT count(*) FROM delivery WHERE state IN (1, 2) AND lease_until > 0 AND lease_by NOT IN (SELECT worker FROM sender WHERE relay <> ?)`
	sentSQL    = `SELECT count(*), min(sent_at) FROM delivery WHERE sent_at > 0 AND sent_at >= ? AND relay = ?`
	perhapsSQL = `SELECT count(*), min(updated_at) FROM delivery WHERE issue IN (SELECT issue FROM issue_state) AND state = 7 AND updated_at >= ? AND relay = ?`
)

// spent counts, and keeps others from counting until the transaction has ended.
func (c Ceiling) spent(ctx context.Context, tx *store.Tx) ([]Spent, error) {
	if len(c.Limits) == 0 {
		return nil, nil
	}
	if err := tx.Alone(ctx, "ceiling of "+c.Relay); err != nil {
		return nil, err
	}
	inHand := 0
	if err := tx.Scan(ctx, inHandSQL, []any{c.Relay}, &inHand); err != nil {
		return nil, err
	}
	all := make([]Spent, len(c.Limits))
	for i, limit := range c.Limits {
		var sent, unknown int
		var first, perhaps sql.NullInt64
		since := []any{store.Millis(limit.Since), c.Relay}
		err := tx.Scan(ctx, sentSQL, since, &sent, &first)
		if err == nil {
			err = tx.Scan(ctx, perhapsSQL, since, &unknown, &perhaps)
		}
		if err != nil {
			return nil, err
		}
		if !first.Valid || perhaps.Valid && perhaps.Int64 < first.Int64 {
			first = perhaps
		}
		all[i] = Spent{Sent: sent + unknown, InHand: inHand, First: store.Time(first.Int64)}
	}
	return all, nil
}

// Attend says that w hands letters to a relay until then, unless it says so again, and
// returns how many workers do that now, w among them. Recover takes away those of
// self's host that are dead.
func (l *Ledger) Attend(ctx context.Context, w Worker, relay string, now, until time.Time) (n int, err error) {
	const forgotten = 24 * time.Hour // clocks of machines differ by less
	err = l.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO sender (worker, relay, until) VALUES (?, ?, ?)
			ON CONFLICT (worker) DO UPDATE SET relay = excluded.relay, until = excluded.until`, string(w), relay, store.Millis(until))
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM sender WHERE until < ? AND worker <> ?`, store.Millis(now.Add(-forgotten)), string(w))
		}
		if err == nil {
			err = tx.Scan(ctx, `SELECT count(*) FROM sender WHERE relay = ? AND (until > ? OR worker = ?)`, []any{relay, store.Millis(now), string(w)}, &n)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count who sends: %w", err)
	}
	return n, nil
}

// Leave says that w hands letters to nobody any more.
func (l *Ledger) Leave(ctx context.Context, w Worker) error {
	err := l.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM sender WHERE worker = ?`, string(w))
		return err
	})
	if err != nil {
		return fmt.Errorf("leave the senders: %w", err)
	}
	return nil
}
