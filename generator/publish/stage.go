package publish

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
)

const stagePrefix = ".staging-"

// stage is what changes a root: a folder beside the trees, and so on their file
// system, for what is to be moved into place. It is made with the first of it.
//
// A file whose folder is in place is staged under its number, and moved alone.
// Where a folder is missing, the topmost missing one is staged with all that
// belongs in it, and moved as a whole.
type stage struct {
	root     *os.Root
	readOnly error // why nothing may be written; nil while the lock is held
	dir      string
	mkdir    func() error
	plan     *plan
	results  []result

	mu     sync.Mutex
	made   map[string]bool // folders in dir, by their paths under the root
	groups map[string]int  // a missing folder's path: its group
}

func newStage(root *os.Root) *stage {
	var random [8]byte
	rand.Read(random[:]) // never returns an error
	s := &stage{
		root:   root,
		dir:    stagePrefix + hex.EncodeToString(random[:]),
		made:   map[string]bool{},
		groups: map[string]int{},
	}
	s.mkdir = sync.OnceValue(func() error {
		if err := root.Mkdir(s.dir, 0o755); err != nil {
			return fmt.Errorf("make the staging folder: %w", err)
		}
		return nil
	})
	return s
}

// ready makes the folder, unless nothing may be written.
func (s *stage) ready() error {
	if s.readOnly != nil {
		return s.readOnly
	}
	return s.mkdir()
}

// place returns where file i is staged, and which group it is moved with.
func (s *stage) place(i int) (name string, group int) {
	file := s.plan.files[i].Path
	top := s.plan.missing(file)
	if top == "" {
		return s.dir + "/" + strconv.Itoa(i), alone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	group, known := s.groups[top]
	if !known {
		group = len(s.groups)
		s.groups[top] = group
	}
	return s.groupDir(group) + file[len(top):], group
}

func (s *stage) groupDir(group int) string { return s.dir + "/new-" + strconv.Itoa(group) }

// makeFolder makes a folder in the staging folder, and those above it.
func (s *stage) makeFolder(h *handles, dir string) error {
	s.mu.Lock()
	made := s.made[dir] || dir == s.dir
	s.mu.Unlock()
	if made {
		return nil
	}
	if err := s.makeFolder(h, path.Dir(dir)); err != nil {
		return err
	}
	// It may exist: another worker was faster, or its name differs by case.
	if err := h.mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	s.mu.Lock()
	s.made[dir] = true
	s.mu.Unlock()
	return nil
}

// unlink removes a file or an empty folder of the trees.
func (s *stage) unlink(name string) error {
	if s.readOnly != nil {
		return s.readOnly
	}
	return s.root.Remove(name)
}

// remove drops the folder. If that fails, the next sweep does it.
func (s *stage) remove() { s.root.RemoveAll(s.dir) }

// sweep removes the staging folders that a killed Apply left. The lock is
// held, so none of them is in use.
func (s *stage) sweep() error {
	if s.readOnly != nil {
		return nil
	}
	entries, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("list the output folder: %w", err)
	}
	for _, e := range entries {
		random, ok := strings.CutPrefix(e.Name(), stagePrefix)
		if id, err := hex.DecodeString(random); !ok || err != nil || len(id) != 8 || !e.IsDir() {
			continue
		}
		if err := s.root.RemoveAll(e.Name()); err != nil {
			return fmt.Errorf("remove an old staging folder: %w", err)
		}
	}
	return nil
}

// writeManifest puts the manifest into place by rename. The first one is
// synced, because without it the folder would be taken for a foreign one.
func (s *stage) writeManifest(data []byte, sync bool) error {
	name := path.Join(s.dir, ManifestName)
	err := s.ready()
	var f *os.File
	if err == nil {
		f, err = s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	_, err = f.Write(data)
	if err == nil && sync {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	if err := s.root.Rename(name, ManifestName); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}
