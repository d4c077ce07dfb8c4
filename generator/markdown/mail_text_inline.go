package markdown

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// inlineText is the text of one block of the plain edition. "\n" is a line break
// of the author's, and wordJoiner keeps numbers with what they belong to.
type inlineText struct {
	textEdition
	out []byte
}

// inline returns the text of n's children, "" if there is none.
func (w textEdition) inline(n ast.Node) string {
	t := inlineText{textEdition: w}
	t.children(n)
	if len(bytes.TrimSpace(t.out)) == 0 {
		return ""
	}
	return strings.Trim(string(t.out), " \n")
}

// add adds text; blanks that follow one another are one, as in HTML.
func (t *inlineText) add(b []byte) {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == ' ' || r == '\t' || r == '\n':
			if n := len(t.out); n > 0 && t.out[n-1] != ' ' && t.out[n-1] != '\n' {
				t.out = append(t.out, ' ')
			}
		case isMailRune(r) && r != wordJoiner:
			t.out = append(t.out, b[i:i+size]...)
		}
		i += size
	}
}

// glued adds s, which no line's end parts from what is before it.
func (t *inlineText) glued(s string) {
	t.out = append(append(t.out, string(wordJoiner)...), s...)
}

func (t *inlineText) children(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		t.node(n)
	}
}

func (t *inlineText) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		t.add(t.textOf(n))
		last, _ := utf8.DecodeLastRune(t.out)
		switch {
		case n.NextSibling() == nil:
		case n.HardLineBreak():
			t.out = append([]byte(strings.TrimRight(string(t.out), " ")), '\n')
		case n.SoftLineBreak() && !spaceless(last, t.firstRune(n.NextSibling())):
			t.add([]byte(" "))
		}
	case *ast.String:
		t.add(n.Value)
	case *extast.Strikethrough:
		// Without a mark, what was struck out would be said.
		t.add([]byte(t.words.deleted))
		t.children(n)
		t.add([]byte(t.words.deletedEnd))
	case *ast.Link:
		t.link(n, func() { t.children(n) })
	case *ast.AutoLink:
		t.link(n, func() { t.add(n.Label(t.src)) })
	case *ruby:
		t.add(t.words.ruby(n))
	case *extast.FootnoteLink:
		t.glued(t.words.note + strconv.Itoa(n.Index) + t.words.noteEnd)
	case *ast.Image, *ast.RawHTML, *extast.TaskCheckBox, *extast.FootnoteBacklink:
	default:
		t.children(n)
	}
}

// link adds what inner adds, and where it leads: an address of mail or a
// telephone in full, of others the number. A link of a picture only has the
// picture's description.
func (t *inlineText) link(n ast.Node, inner func()) {
	begin := len(t.out)
	inner()
	ref, target := t.reference(n)
	if target.URL == "" || t.options.Number == nil {
		return
	}
	if strings.TrimSpace(string(t.out[begin:])) == "" {
		t.add([]byte(ref.Text))
	}
	words := strings.TrimSpace(string(t.out[begin:]))
	scheme, rest, _ := strings.Cut(target.URL, ":")
	if scheme == "mailto" || scheme == "tel" {
		address, _, _ := strings.Cut(rest, "?")
		if plain, err := url.PathUnescape(address); err == nil {
			address = clean(plain)
		}
		if !strings.Contains(words, address) {
			t.out = append(t.out, t.words.address+address+t.words.addressEnd...)
		}
		return
	}
	if sameAddress(words, target.URL) {
		return
	}
	if number := t.options.Number(target.URL); number > 0 {
		t.glued(t.words.mark + strconv.Itoa(number) + t.words.markEnd)
	}
}

// sameAddress reports whether words are the address of url, with or without its
// scheme.
func sameAddress(words, url string) bool {
	bare := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		return strings.TrimSuffix(s, "/")
	}
	return words == url || bare(escapeURL(words)) == bare(url)
}
