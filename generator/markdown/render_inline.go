package markdown

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"kaiho/generator/diag"
)

func (w *renderer) inlines(parent ast.Node) {
	first := parent.FirstChild()
	if _, task := first.(*extast.TaskCheckBox); task {
		// The label is the checkbox's accessible name.
		w.raw("<label>")
		defer w.raw("</label>")
	}
	for n := first; n != nil; n = n.NextSibling() {
		w.inline(n)
	}
}

func (w *renderer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.textNode(n)
	case *ast.String:
		w.words(n.Value)
	case *ast.CodeSpan:
		w.tagged("code", n)
	case *ast.Emphasis:
		if n.Level == 2 {
			w.tagged("strong", n)
		} else {
			w.tagged("em", n)
		}
	case *extast.Strikethrough:
		w.tagged("del", n)
	case *ast.Link:
		w.link(n)
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.Image:
		w.image(n, inlineImage)
	case *ast.RawHTML:
		w.rawHTML(n)
	case *ruby:
		w.ruby(n)
	case *extast.TaskCheckBox:
		w.raw(`<input type="checkbox" disabled`)
		if n.IsChecked {
			w.raw(" checked")
		}
		w.raw("> ")
	case *extast.FootnoteLink:
		w.footnoteMark(n)
	case *extast.FootnoteBacklink:
		w.backlink(n)
	default:
		w.inlines(n)
	}
}

func (w *renderer) tagged(tag string, n ast.Node) {
	w.raw("<" + tag + ">")
	w.inlines(n)
	w.raw("</" + tag + ">")
}

// words writes text that everybody sees, into HTML and plain text.
func (w *renderer) words(b []byte) {
	if len(b) == 0 {
		return
	}
	w.html = appendEscaped(w.html, b)
	w.text = append(w.text, b...)
	w.last, _ = utf8.DecodeLastRune(b)
}

func (w *renderer) textNode(n *ast.Text) {
	w.words(w.textOf(n))
	switch {
	case n.NextSibling() == nil: // the end of the block, where a break means nothing
	case n.HardLineBreak():
		w.raw("<br>\n")
		w.space()
		w.last = 0
	case n.SoftLineBreak() && !spaceless(w.last, w.firstRune(n.NextSibling())):
		w.raw("\n")
		w.space()
	}
}

// space separates words of plain text.
func (w *renderer) space() {
	if n := len(w.text); n > 0 && w.text[n-1] != ' ' && w.text[n-1] != '\n' {
		w.text = append(w.text, ' ')
	}
}

func (w *renderer) ruby(n *ruby) {
	w.raw("<ruby>")
	for i, base := range n.base {
		w.words([]byte(base))
		w.raw("<rp>（</rp><rt>")
		w.html = appendEscaped(w.html, []byte(n.readings[i]))
		w.raw("</rt><rp>）</rp>")
	}
	w.raw("</ruby>")
}

// ref adds a reference; offset is where it begins in the source.
func (w *renderer) ref(kind RefKind, dest, text, title string, offset int) int {
	scheme, unsafe := unsafeScheme(dest)
	if unsafe {
		w.report(offset, diag.UnsafeLink, "scheme", scheme)
	}
	w.doc.Refs = append(w.doc.Refs, Ref{
		Kind: kind, Dest: dest, Text: text, Title: title,
		Pos: w.pos(offset), Index: len(w.doc.Refs), unsafe: unsafe,
	})
	return len(w.doc.Refs) - 1
}

func (w *renderer) slot(kind slotKind, ref int) {
	w.doc.slots = append(w.doc.slots, slot{at: len(w.html), ref: ref, kind: kind})
}

func (w *renderer) link(n *ast.Link) {
	if w.inLink {
		w.inlines(n)
		return
	}
	dest, text := string(resolve(n.Destination)), w.plain(n)
	if dest == "" {
		w.report(n.Pos(), diag.EmptyLinkDestination, "text", text)
	}
	if text == "" {
		w.report(n.Pos(), diag.EmptyLinkText, "dest", dest)
	}
	w.slot(beginLink, w.ref(Link, dest, text, string(resolve(n.Title)), n.Pos()))
	w.inLink = true
	w.inlines(n)
	w.inLink = false
	w.slot(endLink, 0)
}

func (w *renderer) autoLink(n *ast.AutoLink) {
	label := n.Label(w.src)
	if w.inLink {
		w.words(label)
		return
	}
	dest := n.URL(w.src)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(dest), []byte("mailto:")) {
		dest = append([]byte("mailto:"), dest...)
	}
	offset := n.Pos()
	// A bare address may have the character before it in its position.
	if i := bytes.Index(w.src[max(offset, 0):], label); i == 1 && w.src[offset] != '<' {
		offset++
	}
	w.slot(beginLink, w.ref(Link, string(dest), string(label), "", offset))
	w.words(label)
	w.slot(endLink, 0)
}

func (w *renderer) image(n *ast.Image, kind slotKind) {
	dest, alt := string(resolve(n.Destination)), w.plain(n)
	if dest == "" {
		w.report(n.Pos(), diag.EmptyLinkDestination, "text", alt)
	}
	if alt == "" {
		w.report(n.Pos(), diag.ImageAlt, "file", dest)
	}
	w.slot(kind, w.ref(Image, dest, alt, string(resolve(n.Title)), n.Pos()))
	w.last = 0
}

// unsafeScheme returns the scheme of dest if a browser runs what it names.
// Browsers ignore spaces and control characters in a scheme, and its case.
func unsafeScheme(dest string) (string, bool) {
	var b []byte
	for _, c := range dest {
		if c == ':' {
			break
		}
		if c <= ' ' || c == 0x7F || c == 0xAD || 0x2000 <= c && c <= 0x200F || c == 0xFEFF || c == utf8.RuneError {
			continue
		}
		if c > 0x7F || len(b) > 20 {
			return "", false
		}
		b = append(b, byte(c))
	}
	if len(b) == len(dest) {
		return "", false // no colon
	}
	switch scheme := string(bytes.ToLower(b)); scheme {
	case "javascript", "vbscript", "data":
		return scheme, true
	}
	return "", false
}

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
	w.raw(`<sup class="footnote-ref"`)
	w.rawAttribute("id", footnoteMarkID(n.Index, n.RefIndex))
	if w.inLink {
		w.raw(">" + number + "</sup>")
		return
	}
	w.raw(`><a href="#` + footnotePrefix + number + `" role="doc-noteref">` + number + "</a></sup>")
}

func (w *renderer) backlink(n *extast.FootnoteBacklink) {
	name := strconv.Itoa(n.Index)
	if n.RefCount > 1 {
		name += "-" + strconv.Itoa(n.RefIndex+1)
	}
	w.raw(` <a class="footnote-back" role="doc-backlink"`)
	w.rawAttribute("href", "#"+footnoteMarkID(n.Index, n.RefIndex))
	w.rawAttribute("aria-label", "↩ "+name)
	w.raw(">↩</a>")
}

func (w *renderer) footnoteList(list *extast.FootnoteList) {
	w.raw("<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n")
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		note, ok := n.(*extast.Footnote)
		if !ok {
			continue
		}
		w.raw("<li")
		w.rawAttribute("id", footnotePrefix+strconv.Itoa(note.Index))
		w.raw(">\n")
		w.blocks(note)
		w.raw("</li>\n")
	}
	w.raw("</ol>\n</section>\n")
}
