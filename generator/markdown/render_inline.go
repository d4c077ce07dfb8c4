package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"kaiho/generator/diag"
)

func (w *renderer) inlines(parent ast.Node) {
	first := parent.FirstChild()
	if _, task := first.(*extast.TaskCheckBox); task {
		// The label is the checkbox's accessible name.
		w.inline("<label>")
		defer w.end("</label>")
	}
	for n := first; n != nil; n = n.NextSibling() {
		w.part(n)
	}
}

func (w *renderer) part(n ast.Node) {
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
		w.object(`<input type="checkbox" disabled`)
		if n.IsChecked {
			w.raw(" checked")
		}
		w.raw(">")
		w.blank(false)
	case *extast.FootnoteLink:
		w.footnoteMark(n)
	case *extast.FootnoteBacklink:
		w.backlink(n)
	default:
		w.inlines(n)
	}
}

func (w *renderer) tagged(tag string, n ast.Node) {
	w.inline("<" + tag + ">")
	if tag != "del" {
		w.prev = emptyTag
	}
	w.inlines(n)
	w.end("</" + tag + ">")
}

// words writes text that everybody sees, into HTML and plain text.
func (w *renderer) words(b []byte) {
	if len(b) == 0 {
		return
	}
	w.put(b)
	w.text = append(w.text, b...)
	w.last, _ = utf8.DecodeLastRune(b)
}

func (w *renderer) textNode(n *ast.Text) {
	w.words(w.textOf(n))
	switch {
	case n.NextSibling() == nil: // the end of the block, where a break means nothing
	case n.HardLineBreak():
		w.block("<br>")
		w.space()
		w.last = 0
	case n.SoftLineBreak() && !spaceless(w.last, w.firstRune(n.NextSibling())):
		w.blank(true)
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
	w.inline("<ruby>")
	for i, base := range n.base {
		w.words(base)
		w.object("<rp>（</rp><rt>")
		w.put(n.readings[i])
		w.object("</rt><rp>）</rp>")
	}
	w.end("</ruby>")
}

// ref adds the reference that n is; offset is where it begins in the source.
func (w *renderer) ref(n ast.Node, kind RefKind, dest, text, title []byte, offset int) int {
	scheme, unsafe := unsafeScheme(dest)
	if unsafe {
		w.report(offset, diag.UnsafeLink, "scheme", scheme)
	}
	index := len(w.refs)
	if w.refOf != nil {
		w.refOf[n] = index
	}
	w.refs = append(w.refs, Ref{Kind: kind, Pos: w.pos(offset), Index: index, Unsafe: unsafe})
	w.pieces = append(w.pieces, refPieces{keep(w.buffers, dest), keep(w.buffers, title), keep(w.buffers, text)})
	return index
}

// link writes a link. What is between its tags is its text, most often.
func (w *renderer) link(n *ast.Link) {
	if w.inLink {
		w.inlines(n)
		return
	}
	dest, text := resolve(n.Destination), w.plain(n)
	if len(dest) == 0 {
		w.report(n.Pos(), diag.EmptyLinkDestination, "text", string(text))
	}
	if len(text) == 0 {
		w.report(n.Pos(), diag.EmptyLinkText, "dest", string(dest))
	}
	ref := w.ref(n, Link, dest, text, resolve(n.Title), n.Pos())
	w.linkAround(beginLink, ref, func() { w.inlines(n) })
}

// linkAround writes a link around what inner writes.
func (w *renderer) linkAround(kind slotKind, ref int, inner func()) {
	w.slot(kind, ref)
	w.inLink = true
	inner()
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
	w.linkAround(beginLink, w.ref(n, Link, dest, label, nil, offset), func() { w.words(label) })
}

func (w *renderer) image(n *ast.Image, kind slotKind) {
	dest, alt := resolve(n.Destination), w.plain(n)
	if len(dest) == 0 {
		w.report(n.Pos(), diag.EmptyLinkDestination, "text", string(alt))
	}
	if len(alt) == 0 {
		w.report(n.Pos(), diag.ImageAlt, "file", string(dest))
	}
	w.slot(kind, w.ref(n, Image, dest, alt, resolve(n.Title), n.Pos()))
	w.last = 0
}

// unsafeScheme returns the scheme of dest if a browser runs what it names.
// Browsers ignore spaces and control characters in a scheme, and its case.
func unsafeScheme(dest []byte) (string, bool) {
	if bytes.IndexByte(dest, ':') < 0 {
		return "", false
	}
	var b []byte
	for _, c := range string(dest) {
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
	switch scheme := string(bytes.ToLower(b)); scheme {
	case "javascript", "vbscript", "data":
		return scheme, true
	}
	return "", false
}
