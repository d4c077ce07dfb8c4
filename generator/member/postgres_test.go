package member_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/store"
)

// server is a Postgres of our own, which lives as long as the tests.
type server struct {
	dir    string
	cmd    *exec.Cmd
	alive  io.Closer // as long as it is open
	reason string    // why there is none
	made   int
}

var (
	started  atomic.Bool
	postgres = sync.OnceValue(func() *server {
		started.Store(true)
		return startPostgres()
	})
)

func TestMain(m *testing.M) {
	code := m.Run()
	if started.Load() && postgres().reason == "" {
		s := postgres()
		s.alive.Close()
		s.cmd.Wait()
		os.RemoveAll(s.dir)
	}
	os.Exit(code)
}

// each runs f with an empty database of each kind; open opens it once more.
func each(t *testing.T, f func(t *testing.T, open func() *member.Book)) {
	t.Helper()
	with := func(url string) func(t *testing.T) {
		return func(t *testing.T) {
			f(t, func() *member.Book { return book(t, url) })
		}
	}
	t.Run("SQLite", with("sqlite:"+filepath.Join(t.TempDir(), "kaiho.db")))
	t.Run("Postgres", func(t *testing.T) { with(postgresURL(t))(t) })
}

// postgresURL makes an empty schema, which is like a database of its own.
func postgresURL(t *testing.T) string {
	t.Helper()
	s := postgres()
	if s.reason != "" {
		t.Skip(s.reason)
	}
	db, err := store.Open(t.Context(), s.url())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s.made++
	name := fmt.Sprintf("t%d", s.made)
	err = db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `CREATE SCHEMA `+name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.url() + "&search_path=" + name
}

func (s *server) url() string { return "postgres://postgres@/postgres?host=" + s.dir }

// startPostgres starts a Postgres in a folder of its own, on a Unix socket, as
// another user if we are root, whom it refuses. It ends when we do.
func startPostgres() *server {
	s := &server{}
	initdb, err := find("initdb")
	binary, err2 := find("postgres")
	if err := errors.Join(err, err2); err != nil {
		s.reason = "there is no Postgres here: " + err.Error()
		return s
	}
	if s.dir, err = os.MkdirTemp("", "kaiho-pg"); err != nil {
		s.reason = err.Error()
		return s
	}
	as, err := asOther(s.dir)
	if err != nil {
		s.reason = "Postgres does not run as root: " + err.Error()
		return s
	}
	data := filepath.Join(s.dir, "data")
	args := append(as, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		s.reason = fmt.Sprintf("initdb: %v: %s", err, out)
		return s
	}
	// The shell ends the server when our end of its input is closed, however we ended.
	args = slices.Concat(as, []string{"sh", "-c", `"$0" "$@" </dev/null >/dev/null 2>&1 & p=$!; cat >/dev/null; kill -INT $p; wait $p`,
		binary, "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off"})
	s.cmd = exec.Command(args[0], args[1:]...)
	if s.alive, err = s.cmd.StdinPipe(); err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		s.reason = "start Postgres: " + err.Error()
		return s
	}
	s.await()
	return s
}

func (s *server) await() {
	var err error
	deadline := time.After(30 * time.Second)
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		var db *store.DB
		if db, err = store.Open(context.Background(), s.url()); err == nil {
			db.Close()
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			s.reason = "Postgres does not answer: " + err.Error()
			return
		}
	}
}

// asOther returns the words before a command that run it as a user who may be a
// server, and gives dir to that user.
func asOther(dir string) ([]string, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	runuser, err := exec.LookPath("runuser")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return []string{runuser, "-u", "postgres", "--"}, errors.Join(err, err2, os.Chown(dir, uid, gid))
}

func find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("no %s in PATH or /usr/lib/postgresql", name)
	}
	return found[len(found)-1], nil
}

// book opens the people of a database.
func book(t testing.TB, url string) *member.Book {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return member.Open(db)
}

// fileBook opens the people of a new SQLite file.
func fileBook(t testing.TB) *member.Book {
	t.Helper()
	return book(t, "sqlite:"+filepath.Join(t.TempDir(), "kaiho.db"))
}
