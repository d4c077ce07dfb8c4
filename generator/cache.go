package generator

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kaiho/generator/cache"
	"kaiho/generator/content"
	"kaiho/generator/parallel"
	"kaiho/generator/picture"
)

// Cache is what reading and building a project leave for the next time: what
// its files were parsed to, and what stands in the output folder. It decides
// nothing: with an empty or a damaged one every byte is the same, only later. It
// is for one project at a time.
type Cache struct {
	// Pictures is a folder for the pictures that were made, which takes long; "" is one in
	// the cache. Projects may share it, for what is in it is named after its content. It
	// is set before the cache is used.
	Pictures string

	dir     string // "": nothing outlives the process
	program string
	root    *os.Root
	content *content.Store
	images  *picture.Workshop

	pictures *os.Root // of Pictures; nil: they are in root
}

// NewCache returns a cache in the folder dir, which is made when there is
// something to keep; "" is a cache in memory. program identifies the program:
// what one has kept, no other believes.
func NewCache(dir, program string) *Cache { return &Cache{dir: dir, program: program} }

// open makes the folder if need be. Without it the cache is in memory: a project
// that can only be read is built all the same.
func (c *Cache) open() {
	if c.content != nil {
		return
	}
	if c.dir != "" && os.MkdirAll(c.dir, 0o700) == nil {
		c.root, _ = os.OpenRoot(c.dir)
	}
	if c.root != nil { // drafts and members' pages are in it: it is for no repository
		if f, err := c.root.OpenFile(".gitignore", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			_, _ = f.WriteString("*\n")
			f.Close()
		}
	}
	c.content = content.NewStore(c.root, ".", c.program)
	c.images = picture.NewWorkshop(c.root, "pictures")
	if c.Pictures != "" && os.MkdirAll(c.Pictures, 0o700) == nil {
		if root, err := os.OpenRoot(c.Pictures); err == nil {
			c.pictures, c.images = root, picture.NewWorkshop(root, "made")
		}
	}
}

// Close gives up what the cache holds. Projects that were opened with it cannot
// be built any more.
func (c *Cache) Close() {
	if c.content != nil {
		c.content.Close()
		c.content = nil
	}
	for _, root := range []**os.Root{&c.root, &c.pictures} {
		if *root != nil {
			(*root).Close()
			*root = nil
		}
	}
}

// placed is an output that stands in the output folder.
type placed struct {
	Path    string
	Print   [32]byte // of what its bytes depend on
	Stat    cache.Stat
	Settled bool     // Stat alone identifies the bytes
	Sum     [32]byte // SHA-256 of the bytes
}

// ledger is what stands in one output folder: which outputs need not be made.
type ledger struct {
	c     *Cache
	dist  *os.Root
	name  string // in the cache
	key   [32]byte
	load  func() // fills known and sum, once
	sum   uint64 // checksum of the file; 0: there is none
	known map[string]*placed
	next  []*placed // by index of the outputs
	news  atomic.Bool
}

// ledger returns the ledger of dist, which is not read yet.
func (c *Cache) ledger(dist *os.Root) *ledger {
	l := &ledger{c: c, dist: dist, key: cache.Key("outputs 1", c.program)}
	if where, err := filepath.Abs(dist.Name()); c.root != nil && err == nil {
		sum := sha256.Sum256([]byte(where))
		l.name = "outputs-" + hex.EncodeToString(sum[:8])
	}
	l.load = sync.OnceFunc(func() {
		var all []placed
		l.known = map[string]*placed{}
		if l.name == "" {
			return
		}
		file := cache.ReadFile(l.c.root, l.name)
		if file.Key != l.key {
			return
		}
		if rest, err := cache.Decode(file.Payload, &all, time.UTC); err != nil || rest != "" {
			return
		}
		l.sum = file.Sum
		for i := range all {
			l.known[all[i].Path] = &all[i]
		}
	})
	return l
}

// current reports whether the file at path, which looks like info, has the bytes
// of the i-th output, and their SHA-256. If its looks do not say so, its bytes do:
// a folder may have been copied.
func (l *ledger) current(i int, path string, print [32]byte, info fs.FileInfo) (sum [32]byte, ok bool) {
	old := l.known[path]
	if old == nil || old.Print != print || old.Stat.Size != info.Size() {
		return sum, false
	}
	if s := cache.StatOf(info); !old.Settled || old.Stat != s {
		at := time.Now()
		data, err := l.dist.ReadFile(path)
		if err != nil || sha256.Sum256(data) != old.Sum {
			return sum, false
		}
		again := *old
		again.Stat, again.Settled = s, isSettled(s, at)
		l.news.Store(true)
		old = &again
	}
	l.next[i] = old
	return old.Sum, true
}

// isSettled is Stat.Settled for a file that only builds write. They write it
// under another name and rename it, so that its bytes are older than what
// changed last.
func isSettled(s cache.Stat, at time.Time) bool {
	if s.Changed != 0 {
		s.Changed = s.Modified
	}
	return s.Settled(at)
}

// placed notes that the i-th output is in place.
func (l *ledger) placed(i int, path string, print [32]byte, info fs.FileInfo, sum [32]byte) {
	l.news.Store(true)
	s := cache.StatOf(info)
	l.next[i] = &placed{Path: path, Print: print, Stat: s, Settled: isSettled(s, time.Now()), Sum: sum}
}

// save writes the ledger if it is not what the cache has, and returns its
// checksum; 0 if there is none.
func (l *ledger) save() (uint64, error) {
	all := slices.DeleteFunc(slices.Clone(l.next), func(p *placed) bool { return p == nil })
	if l.name == "" || !l.news.Load() && len(all) == len(l.known) {
		return l.sum, nil
	}
	slices.SortFunc(all, func(a, b *placed) int { return cmp.Compare(a.Path, b.Path) })
	return cache.Write(l.c.root, l.name, l.key, func(add func([]byte)) {
		buffer := cache.AppendCount(nil, len(all))
		for _, p := range all {
			add(buffer)
			buffer = cache.Append(buffer[:0], *p)
		}
		add(buffer)
	})
}

// prints returns, for each output, what identifies its bytes: the view, the
// layouts, and the program; for a file its state. It is zero if only the bytes
// can tell.
func (p *Project) prints(outputs []Output) [][32]byte {
	layouts, on := p.Layouts.Hash(), p.Config.Outputs.StructuredData
	site := cache.Key("print 1", p.cache.program, string(layouts[:]), fmt.Sprint(on == nil || *on))
	prints := make([][32]byte, len(outputs))
	parallel.Each(len(outputs), func(i int) {
		out := &outputs[i]
		switch {
		case out.View != nil:
			if out.print == [32]byte{} {
				out.print = fingerprint(out.Output)
			}
			reader := string(out.Audience)
			prints[i] = cache.Key(string(site[:]), string(out.print[:]), reader, p.Config.AudienceTitle(reader, out.Lang))
		case out.data != nil:
			sum := sha256.Sum256(out.data)
			prints[i] = cache.Key(p.cache.program, "data", string(sum[:]))
		case out.Made != nil:
			prints[i] = cache.Key(p.cache.program, "rendition", string(out.Made.Key[:]))
		case out.Card != nil:
			key := p.font.Key(*out.Card)
			prints[i] = cache.Key(p.cache.program, "card", string(key[:]))
		case out.File != nil && out.File.State != [32]byte{}:
			prints[i] = cache.Key(p.cache.program, "file", strings.ToLower(path.Ext(out.Source)), string(out.File.State[:]))
		}
	})
	return prints
}
