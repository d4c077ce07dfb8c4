package layout

import (
	"fmt"
	"testing"
	"time"
)

var jst = time.FixedZone("JST", 9*60*60)

func TestFunctions(t *testing.T) {
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, jst)
	}
	evening, end, night, nextYear := at(12, 4, 18, 30), at(12, 4, 20, 30), at(12, 5, 5, 0), at(13, 1, 5, 0)
	type param struct {
		Key    string
		Values []string
	}
	params := []param{{"a", []string{"1", "2"}}, {"b.c", nil}}
	tests := []struct {
		function string
		args     []any
		ja, en   string
	}{
		{"date", []any{at(5, 20, 0, 0)}, "2026年5月20日（水）", "Wed 20 May 2026"},
		{"date", []any{time.Time{}}, "", ""},
		{"shortdate", []any{at(5, 9, 0, 0)}, "2026.5.9", "9 May 2026"},
		{"monthday", []any{at(5, 9, 0, 0)}, "5月9日（土）", "Sat 9 May"},
		{"datetime", []any{evening}, "2026年12月4日（金）18:30", "Fri 4 Dec 2026, 18:30 JST (09:30 UTC)"},
		{"datetime", []any{evening.UTC()}, "2026年12月4日（金）09:30", "Fri 4 Dec 2026, 09:30 UTC"},
		{"timerange", []any{evening, end, false}, "18:30〜20:30", "18:30–20:30 JST (09:30–11:30 UTC)"},
		{"timerange", []any{evening, time.Time{}, false}, "18:30", "18:30 JST (09:30 UTC)"},
		{"timerange", []any{evening, end, true}, "", ""},
		{"when", []any{evening, end, false}, "2026年12月4日（金）18:30〜20:30", "Fri 4 Dec 2026, 18:30–20:30 JST (09:30–11:30 UTC)"},
		{"when", []any{evening, night, false}, "2026年12月4日（金）18:30〜12月5日（土）05:00", "Fri 4 Dec 2026, 18:30 – Sat 5 Dec, 05:00 JST (09:30–20:00 UTC)"},
		{"when", []any{evening, nextYear, true}, "2026年12月4日（金）〜2027年1月1日（金）", "Fri 4 Dec 2026 – Fri 1 Jan 2027"},
		{"when", []any{evening, end, true}, "2026年12月4日（金）", "Fri 4 Dec 2026"},
		{"lastday", []any{evening, end, false}, "", ""},
		{"lastday", []any{evening, night, false}, "12月5日（土）", "Sat 5 Dec"},
		{"lastday", []any{evening, at(12, 5, 0, 0), false}, "", ""},
		{"lastday", []any{at(12, 4, 0, 0), at(12, 5, 0, 0), true}, "12月5日（土）", "Sat 5 Dec"},
		{"lastday", []any{evening, nextYear, true}, "2027年1月1日（金）", "Fri 1 Jan 2027"},
		{"lastday", []any{evening, time.Time{}, false}, "", ""},
		{"lastday", []any{time.Time{}, end, false}, "", ""},
		{"isodate", []any{evening}, "2026-12-04", "2026-12-04"},
		{"isodatetime", []any{evening}, "2026-12-04T18:30:00+09:00", "2026-12-04T18:30:00+09:00"},
		{"isodatetime", []any{time.Time{}}, "", ""},
		{"month", []any{evening}, "12月", "Dec"},
		{"day", []any{evening}, "4", "4"},
		{"weekday", []any{evening}, "金", "Fri"},
		{"year", []any{evening}, "2026", "2026"},
		{"money", []any{3000, "JPY"}, "3,000円", "JPY\u00a03,000"},
		{"money", []any{20, "EUR"}, "EUR\u00a020", "EUR\u00a020"},
		{"pay", []any{5_000_000, 7_600_000, "JPY"}, "500万円〜760万円", "JPY\u00a05,000,000 to JPY\u00a07,600,000"},
		{"pay", []any{12_000_000, 12_000_000, ""}, "1,200万円", "JPY\u00a012,000,000"},
		{"pay", []any{10_000, 0, "JPY"}, "1万円〜", "from JPY\u00a010,000"},
		{"pay", []any{0, 250_000, "JPY"}, "〜25万円", "up to JPY\u00a0250,000"},
		{"pay", []any{5_000_000, 7_654_000, "JPY"}, "5,000,000円〜7,654,000円", "JPY\u00a05,000,000 to JPY\u00a07,654,000"},
		{"pay", []any{1_400, 1_800, "JPY"}, "1,400円〜1,800円", "JPY\u00a01,400 to JPY\u00a01,800"},
		{"pay", []any{60_000, 80_000, "EUR"}, "EUR\u00a060,000〜EUR\u00a080,000", "EUR\u00a060,000 to EUR\u00a080,000"},
		{"pay", []any{0, 0, "JPY"}, "", ""},
		{"number", []any{1850}, "1,850", "1,850"},
		{"number", []any{-123456}, "-123,456", "-123,456"},
		{"number", []any{12}, "12", "12"},
		{"postal", []any{"1234567"}, "〒123-4567", "123-4567"},
		{"postal", []any{"〒123-4567"}, "〒123-4567", "123-4567"},
		{"postal", []any{"SW1A 1AA"}, "SW1A 1AA", "SW1A 1AA"},
		{"joinnames", []any{[]string{"甲", "乙", "丙"}}, "甲、乙、丙", "甲, 乙 and 丙"},
		{"joinnames", []any{[]string{"甲"}}, "甲", "甲"},
		{"host", []any{"https://www.example.org:8080/a"}, "example.org", "example.org"},
		{"initial", []any{"𠮷村 航"}, "𠮷", "𠮷"},
		{"initial", []any{"葛\U000e0100城"}, "葛\U000e0100", "葛\U000e0100"},
		{"initial", []any{""}, "", ""},
		{"isemail", []any{"letter@nagi.example"}, "true", "true"},
		{"isemail", []any{"事務局 letter@nagi.example"}, "false", "false"},
		{"root", []any{"favicon.svg"}, "/alumni/favicon.svg", "/alumni/favicon.svg"},
		{"accent", []any{"paper"}, "#1F4E79", "#1F4E79"},
		{"accent", []any{"on-dark"}, "#101A24", "#101A24"},
		{"accent", []any{"indigo"}, "error: there is no accent \"indigo\": paper, on, dark or on-dark", "error: there is no accent \"indigo\": paper, on, dark or on-dark"},
		{"param", []any{params, "a"}, "1", "1"},
		{"param", []any{params, "b.c"}, "", ""},
		{"params", []any{params, "a"}, "[1 2]", "[1 2]"},
		{"params", []any{params, "z"}, "[]", "[]"},
		{"t", []any{"items", 1}, "1件", "1 item"},
		{"t", []any{"items", "1,850"}, "1,850件", "1,850 items"},
		{"word", []any{"group", "one"}, "ひとつ", "One"},
		{"word", []any{"group", "two"}, "two", "two"},
		{"lang", nil, "ja", "en"},
		{"phrases", []any{"凪の会の集いと、{名札|なふだ}"}, `<span class="phrases">凪の会の<wbr>集いと、<wbr><ruby>名札<rp>（</rp><rt>なふだ</rt><rp>）</rp></ruby></span>`,
			`<span class="phrases">凪の会の<wbr>集いと、<wbr><ruby>名札<rp>（</rp><rt>なふだ</rt><rp>）</rp></ruby></span>`},
		{"phrases", []any{"A & <b>"}, "A &amp; &lt;b&gt;", "A &amp; &lt;b&gt;"},
		{"phrases", []any{""}, "", ""},
		{"phrases", []any{"<i>を見に行く、{<i>|<b>}の話"}, `<span class="phrases">&lt;i&gt;を<wbr>見に<wbr>行く、<wbr><ruby>&lt;i&gt;<rp>（</rp><rt>&lt;b&gt;</rt><rp>）</rp></ruby>の<wbr>話</span>`,
			`<span class="phrases">&lt;i&gt;を<wbr>見に<wbr>行く、<wbr><ruby>&lt;i&gt;<rp>（</rp><rt>&lt;b&gt;</rt><rp>）</rp></ruby>の<wbr>話</span>`},
		{"tel", []any{"03-1234-5678"}, "+81312345678", "+81312345678"},
		{"tel", []any{"０９０（１２３４）５６７８"}, "+819012345678", "+819012345678"},
		{"tel", []any{"+44 20 7946 0958"}, "+442079460958", "+442079460958"},
		{"tel", []any{"+81 (0)3 1234 5678"}, "+81312345678", "+81312345678"},
		{"tel", []any{"電話 03-1234-5678"}, "+81312345678", "+81312345678"},
		{"tel", []any{"TEL: 0120-123-456"}, "+81120123456", "+81120123456"},
		{"tel", []any{"2026-12-16"}, "", ""},
		{"tel", []any{"0312"}, "", ""},
		{"tel", []any{"03-1234-5678（平日）"}, "", ""},
		{"tel", []any{"office@nagi.example"}, "", ""},
		{"tel", []any{"110"}, "", ""},
		{"scale", []any{800, 1200, 536}, "357", "357"},
		{"scale", []any{801, 1200, 536}, "358", "358"},
		{"scale", []any{800, 0, 536}, "error: scale from 0: it must be more than 0", "error: scale from 0: it must be more than 0"},
		{"outlook", []any{"<tr>"}, "<!--[if mso]><tr><![endif]-->", "<!--[if mso]><tr><![endif]-->"},
		{"outlook", []any{"-->"}, "error: outlook takes no -->: it would end the comment", "error: outlook takes no -->: it would end the comment"},
	}
	l := &loader{options: Options{Base: "/alumni/", Whole: []string{"凪の会"}}, tables: map[string]map[string]string{
		"ja": {"items": "{0}件", "group.one": "ひとつ", "range": "{0}〜{1}", "range.from": "{0}〜", "range.to": "〜{0}"},
		"en": {"items": "{0} {0|item|items}", "group.one": "One", "range": "{0} to {1}", "range.from": "from {0}", "range.to": "up to {0}"},
	}}
	tested := map[string]bool{"asset": true} // in TestExecuteSaysWhere
	for _, tt := range tests {
		tested[tt.function] = true
		for lang, want := range map[string]string{"ja": tt.ja, "en": tt.en} {
			if got := call(l.functions(lang)[tt.function], tt.args); got != want {
				t.Errorf("%s %v in %s: got %q, want %q", tt.function, tt.args, lang, got, want)
			}
		}
	}
	listed := map[string]bool{}
	for _, f := range Functions() {
		listed[f.Name] = true
	}
	for name := range l.functions("en") {
		if !tested[name] || !listed[name] {
			t.Errorf("%s: tested %v, in the help %v", name, tested[name], listed[name])
		}
	}
	if got, want := len(Functions()), len(l.functions("en")); got != want {
		t.Errorf("the help has %d functions, want %d", got, want)
	}
}

// call calls a function of layouts and writes its first result.
func call(function any, args []any) string {
	results := reflectCall(function, args)
	if len(results) == 2 && results[1] != nil {
		return fmt.Sprint("error: ", results[1])
	}
	return fmt.Sprint(results[0])
}
