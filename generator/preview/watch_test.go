package preview

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

func put(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte(text), 0o644))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// watch starts a watcher on dir's content folder and site.yaml, and returns a
// function that waits until a change was reported.
func watch(t *testing.T, dir string) (await func(what string)) {
	t.Helper()
	w, err := newWatcher([]string{filepath.Join(dir, "content")}, []string{filepath.Join(dir, "site.yaml")})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	calls, done := make(chan struct{}, 1000), make(chan error)
	go func() { done <- w.run(ctx, func() { calls <- struct{}{} }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("watch: %v", err)
		}
		w.notify.Close()
	})
	return func(what string) {
		t.Helper()
		select {
		case <-calls:
		case <-time.After(10 * time.Second):
			t.Fatalf("%s was not seen", what)
		}
		// A further burst of the same change must not answer for the next one.
		for {
			select {
			case <-calls:
			case <-time.After(2 * longest):
				return
			}
		}
	}
}

func TestWatchSeesHowEditorsSave(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "content/news/a.md")
	put(t, page, "1")
	put(t, filepath.Join(dir, "site.yaml"), "title: a")
	await := watch(t, dir)

	put(t, page, "2")
	await("a write over the file")
	put(t, filepath.Join(dir, "content/news/.a.md.new"), "3")
	must(t, os.Rename(filepath.Join(dir, "content/news/.a.md.new"), page))
	await("a hidden file renamed over it")
	must(t, os.Rename(page, page+"~"))
	put(t, page, "4")
	await("the old file moved away and a new one written")
	must(t, os.Remove(page))
	await("a removal")
	put(t, filepath.Join(dir, "site.yaml.tmp"), "title: b")
	must(t, os.Rename(filepath.Join(dir, "site.yaml.tmp"), filepath.Join(dir, "site.yaml")))
	await("the configuration replaced")
	put(t, filepath.Join(dir, "site.yaml"), "title: c")
	await("the configuration written after it was replaced")
}

func TestWatchFollowsFolders(t *testing.T) {
	dir := t.TempDir()
	content := filepath.Join(dir, "content")
	put(t, filepath.Join(content, "news/a.md"), "1")
	await := watch(t, dir)

	put(t, filepath.Join(content, "events/2026/winter/index.md"), "1")
	await("a tree of new folders")
	put(t, filepath.Join(content, "events/2026/winter/index.md"), "2")
	await("a write in a new folder")
	must(t, os.RemoveAll(filepath.Join(content, "news")))
	await("a removed folder")
	put(t, filepath.Join(content, "news/b.md"), "1")
	await("the folder made again")
	put(t, filepath.Join(content, "news/b.md"), "2")
	await("a write in it")
	must(t, os.Rename(content, content+".old"))
	await("the watched folder moved away")
	put(t, filepath.Join(content, "jobs/a.md"), "1")
	await("the watched folder made again")
	put(t, filepath.Join(content, "jobs/a.md"), "2")
	await("a write in it")
}

func TestWatchAwaitsWhatIsNotThereYet(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "projects/site")
	await := watch(t, dir)
	put(t, filepath.Join(dir, "content/a.md"), "1")
	await("the project")
	put(t, filepath.Join(dir, "content/a.md"), "2")
	await("a write in it")
	put(t, filepath.Join(dir, "site.yaml"), "title: a")
	await("the configuration")
}

func TestOnlySomeEventsCount(t *testing.T) {
	w := &watcher{dirs: []string{"/p/content"}, files: []string{"/p/site.yaml"}, known: map[string]bool{"/p": true, "/p/content": true}}
	for name, want := range map[string]bool{
		"/p/content/a.md": true, "/p/content/news/a.md": true, "/p/site.yaml": true,
		"/p/content/.a.md.swx": false, "/p/content/.git/index": false, "/p/content/a.md~": false,
		"/p/content/a.swp": false, "/p/content/a.tmp": false, "/p/other.yaml": false, "/p/content2/a.md": false, "/p/content": false,
	} {
		if got, err := w.take(fsnotify.Event{Name: name, Op: fsnotify.Write}); got != want || err != nil {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, want)
		}
		if got, err := w.take(fsnotify.Event{Name: name, Op: fsnotify.Chmod}); got || err != nil {
			t.Errorf("%s, its attributes: got %v, %v", name, got, err)
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
	}{
		{"one event is one call, soon", []time.Duration{0}, 0, []time.Duration{15 * ms}},
		{"events close together are one call", []time.Duration{0, 10 * ms, 20 * ms}, 0, []time.Duration{35 * ms}},
		{"events far apart are two", []time.Duration{0, 50 * ms}, 0, []time.Duration{15 * ms, 65 * ms}},
		{"a long burst is cut at a tenth of a second", every(7*ms, 20), 0, []time.Duration{100 * ms, 148 * ms}},
		{"changes during a call are one call after it", []time.Duration{0, 100 * ms, 200 * ms, 300 * ms}, 400 * ms, []time.Duration{15 * ms, 415 * ms}},
		{"a burst that ends after the call waits until it is over", []time.Duration{0, 110 * ms}, 100 * ms, []time.Duration{15 * ms, 125 * ms}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &watcher{
					dirs:   []string{"/content"},
					notify: &fsnotify.Watcher{Events: make(chan fsnotify.Event), Errors: make(chan error)},
				}
				ctx, cancel := context.WithCancel(t.Context())
				start := time.Now()
				var got []time.Duration
				done := make(chan error)
				go func() {
					done <- w.run(ctx, func() {
						got = append(got, time.Since(start))
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
				if !slices.Equal(got, test.want) {
					t.Errorf("calls at %v, want %v", got, test.want)
				}
			})
		})
	}
}

func TestWatchEndsAfterTheCallThatRuns(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	w, err := newWatcher([]string{dir}, nil)
	must(t, err)
	defer w.notify.Close()
	finished := false
	put(t, filepath.Join(dir, "a.md"), "1")
	err = w.run(ctx, func() {
		cancel()
		finished = true
	})
	if err != nil || !finished {
		t.Errorf("got %v, finished %v", err, finished)
	}
	if err := Watch(ctx, []string{dir}, nil, func() {}); err != nil {
		t.Errorf("Watch after the end: got %v", err)
	}
}
