package content_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
)

var tokyo = time.FixedZone("JST", 9*60*60)

// now is the site's clock in tests.
var now = time.Date(2026, 11, 20, 9, 0, 0, 0, tokyo)

// files is a project: names and texts.
type files map[string]string

const siteYAML = `
title: 会
base_url: https://nagi.example/alumni/
languages: [ja, en]
audiences:
  alumni: {title: 会員}
  staff: {title: 社員, reads: [alumni]}
  friends: {title: 友}
segments: {veterans: joined <= 2000, engineers: 'department ~ "光学"'}
`

// dot is a picture.
const dot = `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>`

func (f files) fs() fstest.MapFS {
	project := fstest.MapFS{}
	for name, text := range f {
		project[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return project
}

// options are what site.yaml, or siteYAML, says of content.
func (f files) options(t testing.TB) (content.Options, *config.Site) {
	t.Helper()
	yaml, ok := f["site.yaml"]
	if !ok {
		yaml = siteYAML
	}
	conf, problems := config.Load([]byte(yaml))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	kind := func(section string) content.Kind {
		if s, ok := conf.Sections.Lookup(section); ok {
			return content.Kind(s.Kind)
		}
		return content.Kind(config.DefaultKind(section))
	}
	return content.Options{Languages: conf.Languages, Zone: tokyo, Policy: conf.Policy, Kind: kind,
		Reserved: conf.ReservedNames(), Layouts: []string{"news.html"}, Segments: conf.Segment.Names(), Feeds: true, Calendars: true, Search: true,
		BasePath: conf.Base(), Origin: conf.Origin(), Now: now}, conf
}

// load reads a project; its problems are sorted.
func load(t testing.TB, f files) (*content.Library, diag.Problems) {
	t.Helper()
	o, _ := f.options(t)
	return loadAs(t, f.fs(), o)
}

func loadAs(t testing.TB, project fs.FS, o content.Options) (*content.Library, diag.Problems) {
	t.Helper()
	lib, problems, err := content.Load(project, o)
	if err != nil {
		t.Fatal(err)
	}
	problems.Sort()
	return lib, problems
}

// good reads a project that must have no errors.
func good(t testing.TB, f files) *content.Library {
	t.Helper()
	lib, problems := load(t, f)
	if problems.HasErrors() {
		t.Fatal(lines(problems))
	}
	return lib
}

// page returns the page at path.
func page(t testing.TB, lib *content.Library, path string) *content.Page {
	t.Helper()
	for _, pages := range [][]*content.Page{lib.Pages, lib.People} {
		for _, p := range pages {
			if p.Path == path {
				return p
			}
		}
	}
	for _, words := range []map[string]*content.Page{lib.Home, lib.Lists} {
		for _, p := range words {
			if p.Path == path {
				return p
			}
		}
	}
	t.Fatalf("there is no page %s", path)
	return nil
}

// text returns a file of front matter lines and a body.
func text(front, body string) string {
	return "---\n" + strings.TrimSpace(front) + "\n---\n" + body + "\n"
}

// news returns a piece of news with further front matter.
func news(front, body string) string {
	return text("title: 題\ndate: 2026-11-01\nsummary: 要約。\n"+front, body)
}

// event returns an event with further front matter.
func event(front, body string) string {
	if !strings.Contains("\n"+front, "\ndate: ") {
		front += "\ndate: 2026-10-01"
	}
	return text("title: 集い\nsummary: 要約。\nvenue: {name: 本社}\nfee: {amount: 0}\ncontact: 事務局\nmode: offline\n"+front, body)
}

const person = "---\nname: {family: 山田, family_kana: やまだ}\nconsent: {by: 本人, on: 2026-10-01}\n---\n"

func lines(problems diag.Problems) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintln(&b, p.Line(diag.English))
	}
	return b.String()
}

// rules returns where problems are and of what rule: "content/a.md:1:1 dead-link".
func rules(problems diag.Problems) []string {
	var all []string
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%s:%d:%d %s", p.Path, p.Pos.Line, p.Col, p.Rule))
	}
	return all
}
