package generator_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho/generator"
)

// TestJapaneseDetails builds a small site and looks for what its readers expect.
func TestJapaneseDetails(t *testing.T) {
	project := fstest.MapFS{
		"site.yaml": {Data: []byte("title: {ja: 凪の会, en: Nagi}\nbase_url: https://nagi.example/\nlanguages: [ja, en]\ndates: {era: true}\nnames: {latin: given_first}\n" +
			"organization: {name: 凪, postal_code: 100-0001, address: 青波県, contact: office@nagi.example}\n")},
		"content/people/minato.md": {Data: []byte("---\nname: {family: 髙梨, given: 湊, family_kana: たかなし, given_kana: みなと, latin: TAKANASHI Minato, former: 東}\n" +
			"consent: {by: 本人, on: 2026-01-01}\n---\n")},
		"content/people/keisuke.md":   {Data: []byte("---\nname: {family: 加納, given: 啓介, family_kana: かのう, given_kana: けいすけ}\nconsent: {by: 本人, on: 2026-01-01}\n---\n")},
		"content/people/minato.en.md": {Data: []byte("---\nname: {family: 髙梨, given: 湊, latin: TAKANASHI Minato, former: Higashi}\n---\n")},
		"content/news/a.md": {Data: []byte("---\ntitle: '{髙梨|たかなし}さんの灯台の光'\ndate: 2019-05-01\nsummary: '{凪|なぎ}の話'\nauthors: [minato]\n---\n" +
			"## {灯台|とうだい}の話\n\n{岬|みさき}に立つ。\n")},
		"content/events/b.md": {Data: []byte("---\ntitle: 冬の集い\ndate: 2026-11-01\nsummary: s\nstart: 2026-12-16 19:00\nend: 2026-12-16 21:00\nmode: offline\n" +
			"venue: {name: 会館, postal_code: 100-0001, address: 青波県}\nfee: {amount: 0}\ncontact: 03-1234-5678\n---\n")},
		"content/events/b.en.md": {Data: []byte("---\ntitle: Winter\ndate: 2026-11-01\nsummary: s\nstart: 2026-12-16 19:00\nend: 2026-12-16 21:00\nmode: offline\n" +
			"venue: {name: Hall, address: Aonami}\nfee: {amount: 0}\ncontact: 03-1234-5678\n---\n")},
	}
	dist := os.DirFS(build(t, project, generator.Options{Now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}))
	for _, test := range []struct{ name, file, want string }{
		{"ruby in a title", "news/a/index.html", `<ruby>髙梨<rp>（</rp><rt>たかなし</rt><rp>）</rp></ruby>さんの<wbr>灯台の<wbr>光`},
		{"none in the title of the window", "news/a/index.html", "<title>髙梨さんの灯台の光"},
		{"nor in feeds", "feed.xml", "<title>髙梨さんの灯台の光</title>"},
		{"in brackets in summaries", "feed.json", "凪（なぎ）の話"},
		{"ruby in a list", "news/index.html", "<rt>たかなし</rt>"},
		{"ruby in a heading", "news/a/index.html", "<rt>とうだい</rt>"},
		{"the year of the era", "news/a/index.html", "2019年（令和元年）5月1日（水）"},
		{"the day of the week of an event", "events/b/index.html", "2026年（令和8年）12月16日（水）"},
		{"a postal code with its mark", "events/b/index.html", "〒100-0001"},
		{"a telephone number that can be called", "events/b/index.html", `href="tel:+81312345678"`},
		{"an event in English", "en/events/b/index.html", "19:00–21:00 JST (10:00–12:00 UTC)"},
		{"its day", "en/events/b/index.html", "Wed 16 Dec 2026"},
		{"a name in the site's order", "en/people/minato/index.html", "<h1>Minato Takanashi</h1>"},
		{"a former name with consent", "people/minato/index.html", "旧姓 東"},
		{"the row of a name", "people/index.html", ">た</h2>"},
		{"a tab that leads to it", "people/index.html", `<a href="#part-group-1">た</a>`},
	} {
		data, err := fs.ReadFile(dist, "public/"+test.file)
		if text := string(data); err != nil || !strings.Contains(text, test.want) {
			t.Errorf("%s: %s has no %q (%v)\n%s", test.name, test.file, test.want, err, text)
		}
	}
	// Without consent, nothing of a former name; and nowhere the signs of ruby.
	err := fs.WalkDir(dist, "public", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dist, name)
		for _, not := range []string{"Higashi", "{髙梨", "|たかなし", "{凪|"} {
			if strings.Contains(string(data), not) {
				t.Errorf("%s has %q", name, not)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
