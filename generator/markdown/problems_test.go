package markdown_test

import (
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/markdown"
)

func TestMistakesAreReportedWhereTheyAre(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"an unknown directive", "a\n\n:::notes\nx\n:::", "3:1 unknown-directive"},
		{"a directive in the wrong case", ":::Members\nx\n:::", "1:1 unknown-directive"},
		{"a directive without a name", ":::{a=b}\nx\n:::", "1:1 unknown-directive"},
		{"an unknown attribute", ":::note{titel=x}\n:::", "1:9 directive-attribute"},
		{"a missing attribute", ":::voice\nx\n:::", "1:1 directive-attribute"},
		{"an attribute that is there twice", ":::note{title=a title=b}\n:::", "1:17 directive-attribute"},
		{"an attribute without a value", ":::members{audience=,}\n:::", "1:12 directive-attribute"},
		{"curly quotes around a value", ":::note{title=“題”}\n:::", "1:9 directive-attribute"},
		{"braces that are not closed", ":::note{title=x\n:::", "1:9 directive-attribute"},
		{"words after a directive", ":::members 会員のみ\nx\n:::", "1:12 directive-attribute"},
		{"words after the attributes", ":::note{title=x} y\n:::", "1:18 directive-attribute"},
		{"a directive that is not closed", "a\n:::note\nx", "2:1 unclosed-directive"},
		{"a directive that is closed by too few colons", "::::note\nx\n:::", "1:1 unclosed-directive, 3:1 stray-directive-end"},
		{"the inner directive is the one not closed", "::::note\n:::voice{who=x}\ny\n::::", "2:1 unclosed-directive"},
		{"a directive that a quotation ends", "> :::members\n> x\n\ny", "1:3 unclosed-directive"},
		{"an end without a beginning", "a\n:::\n", "2:1 stray-directive-end"},
		{"full-width colons", "：：：members\nx\n：：：", "1:1 directive-fullwidth, 3:1 directive-fullwidth"},
		{"colons of both widths", ":：:members\nx\n:::", "1:1 directive-fullwidth, 3:1 stray-directive-end"},
		{"full-width colons after three others", ":::：members\nx\n:::", "1:1 directive-fullwidth, 3:1 stray-directive-end"},
		{"two full-width colons and a name", "：：members", "1:1 directive-fullwidth"},
		{"full-width braces", ":::members｛audience=a｝\nx\n:::", "1:1 unknown-directive"},
		{"two colons and a name", "::members{audience=a}\nx", "1:1 directive-colons"},
		{"one colon and members", ":members", "1:1 directive-colons"},
		{"two colons and almost the name", "::Membres", "1:1 directive-colons"},
		{"a full-width space before the colons", "　:::members\nx\n:::", "1:2 directive-place, 3:1 stray-directive-end"},
		{"an invisible mark before the colons", "\u200B:::members\nx\n:::", "1:2 directive-place, 3:1 stray-directive-end"},
		{"a directive indented under a paragraph", "a\n    :::members\n    x\n    :::", "2:5 directive-place, 4:5 stray-directive-end"},
		{"spaces between the colons", ": ::members\nx", "1:1 directive-place"},
		{"a list mark without its space", "-:::members\nx\n\n:::", "1:2 directive-place, 4:1 stray-directive-end"},
		{"a directive in dropped HTML", "<div>\n:::members\nx\n:::\n</div>", "1:1 raw-html, 2:1 directive-place, 4:1 stray-directive-end"},
		{"a directive in a comment is no mistake", "<!--\n:::members\nx\n:::\n-->", ""},
		{"a directive that a comment cuts in two", "<!--\n:::members\nx\n-->\ny\n:::", "2:1 directive-place, 6:1 stray-directive-end"},
		{"a backslash makes colons text", "\\:::members", ""},
		{"C++ and IPv6 are no directives", "::std::vector\n\n::1\n\nfoo::note", ""},
		{"a full-width colon is no directive", "：補足\n\n日時：：１時", ""},
		{"a directive in the middle of a line", "あの :::members SECRET :::", "1:4 directive-place"},
		{"a directive right after a word", "本文:::members", "1:3 directive-place"},
		{"a directive in a heading", "## :::members", "1:4 directive-place"},
		{"a directive in a list item's middle", "- a :::qa{q=x}", "1:5 directive-place"},
		{"a directive in a cell", "| a |\n|---|\n| :::members |", "3:3 directive-place"},
		{"a directive in a header cell", "| :::members |\n|---|\n| b |", "1:3 directive-place"},
		{"a directive in a link's text", "a [:::members](b)", "1:4 directive-place"},
		{"full-width colons in the middle", "本文：：：members秘密", "1:3 directive-place"},
		{"full-width letters in the middle", "本文：：：ｍｅｍｂｅｒｓ", "1:3 directive-place"},
		{"almost a name in the middle", "a ::::Membres{audience=a}", "1:3 directive-place"},
		{"a space before the name in the middle", "a ::: members b", "1:3 directive-place"},
		{"an invisible mark between the colons", "a ::\u200B:members b", "1:3 directive-place"},
		{"code and text in one line", "`:::members` :::members", "1:14 directive-place"},
		{"a directive within a directive's text", ":::note\na :::members\n:::", "2:3 directive-place"},
		{"a directive in HTML's text", "<div>a :::members</div>", "1:1 raw-html, 1:8 directive-place"},
		{"a backslash makes colons in the middle text", `a \:::members \::::members`, ""},
		{"a backslash before a backslash does not", `a \\:::members`, "1:5 directive-place"},
		{"a code span in the middle is no directive", "a `:::members` ``b :::note``", ""},
		{"a code span over two lines is no directive", "a `b\nc :::members`", ""},
		{"a code span in a cell is no directive", "| a |\n|---|\n| `:::members` |", ""},
		{"a code block is no directive", "```\na :::members\n```", ""},
		{"an indented part would be code for everyone", "文。\n\n    :::members\n    会員へ。\n    :::", "3:5 directive-place, 5:5 stray-directive-end"},
		{"a comment is no directive", "<!-- a :::members b ::: -->", ""},
		{"operators in the middle are no directives", "stats:::qb a::members x:::y ::: :::", ""},
		{"other words after colons are no directives", "時刻:::注意 :::a ::: notes", ""},
		{"ruby that a table divides", "| a |\n|---|\n| {漢字|かんじ} |", "3:3 ruby-in-table"},
		{"ruby letter by letter that a table divides", "| a |\n|---|\n| b |\n| の{漢字|かん|じ} {a\\|b} |", "4:4 ruby-in-table"},
		{"ruby that keeps a header from being one", "| {名前|なまえ} | b |\n|---|---|\n| {c|d} | e |", "1:3 ruby-in-table"},
		{"escaped braces in a table are no ruby", "| a | b |\n|---|---|\n| \\{c | d} |", ""},
		{"braces without their partner in a table are no ruby", "| a | b |\n|---|---|\n| {c | d |\n| {e} | f} |", ""},
		{"a code block that is not closed", "a\n\n```\n:::members\nx\n:::\n", "3:1 unclosed-code"},
		{"words in a gallery", ":::gallery\n![a](b) と\n:::", "2:8 gallery-content"},
		{"a list in a gallery", ":::gallery\n- ![a](b)\n:::", "2:1 gallery-content"},
		{"HTML that is left out", "a <b>x</b>\n\n<div class=\"x\">\ny\n</div>", "1:3 raw-html, 3:1 raw-html"},
		{"an image without a description", "日本![](a.jpg)", "1:3 image-alt"},
		{"a footnote mark without a footnote", "日本[^x]と[^a](b)", "1:3 undefined-footnote"},
		{"a footnote without a mark", "a\n\n[^x]: y", "3:1 unused-footnote"},
		{"a link that can run a program", "a [b]( JAVASCRIPT:x )", "1:3 unsafe-link"},
		{"a link without text", "a [](b)", "1:3 empty-link-text"},
		{"a link without a destination", "a [b]()", "1:3 empty-link-destination"},
		{"an image without a destination", "![a]()", "1:1 empty-link-destination"},
		{"a heading of level 1", "# a", "1:1 body-heading-one"},
		{"a heading that skips a level", "## a\n\n#### b", "3:1 skipped-heading-level"},
		{"a first heading of level 3", "### a", "1:1 skipped-heading-level"},
		{"a heading without text", "## a\n\n##", "3:1 empty-heading"},
		{"an id that is there twice", "## a {#x}\n\n## b {#x}", "3:1 duplicate-heading-id"},
		{"an id that is none", "## a {#1:2}", "1:1 heading-attribute"},
		{"another attribute on a heading", "## a {lang=en}", "1:1 heading-attribute"},
		{"too many readings", "{漢字|か|ん|じ}", "1:1 ruby-readings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(c.src, 1); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestLinesAreCountedFromTheFilesBeginning(t *testing.T) {
	if got, want := problems("a\n\n日本 ![](x)", 12), "14:4 image-alt"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMistakesAreToldInBothLanguages(t *testing.T) {
	_, found := markdown.Parse("page.md", []byte(":::member{audiense=x}\n:::\n:::note{titel=x}\n:::"), 1, markdown.Options{})
	var got strings.Builder
	for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
		if err := found.Print(&got, lang); err != nil {
			t.Fatal(err)
		}
	}
	const want = `page.md:1:1: error: unknown directive ":::member". Did you mean ":::members"? There are: voice, cta, gallery, qa, note, members. [unknown-directive]
page.md:3:9: error: directive ":::note": there is no attribute "titel" here. Did you mean "title"? Write it as :::note{title="..."} [directive-attribute]
page.md:1:1: error: 「:::member」という囲みはありません。 「:::members」ではありませんか。使えるもの：voice, cta, gallery, qa, note, members。 [unknown-directive]
page.md:3:9: error: 囲み「:::note」に属性「titel」はありません。 「title」ではありませんか。:::note{title="..."} のように書きます。 [directive-attribute]
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}
