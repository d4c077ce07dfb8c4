package generator_test

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"kaiho/generator/layout"
	"kaiho/generator/markdown"
)

// bodies are written in the fewest bytes by package markdown, so that package
// layout need not minify them. These have what its rules are about.
var minimalBodies = []string{
	"", " ", "a", "# a\n\n## b {#c .d .e}\n\n### f  *g*  h", "a  b\tc\nd\\\ne  \nf", "> a\n> > b\n\n---\n\n1. c\n2. d\n\n   e\n\n7) f",
	"a *b * **c** ~~d~~ `e` `  f  ` ` ` g", "a *<b></b>* c <!-- d --> e", "- a\n  <!-- b -->\n  c\n- d\n\n  e\n\n      f  <  g\n",
	"- [ ] a\n- [x] *b* \n- [ ] ![c](d)", "```go\n  a  &  b\n\n\n\"c\" 'd'\n```\n\n```&#32;e  f\n```", "e\n: f  \n: *g *\n\nh\n: i\n\n  j",
	"| a | *b * | `c ` |\n|--|:-:|--:|\n| d  e | ![f](g) | [h](i) |\n| j |", "## a\n\n|b|\n|-|\n|{漢字\\|かん\\|じ}|",
	"{漢字|かんじ} {漢|か  ん}*{字|じ}* {<|&} a", "a[^1] b[^2][^1].\n\n[^1]: c `d` \n\n    e\n[^2]:\n    - f", "[a[^1]](b)\n\n[^1]: c",
	"![a](b)\n\n![a  b](c \"d  e\")\n\n![](f)\n\n![ ](g \" \")", "a ![b](c) d ![e](f \"g\")![h](i)\n![j](k) l", "![a](b) ![c](d)", "*![a](b)* c",
	"[a](b) [c ](d \"e\") [ f](g) [![h](i)](j) [](k) l", "[![a](b)](c) ![d](e) f", "&![a](b)amp; &[lt;](c) &*#39;*", "a [b](<c d>) <https://E.F/?g=h&i>",
	"<HTTP://A.B/> <HttpS://c> <mailto:d@e> f@g.jp www.h.jp あhttps://i.jp", `[a](HTTPS://B "c \"d\" 'e'") ![f "g" 'h'' i](j "k \"l\" m")`, `![a "b"](c)`,
	"& &amp; &amp;amp; &lt; &amp;lt; &#38;#39; &quot;a&quot; 'b' > AT&T\\*&#10; &copy; &nbsp; &AMP", "a&#32;&#32;b&#10;&#9;c&#13;d&#12;&#0;&#127;", "&#32;\n\n&#10;\n\na",
	":::note{title=\" a  b \"}\nc\n:::", ":::note\n:::", ":::voice{who=\"a & 'b' \\\"c\\\"\"}\nd\n\n- e\n:::", ":::qa{q=\"a <b> \"}\nc\n:::",
	":::cta{url=\"a?b=c&d=e\" label=\" f \"}\ng\n:::", ":::gallery\n![a](b) ![c](d \"e\")\n![f](g)\n:::", "- a\n  :::members\n  b\n  :::\n- c",
	"これは\n続き\nand\nthis\nです。\n**「引用」**と", "a\u00a0\u3000 b \u3000", "a\\ \\\\*b*\\\n*c* \\", "***a** b* _c_ **d *e* f**", "1. a\n\n   ![b](c)\n\n   d",
}

// targets are ways in which the references of a body come out. An image that is
// not to be had leaves what is on its sides side by side.
var targets = []func(markdown.Ref) markdown.Target{
	func(r markdown.Ref) markdown.Target { return markdown.Target{URL: r.Dest} },
	func(r markdown.Ref) markdown.Target {
		return markdown.Target{URL: "/x/" + r.Dest, Width: 4, Height: 3, Srcset: "/a  400w,\n/b 800w", Sizes: " (min-width: 50rem)  20rem, 100vw "}
	},
	func(markdown.Ref) markdown.Target { return markdown.Target{} },
	func(r markdown.Ref) markdown.Target {
		if r.Kind == markdown.Image {
			return markdown.Target{}
		}
		return markdown.Target{URL: r.Dest}
	},
	func(r markdown.Ref) markdown.Target {
		if r.Index%2 == 0 {
			return markdown.Target{}
		}
		return markdown.Target{URL: r.Dest}
	},
}

// checkMinimal holds that the minifier finds nothing to do in the HTML of body.
func checkMinimal(t *testing.T, body string) {
	t.Helper()
	for _, lang := range []string{"ja", "en"} {
		s, _ := markdown.Parse("page.md", []byte(body), 1, markdown.Options{Lang: lang})
		doc := s.Doc(func(markdown.Part) bool { return true })
		for i, target := range targets {
			got := doc.HTML(target)
			want, err := layout.Minify("text/html", []byte(got))
			if err != nil {
				t.Fatalf("%q: %v", body, err)
			}
			if !bytes.Equal(want, []byte(got)) {
				t.Errorf("%q with targets %d:\ngot  %q\nwant %q", body, i, got, want)
			}
		}
	}
}

// FuzzBodiesHaveTheirFewestBytes is the property for any body without raw HTML.
func FuzzBodiesHaveTheirFewestBytes(f *testing.F) {
	for _, body := range minimalBodies {
		f.Add(body)
	}
	f.Fuzz(checkMinimal)
}

// FuzzMarkupHasItsFewestBytes is the same for pieces of markup, each chosen by a
// byte: more of them mean something together.
func FuzzMarkupHasItsFewestBytes(f *testing.F) {
	pieces := append(strings.Split(" \n*\n**\n~~\n`\n&\namp;\n#39;\n&lt;\n&quot;\n&#32;\n&#10;\n![x](y)\n![x](y \"t\")\n[x](\n](y)\n[\n<b>\n<!-- -->\n"+
		"{漢|か}\n- \n- [ ] \n> \n1. \n: \n| \n[^1]\n:::\n:::note\n:::gallery\n:::cta{url=a label=\" b \"}\n日\n本。\na\nb\n\"\n'\n\\\nhttp://c.jp?d&e\n## \n---\n|-|-|\n```", "\n"),
		"\n", "\n\n", "  \n", "\n    ", "\n[^1]: ", "\n:::\n", "\n:::note\n", "\n- ", "\n> ")
	f.Add([]byte{0, 1, 2})
	f.Add([]byte{12, 0, 12, 33, 1, 12, 0, 1})
	f.Fuzz(func(t *testing.T, choice []byte) {
		if len(choice) > 60 {
			t.Skip()
		}
		var body strings.Builder
		for _, c := range choice {
			body.WriteString(pieces[int(c)%len(pieces)])
		}
		checkMinimal(t, body.String())
	})
}

// TestTheSampleSiteHasItsFewestBytes looks at every body of the sample site.
func TestTheSampleSiteHasItsFewestBytes(t *testing.T) {
	site, n := os.DirFS("../content"), 0
	err := fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		file, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		_, body, _ := strings.Cut(strings.TrimPrefix(string(file), "---\n"), "\n---\n")
		checkMinimal(t, body)
		n++
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d bodies, %v", n, err)
	}
}
