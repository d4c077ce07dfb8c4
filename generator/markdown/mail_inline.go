package markdown

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// text writes words, in which everything is escaped that HTML or XML takes for
// something else. Characters that a letter cannot have are U+FFFD.
func (w *htmlEdition) text(b []byte) {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == '&':
			w.raw("&amp;")
		case r == '<':
			w.raw("&lt;")
		case r == '>':
			w.raw("&gt;")
		case r == '"':
			w.raw("&quot;")
		case !isMailRune(r):
			w.raw("\uFFFD")
		default:
			w.out = append(w.out, b[i:i+size]...)
		}
		i += size
	}
	if len(b) > 0 {
		w.last, _ = utf8.DecodeLastRune(b)
	}
}

// isMailRune reports whether a letter may have r: no control character, and
// nothing that is none of Unicode's.
func isMailRune(r rune) bool {
	return r == '\n' || r == '\t' || !unicode.IsControl(r) && r&0xFFFE != 0xFFFE && (r < 0xFDD0 || r > 0xFDEF)
}

func (w *htmlEdition) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.inline(n)
	}
}

func (w *htmlEdition) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(w.textOf(n))
		switch {
		case n.NextSibling() == nil:
		case n.HardLineBreak():
			w.raw("<br />\n")
			w.last = 0
		case n.SoftLineBreak() && !spaceless(w.last, w.firstRune(n.NextSibling())):
			w.raw("\n")
		}
	case *ast.String:
		w.text(n.Value)
	case *ast.CodeSpan:
		w.around(`<code class="k-panel" style="`+styleCode[:len(styleCode)-1]+`">`, n, "</code>")
	case *ast.Emphasis:
		if n.Level == 2 {
			w.around("<strong>", n, "</strong>")
		} else {
			w.around(`<em style="`+w.words.emphasis[:len(w.words.emphasis)-1]+`">`, n, "</em>")
		}
	case *extast.Strikethrough:
		w.around(`<del style="`+styleStruck[:len(styleStruck)-1]+`">`, n, "</del>")
	case *ast.Link:
		w.link(n, func() { w.inlines(n) })
	case *ast.AutoLink:
		w.link(n, func() { w.text(n.Label(w.src)) })
	case *ast.Image:
		if ref, target := w.reference(n); target.URL != "" {
			style := styleIcon
			if n.PreviousSibling() == nil && n.NextSibling() == nil { // in a link
				style = stylePicture
			}
			w.picture(ref, target, style)
		}
	case *ruby:
		w.text(w.words.ruby(n))
	case *extast.TaskCheckBox:
		if n.IsChecked {
			w.raw("☑ ")
		} else {
			w.raw("☐ ")
		}
	case *extast.FootnoteLink:
		w.raw(`<sup style="`, styleMark[:len(styleMark)-1], `">[`, strconv.Itoa(n.Index), "]</sup>") // full-width brackets would leave a gap
	case *extast.FootnoteBacklink, *ast.RawHTML:
	default:
		w.inlines(n)
	}
}

func (w *htmlEdition) around(before string, n ast.Node, after string) {
	w.raw(before)
	w.inlines(n)
	w.raw(after)
}

// link writes a link around what inner writes. A link whose only picture cannot
// be shown has the description of it for its text, or it would be lost.
func (w *htmlEdition) link(n ast.Node, inner func()) {
	ref, target := w.reference(n)
	if target.URL == "" {
		inner()
		return
	}
	w.raw(`<a class="k-link" href="`)
	w.text([]byte(target.URL))
	w.raw(`" style="`, styleLink[:len(styleLink)-1], `">`)
	begin := len(w.out)
	inner()
	if len(bytes.TrimSpace(w.out[begin:])) == 0 {
		w.text([]byte(ref.Text))
	}
	w.raw("</a>")
}

// ruby returns the words of n with all readings behind them: <ruby> is lost in
// Gmail and Outlook, and with it what it says.
func (w *mailWords) ruby(n *ruby) []byte {
	base, reading := bytes.Join(n.base, nil), bytes.Join(n.readings, nil)
	return bytes.Join([][]byte{base, []byte(w.reading), reading, []byte(w.readingEnd)}, nil)
}
