package preview

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestForSchemeHoldsALetterToOne(t *testing.T) {
	const dark, light = `<style>:root{color-scheme:only dark !important}</style>`, `<style>:root{color-scheme:only light !important}</style>`
	tests := []struct{ name, scheme, doc, want string }{
		{"a rule for dark holds in dark", "dark", `<style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style>`, dark + `<style>@media (min-width:0) { p { color: #fff } }</style>`},
		{"and never in light", "light", `<style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style>`, light + `<style>@media (max-width:0) { p { color: #fff } }</style>`},
		{"a rule for light is the other way round", "dark", `<style>@media(prefers-color-scheme:light){}</style>`, dark + `<style>@media(max-width:0){}</style>`},
		{"it is written in any case and with any space", "dark", "<STYLE>@media ( Prefers-Color-Scheme :\n DARK ) {}</STYLE>", dark + `<STYLE>@media (min-width:0) {}</STYLE>`},
		{"other conditions stay", "dark", `<style>@media screen and (max-width: 620px) and (prefers-color-scheme: dark) {}</style>`, dark + `<style>@media screen and (max-width: 620px) and (min-width:0) {}</style>`},
		{"all style elements count", "dark", `<style type="text/css">a{}</style><p>x</p><style>@media (prefers-color-scheme: dark) {}</style>`, dark + `<style type="text/css">a{}</style><p>x</p><style>@media (min-width:0) {}</style>`},
		{"media attributes count", "dark", `<picture><source media="(prefers-color-scheme: dark)" srcset="d.png"></picture>`, dark + `<picture><source media="(min-width:0)" srcset="d.png"></picture>`},
		{"those of style elements too", "light", `<style media='(prefers-color-scheme: dark)'>p{}</style>`, light + `<style media="(max-width:0)">p{}</style>`},
		{"text that says it stays", "dark", `<p title="(prefers-color-scheme: dark)">(prefers-color-scheme: dark)</p>`, dark + `<p title="(prefers-color-scheme: dark)">(prefers-color-scheme: dark)</p>`},
		{"so does what Outlook alone reads", "dark", `<!--[if mso]><style>@media (prefers-color-scheme: dark) {}</style><![endif]-->`, dark + `<!--[if mso]><style>@media (prefers-color-scheme: dark) {}</style><![endif]-->`},
		{"a doctype stays first", "dark", `<!doctype html><p>a`, `<!doctype html>` + dark + `<p>a`},
		{"the rule stands in the head", "dark", `<!DOCTYPE html><html lang="ja"><head><title>a</title>`, `<!DOCTYPE html><html lang="ja"><head>` + dark + `<title>a</title>`},
	}
	for _, test := range tests {
		if got := forScheme(test.doc, test.scheme); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestLettersLeadToThePreview(t *testing.T) {
	site := letterSite{scheme: "https", host: "nagi.example", base: "/"}
	below := letterSite{scheme: "https", host: "nagi.example", base: "/alumni/"}
	members := letterSite{scheme: "https", host: "nagi.example", base: "/", reader: "alumni"}
	tests := []struct {
		name      string
		site      letterSite
		doc, want string
	}{
		{"a link", site, `<a href="https://nagi.example/news/a/">`, `<a href="/news/a/">`},
		{"a link with a query and a place", site, `<a href="https://nagi.example/news/?a=1&amp;b=2#c">`, `<a href="/news/?a=1&amp;b=2#c">`},
		{"the home page", site, `<a href='https://nagi.example'>`, `<a href="/">`},
		{"a name in Japanese", site, `<a href="https://nagi.example/%E4%BC%9A/">`, `<a href="/%E4%BC%9A/">`},
		{"a picture", site, `<img alt="" src="https://nagi.example/images/x.jpg" width="536">`, `<img alt="" src="/images/x.jpg" width="536">`},
		{"an address without quotes", site, `<img src=https://nagi.example/x.jpg alt=a>`, `<img src="/x.jpg" alt=a>`},
		{"a table's background", site, `<td background="https://nagi.example/x.png">`, `<td background="/x.png">`},
		{"a background in a style", site, `<td style="background:url('https://nagi.example/x.png')">`, `<td style="background:url(&#39;/x.png&#39;)">`},
		{"a background in a rule", site, `<style>td{background:url(https://nagi.example/x.png)}</style>`, `<style>td{background:url(/x.png)}</style>`},
		{"a token goes", site, `<a href="https://nagi.example/k/AbC-_9/events/a/?b#c">`, `<a href="/events/a/?b#c">`},
		{"a token of a site below a folder", below, `<a href="https://nagi.example/alumni/k/AbC/events/a/">`, `<a href="/alumni/events/a/">`},
		{"a token without a page is the home page", below, `<a href="https://nagi.example/alumni/k/AbC">`, `<a href="/alumni/">`},
		{"a members' page is seen by members", members, `<a href="https://nagi.example/k/AbC/events/a/">`, `<a href="/-/reader?name=alumni&amp;to=%2Fevents%2Fa%2F">`},
		{"a page of the public is not", members, `<a href="https://nagi.example/events/a/">`, `<a href="/events/a/">`},
		{"the way out", site, `<a href="https://nagi.example/u/AbC">`, `<a href="/-/personal">`},
		{"an answer", below, `<a href="https://nagi.example/alumni/a/AbC/yes">`, `<a href="/-/personal">`},
		{"a section that begins like the gate", site, `<a href="https://nagi.example/u/">`, `<a href="/u/">`},
		{"k outside the base", below, `<a href="https://nagi.example/k/AbC/x/">`, `<a href="/k/AbC/x/">`},
		{"another site", site, `<a href="https://other.example/k/AbC/">`, `<a href="https://other.example/k/AbC/">`},
		{"a site whose name begins alike", site, `<img src="https://nagi.example.evil/x.jpg">`, `<img src="https://nagi.example.evil/x.jpg">`},
		{"a name before the host", site, `<img src="https://nagi.example@evil/x.jpg">`, `<img src="https://nagi.example@evil/x.jpg">`},
		{"another scheme", site, `<a href="http://nagi.example/">`, `<a href="http://nagi.example/">`},
		{"a mail address", site, `<a href="mailto:a@nagi.example">`, `<a href="mailto:a@nagi.example">`},
		{"two slashes are no other host", site, `<a href="https://nagi.example//evil.example/">`, `<a href="/evil.example/">`},
		{"nor are they behind a token", site, `<a href="https://nagi.example/k/A//evil.example/">`, `<a href="/evil.example/">`},
		{"the words of a text", site, `<p title="src=https://nagi.example/x">https://nagi.example/</p>`, `<p title="src=https://nagi.example/x">https://nagi.example/</p>`},
		{"what Outlook alone reads", site, `<!--[if mso]><v:fill src="https://nagi.example/x.png"><![endif]-->`, `<!--[if mso]><v:fill src="https://nagi.example/x.png"><![endif]-->`},
		{"a quote in an address stays one", site, `<a href="https://nagi.example/?a=&quot;onclick=b">`, `<a href="/?a=&#34;onclick=b">`},
		{"no site is known", letterSite{base: "/"}, `<a href="https://nagi.example/">`, `<a href="https://nagi.example/">`},
	}
	for _, test := range tests {
		if got := test.site.localize(test.doc); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

var anyAttribute = regexp.MustCompile(`(?i)\s(?:src|href)="([^"]*)"`)

// Whatever an address is: in a letter for the preview it is what it was, or
// below this server, and it ends where it ended.
func FuzzLetterLinks(f *testing.F) {
	for _, address := range []string{"", "/a", "//nagi.example/", "https://nagi.example/k/A/\\evil", "https://nagi.example/k/A/%2Fevil", "https://nagi.example\t/x", "HTTPS://NAGI.EXAMPLE/\"onload=x", "https://nagi.example/u/x#>"} {
		f.Add(address, "alumni")
	}
	f.Fuzz(func(t *testing.T, address, reader string) {
		site := letterSite{scheme: "https", host: "nagi.example", base: "/", reader: reader}
		doc := `<p>before</p><a href="` + html.EscapeString(address) + `" title="t">text</a>`
		got := site.localize(doc)
		if !strings.HasPrefix(got, `<p>before</p><a href="`) || !strings.HasSuffix(got, `" title="t">text</a>`) {
			t.Fatalf("%q became %s", address, got)
		}
		value := html.UnescapeString(anyAttribute.FindStringSubmatch(got)[1])
		if value != html.UnescapeString(html.EscapeString(address)) && (!strings.HasPrefix(value, "/") || strings.HasPrefix(value, "//") || strings.HasPrefix(value, "/\\")) {
			t.Errorf("%q became %q", address, value)
		}
		if again := site.localize(got); again != got {
			t.Errorf("%s became %s", got, again)
		}
	})
}

func FuzzForScheme(f *testing.F) {
	f.Add("a", "p{}", "x")
	f.Add(`<p title="<style>">`, "@media (prefers-color-scheme:dark){}", "<!--")
	f.Fuzz(func(t *testing.T, text, css, name string) {
		if strings.Contains(strings.ToLower(css), "</style") {
			t.Skip()
		}
		text = html.EscapeString(text)
		doc := `<html><head><style>` + css + `</style></head><p>` + text + `</p></html>`
		got := forScheme(doc, "dark")
		if !strings.HasSuffix(got, `</style></head><p>`+text+`</p></html>`) {
			t.Errorf("%s became %s", doc, got)
		}
		if rules, _, _ := strings.Cut(got, "</style></head>"); schemeMedia.MatchString(rules) {
			t.Errorf("%s still depends on the browser", rules)
		}
		if rest := strings.Replace(got, `<style>:root{color-scheme:only dark !important}</style>`, "", 1); !schemeMedia.MatchString(css) && rest != doc {
			t.Errorf("%s became %s", doc, got)
		}
	})
}

func TestCutKeepsWhatAListShows(t *testing.T) {
	tests := []struct {
		name, line, want string
		isCut            bool
	}{
		{"28 full-width characters fit", strings.Repeat("あ", 28), strings.Repeat("あ", 28), false},
		{"29 do not", strings.Repeat("あ", 29), strings.Repeat("あ", 28), true},
		{"56 of Latin do", strings.Repeat("a", 56), strings.Repeat("a", 56), false},
		{"a full-width one needs both columns", strings.Repeat("a", 55) + "あ", strings.Repeat("a", 55), true},
		{"half-width katakana is half as wide", strings.Repeat("ｱ", 57), strings.Repeat("ｱ", 56), true},
		{"a dash is drawn full-width", strings.Repeat("―", 29), strings.Repeat("―", 28), true},
		{"a variation stays with its character", strings.Repeat("葛󠄀", 28), strings.Repeat("葛󠄀", 28), false},
		{"a family is one emoji", strings.Repeat("👩‍👩‍👧", 28), strings.Repeat("👩‍👩‍👧", 28), false},
		{"space before the cut goes", strings.Repeat("あ", 27) + "　い", strings.Repeat("あ", 27), true},
		{"nothing is nothing", "", "", false},
	}
	for _, test := range tests {
		got, isCut := cut(test.line, inboxColumns)
		if got != test.want || isCut != test.isCut {
			t.Errorf("%s: got %q, %v, want %q, %v", test.name, got, isCut, test.want, test.isCut)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("凪だより 第31号", 7)
	f.Fuzz(func(t *testing.T, line string, columns int) {
		got, isCut := cut(line, columns)
		width := 0
		for _, r := range got {
			width += columnsOf(r)
		}
		joined := strings.ContainsRune(line, '\u200d')
		if !strings.HasPrefix(line, got) || !isCut && got != line || utf8.ValidString(line) && !utf8.ValidString(got) || columns >= 0 && width > columns && !joined {
			t.Errorf("%q in %d: got %q, %v", line, columns, got, isCut)
		}
	})
}

func TestSenderNameIsWhatListsShow(t *testing.T) {
	tests := []struct{ name, from, want string }{
		{"a name", "凪の会 <news@nagi.example>", "凪の会"},
		{"a name in quotes", `"Nagi, Alumni" <news@nagi.example>`, "Nagi, Alumni"},
		{"no name", "<news@nagi.example>", "news@nagi.example"},
		{"an address alone", "news@nagi.example", "news@nagi.example"},
		{"nobody", "", ""},
	}
	for _, test := range tests {
		if got := senderName(test.from); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
