package publish

import (
	"os"
	"path"
	"strings"
)

// handles keeps the folders open that one worker used last. Files of a site
// mostly lie alone in a folder each, and these side by side; so the folder
// above a file's own is kept, and a file costs no walk down from the root.
type handles struct {
	root *os.Root
	kept [16]struct {
		dir  string
		root *os.Root
	}
	next int // the one that is given up for another
}

// at returns a folder by its path under the root.
func (h *handles) at(dir string) (*os.Root, error) {
	for i := range h.kept {
		if h.kept[i].root != nil && h.kept[i].dir == dir {
			return h.kept[i].root, nil
		}
	}
	root, err := h.root.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	k := &h.kept[h.next]
	if k.root != nil {
		k.root.Close()
	}
	k.dir, k.root = dir, root
	h.next = (h.next + 1) % len(h.kept)
	return root, nil
}

// above returns the folder above name's own, and name relative to it.
func (h *handles) above(name string) (*os.Root, string, error) {
	end := strings.LastIndexByte(path.Dir(name), '/')
	if end < 0 {
		return h.root, name, nil
	}
	at, err := h.at(name[:end])
	return at, name[end+1:], err
}

func (h *handles) open(name string) (*os.File, error) {
	at, rest, err := h.above(name)
	if err != nil {
		return nil, err
	}
	return at.OpenFile(rest, os.O_RDONLY|openPlain, 0)
}

// create makes a file where none of that name is.
func (h *handles) create(name string) (*os.File, error) {
	at, rest, err := h.above(name)
	if err != nil {
		return nil, err
	}
	return at.OpenFile(rest, os.O_WRONLY|os.O_CREATE|os.O_EXCL|openPlain, 0o644)
}

func (h *handles) mkdir(name string) error {
	at, err := h.at(path.Dir(name))
	if err != nil {
		return err
	}
	return at.Mkdir(path.Base(name), 0o755)
}

// close must come before a folder is moved: Windows refuses to move one in
// which anything is open.
func (h *handles) close() {
	for i := range h.kept {
		if root := h.kept[i].root; root != nil {
			root.Close()
		}
		h.kept[i].root = nil
	}
}
