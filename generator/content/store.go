package content

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/cache"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
	"kaiho/generator/parallel"
	"kaiho/generator/picture"
)

// Store keeps what the files of a project were parsed to, so that nothing is
// parsed twice: from one Load of a process to the next and, with a folder, from
// one process to the next. The bodies of pages lie in it, outside of memory. It
// is no part of what a Load returns: with an empty store, a damaged one or that
// of another program, the library is the same.
//
// A file is taken for what it was if it looks the same from outside (size,
// times, inode), and that cannot be so by chance; or else if its bytes have the
// same SHA-256.
type Store struct {
	root    *os.Root // nil: nothing outlives the process
	dir     string
	program string // what parses, and how: part of the key
	packs   *cache.Packs
	slots   []string // names of packs, by which the index counts them

	early    <-chan cache.File // the index, while it is read
	looked   *tree             // what Look has found
	lookedAt time.Time
	key      [32]byte
	loaded   bool
	known    map[string]*entry
	changed  bool // known is not what the folder has

	base      uint64 // checksum of the index; 0: there is none
	basePaths []string

	buffers sync.Pool
}

// entry is what is known of a file.
type entry struct {
	Path     string
	Stat     cache.Stat
	Settled  bool     // Stat alone identifies the bytes
	Sum      [32]byte // SHA-256 of a page's file
	Problems diag.Problems
	Picture  picture.Info  // of a picture
	Broken   diag.Problems // why it cannot be shown, without a place; one at most
	Page     *record       // how the page is written

	page   *Page  // as it was parsed, of which each library has a copy
	text   string // how it is written, if it was read
	isBase bool   // it is in the index
}

// index is what a file of a store's folder says before its entries.
type index struct {
	Packs   []string // names of files of bodies, by which the entries count them
	Entries int
	Base    uint64   // of changes: the checksum of the index that they are changes of
	Gone    []string // of changes: files that are not there any more
}

const (
	indexName = "content"
	deltaName = "content.changes"
)

// NewStore returns a store in the folder dir of root, or in memory if root is
// nil. program identifies the program: what one has written, no other believes.
func NewStore(root *os.Root, dir, program string) *Store {
	return &Store{root: root, dir: dir, program: program, packs: cache.NewPacks(root, dir),
		buffers: sync.Pool{New: func() any { return new([]byte) }}}
}

// key identifies what parsing depends on besides a file's own bytes.
func (o Options) key(program string) [32]byte {
	parts := []string{"content 6", program, o.Zone.String(), o.LatinOrder, fmt.Sprint(o.RawHTML, o.Unsure, o.Segments == nil)}
	for _, list := range [][]string{o.Languages, o.EventTypes, o.Sections, o.Layouts, o.Segments} {
		parts = append(parts, strings.Join(list, "\x00"))
	}
	for _, section := range o.Sections {
		parts = append(parts, string(o.Kind(section)))
	}
	for _, r := range o.Policy.Readers() {
		parts = append(parts, string(r))
		for _, name := range o.Policy.Names() {
			parts = append(parts, fmt.Sprint(o.Policy.MayRead(r, []string{name})))
		}
	}
	return cache.Key(parts...)
}

// Begin reads what the folder has while something else is done: it is needed as
// soon as pages are loaded.
func (s *Store) Begin() {
	if s.loaded || s.root == nil {
		return
	}
	file := make(chan cache.File, 1)
	go func() { file <- cache.ReadFile(s.root, path.Join(s.dir, indexName)) }()
	s.early = file
}

// begun returns what the folder has.
func (s *Store) begun() cache.File {
	if s.early == nil {
		return cache.ReadFile(s.root, path.Join(s.dir, indexName))
	}
	file := <-s.early
	s.early = nil
	return file
}

// read returns the entries of the files of a tree, which was walked after at:
// those of pages first, each in the tree's order.
func (s *Store) read(project fs.FS, t *tree, at time.Time, o Options) ([]*entry, error) {
	if key := o.key(s.program); !s.loaded || key != s.key {
		s.key, s.loaded, s.changed = key, true, false
		s.load(o.Zone)
	}
	all := slices.Concat(t.markdown, t.files)
	entries, failed := make([]*entry, len(all)), make([]error, len(all))
	parallel.Each(len(all), func(i int) {
		entries[i], failed[i] = s.file(project, all[i], i < len(t.markdown), at, o)
	})
	changed := s.changed || len(entries) != len(s.known)
	known := make(map[string]*entry, len(entries))
	for i, e := range entries {
		if failed[i] != nil {
			return nil, failed[i]
		}
		changed = changed || s.known[e.Path] != e
		known[e.Path] = e
	}
	s.known, s.changed = known, changed
	return entries, nil
}

// file returns the entry of a file: the known one if nothing has changed.
func (s *Store) file(project fs.FS, f seen, isPage bool, at time.Time, o Options) (*entry, error) {
	old := s.known[f.name]
	if old != nil && (old.page != nil) != isPage {
		old = nil
	}
	if old != nil && old.Settled && old.Stat == f.stat {
		return old, nil
	}
	e := &entry{Path: f.name, Stat: f.stat, Settled: f.stat.Settled(at)}
	if !isPage {
		return e, e.readFile(project)
	}
	src, err := fs.ReadFile(project, f.name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.name, err)
	}
	if e.Sum = sha256.Sum256(src); old != nil && old.Sum == e.Sum {
		e.page, e.Problems = old.page, old.Problems
		return e, nil
	}
	e.page, e.Problems = readPage(f.name, src, o)
	return e, nil
}

// file returns a copy of what is known of a file that is no page.
func (e *entry) file() *File {
	f := &File{Path: e.Path, URL: "/" + norm.NFC.String(strings.TrimPrefix(e.Path, "static/")), Width: e.Picture.Width, Height: e.Picture.Height, Picture: e.Picture, broken: e.Broken}
	if e.Settled {
		f.State = cache.Key(fmt.Sprint(e.Stat))
	}
	return f
}

// keep puts a body into the store.
func (s *Store) keep(body markdown.Body) cache.Loc {
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	*buffer = body.Append((*buffer)[:0])
	return s.packs.Append(*buffer)
}

// body returns a body of the store; false if it is not there.
func (s *Store) body(at cache.Loc) (markdown.Body, bool) {
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	data, ok := s.packs.Read(at, *buffer)
	if !ok {
		return markdown.Body{}, false
	}
	*buffer = data
	body, err := markdown.DecodeBody(data)
	return body, err == nil
}

// forget gives up what the store has in memory of the files. The bodies stay.
func (s *Store) forget() { s.known, s.loaded, s.changed, s.basePaths = nil, false, false, nil }

// Close gives up what the store has in memory, and its files. Libraries of it
// have no bodies afterwards.
func (s *Store) Close() {
	if s.early != nil {
		<-s.early
		s.early = nil
	}
	s.known = nil
	s.packs.Close()
}
