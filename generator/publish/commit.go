package publish

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"kaiho/generator/parallel"
)

// commit makes the changes, removals first, and then writes the manifest.
func (s *stage) commit(old record, o Options) (Report, error) {
	p := s.plan
	r := Report{Outputs: len(p.files)}
	removed, err := s.removeStale()
	r.Removed = removed
	if err != nil {
		return r, err
	}
	err = s.moveAll(s.moves())
	for i := range s.results {
		switch {
		case s.results[i].from == "":
			r.Unchanged++
		case s.results[i].moved:
			r.Written++
		}
	}
	s.tell(o.Placed)
	if err != nil {
		return r, err
	}
	next := old.with(p.files, s.results, o)
	if old.exact && next.Generator == old.Generator && slices.Equal(next.Outputs, old.Outputs) {
		return r, nil
	}
	return r, s.writeManifest(next.encode(), false)
}

// removeStale removes what is not wanted, then the folders that are needed no
// longer, so that a file can stand where a folder was.
func (s *stage) removeStale() (removed int, err error) {
	order := func(a, b found) int {
		return cmp.Or(cmp.Compare(a.tree, b.tree), strings.Compare(a.path, b.path))
	}
	slices.SortFunc(s.plan.stale, order)
	for _, f := range s.plan.stale {
		err := s.unlink(f.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return removed, fmt.Errorf("remove stale %s: %w", f.path, err)
		}
		removed++
	}
	slices.SortFunc(s.plan.staleDirs, order)
	for _, d := range slices.Backward(s.plan.staleDirs) { // what is in a folder comes after it
		if err := s.unlink(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("remove empty folder %s: %w", d.path, err)
		}
	}
	return removed, nil
}

// move is one rename: of a file into a folder that is in place, or of a folder
// that is missing, with all that is in it.
type move struct {
	from, to string
	group    int // alone: it is a file
	tree     int
	files    []int
}

// moves returns what is to be moved, by tree, then by path.
func (s *stage) moves() []move {
	var list []move
	groups := make([]move, len(s.groups))
	for i := range s.results {
		r, name := &s.results[i], s.plan.files[i].Path
		if r.from == "" {
			continue
		}
		m := move{from: r.from, to: name, group: r.group, tree: treeOf(name, s.plan.trees)}
		if r.group == alone {
			m.files = []int{i}
			list = append(list, m)
			continue
		}
		g := &groups[r.group]
		if g.files == nil {
			m.from, m.to = s.groupDir(r.group), s.plan.missing(name)
			*g = m
		}
		g.files = append(g.files, i)
	}
	list = append(list, groups...)
	slices.SortFunc(list, func(a, b move) int {
		return cmp.Or(cmp.Compare(a.tree, b.tree), strings.Compare(a.to, b.to))
	})
	return list
}

// moveAll moves tree by tree. Within a tree several goroutines do so, if there
// is enough for each; after an error none begins another move, and of several
// errors the one that comes first by path is returned.
func (s *stage) moveAll(list []move) error {
	const share = 64 // moves; fewer are done sooner than a goroutine begins
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].tree == list[0].tree {
			n++
		}
		parts := slices.Collect(slices.Chunk(list[:n], share))
		errs := make([]error, len(parts))
		var failed atomic.Bool
		parallel.Each(len(parts), func(k int) {
			for _, m := range parts[k] {
				if failed.Load() {
					return
				}
				if errs[k] = s.move(m); errs[k] != nil {
					failed.Store(true)
				}
			}
		})
		if failed.Load() {
			return errs[slices.IndexFunc(errs, func(err error) bool { return err != nil })]
		}
		list = list[n:]
	}
	return nil
}

func (s *stage) move(m move) error {
	if m.group != alone && s.plan.trees[m.tree] == m.to {
		if above := path.Dir(m.to); above != "." {
			if err := s.root.MkdirAll(above, 0o755); err != nil {
				return fmt.Errorf("make folder %s: %w", above, err)
			}
		}
	}
	err := s.root.Rename(m.from, m.to)
	if m.group != alone && errors.Is(err, fs.ErrExist) {
		return s.merge(m)
	}
	if err != nil {
		return fmt.Errorf("move %s into place: %w", m.to, err)
	}
	for _, i := range m.files {
		s.results[i].moved = true
	}
	return nil
}

// merge moves the files of a folder that was missing and is there now: somebody
// made it meanwhile, or the file system takes it for another one whose name
// differs only by case.
func (s *stage) merge(m move) error {
	for _, i := range m.files {
		name := s.plan.files[i].Path
		if err := s.root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return fmt.Errorf("make folder %s: %w", path.Dir(name), err)
		}
		if err := s.root.Rename(s.results[i].from, name); err != nil {
			return fmt.Errorf("move %s into place: %w", name, err)
		}
		s.results[i].moved, s.results[i].group = true, alone
	}
	return nil
}

// tell calls placed for every file that was made and is in place.
func (s *stage) tell(placed func(int, fs.FileInfo, [32]byte)) {
	if placed == nil {
		return
	}
	parallel.Each(len(s.results), func(i int) {
		if info := s.placed(i); info != nil {
			placed(i, info, s.results[i].sum)
		}
	})
}

// placed returns what an Lstat says of a file that was made, or nil. It never
// vouches for bytes that somebody else wrote meanwhile: for a file that is the
// same as before it is from before the comparison, and for one that was staged
// from when it was written.
func (s *stage) placed(i int) fs.FileInfo {
	r := &s.results[i]
	switch {
	case r.current:
		return nil
	case r.from == "":
		return s.plan.old[i]
	case !r.moved:
		return nil
	case r.group != alone:
		return r.info // to move a folder changes nothing of what is in it
	}
	// A rename changes the inode's change time, which Sys tells.
	info, err := s.root.Lstat(s.plan.files[i].Path)
	if err != nil || !os.SameFile(info, r.info) || info.Size() != r.info.Size() || !info.ModTime().Equal(r.info.ModTime()) {
		return nil
	}
	return info
}
