package markdown

import "strings"

// The rules of line breaking (禁則) of JIS X 4051, 6.1, as far as they concern
// text of one size: what no line begins with, what no line ends with, what is
// not divided, and what may hang behind the end of a line.
const (
	neverFirst = "、。，．,.､｡" + // stops
		"」』）〕］｝〉》】〙〗〟｠｣)]}’”»" + // closing brackets and quotes
		"・：；:;･？！?!‼⁇⁈⁉" +
		"…‥" + "‐゠–〜～" +
		"ーｰ々〻ヽヾゝゞﾞﾟ" +
		"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯ" +
		"ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ" +
		"％%‰℃°"
	neverLast = "「『（〔［｛〈《【〘〖〝｟｢([{‘“«" + "￥＄￡＃№"
	undivided = "…‥―—─" // runs of one of them
	hanging   = "、。，．"
)

// breakCost says how bad it is to end a line between two letters.
type breakCost uint8

const (
	freeBreak   breakCost = iota
	rudeBreak             // a letter stands first or last that should not
	partedBreak           // what belongs together is parted: ……, a sign and its word
	wordBreak             // in a word
	noBreak               // in an address: it could not be followed
)

// breakBetween returns the cost of a break between two letters, of which the
// second begins the new line; blank says whether there are blanks between them.
func breakBetween(a, b letter, blank bool) breakCost {
	rude := freeBreak
	if strings.ContainsRune(neverFirst, b.first) || strings.ContainsRune(neverLast, a.first) {
		rude = rudeBreak
	}
	switch {
	case blank:
		return rude
	case a.kind == glueLetter, b.kind == glueLetter, a.first == b.first && strings.ContainsRune(undivided, a.first):
		return partedBreak
	case a.kind == wordLetter && b.kind == wordLetter:
		return wordBreak
	case a.kind == wideLetter, b.kind == wideLetter, a.kind == vagueLetter && b.kind == vagueLetter:
		return rude
	}
	return partedBreak
}

// addresses reports for every letter whether it stands in a word that is an
// address, as "https://example.jp/" and "a@example.jp" are.
func addresses(letters []letter) []bool {
	is := make([]bool, len(letters))
	for from := 0; from < len(letters); {
		to := from
		var word strings.Builder
		for to < len(letters) && letters[to].kind == wordLetter {
			word.WriteString(letters[to].text)
			to++
		}
		if s := word.String(); strings.Contains(s, "://") || strings.Contains(s, "@") || strings.HasPrefix(s, "www.") {
			for i := from; i < to; i++ {
				is[i] = true
			}
		}
		from = max(to, from+1)
	}
	return is
}
