package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

func day() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }

// Every transaction adds two rows; a backup that was made meanwhile has both or none.
func TestABackupIsOneMoment(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kaiho.db")
	db, writer := openFile(t, path), openFile(t, path)
	ctx, stop := context.WithCancel(t.Context())
	wrote := make(chan error)
	go func() {
		for i := 0; ; i++ {
			err := writer.Tx(t.Context(), func(tx *store.Tx) error {
				for _, half := range []string{"a", "b"} {
					if _, err := tx.Exec(t.Context(), `INSERT INTO salt (purpose, hex) VALUES (?, ?)`, fmt.Sprint(half, i), strings.Repeat("x", 2000)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil || ctx.Err() != nil {
				wrote <- err
				return
			}
		}
	}()
	for i := range 5 {
		file := filepath.Join(dir, fmt.Sprint("backup", i))
		if err := db.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v, want mode 0600", info.Mode(), err)
		}
		if n := salts(t, openFile(t, file)); n%2 != 0 {
			t.Errorf("got %d rows, want pairs", n)
		}
	}
	stop()
	if err := <-wrote; err != nil {
		t.Error(err)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "backup0")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want %v", err, fs.ErrExist)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "no", "backup")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".kaiho-db-*")); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v, want nothing left over", left, err)
	}
}

func TestRestoringKeepsTheOldDatabase(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "kaiho.db"), filepath.Join(dir, "backup")
	db := openFile(t, path)
	add(t, db, "then")
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	add(t, db, "since")
	if _, err := store.Restore(t.Context(), "sqlite:"+path, file, day()); !errors.Is(err, store.ErrInUse) {
		t.Errorf("while it is open: got %v, want %v", err, store.ErrInUse)
	}
	if got := salts(t, db); got != 2 {
		t.Errorf("got %d rows after a restore that failed, want 2", got)
	}
	db.Close()
	kept, err := store.Restore(t.Context(), "sqlite:"+path, file, day())
	if err != nil || kept != path+".before-20261120T000000Z" {
		t.Fatalf("got %s, %v", kept, err)
	}
	for name, want := range map[string]int{path: 1, kept: 2} {
		if got := salts(t, openFile(t, name)); got != want {
			t.Errorf("%s: got %d rows, want %d", name, got, want)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want mode 0600", info.Mode(), err)
	}
	empty := filepath.Join(dir, "new.db")
	if kept, err := store.Restore(t.Context(), "sqlite:"+empty, file, day()); err != nil || kept != "" {
		t.Errorf("got %s, %v, want nothing kept", kept, err)
	}
}

func TestABadBackupTouchesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kaiho.db")
	db := openFile(t, path)
	for i := range 50 {
		add(t, db, fmt.Sprint(i))
	}
	good := filepath.Join(dir, "good")
	if err := db.Backup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	db.Close()
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	newer := openFile(t, filepath.Join(dir, "newer"))
	if err := store.Statement(t.Context(), newer, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	newer.Close()
	files := map[string][]byte{"text": []byte("hello"), "empty": {}, "half": data[:len(data)/2], "torn": append(append([]byte{}, data[:4096]...), make([]byte, len(data)-4096)...)}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]error{"text": store.ErrNotDatabase, "empty": store.ErrNotDatabase, "half": store.ErrNotDatabase,
		"torn": store.ErrNotDatabase, "newer": store.ErrNewer, "missing": fs.ErrNotExist} {
		t.Run(name, func(t *testing.T) {
			if _, err := store.Restore(t.Context(), "sqlite:"+path, filepath.Join(dir, name), day()); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
			if got := salts(t, openFile(t, path)); got != 50 {
				t.Errorf("got %d rows, want 50", got)
			}
		})
	}
	t.Run("a damaged database is put aside", func(t *testing.T) {
		if err := os.WriteFile(filepath.Join(dir, "broken.db"), files["text"], 0o600); err != nil {
			t.Fatal(err)
		}
		kept, err := store.Restore(t.Context(), "sqlite:"+filepath.Join(dir, "broken.db"), good, day())
		if content, _ := os.ReadFile(kept); err != nil || string(content) != "hello" {
			t.Errorf("got %q in %s, %v", content, kept, err)
		}
	})
}

func TestPostgresHasItsOwnBackup(t *testing.T) {
	url := storetest.Postgres(t)
	db := storetest.Open(t, url)
	if err := db.Backup(t.Context(), filepath.Join(t.TempDir(), "b")); !errors.Is(err, store.ErrPostgres) {
		t.Errorf("got %v, want %v", err, store.ErrPostgres)
	}
	if _, err := store.Restore(t.Context(), url, "b", day()); !errors.Is(err, store.ErrPostgres) {
		t.Errorf("got %v, want %v", err, store.ErrPostgres)
	}
}
