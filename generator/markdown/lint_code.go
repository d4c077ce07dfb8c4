package markdown

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"kaiho/generator/diag"
)

// codePlaces is where what looks like a directive is only text: code, and
// comments that are dropped. It is collected when it is first asked for, as
// most bodies have nothing that looks like one.
type codePlaces struct {
	*reading
	root  ast.Node
	lines map[int]bool   // by their index
	spans []text.Segment // of code among other text, sorted
}

// hasLine reports whether the line of index i is code, or in a comment.
func (p *codePlaces) hasLine(i int) bool {
	p.collect()
	return p.lines[i]
}

// hasSpan reports whether an offset lies in code among other text.
func (p *codePlaces) hasSpan(offset int) bool {
	p.collect()
	i, found := slices.BinarySearchFunc(p.spans, offset, func(s text.Segment, offset int) int { return cmp.Compare(s.Start, offset) })
	return found || i > 0 && offset < p.spans[i-1].Stop
}

func (p *codePlaces) collect() {
	if p.lines != nil {
		return
	}
	p.lines = map[int]bool{}
	p.explain(p.root)
	p.spans = codeSpans(nil, p.root)
	slices.SortFunc(p.spans, func(a, b text.Segment) int { return cmp.Compare(a.Start, b.Start) })
}

// codeSpans appends the places of code among other text, below n.
func codeSpans(list []text.Segment, n ast.Node) []text.Segment {
	_, code := n.(*ast.CodeSpan)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && code {
			list = append(list, t.Segment)
		}
		list = codeSpans(list, c)
	}
	return list
}

// explain collects the lines below n in which a fence is only text.
func (p *codePlaces) explain(n ast.Node) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock: // not code by indentation, which nobody sees that they wrote
		p.addLines(n)
	case *ast.HTMLBlock:
		var b []byte
		for i := range n.Lines().Len() {
			segment := n.Lines().At(i)
			b = append(b, segment.Value(p.src)...)
		}
		if n.HasClosure() {
			b = append(b, n.ClosureLine.Value(p.src)...)
		}
		if !p.options.RawHTML && isComment(b) && fencesBalance(b) {
			p.addLines(n)
		}
	}
	for c := n.FirstChild(); c != nil && c.Type() != ast.TypeInline; c = c.NextSibling() {
		p.explain(c)
	}
}

// fencesBalance reports whether what begins in a comment ends in it. If not,
// the comment may have ended before its author meant it to.
func fencesBalance(comment []byte) bool {
	open := 0
	for line := range bytes.Lines(comment) {
		switch _, rule, _ := fenceLike(line); rule {
		case "":
		case diag.StrayDirectiveEnd:
			open--
		default:
			open++
		}
	}
	return open == 0
}

func (p *codePlaces) addLines(n ast.Node) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		p.lines[p.line(segment.Start)] = true
	}
	if html, ok := n.(*ast.HTMLBlock); ok && html.HasClosure() {
		p.lines[p.line(html.ClosureLine.Start)] = true
	}
}
