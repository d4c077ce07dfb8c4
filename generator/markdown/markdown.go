// Package markdown turns the bodies of content files into HTML, plain text,
// headings and references.
//
// Parse reads a body once and reports the author's mistakes. Source.Doc gives
// the body as one class of readers sees it: a Body, which is its HTML, and
// Facts, which are all else that pages say of one another. Body.HTML writes it
// out, asking for the target of each link and image; a Body keeps HTML in fixed
// pieces, not a syntax tree, so that this is cheap, and so that it can be kept
// in a file. Everything here is pure and safe for concurrent use.
//
// # The language
//
// CommonMark, with the tables, strikethrough, task lists and bare addresses of
// GFM, footnotes ([^x]), definition lists (": text" under a term), and
//
//   - emphasis beside Japanese punctuation: **「引用」**と is bold. Where no East
//     Asian character is near, emphasis is CommonMark's.
//   - line breaks: between wide characters a line break of the source is
//     nothing, elsewhere it is a space. Bare addresses may follow Japanese text
//     directly.
//   - ruby: {漢字|かんじ} for a word, {漢字|かん|じ} letter by letter. \{ is a
//     brace; code has no ruby. In a table "|" must be written "\|".
//   - heading attributes: ## Heading {#id .class}, and nothing else there.
//
// HTML is dropped with a warning unless Options.RawHTML; comments go silently.
//
// The HTML that is written has no byte that a minifier would take away.
//
// # Headings
//
// A heading of level 1 becomes h2, because the page's title is its h1. An id is
// made of the letters and digits of the heading's text, in lower case and NFC,
// with "-" between words; "section-" comes before a digit, because an id must
// begin with a letter. Equal texts get "-2", "-3". No id depends on another
// heading otherwise, and {#id} wins.
//
// # Plain text
//
// Doc.Text has a line for every block: ruby as its base, no footnote marks, no
// image descriptions or captions, the words of a directive's opening line
// included.
//
// # Directives
//
// A line of three or more colons and a name opens a directive, which may have
// attributes: {key=value key="value with space"}. A line of colons alone ends
// it: the innermost one that was opened with as many colons, else the innermost
// that was opened with fewer. A directive may stand in another, in a list item
// (indented with it), in a quotation, in a footnote. In code nothing is one.
//
//	:::voice{who="..."}        figure.voice: blockquote, figcaption
//	:::cta{url=... label=...}  aside.cta: the body, then a link a.button
//	:::gallery                 div.gallery: a figure for each image
//	:::qa{q="..."}             div.qa: p.q, then the body in div.a
//	:::note{title="..."}       aside.note: p.title if there is a title, the body
//	:::members{audience=a,b}   section.members-part: a part for members
//
// # Parts for members
//
// The lines of a part that a reader may not see are taken out of the source,
// and what remains is parsed anew. So no byte of the part can be in that
// reader's Doc, in whatever way Markdown connects distant lines: headings and
// their ids, footnotes, link definitions. A reference whose definition is in
// such a part is an error of the author.
//
// What is not understood is hidden, not shown: an unknown directive, one with a
// wrong attribute, or one that nothing closes is a part that nobody may read.
// And because a slip in ":::members" would publish it, whatever looks like a
// directive and is none is an error, at a line's beginning or in its middle,
// unless it is code, a comment, or has a backslash before it.
//
// # Letters
//
// Source.Mail gives a body as a letter has it, in HTML and in plain text, both
// made from the syntax tree and saying the same. Raw HTML is dropped from both
// always. Ruby is 漢字（かんじ）. A link without a usable target is its text; a
// picture is shown if it has one that is a PNG, JPEG or GIF, and otherwise left
// out with its caption; its description is not shown instead, unless it is all
// that a link has. Notes stand at the end, under the numbers of their marks,
// which are no links.
//
//	          HTML                           plain text (Western)
//	heading   h2 to h4                       ■ ●  (# ##)
//	list      ul, ol; tasks as ☑ ☐           ・ 1.  (* 1.)
//	quotation a line at its left             ｜  (>)
//	table     a line under every row         a line for every cell: 見出し：値, or
//	                                         for every row if there are two columns
//	link      a                              text［1］  ([1])
//	          of mail, of a telephone        text（a@example.jp）
//	struck    del                            （取消：…）  ([deleted: …])
//	picture   img, its caption below         （写真：caption）
//	voice     a line at its left, ―― who     「…」 ―― who
//	cta       the body, a button             the body, ▶ label, the address below
//	gallery   pictures one below another     their captions
//	qa        ―― question, in bold           ―― question
//	note      a panel                        between two lines ───
//
// The plain text breaks as Wrap says; code is not broken.
package markdown

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
)

// Options is what a site decides about its Markdown.
type Options struct {
	RawHTML bool // keep raw HTML; without it HTML is dropped, with a warning
	NoText  bool // leave Doc.Text empty, for those whom its Facts are enough
	NoLead  bool // leave Facts.Lead empty, for those who have a summary
	// Lang is the language of the body, "ja" or "en-GB", in which the words are
	// that the reader of a screen hears at footnotes: Japanese, or else English.
	Lang string
}

// Source is a body that has been read, ready to be rendered for a class of
// readers. It is safe for concurrent use.
type Source struct {
	full  *Doc   // what somebody sees who may read every part
	spans []span // directives whose lines may have to be cut
	parts []Part
	input input
}

// Part is a part of a body that stands in :::members.
type Part struct {
	// Audience is what was written in {audience=a,b}; empty means every named
	// audience.
	Audience audience.Set
	diag.Pos // the opening line
}

// span is the lines of a directive that some readers do not see.
type span struct {
	Part
	first, last int  // line indexes, both included
	broken      bool // not understood, so nobody may read it
}

// Parse reads the body src. path, and firstLine, the number in the file of the
// body's first line, serve for the positions of problems only. Every mistake
// is in the returned problems; the source is usable all the same, and shows
// less rather than more where it was not understood.
func Parse(path string, src []byte, firstLine int, o Options) (*Source, diag.Problems) {
	in := input{path: path, src: normalize(src), firstLine: firstLine, options: o}
	root, r := in.read()
	defer r.release()
	r.reporting = true
	s := &Source{spans: r.spans()}
	for _, sp := range s.spans {
		if !sp.broken {
			s.parts = append(s.parts, sp.Part)
		}
	}
	s.full = render(root, r)
	r.lint(root, s.spans)
	in.src = bytes.Clone(in.src)
	s.input = in
	r.problems.Sort()
	return s, r.problems
}

// Parts returns the parts of the body, in order. Most pages have none.
func (s *Source) Parts() []Part { return s.parts }

// Doc returns the body as somebody sees it who may read the parts for which
// readable holds; nil stands for a reader of no part. The lines of every other
// part are taken out of the source before it is parsed, so that nothing of
// them can be in the result.
func (s *Source) Doc(readable func(Part) bool) *Doc {
	if !slices.ContainsFunc(s.spans, hiddenFrom(readable)) {
		return s.full
	}
	root, r := s.read(readable)
	defer r.release()
	return render(root, r)
}

// hiddenFrom returns what is to be cut for a reader.
func hiddenFrom(readable func(Part) bool) func(span) bool {
	return func(sp span) bool { return sp.broken || readable == nil || !readable(sp.Part) }
}

// read parses what remains when the parts are cut that readable does not hold
// for. The reading is to be released when it is done with.
func (s *Source) read(readable func(Part) bool) (ast.Node, *reading) {
	hidden := hiddenFrom(readable)
	shown := func(sp span) bool { return !hidden(sp) }
	in := s.input
	in.src = bytes.Clone(in.src)
	cut := slices.DeleteFunc(slices.Clone(s.spans), shown)
	// Taking lines out may change what the rest is: a line that was code may
	// become a directive. So what comes out is examined again.
	for {
		blank(in.src, cut)
		root, r := in.read()
		cut = slices.DeleteFunc(r.spans(), shown)
		if len(cut) == 0 {
			return root, r
		}
		r.release()
	}
}

// blank removes the text of the lines of spans from src, keeping the lines.
// spans are in order; they may lie in one another.
func blank(src []byte, spans []span) {
	line, last := 0, -1 // last: up to which line text is removed
	for i := range src {
		for len(spans) > 0 && spans[0].first <= line {
			last = max(last, spans[0].last)
			spans = spans[1:]
		}
		switch {
		case src[i] == '\n':
			line++
		case line <= last:
			src[i] = ' '
		}
	}
}

// normalize makes src what the parser expects: UTF-8, and lines that end in
// "\n". It returns src itself when there is nothing to do.
func normalize(src []byte) []byte {
	if bytes.IndexByte(src, '\r') >= 0 {
		src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	}
	if !utf8.Valid(src) {
		src = bytes.ToValidUTF8(src, []byte("\uFFFD"))
	}
	return src
}
