package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

func put(t testing.TB, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte(text), 0o644))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// watched is a watcher on a project's content folder and site.yaml.
type watched struct {
	t     *testing.T
	dir   string
	calls chan []string
}

// modes runs a test on events and on polling: what is told is the same.
func modes(t *testing.T, test func(t *testing.T, start func(dir string) watched)) {
	for name, o := range map[string]WatchOptions{"events": {}, "polling": {Poll: 5 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			test(t, func(dir string) watched { return start(t, dir, o) })
		})
	}
}

func start(t *testing.T, dir string, o WatchOptions) watched {
	w := watched{t, dir, make(chan []string, 10000)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- Watch(ctx, []string{filepath.Join(dir, "content")}, []string{filepath.Join(dir, "site.yaml")}, o,
			func(paths []string) { w.calls <- paths })
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("watch: %v", err)
		}
	})
	w.awaitStart()
	return w
}

// awaitStart makes site.yaml until that is seen: so the watcher watches.
func (w watched) awaitStart() {
	w.t.Helper()
	config := filepath.Join(w.dir, "site.yaml")
	for i := range 1000 {
		put(w.t, config, strconv.Itoa(i))
		select {
		case <-w.calls:
			w.drain()
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	w.t.Fatal("nothing was seen")
}

// drain waits until a change is over: a further burst of it must not answer for
// the next one.
func (w watched) drain() (more [][]string) {
	for {
		select {
		case paths := <-w.calls:
			more = append(more, paths)
		case <-time.After(2 * longest):
			return more
		}
	}
}

// await waits until every one of names, or a folder that it is in, was told of.
// It returns how many calls that took.
func (w watched) await(what string, names ...string) int {
	w.t.Helper()
	var told []string
	calls := 0
	missing := func() string {
		for _, name := range names {
			name = filepath.Join(w.dir, name)
			if !slices.ContainsFunc(told, func(p string) bool { return within(name, p) }) {
				return name
			}
		}
		return ""
	}
	for calls == 0 || missing() != "" {
		select {
		case paths := <-w.calls:
			calls++
			told = append(told, paths...)
		case <-time.After(10 * time.Second):
			w.t.Fatalf("%s: %s was not told, got %q", what, missing(), told)
		}
	}
	more := w.drain()
	for _, p := range slices.Concat(told, slices.Concat(more...)) {
		if !within(p, filepath.Join(w.dir, "content")) && p != filepath.Join(w.dir, "site.yaml") {
			w.t.Errorf("%s: %s was told", what, p)
		}
	}
	return calls + len(more)
}

func TestWatchSeesHowEditorsSave(t *testing.T) {
	modes(t, func(t *testing.T, start func(string) watched) {
		dir := t.TempDir()
		page, name := filepath.Join(dir, "content/news/a.md"), "content/news/a.md"
		put(t, page, "1")
		w := start(dir)

		put(t, page, "2")
		w.await("a write over the file", name)
		put(t, filepath.Join(dir, "content/news/.a.md.new"), "3")
		must(t, os.Rename(filepath.Join(dir, "content/news/.a.md.new"), page))
		w.await("a hidden file renamed over it", name)
		must(t, os.Rename(page, page+"~"))
		put(t, page, "4")
		w.await("the old file moved away and a new one written", name)
		must(t, os.Truncate(page, 0))
		w.await("the file made empty", name)
		must(t, os.Rename(page, filepath.Join(dir, "content/news/b.md")))
		w.await("another name", name, "content/news/b.md")
		must(t, os.Remove(filepath.Join(dir, "content/news/b.md")))
		w.await("a removal", "content/news/b.md")
		put(t, filepath.Join(dir, "site.yaml.tmp"), "title: b")
		must(t, os.Rename(filepath.Join(dir, "site.yaml.tmp"), filepath.Join(dir, "site.yaml")))
		w.await("the configuration replaced", "site.yaml")
		put(t, filepath.Join(dir, "site.yaml"), "title: c")
		w.await("the configuration written after it was replaced", "site.yaml")
	})
}

func TestWatchFollowsFolders(t *testing.T) {
	modes(t, func(t *testing.T, start func(string) watched) {
		dir := t.TempDir()
		content := filepath.Join(dir, "content")
		put(t, filepath.Join(content, "news/a.md"), "1")
		w := start(dir)

		put(t, filepath.Join(content, "events/2026/winter/index.md"), "1")
		w.await("a tree of new folders", "content/events/2026/winter/index.md")
		put(t, filepath.Join(content, "events/2026/winter/index.md"), "2")
		w.await("a write in a new folder", "content/events/2026/winter/index.md")
		must(t, os.Rename(filepath.Join(content, "events/2026"), filepath.Join(content, "events/2027")))
		w.await("a folder's new name", "content/events/2026", "content/events/2027")
		put(t, filepath.Join(content, "events/2027/winter/index.md"), "3")
		w.await("a write in the renamed folder", "content/events/2027/winter/index.md")
		must(t, os.RemoveAll(filepath.Join(content, "news")))
		w.await("a removed folder", "content/news/a.md")
		put(t, filepath.Join(content, "news/b.md"), "1")
		w.await("the folder made again", "content/news/b.md")
		put(t, filepath.Join(content, "news/b.md"), "2")
		w.await("a write in it", "content/news/b.md")
		must(t, os.Rename(content, content+".old"))
		w.await("the watched folder moved away", "content/news/b.md", "content/events/2027/winter/index.md")
		put(t, filepath.Join(content, "jobs/a.md"), "1")
		w.await("the watched folder made again", "content/jobs/a.md")
		put(t, filepath.Join(content, "jobs/a.md"), "2")
		w.await("a write in it", "content/jobs/a.md")
	})
}

func TestWatchAwaitsWhatIsNotThereYet(t *testing.T) {
	modes(t, func(t *testing.T, start func(string) watched) {
		dir := filepath.Join(t.TempDir(), "projects/site")
		w := start(dir) // makes the project
		put(t, filepath.Join(dir, "content/a.md"), "1")
		w.await("the content", "content/a.md")
		put(t, filepath.Join(dir, "content/a.md"), "2")
		w.await("a write in it", "content/a.md")
	})
}

func TestManyFilesAtOnceAreFewCalls(t *testing.T) {
	modes(t, func(t *testing.T, start func(string) watched) {
		dir := t.TempDir()
		var names []string
		for i := range 200 {
			names = append(names, fmt.Sprintf("content/%d/%d.md", i%7, i))
			put(t, filepath.Join(dir, names[i]), "before the checkout")
		}
		w := start(dir)
		for _, name := range names { // as git does: the old file goes, a new one is written
			must(t, os.Remove(filepath.Join(dir, name)))
			put(t, filepath.Join(dir, name), "after")
		}
		if calls := w.await("the checkout", names...); calls > len(names)/4 {
			t.Errorf("got %d calls for %d files", calls, len(names))
		}
	})
}

// A system that gives no more watches is one where every second is looked.
func TestWatchPollsWhereEventsAreRefused(t *testing.T) {
	for _, limit := range []error{syscall.ENOSPC, syscall.EMFILE} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "news/a.md"), "1")
		notify, err := fsnotify.NewWatcher()
		must(t, err)
		defer notify.Close()
		w := newWatcher(notify, []string{dir}, nil)
		w.addWatch = func(name string) error {
			if filepath.Base(name) == "news" {
				return limit
			}
			return notify.Add(name)
		}
		if err := w.addAll(); !errors.Is(err, limit) {
			t.Errorf("got %v, want %v", err, limit)
		}
		w.addWatch = func(string) error { return syscall.EACCES }
		if err := w.addAll(); err != nil {
			t.Errorf("a folder that is not ours to read: got %v", err)
		}
	}
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls, refused := make(chan []string, 100), make(chan error, 100)
	var wait sync.WaitGroup
	wait.Go(func() {
		refuse := func(context.Context, []string, []string, func([]string)) error { return syscall.ENOSPC }
		o := WatchOptions{Refused: func(err error) { refused <- err }}
		watchOrPoll(ctx, []string{dir}, nil, o, func(paths []string) { calls <- paths }, refuse)
	})
	if err := <-refused; !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got reason %v", err)
	}
	if paths := <-calls; paths != nil {
		t.Errorf("first call: got %q, want everything", paths)
	}
	put(t, filepath.Join(dir, "a.md"), "1")
	if paths, want := <-calls, []string{filepath.Join(dir, "a.md")}; !slices.Equal(paths, want) {
		t.Errorf("got %q, want %q", paths, want)
	}
	cancel()
	wait.Wait()
}

func TestPollingSeesTwoWritesOfOneSizeInOneTick(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "a.md")
	put(t, page, "one")
	p := newPoller([]string{dir}, nil)
	info, err := os.Stat(page)
	must(t, err)
	put(t, page, "two")
	must(t, os.Chtimes(page, time.Time{}, info.ModTime())) // as a coarse clock would
	if got := p.look(); !slices.Equal(got, []string{page}) {
		t.Errorf("got %q, want %q", got, page)
	}
	must(t, os.Chtimes(page, time.Time{}, time.Now().Add(-time.Hour)))
	p.look()
	if got := p.look(); got != nil {
		t.Errorf("an old file: got %q", got)
	}
}

func TestOnlySomeEventsCount(t *testing.T) {
	w := &watcher{dirs: []string{"/p/content"}, files: []string{"/p/site.yaml"}, known: map[string]bool{"/p": true, "/p/content": true}}
	for name, want := range map[string]bool{
		"/p/content/a.md": true, "/p/content/news/a.md": true, "/p/site.yaml": true,
		"/p/content/.a.md.swx": false, "/p/content/.git/index": false, "/p/content/a.md~": false,
		"/p/content/a.swp": false, "/p/content/a.tmp": false, "/p/other.yaml": false, "/p/content2/a.md": false, "/p/content": false,
	} {
		got, err := w.take(fsnotify.Event{Name: name, Op: fsnotify.Write})
		if want != slices.Equal(got, []string{name}) || !want && got != nil || err != nil {
			t.Errorf("%s: got %q, %v, want %v", name, got, err, want)
		}
		if got, err := w.take(fsnotify.Event{Name: name, Op: fsnotify.Chmod}); got != nil || err != nil {
			t.Errorf("%s, its attributes: got %q, %v", name, got, err)
		}
	}
}

// The events are made here, and so is the time: what the system delivers is
// the other tests' business.
func TestBurstsAreOneCall(t *testing.T) {
	ms := time.Millisecond
	every := func(gap time.Duration, n int) (at []time.Duration) {
		for i := range n {
			at = append(at, time.Duration(i)*gap)
		}
		return at
	}
	tests := []struct {
		name   string
		events []time.Duration // since the start
		takes  time.Duration   // a call
		want   []time.Duration // starts of the calls
		paths  []int           // of each call
	}{
		{"one event is one call, soon", []time.Duration{0}, 0, []time.Duration{3 * ms}, []int{1}},
		{"events close together are one call", []time.Duration{0, 2 * ms, 4 * ms}, 0, []time.Duration{7 * ms}, []int{3}},
		{"events far apart are two", []time.Duration{0, 50 * ms}, 0, []time.Duration{3 * ms, 53 * ms}, []int{1, 1}},
		{"a long burst is cut at a twentieth of a second", every(2*ms, 30), 0, []time.Duration{50 * ms, 61 * ms}, []int{25, 5}},
		{"changes during a call are one call right after it", []time.Duration{0, 100 * ms, 200 * ms, 300 * ms}, 400 * ms, []time.Duration{3 * ms, 403 * ms}, []int{1, 3}},
		{"a burst that ends after the call waits until it is over", []time.Duration{0, 102 * ms}, 100 * ms, []time.Duration{3 * ms, 105 * ms}, []int{1, 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWatcher(&fsnotify.Watcher{Events: make(chan fsnotify.Event), Errors: make(chan error)}, []string{"/content"}, nil)
				ctx, cancel := context.WithCancel(t.Context())
				start := time.Now()
				var got []time.Duration
				var paths []int
				done := make(chan error)
				go func() {
					done <- w.run(ctx, func(touched []string) {
						got, paths = append(got, time.Since(start)), append(paths, len(touched))
						time.Sleep(test.takes)
					})
				}()
				for i, at := range test.events {
					time.Sleep(at - time.Since(start))
					w.notify.Events <- fsnotify.Event{Name: "/content/" + strconv.Itoa(i), Op: fsnotify.Write}
				}
				time.Sleep(2 * time.Second)
				cancel()
				if err := <-done; err != nil {
					t.Errorf("run: %v", err)
				}
				if !slices.Equal(got, test.want) || !slices.Equal(paths, test.paths) {
					t.Errorf("calls at %v of %v paths, want %v of %v", got, paths, test.want, test.paths)
				}
			})
		})
	}
}

func TestLostEventsAreEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		notify := &fsnotify.Watcher{Events: make(chan fsnotify.Event), Errors: make(chan error)}
		w := newWatcher(notify, []string{dir}, nil)
		var again []string
		w.addWatch = func(dir string) error { again = append(again, dir); return nil }
		must(t, w.addAll())
		again = nil
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		calls := 0
		go func() {
			done <- w.run(ctx, func(paths []string) {
				if calls++; paths != nil {
					t.Errorf("got %q, want everything", paths)
				}
				cancel()
			})
		}()
		notify.Events <- fsnotify.Event{Name: filepath.Join(dir, "a.md"), Op: fsnotify.Write}
		notify.Errors <- fsnotify.ErrEventOverflow
		// Folders may have been replaced, so they are watched anew.
		if err := <-done; err != nil || calls != 1 || !slices.Equal(again, []string{filepath.Dir(dir), dir}) {
			t.Errorf("got %v, %d calls, watched again %q", err, calls, again)
		}
	})
}

func TestWatchEndsAfterTheCallThatRuns(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	notify, err := fsnotify.NewWatcher()
	must(t, err)
	defer notify.Close()
	w := newWatcher(notify, []string{dir}, nil)
	must(t, w.addAll())
	finished := false
	put(t, filepath.Join(dir, "a.md"), "1")
	err = w.run(ctx, func([]string) {
		cancel()
		finished = true
	})
	if err != nil || !finished {
		t.Errorf("got %v, finished %v", err, finished)
	}
	if err := Watch(ctx, []string{dir}, nil, WatchOptions{}, func([]string) {}); err != nil {
		t.Errorf("Watch after the end: got %v", err)
	}
}
