package config

import (
	"slices"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/segment"
)

// segments compiles the segments. One whose name is wrong is in the set all the
// same, so that the pages that name it have no mistake of their own.
func (c *checker) segments() {
	var sources []segment.Source
	for _, s := range c.site.Segments {
		n := c.node.At("segments", s.Key)
		if slices.Contains(c.site.Policy.Names(), s.Key) || slices.Contains(c.site.Languages, s.Key) || s.Key == "public" {
			c.problems = append(c.problems, diag.New(s.Pos, diag.SegmentName, "name", s.Key))
		}
		if s.Value == "" && !c.isReported(n) {
			c.problems = append(c.problems, diag.New(n.Pos(), diag.EmptyValue, "key", "segments."+s.Key))
		}
		sources = append(sources, segment.Source{Name: s.Key, Expression: s.Value, Pos: s.Pos, At: func(offset int) diag.Pos {
			return n.PosIn(c.src, offset)
		}})
	}
	set, problems := segment.Compile(sources)
	c.site.Segment, c.problems = set, append(c.problems, problems...)
}

// isReported reports whether there is a problem at a value.
func (c *checker) isReported(n *frontmatter.Node) bool {
	return n != nil && slices.ContainsFunc(c.problems, func(p diag.Problem) bool { return p.Pos == n.Pos() })
}
