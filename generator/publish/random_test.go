package publish_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/publish"
)

// TestAnyStateBecomesAnyOther goes from one random set of files to the next,
// with damage by others in between, and looks at what is there each time.
func TestAnyStateBecomesAnyOther(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "kept", "x"), "kept")
	root := openRoot(t, dir)
	for step := range 100 {
		texts := randomTexts(random)
		var wanted []publish.File
		for name, text := range texts {
			f := page(name, text)
			if random.IntN(3) == 0 {
				f = streamed(name, text)
			}
			f.Audience = "public"
			wanted = append(wanted, f)
		}
		what := fmt.Sprintf("seed %d, step %d", seed, step)
		if step > 0 {
			damage(random, root, outside)
		}
		r := apply(t, root, wanted...)
		if r.Outputs != len(texts) || r.Written+r.Unchanged != len(texts) {
			t.Fatalf("%s: got %+v, want %d outputs", what, r, len(texts))
		}
		got := snapshot(t, dir)
		if again := apply(t, root, wanted...); again.Unchanged != len(texts) || again.Removed != 0 {
			t.Fatalf("%s: then %+v, want no change", what, again)
		}
		want := maps.Clone(texts)
		for name := range texts {
			for i := range len(name) {
				if name[i] == '/' {
					want[name[:i+1]] = ""
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%s: got %v, want %v", what, got, want)
		}
	}
	if got := files(snapshot(t, outside)); got != "kept/x=kept" {
		t.Errorf("seed %d: what links pointed at: got %s", seed, got)
	}
}

// randomTexts returns up to 40 files, no file where a folder is wanted.
func randomTexts(random *rand.Rand) map[string]string {
	texts := map[string]string{}
	for range random.IntN(40) {
		name := []string{"public", "members"}[random.IntN(2)]
		for range 1 + random.IntN(4) {
			name += "/" + string(rune('a'+random.IntN(4)))
		}
		clash := false
		for other := range texts {
			clash = clash || strings.HasPrefix(other, name+"/") || strings.HasPrefix(name, other+"/")
		}
		if !clash {
			texts[name] = fmt.Sprint(random.IntN(4)) + strings.Repeat("x", random.IntN(2)*70_000)
		}
	}
	return texts
}

// damage changes a few of the things in the trees.
func damage(random *rand.Rand, root *os.Root, outside string) {
	var all []string
	for _, tree := range options.Trees {
		fs.WalkDir(root.FS(), tree, func(p string, _ fs.DirEntry, err error) error {
			if err == nil {
				all = append(all, p)
			}
			return nil
		})
	}
	slices.Sort(all)
	for range random.IntN(4) {
		if len(all) == 0 {
			return
		}
		p := all[random.IntN(len(all))]
		if root.RemoveAll(p) != nil { // below a link that leads out
			continue
		}
		switch random.IntN(6) {
		case 0:
		case 1: // a link to what lies outside, also in place of a tree
			root.Symlink(filepath.Join(outside, "kept"), p)
		case 2: // a link to another place in the trees
			if target, err := filepath.Rel(filepath.Dir(p), all[random.IntN(len(all))]); err == nil {
				root.Symlink(target, p)
			}
		case 3: // a file in place of anything
			root.WriteFile(p, []byte("0"), 0o644)
		case 4: // an empty folder in place of anything
			root.Mkdir(p, 0o755)
		case 5:
			root.MkdirAll(p+"/stray", 0o755)
			root.WriteFile(p+"/stray/file", nil, 0o644)
		}
	}
}

// TestFolderThatOthersMadeMeanwhileIsFilled makes a missing folder while files
// for it are rendered, so that it cannot be moved as a whole.
func TestFolderThatOthersMadeMeanwhileIsFilled(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	m := &memory{known: map[string]remembered{}}
	wanted := []publish.File{page("public/n/a", "a"), page("public/n/b/c", "c"), page("public/n/b/d", "d")}
	wanted[1].Render = func() ([]byte, error) {
		write(t, filepath.Join(dir, "public/n/b/theirs"), "x")
		return []byte("c"), nil
	}
	r, err := m.apply(t, root, wanted...)
	if want := (publish.Report{Outputs: 3, Written: 3}); err != nil || r != want {
		t.Errorf("got %+v, %v, want %+v", r, err, want)
	}
	if got, want := files(snapshot(t, dir)), "public/n/a=a public/n/b/c=c public/n/b/d=d public/n/b/theirs=x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := sorted(m.told), "public/n/a public/n/b/c public/n/b/d"; got != want {
		t.Errorf("told: got %s, want %s", got, want)
	}
	m.checkKnown(t, dir)
	wanted[1] = page("public/n/b/c", "c")
	if r := apply(t, root, wanted...); r != (publish.Report{Outputs: 3, Unchanged: 3, Removed: 1}) {
		t.Errorf("then: got %+v", r)
	}
}

// TestPlacedTellsWhatIsInPlaceThoughAMoveFailed: a folder that grows at a wanted
// path makes one move fail; what came before is known to be in place.
func TestPlacedTellsWhatIsInPlaceThoughAMoveFailed(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	apply(t, root, page("public/a", "old"), page("public/b", "same"), page("public/c", "old"))
	m := &memory{known: map[string]remembered{}}
	obstacle := page("public/b2", "new")
	obstacle.Render = func() ([]byte, error) {
		write(t, filepath.Join(dir, "public/b2/in-the-way"), "x")
		return []byte("new"), nil
	}
	wanted := []publish.File{page("public/a", "new"), page("public/b", "same"), obstacle, page("public/c", "new"), page("members/staff/x", "new")}
	r, err := m.apply(t, root, wanted...)
	if want := (publish.Report{Outputs: 5, Written: 1, Unchanged: 1}); err == nil || r != want {
		t.Errorf("got %+v, %v, want %+v and an error", r, err, want)
	}
	if got, want := sorted(m.told), "public/a public/b"; got != want {
		t.Errorf("told: got %s, want %s", got, want)
	}
	m.checkKnown(t, dir)
}

// TestManyFilesInManyFolders goes through what several goroutines do at once.
func TestManyFilesInManyFolders(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	for _, text := range []string{"1", "2", "2", "three"} {
		m := &memory{known: map[string]remembered{}}
		texts := map[string]string{}
		var wanted []publish.File
		for i := range 300 {
			for _, name := range []string{fmt.Sprintf("public/%d/%d/%d/f", i%3, i%40, i), fmt.Sprintf("members/%d", i)} {
				wanted = append(wanted, page(name, text+name))
				texts[name] = text + name
			}
		}
		if _, err := m.apply(t, root, wanted...); err != nil {
			t.Fatal(err)
		}
		got := snapshot(t, dir)
		maps.DeleteFunc(got, func(name, _ string) bool { return strings.HasSuffix(name, "/") })
		if !maps.Equal(got, texts) {
			t.Errorf("got %d files, want %d", len(got), len(texts))
		}
		if len(m.told) != len(texts) {
			t.Errorf("told: got %d files, want %d", len(m.told), len(texts))
		}
		m.checkKnown(t, dir)
	}
	if r := apply(t, root); r.Removed != 600 {
		t.Errorf("got %+v, want all removed", r)
	}
}
