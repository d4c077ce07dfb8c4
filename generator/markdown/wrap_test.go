package markdown_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"kaiho/generator/markdown"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name    string
		columns int
		text    string
		want    string
	}{
		{"a line holds as many letters as it has columns", 5, "一二三四五六七", "一二三四五|六七"},
		{"half-width letters take half a column", 3, "ab cd ef", "ab cd|ef"},
		{"a stop hangs in one column more", 5, "一二三四五。六", "一二三四五。|六"},
		{"only one stop hangs", 5, "一二三四五。。六", "一二三四|五。。六"},
		{"what must follow a stop keeps it from hanging", 5, "「二三四五。」六", "「二三四|五。」六"},
		{"no line begins with a closing bracket", 5, "「二三四五」六", "「二三四|五」六"},
		{"no line ends with an opening bracket", 5, "一二三四「六」", "一二三四|「六」"},
		{"no line begins with a small kana or a long vowel", 4, "一二三シャー", "一二三|シャー"},
		{"no line begins with an iteration mark", 4, "一二三人々", "一二三|人々"},
		{"dots stay together", 5, "一二三四……六", "一二三|四……六"},
		{"dashes stay together", 5, "一二三四――六", "一二三四|――六"},
		{"a word stays whole", 5, "一二三 kaiho です", "一二三|kaiho です"},
		{"a number stays whole", 5, "一二三四2026年", "一二三四|2026年"},
		{"a word longer than a line is broken", 3, "一abcdefgh二", "一|abcdef|gh二"},
		{"an address stays whole and follows the text in its own line", 5, "見よhttps://example.jp/a-b?c=d。次", "見よ|https://example.jp/a-b?c=d。|次"},
		{"an address of mail stays whole", 5, "宛先alumni@example.jp", "宛先|alumni@example.jp"},
		{"a blank at a break vanishes", 4, "一二三四 五", "一二三四|五"},
		{"a wide blank at a break vanishes", 4, "一二三四　五", "一二三四|五"},
		{"a wide blank before a paragraph stays", 4, "　一二三四", "　一二三|四"},
		{"a letter with a selector is one", 2, "葛\U000E0100葛\U000E0100葛\U000E0100", "葛\U000E0100葛\U000E0100|葛\U000E0100"},
		{"a combined voice mark stays with its kana", 2, "か\u3099か\u3099か\u3099", "か\u3099か\u3099|か\u3099"},
		{"a letter beyond the first plane is one", 2, "𠮷𠮷𠮷", "𠮷𠮷|𠮷"},
		{"a family is one letter", 2, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦|👨‍👩‍👧‍👦"},
		{"a flag is one letter", 2, "🇯🇵🇯🇵🇯🇵", "🇯🇵🇯🇵|🇯🇵"},
		{"ambiguous letters count as wide", 3, "①②③④", "①②③|④"},
		{"an apostrophe is in its word", 5, "we say don’t go", "we say|don’t go"},
		{"accents do not break a word", 5, "voilà déjà vu", "voilà|déjà vu"},
		{"half-width kana may break anywhere", 2, "ｱｲｳｴｵｶ", "ｱｲｳｴ|ｵｶ"},
		{"a joiner keeps what is around it and is not written", 4, "一二三\u2060［1］", "一二|三［1］"},
		{"more blanks than text are none", 4, "      一二三", "一二三"},
		{"line breaks stay", 5, "一\n\n二", "一||二"},
		{"where nothing is allowed, the line is full", 3, "ーーーーー", "ーーー|ーー"},
		{"nothing is one empty line", 5, "", ""},
		{"a column too narrow has a letter a line", 0, "一二", "一|二"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(markdown.Wrap(c.text, c.columns), "|"); got != c.want {
				t.Errorf("%q in %d columns:\ngot  %s\nwant %s", c.text, c.columns, got, c.want)
			}
		})
	}
}

func TestWrapIndent(t *testing.T) {
	got := strings.Join(markdown.WrapIndent("一二三四五六\n七", 5, "・", "　"), "|")
	if want := "・一二三四|　五六|　七"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// halves is the width of s by a count of its own: it knows marks and joiners
// to have none, and nothing of letters.
func halves(s string) int {
	n := 0
	for _, r := range s {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.M, unicode.Cf, unicode.Cc):
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth, kind == width.EastAsianAmbiguous:
			n += 2
		default:
			n++
		}
	}
	return n
}

const (
	notFirst = "、。，．」』）〕］｝〉》】ー々ゝゞっゃゅょぁぃぅぇぉァィゥェォッャュョヮ！？・…‥"
	notLast  = "「『（〔［｛〈《【"
)

// FuzzWrap holds that no letter is lost, that lines fit, and that none begins or
// ends as it should not where that can be avoided: the text is given a place to
// break at least every few letters.
func FuzzWrap(f *testing.F) {
	for _, seed := range []string{
		"", "これは、長い「引用」です。そして……続く――のです。", "kaiho は https://example.jp/a/b で公開中。", "  a  b\n\n c ",
		"葛\U000E0100城👨‍👩‍👧‍👦🇯🇵ｶﾞか\u3099", "「「「「」」」」", "don’t “quote” é", "\u2060\u0301", "(((a@b", "。。。。。。。。",
	} {
		f.Add(seed, uint8(5))
		f.Add(seed, uint8(35))
	}
	f.Fuzz(func(t *testing.T, text string, columns uint8) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		lines := markdown.Wrap(text, int(columns))
		bare := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r == '\u2060' || unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F' && r != '\u2007' {
					return -1
				}
				return r
			}, s)
		}
		if got, want := bare(strings.Join(lines, "")), bare(text); got != want {
			t.Errorf("%q in %d columns: got %q", text, columns, lines)
		}
		for i, line := range lines {
			if n := halves(line); n > 2*int(columns)+2 && columns > 2 && !strings.Contains(line, "://") && !strings.Contains(line, "@") &&
				!strings.Contains(line, "www.") && !strings.ContainsFunc(line, func(r rune) bool {
				return r > 0xFFFF || r == 0xFE0F || unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Hangul, r) || r == '\uFF9E' || r == '\uFF9F'
			}) {
				t.Errorf("%q in %d columns: line %d is %d half columns long: %q", text, columns, i, n, line)
			}
			if line != "" && line != strings.TrimRight(line, " \t\u3000") {
				t.Errorf("%q: line %d ends in a blank: %q", text, i, line)
			}
		}
	})
}

// FuzzLinesBeginAndEndWell makes text in which every run of signs is short, so
// that no line has to break a rule.
func FuzzLinesBeginAndEndWell(f *testing.F) {
	signs := []rune(notFirst + notLast + "―a1")
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, uint8(3))
	f.Add([]byte("kinsoku 禁則"), uint8(20))
	f.Fuzz(func(t *testing.T, choice []byte, more uint8) {
		var b strings.Builder
		run := 0
		for _, c := range choice {
			if run == 2 || c&1 == 0 {
				b.WriteString("漢字")
				run = 0
			}
			b.WriteRune(signs[int(c)%len(signs)])
			run++
		}
		columns := 8 + int(more)%30
		lines := markdown.Wrap("漢"+b.String()+"字", columns)
		for i, line := range lines {
			first, _ := utf8.DecodeRuneInString(line)
			last, _ := utf8.DecodeLastRuneInString(line)
			if i > 0 && strings.ContainsRune(notFirst, first) {
				t.Errorf("%q in %d columns: line %d begins with %c: %q", b.String(), columns, i, first, lines)
			}
			if i < len(lines)-1 && strings.ContainsRune(notLast, last) {
				t.Errorf("%q in %d columns: line %d ends with %c: %q", b.String(), columns, i, last, lines)
			}
			if i < len(lines)-1 && halves(line) < 2*columns-16 {
				t.Errorf("%q in %d columns: line %d is short: %q", b.String(), columns, i, lines)
			}
			if halves(line) > 2*columns && !strings.ContainsRune("、。，．", last) || halves(line) > 2*columns+2 {
				t.Errorf("%q in %d columns: line %d is too long: %q", b.String(), columns, i, lines)
			}
		}
	})
}
