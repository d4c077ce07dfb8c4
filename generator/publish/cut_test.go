package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var cutOptions = Options{Trees: []string{"letters/2026", "public", "members"}, Version: "test"}

func cutFiles(texts map[string]string) (wanted []File) {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		wanted = append(wanted, File{Path: name, Audience: "public", Render: func() ([]byte, error) { return []byte(texts[name]), nil }})
	}
	return wanted
}

// begin does what Apply does up to the first change.
func begin(t *testing.T, root *os.Root, wanted []File) *stage {
	t.Helper()
	s, p := newStage(root), newPlan(wanted, cutOptions.Trees)
	if err := p.walk(root); err != nil {
		t.Fatal(err)
	}
	if err := s.render(t.Context(), p, cutOptions); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCutBetweenMoves stops after every move, as a kill does. Each file is old
// or new then, a folder that is new has all its files, trees come in their
// order, and the next Apply finishes.
func TestCutBetweenMoves(t *testing.T) {
	before := map[string]string{"public/a": "old", "public/stay/a": "old", "public/stay/b": "same", "public/f/x": "old", "public/g": "old"}
	after := map[string]string{"public/a": "new", "public/stay/a": "new", "public/stay/b": "same", "public/stay/c/d": "new", "public/stay/c/e/f": "new",
		"public/f": "new", "public/g/x": "new", "public/g/y": "new", "letters/2026/1": "new", "letters/2026/2/3": "new", "members/staff/a": "new", "members/staff/b/c": "new"}
	for _, first := range []bool{true, false} {
		for cut, total := 0, 1; cut <= total; cut++ {
			t.Run(fmt.Sprintf("first build %v, after %d", first, cut), func(t *testing.T) {
				dir := t.TempDir()
				root, err := os.OpenRoot(dir)
				if err != nil {
					t.Fatal(err)
				}
				defer root.Close()
				old := before
				if first {
					old = nil
				}
				if _, err := Apply(t.Context(), root, cutFiles(old), cutOptions); err != nil {
					t.Fatal(err)
				}
				s := begin(t, root, cutFiles(after))
				if _, err := s.removeStale(); err != nil {
					t.Fatal(err)
				}
				moves := s.moves()
				total = len(moves)
				if first && total != len(cutOptions.Trees) {
					t.Fatalf("a first build makes %d moves, want one for each tree", total)
				}
				for _, m := range moves[:cut] {
					if err := s.move(m); err != nil {
						t.Fatal(err)
					}
				}
				checkCut(t, dir, moves[:cut], old, after)
				if _, err := Apply(t.Context(), root, cutFiles(after), cutOptions); err != nil {
					t.Fatal(err)
				}
				if got := regular(t, dir); !maps.Equal(got, after) {
					t.Errorf("after the next Apply: got %v, want %v", got, after)
				}
			})
		}
	}
}

func checkCut(t *testing.T, dir string, done []move, before, after map[string]string) {
	t.Helper()
	want := maps.Clone(before)
	if want == nil {
		want = map[string]string{}
	}
	maps.DeleteFunc(want, func(name, _ string) bool { return after[name] == "" })
	for i, m := range done {
		if i > 0 && m.tree < done[i-1].tree {
			t.Errorf("%s comes after %s", m.to, done[i-1].to)
		}
		for name, text := range after {
			if within(name, m.to) {
				want[name] = text
			}
		}
	}
	got := regular(t, dir)
	maps.DeleteFunc(got, func(name, _ string) bool { return strings.HasPrefix(name, ".") })
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// regular returns the files under dir but the manifest.
func regular(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		got[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(got, ManifestName)
	return got
}

// TestFolderThatWasSwappedIsNotWalked swaps a folder after its parent was read.
func TestFolderThatWasSwappedIsNotWalked(t *testing.T) {
	for _, test := range []struct {
		name string
		swap func(dir string) error
		want bool
	}{
		{"left alone", func(string) error { return nil }, true},
		{"for a link to another folder of the tree", func(dir string) error {
			return errors.Join(os.Rename(dir+"/a", dir+"/c"), os.Symlink("b", dir+"/a"))
		}, false},
		{"for a link to itself", func(dir string) error {
			return errors.Join(os.Rename(dir+"/a", dir+"/c"), os.Symlink("c", dir+"/a"))
		}, true}, // the same folder, which it also was when it was listed
		{"for another folder", func(dir string) error {
			return errors.Join(os.Rename(dir+"/a", dir+"/c"), os.Rename(dir+"/b", dir+"/a"))
		}, true},
		{"for a file", func(dir string) error {
			return errors.Join(os.Remove(dir+"/a"), os.WriteFile(dir+"/a", nil, 0o644))
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			if err := errors.Join(root.MkdirAll("public/a", 0o755), root.MkdirAll("public/b", 0o755)); err != nil {
				t.Fatal(err)
			}
			parent, err := root.OpenRoot("public")
			if err != nil {
				t.Fatal(err)
			}
			defer parent.Close()
			info, err := parent.Lstat("a")
			if err != nil {
				t.Fatal(err)
			}
			if err := test.swap(path.Join(dir, "public")); err != nil {
				t.Skip(err)
			}
			f := folder{parent: &handle{Root: parent}, found: found{0, "public/a"}, info: info}
			if _, err := f.list(); (err == nil) != test.want {
				t.Errorf("list: got %v", err)
			}
			h, err := f.open()
			if (err == nil) != test.want {
				t.Errorf("open: got %v", err)
			}
			if err == nil {
				h.Close()
			}
		})
	}
}
