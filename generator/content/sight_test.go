package content_test

import (
	"strings"
	"testing"

	"kaiho/generator/audience"
	"kaiho/generator/content"
)

func TestFilesAreForThoseWhoseTextShowsThem(t *testing.T) {
	everyone, members, staff := "public alumni staff friends", "alumni staff", "staff"
	for _, test := range []struct {
		name, front, body string
		want              string // who has content/news/it/file.svg
	}{
		{"a public page shows it", "", "![図](file.svg)", everyone},
		{"a public page links to it", "", "[図](file.svg)", everyone},
		{"public is everyone", "audience: public", "![図](file.svg)", everyone},
		{"public in a list is everyone", "audience: [public]", "", everyone},
		{"nothing mentions it", "", "", everyone},
		{"only a part for members shows it", "", ":::members\n![図](file.svg)\n:::", "alumni staff friends"},
		{"only a part for staff shows it", "", ":::members{audience=staff}\n![図](file.svg)\n:::", staff},
		{"a part and the page show it", "", "![図](file.svg)\n\n:::members\n![図](file.svg)\n:::", everyone},
		{"a members' page shows it", "audience: alumni", "![図](file.svg)", members},
		{"nothing mentions it on a members' page", "audience: alumni", "", members},
		{"a part of a members' page shows it", "audience: alumni", ":::members{audience=staff}\n![図](file.svg)\n:::", staff},
		{"the cover of a members' page", "audience: alumni\ncover: {src: file.svg, alt: 図}", "", members},
		{"the cover of a teaser", "audience: alumni\nteaser: true\ncover: {src: file.svg, alt: 図}", "", everyone},
		{"a teaser's body", "audience: alumni\nteaser: true", "![図](file.svg)", members},
		{"nothing mentions it beside a teaser", "audience: alumni\nteaser: true", "", members},
		{"a draft shows it", "draft: true", "![図](file.svg)", ""},
		{"nothing mentions it beside a draft", "draft: true", "", ""},
		{"the page has expired", "expires: 2026-11-20", "![図](file.svg)", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			lib := good(t, files{"content/news/it/index.md": news(test.front, test.body), "content/news/it/file.svg": dot})
			if got := whoHas(lib, "content/news/it/file.svg"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAFileOfABundleIsNotOpenedByOtherPages(t *testing.T) {
	lib, problems := load(t, files{
		"content/news/it/index.md": news("audience: alumni", ""),
		"content/news/it/file.pdf": "x",
		"content/news/open.md":     news("", "[表](it/file.pdf)"),
		"content/news/friends.md":  news("audience: friends", "[表](/news/it/file.pdf)"),
		"content/news/staff.md":    news("audience: staff", "[表](it/file.pdf)"),
	})
	if got, want := strings.Join(rules(problems), "\n"), "content/news/friends.md:7:1 gated-file\ncontent/news/open.md:6:1 gated-file"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := whoHas(lib, "content/news/it/file.pdf"); got != "staff" {
		t.Errorf("got %q, want staff: no page of alumni mentions it", got)
	}
}

func TestAFileOfAPageWithoutAnAudienceIsForNobody(t *testing.T) {
	for _, body := range []string{"", "![図](file.svg)"} {
		lib, problems := load(t, files{"content/news/it/index.md": news("audience: []", body), "content/news/it/file.svg": dot})
		if got := whoHas(lib, "content/news/it/file.svg"); got != "" || !problems.HasErrors() {
			t.Errorf("got %q, want nobody and an error", got)
		}
	}
}

func TestStaticFilesAreForEveryone(t *testing.T) {
	lib := good(t, files{"content/index.md": text("title: 会", ""), "static/a.pdf": "x"})
	if got := whoHas(lib, "static/a.pdf"); got != "public alumni staff friends" {
		t.Errorf("got %q", got)
	}
	if lib.StaticAt("/a.pdf") == nil || lib.StaticAt("/b.pdf") != nil {
		t.Error("StaticAt does not find what is there")
	}
}

// whoHas returns the readers who have a file.
func whoHas(lib *content.Library, path string) string {
	var who []string
	for _, list := range [][]*content.File{lib.Files, lib.Static} {
		for _, f := range list {
			for _, r := range []audience.Reader{audience.Public, "alumni", "staff", "friends"} {
				if f.Path == path && f.VisibleTo(r) {
					who = append(who, r.String())
				}
			}
		}
	}
	return strings.Join(who, " ")
}
