package markdown

import "strings"

// squeeze returns html as tight writes it. It is for pages from which an image
// was left out, so that what stood on its two sides is side by side; html must
// have been written by this package.
func squeeze(html string) string {
	t := tight{html: make([]byte, 0, len(html))}
	for html != "" {
		end := strings.IndexByte(html, '<')
		if end == 0 {
			end = tagLength(html)
			t.tag(html[:end])
		} else {
			if end < 0 {
				end = len(html)
			}
			t.written(html[:end])
		}
		html = html[end:]
	}
	return string(t.html)
}

// tagLength returns where the tag ends with which html begins. A block of code
// is taken for a tag, because it is left as it is.
func tagLength(html string) int {
	if strings.HasPrefix(html, "<pre>") {
		return strings.Index(html, "</pre>") + len("</pre>")
	}
	quote := byte(0)
	for i := range len(html) {
		switch c := html[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(html)
}

// tag writes a tag as the renderer does.
func (t *tight) tag(tag string) {
	name := strings.TrimPrefix(tag[1:], "/")
	if end := strings.IndexAny(name, " >"); end >= 0 {
		name = name[:end]
	}
	switch isEnd := tag[1] == '/'; name {
	case "img", "input", "rt":
		t.object(tag)
	case "em", "strong", "code", "sup", "ruby", "rp", "span":
		if isEnd {
			t.end(tag)
		} else {
			t.inline(tag)
			t.prev = emptyTag
		}
	case "a", "del", "label":
		if isEnd {
			t.end(tag)
		} else {
			t.inline(tag)
		}
	default:
		t.block(tag)
	}
}

// written writes text in which everything is escaped.
func (t *tight) written(text string) {
	for text != "" {
		n := strings.IndexFunc(text, isBlankRune)
		if n == 0 {
			n = len(text) - len(strings.TrimLeftFunc(text, isBlankRune))
			t.blank(strings.Contains(text[:n], "\n"))
		} else {
			if n < 0 {
				n = len(text)
			}
			t.letters([]byte(text[:n]))
		}
		text = text[n:]
	}
}
