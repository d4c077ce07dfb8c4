package markdown

import (
	"bytes"
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
		w.doc.Sum = w.sum()
		return w.doc
	}
	w.doc.Headings = in.headings(root)
	return w.finish(w.body(root))
}

// rawAttribute writes name="value" with a space before it, in an open tag.
func (w *renderer) rawAttribute(name, value string) {
	w.html = appendAttribute(w.html, name, value)
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
	w.block(before)
	w.words([]byte(s))
	w.block(after)
	w.endText()
}

func (w *renderer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.node(n)
	}
}

// wrap writes a block between two tags.
func (w *renderer) wrap(before string, n ast.Node, after string) {
	w.block(before)
	w.blocks(n)
	w.block(after)
}

func (w *renderer) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.paragraph(n)
	case *ast.TextBlock:
		w.inlines(n)
		w.endText()
		if n.NextSibling() != nil {
			w.blank(true)
		}
	case *ast.Heading:
		w.heading(n)
	case *ast.Blockquote:
		w.wrap("<blockquote>", n, "</blockquote>")
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.item(n)
	case *ast.ThematicBreak:
		w.block("<hr>")
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
		w.wrap("<dl>", n, "</dl>")
	case *extast.DefinitionTerm:
		w.block("<dt>")
		w.inlines(n)
		w.block("</dt>")
		w.endText()
	case *extast.DefinitionDescription:
		w.wrap("<dd>", n, "</dd>")
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
	w.block("<p>")
	begin, slots := len(w.html), len(w.slots)
	w.inlines(n)
	if len(w.html) == begin && len(w.slots) == slots {
		w.html = w.html[:begin-len("<p>")] // nothing but HTML that was left out, or blanks
	} else {
		w.block("</p>")
	}
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
	w.block("<" + tag)
	w.rawAttribute("id", h.ID)
	if classes := strings.TrimFunc(w.classes(n), isBlankRune); classes != "" {
		w.html = appendTokens(w.html, "class", classes)
	}
	w.raw(">")
	w.inlines(n)
	w.block("</" + tag + ">")
	w.endText()
	w.section = h.ID
}

func (w *renderer) list(n *ast.List) {
	if !n.IsOrdered() {
		w.wrap("<ul>", n, "</ul>")
		return
	}
	w.block("<ol")
	if n.Start != 1 {
		w.rawAttribute("start", strconv.Itoa(n.Start))
	}
	w.wrap(">", n, "</ol>")
}

func (w *renderer) item(n *ast.ListItem) {
	tag := "<li>"
	if first := n.FirstChild(); first != nil {
		if _, task := first.FirstChild().(*extast.TaskCheckBox); task {
			tag = `<li class="task">`
		}
	}
	w.wrap(tag, n, "</li>")
}

func (w *renderer) code(n ast.Node, language string) {
	w.block("<pre><code")
	if language != "" {
		w.html = appendTokens(w.html, "class", "language-"+language)
	}
	w.raw(">")
	lines := n.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		b := segment.Value(w.src)
		w.html = appendEscaped(w.html, b)
		w.text = append(w.text, b...)
	}
	w.block("</code></pre>")
	w.endText()
}

func (w *renderer) table(n *extast.Table) {
	// A wide table scrolls, so that the keyboard must reach it, and what it
	// reaches needs a name. A group is no landmark: many tables under one
	// heading may have the same name.
	w.block(`<div class="table"`)
	if w.section != "" {
		w.raw(` role="group" tabindex="0"`)
		w.rawAttribute("aria-labelledby", w.section)
	}
	w.raw("><table>")
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if _, head := row.(*extast.TableHeader); head {
			w.block("<thead>")
			w.row(row, `<th scope="col"`, "</th>")
			w.block("</thead>")
			continue
		}
		if !body {
			w.block("<tbody>")
			body = true
		}
		w.row(row, "<td", "</td>")
	}
	if body {
		w.block("</tbody>")
	}
	w.block("</table></div>")
}

func (w *renderer) row(row ast.Node, tag, end string) {
	w.block("<tr>")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cell, ok := c.(*extast.TableCell)
		if !ok {
			continue
		}
		w.block(tag)
		if cell.Alignment != extast.AlignNone {
			w.rawAttribute("class", cell.Alignment.String())
		}
		w.raw(">")
		if w.last != 0 {
			w.space()
			w.last = 0
		}
		w.inlines(cell)
		w.block(end)
	}
	w.block("</tr>")
	w.endText()
}
