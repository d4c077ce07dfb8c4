package markdown

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// resolve replaces backslash escapes and entities, as CommonMark's sections
// 2.4 and 2.5 say. It returns b itself when there are none.
func resolve(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 && bytes.IndexByte(b, '&') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\' && i+1 < len(b) && util.IsPunct(b[i+1]):
			i++
			out = append(out, b[i])
		case c == '&':
			r, n := entity(b[i:])
			if n == 0 {
				out = append(out, c)
				continue
			}
			out = append(out, r...)
			i += n - 1
		default:
			out = append(out, c)
		}
	}
	return out
}

// entity returns what the entity at the beginning of b stands for, and its
// length; 0 if there is none.
func entity(b []byte) (string, int) {
	end := bytes.IndexByte(b[:min(len(b), 40)], ';')
	if end < 2 {
		return "", 0
	}
	name := string(b[1:end])
	if name[0] == '#' {
		digits, base := name[1:], 10
		if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || len(digits) > 7 {
			return "", 0
		}
		if n == 0 || !utf8.ValidRune(rune(n)) {
			n = utf8.RuneError
		}
		return string(rune(n)), end + 1
	}
	if strings.ContainsFunc(name, func(c rune) bool { return c > 'z' || !continuesEntity(byte(c)) }) {
		return "", 0 // another entity may be in it
	}
	whole := string(b[:end+1])
	// The standard library also takes entities without ";", of which a part of
	// the name may be one; CommonMark does not.
	if s := html.UnescapeString(whole); s != whole && !strings.HasSuffix(s, ";") {
		return s, end + 1
	}
	return "", 0
}

// escapes is what stands for a byte in code, and in other text too. Control
// characters, which HTML does not allow, become U+FFFD.
var escapes = func() (t [256]string) {
	for c := range byte(' ') {
		t[c] = "\uFFFD"
	}
	t['\n'], t['\t'], t[0x7F] = "", "", "\uFFFD"
	t['&'], t['<'], t['>'], t['"'] = "&amp;", "&lt;", "&gt;", "&quot;"
	return t
}()

// appendEscaped appends b to out as it stands in a block of code.
func appendEscaped(out, b []byte) []byte {
	from := 0
	for i := range len(b) {
		if s := escapes[b[i]]; s != "" {
			out = append(append(out, b[from:i]...), s...)
			from = i + 1
		}
	}
	return append(out, b[from:]...)
}

// escapeURL percent-encodes what may not stand in a URL, and leaves what is
// encoded already.
func escapeURL(url string) string {
	for i := range len(url) {
		if c := url[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>[\\]^`{|}%", c) >= 0 {
			return string(util.URLEscape([]byte(url), false))
		}
	}
	return url
}

// spaceless reports whether a line break between a and b is only of the
// source, as between Japanese letters, where a space would show.
func spaceless(a, b rune) bool {
	wideA, wideB := isEastAsian(a) && !unicode.Is(unicode.Hangul, a), isEastAsian(b) && !unicode.Is(unicode.Hangul, b)
	switch {
	case wideA && wideB:
		return true
	case wideA:
		// After 。 there is no space, whatever follows; and dashes and dots,
		// which are as wide as letters in Japanese, join what is Japanese.
		return util.IsPunctRune(a) || isAmbiguous(b)
	case wideB:
		return util.IsPunctRune(b) || isAmbiguous(a)
	}
	return false
}

// isAmbiguous reports whether r is punctuation that Latin and Japanese text
// share: quotes, dashes, dots.
func isAmbiguous(r rune) bool { return 0x2010 <= r && r <= 0x203B && unicode.IsPunct(r) }

// plain returns the text of an inline node's children: base text of ruby, the
// alternative text of images, no footnote marks. It is valid until the next
// call.
func (r *reading) plain(n ast.Node) []byte {
	r.scratch = r.appendPlain(r.scratch[:0], n)
	return bytes.TrimSpace(r.scratch)
}

func (r *reading) appendPlain(out []byte, parent ast.Node) []byte {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			out = append(out, r.textOf(n)...)
			if (n.SoftLineBreak() || n.HardLineBreak()) && n.NextSibling() != nil {
				last, _ := utf8.DecodeLastRune(out)
				if !spaceless(last, r.firstRune(n.NextSibling())) {
					out = append(out, ' ')
				}
			}
		case *ast.String:
			out = append(out, n.Value...)
		case *ast.AutoLink:
			out = append(out, n.Label(r.src)...)
		case *ruby:
			for _, base := range n.base {
				out = append(out, base...)
			}
		case *extast.FootnoteLink, *extast.FootnoteBacklink, *ast.RawHTML:
		default:
			out = r.appendPlain(out, n)
		}
	}
	return out
}

// textOf returns a text node's text.
func (r *reading) textOf(n *ast.Text) []byte {
	b := n.Segment.Value(r.src)
	if _, inCode := n.Parent().(*ast.CodeSpan); inCode || n.IsRaw() {
		if inCode && inTable(n) {
			b = bytes.ReplaceAll(b, []byte(`\|`), []byte("|"))
		}
		if len(b) > 0 && b[len(b)-1] == '\n' {
			return append(bytes.Clone(b[:len(b)-1]), ' ')
		}
		return b
	}
	return resolve(b)
}

// inTable reports whether n stands in a cell. There "|" is written "\|", in code
// as well (GFM, example 200).
func inTable(n ast.Node) bool {
	for ; n != nil && n.Type() == ast.TypeInline; n = n.Parent() {
	}
	_, is := n.(*extast.TableCell)
	return is
}

// firstRune returns the first letter of n or of what follows it in its
// parent, 0 if that is not text.
func (r *reading) firstRune(n ast.Node) rune {
	for ; n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if b := r.textOf(n); len(b) > 0 {
				first, _ := utf8.DecodeRune(b)
				return first
			}
		case *ruby:
			first, _ := utf8.DecodeRune(n.base[0])
			return first
		case *ast.AutoLink:
			first, _ := utf8.DecodeRune(n.Label(r.src))
			return first
		case *ast.RawHTML:
		default:
			return r.firstRune(n.FirstChild())
		}
	}
	return 0
}

// body writes all blocks, and returns where the first paragraphs lie in the
// plain text. What has no text does not part them, as a picture alone.
func (w *renderer) body(root ast.Node) (from, to int) {
	isOver := false
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		before := len(w.text)
		w.node(n)
		_, isParagraph := n.(*ast.Paragraph)
		switch {
		case isOver || len(w.text) == before:
		case !isParagraph:
			isOver = to > 0
		case to == 0:
			from, to = before, len(w.text)
		default:
			to = len(w.text)
		}
	}
	return from, to
}
