package newsletter_test

import (
	"maps"
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/newsletter"
)

// TestWhatIsInWhichLetter changes one thing at a time in a small project.
func TestWhatIsInWhichLetter(t *testing.T) {
	const lead, open, members, staff = "interviews/lead", "columns/open", "columns/members", "columns/staff"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  map[string][]string
	}{
		{"what each audience may read, and nothing that is not to be seen", nil, map[string][]string{
			"public-ja": {lead, open}, "alumni-ja": {lead, members, open}, "staff-ja": {lead, members, open, staff}}},
		{"a members' lead is the members' alone", map[string]string{"content/interviews/lead.md": page("本文。", "title: 巻頭の人", "date: 2026-11-10", "audience: alumni")},
			map[string][]string{"public-ja": {open}, "alumni-ja": {lead, members, open}, "staff-ja": {lead, members, open, staff}}},
		{"a teaser is for those who may read the page", map[string]string{"content/columns/members.md": column("会員の話", "audience: alumni", "teaser: true")}, map[string][]string{
			"public-ja": {lead, open}, "alumni-ja": {lead, members, open}, "staff-ja": {lead, members, open, staff}}},
		{"include takes a standing page and what would be skipped", map[string]string{
			"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "include: [about/rules.md, columns/2026-10-old.md]")},
			map[string][]string{"public-ja": {lead, "columns/2026-10-old", open, "about/rules"},
				"alumni-ja": {lead, "columns/2026-10-old", members, open, "about/rules"}, "staff-ja": {lead, "columns/2026-10-old", members, open, staff, "about/rules"}}},
		{"include opens no door", map[string]string{
			"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "include: [columns/members.md, columns/draft.md, columns/later.md, columns/gone.md]")},
			map[string][]string{"public-ja": {lead, open}, "alumni-ja": {lead, members, open}, "staff-ja": {lead, members, open, staff}}},
		{"exclude wins over what is new", map[string]string{"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "exclude: [columns/open.md]")},
			map[string][]string{"public-ja": {lead}, "alumni-ja": {lead, members}, "staff-ja": {lead, members, staff}}},
		{"a page of a segment goes to who is in it", map[string]string{"content/columns/members.md": column("会員の話", "audience: alumni", "segments: [veterans]")},
			map[string][]string{"public-ja": {lead, open}, "alumni-ja": {lead, open}, "alumni-ja-veterans": {lead, members, open},
				"staff-ja": {lead, open, staff}, "staff-ja-veterans": {lead, members, open, staff}}},
		{"a page of either segment makes one variant of them", map[string]string{"content/columns/members.md": column("会員の話", "audience: alumni", "segments: [veterans, engineers]")},
			map[string][]string{"public-ja": {lead, open}, "alumni-ja": {lead, open}, "alumni-ja-veterans": {lead, members, open},
				"staff-ja": {lead, open, staff}, "staff-ja-veterans": {lead, members, open, staff}}},
		{"two pages of two segments make four variants", map[string]string{
			"content/columns/members.md": column("会員の話", "audience: alumni", "segments: [veterans]"), "content/columns/staff.md": "",
			"content/columns/optics.md": column("光学の話", "audience: alumni", "segments: [engineers]")},
			map[string][]string{"public-ja": {lead, open}, "alumni-ja": {lead, open}, "alumni-ja-veterans": {lead, members, open},
				"alumni-ja-engineers": {lead, open, "columns/optics"}, "alumni-ja-veterans-engineers": {lead, members, open, "columns/optics"},
				"staff-ja": {lead, open}, "staff-ja-veterans": {lead, members, open},
				"staff-ja-engineers": {lead, open, "columns/optics"}, "staff-ja-veterans-engineers": {lead, members, open, "columns/optics"}}},
		{"an edition of the issue makes letters of what has that edition", map[string]string{
			"content/newsletters/2026-11-18.en.md": issuePage(), "content/columns/open.en.md": column("An open story"),
			"content/interviews/lead.en.md": page("Text.", "title: The lead", "date: 2026-11-10")},
			map[string][]string{"public-ja": {lead, open}, "public-en": {"interviews/lead.en", "columns/open.en"},
				"alumni-ja": {lead, members, open}, "alumni-en": {"interviews/lead.en", "columns/open.en"},
				"staff-ja": {lead, members, open, staff}, "staff-en": {"interviews/lead.en", "columns/open.en"}}},
		{"what an edition names itself is there in any language", map[string]string{
			"content/newsletters/2026-11-18.en.md": issuePage("lead: interviews/lead.md", "include: [columns/open.md]")},
			map[string][]string{"public-ja": {lead, open}, "public-en": {lead, open}, "alumni-ja": {lead, members, open}, "alumni-en": {lead, open},
				"staff-ja": {lead, members, open, staff}, "staff-en": {lead, open}}},
		{"who would get nothing has no variant", map[string]string{
			"content/columns/open.md": "", "content/interviews/lead.md": page("本文。", "title: 巻頭の人", "date: 2026-11-10", "audience: staff")},
			map[string][]string{"alumni-ja": {members}, "staff-ja": {lead, members, staff}}},
		{"since and until are days of pages", map[string]string{
			"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "since: 2026-11-01", "until: 2026-11-10"),
			"content/columns/early.md":          page("本文。", "title: 早い話", "date: 2026-10-31"), "content/columns/late.md": page("本文。", "title: 遅い話", "date: 2026-11-11")},
			map[string][]string{"public-ja": {lead, open}, "alumni-ja": {lead, members, open}, "staff-ja": {lead, members, open, staff}}},
		{"past events, cancelled ones and closed jobs are not mailed", map[string]string{
			"content/events/over.md":      page("", "title: 済んだ会", "start: 2026-11-19 10:00", "end: 2026-11-19 11:00", "mode: online"),
			"content/events/cancelled.md": page("", "title: やめた会", "start: 2026-12-19 10:00", "end: 2026-12-19 11:00", "mode: online", "status: cancelled"),
			"content/events/second.md":    page("", "title: 二番めの会", "start: 2026-12-20 10:00", "end: 2026-12-20 11:00", "mode: online"),
			"content/events/first.md":     page("", "title: 一番めの会", "start: 2026-12-04 10:00", "end: 2026-12-04 11:00", "mode: online"),
			"content/jobs/closed.md":      page("", "title: 済んだ仕事", "posted: 2026-10-01", "closes: 2026-11-19", "employment_type: 正社員"),
			"content/jobs/open.md":        page("", "title: 仕事", "posted: 2026-11-01", "closes: 2026-11-20", "employment_type: 正社員")},
			map[string][]string{"public-ja": {lead, open, "events/first", "events/second", "jobs/open"},
				"alumni-ja": {lead, members, open, "events/first", "events/second", "jobs/open"},
				"staff-ja":  {lead, members, open, staff, "events/first", "events/second", "jobs/open"}}},
		{"the issue's sections are their order, and no others", map[string]string{
			"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "sections: [news, columns]"),
			"content/news/plant.md":             column("工場"), "content/reports/beach.md": column("浜")},
			map[string][]string{"public-ja": {lead, "news/plant", open}, "alumni-ja": {lead, "news/plant", members, open}, "staff-ja": {lead, "news/plant", members, open, staff}}},
		{"a limit cuts a page in all letters or in none", map[string]string{
			"site.yaml":                  conf + "newsletter: {sections: {columns: {limit: 2}}}\n",
			"content/columns/staff.md":   page("本文。", "title: 編集の話", "date: 2026-11-12", "audience: staff"),
			"content/columns/members.md": page("本文。", "title: 会員の話", "date: 2026-11-11", "audience: alumni")},
			map[string][]string{"public-ja": {lead}, "alumni-ja": {lead, members}, "staff-ja": {lead, staff, members}}},
		{"a section's limit keeps the newest, and what is named besides", map[string]string{
			"site.yaml":                         conf + "newsletter: {limit: 1, sections: {columns: {limit: 1}}}\n",
			"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "include: [columns/open.md]"),
			"content/columns/newer.md":          column("新しい話", "updated: 2026-11-12"), "content/columns/newest.md": page("本文。", "title: いちばん新しい話", "date: 2026-11-12")},
			map[string][]string{"public-ja": {lead, open}, "alumni-ja": {lead, open}, "staff-ja": {lead, open}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			i, _ := issue(t, good(t, small(c.files), noon), "2026-11-18")
			same(t, contents(i), c.want)
		})
	}
}

// TestMistakesOfIssues holds that each is told at its place.
func TestMistakesOfIssues(t *testing.T) {
	for _, c := range []struct {
		name  string
		id    string
		files map[string]string
		want  string
	}{
		{"an issue that is not there", "2026-11-81", nil, `content/newsletters/2026-11-81.md:1:1: error: there is no issue "2026-11-81". Did you mean "2026-11-18"?`},
		{"no date", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": page("いかが？", "title: 凪だより", "lead: interviews/lead.md")}, "content/newsletters/2026-11-18.md:1:1: error: the issue has no date"},
		{"a name that cannot stand in a header", "第31号", map[string]string{"content/newsletters/第31号.md": issuePage("lead: interviews/lead.md")}, `content/newsletters/第31号.md:1:1: error: "第31号" cannot be the name of an issue`},
		{"two letters of one name", "2026-11-18", map[string]string{"site.yaml": strings.Replace(conf, "segments:\n", "segments:\n  a: joined == 1\n  b: joined == 2\n  a-b: joined == 3\n", 1),
			"content/columns/a.md": column("甲", "segments: [a]"), "content/columns/b.md": column("乙", "segments: [b]"), "content/columns/c.md": column("丙", "segments: [a-b]")},
			"error: two different letters would have the name public-ja-a-b."},
		{"a cancelled event as lead", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": issuePage("lead: events/off.md"),
			"content/events/off.md": page("", "title: やめた会", "start: 2026-12-19 10:00", "end: 2026-12-19 11:00", "mode: online", "status: cancelled")},
			`error: the lead "events/off.md" is in no letter (withdrawn).`},
		{"a lead that only some may read", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": issuePage("lead: columns/members.md")}, "warning: the letters public-ja begin without a lead"},
		{"no lead", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": issuePage()}, "content/newsletters/2026-11-18.md:1:1: error: the issue 2026-11-18 has no lead."},
		{"two leads", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": issuePage(),
			"content/columns/a.md": column("甲", "digest: lead"), "content/columns/b.md": column("乙", "digest: lead")},
			"2026-11-18.md:1:1: error: several new pages want to be the lead: content/columns/a.md, content/columns/b.md."},
		{"a lead that nobody may read now", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": issuePage("lead: columns/draft.md")},
			`content/newsletters/2026-11-18.md:7:7: error: the lead "columns/draft.md" is in no letter (draft).`},
		{"no items", "2026-11-18", map[string]string{"content/columns/open.md": "", "content/columns/members.md": "", "content/columns/staff.md": "",
			"content/newsletters/2026-11-18.md": issuePage("lead: columns/draft.md"), "content/interviews/lead.md": ""},
			"content/newsletters/2026-11-18.md:1:1: error: the issue 2026-11-18 has no items for anybody."},
		{"a page that is named and in no letter", "2026-11-18", map[string]string{"content/newsletters/2026-11-18.md": issuePage("lead: interviews/lead.md", "include:", "  - columns/later.md")},
			`content/newsletters/2026-11-18.md:9:5: warning: "columns/later.md" is named here and is in no letter (embargo: 2026-12-01 00:00).`},
		{"a draft of an issue", "2026-10-21", map[string]string{"content/newsletters/2026-10-21.md": page("ごあいさつ。", "title: 前の号", "date: 2026-10-21", "draft: true", "lead: interviews/lead.md")},
			"content/newsletters/2026-10-21.md:4:8: error: the issue is not shown on the site (draft)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := good(t, small(c.files), noon)
			i, letters, problems, err := p.Issue(c.id)
			if err != nil {
				t.Fatal(err)
			}
			if i != nil {
				problems = append(problems, i.Preflight(letters, nil)...)
			}
			if got := lines(problems); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestTooManySegments holds that the number of variants is bounded.
func TestTooManySegments(t *testing.T) {
	files := small(nil)
	files["site.yaml"] = strings.Replace(conf, "segments:\n", "segments:\n  a: joined == 1\n  b: joined == 2\n  c: joined == 3\n  d: joined == 4\n  e: joined == 5\n", 1)
	for _, name := range []string{"a", "b", "c", "d", "e", "veterans", "engineers"} {
		files["content/columns/of-"+name+".md"] = column("区分の話 "+name, "segments: ["+name+"]")
	}
	_, _, problems, err := good(t, files, noon).Issue("2026-11-18")
	if err != nil || !strings.Contains(lines(problems), string(diag.TooManySegments)) {
		t.Errorf("got %q, %v, want a problem", lines(problems), err)
	}
}

// TestNewIsWhatNoEarlierLockHas locks one issue after another and looks at the next.
func TestNewIsWhatNoEarlierLockHas(t *testing.T) {
	files := small(nil)
	locked := func(id string) {
		p := good(t, files, noon)
		i, letters := issue(t, p, id)
		lock := i.Freeze(letters, nil)
		files[newsletter.LockPath(id)] = string(lock.Bytes())
	}
	locked("2026-11-18")
	maps.Copy(files, map[string]string{
		"content/newsletters/2026-12-01.md": page("ごあいさつ？", "title: 12月の号", "date: 2026-12-01", "subject: 12月", "preheader: 12月です", "lead: columns/december.md"),
		"content/columns/december.md":       page("本文。", "title: 12月の話", "date: 2026-12-01"),
		"content/columns/published-late.md": page("本文。", "title: 遅れて出た話", "date: 2026-09-01"),      // late, and older than the last issue
		"content/columns/open.md":           column("公開の話", "updated: 2026-11-30", "slug: opened"), // a correction
		"content/columns/renamed.md":        column("会員の話", "audience: alumni", "aliases: [/columns/members/]"),
		"content/columns/members.md":        "",
	})
	i, _ := issue(t, good(t, files, noon), "2026-12-01")
	want := []string{"columns/december", "columns/published-late"}
	same(t, contents(i), map[string][]string{"public-ja": want, "alumni-ja": want, "staff-ja": want})

	// The issue that is locked stays what it was, and what has moved is a difference.
	i, letters := issue(t, good(t, files, noon), "2026-11-18")
	same(t, contents(i), map[string][]string{"public-ja": {"interviews/lead", "columns/open"}, "alumni-ja": {"interviews/lead", "columns/renamed", "columns/open"},
		"staff-ja": {"interviews/lead", "columns/renamed", "columns/open", "columns/staff"}})
	var gone []string
	for _, d := range i.Differences(letters) {
		gone = append(gone, d.Variant+" "+d.Path+" "+d.What)
	}
	if got := strings.Join(gone, "\n"); !strings.Contains(got, "alumni-ja content/columns/members.md gone") {
		t.Errorf("got differences %q, want the page that has moved", got)
	}
}
