package gate

import (
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, a, b string }{
		{"katakana is hiragana", "タカナシ", "たかなし"},
		{"half-width katakana with marks", "ﾀﾞｲｽｹ ﾊﾟｸ", "だいすけぱく"},
		{"marks that stand alone", "か\u3099き\u3099", "がぎ"},
		{"full-width letters and case", "ＴＡＫＡＮＡＳＨＩ", "takanashi"},
		{"the ladder form of 高", "髙梨", "高梨"},
		{"the standing form of 崎", "山﨑", "山崎"},
		{"the long form of 吉", "𠮷村", "吉村"},
		{"three spellings of 辺", "渡邉渡邊", "渡辺渡辺"},
		{"a selector of a variant", "葛\U000E0100城", "葛城"},
		{"accents of Vietnamese", "TRẦN Linh", "tran linh"},
		{"letters with a stroke", "ĐẶNG Łukasz Sørensen", "dang lukasz sorensen"},
		{"dots and brackets between kana", "た・か（な）し", "たかなし"},
		{"accents that stand alone", "Tra\u0302\u0300n", "tran"},
		{"spaces and dots", "チャン・リン", "ちゃん　りん"},
		{"the first of each group is its own form", "高崎吉辺", "髙﨑𠮷邊"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a, b := fold(c.a), fold(c.b); a != b || a == "" {
				t.Errorf("fold(%q) = %q, want fold(%q) = %q", c.a, a, c.b, b)
			}
		})
	}
}

func TestIndexKey(t *testing.T) {
	for _, c := range []struct{ name, reading, latin, row string }{
		{"a plain kana", "うえだ", "", "あ"},
		{"a voiced kana stands with its plain one", "ごとう", "", "か"},
		{"the last of a row", "よしむら", "", "や"},
		{"katakana", "チャン", "TRAN", "た"},
		{"a small kana", "ゃまだ", "", "や"},
		{"を stands in the row of わ", "をがわ", "", "わ"},
		{"ゔ stands with う", "ヴォーン", "", "あ"},
		{"no reading", "", "OKAFOR Daniel", "A"},
		{"a reading in Latin letters only", "Okafor", "OKAFOR", "A"},
		{"nothing at all", "", "", "?"},
		{"Latin letters with an accent", "", "Åström", "A"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if row, _ := indexKey(c.reading, c.latin); row != c.row {
				t.Errorf("got row %q, want %q", row, c.row)
			}
		})
	}
	_, plain := indexKey("かとう", "")
	_, voiced := indexKey("がとう", "")
	_, next := indexKey("かな", "")
	if plain >= voiced || voiced >= next {
		t.Errorf("got order %q %q %q, want a voiced kana after its plain one and before the next", plain, voiced, next)
	}
}

// FuzzFold: what is folded stays as it is when it is folded again, and is text.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"髙梨 湊", "ﾀﾞｲｽｹ", "TRẦN", "\xff\u3099", "İ", "゛゜"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		if twice := fold(once); twice != once || !utf8.ValidString(once) {
			t.Errorf("fold(%q) = %q, and folded again %q", s, once, twice)
		}
	})
}
