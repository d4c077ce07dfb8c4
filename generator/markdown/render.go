package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// renderer writes one Doc.
type renderer struct {
	*reading
	doc     *Doc
	last    rune // the last letter of text in this block, for line breaks
	inLink  bool
	next    int    // index of the next heading
	section string // id of the heading before this place
}

// render makes the Doc of a parsed body.
func render(root ast.Node, in *reading) *Doc {
	w := &renderer{reading: in, doc: &Doc{}}
	if in.tooMuch.rule != "" {
		w.doc.hash = w.sum()
		return w.doc
	}
	w.doc.Headings = in.headings(root)
	w.heads = slices.Grow(w.heads, len(w.headingNodes))[:len(w.headingNodes)]
	clear(w.heads)
	from, to := w.body(root)
	w.text = bytes.TrimRight(w.text, "\n")
	d := w.finish()
	d.Lead = strings.TrimRight(d.Text[from:min(to, len(d.Text))], "\n")
	return d
}

func (w *renderer) raw(s string) { w.html = append(w.html, s...) }

// rawAttribute writes name="value" with a space before it.
func (w *renderer) rawAttribute(name, value string) {
	w.raw(" " + name + `="`)
	w.html = appendEscaped(w.html, value)
	w.raw(`"`)
}

// endText ends a block of plain text.
func (w *renderer) endText() {
	for len(w.text) > 0 && w.text[len(w.text)-1] == ' ' {
		w.text = w.text[:len(w.text)-1]
	}
	if n := len(w.text); n > 0 && w.text[n-1] != '\n' {
		w.text = append(w.text, '\n')
	}
	w.last = 0
}

// line writes s as a block of its own: words that stand in a directive's
// opening line.
func (w *renderer) line(before, s, after string) {
	w.raw(before)
	w.words([]byte(s))
	w.raw(after)
	w.endText()
}

func (w *renderer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

// wrap writes a block between two tags.
func (w *renderer) wrap(before string, n ast.Node, after string) {
	w.raw(before)
	w.blocks(n)
	w.raw(after)
}

func (w *renderer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.paragraph(n)
	case *ast.TextBlock:
		w.inlines(n)
		w.endText()
		if n.NextSibling() != nil {
			w.raw("\n")
		}
	case *ast.Heading:
		w.heading(n)
	case *ast.Blockquote:
		w.wrap("<blockquote>\n", n, "</blockquote>\n")
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.item(n)
	case *ast.ThematicBreak:
		w.raw("<hr>\n")
	case *ast.CodeBlock:
		w.code(n, "")
	case *ast.FencedCodeBlock:
		w.code(n, string(resolve(n.Language(w.src))))
	case *ast.HTMLBlock:
		w.htmlBlock(n)
	case *ast.LinkReferenceDefinition:
	case *extast.Table:
		w.table(n)
	case *extast.DefinitionList:
		w.wrap("<dl>\n", n, "</dl>\n")
	case *extast.DefinitionTerm:
		w.raw("<dt>")
		w.inlines(n)
		w.raw("</dt>\n")
		w.endText()
	case *extast.DefinitionDescription:
		w.wrap("<dd>", n, "</dd>\n")
	case *extast.FootnoteList:
		w.footnoteList(n)
	case *extast.FootnoteBacklink:
		w.backlink(n)
	case *directive:
		w.directive(n)
	default:
		w.blocks(n)
	}
}

func (w *renderer) paragraph(n *ast.Paragraph) {
	if image := onlyImage(n, w.src); image != nil {
		w.image(image, figureImage)
		return
	}
	begin, slots := len(w.html), len(w.slots)
	w.raw("<p>")
	w.inlines(n)
	if len(w.html) == begin+len("<p>") && len(w.slots) == slots {
		w.html = w.html[:begin] // nothing but HTML that was left out
		return
	}
	w.raw("</p>\n")
	w.endText()
}

// onlyImage returns the image that is alone in a paragraph.
func onlyImage(n ast.Node, src []byte) *ast.Image {
	var image *ast.Image
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Image:
			if image != nil {
				return nil
			}
			image = c
		case *ast.Text:
			if len(bytes.TrimSpace(c.Segment.Value(src))) > 0 {
				return nil
			}
		default:
			return nil
		}
	}
	return image
}

func (w *renderer) heading(n *ast.Heading) {
	for w.headingNodes[w.next] != n { // those before it were left out
		w.next++
	}
	h := w.doc.Headings[w.next]
	tag := "h" + strconv.Itoa(h.Level)
	w.raw("<" + tag)
	w.rawAttribute("id", h.ID)
	if classes := w.classes(n); classes != "" {
		w.rawAttribute("class", classes)
	}
	w.raw(">")
	id, text, begin := w.keep([]byte(h.ID)), w.keep([]byte(h.Text)), len(w.text)
	w.inlines(n)
	w.heads[w.next] = headPieces{id, w.said(text, begin)}
	w.raw("</" + tag + ">\n")
	w.endText()
	w.section = h.ID
}

func (w *renderer) list(n *ast.List) {
	if !n.IsOrdered() {
		w.wrap("<ul>\n", n, "</ul>\n")
		return
	}
	w.raw("<ol")
	if n.Start != 1 {
		w.rawAttribute("start", strconv.Itoa(n.Start))
	}
	w.wrap(">\n", n, "</ol>\n")
}

func (w *renderer) item(n *ast.ListItem) {
	if first := n.FirstChild(); first != nil {
		if _, task := first.FirstChild().(*extast.TaskCheckBox); task {
			w.wrap(`<li class="task">`, n, "</li>\n")
			return
		}
		if _, tight := first.(*ast.TextBlock); !tight {
			w.wrap("<li>\n", n, "</li>\n")
			return
		}
	}
	w.wrap("<li>", n, "</li>\n")
}

func (w *renderer) code(n ast.Node, language string) {
	w.raw("<pre><code")
	if language != "" {
		w.rawAttribute("class", "language-"+language)
	}
	w.raw(">")
	lines := n.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		b := segment.Value(w.src)
		w.html = appendEscaped(w.html, b)
		w.text = append(w.text, b...)
	}
	w.raw("</code></pre>\n")
	w.endText()
}

func (w *renderer) table(n *extast.Table) {
	// A wide table scrolls, so that the keyboard must reach it, and what it
	// reaches needs a name. A group is no landmark: many tables under one
	// heading may have the same name.
	if w.section != "" {
		w.raw(`<div class="table" role="group" tabindex="0"`)
		w.rawAttribute("aria-labelledby", w.section)
		w.raw(">\n<table>\n")
	} else {
		w.raw("<div class=\"table\">\n<table>\n")
	}
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if _, head := row.(*extast.TableHeader); head {
			w.raw("<thead>\n")
			w.row(row, `th scope="col"`, "th")
			w.raw("</thead>\n")
			continue
		}
		if !body {
			w.raw("<tbody>\n")
			body = true
		}
		w.row(row, "td", "td")
	}
	if body {
		w.raw("</tbody>\n")
	}
	w.raw("</table>\n</div>\n")
}

func (w *renderer) row(row ast.Node, tag, end string) {
	w.raw("<tr>\n")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cell, ok := c.(*extast.TableCell)
		if !ok {
			continue
		}
		w.raw("<" + tag)
		if cell.Alignment != extast.AlignNone {
			w.rawAttribute("class", cell.Alignment.String())
		}
		w.raw(">")
		if w.last != 0 {
			w.space()
			w.last = 0
		}
		w.inlines(cell)
		w.raw("</" + end + ">\n")
	}
	w.raw("</tr>\n")
	w.endText()
}
