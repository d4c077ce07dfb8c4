package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kaiho/generator/publish"
)

func TestApplyBringsTreesToTheWantedFiles(t *testing.T) {
	long := strings.Repeat("長い", 60_000)
	tests := []struct {
		name   string
		before []publish.File
		damage func(t *testing.T, dir string)
		after  []publish.File
		report publish.Report
		want   string
	}{
		{
			name:   "a new folder gets every file",
			after:  []publish.File{page("public/index.html", "home"), page("members/alumni/a/index.html", "a")},
			report: publish.Report{Outputs: 2, Written: 2},
			want:   "members/alumni/a/index.html=a public/index.html=home",
		},
		{
			name:   "an equal file is left alone and a changed one is written",
			before: []publish.File{page("public/a", "1"), page("public/b", "1")},
			after:  []publish.File{page("public/a", "1"), page("public/b", "2")},
			report: publish.Report{Outputs: 2, Written: 1, Unchanged: 1},
			want:   "public/a=1 public/b=2",
		},
		{
			name:   "a stale file and its folder go",
			before: []publish.File{page("public/a", "1"), page("public/old/deep/b", "1")},
			after:  []publish.File{page("public/a", "1")},
			report: publish.Report{Outputs: 1, Unchanged: 1, Removed: 1},
			want:   "public/a=1",
		},
		{
			name:   "a file gives way to a folder",
			before: []publish.File{page("public/a/b", "file")},
			after:  []publish.File{page("public/a/b/c", "below")},
			report: publish.Report{Outputs: 1, Written: 1, Removed: 1},
			want:   "public/a/b/c=below",
		},
		{
			name:   "a folder gives way to a file",
			before: []publish.File{page("public/a/b/c", "below"), page("public/a/b/d/e", "below")},
			after:  []publish.File{page("public/a/b", "file")},
			report: publish.Report{Outputs: 1, Written: 1, Removed: 2},
			want:   "public/a/b=file",
		},
		{
			name:   "a file that differs only after many chunks is written whole",
			before: []publish.File{streamed("public/film", long+"old")},
			after:  []publish.File{streamed("public/film", long+"new!")},
			report: publish.Report{Outputs: 1, Written: 1},
			want:   "public/film=" + long + "new!",
		},
		{
			name:   "a file that became a prefix of itself is written",
			before: []publish.File{streamed("public/film", long+"end")},
			after:  []publish.File{streamed("public/film", long)},
			report: publish.Report{Outputs: 1, Written: 1},
			want:   "public/film=" + long,
		},
		{
			name:   "an equal stream as long as a chunk is left alone",
			before: []publish.File{streamed("public/film", strings.Repeat("x", 64<<10))},
			after:  []publish.File{page("public/film", strings.Repeat("x", 64<<10))},
			report: publish.Report{Outputs: 1, Unchanged: 1},
			want:   "public/film=" + strings.Repeat("x", 64<<10),
		},
		{
			name:   "an empty file is a file",
			after:  []publish.File{page("public/.nojekyll", ""), streamed("public/e", "")},
			report: publish.Report{Outputs: 2, Written: 2},
			want:   "public/.nojekyll= public/e=",
		},
		{
			name:   "links are removed and not followed",
			before: []publish.File{page("public/a", "1"), page("public/d/x", "1")},
			damage: func(t *testing.T, dir string) {
				os.Rename(filepath.Join(dir, "public/d"), filepath.Join(dir, "kept"))
				link(t, "../kept", filepath.Join(dir, "public/d"))
				os.Remove(filepath.Join(dir, "public/a"))
				link(t, "../kept/x", filepath.Join(dir, "public/a"))
			},
			after:  []publish.File{page("public/a", "1"), page("public/d/x", "1")},
			report: publish.Report{Outputs: 2, Written: 2, Removed: 2},
			want:   "kept/x=1 public/a=1 public/d/x=1",
		},
		{
			name:   "a tree that is a link becomes a folder",
			before: []publish.File{page("public/a", "1")},
			damage: func(t *testing.T, dir string) {
				os.Rename(filepath.Join(dir, "public"), filepath.Join(dir, "kept"))
				link(t, "kept", filepath.Join(dir, "public"))
			},
			after:  []publish.File{page("public/a", "2")},
			report: publish.Report{Outputs: 1, Written: 1, Removed: 1},
			want:   "kept/a=1 public/a=2",
		},
		{
			name:   "what others added to the trees goes, what stands beside them stays",
			before: []publish.File{page("public/a", "1")},
			damage: func(t *testing.T, dir string) {
				write(t, filepath.Join(dir, "public/x/added"), "x")
				write(t, filepath.Join(dir, "newsletters/2026-01.html"), "n")
				write(t, filepath.Join(dir, ".staging-mine/x"), "s")
				write(t, filepath.Join(dir, ".staging-0123456789abcdef/0"), "left by a kill")
			},
			after:  []publish.File{page("public/a", "1")},
			report: publish.Report{Outputs: 1, Unchanged: 1, Removed: 1},
			want:   ".staging-mine/x=s newsletters/2026-01.html=n public/a=1",
		},
		{
			name:   "no files empty the trees",
			before: []publish.File{page("public/a", "1"), page("members/staff/b", "1")},
			report: publish.Report{Removed: 2},
			want:   "",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			root := openRoot(t, dir)
			if test.before != nil {
				apply(t, root, test.before...)
			}
			if test.damage != nil {
				test.damage(t, dir)
			}
			if got := apply(t, root, test.after...); got != test.report {
				t.Errorf("report: got %+v, want %+v", got, test.report)
			}
			got := snapshot(t, dir)
			if files(got) != test.want {
				t.Errorf("files: got %.200q, want %.200q", files(got), test.want)
			}
			for name := range got {
				if entries, err := os.ReadDir(filepath.Join(dir, name)); strings.HasSuffix(name, "/") && err == nil && len(entries) == 0 {
					t.Errorf("folder %s is empty", name)
				}
			}
			again := apply(t, root, test.after...)
			if want := (publish.Report{Outputs: len(test.after), Unchanged: len(test.after)}); again != want {
				t.Errorf("second report: got %+v, want %+v", again, want)
			}
		})
	}
}

func TestUnchangedFilesAndManifestKeepTheirTimes(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	apply(t, root, page("public/a", "1"))
	then := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, name := range []string{"public/a", "manifest.json"} {
		if err := os.Chtimes(filepath.Join(dir, name), then, then); err != nil {
			t.Fatal(err)
		}
	}
	apply(t, root, page("public/a", "1"))
	for _, name := range []string{"public/a", "manifest.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.ModTime().Equal(then) {
			t.Errorf("%s: got %v, %v, want %v", name, info.ModTime(), err, then)
		}
	}
}

func TestErrorsOfAllFilesAreGatheredAndNothingChanges(t *testing.T) {
	for _, first := range []bool{true, false} {
		t.Run(fmt.Sprintf("first build %v", first), func(t *testing.T) {
			dir := t.TempDir()
			root := openRoot(t, dir)
			if !first {
				apply(t, root, page("public/a", "1"), page("public/old", "1"))
			}
			before := snapshot(t, dir)
			errA, errB, errC := errors.New("no title"), errors.New("cut off"), errors.New("no such film")
			bad, cut, gone := page("public/bad", ""), streamed("public/cut", ""), streamed("public/gone", "")
			bad.Render = func() ([]byte, error) { return nil, errA }
			cut.Copy = func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(strings.NewReader("half"), &failing{errB})), nil
			}
			gone.Copy = func() (io.ReadCloser, error) { return nil, errC }
			_, err := publish.Apply(t.Context(), root, []publish.File{page("public/a", "2"), bad, cut, gone}, options)
			for _, want := range []error{errA, errB, errC} {
				if !errors.Is(err, want) {
					t.Errorf("error: got %v, want it to include %v", err, want)
				}
			}
			if got := fmt.Sprint(err); !strings.Contains(got, "render public/bad: no title") {
				t.Errorf("error: got %q, want the file's path in it", got)
			}
			if got := snapshot(t, dir); fmt.Sprint(got) != fmt.Sprint(before) {
				t.Errorf("files: got %v, want %v", got, before)
			}
			if _, err := os.Stat(filepath.Join(dir, "manifest.json")); first != errors.Is(err, fs.ErrNotExist) {
				t.Errorf("manifest: got %v on first build %v", err, first)
			}
		})
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// A page that was made members-only leaves the public tree before anything is
// written. A folder that grows at a wanted path while rendering makes the
// first move fail, and shows what had happened by then.
func TestRemovalsComeBeforeWrites(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	apply(t, root, page("public/z-secret", "body"), page("public/b", "old"))
	obstacle := page("public/a", "new")
	obstacle.Render = func() ([]byte, error) {
		write(t, filepath.Join(dir, "public/a/in-the-way"), "x")
		return []byte("new"), nil
	}
	_, err := publish.Apply(t.Context(), root, []publish.File{obstacle, page("public/b", "new"), page("members/alumni/z-secret", "body")}, options)
	if err == nil || !strings.Contains(err.Error(), "move public/a into place") {
		t.Fatalf("error: got %v, want that of the move", err)
	}
	if got, want := files(snapshot(t, dir)), "public/a/in-the-way=x public/b=old"; got != want {
		t.Errorf("files: got %q, want %q", got, want)
	}
	apply(t, root, page("public/a", "new"))
	if got, want := files(snapshot(t, dir)), "public/a=new"; got != want {
		t.Errorf("files after the next Apply: got %q, want %q", got, want)
	}
}

func TestWorkersRenderEachFileOnceAndNotMoreAtATimeThanAsked(t *testing.T) {
	var running, most, calls atomic.Int32
	var wanted []publish.File
	for i := range 200 {
		f := page(fmt.Sprintf("public/%d", i), "")
		f.Render = func() ([]byte, error) {
			now := running.Add(1)
			defer running.Add(-1)
			calls.Add(1)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			runtime.Gosched()
			return []byte("x"), nil
		}
		wanted = append(wanted, f)
	}
	o := options
	o.Workers = 3
	if _, err := publish.Apply(t.Context(), openRoot(t, t.TempDir()), wanted, o); err != nil {
		t.Fatal(err)
	}
	if calls.Load() != 200 || most.Load() > 3 {
		t.Errorf("got %d calls, %d at once, want 200 and at most 3", calls.Load(), most.Load())
	}
}

func TestLargeStreamIsNotHeldInMemory(t *testing.T) {
	const size = 64 << 20
	root := openRoot(t, t.TempDir())
	film := streamed("public/film", "")
	film.Copy = func() (io.ReadCloser, error) { return io.NopCloser(io.LimitReader(zeros{}, size)), nil }
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	apply(t, root, film)
	apply(t, root, film)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > size/4 {
		t.Errorf("allocated %d bytes for a file of %d", got, size)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestContextThatEndedChangesNothing(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	apply(t, root, page("public/a", "1"))
	before, _ := os.ReadFile(filepath.Join(dir, "manifest.json"))
	ctx, cancel := contextThatEnds(t)
	f := page("public/a", "2")
	f.Render = func() ([]byte, error) { cancel(); return []byte("2"), nil }
	if _, err := publish.Apply(ctx, root, []publish.File{f}, options); !errors.Is(err, ctx.Err()) || err == nil {
		t.Errorf("error: got %v, want %v", err, ctx.Err())
	}
	after, _ := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if got := files(snapshot(t, dir)); got != "public/a=1" || !bytes.Equal(before, after) {
		t.Errorf("got %q and manifest %s", got, after)
	}
}
