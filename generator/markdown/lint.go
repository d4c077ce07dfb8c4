package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"kaiho/generator/diag"
)

// lint reports what rendering does not see.
func (r *reading) lint(root ast.Node, spans []span) {
	if over := r.tooMuch; over.rule != "" {
		r.report(over.offset, over.rule, over.args...)
		return
	}
	for _, d := range r.directives {
		r.lintDirective(d)
	}
	for _, n := range r.openCode {
		fence := "```"
		if r.src[n.Pos()] == '~' {
			fence = "~~~"
		}
		r.report(n.Pos(), diag.UnclosedCode, "fence", fence)
	}
	for _, n := range r.ruby {
		r.report(n.Pos(), diag.RubyReadings, "base", string(n.base[0]),
			"readings", strconv.Itoa(len(n.readings)), "letters", strconv.Itoa(len(graphemes(n.base[0]))))
	}
	for _, split := range r.splitRuby {
		r.report(split.offset, diag.RubyInTable, "ruby", split.text, "right", strings.ReplaceAll(split.text, "|", `\|`))
	}
	r.lintHeadings()
	r.lintFootnotes()
	r.lintFences(root)
	if len(spans) > 0 {
		r.lintReferences(root, spans)
	}
}

func (r *reading) lintDirective(d *directive) {
	if d.spec == nil {
		r.report(d.offset, diag.UnknownDirective, "name", d.name,
			"nearest", diag.Nearest(d.name, directiveNames), "known", diag.Choices(directiveNames, false))
	} else {
		for _, p := range d.attributeProblems() {
			r.report(p.offset, diag.DirectiveAttribute, append([]string{"name", d.name, "form", d.spec.form}, p.args...)...)
		}
		if d.junk != "" {
			r.report(d.junkOffset, diag.DirectiveAttribute, "name", d.name, "form", d.spec.form, "junk", d.junk)
		}
	}
	if d.last < 0 {
		r.report(d.offset, diag.UnclosedDirective, "name", d.name, "colons", strings.Repeat(":", d.colons))
	}
}

// lintFences looks for lines that look like a directive's fence and are none,
// and for fences in the middle of a line. A slip in ":::members" would publish
// what members alone should read, so that this looks at the lines themselves,
// and anything that nothing explains is an error.
func (r *reading) lintFences(root ast.Node) {
	if !hasColon(r.src) {
		return
	}
	code := codePlaces{reading: r, root: root}
	offset := 0
	for i := 0; offset < len(r.src); i++ {
		line, _, _ := bytes.Cut(r.src[offset:], []byte("\n"))
		if !r.fences[i] && hasColon(line) {
			if at, rule, name := fenceLike(line); rule == "" {
				r.lintInline(&code, line, i, offset)
			} else if !code.hasLine(i) {
				r.report(offset+at, rule, "name", name)
			}
		}
		offset += len(line) + 1
	}
}

// lintInline reports the first directive in the middle of the line of index i,
// which begins at offset.
func (r *reading) lintInline(code *codePlaces, line []byte, i, offset int) {
	for at, end := inlineFence(line, 0); at >= 0; at, end = inlineFence(line, end) {
		if code.hasLine(i) {
			return
		}
		if !code.hasSpan(offset + at) {
			r.report(offset+at, diag.DirectivePlace)
			return
		}
	}
}

// hasColon reports whether there is a colon in b, or what looks like one. Most
// lines have none, and this is quick to say so.
func hasColon(b []byte) bool {
	for i := 0; i < len(b); {
		switch first := b[i]; {
		case first == ':':
			return true
		case first < 0xE0:
			i++
			continue
		case first == 0xE2, first == 0xEA, first == 0xEF: // the first bytes of the others
			if c, _ := utf8.DecodeRune(b[i:]); isColonLike(c) {
				return true
			}
		}
		i += 3 // or four, and the fourth is none of these
	}
	return false
}

// fenceLike says what is wrong if line, which is not read as a fence, was
// meant to be one: a rule, the offset of its colons, and the name after them.
func fenceLike(line []byte) (at int, rule diag.Rule, name string) {
	at = len(line) - len(bytes.TrimLeftFunc(line, isBeforeFence))
	colons, wide, gaps, end := 0, false, false, at
	for end < len(line) {
		c, size := utf8.DecodeRune(line[end:])
		if !isColonLike(c) && !isBlank(c) {
			break
		}
		if isColonLike(c) {
			gaps = gaps || colons > 0 && isBlank(lastRune(line[:end]))
			colons++
			wide = wide || c != ':'
		}
		end += size
	}
	if colons == 0 {
		return 0, "", ""
	}
	rest := string(bytes.TrimSpace(line[end:]))
	word := strings.TrimRightFunc(rest, func(c rune) bool { return c == '}' })
	if i := strings.IndexFunc(word, func(c rune) bool { return !unicode.IsLetter(c) }); i >= 0 {
		word = word[:i]
	}
	name = strings.ToLower(word)
	directiveLike := isDirectiveLike(name, rest[len(word):])
	switch {
	case colons >= 3 && wide, colons == 2 && wide && directiveLike:
		return at, diag.DirectiveFullwidth, name
	case colons >= 3 && rest == "" && !gaps:
		return at, diag.StrayDirectiveEnd, ""
	case colons >= 3:
		return at, diag.DirectivePlace, name
	case colons == 2 && directiveLike,
		colons == 1 && name == "members" && directiveLike && lastRune(line[:end]) == ':':
		return at, diag.DirectiveColons, name
	case colons == 1 && wide && name == "members" && directiveLike:
		return at, diag.DirectiveFullwidth, name
	}
	return 0, "", ""
}

// isDirectiveLike reports whether name, and what follows it on its line, may
// have been meant as a directive.
func isDirectiveLike(name, rest string) bool {
	if rest != "" && !strings.ContainsAny(rest[:1], "{ \t") && !strings.HasPrefix(rest, "｛") && !strings.HasPrefix(rest, "　") {
		return false
	}
	return slices.Contains(directiveNames, name) || diag.Nearest(name, directiveNames) == "members"
}

func lastRune(b []byte) rune {
	c, _ := utf8.DecodeLastRune(b)
	return c
}

// isBlank reports whether c shows nothing: spaces of every kind, and marks
// such as U+200B and U+FEFF that get into a text unseen.
func isBlank(c rune) bool { return unicode.IsSpace(c) || unicode.Is(unicode.Cf, c) }

// isBeforeFence reports whether c may stand before a fence: blanks, and what
// begins a quote or a list item.
func isBeforeFence(c rune) bool {
	return isBlank(c) || strings.ContainsRune(">*+-.)0123456789", c)
}

// isColonLike reports whether c is a colon or looks like one.
func isColonLike(c rune) bool {
	switch c {
	case ':', '：', '﹕', '︓', '∶', '꞉':
		return true
	}
	return false
}
