package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// plainParser takes text up to the next byte that may mean something in one
// step. It changes nothing in what is understood: goldmark would ask of every
// byte what it is, and make a node for every word between spaces.
type plainParser struct{}

// Trigger returns the space, which stands for the beginning of a line, or of
// what follows another node, as well.
func (plainParser) Trigger() []byte { return []byte{' '} }

// Parse reads text without any markup.
func (plainParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	r := pc.(*reading)
	line, segment := block.PeekLine()
	if segment.Padding != 0 || segment.Start > 0 && r.src[segment.Start-1] == '\\' || !r.plainLine.is(r.src, segment) {
		return nil // what follows a backslash is not for this parser to say
	}
	n := 0
	for n < len(line) && !isMarkup[line[n]] {
		n++
	}
	switch {
	case n == 0:
		return nil
	case n < len(line) && line[n] != '\n':
		node := r.texts.next()
		node.Segment = text.NewSegment(segment.Start, segment.Start+n)
		block.Advance(n)
		return node
	case n >= 2 && isBlankRune(rune(line[n-1])) && isBlankRune(rune(line[n-2])):
		return nil // a hard line break, perhaps
	}
	node := r.texts.next()
	whole := text.NewSegment(segment.Start, segment.Start+n)
	node.Segment = whole.TrimRightSpace(block.Source())
	node.SetSoftLineBreak(n < len(line))
	block.AdvanceLine()
	return node
}

// isMarkup holds the bytes at which another parser, or an escape, may begin. An
// address may begin anywhere: see plainLine.
var isMarkup = func() (is [256]bool) {
	for _, c := range []byte("`[]!{<*_~\\\n") {
		is[c] = true
	}
	return is
}()

// plainLine says whether the line that ends at stop has no address in it, and
// none before it ends in a backslash, after which goldmark reads it otherwise.
// That is known for one line at a time, so that no line is searched twice.
type plainLine struct {
	stop  int
	plain bool
}

// is reports whether the line of src is plain that segment is the rest of.
func (p *plainLine) is(src []byte, segment text.Segment) bool {
	if p.stop != segment.Stop {
		line := src[segment.Start:segment.Stop]
		before := bytes.TrimRight(src[:bytes.LastIndexByte(src[:segment.Start], '\n')+1], " \n")
		*p = plainLine{segment.Stop, bytes.IndexByte(line, ':') < 0 && bytes.IndexByte(line, '@') < 0 &&
			!bytes.Contains(line, []byte("www.")) && !bytes.HasSuffix(before, []byte(`\`))}
	}
	return p.plain
}
