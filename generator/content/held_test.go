package content_test

import (
	"testing"
	"time"

	"kaiho/generator/content"
	"kaiho/generator/frontmatter"
)

func TestHeld(t *testing.T) {
	consent := func(until string) string {
		return text("title: 話\ndate: 2026-11-01\nsummary: 要約。\npeople: [yamada]\nconsent: {by: 本人, on: 2025-11-01, until: "+until+"}", "")
	}
	at := func(clock string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", clock, tokyo)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, test := range []struct {
		name, text     string
		drafts, future bool
		reason         string
		until          time.Time
	}{
		{name: "nothing holds it", text: news("", "")},
		{name: "a draft", text: news("draft: true", ""), reason: "draft"},
		{name: "a draft with --drafts", text: news("draft: true", ""), drafts: true},
		{name: "an embargo that ends later", text: news("publish: 2026-11-20 09:01", ""), reason: "embargo", until: at("2026-11-20 09:01")},
		{name: "an embargo that ends now", text: news("publish: 2026-11-20 09:00", "")},
		{name: "an embargo until a day ends when the day begins", text: news("publish: 2026-11-20", "")},
		{name: "an embargo until tomorrow", text: news("publish: 2026-11-21", ""), reason: "embargo", until: at("2026-11-21 00:00")},
		{name: "an embargo in another zone", text: news("publish: 2026-11-20T00:00:01Z", ""), reason: "embargo", until: at("2026-11-20 09:00").Add(time.Second)},
		{name: "an embargo with --future", text: news("publish: 2026-11-21", ""), future: true},
		{name: "a draft under embargo with --future", text: news("draft: true\npublish: 2026-11-21", ""), future: true, reason: "draft"},
		{name: "a draft under embargo with --drafts", text: news("draft: true\npublish: 2026-11-21", ""), drafts: true, reason: "embargo", until: at("2026-11-21 00:00")},
		{name: "it expires later", text: news("expires: 2026-11-20 09:01", "")},
		{name: "it expires now", text: news("expires: 2026-11-20 09:00", ""), reason: "expired", until: at("2026-11-20 09:00")},
		{name: "it expires with the day's beginning", text: news("expires: 2026-11-20", ""), reason: "expired", until: at("2026-11-20 00:00")},
		{name: "expired is expired, whatever flags say", text: news("expires: 2026-11-20", ""), drafts: true, future: true, reason: "expired", until: at("2026-11-20 00:00")},
		{name: "consent until today", text: consent("2026-11-20")},
		{name: "consent until yesterday", text: consent("2026-11-19"), reason: "consent", until: at("2026-11-20 00:00")},
		{name: "consent until now", text: consent("2026-11-20 09:00"), reason: "consent", until: at("2026-11-20 09:00")},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := files{"content/interviews/it.md": test.text, "content/people/yamada.md": person}
			o, _ := f.options(t)
			o.Drafts, o.Future = test.drafts, test.future
			lib, problems := loadAs(t, f.fs(), o)
			if problems.HasErrors() {
				t.Fatal(lines(problems))
			}
			p := page(t, lib, "content/interviews/it.md")
			if p.Held.Reason != test.reason || !p.Held.Until.Equal(test.until) || p.Live() != (test.reason == "") {
				t.Errorf("got %v, want %s until %v", p.Held, test.reason, test.until)
			}
			if got := lib.Sees("", p); (got == content.All) != p.Live() {
				t.Errorf("the public sees %v of a page that is held back: %v", got, p.Held)
			}
		})
	}
}

func TestEndOfDay(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	day := func(y int, m time.Month, d, hour int, zone *time.Location) time.Time {
		return time.Date(y, m, d, hour, 0, 0, 0, zone)
	}
	for _, test := range []struct {
		name string
		in   frontmatter.Time
		want time.Time
	}{
		{"a day ends with the next midnight", frontmatter.Time{Time: day(2026, 11, 20, 0, tokyo), DateOnly: true}, day(2026, 11, 21, 0, tokyo)},
		{"the last day of a year", frontmatter.Time{Time: day(2026, 12, 31, 0, tokyo), DateOnly: true}, day(2027, 1, 1, 0, tokyo)},
		{"a day of 25 hours", frontmatter.Time{Time: day(2026, 10, 25, 0, berlin), DateOnly: true}, day(2026, 10, 26, 0, berlin)},
		{"a clock that counts as a day", frontmatter.Time{Time: day(2026, 11, 20, 18, tokyo), DateOnly: true}, day(2026, 11, 21, 0, tokyo)},
		{"a time ends at once", frontmatter.Time{Time: day(2026, 11, 20, 18, tokyo)}, day(2026, 11, 20, 18, tokyo)},
		{"nothing has no end", frontmatter.Time{DateOnly: true}, time.Time{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := content.EndOfDay(test.in); !got.Equal(test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestPastAndClosed(t *testing.T) {
	job := func(closes string) string {
		return text("title: 仕事\nposted: 2026-11-01\nemployment_type: 正社員\n"+closes, "")
	}
	for _, test := range []struct {
		name, path, text string
		over             bool
	}{
		{"an event that ends now is over", "events", event("start: 2026-11-20 08:00\nend: 2026-11-20 09:00", ""), true},
		{"an event that goes on", "events", event("start: 2026-11-20 08:00\nend: 2026-11-20 09:01", ""), false},
		{"an event of today, all day", "events", event("start: 2026-11-20\nend: 2026-11-20\nall_day: true", ""), false},
		{"an event of yesterday, all day", "events", event("start: 2026-11-19\nend: 2026-11-19\nall_day: true", ""), true},
		{"an event that is said to be done", "events", event("start: 2026-12-20 08:00\nend: 2026-12-20 09:00\nstatus: done", ""), true},
		{"a job without an end", "jobs", job(""), false},
		{"a job that closes today", "jobs", job("closes: 2026-11-20"), false},
		{"a job that closed yesterday", "jobs", job("closes: 2026-11-19"), true},
		{"a job that closes now", "jobs", job("closes: 2026-11-20 09:00"), true},
		{"a piece of news is never over", "news", news("", ""), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := "content/" + test.path + "/it.md"
			lib := good(t, files{path: test.text})
			p := page(t, lib, path)
			if got := p.IsPast(now) || p.IsClosed(now); got != test.over {
				t.Errorf("over: got %v, want %v", got, test.over)
			}
			if lib.Listed("", p) == test.over {
				t.Errorf("listed: got %v, want %v", test.over, !test.over)
			}
		})
	}
}
