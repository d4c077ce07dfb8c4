package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/content"
)

// standing is where somebody stands in the list of people.
type standing struct {
	place int    // of the heading: kana, Latin letters, the rest
	label string // the heading
	key   string // within it
}

// The order of headings.
const (
	placeOfKana = iota
	placeOfLatin
	placeOfOthers
)

// peopleInOrder returns the people of an edition as their list has them, each with the
// heading above.
func peopleInOrder(e *edition) (sorted []*item, labels []string) {
	type placed struct {
		standing
		it *item
	}
	all := make([]placed, len(e.people))
	for i, it := range e.people {
		all[i] = placed{standingOf(it.page.Person.Name, e.lang), it}
	}
	slices.SortFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.place, b.place), strings.Compare(a.key, b.key), cmp.Compare(a.it.page.Path, b.it.page.Path))
	})
	for _, p := range all {
		sorted, labels = append(sorted, p.it), append(labels, p.label)
	}
	return sorted, labels
}

// standingOf places a name: in Japanese by its reading, whatever the characters of
// the name are (髙, 邉), then its Latin form; elsewhere by the Latin form of the family
// name.
func standingOf(n content.Name, lang string) standing {
	latin := strings.ToLower(unmarked(cmp.Or(latinFamily(n.Latin), n.Family)))
	if lang != "ja" {
		first := firstLetter(latin)
		if first < 'a' || first > 'z' {
			return standing{placeOfOthers, "#", latin}
		}
		return standing{placeOfLatin, string(unicode.ToUpper(first)), latin + " " + n.Latin}
	}
	family, given := hiragana(n.FamilyKana), hiragana(n.GivenKana)
	plain := plainKana(strings.TrimSpace(family + given))
	switch first := firstLetter(plain); {
	case first >= kanaRows[0] && first <= 'ん':
		i, exact := slices.BinarySearch(kanaRows, first)
		if !exact {
			i--
		}
		// Those of one family name stand together; か comes before が where all else is alike.
		return standing{placeOfKana, string(kanaRows[i]), strings.Join([]string{plainKana(family), family, plainKana(given), given}, "\x00")}
	case n.Latin != "":
		return standing{placeOfLatin, "A–Z", latin + " " + n.Latin}
	}
	return standing{placeOfOthers, "他", n.Family + " " + n.Given}
}

// firstLetter returns 0 if there is none.
func firstLetter(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// unmarked is s without accents.
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'Đ' || r == 'đ':
			return 'd'
		case r == 'Ø' || r == 'ø':
			return 'o'
		}
		return r
	}, norm.NFD.String(s))
}

// latinFamily returns the part of a Latin name in capitals (TAKANASHI Minato,
// Daniel OKAFOR), or else its last part.
func latinFamily(latin string) string {
	parts := strings.Fields(latin)
	for _, part := range parts {
		if len(part) > 1 && part == strings.ToUpper(part) {
			return part
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// hiragana turns katakana, also of half width, into hiragana.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, norm.NFKC.String(s))
}

// vowels are the kana that end in each vowel, by which ー is read, and large kana
// for small ones.
var (
	vowels = []struct{ vowel, kana string }{
		{"あ", "あかさたなはまやらわ"}, {"い", "いきしちにひみりゐ"}, {"う", "うくすつぬふむゆる"}, {"え", "えけせてねへめれゑ"}, {"お", "おこそとのほもよろを"},
	}
	largeKana = strings.NewReplacer("ぁ", "あ", "ぃ", "い", "ぅ", "う", "ぇ", "え", "ぉ", "お", "っ", "つ", "ゃ", "や", "ゅ", "ゆ", "ょ", "よ", "ゎ", "わ", "ゕ", "か", "ゖ", "け")
)

// plainKana is a reading as the order of the fifty sounds sees it first (JIS X
// 4061): without voicing marks, small kana as large ones, ー as the vowel that it
// lengthens, ゝ as the kana that it repeats.
func plainKana(s string) string {
	var b strings.Builder
	last := ""
	for _, r := range largeKana.Replace(norm.NFD.String(hiragana(s))) {
		letter := string(r)
		switch {
		case unicode.Is(unicode.Mn, r), r == '゛', r == '゜', r == '・':
			continue
		case r == 'ー':
			for _, v := range vowels {
				if last != "" && strings.Contains(v.kana, last) {
					letter = v.vowel
				}
			}
		case r == 'ゝ' && last != "":
			letter = last
		}
		b.WriteString(letter)
		last = letter
	}
	return b.String()
}

// kanaRows are the first kana of each row of the fifty sounds.
var kanaRows = []rune("あかさたなはまやらわ")
