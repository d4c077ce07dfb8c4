// Package cache keeps what one build leaves for the next, in files that are
// believed only if they are whole and ours.
//
// A file is a key, a payload and a checksum of both. Write replaces it as a
// whole by a rename, so a kill leaves the old one or the new one. Read gives
// the payload back only if the key is the wanted one and the checksum is right;
// a file that is torn, damaged, from another version of the program or of
// something else is as good as none. The key says what the payload depends on
// besides its own contents: the version of the program, and the types that it
// was written with.
//
// Stat says what a file of the project looks like without reading it. Two
// equal Stats mean equal bytes only if the file was not changed again within
// one tick of the file system's clock: that is what Settled is for.
package cache

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

const magic = "kaiho cache 1\n"

// Key returns the key of a file: a hash of everything that its payload depends
// on.
func Key(parts ...string) [32]byte {
	h := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(h, "%d %s", len(part), part) // a hash takes everything
	}
	return [32]byte(h.Sum(nil))
}

var table = crc64.MakeTable(crc64.ECMA)

// Read returns the payload of the file name; "" if there is none that can be
// believed.
func Read(root *os.Root, name string, key [32]byte) string {
	f := ReadFile(root, name)
	if f.Key != key {
		return ""
	}
	return f.Payload
}

// File is what a file says that is whole: it is to be believed by who wants its
// Key. The zero File is none.
type File struct {
	Key     [32]byte
	Payload string
	Sum     uint64 // its checksum
}

// ReadFile returns the file name, whatever its key.
func ReadFile(root *os.Root, name string) File {
	f, err := root.Open(name)
	if err != nil {
		return File{}
	}
	defer f.Close()
	info, err := f.Stat()
	const head = len(magic) + sha256.Size
	if err != nil || info.Size() < int64(head+8) {
		return File{}
	}
	var b strings.Builder // gives its bytes away without a copy
	b.Grow(int(info.Size()))
	sum := crc64.New(table)
	if n, err := io.CopyN(io.MultiWriter(&b, sum), f, info.Size()-8); err != nil || n != info.Size()-8 {
		return File{}
	}
	var tail [8]byte
	if _, err := io.ReadFull(f, tail[:]); err != nil || sum.Sum64() != binary.BigEndian.Uint64(tail[:]) {
		return File{}
	}
	data := b.String()
	if data[:len(magic)] != magic {
		return File{}
	}
	return File{Key: [32]byte([]byte(data[len(magic):head])), Payload: data[head:], Sum: sum.Sum64()}
}

// Write replaces the file name by one whose payload is all that fill hands to
// add, in pieces that need not be kept, and returns its checksum. Errors are those of the machine, with
// what was attempted; the old file is then still there.
func Write(root *os.Root, name string, key [32]byte, fill func(add func(piece []byte))) (checksum uint64, err error) {
	temporary := name + "." + rand.Text() + ".tmp" // nobody else's, in whatever container
	f, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, fmt.Errorf("write cache: %w", err)
	}
	sum := crc64.New(table)
	buffer := bufio.NewWriterSize(f, 1<<20)
	out := io.MultiWriter(buffer, sum)
	add := func(piece []byte) { _, _ = out.Write(piece) } // Flush repeats the error
	add([]byte(magic))
	add(key[:])
	fill(add)
	_, _ = buffer.Write(binary.BigEndian.AppendUint64(nil, sum.Sum64()))
	if err := errors.Join(buffer.Flush(), f.Close()); err != nil {
		return 0, errors.Join(fmt.Errorf("write cache: %w", err), root.Remove(temporary))
	}
	if err := root.Rename(temporary, name); err != nil {
		return 0, errors.Join(fmt.Errorf("write cache: %w", err), root.Remove(temporary))
	}
	return sum.Sum64(), nil
}

// Stat is what a file looks like from outside.
type Stat struct {
	Size     int64
	Modified int64 // nanoseconds since 1970
	Changed  int64 // of the inode, which no editor can set back; 0 where the system has none
	Inode    uint64
}

// StatOf returns the Stat of a file.
func StatOf(info fs.FileInfo) Stat {
	s := Stat{Size: info.Size(), Modified: info.ModTime().UnixNano()}
	s.Changed, s.Inode = changed(info)
	return s
}

const (
	coarseTick = 2 * time.Second       // FAT counts in two seconds, HFS+ in one
	fineTick   = 50 * time.Millisecond // ext4, XFS, tmpfs, APFS, NTFS: 10 ms at most
)

// Settled reports whether a file that looked like s at the time at (by this
// machine's clock, which that of its file system must not be far behind) cannot
// have changed since without looking
// different. A file that had just been written may have been written again in
// the same tick, with the same size: its bytes must be compared.
func (s Stat) Settled(at time.Time) bool {
	if s.Modified <= 0 || s.Changed <= 0 { // nobody knows when, or anybody may have set the time back
		return false
	}
	newest, tick := max(s.Modified, s.Changed), fineTick
	if newest%int64(time.Second) == 0 { // whole seconds: a coarse clock, or a rare coincidence
		tick = coarseTick
	}
	return newest < at.Add(-tick).UnixNano()
}
