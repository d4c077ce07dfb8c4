package member

import (
	"context"

	"kaiho/generator/store"
)

// Database returns the database of b.
func Database(b *Book) *store.DB { return b.db }

// ParseYear is how years are read.
func ParseYear(s string) (int, bool) { return parseYear(s) }

// Empty removes everybody and their histories.
func Empty(ctx context.Context, b *Book) error {
	return b.write(ctx, func(tx *store.Tx, _ int64) error {
		for _, table := range []string{"member", "consent", "subscription", "letter_note", "suppression", "erased"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return nil
	})
}
