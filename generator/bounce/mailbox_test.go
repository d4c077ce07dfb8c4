package bounce_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"kaiho/generator/bounce"
)

func TestMaildirReadsNewAndThenCur(t *testing.T) {
	fsys := fstest.MapFS{
		"mail/new/2.host":      {Data: []byte("two")},
		"mail/new/1.host":      {Data: []byte("one")},
		"mail/new/3.host":      {Data: make([]byte, bounce.MaxBytes+1)},
		"mail/cur/0.host:2,S":  {Data: []byte("zero")},
		"mail/tmp/9.host":      {Data: []byte("not yet whole")},
		"mail/new/.hidden":     {Data: []byte("no message")},
		"mail/new/folder/file": {Data: []byte("no message")},
	}
	var got []string
	for stored, err := range bounce.Maildir(fsys, "mail") {
		switch {
		case errors.Is(err, bounce.ErrTooLarge):
			got = append(got, stored.Name+" too large")
		case err != nil:
			t.Errorf("%s: %v", stored.Name, err)
		default:
			got = append(got, stored.Name+" "+string(stored.Raw))
		}
	}
	want := []string{"mail/new/1.host one", "mail/new/2.host two", "mail/new/3.host too large", "mail/cur/0.host:2,S zero"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMaildirTellsAFolderThatIsNoMaildir(t *testing.T) {
	var got []string
	for stored, err := range bounce.Maildir(fstest.MapFS{"mail/new/1.host": {Data: []byte("one")}}, "mail") {
		if err != nil {
			got = append(got, stored.Name)
		}
	}
	if !slices.Equal(got, []string{"mail/cur"}) {
		t.Errorf("got errors of %q, want one of mail/cur", got)
	}
}

func TestMaildirLeavesOutWhatIsTakenMeanwhile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"new/1", "new/2", "cur/3"} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for stored, err := range bounce.Maildir(os.DirFS(dir), ".") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, stored.Name)
		if err := os.RemoveAll(filepath.Join(dir, "new/2")); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"new/1", "cur/3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMbox(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for _, test := range []struct {
		name, mbox string
		want       []string
	}{
		{"nothing", "", nil},
		{"two messages", "From a Fri Nov 20 12:00:03 2026\nA: 1\n\nb\n\nFrom b Fri Nov 20\nA: 2\n\nc\n", []string{"A: 1\n\nb\n\n", "A: 2\n\nc\n"}},
		{"a message alone", "A: 1\n\nb\n", []string{"A: 1\n\nb\n"}},
		{"a line that looks like the first of a message", "From a\nA: 1\n\n>From here\n>>From there\n", []string{"A: 1\n\nFrom here\n>From there\n"}},
		{"a word From within a paragraph", "From a\nA: 1\n\nb\nFrom here\n", []string{"A: 1\n\nb\nFrom here\n"}},
		{"a long line", "From a\nA: 1\n\n" + long + "\n\nFrom b\nA: 2\n", []string{"A: 1\n\n" + long + "\n\n", "A: 2\n"}},
		{"CR LF", "From a\r\nA: 1\r\n\r\nFrom b\r\nA: 2\r\n", []string{"A: 1\r\n\r\n", "A: 2\r\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for raw, err := range bounce.Mbox(strings.NewReader(test.mbox)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(raw))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMboxGoesOnAfterALongMessageAndStopsAtAnError(t *testing.T) {
	long := append([]byte("From a\n"), bytes.Repeat([]byte("0123456789abcde\n"), bounce.MaxBytes/16+1)...)
	broken := errors.New("broken disk")
	var got []string
	for raw, err := range bounce.Mbox(io.MultiReader(bytes.NewReader(long), strings.NewReader("\nFrom b\nA: 2\n\nFrom c\nA: 3\n"), iotest.ErrReader(broken))) {
		switch {
		case errors.Is(err, bounce.ErrTooLarge):
			got = append(got, "too large")
		case errors.Is(err, broken):
			got = append(got, "broken")
		default:
			got = append(got, string(raw))
		}
	}
	if want := []string{"too large", "A: 2\n\n", "broken"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
