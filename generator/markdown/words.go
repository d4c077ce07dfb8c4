package markdown

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/yuin/goldmark/ast"
)

// buffers is the memory that reading a body takes for as long as it lasts.
type buffers struct {
	lines   []int // see reading.line
	html    []byte
	text    []byte
	more    []byte // words of the Doc that are not in text
	scratch []byte
	slots   []slot
	refs    []Ref
	pieces  []refPieces // of refs
	heads   []headPieces

	headingNodes []*ast.Heading // in the order of Doc.Headings
}

// maxKeptBytes is the largest buffer that is kept for the next body.
const maxKeptBytes = 1 << 20

var pool = sync.Pool{New: func() any { return new(buffers) }}

// release gives the buffers back. Nothing that is in them may be used again.
func (b *buffers) release() {
	if cap(b.html)+cap(b.text)+cap(b.more)+cap(b.scratch) > maxKeptBytes {
		return
	}
	clear(b.refs) // of what they point to
	clear(b.headingNodes)
	*b = buffers{
		lines: b.lines[:0], html: b.html[:0], text: b.text[:0], more: b.more[:0], scratch: b.scratch[:0],
		slots: b.slots[:0], refs: b.refs[:0], pieces: b.pieces[:0], heads: b.heads[:0], headingNodes: b.headingNodes[:0],
	}
	pool.Put(b)
}

// piece is a part of the words of a Doc: of its plain text, or of what is kept
// behind that. All words are one string, so that a site with many pages does
// not keep many small ones.
type piece struct {
	from, to int
	inText   bool
}

type refPieces struct{ dest, title, text piece }

type headPieces struct{ id, text piece }

// keep adds b to the words behind the plain text.
func (b *buffers) keep(words []byte) piece {
	from := len(b.more)
	b.more = append(b.more, words...)
	return piece{from: from, to: len(b.more)}
}

// said returns p as a piece of the plain text, if that has the same words from
// a place on. p is what was kept last, and is dropped then.
func (b *buffers) said(p piece, from int) piece {
	if p.to != len(b.more) || !bytes.HasPrefix(b.text[from:], b.more[p.from:]) {
		return p
	}
	b.more = b.more[:p.from]
	return piece{from, from + p.to - p.from, true}
}

// finish fills the Doc with what was written. It copies everything, so that
// the Doc keeps neither the buffers nor the source alive.
func (w *renderer) finish() *Doc {
	for i, h := range w.doc.Headings {
		if w.heads[i] == (headPieces{}) { // not rendered
			w.heads[i] = headPieces{w.keep([]byte(h.ID)), w.keep([]byte(h.Text))}
		}
	}
	n := len(w.text)
	w.text = append(w.text, w.more...)
	words := string(w.text)
	cut := func(p piece) string {
		if p.from == p.to { // nothing, whose place said may have dropped
			return ""
		}
		if p.inText {
			return words[p.from:p.to]
		}
		return words[n+p.from : n+p.to]
	}
	d := w.doc
	d.Text, d.html = words[:n], string(w.html)
	d.slots, d.Refs = slices.Clone(w.slots), slices.Clone(w.refs)
	for i, p := range w.pieces {
		d.Refs[i].Dest, d.Refs[i].Title, d.Refs[i].Text = cut(p.dest), cut(p.title), cut(p.text)
	}
	for i, p := range w.heads {
		d.Headings[i].ID, d.Headings[i].Text = cut(p.id), cut(p.text)
	}
	d.hash = w.sum()
	return d
}

// sum returns the hash of the Doc.
func (w *renderer) sum() [sha256.Size]byte {
	b := w.scratch[:0]
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	words := func(s string) { number(len(s)); b = append(b, s...) }
	number(len(w.html))
	number(len(w.slots))
	for _, s := range w.slots {
		number(int(s.at))
		number(int(s.kind))
		number(int(s.ref))
	}
	for _, r := range w.doc.Refs {
		words(r.Dest)
		words(r.Text)
		words(r.Title)
		number(int(r.Kind))
		b = append(b, 0)
		if r.unsafe {
			b[len(b)-1] = 1
		}
	}
	w.scratch = b
	h := sha256.New()
	h.Write(b)
	h.Write(w.html)
	return [sha256.Size]byte(h.Sum(nil))
}
