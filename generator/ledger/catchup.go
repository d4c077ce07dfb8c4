package ledger

import (
	"context"
	"fmt"
	"strings"

	"kaiho/generator/store"
)

// CatchUp does in l, which comes from a backup, what old knows and the backup does not:
// who got which issue since then. Without it the next send would go twice to everybody
// who got one after the backup was made. What old says counts for every row it has. It
// streams, and may be run again after a failure. It returns how many rows it wrote.
func (l *Ledger) CatchUp(ctx context.Context, old *Ledger) (n int64, err error) {
	var batch []Delivery
	put := func() error {
		err := l.db.Tx(ctx, func(tx *store.Tx) error {
			for rows := batch; len(rows) > 0; rows = rows[min(len(rows), rowsPerInsert):] {
				if err := overwrite(ctx, tx, rows[:min(len(rows), rowsPerInsert)]); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			n, batch = n+int64(len(batch)), batch[:0]
		}
		return err
	}
	for d, readErr := range old.read(ctx, `1 = 1`) {
		if err = readErr; err == nil {
			if batch = append(batch, d); len(batch) == rowsPerCommit {
				err = put()
			}
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = put()
	}
	if err == nil {
		err = l.catchUpIssues(ctx, old)
	}
	if err != nil {
		return n, fmt.Errorf("take over who got which issue since the backup: %w", err)
	}
	return n, nil
}

// overwrite stores rows as they are, whatever is there.
func overwrite(ctx context.Context, tx *store.Tx, rows []Delivery) error {
	var args []any
	for _, d := range rows {
		args = append(args, d.Issue, int64(d.Member), d.Epoch, d.Address, d.Domain, d.Variant, d.MessageID, d.Token, int64(d.State), d.Attempts, d.Repeats,
			store.Millis(d.NextAt), store.Millis(d.FirstAt), store.Millis(d.Since), store.Millis(d.SentAt), string(d.LeaseBy), store.Millis(d.LeaseUntil),
			d.Relay, d.Code, d.Enhanced, d.Reply, d.Reason, d.ResolvedBy, store.Millis(d.UpdatedAt))
	}
	names := strings.FieldsFunc(columns, func(r rune) bool { return strings.ContainsRune(", \n\t", r) })
	var set []string
	for _, name := range names[2:] { // the key stays
		set = append(set, name+" = excluded."+name)
	}
	row := ", (?" + strings.Repeat(", ?", len(names)-1) + ")"
	_, err := tx.Exec(ctx, `INSERT INTO delivery (`+columns+`) VALUES `+strings.Repeat(row, len(rows))[2:]+
		` ON CONFLICT (member, issue) DO UPDATE SET `+strings.Join(set, ", "), args...)
	return err
}

func (l *Ledger) catchUpIssues(ctx context.Context, old *Ledger) error {
	issues := map[string]Issue{}
	err := old.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT issue FROM issue_state`)
		if err != nil {
			return err
		}
		var names []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				rows.Close()
				return err
			}
			names = append(names, name)
		}
		rows.Close()
		for _, name := range names {
			if issues[name], err = issueState(ctx, tx, name); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		return err
	}
	return l.db.Tx(ctx, func(tx *store.Tx) error {
		for name, i := range issues {
			_, err := tx.Exec(ctx, `INSERT INTO issue_state (issue, policy, paused_at, paused_why, started, finished) VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (issue) DO UPDATE SET policy = excluded.policy, paused_at = excluded.paused_at, paused_why = excluded.paused_why,
				started = excluded.started, finished = excluded.finished`,
				name, string(i.Policy), store.Millis(i.Paused), i.Why, store.Millis(i.Started), store.Millis(i.Finished))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
