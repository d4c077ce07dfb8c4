package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/audience"
)

// neighbours has three pages of a section, and three events that stand in
// another order than their files.
var neighbours = project{
	"content/news/a.md":     page("甲", "date: 2026-11-01\ntags: [海]"),
	"content/news/b.md":     page("乙", "date: 2026-11-02\ntags: [海, 山]"),
	"content/news/c.md":     page("丙", "date: 2026-11-03\ntags: [海, 山]"),
	"content/columns/d.md":  page("丁", "date: 2026-11-04\ntags: [空]"),
	"content/events/x.md":   event("三月", "2027-03-01 10:00", "2027-03-01 12:00", ""),
	"content/events/y.md":   event("一月", "2027-01-01 10:00", "2027-01-01 12:00", ""),
	"content/events/z.md":   event("二月", "2027-02-01 10:00", "2027-02-01 12:00", ""),
	"content/events/t.md":   event("鍵", "2027-01-15 10:00", "2027-01-15 12:00", "audience: alumni\nteaser: true\ndate: 2026-11-01"),
	"content/about/one.md":  page("一", ""),
	"content/about/rule.md": page("二", ""),
}

func TestAPageLeadsToItsNeighbours(t *testing.T) {
	tests := []struct {
		name                string
		reader              audience.Reader
		url, previous, next string
	}{
		{"the older and the newer", audience.Public, "/news/b/", "甲", "丙"},
		{"the oldest has none before it", audience.Public, "/news/a/", "", "乙"},
		{"the newest has none after it", audience.Public, "/news/c/", "乙", ""},
		{"events go by their day", audience.Public, "/events/z/", "一月", "三月"},
		{"the last event leads to no teaser, which has no day", audience.Public, "/events/x/", "二月", ""},
		{"who may read it finds it in its place", "alumni", "/events/z/", "鍵", "三月"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var a Article
			switch v := neighbours.plan(t, test.reader, planNow)[test.url].View(ForWriting).(type) {
			case NewsPage:
				a = v.Article
			case EventPage:
				a = v.Article
			}
			wantTexts(t, test.url, []string{a.Previous.Title, a.Next.Title}, test.previous, test.next)
		})
	}
	if a := viewAt[PlainPage](t, neighbours.plan(t, audience.Public, planNow), "/about/one/").Article; a.Previous.URL+a.Next.URL != "" {
		t.Errorf("a standing page has neighbours: got %v and %v", a.Previous, a.Next)
	}
}

func TestRelatedPagesShareMostTags(t *testing.T) {
	plan := neighbours.plan(t, audience.Public, planNow)
	wantTexts(t, "two tags before one", titles(viewAt[NewsPage](t, plan, "/news/c/").Article.Related), "乙", "甲")
	wantTexts(t, "nothing shared", titles(viewAt[ColumnPage](t, plan, "/columns/d/").Article.Related))
}

func TestAPageShowsTheSeriesAroundIt(t *testing.T) {
	f := project{}
	for i := 1; i <= 9; i++ {
		f[fmt.Sprintf("content/columns/c%d.md", i)] = page(fmt.Sprint("第", i), fmt.Sprintf("date: 2026-10-0%d\nseries: 続き物", i))
	}
	f["content/columns/c8.md"] = page("第8", "date: 2026-10-08\nseries: 続き物\naudience: alumni\nteaser: true")
	f["content/columns/alone.md"] = page("独り", "date: 2026-10-09\nseries: 一つだけ")
	tests := []struct {
		name   string
		reader audience.Reader
		url    string
		want   string
	}{
		{"three before and three after", audience.Public, "/columns/c4/", "続き物 4/8: 1第1 2第2 3第3 [4第4] 5第5 6第6 7第7"},
		{"the first has only those after it", audience.Public, "/columns/c1/", "続き物 1/8: [1第1] 2第2 3第3 4第4"},
		{"a teaser does not count", audience.Public, "/columns/c9/", "続き物 8/8: 5第5 6第6 7第7 [8第9]"},
		{"but for those who may read it", "alumni", "/columns/c9/", "続き物 9/9: 6第6 7第7 8第8 [9第9]"},
		{"a single page is no series", audience.Public, "/columns/alone/", " 0/0:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := viewAt[ColumnPage](t, f.plan(t, test.reader, planNow), test.url).Article.Series
			got := fmt.Sprintf("%s %d/%d:", s.Title, s.Number, s.Total)
			for _, item := range s.Items {
				text := fmt.Sprint(item.Number, item.Title)
				if item.Current {
					text = "[" + text + "]"
				}
				got += " " + text
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// at is a time on a day of these tests.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, tokyoTime)
	if err != nil {
		panic(err)
	}
	return t
}

func TestEventsAndJobsGoWithTheClock(t *testing.T) {
	f := project{
		"content/events/day.md":    event("日", "2026-12-04 18:30", "2026-12-06 20:30", "rsvp_deadline: 2026-11-27\nvenue: {name: 会館}\nfee: {amount: 0}"),
		"content/events/clock.md":  event("時", "2026-12-04 18:30", "2026-12-04 20:30", "rsvp_deadline: 2026-11-27 12:00"),
		"content/events/whole.md":  event("終日", "2026-12-04", "2026-12-05", "all_day: true"),
		"content/events/called.md": event("中止", "2026-12-04 18:30", "2026-12-04 20:30", "status: cancelled"),
		"content/jobs/day.md":      job("仕事", "closes: 2026-11-27\nlocations: [{region: 東京都}]"),
	}
	tests := []struct {
		name, url, now string
		want           string
	}{
		{"a deadline is open all its day", "/events/day/", "2026-11-27 23:59:59", "until 23:59:59"},
		{"it closes at midnight", "/events/day/", "2026-11-28 00:00:00", "until 23:59:59 closed"},
		{"a deadline with a clock closes then", "/events/clock/", "2026-11-27 12:00:00", "until 12:00:00 closed"},
		{"an event runs from its start", "/events/day/", "2026-12-04 18:30:00", "until 23:59:59 closed running"},
		{"through all its days", "/events/day/", "2026-12-06 20:29:59", "until 23:59:59 closed running"},
		{"until its end", "/events/day/", "2026-12-06 20:30:00", "until 23:59:59 closed past"},
		{"one of whole days runs to the end of the last", "/events/whole/", "2026-12-05 23:59:59", "until 00:00:00 running"},
		{"one without a deadline is open until it is over", "/events/whole/", "2026-12-06 00:00:00", "until 00:00:00 closed past"},
		{"a cancelled event does not run", "/events/called/", "2026-12-04 19:00:00", "until 00:00:00"},
		{"a job is open all its last day", "/jobs/day/", "2026-11-27 23:59:59", "until 23:59:59"},
		{"and closed from midnight on", "/jobs/day/", "2026-11-28 00:00:00", "until 23:59:59 closed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var until time.Time
			states := map[string]bool{}
			switch v := f.plan(t, audience.Public, at(test.now))[test.url].View(ForWriting).(type) {
			case EventPage:
				until, states = v.Event.Line.Until, map[string]bool{"closed": v.Event.Line.Closed, "running": v.Event.Line.Running, "past": v.Event.Line.Past}
			case JobPage:
				until, states = v.Job.Line.Until, map[string]bool{"closed": v.Job.Line.Closed}
			}
			got := "until " + until.Format(time.TimeOnly)
			for _, state := range []string{"closed", "running", "past"} {
				if states[state] {
					got += " " + state
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	plan := f.plan(t, audience.Public, planNow)
	for _, head := range []Head{viewAt[JobPage](t, plan, "/jobs/day/").Head, viewAt[EventPage](t, plan, "/events/day/").Head} {
		if !strings.Contains(string(head.Data), `"validThrough":"2026-11-27T23:59:59+09:00"`) {
			t.Errorf("%s: the end of the last day is not in %s", head.Canonical, head.Data)
		}
	}
}

func TestTeasersDoNotSayWhenTheirEventIs(t *testing.T) {
	f := project{
		"content/events/first.md":  event("先", "2027-05-01 10:00", "2027-05-01 12:00", "date: 2026-11-01"),
		"content/events/second.md": event("後", "2027-06-01 10:00", "2027-06-01 12:00", "date: 2026-11-01"),
		"content/events/t1.md":     event("鍵一", "2027-01-01 10:00", "2027-01-01 12:00", "audience: alumni\nteaser: true\ndate: 2026-11-03\nupdated: 2026-11-18"),
		"content/events/t2.md":     event("鍵二", "2027-05-15 10:00", "2027-05-15 12:00", "audience: alumni\nteaser: true\ndate: 2026-11-05\nupdated: 2026-11-19"),
		"content/charter.md":       "---\ntitle: 憲章\naudience: alumni\nteaser: true\nmenu: {weight: 1, label: 内輪の名}\n---\n",
	}
	plan := f.plan(t, audience.Public, planNow)
	list := viewAt[ListPage](t, plan, "/events/")
	wantTexts(t, "teasers come last, newest first", titles(list.Cards), "先", "後", "鍵二", "鍵一")
	for _, card := range list.Cards {
		if card.Locked && !card.Date.IsZero() {
			t.Errorf("%s has the date %v in a list of events", card.Title, card.Date)
		}
	}
	wantTexts(t, "who may read them", titles(viewAt[ListPage](t, f.plan(t, "alumni", planNow), "/events/").Cards), "鍵一", "先", "鍵二", "後")
	if got := viewAt[TeaserPage](t, plan, "/events/t1/").Head; !got.Published.Equal(at("2026-11-03 00:00:00")) || !got.Updated.IsZero() {
		t.Errorf("a teaser's head: got %v and %v, want its announcement alone", got.Published, got.Updated)
	}
	for _, u := range viewAt[Sitemap](t, plan, "/sitemap.xml").URLs {
		if u.Modified.After(at("2026-11-05 00:00:00")) {
			t.Errorf("the sitemap says of %s when a teaser was changed: %v", u.Loc, u.Modified)
		}
	}
	label := func(r audience.Reader) string {
		menu := viewAt[HomePage](t, f.plan(t, r, planNow), "/").Site.Menu
		return menu[slices.IndexFunc(menu, func(item MenuItem) bool { return item.URL == "/charter/" })].Label
	}
	wantTexts(t, "menu", []string{label(audience.Public), label("alumni")}, "憲章", "内輪の名")
}
