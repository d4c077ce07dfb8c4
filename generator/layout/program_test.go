package layout

import (
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

type shout string

func (s shout) String() string { return strings.ToUpper(string(s)) }

// open is a view that is not closed.
type open struct {
	Title   string
	Pointer *string
	Any     any
	Map     map[string]string
	Loud    shout
	Time    time.Time
	List    []string
}

// What the compiler refuses is executed by html/template, to the letter.
func TestPagesThatAreNotCompiled(t *testing.T) {
	word := "x"
	view := open{Title: "a", Pointer: &word, Any: 3, Map: map[string]string{"k": "v"}, Loud: "loud", List: []string{"a", "b"}}
	tests := []struct {
		name, text, want string
		view             any
		refused          bool
	}{
		{"a view that has all kinds of fields", "{{.Title}}", "a", view, false},
		{"a pointer", "{{.Pointer}}", "x", view, true},
		{"an interface", "{{.Any}}", "3", view, true},
		{"a map", "{{.Map.k}}", "v", view, true},
		{"a type with methods", "{{.Loud}}", "LOUD", view, true},
		{"a method of a time", "{{.Time.Weekday}}", "Monday", view, true},
		{"one of two types", "{{or .Title 3}}", "a", view, true},
		{"a variable of another type", "{{$x := 1}}{{$x = .Title}}{{$x}}", "a", view, true},
		{"a loop over a number", "{{range 2}}{{.}}{{end}}", "01", view, true},
		{"a slice of a list", "{{slice .List 1}}", "[b]", view, true},
		{"a view that is a map", "{{.k}}", "v", map[string]string{"k": "v"}, true},
		{"a view with methods", "{{.}}", "LOUD", shout("loud"), true},
		{"no view", "x", "x", nil, true},
		{"a template without an argument", "{{template `partials/none.html`}}", "none", view, false},
		{"a template that calls itself", "{{template `partials/down.html` .List}}", "2", view, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, problems := Load(nil, fstest.MapFS{"layouts/p.html": {Data: []byte("<html>" + tt.text)}, "layouts/partials/none.html": {Data: []byte("none")},
				"layouts/partials/down.html": {Data: []byte("{{if lt (len .) 0}}{{template `partials/down.html` .}}{{else}}{{len .}}{{end}}")}}, Options{Langs: []string{"en"}})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if err := set.Refusal("en", "p.html", tt.view); (err != nil) != tt.refused {
				t.Errorf("refused: %v, want %v", err, tt.refused)
			}
			for range 2 {
				if got, err := set.Execute("en", "p.html", tt.view); err != nil || string(got) != "<html>"+tt.want {
					t.Errorf("got %s, %v, want %s", got, err, tt.want)
				}
			}
		})
	}
}

// A compiled page that fails says what html/template says.
func TestErrorsOfCompiledPages(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"<html>{{.Title}}\n  {{index .List 2}}", "layouts/p.html:2:5: error: the layout p.html failed: index .List 2: "},
		{"<html>{{range .List}}{{t `greeting`}}{{end}}", "layouts/p.html:1:24: error: the layout p.html failed: t `greeting`: \"{0}\" wants 1"},
		{"<html>{{template `partials/loop.html` .}}", "layouts/partials/loop.html:1:12: error: the layout p.html failed: "},
	} {
		set, problems := Load(nil, fstest.MapFS{"layouts/p.html": {Data: []byte(tt.text)}, "layouts/strings.en.json": {Data: []byte(`{"greeting": "{0}"}`)},
			"layouts/partials/loop.html": {Data: []byte("{{template `partials/loop.html` .}}")}}, Options{Langs: []string{"en"}})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		view := open{List: []string{"a", "b"}}
		if err := set.Refusal("en", "p.html", view); err != nil {
			t.Errorf("%s is not compiled: %v", tt.text, err)
		}
		_, err := set.Execute("en", "p.html", view)
		if failed, ok := errors.AsType[*RenderError](err); !ok || !strings.HasPrefix(failed.Error(), tt.want) {
			t.Errorf("got  %v\nwant %s", err, tt.want)
		}
	}
}

func TestEveryFunctionIsCompiled(t *testing.T) {
	l := &loader{}
	for name, f := range l.functions("en") {
		var args []expr
		for i := range reflect.TypeOf(f).NumIn() {
			in := reflect.TypeOf(f).In(i)
			if in.Kind() == reflect.Interface {
				in = stringType
			}
			if !reflect.TypeOf(f).IsVariadic() || i < reflect.TypeOf(f).NumIn()-1 {
				args = append(args, slotExpr(in, 0))
			}
		}
		if _, err := bind(name, f, args); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := bind(name, f, append(args, slotExpr(htmlType, 0))); err == nil && !reflect.TypeOf(f).IsVariadic() {
			t.Errorf("%s takes an argument too many", name)
		}
	}
}

func TestBodiesAreLeftAsTheyAre(t *testing.T) {
	type page struct {
		Body template.HTML
		More string
	}
	long := strings.Repeat("x", minCut)
	head := `<script type="application/ld+json">{ "a": "` + long + `" }</script>`
	tests := []struct{ name, body, want string }{
		{"a block", "\n<p>a  b " + long + "</p>\n", "<p>a  b " + long + "</p>"},
		{"another block at its end", "<h2>a</h2> <pre> " + long + "</pre>", "<h2>a</h2> <pre> " + long + "</pre>"},
		{"a short body", "<p>a  b</p>\n", "<p>a b</p>"},
		{"text", "a  b " + long, "a b " + long},
		{"a body that ends with text", "<p>a  b</p>" + long, "<p>a b</p>" + long},
		{"script elements", head + "\n" + head, head + head},
		{"a mark of an author", "<p>kaiho-cut-0  " + long + "</p>", "<p>kaiho-cut-0  " + long + "</p>"},
		{"an element that is unknown", "<p-x>a  b" + long + "</p-x>", "<p-x>a b" + long + "</p-x>"},
	}
	set, problems := Load(nil, fstest.MapFS{"layouts/p.html": {Data: []byte("<html><div>\n{{.Body}}\n</div> {{.More}} <hr>")}}, Options{Langs: []string{"en"}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, tt := range tests {
		if got, err := set.Execute("en", "p.html", page{template.HTML(tt.body), "a"}); err != nil || string(got) != "<html><div>"+tt.want+"</div>a<hr>" {
			t.Errorf("%s: got  %s, %v\nwant %s", tt.name, got, err, tt.want)
		}
	}
	body := template.HTML("<p>a  " + long + "</p>")
	if got, _ := set.Execute("en", "p.html", page{body, "kaiho-cut-0"}); string(got) != "<html><div><p>a "+long+"</p></div>kaiho-cut-0<hr>" {
		t.Errorf("a mark beside a body: got %s, want all of the page minified", got)
	}
}

func TestPiecesAreBounded(t *testing.T) {
	p, part := &pieces{}, strings.Repeat("<p>x</p>", 1<<16)
	for i := range 40 {
		if got, err := p.minified([]byte(part + fmt.Sprintf("%02d", i))); err != nil || len(got) != len(part)+2 {
			t.Errorf("got %d bytes, %v", len(got), err)
		}
	}
	held := 0
	for raw, small := range p.known {
		held += len(raw) + len(small)
	}
	if held != p.bytes || held > maxPiecesBytes || held == 0 {
		t.Errorf("%d bytes are held and %d counted, want at most %d", held, p.bytes, maxPiecesBytes)
	}
}
