package markdown_test

import (
	"strings"
	"testing"

	"kaiho/generator/markdown"
)

func TestBodyBecomesHTML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"ruby for a word stands beside it", "{漢字|かんじ}", "<p><ruby>漢字<rp>（</rp><rt>かんじ</rt><rp>）</rp></ruby></p>"},
		{"ruby letter by letter", "{漢字|かん|じ}", "<p><ruby>漢<rp>（</rp><rt>かん</rt><rp>）</rp>字<rp>（</rp><rt>じ</rt><rp>）</rp></ruby></p>"},
		{"an escaped brace is no ruby", `\{a|b}`, "<p>{a|b}</p>"},
		{"ruby in ASCII is ruby", "{a|b}", "<p><ruby>a<rp>（</rp><rt>b</rt><rp>）</rp></ruby></p>"},
		{"ruby with an empty part stays", "{|a} {a|} {a} {|", "<p>{|a} {a|} {a} {|</p>"},
		{"code has no ruby", "`{a|b}`", "<p><code>{a|b}</code></p>"},
		{"ruby escapes what it holds", "{<|&}", "<p><ruby>&lt;<rp>（</rp><rt>&</rt><rp>）</rp></ruby></p>"},
		{"a line break between wide letters vanishes", "これは\n続き", "<p>これは続き</p>"},
		{"a line break between words is kept", "one\ntwo", "<p>one\ntwo</p>"},
		{"a line break between a word and a wide letter is kept", "Go\nは", "<p>Go\nは</p>"},
		{"a line break after a Japanese full stop vanishes", "です。\nGo は", "<p>です。Go は</p>"},
		{"a line break beside bold Japanese vanishes", "**強調**\n次", "<p><strong>強調</strong>次</p>"},
		{"a Korean line break is kept", "한국\n어", "<p>한국\n어</p>"},
		{"an address may follow Japanese directly", "（https://a.jp/x）", `<p>（<a href="https://a.jp/x">https://a.jp/x</a>）</p>`},
		{"an address in a link's text is no second link", "[あhttps://a.jp](b)", `<p><a href="b">あhttps://a.jp</a></p>`},
		{"an autolink in a link's text is no second link", "[a <https://a.jp>](b)", `<p><a href="b">a https://a.jp</a></p>`},
		{"mail addresses become links", "<a@b.jp>", `<p><a href="mailto:a@b.jp">a@b.jp</a></p>`},
		{"an image alone is a figure", `![代替](a.jpg "題")`,
			`<figure><img src="a.jpg" alt="代替" loading="lazy" decoding="async"><figcaption>題</figcaption></figure>`},
		{"an image without title has no caption", `![代替](a.jpg)`,
			`<figure><img src="a.jpg" alt="代替" loading="lazy" decoding="async"></figure>`},
		{"an image among words stays in its line", `見よ ![図](a.png)`,
			`<p>見よ <img src="a.png" alt="図" loading="lazy" decoding="async"></p>`},
		{"code names its language", "```go\na < b\n```", "<pre><code class=\"language-go\">a &lt; b\n</code></pre>"},
		{"a task has its words for a name", "- [x] 済み", "<ul><li class=\"task\"><label><input type=\"checkbox\" disabled checked> 済み</label></li></ul>"},
		{"a definition list", "用語\n: 説明", "<dl><dt>用語</dt><dd>説明</dd></dl>"},
		{"a heading of level 1 becomes 2", "# 題", `<h2 id="題">題</h2>`},
		{"a heading takes an id and classes", "## 題 {#x .a .b}", `<h2 id="x" class="a b">題</h2>`},
		{"a heading takes nothing else", `## 題 {onclick="x" style=y}`, `<h2 id="題">題</h2>`},
		{"raw HTML is left out", "a <b>x</b>\n\n<div>y</div>", "<p>a x</p>"},
		{"a paragraph of raw HTML only leaves nothing", "<b></b>", ""},
		{"control characters do not reach HTML", "a\x01b&#1;", "<p>a\uFFFDb\uFFFD</p>"},
		{"Windows line ends are line ends", ":::note\r\nx\r\n:::\r\n", "<aside class=\"note\" role=\"note\"><p>x</p></aside>"},
		{"bytes that are not UTF-8 are replaced", "a\xffb", "<p>a\uFFFDb</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.TrimSuffix(rendered(t, c.src, false), "\n"); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestTableCanBeReachedAndNamed(t *testing.T) {
	const table = "| a | b |\n|:-:|--|\n| 1 | {漢\\|か} |\n"
	const inner = "<table><thead><tr><th scope=\"col\" class=\"center\">a</th><th scope=\"col\">b</th></tr></thead>" +
		"<tbody><tr><td class=\"center\">1</td><td><ruby>漢<rp>（</rp><rt>か</rt><rp>）</rp></ruby></td></tr></tbody></table></div>"
	if got, want := rendered(t, table, false), "<div class=\"table\">"+inner; got != want {
		t.Errorf("without a heading:\ngot  %s\nwant %s", got, want)
	}
	want := "<h2 id=\"表\">表</h2><div class=\"table\" role=\"group\" tabindex=\"0\" aria-labelledby=\"表\">" + inner
	if got := rendered(t, "## 表\n\n"+table, false); got != want {
		t.Errorf("after a heading:\ngot  %s\nwant %s", got, want)
	}
}

func TestCodeInATableMayHoldItsSign(t *testing.T) {
	got := rendered(t, "| a |\n|---|\n| x `b\\|c` `\\|` ``d`` *`e\\|f`* |\n\n`g\\|h`", false)
	for _, want := range []string{"x <code>b|c</code> <code>|</code> <code>d</code> <em><code>e|f</code></em></td>", `<p><code>g\|h</code></p>`} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
}

func TestFootnotes(t *testing.T) {
	got := rendered(t, "あ[^1]い[^1]\n\n[^1]: 注", false)
	want := `<p>あ<sup class="footnote-ref" id="fnref_1"><a href="#fn_1" role="doc-noteref">1</a></sup>` +
		`い<sup class="footnote-ref" id="fnref_1_2"><a href="#fn_1" role="doc-noteref">1</a></sup></p><div class="footnotes" role="doc-endnotes" aria-label="Notes"><ol><li id="fn_1"><p>注 <a class="footnote-back" role="doc-backlink" href="#fnref_1" aria-label="Back to note 1 in the text, place 1">↩</a>` +
		` <a class="footnote-back" role="doc-backlink" href="#fnref_1_2" aria-label="Back to note 1 in the text, place 2">↩</a></p></li></ol></div>`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := rendered(t, "[a[^1]](b)\n\n[^1]: c", false); strings.Contains(got, "</sup></a></sup>") || strings.Count(got, "<a href=\"#fn_1\"") != 0 {
		t.Errorf("a footnote mark in a link is a link in a link: %s", got)
	}
}

func TestFootnotesSpeakTheLanguageOfTheBody(t *testing.T) {
	for lang, want := range map[string][]string{
		"":      {`aria-label="Notes"`, `aria-label="Back to note 1 in the text">`},
		"en-GB": {`aria-label="Notes"`, `aria-label="Back to note 1 in the text">`},
		"ja":    {`aria-label="注"`, `aria-label="本文の注1へ戻る">`},
		"ja-JP": {`aria-label="注"`, `aria-label="本文の注1へ戻る">`},
	} {
		s, _ := markdown.Parse("page.md", []byte("あ[^a]い[^b]い[^b]\n\n[^a]: 注\n[^b]: 注"), 1, markdown.Options{Lang: lang})
		got := s.Doc(nil).HTML(asWritten)
		if lang == "ja" {
			want = append(want, `aria-label="本文の注2（1か所目）へ戻る">`, `aria-label="本文の注2（2か所目）へ戻る">`)
		}
		for _, want := range want {
			if !strings.Contains(got, want) {
				t.Errorf("language %q: got\n%s\nwant %s", lang, got, want)
			}
		}
	}
}

func TestHeadingIDs(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"Japanese stays, punctuation goes", "## 「会報」第12号・春！", "会報第12号春"},
		{"words are in lower case with hyphens", "## Hello,  World — again", "hello-world-again"},
		{"a digit does not come first", "## 2026年", "section-2026年"},
		{"nothing to make an id of", "## ！？", "section"},
		{"half-composed letters are composed", "## か\u3099", "が"},
		{"ruby counts as its base", "## {漢字|かんじ}", "漢字"},
		{"equal texts are numbered", "## あ\n## あ\n## あ", "あ あ-2 あ-3"},
		{"an explicit id wins wherever it stands", "## あ\n## い {#あ}", "あ-2 あ"},
		{"a number does not take another heading's id", "## a\n## a\n## a 2", "a a-3 a-2"},
		{"an explicit id that is there twice is used once", "## a {#x}\n## b {#x}", "x b"},
		{"an id of footnotes is not taken", "## a {#fn_1}", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := markdown.Parse("page.md", []byte(c.src), 1, markdown.Options{})
			var ids []string
			for _, h := range s.Doc(nil).Headings {
				ids = append(ids, h.ID)
			}
			if got := strings.Join(ids, " "); got != c.want {
				t.Errorf("%q: got %s, want %s", c.src, got, c.want)
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	const src = `## {見出|みだ}し

{漢字|かんじ}と
**強調**[^1]と[リンク](x) ![絵](y)

- 項目
  - 内側

| a | b |
|---|---|
| 1 | 2 |

:::voice{who=花子}
声
:::

[^1]: 注
`
	s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
	got, want := s.Doc(nil).Text, "見出し\n漢字と強調とリンク\n項目\n内側\na b\n1 2\n声\n花子\n注"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestReferencesAreInOrderWithTheirPlaces(t *testing.T) {
	const src = "日本[a *b*](x\\_y?a&amp;b \"題\") [![絵](z.png)](w)\nhttps://a.jp <b@c.jp>\n\n:::cta{url=/join label=参加}\n:::\n"
	s, found := markdown.Parse("page.md", []byte(src), 10, markdown.Options{})
	if len(found) > 0 {
		t.Fatalf("got problems %s", listed(found))
	}
	want := []markdown.Ref{
		{Kind: markdown.Link, Dest: "x_y?a&b", Text: "a b", Title: "題", Index: 0},
		{Kind: markdown.Link, Dest: "w", Text: "絵", Index: 1},
		{Kind: markdown.Image, Dest: "z.png", Text: "絵", Index: 2},
		{Kind: markdown.Link, Dest: "https://a.jp", Text: "https://a.jp", Index: 3},
		{Kind: markdown.Link, Dest: "mailto:b@c.jp", Text: "b@c.jp", Index: 4},
		{Kind: markdown.Link, Dest: "/join", Text: "参加", Index: 5},
	}
	places := [][2]int{{10, 3}, {10, 29}, {10, 30}, {11, 1}, {11, 14}, {13, 1}}
	got := s.Doc(nil).Refs
	if len(got) != len(want) {
		t.Fatalf("got %d references, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		want[i].Path, want[i].Line, want[i].Col = "page.md", places[i][0], places[i][1]
		if got[i] != want[i] {
			t.Errorf("reference %d:\ngot  %+v\nwant %+v", i, got[i], want[i])
		}
	}
}

func TestTargetsAreWrittenWhereTheyBelong(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("[**a**](x \"t\") と ![絵](y)\n\n![図](z \"題\")\n"), 1, markdown.Options{})
	doc := s.Doc(nil)
	got := doc.HTML(func(r markdown.Ref) markdown.Target {
		return markdown.Target{URL: "/日 " + r.Dest + `?"&`, Width: 4, Height: 3, Srcset: "s 4w", Sizes: "50vw"}
	})
	want := `<p><a href="/%E6%97%A5%20x?%22&" title="t"><strong>a</strong></a> と ` +
		`<img src="/%E6%97%A5%20y?%22&" alt="絵" width="4" height="3" srcset="s 4w" sizes="50vw" loading="lazy" decoding="async"></p><figure><img src="/%E6%97%A5%20z?%22&" alt="図" width="4" height="3" srcset="s 4w" sizes="50vw" loading="lazy" decoding="async"><figcaption>題</figcaption></figure>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = doc.HTML(func(markdown.Ref) markdown.Target { return markdown.Target{} })
	if want := "<p><span class=\"unlinked\"><strong>a</strong></span> と</p>"; got != want {
		t.Errorf("without targets: got %q, want %q", got, want)
	}
}

func TestUnsafeLinksAreNeverLinks(t *testing.T) {
	for _, dest := range []string{
		"javascript:x", "JaVaScript:x", "&#106;avascript:x", "java&Tab;script:x", "<java\tscript:x>", "&#1;javascript:x",
		"javascript&colon;x", "<\u200Bjavascript:x>", "vbscript:x", "data:text/html,x", "javascript\\:x",
	} {
		for _, src := range []string{"[a](" + dest + ")", "![a](" + dest + ")", "[a]\n\n[a]: " + dest} {
			if got := problems(src, 1); !strings.Contains(got, "unsafe-link") {
				t.Errorf("%q: got problems %q, want unsafe-link", src, got)
			}
			if got := rendered(t, src, false); strings.Contains(got, "href") || strings.Contains(got, "src=") {
				t.Errorf("%q: got %s, want no link", src, got)
			}
		}
	}
	for _, dest := range []string{"a/javascript:x", "https://a.jp/?javascript:x", "#javascript:x", "javascript.md"} {
		if got := problems("[a]("+dest+")", 1); got != "" {
			t.Errorf("%q: got problems %q, want none", dest, got)
		}
	}
}

func TestHashSaysWhetherHTMLIsTheSame(t *testing.T) {
	hash := func(src string) [32]byte {
		s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
		return s.Doc(nil).Hash()
	}
	if hash("a [b](c)") != hash("\n\na [b](c)\n") {
		t.Error("the hash depends on what does not reach HTML")
	}
	for _, other := range []string{"a [b](d)", "a [c](c)", "a ![b](c)", "a [b](c \"t\")", "[b](c) a", "a b"} {
		if hash("a [b](c)") == hash(other) {
			t.Errorf("%q has the hash of another body", other)
		}
	}
}
