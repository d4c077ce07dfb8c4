package phrase_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kaiho/generator/phrase"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"what BudouX says", "今日は|天気です。"},
		{"a title", "灯台の|光から、|養殖いけすの|見守りへ"},
		{"another, with Latin letters", "Google の|使命は、|世界中の|情報を|整理する|ことです"},
		{"a character beyond the first plane", "𠮷野家で|𠮷村さんに|会う"},
		{"a number stays whole", "語り継ぐ 第3回 昭和49年、|岬に|機材を|担ぎ上げた|夜"},
		{"a number keeps its unit", "検査室の|一年生 ― 新人が|見た凪の会の|朝"},
		{"nothing begins with a closing mark", "社長メッセージ|「戻ってくる|人に、|恥ずかしくない|会社に」"},
		{"the site's name stays whole", "凪の会の|冬の|集い"},
		{"katakana alone", "カムバック"},
		{"English", "The light of the lighthouse"},
		{"kanji alone", "会則"},
		{"nothing", ""},
	} {
		text := strings.ReplaceAll(test.want, "|", "")
		if got := strings.Join(phrase.Split(text, "凪の会", ""), "|"); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestRuby(t *testing.T) {
	for _, test := range []struct{ name, line, plain, bracketed string }{
		{"letters with a reading", "{髙梨|たかなし}さんに聞く", "髙梨さんに聞く", "髙梨（たかなし）さんに聞く"},
		{"a reading for each letter", "{凪|なぎ}の{会則|かい|そく}", "凪の会則", "凪（なぎ）の会則（かいそく）"},
		{"an empty part", "{|a} {a|}", "{|a} {a|}", "{|a} {a|}"},
		{"brackets alone", "{a} | b", "{a} | b", "{a} | b"},
		{"no brackets", "a", "a", "a"},
	} {
		if got, bracketed := phrase.Plain(test.line), phrase.Bracketed(test.line); got != test.plain || bracketed != test.bracketed {
			t.Errorf("%s: got %q and %q, want %q and %q", test.name, got, bracketed, test.plain, test.bracketed)
		}
	}
}

func ExampleSplit() {
	fmt.Println(strings.Join(phrase.Split("四年ぶりの名札を胸に"), " / "))
	// Output: 四年ぶりの / 名札を / 胸に
}

func FuzzSplit(f *testing.F) {
	for _, text := range []string{"今日は天気です。", "「あ」", "が\u3099", "a\u200dあ", "\xff あ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		phrases := phrase.Split(text, "の会")
		if got := strings.Join(phrases, ""); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		if len(phrases) > 1 && slices.Contains(phrases, "") {
			t.Errorf("%q has an empty phrase: %q", text, phrases)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	for b.Loop() {
		phrase.Split("灯台の光から、養殖いけすの見守りへ ― 髙梨湊さん", "凪の会")
	}
}
