package segment

import (
	"slices"
	"strconv"

	"kaiho/generator/diag"
)

// checker gives names their meaning, and looks for what does not go together.
type checker struct {
	*compiler
	source Source
	rule   *rule
}

func (c *checker) tell(at int, rule diag.Rule, args ...string) {
	c.report(c.source.at(at), rule, args...)
}

// condition checks n where something true or false must stand.
func (c *checker) condition(n *node) {
	switch n.op {
	case opNot:
		c.condition(n.left)
		return
	case opAnd, opOr:
		c.condition(n.left)
		c.condition(n.right)
		return
	}
	switch found := c.kind(n); found {
	case number:
		c.tell(n.at, diag.SegmentCondition, "found", n.String(), "example", or(n.op == opKey, n.word, "joined")+" <= 2005")
	case text:
		c.tell(n.at, diag.SegmentCondition, "found", n.String(), "example", or(n.op == opKey, n.word+` == "…"`, n.String()+" in interests"))
	case list:
		c.tell(n.at, diag.SegmentCondition, "found", n.String(), "example", `"…" in `+n.word)
	}
}

func or(use bool, a, b string) string {
	if use {
		return a
	}
	return b
}

// kind returns what the value of n is. It reports what is wrong inside n.
func (c *checker) kind(n *node) kind {
	switch n.op {
	case opText:
		return text
	case opNumber:
		return number
	case opName:
		return c.resolve(n)
	case opKey:
		return kindOf[n.key]
	case opKnown:
		if c.resolve(n.left); n.left.op == opSegment {
			c.tell(n.left.at, diag.SegmentKnown)
		}
	case opNot, opAnd, opOr:
		c.condition(n)
	case opIn:
		c.in(n)
	case opContains:
		c.contains(n)
	default:
		if n.isComparison() {
			c.comparison(n)
		}
	}
	return truth
}

// resolve finds the key or the segment that n names.
func (c *checker) resolve(n *node) kind {
	if k := slices.Index(keyNames[:], n.word); k >= 0 {
		n.op, n.key = opKey, key(k)
		c.uses[k] = true
		return kindOf[k]
	}
	i, ok := c.index[n.word]
	if !ok {
		known := Keys()
		for _, r := range c.set.rules {
			if r.source.Name != c.source.Name {
				known = append(known, r.source.Name)
			}
		}
		c.tell(n.at, diag.SegmentUnknown, "name", n.word, "nearest", diag.Nearest(n.word, known), "choices", diag.Choices(Keys(), false))
		return unknown
	}
	n.op, n.segment = opSegment, i
	c.rule.names = append(c.rule.names, n)
	return truth
}

// comparison checks ==, != and those of order.
func (c *checker) comparison(n *node) {
	a, b := c.kind(n.left), c.kind(n.right)
	if a == unknown || b == unknown {
		return
	}
	for _, side := range []*node{n.left, n.right} {
		switch kind := c.kindAgain(side); {
		case kind == list:
			c.tell(side.at, diag.SegmentList, "found", side.String())
			return
		case kind == truth:
			c.tell(side.at, diag.SegmentTruth, "found", side.String())
			return
		}
	}
	switch {
	case a != b:
		literal := n.right
		if n.right.op == opKey && n.left.op != opKey {
			literal = n.left
		}
		c.tell(literal.at, diag.SegmentMixed, "left", n.left.String(), "right", n.right.String(), "nearest", otherKind(literal))
	case a == text && n.op != opEqual && n.op != opNotEqual:
		c.tell(n.mark, diag.SegmentOrder, "operator", symbols[n.op])
	}
}

// kindAgain is kind for a node that was looked at.
func (c *checker) kindAgain(n *node) kind {
	switch n.op {
	case opText:
		return text
	case opNumber:
		return number
	case opKey:
		return kindOf[n.key]
	}
	return truth
}

// otherKind returns a literal with quotes or without, if the other is right too.
func otherKind(n *node) string {
	if n.op == opNumber {
		return strconv.Quote(n.word)
	}
	if _, err := strconv.ParseUint(n.word, 10, 30); n.op == opText && err == nil {
		return n.word
	}
	return ""
}

// in checks LEFT in RIGHT.
func (c *checker) in(n *node) {
	a, b := c.kind(n.left), c.kind(n.right)
	switch {
	case a == unknown || b == unknown:
	case b != list:
		nearest := ""
		if a == text && b == text {
			nearest = (&node{op: opContains, left: n.right, right: n.left}).String()
		}
		c.tell(n.right.at, diag.SegmentNoList, "found", n.right.String(), "nearest", nearest, "choices", diag.Choices(keysOf(list), false))
	case a != text:
		c.tell(n.left.at, diag.SegmentNoText, "found", n.left.String(), "operator", "in")
	default:
		c.blank(n.left)
	}
}

// contains checks LEFT ~ RIGHT.
func (c *checker) contains(n *node) {
	a, b := c.kind(n.left), c.kind(n.right)
	switch {
	case a == unknown || b == unknown:
	case a == list:
		c.tell(n.left.at, diag.SegmentList, "found", n.left.String())
	case a != text:
		c.tell(n.left.at, diag.SegmentNoText, "found", n.left.String(), "operator", "~")
	case b != text:
		c.tell(n.right.at, diag.SegmentNoText, "found", n.right.String(), "operator", "~")
	default:
		c.blank(n.right)
	}
}

// blank reports a text with nothing in it, which every text contains.
func (c *checker) blank(n *node) {
	if n.op == opText && len(n.folded) == 0 {
		c.tell(n.at, diag.SegmentBlank)
	}
}
