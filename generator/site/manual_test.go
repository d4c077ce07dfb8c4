package site_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/site"
)

// outputs returns everything that a small site of all kinds and the sample
// site publish.
func outputs(t *testing.T) []generator.Output {
	t.Helper()
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*60*60))
	small := fstest.MapFS{
		"site.yaml":            {Data: []byte("title: Small\nbase_url: https://small.example/\naudiences: {alumni: {title: Alumni}}\n")},
		"content/news/old.md":  {Data: []byte("---\ntitle: Old\ndate: 2026-01-01\naliases: [/older/]\n---\n")},
		"content/news/ours.md": {Data: []byte("---\ntitle: Ours\ndate: 2026-01-01\naudience: alumni\nteaser: true\n---\n")},
	}
	var all []generator.Output
	sample, err := generator.Open(kaiho.Sample, kaiho.Sample, generator.Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	other, err := generator.Open(small, kaiho.Sample, generator.Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*generator.Project{sample, other} {
		all = append(all, p.Outputs()...)
	}
	return all
}

// TestManualNamesTheViewOfEveryLayout holds the manual to the plan: the view
// that a layout gets is the type that the manual says, field by field.
func TestManualNamesTheViewOfEveryLayout(t *testing.T) {
	manual := map[string]site.ViewType{}
	for _, typ := range site.Manual() {
		if typ.Layout != "" {
			manual[typ.Layout] = typ
		}
	}
	met := map[string]bool{"letter.html": true} // a letter is no output of the plan
	for _, out := range outputs(t) {
		if out.View == nil || met[out.Layout] {
			continue
		}
		met[out.Layout] = true
		view := reflect.TypeOf(out.View(site.ForComparing))
		typ, ok := manual[out.Layout]
		if !ok && view.PkgPath() == reflect.TypeFor[site.Card]().PkgPath() && !isFormat(out.Layout) {
			t.Errorf("%s has no place in the manual", out.Layout)
		}
		if ok && typ.Name != view.Name() {
			t.Errorf("%s: the manual says %s, and the plan %s", out.Layout, typ.Name, view.Name())
		}
		var got, want []string
		for _, field := range typ.Fields {
			got = append(got, field.Name)
		}
		for field := range view.Fields() {
			want = append(want, field.Name)
		}
		if ok && !slices.Equal(got, want) {
			t.Errorf("%s: got fields %v, want %v", out.Layout, got, want)
		}
	}
	if got := manual["letter.html"].Text; got != "letter.txt" {
		t.Errorf("the text edition of letter.html: got %q, want letter.txt", got)
	}
	for layout := range manual {
		if !met[layout] {
			t.Errorf("%s is in the manual, and no output of the test has it", layout)
		}
	}
}

// TestManualHasEveryType holds that whoever follows the fields of the manual
// finds each type.
func TestManualHasEveryType(t *testing.T) {
	known := map[string]bool{"string": true, "bool": true, "int": true, "time.Time": true, "template.HTML": true}
	for _, typ := range site.Manual() {
		known[typ.Name] = true
	}
	for _, typ := range site.Manual() {
		if typ.Doc == "" {
			t.Errorf("%s has no comment", typ.Name)
		}
		for _, field := range typ.Fields {
			if name := strings.TrimPrefix(field.Type, "[]"); !known[name] {
				t.Errorf("%s.%s is a %s, which the manual has not", typ.Name, field.Name, name)
			}
		}
	}
}

func isFormat(layout string) bool {
	return slices.Contains([]string{site.Atom, site.RSS, site.JSONFeed, site.ICS, site.SitemapXML, site.SitemapParts, site.RobotsTXT, site.SearchData}, layout)
}

func ExampleManual() {
	for _, typ := range site.Manual() {
		if typ.Layout == "tags.html" {
			fmt.Println(typ.Name, "-", typ.Doc)
			fmt.Println(typ.Fields[3].Name, typ.Fields[3].Type)
		}
	}
	// Output:
	// TagsPage - TagsPage is the view of tags.html.
	// Tags []Tag
}
