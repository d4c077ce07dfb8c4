package bounce_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
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
		"mail/new/2.host":         {Data: []byte("two")},
		"mail/new/1.host":         {Data: []byte("one")},
		"mail/new/3.host":         {Data: make([]byte, bounce.MaxBytes+1)},
		"mail/cur/0.host:2,F":     {Data: []byte("zero")},
		"mail/cur/00.host:2,S":    {Data: []byte("seen")},
		"mail/cur/01.host:2,FRST": {Data: []byte("seen")},
		"mail/cur/S.host":         {Data: []byte("unseen")},
		"mail/new/4.host:2,S":     {Data: []byte("new all the same")},
		"mail/tmp/9.host":         {Data: []byte("not yet whole")},
		"mail/new/.hidden":        {Data: []byte("no message")},
		"mail/new/folder/file":    {Data: []byte("no message")},
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
	want := []string{"mail/new/1.host one", "mail/new/2.host two", "mail/new/3.host too large", "mail/new/4.host:2,S new all the same", "mail/cur/0.host:2,F zero", "mail/cur/S.host unseen"}
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

// maildir makes a maildir of empty messages.
func maildir(t testing.TB, names ...string) *os.Root {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestSeen(t *testing.T) {
	for _, test := range []struct{ name, from, to string }{
		{"a new message", "new/1.host", "cur/1.host:2,S"},
		{"one that is known and was not seen", "cur/1.host:2,", "cur/1.host:2,S"},
		{"its flags stay, in their order", "cur/1.host:2,FRT", "cur/1.host:2,FRST"},
		{"one without flags", "cur/1.host,S=20", "cur/1.host,S=20:2,S"},
		{"a new one with flags", "new/1.host:2,F", "cur/1.host:2,FS"},
		{"one that was seen stays", "cur/1.host:2,S", "cur/1.host:2,S"},
		{"flags of another kind have no meaning", "cur/1.host:1,x", "cur/1.host:2,S"},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := maildir(t, test.from)
			if err := bounce.Seen(root, test.from); err != nil {
				t.Fatal(err)
			}
			if got, err := root.ReadFile(test.to); err != nil || string(got) != test.from {
				t.Errorf("got %q, %v, want the message as %s", got, err, test.to)
			}
			for stored := range bounce.Maildir(root.FS(), ".") {
				t.Errorf("got %s, want nothing that is not seen", stored.Name)
			}
			if err := bounce.Seen(root, "new/gone"); err != nil {
				t.Errorf("a message that another process took: got %v, want no error", err)
			}
		})
	}
}

func TestSeenTellsWhatCannotBeMoved(t *testing.T) {
	root := maildir(t, "new/1.host")
	if err := root.MkdirAll("cur/1.host:2,S/x", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := bounce.Seen(root, "new/1.host"); err == nil {
		t.Error("got no error")
	}
	if _, err := root.Stat("new/1.host"); err != nil {
		t.Errorf("got %v, want the message where it was", err)
	}
}

// FuzzSeen holds that a message, whatever its name, is found once more, as seen, under a
// name that begins as before.
func FuzzSeen(f *testing.F) {
	for _, name := range []string{"1.host", "1.host:2,", "1.host:2,FRT", "1.host:1,S", ":2,S", "a:2,S:2,F", "a:2,SS"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !fs.ValidPath(name) || strings.ContainsAny(name, "/\\\x00") || len(name) > 200 || name[0] == '.' {
			t.Skip("no name of a file")
		}
		root := maildir(t, "new/"+name)
		if err := bounce.Seen(root, "new/"+name); err != nil {
			t.Fatal(err)
		}
		entries, err := fs.ReadDir(root.FS(), "cur")
		if err != nil || len(entries) != 1 {
			t.Fatalf("got %v, %v, want one message", entries, err)
		}
		own, _, _ := strings.Cut(name, ":")
		if got := entries[0].Name(); !strings.HasPrefix(got, own+":2,") || strings.Count(got[len(own):], "S") != 1 {
			t.Errorf("got %q from %q", got, name)
		}
		for stored := range bounce.Maildir(root.FS(), ".") {
			t.Errorf("got %s, want nothing that is not seen", stored.Name)
		}
	})
}

func TestIsMaildir(t *testing.T) {
	file := &fstest.MapFile{}
	folder := &fstest.MapFile{Mode: fs.ModeDir}
	for _, test := range []struct {
		name string
		fsys fstest.MapFS
		want bool
	}{
		{"both folders, however empty", fstest.MapFS{"m/new": folder, "m/cur": folder}, true},
		{"a folder of messages", fstest.MapFS{"m/1.eml": file}, false},
		{"no cur", fstest.MapFS{"m/new/1": file}, false},
		{"a file that is called new", fstest.MapFS{"m/new": file, "m/cur/1": file}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := bounce.IsMaildir(test.fsys, "m"); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
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
