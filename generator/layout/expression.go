package layout

import (
	"fmt"
	"html/template"
	"reflect"
	"time"
)

// expr is a compiled expression of a type that is known. What a type does not
// have is nil.
type expr struct {
	typ    reflect.Type             // nil for what {{and}} and {{or}} make of several types: it is good for its truth alone
	truth  func(*run) bool          // as {{if}} takes it
	text   func(*run) string        // of kind string
	number func(*run) int64         // of signed integers
	ref    func(*run) reflect.Value // of all but strings, signed integers and booleans
	fixed  *string                  // the value of a constant string
}

var (
	stringType  = reflect.TypeFor[string]()
	boolType    = reflect.TypeFor[bool]()
	intType     = reflect.TypeFor[int]()
	stringsType = reflect.TypeFor[[]string]()
	htmlType    = reflect.TypeFor[template.HTML]()
)

// refused says why a page is not compiled.
type refused string

func (r refused) Error() string { return string(r) }

func refuse(format string, args ...any) error { return refused(fmt.Sprintf(format, args...)) }

func textExpr(typ reflect.Type, text func(*run) string) expr {
	return expr{typ: typ, text: text, truth: func(r *run) bool { return text(r) != "" }}
}

func boolExpr(typ reflect.Type, truth func(*run) bool) expr { return expr{typ: typ, truth: truth} }

func intExpr(typ reflect.Type, number func(*run) int64) expr {
	return expr{typ: typ, number: number, truth: func(r *run) bool { return number(r) != 0 }}
}

func constantText(s string) expr {
	e := textExpr(stringType, func(*run) string { return s })
	e.fixed = &s
	return e
}

// closed refuses the types that no view holds: they could have methods that
// are called when they are written, or be nil.
func closed(t reflect.Type) error {
	if t == timeType {
		return nil
	}
	if t.NumMethod() > 0 || reflect.PointerTo(t).NumMethod() > 0 {
		return refuse("%s has methods", t)
	}
	switch kind := t.Kind(); {
	case kind == reflect.String, kind == reflect.Struct, kind == reflect.Slice, kind == reflect.Array,
		kind >= reflect.Bool && kind <= reflect.Uint64, kind == reflect.Float32, kind == reflect.Float64:
		return nil
	}
	return refuse("%s is not closed", t)
}

// signed reports whether t is a signed integer.
func signed(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 }

// refExpr is what stands at a place of the view.
func refExpr(typ reflect.Type, ref func(*run) reflect.Value) (expr, error) {
	if err := closed(typ); err != nil {
		return expr{}, err
	}
	switch {
	case typ.Kind() == reflect.String:
		return textExpr(typ, func(r *run) string { return ref(r).String() }), nil
	case typ.Kind() == reflect.Bool:
		return boolExpr(typ, func(r *run) bool { return ref(r).Bool() }), nil
	case signed(typ):
		return intExpr(typ, func(r *run) int64 { return ref(r).Int() }), nil
	}
	e := expr{typ: typ, ref: ref}
	switch typ.Kind() {
	case reflect.Slice, reflect.Array:
		e.truth = func(r *run) bool { return ref(r).Len() > 0 }
	case reflect.Struct:
		e.truth = func(r *run) bool { ref(r); return true }
	default:
		e.truth = func(r *run) bool { return !ref(r).IsZero() }
	}
	if typ.Kind() == reflect.Float32 || typ.Kind() == reflect.Float64 {
		e.truth = func(r *run) bool { return ref(r).Float() != 0 } // IsZero tells -0 from 0
	}
	return e, nil
}

// slotExpr is what slot i holds.
func slotExpr(typ reflect.Type, i int) expr {
	switch {
	case typ.Kind() == reflect.String:
		return textExpr(typ, func(r *run) string { return r.at(i).text })
	case typ.Kind() == reflect.Bool:
		return boolExpr(typ, func(r *run) bool { return r.at(i).number != 0 })
	case signed(typ):
		return intExpr(typ, func(r *run) int64 { return r.at(i).number })
	}
	e, _ := refExpr(typ, func(r *run) reflect.Value { return r.at(i).ref }) // its type was looked at when the slot was filled
	return e
}

// slot returns what e puts into a slot.
func (e expr) slot() func(*run) slot {
	switch {
	case e.text != nil:
		return func(r *run) slot { return slot{text: e.text(r)} }
	case e.number != nil:
		return func(r *run) slot { return slot{number: e.number(r)} }
	case e.ref != nil:
		return func(r *run) slot { return slot{ref: e.ref(r)} }
	}
	return func(r *run) slot {
		if e.truth(r) {
			return slot{number: 1}
		}
		return slot{}
	}
}

// boxed returns e as a function of arguments of any type gets it.
func (e expr) boxed() func(*run) any {
	switch {
	case e.ref != nil:
		return func(r *run) any { return e.ref(r).Interface() }
	case e.typ == stringType:
		return func(r *run) any { return e.text(r) }
	case e.typ == intType:
		return func(r *run) any { return int(e.number(r)) }
	case e.typ == boolType:
		return func(r *run) any { return e.truth(r) }
	case e.text != nil:
		return func(r *run) any { return reflect.ValueOf(e.text(r)).Convert(e.typ).Interface() }
	case e.number != nil:
		return func(r *run) any { return reflect.ValueOf(e.number(r)).Convert(e.typ).Interface() }
	}
	return func(r *run) any { return reflect.ValueOf(e.truth(r)).Convert(e.typ).Interface() }
}

// field is the chain of fields names behind e.
func (e expr) field(names []string) (expr, error) {
	if e.typ == nil || e.ref == nil {
		return expr{}, refuse("a field %s of what is no struct", names[0])
	}
	typ, path := e.typ, []int{}
	for i, name := range names {
		if typ == timeType && i == len(names)-1 {
			return dated(through(e.ref, path), name)
		}
		if typ.Kind() != reflect.Struct || closed(typ) != nil {
			return expr{}, refuse("a field %s of %s", name, typ)
		}
		f, ok := typ.FieldByName(name)
		if !ok || !f.IsExported() || len(f.Index) > 1 {
			return expr{}, refuse("no field %s in %s", name, typ)
		}
		path, typ = append(path, f.Index[0]), f.Type
	}
	return refExpr(typ, through(e.ref, path))
}

// through follows a path of fields.
func through(ref func(*run) reflect.Value, path []int) func(*run) reflect.Value {
	switch len(path) {
	case 0:
		return ref
	case 1:
		a := path[0]
		return func(r *run) reflect.Value { return ref(r).Field(a) }
	case 2:
		a, b := path[0], path[1]
		return func(r *run) reflect.Value { return ref(r).Field(a).Field(b) }
	}
	return func(r *run) reflect.Value {
		v := ref(r)
		for _, i := range path {
			v = v.Field(i)
		}
		return v
	}
}

// dated is a method of a time.
func dated(ref func(*run) reflect.Value, method string) (expr, error) {
	whole := func(f func(time.Time) int) (expr, error) {
		return intExpr(intType, func(r *run) int64 { return int64(f(timeOf(ref(r)))) }), nil
	}
	switch method {
	case "IsZero":
		return boolExpr(boolType, func(r *run) bool { return timeOf(ref(r)).IsZero() }), nil
	case "Year":
		return whole(time.Time.Year)
	case "Day":
		return whole(time.Time.Day)
	case "Hour":
		return whole(time.Time.Hour)
	case "Minute":
		return whole(time.Time.Minute)
	}
	return expr{}, refuse("the method %s of a time", method)
}
