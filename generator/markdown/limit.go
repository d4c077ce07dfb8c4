package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// What an author writes stays far below these limits. Above them the parser's
// time grows with the square of the text, so that a few hundred kilobytes of
// ">" would stop a build. A body that passes one is an error, and is not shown.
const (
	maxDepth       = 100  // blocks in one another
	maxMarks       = 4000 // runs of "*", "_" and "~" in one paragraph
	maxBrackets    = 1000 // "[" in one paragraph
	maxDefinitions = 1000 // lines of link definitions without a blank line
)

// marks counts what may begin or end something in one paragraph.
type marks struct {
	block          ast.Node
	runs, brackets int
}

// in returns the counts for block, which begin anew with each.
func (m *marks) in(block ast.Node) *marks {
	if m.block != block {
		*m = marks{block: block}
	}
	return m
}

func (r *reading) passLimit(offset int) {
	if r.tooMuch == 0 {
		r.tooMuch = offset + 1
	}
}

// shallow keeps a parser of containers from opening too many in one another.
type shallow struct{ parser.BlockParser }

// Open opens a block unless it would lie too deep.
func (p shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.Position()
	node, state := p.BlockParser.Open(parent, reader, pc)
	if node == nil || len(pc.OpenedBlocks()) < maxDepth {
		return node, state
	}
	pc.(*reading).passLimit(segment.Start)
	reader.SetPosition(line, segment)
	return nil, parser.NoChildren
}

// linkParser limits how many brackets are tried in one paragraph.
type linkParser struct{ parser.InlineParser }

// Parse reads a bracket.
func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if block.Peek() != ']' {
		r := pc.(*reading)
		m := r.marks.in(parent)
		if m.brackets++; m.brackets > maxBrackets {
			_, segment := block.Position()
			r.passLimit(segment.Start)
			return nil
		}
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// CloseBlock ends what is open at the end of a paragraph.
func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// linkDefinitions reads definitions of links, unless there are too many in one
// piece.
type linkDefinitions struct{}

// Transform takes the definitions out of a paragraph.
func (linkDefinitions) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := n.Lines()
	if lines.Len() > maxDefinitions {
		first := lines.At(0)
		if b := first.Value(reader.Source()); len(b) > 0 && b[0] == '[' {
			pc.(*reading).passLimit(first.Start)
			return
		}
	}
	parser.LinkReferenceParagraphTransformer.Transform(n, reader, pc)
}
