package frontmatter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"kaiho/generator/diag"
)

// parse reads text, one YAML document with keys at its top. offset is the
// number of lines before text in its file.
func parse(path string, text []byte, offset int) (*Node, diag.Problems) {
	b := builder{path: path, text: string(text), offset: offset}
	if i, r := firstUnreadable(text); i >= 0 {
		pos := place(path, text, i)
		pos.Line += offset
		return nil, diag.Problems{diag.New(pos, diag.InvisibleCharacter, "code", codePoint(r))}
	}
	top, err := document(text)
	if second := (*secondDocument)(nil); errors.As(err, &second) {
		return nil, diag.Problems{diag.New(b.pos(second.line, 1), diag.YAMLFeature, "feature", "---")}
	}
	if list := (*listAtTop)(nil); errors.As(err, &list) {
		pos := b.pos(list.line, list.column)
		return nil, diag.Problems{diag.New(pos, diag.KeysExpected, "mark", list.mark)}
	}
	if err != nil {
		return nil, diag.Problems{diagnose(path, text, offset, err)}
	}
	root := &Node{kind: Map, pos: b.pos(1, 1)}
	if top != nil {
		b.fill(root, top, 0)
	}
	return root, b.problems
}

var errNoKeys = errors.New("no keys at the top")

// secondDocument is the error of a YAML file with several documents.
type secondDocument struct{ line int }

// Error names the mistake; authors see diag.YAMLFeature.
func (*secondDocument) Error() string { return "a second document" }

// listAtTop is the error of a YAML file that is a list.
type listAtTop struct {
	line, column int
	mark         string // with which the list begins
}

// Error names the mistake; authors see diag.KeysExpected.
func (*listAtTop) Error() string { return "a list at the top" }

// document returns the top of the one document in text: a map, or nil when the
// document is empty.
func document(text []byte) (top *yaml.Node, err error) {
	defer func() {
		// The library panics where it finds its own state wrong ("please
		// report"). An author's file must not end the program.
		if r := recover(); r != nil {
			top, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if err := dec.Decode(&first); err == io.EOF {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := dec.Decode(&second); err == nil {
		return nil, &secondDocument{second.Line}
	} else if err != io.EOF {
		return nil, err
	}
	if len(first.Content) != 1 {
		return nil, errNoKeys
	}
	switch top := first.Content[0]; {
	case top.Kind == yaml.MappingNode:
		return top, nil
	case isNull(top):
		return nil, nil
	case top.Kind == yaml.SequenceNode:
		mark := "- "
		if top.Style&yaml.FlowStyle != 0 {
			mark = "["
		}
		return nil, &listAtTop{top.Line, top.Column, mark}
	}
	return nil, errNoKeys
}

func isNull(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Style == 0 && y.Tag == "!!null" && y.Anchor == ""
}

// builder turns the library's nodes into ours.
type builder struct {
	path     string
	text     string
	marks    map[[2]int]bool // where in text there is a "!": line and column
	offset   int
	problems diag.Problems
}

// pos returns a place; line and column are the library's, which counts columns
// in characters.
func (b *builder) pos(line, column int) diag.Pos {
	return diag.Pos{Path: b.path, Line: b.offset + max(line, 1), Col: max(column, 1)}
}

func (b *builder) report(pos diag.Pos, rule diag.Rule, args ...string) {
	b.problems = append(b.problems, diag.New(pos, rule, args...))
}

// node returns y as a Node at depth levels below the top.
func (b *builder) node(y *yaml.Node, parent *Node, key string, depth int) *Node {
	n := &Node{pos: b.pos(y.Line, y.Column), parent: parent, key: key}
	b.fill(n, y, depth)
	return n
}

// fill sets n's kind and content from y.
func (b *builder) fill(n *Node, y *yaml.Node, depth int) {
	if feature := b.unusedFeature(y); feature != "" {
		n.broken = true
		b.report(b.pos(y.Line, y.Column), diag.YAMLFeature, "feature", feature)
		return
	}
	if depth > maxDepth {
		n.broken = true
		b.report(n.pos, diag.TooDeep, "limit", strconv.Itoa(maxDepth))
		return
	}
	switch y.Kind {
	case yaml.ScalarNode:
		n.text, n.quoted = y.Value, y.Style != 0
		if !isNull(y) {
			n.kind = Scalar
		}
		if y.Style&yaml.DoubleQuotedStyle != 0 && strings.ContainsFunc(n.text, isControl) {
			// "C:\foo" has a form feed in it.
			n.broken = true
			b.report(n.pos, diag.BadEscape)
		}
	case yaml.SequenceNode:
		n.kind, n.items = List, make([]*Node, 0, len(y.Content))
		for _, item := range y.Content {
			n.items = append(n.items, b.node(item, n, "", depth+1))
		}
	case yaml.MappingNode:
		n.kind = Map
		b.fields(n, y, depth)
	}
}

// unusedFeature returns the spelling of a feature of YAML in y that is
// refused, or "".
func (b *builder) unusedFeature(y *yaml.Node) string {
	switch {
	case y.Kind == yaml.AliasNode:
		return "*" + y.Value
	case y.Anchor != "":
		return "&" + y.Anchor
	case y.Style&yaml.TaggedStyle != 0:
		return y.Tag
	case b.isTagged(y):
		return "!"
	}
	return ""
}

// isTagged reports whether y has the tag "!", of which the library says
// nothing: "! x" is x, and whoever wrote it may mean the opposite.
func (b *builder) isTagged(y *yaml.Node) bool {
	if b.marks == nil {
		b.marks = map[[2]int]bool{}
		for i, line := range strings.Split(b.text, "\n") {
			column := 1
			for _, r := range line {
				if r == '!' {
					b.marks[[2]int{i + 1, column}] = true
				}
				column++
			}
		}
	}
	return b.marks[[2]int{y.Line, y.Column}] && (y.Kind != yaml.ScalarNode || y.Value != "")
}

// fields sets n's fields from the keys and values of y.
func (b *builder) fields(n *Node, y *yaml.Node, depth int) {
	n.fields = make([]Field, 0, len(y.Content)/2)
	var seen map[string]int // only for maps that are too long to search
	if len(y.Content) > 64 {
		seen = make(map[string]int, len(y.Content)/2)
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		pos := b.pos(key.Line, key.Column)
		if !b.validKey(key, pos) {
			n.broken = n.broken || n.parent != nil && key.Kind != yaml.ScalarNode // {{ text }}
			continue
		}
		if line := firstLineOf(n.fields, seen, key.Value); line > 0 {
			b.report(pos, diag.DuplicateKey, "key", key.Value, "line", strconv.Itoa(line))
			continue
		}
		v := b.node(value, n, key.Value, depth+1)
		if v.kind == Null && v.text == "" && !v.broken {
			v.pos = pos
		}
		n.fields = append(n.fields, Field{Key: key.Value, KeyPos: pos, Value: v})
		if seen != nil {
			seen[key.Value] = pos.Line
		}
	}
}

// firstLineOf returns the line on which key stands already, or 0.
func firstLineOf(fields []Field, seen map[string]int, key string) int {
	if seen != nil {
		return seen[key]
	}
	for _, f := range fields {
		if f.Key == key {
			return f.KeyPos.Line
		}
	}
	return 0
}

// validKey reports whether y can be a key, and reports a problem when not.
func (b *builder) validKey(y *yaml.Node, pos diag.Pos) bool {
	switch feature := b.unusedFeature(y); {
	case feature != "":
		b.report(pos, diag.YAMLFeature, "feature", feature)
		return false
	case y.Tag == "!!merge":
		b.report(pos, diag.YAMLFeature, "feature", "<<")
		return false
	case y.Kind == yaml.MappingNode:
		b.report(pos, diag.QuotesNeeded, "mark", "{")
		return false
	case y.Kind == yaml.SequenceNode:
		b.report(pos, diag.QuotesNeeded, "mark", "[")
		return false
	case y.Value == "":
		b.report(pos, diag.BadYAML)
		return false
	}
	column := 0
	for _, r := range y.Value {
		column++
		if r < utf8.RuneSelf {
			continue
		}
		at := diag.Pos{Path: pos.Path, Line: pos.Line, Col: pos.Col + column - 1}
		if y.Style != 0 || strings.Contains(y.Value, "\n") {
			at = pos
		}
		switch {
		case r == '\u3000':
			b.report(at, diag.FullWidthSpace)
			return false
		case r == '\u00A0', unicode.Is(unicode.Cf, r):
			b.report(at, diag.InvisibleCharacter, "code", codePoint(r))
			return false
		}
	}
	return true
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }
