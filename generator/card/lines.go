package card

import (
	"strings"
	"unicode"
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
	var lines []string
	rest := []rune(text)
	for len(rest) > 0 && len(lines) < max {
		n := fitting(rest, 64*room, advance)
		if len(lines) == max-1 && n < len(rest) {
			return append(lines, ended(rest[:n], 64*room, advance))
		}
		lines = append(lines, strings.TrimSpace(string(rest[:n])))
		for rest = rest[n:]; len(rest) > 0 && isBlank(rest[0]); {
			rest = rest[1:]
		}
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// fitting returns how many characters of text a line takes.
func fitting(text []rune, room int, advance func(rune) int) int {
	width, n := 0, 0
	for n < len(text) {
		if width += advance(text[n]); width > room && !isBlank(text[n]) {
			break
		}
		n++
	}
	if n == len(text) {
		return n
	}
	for at := n; at > 0; at-- {
		if mayBreak(text[at-1], text[at]) {
			return at
		}
	}
	return max(n, 1) // a word that is longer than a line
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	switch {
	case isBlank(after):
		return false // blanks stay at the end of a line, where nobody sees them
	case strings.ContainsRune(noStart, after) || unicode.Is(unicode.Mn, after):
		return false
	case strings.ContainsRune(noEnd, before):
		return false
	case isBlank(before):
		return true
	case isDash(before) && isDash(after):
		return false
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
