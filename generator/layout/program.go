package layout

import (
	"bytes"
	"reflect"
	"slices"
	"sync"
	"time"
)

// html/template executes by reflection: it looks up every function and field by
// its name, and calls every escaper through reflect.Value.Call. A page is
// therefore compiled, once for each type of view, from the trees that
// html/template has parsed and escaped: fields become indexes, functions direct
// calls, variables numbered slots. html/template stays the authority: what the
// compiler does not know it refuses, and then html/template executes the page,
// as it does when a compiled page meets an error, so that every message is its
// own.

// program is a page compiled for one type of view.
type program struct {
	main   *routine
	places sync.Pool // of pointers to views
}

// routine is one template compiled for one type of dot.
type routine struct {
	body  op
	slots int // number of slots that body uses; slot 0 is $
}

// op writes a part of a page.
type op func(*run) signal

// signal says how a part of a page ended.
type signal uint8

const (
	ended     signal = iota
	broken           // by {{break}}
	continued        // by {{continue}}
)

// slot holds a variable, or a dot. Its compiled type says which of the fields
// is used: text for strings, number for signed integers and booleans, ref for
// all others.
type slot struct {
	ref    reflect.Value
	text   string
	number int64
}

// run is one execution of a program. When something fails, failed is set and
// the execution goes on with zero values to its end, soon, and for nothing.
type run struct {
	program *program
	place   any // pointer to the view
	out     []byte
	cuts    []cut
	rest    []byte   // out with marks for the cuts
	parts   [][]byte // what the cuts become
	slots   []slot
	base    int // of the slots of the routine that is executed
	depth   int
	failed  bool
}

// maxDepth bounds calls of templates that call themselves; html/template is
// asked beyond.
const maxDepth = 1000

var runs = sync.Pool{New: func() any { return new(run) }}

// render executes the page for a view and minifies what it writes.
func (p page) render(known *pieces, view any) ([]byte, error) {
	if compiled := p.program(view); compiled != nil {
		r := compiled.execute(view)
		defer r.release()
		if !r.failed {
			return r.minified(known)
		}
	}
	raw := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(raw)
	raw.Reset()
	if err := p.set.ExecuteTemplate(raw, p.entry, view); err != nil {
		return nil, err
	}
	return Minify("text/html", raw.Bytes())
}

// program returns the page compiled for views of the type of view, or nil.
func (p page) program(view any) *program {
	if p.programs == nil {
		return nil
	}
	t := reflect.TypeOf(view)
	if compiled, ok := p.programs.Load(t); ok {
		return compiled.(*program)
	}
	compiled, err := compile(p, t)
	if err != nil {
		compiled = nil
	}
	first, _ := p.programs.LoadOrStore(t, compiled)
	return first.(*program)
}

// execute executes p for a view of its type. The run is to be given back with
// release.
func (p *program) execute(view any) *run {
	r := runs.Get().(*run)
	r.program, r.place = p, p.places.Get()
	if r.place == nil {
		r.place = reflect.New(reflect.TypeOf(view)).Interface()
	}
	dot := reflect.ValueOf(r.place).Elem() // times and lists are read through their address, without an allocation each
	dot.Set(reflect.ValueOf(view))
	r.call(p.main, slot{ref: dot})
	return r
}

// release gives r back. It forgets the view.
func (r *run) release() {
	reflect.ValueOf(r.place).Elem().SetZero()
	r.program.places.Put(r.place)
	clear(r.slots[:cap(r.slots)])
	clear(r.parts[:cap(r.parts)])
	*r = run{out: r.out[:0], cuts: r.cuts[:0], rest: r.rest[:0], parts: r.parts[:0], slots: r.slots[:0]}
	runs.Put(r)
}

// call executes a routine on dot.
func (r *run) call(c *routine, dot slot) {
	if r.failed || r.depth == maxDepth {
		r.failed = true
		return
	}
	base, top := r.base, len(r.slots)
	r.slots = slices.Grow(r.slots, c.slots)[:top+c.slots]
	r.slots[top] = dot
	r.base = top
	r.depth++
	c.body(r)
	r.depth--
	r.base = base
	r.slots = r.slots[:top]
}

// at returns a slot of the routine that is executed.
func (r *run) at(i int) *slot { return &r.slots[r.base+i] }

// check notes the error of a function.
func (r *run) check(err error) {
	if err != nil {
		r.failed = true
	}
}

// timeOf reads a time in place where it can.
func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

// stringsOf reads a []string in place where it can.
func stringsOf(v reflect.Value) []string {
	if v.CanAddr() {
		return *v.Addr().Interface().(*[]string)
	}
	return v.Interface().([]string)
}
