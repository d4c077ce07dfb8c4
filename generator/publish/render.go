package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"
	"sync/atomic"
)

// alone is the group of a file that is moved by itself.
const alone = -1

// result is what is known of one file once it was rendered.
type result struct {
	sum     [sha256.Size]byte
	size    int64
	current bool // File.Current vouched for it

	from  string      // where it is staged; "" if its bytes are in place
	group int         // that it is moved with, or alone
	info  fs.FileInfo // of the staged file, if somebody wants to be told
	moved bool        // from there into place

	err     error // of Render or Copy
	machine error // of staging
}

// render renders all files and stages those that changed. Every file is
// rendered even after an error, so that all errors show at once and which of
// them show does not depend on timing; an error of the machine ends it early.
func (s *stage) render(ctx context.Context, p *plan, o Options) error {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s.plan, s.results = p, make([]result, len(p.files))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, len(p.files)) {
		group.Go(func() {
			w := worker{stage: s, dirs: handles{root: s.root}, stat: o.Placed != nil}
			defer w.dirs.close()
			for i := int(next.Add(1)) - 1; i < len(p.files) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if w.one(i, &s.results[i]); s.results[i].machine != nil {
					stop()
				}
			}
		})
	}
	group.Wait()
	var errs []error
	var machine error
	for i := range s.results {
		r := &s.results[i]
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

// worker renders one file after another.
type worker struct {
	*stage
	dirs   handles
	stat   bool // note what staged files look like
	buffer []byte
	stream *comparer
}

// one renders file i, if its Current does not say that it need not be, and
// stages it if it differs from what is in place.
func (w *worker) one(i int, r *result) {
	f, old := &w.plan.files[i], w.plan.old[i]
	if f.Current != nil && old != nil {
		if r.sum, r.current = f.Current(old); r.current {
			r.size = old.Size()
			return
		}
	}
	var out *os.File // nil: the bytes are in place
	if f.Copy != nil {
		out = w.copy(i, r)
	} else {
		out = w.whole(i, r)
	}
	if out != nil {
		var err error
		if w.stat {
			r.info, err = out.Stat()
		}
		if err := errors.Join(err, out.Close()); r.machine == nil {
			r.machine = err
		}
	}
	if r.err != nil {
		r.err = fmt.Errorf("render %s: %w", f.Path, r.err)
	}
	if r.machine != nil {
		r.machine = fmt.Errorf("stage %s: %w", f.Path, r.machine)
	}
}

// whole renders a file that is held in memory.
func (w *worker) whole(i int, r *result) (out *os.File) {
	f, old := &w.plan.files[i], w.plan.old[i]
	data, err := f.Render()
	if err != nil {
		r.err = err
		return nil
	}
	r.sum, r.size = sha256.Sum256(data), int64(len(data))
	if old != nil && old.Size() == r.size && w.holds(f.Path, data) {
		return nil
	}
	if out, r.machine = w.create(i, r); r.machine == nil {
		_, r.machine = out.Write(data)
	}
	return out
}

// holds reports whether the file in place has these bytes. One that cannot be
// read is replaced like one that differs.
func (w *worker) holds(name string, data []byte) bool {
	file, err := w.dirs.open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	if w.buffer == nil {
		w.buffer = make([]byte, chunkBytes)
	}
	for {
		n, err := file.Read(w.buffer)
		rest, same := bytes.CutPrefix(data, w.buffer[:n])
		if !same || err != nil {
			return same && err == io.EOF && len(rest) == 0
		}
		data = rest
	}
}

// copy renders a file that is read as a stream.
func (w *worker) copy(i int, r *result) (out *os.File) {
	f := &w.plan.files[i]
	in, err := f.Copy()
	if err != nil {
		r.err = err
		return nil
	}
	defer in.Close()
	if w.stream == nil {
		w.stream = newComparer()
	}
	c := w.stream
	create := func() (*os.File, error) { return w.create(i, r) }
	c.reset(in, nil, create)
	if w.plan.old[i] != nil {
		if file, err := w.dirs.open(f.Path); err == nil {
			defer file.Close()
			c.old = file
		}
	}
	c.run()
	r.err, r.machine, r.size = c.readErr, c.writeErr, c.size
	c.hash.Sum(r.sum[:0])
	return c.out
}

// create makes the staged file, with the folders around it.
func (w *worker) create(i int, r *result) (*os.File, error) {
	if err := w.ready(); err != nil {
		return nil, err
	}
	r.from, r.group = w.place(i)
	if r.group != alone {
		if err := w.makeFolder(&w.dirs, path.Dir(r.from)); err != nil {
			return nil, err
		}
	}
	return w.dirs.create(r.from)
}
