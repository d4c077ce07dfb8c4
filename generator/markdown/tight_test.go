package markdown_test

import (
	"testing"

	"kaiho/generator/markdown"
)

// What is expected here is what the minifier made of the HTML of a renderer
// that wrote every blank. That it finds nothing to do is a test of package
// generator.
func TestHTMLHasItsFewestBytes(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"no blank is beside a block", "> a\n\n---\n\n- b\n\n  c\n", "<blockquote><p>a</p></blockquote><hr><ul><li><p>b</p><p>c</p></li></ul>"},
		{"nor beside a line break", "a `b `  \nc", "<p>a <code>b</code><br>c</p>"},
		{"nor behind the ends of inline elements", "a `b `\n\nc", "<p>a <code>b</code></p><p>c</p>"},
		{"blanks are one space", "a  b `c   d`", "<p>a b <code>c d</code></p>"},
		{"or one line break", "a&#32;&#10;&#9;b", "<p>a\nb</p>"},
		{"even across elements", "a `  b` c ` d`", "<p>a <code>b</code> c <code>d</code></p>"},
		{"and across HTML that is left out", "a <b> c", "<p>a c</p>"},
		{"a blank before an element stays before it", "a *b* c", "<p>a <em>b</em> c</p>"},
		{"one behind an image stays", "a ![b](c) d ![e](f)", `<p>a <img src="c" alt="b" loading="lazy" decoding="async"> d <img src="f" alt="e" loading="lazy" decoding="async"></p>`},
		{"one behind a box stays", "- [ ] a", `<ul><li class="task"><label><input type="checkbox" disabled> a</label></li></ul>`},
		{"one behind nothing stays", "a *<b></b>* c", "<p>a <em></em> c</p>"},
		{"two blocks of text in an item stay apart", "- a\n  <!-- b -->\n  c", "<ul><li>a\nc</li></ul>"},
		{"other spaces are letters", "a\u00A0\u3000 &nbsp;b", "<p>a\u00A0\u3000 \u00A0b</p>"},
		{"code is as it was written", "```\n  a &  \"b\" >\n\n\n```", "<pre><code>  a &amp;  &quot;b&quot; &gt;\n\n\n</code></pre>"},
		{"what needs no entity has none", `a > "b" 'c' & &`, `<p>a > "b" 'c' & &</p>`},
		{"what would be read as one is written as one", `&amp;lt; &#38;#39; AT&T a<b`, `<p>&amp;lt; &amp;#39; AT&amp;T a&lt;b</p>`},
		{"even in two pieces", "&<b></b>amp; &*amp;*", "<p>&amp;amp; &<em>amp;</em></p>"},
		{"no entity begins before an escape", `AT&T\*&#10;b`, "<p>AT&amp;T*\nb</p>"},
		{"an escaped blank is not the end of the escape", `a\ \\*b*`, `<p>a\ \<em>b</em></p>`},
		{"a backslash at the end of a line is of that line", "a\\  \nb\\*c*", `<p>a\<br>b*c*</p>`},
		{"addresses begin anywhere", "あ www.a.jp、い a@b.jp (http://c.jp)", `<p>あ <a href="http://www.a.jp">www.a.jp</a>、い <a href="mailto:a@b.jp">a@b.jp</a> (<a href="http://c.jp">http://c.jp</a>)</p>`},
		{"a value stands in the quotes it has less of", `![a "b"](c "d 'e' \"f\" <&amp;lt;")`,
			`<figure><img src="c" alt='a "b"' loading="lazy" decoding="async"><figcaption>d 'e' "f" &lt;&amp;lt;</figcaption></figure>`},
		{"or in double quotes", `a [b](c "d 'e' \"f\" <& &amp;amp;")`, `<p>a <a href="c" title="d 'e' &#34;f&#34; <& &amp;amp;">b</a></p>`},
		{"an empty value is none", "a ![](b)", `<p>a <img src="b" alt loading="lazy" decoding="async"></p>`},
		{"a scheme is in lower case", "<HTTPS://A.B/?c=d&e>", `<p><a href="https://A.B/?c=d&amp;e">HTTPS://A.B/?c=d&amp;e</a></p>`},
		{"classes are apart by one blank", "## a {#b class=\" c  d \"}", `<h2 id="b" class="c d">a</h2>`},
		{"a paragraph of blanks is none", "&#32;\n\na", "<p>a</p>"},
		{"a caption has no blank at its ends", "![a](b \" c  d \")", `<figure><img src="b" alt="a" loading="lazy" decoding="async"><figcaption>c d</figcaption></figure>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := rendered(t, c.src, false); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestImageThatIsLeftOutLeavesNoBlanks(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"between words", "a ![x](-) b", "<p>a b</p>"},
		{"between lines", "a\n![x](-) b", "<p>a\nb</p>"},
		{"at the beginning", "![x](-) b", "<p>b</p>"},
		{"at the end", "a ![x](-)\n\nb", "<p>a</p><p>b</p>"},
		{"in a link and beside code", "```\na   b\n```\na [![x](-)](c) ![x](-) b", "<pre><code>a   b\n</code></pre><p>a <a href=\"/x/c\"></a>b</p>"},
		{"in a link that is none", "a [![x](-)](-) ![x](-) b", "<p>a <span class=\"unlinked\"></span> b</p>"},
		{"it does not make an entity", "&![x](-)![x](-)amp; &![x](-)*amp;*", "<p>&amp;amp; &<em>amp;</em></p>"},
		{"values are left as they are", "a ![x](-) [b](c \"d > '  e\")", "<p>a <a href=\"/x/c\" title=\"d > '  e\">b</a></p>"},
		{"a figure is between blocks", "a\n\n![x](-)\n\nb", "<p>a</p><p>b</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := markdown.Parse("page.md", []byte(c.src), 1, markdown.Options{})
			if got := s.Doc(nil).HTML(elsewhere); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

// What authors write themselves may be anything, as a script.
func TestHTMLOfTheAuthorsIsLeftAsItIs(t *testing.T) {
	const src = "a  ![x](-)  <b  c>d</b>\n\n<script>\n  a  <  b\n</script>\n\nb\n"
	s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{RawHTML: true})
	const want = "<p>a  <b  c>d</b></p><script>\n  a  <  b\n</script>\n<p>b</p>"
	if got := s.Doc(nil).HTML(elsewhere); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
