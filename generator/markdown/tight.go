package markdown

import (
	"bytes"
	"strings"
)

// tight is HTML as it is written: in the fewest bytes, so that nothing is to be
// gained by minifying the page. Blanks beside blocks and blanks after blanks
// are left out, whatever tags of inline text lie between; a run of them is one
// space, or one line break if there was one among them. The rules are those of
// github.com/tdewolff/minify, of which the first version of the pages was made.
type tight struct {
	html  []byte
	slots []slot // of html

	solid bool  // what was written last is not a blank and no block's tag: a blank may follow
	gap   int   // where a blank ends that shows nothing if a block's tag is next; 0 if there is none
	prev  token // what was written last

	foreign bool // there is HTML of the author's
}

// token says what stands at the end of the HTML.
type token uint8

const (
	someTag   token = iota
	emptyTag        // the beginning of an element that blanks may follow even when it stays empty
	someText        // text that "&" does not end
	ampersand       // text that "&" ends, which may have to become "&amp;"
)

// raw writes what does not change where blanks may stand: the rest of a tag.
func (t *tight) raw(s string) { t.html = append(t.html, s...) }

// block writes tags of blocks.
func (t *tight) block(tags string) {
	t.closeGap()
	t.html = append(t.html, tags...)
	t.solid, t.prev = false, someTag
}

// closeGap takes the last blank out if only ends of inline elements follow it.
func (t *tight) closeGap() {
	if t.gap == 0 {
		return
	}
	t.html = append(t.html[:t.gap-1], t.html[t.gap:]...)
	for i := len(t.slots) - 1; i >= 0 && t.slots[i].at >= uint32(t.gap); i-- {
		t.slots[i].at--
	}
	t.gap = 0
}

// inline writes the beginning of an inline element, or all of its tag.
func (t *tight) inline(tag string) {
	t.html = append(t.html, tag...)
	t.gap, t.prev = 0, someTag
}

// object writes what stands in the text as a letter does, or the tag that
// begins or ends it.
func (t *tight) object(tag string) {
	t.inline(tag)
	t.solid = true
}

// end writes the end of an inline element.
func (t *tight) end(tag string) {
	if t.prev == emptyTag {
		t.solid = true
	}
	t.html = append(t.html, tag...)
	t.prev = someTag
}

// slot notes the place of a reference.
func (t *tight) slot(kind slotKind, ref int) {
	switch kind {
	case beginLink, beginButton:
		t.inline("")
	case endLink:
		t.end("")
	case inlineImage:
		t.object("")
	case figureImage, galleryImage:
		t.block("")
	}
	t.slots = append(t.slots, slot{at: uint32(len(t.html)), ref: uint32(ref), kind: kind})
}

// asWritten writes HTML of the author's.
func (t *tight) asWritten(html []byte) {
	if !t.foreign {
		t.foreign = true
		t.slots = append(t.slots, slot{at: uint32(len(t.html)), kind: rawHTML})
	}
	t.html = append(t.html, html...)
	t.gap, t.solid, t.prev = 0, true, someTag
}

// put writes text.
func (t *tight) put(b []byte) {
	if len(b) == 0 {
		return
	}
	if t.prev == ampersand && continuesEntity(b[0]) {
		t.raw("amp;")
	}
	from, end := 0, 0
	for i := 0; i < len(b); i = end {
		kind := byteKinds[b[i]]
		end = i + 1
		switch kind {
		case plainByte:
			continue
		case ampersandByte:
			if end == len(b) || !continuesEntity(b[end]) {
				continue
			}
		}
		t.letters(b[from:i])
		switch kind {
		case blankByte:
			for end < len(b) && byteKinds[b[end]] == blankByte {
				end++
			}
			t.blank(bytes.IndexByte(b[i:end], '\n') >= 0)
		default:
			t.letters([]byte(escapes[b[i]]))
		}
		from = end
	}
	t.letters(b[from:])
	if b[len(b)-1] == '&' {
		t.prev = ampersand
	}
}

// letters writes text without blanks, in which everything is escaped.
func (t *tight) letters(b []byte) {
	if len(b) > 0 {
		t.html = append(t.html, b...)
		t.solid, t.gap, t.prev = true, 0, someText
	}
}

// blank writes what stands for a run of blanks.
func (t *tight) blank(newline bool) {
	c := byte(' ')
	if newline {
		c = '\n'
	}
	switch {
	case t.solid:
		t.html = append(t.html, c)
		t.solid, t.gap, t.prev = false, len(t.html), someText
	case t.prev == emptyTag:
		t.prev = someTag // it has a blank, even if that is left out
	case newline && t.gap == len(t.html) && t.prev >= someText: // one run in two pieces
		t.html[t.gap-1] = c
	}
}

// byteKind says how a byte is written in text.
type byteKind uint8

const (
	plainByte byteKind = iota
	blankByte
	ampersandByte
	escapedByte
)

var byteKinds = func() (kinds [256]byteKind) {
	for c := range byte(' ') {
		kinds[c] = escapedByte
	}
	kinds['<'], kinds[0x7F], kinds['&'] = escapedByte, escapedByte, ampersandByte
	kinds[' '], kinds['\t'], kinds['\n'] = blankByte, blankByte, blankByte
	return kinds
}()

// continuesEntity reports whether a browser may take "&" before c for the
// beginning of an entity.
func continuesEntity(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '#'
}

// appendAttribute appends name="value" with a space before it, in quotes of
// which there are fewer in the value.
func appendAttribute(out []byte, name, value string) []byte {
	out = append(append(out, ' '), name...)
	if value == "" {
		return out
	}
	quote, escaped := byte('"'), "&#34;"
	if n := strings.Count(value, `"`); n > 0 && n > strings.Count(value, "'") {
		quote, escaped = '\'', "&#39;"
	}
	out = append(out, '=', quote)
	from := 0
	for i := range len(value) {
		c, with := value[i], ""
		switch {
		case c == quote:
			with = escaped
		case c == '&' && i+1 < len(value) && continuesEntity(value[i+1]):
			with = "&amp;"
		case byteKinds[c] == escapedByte && c != '<':
			with = "\uFFFD"
		default:
			continue
		}
		out = append(append(out, value[from:i]...), with...)
		from = i + 1
	}
	return append(append(out, value[from:]...), quote)
}

// appendTokens is appendAttribute for values that are words between blanks.
func appendTokens(out []byte, name, value string) []byte {
	if strings.ContainsAny(value, " \t\n") {
		t := tight{}
		t.written(value)
		t.closeGap()
		value = string(t.html)
	}
	return appendAttribute(out, name, value)
}

func isBlankRune(c rune) bool { return c == ' ' || c == '\t' || c == '\n' }

// appendURL is appendAttribute for URLs.
func appendURL(out []byte, name, url string) []byte {
	url = strings.Trim(escapeURL(url), " \t\n")
	for _, scheme := range []string{"http:", "https:"} {
		if len(url) > 5 && len(url) >= len(scheme) && url[:len(scheme)] != scheme && strings.EqualFold(url[:len(scheme)], scheme) {
			url = scheme + url[len(scheme):]
		}
	}
	return appendAttribute(out, name, url)
}
