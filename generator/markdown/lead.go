package markdown

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// leadRunes is how long a Lead may be. Descriptions and the texts of cards are
// made of it, which are shorter than two thirds of this.
const leadRunes = 240

// keepLead keeps the beginning of text, with one blank for many, so that its
// length is that of what shows.
func (b *buffers) keepLead(text []byte) piece {
	begin := len(b.kept)
	i, runes, blank := 0, 0, false
	for i < len(text) && runes < leadRunes {
		c, size := utf8.DecodeRune(text[i:])
		space := unicode.IsSpace(c)
		switch {
		case !space || !blank:
			b.kept = append(b.kept, text[i:i+size]...)
			runes++
		case c == '\n': // a paragraph ends among these blanks
			_, last := utf8.DecodeLastRune(b.kept)
			b.kept = append(b.kept[:len(b.kept)-last], '\n')
		}
		blank = space
		i += size
	}
	if i < len(text) {
		next, _ := utf8.DecodeRune(text[i:])
		b.kept = b.kept[:begin+wholeLetters(b.kept[begin:], next)]
	}
	b.kept = b.kept[:begin+len(bytes.TrimRightFunc(b.kept[begin:], unicode.IsSpace))]
	return piece{begin, len(b.kept)}
}

// maxLetterRunes is how many characters may be taken for one letter: there are
// emoji of ten.
const maxLetterRunes = 16

// wholeLetters returns how much of text is letters of which nothing is in what
// was cut off behind it, which begins with next.
func wholeLetters(text []byte, next rune) int {
	end := len(text)
	for range maxLetterRunes {
		before, size := utf8.DecodeLastRune(text[:end])
		if !joins(before, next) {
			return end
		}
		end -= size
		next = before
	}
	return len(text)
}

// joins reports whether next belongs to the letter that before is, or ends:
// marks such as U+3099, selectors of variants, tones of skin, and what a joiner
// joins.
func joins(before, next rune) bool {
	const joiner = '\u200D'
	return unicode.Is(unicode.M, next) || next == joiner || before == joiner ||
		0x1F3FB <= next && next <= 0x1F3FF || next == '\uFF9E' || next == '\uFF9F'
}
