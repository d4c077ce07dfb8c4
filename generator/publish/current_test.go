package publish_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/publish"
)

// memory is what a caller keeps from one Apply to the next.
type memory struct {
	mu    sync.Mutex
	known map[string]remembered
	asked []string
	told  []string
}

type remembered struct {
	info fs.FileInfo
	sum  [32]byte
}

// wanted returns a file that remembers how it was placed, and whose Render
// fails the test while it must not be called.
func (m *memory) wanted(t *testing.T, name, text string) publish.File {
	f := page(name, text)
	f.Current = func(info fs.FileInfo) ([32]byte, bool) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.asked = append(m.asked, name)
		was, ok := m.known[name]
		same := ok && info.Size() == was.info.Size() && info.ModTime().Equal(was.info.ModTime()) && os.SameFile(info, was.info)
		if same && was.sum != sha256.Sum256([]byte(text)) {
			same = false // the page was edited
		}
		if same {
			if info.Name() != filepath.Base(name) || !info.Mode().IsRegular() {
				t.Errorf("%s: Current got %q, %v", name, info.Name(), info.Mode())
			}
			return was.sum, true
		}
		return [32]byte{}, false
	}
	return f
}

func (m *memory) apply(t *testing.T, root *os.Root, wanted ...publish.File) (publish.Report, error) {
	t.Helper()
	m.asked, m.told = nil, nil
	o := options
	o.Placed = func(i int, info fs.FileInfo, sum [32]byte) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.told = append(m.told, wanted[i].Path)
		m.known[wanted[i].Path] = remembered{info, sum}
	}
	return publish.Apply(t.Context(), root, wanted, o)
}

func TestFilesThatCurrentVouchesForAreNotRendered(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	m := &memory{known: map[string]remembered{}}
	set := func(texts map[string]string) []publish.File {
		var wanted []publish.File
		for _, name := range []string{"public/a/index.html", "public/b/index.html", "public/c", "members/alumni/d"} {
			wanted = append(wanted, m.wanted(t, name, texts[name]))
		}
		return wanted
	}
	texts := map[string]string{"public/a/index.html": "a", "public/b/index.html": "b", "public/c": "c", "members/alumni/d": "d"}
	all := []string{"public/a/index.html", "public/b/index.html", "public/c", "members/alumni/d"}
	later := time.Now().Add(time.Hour)
	for _, step := range []struct {
		name   string
		change func()
		asked  []string
		told   []string
		report publish.Report
	}{
		{"a first build asks nothing and tells everything", func() {}, nil, all, publish.Report{Outputs: 4, Written: 4}},
		{"a second renders nothing", func() {}, all, nil, publish.Report{Outputs: 4, Unchanged: 4}},
		{"one page was edited", func() { texts["public/c"] = "C" }, all, []string{"public/c"}, publish.Report{Outputs: 4, Written: 1, Unchanged: 3}},
		{"and is known then", func() {}, all, nil, publish.Report{Outputs: 4, Unchanged: 4}},
		{"a file was touched: it is compared, and known again", func() {
			os.Chtimes(filepath.Join(dir, "public/c"), later, later)
		}, all, []string{"public/c"}, publish.Report{Outputs: 4, Unchanged: 4}},
		{"and is known again then", func() {}, all, nil, publish.Report{Outputs: 4, Unchanged: 4}},
		{"a file was damaged", func() { write(t, filepath.Join(dir, "public/c"), "x") }, all, []string{"public/c"}, publish.Report{Outputs: 4, Written: 1, Unchanged: 3}},
		{"a folder is gone: nobody asks about its file", func() {
			os.RemoveAll(filepath.Join(dir, "public/a"))
		}, all[1:], []string{"public/a/index.html"}, publish.Report{Outputs: 4, Written: 1, Unchanged: 3}},
		{"nobody asks about a link either", func() {
			os.Rename(filepath.Join(dir, "public/c"), filepath.Join(dir, "c"))
			link(t, "../c", filepath.Join(dir, "public/c"))
		}, []string{"public/a/index.html", "public/b/index.html", "members/alumni/d"}, []string{"public/c"}, publish.Report{Outputs: 4, Written: 1, Removed: 1, Unchanged: 3}},
		{"all is known at the end", func() {}, all, nil, publish.Report{Outputs: 4, Unchanged: 4}},
	} {
		step.change()
		wanted := set(texts)
		for i, f := range wanted {
			wanted[i].Render = func() ([]byte, error) {
				if !contains(step.told, f.Path) {
					t.Errorf("%s: %s was rendered", step.name, f.Path)
				}
				return f.Render()
			}
		}
		report, err := m.apply(t, root, wanted...)
		if err != nil || report != step.report {
			t.Errorf("%s: report: got %+v, %v, want %+v", step.name, report, err, step.report)
		}
		if got, want := sorted(m.asked), sorted(step.asked); got != want {
			t.Errorf("%s: asked: got %q, want %q", step.name, got, want)
		}
		if got, want := sorted(m.told), sorted(step.told); got != want {
			t.Errorf("%s: told: got %q, want %q", step.name, got, want)
		}
		m.checkKnown(t, dir)
		checkManifest(t, dir, texts)
	}
}

// checkKnown compares what Placed told last with an Lstat now.
func (m *memory) checkKnown(t *testing.T, dir string) {
	t.Helper()
	for _, name := range m.told {
		now, err := os.Lstat(filepath.Join(dir, name))
		was := m.known[name].info
		if err != nil || !os.SameFile(now, was) || now.Size() != was.Size() || !now.ModTime().Equal(was.ModTime()) ||
			now.Mode() != was.Mode() || now.Name() != was.Name() || changeTime(now) != changeTime(was) {
			t.Errorf("%s: told of %+v, want %+v, %v", name, was, now, err)
		}
		data, _ := os.ReadFile(filepath.Join(dir, name))
		if got, want := m.known[name].sum, sha256.Sum256(data); got != want {
			t.Errorf("%s: sum: got %x, want %x", name, got, want)
		}
	}
}

// changeTime returns what systems that know it say of an inode's change.
func changeTime(info fs.FileInfo) string {
	sys := reflect.Indirect(reflect.ValueOf(info.Sys()))
	for _, name := range []string{"Ctim", "Ctimespec"} {
		if sys.Kind() == reflect.Struct && sys.FieldByName(name).IsValid() {
			return fmt.Sprint(sys.FieldByName(name).Interface())
		}
	}
	return ""
}

func checkManifest(t *testing.T, dir string, texts map[string]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		want := fmt.Sprintf(`"sha256":"%x","size":%d}`, sha256.Sum256([]byte(text)), len(text))
		for line := range strings.Lines(string(data)) {
			if strings.Contains(line, `"`+name+`"`) && !strings.Contains(line, want) {
				t.Errorf("manifest: got %s, want %s", line, want)
			}
		}
	}
}

func contains(list []string, s string) bool { return strings.Contains(" "+sorted(list)+" ", " "+s+" ") }

func sorted(list []string) string {
	set := map[string]string{}
	for _, s := range list {
		set[s] = ""
	}
	if len(set) != len(list) {
		return "twice: " + strings.Join(list, " ")
	}
	return strings.ReplaceAll(files(maps.Clone(set)), "=", "")
}

// TestWhatOthersChangeWhileFilesAreRendered changes the trees after they were
// listed.
func TestWhatOthersChangeWhileFilesAreRendered(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(dir string)
		report publish.Report
	}{
		{"a file is cut off", func(dir string) { os.Truncate(dir+"/public/a", 4) }, publish.Report{Outputs: 1, Written: 1, Removed: 1}},
		{"a file grows", func(dir string) { os.Truncate(dir+"/public/a", 400) }, publish.Report{Outputs: 1, Written: 1, Removed: 1}},
		{"a file is gone", func(dir string) { os.Remove(dir + "/public/a") }, publish.Report{Outputs: 1, Written: 1, Removed: 1}},
		{"what is stale is gone", func(dir string) { os.RemoveAll(dir + "/public/old") }, publish.Report{Outputs: 1, Unchanged: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			root := openRoot(t, dir)
			apply(t, root, page("public/a", "the text"), page("public/old/b", "old"))
			f := page("public/a", "")
			f.Render = func() ([]byte, error) { test.change(dir); return []byte("the text"), nil }
			if got := apply(t, root, f); got != test.report {
				t.Errorf("got %+v, want %+v", got, test.report)
			}
			if got, want := files(snapshot(t, dir)), "public/a=the text"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestPlacedIsNotToldWhenNothingChanged(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	m := &memory{known: map[string]remembered{}}
	bad := page("public/bad", "")
	bad.Render = func() ([]byte, error) { return nil, errors.New("no title") }
	if _, err := m.apply(t, root, m.wanted(t, "public/a", "1"), bad); err == nil || m.told != nil {
		t.Errorf("got %v, told %q, want an error and nothing", err, m.told)
	}
}

func TestReadOnlyFolderIsFineWithCurrent(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	m := &memory{known: map[string]remembered{}}
	if _, err := m.apply(t, root, m.wanted(t, "public/a", "1")); err != nil {
		t.Fatal(err)
	}
	r, err := applyReadOnly(t, dir, root, m.wanted(t, "public/a", "1"))
	if want := (publish.Report{Outputs: 1, Unchanged: 1}); err != nil || r != want {
		t.Errorf("got %+v, %v, want %+v", r, err, want)
	}
	if _, err := applyReadOnly(t, dir, root, m.wanted(t, "public/a", "2")); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want that the folder cannot be written", err)
	}
}
