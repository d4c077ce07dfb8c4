package gate

import (
	"slices"
	"strings"
	"unicode"
)

// fold brings a name or a word to the form in which the directory compares:
// case, width, hiragana and katakana, accents of Latin letters and the common
// variants of characters in family names (髙 and 高) make no difference, and
// spaces, dots and selectors of variants are left out.
func fold(s string) string {
	var b strings.Builder
	last := rune(0) // held back, since a voicing mark may follow
	flush := func() {
		if last != 0 {
			b.WriteRune(last)
			last = 0
		}
	}
	for _, r := range s {
		r = plainWidth(r)
		switch r {
		case '\u3099', '゛':
			last = voiced(last, voicedKana)
			continue
		case '\u309A', '゜':
			last = voiced(last, halfVoicedKana)
			continue
		}
		if isIgnored(r) {
			continue
		}
		flush()
		last = foldRune(r)
	}
	flush()
	return b.String()
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

// foldRune is one character of fold, of plain width.
func foldRune(r rune) rune {
	switch {
	case r >= 'ァ' && r <= 'ヶ':
		return r - ('ァ' - 'ぁ')
	case r < 0x80:
		return unicode.ToLower(r)
	case r < 0x2000:
		r = unicode.ToLower(r)
	}
	if plain, found := plainForms[r]; found {
		return plain
	}
	return r
}

// isIgnored reports whether fold leaves r out: spaces, the dots and hyphens
// between parts of names, accents that stand alone, selectors of variants.
func isIgnored(r rune) bool {
	switch {
	case unicode.IsSpace(r), unicode.IsControl(r):
		return true
	case strings.ContainsRune("・･·.,，．、'’-‐‑–−", r):
		return true
	}
	return r >= 0x300 && r <= 0x36f || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef || r >= 0x200b && r <= 0x200f
}

// plainWidth turns full-width letters and half-width katakana into the usual ones.
func plainWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r >= '｡' && r <= 'ﾟ':
		return []rune(halfWidth)[r-'｡']
	}
	return r
}

// halfWidth is what each character from U+FF61 to U+FF9F is in full width.
const halfWidth = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A"

// Each plain kana of these is followed by what its mark makes of it.
const (
	voicedKana     = "うゔかがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼ"
	halfVoicedKana = "はぱひぴふぷへぺほぽ"
)

// voiced returns r with a mark, in hiragana; r itself, if it takes none.
func voiced(r rune, pairs string) rune {
	list := []rune(pairs)
	if i := slices.Index(list, r); i >= 0 && i%2 == 0 {
		return list[i+1]
	}
	return r
}

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

// plainForms is what accented and variants say, by character.
var plainForms = func() map[rune]rune {
	forms := map[rune]rune{}
	for _, group := range slices.Concat(accented, variants) {
		first, _ := firstRune(group)
		for _, r := range group {
			forms[r] = first
		}
	}
	return forms
}()

// accented are Latin letters that compare as the first of their group.
var accented = []string{
	"aàáâãäåāăąǎạảấầẩẫậắằẳẵặ", "cçćĉċč", "dďđð", "eèéêëēĕėęěẹẻẽếềểễệ", "gĝğġģ", "hĥħ", "iìíîïĩīĭįıỉị", "jĵ", "kķ", "lĺļľłŀ",
	"nñńņňŋ", "oòóôõöøōŏőơọỏốồổỗộớờởỡợ", "rŕŗř", "sśŝşšș", "tţťŧț", "uùúûüũūŭůűųưụủứừửữự", "wŵ", "yýÿŷỳỵỷỹ", "zźżž",
}

// variants are characters of names that compare as the first of their group.
var variants = []string{
	"高髙", "崎﨑嵜碕埼", "吉𠮷", "辺邉邊", "斎斉齋齊", "浜濱濵", "沢澤", "島嶋嶌", "広廣", "真眞", "徳德", "瀬瀨", "国國", "桜櫻", "恵惠",
	"竜龍", "曽曾", "寿壽", "条條", "万萬", "実實", "関關", "蔵藏", "槇槙", "栄榮", "豊豐", "静靜", "礼禮\ufa18", "芦蘆", "桧檜", "滝瀧",
	"鉄鐵鉃", "渋澁", "黒黑", "青靑", "亀龜", "円圓", "会會", "学學", "晃晄", "薮藪籔", "館舘\ufa2c", "峰峯", "船舩", "柳栁", "穂穗", "緑綠",
	"遥遙", "凛凜", "富冨", "郎郞\ufa2e", "塚\ufa10", "晴\ufa12", "猪\ufa16", "益\ufa17", "神\ufa19", "祥\ufa1a", "福\ufa1b", "靖\ufa1c",
	"精\ufa1d", "羽\ufa1e", "諸\ufa22", "逸\ufa25", "都\ufa26", "飯\ufa2a", "鶴\ufa2d", "梅\ufa44", "海\ufa45", "渚\ufa46", "社\ufa4c",
	"祉\ufa4d", "祈\ufa4e", "祐\ufa4f", "祖\ufa50", "祝\ufa51", "節\ufa56", "者\ufa5b", "隆\uf9dc", "朗\uf929",
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
