// Package segment says which members are in which segment of a site: groups
// that site.yaml describes by what is known of a member, for letters.
//
//	segments:
//	  veterans: joined <= 2000
//	  sailors: '"ヨット" in interests || skills-at-sea'
//	  skills-at-sea: department ~ "海洋" && !known(left)
//
// An expression is made of conditions:
//
//	joined <= 2000              numbers: == != < <= > >=
//	department == "光学設計部"  texts: == and !=
//	region ~ "東京"             a text that has the other in it
//	"ヨット" in interests       an element of a list
//	known(left)                 there is a value
//	veterans                    another segment
//	true false                  everybody, nobody
//
// and of && (or the word and), || (or), ! (not) and parentheses. ! binds most,
// then &&, then ||, and all of them less than a comparison: !left == 2001 is
// !(left == 2001). The keys are those of Keys. Texts stand in "…" or '…', which
// has no escapes, and are compared as people read them: without regard to
// width, case, blanks around them and what else NFKC makes equal (ＡＢＣ and
// abc, ｶﾅ and カナ, but not 髙 and 高).
//
// A comparison with a year that is not known is false, != among them; so
// !(joined <= 2000) is true for somebody whose year is not known.
//
// Compile names every mistake of all segments at once, with its place inside
// the expression. An expression has at most 4,096 bytes and 50 levels of
// parentheses, and there are at most 500 segments. Nobody is in a segment that
// has a mistake, nor in one that names such a segment.
//
// A Set does not change, and is safe for concurrent use.
package segment

import (
	"regexp"
	"slices"
	"strconv"
	"sync"

	"kaiho/generator/diag"
)

const (
	maxExpressionBytes = 4096
	maxDepth           = 50 // of parentheses and negations
	maxSegments        = 500
)

// Source is a segment as it is written.
type Source struct {
	Name       string
	Expression string   // empty: something is wrong with it already, and nothing more is said
	Pos        diag.Pos // of the name
	// At returns the place of the byte at an offset of Expression, which may be
	// its length; nil: everything is at Pos.
	At func(offset int) diag.Pos
}

func (s Source) at(offset int) diag.Pos {
	if s.At == nil {
		return s.Pos
	}
	return s.At(offset)
}

// Facts are what is known of a member.
type Facts struct {
	Joined, Left                        int // years; 0: not known
	Department, Title, Region, Language string
	Skills, Interests, Audiences        []string
}

// Set is the segments of a site.
type Set struct {
	rules   []rule // in the order of their sources
	order   []int  // indices in rules: whoever is named comes before those who name it
	keys    []key  // texts and lists that some expression looks at
	scratch sync.Pool
}

// rule is a segment.
type rule struct {
	source Source
	top    *node // nil: it has a mistake, and nobody is in it
	names  []*node
}

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Compile reads the segments of a site. The problems are in the order in which
// they were found. Set holds the names of all sources, also of those with
// problems.
func Compile(sources []Source) (*Set, diag.Problems) {
	c := compiler{set: &Set{}, index: map[string]int{}}
	for i, source := range sources {
		if i == maxSegments {
			c.report(source.Pos, diag.SegmentMany, "limit", strconv.Itoa(maxSegments))
			break
		}
		c.name(source)
	}
	for i := range c.set.rules {
		c.parse(&c.set.rules[i])
	}
	c.arrange()
	for k := range keyCount {
		if c.uses[k] && kindOf[k] != number {
			c.set.keys = append(c.set.keys, k)
		}
	}
	return c.set, c.problems
}

// compiler makes a Set.
type compiler struct {
	set      *Set
	index    map[string]int // of rules, by name
	uses     [keyCount]bool
	problems diag.Problems
}

func (c *compiler) report(pos diag.Pos, rule diag.Rule, args ...string) {
	c.problems = append(c.problems, diag.New(pos, rule, args...))
}

// name adds the rule of source.
func (c *compiler) name(source Source) {
	if !nameForm.MatchString(source.Name) || slices.Contains(reserved, source.Name) || slices.Contains(Keys(), source.Name) {
		c.report(source.Pos, diag.SegmentName, "name", source.Name)
	}
	if _, taken := c.index[source.Name]; taken {
		c.report(source.Pos, diag.SegmentTwice, "name", source.Name)
		return
	}
	c.index[source.Name] = len(c.set.rules)
	c.set.rules = append(c.set.rules, rule{source: source})
}

func (c *compiler) parse(r *rule) {
	if r.source.Expression == "" {
		return
	}
	if size := len(r.source.Expression); size > maxExpressionBytes {
		c.report(r.source.at(0), diag.SegmentLong, "limit", strconv.Itoa(maxExpressionBytes))
		return
	}
	before := len(c.problems)
	p := parser{compiler: c, source: r.source}
	top := p.parse()
	if top != nil {
		k := checker{compiler: c, source: r.source, rule: r}
		k.condition(top)
	}
	if len(c.problems) == before {
		r.top = top
	}
}

// arrange orders the rules, and reports those that name each other in a circle.
func (c *compiler) arrange() {
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(c.set.rules))
	var path []string
	var visit func(i int) bool // reports whether rule i is of use
	visit = func(i int) bool {
		r := &c.set.rules[i]
		if state[i] == done {
			return r.top != nil
		}
		state[i], path = open, append(path, r.source.Name)
		for _, n := range r.names {
			if state[n.segment] == open {
				name := c.set.rules[n.segment].source.Name
				circle := append(slices.Clone(path[slices.Index(path, name):]), name)
				c.report(r.source.at(n.at), diag.SegmentCircle, "circle", chain(circle))
				r.top = nil
			} else if !visit(n.segment) {
				r.top = nil
			}
		}
		path = path[:len(path)-1]
		state[i] = done
		c.set.order = append(c.set.order, i)
		return r.top != nil
	}
	for i := range c.set.rules {
		visit(i)
	}
}

// chain writes names one after another; a long circle by its ends.
func chain(names []string) string {
	if len(names) > 8 {
		names = append(append(slices.Clone(names[:4]), "…"), names[len(names)-3:]...)
	}
	text := ""
	for i, name := range names {
		if i > 0 {
			text += " → "
		}
		text += name
	}
	return text
}

// Names returns the names of all segments in the order of their sources.
func (s *Set) Names() []string {
	names := make([]string, len(s.rules))
	for i, r := range s.rules {
		names[i] = r.source.Name
	}
	return names
}

// Has reports whether there is a segment of that name.
func (s *Set) Has(name string) bool { return s.find(name) >= 0 }

func (s *Set) find(name string) int {
	return slices.IndexFunc(s.rules, func(r rule) bool { return r.source.Name == name })
}

// Expression returns the expression of a segment in its plain form: symbols for
// words, and no more parentheses and blanks than needed. It is "" for a segment
// that is not there or has a mistake.
func (s *Set) Expression(name string) string {
	i := s.find(name)
	if i < 0 || s.rules[i].top == nil {
		return ""
	}
	return s.rules[i].top.String()
}

// Of returns the names of the segments that a member with these facts is in, in
// the order of their sources; nil if there are none. It allocates nothing else.
func (s *Set) Of(f Facts) []string {
	v := s.view(f)
	defer s.release(v)
	count := 0
	for _, in := range v.in {
		if in {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	names := make([]string, 0, count)
	for i, in := range v.in {
		if in {
			names = append(names, s.rules[i].source.Name)
		}
	}
	return names
}
