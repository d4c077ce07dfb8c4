package site

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/audience"
	"kaiho/generator/content"
)

func TestAPageWithoutASummaryHasNoLede(t *testing.T) {
	body := "## 見出し\n\n初めの段落[^1]。\n次の行。\n\n続きの段落。\n\n- [ ] 一覧\n\n後の段落。\n\n[^1]: 注\n"
	f := project{
		"content/columns/with.md":    "---\ntitle: 甲\ndate: 2026-11-01\nsummary: 要約。\n---\n" + body,
		"content/columns/without.md": "---\ntitle: 乙\ndate: 2026-11-01\n---\n" + body,
	}
	plan := f.plan(t, audience.Public, planNow)
	tests := []struct{ name, url, lede, summary string }{
		{"a written summary is both", "/columns/with/", "要約。", "要約。"},
		{"else lists have the first paragraphs, and the page itself nothing", "/columns/without/", "", "初めの段落。次の行。 続きの段落。"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := viewAt[ColumnPage](t, plan, test.url).Article
			wantTexts(t, test.url, []string{a.Lede, a.Card.Summary}, test.lede, test.summary)
		})
	}
}

func TestPlacesOfWorkAreWrittenInTheOrderOfTheLanguage(t *testing.T) {
	f := project{
		"site.yaml":            "languages: [ja, en]\n",
		"content/jobs/a.md":    job("仕事", "locations: [{region: 東京都, locality: 港区, address: 芝1-2-3, postal_code: 105-0014}]"),
		"content/jobs/a.en.md": job("Job", "locations: [{region: Tokyo, locality: Minato-ku, address: 1-2-3 Shiba, postal_code: 105-0014}, {region: Osaka}]"),
	}
	plan := f.plan(t, audience.Public, planNow)
	for url, want := range map[string][]string{
		"/jobs/a/":    {"東京都港区", "〒105-0014 東京都港区芝1-2-3"},
		"/en/jobs/a/": {"Minato-ku, Tokyo", "1-2-3 Shiba, Minato-ku, Tokyo 105-0014", "Osaka"},
	} {
		v := viewAt[JobPage](t, plan, url)
		got := []string{v.Job.Line.Place}
		for _, l := range v.Job.Locations {
			got = append(got, l.Address)
		}
		wantTexts(t, url, got, want...)
	}
}

func TestOnlyWebAddressesArePictures(t *testing.T) {
	f := project{"content/news/a.md": page("甲", "date: 2026-11-01")}
	p := f.planner(t, audience.Public)
	for address, want := range map[string]string{
		"https://pictures.example/a.jpg": "https://pictures.example/a.jpg", "HTTP://pictures.example/a.jpg": "HTTP://pictures.example/a.jpg",
		"ftp://pictures.example/a.jpg": "", "javascript://pictures.example/%0aalert(1)": "",
	} {
		p.conf.Organization.Logo = address
		got := []string{p.image(p.lib.At("/news/a/"), content.Image{Src: address}).URL, p.siteView(p.editions[0]).Organization.Logo}
		wantTexts(t, address, got, want, want)
	}
}

func TestPeopleHaveTheHeadOfOtherPages(t *testing.T) {
	f := project{
		"content/people/a.md": "---\nname: {family: 山}\nparams: {motto: 凪}\n---\n",
		"content/people/b.md": "---\nname: {family: 川}\ndraft: true\n---\n",
	}
	plan := f.plan(t, audience.Public, planNow)
	a, b := viewAt[PersonPage](t, plan, "/people/a/"), viewAt[PersonPage](t, plan, "/people/b/")
	if a.Head.NoIndex || !b.Head.NoIndex || a.Head.Type != "profile" {
		t.Errorf("head: got NoIndex %v, of a draft %v, type %s", a.Head.NoIndex, b.Head.NoIndex, a.Head.Type)
	}
	if len(a.Params) != 1 || a.Params[0].Values[0] != "凪" {
		t.Errorf("params: got %v", a.Params)
	}
	var crumbs []string
	for _, crumb := range a.Head.Breadcrumbs {
		crumbs = append(crumbs, crumb.URL)
	}
	wantTexts(t, "breadcrumbs", crumbs, "/", "/people/", "/people/a/")
	for _, u := range viewAt[Sitemap](t, plan, "/sitemap.xml").URLs {
		if strings.HasSuffix(u.Loc, "/people/b/") {
			t.Error("a draft is in the sitemap")
		}
	}
}

func TestNamesOfPeopleStandForTheirIDs(t *testing.T) {
	f := project{
		"content/people/yama.md":   "---\nname: {family: 山, given: 花}\n---\n",
		"content/people/hidden.md": "---\nname: {family: 秘, given: 密}\naudience: alumni\n---\n",
	}
	for id, want := range map[string][]string{"yama": {"山 花", "山 花"}, "編集部": {"編集部", "編集部"}, "hidden": {"", "秘 密"}} {
		f["content/newsletters/2026-11.md"] = page("便り", "date: 2026-11-01\neditor: "+id)
		var got []string
		for _, r := range []audience.Reader{audience.Public, "alumni"} {
			got = append(got, viewAt[NewsletterPage](t, f.plan(t, r, planNow), "/newsletters/2026-11/").Editor)
		}
		wantTexts(t, id, got, want...)
	}
}

func TestPagesLeadToWhatBelongsToThem(t *testing.T) {
	f := project{
		"content/people/yama.md":     "---\nname: {family: 山}\n---\n",
		"content/events/winter.md":   event("冬", "2026-10-04 18:00", "2026-10-04 20:00", "speakers: [yama]"),
		"content/reports/winter.md":  page("報告", "date: 2026-10-10\nevent: events/winter"),
		"content/columns/a.md":       page("甲", "date: 2026-11-01\nauthors: [yama]"),
		"content/interviews/b.md":    page("乙", "date: 2026-11-02\npeople: [yama]"),
		"content/interviews/c.en.md": page("C", "date: 2026-11-03\npeople: [yama]"),
		"content/notes/d.md":         page("丁", "date: 2026-10-30\nentries: [{person: yama, text: 元気です, confirmed: true}]"),
		"site.yaml":                  "languages: [ja, en]\n",
	}
	plan := f.plan(t, audience.Public, planNow)
	wantTexts(t, "a person has their pages, newest first", titles(viewAt[PersonPage](t, plan, "/people/yama/").Cards), "乙", "甲", "丁")
	wantTexts(t, "an event and its report", []string{viewAt[EventPage](t, plan, "/events/winter/").Report.Title,
		viewAt[ReportPage](t, plan, "/reports/winter/").Event.Title}, "報告", "冬")
}

func TestStandingPagesStandWhereTheyAsk(t *testing.T) {
	f := project{
		"content/about/a.md": page("甲", ""),
		"content/about/b.md": page("乙", "menu: {weight: 2}"),
		"content/about/c.md": page("丙", "menu: {weight: 1, label: 三}"),
		"content/law.md":     page("規約", ""),
		"content/join.md":    page("入会", "menu: {weight: 3}"),
	}
	plan := f.plan(t, audience.Public, planNow)
	wantTexts(t, "list", titles(viewAt[ListPage](t, plan, "/about/").Cards), "丙", "乙", "甲")
	labels := func(items []MenuItem) []string {
		var all []string
		for _, item := range items {
			all = append(all, item.Label)
		}
		return all
	}
	site := viewAt[HomePage](t, plan, "/").Site
	wantTexts(t, "menu", labels(site.Menu), "この会について", "入会")
	wantTexts(t, "footer", labels(site.Footer), "三", "乙", "規約")
}

func TestTheFormOfSubscribersIsNamedWhereThereIsOne(t *testing.T) {
	const sender = "organization: {name: 会社, address: 波音市1, contact: o@nagi.example}\nmail: {from: l@nagi.example}\n"
	for _, c := range []struct{ name, yaml, want string }{
		{"a site that says nothing of it", "", ""},
		{"a site that takes no subscribers", sender + "newsletter: {subscribe: false}\n", ""},
		{"a site that takes them", sender + "newsletter: {subscribe: true}\n", "/subscribe"},
		{"a site in two languages", sender + "newsletter: {subscribe: true}\nlanguages: [ja, en]\n", "/subscribe?lang=ja"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := project{"content/news/a.md": page("題", "date: 2026-11-01"), "site.yaml": c.yaml}
			got := viewAt[HomePage](t, f.plan(t, audience.Public, planNow), "/").Site.Subscribe
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// BenchmarkSeries holds that a page of a series costs the same however long the
// series is.
func BenchmarkSeries(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("pages=%d", n), func(b *testing.B) {
			all := &series{}
			for i := range n {
				all.items = append(all.items, &item{page: &content.Page{}, link: fmt.Sprintf("/columns/%d/", i), series: all, part: int32(i)})
			}
			for b.Loop() {
				all.items[n/2].seriesView()
			}
		})
	}
}

func TestTheMenuOfSiteYAMLLeadsNowhereClosed(t *testing.T) {
	f := project{
		"site.yaml": "menu:\n  - {title: 甲, url: /news/a/}\n  - {title: 終了, url: /news/b/}\n  - {title: 一覧, url: /news/}\n" +
			"  - {title: 外, url: 'https://example.com/'}\n  - {title: 見出し, url: '/news/a/#x'}\n",
		"content/news/a.md": page("甲", "date: 2026-11-01") + "\n## 見出し {#x}\n",
		"content/news/b.md": page("乙", "date: 2026-11-01\nexpires: 2026-11-02"),
	}
	var got []string
	for _, item := range f.planner(t, audience.Public).editions[0].site.Menu {
		got = append(got, item.URL)
	}
	wantTexts(t, "menu", got, "/news/a/", "/news/", "https://example.com/", "/news/a/#x")
}
