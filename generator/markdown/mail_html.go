package markdown

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// htmlEdition writes the HTML of a letter.
type htmlEdition struct {
	*edition
	look mailLook
	out  []byte
	last rune // the last letter of text in this block, for line breaks
	room int  // px that a picture may be wide
}

func mailHTML(e *edition, root ast.Node) string {
	w := &htmlEdition{edition: e, look: e.words.look(), room: mailWidth}
	w.blocks(root)
	return strings.TrimSuffix(string(w.out), "\n")
}

// raw writes tags.
func (w *htmlEdition) raw(pieces ...string) {
	for _, s := range pieces {
		w.out = append(w.out, w.tinted(s)...)
	}
}

// tinted returns a piece of markup with the letter's own accent colour. Addresses and
// words never have it after color: or solid, where styles do.
func (w *htmlEdition) tinted(s string) string {
	accent := w.options.Accent
	switch {
	case accent == "" || !strings.Contains(s, mailIndigo):
		return s
	case s == mailIndigo:
		return accent
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "color:"+mailIndigo, "color:"+accent), "solid "+mailIndigo, "solid "+accent)
}

// open writes the beginning of an element; class may be "".
func (w *htmlEdition) open(tag, class, style string) {
	w.raw("<", tag)
	if class != "" {
		w.raw(` class="`, class, `"`)
	}
	w.raw(` style="`, strings.TrimSuffix(style, ";"), `">`)
	w.last = 0
}

// close writes the end of a block.
func (w *htmlEdition) close(tags string) {
	w.raw(tags, "\n")
	w.last = 0
}

// inside writes what is in a box that takes so many px of the room.
func (w *htmlEdition) inside(sides int, inner func()) {
	before := w.room
	w.room = max(w.room-sides, minPicture)
	inner()
	w.room = before
}

// margins returns the margins of the block n, which is one among others: none
// above the first of a box and below the last.
func margins(n ast.Node, top, bottom int) string {
	if isFirst(n) {
		top = 0
	} else if p := n.Parent().Kind(); p == ast.KindListItem || p == extast.KindDefinitionDescription {
		top = max(top, 8)
	}
	if isLast(n) {
		bottom = 0
	}
	if d, in := n.Parent().(*directive); in && d.name == "voice" && n.NextSibling() == nil {
		bottom = min(bottom, 8) // who speaks is next
	}
	return margin(top, bottom, 0)
}

func margin(top, bottom, left int) string {
	px := func(n int) string {
		if n == 0 {
			return "0"
		}
		return strconv.Itoa(n) + "px"
	}
	s := "margin:" + px(top) + " 0 " + px(bottom)
	if left > 0 {
		s += " " + px(left)
	}
	return s + ";"
}

// isFirst reports whether nothing is above n in its box.
func isFirst(n ast.Node) bool {
	for {
		for b := n.PreviousSibling(); b != nil; b = b.PreviousSibling() {
			if !isSilent(b) {
				return false
			}
		}
		d, open := n.Parent().(*directive)
		if !open {
			return true
		}
		switch d.name {
		case "note":
			return d.value("title") == ""
		case "members", "cta":
			n = d
		default:
			return d.name == "voice"
		}
	}
}

// isLast reports whether nothing is below n in its box. At the end of the whole
// body the letter goes on.
func isLast(n ast.Node) bool {
	for {
		for b := n.NextSibling(); b != nil; b = b.NextSibling() {
			if !isSilent(b) {
				return false
			}
		}
		switch p := n.Parent().(type) {
		case nil, *ast.Document:
			return false
		case *directive:
			if p.name != "members" && p.name != "qa" {
				return p.name == "note"
			}
			n = p
		default:
			return true
		}
	}
}

func (w *htmlEdition) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *htmlEdition) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.paragraph(n)
	case *ast.TextBlock:
		w.textBlock(n, "p", "k-ink", margins(n, 0, 0)+w.look.text)
	case *ast.Heading:
		level := min(max(n.Level, 2), 4)
		top := [...]int{36, 28, 24}[level-2]
		w.textBlock(n, "h"+strconv.Itoa(level), [...]string{"k-ink", "k-ink", "k-sub"}[level-2], margins(n, top, 12)+w.look.headings[level-2])
	case *ast.Blockquote:
		w.box(n, "blockquote", "k-rule", "", styleQuote, mailQuoteSides, func() { w.blocks(n) })
	case *ast.List:
		w.list(n)
	case *ast.ThematicBreak:
		w.raw(`<hr class="k-rule" size="1" style="`, margins(n, 32, 32), strings.TrimSuffix(styleRule, ";"), `" />`, "\n")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.code(n)
	case *ast.HTMLBlock, *ast.LinkReferenceDefinition:
	case *extast.Table:
		w.table(n)
	case *extast.DefinitionList:
		w.open("dl", "", margins(n, 0, 20)+"padding:0;")
		w.blocks(n)
		w.close("</dl>")
	case *extast.DefinitionTerm:
		w.textBlock(n, "dt", "k-ink", margin(0, 0, 0)+w.look.bold)
	case *extast.DefinitionDescription:
		w.open("dd", "k-ink", margin(0, 10, mailIndent)+"padding:0;"+w.look.text)
		w.inside(mailIndent, func() { w.flow(n) })
		w.close("</dd>")
	case *extast.FootnoteList:
		w.footnotes(n)
	case *directive:
		w.directive(n)
	default:
		w.blocks(n)
	}
}

// textBlock writes a block of text, unless there is nothing in it to be seen.
func (w *htmlEdition) textBlock(n ast.Node, tag, class, style string) {
	start := len(w.out)
	w.open(tag, class, style)
	begin := len(w.out)
	w.inlines(n)
	if strings.TrimSpace(string(w.out[begin:])) == "" {
		w.out = w.out[:start]
		return
	}
	w.close("</" + tag + ">")
}

func (w *htmlEdition) paragraph(n *ast.Paragraph) {
	if image := onlyImage(n, w.src); image != nil {
		w.figure(image, n)
		return
	}
	w.textBlock(n, "p", "k-ink", margins(n, 0, 20)+w.look.text)
}

// figure writes a picture that stands alone, with its caption; at is the block
// whose place it takes.
func (w *htmlEdition) figure(image *ast.Image, at ast.Node) {
	ref, target := w.reference(image)
	if target.URL == "" {
		return
	}
	w.open("div", "", margins(at, 8, 24))
	w.picture(ref, target, stylePicture)
	if ref.Title != "" {
		w.open("p", "k-sub", margin(8, 0, 0)+w.look.small)
		w.text([]byte(ref.Title))
		w.raw("</p>")
	}
	w.close("</div>")
}

// flow writes the blocks of a list item, of which the first is text of the item
// itself: Outlook moves a paragraph in an item away from its bullet.
func (w *htmlEdition) flow(item ast.Node) {
	for n := item.FirstChild(); n != nil; n = n.NextSibling() {
		_, tight := n.(*ast.TextBlock)
		if p, loose := n.(*ast.Paragraph); (tight || loose && onlyImage(p, w.src) == nil) && n.PreviousSibling() == nil {
			w.inlines(n)
			continue
		}
		w.block(n)
	}
}

func (w *htmlEdition) list(n *ast.List) {
	// Outlook puts the bullets of a list that is indented by its padding outside
	// of the letter; a margin it understands.
	style := strings.TrimSuffix(margins(n, 0, 20), ";")
	style += " " + strconv.Itoa(mailIndent) + "px;padding:0"
	if !n.IsOrdered() {
		w.raw(`<ul type="disc" style="`, style, `">`, "\n")
	} else {
		w.raw(`<ol type="1"`)
		if n.Start != 1 {
			w.raw(` start="`, strconv.Itoa(n.Start), `"`)
		}
		w.raw(` style="`, style, `">`, "\n")
	}
	below := 10
	if n.IsTight {
		below = 4
	}
	w.inside(mailIndent, func() {
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			style := margin(0, below, 0) + "padding:0;" + w.look.text
			if isTask(item) {
				style += "list-style-type:none;"
			}
			w.open("li", "k-ink", style)
			w.flow(item)
			w.close("</li>")
		}
	})
	if n.IsOrdered() {
		w.close("</ol>")
	} else {
		w.close("</ul>")
	}
}

// isTask reports whether item begins with a box to tick.
func isTask(item ast.Node) bool {
	first := item.FirstChild()
	if first == nil {
		return false
	}
	_, is := first.FirstChild().(*extast.TaskCheckBox)
	return is
}
