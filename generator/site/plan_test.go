package site

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
)

// project is the files of a small site by name; site.yaml has planConfig before
// what is written here.
type project map[string]string

const planConfig = "title: 会\nbase_url: https://nagi.example/\naudiences: {alumni: {title: 会員}}\n"

// planNow is the clock of these tests: in the morning, in Japan.
var planNow = time.Date(2026, 11, 20, 9, 0, 0, 0, tokyoTime)

// page is a file of content with a title and further front matter.
func page(title, front string) string {
	return "---\ntitle: " + title + "\n" + front + "\n---\n本文。\n"
}

func event(title, start, end, more string) string {
	return page(title, "start: "+start+"\nend: "+end+"\nmode: offline\n"+more)
}

func job(title, more string) string {
	return page(title, "posted: 2026-10-01\nemployment_type: 正社員\n"+more)
}

// with returns the project with more files.
func (f project) with(more project) project {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

// load reads the project at a time.
func (f project) load(t testing.TB, now time.Time) (*content.Library, *config.Site) {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range f {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	conf, problems := config.Load([]byte(planConfig + f["site.yaml"]))
	if problems.HasErrors() {
		t.Fatal(problems[0].Line("en"))
	}
	lib, problems, err := content.Load(fs.FS(files), content.Options{
		Languages: conf.Languages, Zone: conf.Zone, Policy: conf.Policy, Drafts: true, Now: now, BasePath: conf.Base(), Origin: conf.Origin(),
		Kind: func(section string) content.Kind {
			if s, ok := conf.Sections.Lookup(section); ok {
				return content.Kind(s.Kind)
			}
			return content.Kind(config.DefaultKind(section))
		},
		Feeds: config.On(conf.Outputs.Feeds), Calendars: config.On(conf.Outputs.Calendars), Search: config.On(conf.Outputs.Search),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		if problem.Severity() == diag.Error {
			t.Fatal(problem.Line("en"))
		}
	}
	return lib, conf
}

// plan returns the outputs for a reader by URL.
func (f project) plan(t *testing.T, r audience.Reader, now time.Time) map[string]Output {
	t.Helper()
	lib, conf := f.load(t, now)
	plan := map[string]Output{}
	for _, out := range NewPlan(lib, conf, Options{Reader: r, Now: now, Card: "/card.png"}) {
		url := "/" + strings.TrimSuffix(out.Path, "index.html")
		if _, twice := plan[url]; twice {
			t.Errorf("%s is planned twice", url)
		}
		plan[url] = out
	}
	return plan
}

// planner returns the planner of a reader as NewPlan makes it.
func (f project) planner(t testing.TB, r audience.Reader) *planner {
	t.Helper()
	lib, conf := f.load(t, planNow)
	return newPlanner(lib, conf, Options{Reader: r, Now: planNow})
}

// viewAt returns the view at a URL, which must be a V.
func viewAt[V any](t *testing.T, plan map[string]Output, url string) V {
	t.Helper()
	out, ok := plan[url]
	if !ok {
		t.Fatalf("nothing is at %s; there are %v", url, slices.Sorted(maps.Keys(plan)))
	}
	view, ok := out.View(ForWriting).(V)
	if !ok {
		t.Fatalf("%s is a %T", url, out.View(ForWriting))
	}
	return view
}

func titles(cards []Card) []string {
	var all []string
	for _, card := range cards {
		all = append(all, card.Title)
	}
	return all
}

func wantTexts(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// passing has events and jobs of which some are over at planNow, and all a year
// later.
var passing = project{
	"content/events/autumn.md": event("秋", "2026-10-04 18:00", "2026-10-04 20:00", "type: 講演会\ntags: [昔, 海]"),
	"content/events/summer.md": event("夏", "2026-08-04 18:00", "2026-08-04 20:00", "type: 懇親会"),
	"content/events/winter.md": event("冬", "2026-12-04 18:00", "2026-12-04 20:00", "type: 懇親会\ntags: [海]"),
	"content/events/spring.md": event("春", "2027-03-04 18:00", "2027-03-04 20:00", "type: 懇親会"),
	"content/jobs/closed.md":   job("閉", "closes: 2026-10-31\ntags: [仕事]"),
	"content/jobs/open.md":     job("開", "closes: 2026-12-31"),
	"content/news/a.md":        page("甲", "date: 2026-11-01"),
}

// TestTimeMakesAndUnmakesNoList holds that which lists there are depends on the
// content alone: a link to one must not break on the day of the last event.
func TestTimeMakesAndUnmakesNoList(t *testing.T) {
	want := slices.Sorted(maps.Keys(passing.plan(t, audience.Public, planNow)))
	for _, now := range []time.Time{planNow.AddDate(-1, 0, 0), planNow.AddDate(0, 0, 30), planNow.AddDate(1, 0, 0)} {
		got := slices.Sorted(maps.Keys(passing.plan(t, audience.Public, now)))
		wantTexts(t, now.Format(time.DateOnly), got, want...)
	}
	for _, url := range []string{"/events/past/", "/events/types/懇親会/", "/events/types/講演会/", "/tags/昔/", "/tags/仕事/", "/jobs/", "/jobs/feed.xml"} {
		if !slices.Contains(want, url) {
			t.Errorf("%s is not there: got %v", url, want)
		}
	}
}

func TestListsHoldWhatIsToCome(t *testing.T) {
	tests := []struct {
		name, url string
		now       time.Time
		want      []string
	}{
		{"a section has its events soonest first", "/events/", planNow, []string{"冬", "春"}},
		{"past events are latest first", "/events/past/", planNow, []string{"秋", "夏"}},
		{"before the first event is over the list of past events is empty", "/events/past/", planNow.AddDate(-1, 0, 0), nil},
		{"a type has its events soonest first", "/events/types/懇親会/", planNow, []string{"冬", "春"}},
		{"a type of past events alone is an empty list", "/events/types/講演会/", planNow, nil},
		{"a tag has what is to come", "/tags/海/", planNow, []string{"冬"}},
		{"a tag of past events alone is an empty list", "/tags/昔/", planNow, nil},
		{"a closed job is in no list", "/jobs/", planNow, []string{"開"}},
		{"a section whose pages are all closed is an empty list", "/jobs/", planNow.AddDate(1, 0, 0), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantTexts(t, test.url, titles(viewAt[ListPage](t, passing.plan(t, audience.Public, test.now), test.url).Cards), test.want...)
		})
	}
}

func TestTheMenuOfEventsLeadsToThePast(t *testing.T) {
	plan := passing.plan(t, audience.Public, planNow)
	for url, want := range map[string]string{"/events/": "/events/", "/events/types/講演会/": "/events/types/%E8%AC%9B%E6%BC%94%E4%BC%9A/", "/events/past/": "/events/past/"} {
		var items, here []string
		for _, item := range viewAt[ListPage](t, plan, url).Types {
			items = append(items, item.Label)
			if item.Current {
				here = append(here, item.URL)
			}
		}
		wantTexts(t, url, items, "イベント", "懇親会", "講演会", "これまでのイベント")
		wantTexts(t, url+" marks itself alone", here, want)
	}
}

func TestAnEmptyTagIsNotForSearchEngines(t *testing.T) {
	plan := passing.plan(t, audience.Public, planNow)
	for url, want := range map[string]bool{"/tags/昔/": true, "/tags/海/": false, "/jobs/": false, "/events/types/講演会/": false} {
		if got := viewAt[ListPage](t, plan, url).Head.NoIndex; got != want {
			t.Errorf("%s: NoIndex: got %v, want %v", url, got, want)
		}
	}
	for _, u := range viewAt[Sitemap](t, plan, "/sitemap.xml").URLs {
		if u.Loc == "https://nagi.example/tags/%E6%98%94/" {
			t.Error("an empty tag is in the sitemap")
		}
	}
	if got := viewAt[JobPage](t, plan, "/jobs/closed/").Head.NoIndex; !got {
		t.Error("a closed job is for search engines")
	}
	var tags []string
	for _, tag := range viewAt[TagsPage](t, plan, "/tags/").Tags {
		tags = append(tags, fmt.Sprint(tag.Name, tag.Count))
	}
	wantTexts(t, "the list of tags", tags, "海1")
	if got := viewAt[EventPage](t, plan, "/events/autumn/").Article.Card.Tags[0].URL; got != "/tags/%E6%98%94/" {
		t.Errorf("a past event's tag leads to %q", got)
	}
}

func TestListsAreCutIntoPages(t *testing.T) {
	f := project{"site.yaml": "pagination: 2\n"}
	for i := range 5 {
		f[fmt.Sprintf("content/news/n%d.md", i)] = page(fmt.Sprint("記事", i), fmt.Sprintf("date: 2026-11-0%d", i+1))
	}
	plan := f.plan(t, audience.Public, planNow)
	var got []string
	for _, url := range []string{"/news/", "/news/page/2/", "/news/page/3/"} {
		v := viewAt[ListPage](t, plan, url)
		got = append(got, fmt.Sprintf("%v %d/%d of %d, %q %q", titles(v.Cards), v.Pager.Number, v.Pager.Total, v.Pager.Items, v.Pager.Previous, v.Pager.Next))
	}
	wantTexts(t, "pages", got, `[記事4 記事3] 1/3 of 5, "" "/news/page/2/"`,
		`[記事2 記事1] 2/3 of 5, "/news/" "/news/page/3/"`, `[記事0] 3/3 of 5, "/news/page/2/" ""`)
}

func TestTheHomePageOpensWithTheFeatured(t *testing.T) {
	f := project{
		"content/columns/old.md":      page("旧", "date: 2026-01-01\nfeatured: true"),
		"content/columns/new.md":      page("新", "date: 2026-11-01"),
		"content/interviews/talk.md":  page("話", "date: 2026-02-01"),
		"content/columns/locked.md":   page("鍵", "date: 2026-11-02\nfeatured: true\naudience: alumni\nteaser: true"),
		"content/newsletters/2026.md": page("便り", "date: 2026-11-01"),
		"content/events/winter.md":    event("冬", "2026-12-04 18:00", "2026-12-04 20:00", ""),
		"content/events/spring.md":    event("春", "2027-03-21 10:00", "2027-03-21 15:00", ""),
		"content/events/secret.md":    event("会員の秋", "2026-11-28 10:00", "2026-11-28 15:00", "audience: alumni\nteaser: true"),
	}
	v := viewAt[HomePage](t, f.plan(t, audience.Public, planNow), "/")
	// Of a teaser nobody outside knows the day, so it is not the next event.
	wantTexts(t, "lead, letter, next, events", append([]string{v.Lead.Title, v.Letter.Title, v.Next.Title}, titles(v.Events)...), "旧", "便り", "冬", "春", "会員の秋")
	f["content/columns/old.md"] = page("旧", "date: 2026-01-01")
	v = viewAt[HomePage](t, f.plan(t, audience.Public, planNow), "/")
	if v.Lead.Title != "話" {
		t.Errorf("without a featured page: got %q, want the newest interview", v.Lead.Title)
	}
	var sections []string
	for _, sec := range v.Sections {
		sections = append(sections, sec.Title+strings.Join(titles(sec.Cards), ""))
	}
	wantTexts(t, "sections, without the lead", sections, "コラム鍵新旧")
}

func TestPeopleAreInTheOrderOfTheFiftySounds(t *testing.T) {
	person := func(family, kana, latin string) string {
		return "---\nname: {family: " + family + ", given: 花, family_kana: " + kana + ", given_kana: はな, latin: " + latin + "}\n---\n"
	}
	f := project{"site.yaml": "languages: [ja, en]\n"}
	for name, text := range map[string]string{
		"a": person("渡辺", "わたなべ", "WATANABE Hana"), "b": person("阿部", "あべ", "ABE Hana"), "c": person("加藤", "かとう", "KATO Hana"),
		"d": person("合田", "ごうだ", "GODA Hana"), "e": person("青木", "アオキ", "AOKI Hana"),
	} {
		f["content/people/"+name+".md"] = text
		f["content/people/"+name+".en.md"] = text
	}
	for url, want := range map[string][]string{
		"/people/":    {"あ:青木", "あ:阿部", "か:加藤", "か:合田", "わ:渡辺"},
		"/en/people/": {"A:ABE", "A:AOKI", "G:GODA", "K:KATO", "W:WATANABE"},
	} {
		var got []string
		for _, group := range viewAt[PeoplePage](t, f.plan(t, audience.Public, planNow), url).Groups {
			for _, line := range group.People {
				family, _, _ := strings.Cut(line.Name, " ")
				got = append(got, group.Label+":"+family)
			}
		}
		wantTexts(t, url, got, want...)
	}
}
