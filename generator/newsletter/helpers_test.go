package newsletter_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/diag"
	"kaiho/generator/newsletter"
)

var tokyo = time.FixedZone("JST", 9*60*60)

// noon is the clock of most tests: some days after the newest page of small.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, tokyo)

const conf = `title: 凪の会
base_url: https://nagi.example/
languages: [ja, en]
organization: {name: {ja: 株式会社あさなぎ光機, en: Asanagi Optics}, address: {ja: 青波県波音市灯台通1-2-3, en: 1-2-3 Todai-dori}, contact: office@nagi.example}
audiences:
  alumni: {title: 会員}
  staff: {title: 編集, reads: [alumni]}
segments:
  veterans: joined <= 2000
  engineers: department ~ "光学"
mail: {from: 凪だより <letter@nagi.example>, reply_to: office@nagi.example, list_id: letter.nagi.example}
`

// page writes a page of front matter, a line each, and a body.
func page(body string, matter ...string) string {
	return "---\n" + strings.Join(matter, "\n") + "\n---\n" + body + "\n"
}

// column is an ordinary page.
func column(title string, more ...string) string {
	return page("本文。"+title, append([]string{"title: " + title, "date: 2026-11-10", "summary: " + title + "の要約。"}, more...)...)
}

// small is a project with an issue and three columns, one for each audience.
func small(more map[string]string) map[string]string {
	files := map[string]string{
		"site.yaml":                             conf,
		"content/columns/open.md":               column("公開の話"),
		"content/columns/members.md":            column("会員の話", "audience: alumni"),
		"content/columns/staff.md":              column("編集の話", "audience: staff"),
		"content/interviews/lead.md":            page("本文。", "title: 巻頭の人", "date: 2026-11-10", "summary: 巻頭の要約。"),
		"content/newsletters/2026-11-18.md":     issuePage("lead: interviews/lead.md"),
		"content/newsletters/2026-10-21.md":     page("ごあいさつ。", "title: 前の号", "date: 2026-10-21", "number: 30", "subject: 前の号", "preheader: 前の号です", "draft: true"),
		"content/columns/2026-10-old.md":        page("本文。", "title: 前の話", "date: 2026-10-10", "summary: 前の要約。", "digest: skip"),
		"content/about/rules.md":                page("会則。", "title: 会則", "summary: 会則です。"),
		"content/columns/draft.md":              column("下書きの話", "draft: true"),
		"content/columns/later.md":              column("予告の話", "publish: 2026-12-01"),
		"content/columns/gone.md":               column("終わった話", "expires: 2026-11-15"),
		"content/interviews/without-consent.md": page("本文。", "title: 同意の切れた話", "date: 2026-11-10", "summary: 要約。", "consent: {by: 本人, on: 2025-11-01, until: 2026-11-01}"),
	}
	maps.Copy(files, more)
	return files
}

// issuePage is the issue of small with more keys.
func issuePage(more ...string) string {
	return page("いかがお過ごしですか？", append([]string{"title: 凪だより 第31号", "date: 2026-11-18", "number: 31", "subject: 凪だより 第31号", "preheader: 名札の話"}, more...)...)
}

// open opens a project; what is empty in files is not there.
func open(t testing.TB, files map[string]string, now time.Time) *generator.Project {
	t.Helper()
	project := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			project[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// good is open for a project without errors.
func good(t testing.TB, files map[string]string, now time.Time) *generator.Project {
	t.Helper()
	p := open(t, files, now)
	if p.Problems.HasErrors() {
		t.Fatalf("the project has errors: %s", lines(p.Problems))
	}
	return p
}

// issue is the issue of a good project, with its letters.
func issue(t testing.TB, p *generator.Project, id string) (*newsletter.Issue, []newsletter.Letter) {
	t.Helper()
	i, letters, problems, err := p.Issue(id)
	if err != nil {
		t.Fatal(err)
	}
	if problems.HasErrors() {
		t.Fatalf("issue %s has errors: %s", id, lines(problems))
	}
	return i, letters
}

// lines is problems in English, a line each.
func lines(problems diag.Problems) string {
	var b strings.Builder
	_ = problems.Print(&b, diag.English)
	return b.String()
}

// contents lists what is in each variant, by the names of files.
func contents(i *newsletter.Issue) map[string][]string {
	all := map[string][]string{}
	for _, v := range i.Variants {
		names := []string{}
		for _, p := range v.Pages() {
			name := strings.TrimSuffix(strings.TrimPrefix(p.Path, "content/"), ".md")
			names = append(names, strings.TrimSuffix(name, "/index"))
		}
		all[v.Name] = names
	}
	return all
}

// same compares what is in each variant.
func same(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("got a variant %s with %v, want none", name, got[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if fmt.Sprint(got[name]) != fmt.Sprint(want[name]) {
			t.Errorf("%s: got %v, want %v", name, got[name], want[name])
		}
	}
}
