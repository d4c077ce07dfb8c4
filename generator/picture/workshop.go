package picture

import (
	"encoding/hex"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"kaiho/generator/cache"
)

// Workshop makes renditions, and keeps them in a folder, so that none is made
// twice. What it keeps is found by its contents: the bytes of the image and what
// is to be made of them. It is safe for concurrent use.
type Workshop struct {
	root *os.Root // nil: little is kept, in memory
	dir  string
	made atomic.Int64

	mu     sync.Mutex
	done   *sync.Cond
	busy   map[[32]byte]bool // images that are being decoded
	weight int64             // of them
	recent []kept            // what was made last, if there is no folder
}

type kept struct {
	key  [32]byte
	data []byte
}

const (
	// budget is how much memory the images may take that are decoded at one time.
	// One that takes more is decoded alone.
	budget = 384 << 20
	// maxRecent is how many renditions are kept without a folder: those of a few
	// images, which are asked for one after another.
	maxRecent = 48
	// stale is after what time a rendition that no page wants any more is removed: a
	// branch that is left for a while need not resize everything again.
	stale = 30 * 24 * time.Hour
)

// NewWorkshop returns a workshop that keeps what it makes in the folder dir of
// root, or in memory if root is nil.
func NewWorkshop(root *os.Root, dir string) *Workshop {
	w := &Workshop{root: root, dir: dir, busy: map[[32]byte]bool{}}
	w.done = sync.NewCond(&w.mu)
	if root != nil {
		_ = root.MkdirAll(dir, 0o700) // without it nothing is kept, and all is made
	}
	return w
}

// Made returns how many renditions were made and not found.
func (w *Workshop) Made() int64 { return w.made.Load() }

// Order is an image with what is wanted of it.
type Order struct {
	Info Info
	Read func() ([]byte, error) // the image's bytes
	All  []Rendition            // what is made of it together, as it is decoded then anyway
}

// Get returns a rendition of an image. Errors are those of o.Read and Make, and an
// image that is not what o.Info says any more.
func (w *Workshop) Get(o Order, r Rendition) ([]byte, error) {
	if data, ok := w.find(r); ok {
		return data, nil
	}
	w.begin(o.Info)
	defer w.end(o.Info)
	if data, ok := w.find(r); ok { // somebody else has made it meanwhile
		return data, nil
	}
	src, err := o.Read()
	if err != nil {
		return nil, err
	}
	if sumOf(src) != o.Info.Sum {
		return nil, fmt.Errorf("the image has changed while it was being published")
	}
	wanted := []Rendition{r}
	for _, other := range o.All {
		if _, ok := w.find(other); !ok && other.Key != r.Key && other.Name != "" {
			wanted = append(wanted, other)
		}
	}
	made, err := Make(src, o.Info, wanted)
	if err != nil {
		return nil, err
	}
	w.made.Add(int64(len(made)))
	for i := len(made) - 1; i >= 0; i-- {
		w.keep(wanted[i], made[i])
	}
	return made[0], nil
}

// Once returns what make makes, or what it made before: key identifies it.
func (w *Workshop) Once(key [32]byte, make func() ([]byte, error)) ([]byte, error) {
	r := Rendition{Key: key}
	if data, ok := w.find(r); ok {
		return data, nil
	}
	data, err := make()
	if err == nil {
		w.made.Add(1)
		w.keep(r, data)
	}
	return data, err
}

// begin waits until there is memory for an image, and nobody else at work on it.
func (w *Workshop) begin(info Info) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.busy[info.Sum] || w.weight > 0 && w.weight+info.Weight > budget {
		w.done.Wait()
	}
	w.busy[info.Sum] = true
	w.weight += info.Weight
}

func (w *Workshop) end(info Info) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.busy, info.Sum)
	w.weight -= info.Weight
	w.done.Broadcast()
}

func (w *Workshop) file(r Rendition) string { return w.dir + "/" + hex.EncodeToString(r.Key[:16]) }

func (w *Workshop) find(r Rendition) ([]byte, bool) {
	if w.root != nil {
		data := cache.Read(w.root, w.file(r), r.Key)
		return []byte(data), data != ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, k := range w.recent {
		if k.key == r.Key {
			return k.data, true
		}
	}
	return nil, false
}

// keep keeps a rendition. Where that is not possible it will be made again.
func (w *Workshop) keep(r Rendition, data []byte) {
	if w.root != nil {
		_, _ = cache.Write(w.root, w.file(r), r.Key, func(add func([]byte)) { add(data) })
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.recent = append(w.recent, kept{r.Key, data})
	w.recent = w.recent[max(0, len(w.recent)-maxRecent):]
}

// Sweep removes what has not been wanted for a month. wanted is everything that
// is; now is the machine's time, by which the folder's files are dated.
func (w *Workshop) Sweep(wanted map[[32]byte]bool, now time.Time) {
	if w.root == nil {
		return
	}
	dir, err := w.root.Open(w.dir)
	if err != nil {
		return
	}
	defer dir.Close()
	keep := make(map[string]bool, len(wanted))
	for key := range wanted {
		keep[hex.EncodeToString(key[:16])] = true
	}
	entries, _ := dir.ReadDir(-1)
	for _, e := range entries {
		name := w.dir + "/" + e.Name()
		info, err := e.Info()
		switch {
		case err != nil:
		case keep[e.Name()]:
			if now.Sub(info.ModTime()) > stale/2 {
				_ = w.root.Chtimes(name, now, now)
			}
		case now.Sub(info.ModTime()) > stale:
			_ = w.root.Remove(name)
		}
	}
}
