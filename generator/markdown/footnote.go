package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"kaiho/generator/diag"
)

// footnoteWatch stands behind the parser of footnote marks, and so sees only
// marks that have no footnote. It never makes a node.
type footnoteWatch struct{}

// Trigger returns the character with which a mark begins.
func (footnoteWatch) Trigger() []byte { return []byte{'['} }

// Parse notes the mark and leaves it as text.
func (footnoteWatch) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 4 || line[1] != '^' {
		return nil
	}
	end := bytes.IndexAny(line[2:], "[]\n")
	if end <= 0 || line[2+end] != ']' || len(bytes.TrimSpace(line[2:2+end])) == 0 {
		return nil
	}
	if after := line[2+end+1:]; len(after) > 0 && (after[0] == '(' || after[0] == '[') {
		return nil // a link
	}
	r := pc.(*reading)
	r.undefined = append(r.undefined, footnoteMark{string(line[2 : 2+end]), segment.Start})
	return nil
}

// footnoteUse looks at the footnotes before the extension sorts them and drops
// those to which nothing refers.
type footnoteUse struct{}

// Transform notes unused footnotes and where the others are.
func (footnoteUse) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	r := pc.(*reading)
	if !bytes.Contains(r.src, []byte("[^")) {
		return
	}
	eachFootnote(doc, func(n *extast.Footnote) {
		mark := footnoteMark{string(n.Ref), n.Pos()}
		if n.Index < 0 {
			r.unused = append(r.unused, mark)
		} else {
			if r.footnotes == nil {
				r.footnotes = map[int]footnoteMark{}
			}
			r.footnotes[n.Index] = mark
		}
	})
}

// eachFootnote calls f for every footnote. They are all in one list, which may
// be anywhere among the blocks.
func eachFootnote(n ast.Node, f func(*extast.Footnote)) {
	for c := n.FirstChild(); c != nil && c.Type() != ast.TypeInline; c = c.NextSibling() {
		if note, ok := c.(*extast.Footnote); ok {
			f(note)
		}
		eachFootnote(c, f)
	}
}

// lintFootnotes reports marks without a footnote and footnotes without a mark.
func (r *reading) lintFootnotes() {
	for _, m := range r.undefined {
		r.report(m.offset, diag.UndefinedFootnote, "label", m.label)
	}
	for _, m := range r.unused {
		r.report(m.offset, diag.UnusedFootnote, "label", m.label)
	}
}
