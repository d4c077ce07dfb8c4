package store

import "context"

// Statement runs what must stand outside of a transaction.
func Statement(ctx context.Context, db *DB, statement string) error {
	_, err := db.write.ExecContext(ctx, statement)
	return err
}

// Bind writes a statement for Postgres.
func Bind(query string) string { return bind(query, true) }
