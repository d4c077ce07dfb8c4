package markdown

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"kaiho/generator/diag"
)

// What an author writes stays far below these limits. Above them the parser's
// time or memory grows with the square of the text, so that a few hundred
// kilobytes of ">" would stop a build. A body that passes one is an error, and
// is not shown.
const (
	maxDepth         = 100    // blocks in one another
	maxMarks         = 4000   // runs of "*", "_" and "~" in one paragraph
	maxBrackets      = 1000   // "[" in one paragraph
	maxDefinitions   = 1000   // lines of link definitions without a blank line
	maxColumns       = 200    // of a table
	maxCells         = 50_000 // of all tables, with the empty ones that fill up short rows
	maxFootnotes     = 1000   // texts of footnotes
	maxFootnoteMarks = 10_000 // [^x]; for each, all footnotes are searched
)

// excess is a limit that was passed.
type excess struct {
	offset int
	rule   diag.Rule // "" is no excess
	args   []string
}

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

// passLimit notes the first limit that was passed; args are those of rule.
func (r *reading) passLimit(offset int, rule diag.Rule, args ...string) {
	if r.tooMuch.rule == "" {
		r.tooMuch = excess{offset, rule, args}
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
	pc.(*reading).passLimit(segment.Start, diag.NestedTooDeep)
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
			r.passLimit(segment.Start, diag.NestedTooDeep)
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
	first := lines.At(0)
	if !bytes.HasPrefix(bytes.TrimLeft(first.Value(reader.Source()), " \t\v\f"), []byte("[")) {
		return // a definition can only be at the beginning
	}
	if lines.Len() > maxDefinitions {
		pc.(*reading).passLimit(first.Start, diag.NestedTooDeep)
		return
	}
	parser.LinkReferenceParagraphTransformer.Transform(n, reader, pc)
}

// footnoteBlocks limits how many footnotes there are.
type footnoteBlocks struct{ parser.BlockParser }

// Open begins a footnote, unless there are too many.
func (p footnoteBlocks) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.Position()
	node, state := p.BlockParser.Open(parent, reader, pc)
	if node == nil {
		return nil, state
	}
	r := pc.(*reading)
	if r.noteCount++; r.noteCount <= maxFootnotes {
		return node, state
	}
	r.passFootnotes(segment.Start)
	reader.SetPosition(line, segment)
	return nil, parser.NoChildren
}

// footnoteMarks limits how many marks of footnotes are looked up.
type footnoteMarks struct{ parser.InlineParser }

// Parse reads a mark.
func (p footnoteMarks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("[^")) && !bytes.HasPrefix(line, []byte("![^")) {
		return nil
	}
	r := pc.(*reading)
	if r.markCount++; r.markCount > maxFootnoteMarks {
		r.passFootnotes(segment.Start)
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}

func (r *reading) passFootnotes(offset int) {
	r.passLimit(offset, diag.TooManyFootnotes, "notes", strconv.Itoa(maxFootnotes), "marks", strconv.Itoa(maxFootnoteMarks))
}
