package markdown

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// beginTable is how a table begins that is there for its looks only: padding,
// borders and colours of anything but a cell are lost in Outlook.
const beginTable = `<table role="presentation" border="0" cellpadding="0" cellspacing="0"`

// box writes a cell around what inner writes, in an element that has the margins
// of n, which Outlook does not give to tables. sides is what the cell takes of
// the width.
func (w *htmlEdition) box(n ast.Node, tag, class, color, style string, sides int, inner func()) {
	w.raw("<", tag, ` style="`, margins(n, 4, 24), `padding:0">`, beginTable, ` width="100%"><tr><td class="`, class, `"`)
	if color != "" {
		w.raw(` bgcolor="`, color, `"`)
	}
	w.raw(` style="`, w.words.font, strings.TrimSuffix(style, ";"), `">`, "\n")
	w.last = 0
	w.inside(sides, inner)
	w.close("</td></tr></table></" + tag + ">")
}

// line writes words of a directive's opening line.
func (w *htmlEdition) line(tag, class, style, before, words string) {
	w.open(tag, class, style)
	w.text([]byte(before + words))
	w.close("</" + tag + ">")
}

func (w *htmlEdition) code(n ast.Node) {
	w.box(n, "div", "k-panel", mailPanel, stylePanel, mailPanelSides, func() {
		w.open("pre", "k-ink", stylePre)
		w.text(w.codeOf(n))
		for len(w.out) > 0 && w.out[len(w.out)-1] == '\n' {
			w.out = w.out[:len(w.out)-1]
		}
		w.close("</pre>")
	})
}

// table writes a table of data, whose cells have lines below.
func (w *htmlEdition) table(n *extast.Table) {
	w.raw(`<div style="`, margins(n, 4, 24), `padding:0"><table border="0" cellpadding="0" cellspacing="0" width="100%" style="`,
		w.words.font, strings.TrimSuffix(styleTable, ";"), `">`, "\n")
	columns := max(len(n.Alignments), 1)
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, isHeader := row.(*extast.TableHeader)
		w.raw("<tr>")
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			if cell, is := c.(*extast.TableCell); is {
				w.inside(w.room-w.room/columns+12, func() { w.cell(cell, isHeader) })
			}
		}
		w.close("</tr>")
	}
	w.close("</table></div>")
}

// nowrapColumns is up to how many half-width columns the first cell of a row
// stays in one line.
const nowrapColumns = 14

func (w *htmlEdition) cell(n *extast.TableCell, isHeader bool) {
	tag, class, style, align := "td", "k-ink k-rule", w.look.cell, "left"
	if isHeader {
		tag, class, style = "th", "k-sub k-rule", w.look.header
	}
	if n.Alignment != extast.AlignNone {
		align = n.Alignment.String()
	}
	w.raw("<", tag)
	if isHeader {
		w.raw(` scope="col"`)
	}
	if n.NextSibling() == nil {
		style += "padding-right:0;"
	}
	// A telephone would write the names of rows from top to bottom.
	if n.PreviousSibling() == nil && halfColumns(string(w.plain(n))) <= nowrapColumns {
		style += "white-space:nowrap;"
	}
	w.raw(` align="`, align, `" class="`, class, `" style="`, style, "text-align:", align, `">`)
	w.last = 0
	w.inlines(n)
	w.raw("</", tag, ">")
}

// footnotes writes the texts of the notes, whose marks in the text are numbers
// and no links: a link in a letter leads out of it.
func (w *htmlEdition) footnotes(list *extast.FootnoteList) {
	w.box(list, "div", "k-rule", "", styleNotes, 0, func() {
		w.raw(`<ol type="1" style="`, strings.TrimSuffix(margin(0, 0, mailIndent), ";"), `;padding:0">`, "\n")
		normal := w.look.text
		w.look.text = w.look.small
		for n := list.FirstChild(); n != nil; n = n.NextSibling() {
			w.open("li", "k-sub", margin(0, 4, 0)+"padding:0;"+w.look.small)
			w.inside(mailIndent, func() { w.flow(n) })
			w.close("</li>")
		}
		w.look.text = normal
		w.close("</ol>")
	})
}

func (w *htmlEdition) directive(n *directive) {
	switch n.name {
	case "voice":
		w.box(n, "blockquote", "k-rule", "", styleVoice, mailQuoteSides, func() {
			w.blocks(n)
			w.line("p", "k-sub", margin(0, 0, 0)+w.look.small, w.words.who, n.value("who"))
		})
	case "cta":
		w.blocks(n)
		w.button(n)
	case "gallery":
		for block := n.FirstChild(); block != nil; block = block.NextSibling() {
			for c := block.FirstChild(); c != nil; c = c.NextSibling() {
				if image, is := c.(*ast.Image); is {
					w.figure(image, n)
				}
			}
		}
	case "qa":
		w.line("p", "k-ink", margins(n, 12, 8)+w.look.bold, w.words.question, n.value("q"))
		w.blocks(n)
	case "note":
		w.box(n, "div", "k-panel", mailPanel, stylePanel, mailPanelSides, func() {
			if title := n.value("title"); title != "" {
				w.line("p", "k-ink", margin(0, 8, 0)+w.look.bold, "", title)
			}
			w.blocks(n)
		})
	default: // members
		w.blocks(n)
	}
}

// button writes the link of a cta as a cell of one colour, which is a button
// without a picture in every client.
func (w *htmlEdition) button(n *directive) {
	_, target := w.reference(n)
	if target.URL == "" {
		w.line("p", "k-ink", margins(n, 0, 20)+w.look.bold, "", n.label())
		return
	}
	w.raw(`<div style="`, margins(n, 4, 24), `padding:0">`, beginTable, `><tr><td class="k-button" align="center" bgcolor="`, mailIndigo,
		`" style="`, strings.TrimSuffix(styleButtonCell, ";"), `"><a class="k-button" href="`)
	w.text([]byte(target.URL))
	w.raw(`" style="`, w.words.font, strings.TrimSuffix(styleButton, ";"), `">`)
	w.text([]byte(n.label()))
	w.close("</a></td></tr></table></div>")
}

// picture writes an image no wider than there is room for: Outlook for Windows
// has the attributes, and not max-width.
func (w *htmlEdition) picture(ref Ref, target Target, style string) {
	w.raw(`<img src="`)
	w.text([]byte(target.URL))
	w.raw(`"`)
	if width, height := target.Width, target.Height; width > 0 && height > 0 {
		if width > w.room {
			width, height = w.room, max((height*w.room+width/2)/width, 1)
		}
		w.raw(` width="`, strconv.Itoa(width), `" height="`, strconv.Itoa(height), `"`)
	}
	w.raw(` alt="`)
	w.text([]byte(ref.Text))
	w.raw(`" border="0" style="`, strings.TrimSuffix(style, ";"), `" />`)
}
