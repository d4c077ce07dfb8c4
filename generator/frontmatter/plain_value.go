package frontmatter

import (
	"strings"
	"unicode/utf8"
)

// cutKey returns the key that line begins with, and the number of blanks
// between its colon and the value. Keys have ASCII letters, digits and _ - .
// only; others, and those in quotes, are left to the library.
func cutKey(line string) (key string, space int, ok bool) {
	end := 0
	for end < len(line) && isKeyByte(line[end]) {
		end++
	}
	if end == 0 || end > maxPlainKeys || end == len(line) || line[end] != ':' || line[0] == '-' || line[0] == '.' {
		return "", 0, false
	}
	after := end + 1
	for after < len(line) && line[after] == ' ' {
		after++
	}
	space = after - end - 1
	return line[:end], space, space > 0 || after == len(line)
}

func isKeyByte(c byte) bool {
	return isAlphanumeric(c) || c == '_' || c == '-' || c == '.'
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// value sets n from s, the rest of the current line.
func (p *plainParser) value(n *Node, s string) bool {
	switch s[0] {
	case '"', '\'':
		text, size, ok := cutQuoted(s)
		n.kind, n.text, n.quoted = Scalar, text, true
		return ok && size == len(s)
	case '[':
		return p.flowList(n, s)
	case '{':
		return p.flowMap(n, s)
	}
	n.setPlain(s)
	return isPlain(s)
}

// setPlain makes n the scalar s without quotes.
func (n *Node) setPlain(s string) {
	n.text = s
	switch s {
	case "~", "null", "Null", "NULL":
	default:
		n.kind = Scalar
	}
}

// isPlain reports whether s, the rest of a line, is surely a scalar without
// quotes.
func isPlain(s string) bool {
	if !mayBegin(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case ':':
			if i+1 == len(s) || s[i+1] == ' ' {
				return false
			}
		case '#':
			if s[i-1] == ' ' {
				return false
			}
		}
	}
	return true
}

// mayBegin reports whether a scalar may begin with c. YAML allows more.
func mayBegin(c byte) bool {
	return isAlphanumeric(c) || c >= utf8.RuneSelf || c == '/' || c == '(' || c == '_' || c == '+' || c == '$' || c == '~'
}

// cutQuoted returns the text of the quoted scalar that s begins with, and its
// size in s with the quotes.
func cutQuoted(s string) (text string, size int, ok bool) {
	quote, plain := s[0], true
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote == '"':
			// Of the escapes, these two stand for themselves.
			if i++; i == len(s) || s[i] != '"' && s[i] != '\\' {
				return "", 0, false
			}
			plain = false
		case c != quote:
		case quote == '\'' && i+1 < len(s) && s[i+1] == quote:
			plain = false
			i++
		case plain:
			return s[1:i], i + 1, true
		case quote == '\'':
			return strings.ReplaceAll(s[1:i], "''", "'"), i + 1, true
		default:
			return unescape(s[1:i]), i + 1, true
		}
	}
	return "", 0, false
}

// unescape returns s without the backslashes that escape a quote or another
// backslash.
func unescape(s string) string {
	text := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		}
		text = append(text, s[i])
	}
	return string(text)
}

// flow goes over what stands in brackets on one line.
type flow struct {
	text   string
	at     int // offset in text
	column int // of at, from 1
}

// newFlow returns the flow of s, which begins with a bracket in column.
func newFlow(s string, column int) flow { return flow{s, 1, column + 1} }

// skip goes size bytes further.
func (f *flow) skip(size int) {
	f.column += utf8.RuneCountInString(f.text[f.at : f.at+size])
	f.at += size
}

// blanks goes over blanks and returns the byte after them, or 0 at the end.
func (f *flow) blanks() byte {
	for f.at < len(f.text) && f.text[f.at] == ' ' {
		f.at++
		f.column++
	}
	if f.at == len(f.text) {
		return 0
	}
	return f.text[f.at]
}

// next goes over what follows an element: a comma, or end, which must be the
// last of the text. It returns whether there is another element.
func (f *flow) next(end byte) (more, ok bool) {
	c := f.blanks()
	if c == 0 {
		return false, false
	}
	f.skip(1)
	return c == ',', c == ',' || c == end && f.at == len(f.text)
}

// scalar sets n from what comes next.
func (f *flow) scalar(n *Node) bool {
	rest := f.text[f.at:]
	if rest == "" {
		return false
	}
	if rest[0] == '"' || rest[0] == '\'' {
		text, size, ok := cutQuoted(rest)
		n.kind, n.text, n.quoted = Scalar, text, true
		f.skip(size)
		return ok
	}
	// Of what may follow, only commas and closing brackets are no reason to
	// decline.
	end := strings.IndexAny(rest, ",]}[{?:#")
	if end <= 0 || !mayBegin(rest[0]) {
		return false
	}
	n.setPlain(strings.TrimRight(rest[:end], " "))
	f.skip(end)
	return true
}

// flowList sets n from s, a list in brackets.
func (p *plainParser) flowList(n *Node, s string) bool {
	f := newFlow(s, n.pos.Col)
	n.kind, n.items = List, make([]*Node, 0, 1+strings.Count(s, ","))
	if f.blanks() == ']' {
		return f.at+1 == len(s)
	}
	for more := true; more; {
		f.blanks()
		item := p.node(n, "", f.column)
		n.items = append(n.items, item)
		ok := f.scalar(item)
		if !ok {
			return false
		}
		if more, ok = f.next(']'); !ok {
			return false
		}
	}
	return true
}

// flowMap sets n from s, a map in braces.
func (p *plainParser) flowMap(n *Node, s string) bool {
	f := newFlow(s, n.pos.Col)
	first := len(p.open)
	for more := true; more; {
		f.blanks()
		key, space, ok := cutKey(f.text[f.at:])
		if !ok || p.isOpen(key, first) {
			return false
		}
		keyPos := p.pos(f.column)
		f.skip(len(key) + 1 + space)
		v := p.node(n, key, f.column)
		p.open = append(p.open, Field{Key: key, KeyPos: keyPos, Value: v})
		if !f.scalar(v) {
			return false
		}
		if more, ok = f.next('}'); !ok {
			return false
		}
	}
	n.kind, n.fields = Map, p.closeFields(first)
	return true
}
