package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kaiho/generator/store"
)

// CatchUp does in b, which comes from a backup, what was done in old since then and
// must not be undone by going back: who was erased is erased, links that were revoked
// stay revoked, and the last word on consents and subscriptions counts. It returns how
// many people it erased. Errors: ErrRemains.
func (b *Book) CatchUp(ctx context.Context, old *Book, now time.Time) (int, error) {
	var since past
	if err := old.db.View(ctx, func(tx *store.Tx) error { return since.read(ctx, tx) }); err != nil {
		return 0, fmt.Errorf("read what was done since the backup: %w", err)
	}
	erased := 0
	err := b.write(ctx, func(tx *store.Tx, change int64) (err error) {
		erased, err = since.apply(ctx, tx, max(change, since.change)+1, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("do again what was done since the backup: %w", err)
	}
	if err := b.db.Scrub(ctx); err != nil {
		return erased, fmt.Errorf("%w: %w", ErrRemains, err)
	}
	return erased, nil
}

// lasting are the tables whose rows are only ever added.
var lasting = []struct{ table, columns string }{
	{"salt", "purpose, hex"},
	{"suppression", "hash, at"},
	{"erased", "id, at, changed"},
	{"consent", "member, number, purpose, version, given, at, by_whom, channel"},
	{"subscription", "member, list, number, subscribed, at, channel"},
}

// past is what a database knows that must not be forgotten.
type past struct {
	change  int64
	revoked [][]any            // valid_after, id
	rows    map[string][][]any // of lasting
}

func (p *past) read(ctx context.Context, tx *store.Tx) (err error) {
	if err := tx.Scan(ctx, `SELECT number FROM change WHERE one = 1`, nil, &p.change); err != nil {
		return err
	}
	if p.revoked, err = rowsOf(ctx, tx, "valid_after, id", "member WHERE valid_after > 0"); err != nil {
		return err
	}
	p.rows = map[string][][]any{}
	for _, l := range lasting {
		if p.rows[l.table], err = rowsOf(ctx, tx, l.columns, l.table); err != nil {
			return err
		}
	}
	return nil
}

func (p *past) apply(ctx context.Context, tx *store.Tx, change int64, now time.Time) (erased int, err error) {
	if _, err := tx.Exec(ctx, `UPDATE change SET number = ? WHERE one = 1`, change); err != nil {
		return 0, err
	}
	if err := p.add(ctx, tx, lasting[0].table, lasting[0].columns); err != nil { // the salt, before anybody is erased with another
		return 0, err
	}
	for _, row := range p.rows["erased"] {
		m, err := find(ctx, tx, `m.id = ?`, row[0])
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err == nil {
			err = erase(ctx, tx, change, m, now)
		}
		if err != nil {
			return 0, err
		}
		erased++
	}
	for _, l := range lasting[1:] {
		if err := p.add(ctx, tx, l.table, l.columns); err != nil {
			return 0, err
		}
	}
	for _, row := range p.revoked {
		_, err := tx.Exec(ctx, `UPDATE member SET valid_after = ?, changed = ? WHERE id = ? AND valid_after < ?`, row[0], change, row[1], row[0])
		if err != nil {
			return 0, err
		}
	}
	for _, history := range []string{"consent", "subscription"} { // of those who are not in the backup
		_, err := tx.Exec(ctx, `DELETE FROM `+history+` WHERE member NOT IN (SELECT id FROM member) AND member NOT IN (SELECT id FROM erased)`)
		if err != nil {
			return 0, err
		}
	}
	return erased, nil
}

// add inserts the rows of a table that are not there.
func (p *past) add(ctx context.Context, tx *store.Tx, name, columns string) error {
	places := strings.Repeat(", ?", strings.Count(columns, ",")+1)[2:]
	for _, row := range p.rows[name] {
		if _, err := tx.Exec(ctx, `INSERT INTO `+name+` (`+columns+`) VALUES (`+places+`) ON CONFLICT DO NOTHING`, row...); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf returns the columns of all rows of a table.
func rowsOf(ctx context.Context, tx *store.Tx, columns, from string) ([][]any, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM `+from)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]any
	for rows.Next() {
		row := make([]any, strings.Count(columns, ",")+1)
		to := make([]any, len(row))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
