package markdown

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
)

// buffers is the memory that reading a body takes for as long as it lasts.
type buffers struct {
	lines []int // see reading.line
	tight
	text    []byte
	kept    []byte // of the Facts
	scratch []byte
	refs    []Ref
	pieces  []refPieces // of refs
	heads   []headPieces

	headingNodes []*ast.Heading // in the order of Doc.Headings

	paragraphs slab[ast.Paragraph]
	texts      slab[ast.Text]
	delimiters slab[parser.Delimiter]
}

// maxKeptBytes is the largest buffer that is kept for the next body.
const maxKeptBytes = 1 << 20

var pool = sync.Pool{New: func() any { return new(buffers) }}

// release gives the buffers back. Nothing that is in them may be used again.
func (b *buffers) release() {
	if cap(b.html)+cap(b.text)+cap(b.kept)+cap(b.scratch) > maxKeptBytes {
		return
	}
	clear(b.refs) // of what they point to
	clear(b.headingNodes)
	b.paragraphs.release()
	b.texts.release()
	b.delimiters.release()
	*b = buffers{
		lines: b.lines[:0], tight: tight{html: b.html[:0], slots: b.slots[:0]}, text: b.text[:0], kept: b.kept[:0], scratch: b.scratch[:0],
		refs: b.refs[:0], pieces: b.pieces[:0], heads: b.heads[:0], headingNodes: b.headingNodes[:0],
		paragraphs: b.paragraphs, texts: b.texts, delimiters: b.delimiters,
	}
	pool.Put(b)
}

// piece is a part of the words of the Facts. They are all one string, so that a
// site with many pages does not keep many small ones.
type piece struct{ from, to int }

type refPieces struct{ dest, title, text piece }

type headPieces struct{ id, text piece }

// keep adds b to the words of the Facts.
func keep[T string | []byte](b *buffers, words T) piece {
	from := len(b.kept)
	b.kept = append(b.kept, words...)
	return piece{from, len(b.kept)}
}

// finish fills the Doc with what was written; from and to are where the first
// paragraphs lie in the plain text. It copies everything, so that the Doc keeps
// neither the buffers nor the source alive, and the Facts not the rest.
func (w *renderer) finish(from, to int) *Doc {
	w.text = bytes.TrimRight(w.text, "\n")
	d := w.doc
	d.Runes, d.Words = countText(w.text)
	for _, h := range d.Headings {
		w.heads = append(w.heads, headPieces{keep(w.buffers, h.ID), keep(w.buffers, h.Text)})
	}
	var lead piece
	if !w.options.NoLead {
		lead = w.keepLead(w.text[min(from, len(w.text)):min(to, len(w.text))])
	}
	words := string(w.kept)
	cut := func(p piece) string { return words[p.from:p.to] }
	d.Lead, d.Refs = cut(lead), copied(w.refs)
	for i, p := range w.pieces {
		d.Refs[i].Dest, d.Refs[i].Title, d.Refs[i].Text = cut(p.dest), cut(p.title), cut(p.text)
	}
	for i, p := range w.heads {
		d.Headings[i].ID, d.Headings[i].Text = cut(p.id), cut(p.text)
	}
	if !w.options.NoText {
		d.Text = string(w.text)
	}
	d.body = Body{html: string(w.html), slots: copied(w.slots)}
	d.Sum = w.sum()
	return d
}

// copied returns a copy of list, which is nil if there is nothing in it,
// whatever was in the buffer before: equal bodies give equal Facts.
func copied[T any](list []T) []T { return append([]T(nil), list...) }

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
		if r.Unsafe {
			b[len(b)-1] = 1
		}
	}
	w.scratch = append(b, w.html...)
	return sha256.Sum256(w.scratch)
}
