package markdown

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kaiho/generator/diag"
)

// input is a body and what is known of it before it is parsed.
type input struct {
	path      string
	src       []byte // normalized
	firstLine int
	options   Options
}

// reading is the state of one pass over a body. It is the parser's context,
// through which the package's own parsers leave their findings.
type reading struct {
	parser.Context
	input
	*buffers
	directives []*directive
	fences     map[int]bool         // indexes of lines that begin or end a directive
	openCode   []ast.Node           // fenced code without an end
	undefined  []footnoteMark       // marks without a footnote
	unused     []footnoteMark       // footnotes without a mark
	footnotes  map[int]footnoteMark // the others, by number
	ruby       []*ruby              // whose readings do not fit
	marks      marks                // of the block whose inline text is parsed
	plainLine  plainLine
	splitRuby  []rubyInTable    // whose "|" divides cells
	cells      int              // of tables
	noteCount  int              // texts of footnotes
	markCount  int              // marks of footnotes
	tooMuch    excess           // the first limit that was passed
	counted    place            // the last place that pos was asked for
	refOf      map[ast.Node]int // indexes of references, where somebody asks: see Source.Mail
	reporting  bool
	problems   diag.Problems
}

// place is a line, an offset in it, and how many characters lie before that.
type place struct{ line, offset, chars int }

// footnoteMark is a [^label] in the text.
type footnoteMark struct {
	label  string
	offset int
}

// read parses the body. The reading is to be released when it is done with.
func (in input) read() (ast.Node, *reading) {
	r := &reading{Context: parser.NewContext(), input: in, buffers: pool.Get().(*buffers)}
	root := engine.Parse(text.NewReader(in.src), parser.WithContext(r))
	slices.SortStableFunc(r.directives, func(a, b *directive) int { return cmp.Compare(a.first, b.first) })
	return root, r
}

// engine is the one parser. It is never changed, and safe for concurrent use.
var engine = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(shallow{directiveParser{}}, 90),
		util.Prioritized(parser.NewSetextHeadingParser(parser.WithHeadingAttribute()), 100),
		util.Prioritized(shallow{extension.NewDefinitionListParser()}, 101),
		util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(shallow{parser.NewListParser()}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(headingParser{parser.NewATXHeadingParser(parser.WithHeadingAttribute()), parser.NewATXHeadingParser()}, 600),
		util.Prioritized(fencedCodeParser{parser.NewFencedCodeBlockParser()}, 700),
		util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(parser.NewHTMLBlockParser(), 900),
		util.Prioritized(shallow{footnoteBlocks{extension.NewFootnoteBlockParser()}}, 999),
		util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(plainParser{}, 50),
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(footnoteMarks{extension.NewFootnoteParser()}, 101),
		util.Prioritized(footnoteWatch{}, 102),
		util.Prioritized(rubyParser{}, 150),
		util.Prioritized(linkParser{parser.NewLinkParser()}, 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(emphasisParser{}, 500),
		util.Prioritized(strikethroughParser{}, 500),
		util.Prioritized(extension.NewLinkifyParser(), 999),
		util.Prioritized(addressParser{}, 1000),
	),
	parser.WithParagraphTransformers(
		util.Prioritized(linkDefinitions{}, 100),
		util.Prioritized(tableParser{extension.NewTableParagraphTransformer()}, 200),
	),
	parser.WithASTTransformers(
		util.Prioritized(footnoteUse{}, 998),
		util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
	),
)

// line returns the index of the line in which offset lies.
func (r *reading) line(offset int) int {
	if len(r.lines) == 0 { // the offsets at which lines begin
		r.lines = append(r.lines, 0)
		for at := 0; ; {
			n := bytes.IndexByte(r.src[at:], '\n')
			if n < 0 {
				break
			}
			at += n + 1
			r.lines = append(r.lines, at)
		}
	}
	return sort.SearchInts(r.lines, offset+1) - 1
}

// pos returns the place in the file of an offset in the body.
func (r *reading) pos(offset int) diag.Pos {
	offset = min(max(offset, 0), len(r.src))
	line := r.line(offset)
	// Places are mostly asked for in order; a long line is not counted anew for
	// each of them.
	if r.counted.line != line || r.counted.offset > offset {
		r.counted = place{line: line, offset: r.lines[line]}
	}
	chars, _ := countText(r.src[r.counted.offset:offset])
	r.counted.chars += chars
	r.counted.offset = offset
	return diag.Pos{Path: r.path, Line: r.firstLine + line, Col: r.counted.chars + 1}
}

// report notes a problem at offset, unless this pass is not the one that
// looks for problems.
func (r *reading) report(offset int, rule diag.Rule, args ...string) {
	if r.reporting {
		r.problems = append(r.problems, diag.New(r.pos(offset), rule, args...))
	}
}

// spans returns the lines that not everybody sees: those of :::members, and
// those of directives that were not understood.
func (r *reading) spans() []span {
	var spans []span
	for _, d := range r.directives {
		broken := d.spec == nil || d.broken
		if d.name != "members" && d.spec != nil {
			continue
		}
		last := d.last
		if last < 0 {
			last = 1 << 30 // not closed: nobody knows where it should have ended
		}
		spans = append(spans, span{
			Part:  Part{Audience: d.audience, Pos: r.pos(d.offset)},
			first: d.first, last: last, broken: broken || d.last < 0,
		})
	}
	return spans
}

// fencedCodeParser notes code blocks that nothing closes.
type fencedCodeParser struct{ parser.BlockParser }

// Continue closes the block at its fence.
func (p fencedCodeParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	state := p.BlockParser.Continue(node, reader, pc)
	if state&parser.Close != 0 {
		node.SetAttributeString(closedAttribute, true)
	}
	return state
}

// closedAttribute marks code blocks that have an end.
const closedAttribute = "closed"

// Close notes the block if it has no end.
func (p fencedCodeParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if _, closed := node.AttributeString(closedAttribute); !closed {
		r := pc.(*reading)
		r.openCode = append(r.openCode, node)
	}
	p.BlockParser.Close(node, reader, pc)
}
