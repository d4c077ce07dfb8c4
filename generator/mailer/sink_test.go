package mailer_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/mailer"
)

// program returns the path of one of Postfix's test programs, which Debian puts where
// only root looks.
func program(t testing.TB, name string) string {
	t.Helper()
	path := "/usr/sbin/" + name
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not here (Debian: postfix)", name)
		}
		t.Skipf("%s is not here (Debian: postfix)", name)
	}
	return path
}

// sink runs Postfix's smtp-sink until the test ends, and returns its address.
func sink(t testing.TB, options ...string) string {
	t.Helper()
	path := program(t, "smtp-sink")
	l, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	if os.Getuid() == 0 {
		options = append(options, "-u", "nobody")
	}
	var said bytes.Buffer
	cmd := exec.Command(path, append(options, addr, "100")...)
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 500 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr
		}
		time.Sleep(10 * time.Millisecond) // until it listens: it says nothing then
	}
	t.Fatalf("smtp-sink does not listen: %s", said.String())
	return ""
}

// TestPostfixTakesWhatIsSent: four sessions to a server of another make; what it wrote
// to disk is what was sent.
func TestPostfixTakesWhatIsSent(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "relay-sink")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil { // the sink is nobody
		t.Fatal(err)
	}
	addr := sink(t, "-d", filepath.Join(dir, "%s."))
	letters := batch(40, 4000)
	var wait sync.WaitGroup
	for part := range 4 {
		wait.Go(func() {
			var mine []mailer.Envelope
			for i, e := range letters[part*10 : part*10+10] {
				e.Ref = i
				mine = append(mine, e)
			}
			got := run(t, t.Context(), relay(t, addr, nil), mine)
			for i := range mine {
				if o := got.outcomes[i]; o.State != mailer.Sent {
					t.Errorf("letter %d: got %+v, want sent", i, o)
				}
			}
		})
	}
	wait.Wait()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != len(letters) {
		t.Fatalf("got %d files (%v), want %d", len(files), err, len(letters))
	}
	var all strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	for i, e := range letters {
		want := strings.ReplaceAll(string(e.Data), "\r\n", "\n") // it writes files of its own system
		if !strings.Contains(all.String(), want) {
			t.Errorf("letter %d is not there as it was sent", i)
		}
	}
}

// TestPostfixRefuses: a server of another make that refuses at each command, now and
// for ever, and one that hangs up there.
func TestPostfixRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		options []string
		want    mailer.State
	}{
		{"RCPT for ever", []string{"-f", "rcpt"}, mailer.Policy}, // 500 is of the protocol
		{"the text for now", []string{"-r", "."}, mailer.Deferred},
		{"RCPT for now", []string{"-r", "rcpt"}, mailer.Deferred},
		{"away at MAIL", []string{"-q", "mail"}, mailer.Deferred},
		{"away at the terminator", []string{"-q", "."}, mailer.Unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := run(t, t.Context(), relay(t, sink(t, test.options...), nil), batch(3, 100))
			for i := range 3 {
				if o := got.outcomes[i]; o.State != test.want {
					t.Errorf("letter %d: got %+v, want %v", i, o, test.want)
				}
			}
		})
	}
}
