package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date. Every step is a transaction. Of processes
// that open the database at the same time, with Postgres one waits for the other,
// and with SQLite one comes first; the others find its step done, and look again.
func (db *DB) migrate(ctx context.Context) error {
	provider, err := db.provider()
	if err := errors.Join(err, db.ready(ctx)); err != nil {
		return err
	}
	for {
		has, want, err := db.versions(ctx, provider)
		switch {
		case err != nil:
			return err
		case has > want:
			return fmt.Errorf("%w (it has version %d, this program knows %d)", ErrNewer, has, want)
		case has == want:
			return nil
		}
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
		if now, _, again := db.versions(ctx, provider); again != nil || now == has {
			return fmt.Errorf("migrate to version %d: %w", want, err)
		}
	}
}

func (db *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if !db.postgres {
		return goose.NewProvider(goose.DialectSQLite3, db.write, files, goose.WithDisableGlobalRegistry(true))
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // each second, for a minute
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db.write, files, goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
}

// versions returns which version the tables have, -1 if nothing is there yet, and
// which this program wants. It writes nothing.
func (db *DB) versions(ctx context.Context, provider *goose.Provider) (has, want int64, err error) {
	sources := provider.ListSources()
	want = sources[len(sources)-1].Version
	tables := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?`
	if db.postgres {
		tables = `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?`
	}
	n := 0
	if err := db.write.QueryRowContext(ctx, bind(tables, db.postgres), goose.DefaultTablename).Scan(&n); err != nil || n == 0 {
		return -1, want, err
	}
	err = db.write.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM `+goose.DefaultTablename).Scan(&has)
	return has, want, err
}
