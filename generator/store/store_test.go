package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

func TestATransactionIsAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.DB) {
		db, ctx := open(), t.Context()
		stop := errors.New("stop")
		err := db.Tx(ctx, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO salt (purpose, hex) VALUES (?, ?)`, "a", "?"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v, want %v", err, stop)
		}
		if got := salts(t, db); got != 0 {
			t.Errorf("got %d rows of a transaction that failed, want 0", got)
		}
		add(t, db, "a")
		if got := salts(t, db); got != 1 {
			t.Errorf("got %d rows, want 1", got)
		}
		err = db.Tx(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO salt (purpose, hex) VALUES (?, ?)`, "a", "2")
			return err
		})
		if !errors.Is(err, store.ErrUnique) {
			t.Errorf("got %v, want %v", err, store.ErrUnique)
		}
	})
}

// Several processes count up the same number; none of them loses a step.
func TestWritersWaitForEachOther(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.DB) {
		const writers, steps = 4, 25
		ctx := t.Context()
		var wg sync.WaitGroup
		failures := make([]error, writers)
		for w := range writers {
			db := open() // as another process would
			wg.Go(func() {
				for range steps {
					failures[w] = errors.Join(failures[w], db.Tx(ctx, func(tx *store.Tx) error {
						n := 0
						if err := tx.Scan(ctx, `UPDATE change SET number = number + 1 WHERE one = 1 RETURNING number`, nil, &n); err != nil {
							return err
						}
						_, err := tx.Exec(ctx, `INSERT INTO salt (purpose, hex) VALUES (?, 'x')`, fmt.Sprint(n))
						return err
					}))
				}
			})
		}
		wg.Wait()
		if err := errors.Join(failures...); err != nil {
			t.Fatal(err)
		}
		if got := salts(t, open()); got != writers*steps {
			t.Errorf("got %d rows, want %d", got, writers*steps)
		}
	})
}

// Many open a new database at once; one of them makes the tables.
func TestManyMayOpenANewDatabaseAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		var wg sync.WaitGroup
		failures := make([]error, 6)
		for i := range failures {
			wg.Go(func() {
				db, err := store.Open(t.Context(), url)
				if err == nil {
					err = errors.Join(db.Scan(t.Context(), `SELECT number FROM change WHERE one = ?`, []any{1}, new(int)), db.Close())
				}
				failures[i] = err
			})
		}
		wg.Wait()
		if err := errors.Join(failures...); err != nil {
			t.Error(err)
		}
	})
}

// The tables of an earlier version are brought up to date, with what is in them, by
// many at once.
func TestAnOlderDatabaseIsBroughtUpToDate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		if err := store.OpenAt(t.Context(), url, 1); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		failures := make([]error, 6)
		for i := range failures {
			wg.Go(func() {
				db, err := store.Open(t.Context(), url)
				if err == nil {
					err = errors.Join(db.Tx(t.Context(), func(tx *store.Tx) error {
						_, err := tx.Exec(t.Context(), `UPDATE change SET number = number + 1 WHERE one = 1`)
						return err
					}), db.Close())
				}
				failures[i] = err
			})
		}
		wg.Wait()
		if err := errors.Join(failures...); err != nil {
			t.Fatal(err)
		}
		db := storetest.Open(t, url)
		number, notes := 0, 0
		err := errors.Join(db.Scan(t.Context(), `SELECT number FROM change`, nil, &number), db.Scan(t.Context(), `SELECT count(*) FROM letter_note`, nil, &notes))
		if err != nil || number != len(failures) || notes != 0 {
			t.Errorf("got number %d and %d rows of the new table, %v, want %d and 0", number, notes, err, len(failures))
		}
	})
}

// A backup of an earlier version is restored, and brought up to date when it is opened.
func TestABackupOfAnEarlierVersionIsTaken(t *testing.T) {
	url, earlier := storetest.SQLite(t), filepath.Join(t.TempDir(), "backup")
	if err := store.OpenAt(t.Context(), "sqlite:"+earlier, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), url, earlier, day()); err != nil {
		t.Fatal(err)
	}
	got := 0
	if err := storetest.Open(t, url).Scan(t.Context(), `SELECT count(*) FROM letter_note`, nil, &got); err != nil {
		t.Error(err)
	}
}

func TestAViewSeesOneState(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.DB) {
		db, ctx := open(), t.Context()
		err := db.View(ctx, func(tx *store.Tx) error {
			before, after := 0, 0
			if err := tx.Scan(ctx, `SELECT count(*) FROM salt`, nil, &before); err != nil {
				return err
			}
			add(t, db, "meanwhile")
			if err := tx.Scan(ctx, `SELECT count(*) FROM salt`, nil, &after); err != nil {
				return err
			}
			if before != after {
				t.Errorf("got %d and then %d rows within one view", before, after)
			}
			if _, err := tx.Exec(ctx, `DELETE FROM salt`); err == nil {
				t.Error("a view may write")
			}
			return nil
		})
		if err != nil && !strings.Contains(err.Error(), "rollback") { // Postgres ends a view in which a statement failed
			t.Fatal(err)
		}
		if got := salts(t, db); got != 1 {
			t.Errorf("got %d rows, want 1", got)
		}
	})
}

func TestWhatMayBeWrongWithAnAddress(t *testing.T) {
	for name, url := range map[string]string{
		"it is empty":             "",
		"it is a path":            "/var/lib/kaiho.db",
		"it has no path":          "sqlite:",
		"it is of another kind":   "mysql://localhost/kaiho",
		"its port is no number":   "postgres://me:secret@localhost:port/kaiho",
		"its settings are broken": "postgres://me:secret@localhost/kaiho?sslmode=perhaps",
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), url)
			if !errors.Is(err, store.ErrURL) {
				t.Errorf("got %v, want %v", err, store.ErrURL)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the password is in the message: %v", err)
			}
			if db != nil {
				t.Error("got a database, want none")
			}
		})
	}
}

func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	db := openFile(t, filepath.Join(dir, "a b%20?#.db")) // names are kept as they are
	add(t, db, "a")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 { // with -wal and -shm
		t.Fatalf("got %v, %v, want three files", entries, err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 || !strings.HasPrefix(e.Name(), "a b%20?#.db") {
			t.Errorf("got %s with mode %v, %v, want 0600", e.Name(), info.Mode(), err)
		}
	}
}

func TestADatabaseThatCannotBeUsedSaysWhy(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is a letter, not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	db := openFile(t, newer)
	if err := store.Statement(t.Context(), db, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for name, test := range map[string]struct {
		path string
		want error
	}{
		"it is something else":                 {text, store.ErrNotDatabase},
		"a newer version of kaiho has made it": {newer, store.ErrNewer},
		"its folder is missing":                {filepath.Join(dir, "no", "kaiho.db"), os.ErrNotExist},
		"it is a folder":                       {dir, store.ErrReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := store.Open(t.Context(), "sqlite:"+test.path); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestALockedDatabaseSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kaiho.db")
	holder, waiter := openFile(t, path), openFile(t, path)
	if err := store.Statement(t.Context(), waiter, `PRAGMA busy_timeout = 10`); err != nil {
		t.Fatal(err)
	}
	err := holder.Tx(t.Context(), func(*store.Tx) error {
		return waiter.Tx(t.Context(), func(*store.Tx) error { return nil })
	})
	if !errors.Is(err, store.ErrLocked) {
		t.Errorf("got %v, want %v", err, store.ErrLocked)
	}
}

func TestAFullDiskChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kaiho.db")
	db := openFile(t, path)
	if err := store.Statement(t.Context(), db, `PRAGMA max_page_count = 1`); err != nil { // as it is, and no more
		t.Fatal(err)
	}
	err := db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO salt (purpose, hex) VALUES ('big', ?)`, strings.Repeat("x", 1<<20))
		return err
	})
	if !errors.Is(err, store.ErrFull) {
		t.Errorf("got %v, want %v", err, store.ErrFull)
	}
	if got := salts(t, openFile(t, path)); got != 0 {
		t.Errorf("got %d rows, want 0", got)
	}
}

func TestTimesAreKeptToTheMillisecond(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 123_000_000, time.UTC)
	if got := store.Time(store.Millis(at)); !got.Equal(at) {
		t.Errorf("got %v, want %v", got, at)
	}
	if got := store.Time(store.Millis(time.Time{})); !got.IsZero() {
		t.Errorf("got %v, want no time", got)
	}
}

func TestPlaceholders(t *testing.T) {
	for name, test := range map[string]struct{ query, want string }{
		"each gets its number":            {`INSERT INTO a VALUES (?, ?)`, `INSERT INTO a VALUES ($1, $2)`},
		"one inside of quotes is a text":  {`SELECT '?', 'it''s ?' WHERE a = ?`, `SELECT '?', 'it''s ?' WHERE a = $1`},
		"a statement without any is kept": {`SELECT 1`, `SELECT 1`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := store.Bind(test.query); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func openFile(t *testing.T, path string) *store.DB {
	t.Helper()
	return storetest.Open(t, "sqlite:"+path)
}

func add(t *testing.T, db *store.DB, purpose string) {
	t.Helper()
	err := db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO salt (purpose, hex) VALUES (?, 'x')`, purpose)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func salts(t *testing.T, db *store.DB) int {
	t.Helper()
	n := 0
	if err := db.Scan(t.Context(), `SELECT count(*) FROM salt`, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAServerThatIsNotThereIsNamed(t *testing.T) {
	if _, err := store.Open(t.Context(), "postgres://me@/kaiho?host="+t.TempDir()); !errors.Is(err, store.ErrLost) {
		t.Errorf("got %v, want %v", err, store.ErrLost)
	}
}
