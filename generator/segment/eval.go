package segment

import "bytes"

// view is one member as expressions see it: texts folded once, and the answers
// of the segments so far. It is used again for others.
type view struct {
	facts Facts
	folder
	texts [keyCount]span // of buf, of keys that are texts; of spans, of lists
	spans []span
	in    []bool // by index of the rules
}

// view returns a view of f with the answers of all segments, to be released.
func (s *Set) view(f Facts) *view {
	v, _ := s.scratch.Get().(*view)
	if v == nil {
		v = &view{in: make([]bool, len(s.rules))}
	}
	v.facts, v.buf, v.spans = f, v.buf[:0], v.spans[:0]
	for _, k := range s.keys {
		if kindOf[k] == text {
			v.texts[k] = v.fold(f.text(k))
			continue
		}
		from := len(v.spans)
		for _, element := range f.list(k) {
			v.spans = append(v.spans, v.fold(element))
		}
		v.texts[k] = span{from, len(v.spans)}
	}
	for _, i := range s.order {
		top := s.rules[i].top
		v.in[i] = top != nil && v.holds(top)
	}
	return v
}

// release keeps v for the next member, without what is known of this one.
func (s *Set) release(v *view) {
	v.facts = Facts{}
	s.scratch.Put(v)
}

// holds reports whether a condition is true.
func (v *view) holds(n *node) bool {
	switch n.op {
	case opTruth:
		return n.number == 1
	case opSegment:
		return v.in[n.segment]
	case opNot:
		return !v.holds(n.left)
	case opAnd:
		return v.holds(n.left) && v.holds(n.right)
	case opOr:
		return v.holds(n.left) || v.holds(n.right)
	case opKnown:
		return v.knows(n.left.key)
	case opIn:
		return v.contains(n.right.key, v.text(n.left))
	case opContains:
		return bytes.Contains(v.text(n.left), v.text(n.right))
	}
	if n.left.op == opText || n.left.op == opKey && kindOf[n.left.key] == text {
		return bytes.Equal(v.text(n.left), v.text(n.right)) == (n.op == opEqual)
	}
	return v.compare(n)
}

// compare compares two numbers; none that is not known.
func (v *view) compare(n *node) bool {
	a, ok := v.number(n.left)
	b, also := v.number(n.right)
	if !ok || !also {
		return false
	}
	switch n.op {
	case opEqual:
		return a == b
	case opNotEqual:
		return a != b
	case opLess:
		return a < b
	case opLessEqual:
		return a <= b
	case opGreater:
		return a > b
	}
	return a >= b
}

func (v *view) number(n *node) (value int, known bool) {
	if n.op == opNumber {
		return n.number, true
	}
	value = v.facts.number(n.key)
	return value, value != 0
}

// text returns the folded text of a literal or a key.
func (v *view) text(n *node) []byte {
	if n.op == opText {
		return n.folded
	}
	return v.at(v.texts[n.key])
}

func (v *view) contains(k key, wanted []byte) bool {
	for _, s := range v.spans[v.texts[k].from:v.texts[k].to] {
		if bytes.Equal(v.at(s), wanted) {
			return true
		}
	}
	return false
}

// knows reports whether there is a value.
func (v *view) knows(k key) bool {
	if kindOf[k] == number {
		return v.facts.number(k) != 0
	}
	return v.texts[k].from < v.texts[k].to
}
