package markdown

import (
	"slices"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"kaiho/generator/diag"
)

// lintReferences reports references that some readers see as plain text
// because what defines them stands in a part which those readers do not see.
func (r *reading) lintReferences(root ast.Node, spans []span) {
	definitions := map[string][]int{} // label → line indexes
	var uses []footnoteMark
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		var ref *ast.ReferenceLink
		switch n := n.(type) {
		case *ast.LinkReferenceDefinition:
			label := util.ToLinkReference(n.Label)
			definitions[label] = append(definitions[label], r.line(n.Pos()))
		case *extast.FootnoteLink:
			uses = append(uses, footnoteMark{"^" + r.footnotes[n.Index].label, n.Pos()})
		case *ast.Link:
			ref = n.Reference
		case *ast.Image:
			ref = n.Reference
		}
		if ref != nil {
			uses = append(uses, footnoteMark{util.ToLinkReference(ref.Value), n.Pos()})
		}
		return ast.WalkContinue, nil
	})
	for _, m := range r.footnotes {
		definitions["^"+m.label] = append(definitions["^"+m.label], r.line(m.offset))
	}
	for _, use := range uses {
		around := enclosing(spans, r.line(use.offset))
		lines := definitions[use.label]
		if len(lines) == 0 || slices.ContainsFunc(lines, func(line int) bool { return covers(enclosing(spans, line), around) }) {
			continue
		}
		r.report(use.offset, diag.ReferenceInMembersPart, "label", use.label, "line", strconv.Itoa(r.firstLine+lines[0]))
	}
}

// enclosing returns the parts in which a line lies.
func enclosing(spans []span, line int) []span {
	var list []span
	for _, sp := range spans {
		if sp.first <= line && line <= sp.last {
			list = append(list, sp)
		}
	}
	return list
}

// covers reports whether everybody who sees what lies in the parts inner sees
// what lies in the parts outer: each of outer must be open to all whom one of
// inner is open to.
func covers(outer, inner []span) bool {
	for _, o := range outer {
		open := func(i span) bool {
			if len(o.Audience) == 0 {
				return true
			}
			return len(i.Audience) > 0 && !slices.ContainsFunc(i.Audience, func(name string) bool { return !slices.Contains(o.Audience, name) })
		}
		if !slices.ContainsFunc(inner, open) {
			return false
		}
	}
	return true
}
