package frontmatter

import (
	"strconv"

	"kaiho/generator/diag"
)

// Kind says what a Node is.
type Kind int

// The kinds of YAML values. Null is an empty value, or ~, or null.
const (
	Null Kind = iota
	Scalar
	List
	Map
)

// Node is a YAML value with its place in the file. It does not change once it
// is read. Methods of a nil Node answer as those of an empty one without a
// place.
type Node struct {
	kind   Kind
	quoted bool // in quotes, or a block of text: surely meant as text
	broken bool // a problem was reported for it; decoding passes over it
	text   string
	pos    diag.Pos
	parent *Node  // nil for the top
	key    string // under which parent holds it; "" in a list
	items  []*Node
	fields []Field
}

// Field is a key of a map and its value.
type Field struct {
	Key    string
	KeyPos diag.Pos
	Value  *Node
}

// Kind returns what n is.
func (n *Node) Kind() Kind {
	if n == nil {
		return Null
	}
	return n.kind
}

// IsScalar reports whether n is one value: text, a number, a date, true or
// false.
func (n *Node) IsScalar() bool { return n.Kind() == Scalar }

// Text returns a scalar's text: without quotes if it had any, otherwise as it
// stands in the file. It is "" for other kinds.
func (n *Node) Text() string {
	if !n.IsScalar() {
		return ""
	}
	return n.text
}

// Quoted reports whether n is a text in quotes or a block of text.
func (n *Node) Quoted() bool { return n != nil && n.quoted }

// Items returns the elements of a list.
func (n *Node) Items() []*Node {
	if n == nil {
		return nil
	}
	return n.items
}

// Fields returns the keys of a map with their values, in the order of the
// file. No key is there twice.
func (n *Node) Fields() []Field {
	if n == nil {
		return nil
	}
	return n.fields
}

// Name returns the key that holds n, after those that hold that one:
// "venue.name". An element of a list has its list's name; the top has none.
func (n *Node) Name() string {
	if n == nil || n.parent == nil {
		return ""
	}
	parent := n.parent.Name()
	if n.key == "" || parent == "" {
		return parent + n.key
	}
	return parent + "." + n.key
}

// At returns the value at keys, one key a level; an element of a list goes by
// its number from 0. It returns nil when there is none.
func (n *Node) At(keys ...string) *Node {
	found, left := n.walk(keys)
	if left > 0 {
		return nil
	}
	return found
}

// Has reports whether there is a value at keys, though it may be empty.
func (n *Node) Has(keys ...string) bool { return n.At(keys...) != nil }

// Pos returns the place of the value at keys, as for At; when there is none,
// that of the nearest value above it. The top's place is the first line of the
// front matter or of the file; that of an empty value is its key's.
func (n *Node) Pos(keys ...string) diag.Pos {
	found, _ := n.walk(keys)
	if found == nil {
		return diag.Pos{}
	}
	return found.pos
}

// walk follows keys down from n as far as there are values, and returns the
// last of these and how many keys are left.
func (n *Node) walk(keys []string) (*Node, int) {
	for i, key := range keys {
		next := n.child(key)
		if next == nil {
			return n, len(keys) - i
		}
		n = next
	}
	return n, 0
}

func (n *Node) child(key string) *Node {
	for _, f := range n.Fields() {
		if f.Key == key {
			return f.Value
		}
	}
	if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.Items()) {
		return n.items[i]
	}
	return nil
}

// problem returns a problem of rule at n; "key" is among its args.
func (n *Node) problem(rule diag.Rule, args ...string) diag.Problem {
	return diag.New(n.pos, rule, append([]string{"key", n.Name()}, args...)...)
}
