package markdown

import (
	"strconv"
	"strings"

	extast "github.com/yuin/goldmark/extension/ast"
)

// The ids of footnotes have an underscore, which no heading's own text gives,
// and which {#id} may not use in this way.
const (
	footnotePrefix     = "fn_"
	footnoteMarkPrefix = "fnref_"
)

func footnoteMarkID(index, refIndex int) string {
	id := footnoteMarkPrefix + strconv.Itoa(index)
	if refIndex > 0 {
		id += "_" + strconv.Itoa(refIndex+1)
	}
	return id
}

func (w *renderer) footnoteMark(n *extast.FootnoteLink) {
	number := strconv.Itoa(n.Index)
	w.object(`<sup class="footnote-ref"`)
	w.rawAttribute("id", footnoteMarkID(n.Index, n.RefIndex))
	if w.inLink {
		w.raw(">" + number + "</sup>")
		return
	}
	w.raw(`><a href="#` + footnotePrefix + number + `" role="doc-noteref">` + number + "</a></sup>")
}

func (w *renderer) backlink(n *extast.FootnoteBacklink) {
	w.blank(false)
	w.object(`<a class="footnote-back" role="doc-backlink"`)
	w.rawAttribute("href", "#"+footnoteMarkID(n.Index, n.RefIndex))
	w.rawAttribute("aria-label", w.backlinkName(n))
	w.raw(">↩</a>")
}

// backlinkName says where the arrow leads, to those who do not see it.
func (w *renderer) backlinkName(n *extast.FootnoteBacklink) string {
	note, place := strconv.Itoa(n.Index), strconv.Itoa(n.RefIndex+1)
	switch {
	case w.japanese() && n.RefCount > 1:
		return "本文の注" + note + "（" + place + "か所目）へ戻る"
	case w.japanese():
		return "本文の注" + note + "へ戻る"
	case n.RefCount > 1:
		return "Back to note " + note + " in the text, place " + place
	}
	return "Back to note " + note + " in the text"
}

func (r *reading) japanese() bool {
	base, _, _ := strings.Cut(r.options.Lang, "-")
	return base == "ja"
}

// footnoteList writes the texts of the footnotes. They are no section: that
// would want a heading.
func (w *renderer) footnoteList(list *extast.FootnoteList) {
	name := "Notes"
	if w.japanese() {
		name = "注"
	}
	w.block(`<div class="footnotes" role="doc-endnotes"`)
	w.rawAttribute("aria-label", name)
	w.raw("><ol>")
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		note, ok := n.(*extast.Footnote)
		if !ok {
			continue
		}
		w.block("<li")
		w.rawAttribute("id", footnotePrefix+strconv.Itoa(note.Index))
		w.wrap(">", note, "</li>")
	}
	w.block("</ol></div>")
}
