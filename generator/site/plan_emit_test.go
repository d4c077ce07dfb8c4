package site

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/audience"
)

// emitted has pages of every way to be dated, in two languages.
var emitted = project{
	"site.yaml":                 "languages: [ja, en, ko]\nsections: {projects: {kind: page}}\n",
	"content/news/a.md":         page("甲", "date: 2026-11-01\nupdated: 2026-11-05"),
	"content/news/a.en.md":      page("A", "date: 2026-11-01"),
	"content/news/b.md":         page("乙", "date: 2026-11-03"),
	"content/events/plain.md":   event("無日付", "2026-12-01 10:00", "2026-12-01 11:00", ""),
	"content/events/dated.md":   event("日付", "2026-12-02 10:00", "2026-12-02 11:00", "date: 2026-11-02"),
	"content/events/embargo.md": event("公開日", "2026-12-03 10:00", "2026-12-03 11:00", "publish: 2026-11-04"),
	"content/about/rules.md":    page("会則", ""),
	"content/about/later.md":    page("後から", "publish: 2026-11-07"),
	"content/projects/one.md":   page("計画", "date: 2026-11-06"),
	"content/projects/two.md":   page("常設", ""),
	"content/jobs/open.md":      job("開", "closes: 2026-12-31"),
	"content/jobs/closed.md":    job("閉", "closes: 2026-10-31"),
	"content/people/p.md":       "---\nname: {family: 山}\n---\n",
}

func TestEverySectionHasFeeds(t *testing.T) {
	plan := emitted.plan(t, audience.Public, planNow)
	tests := []struct {
		dir  string
		want []string
	}{
		{"/", []string{"計画", "公開日", "乙", "日付", "甲", "開"}},
		{"/news/", []string{"乙", "甲"}},
		{"/events/", []string{"公開日", "日付"}},
		{"/jobs/", []string{"開"}},
		{"/about/", nil},
		{"/projects/", []string{"計画"}},
		{"/en/", []string{"A"}},
		{"/en/news/", []string{"A"}},
	}
	feeds := 0
	for _, test := range tests {
		for _, name := range []string{"feed.xml", "rss.xml", "feed.json"} {
			var got []string
			for _, item := range viewAt[FeedPage](t, plan, test.dir+name).Items {
				got = append(got, item.Title)
			}
			wantTexts(t, test.dir+name, got, test.want...)
		}
	}
	for _, out := range plan {
		if slices.Contains([]string{Atom, RSS, JSONFeed}, out.Layout) {
			feeds++
		}
	}
	if feeds != 3*len(tests) {
		t.Errorf("got %d feeds, want %d", feeds, 3*len(tests))
	}
	if got := viewAt[FeedPage](t, plan, "/news/feed.xml").Items[1]; !got.Updated.Equal(at("2026-11-05 00:00:00")) || !got.Published.Equal(at("2026-11-01 00:00:00")) {
		t.Errorf("dates: got %v and %v", got.Published, got.Updated)
	}
	if got := viewAt[FeedPage](t, plan, "/events/feed.xml").Items[0].Published; !got.Equal(at("2026-11-04 00:00:00")) {
		t.Errorf("an event without a date: got %v, want the end of its embargo", got)
	}
}

func TestFeedsAreNamedWhereThereIsNews(t *testing.T) {
	plan := emitted.plan(t, audience.Public, planNow)
	for url, want := range map[string]int{"/news/": 3, "/projects/": 3, "/about/": 0, "/jobs/": 3} {
		if got := len(viewAt[ListPage](t, plan, url).Feeds); got != want {
			t.Errorf("%s: got %d feeds, want %d", url, got, want)
		}
	}
	off := emitted.with(project{"site.yaml": emitted["site.yaml"] + "outputs: {feeds: false, calendars: false}\n"}).plan(t, audience.Public, planNow)
	for url, out := range off {
		if slices.Contains([]string{Atom, RSS, JSONFeed, ICS}, out.Layout) {
			t.Errorf("%s is there, though switched off", url)
		}
	}
	for _, url := range []string{"/events/calendar.ics", "/events/plain/event.ics"} {
		if got := plan[url].Layout; got != ICS {
			t.Errorf("%s: got %q, want a calendar", url, got)
		}
	}
}

func TestFeedsHoldAsManyAsAreWanted(t *testing.T) {
	few := emitted.with(project{"site.yaml": emitted["site.yaml"] + "feeds: {items: 2}\n"})
	if got := len(viewAt[FeedPage](t, few.plan(t, audience.Public, planNow), "/feed.xml").Items); got != 2 {
		t.Errorf("got %d items, want 2", got)
	}
}

func TestCalendarsKeepWhatIsOver(t *testing.T) {
	f := passing.with(project{
		"content/events/locked.md": event("鍵", "2026-12-01 10:00", "2026-12-01 12:00", "audience: alumni\nteaser: true"),
		"content/events/online.md": "---\ntitle: 線\nstart: 2026-12-02 10:00\nend: 2026-12-02 12:00\nmode: online\nonline: {url: 'https://meet.example/a'}\n---\n",
	})
	tests := []struct {
		reader audience.Reader
		want   []string
	}{
		{audience.Public, []string{"夏", "秋", "線", "冬", "春"}},
		{"alumni", []string{"夏", "秋", "鍵", "線 https://meet.example/a", "冬", "春"}},
	}
	for _, test := range tests {
		plan := f.plan(t, test.reader, planNow)
		var got []string
		for _, e := range viewAt[Calendar](t, plan, "/events/calendar.ics").Events {
			got = append(got, strings.TrimSpace(e.Title+" "+e.OnlineURL))
		}
		wantTexts(t, test.reader.String(), got, test.want...)
		if got, want := viewAt[EventPage](t, plan, "/events/online/").Event.Online.URL != "", test.reader != audience.Public; got != want {
			t.Errorf("%s: the page tells where to join: %v, want %v", test.reader, got, want)
		}
	}
}

func TestCoversInFeedsHaveTheirType(t *testing.T) {
	f := project{"static/a.SVG": `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>`,
		"content/news/a.md": page("甲", "date: 2026-11-01\ncover: {src: /a.SVG, alt: 絵}")}
	item := viewAt[FeedPage](t, f.plan(t, audience.Public, planNow), "/feed.xml").Items[0]
	wantTexts(t, "cover", []string{item.Image, item.ImageType}, "https://nagi.example/a.SVG", "image/svg+xml")
}

func TestTheSitemapHasWhatCanBeFound(t *testing.T) {
	plan := emitted.plan(t, audience.Public, planNow)
	alternates := map[string][]string{}
	for _, u := range viewAt[Sitemap](t, plan, "/sitemap.xml").URLs {
		url := strings.TrimPrefix(u.Loc, "https://nagi.example")
		alternates[url] = []string{}
		for _, a := range u.Alternates {
			alternates[url] = append(alternates[url], a.Lang+" "+strings.TrimPrefix(a.URL, "https://nagi.example"))
		}
	}
	for url, out := range plan {
		isHTML := strings.HasSuffix(out.Layout, ".html") && out.Layout != "404.html" && out.Layout != "search.html" && out.Layout != "subscribe.html"
		if _, there := alternates[url]; there != (isHTML && url != "/jobs/closed/") {
			t.Errorf("%s is in the sitemap: %v", url, there)
		}
	}
	wantTexts(t, "a page with a translation", alternates["/news/a/"], "ja /news/a/", "en /en/news/a/", "x-default /news/a/")
	wantTexts(t, "the translation", alternates["/en/news/a/"], "ja /news/a/", "en /en/news/a/", "x-default /news/a/")
	wantTexts(t, "a list", alternates["/news/"], "ja /news/", "en /en/news/", "x-default /news/")
	wantTexts(t, "a page without", alternates["/news/b/"])
	if got := viewAt[Robots](t, plan, "/robots.txt").Sitemap; got != "https://nagi.example/sitemap.xml" {
		t.Errorf("robots.txt: got the sitemap %q", got)
	}
}

func TestPagesLeadToTheirTranslations(t *testing.T) {
	plan := emitted.plan(t, audience.Public, planNow)
	tests := []struct {
		name, url string
		want      []string
	}{
		{"a page with a translation", "/news/a/", []string{"ja /news/a/ here exact", "en /en/news/a/ exact"}},
		{"a page without leads to the home page", "/news/b/", []string{"ja /news/b/ here exact", "en /en/"}},
		{"the translation leads back", "/en/news/a/", []string{"ja /news/a/ exact", "en /en/news/a/ here exact"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, l := range viewAt[NewsPage](t, plan, test.url).Site.Languages {
				text := l.Lang + " " + l.URL
				if l.Current {
					text += " here"
				}
				if l.Exact {
					text += " exact"
				}
				got = append(got, text)
			}
			wantTexts(t, test.url, got, test.want...)
		})
	}
}

func TestAnEditionWithoutPagesIsNotThere(t *testing.T) {
	files := emitted.with(project{"content/news/c.ko.md": page("K", "date: 2026-11-01\naudience: alumni")})
	tests := []struct {
		name   string
		reader audience.Reader
		more   project
		want   string
	}{
		{"nobody may read its only page", audience.Public, nil, "ja en"},
		{"who may read it has the edition", "alumni", nil, "ja en ko"},
		{"a teaser is enough", audience.Public, project{"content/news/d.ko.md": page("K", "date: 2026-11-01\naudience: alumni\nteaser: true")}, "ja en ko"},
		{"words for the home page are enough", audience.Public, project{"content/index.ko.md": page("K", "")}, "ja en ko"},
		{"somebody is enough", audience.Public, project{"content/people/p.ko.md": "---\nname: {latin: P}\n---\n"}, "ja en ko"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := files.with(test.more).plan(t, test.reader, planNow)
			homes := ""
			for _, l := range viewAt[HomePage](t, plan, "/").Site.Languages {
				homes += " " + l.Lang
			}
			_, there := plan["/ko/404.html"]
			if homes != " "+test.want || there != strings.Contains(test.want, "ko") {
				t.Errorf("got%s, 404 page %v; want %s", homes, there, test.want)
			}
		})
	}
	alone := project{"site.yaml": "languages: [ja, en]\n", "content/news/a.md": page("甲", "date: 2026-11-01")}.plan(t, audience.Public, planNow)
	for url := range maps.Keys(alone) {
		if strings.HasPrefix(url, "/en/") {
			t.Errorf("%s is there", url)
		}
	}
	if got := viewAt[NewsPage](t, alone, "/news/a/").Site.Languages; got != nil {
		t.Errorf("languages: got %v, want none", got)
	}
}

// TestThePlanIsWhatLinksMayLeadTo compares the lists, feeds and calendars that
// package content counts as made with those of the plan, in both directions.
func TestThePlanIsWhatLinksMayLeadTo(t *testing.T) {
	for _, f := range []project{passing, emitted, neighbours} {
		lib, _ := f.load(t, planNow)
		for _, r := range []audience.Reader{audience.Public, "alumni"} {
			plan := f.plan(t, r, planNow)
			var planned []string
			for url, out := range plan {
				isCalendarOfOne := strings.HasSuffix(url, "/event.ics")
				if (out.Page == nil && out.File == nil || isCalendarOfOne) && !strings.Contains(url, "/page/") && out.Layout != SearchData {
					planned = append(planned, url)
				}
			}
			made := lib.Made(r)
			for _, url := range made {
				if !slices.Contains(planned, url) {
					t.Errorf("%s: a link to %s is fine, but the plan has nothing there", r, url)
				}
			}
			for _, url := range planned {
				if !slices.Contains(made, url) {
					t.Errorf("%s: the plan has %s, but a link to it is dead", r, url)
				}
			}
		}
	}
}
