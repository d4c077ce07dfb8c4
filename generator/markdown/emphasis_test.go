package markdown_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// The examples are those of section 6.2 of the CommonMark specification 0.31
// (John MacFarlane, CC BY-SA 4.0).
func TestEmphasisOfASCIITextIsThatOfCommonMark(t *testing.T) {
	data, err := os.ReadFile("testdata/emphasis.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Example        int
		Markdown, HTML string
	}
	if err := json.Unmarshal(data, &examples); err != nil {
		t.Fatal(err)
	}
	if len(examples) < 100 {
		t.Fatalf("got %d examples, want the whole section", len(examples))
	}
	for _, e := range examples {
		// An image is written with more attributes than CommonMark's, and all in
		// fewer bytes; raw HTML is kept, as there.
		got := strings.NewReplacer(` loading="lazy" decoding="async">`, " />", ` alt="" title="*"`, ` title="*"`).
			Replace(rendered(t, e.Markdown, true))
		want := strings.NewReplacer(` alt=""`, "", "</p>\n", "</p>", "&quot;", `"`).Replace(e.HTML)
		if got := strings.ReplaceAll(got, ` alt=""`, ""); got != want {
			t.Errorf("example %d: %q\ngot  %q\nwant %q", e.Example, e.Markdown, got, want)
		}
	}
}

func TestEmphasisBesideJapanese(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a quotation is bold before a particle", "**「引用」**と", "<strong>「引用」</strong>と"},
		{"a quotation is bold within a sentence", "これは**「重要」**です", "これは<strong>「重要」</strong>です"},
		{"a full stop may end bold text", "**強調。**次", "<strong>強調。</strong>次"},
		{"bold text may stand in parentheses", "（**注**）", "（<strong>注</strong>）"},
		{"parentheses may end bold text", "**テスト（test）**を", "<strong>テスト（test）</strong>を"},
		{"half-width parentheses may end bold text", "**テスト(test)**を", "<strong>テスト(test)</strong>を"},
		{"a link may be all that is bold", "これは**[リンク](x)**です", `これは<strong><a href="x">リンク</a></strong>です`},
		{"code may be all that is bold", "は**`code`**を", "は<strong><code>code</code></strong>を"},
		{"ruby may end bold text", "**{漢字|かんじ}**と", "<strong><ruby>漢字<rp>（</rp><rt>かんじ</rt><rp>）</rp></ruby></strong>と"},
		{"curly quotes may be bold", "彼は**“引用”**と言う", "彼は<strong>“引用”</strong>と言う"},
		{"two bold words in brackets stay apart", "「**A**」と「**B**」", "「<strong>A</strong>」と「<strong>B</strong>」"},
		{"two bold words stay apart", "**強調。**と**注意。**は", "<strong>強調。</strong>と<strong>注意。</strong>は"},
		{"italics follow the same rule", "*「引用」*と", "<em>「引用」</em>と"},
		{"both together follow it too", "これは***「重要」***です", "これは<em><strong>「重要」</strong></em>です"},
		{"strikethrough follows it too", "これは~~「誤り」~~です", "これは<del>「誤り」</del>です"},
		{"Korean is treated alike", "**스크립트(script)**라고", "<strong>스크립트(script)</strong>라고"},
		{"a star beside spaces is a star", "3 * 4 * 5 と ＊", "3 * 4 * 5 と ＊"},
		{"underscores within a word stay", "snake_case_name と_は_", "snake_case_name と_は_"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := rendered(t, c.src, false), "<p>"+c.want+"</p>"; got != want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, want)
			}
		})
	}
}
