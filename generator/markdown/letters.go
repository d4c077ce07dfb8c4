package markdown

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// letter is what a reader takes for one: a character with the marks, selectors
// and joined characters that belong to it. It is what a line is made of.
type letter struct {
	text  string
	first rune
	last  rune
	half  int // half-width columns
	kind  letterKind
}

// letterKind says where lines may break beside a letter, as far as its script
// does: see kinsoku.go for what its own meaning adds.
type letterKind uint8

const (
	wideLetter  letterKind = iota // lines may break on both sides
	vagueLetter                   // as wide ones beside wide ones, as word ones beside word ones: “ … ① ■
	wordLetter                    // lines do not break between two of them
	blankLetter                   // lines break after it, and it vanishes there
	glueLetter                    // wordJoiner
)

// wordJoiner keeps together what stands on its two sides (U+2060).
const wordJoiner = '\u2060'

// lettersOf returns the letters of text, in which there are no line breaks.
func lettersOf(text string) []letter {
	letters := make([]letter, 0, len(text)/2)
	flags := false // the last letter is the first half of a flag
	begin := 0     // of the last letter
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		isFlag := 0x1F1E6 <= r && r <= 0x1F1FF
		if n := len(letters); n > 0 && (flags && isFlag || belongs(letters[n-1].last, r)) && letters[n-1].kind < blankLetter {
			l := &letters[n-1]
			l.text, l.last = text[begin:at+size], r
			switch {
			case r == '\uFF9E' || r == '\uFF9F': // ﾞ and ﾟ take a place of their own
				l.half++
			case isFlag || r == 0xFE0F: // a flag, a sign drawn as an emoji
				l.half, l.kind = 2, wideLetter
			}
			flags = false
		} else {
			half, kind := placeOf(r)
			letters = append(letters, letter{text[at : at+size], r, r, half, kind})
			begin, flags = at, isFlag
		}
		at += size
	}
	return letters
}

// belongs reports whether next is of the letter that ends in before: what joins
// says, tags of flags, and the vowels of Hangul that is written in parts.
func belongs(before, next rune) bool {
	return joins(before, next) || 0xE0020 <= next && next <= 0xE007F || 0x1160 <= next && next <= 0x11FF
}

// placeOf returns how many half-width columns r takes and where lines may break
// beside it. Ambiguous characters (UAX #11) are taken for wide ones, as the
// fonts of Japanese mail clients have them.
func placeOf(r rune) (int, letterKind) {
	switch {
	case r == wordJoiner:
		return 0, glueLetter
	case r == '\u00A0' || r == '\u2007' || r == '\u202F': // spaces at which lines do not break
		return 1, wordLetter
	case r == '\u3000':
		return 2, blankLetter
	case unicode.IsSpace(r):
		return 1, blankLetter
	case unicode.In(r, unicode.M, unicode.Cf, unicode.Cc):
		return 0, wordLetter
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2, wideLetter
	case width.EastAsianHalfwidth:
		return 1, wideLetter
	case width.EastAsianAmbiguous:
		if unicode.IsLetter(r) { // é, Greek, Cyrillic
			return 2, wordLetter
		}
		return 2, vagueLetter
	}
	return 1, wordLetter
}

// halfColumns returns how many half-width columns text takes.
func halfColumns(text string) int {
	n := 0
	for _, l := range lettersOf(text) {
		n += l.half
	}
	return n
}
