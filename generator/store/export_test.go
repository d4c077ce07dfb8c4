package store

import (
	"context"
	"errors"
)

// Statement runs what must stand outside of a transaction.
func Statement(ctx context.Context, db *DB, statement string) error {
	_, err := db.write.ExecContext(ctx, statement)
	return err
}

// Bind writes a statement for Postgres.
func Bind(query string) string { return bind(query, true) }

// OpenAt makes a database as the program of an earlier version did, and closes it.
func OpenAt(ctx context.Context, url string, version int64) error {
	db, err := connect(url)
	if err != nil {
		return err
	}
	defer db.Close()
	provider, err := db.provider()
	if err := errors.Join(err, db.ready(ctx)); err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}
