package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrPostgres says that only SQLite databases are copied here.
var ErrPostgres = errors.New("this is a Postgres database; use pg_dump and pg_restore")

// Scrub removes from the file what was deleted: it writes the tables anew and empties
// the log of changes. ErrLocked if another process is busy with the database. With
// Postgres it does nothing: that is for its own vacuum.
func (db *DB) Scrub(ctx context.Context) error {
	if db.postgres {
		return nil
	}
	if _, err := db.write.ExecContext(ctx, `VACUUM`); err != nil {
		return fmt.Errorf("write the database anew: %w", explain(err))
	}
	var busy, pages, moved int
	if err := db.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return fmt.Errorf("empty the log of the database: %w", explain(err))
	}
	if busy != 0 {
		return fmt.Errorf("empty the log of the database: %w", ErrLocked)
	}
	return nil
}

// Backup writes the database, as it is at one moment, to a new file of mode 0600, and
// checks it. Others may write meanwhile. The file appears whole. Errors: ErrPostgres,
// fs.ErrExist if there is such a file.
func (db *DB) Backup(ctx context.Context, file string) error {
	if db.postgres {
		return ErrPostgres
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("back up to %s: %w", file, fs.ErrExist)
	}
	from, err := filepath.Abs(db.path)
	if err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	temporary, err := clone(ctx, from, filepath.Dir(file))
	if err == nil {
		err = errors.Join(Check(ctx, temporary), os.Rename(temporary, file))
	}
	if err != nil {
		os.Remove(temporary)
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	return syncFolder(filepath.Dir(file))
}

// Check reports whether file is a whole SQLite database that this program can use:
// ErrNotDatabase or ErrNewer if it is not.
func Check(ctx context.Context, file string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if _, err := os.Stat(file); err != nil {
		return err
	}
	pool, err := sql.Open("sqlite", dsn(abs, "mode", "ro"))
	if err != nil {
		return err
	}
	db := &DB{write: pool, read: pool, path: file}
	defer pool.Close()
	var found string
	if err := pool.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return fmt.Errorf("check %s: %w", file, explain(err))
	}
	if found != "ok" {
		return fmt.Errorf("check %s: %w (%s)", file, ErrNotDatabase, found)
	}
	provider, err := db.provider()
	if err != nil {
		return err
	}
	has, want, err := db.versions(ctx, provider)
	switch {
	case err != nil:
		return fmt.Errorf("check %s: %w", file, explain(err))
	case has < 1:
		return fmt.Errorf("check %s: %w (it has no tables of kaiho)", file, ErrNotDatabase)
	case has > want:
		return fmt.Errorf("check %s: %w", file, ErrNewer)
	}
	return nil
}

// Restore puts a backup in the place of the database that url names, and keeps that
// one beside it under the name that it returns, "" if there was none. The backup is
// checked and copied before anything is touched. Errors: ErrPostgres, ErrInUse if
// another process has the database open, those of Check.
func Restore(ctx context.Context, url, backup string, now time.Time) (kept string, err error) {
	db, err := connect(url)
	if err != nil {
		return "", err
	}
	path := db.path
	if err := db.Close(); err != nil || db.postgres {
		return "", errors.Join(err, ErrPostgres)
	}
	if err := Check(ctx, backup); err != nil {
		return "", err
	}
	from, err := filepath.Abs(backup)
	if err != nil {
		return "", fmt.Errorf("restore %s: %w", backup, err)
	}
	temporary, err := clone(ctx, from, filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("restore %s: %w", backup, err)
	}
	kept = path + ".before-" + now.UTC().Format("20060102T150405Z")
	if kept, err = retire(ctx, path, kept); err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		os.Remove(temporary)
		return "", fmt.Errorf("restore %s: %w", backup, err)
	}
	return kept, syncFolder(filepath.Dir(path))
}

// clone writes the database from to a new file in folder, and returns its name.
func clone(ctx context.Context, from, folder string) (string, error) {
	file, err := os.CreateTemp(folder, ".kaiho-db-*") // mode 0600
	if err != nil {
		return "", err
	}
	name := file.Name()
	defer file.Close()
	pool, err := sql.Open("sqlite", dsn(from, "mode", "ro"))
	if err != nil {
		return name, err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, `VACUUM INTO ?`, name); err != nil { // an empty file is taken
		os.Remove(name)
		return name, explain(err)
	}
	return name, file.Sync()
}

// retire renames the database at path to kept, with all its changes in one file. It
// fails if another process has it open, for that would go on writing to it.
func retire(ctx context.Context, path, kept string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return "", nil
	}
	if _, err := os.Lstat(kept); err == nil {
		return "", fmt.Errorf("keep the old database as %s: %w", kept, fs.ErrExist)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	pool, err := sql.Open("sqlite", dsn(abs))
	if err != nil {
		return "", err
	}
	// SQLite gives up the log only if nobody else has the database open.
	_, err = pool.ExecContext(ctx, `PRAGMA journal_mode = delete`)
	if closing := pool.Close(); err == nil {
		err = closing
	}
	if err = explain(err); errors.Is(err, ErrLocked) {
		return "", fmt.Errorf("%w (%w)", ErrInUse, err)
	} else if err != nil && !errors.Is(err, ErrNotDatabase) { // a damaged one is put aside as it is
		return "", err
	}
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+part, kept+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("keep the old database: %w", err)
		}
	}
	return kept, nil
}

// syncFolder makes a new name in folder durable.
func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
