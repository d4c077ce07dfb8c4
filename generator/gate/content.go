package gate

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"kaiho/generator/cache"
)

const (
	smallBytes  = 256 << 10 // files up to that are served from memory
	memoryBytes = 64 << 20  // for all of them, and their compressed forms
	ownBytes    = 200       // about what an entry costs beside its bytes
	leastGzip   = 512       // bytes; below, the headers outweigh it
)

// errStale is that a file is not what the manifest says.
var errStale = errors.New("the file is not what the manifest says")

// content is the bytes of a file, known by their hash.
type content struct {
	data   []byte     // nil: a large file
	stat   cache.Stat // of a large file: what it looked like when it was hashed
	isUsed atomic.Bool

	once sync.Once
	gzip []byte // nil: not worth it
}

// compressed returns the content by gzip, or nil if that is not smaller.
func (c *content) compressed() []byte {
	c.once.Do(func() {
		if len(c.data) < leastGzip {
			return
		}
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return
		}
		if _, err := w.Write(c.data); err != nil || w.Close() != nil || b.Len() >= len(c.data)*9/10 {
			return
		}
		c.gzip = bytes.Clone(b.Bytes())
	})
	return c.gzip
}

// contents keeps what was read, by its hash, within memoryBytes. What was not
// asked for since the last sweep goes first.
type contents struct {
	mu    sync.RWMutex
	byKey map[[32]byte]*content
	bytes int64
}

func (c *contents) find(sum *[32]byte) *content {
	c.mu.RLock()
	found := c.byKey[*sum]
	c.mu.RUnlock()
	if found != nil && !found.isUsed.Load() {
		found.isUsed.Store(true)
	}
	return found
}

// cost is what a content may take: its compressed form is counted before it is
// made.
func (c *content) cost() int64 { return ownBytes + int64(len(c.data))*3/2 }

func (c *contents) keep(sum [32]byte, added *content) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey == nil {
		c.byKey = map[[32]byte]*content{}
	}
	if old := c.byKey[sum]; old != nil {
		c.bytes -= old.cost()
	}
	added.isUsed.Store(true)
	c.byKey[sum] = added
	c.bytes += added.cost()
	for range 2 { // the second time nothing counts as used
		for key, old := range c.byKey {
			if c.bytes <= memoryBytes {
				return
			}
			if key != sum && !old.isUsed.Swap(false) {
				delete(c.byKey, key)
				c.bytes -= old.cost()
			}
		}
	}
}

// size returns how many contents there are, and what they take.
func (c *contents) size() (n int, bytes int64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.byKey), c.bytes
}

// open returns the content of an entry; of a large one, its open file, which the
// caller closes. It returns errStale if dist has another one, or none, and other
// errors for what cannot be read.
func (g *Gate) open(e *entry) (*content, *os.File, error) {
	known := g.bytes.find(&e.sum)
	if known != nil && known.data != nil {
		return known, nil, nil
	}
	if e.tree == nil {
		return nil, nil, errStale
	}
	f, err := e.tree.Open(e.file)
	if err != nil {
		if isMissing(err) {
			return nil, nil, errStale
		}
		return nil, nil, fmt.Errorf("open a file of the site: %w", err)
	}
	c, err := g.check(f, e, known)
	if err != nil || c.data != nil {
		f.Close()
		return c, nil, err
	}
	return c, f, nil
}

// check makes sure that f is what the manifest says of e.
func (g *Gate) check(f *os.File, e *entry, known *content) (*content, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at a file of the site: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() != e.size {
		return nil, errStale
	}
	stat := cache.StatOf(info)
	if known != nil && known.stat == stat {
		return known, nil
	}
	fresh := &content{stat: stat}
	hash := sha256.New()
	if e.size <= smallBytes {
		fresh.data = make([]byte, e.size)
		if _, err := io.ReadFull(f, fresh.data); err != nil {
			return nil, errStale
		}
		hash.Write(fresh.data)
	} else if n, err := io.Copy(hash, f); err != nil || n != e.size {
		return nil, errStale
	}
	if [32]byte(hash.Sum(nil)) != e.sum {
		return nil, errStale
	}
	g.bytes.keep(e.sum, fresh)
	return fresh, nil
}
