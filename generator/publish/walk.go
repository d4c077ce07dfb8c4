package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"
	"sync/atomic"
)

// walker lists the trees, several folders at once, and never through a link.
//
// A folder is opened by its bare name in a handle of its parent (os.Root, one
// openat), so that nothing above it is resolved again. os.Root would follow a
// link of that name, be it one that was swapped in after the parent was read;
// therefore what was opened must be the very folder that an Lstat in the parent
// shows, or the walk fails. A link that Lstat shows is listed and not opened.
//
// Handles are few: the stack makes the walk go down before it goes on, so that
// what is open at a time are, for each worker, the folders above its own.
type walker struct {
	plan *plan

	mu      sync.Mutex // of all below, and of the plan's lists
	changed sync.Cond
	todo    []folder // a stack
	busy    int      // folders being read
	err     error    // the first; it ends the walk
}

// folder is one that is to be read.
type folder struct {
	parent *handle
	found
	info fs.FileInfo // of an Lstat in the parent
}

// handle is a folder that is open until the last one in it was read.
type handle struct {
	*os.Root
	users atomic.Int32 // 0: it is the caller's, and stays open
}

func (h *handle) release() {
	if h.users.Load() > 0 && h.users.Add(-1) == 0 {
		h.Close()
	}
}

// walk finds what stands in the trees: for each wanted file the one in its
// place, for each wanted folder whether it is there, and what is stale.
func (p *plan) walk(root *os.Root) error {
	w := &walker{plan: p}
	w.changed.L = &w.mu
	for i := range p.trees {
		if err := w.enter(root, i); err != nil {
			return fmt.Errorf("list %s: %w", p.trees[i], err)
		}
	}
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(w.work)
	}
	group.Wait()
	return w.err
}

// enter goes down to a tree, which need not be there, and puts it on the stack.
func (w *walker) enter(root *os.Root, tree int) error {
	name, at := w.plan.trees[tree], &handle{Root: root}
	for start := 0; ; {
		end := start
		for end < len(name) && name[end] != '/' {
			end++
		}
		info, err := at.Lstat(name[start:end])
		if err != nil {
			at.release()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		f := folder{parent: at, found: found{tree, name[:end]}, info: info}
		switch {
		case !info.IsDir():
			w.plan.stale = append(w.plan.stale, f.found)
			at.release()
			return nil
		case end == len(name):
			w.todo = append(w.todo, f)
			return nil
		}
		below, err := f.open()
		at.release()
		if err != nil {
			return err
		}
		below.users.Store(1)
		at, start = below, end+1
	}
}

// work reads folders until none is left. Once the walk has failed it only
// closes what is open.
func (w *walker) work() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for len(w.todo) == 0 && w.busy > 0 {
			w.changed.Wait()
		}
		if len(w.todo) == 0 {
			return
		}
		f := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if w.err != nil {
			f.parent.release()
			continue
		}
		w.busy++
		w.mu.Unlock()
		below, err := w.read(f)
		f.parent.release()
		w.mu.Lock()
		w.busy--
		w.todo = append(w.todo, below...)
		if err != nil && w.err == nil {
			w.err = fmt.Errorf("list %s: %w", f.path, err)
		}
		if len(below) > 0 || w.busy == 0 {
			w.changed.Broadcast()
		}
	}
}

// read notes what is in a folder and returns the folders in it. That entries
// carry an Lstat costs nothing more: os.Root does one for each name anyway.
func (w *walker) read(f folder) (below []folder, err error) {
	entries, err := f.list()
	if err != nil {
		return nil, err
	}
	var stale []found
	for _, e := range entries {
		name := f.path + "/" + e.Name()
		if e.IsDir() {
			info, err := e.Info()
			if err != nil {
				return nil, err
			}
			below = append(below, folder{found: found{f.tree, name}, info: info})
			continue
		}
		i, wanted := w.plan.index[name]
		if !wanted || !e.Type().IsRegular() {
			stale = append(stale, found{f.tree, name})
			continue
		}
		if w.plan.old[i], err = e.Info(); err != nil {
			return nil, err
		}
	}
	wantedDir, wanted := w.plan.folders[f.path]
	if wanted {
		w.plan.there[wantedDir] = true
	}
	if len(stale) > 0 || !wanted {
		w.mu.Lock()
		w.plan.stale = append(w.plan.stale, stale...)
		if !wanted {
			w.plan.staleDirs = append(w.plan.staleDirs, f.found)
		}
		w.mu.Unlock()
	}
	if len(below) == 0 {
		return nil, nil
	}
	at, err := f.open()
	if err != nil {
		return nil, err
	}
	at.users.Store(int32(len(below)))
	for i := range below {
		below[i].parent = at
	}
	return below, nil
}

func (f folder) list() ([]fs.DirEntry, error) {
	dir, err := f.parent.OpenFile(path.Base(f.path), os.O_RDONLY|openPlain, 0)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	info, err := dir.Stat()
	if err == nil {
		err = f.verify(info)
	}
	if err != nil {
		return nil, err
	}
	return dir.ReadDir(-1)
}

func (f folder) open() (*handle, error) {
	dir, err := f.parent.OpenRoot(path.Base(f.path))
	if err != nil {
		return nil, err
	}
	info, err := dir.Stat(".")
	if err == nil {
		err = f.verify(info)
	}
	if err != nil {
		dir.Close()
		return nil, err
	}
	return &handle{Root: dir}, nil
}

// verify checks that what was opened is the folder that Lstat showed. The
// second look is for file systems that number a folder anew while nobody has
// it open.
func (f folder) verify(opened fs.FileInfo) error {
	if os.SameFile(f.info, opened) {
		return nil
	}
	now, err := f.parent.Lstat(path.Base(f.path))
	if err == nil && now.IsDir() && os.SameFile(now, opened) {
		return nil
	}
	return errors.New("it was replaced while it was listed")
}
