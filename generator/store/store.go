// Package store is the database of a site: a SQLite file, or Postgres.
//
// A URL says which: sqlite:PATH or postgres://user@host/name. Open makes what is
// missing, brings the tables up to date (migrations/*.sql, in the binary) and
// hides what differs. Statements are written once, with ? for values, in the SQL
// that both understand. Whole numbers, texts and times are all that is stored;
// times as milliseconds since 1970 (Millis, Time).
//
// SQLite has one writer and many readers. A DB holds one connection for Tx, whose
// transactions begin with the lock for writing, so that none fails half way, and
// a pool for reading (WAL), which never waits for the writer. Other processes wait
// up to five seconds for each other. A commit is on the disk when it returns, and
// what is deleted is overwritten.
//
// Postgres has as many writers as there are processes. Alone, Durable and SkipLocked are
// for those who depend on what it does otherwise than SQLite.
//
// Store knows nothing of people or letters: that is for the packages above.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// DB is an open database. It may be used by several goroutines.
type DB struct {
	write, read *sql.DB // the same pool with Postgres
	postgres    bool
	path        string // of the file, with SQLite
	file        fs.FileInfo
}

// Current returns ErrReplaced if another file lies where the database's file was,
// or none: what is written there then does not arrive here.
func (db *DB) Current() error {
	if db.postgres {
		return nil
	}
	info, err := os.Stat(db.path)
	if err != nil || !os.SameFile(info, db.file) {
		return ErrReplaced
	}
	return nil
}

// Open opens the database that url names, makes it if it is a file that is
// missing, and migrates it. The folder of the file must exist. Errors: ErrURL,
// ErrLocked, ErrFull, ErrNewer, ErrNotDatabase, or another failure.
func Open(ctx context.Context, url string) (*DB, error) {
	db, err := connect(url)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", db.Name(), explain(err)), db.Close())
	}
	return db, nil
}

// connect opens pools; nothing is read yet.
func connect(url string) (*DB, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		if rest == "" {
			return nil, fmt.Errorf("%w: sqlite: without a path", ErrURL)
		}
		return openSQLite(rest)
	case "postgres", "postgresql":
		return openPostgres(url)
	}
	return nil, fmt.Errorf("%w: it begins with neither sqlite: nor postgres://", ErrURL)
}

// Close closes all connections.
func (db *DB) Close() error {
	if db.postgres {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Name says in messages which database this is: the path of the file, or
// Postgres, never a URL, which may hold a password.
func (db *DB) Name() string {
	if db.postgres {
		return "the Postgres database"
	}
	return db.path
}

// Tx runs f in a transaction that may write, and commits it if f returns nil.
// With SQLite, one runs at a time. f must close what it queried before it queries
// again, and must use nothing but the Tx.
func (db *DB) Tx(ctx context.Context, f func(*Tx) error) error {
	return db.in(ctx, db.write, nil, f)
}

// View runs f in a transaction that reads: all its queries see one state of the
// database.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	var o *sql.TxOptions
	if db.postgres {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return db.in(ctx, db.read, o, f)
}

func (db *DB) in(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(*Tx) error) error {
	tx, err := pool.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", explain(err))
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := f(&Tx{tx: tx, postgres: db.postgres}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", explain(err))
	}
	return nil
}

// Query asks outside of a transaction. The rows must be closed.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := db.read.QueryContext(ctx, bind(query, db.postgres), args...)
	return rows, explain(err)
}

// Scan asks for one row outside of a transaction and puts its columns into dest;
// ErrNoRows if there is none.
func (db *DB) Scan(ctx context.Context, query string, args []any, dest ...any) error {
	return explain(db.read.QueryRowContext(ctx, bind(query, db.postgres), args...).Scan(dest...))
}

// Tx is a transaction.
type Tx struct {
	tx       *sql.Tx
	postgres bool
}

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := tx.tx.ExecContext(ctx, bind(query, tx.postgres), args...)
	if err != nil {
		return 0, explain(err)
	}
	return result.RowsAffected()
}

// Query returns rows, which must be closed.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.tx.QueryContext(ctx, bind(query, tx.postgres), args...)
	return rows, explain(err)
}

// Scan asks for one row and puts its columns into dest; ErrNoRows if there is
// none.
func (tx *Tx) Scan(ctx context.Context, query string, args []any, dest ...any) error {
	return explain(tx.tx.QueryRowContext(ctx, bind(query, tx.postgres), args...).Scan(dest...))
}

// SkipLocked is what stands at the end of a SELECT whose rows the same transaction
// then takes for itself: with Postgres it passes over rows that somebody else is
// taking; SQLite has one writer, and needs nothing.
func (tx *Tx) SkipLocked() string {
	if tx.postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// Alone makes this transaction wait until all others that are alone under the same name
// have ended, and sees what they did. SQLite has one writer, and needs nothing.
func (tx *Tx) Alone(ctx context.Context, name string) error {
	if !tx.postgres {
		return nil
	}
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, name)
	return err
}

// Durable makes the commit of this transaction wait until it is on the disk, also
// where Postgres was told not to wait (synchronous_commit = off). SQLite always waits.
func (tx *Tx) Durable(ctx context.Context) error {
	if !tx.postgres {
		return nil
	}
	_, err := tx.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`)
	return err
}

// Millis is how a time is stored: in whole milliseconds since 1970, and 0 for no
// time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the time that Millis has stored, in UTC.
func Time(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

// IsServer reports whether the database is a server, which may have another clock than
// this machine.
func (db *DB) IsServer() bool { return db.postgres }

// Clock returns the time of the server's clock; with SQLite, of this machine's.
func (db *DB) Clock(ctx context.Context) (time.Time, error) {
	query := `SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)`
	if db.postgres {
		query = `SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)`
	}
	var millis int64
	if err := db.Scan(ctx, query, nil, &millis); err != nil {
		return time.Time{}, fmt.Errorf("ask the database for the time: %w", err)
	}
	return Time(millis), nil
}
