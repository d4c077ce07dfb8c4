package content_test

import (
	"strings"
	"testing"

	"kaiho/generator/content"
)

// TestOneMistakeIsOneMessage holds what is hardest to keep: a file with errors
// takes part as far as it can, and others are not blamed for it.
func TestOneMistakeIsOneMessage(t *testing.T) {
	days := "start: 2026-12-04 18:00\nend: 2026-12-04 19:00\ndate: 2026-10-01"
	for _, test := range []struct {
		name  string
		files files
		want  string
	}{
		{"a page without front matter is linked to", files{
			"content/news/a.md": "text", "content/news/b.md": news("", "[1](a.md) [2](/news/a/) [3](/news/a/#x)")},
			"content/news/a.md:1:1 no-front-matter"},
		{"a page with broken YAML has a slug that nobody can know", files{
			"content/news/a.md": text("title: [\nslug: other", ""), "content/news/b.md": news("", "[1](/news/other/)")},
			"content/news/a.md:2:8 unclosed-bracket"},
		{"a broken event is referred to", files{
			"content/events/a.md":  "---\ntitle: a\n",
			"content/reports/b.md": text("title: 題\ndate: 2026-11-01\nsummary: 要約。\nheld: 2026-10-01\nevent: events/a.md", "")},
			"content/events/a.md:1:1 unclosed-front-matter"},
		{"a broken person writes", files{
			"content/people/a.md": "", "content/news/b.md": news("authors: [a]", "")},
			"content/people/a.md:1:1 empty-file"},
		{"files beside a broken page", files{
			"content/news/a.md": "---\ntitle: a\n\n[表](a.pdf)", "content/news/a.pdf": "x",
			"content/news/b.md": "---\ntitle: [\n---\n[表](b.pdf)", "content/news/b.pdf": "x"},
			"content/news/a.md:1:1 unclosed-front-matter\ncontent/news/a.pdf:1:1 loose-file\ncontent/news/b.md:2:8 unclosed-bracket"},
		{"dead links of a page that cannot be read", files{"content/news/a.md": text("title: [", "[1](/nowhere/)")},
			"content/news/a.md:2:8 unclosed-bracket"},
		{"an unknown audience closes no link", files{
			"content/news/a.md": news("audience: alumi", "[1](b.md) [2](c.md)"), "content/news/b.md": news("", "[1](a.md) [2](/news/a/file.pdf)"),
			"content/news/c.md": news("audience: staff", "[1](a.md)")},
			"content/news/a.md:5:11 unknown-audience\ncontent/news/b.md:6:11 dead-link"},
		{"an audience of a wrong type", files{
			"content/news/a.md": news("audience: {alumni: true}", "[1](c.md)"), "content/news/c.md": news("audience: staff", "[1](a.md)")},
			"content/news/a.md:5:11 not-list"},
		{"no audience at all", files{
			"content/news/a.md": news("audience: []\nteaser: true", "[1](c.md)"), "content/news/c.md": news("audience: staff", "[1](a.md)")},
			"content/news/a.md:5:11 empty-value"},
		{"a wrong date is not missing", files{"content/news/a.md": text("title: 題\nsummary: 要約。\ndate: 2026-02-30", "")},
			"content/news/a.md:4:7 bad-date"},
		{"a date with an anchor is not missing", files{"content/news/a.md": text("title: 題\nsummary: 要約。\ndate: &d 2026-02-20", "")},
			"content/news/a.md:4:7 yaml-feature"},
		{"a misspelt key is not missing", files{"content/news/a.md": text("titel: 題\nsumary: 要約。\ndata: 2026-02-20", "")},
			"content/news/a.md:2:1 unknown-key\ncontent/news/a.md:3:1 unknown-key\ncontent/news/a.md:4:1 unknown-key"},
		{"a wrong mode asks for no venue", files{"content/events/a.md": text("title: 題\nsummary: 要約。\nmode: offlin\nfee: {amount: 0}\ncontact: 事務局\n"+days, "")},
			"content/events/a.md:4:7 bad-choice"},
		{"a wrong fee is not wanted", files{"content/events/a.md": text("title: 題\nsummary: 要約。\nmode: offline\nvenue: 本社\nfee: 無料\ncontact: 事務局\n"+days, "")},
			"content/events/a.md:5:8 not-map\ncontent/events/a.md:6:6 not-map"},
		{"days without all_day", files{"content/events/a.md": event("start: 2026-12-04\nend: 2026-12-05", "")},
			"content/events/a.md:8:8 event-needs-clock"},
		{"days with a wrong all_day", files{"content/events/a.md": event("start: 2026-12-04\nend: 2026-12-05\nall_day: はい", "")},
			"content/events/a.md:10:10 not-bool"},
		{"a name that is one text", files{"content/people/a.md": text("name: 山田\nconsent: {by: 本人, on: 2026-10-01}", "")},
			"content/people/a.md:2:7 not-map"},
		{"a cover that is one text", files{"content/news/a.md": news("cover: sea.svg", "")},
			"content/news/a.md:5:8 not-map"},
		{"a broken picture is not missing", files{"content/news/a.md": news("cover: {src: a.png, alt: 図}", "![図](a.png)"), "content/news/a.png": "x"},
			"content/news/a.md:5:14 image-none"},
		{"a broken picture that nothing shows", files{"content/news/a.md": news("", ""), "static/a.png": "x"},
			"static/a.png:1:1 image-none"},
		{"an unknown language", files{"content/news/a.md": news("", ""), "content/news/a.fr.md": news("lang: fr", ""), "content/news/b.md": news("", "[1](a.fr.md)")},
			"content/news/a.fr.md:1:1 unknown-edition"},
		{"a wrong alias keeps the others in place", files{"content/news/a.md": news("aliases: [x, /news/b/]", ""), "content/news/b.md": news("", "")},
			"content/news/a.md:5:11 bad-alias\ncontent/news/a.md:5:14 alias-taken"},
		{"a section's name is said once", files{"content/tags/a.md": text("title: 題", ""), "content/tags/b.md": text("title: 題", ""), "content/Events/a.md": event(days, "")},
			"content/Events:1:1 section-name\ncontent/tags:1:1 section-name"},
		{"a section of unknown kind", files{"site.yaml": "{title: 会, base_url: https://nagi.example/}",
			"content/diary/a.md": text("title: 題\nweather: 晴れ", "[1](b.md)"), "content/diary/b.md": text("title: 題\nstart: 2026", "")}, ""},
		{"a link that three readers see", files{"content/news/a.md": news("", "[1](b.md)\n\n:::members\n[2](b.md)\n:::"), "content/news/b.md": news("audience: staff", "")},
			"content/news/a.md:6:1 gated-link\ncontent/news/a.md:9:1 gated-link"},
		{"a dead link that three readers see", files{"content/news/a.md": news("", "[1](c.md)\n\n:::members\n[2](c.md)\n:::")},
			"content/news/a.md:6:1 dead-link\ncontent/news/a.md:9:1 dead-link"},
		{"drafts that refer to each other", files{"content/news/a.md": news("draft: true", "[1](b.md) [2](#x)\n\n## x"), "content/news/b.md": news("draft: true", "[1](a.md)")}, ""},
		{"a draft's own dead anchor", files{"content/news/a.md": news("draft: true", "[1](#x)")}, "content/news/a.md:7:1 dead-anchor"},
		{"an anchor behind a teaser", files{"content/news/a.md": news("", "[1](b.md#x)"),
			"content/news/b.md": news("audience: staff\nteaser: true", ":::members{audience=staff}\n## x\n:::")}, ""},
		{"URLs that differ in the case of letters beyond ASCII", files{"content/news/É.md": news("", ""), "content/news/é.md": news("", "")},
			"content/news/é.md:1:1 duplicate-url"},
		{"a teaser without a summary", files{"content/news/a.md": text("title: 題\ndate: 2026-11-01\naudience: alumni\nteaser: true", "")},
			"content/news/a.md:5:9 teaser-without-summary"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, _ := test.files.options(t)
			if strings.Contains(test.name, "unknown kind") {
				kind := o.Kind
				o.Kind = func(section string) content.Kind {
					if section == "diary" {
						return "unknown"
					}
					return kind(section)
				}
			}
			_, problems := loadAs(t, test.files.fs(), o)
			if got := strings.Join(rules(problems), "\n"); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", lines(problems), test.want)
			}
		})
	}
}
