package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
)

// screen is what a terminal shows after it was written to, as far as redrawn needs it.
func screen(written string) string {
	lines, row, col := []string{""}, 0, 0
	for len(written) > 0 {
		if m := regexp.MustCompile(`^\x1b\[(\??)([0-9]*)([A-Za-z])`).FindStringSubmatch(written); m != nil {
			written = written[len(m[0]):]
			switch m[3] {
			case "A":
				n, err := strconv.Atoi(m[2])
				if err != nil {
					panic(err) // the pattern has digits alone
				}
				row -= n
			case "J": // the cursor is at the beginning of its line
				lines = append(lines[:row], "")
			case "K":
				lines[row] = lines[row][:col]
			}
			continue
		}
		switch c := written[0]; c {
		case '\r':
			col = 0
		case '\n':
			if row, col = row+1, 0; row == len(lines) {
				lines = append(lines, "")
			}
		default:
			lines[row] = lines[row][:col] + string(c) + lines[row][min(col+1, len(lines[row])):]
			col++
		}
		written = written[1:]
	}
	return strings.Join(lines, "\n")
}

func TestRedrawnStandsInThePlaceOfWhatWasThere(t *testing.T) {
	for _, test := range []struct{ name, before, text string }{
		{"nothing was there", "", "a\nb\n"},
		{"as many lines", "a\nb\n", "c\nd\n"},
		{"fewer lines", "a\nb\nc\n", "d\n"},
		{"more lines", "a\n", "b\nc\nd\n"},
		{"shorter lines", "aaaa\nbbbb\n", "c\nd\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, want := screen("above\n"+redrawn("", test.before)+redrawn(test.before, test.text)), "above\n"+test.text; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// watched is an issue of three letters, and who watches it.
func watched(t *testing.T, redraw, asJSON bool) (*watcher, *office, *bytes.Buffer) {
	t.Helper()
	o := newOffice(t)
	o.done("newsletter", "lock", "2026-11-18")
	o.done("newsletter", "send", "2026-11-18", "--yes", "--limit", "3")
	var out bytes.Buffer
	clock := func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }
	s := &session{world: world{stdout: &out, getenv: environment(nil), clock: clock}, lang: diag.English, source: o.site}
	return &watcher{session: s, ledger: o.ledgerOf(), id: "2026-11-18", redraw: redraw, asJSON: asJSON}, o, &out
}

func (w *watcher) looks(t *testing.T) (open bool) {
	t.Helper()
	open, err := w.show(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return open
}

// TestWatchTellsWhatHasChanged: a line in a file for each change, on a terminal the same
// place again.
func TestWatchTellsWhatHasChanged(t *testing.T) {
	const first, last = "09:00:00 2026-11-18: 40 candidates, 3 sent, 34 pending, 3 suppressed\n", "09:00:00 2026-11-18: 40 candidates, 37 sent, 3 suppressed\n"
	for _, test := range []struct {
		name           string
		redraw, asJSON bool
		want           func(w *watcher, out string) bool
	}{
		{"into a file", false, false, func(_ *watcher, out string) bool { return out == first+last }},
		{"as JSON", false, true, func(_ *watcher, out string) bool {
			return strings.Count(out, "\n") == 2 && strings.Contains(out, `"sent":3,`) && strings.Contains(out, `"sent":37,`)
		}},
		{"on a terminal", true, false, func(w *watcher, out string) bool {
			return screen(out) == w.shown && strings.Contains(w.shown, "        37  sent\n")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, o, out := watched(t, test.redraw, test.asJSON)
			for range 2 { // the second look finds nothing new
				if !w.looks(t) {
					t.Error("got no open letter, want 34")
				}
			}
			o.done("newsletter", "send", w.id, "--yes")
			if w.looks(t) {
				t.Error("got open letters, want none")
			}
			if !test.want(w, out.String()) {
				t.Errorf("got %q", out)
			}
		})
	}
}

// TestWatchSeesThatASenderHasDied while it watches.
func TestWatchSeesThatASenderHasDied(t *testing.T) {
	w, _, _ := watched(t, true, false)
	w.looks(t)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	rows, err := w.ledger.Claim(t.Context(), ledger.NewWorker(host, ended.Process.Pid), w.id, 5, time.Now(), time.Hour, nil)
	if err != nil || len(rows) != 5 {
		t.Fatalf("got %d rows, %v, want 5", len(rows), err)
	}
	w.looks(t)
	if !strings.Contains(w.shown, "        34  pending\n") || !strings.Contains(w.shown, "         0  in hand\n") {
		t.Errorf("got %s, want nothing in hand", w.shown)
	}
}

// TestWatchIsEndedWithoutAComplaint by Ctrl-C, at any moment.
func TestWatchIsEndedWithoutAComplaint(t *testing.T) {
	w, _, _ := watched(t, false, false)
	for _, after := range []time.Duration{0, 50 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		if err := w.run(ctx, time.Millisecond); err != nil {
			t.Errorf("after %s: got %v, want no error", after, err)
		}
		cancel()
	}
}
