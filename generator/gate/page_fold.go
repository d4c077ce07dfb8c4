package gate

import (
	"slices"
	"strings"
	"unicode"

	"kaiho/generator/search"
)

// fold brings a name or a word to the form in which the directory compares: as
// site search does (search.Fold), and only its letters and digits, so that it
// makes no difference how parts of a name are kept apart.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, search.Fold(s))
}

// foldWords splits what somebody searches for at its spaces, and folds the words.
func foldWords(s string) []string {
	var words []string
	for _, field := range strings.FieldsFunc(s, unicode.IsSpace) {
		if w := fold(field); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// Each plain kana of these is followed by what its mark makes of it.
const (
	voicedKana     = "うゔかがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼ"
	halfVoicedKana = "はぱひぴふぷへぺほぽ"
)

// unvoiced returns a hiragana without its mark, and a small one as its large.
func unvoiced(r rune) rune {
	for _, pairs := range []string{voicedKana, halfVoicedKana, "あぁいぃうぅえぇおぉやゃゆゅよょつっわゎかゕけゖ"} {
		list := []rune(pairs)
		if i := slices.Index(list, r); i >= 0 && i%2 == 1 {
			return list[i-1]
		}
	}
	return r
}

// kanaRows are the first kana of each row of the fifty sounds.
const kanaRows = "あかさたなはまやらわ"

// Rows of the index beside the ten of the fifty sounds, in the order of the page.
const (
	rowLatin = "A"
	rowOther = "?"
)

// indexKey tells where somebody stands in the directory: the row of its index,
// and the key by which the row is sorted. A reading comes first, then a name in
// Latin letters.
func indexKey(reading, latin string) (row, key string) {
	folded := fold(reading)
	plain := strings.Map(unvoiced, folded)
	first, _ := firstRune(plain)
	if first >= 'あ' && first <= 'ん' {
		row = "わ"
		for _, r := range kanaRows {
			if r > first {
				break
			}
			row = string(r)
		}
		return row, plain + "\x00" + folded
	}
	if first, ok := firstRune(fold(latin)); ok && first >= 'a' && first <= 'z' {
		return rowLatin, fold(latin)
	}
	return rowOther, folded
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}
