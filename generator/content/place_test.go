package content_test

import (
	"fmt"
	"testing"

	"kaiho/generator/content"
)

func TestPathsSayMostOfAPage(t *testing.T) {
	plain := text("title: 題", "")
	days := "start: 2026-12-04 18:00\nend: 2026-12-04 19:00\n"
	for _, test := range []struct{ name, path, text, want string }{
		{"a page of the top has no section", "content/rules.md", plain, " page ja rules /rules/"},
		{"words for the home page", "content/index.md", plain, " page ja index /"},
		{"words for the home page in English", "content/index.en.md", plain, " page en index /en/"},
		{"words for a list are no item of it", "content/news/index.md", plain, "news page ja news/index /news/"},
		{"the first folder is the section", "content/news/plant.md", news("", ""), "news news ja news/plant /news/plant/"},
		{"a section has the kind of its name", "content/events/winter.md", event(days, ""), "events event ja events/winter /events/winter/"},
		{"further folders belong to the path", "content/news/2026/plant.md", news("", ""), "news news ja news/2026/plant /news/2026/plant/"},
		{"a section without a kind has pages", "content/about/rules.md", plain, "about page ja about/rules /about/rules/"},
		{"people are persons", "content/people/yamada.md", person, "people person ja people/yamada /people/yamada/"},
		{"a translation has the original's key", "content/news/plant.en.md", news("", ""), "news news en news/plant /en/news/plant/"},
		{"the main language may be named", "content/news/plant.ja.md", news("", ""), "news news ja news/plant /news/plant/"},
		{"lang stands for a suffix", "content/news/plant.md", news("lang: en", ""), "news news en news/plant /en/news/plant/"},
		{"a dot that begins no language", "content/about/v1.2.md", plain, "about page ja about/v1.2 /about/v1.2/"},
		{"a bundle has its folder's URL", "content/reports/beach/index.md", text("title: 浜\ndate: 2026-11-01\nheld: 2026-10-01\nsummary: 要約。", ""),
			"reports report ja reports/beach/index /reports/beach/"},
		{"a bundle's translation", "content/news/beach/index.en.md", news("", ""), "news news en news/beach/index /en/news/beach/"},
		{"slug replaces the last part", "content/news/2026/plant.md", news("slug: new-plant", ""), "news news ja news/2026/plant /news/2026/new-plant/"},
		{"slug replaces a bundle's folder", "content/news/beach/index.md", news("slug: 浜", ""), "news news ja news/beach/index /news/浜/"},
		{"slug does nothing to words for a list", "content/news/index.md", text("title: 題\nslug: x", ""), "news page ja news/index /news/"},
		{"Japanese names as macOS writes them", "content/news/カ\u3099イト\u3099.md", news("", ""), "news news ja news/ガイド /news/ガイド/"},
		{"capitals stay", "content/news/Plant.MD", news("", ""), "news news ja news/Plant /news/Plant/"},
		{"a broken page still has its place", "content/news/plant.en.md", "no front matter", "news news en news/plant /en/news/plant/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			lib, _ := load(t, files{test.path: test.text})
			p := page(t, lib, test.path)
			got := fmt.Sprintf("%s %s %s %s %s", p.Section, p.Kind, p.Lang, p.Key, p.URL)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTranslationsAreInTheOrderOfLanguages(t *testing.T) {
	lib := good(t, files{"content/news/a.en.md": news("", ""), "content/news/a.md": news("", ""), "content/news/b.en.md": news("", "")})
	a := page(t, lib, "content/news/a.en.md")
	if len(a.Translations) != 2 || a.Translations[0].Lang != "ja" || a.In("en") != a || a.In("fr") != nil {
		t.Errorf("got %v, want ja, then en", a.Translations)
	}
	if b := page(t, lib, "content/news/b.en.md"); len(b.Translations) != 1 || b.In("ja") != nil {
		t.Errorf("a translation without an original: got %v, want itself", b.Translations)
	}
}

func TestTagSlug(t *testing.T) {
	for _, test := range []struct{ name, tag, want string }{
		{"lower case", "AI", "ai"},
		{"Japanese stays", "写真", "写真"},
		{"spaces are hyphens", " 写真 会　館 ", "写真-会-館"},
		{"what cannot stand in a path is a hyphen", "C/C++ 50%", "c-c++-50"},
		{"C# is not C", "C#", "csharp"},
		{"a hashtag is its word", "#海", "海"},
		{"no way up", "../x", "x"},
		{"no hyphens at the ends", "--x.", "x"},
		{"letters as macOS writes them", "カ\u3099", "ガ"},
		{"nothing that could stand", "#?", "tag"},
		{"nothing", "", "tag"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := content.TagSlug(test.tag); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
