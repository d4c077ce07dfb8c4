package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text to the form in which it is searched: letters and digits of
// one case, width and spelling, and one space where something parts them. Spaces
// beside Japanese letters part nothing, nor do the dots and apostrophes within
// names.
//
// It works letter by letter, each with the marks that follow it: NFKD, lower
// case, without accents and selectors of variants, NFC, hiragana for katakana,
// and the first of each of Variants for all of them.
func Fold(s string) string {
	f := folder{table: foldTable()}
	f.out = make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		end := i + size
		if end < len(s) && s[end] >= 0xCC { // marks are U+0300 and above
			for next, n := utf8.DecodeRuneInString(s[end:]); isMark(next); next, n = utf8.DecodeRuneInString(s[end:]) {
				end += n
			}
		}
		switch {
		case end > i+size:
			f.cluster(s[i:end])
		case r < tableSize && f.table[r] != manyRunes:
			f.add(f.table[r])
		default:
			f.cluster(s[i:end])
		}
		i = end
	}
	return string(f.out)
}

// folder writes folded runes, and decides which spaces are any.
type folder struct {
	table *[tableSize]rune
	out   []byte
	last  rune // of out
	gap   rune // between it and the next one
}

// What stands in the table for what is no letter.
const (
	noRune    rune = -1 // nothing at all
	spaceRune rune = ' '
	breakRune rune = '\n' // parts letters of all kinds
	manyRunes rune = -2   // more than one
)

const tableSize = 0x10000

// add adds a folded rune.
func (f *folder) add(r rune) {
	switch r {
	case noRune:
		return
	case spaceRune:
		if f.gap == 0 {
			f.gap = spaceRune
		}
		return
	case breakRune:
		f.gap = breakRune
		return
	}
	if f.last != 0 && (f.gap == breakRune || f.gap == spaceRune && !isWide(f.last) && !isWide(r)) {
		f.out = append(f.out, ' ')
	}
	f.out = utf8.AppendRune(f.out, r)
	f.last, f.gap = r, 0
}

// cluster adds a letter with its marks.
func (f *folder) cluster(s string) {
	for _, r := range foldCluster(s) {
		f.add(class(r))
	}
}

// foldCluster folds a letter with its marks, but for what is no letter.
func foldCluster(s string) string {
	s = strings.Map(func(r rune) rune {
		if isDropped(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' || r == 'ヽ' || r == 'ヾ' {
			r -= 'ァ' - 'ぁ'
		}
		if plain, ok := plainForms[r]; ok {
			return plain
		}
		return r
	}, norm.NFC.String(s))
}

// signs belong to the words that they stand in: R&D, C++, C#.
const signs = "&+#"

// class returns a letter or digit itself, and else what it parts.
func class(r rune) rune {
	switch {
	case unicode.IsLetter(r), unicode.IsNumber(r), isMark(r), strings.ContainsRune(signs, r):
		return r
	case r == '・', r == '\'', r == '’':
		return noRune
	case r != '\n' && unicode.IsSpace(r):
		return spaceRune
	}
	return breakRune
}

// isMark reports whether r belongs to the letter before it, as the voicing marks of
// half width do. Most kana and kanji are between those that are asked.
func isMark(r rune) bool {
	if r < 0x300 || r > 0x303f && r < 0x3099 || r > 0x309a && r < 0xa66f {
		return false
	}
	return unicode.Is(unicode.M, r) || r == 'ﾞ' || r == 'ﾟ'
}

// isDropped reports whether r makes no difference: accents, selectors of
// variants, what has no width.
func isDropped(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef ||
		r >= 0x200b && r <= 0x200f || r == 0xfeff || r == 0xad
}

// isWide reports whether r is a letter of Japanese, which is written without
// spaces.
func isWide(r rune) bool {
	return r >= 0x3005 && r <= 0x3007 || r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0x20000
}

// foldTable is what becomes of each letter of the first plane that stands alone.
var foldTable = sync.OnceValue(func() *[tableSize]rune {
	t := new([tableSize]rune)
	for r := range rune(tableSize) {
		folded := []rune(foldCluster(string(r)))
		switch len(folded) {
		case 0:
			t[r] = noRune
		case 1:
			t[r] = class(folded[0])
		default:
			t[r] = manyRunes
		}
	}
	return t
})

// plainForms is what variants are searched as.
var plainForms = func() map[rune]rune {
	forms := map[rune]rune{}
	for _, group := range Variants() {
		first, size := utf8.DecodeRuneInString(group)
		for _, r := range group[size:] {
			forms[r] = first
		}
	}
	return forms
}()

// Variants returns groups of letters that are the same to whoever searches: old
// and new forms, and those that are used in names. The first stands for all.
func Variants() []string { return variants }

var variants = []string{
	"σς", "dđð", "hħ", "iı", "lł", "nŋ", "oø", "tŧ", "高髙", "崎﨑嵜碕埼", "吉𠮷", "辺邉邊", "斎斉齋齊", "浜濱濵", "沢澤", "島嶋嶌", "広廣", "真眞", "徳德", "瀬瀨", "国國圀", "桜櫻", "恵惠",
	"竜龍", "曽曾", "寿壽", "条條", "万萬", "実實", "関關", "蔵藏", "槇槙", "栄榮", "豊豐", "静靜", "礼禮", "芦蘆", "桧檜", "滝瀧",
	"鉄鐵鉃", "渋澁", "黒黑", "青靑", "亀龜", "円圓", "会會", "学學斈", "晃晄", "薮藪籔", "館舘", "峰峯", "船舩", "柳栁桺", "穂穗", "緑綠",
	"遥遙", "凛凜", "富冨", "郎郞", "来來", "総總", "芸藝", "当當", "台臺", "体體", "声聲", "図圖", "団團", "旧舊",
	"駅驛", "県縣", "横橫", "応應", "歩步", "戸戶", "尚尙", "弥彌", "祢禰", "桑桒", "梅楳", "鶴靏鸖", "鷲鵰", "賢贒", "啓啟", "兎兔", "鴎鷗", "蝋蠟", "頬頰",
}
