package storetest

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

	"kaiho/generator/store"
)

// patience is how long a server may take to answer: a machine that is busy with
// other tests needs seconds.
const patience = 30 * time.Second

// server is a Postgres of our own.
type server struct {
	dir   string
	cmd   *exec.Cmd
	alive io.Closer    // as long as it is open
	made  atomic.Int64 // databases
}

var shared = sync.OnceValues(start)

// Postgres returns the URL of an empty database of a real Postgres. The test is
// skipped if there is none, and fails if CI is set.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	name := fmt.Sprintf("t%d", s.made.Add(1))
	if err := s.create(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	return s.url(name)
}

func (s *server) url(name string) string { return "postgres://postgres@/" + name + "?host=" + s.dir }

// create makes an empty database. Postgres does that outside of transactions only.
func (s *server) create(ctx context.Context, name string) error {
	db, err := store.Open(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.Query(ctx, `CREATE DATABASE `+name)
	if err != nil {
		return err
	}
	for rows.Next() { // none; the error of the statement shows at the end
	}
	return errors.Join(rows.Err(), rows.Close())
}

// start starts a Postgres, or says why there is none.
func start() (*server, error) {
	initdb, err := find("initdb")
	binary, err2 := find("postgres")
	if err := errors.Join(err, err2); err != nil {
		return nil, fmt.Errorf("there is no Postgres here: %w", err)
	}
	dir, err := os.MkdirTemp("", "kaiho-pg")
	if err != nil {
		return nil, fmt.Errorf("make a folder for Postgres: %w", err)
	}
	s := &server{dir: dir}
	if err := s.run(initdb, binary); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.await(); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// run makes the files of a server and starts it.
func (s *server) run(initdb, binary string) error {
	as, err := asOther(s.dir)
	if err != nil {
		return fmt.Errorf("Postgres does not run as root: %w", err)
	}
	data := filepath.Join(s.dir, "data")
	args := slices.Concat(as, []string{initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"})
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	// The shell ends the server when our end of its input is closed, however we ended:
	// also by a signal from the terminal, which all of us get.
	const keeper = `trap '' HUP INT TERM; "$@" </dev/null >/dev/null 2>&1 & p=$!; cat >/dev/null; kill -INT $p; wait $p; rm -rf "$0"`
	args = slices.Concat(as, []string{"sh", "-c", keeper, s.dir, binary, "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off"})
	s.cmd = exec.Command(args[0], args[1:]...)
	s.cmd.Dir = s.dir // the user may not be let into ours
	if s.alive, err = s.cmd.StdinPipe(); err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("start Postgres: %w", err)
	}
	return nil
}

// await returns when the server answers.
func (s *server) await() error {
	deadline := time.After(patience)
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		db, err := store.Open(context.Background(), s.url("postgres"))
		if err == nil {
			return db.Close()
		}
		select {
		case <-tick.C:
		case <-deadline:
			return fmt.Errorf("Postgres does not answer: %w", err)
		}
	}
}

// stop does what the end of the process does, and waits.
func (s *server) stop() error { return errors.Join(s.alive.Close(), s.cmd.Wait()) }

// asOther returns the words before a command that run it as a user who may be a
// server, and gives dir to that user; none if we are such a user. Postgres refuses
// root.
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

// find looks for a program of Postgres; Debian has them outside of PATH.
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
