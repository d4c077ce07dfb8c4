package publish

import (
	"io/fs"
	"path"
)

// plan is what is wanted and what stands in its place. The maps are written
// before the walk and only read from then on; the walk and the workers write
// to the slices, each to elements of its own.
type plan struct {
	files   []File
	trees   []string
	index   map[string]int // a wanted file's path: its index in files
	folders map[string]int // a wanted folder's path: its index in there

	there []bool        // the folder is in place
	old   []fs.FileInfo // by file: the regular file in its place, or nil

	stale     []found // files, links and all else that is not wanted
	staleDirs []found
}

// found is something in the trees, and the tree that it is in.
type found struct {
	tree int
	path string
}

func newPlan(files []File, trees []string) *plan {
	p := &plan{
		files: files, trees: trees,
		index:   make(map[string]int, len(files)),
		folders: make(map[string]int, len(files)),
		old:     make([]fs.FileInfo, len(files)),
	}
	for i, f := range files {
		p.index[f.Path] = i
		for d := path.Dir(f.Path); d != "."; d = path.Dir(d) {
			if _, known := p.folders[d]; known {
				break
			}
			p.folders[d] = len(p.folders)
		}
	}
	p.there = make([]bool, len(p.folders))
	return p
}

// missing returns the topmost folder of the wanted file that is not in place,
// at or below its tree, or "" if the file's own folder is. A wanted folder that
// is in place stays there, and so do those above it.
func (p *plan) missing(name string) string {
	dir := path.Dir(name)
	if p.there[p.folders[dir]] {
		return ""
	}
	tree := p.trees[treeOf(name, p.trees)]
	for i := len(tree); i < len(dir); i++ {
		if dir[i] == '/' && !p.there[p.folders[dir[:i]]] {
			return dir[:i]
		}
	}
	return dir
}
