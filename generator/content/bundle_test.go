package content_test

import (
	"testing"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// TestWhatNothingMentionsIsForThoseWhoReadEverything has files that belong to a
// part for members, and whose mention there is not a Markdown reference to them.
func TestWhatNothingMentionsIsForThoseWhoReadEverything(t *testing.T) {
	everyone, members := "public alumni staff friends", "alumni staff friends"
	for _, test := range []struct {
		name  string
		files files
		want  string
	}{
		{"raw HTML in a part", files{"index.md": news("", ":::members\n<a href=\"file.svg\">図</a>\n:::")}, members},
		{"code in a part", files{"index.md": news("", ":::members\n`file.svg`\n:::")}, members},
		{"an unused link definition in a part", files{"index.md": news("", ":::members\n文。\n\n[図]: file.svg\n:::")}, members},
		{"nothing in a part for staff", files{"index.md": news("", ":::members{audience=staff}\n文。\n:::")}, "staff"},
		{"parts for two audiences", files{"index.md": news("", ":::members{audience=staff}\n文。\n:::\n\n:::members{audience=friends}\n文。\n:::")}, ""},
		{"an edition for members", files{"index.md": news("", ""), "index.en.md": news("audience: alumni", "")}, "alumni staff"},
		{"a part of an edition", files{"index.md": news("", ""), "index.en.md": news("", ":::members\n文。\n:::")}, members},
		{"an edition that is a draft", files{"index.md": news("", ""), "index.en.md": news("draft: true", "")}, ""},
		{"another page of the folder", files{"index.md": news("", ""), "more.md": news("audience: staff", "")}, "staff"},
		{"a page of a folder below", files{"index.md": news("", ""), "sub/more.md": news("audience: staff", "")}, "staff"},
		{"a page of another folder", files{"index.md": news("", ""), "../other.md": news("audience: staff", "")}, everyone},
	} {
		t.Run(test.name, func(t *testing.T) {
			project := files{"content/news/it/file.svg": dot}
			for name, text := range test.files {
				if name == "../other.md" {
					project["content/news/other.md"] = text
					continue
				}
				project["content/news/it/"+name] = text
			}
			lib := good(t, project)
			if got := whoHas(lib, "content/news/it/file.svg"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestTheSitesOwnAddressInAnySpelling opens a file to members alone, and takes
// no link to it for one to another site.
func TestTheSitesOwnAddressInAnySpelling(t *testing.T) {
	for _, dest := range []string{
		"https://nagi.example/alumni/news/it/file.svg", "http://nagi.example/alumni/news/it/file.svg", "//nagi.example/alumni/news/it/file.svg",
		"HTTPS://NAGI.Example/alumni/news/it/file.svg", "https://nagi.example:443/alumni/news/it/file.svg", "http://nagi.example:80/alumni/news/it/file.svg",
		"https://nagi.example./alumni/news/it/file.svg", "https://someone@nagi.example/alumni/news/it/file.svg",
	} {
		t.Run(dest, func(t *testing.T) {
			lib := good(t, files{"content/news/it/index.md": news("", ":::members\n[図]("+dest+")\n:::"), "content/news/it/file.svg": dot})
			if got, want := whoHas(lib, "content/news/it/file.svg"), "alumni staff friends"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			p := page(t, lib, "content/news/it/index.md")
			if got, want := lib.Resolve("alumni", p, markdown.Ref{Dest: dest}).URL, "/alumni/news/it/file.svg"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			_, problems := load(t, files{"content/news/a.md": news("", "[図]("+dest+")"),
				"content/news/it/index.md": news("audience: alumni", ""), "content/news/it/file.svg": dot})
			if got, want := lines(problems), "gated-file"; len(problems) != 1 || string(problems[0].Rule) != want {
				t.Errorf("got %s, want one problem %s", got, want)
			}
		})
	}
}

func TestAFileBesideAPageHasItsPathForAnAddress(t *testing.T) {
	for _, test := range []struct {
		name  string
		files files
	}{
		{"a slug of a page that is not shown", files{"content/news/it/index.md": news("slug: secret\ndraft: true", ""), "content/news/it/index.en.md": news("", "![図](file.svg)")}},
		{"a slug of an edition for members", files{"content/news/it/index.md": news("slug: secret\naudience: alumni", ""), "content/news/it/index.en.md": news("", "![図](file.svg)")}},
		{"a slug", files{"content/news/it/index.md": news("slug: other", "![図](file.svg)")}},
		{"an English page", files{"content/news/it/index.en.md": news("", "![図](file.svg)")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.files["content/news/it/file.svg"] = dot
			lib := good(t, test.files)
			if got, want := lib.Files[0].URL, "/news/it/file.svg"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			for _, p := range lib.Pages {
				got := lib.Resolve(audience.Public, p, markdown.Ref{Kind: markdown.Image, Dest: "file.svg"}).URL
				if want := "/alumni/news/it/file.svg"; lib.Sees(audience.Public, p) == content.All && got != want {
					t.Errorf("from %s: got %s, want %s", p.Path, got, want)
				}
			}
		})
	}
}
