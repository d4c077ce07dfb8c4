package layout_test

import (
	"bytes"
	"html/template"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/site"
)

// nasty are strings that could be misunderstood, or understood differently.
var nasty = []string{
	"", " ", "a", "記事", "<script>alert(1)</script>", `"quoted"`, "'", "a & b", "&amp;", "&#x3C;", "1 + 1", "javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x",
	"https://example.org/a b?c=d&e=[f]#g", "/tags/%E4%BA%BA/", "/a:b", "a:b/c", "mailto:a@b.example", "//x", "#y", "?z", "%zz", "%4", "\x00", "\xff\xfe", "\ufdd0\uffff", "\u2028",
	"{0}", "{{.}}", "-->", "]]>", "</title>", "`", "=", "a\tb\nc\r\nd", "ja", "en", "event", "job", "tag", "news", "online", "cancelled", "full", "article", "none", "JPY", "1234567",
	"office@nagi.example", "葛\U000e0100城", "長い文。波音湾の朝は早い。<b>太字</b>、「引用」。", string(bytes.Repeat([]byte("長い "), 200)),
}

var nastyHTML = []string{
	"", "<p>本文</p>", "<p>a</p>\n", "a <b>c</b>", `<p title="1>2">I <3 ponies</p>`, "<pre>\n a\n</pre>", "<p>" + string(bytes.Repeat([]byte("本文 text & more. "), 30)) + "</p>\n",
	`<script type="application/ld+json">{"a": "</p>"}</script>` + "\n" + `<script type="application/ld+json">{"b": ["` + string(bytes.Repeat([]byte("x "), 200)) + `"]}</script>`,
	"\n <ul>\n<li>" + string(bytes.Repeat([]byte("項目"), 60)) + "\n</ul> \n", "<div>" + string(bytes.Repeat([]byte("<hr>"), 80)), "<!-- c -->",
}

// random fills v with whatever a view may hold.
func random(r *rand.Rand, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			zones := []*time.Location{time.UTC, time.FixedZone("JST", 9*60*60), time.FixedZone("", -3*60*60)}
			if r.IntN(3) > 0 {
				v.Set(reflect.ValueOf(time.Date(2020+r.IntN(9), time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), r.IntN(60), 0, 0, zones[r.IntN(3)])))
			}
			return
		}
		for i := range v.NumField() {
			random(r, v.Field(i), depth)
		}
	case reflect.Slice:
		n := r.IntN(4 - min(depth, 3))
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			random(r, v.Index(i), depth+1)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[template.HTML]() {
			v.SetString(nastyHTML[r.IntN(len(nastyHTML))])
			return
		}
		v.SetString(nasty[r.IntN(len(nasty))])
	case reflect.Int:
		v.SetInt([]int64{0, 1, 2, 3, 12, 123456, -7}[r.IntN(7)])
	case reflect.Float64:
		v.SetFloat([]float64{0, 1.5, -2, 1e30}[r.IntN(4)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	}
}

// ordinary is the layouts of an ordinary small site: those the benchmark builds
// its large sites with, so what it times is what is checked here.
func ordinary(t testing.TB, o layout.Options) *layout.Set {
	t.Helper()
	set, problems := layout.Load(nil, os.DirFS("../../.ci/bench/peer/kaiho"), o)
	for _, p := range problems {
		t.Error(p.Line(diag.English))
	}
	return set
}

// A page that is not compiled is many times slower, so this is held of all
// built-in layouts, and of what a site writes.
func TestLayoutsAreCompiled(t *testing.T) {
	set := builtin(t)
	for name, view := range views {
		for _, lang := range []string{"ja", "en"} {
			if err := set.Refusal(lang, name, view); err != nil {
				t.Errorf("%s in %s: %v", name, lang, err)
			}
		}
	}
	own := ordinary(t, layout.Options{Langs: []string{"ja"}})
	for _, name := range own.Names() {
		if err := own.Refusal("ja", name, views[name]); err != nil {
			t.Errorf("%s of the ordinary layouts: %v", name, err)
		}
	}
}

func TestCompiledLayoutsWriteWhatTemplatesWrite(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	one, two := layout.Options{Langs: []string{"ja"}}, builtin(t)
	compare := func(compiled, plain *layout.Set, lang, name string, view any) {
		t.Helper()
		want, err := plain.Interpreted(lang, name, view)
		got, ok := compiled.Compiled(lang, name, view)
		if ok != (err == nil) || ok && !bytes.Equal(got, want) {
			t.Errorf("%s in %s: compiled %v, html/template %v\n%s", name, lang, ok, err, difference(got, want))
		}
	}
	plain, own, ownPlain := builtinWith(t, true), ordinary(t, one), ordinary(t, layout.Plain(one))
	for name, zero := range views {
		for i := range 30 {
			view := reflect.New(reflect.TypeOf(zero)).Elem()
			if i > 0 {
				random(r, view, 0)
			}
			for _, lang := range []string{"ja", "en"} {
				compare(two, plain, lang, name, view.Interface())
			}
			if own.Has(name) {
				compare(own, ownPlain, "ja", name, view.Interface())
			}
		}
	}
}

// difference shows where two texts part.
func difference(got, want []byte) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	around := func(b []byte) string { return string(b[max(0, i-80):min(len(b), i+120)]) }
	return "got  …" + around(got) + "…\nwant …" + around(want) + "…"
}

// A body in its final form is not minified again, and yet the page is what
// minifying all of it would make.
func TestPagesAreWhatMinifyingAllOfThemMakes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	set, plain := builtin(t), builtinWith(t, true)
	for name, zero := range views {
		for range 20 {
			view := reflect.New(reflect.TypeOf(zero)).Elem()
			random(r, view, 0)
			final(t, view)
			want, err := plain.Execute("ja", name, view.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if got, err := set.Execute("ja", name, view.Interface()); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %v\n%s", name, err, difference(got, want))
			}
		}
	}
}

// final brings every body of a view into the form that the minifier leaves.
func final(t testing.TB, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				final(t, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			final(t, v.Index(i))
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[template.HTML]() {
			text, err := layout.Minify("text/html", []byte(v.String()))
			if err != nil {
				t.Fatal(err)
			}
			v.SetString(string(text))
		}
	}
}

// finalView returns a copy of a view with its bodies in their final form.
func finalView(t testing.TB, view any) any {
	t.Helper()
	v := reflect.New(reflect.TypeOf(view)).Elem()
	v.Set(reflect.ValueOf(view))
	final(t, v)
	return v.Interface()
}

func BenchmarkPage(b *testing.B) {
	article := site.NewsPage{}
	filled := reflect.ValueOf(&article).Elem()
	fill(filled, "", 0)
	article.Article.Body = template.HTML("<h2 id=\"a\">見出し</h2>" + string(bytes.Repeat([]byte("<p>波音湾の朝は早い。<a href=\"/a/\">灯台</a>のあかりが消えるころ、港では最初の船が出ていく。</p>"), 30)))
	list := site.ListPage{}
	fill(reflect.ValueOf(&list).Elem(), "", 0)
	for i := range 20 {
		card := list.Cards[i%3]
		card.Title += string(rune('a' + i))
		list.Cards = append(list.Cards, card)
	}
	for _, page := range []struct {
		name string
		view any
	}{{"news.html", article}, {"list.html", list}} {
		for _, state := range []string{"plain", "compiled"} {
			set := builtinWith(b, state == "plain")
			b.Run("layout="+page.name+"/state="+state, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := set.Execute("ja", page.name, page.view); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
