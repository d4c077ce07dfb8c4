package search

import (
	"html"
	"slices"
	"strings"
)

// hidden are elements of which nothing is searched: readings above letters,
// which stand within the word, and what is no text.
var hidden = []string{"rt", "rp", "script", "style", "template", "noscript", "svg"}

// inline are elements that part no words.
var inline = map[string]bool{"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "del": true, "dfn": true,
	"em": true, "i": true, "ins": true, "kbd": true, "mark": true, "q": true, "ruby": true, "rb": true, "s": true, "small": true, "span": true,
	"strong": true, "sub": true, "sup": true, "time": true, "u": true, "var": true, "wbr": true}

// Text returns the text of HTML that package markdown has made, a line for each
// paragraph, cell or heading. Readings of ruby and marks of footnotes are left
// out.
func Text(body string) string {
	var b strings.Builder
	b.Grow(len(body))
	isNewLine := true
	write := func(text string) {
		if strings.Contains(text, "&") {
			text = html.UnescapeString(text)
		}
		for text != "" { // lines of the source are no lines of the text
			line, rest, more := strings.Cut(text, "\n")
			if isNewLine {
				line = strings.TrimLeft(line, " \t")
			}
			if line != "" {
				b.WriteString(line)
				isNewLine = false
			}
			if text = rest; more && !isNewLine {
				b.WriteByte(' ')
			}
		}
	}
	for body != "" {
		text, rest, isTag := strings.Cut(body, "<")
		write(text)
		if !isTag {
			break
		}
		var name string
		name, body = tag(rest)
		switch {
		case inline[strings.TrimPrefix(name, "/")], slices.Contains(hidden, name):
		case !isNewLine:
			b.WriteByte('\n')
			isNewLine = true
		}
		body = skipHidden(name, rest, body)
	}
	return strings.TrimRight(b.String(), "\n ")
}

// tag returns the name of the tag that begins s, and what follows it.
func tag(s string) (name, rest string) {
	if strings.HasPrefix(s, "!--") {
		if _, after, ok := strings.Cut(s, "-->"); ok {
			return "!", after
		}
		return "!", ""
	}
	end := strings.IndexAny(s, " \t\n/>")
	if strings.HasPrefix(s, "/") {
		end = strings.IndexAny(s[1:], " \t\n/>") + 1
	}
	if end <= 0 {
		return "!", ""
	}
	name = strings.ToLower(s[:end])
	for quote := byte(0); end < len(s); end++ {
		switch c := s[end]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return name, s[end+1:]
		}
	}
	return name, ""
}

// skipHidden returns what follows the element that the tag of a name begins, if
// nothing of it is searched; else rest. whole is the tag and what follows.
func skipHidden(name, whole, rest string) string {
	if name == "sup" && strings.Contains(whole[:len(whole)-len(rest)], "footnote-ref") {
		return after(rest, "</sup>")
	}
	if slices.Contains(hidden, name) {
		return after(rest, "</"+name+">")
	}
	return rest
}

func after(s, end string) string {
	_, rest, _ := strings.Cut(s, end)
	return rest
}
