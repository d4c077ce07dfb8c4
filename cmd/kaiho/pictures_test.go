package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestPicturesAreToldOnATerminal(t *testing.T) {
	for _, test := range []struct {
		name     string
		terminal bool
		since    time.Duration
		want     string
	}{
		{"a build that takes long", true, time.Minute, "\rmaking pictures, this once: 3\rmaking pictures, this once: 4\r\x1b[K"},
		{"a build that is over in a moment", true, 0, ""},
		{"into a file", false, time.Minute, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			s := &session{world: world{stderr: &out, terminal: test.terminal}}
			m := s.newMaking()
			m.started = m.started.Add(-test.since)
			for _, n := range []int64{0, 3, 3, 2, 4} { // they come in no order
				m.made(n)
			}
			m.end()
			if got := out.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	dir := t.TempDir()
	if code := run([]string{"init", dir + "/site", "--preset", "en"}, world{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, getenv: environment(nil), clock: time.Now}); code != exitDone {
		t.Fatal("no site")
	}
	var told strings.Builder
	if code := run([]string{"-C", dir + "/site", "build"}, world{stdout: &bytes.Buffer{}, stderr: &told, getenv: environment(nil), clock: time.Now, terminal: true}); code != exitDone || strings.Contains(told.String(), "\n") {
		t.Errorf("got code %d and %q, want at most one line that is cleared", code, told.String())
	}
}
