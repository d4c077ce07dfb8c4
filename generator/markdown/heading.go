package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
)

// headingParser reads headings. Most have no attributes, and to look for them
// takes longer than all the rest of it.
type headingParser struct {
	parser.BlockParser
	plain parser.BlockParser
}

// Open begins a heading.
func (p headingParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if line, _ := reader.PeekLine(); bytes.IndexByte(line, '{') < 0 {
		return p.plain.Open(parent, reader, pc)
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// headings gives every heading of the document its text and its id.
//
// An id is made from the heading's own text, so that editing one heading does
// not change the links to another. Only where two texts are alike do later
// ones get "-2", "-3" and so on; such an id never takes one that another
// heading has by its own text or by {#id}.
func (r *reading) headings(root ast.Node) []Heading {
	nodes := r.headingNodes[:0]
	eachHeading(root, func(n *ast.Heading) { nodes = append(nodes, n) })
	r.headingNodes = nodes
	if len(nodes) == 0 {
		return nil
	}
	list := make([]Heading, len(nodes))
	taken := make(map[string]int, len(nodes)) // id → line
	for i, n := range nodes {
		list[i] = Heading{Level: max(n.Level, 2), Text: string(r.plain(n)), Line: r.pos(n.Pos()).Line}
		id := r.explicitID(n)
		if id == "" {
			continue
		}
		if line, twice := taken[id]; twice {
			r.report(n.Pos(), diag.DuplicateHeadingID, "id", id, "line", strconv.Itoa(line))
			continue
		}
		taken[id] = list[i].Line
		list[i].ID = id
	}
	var again []int
	for i := range list {
		if list[i].ID != "" {
			continue
		}
		id := headingID(list[i].Text)
		if _, twice := taken[id]; twice {
			again = append(again, i)
			continue
		}
		taken[id] = list[i].Line
		list[i].ID = id
	}
	if len(again) == 0 {
		return list
	}
	next := map[string]int{}
	for _, i := range again {
		id := headingID(list[i].Text)
		n := max(next[id], 2)
		for taken[id+"-"+strconv.Itoa(n)] != 0 {
			n++
		}
		next[id] = n + 1
		list[i].ID = id + "-" + strconv.Itoa(n)
		taken[list[i].ID] = list[i].Line
	}
	return list
}

func eachHeading(n ast.Node, f func(*ast.Heading)) {
	if h, ok := n.(*ast.Heading); ok {
		f(h)
		return
	}
	for c := n.FirstChild(); c != nil && c.Type() != ast.TypeInline; c = c.NextSibling() {
		eachHeading(c, f)
	}
}

// headingID makes an id from a heading's text: letters and digits in lower
// case, "-" between words. Anything else, or a digit at the beginning, would
// be hard to write in CSS.
func headingID(text string) string {
	if isJapaneseID(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for _, c := range strings.ToLower(norm.NFC.String(text)) {
		switch {
		case unicode.IsLetter(c), unicode.IsDigit(c):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(c)
		case unicode.IsSpace(c), c == '-':
			gap = true
		}
	}
	id := b.String()
	switch first, _ := utf8.DecodeRuneInString(id); {
	case id == "":
		return "section"
	case !unicode.IsLetter(first):
		return "section-" + id
	}
	return id
}

// isJapaneseID reports whether text is its own id, as most Japanese headings
// are: kana, ideographs and, behind them, Latin letters and digits. Those are
// letters to Unicode and have only one form.
func isJapaneseID(text string) bool {
	for i, c := range text {
		switch {
		case 0x4E00 <= c && c <= 0x9FA5, 0x3041 <= c && c <= 0x3096, 0x30A1 <= c && c <= 0x30FA, c == 'ー', 'a' <= c && c <= 'z':
		case '0' <= c && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return text != ""
}

// explicitID returns the id of {#id}, "" if there is none that can be used.
func (r *reading) explicitID(n *ast.Heading) string {
	value, ok := n.AttributeString("id")
	if !ok {
		return ""
	}
	b, _ := value.([]byte)
	id := norm.NFC.String(string(b))
	first, _ := utf8.DecodeRuneInString(id)
	if !isName(id) || !unicode.IsLetter(first) || strings.HasPrefix(id, footnotePrefix) || strings.HasPrefix(id, footnoteMarkPrefix) {
		r.report(n.Pos(), diag.HeadingAttribute, "junk", "#"+id, "example", "{#id .class}")
		return ""
	}
	return id
}

// classes returns the classes of {.class}, separated by spaces.
func (r *reading) classes(n *ast.Heading) string {
	value, _ := n.AttributeString("class")
	b, _ := value.([]byte)
	return string(b)
}

// isName reports whether s may be an id or a class.
func isName(s string) bool {
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

// lintHeadings reports levels that are skipped, and attributes that a heading
// cannot have.
func (r *reading) lintHeadings() {
	before := 1 // the page's title
	for _, n := range r.headingNodes {
		if n.Level == 1 {
			r.report(n.Pos(), diag.BodyHeadingOne)
		}
		level := max(n.Level, 2)
		if level > before+1 {
			r.report(n.Pos(), diag.SkippedHeadingLevel, "level", strconv.Itoa(level),
				"before", strconv.Itoa(before), "marks", strings.Repeat("#", before+1))
		}
		before = level
		if len(r.plain(n)) == 0 {
			r.report(n.Pos(), diag.EmptyHeading)
		}
		for _, a := range n.Attributes() {
			switch name := string(a.Name); name {
			case "id": // explicitID looks at it
			case "class":
				for class := range strings.FieldsSeq(r.classes(n)) {
					if !isName(class) {
						r.report(n.Pos(), diag.HeadingAttribute, "junk", "."+class, "example", "{#id .class}")
					}
				}
			default:
				r.report(n.Pos(), diag.HeadingAttribute, "junk", name, "example", "{#id .class}")
			}
		}
	}
}
