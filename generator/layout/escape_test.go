package layout

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

type ownString string

// escapees is a view with a field of each type that escapers tell apart.
type escapees struct {
	Text   string
	Own    ownString
	HTML   template.HTML
	URL    template.URL
	CSS    template.CSS
	Attr   template.HTMLAttr
	JS     template.JS
	JSStr  template.JSStr
	Srcset template.Srcset
	Int    int
	Uint   uint16
	Float  float32
	Bool   bool
	List   []string
	Time   time.Time
	Struct struct{ A, B string }
}

// contexts have html/template put in all the escapers that it has.
var escapingContexts = []string{
	"<p>%s</p>", `<p title="%s">`, `<p title='x%s'>`, `<p title=%s>`, "<title>%s</title>", "<textarea>%s</textarea>", `<a href="%s">`, `<a href='/x/%s'>`, `<a href="/?q=%s">`,
	`<a href=%s>`, `<a href=/?q%s>`, `<a href="/a#%s">`, `<img srcset="%s">`, `<p style="color: %s">`, `<p style="background: url(%s)">`, `<p style='background: url("%s")'>`,
	"<style>a { color: %s }</style>", "<script>var x = %s;</script>", `<script>var x = "%s";</script>`, `<script>var x = /%s/;</script>`, "<script>var x = `%s`;</script>",
	`<p onclick="f(%s)">`, `<p %s="x">`, `<meta http-equiv="refresh" content="0; url=%s">`, "<!-- %s -->", `<script type="application/ld+json">{"a": %s}</script>`,
	`<a href="{{"/x"}}%s">`, `<script>/* %s */</script>`, "<style>/* %s */</style>",
}

// escapingLayouts has a page for each context.
func escapingLayouts(t testing.TB, o Options) *Set {
	t.Helper()
	fsys := fstest.MapFS{}
	for i, context := range escapingContexts {
		var page strings.Builder
		page.WriteString("<html>")
		for _, field := range []string{"Text", "Own", "HTML", "URL", "CSS", "Attr", "JS", "JSStr", "Srcset", "Int", "Uint", "Float", "Bool", "List", "Time", "Struct"} {
			page.WriteString(strings.ReplaceAll(context, "%s", "{{."+field+"}}") + "\n")
		}
		fsys[fmt.Sprintf("layouts/c%d.html", i)] = &fstest.MapFile{Data: []byte(page.String())}
	}
	set, problems := Load(nil, fsys, o)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

func FuzzEscapers(f *testing.F) {
	for _, s := range []string{"", "a", "<b title=\"x>y\">&amp; '+'</b>", "javascript:x", "https://a.example/ü?a=b c&d#e%20%zz", "\x00\xff\ufffd\ufdd0", "a,b 2x, c", "`${x}`", "</script><!--", "data-x", "HTTP://x", ":", "/:"} {
		f.Add(s, int64(len(s))-1)
	}
	plain, compiled := escapingLayouts(f, Plain(Options{Langs: []string{"en"}})), escapingLayouts(f, Options{Langs: []string{"en"}})
	f.Fuzz(func(t *testing.T, s string, n int64) {
		view := escapees{s, ownString(s), template.HTML(s), template.URL(s), template.CSS(s), template.HTMLAttr(s), template.JS(s), template.JSStr(s), template.Srcset(s),
			int(n), uint16(n), float32(n) / 3, n%2 == 0, []string{s, s}, time.Unix(n%1e10, 0).UTC(), struct{ A, B string }{s, s}}
		for _, name := range plain.Names() {
			want, err := plain.Interpreted("en", name, view)
			got, ok := compiled.Compiled("en", name, view)
			if !ok || err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: compiled %v (%v), html/template %v\ngot  %s\nwant %s", name, ok, compiled.Refusal("en", name, view), err, got, want)
			}
		}
	})
}
