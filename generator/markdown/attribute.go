package markdown

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// attribute is a key=value of a directive.
type attribute struct {
	key, value string
	offset     int // of the key in the source
}

// parseAttributes reads "{key=value key="value with space"}" with space around
// it; s may also be empty. A value ends at a space or "}", or stands in double
// quotes, in which \" and \\ are escapes. Text that is nothing of the kind is
// returned as junk, with its place; offset is that of s.
func parseAttributes(s string, offset int) (list []attribute, junk string, junkOffset int) {
	p := attributeParser{s: s, offset: offset}
	p.space()
	if p.at == len(s) {
		return nil, "", 0
	}
	if s[p.at] != '{' {
		return nil, p.rest(), offset + p.at
	}
	p.at++
	for {
		p.space()
		if p.at < len(s) && s[p.at] == '}' {
			p.at++
			break
		}
		begin := p.at
		a, ok := p.attribute()
		if !ok {
			p.at = begin
			return list, cmp.Or(p.rest(), "{"), offset + begin
		}
		list = append(list, a)
	}
	p.space()
	if p.at < len(s) {
		return list, p.rest(), offset + p.at
	}
	return list, "", 0
}

type attributeParser struct {
	s      string
	at     int
	offset int
}

func (p *attributeParser) rest() string { return strings.TrimSpace(p.s[p.at:]) }

func (p *attributeParser) space() {
	for p.at < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

func (p *attributeParser) attribute() (attribute, bool) {
	a := attribute{offset: p.offset + p.at}
	n := 0
	for n < len(p.s)-p.at && isKeyByte(p.s[p.at+n]) {
		n++
	}
	a.key = p.s[p.at : p.at+n]
	p.at += n
	if n == 0 || p.at >= len(p.s) || p.s[p.at] != '=' {
		return a, false
	}
	p.at++
	if p.at < len(p.s) && p.s[p.at] == '"' {
		return p.quoted(a)
	}
	n = strings.IndexFunc(p.s[p.at:], func(r rune) bool { return r == '}' || unicode.IsSpace(r) })
	if n < 0 {
		return a, false // no closing brace
	}
	a.value = p.s[p.at : p.at+n]
	p.at += n
	// Typographic quotes are a slip of the keyboard, never a value.
	return a, !strings.ContainsAny(a.value, "\"“”＂〝〟")
}

func (p *attributeParser) quoted(a attribute) (attribute, bool) {
	var b strings.Builder
	for p.at++; p.at < len(p.s); p.at++ {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			a.value = b.String()
			ends := p.at < len(p.s) && (p.s[p.at] == '}' || p.s[p.at] == ' ' || p.s[p.at] == '\t')
			return a, ends
		case c == '\\' && p.at+1 < len(p.s) && (p.s[p.at+1] == '"' || p.s[p.at+1] == '\\'):
			p.at++
			b.WriteByte(p.s[p.at])
		default:
			b.WriteByte(c)
		}
	}
	return a, false
}

func isKeyByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// attributeProblem is what is wrong with one attribute: arguments of
// diag.DirectiveAttribute, and the attribute's place, or that of the directive.
type attributeProblem struct {
	offset int
	args   []string
}

// attributeProblems returns what is wrong with the attributes of a directive
// that exists.
func (d *directive) attributeProblems() []attributeProblem {
	if d.spec == nil {
		return nil
	}
	var problems []attributeProblem
	known := slices.Concat(d.spec.required, d.spec.optional)
	seen := map[string]bool{}
	for _, a := range d.attributes {
		switch {
		case !slices.Contains(known, a.key):
			problems = append(problems, attributeProblem{a.offset, []string{"unknown", a.key, "nearest", diag.Nearest(a.key, known)}})
		case seen[a.key]:
			problems = append(problems, attributeProblem{a.offset, []string{"twice", a.key}})
		case strings.Trim(a.value, ", ") == "":
			problems = append(problems, attributeProblem{a.offset, []string{"empty", a.key}})
		}
		seen[a.key] = true
	}
	for _, key := range d.spec.required {
		if !seen[key] {
			problems = append(problems, attributeProblem{d.offset, []string{"missing", key}})
		}
	}
	return problems
}
