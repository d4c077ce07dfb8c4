package gate

import (
	"errors"
	"fmt"
	"time"
)

// survey makes sure, before anybody is served, that every file of the manifest
// is there and has its size. While a build is under way it waits for it. (The
// bytes are compared when they are asked for.)
func (g *Gate) survey() error {
	deadline := time.Now().Add(g.o.Patience)
	for {
		err := g.surveyOnce()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		pause(g.done, glance)
	}
}

func (g *Gate) surveyOnce() error {
	s, err := g.current()
	if err != nil {
		return err
	}
	missing, example := 0, ""
	look := func(entries map[string]*entry) {
		for _, e := range entries {
			if e.isThere() {
				continue
			}
			missing++
			if name := e.folder + "/" + e.file; example == "" || name < example {
				example = name
			}
		}
	}
	look(s.public)
	for _, o := range s.overlays {
		look(o.entries)
	}
	if missing > 0 {
		return fmt.Errorf("%w: of %d files %d are missing or damaged, such as %s", ErrIncomplete, s.outputs, missing, example)
	}
	return nil
}

// ErrIncomplete is that the output folder lacks what its manifest names.
var ErrIncomplete = errors.New("the output folder is incomplete; build the site again")

func (e *entry) isThere() bool {
	if e.tree == nil {
		return false
	}
	info, err := e.tree.Lstat(e.file)
	return err == nil && info.Mode().IsRegular() && info.Size() == e.size
}
