package layout

import (
	"bytes"
	"fmt"
	"html/template"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

type branch struct {
	S string
	N int
	B bool
	L []string
	I []branch
}

type wood struct {
	S, T string
	H    template.HTML
	N, M int
	B    bool
	W    time.Time
	L    []string
	I    []branch
	E    branch
	P    []struct {
		Key    string
		Values []string
	}
}

// writer writes random templates: most of them of fitting types.
type writer struct {
	*rand.Rand
	b    strings.Builder
	vars [][2]string // name and type
	dot  string
	loop bool
}

var woodFields = map[string][][2]string{
	"wood":   {{"S", "string"}, {"T", "string"}, {"H", "html"}, {"N", "int"}, {"M", "int"}, {"B", "bool"}, {"W", "time"}, {"L", "strings"}, {"I", "branches"}, {"E", "branch"}, {"P", "params"}},
	"branch": {{"S", "string"}, {"N", "int"}, {"B", "bool"}, {"L", "strings"}, {"I", "branches"}},
}

var elementTypes = map[string]string{"strings": "string", "branches": "branch"}

func pick[T any](w *writer, all ...T) T { return all[w.IntN(len(all))] }

// paths returns what leads to a value of a type.
func (w *writer) paths(want string) (found []string) {
	var follow func(path, typ string, depth int)
	follow = func(path, typ string, depth int) {
		if typ == want {
			if found = append(found, path); path == "" {
				found[len(found)-1] = "."
			}
		}
		for _, f := range woodFields[typ] {
			if depth < 2 {
				follow(path+"."+f[0], f[1], depth+1)
			}
		}
	}
	follow("", w.dot, 0)
	for _, v := range w.vars {
		follow(v[0], v[1], 0)
	}
	return found
}

// expression returns an expression of the wanted type, or now and then of
// another.
func (w *writer) expression(want string, depth int) string {
	if w.IntN(40) == 0 {
		want = pick(w, "string", "int", "bool", "time", "html", "strings", "branch")
	}
	paths := w.paths(want)
	if len(paths) > 0 && (depth <= 0 || w.IntN(2) == 0) {
		return pick(w, paths...)
	}
	of := func(typ string) string { return w.expression(typ, depth-1) }
	any := func() string { return of(pick(w, "string", "int", "bool", "html", "strings", "time")) }
	switch want {
	case "string":
		if depth <= 0 {
			return pick(w, `"a<b"`, `""`, `"é&'"`, "lang")
		}
		return "(" + pick(w, func() string { return `t "hello" ` + any() }, func() string { return `word "g" ` + of("string") }, func() string { return "date " + of("time") },
			func() string { return "isodate " + of("time") }, func() string { return `param $.P "` + pick(w, "a", "b", "c") + `"` }, func() string { return "print " + any() + " " + any() },
			func() string { return `printf "%v|%v" ` + any() + " " + any() }, func() string { return pick(w, "or ", "and ") + of("string") + " " + of("string") + " " + of("string") },
			func() string { return "initial " + of("string") }, func() string { return "joinnames " + of("strings") }, func() string { return "number " + of("int") },
			func() string { return "index " + of("strings") + " " + of("int") }, func() string { return of("string") + " | printf `%s-%s` " + of("string") }, func() string { return of("string") + " | initial" },
			func() string { return "(index " + of("branches") + " 0).S" }, func() string { return `$.W.Format "2006-01"` }, func() string { return "html " + of("string") },
			func() string { return "when " + of("time") + " " + of("time") + " " + of("bool") })() + ")"
	case "int":
		if depth <= 0 {
			return pick(w, "0", "1", "2", "-3")
		}
		return "(" + pick(w, func() string { return "len " + of(pick(w, "string", "strings", "branches", "html")) }, func() string { return pick(w, "or ", "and ") + of("int") + " " + of("int") },
			func() string { return of("time") + ".Year" })() + ")"
	case "bool":
		if depth <= 0 {
			return pick(w, "true", "false")
		}
		typ := pick(w, "string", "int")
		return "(" + pick(w, func() string { return pick(w, "eq ", "ne ", "lt ", "le ", "gt ", "ge ") + of(typ) + " " + of(typ) }, func() string { return "eq " + of(typ) + " " + of(typ) + " " + of(typ) },
			func() string { return "not " + any() }, func() string { return pick(w, "and ", "or ") + any() + " " + any() }, func() string { return "$.W.IsZero" }, func() string { return "isemail " + of("string") },
			func() string { return pick(w, "eq ", "ne ") + of("bool") + " " + of("bool") })() + ")"
	case "branch":
		return "(index " + w.expression("branches", 0) + " 0)"
	case "strings":
		return `(params $.P "a")`
	case "branches":
		return "$.I"
	}
	return "$.W"
}

// list writes nodes.
func (w *writer) list(depth int) {
	mark, dot, loop := len(w.vars), w.dot, w.loop
	for range 1 + w.IntN(3) {
		w.node(depth)
	}
	w.vars, w.dot, w.loop = w.vars[:mark], dot, loop
}

func (w *writer) node(depth int) {
	typ := pick(w, "string", "int", "bool", "html", "time")
	context := pick(w, "%s", "<i>%s</i>", `<p title="%s">`, `<a href="%s">`, `<a href="/?q=%s">`, "<p title=%s>", "<title>%s</title>")
	switch kind := w.IntN(12); {
	case depth <= 0 || kind < 4:
		fmt.Fprintf(&w.b, context, "{{"+w.expression(typ, 2)+"}}")
	case kind == 4:
		name := pick(w, "$x", "$y")
		w.b.WriteString("{{" + name + " := " + w.expression(typ, 1) + "}}")
		w.vars = append(w.vars, [2]string{name, typ})
	case kind == 5 && len(w.vars) > 1:
		v := w.vars[1+w.IntN(len(w.vars)-1)]
		w.b.WriteString("{{" + v[0] + " = " + w.expression(v[1], 1) + "}}")
	case kind == 6:
		w.b.WriteString("{{if " + w.expression(pick(w, typ, "strings", "bool"), 2) + "}}")
		w.list(depth - 1)
		if w.IntN(2) == 0 {
			w.b.WriteString("{{else if " + w.expression("bool", 1) + "}}")
			w.list(depth - 1)
			w.b.WriteString("{{else}}")
			w.list(depth - 1)
		}
		w.b.WriteString("{{end}}")
	case kind <= 8:
		w.with(depth, pick(w, "string", "int", "branch", "time", "strings"))
	case kind <= 10:
		w.ranging(depth, pick(w, "strings", "branches"))
	case w.loop:
		w.b.WriteString("{{if " + w.expression("bool", 2) + "}}" + pick(w, "{{break}}", "{{continue}}") + "{{end}}")
	default:
		if at := w.paths("branch"); len(at) > 0 {
			fmt.Fprintf(&w.b, pick(w, "%s", "%s", `<p title="%s">`), `{{template "partials/b.html" `+pick(w, at...)+`}}`)
		}
	}
}

func (w *writer) with(depth int, typ string) {
	mark, dot := len(w.vars), w.dot
	declared := ""
	if w.IntN(2) == 0 {
		declared = "$z := "
	}
	w.b.WriteString("{{with " + declared + w.expression(typ, 1) + "}}")
	if declared != "" {
		w.vars = append(w.vars, [2]string{"$z", typ})
	}
	w.dot = typ
	w.list(depth - 1)
	w.dot = dot
	if w.IntN(2) == 0 {
		w.b.WriteString("{{else}}")
		w.list(depth - 1)
	}
	w.vars = w.vars[:mark]
	w.b.WriteString("{{end}}")
}

func (w *writer) ranging(depth int, typ string) {
	mark, dot, loop := len(w.vars), w.dot, w.loop
	list := w.expression(typ, 0)
	switch w.IntN(3) {
	case 0:
		w.b.WriteString("{{range " + list + "}}")
	case 1:
		w.b.WriteString("{{range $v := " + list + "}}")
		w.vars = append(w.vars, [2]string{"$v", elementTypes[typ]})
	case 2:
		w.b.WriteString("{{range $i, $v := " + list + "}}")
		w.vars = append(w.vars, [2]string{"$i", "int"}, [2]string{"$v", elementTypes[typ]})
	}
	w.dot, w.loop = elementTypes[typ], true
	w.list(depth - 1)
	w.vars, w.dot, w.loop = w.vars[:mark], dot, loop
	if w.IntN(2) == 0 {
		w.b.WriteString("{{else}}")
		w.list(depth - 1)
	}
	w.b.WriteString("{{end}}")
}

// grown is a random view.
func grown(r *rand.Rand) wood {
	s := func() string {
		return []string{"", "a", "<b> & 'c'", "javascript:x", "日本", "a@b.example", "x y+z"}[r.IntN(7)]
	}
	list := func() []string { return []string{s(), s(), s()}[:r.IntN(4)] }
	var branches func(depth int) []branch
	branches = func(depth int) (all []branch) {
		for range r.IntN(3) * min(depth, 1) {
			all = append(all, branch{s(), r.IntN(4) - 1, r.IntN(2) == 0, list(), branches(depth - 1)})
		}
		return all
	}
	w := wood{S: s(), T: s(), H: template.HTML(s()), N: r.IntN(4) - 1, M: r.IntN(2000), B: r.IntN(2) == 0, L: list(), I: branches(2)}
	w.E = branch{s(), r.IntN(3), r.IntN(2) == 0, list(), branches(1)}
	if r.IntN(2) == 0 {
		w.W = time.Date(2026, 1, 2, 3, 4, 5, 0, jst)
	}
	w.P = append(w.P, struct {
		Key    string
		Values []string
	}{"a", list()})
	return w
}

// compareRandom compares a random template, compiled and by html/template.
func compareRandom(t *testing.T, seed uint64) (state string) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	write := func(dot string) string {
		w := &writer{Rand: r, dot: dot, vars: [][2]string{{"$", "wood"}}}
		if dot != "wood" {
			w.vars[0][1] = dot
		}
		w.list(3)
		return w.b.String()
	}
	fsys := fstest.MapFS{}
	page := write("wood")
	over(fsys, "layouts/p.html", "<html>"+page, "layouts/partials/b.html", pick(&writer{Rand: r}, "{{.S}}", "{{.N}}{{range .I}}{{template `partials/b.html` .}}{{end}}", "{{range $i, $x := .L}}{{$i}}{{$x}}{{end}}"),
		"layouts/strings.en.json", `{"hello": "Hello {0}", "g.a": "A"}`)
	one := Options{Langs: []string{"en"}}
	plain, problems := Load(nil, fsys, Plain(one))
	if len(problems) > 0 {
		return "problem"
	}
	compiled, _ := Load(nil, fsys, one)
	for range 4 {
		view := grown(r)
		if err := compiled.Refusal("en", "p.html", view); err != nil {
			return "refused"
		}
		want, err := plain.Interpreted("en", "p.html", view)
		got, ok := compiled.Compiled("en", "p.html", view)
		if ok != (err == nil) || ok && !bytes.Equal(got, want) {
			t.Errorf("seed %d: compiled %v, html/template %v\n%s\ngot  %s\nwant %s", seed, ok, err, page, got, want)
		}
		if err != nil {
			state = "failed"
		}
	}
	return "compiled" + state
}

func TestRandomTemplates(t *testing.T) {
	states := map[string]int{}
	for seed := range uint64(800) {
		states[compareRandom(t, seed)]++
	}
	if states["compiled"] < 300 || states["refused"] > 400 || states["compiledfailed"] < 15 {
		t.Errorf("the templates are no test: %v", states)
	}
	t.Log(states)
}

func FuzzTemplates(f *testing.F) {
	f.Fuzz(func(t *testing.T, seed uint64) { compareRandom(t, seed) })
}
