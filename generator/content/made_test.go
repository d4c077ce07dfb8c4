package content_test

import (
	"slices"
	"strings"
	"testing"

	"kaiho/generator/site"
)

// TestMadeIsWhatThePlanHas compares what links may lead to with the outputs of
// the plan, which package site makes, for each reader.
func TestMadeIsWhatThePlanHas(t *testing.T) {
	f := linked()
	f["content/events/over.md"] = event("start: 2026-10-04 18:00\nend: 2026-10-04 19:00\ntype: 懇親会\ntags: [山]", "")
	f["content/events/over-alumni.en.md"] = event("start: 2026-10-04 18:00\nend: 2026-10-04 19:00\naudience: alumni", "")
	f["content/jobs/closed.md"] = text("title: 仕事\nposted: 2026-10-01\ncloses: 2026-10-31\nemployment_type: 正社員\ntags: [仕事]", "")
	f["content/people/alumna.en.md"] = "---\nname: {latin: A}\naudience: alumni\n---\n"
	f["content/about/rules.md"] = text("title: 会則", "")
	f["content/notes/index.md"] = text("title: 近況", "")
	f["content/newsletters/2026-11.md"] = text("title: 凪だより\naudience: staff\nteaser: true\nsummary: 要約。", "")
	o, conf := f.options(t)
	lib, problems := loadAs(t, f.fs(), o)
	if problems.HasErrors() {
		t.Fatal(lines(problems))
	}
	for _, r := range o.Policy.Readers() {
		var planned []string
		for _, out := range site.NewPlan(lib, conf, site.Options{Reader: r, Now: now}) {
			url := "/" + strings.TrimSuffix(out.Path, "index.html")
			isAlias := out.Layout == "redirect.html"
			if out.View != nil && out.Page == nil && !isAlias && out.Layout != site.SearchData {
				planned = append(planned, url)
			}
		}
		slices.Sort(planned)
		made := lib.Made(r)
		for _, url := range made {
			if _, there := slices.BinarySearch(planned, url); !there {
				t.Errorf("%s: a link to %s is fine, but the plan has no such output", r, url)
			}
		}
		for _, url := range planned {
			if _, there := slices.BinarySearch(made, url); !there && !strings.Contains(url, "/page/") {
				t.Errorf("%s: the plan has %s, but a link to it is dead", r, url)
			}
		}
	}
}
