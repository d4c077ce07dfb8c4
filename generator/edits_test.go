package generator_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/audience"
)

// desk is a project on a disk that somebody edits, with what is built of it by
// one short-lived process after another, and what a preview shows all the time.
type desk struct {
	t      *testing.T
	r      *rand.Rand
	folder string
	root   *os.Root
	dist   string
	other  string // another output folder
	state  string
	o      generator.Options // but for Cache and Once
	plain  bool              // the file system tells no more of a file than size and time
	kept   map[string][]byte // an older state of the cache

	stamped int // builds that found nothing changed

	memory *generator.Cache // of the preview
	live   *generator.Live  // nil: must be opened again
	shown  *generator.Project
}

// TestAnyEditGivesWhatACleanBuildGives makes hundreds of random edits and, after
// each, compares every byte of an incremental build with those of a clean one,
// and what the preview shows with both. It tells the seeds, to try one again.
func TestAnyEditGivesWhatACleanBuildGives(t *testing.T) {
	steps := 110
	switch {
	case testing.Short():
		steps = 20
	case underRace:
		steps = 40
	}
	for _, name := range []string{"a disk", "a disk that knows of a file no more than size and time"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			d := newDesk(t, rand.New(rand.NewPCG(seed, 0)))
			d.plain = name != "a disk"
			d.work(steps)
		})
	}
}

// work makes random edits. Those that are mistakes are taken back.
func (d *desk) work(steps int) {
	edits := d.edits()
	names := slices.Sorted(maps.Keys(edits))
	done, refused := map[string]int{}, 0
	for step := range steps {
		name := names[d.r.IntN(len(names))]
		before := d.files()
		edits[name]()
		if !d.check(step, name) {
			refused++
			d.restore(before)
			if !d.check(step, name+", taken back") {
				d.t.Fatalf("step %d: %s cannot be taken back", step, name)
			}
		}
		done[name]++
		if d.t.Failed() {
			d.t.FailNow()
		}
	}
	d.t.Logf("%d of %d edits were mistakes, %d builds had nothing to do; %v", refused, steps, d.stamped, done)
	if refused > steps/2 {
		d.t.Errorf("%d of %d edits were mistakes and changed nothing", refused, steps)
	}
	if (steps > 100 && d.stamped == 0) != (steps > 100 && d.plain) {
		d.t.Errorf("%d builds found that nothing had changed", d.stamped)
	}
}

func newDesk(t *testing.T, r *rand.Rand) *desk {
	d := &desk{t: t, r: r, folder: t.TempDir(), dist: t.TempDir(), other: t.TempDir(), state: t.TempDir(), o: generator.Options{Now: now}}
	var err error
	if d.root, err = os.OpenRoot(d.folder); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.root.Close() })
	for name, file := range small() {
		d.write(name, string(file.Data))
	}
	d.write("static/images/a.png", string(dotPNG(1, 1)))
	d.write("content/news/p.md", "---\ntitle: 絵\ndate: 2026-11-08\nsummary: 要約\ncover: {src: /images/a.png, alt: 点}\n---\n![絵](/images/a.png)\n\n[社員へ](/columns/d/)\n")
	d.write("content/news/q/index.md", "---\ntitle: 束\ndate: 2026-11-08\naudience: alumni\nteaser: true\nsummary: 要約\n---\n![絵](b.png) [甲](../a.md)\n")
	d.write("content/news/q/b.png", string(dotPNG(2, 1)))
	d.memory = withPictures(generator.NewCache("", "test"))
	t.Cleanup(d.memory.Close)
	return d
}

// plain is a file system that tells no more of a file than size and time, as
// many do.
type plain struct{ fs.FS }

type plainInfo struct{ fs.FileInfo }

func (plainInfo) Sys() any { return nil }

type plainEntry struct{ fs.DirEntry }

func (e plainEntry) Info() (fs.FileInfo, error) {
	info, err := e.DirEntry.Info()
	return plainInfo{info}, err
}

func (p plain) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(p.FS, name)
	for i := range entries {
		entries[i] = plainEntry{entries[i]}
	}
	return entries, err
}

func (p plain) Lstat(name string) (fs.FileInfo, error) {
	info, err := fs.Lstat(p.FS, name)
	if err != nil {
		return nil, err
	}
	return plainInfo{info}, nil
}

func (p plain) ReadLink(name string) (string, error)  { return fs.ReadLink(p.FS, name) }
func (p plain) ReadFile(name string) ([]byte, error)  { return fs.ReadFile(p.FS, name) }
func (p plain) Stat(name string) (fs.FileInfo, error) { return fs.Stat(p.FS, name) }

func (d *desk) source() fs.FS {
	if d.plain {
		return plain{d.root.FS()}
	}
	return d.root.FS()
}

// check compares the three ways. It returns false if the project has mistakes,
// which all three must tell alike.
func (d *desk) check(step int, edit string) bool {
	d.t.Helper()
	clean, problems := d.build(d.t.TempDir(), nil)
	quick, same := d.with(d.state, d.dist)
	if problems != same {
		d.t.Errorf("step %d, %s: the problems differ:\n%s\nwith the cache:\n%s", step, edit, problems, same)
		return true
	}
	if clean == nil {
		d.live = nil
		return false
	}
	d.compare(step, edit, quick, clean)
	d.preview(step, edit, clean)
	return true
}

// with builds the project as a new process does, with what is in a cache.
func (d *desk) with(state, dist string) (map[string][]byte, string) {
	cache := withPictures(generator.NewCache(state, "test"))
	defer cache.Close()
	return d.build(dist, cache)
}

// build builds the project and returns the output; nil and the problems if there
// are errors.
func (d *desk) build(dist string, cache *generator.Cache) (map[string][]byte, string) {
	root, err := os.OpenRoot(dist)
	if err != nil {
		d.t.Fatal(err)
	}
	defer root.Close()
	o := d.o
	o.Cache, o.Once = cache, true
	if last, ok := generator.Unchanged(d.source(), root, o); ok {
		var b strings.Builder
		_ = last.Problems.Print(&b, "en")
		d.stamped++
		return read(d.t, dist), b.String()
	}
	p, err := generator.Open(d.source(), kaiho.Sample, o)
	if err != nil {
		d.t.Fatal(err)
	}
	if !p.Problems.HasErrors() {
		if result, err := p.Build(d.t.Context(), root, "test"); err != nil || result.Uncached != nil {
			d.t.Fatal(err, result.Uncached)
		}
	}
	var b strings.Builder
	_ = p.Problems.Print(&b, "en")
	if p.Problems.HasErrors() {
		return nil, b.String()
	}
	return read(d.t, dist), b.String()
}

func (d *desk) compare(step int, edit string, got, want map[string][]byte) {
	d.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if data, ok := got[name]; !ok {
			d.t.Errorf("step %d, %s: %s is missing", step, edit, name)
		} else if !bytes.Equal(data, want[name]) {
			d.t.Errorf("step %d, %s: %s differs: %s", step, edit, name, difference(data, want[name]))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			d.t.Errorf("step %d, %s: %s should not be there", step, edit, name)
		}
	}
}

// preview compares some of what the preview shows with what a build writes.
func (d *desk) preview(step int, edit string, files map[string][]byte) {
	d.t.Helper()
	if d.live == nil {
		var err error
		o := d.o
		o.Cache = d.memory
		d.shown, err = generator.Open(d.source(), kaiho.Sample, o)
		if err != nil {
			d.t.Fatal(err)
		}
		d.live = d.shown.Live()
	}
	names := slices.Sorted(maps.Keys(files))
	d.r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names[:min(len(names), 60)] {
		tree, path, _ := strings.Cut(name, "/")
		reader := audience.Public
		if tree == "members" {
			who, below, _ := strings.Cut(path, "/")
			reader, path = audience.Reader(who), below
		} else if tree != "public" {
			continue
		}
		got, err := d.live.Open(reader, "/"+strings.TrimSuffix(path, "index.html"))
		if err != nil || !bytes.Equal(got.Data, files[name]) {
			d.t.Errorf("step %d, %s: %s in the preview (%v) differs: %s", step, edit, name, err, difference(got.Data, files[name]))
		}
	}
}

// difference returns where two texts begin to differ.
func difference(got, want []byte) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	from := max(0, i-80)
	return fmt.Sprintf("\n%q\nwant\n%q", got[from:min(len(got), i+80)], want[from:min(len(want), i+80)])
}

// files returns the project's files.
func (d *desk) files() map[string]string {
	all := map[string]string{}
	err := fs.WalkDir(d.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			var data []byte
			data, err = d.root.ReadFile(name)
			all[name] = string(data)
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func (d *desk) restore(files map[string]string) {
	for name := range d.files() {
		if _, ok := files[name]; !ok {
			d.remove(name)
		}
	}
	for name, text := range files {
		if data, err := d.root.ReadFile(name); err != nil || string(data) != text {
			d.write(name, text)
		}
	}
	d.live = nil
}

// write changes a file, and tells the preview as a watcher does.
func (d *desk) write(name, text string) {
	d.t.Helper()
	if err := d.root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := d.root.WriteFile(name, []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
	d.tell(name)
}

func (d *desk) remove(name string) {
	d.t.Helper()
	if err := d.root.RemoveAll(name); err != nil {
		d.t.Fatal(err)
	}
	d.tell(name)
}

func (d *desk) tell(name string) {
	if d.live != nil && !d.live.Reread([]string{name}) {
		d.live = nil
	}
}
