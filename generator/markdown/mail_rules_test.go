package markdown_test

import (
	"strings"
	"testing"
	"unicode"

	"kaiho/generator/markdown"
)

func TestLetterAsHTML(t *testing.T) {
	const p = `<p class="k-ink" style="margin:0 0 20px;font-size:16px;line-height:1.8;color:#1B2A3A">`
	const a = ` style="color:#1F4E79;text-decoration:underline">`
	const block, icon = ` border="0" style="display:block;border:0;max-width:100%;height:auto" />`, ` border="0" style="border:0;max-width:100%;height:auto;vertical-align:middle" />`
	for _, c := range []struct{ name, src, want string }{
		{"ruby stands in brackets", "{漢字|かん|じ}", p + "漢字（かんじ）</p>"},
		{"what HTML takes for its own is escaped", "a &lt;b&gt; \"&amp;\" c", p + "a &lt;b&gt; &quot;&amp;&quot; c</p>"},
		{"a link without a target is its text", "[a **b**](-)", p + "a <strong>b</strong></p>"},
		{"a link keeps to schemes of mail", "[a](ftp://b.jp/)", p + "a</p>"},
		{"a link that could run a program is its text", "[a](javascript:b)", p + "a</p>"},
		{"an address that is not absolute is none", "[a](//b.jp:)", p + "a</p>"},
		{"what is odd in an address is encoded", `[a](<https://b.jp/"日 x&y>)`, p + `<a class="k-link" href="https://b.jp/%22%E6%97%A5%20x&amp;y"` + a + "a</a></p>"},
		{"raw HTML is dropped though the site keeps it", "a <b onclick=x>b</b>\n\n<script>c</script>\n\n<div>d</div>", p + "a b</p>"},
		{"a paragraph of raw HTML leaves nothing", "<b></b>", ""},
		{"a picture that no client shows is left out, and its caption", `![a](b.webp "c") ` + "\n\n![a](b.avif)\n\n![a](b.svg)\n\n![a](b)", ""},
		{"a picture is told by its path", "![a](https://b.jp/c.JPG?d=e)", `<div style="margin:0 0 24px"><img src="https://b.jp/c.JPG?d=e" width="536" height="357" alt="a"` + block + "</div>"},
		{"a picture whose path only ends in a query is none", "![a](https://b.jp/c?d=e.png)", ""},
		{"a small picture keeps its size", "a ![](icon.png)", p + `a <img src="https://example.jp/icon.png" width="20" height="20" alt=""` + icon + "</p>"},
		{"a link whose picture is left out has its description", "[![絵](a.webp)](b)", p + `<a class="k-link" href="https://example.jp/b"` + a + "絵</a></p>"},
		{"headings have no id, and no more than three levels", "##### a {#b .c}", `<h4 class="k-sub" style="margin:0 0 12px;font-size:16px;line-height:1.5;color:#5A6672;font-weight:bold">a</h4>`},
		{"a heading of level 1 becomes 2", "# a", `<h2 class="k-ink" style="margin:0 0 12px;font-size:20px;line-height:1.5;color:#1B2A3A;font-weight:bold">a</h2>`},
		{"a list that does not begin with 1 says so", "3. a", `<ol type="1" start="3" style="margin:0 0 20px 26px;padding:0">` + "\n" +
			`<li class="k-ink" style="margin:0 0 4px;padding:0;font-size:16px;line-height:1.8;color:#1B2A3A">a</li>` + "\n</ol>"},
		{"a button without a target is its label", ":::cta{url=- label=\"a <b>\"}\n:::", `<p class="k-ink" style="margin:0 0 20px;font-size:16px;line-height:1.8;color:#1B2A3A;font-weight:bold">a &lt;b&gt;</p>`},
		{"control characters do not reach a letter", "a&#1;b&#x85;c&#xFFFF;", p + "a\uFFFDb\uFFFDc\uFFFD</p>"},
		{"a line break between wide letters vanishes", "あ\nい\nb\nc", p + "あい\nb\nc</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := letter(c.src, "ja", everything)
			if m.HTML != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, m.HTML, c.want)
			}
			checkLetter(t, c.src, m)
		})
	}
}

func TestLetterAsText(t *testing.T) {
	for _, c := range []struct{ name, lang, src, want string }{
		{"a link has its number, the same for the same address", "ja", "[a](b)[c](d)[e](b)", "a［1］c［2］e［1］"},
		{"a link in a Western letter too", "en", "[a](b) c", "a[1] c"},
		{"an address that is read needs no number", "ja", "https://a.jp/b [a.jp/c](https://a.jp/c) [https://a.jp/d](https://a.jp/e)", "https://a.jp/b a.jp/c https://a.jp/d［1］"},
		{"an address of mail is shown, without what is asked of the program", "ja", "[a](mailto:b@c.jp?subject=d) <b@c.jp>", "a（b@c.jp） b@c.jp"},
		{"a link without a target has no number", "ja", "[a](-)", "a"},
		{"a link of a picture has the picture's description", "ja", "[![絵](a.png)](b)", "絵［1］"},
		{"what was struck out is said to be", "en", "a ~~b~~ c", "a [deleted: b] c"},
		{"a number stays with its word", "ja", strings.Repeat("あ", 34) + "い[^1]\n\n[^1]: う", strings.Repeat("あ", 34) + "\nい［注1］\n\n［注1］う"},
		{"ruby stands in brackets", "ja", "## {漢字|かん|じ}", "■ 漢字（かんじ）"},
		{"voices that have quotation marks get no others", "ja", ":::voice{who=a}\n「b」\n:::", "「b」\n―― a"},
		{"a voice with a list has none", "ja", ":::voice{who=a}\nb\n\n- c\n:::", "b\n\n・c\n―― a"},
		{"a table of one row of headers is a line", "ja", "|a|b|c|\n|-|-|-|\n", "a／b／c"},
		{"cells that are empty are left out", "ja", "|a||c|\n|-|-|-|\n|1|2||\n||3|4|\n", "a：1\n2\n\n3\nc：4"},
		{"code keeps its blanks and its length", "ja", "    a\n      " + strings.Repeat("b", 80), "  a\n    " + strings.Repeat("b", 80)},
		{"numbers of a list go on where it begins", "ja", "9. a\n9. b\n", "9. a\n10. b"},
		{"blanks are one, and none where a picture was", "ja", "a   b ![c](d.png) e", "a b e"},
		{"an empty body is nothing", "ja", "![a](b)\n\n<div></div>\n\n[r]: x", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := letter(c.src, c.lang, everything)
			if m.Text != c.want {
				t.Errorf("%q:\ngot  %q\nwant %q", c.src, m.Text, c.want)
			}
			checkLetter(t, c.src, m)
		})
	}
}

func TestLetterWithoutOptions(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("あ[い](う)![え](お.png)\n\n:::cta{url=か label=き}\n:::"), 1, markdown.Options{Lang: "ja"})
	m := s.Mail(nil, markdown.MailOptions{})
	if want := "あい\n\n▶ き"; m.Text != want || strings.Contains(m.HTML, "href") || strings.Contains(m.HTML, "<img") || len(m.Refs) != 3 {
		t.Errorf("got %q, %s and %d references, want %q, no link, no picture, 3", m.Text, m.HTML, len(m.Refs), want)
	}
	numbered := s.Mail(nil, markdown.MailOptions{Resolve: func(markdown.Ref) markdown.Target { return markdown.Target{URL: "https://a.jp/"} }})
	if numbered.Text != m.Text {
		t.Errorf("without numbers: got %q, want %q", numbered.Text, m.Text)
	}
}

func TestUnsafeReferenceIsTextWhateverItsTarget(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("[a](javascript:b) ![c](data:d)"), 1, markdown.Options{})
	m := s.Mail(nil, markdown.MailOptions{Number: func(string) int { return 1 }, Resolve: func(markdown.Ref) markdown.Target {
		return markdown.Target{URL: "https://a.jp/b.png"}
	}})
	if strings.Contains(m.HTML, "https:") || m.Text != "a" {
		t.Errorf("got %s and %q, want no address", m.HTML, m.Text)
	}
}

func TestTooMuchIsNoLetter(t *testing.T) {
	m, _ := letter("秘"+strings.Repeat("[", 2000), "ja", everything)
	if m.HTML != "" || m.Text != "" {
		t.Errorf("got %.80q and %.80q, want nothing", m.HTML, m.Text)
	}
}

// everythingOfLetters is all that the letters of a source give somebody.
func everythingOfLetters(s *markdown.Source, readable func(markdown.Part) bool) string {
	var b strings.Builder
	for _, lang := range []string{"ja", "en"} {
		m := s.Mail(readable, markdown.MailOptions{Lang: lang, Resolve: atHome, Number: func(url string) int { b.WriteString(url); return 1 }})
		b.WriteString(m.HTML + "\x00" + m.Text)
		for _, r := range m.Refs {
			b.WriteString("\x00" + r.Dest + "\x00" + r.Text + "\x00" + r.Title)
		}
	}
	return b.String()
}

// FuzzLetter holds what is true of every letter whatever the body, and that no
// line of the text is too long but for words that cannot be divided.
func FuzzLetter(f *testing.F) {
	for _, seed := range append([]string{
		"", "a [b](https://c.jp/ \"d\") ![e](f.png \"g\")", ":::cta{url=a label=\"<b>\"}\nc\n:::\n",
		":::voice{who=a}\n> b\n:::\n\n:::qa{q=\"&\"}\n- c\n:::", "|a|b|c|\n|-|:-:|-|\n|![d](e.gif)|f\\|g|`h`|\n",
		"- [ ] a\n\n  > b\n  1. c\n     ```\n     d\n     ```\n", "a\n: b\n\n  c[^1]\n\n[^1]: d\n\n    e",
		"    \x00\n\na\n: \u3000\n\n```\n\u3000\n```\n\n&nbsp;",
		"<script>a</script><b>c</b>&#1;\x01", "「" + strings.Repeat("あ。", 40) + "」", strings.Repeat("> ", 60) + "a",
		strings.Repeat("- ", 60) + strings.Repeat("あ", 50), "[a](javascript:b) <javascript:c>",
	}, string(japanese())) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, lang := range []string{"ja", "en"} {
			m, s := letter(src, lang, everything)
			checkLetter(t, src, m)
			if got, want := len(m.Refs), len(s.Doc(everything).Refs); got != want {
				t.Errorf("%q: got %d references, want %d", src, got, want)
			}
			if strings.Contains(m.HTML, "<script") {
				t.Errorf("%q: there is a script: %s", src, m.HTML)
			}
			for i, line := range strings.Split(m.Text, "\n") {
				if halves(line) > 2*35+2 && !hardToMeasure(line) && !isCode(src) {
					t.Errorf("%q: line %d has %d half columns: %q", src, i, halves(line), line)
				}
			}
		}
	})
}

// hardToMeasure reports whether a line may be longer than others, or has letters
// that halves measures otherwise.
func hardToMeasure(line string) bool {
	return strings.Contains(line, ":") || strings.Contains(line, "@") || strings.Contains(line, "www.") ||
		strings.ContainsFunc(line, func(r rune) bool {
			return r > 0xFFFF || r == 0xFE0F || unicode.In(r, unicode.M, unicode.Cf, unicode.Hangul) || r == '\uFF9E' || r == '\uFF9F'
		})
}

// isCode reports whether src may have code, whose lines are left as they are.
func isCode(src string) bool {
	return strings.Contains(src, "```") || strings.Contains(src, "~~~") || strings.Contains(src, "    ") || strings.Contains(src, "\t")
}
