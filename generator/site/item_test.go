package site

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"kaiho/generator/audience"
	"kaiho/generator/markdown"
)

// FuzzExcerpt compares excerpt with what it is in words.
func FuzzExcerpt(f *testing.F) {
	f.Add("短い。", 110)
	f.Add("  二つ  の\u3000語\n", 3)
	f.Add(strings.Repeat("長い文が続く。", 30), 110)
	f.Add(strings.Repeat("word ", 40), 20)
	f.Add(strings.Repeat("、あ\xff", 50), 60)
	f.Fuzz(func(t *testing.T, text string, max int) {
		if max < 1 || max > 500 {
			return
		}
		if got, want := excerpt(text, max), slowExcerpt(text, max); got != want {
			t.Errorf("excerpt(%q, %d): got %q, want %q", text, max, got, want)
		}
	})
}

func slowExcerpt(text string, max int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= max {
		return text
	}
	runes := []rune(text)[:max]
	for i := len(runes) - 1; i > max*2/3; i-- {
		if strings.ContainsRune("。！？.!?", runes[i]) {
			return string(runes[:i+1])
		}
	}
	for i := len(runes) - 1; i > max*2/3; i-- {
		if runes[i] == ' ' || runes[i] == '、' {
			return string(runes[:i]) + "…"
		}
	}
	return string(runes) + "…"
}

// FuzzTextsAreWrittenAsJSON compares appendText with encoding/json.
func FuzzTextsAreWrittenAsJSON(f *testing.F) {
	for _, text := range []string{"", "plain", "日本語", "a\"b\\", "</script>&", "\u2028\u2029", "\xff", "\x00\t\n\x7f"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendText(nil, text); string(got) != string(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// FuzzPlainAddresses holds that an address that is taken as it is, is one that
// package url would give back as it is.
func FuzzPlainAddresses(f *testing.F) {
	f.Add("https://example.jp/a/", "/b.c/d-e_f~/")
	f.Add("http://example.jp/", "/../a")
	f.Add("https://EXAMPLE.jp/a", "//other.example/")
	f.Add("https://a@example.jp:80/", "/a//b/./c")
	f.Fuzz(func(t *testing.T, address, path string) {
		if isPlainURL(address) {
			if u, err := url.Parse(address); err != nil || u.String() != address || u.Host == "" {
				t.Errorf("%q is not plain: %v, %v", address, u, err)
			}
		}
		base, err := url.Parse(address)
		origin := plainOrigin(address)
		if err != nil || origin == "" || !isPlainPath(path) {
			return
		}
		ref, err := url.Parse(path)
		if err != nil || base.ResolveReference(ref).String() != origin+path {
			t.Errorf("%q at %q: got %q, want %v, %v", path, address, origin+path, base.ResolveReference(ref), err)
		}
	})
}

func TestMenusMarkTheSameEntriesWithAndWithoutCopies(t *testing.T) {
	items := []MenuItem{{URL: "/"}, {URL: "/news/"}, {URL: "/news/a/"}, {URL: "/about"}, {URL: "https://example.com/"}}
	long := append([]MenuItem{}, items...)
	for i := range maxMarked {
		long = append(long, MenuItem{URL: fmt.Sprintf("/x%d/", i)})
	}
	for _, menu := range [][]MenuItem{nil, items, long} {
		for _, url := range []string{"/", "/news/", "/news/a/", "/news/b/", "/about", "/about/", "/x3/y/", "/else/"} {
			got, want := newMenu(menu).at(url, "/"), current(menu, url, "/")
			if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Errorf("%s of %d entries: got %v, want %v", url, len(menu), got, want)
			}
		}
	}
}

// TestReferencesLeadWhereTheLibrarySays holds that what is remembered of
// references is true for the page that asks, and that it stays small.
func TestReferencesLeadWhereTheLibrarySays(t *testing.T) {
	f := project{
		"site.yaml":              "languages: [ja, en]\n",
		"content/news/a.md":      page("甲", "date: 2026-11-01"),
		"content/news/a.en.md":   page("A", "date: 2026-11-01"),
		"content/news/b.md":      page("乙", "date: 2026-11-01\naudience: alumni"),
		"content/columns/a.md":   page("丙", "date: 2026-11-01"),
		"content/news/index.md":  page("一覧", "summary: 要約"),
		"static/pictures/a.svg":  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"></svg>`,
		"content/columns/b/c.md": page("丁", "date: 2026-11-01"),
	}
	for _, r := range []audience.Reader{audience.Public, "alumni"} {
		p := f.planner(t, r)
		dests := []string{"a.md", "#x", "/news/a.md", "/content/news/a.md", "/news/b/", "/news/", "/pictures/a.svg", "//example.com/", "a/", "./a.md", "/news/a/#x", "/none/"}
		for range 2 { // found, then remembered
			for i := range p.items {
				it := &p.items[i]
				for _, dest := range dests {
					ref := markdown.Ref{Dest: dest}
					got, want := it.e.targets.resolve(p, it.page, ref), p.lib.Resolve(r, it.page, ref)
					if got != want {
						t.Errorf("%s for %q in %s: got %v, want %v", dest, r, it.page.Path, got, want)
					}
				}
			}
		}
		e := p.editions[0]
		for i := range maxTargets + 100 {
			e.targets.resolve(p, e.shown[0].page, markdown.Ref{Dest: fmt.Sprintf("/none/%d/", i)})
		}
		if n := len(e.targets.byDest); n > maxTargets {
			t.Errorf("got %d references remembered, want at most %d", n, maxTargets)
		}
	}
}

// TestALargeSiteHasItsSitemapInParts plans the sitemap of more places than one
// file may hold.
func TestALargeSiteHasItsSitemapInParts(t *testing.T) {
	f := project{"content/news/a.md": page("甲", "date: 2026-11-01"), "content/news/b.md": page("乙", "date: 2026-11-02")}
	p := f.planner(t, audience.Public)
	for i := range maxSitemapURLs + 1 {
		p.locate(&p.items[i%2])
	}
	p.addSitemap()
	var paths []string
	var urls []SitemapURL
	for _, out := range p.outputs {
		paths = append(paths, out.Path)
		if v, ok := out.View(ForComparing).(Sitemap); ok {
			urls = append(urls, v.URLs...)
		}
		if v, ok := out.View(ForComparing).(SitemapIndex); ok {
			if got := v.Parts[0].Modified.Day(); len(v.Parts) != 2 || got != 2 {
				t.Errorf("got the index %v, want two parts, the first of the 2nd", v)
			}
		}
	}
	wantTexts(t, "outputs", paths, "sitemap-1.xml", "sitemap-2.xml", "sitemap.xml", "robots.txt")
	if len(urls) != maxSitemapURLs+1 || urls[0].Loc != "https://nagi.example/news/a/" || urls[maxSitemapURLs].Loc != "https://nagi.example/news/b/" {
		t.Errorf("got %d URLs from %v to %v, want %d in order", len(urls), urls[0], urls[len(urls)-1], maxSitemapURLs+1)
	}
}
