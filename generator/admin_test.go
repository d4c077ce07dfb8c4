package generator_test

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/diag"
)

// admin builds a small site that asks for a CMS, with further files.
func admin(t *testing.T, config string, files fstest.MapFS) (*generator.Project, map[string]string) {
	t.Helper()
	project := fstest.MapFS{
		"site.yaml":         {Data: []byte("title: 凪の会\nbase_url: https://nagi.example/\n" + config)},
		"content/news/a.md": {Data: []byte("---\ntitle: A\ndate: 2026-11-01\nsummary: s\n---\nWords.\n")},
	}
	maps.Copy(project, files)
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	if p.Problems.HasErrors() {
		return p, out
	}
	dist := os.DirFS(build(t, project, generator.Options{Now: now}))
	err = fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && name != "manifest.json" {
			var data []byte
			data, err = fs.ReadFile(dist, name)
			out[name] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, out
}

const asksForCMS = "admin: {backend: github, repo: nagi/site}\n"

var cms = fstest.MapFS{"static/admin/decap-cms.js": {Data: []byte("let cms")}}

func TestTheCMSIsThereWhenItIsAskedForAndHasItsProgram(t *testing.T) {
	p, out := admin(t, asksForCMS, cms)
	if len(p.Problems) > 0 {
		t.Fatal(p.Problems)
	}
	if page := out["public/admin/index.html"]; !strings.Contains(page, `<meta name="robots" content="noindex">`) || !strings.Contains(page, `src="decap-cms.js"`) || strings.Contains(page, "//") {
		t.Errorf("got %q", page)
	}
	if config := out["public/admin/config.yml"]; !strings.Contains(config, `repo: "nagi/site"`) || !strings.Contains(config, `folder: "content/news"`) {
		t.Errorf("got %q", config)
	}
	for path, data := range out {
		if !strings.HasPrefix(path, "public/admin/") && strings.Contains(data, "admin/") {
			t.Errorf("%s leads to the CMS", path)
		}
	}
	if _, out := admin(t, "", cms); out["public/admin/index.html"] != "" || out["public/admin/config.yml"] != "" {
		t.Error("there is a CMS that nobody has asked for")
	}
}

func TestWithoutItsProgramThereIsNoCMS(t *testing.T) {
	p, out := admin(t, asksForCMS, nil)
	if len(p.Problems) != 1 || p.Problems[0].Rule != diag.AdminProgram || p.Problems[0].Pos != (diag.Pos{Path: "site.yaml", Line: 3, Col: 8}) {
		t.Errorf("got %v", p.Problems)
	}
	if text := p.Problems[0].Remedy(diag.English); !strings.Contains(text, "npm pack decap-cms@") || !strings.Contains(text, "-C static/admin") {
		t.Errorf("got %q", text)
	}
	for path := range out {
		if strings.HasPrefix(path, "public/admin/") {
			t.Errorf("got %s", path)
		}
	}
}

func TestASitesOwnCMSPageStays(t *testing.T) {
	files := maps.Clone(cms)
	files["static/admin/index.html"] = &fstest.MapFile{Data: []byte("mine")}
	p, out := admin(t, asksForCMS, files)
	if len(p.Problems) > 0 || out["public/admin/index.html"] != "mine" || out["public/admin/config.yml"] == "" {
		t.Errorf("got %v %q", p.Problems, out["public/admin/index.html"])
	}
}

func TestNoPageMayLieWhereTheCMSIs(t *testing.T) {
	page := fstest.MapFS{"content/admin/index.md": {Data: []byte("---\ntitle: A\n---\n")}}
	maps.Copy(page, cms)
	if p, _ := admin(t, asksForCMS, page); !p.Problems.HasErrors() {
		t.Error("got no error")
	}
	if p, _ := admin(t, "", page); p.Problems.HasErrors() {
		t.Errorf("without a CMS: got %v", p.Problems)
	}
}

func TestOldSchemasAreToldAndSchemasAreLookedAtAnew(t *testing.T) {
	p, _ := admin(t, "", fstest.MapFS{"schema/news.json": {Data: []byte("{\n\"x-kaiho\": {\"version\": \"0\"}}")}})
	if !slices.ContainsFunc(p.Problems, func(p diag.Problem) bool { return p.Rule == diag.SchemaVersion && p.Path == "schema/news.json" }) {
		t.Errorf("got %v", p.Problems)
	}
}
