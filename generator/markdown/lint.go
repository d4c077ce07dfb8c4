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
	if r.tooMuch > 0 {
		r.report(r.tooMuch-1, diag.NestedTooDeep)
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
		r.report(n.Pos(), diag.RubyReadings, "base", n.base[0],
			"readings", strconv.Itoa(len(n.readings)), "letters", strconv.Itoa(len(graphemes(n.base[0]))))
	}
	r.lintHeadings(root)
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

// lintFences looks for lines that look like a directive's fence and are none.
// A slip in ":::members" would publish what members alone should read, so that
// this looks at the lines themselves, and anything that nothing explains is an
// error.
func (r *reading) lintFences(root ast.Node) {
	var explained map[int]bool // lines of code and dropped comments
	offset := 0
	for i := 0; offset < len(r.src); i++ {
		line, _, _ := bytes.Cut(r.src[offset:], []byte("\n"))
		at, rule, name := fenceLike(line)
		if rule != "" && !r.fences[i] {
			if explained == nil {
				explained = map[int]bool{}
				r.explain(root, explained)
			}
			if !explained[i] {
				r.report(offset+at, rule, "name", name)
			}
		}
		offset += len(line) + 1
	}
}

// explain collects the lines in which a fence is only text.
func (r *reading) explain(n ast.Node, lines map[int]bool) {
	switch n := n.(type) {
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		r.addLines(n, lines)
	case *ast.HTMLBlock:
		var b []byte
		for i := range n.Lines().Len() {
			segment := n.Lines().At(i)
			b = append(b, segment.Value(r.src)...)
		}
		if n.HasClosure() {
			b = append(b, n.ClosureLine.Value(r.src)...)
		}
		if !r.options.RawHTML && isComment(b) && fencesBalance(b) {
			r.addLines(n, lines)
		}
	}
	for c := n.FirstChild(); c != nil && c.Type() != ast.TypeInline; c = c.NextSibling() {
		r.explain(c, lines)
	}
}

// fencesBalance reports whether what begins in a comment ends in it. If not,
// the comment may have ended before its author meant it to.
func fencesBalance(comment []byte) bool {
	open := 0
	for line := range bytes.Lines(comment) {
		switch _, rule, _ := fenceLike(line); rule {
		case "":
		case diag.StrayDirectiveEnd:
			open--
		default:
			open++
		}
	}
	return open == 0
}

func (r *reading) addLines(n ast.Node, lines map[int]bool) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		lines[r.line(segment.Start)] = true
	}
	if html, ok := n.(*ast.HTMLBlock); ok && html.HasClosure() {
		lines[r.line(html.ClosureLine.Start)] = true
	}
}

// fenceLike says what is wrong if line, which is not read as a fence, was
// meant to be one: a rule, the offset of its colons, and the name after them.
func fenceLike(line []byte) (at int, rule diag.Rule, name string) {
	if !bytes.ContainsAny(line, ":：﹕︓∶꞉") {
		return 0, "", ""
	}
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
func isColonLike(c rune) bool { return strings.ContainsRune(":：﹕︓∶꞉", c) }
