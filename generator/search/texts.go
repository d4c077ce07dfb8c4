package search

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
)

// Texts packs the blocks of an index. Pages of one site have much in common, and
// a page alone is too short for a compressor to learn it: so the beginnings of a
// few pages are in a file of their own, which is read once, and all blocks are
// packed as what follows it (a preset dictionary).
type Texts struct {
	common  []byte
	packers sync.Pool
}

const (
	commonPages = 16
	commonRunes = 150 // of each
)

// Common returns which pages Texts learns from, by their addresses: those whose
// hashes are the smallest, so that they stay the same when others come and go.
func Common(urls []string) []int {
	type hashed struct {
		hash uint64
		i    int
	}
	all := make([]hashed, len(urls))
	for i, url := range urls {
		h := fnv.New64a()
		h.Write([]byte(url)) // a hash takes everything
		all[i] = hashed{h.Sum64() * 0x9e3779b97f4a7c15, i}
	}
	slices.SortFunc(all, func(a, b hashed) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.i, b.i)) })
	var chosen []int
	for _, h := range all[:min(commonPages, len(all))] {
		chosen = append(chosen, h.i)
	}
	return chosen
}

// NewTexts returns a packer that has learned from pages.
func NewTexts(pages []Page) *Texts {
	var common strings.Builder
	for i := range pages {
		count := 0
		for _, r := range pages[i].Text {
			if count++; count > commonRunes {
				break
			}
			common.WriteRune(r)
		}
		common.WriteByte('\n')
	}
	t := &Texts{common: utf16LE(common.String())}
	t.packers.New = func() any {
		z, err := flate.NewWriterDict(io.Discard, packLevel, t.common)
		if err != nil {
			panic(err) // the level is known
		}
		return z
	}
	return t
}

// Common returns the file of what the blocks have in common, packed.
func (t *Texts) Common() []byte { return pack(t.common) }

// Raw returns the same, not packed.
func (t *Texts) Raw() []byte { return t.common }

// Block returns a block of pages, packed.
func (t *Texts) Block(pages []Page) []byte {
	list := make([]Fields, 0, len(pages))
	for i := range pages {
		list = append(list, pages[i].fields())
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(list); err != nil {
		panic(err) // strings always encode
	}
	z := t.packers.Get().(*flate.Writer)
	defer t.packers.Put(z)
	return packWith(z, utf16LE(strings.TrimSuffix(b.String(), "\n")))
}

// utf16LE returns s in UTF-16, little-endian: Japanese compresses to a tenth less
// from that than from UTF-8.
func utf16LE(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for _, r := range s {
		if r > 0xFFFF {
			first, second := utf16.EncodeRune(r)
			b = binary.LittleEndian.AppendUint16(b, uint16(first))
			r = second
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return b
}
