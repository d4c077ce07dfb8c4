package publish

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

const (
	stagePrefix = ".staging-"
	chunkBytes  = 64 << 10
)

// stage is what changes a root: a folder beside the trees, and so on their file
// system, for files that are to be moved into place. It is made with the first
// of them.
type stage struct {
	root     *os.Root
	readOnly error // why nothing may be written; nil while the lock is held
	dir      string
	mkdir    func() error
	results  []result
}

// result is what is known of one file once it was rendered.
type result struct {
	sum     [sha256.Size]byte
	size    int64
	staged  bool  // its bytes are not what stands in the tree
	err     error // of Render or Copy
	machine error // of staging
}

func newStage(root *os.Root) *stage {
	var random [8]byte
	rand.Read(random[:]) // never returns an error
	s := &stage{root: root, dir: stagePrefix + hex.EncodeToString(random[:])}
	s.mkdir = sync.OnceValue(func() error {
		if err := root.Mkdir(s.dir, 0o755); err != nil {
			return fmt.Errorf("make the staging folder: %w", err)
		}
		return nil
	})
	return s
}

// create makes a file in the folder, where none of that name is.
func (s *stage) create(name string) (*os.File, error) {
	if s.readOnly != nil {
		return nil, s.readOnly
	}
	if err := s.mkdir(); err != nil {
		return nil, err
	}
	return s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
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

func (s *stage) name(i int) string { return path.Join(s.dir, strconv.Itoa(i)) }

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
	name := path.Join(s.dir, manifestName)
	f, err := s.create(name)
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
	if err := s.root.Rename(name, manifestName); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// render renders all files and stages those that changed. Every file is
// rendered even after an error, so that all errors show at once and which of
// them show does not depend on timing; an error of the machine ends it early.
func (s *stage) render(ctx context.Context, files []File, present tree, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s.results = make([]result, len(files))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	next := make(chan int)
	var group sync.WaitGroup
	for range min(workers, len(files)) {
		group.Go(func() {
			c := comparer{ours: make([]byte, chunkBytes), theirs: make([]byte, chunkBytes)}
			for i := range next {
				s.results[i] = s.one(&c, i, files[i], present)
				if s.results[i].machine != nil {
					stop()
				}
			}
		})
	}
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
	var errs []error
	var machine error
	for _, r := range s.results {
		if r.err != nil {
			errs = append(errs, r.err)
		}
		if machine == nil {
			machine = r.machine
		}
	}
	if machine == nil {
		machine = ctx.Err()
	}
	return errors.Join(errors.Join(errs...), machine)
}

func (s *stage) one(c *comparer, i int, f File, present tree) (r result) {
	in, err := open(f)
	if err != nil {
		r.err = fmt.Errorf("render %s: %w", f.Path, err)
		return r
	}
	defer in.Close()
	var old io.ReadCloser
	if present.hasFile[f.Path] {
		// A file that cannot be read is replaced like one that differs.
		if file, err := s.root.Open(f.Path); err == nil {
			old = file
			defer old.Close()
		}
	}
	c.reset(in, old, func() (io.WriteCloser, error) {
		return s.create(s.name(i))
	})
	c.run()
	if c.readErr != nil {
		r.err = fmt.Errorf("render %s: %w", f.Path, c.readErr)
	}
	if c.writeErr != nil {
		r.machine = fmt.Errorf("stage %s: %w", f.Path, c.writeErr)
	}
	r.size, r.staged = c.size, c.out != nil
	c.hash.Sum(r.sum[:0])
	return r
}

func open(f File) (io.ReadCloser, error) {
	if f.Copy != nil {
		return f.Copy()
	}
	data, err := f.Render()
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}
