// Package storetest is a database for tests: a SQLite file in a folder of the test,
// or a real Postgres.
//
// The Postgres is started when a test first asks for one, and serves all tests of
// the process: on a Unix socket, in a folder of its own, as another user if the
// tests run as root. Every test gets a database of its own there. The server ends,
// and its folder goes, when the process ends, however it does; a package that uses
// it needs no TestMain.
//
// Where there is no Postgres, a test that wants one is skipped and says why; where
// everything must be there (CI is set), it fails. Only files of tests import this
// package.
package storetest

import (
	"path/filepath"
	"testing"

	"kaiho/generator/store"
)

// Each runs f once for each kind of database, in a subtest of its name, with the URL
// of an empty one.
func Each(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("Postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite returns the URL of a file that is not there yet, in a folder that goes with
// the test.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "kaiho.db")
}

// Open opens the database that url names, until the test ends.
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
