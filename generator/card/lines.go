package card

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/phrase"
)

// Marks that no line begins or ends with (JIS X 4051, 6.1): what closes, and small
// kana; what opens.
const (
	noStart = "、。，．・：；？！!?,.:;)）]］}｝」』】〉》〕〙〗»›”’ー々ゝゞヽヾ〻゛゜…‥〜ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ%％℃°"
	noEnd   = "(（[［{｛「『【〈《〔〘〖«‹“‘￥¥＄$#＃"
)

// printable is text in one line, without what has no form of its own.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u3000':
			return ' '
		case !unicode.IsPrint(r) && r != '\u3000', unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " "))
}

// broken breaks text into lines that are at most room pixels wide; advance measures
// in 64ths of a pixel. There are at least one and at most max lines; if that is not
// enough, the last ends in an ellipsis.
func broken(text string, room, max int, advance func(rune) int) []string {
	l := lines{text: []rune(text), ends: map[int]bool{}, advance: advance}
	at := 0
	for _, p := range phrase.Split(text) {
		at += utf8.RuneCountInString(p)
		l.ends[at] = true
	}
	wide := l.within(64*room, max)
	// Lines of about one length look better than a long one and a rest of two letters.
	for narrow := 32 * room; narrow < 64*room && len(wide.lines) > 1 && !wide.isCut; narrow += room {
		if even := l.within(narrow, max); !even.isCut && len(even.lines) == len(wide.lines) && even.torn <= wide.torn {
			return even.lines
		}
	}
	return wide.lines
}

// lines are a text that is to be broken.
type lines struct {
	text    []rune
	ends    map[int]bool // where a phrase ends
	advance func(rune) int
}

// brokenText is a text in lines.
type brokenText struct {
	lines []string
	torn  int  // phrases of which a part is on the next line
	isCut bool // there were too few lines
}

// within breaks the text into at most max lines of at most so many 64ths of a pixel.
func (l *lines) within(room, max int) brokenText {
	var all brokenText
	for at := 0; at < len(l.text) && len(all.lines) < max; {
		n, isTorn := l.fitting(at, room)
		if len(all.lines) == max-1 && at+n < len(l.text) {
			all.lines, all.isCut = append(all.lines, ended(l.text[at:at+n], room, l.advance)), true
			return all
		}
		if isTorn {
			all.torn++
		}
		all.lines = append(all.lines, strings.TrimSpace(string(l.text[at:at+n])))
		for at += n; at < len(l.text) && isBlank(l.text[at]); {
			at++
		}
	}
	if len(all.lines) == 0 {
		all.lines = []string{""}
	}
	return all
}

// fitting returns how many characters from at on a line takes: to the end of a phrase
// or a space, or else, if that were less than half a line, to where the rules let it
// end, and then the phrase is torn.
func (l *lines) fitting(at, room int) (n int, isTorn bool) {
	text := l.text[at:]
	for width := 0; n < len(text); n++ {
		if width += l.advance(text[n]); width > room && !isBlank(text[n]) {
			break
		}
	}
	if n == len(text) {
		return n, false
	}
	for end := n; end > n/2; end-- {
		if mayBreak(text[end-1], text[end]) && (l.ends[at+end] || isBlank(text[end-1])) {
			return end, false
		}
	}
	for end := n; end > 0; end-- {
		if mayBreak(text[end-1], text[end]) {
			return end, true
		}
	}
	return max(n, 1), true // a word that is longer than a line
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	switch {
	case isBlank(after):
		return false // blanks stay at the end of a line, where nobody sees them
	case strings.ContainsRune(noStart, after) || isDash(after) || unicode.Is(unicode.Mn, after):
		return false
	case strings.ContainsRune(noEnd, before):
		return false
	case isBlank(before):
		return true
	}
	return !isWord(before) || !isWord(after)
}

func isBlank(r rune) bool { return r == ' ' || r == '\u3000' }

func isDash(r rune) bool { return r == '―' || r == '—' || r == '─' }

// isWord reports whether a character belongs to words that are not divided: of
// Latin and other alphabets, and figures.
func isWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '-' || r == '@' || r == '/' || r == '_') && !isJapanese(r)
}

func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0xFF00 && r <= 0xFFEF
}

// ended shortens a line until an ellipsis fits behind it.
func ended(line []rune, room int, advance func(rune) int) string {
	width := advance('…')
	for _, r := range line {
		width += advance(r)
	}
	for len(line) > 0 && (width > room || isBlank(line[len(line)-1]) || strings.ContainsRune(noEnd+"、。，．", line[len(line)-1])) {
		width -= advance(line[len(line)-1])
		line = line[:len(line)-1]
	}
	return string(line) + "…"
}
