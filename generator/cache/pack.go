package cache

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Packs keep many records outside of memory, in files to which nothing is added
// once the process that made them has ended. They are safe for concurrent use,
// within a process and between processes: each makes files of its own.
//
// Without a folder, or when the disk takes no more, records stay in memory.
type Packs struct {
	root *os.Root // nil: in memory
	dir  string

	mu    sync.RWMutex
	names []string
	files []*os.File // as names; nil: cannot be opened
	own   int        // index of the file that Append writes to; -1: none yet
	base  int64      // bytes of it that are written
	tail  []byte     // what follows them
	stuck error      // why nothing more can be written
}

// Loc says where a record is, and what its bytes must be.
type Loc struct {
	Pack   int32 // index of a name
	Length uint32
	At     int64
	Sum    uint32 // CRC-32C of the bytes
}

const (
	packPrefix = "pack-"
	tailBytes  = 1 << 20        // is written at once
	packAge    = 24 * time.Hour // after which a file that nobody names is nobody's work
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// NewPacks returns packs in the folder dir of root, which may be nil.
func NewPacks(root *os.Root, dir string) *Packs { return &Packs{root: root, dir: dir, own: -1} }

// Open makes the records of a file of that name readable, and returns the index
// of the file. If it is not there its records cannot be read.
func (p *Packs) Open(name string) int32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.names, name); i >= 0 {
		return int32(i)
	}
	var file *os.File
	if p.root != nil && isPack(name) {
		file, _ = p.root.Open(path.Join(p.dir, name)) // without it nothing is found, which is as good
	}
	p.names, p.files = append(p.names, name), append(p.files, file)
	return int32(len(p.names) - 1)
}

// Name returns the name of the file with an index.
func (p *Packs) Name(pack int32) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.names[pack]
}

// Size returns the bytes of the file with an index; 0 if it cannot be read.
func (p *Packs) Size(pack int32) int64 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if int(pack) == p.own {
		return p.base + int64(len(p.tail))
	}
	if file := p.files[pack]; file != nil {
		if info, err := file.Stat(); err == nil {
			return info.Size()
		}
	}
	return 0
}

// Own returns the index of the file to which records are added; -1 if there was
// none yet.
func (p *Packs) Own() int32 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return int32(p.own)
}

func isPack(name string) bool {
	id, ok := strings.CutPrefix(name, packPrefix)
	raw, err := hex.DecodeString(id)
	return ok && err == nil && len(raw) == 8
}

// Append keeps a copy of data and returns where it is.
func (p *Packs) Append(data []byte) Loc {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.own < 0 {
		var random [8]byte
		rand.Read(random[:]) // never returns an error
		p.own = len(p.names)
		p.names, p.files = append(p.names, packPrefix+hex.EncodeToString(random[:])), append(p.files, nil)
	}
	loc := Loc{Pack: int32(p.own), Length: uint32(len(data)), At: p.base + int64(len(p.tail)), Sum: crc32.Checksum(data, castagnoli)}
	p.tail = append(p.tail, data...)
	if len(p.tail) >= tailBytes && p.root != nil && p.stuck == nil {
		p.stuck = p.write()
	}
	return loc
}

// Flush writes what Append has gathered. The error says why it cannot be
// written; the records are readable all the same as long as the process lasts.
func (p *Packs) Flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stuck == nil && p.root != nil && len(p.tail) > 0 {
		p.stuck = p.write()
	}
	return p.stuck
}

// write writes the tail. The lock is held.
func (p *Packs) write() error {
	file := p.files[p.own]
	if file == nil {
		var err error
		file, err = p.root.OpenFile(path.Join(p.dir, p.names[p.own]), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("write cache: %w", err)
		}
		p.files[p.own] = file
	}
	if _, err := file.WriteAt(p.tail, p.base); err != nil {
		return fmt.Errorf("write cache: %w", err)
	}
	p.base, p.tail = p.base+int64(len(p.tail)), p.tail[:0]
	return nil
}

// Read returns the record at loc, in buffer if it is large enough; false if it
// is not there or has other bytes than it had.
func (p *Packs) Read(loc Loc, buffer []byte) ([]byte, bool) {
	if loc.Pack < 0 || loc.At < 0 {
		return nil, false
	}
	data := slices.Grow(buffer[:0], int(loc.Length))[:loc.Length]
	p.mu.RLock()
	if int(loc.Pack) >= len(p.files) {
		p.mu.RUnlock()
		return nil, false
	}
	file := p.files[loc.Pack]
	if int(loc.Pack) == p.own && loc.At >= p.base {
		from := loc.At - p.base
		ok := from+int64(loc.Length) <= int64(len(p.tail))
		if ok {
			copy(data, p.tail[from:])
		}
		p.mu.RUnlock()
		return data, ok && crc32.Checksum(data, castagnoli) == loc.Sum
	}
	p.mu.RUnlock()
	if file == nil {
		return nil, false
	}
	if n, _ := file.ReadAt(data, loc.At); n != len(data) {
		return nil, false
	}
	return data, crc32.Checksum(data, castagnoli) == loc.Sum
}

// Sweep removes the files of the folder that are not named, but for those of
// which another process may still be the maker.
func (p *Packs) Sweep(named []string) {
	if p.root == nil {
		return
	}
	entries, err := fs.ReadDir(p.root.FS(), path.Clean(p.dir))
	if err != nil {
		return
	}
	p.mu.RLock()
	known := slices.Clone(p.names)
	p.mu.RUnlock()
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || slices.Contains(named, e.Name()) {
			continue
		}
		left := strings.HasSuffix(e.Name(), ".tmp") && time.Since(info.ModTime()) > packAge
		if left || isPack(e.Name()) && (slices.Contains(known, e.Name()) || time.Since(info.ModTime()) > packAge) {
			_ = p.root.Remove(path.Join(p.dir, e.Name())) // it is tried again the next time
		}
	}
}

// Close closes the files. Nothing can be read afterwards.
func (p *Packs) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, file := range p.files {
		if file != nil {
			file.Close() // it was only read, or its writes have been checked
		}
		p.files[i] = nil
	}
	p.tail = nil
}
