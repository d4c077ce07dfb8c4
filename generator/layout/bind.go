package layout

import (
	"fmt"
	"html/template"
	"reflect"
	"time"
)

// bind compiles the call of a function of layouts. It knows the signatures that
// they have; TestEveryFunctionIsCompiled holds it to all of them.
func bind(name string, function any, args []expr) (expr, error) {
	a := arguments{all: args}
	var e expr
	switch f := function.(type) {
	case func() string:
		e = textExpr(stringType, func(*run) string { return f() })
	case func(string) string:
		s := a.text()
		e = textExpr(stringType, func(r *run) string { return f(s(r)) })
	case func(string) bool:
		s := a.text()
		e = boolExpr(boolType, func(r *run) bool { return f(s(r)) })
	case func(string) (string, error):
		s := a.text()
		e = checkedText(func(r *run) (string, error) { return f(s(r)) })
	case func(string) (template.HTML, error):
		s := a.text()
		e = textExpr(htmlType, func(r *run) string {
			html, err := f(s(r))
			r.check(err)
			return string(html)
		})
	case func(int) string:
		n := a.int()
		e = textExpr(stringType, func(r *run) string { return f(n(r)) })
	case func(int, string) string:
		n, s := a.int(), a.text()
		e = textExpr(stringType, func(r *run) string { return f(n(r), s(r)) })
	case func(int, int, string) (string, error):
		m, n, s := a.int(), a.int(), a.text()
		e = checkedText(func(r *run) (string, error) { return f(m(r), n(r), s(r)) })
	case func(int, int, int) (int, error):
		l, m, n := a.int(), a.int(), a.int()
		e = intExpr(intType, func(r *run) int64 {
			i, err := f(l(r), m(r), n(r))
			r.check(err)
			return int64(i)
		})
	case func([]string) string:
		list := a.strings()
		e = textExpr(stringType, func(r *run) string { return f(stringsOf(list(r))) })
	case func(time.Time) string:
		t := a.time()
		e = textExpr(stringType, func(r *run) string { return f(timeOf(t(r))) })
	case func(time.Time, time.Time, bool) string:
		from, to, b := a.time(), a.time(), a.bool()
		e = textExpr(stringType, func(r *run) string { return f(timeOf(from(r)), timeOf(to(r)), b(r)) })
	default:
		e = a.open(function)
	}
	if a.wrong || len(a.all) > 0 {
		return expr{}, refuse("the call of %s", name)
	}
	return e, nil
}

// open compiles calls of functions with arguments of any type.
func (a *arguments) open(function any) expr {
	switch f := function.(type) {
	case func(...any) string:
		rest := a.rest()
		return textExpr(stringType, func(r *run) string { return f(rest(r)...) })
	case func(string, ...any) string:
		s, rest := a.text(), a.rest()
		return textExpr(stringType, func(r *run) string { return f(s(r), rest(r)...) })
	case func(string, ...any) (string, error):
		s, rest := a.text(), a.rest()
		return checkedText(func(r *run) (string, error) { return f(s(r), rest(r)...) })
	case func(string, string, ...any) (string, error):
		s, t, rest := a.text(), a.text(), a.rest()
		return checkedText(func(r *run) (string, error) { return f(s(r), t(r), rest(r)...) })
	case func(any, string) (string, error):
		v, s := a.any(), a.text()
		return checkedText(func(r *run) (string, error) { return f(v(r), s(r)) })
	case func(any, string) ([]string, error):
		v, s := a.any(), a.text()
		e, _ := refExpr(stringsType, func(r *run) reflect.Value {
			list, err := f(v(r), s(r))
			r.check(err)
			return reflect.ValueOf(list)
		})
		return e
	}
	a.wrong = true
	return expr{}
}

func checkedText(f func(*run) (string, error)) expr {
	return textExpr(stringType, func(r *run) string {
		s, err := f(r)
		r.check(err)
		return s
	})
}

// arguments takes the arguments of a call one by one. It is wrong when there are
// too few, or one is of another type than the function asks for.
type arguments struct {
	all   []expr
	wrong bool
}

func (a *arguments) next(want reflect.Type) expr {
	if len(a.all) == 0 || want != nil && a.all[0].typ != want {
		a.wrong = true
		return expr{}
	}
	e := a.all[0]
	a.all = a.all[1:]
	return e
}

func (a *arguments) text() func(*run) string           { return a.next(stringType).text }
func (a *arguments) bool() func(*run) bool             { return a.next(boolType).truth }
func (a *arguments) time() func(*run) reflect.Value    { return a.next(timeType).ref }
func (a *arguments) strings() func(*run) reflect.Value { return a.next(stringsType).ref }

func (a *arguments) int() func(*run) int {
	n := a.next(intType).number
	return func(r *run) int { return int(n(r)) }
}

func (a *arguments) any() func(*run) any {
	e := a.next(nil)
	if a.wrong || e.typ == nil {
		a.wrong = true
		return nil
	}
	return e.boxed()
}

func (a *arguments) rest() func(*run) []any {
	var each []func(*run) any
	for len(a.all) > 0 && !a.wrong {
		each = append(each, a.any())
	}
	return func(r *run) []any {
		if len(each) == 0 {
			return nil
		}
		values := make([]any, len(each))
		for i, value := range each {
			values[i] = value(r)
		}
		return values
	}
}

// builtin compiles the call of a function of text/template.
func builtin(name string, args []expr) (expr, error) {
	switch name {
	case "not":
		if len(args) == 1 {
			truth := args[0].truth
			return boolExpr(boolType, func(r *run) bool { return !truth(r) }), nil
		}
	case "len":
		if len(args) == 1 {
			return length(args[0])
		}
	case "index":
		if len(args) == 2 {
			return index(args[0], args[1])
		}
	case "eq", "ne", "lt", "le", "gt", "ge":
		return compare(name, args)
	case "print":
		return bind(name, fmt.Sprint, args)
	case "printf":
		return bind(name, fmt.Sprintf, args)
	case "println":
		return bind(name, fmt.Sprintln, args)
	case "html":
		return bind(name, template.HTMLEscaper, args)
	case "js":
		return bind(name, template.JSEscaper, args)
	case "urlquery":
		return bind(name, template.URLQueryEscaper, args)
	}
	return expr{}, refuse("the call of %s", name)
}

func length(e expr) (expr, error) {
	switch {
	case e.text != nil:
		return intExpr(intType, func(r *run) int64 { return int64(len(e.text(r))) }), nil
	case e.ref != nil && (e.typ.Kind() == reflect.Slice || e.typ.Kind() == reflect.Array):
		return intExpr(intType, func(r *run) int64 { return int64(e.ref(r).Len()) }), nil
	}
	return expr{}, refuse("len of %v", e.typ)
}

// index compiles an element of a list.
func index(list, at expr) (expr, error) {
	if list.ref == nil || at.number == nil || list.typ.Kind() != reflect.Slice && list.typ.Kind() != reflect.Array {
		return expr{}, refuse("index of %v", list.typ)
	}
	return refExpr(list.typ.Elem(), func(r *run) reflect.Value {
		all, i := list.ref(r), at.number(r)
		if i < 0 || i >= int64(all.Len()) {
			r.failed = true
			return reflect.Zero(list.typ.Elem())
		}
		return all.Index(int(i))
	})
}

// compare compiles comparisons of strings, of integers and of booleans. As in
// text/template all arguments are evaluated, for their errors.
func compare(name string, args []expr) (expr, error) {
	if len(args) < 2 || len(args) > 2 && name != "eq" {
		return expr{}, refuse("%d arguments of %s", len(args), name)
	}
	var e func(*run) bool
	for _, other := range args[1:] {
		one, err := comparison(name, args[0], other)
		if err != nil {
			return expr{}, err
		}
		if e == nil {
			e = one
			continue
		}
		before := e
		e = func(r *run) bool {
			a, b := before(r), one(r)
			return a || b
		}
	}
	return boolExpr(boolType, e), nil
}

func comparison(name string, x, y expr) (func(*run) bool, error) {
	switch {
	case x.text != nil && y.text != nil:
		return ordered(name, x.text, y.text), nil
	case x.number != nil && y.number != nil:
		return ordered(name, x.number, y.number), nil
	case x.typ != nil && y.typ != nil && x.typ.Kind() == reflect.Bool && y.typ.Kind() == reflect.Bool && name == "eq":
		return func(r *run) bool { return x.truth(r) == y.truth(r) }, nil
	case x.typ != nil && y.typ != nil && x.typ.Kind() == reflect.Bool && y.typ.Kind() == reflect.Bool && name == "ne":
		return func(r *run) bool { return x.truth(r) != y.truth(r) }, nil
	}
	return nil, refuse("%s of %v and %v", name, x.typ, y.typ)
}

func ordered[T string | int64](name string, x, y func(*run) T) func(*run) bool {
	switch name {
	case "eq":
		return func(r *run) bool { return x(r) == y(r) }
	case "ne":
		return func(r *run) bool { return x(r) != y(r) }
	case "lt":
		return func(r *run) bool { return x(r) < y(r) }
	case "le":
		return func(r *run) bool { return x(r) <= y(r) }
	case "gt":
		return func(r *run) bool { return x(r) > y(r) }
	}
	return func(r *run) bool { return x(r) >= y(r) }
}
