package frontmatter

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// This file and plain_value.go read the front matter that nearly all pages
// have, without the libraries, which take longer for it than for the rest of
// reading a site. What they know is small: keys of ASCII letters, values on
// one line, maps and lists in blocks, flat ones in brackets, blank lines and
// lines of comment. Whatever else a file has, even if it is only unusual, they
// decline, and the libraries read it from its beginning. So there is nothing
// here that reports a problem, and no second opinion on what YAML is: the
// result is the libraries' or none (see FuzzPlain).

// maxPlainDepth bounds the recursion; it is well below maxDepth.
const maxPlainDepth = 8

// maxPlainKeys bounds the keys of a map, which are searched one by one for
// duplicates, and the bytes of a key, which the library limits, too.
const maxPlainKeys = 64

var openingBorder, closingBorder = []byte("---\n"), []byte("\n---")

// splitPlain does what Split does for a file that is in every way usual: it
// has no problems. For others it returns false.
func splitPlain(path string, src []byte) (File, bool) {
	if !bytes.HasPrefix(src, openingBorder) {
		return File{}, false
	}
	// The first line end belongs to both borders when there is nothing between.
	start, end := len(openingBorder), bytes.Index(src, closingBorder)+1
	if end <= start || end-start > maxFrontMatterBytes {
		return File{}, false
	}
	body := end + len("---")
	if body < len(src) {
		if src[body] != '\n' {
			return File{}, false
		}
		body++
	}
	if bytes.IndexByte(src, '\r') >= 0 || !utf8.Valid(src) || !isPlainText(src[start:end]) {
		return File{}, false
	}
	node, ok := parsePlain(path, string(src[start:end]))
	return File{Body: src[body:], BodyLine: 1 + bytes.Count(src[:body], []byte("\n")), Node: node}, ok
}

// isPlainText reports whether text has neither tabs nor characters that the
// front matter must not have.
func isPlainText(text []byte) bool {
	i, _ := firstUnreadable(text)
	return i < 0 && bytes.IndexByte(text, '\t') < 0
}

// parsePlain reads text, the lines between the borders, which begin at the
// second line of their file. Nearly all texts of the Node are parts of text,
// and so hold it in memory.
func parsePlain(path, text string) (*Node, bool) {
	lines := strings.Count(text, "\n")
	p := plainParser{path: path, left: text, line: 1}
	p.nodes = make([]Node, 0, lines+4) // the top, and the elements of a list
	p.fields = make([]Field, 0, lines)
	p.open = make([]Field, 0, lines)
	root := p.node(nil, "", 1)
	// A line that does not fit in ends all maps and lists, and is left over.
	if p.advance(); p.indent != 0 || !p.mapping(root, 1) || p.indent >= 0 {
		return nil, false
	}
	return root, true
}

// plainParser goes over text line by line. Its methods that read something
// return false when they decline.
type plainParser struct {
	path string
	left string // after the current line

	line   int    // number of the current line, from 1
	indent int    // of the current line; below 0 at the end of the text
	rest   string // of the current line, without its indent and the blanks at its end

	// Nodes and fields are many and small, so they come from a few arrays.
	nodes  []Node
	fields []Field
	open   []Field // those of maps that are not at their end yet, the innermost's last
}

// advance goes to the next line that is neither blank nor a comment.
func (p *plainParser) advance() {
	for p.left != "" {
		end := strings.IndexByte(p.left, '\n')
		line := p.left[:end]
		p.left = p.left[end+1:]
		p.line++
		p.rest = strings.TrimLeft(line, " ")
		if p.rest != "" && p.rest[0] != '#' {
			p.indent = len(line) - len(p.rest)
			p.rest = strings.TrimRight(p.rest, " ")
			return
		}
	}
	p.indent, p.rest = -1, ""
}

// node returns a new Node at column of the current line.
func (p *plainParser) node(parent *Node, key string, column int) *Node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]Node, 0, 16) // the full array is held by its nodes
	}
	p.nodes = append(p.nodes, Node{parent: parent, key: key, pos: p.pos(column)})
	return &p.nodes[len(p.nodes)-1]
}

func (p *plainParser) pos(column int) diag.Pos {
	return diag.Pos{Path: p.path, Line: p.line, Col: column}
}

// mapping reads the map whose first key is in the current line, into n. It
// ends at a line of another indent, as list does: what is open around it knows
// what that means.
func (p *plainParser) mapping(n *Node, depth int) bool {
	indent, first := p.indent, len(p.open)
	for p.indent == indent {
		key, space, ok := cutKey(p.rest)
		if !ok || p.isOpen(key, first) {
			return false
		}
		column := indent + 1
		value := p.rest[len(key)+1+space:]
		v := p.node(n, key, column+len(key)+1+space)
		p.open = append(p.open, Field{Key: key, KeyPos: p.pos(column), Value: v})
		if value != "" {
			if !p.value(v, value) {
				return false
			}
			p.advance()
			continue
		}
		v.pos = p.pos(column) // as it is for an empty value
		p.advance()
		if isItem := strings.HasPrefix(p.rest, "- "); p.indent > indent || p.indent == indent && isItem {
			v.pos = p.pos(p.indent + 1)
			if depth == maxPlainDepth || !p.block(v, isItem, depth+1) {
				return false
			}
		}
	}
	n.kind, n.fields = Map, p.closeFields(first)
	return true
}

// block reads the list or map that begins with the current line, into n.
func (p *plainParser) block(n *Node, isList bool, depth int) bool {
	if isList {
		return p.list(n, depth)
	}
	return p.mapping(n, depth)
}

// list reads the list whose first element is in the current line, into n. A
// key at the list's own indent ends it, too: its key may have that indent.
func (p *plainParser) list(n *Node, depth int) bool {
	indent := p.indent
	n.kind, n.items = List, make([]*Node, 0, 4)
	for p.indent == indent && strings.HasPrefix(p.rest, "- ") {
		item := p.rest[2:]
		v := p.node(n, "", indent+3)
		n.items = append(n.items, v)
		if _, _, isMap := cutKey(item); isMap {
			// The map's further keys are below its first.
			p.indent, p.rest = indent+2, item
			if depth == maxPlainDepth || !p.mapping(v, depth+1) {
				return false
			}
			continue
		}
		if !p.value(v, item) {
			return false
		}
		p.advance()
	}
	return true
}

// isOpen reports whether key is among the fields of the innermost map, which
// begin at first, or there are too many of them to search.
func (p *plainParser) isOpen(key string, first int) bool {
	fields := p.open[first:]
	for i := range fields {
		if fields[i].Key == key {
			return true
		}
	}
	return len(fields) == maxPlainKeys
}

// closeFields returns the fields of the innermost map, which begin at first.
func (p *plainParser) closeFields(first int) []Field {
	fields := p.open[first:]
	if cap(p.fields)-len(p.fields) < len(fields) {
		p.fields = make([]Field, 0, max(len(fields), 16))
	}
	start := len(p.fields)
	p.fields = append(p.fields, fields...)
	p.open = p.open[:first]
	return p.fields[start:len(p.fields):len(p.fields)]
}
