package markdown

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// ruby is {漢字|かんじ}: letters with their readings, which stand beside them.
type ruby struct {
	ast.BaseInline
	base     [][]byte // as many as readings
	readings [][]byte
}

var kindRuby = ast.NewNodeKind("Ruby")

// Kind returns the kind of ruby.
func (n *ruby) Kind() ast.NodeKind { return kindRuby }

// Dump writes the node for debugging.
func (n *ruby) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Base": string(bytes.Join(n.base, []byte("|")))}, nil)
}

// rubyParser reads ruby.
type rubyParser struct{}

// Trigger returns the character with which ruby begins.
func (rubyParser) Trigger() []byte { return []byte{'{'} }

// Parse reads {base|reading} or {base|reading|reading}. What has an empty
// part, or as little as one more "{", is left as text.
func (rubyParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	parts, end := splitRuby(line)
	if parts == nil {
		return nil
	}
	n := &ruby{base: parts[:1], readings: parts[1:]}
	if len(n.readings) > 1 {
		letters := graphemes(parts[0])
		if len(letters) != len(n.readings) {
			r := pc.(*reading)
			n.SetPos(segment.Start)
			r.ruby = append(r.ruby, n)
			return nil
		}
		n.base = letters
	}
	block.Advance(end)
	return n
}

// splitRuby returns the parts of the ruby with which line begins, and where it
// ends; nil if it does not begin with ruby.
func splitRuby(line []byte) (parts [][]byte, end int) {
	from := 1
	for i := 1; i < len(line); i++ {
		switch c := line[i]; c {
		case '\\':
			// In a table, "|" must be written "\|" and still divides.
			if i+1 < len(line) && line[i+1] == '|' {
				part, ok := rubyPart(line[from:i])
				if !ok {
					return nil, 0
				}
				parts, from = append(parts, part), i+2
			}
			i++
		case '|', '}':
			part, ok := rubyPart(line[from:i])
			if !ok {
				return nil, 0
			}
			parts, from = append(parts, part), i+1
			if c == '}' {
				if len(parts) < 2 {
					return nil, 0
				}
				return parts, i + 1
			}
		case '{', '\n':
			return nil, 0
		}
	}
	return nil, 0
}

func rubyPart(b []byte) ([]byte, bool) {
	b = bytes.TrimFunc(resolve(b), unicode.IsSpace)
	return b, len(b) > 0
}

// graphemes splits b into letters, each with the marks and selectors that
// belong to it.
func graphemes(b []byte) [][]byte {
	var letters [][]byte
	from := 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if i > from && !unicode.Is(unicode.M, r) && r != '\u200D' {
			letters = append(letters, b[from:i])
			from = i
		}
		i += size
	}
	return append(letters, b[from:])
}
