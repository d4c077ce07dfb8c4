package generator_test

import (
	"fmt"
	"html"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
	"kaiho/generator/store/storetest"
)

// sampleMembers are the 40 members of the sample, as a database has them.
func sampleMembers(t *testing.T) []member.Member {
	t.Helper()
	book := member.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := book.Import(t.Context(), member.Sample(), member.ImportOptions{Now: now.AddDate(0, -2, 0), Audiences: []string{"alumni", "staff"}}); err != nil {
		t.Fatal(err)
	}
	members, err := book.List(t.Context(), member.Filter{})
	if err != nil || len(members) != 40 {
		t.Fatalf("got %d members, %v, want 40", len(members), err)
	}
	return members
}

// sampleIssue is an issue of the sample site, as it is at a moment.
func sampleIssue(t *testing.T, id string, at time.Time) (*newsletter.Issue, []newsletter.Letter) {
	t.Helper()
	p, err := generator.Open(os.DirFS(".."), kaiho.Sample, generator.Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	issue, letters, problems, err := p.Issue(id)
	if err != nil || len(problems) > 0 || len(p.Problems) > 0 {
		t.Fatalf("got problems %v %v, %v", p.Problems, problems, err)
	}
	return issue, letters
}

// TestTheSampleIssue says which item is in which letter of the issue that is next.
func TestTheSampleIssue(t *testing.T) {
	all := []string{"interviews/yamazaki-chihiro", "events/winter-gathering-2026", "news/nagi-techno-center", "news/half-year-results-65", "jobs/optical-engineer"}
	english := []string{"interviews/takanashi-minato.en", "interviews/yamazaki-chihiro.en", "columns/letter-from-da-nang.en", "columns/letter-from-lisbon.en",
		"events/winter-gathering-2026.en", "news/nagi-techno-center.en", "jobs/optical-engineer.en"}
	members := slices.Concat(all, []string{"events/data-quality-study/index", "events/family-day-2027", "notes/2026-11"})
	with := func(items []string, more ...string) []string { return slices.Concat(items, more) }
	const old, staff, quality = "columns/cape-night-1974", "columns/editors-voices-2026-10", "jobs/quality-team-leader"
	const manual, study = "jobs/manual-revision.en", "events/data-quality-study/index.en"
	want := map[string][]string{
		"public-ja": all, "public-en": english,
		"alumni-ja": members, "alumni-en": with(english, manual, study),
		"alumni-ja-veterans": with(members, old), "alumni-ja-engineers": with(members, quality), "alumni-ja-veterans-engineers": with(members, old, quality),
		"staff-ja": with(members, staff), "staff-en": with(english, manual, study),
		"staff-ja-veterans": with(members, staff, old), "staff-ja-engineers": with(members, staff, quality), "staff-ja-veterans-engineers": with(members, staff, old, quality),
	}
	issue, letters := sampleIssue(t, "2026-11-18", now)
	if got, least := len(issue.Variants), 6; got < least {
		t.Errorf("got %d variants, want %d or more", got, least)
	}
	for _, v := range issue.Variants {
		var got []string
		for _, page := range v.Pages() {
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(page.Path, "content/"), ".md"))
		}
		slices.Sort(got)
		expected := slices.Sorted(slices.Values(want[v.Name]))
		if !slices.Equal(got, expected) {
			t.Errorf("%s: got %v, want %v", v.Name, got, expected)
		}
		delete(want, v.Name)
	}
	if len(want) > 0 {
		t.Errorf("got no letters %v", want)
	}
	if problems := issue.Preflight(letters, nil); len(problems) > 0 {
		t.Errorf("got problems %v, want none", problems)
	}
}

// TestExplainSaysWhatIsInTheLetter compares, for each member of the sample, what is
// explained with the letter that they get.
func TestExplainSaysWhatIsInTheLetter(t *testing.T) {
	issue, letters := sampleIssue(t, "2026-11-18", now)
	templates := map[string]*newsletter.Template{}
	for _, l := range letters {
		template, err := issue.Template(l)
		if err != nil {
			t.Fatal(err)
		}
		templates[l.Variant.Name] = template
	}
	counts := map[string]int{}
	for _, m := range sampleMembers(t) {
		place := issue.Assign(m, now)
		if place.Variant == nil {
			counts[string(place.Why)]++
			continue
		}
		counts[place.Variant.Name]++
		page, text, err := templates[place.Variant.Name].Parts(newsletter.Person{Member: m, Date: now}, newsletter.Specimen{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range issue.Explain(place) {
			title := html.EscapeString(d.Page.Title)
			inText := strings.Contains(strings.ReplaceAll(strings.ReplaceAll(text, "\n  ", ""), "\n", ""), strings.ReplaceAll(d.Page.Title, " ", ""))
			inText = inText || strings.Contains(text, d.Page.Title)
			if inHTML := strings.Contains(page, title); inHTML != d.In {
				t.Errorf("%s: %s is explained as %v (%s), and in the letter: %v", m.Email, d.Page.Path, d.In, d.Reason, inHTML)
			}
			if !d.In && inText {
				t.Errorf("%s: %s is in the text, and explained as %s", m.Email, d.Page.Path, d.Reason)
			}
		}
	}
	want := map[string]int{"alumni-ja": 8, "alumni-ja-veterans": 10, "alumni-ja-engineers": 5, "alumni-ja-veterans-engineers": 7, "alumni-en": 4, "staff-ja": 2, "staff-ja-engineers": 1, "not_mailable": 2, "paused": 1}
	if fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", counts, want)
	}
}

// TestTheIssueOfDecember locks the issue of November and looks at the next one.
func TestTheIssueOfDecember(t *testing.T) {
	files := fstest.MapFS{}
	for _, top := range []string{"content", "static", "site.yaml"} {
		err := fs.WalkDir(os.DirFS(".."), top, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile("../" + name)
			files[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text)} }
	issue, letters := sampleIssue(t, "2026-11-18", now)
	lock := issue.Freeze(letters, nil)
	add(newsletter.LockPath("2026-11-18"), string(lock.Bytes()))
	add("content/newsletters/2026-12-01.md", "---\ntitle: 凪だより ミニ 12月\ndate: 2026-12-01\nsubject: 12月\npreheader: 12月です\nlead: news/december.md\n---\nこんにちは。お元気ですか？\n")
	add("content/news/december.md", "---\ntitle: 12月の知らせ\ndate: 2026-12-01\nsummary: 知らせです。\n---\n本文。\n")
	add("content/columns/late.md", "---\ntitle: 遅れて載った話\ndate: 2026-09-01\nsummary: 遅れました。\n---\n本文。\n")
	p, err := generator.Open(files, kaiho.Sample, generator.Options{Now: time.Date(2026, 12, 1, 9, 0, 0, 0, now.Location())})
	if err != nil {
		t.Fatal(err)
	}
	december, problems := p.Desk().Issue("2026-12-01")
	if december == nil || problems.HasErrors() {
		t.Fatalf("got problems %v", problems)
	}
	known := map[string]bool{}
	for _, l := range p.Desk().Locks {
		for _, item := range l.Items {
			known[item.Path] = true
		}
	}
	for _, v := range december.Variants {
		var got []string
		for _, page := range v.Pages() {
			got = append(got, page.Path)
			if known[page.Path] {
				t.Errorf("%s: %s was mailed before", v.Name, page.Path)
			}
		}
		if !slices.Contains(got, "content/columns/late.md") || got[0] != "content/news/december.md" {
			t.Errorf("%s: got %v, want the lead and what was published late", v.Name, got)
		}
	}
	for _, name := range []string{"2026-10-21", "2026-11-04"} {
		if !slices.ContainsFunc(p.Desk().Locks, func(l newsletter.Lock) bool { return l.Issue == name }) {
			t.Errorf("the sample's issue %s is not locked", name)
		}
	}
}
