package content_test

import (
	"kaiho/generator/audience"
	"kaiho/generator/markdown"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/content"
	"kaiho/generator/diag"
)

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

func TestMistakes(t *testing.T) {
	long := strings.Repeat("海", 86) // 258 bytes
	fits := strings.Repeat("海", 85)
	held := event("start: 2026-12-04 18:00\nend: 2026-12-04 19:00\ntags: [海]\ntype: 懇親会\npublish: 2026-12-01", "")
	toLists := "[1](/events/) [2](/tags/海/) [3](/events/past/) [4](/events/types/懇親会/) [5](/events/a/event.ics) [6](/events/feed.xml)"
	for _, test := range []struct {
		name  string
		files files
		want  string
	}{
		{"a backup of a page in another name", files{"content/news/a/index.md": news("", ""), "content/news/a/index.md.txt": "x", "content/news/a/index.md_old": "x",
			"content/news/a/b.markdown": "x", "content/news/a/index.mdx": "x", "content/news/a/INDEX.MD.1": "x", "content/news/a/c.mdown": "x", "content/news/a/d.mkd": "x", "content/news/a/e.ｍｄ": "x"},
			"INDEX.MD.1:1:1 markdown-name, b.markdown:1:1 markdown-name, c.mdown:1:1 markdown-name, d.mkd:1:1 markdown-name, e.ｍｄ:1:1 markdown-name, index.md.txt:1:1 markdown-name, index.md_old:1:1 markdown-name, index.mdx:1:1 markdown-name"},
		{"Markdown in static/ is the author's will", files{"content/news/a.md": news("", ""), "static/notes.md.txt": "x"}, ""},
		{"pictures with the name of something else", files{"content/news/a/index.md": news("", ""), "content/news/a/minutes.dat": png, "content/news/a/photo": "\xff\xd8\xff\xe1\x00\x10Exif",
			"static/assets/b.pdf": png, "static/c.html": "<html></html>"},
			"minutes.dat:1:1 image-name, photo:1:1 image-name, b.pdf:1:1 image-name"},
		{"a key that holds a page back and is empty", files{"content/news/a.md": news("draft:\npublish: ~\nexpires: null", "")},
			"a.md:5:1 empty-value, a.md:6:10 empty-value, a.md:7:10 empty-value"},
		{"a misspelt segment, one of none, and no segment", files{"content/news/a.md": news("segments: [engineers, veteran]", ""), "content/news/b.md": news("segments: 会", ""),
			"content/news/c.md": news("segments:", ""), "content/news/d.md": news("segments: []", ""), "content/news/e.md": news("segments: [veterans, '']", "")},
			"a.md:5:23 unknown-segment, b.md:5:11 unknown-segment, c.md:5:1 empty-value, d.md:5:11 empty-value, e.md:5:22 empty-value"},
		{"a slug that no disk takes", files{"content/news/a.md": news("slug: "+long, ""), "content/news/b.md": news("", "[1](/news/"+long+"/)")}, "a.md:5:7 too-long"},
		{"an alias that no disk takes", files{"content/news/a.md": news("aliases: [/x/"+long+"/]", "")}, "a.md:5:11 too-long"},
		{"a tag that no disk takes", files{"content/news/a.md": news("tags: ["+fits+", "+long+"]", "")}, "a.md:5:95 too-long"},
		{"a type that no disk takes", files{"content/events/a.md": event("start: 2026-12-04 18:00\nend: 2026-12-04 19:00\ntype: "+long, "")}, "a.md:10:7 too-long"},
		{"a link to where a wrong slug leads", files{"content/news/a.md": news("slug: a/b", ""), "content/news/b.md": news("", "[1](/news/a/b/) [2](/news/a-b/)")},
			"a.md:5:7 bad-slug"},
		{"a link into a section with a capital", files{"content/News/a.md": news("", ""), "content/about/b.md": text("title: 題", "[1](/news/a/) [2](/news/)")}, "News:1:1 section-name"},
		{"a link to an edition of an unknown language", files{"content/news/a.fr.md": news("", ""), "content/news/b.md": news("", "[1](/fr/news/a/) [2](/news/a/)")},
			"a.fr.md:1:1 unknown-edition"},
		{"other schemes", files{"content/news/a.md": news("cover: {src: 'ftp://example.com/a.png', alt: 図}", "[1](ftp://example.com/) [2](javascript:alert) [3](sms:110) ![4](ftp://example.com/a.png)")},
			"a.md:5:14 bad-scheme, a.md:7:1 bad-scheme, a.md:7:25 unsafe-link, a.md:7:60 bad-scheme"},
		{"lists whose only page waits", files{"content/events/a.md": held, "content/news/b.md": news("", toLists)},
			"b.md:6:1 held-link, b.md:6:15 held-link, b.md:6:29 held-link, b.md:6:48 held-link, b.md:6:72 held-link, b.md:6:97 held-link"},
		{"lists whose only page for everyone waits", files{"content/events/a.md": held, "content/news/b.md": news("", "[1](/tags/海/)"), "content/news/c.md": news("tags: [海]\naudience: alumni", "")},
			"b.md:6:1 held-link"},
		{"lists of a page that cannot be read", files{"content/events/a.md": text("title: [\ntags: [海]", ""), "content/news/b.md": news("", "[1](/tags/山/)")},
			"a.md:2:8 unclosed-bracket, b.md:6:1 dead-link"},
		{"empty keys that a good page has", files{"content/news/a.md": text("title: 題\ndate: 2026-11-01\nsummary:", ""),
			"content/news/b.md":  text("title: 題\ndate: 2026-11-01\nsummary: ''", ""),
			"content/news/c.md":  text("title: 題\ndate: 2026-11-01\nsummary:\ndraft: true", ""),
			"content/notes/d.md": text("title: 題\ndate: 2026-11-01\nentries: []", "")},
			"a.md:4:1 key-wanted, b.md:4:10 key-wanted, d.md:4:10 key-wanted"},
		{"tags of different words with one list", files{"content/news/a.md": news("tags: [写真 会, C, ＡＩ]", ""), "content/news/b.md": news("tags: [写真-会, 'C#', ai, Ai]", "")},
			"b.md:5:8 tags-share-list, b.md:5:24 double-tag"},
		{"a mail address with more behind it", files{"content/jobs/a.md": text("title: 仕事\nposted: 2026-11-01\nemployment_type: 正社員\nsummary: 要約。\ndraft: true\ncloses:\nlocations:\nsalary:\nhours:\nduties:\nplace:\napply: {email: 'a@b.example?bcc=c'}", "")},
			"a.md:13:16 bad-mail"},
		{"an event without a date", files{"content/events/a.md": strings.Replace(event("start: 2026-12-04 18:00\nend: 2026-12-04 19:00", ""), "\ndate: 2026-10-01", "", 1)}, "a.md:1:1 key-wanted"},
		{"pictures of members' pages in static/", files{"static/a.svg": dot, "content/news/a.md": news("audience: alumni\ncover: {src: /a.svg, alt: 図}", ""),
			"content/news/b.md":   news("audience: alumni\nteaser: true\ncover: {src: /a.svg, alt: 図}", ""),
			"content/news/c.md":   news("cover: {src: /a.svg, alt: 図}", ""),
			"content/people/d.md": strings.Replace(person, "---\n", "---\naudience: staff\nportrait: {src: /a.svg, alt: 図}\n", 1)},
			"a.md:6:14 public-picture, d.md:3:17 public-picture"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := load(t, test.files)
			var got []string
			for _, rule := range rules(problems) {
				where, name, _ := strings.Cut(rule, " ")
				got = append(got, where[strings.LastIndexByte(where, '/')+1:]+" "+name)
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s\n%s", got, test.want, lines(problems))
			}
		})
	}
}

func TestWhatToolsLeaveBehindIsIgnored(t *testing.T) {
	f := files{"content/news/a/index.md": news("", "")}
	for _, name := range []string{"index.md.bak", "index.md.orig", "index.md.rej", "INDEX.MD.SAVE", "index.md.old", "index.md~", "~$memo.docx", "memo.docx.bak", ".index.md.swp"} {
		f["content/news/a/"+name], f["static/"+name] = "x", "x"
	}
	lib, problems := load(t, f)
	if len(problems) > 0 || len(lib.Files) > 0 || len(lib.Static) > 0 {
		t.Errorf("got %d and %d files and the problems %s", len(lib.Files), len(lib.Static), lines(problems))
	}
}

func TestWhileAudiencesAreNotKnownNobodyIsBlamed(t *testing.T) {
	f := files{
		"content/news/a/index.md": news("audience: alumni", ":::members\n文。\n:::"), "content/news/a/file.pdf": "x",
		"content/news/b.md": news("", "[1](/news/a/) [2](a/file.pdf)")}
	for _, audiences := range []string{"", "audiences: {alumni: {}}", "audiences: {staff: {}}"} {
		f["site.yaml"] = "title: 会\nbase_url: https://nagi.example/\n" + audiences
		o, _ := f.options(t)
		if _, problems := loadAs(t, f.fs(), o); !problems.HasErrors() {
			t.Errorf("%s: got no problems", audiences)
		}
		o.Unsure = true
		if _, problems := loadAs(t, f.fs(), o); len(problems) > 0 {
			t.Errorf("%s: got %s", audiences, lines(problems))
		}
	}
}

func TestAMenuMayLeadToWhatComes(t *testing.T) {
	f := files{"content/news/a.md": news("", "")}
	o, _ := f.options(t)
	o.Sections = []string{"news", "events"}
	for _, url := range []string{"/events/", "/en/events/", "/events/winter/"} {
		o.Links = append(o.Links, content.Link{Pos: diag.Pos{Path: "site.yaml", Line: len(o.Links) + 1, Col: 1}, URL: url})
	}
	_, problems := loadAs(t, f.fs(), o)
	want := []string{"site.yaml:1:1 empty-list", "site.yaml:2:1 empty-list", "site.yaml:3:1 dead-link"}
	if got := rules(problems); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAudiencesOfAPart(t *testing.T) {
	for _, test := range []struct{ name, files, want string }{
		{"public is no audience of a part", news("", ":::members{audience=public}\n文。\n:::"), `there is no audience "public" in site.yaml. Known are: alumni, staff, friends.`},
		{"a list without brackets", news("audience: alumni, staff", ""), `there is no audience "alumni, staff" in site.yaml. Write [alumni, staff]. Known are: public, alumni, staff, friends.`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := load(t, files{"content/news/a.md": test.files})
			if got := lines(problems); len(problems) != 1 || !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTheEndOfAnEmbargoMakesNoError(t *testing.T) {
	f := files{
		"content/news/a/index.md": news("audience: alumni\npublish: 2026-12-01", ""), "content/news/a/s.pdf": "x",
		"content/news/b.md": news("publish: 2026-12-01", "## 見出し"),
		"content/news/c.md": news("", "[1](/news/a/) [2](a/s.pdf) [3](/news/b/#ない) [4](/news/b/#見出し)"),
	}
	_, problems := load(t, f)
	want := []string{"gated-link", "gated-file", "dead-anchor", "held-link"}
	for _, rule := range want {
		if !strings.Contains(lines(problems), "["+rule+"]") {
			t.Errorf("before the day: no %s among %s", rule, lines(problems))
		}
	}
	o, _ := f.options(t)
	o.Now = o.Now.AddDate(0, 1, 0)
	if _, later := loadAs(t, f.fs(), o); later.Count(diag.Error) > problems.Count(diag.Error) {
		t.Errorf("the clock alone made errors: %s", lines(later))
	}
}

func TestAListIsThereWithoutItsWords(t *testing.T) {
	for name, front := range map[string]string{"a draft": "draft: true", "for members": "audience: alumni", "expired": "expires: 2026-01-01"} {
		f := files{
			"content/index.md": text("title: 家\n"+front, ""), "content/news/index.md": text("title: 一覧\n"+front, ""),
			"content/news/a.md": news("", "[1](/news/) [2](/) [3](index.md)"),
		}
		if lib, problems := load(t, f); len(problems) > 0 || lib.Resolve(audience.Public, page(t, lib, "content/news/a.md"), markdown.Ref{Dest: "/news/"}).URL == "" {
			t.Errorf("the words are %s: got %s", name, lines(problems))
		}
	}
}
