package markdown

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kaiho/generator/audience"
)

// directiveSpec is what may be written on the opening line of a directive.
type directiveSpec struct {
	required, optional []string
	form               string // an example, without its colons
}

var directiveSpecs = map[string]*directiveSpec{
	"voice":   {required: []string{"who"}, form: `voice{who="..."}`},
	"cta":     {required: []string{"url", "label"}, form: `cta{url=... label="..."}`},
	"gallery": {form: `gallery`},
	"qa":      {required: []string{"q"}, form: `qa{q="..."}`},
	"note":    {optional: []string{"title"}, form: `note{title="..."}`},
	"members": {optional: []string{"audience"}, form: `members{audience=a,b}`},
}

// directiveNames is the names of the directives, in the order of messages.
var directiveNames = []string{"voice", "cta", "gallery", "qa", "note", "members"}

// directive is a fenced part of a body: a container of blocks.
type directive struct {
	ast.BaseBlock
	name        string
	spec        *directiveSpec // nil: there is no directive of this name
	attributes  []attribute
	junk        string // what follows the attributes, or is wrong with them
	junkOffset  int
	colons      int
	offset      int  // of the opening colons in the source
	first, last int  // line indexes of the fences; last is -1 while open
	broken      bool // something about the opening line is wrong
	audience    audience.Set
}

var kindDirective = ast.NewNodeKind("Directive")

// Kind returns the kind of directives.
func (d *directive) Kind() ast.NodeKind { return kindDirective }

// Dump writes the node for debugging.
func (d *directive) Dump(source []byte, level int) {
	ast.DumpHelper(d, source, level, map[string]string{"Name": d.name}, nil)
}

func (d *directive) value(key string) string {
	for _, a := range d.attributes {
		if a.key == key {
			return a.value
		}
	}
	return ""
}

// directiveParser reads the fences of directives.
type directiveParser struct{}

// Trigger returns the character with which a fence begins.
func (directiveParser) Trigger() []byte { return []byte{':'} }

// CanInterruptParagraph returns true: no blank line is needed before a fence.
func (directiveParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine returns false: four spaces make code.
func (directiveParser) CanAcceptIndentedLine() bool { return false }

// Open begins a directive at a line of three or more colons and a name.
func (directiveParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	start := pc.BlockOffset()
	if start < 0 {
		return nil, parser.NoChildren
	}
	colons := countColons(line[start:])
	after := line[start+colons:]
	if next, _ := utf8.DecodeRune(after); colons < 3 || isColonLike(next) || len(bytes.TrimSpace(after)) == 0 {
		return nil, parser.NoChildren
	}
	r := pc.(*reading)
	lineIndex, _ := reader.Position()
	d := &directive{colons: colons, first: lineIndex, last: -1, offset: segment.Start + start - segment.Padding}
	d.readOpening(string(bytes.TrimRight(after, "\n")), d.offset+colons)
	r.directives = append(r.directives, d)
	r.fence(lineIndex)
	reader.AdvanceToEOL()
	return d, parser.HasChildren
}

// Continue ends the directive at its closing fence.
func (directiveParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	indent, start := util.IndentWidth(line, reader.LineOffset())
	if indent > 3 || start >= len(line) || line[start] != ':' {
		return parser.Continue | parser.HasChildren
	}
	colons := countColons(line[start:])
	if colons < 3 || len(bytes.TrimSpace(line[start+colons:])) > 0 ||
		closedBy(pc.OpenedBlocks(), node.(*directive), indent, colons) != node {
		return parser.Continue | parser.HasChildren
	}
	d := node.(*directive)
	d.last, _ = reader.Position()
	pc.(*reading).fence(d.last)
	reader.AdvanceToEOL()
	return parser.Close
}

// Close does nothing: what is still open has last < 0.
func (directiveParser) Close(ast.Node, text.Reader, parser.Context) {}

// closedBy returns the directive that a closing fence ends: of those that are
// open from outer on with nothing between them that the line does not belong
// to, the innermost that was opened with as many colons, else the innermost
// that was opened with fewer. It returns nil when the line is in code or
// belongs to a list item.
func closedBy(blocks []parser.Block, outer *directive, indent, colons int) *directive {
	at := slices.IndexFunc(blocks, func(b parser.Block) bool { return b.Node == outer })
	if at < 0 {
		return nil
	}
	var exact, fewer *directive
chain:
	for _, b := range blocks[at:] {
		switch n := b.Node.(type) {
		case *directive:
			if n.colons == colons {
				exact = n
			}
			if n.colons <= colons {
				fewer = n
			}
		case *ast.FencedCodeBlock:
			return nil
		case *ast.List, *extast.DefinitionDescription:
		case *ast.ListItem:
			if indent >= n.Offset {
				return nil
			}
			break chain
		case *extast.DefinitionList:
			if indent >= n.Offset {
				return nil
			}
		default:
			break chain
		}
	}
	if exact != nil {
		return exact
	}
	return fewer
}

func countColons(line []byte) int {
	n := 0
	for n < len(line) && line[n] == ':' {
		n++
	}
	return n
}

func (r *reading) fence(line int) {
	if r.fences == nil {
		r.fences = map[int]bool{}
	}
	r.fences[line] = true
}

// readOpening reads what follows the colons of an opening line; offset is its
// place in the source.
func (d *directive) readOpening(s string, offset int) {
	trimmed := strings.TrimLeft(s, " \t")
	offset += len(s) - len(trimmed)
	end := strings.IndexFunc(trimmed, func(r rune) bool { return r == '{' || unicode.IsSpace(r) })
	if end < 0 {
		end = len(trimmed)
	}
	d.name = trimmed[:end]
	d.spec = directiveSpecs[d.name]
	d.attributes, d.junk, d.junkOffset = parseAttributes(trimmed[end:], offset+end)
	d.broken = d.spec == nil || d.junk != "" || len(d.attributeProblems()) > 0
	if d.name == "members" {
		for name := range strings.SplitSeq(d.value("audience"), ",") {
			if name = strings.TrimSpace(name); name != "" {
				d.audience = append(d.audience, name)
			}
		}
	}
}
