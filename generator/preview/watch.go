package preview

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	quiet   = 3 * time.Millisecond  // since the last event of a burst
	longest = 50 * time.Millisecond // since its first
)

// WatchOptions changes how Watch looks.
type WatchOptions struct {
	// Poll looks at every file that often and wants no events: network and
	// shared file systems often have none and do not say so. 0 wants events, and
	// looks every second where the system refuses them.
	Poll time.Duration

	// Refused, if not nil, is called once when the system refuses events. Its
	// reasons are limits, mostly: on Linux fs.inotify.max_user_watches.
	Refused func(reason error)
}

// Watch calls changed after files under dirs, at any depth, or files
// themselves changed, with the absolute names of what was touched, sorted. A
// folder stands for all that is or was in it; nil for everything, when the
// system lost count. There is one call for a burst, and never two at a time:
// what changes during a call is together in the next one.
//
// Neither dirs nor files need to exist. Names that begin with "." or end in
// "~", ".swp" or ".tmp" are not looked at, but for the names in dirs and files
// themselves, nor is what the system keeps from us by permissions. Watch
// returns nil when ctx ends, after a call that was running.
func Watch(ctx context.Context, dirs, files []string, o WatchOptions, changed func(paths []string)) error {
	dirs, err := absolute(dirs)
	if err != nil {
		return err
	}
	if files, err = absolute(files); err != nil {
		return err
	}
	watchOrPoll(ctx, dirs, files, o, changed, watchEvents)
	return nil
}

func watchOrPoll(ctx context.Context, dirs, files []string, o WatchOptions, changed func(paths []string),
	watch func(ctx context.Context, dirs, files []string, changed func(paths []string)) error) {
	if o.Poll > 0 {
		newPoller(dirs, files).run(ctx, o.Poll, changed)
		return
	}
	refused := watch(ctx, dirs, files, changed)
	if refused == nil {
		return
	}
	if o.Refused != nil {
		o.Refused(refused)
	}
	p := newPoller(dirs, files)
	changed(nil) // what happened before the poller's first look
	p.run(ctx, time.Second, changed)
}

// watchEvents returns nil when ctx ends, or why the system gives no events.
func watchEvents(ctx context.Context, dirs, files []string, changed func(paths []string)) error {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch files: %w", err)
	}
	defer notify.Close()
	w := newWatcher(notify, dirs, files)
	if err := w.addAll(); err != nil {
		return err
	}
	return w.run(ctx, changed)
}

type watcher struct {
	notify      *fsnotify.Watcher
	addWatch    func(dir string) error // notify.Add, or what a test has in its place
	dirs, files []string
	known       map[string]bool // folders that are watched
}

func newWatcher(notify *fsnotify.Watcher, dirs, files []string) *watcher {
	return &watcher{notify: notify, addWatch: notify.Add, dirs: dirs, files: files, known: map[string]bool{}}
}

func absolute(names []string) ([]string, error) {
	all := make([]string, len(names))
	for i, name := range names {
		abs, err := filepath.Abs(name)
		if err != nil {
			return nil, fmt.Errorf("watch %s: %w", name, err)
		}
		all[i] = abs
	}
	return all, nil
}

// burst is the set of what was touched since the last call.
type burst struct {
	paths map[string]bool
	all   bool // events were lost
	since time.Time
}

func (b *burst) add(paths ...string) {
	if b.paths == nil {
		b.paths = map[string]bool{}
	}
	for _, p := range paths {
		b.paths[p] = true
	}
	if b.since.IsZero() {
		b.since = time.Now()
	}
}

func (b *burst) list() []string {
	if b.all {
		return nil
	}
	return slices.Sorted(maps.Keys(b.paths))
}

// run gathers events into bursts. It alone reads the events, so it goes on
// while changed runs in a goroutine of its own. It calls as soon as nothing
// has come for the blink in which a file is half written.
func (w *watcher) run(ctx context.Context, changed func(paths []string)) error {
	var next burst
	var ripe <-chan time.Time // when next may be told; nil: it is empty or ripe
	var done chan struct{}    // is closed when changed returns; nil when it does not run
	defer func() {
		if done != nil {
			<-done
		}
	}()
	for {
		if ripe == nil && done == nil && !next.since.IsZero() {
			paths := next.list()
			next = burst{}
			done = make(chan struct{})
			go func(done chan<- struct{}) {
				defer close(done)
				changed(paths)
			}(done)
		}
		var touched []string
		select {
		case <-ctx.Done():
			return nil
		case <-ripe:
			ripe = nil
			continue
		case <-done:
			done = nil
			continue
		case event, open := <-w.notify.Events:
			if !open {
				return nil
			}
			var err error
			if touched, err = w.take(event); err != nil {
				return err
			}
			if touched == nil {
				continue
			}
		case err, open := <-w.notify.Errors:
			if !open {
				return nil
			}
			if err := w.lost(err); err != nil {
				return err
			}
			next.all = true
		}
		next.add(touched...)
		ripe = time.After(min(quiet, max(0, longest-time.Since(next.since))))
	}
}

// lost takes an error of the system. If only events were lost, since too many
// came at once, then everything may have changed, and folders with it.
func (w *watcher) lost(err error) error {
	if !errors.Is(err, fsnotify.ErrEventOverflow) {
		return fmt.Errorf("watch files: %w", err)
	}
	clear(w.known) // some may be other folders of the same name by now
	return w.addAll()
}

// take follows folders that come and go, and returns what the event touched:
// nil, if it does not count as a change.
func (w *watcher) take(event fsnotify.Event) (touched []string, err error) {
	name := event.Name
	above := w.below(name)
	if len(above) == 0 && !w.inside(name) {
		return nil, nil
	}
	if event.Has(fsnotify.Create | fsnotify.Remove | fsnotify.Rename) {
		if !event.Has(fsnotify.Create) {
			w.forget(name)
		}
		// A folder may be back already under the name that it left.
		if len(above) > 0 {
			return above, w.addAll()
		}
		return []string{name}, w.addTree(name)
	}
	// Indexers and virus scanners change attributes all day, and Windows
	// reports a write to the folder for every file in it.
	if event.Has(fsnotify.Write) && !w.known[name] {
		return []string{name}, nil
	}
	return nil, nil
}

// forget drops the watches below a folder that went or moved away: they would
// follow it to its new place.
func (w *watcher) forget(name string) {
	if !w.known[name] {
		return
	}
	for dir := range w.known {
		if within(dir, name) {
			delete(w.known, dir)
			w.notify.Remove(dir) // an error is its having gone
		}
	}
}

func (w *watcher) inside(name string) bool { return isWatched(name, w.dirs, w.files) }

// isWatched says whether name is one of files, or is in one of dirs and not
// ignored.
func isWatched(name string, dirs, files []string) bool {
	if slices.Contains(files, name) {
		return true
	}
	return slices.ContainsFunc(dirs, func(dir string) bool {
		if !within(name, dir) {
			return false
		}
		rest := strings.TrimPrefix(name[len(dir):], string(filepath.Separator))
		return rest == "" || !slices.ContainsFunc(strings.Split(rest, string(filepath.Separator)), ignored)
	})
}

// below returns the watched files and folders that are or would be under name:
// when that folder comes or goes, they do.
func (w *watcher) below(name string) []string {
	var all []string
	for _, p := range slices.Concat(w.dirs, w.files) {
		if within(p, name) {
			all = append(all, p)
		}
	}
	return all
}

func within(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}

func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".tmp")
}

// addAll watches every folder that is to be watched and is there.
func (w *watcher) addAll() error {
	for _, file := range w.files {
		if err := w.addNearest(filepath.Dir(file)); err != nil {
			return err
		}
	}
	for _, dir := range w.dirs {
		// The folder above tells when this one is removed and made again.
		if err := w.addNearest(filepath.Dir(dir)); err != nil {
			return err
		}
		if err := w.addTree(dir); err != nil {
			return err
		}
	}
	return nil
}

// addNearest watches dir, or the nearest folder above it that is there. It
// looks again after adding, as dir may have come meanwhile.
func (w *watcher) addNearest(dir string) error {
	for {
		found := dir
		for !isFolder(found) && found != filepath.Dir(found) {
			found = filepath.Dir(found)
		}
		if err := w.add(found); err != nil {
			return err
		}
		if found == dir || !isFolder(next(dir, found)) {
			return nil
		}
	}
}

// next returns the folder one step from found towards dir.
func next(dir, found string) string {
	for filepath.Dir(dir) != found {
		dir = filepath.Dir(dir)
	}
	return dir
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// addTree watches a folder before it reads it, so that what is made in between
// is seen by one or the other.
func (w *watcher) addTree(dir string) error {
	if !isFolder(dir) {
		return nil
	}
	if err := w.add(dir); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !isOurs(err) {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	for _, e := range entries {
		if !e.IsDir() || ignored(e.Name()) {
			continue
		}
		if err := w.addTree(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (w *watcher) add(dir string) error {
	if w.known[dir] {
		return nil
	}
	err := w.addWatch(dir)
	if isOurs(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	w.known[dir] = true
	return nil
}

// isOurs says whether err is the folder's and not the system's: it went, and
// the folder above tells when it comes back, or it is not for us to read.
func isOurs(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}
