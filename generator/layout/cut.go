package layout

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"text/template/parse"
)

// A finished page is minified without two of its parts: bodies, which are in
// their final form, and what partials write that stand on many pages, which is
// minified once for all of them. Both are cut out where they begin and end with
// a tag that the minifier neither sees into nor keeps spaces beside, so that an
// empty element of the same kind can take their place meanwhile.

// cut is a part of a page that is not minified with it.
type cut struct {
	start, end int
	body       bool // in its final form
	script     bool // a script element; else elements that are blocks
}

// minCut is the length in bytes below which a part is minified with its page.
const minCut = 256

// repeated are the partials that write the same on many pages.
var repeated = []string{
	"partials/brief.html", "partials/entry.html", "partials/footer.html", "partials/gathering.html", "partials/header.html", "partials/masthead.html",
}

// apart returns those partials of a page that can be minified apart: none if
// they could stand where spaces count.
func (l *loader) apart(all map[string]*parse.Tree, entry string) []string {
	for _, tree := range reachable(all, entry) {
		if spaced.Match(l.sources[tree.ParseName].text) {
			return nil
		}
	}
	return repeated
}

var spaced = regexp.MustCompile(`<(?i:pre|textarea|listing|xmp|plaintext|select|optgroup|option|svg|math)`)

// blocks are elements beside which the minifier keeps no spaces, and which it
// treats in no other way once they are closed.
var blocks = []string{
	"address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
	"header", "hr", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul",
}

// cutBody notes that a body was written from start on.
func (r *run) cutBody(start int) {
	if len(r.out)-start < minCut {
		return
	}
	if c, ok := bounds(r.out, start); ok {
		c.body = true
		r.cuts = append(r.cuts, c)
		return
	}
	for rest := bytes.TrimLeft(r.out[start:], spaces); firstElement(rest) == "script"; {
		_, after, ok := bytes.Cut(rest, []byte("</script>"))
		if !ok {
			return
		}
		r.cuts = append(r.cuts, cut{start: len(r.out) - len(rest), end: len(r.out) - len(after), body: true, script: true})
		rest = bytes.TrimLeft(after, spaces)
	}
}

// cutPartial notes that a partial has written from start on, unless there is a
// cut in what it wrote.
func (r *run) cutPartial(start int) {
	if len(r.out)-start < minCut || len(r.cuts) > 0 && r.cuts[len(r.cuts)-1].start >= start {
		return
	}
	if c, ok := bounds(r.out, start); ok {
		r.cuts = append(r.cuts, c)
	}
}

// bounds returns what stands in b from start on, without the spaces around it,
// if it begins and ends with a block.
func bounds(b []byte, start int) (cut, bool) {
	part := bytes.TrimRight(b[start:], spaces)
	end := start + len(part)
	part = bytes.TrimLeft(part, spaces)
	return cut{start: end - len(part), end: end}, isBlock(firstElement(part)) && isBlock(lastElement(part))
}

const spaces = " \t\r\n\f"

func isBlock(name string) bool {
	_, found := slices.BinarySearch(blocks, name)
	return found
}

// firstElement returns the element that b begins with.
func firstElement(b []byte) string {
	if len(b) == 0 || b[0] != '<' {
		return ""
	}
	n := 1
	for n < len(b) && ('a' <= b[n] && b[n] <= 'z' || '0' <= b[n] && b[n] <= '9') {
		n++
	}
	if n == len(b) || b[n] != ' ' && b[n] != '>' {
		return ""
	}
	return string(b[1:n])
}

// lastElement returns the element that b ends with the end tag of.
func lastElement(b []byte) string {
	if len(b) == 0 || b[len(b)-1] != '>' {
		return ""
	}
	open := bytes.LastIndex(b[max(0, len(b)-16):], []byte("</"))
	if open < 0 {
		return ""
	}
	return string(b[max(0, len(b)-16)+open+2 : len(b)-1])
}

// mark is the attribute of elements that stand for cuts, before their number.
const mark = "kaiho-cut-"

func (c cut) appendMark(b []byte, i int) []byte {
	name := "div"
	if c.script {
		name = "script"
	}
	b = append(append(append(b, '<'), name...), " "+mark...)
	b = strconv.AppendInt(b, int64(i), 10)
	return append(append(append(b, "></"...), name...), '>')
}

// minified returns what r has written, minified.
func (r *run) minified(p *pieces) ([]byte, error) {
	if len(r.cuts) == 0 {
		return Minify("text/html", r.out)
	}
	r.rest = r.rest[:0]
	end := 0
	for i, c := range r.cuts {
		r.rest = c.appendMark(append(r.rest, r.out[end:c.start]...), i)
		end = c.end
	}
	r.rest = append(r.rest, r.out[end:]...)
	page := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(page)
	page.Reset()
	if err := documents.Minify("text/html", page, bytes.NewBuffer(r.rest)); err != nil {
		return nil, fmt.Errorf("minify text/html: %w", err)
	}
	if out, ok := r.joined(page.Bytes(), p); ok {
		return out, nil
	}
	return Minify("text/html", r.out)
}

// joined puts the cuts back into the page. It does not when a mark is not where
// it was put.
func (r *run) joined(page []byte, p *pieces) ([]byte, bool) {
	if bytes.Count(page, []byte(mark)) != len(r.cuts) {
		return nil, false
	}
	r.parts = r.parts[:0]
	size := len(page)
	for _, c := range r.cuts {
		part := r.out[c.start:c.end]
		if !c.body {
			var err error
			if part, err = p.minified(part); err != nil {
				return nil, false
			}
		}
		r.parts = append(r.parts, part)
		size += len(part)
	}
	out := make([]byte, 0, size)
	var room [64]byte
	for i, c := range r.cuts {
		before, after, found := bytes.Cut(page, c.appendMark(room[:0], i))
		if !found {
			return nil, false
		}
		out = append(append(out, before...), r.parts[i]...)
		page = after
	}
	return append(out, page...), true
}

// maxPiecesBytes bounds what a Set remembers of what partials have written.
const maxPiecesBytes = 12 << 20

// pieces remembers how parts of pages are minified. It is safe for concurrent
// use.
type pieces struct {
	mu    sync.RWMutex
	known map[string][]byte
	bytes int
}

// minified returns a part of a page, minified. It is not to be changed.
func (p *pieces) minified(part []byte) ([]byte, error) {
	p.mu.RLock()
	small, found := p.known[string(part)]
	p.mu.RUnlock()
	if found {
		return small, nil
	}
	key := string(part)
	small, err := Minify("text/html", []byte(key)) // which may change it
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || p.bytes+len(key)+len(small) > maxPiecesBytes {
		p.known, p.bytes = map[string][]byte{}, 0
	}
	if _, found := p.known[key]; !found {
		p.known[key] = small
		p.bytes += len(key) + len(small)
	}
	return small, nil
}
