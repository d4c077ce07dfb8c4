// Package publish brings a directory to a wanted state: the trees in it hold
// exactly the files that were asked for, and a manifest says which they are.
//
// Apply works in this order, and each step depends on the one before:
//
//  1. The paths are checked. Nothing has happened when one is refused.
//  2. The folder is locked, so that two builds take turns, and
//     claimed: one that was not made by this package is refused with
//     ErrForeign if it holds anything, be it beside the trees, but for names
//     that begin with a dot. A new folder gets a manifest without outputs
//     before anything else, so that a folder with outputs always has one.
//     A folder that cannot be written is compared without a lock; only if
//     something is to change is that an error.
//  3. Every file is rendered, several at once. A file whose bytes are on disk
//     already is dropped, the others are staged beside the trees. If one
//     cannot be rendered then nothing under the trees has changed, and the
//     errors of all files are returned together.
//  4. What is no longer wanted is removed. This comes first because a page
//     that was made members-only must leave the public tree before anything
//     else happens.
//  5. Staged files are moved into place, tree by tree in the order of
//     Options.Trees, then by path. A rename is whole or has not happened, so
//     a reader, and whoever comes after a kill, sees old or new files and
//     never a part of one.
//  6. The manifest is written. It reports and does not steer: stale files are
//     found by walking the trees, so the Apply after a kill finishes the work.
//
// Symbolic links inside the trees are removed and never followed: a link in
// the public tree could show what lies outside of it.
//
// Files are not synced to the disk one by one, since a site can be built
// again. After a power loss some file systems may show an empty file where one
// was renamed; as files are compared by their bytes, the next Apply heals it.
package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// ErrForeign is returned for a folder that holds something and was not made
// by this package, or whose manifest cannot be read. The error that wraps it
// names the folder.
var ErrForeign = errors.New("this folder was not made by kaiho")

// ErrBusy is returned when another process kept the folder locked for longer
// than Apply waits.
var ErrBusy = errors.New("another kaiho is writing to this folder")

// File is a wanted output. One of Render and Copy is set.
type File struct {
	// Path is slash-separated and under the root, e.g. "public/news/index.html".
	Path string
	// Audience is "public" or an audience's name; it goes into the manifest.
	Audience string
	// Render returns the file's bytes. It is called at most once, at the same
	// time as that of other files, and its result is not kept.
	Render func() ([]byte, error)
	// Copy opens the file's bytes and is for files too large to hold: they are
	// compared and staged as they are read. If set, Render is not called.
	Copy func() (io.ReadCloser, error)
}

// Options says what Apply may touch.
type Options struct {
	// Trees are the folders under the root that Apply owns, e.g. "public",
	// "members". All else under the root is left alone; outputs of other trees
	// stay in the manifest.
	Trees []string
	// Workers is how many files are rendered at once; 0 is GOMAXPROCS.
	Workers int
	// Version names the program in the manifest.
	Version string
}

// Report counts what Apply did. Outputs is Written and Unchanged together;
// Removed counts files and links that were not wanted.
type Report struct{ Outputs, Written, Removed, Unchanged int }

// Apply brings the trees named in o.Trees under root to exactly files.
//
// Errors are those of the paths, all together; ErrForeign; ErrBusy; those of
// Render and Copy, all together, each with its path; and those of the machine,
// with what was attempted. When ctx ends before the first change Apply returns
// its error and has changed nothing; from then on it finishes, which is short.
func Apply(ctx context.Context, root *os.Root, files []File, o Options) (Report, error) {
	if err := check(files, o.Trees); err != nil {
		return Report{}, err
	}
	unlock, err := lock(ctx, root)
	stage := newStage(root)
	switch {
	case err == nil:
		defer unlock()
		defer stage.remove()
	case isReadOnly(err):
		stage.readOnly = err
	default:
		return Report{}, err
	}
	manifest, found, err := readManifest(root)
	if err != nil {
		return Report{}, err
	}
	if !found {
		if err := refuseForeign(root, o.Trees); err != nil {
			return Report{}, err
		}
	}
	if err := stage.sweep(); err != nil {
		return Report{}, err
	}
	if !found {
		if err := stage.writeManifest(record{Generator: o.Version}.encode(), true); err != nil {
			return Report{}, err
		}
	}
	present, err := walk(root, o.Trees)
	if err == nil {
		err = stage.render(ctx, files, present, o.Workers)
	}
	if err != nil {
		if !found {
			// The folder is as it was found; only what this call added goes.
			err = errors.Join(err, root.Remove(manifestName))
		}
		return Report{}, err
	}
	return stage.commit(files, present, manifest, o)
}

// commit makes the changes, removals first, and then writes the manifest.
func (s *stage) commit(files []File, present tree, old record, o Options) (Report, error) {
	r := Report{Outputs: len(files)}
	removed, err := s.removeStale(files, present)
	r.Removed = removed
	if err != nil {
		return r, err
	}
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(
			cmp.Compare(treeOf(files[a].Path, o.Trees), treeOf(files[b].Path, o.Trees)),
			strings.Compare(files[a].Path, files[b].Path))
	})
	made := map[string]bool{}
	for _, i := range order {
		if !s.results[i].staged {
			r.Unchanged++
			continue
		}
		dir := path.Dir(files[i].Path)
		if !made[dir] && !present.hasDir[dir] {
			if err := s.root.MkdirAll(dir, 0o755); err != nil {
				return r, fmt.Errorf("make folder %s: %w", dir, err)
			}
			made[dir] = true
		}
		if err := s.root.Rename(s.name(i), files[i].Path); err != nil {
			return r, fmt.Errorf("move %s into place: %w", files[i].Path, err)
		}
		r.Written++
	}
	next := old.with(files, s.results, o)
	if slices.Equal(next.Outputs, old.Outputs) && next.Generator == old.Generator && old.exact {
		return r, nil
	}
	return r, s.writeManifest(next.encode(), false)
}

// removeStale removes what is not wanted, then the folders that are needed no
// longer, so that a file can stand where a folder was.
func (s *stage) removeStale(files []File, present tree) (removed int, err error) {
	wanted := make(map[string]bool, len(files))
	needed := map[string]bool{}
	for _, f := range files {
		wanted[f.Path] = true
		for d := path.Dir(f.Path); d != "." && !needed[d]; d = path.Dir(d) {
			needed[d] = true
		}
	}
	for _, e := range present.entries {
		if e.regular && wanted[e.path] {
			continue
		}
		err := s.unlink(e.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return removed, fmt.Errorf("remove stale %s: %w", e.path, err)
		}
		removed++
	}
	for _, d := range slices.Backward(present.dirs) {
		if needed[d] {
			continue
		}
		if err := s.unlink(d); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("remove empty folder %s: %w", d, err)
		}
		delete(present.hasDir, d)
	}
	return removed, nil
}

// tree is what stands in the trees before a change.
type tree struct {
	entries []entry  // all but folders, in the order of Options.Trees
	dirs    []string // parents before their children
	hasFile map[string]bool
	hasDir  map[string]bool
}

type entry struct {
	path    string
	regular bool // false: a link, a socket, a device
}

// walk lists the trees without following links, be it at a tree's own name.
func walk(root *os.Root, trees []string) (tree, error) {
	t := tree{hasFile: map[string]bool{}, hasDir: map[string]bool{}}
	for _, name := range trees {
		if err := t.add(root, name); err != nil {
			return t, fmt.Errorf("list %s: %w", name, err)
		}
	}
	return t, nil
}

func (t *tree) add(root *os.Root, name string) error {
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '/' {
			continue
		}
		info, err := root.Lstat(name[:i])
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !info.IsDir() {
			t.entries = append(t.entries, entry{path: name[:i]})
			return nil
		}
	}
	return fs.WalkDir(root.FS(), name, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			t.dirs = append(t.dirs, p)
			t.hasDir[p] = true
		default:
			regular := d.Type().IsRegular()
			t.entries = append(t.entries, entry{path: p, regular: regular})
			t.hasFile[p] = regular
		}
		return nil
	})
}
