// Package preview shows a site while it is being written: Watch says when
// files have changed, and Handler serves the output as a static host would.
//
// A change is a file that was written, made, renamed or removed. Changes that
// come close together are one: a save in an editor is several events, and a
// checkout thousands. Watch waits until there was none for some milliseconds,
// but not longer than a tenth of a second in all, so that a long burst shows
// too. What changes while a build runs is one change after it.
//
// Editors save in ways of their own: some write over the file, some write
// another and rename it, some move the old one away first. So folders are
// watched and never files, and a folder that is not there yet is awaited in
// the nearest one above it that is.
package preview

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	quiet   = 15 * time.Millisecond  // since the last event of a burst
	longest = 100 * time.Millisecond // since its first
)

// Watch calls changed after files under dirs, at any depth, or files
// themselves changed, one call for a burst and never two at a time. Neither
// needs to exist. Names that begin with "." or end in "~", ".swp" or ".tmp"
// are not looked at, but for the names in dirs and files themselves. Watch
// returns nil when ctx ends, after a call that was running, or an error when
// the system cannot watch.
func Watch(ctx context.Context, dirs, files []string, changed func()) error {
	w, err := newWatcher(dirs, files)
	if err != nil {
		return err
	}
	defer w.notify.Close()
	return w.run(ctx, changed)
}

type watcher struct {
	notify      *fsnotify.Watcher
	dirs, files []string
	known       map[string]bool // folders that are watched
}

func newWatcher(dirs, files []string) (*watcher, error) {
	w := &watcher{known: map[string]bool{}}
	var err error
	if w.dirs, err = absolute(dirs); err != nil {
		return nil, err
	}
	if w.files, err = absolute(files); err != nil {
		return nil, err
	}
	if w.notify, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("watch files: %w", err)
	}
	if err := w.addAll(); err != nil {
		return nil, errors.Join(err, w.notify.Close())
	}
	return w, nil
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

// run gathers events into bursts. It alone reads the events, so it goes on
// while changed runs in a goroutine of its own.
func (w *watcher) run(ctx context.Context, changed func()) error {
	var since time.Time // of the first event of the burst that is gathered
	var timer <-chan time.Time
	var done chan struct{} // is closed when changed returns; nil when it does not run
	due := false
	defer func() {
		if done != nil {
			<-done
		}
	}()
	note := func() {
		now := time.Now()
		if since.IsZero() {
			since = now
		}
		timer = time.After(min(quiet, max(0, longest-now.Sub(since))))
	}
	for {
		if due && done == nil {
			due = false
			done = make(chan struct{})
			go func(done chan<- struct{}) {
				defer close(done)
				changed()
			}(done)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timer:
			timer, since, due = nil, time.Time{}, true
		case <-done:
			done = nil
		case event, open := <-w.notify.Events:
			if !open {
				return nil
			}
			counts, err := w.take(event)
			if err != nil {
				return err
			}
			if counts {
				note()
			}
		case err, open := <-w.notify.Errors:
			if !open {
				return nil
			}
			if err := w.lost(err); err != nil {
				return err
			}
			note()
		}
	}
}

// lost takes an error of the system. If only events were lost, since too many
// came at once, then everything may have changed, and folders with it.
func (w *watcher) lost(err error) error {
	if !errors.Is(err, fsnotify.ErrEventOverflow) {
		return fmt.Errorf("watch files: %w", err)
	}
	return w.addAll()
}

// take follows folders that come and go, and says whether the event counts as
// a change.
func (w *watcher) take(event fsnotify.Event) (counts bool, err error) {
	name := event.Name
	above := w.above(name)
	if !above && !w.inside(name) {
		return false, nil
	}
	if event.Has(fsnotify.Create | fsnotify.Remove | fsnotify.Rename) {
		if !event.Has(fsnotify.Create) {
			w.forget(name)
		}
		// A folder may be back already under the name that it left.
		switch {
		case above:
			err = w.addAll()
		case isFolder(name):
			err = w.addTree(name)
		}
		return true, err
	}
	// Indexers and virus scanners change attributes all day, and Windows
	// reports a write to the folder for every file in it.
	return event.Has(fsnotify.Write) && !w.known[name], nil
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

// inside says whether name is a watched file, or is in a watched folder and
// not ignored.
func (w *watcher) inside(name string) bool {
	if slices.Contains(w.files, name) {
		return true
	}
	return slices.ContainsFunc(w.dirs, func(dir string) bool {
		if !within(name, dir) {
			return false
		}
		rest := strings.TrimPrefix(name[len(dir):], string(filepath.Separator))
		return rest == "" || !slices.ContainsFunc(strings.Split(rest, string(filepath.Separator)), ignored)
	})
}

// above says whether a watched file or folder would be under name: when that
// folder comes or goes, they do.
func (w *watcher) above(name string) bool {
	under := func(path string) bool { return within(path, name) }
	return slices.ContainsFunc(w.dirs, under) || slices.ContainsFunc(w.files, under)
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
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
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
	err := w.notify.Add(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it went; the folder above tells when it comes back
	}
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	w.known[dir] = true
	return nil
}
