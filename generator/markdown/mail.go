package markdown

import (
	"bytes"
	"cmp"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Mail is a body as a letter has it, for one class of readers. The package
// comment says what becomes of which construct.
type Mail struct {
	// HTML is a piece for a table cell of the letter. It is well-formed XML but
	// for its having many roots, has every style on its element, no id, and no
	// class but those that a letter's own <style> may use in dark mode:
	//
	//	k-ink     text: color
	//	k-sub     words beside the text: color
	//	k-link    links: color
	//	k-rule    lines: border-color
	//	k-panel   panels: background-color
	//	k-button  a button's cell and its link: background-color, color
	HTML string
	// Text is the same in plain text, in lines that end in "\n" but for the last.
	Text string
	// Refs is every reference, in order, as the Facts of the same reader's Doc
	// have them.
	Refs []Ref
}

// MailOptions is what a letter decides about the bodies in it.
type MailOptions struct {
	// Lang is the language of the letter, "ja" or "en-GB": its brackets, bullets
	// and line height are Japanese, or else Western. Empty: that of Options.
	Lang string
	// Resolve returns the target of a reference and is called once for each, in
	// order. A URL must be absolute, with the scheme http, https, mailto or tel;
	// any other is as good as none: a link becomes its text, a picture is left
	// out. Nil: no reference has a target.
	Resolve func(Ref) Target
	// Number returns the number that stands beside a link in the plain text, in
	// which the letter lists its addresses; 0 for none. It is called in the
	// order of the text. Nil: the plain text has no links.
	Number func(url string) int
	// Columns is how many full-width columns a line of the plain text has; 0
	// stands for 35.
	Columns int
	// Accent is the colour of links and buttons, as #1F4E79, which is that of "".
	Accent string
}

// mailColumns is what Japanese mail clients show of a line on any screen.
const mailColumns = 35

// Mail returns the body as a letter has it for somebody who may read the parts
// for which readable holds; nil stands for a reader of no part. As in Doc, the
// lines of other parts are taken out before anything is parsed.
func (s *Source) Mail(readable func(Part) bool, o MailOptions) Mail {
	root, r := s.read(readable)
	defer r.release()
	r.refOf = map[ast.Node]int{}
	r.options.NoText, r.options.NoLead = true, true
	// The references are those of the web's edition: it is what finds them, and
	// what knows which of them is in a link already.
	doc := render(root, r)
	if r.tooMuch.rule != "" {
		return Mail{}
	}
	o.Lang, o.Columns = cmp.Or(o.Lang, r.options.Lang), cmp.Or(max(o.Columns, 0), mailColumns)
	r.options.Lang = o.Lang
	e := &edition{reading: r, options: o, words: &westernWords, refs: doc.Refs}
	if r.japanese() {
		e.words = &japaneseWords
	}
	e.resolve()
	return Mail{HTML: mailHTML(e, root), Text: mailText(e, root), Refs: doc.Refs}
}

// edition is what the two editions of a letter have in common.
type edition struct {
	*reading
	options MailOptions
	words   *mailWords
	refs    []Ref
	targets []Target // of refs; what a letter cannot use has no URL
}

// resolve asks for all targets.
func (e *edition) resolve() {
	e.targets = make([]Target, len(e.refs))
	for i, ref := range e.refs {
		if e.options.Resolve == nil {
			return
		}
		t := e.options.Resolve(ref)
		t.URL = mailURL(t.URL)
		if !ref.Unsafe && t.URL != "" && (ref.Kind == Link || isMailPicture(t.URL)) {
			e.targets[i] = t
		}
	}
}

// reference returns the reference that n is. What is in a link already, and what
// a gallery leaves out, is none.
func (e *edition) reference(n ast.Node) (Ref, Target) {
	i, is := e.refOf[n]
	if !is {
		return Ref{}, Target{}
	}
	return e.refs[i], e.targets[i]
}

// mailURL returns address as it may stand in a letter, "" if it may not.
func mailURL(address string) string {
	address = escapeURL(strings.TrimSpace(address))
	scheme, rest, _ := strings.Cut(address, ":")
	scheme = strings.ToLower(scheme)
	switch scheme {
	case "http", "https":
		if host, ok := strings.CutPrefix(rest, "//"); !ok || strings.Trim(host, "/?#") == "" {
			return ""
		}
	case "mailto", "tel":
		if rest == "" {
			return ""
		}
	default:
		return ""
	}
	return scheme + ":" + rest
}

// isMailPicture reports whether mail clients show what lies at address: Outlook
// knows neither WebP nor AVIF, and SVG hardly any of them.
func isMailPicture(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".png", ".jpg", ".jpeg", ".gif":
		return true
	}
	return false
}

// codeOf returns the text of a block of code. Mail clients have no common notion
// of how wide a tab is.
func (e *edition) codeOf(n ast.Node) []byte {
	var code []byte
	lines := n.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		code = append(code, segment.Value(e.src)...)
	}
	return bytes.ReplaceAll(code, []byte("\t"), []byte("    "))
}

// label returns what a button says.
func (d *directive) label() string { return strings.TrimSpace(d.value("label")) }

// isSilent reports whether n is a block of which nothing is ever shown.
func isSilent(n ast.Node) bool {
	switch n.(type) {
	case *ast.LinkReferenceDefinition, *ast.HTMLBlock:
		return true
	}
	return false
}
