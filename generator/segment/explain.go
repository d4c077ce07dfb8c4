package segment

import (
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// Explanation says why somebody is in a segment, or is not.
type Explanation struct {
	Segment string
	In      bool
	Reasons []Reason // what decides it, in the order of the expression
}

// Reason is a condition of an expression.
type Reason struct {
	Condition string // as Set.Expression writes it: joined <= 2000
	Holds     bool
	Known     []Known // what it was asked of
}

// Known is what is known of a member by a key.
type Known struct {
	Key    string
	Values []string // none: not known
}

// Explain returns why a member with these facts is in the segment, or is not. It
// names the conditions that decide: those of them that fail in a row of &&, all
// that fail in a row of ||, and so on, also those of other segments that the
// expression names. There is no reason for a segment that is not there or has a
// mistake.
func (s *Set) Explain(name string, f Facts) Explanation {
	e := Explanation{Segment: name}
	i := s.find(name)
	if i < 0 || s.rules[i].top == nil {
		return e
	}
	v := s.view(f)
	defer s.release(v)
	w := witness{set: s, view: v, seen: map[int]bool{i: true}}
	e.In = v.in[i]
	w.ask(s.rules[i].top)
	e.Reasons = w.reasons
	return e
}

// witness gathers reasons.
type witness struct {
	set     *Set
	view    *view
	seen    map[int]bool // segments that were asked: each is explained once
	reasons []Reason
}

func (w *witness) ask(n *node) {
	switch n.op {
	case opNot:
		w.ask(n.left)
	case opAnd, opOr:
		// The whole is false because a part is, and true because all are; for ||
		// it is the other way round.
		decides := n.op == opOr
		whole, left := w.view.holds(n), w.view.holds(n.left)
		if whole != decides || left == decides {
			w.ask(n.left)
		}
		if whole != decides || left != decides {
			w.ask(n.right)
		}
	case opSegment:
		if !w.seen[n.segment] {
			w.seen[n.segment] = true
			w.ask(w.set.rules[n.segment].top)
		}
	default:
		r := Reason{Condition: n.String(), Holds: w.view.holds(n)}
		for _, side := range []*node{n.left, n.right} {
			if side != nil && side.op == opKey {
				r.Known = append(r.Known, Known{side.word, w.view.facts.values(side.key)})
			}
		}
		w.reasons = append(w.reasons, r)
	}
}

// values returns what is known by a key, as it is stored.
func (f *Facts) values(k key) []string {
	switch kindOf[k] {
	case list:
		return f.list(k)
	case number:
		if n := f.number(k); n != 0 {
			return []string{strconv.Itoa(n)}
		}
	default:
		if t := f.text(k); t != "" {
			return []string{t}
		}
	}
	return nil
}

// Text returns the explanation in a sentence, with what is known of the member.
func (e Explanation) Text(lang diag.Lang) string {
	var b strings.Builder
	say := func(en, ja string) {
		if lang == diag.Japanese {
			en = ja
		}
		b.WriteString(en)
	}
	if e.In {
		say("in "+e.Segment, e.Segment+" に入る")
	} else {
		say("not in "+e.Segment, e.Segment+" に入らない")
	}
	for i, r := range e.Reasons {
		if i == 0 {
			say(": ", "：")
		} else {
			say("; ", "、")
		}
		if r.Holds {
			say(r.Condition, r.Condition)
		} else {
			say(r.Condition+" does not hold", r.Condition+" でない")
		}
		for j, k := range r.Known {
			say(or(j == 0, " (", ", "), or(j == 0, "（", "、"))
			say(k.Key+": ", k.Key+" は ")
			if len(k.Values) == 0 {
				say("not known", "不明")
			}
			say(strings.Join(k.Values, ", "), strings.Join(k.Values, "・"))
		}
		if len(r.Known) > 0 {
			say(")", "）")
		}
	}
	return b.String()
}
