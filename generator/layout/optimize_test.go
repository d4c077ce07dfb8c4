package layout

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

type item struct {
	Title string
	Lang  string
}

// The brief stands in text, in an attribute and in a title, once as the page
// has it and once as all have it.
var briefs = map[string]string{
	"layouts/base.html":           `<!doctype html><html lang="{{lang}}"><title>{{template "partials/brief.html" .}}</title>{{block "main" .}}{{end}}`,
	"layouts/page.html":           `{{define "main"}}<p title="{{template "partials/brief.html" .}}">{{template "partials/brief.html" .}}<a href="{{t "link"}}?q={{t "tricky"}}" title="{{t "tricky"}}">{{t "tricky"}}</a>{{end}}`,
	"layouts/own.html":            `{{define "main"}}{{template "partials/brief.html" .}}{{end}}{{define "partials/brief.html"}}<i>{{.Title}}</i>{{end}}`,
	"layouts/inner.html":          `{{define "main"}}{{template "partials/brief.html" .}}{{end}}{{define "partials/mark.html"}}own mark{{end}}`,
	"layouts/partials/brief.html": `{{if ne .Lang lang}}{{t "other"}} {{end}}{{.Title}}{{template "partials/mark.html" .}}`,
	"layouts/partials/mark.html":  `{{word "mark" .Lang}}`,
	"layouts/strings.en.json":     `{"other": "in another language:", "link": "/a b", "tricky": "<b>&\"'+ {0|a|b}", "mark.ja": "!"}`,
	"layouts/strings.ja.json":     `{"other": "ほかの言語:", "tricky": "<ruby>&\"'+"}`,
}

func loadBriefs(t *testing.T, o Options) *Set {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range briefs {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := Load(nil, fsys, o)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

func TestPartialsAreRememberedOnlyWhereTheyAreTheSame(t *testing.T) {
	plain, optimized := loadBriefs(t, Plain(both)), loadBriefs(t, both)
	for range 2 {
		for _, name := range plain.Names() {
			for _, lang := range both.Langs {
				for _, view := range []item{{"A", "ja"}, {"<A> & 'B'", "en"}} {
					want, wantErr := plain.Execute(lang, name, view)
					got, err := optimized.Execute(lang, name, view)
					if string(got) != string(want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
						t.Errorf("%s in %s: got %s, %v\nwant %s, %v", name, lang, got, err, want, wantErr)
					}
				}
			}
		}
	}
	if got, _ := optimized.Execute("ja", "own.html", item{"A", "ja"}); !strings.Contains(string(got), "<i>A</i>") {
		t.Errorf("a page with a brief of its own: got %s", got)
	}
	if got, _ := optimized.Execute("ja", "inner.html", item{"A", "ja"}); !strings.Contains(string(got), "Aown mark") {
		t.Errorf("a page with a mark of its own: got %s", got)
	}
}

func TestMistakesInRememberedPartialsHaveTheirPlace(t *testing.T) {
	site := over(fstest.MapFS{}, "layouts/partials/brief.html", "<p>\n日本{{.Nothing}}", "layouts/note.html", `{{define "main"}}{{template "partials/brief.html" .}}{{end}}`)
	for _, o := range []Options{both, Plain(both)} {
		set, _ := Load(site, project(), o)
		_, err := set.Execute("en", "note.html", note{})
		failed, ok := errors.AsType[*RenderError](err)
		if want := "layouts/partials/brief.html:2:5: error: the layout note.html failed: .Nothing: can't evaluate field Nothing"; !ok || !strings.HasPrefix(failed.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	set, _ := Load(over(fstest.MapFS{}, "layouts/partials/brief.html", "{{.title}}", "layouts/note.html", `<html>{{template "partials/brief.html" .}}`), project(), both)
	if got, err := set.Execute("en", "note.html", map[string]string{"title": "open"}); err != nil || string(got) != "<html>open" {
		t.Errorf("a view without a fingerprint: got %s, %v", got, err)
	}
}

func TestMemoIsBounded(t *testing.T) {
	m, long := &memo{}, strings.Repeat("x", 1<<20)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for i := range 100 {
				want := fmt.Sprint(i, long)
				got, err := m.do("ja", "partials/brief.html", i, func() (string, error) { return want, nil })
				if err != nil || got != want {
					t.Errorf("number %d is not what was written for it", i)
				}
			}
		})
	}
	workers.Wait()
	held := 0
	for _, text := range m.written {
		held += len(text)
	}
	if held > maxMemoBytes || held == 0 || m.bytes < held {
		t.Errorf("the memo holds %d bytes and counts %d, want at most %d", held, m.bytes, maxMemoBytes)
	}
	calls := 0
	for range 2 {
		_, _ = m.do("en", "partials/brief.html", 1, func() (string, error) { calls++; return "", nil })
	}
	if calls != 1 {
		t.Errorf("an equal call was executed %d times, want 1", calls)
	}
	if _, err := m.do("en", "a", 1, func() (string, error) { return "", errors.New("x") }); err == nil {
		t.Error("an error is lost")
	}
}
