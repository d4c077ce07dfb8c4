package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	busyMillis = 5000 // how long a process waits for another one
	readers    = 8    // connections for reading; a lookup takes microseconds
)

// openSQLite opens the file at path. If it is missing, it is made so that nobody
// else may read it; SQLite gives -wal and -shm the mode of the file.
func openSQLite(path string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := create(abs); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write, err := sql.Open("sqlite", dsn(abs, "_txlock", "immediate", "_pragma", "journal_mode(wal)", "_pragma", "secure_delete(1)"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(abs, "_pragma", "query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	info, err := os.Stat(abs)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close(), read.Close())
	}
	return &DB{write: write, read: read, path: path, file: info}, nil
}

// ready makes the first connection. It turns on the log of changes, for which SQLite
// does not wait until others are done, as it does later on.
func (db *DB) ready(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(busyMillis * time.Millisecond)
	for {
		err := explain(db.write.PingContext(ctx))
		if db.postgres || !errors.Is(err, ErrLocked) {
			return err
		}
		select {
		case <-tick.C:
		case <-late:
			return err
		}
	}
}

// create makes an empty file with mode 0600 unless there is a file.
func create(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// dsn names the file abs and the settings, in the driver's way.
func dsn(abs string, settings ...string) string {
	values := url.Values{}
	values.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", busyMillis))
	values.Add("_pragma", "foreign_keys(1)")
	values.Add("_pragma", "synchronous(full)")
	for i := 0; i+1 < len(settings); i += 2 {
		values.Add(settings[i], settings[i+1])
	}
	return "file:" + (&url.URL{Path: filepath.ToSlash(abs)}).EscapedPath() + "?" + values.Encode()
}
