package markdown_test

import (
	"strings"
	"testing"
)

func TestDirectiveBecomesHTML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a voice is a figure", ":::voice{who=\"鈴木 花子\"}\n声\n:::",
			"<figure class=\"voice\"><blockquote><p>声</p></blockquote><figcaption>鈴木 花子</figcaption></figure>"},
		{"a call to action ends in a button", ":::cta{url=/join label=参加する}\nどうぞ\n:::",
			"<aside class=\"cta\" role=\"presentation\"><p>どうぞ</p><p><a class=\"button\" href=\"/join\">参加する</a></p></aside>"},
		{"a gallery takes an image a line", ":::gallery\n![a](1 \"一\")\n![b](2)\n\n![c](3)\n:::",
			"<div class=\"gallery\">" +
				"<figure><img src=\"1\" alt=\"a\" loading=\"lazy\" decoding=\"async\"><figcaption>一</figcaption></figure>" +
				"<figure><img src=\"2\" alt=\"b\" loading=\"lazy\" decoding=\"async\"></figure>" +
				"<figure><img src=\"3\" alt=\"c\" loading=\"lazy\" decoding=\"async\"></figure></div>"},
		{"a question has its answer", ":::qa{q=\"<なぜ>\"}\nなぜなら\n:::",
			"<div class=\"qa\"><p class=\"q\">&lt;なぜ></p><div class=\"a\"><p>なぜなら</p></div></div>"},
		{"a note may have a title", ":::note{title=\"a \\\"b\\\"\"}\nx\n:::",
			"<aside class=\"note\" role=\"note\"><p class=\"title\">a \"b\"</p><p>x</p></aside>"},
		{"a part for members is a section", "::: members {audience=a}\nx\n:::",
			"<section class=\"members-part\"><p>x</p></section>"},
		{"more colons hold fewer", "::::note\n:::note\nx\n:::\n::::",
			"<aside class=\"note\" role=\"note\"><aside class=\"note\" role=\"note\"><p>x</p></aside></aside>"},
		{"as many colons are counted by depth", ":::note\n:::note\nx\n:::\ny\n:::\nz",
			"<aside class=\"note\" role=\"note\"><aside class=\"note\" role=\"note\"><p>x</p></aside><p>y</p></aside><p>z</p>"},
		{"an end may have more colons", ":::note\nx\n::::::\ny", "<aside class=\"note\" role=\"note\"><p>x</p></aside><p>y</p>"},
		{"a paragraph needs no blank line around it", "a\n:::note\nx\n:::\nb",
			"<p>a</p><aside class=\"note\" role=\"note\"><p>x</p></aside><p>b</p>"},
		{"an end in a list item's code is code", ":::note\n- ```\n  :::members\n  :::\n  ```\n:::",
			"<aside class=\"note\" role=\"note\"><ul><li><pre><code>:::members\n:::\n</code></pre></li></ul></aside>"},
		{"code holds no directive", "```\n:::members\n:::\n```", "<pre><code>:::members\n:::\n</code></pre>"},
		{"a list item may hold one", "- a\n  :::note\n  x\n  :::\n- b",
			"<ul><li>a<aside class=\"note\" role=\"note\"><p>x</p></aside></li><li>b</li></ul>"},
		{"a quotation may hold one", "> :::note\n> x\n> :::\n",
			"<blockquote><aside class=\"note\" role=\"note\"><p>x</p></aside></blockquote>"},
		{"an empty one stays empty", ":::note\n:::", "<aside class=\"note\" role=\"note\"></aside>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(c.src, 1); got != "" {
				t.Errorf("%q: got problems %s, want none", c.src, got)
			}
			if got := strings.TrimSuffix(rendered(t, c.src, false), "\n"); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}
