package content_test

import (
	"strings"
	"testing"

	"kaiho/generator/audience"
	"kaiho/generator/markdown"
)

// linked is a site with something to link to of every sort.
func linked() files {
	return files{
		"content/index.md":               text("title: 会", ""),
		"content/events/winter.md":       event("start: 2026-12-04 18:00\nend: 2026-12-04 19:00\ntags: [海]\ntype: 懇親会\naliases: [/old/, /old.html]", "## 持ち物"),
		"content/events/winter.en.md":    event("start: 2026-12-04 18:00\nend: 2026-12-04 19:00", ""),
		"content/events/members.md":      event("start: 2026-12-05 18:00\nend: 2026-12-05 19:00\naudience: alumni\ntags: [会員]\ntype: 懇談", ""),
		"content/events/teased.md":       event("start: 2026-12-06 18:00\nend: 2026-12-06 19:00\naudience: staff\nteaser: true", ""),
		"content/news/beach/index.md":    news("", "![海](sea.svg) [表](list.pdf)"),
		"content/news/beach/sea.svg":     dot,
		"content/news/beach/list.pdf":    "x",
		"content/news/beach/sub/note.md": news("", ""),
		"content/news/ガイド.md":            news("", ""),
		"content/news/draft.md":          news("draft: true", ""),
		"content/people/yamada.md":       person,
		"content/same.md":                text("title: 同じ名前", ""),
		"content/events/same.md":         event("start: 2026-12-04 18:00\nend: 2026-12-04 19:00", ""),
		"content/news/gated/index.md":    news("audience: alumni", ""),
		"content/news/gated/list.pdf":    "x",
		"static/map.svg":                 dot,
		"static/old/site/index.html":     "x",
	}
}

func TestLinks(t *testing.T) {
	lib := good(t, linked())
	for _, test := range []struct{ name, from, dest, want string }{
		{"a page", "news/ガイド.md", "/events/winter/", "/alumni/events/winter/"},
		{"without the last slash", "news/ガイド.md", "/events/winter", "/alumni/events/winter/"},
		{"by index.html", "news/ガイド.md", "/events/winter/index.html", "/alumni/events/winter/"},
		{"with the base path", "news/ガイド.md", "/alumni/events/winter/", "/alumni/events/winter/"},
		{"by the whole address", "news/ガイド.md", "https://nagi.example/alumni/events/winter/", "/alumni/events/winter/"},
		{"the site's own address", "news/ガイド.md", "https://nagi.example/alumni", "/alumni/"},
		{"with query and anchor", "news/ガイド.md", "/events/winter/?a=b&c#持ち物", "/alumni/events/winter/?a=b&c#%E6%8C%81%E3%81%A1%E7%89%A9"},
		{"an anchor of the page itself", "events/winter.md", "#持ち物", "#持ち物"},
		{"nothing is the page itself", "events/winter.md", "?a=b", "/alumni/events/winter/?a=b"},
		{"a file from content/", "news/ガイド.md", "events/winter.md", "/alumni/events/winter/"},
		{"a file from content/, with a slash", "news/ガイド.md", "/events/winter.md", "/alumni/events/winter/"},
		{"a file beside it", "events/teased.md", "winter.md", "/alumni/events/winter/"},
		{"a file beside it, said so", "events/teased.md", "./winter.md", "/alumni/events/winter/"},
		{"a file of another folder", "news/ガイド.md", "../events/winter.md#持ち物", "/alumni/events/winter/#%E6%8C%81%E3%81%A1%E7%89%A9"},
		{"a translation", "news/ガイド.md", "../events/winter.en.md", "/alumni/en/events/winter/"},
		{"from a translation to one", "events/winter.en.md", "winter.md", "/alumni/en/events/winter/"},
		{"the original from a translation", "events/winter.en.md", "/events/winter/", "/alumni/events/winter/"},
		{"a bundle's folder", "news/ガイド.md", "beach/", "/alumni/news/beach/"},
		{"a bundle's file", "news/ガイド.md", "beach/index.md", "/alumni/news/beach/"},
		{"out of a bundle", "news/beach/index.md", "../../events/winter.md", "/alumni/events/winter/"},
		{"beside the URL", "news/beach/index.md", "../ガイド/", "/alumni/news/%E3%82%AC%E3%82%A4%E3%83%89/"},
		{"Japanese, percent-encoded", "events/winter.md", "/news/%E3%82%AC%E3%82%A4%E3%83%89/", "/alumni/news/%E3%82%AC%E3%82%A4%E3%83%89/"},
		{"Japanese as macOS writes it", "events/winter.md", "/news/カ\u3099イト\u3099/", "/alumni/news/%E3%82%AC%E3%82%A4%E3%83%89/"},
		{"an alias leads to its page", "news/ガイド.md", "/old/", "/alumni/events/winter/"},
		{"an alias that is a file", "news/ガイド.md", "/old.html", "/alumni/events/winter/"},
		{"a file of a bundle", "news/beach/index.md", "list.pdf", "/alumni/news/beach/list.pdf"},
		{"a file of a bundle, by its URL", "news/beach/index.md", "/news/beach/list.pdf", "/alumni/news/beach/list.pdf"},
		{"a file of static/", "news/ガイド.md", "/map.svg", "/alumni/map.svg"},
		{"a page of static/", "news/ガイド.md", "/old/site/", "/alumni/old/site/"},
		{"the home page", "news/ガイド.md", "/", "/alumni/"},
		{"the English home page", "news/ガイド.md", "/en/", "/alumni/en/"},
		{"a list", "news/ガイド.md", "/events/", "/alumni/events/"},
		{"a list, relative", "news/ガイド.md", "../../events/", "/alumni/events/"},
		{"a feed", "news/ガイド.md", "/feed.xml", "/alumni/feed.xml"},
		{"a feed of a section", "news/ガイド.md", "/news/feed.json", "/alumni/news/feed.json"},
		{"a calendar", "news/ガイド.md", "/events/calendar.ics", "/alumni/events/calendar.ics"},
		{"the calendar of an event", "news/ガイド.md", "/events/winter/event.ics", "/alumni/events/winter/event.ics"},
		{"a tag", "news/ガイド.md", "/tags/海/", "/alumni/tags/%E6%B5%B7/"},
		{"a type of events", "news/ガイド.md", "/events/types/懇親会/", "/alumni/events/types/%E6%87%87%E8%A6%AA%E4%BC%9A/"},
		{"the people", "news/ガイド.md", "/people/", "/alumni/people/"},
		{"another site", "news/ガイド.md", "https://example.com/a?b#c", "https://example.com/a?b#c"},
		{"another site of the same host", "news/ガイド.md", "https://nagi.example/shop/", "https://nagi.example/shop/"},
		{"a path that begins alike", "news/ガイド.md", "https://nagi.example/alumni-shop/", "https://nagi.example/alumni-shop/"},
		{"the file beside it before one of the same name at the top", "events/teased.md", "same.md", "/alumni/events/same/"},
		{"the file at the top, with a slash", "events/teased.md", "/same.md", "/alumni/same/"},
		{"a host that begins alike", "news/ガイド.md", "https://nagi.example.com/alumni/", "https://nagi.example.com/alumni/"},
		{"mail", "news/ガイド.md", "mailto:office@nagi.example", "mailto:office@nagi.example"},
		{"telephone", "news/ガイド.md", "tel:+81-3-0000-0000", "tel:+81-3-0000-0000"},
		{"a teaser", "news/ガイド.md", "/events/teased/", "/alumni/events/teased/"},
		{"a page for members", "news/ガイド.md", "/events/members/", ""},
		{"the calendar of a page for members", "news/ガイド.md", "/events/members/event.ics", ""},
		{"a tag of members alone", "news/ガイド.md", "/tags/会員/", ""},
		{"a type of members alone", "news/ガイド.md", "/events/types/懇談/", ""},
		{"a draft", "news/ガイド.md", "/news/draft/", ""},
		{"nothing there", "news/ガイド.md", "/nowhere/", ""},
		{"out of the project", "news/ガイド.md", "../../../etc/passwd", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := lib.Resolve(audience.Public, page(t, lib, "content/"+test.from), markdown.Ref{Dest: test.dest}).URL
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestLinksBelowAJapaneseBasePath(t *testing.T) {
	f := linked()
	f["site.yaml"] = strings.Replace(siteYAML, "example/alumni/", "example/会/", 1)
	lib := good(t, f)
	from := page(t, lib, "content/news/ガイド.md")
	for _, dest := range []string{"/events/winter/", "/会/events/winter/", "/%E4%BC%9A/events/winter/",
		"https://nagi.example/会/events/winter/", "https://nagi.example/%E4%BC%9A/events/winter/"} {
		if got, want := lib.Resolve(audience.Public, from, markdown.Ref{Dest: dest}).URL, "/%E4%BC%9A/events/winter/"; got != want {
			t.Errorf("%s: got %q, want %q", dest, got, want)
		}
	}
}

func TestLinksOfMembers(t *testing.T) {
	lib := good(t, linked())
	from := page(t, lib, "content/news/ガイド.md")
	for _, test := range []struct {
		dest    string
		readers string
	}{
		{"/events/members/", "alumni staff"},
		{"/events/members/event.ics", "alumni staff"},
		{"/tags/会員/", "alumni staff"},
		{"/events/types/懇談/", "alumni staff"},
		{"/events/teased/", "public alumni staff friends"},
		{"/events/teased/event.ics", "staff"},
		{"/news/gated/list.pdf", "alumni staff"},
		{"/news/draft/", ""},
	} {
		var got []string
		for _, r := range []audience.Reader{audience.Public, "alumni", "staff", "friends", "nobody"} {
			if lib.Resolve(r, from, markdown.Ref{Dest: test.dest}).URL != "" {
				got = append(got, r.String())
			}
		}
		// Who is no reader of the site sees what the public sees.
		want := strings.TrimSpace(strings.Replace(test.readers, "friends", "friends nobody", 1))
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", test.dest, got, want)
		}
	}
}

func TestImagesHaveTheirSize(t *testing.T) {
	lib := good(t, linked())
	got := lib.Resolve(audience.Public, page(t, lib, "content/news/beach/index.md"), markdown.Ref{Kind: markdown.Image, Dest: "sea.svg"})
	if got.Width != 2 || got.Height != 1 || got.URL != "/alumni/news/beach/sea.svg" {
		t.Errorf("got %v, want 2 by 1", got)
	}
}
