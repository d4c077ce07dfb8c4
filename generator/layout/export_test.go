package layout

import (
	"bytes"
	"reflect"
)

// Plain returns o for a set that executes layouts as they are written.
func Plain(o Options) Options {
	o.plain = true
	return o
}

// Refusal returns why a layout is not compiled for views like view, or nil.
func (s *Set) Refusal(lang, name string, view any) error {
	_, err := compile(s.pages[lang][name], reflect.TypeOf(view))
	return err
}

// Compiled returns what the compiled layout writes, before it is minified. It
// is not ok when the layout is not compiled or fails.
func (s *Set) Compiled(lang, name string, view any) (out []byte, ok bool) {
	p := s.pages[lang][name].program(view)
	if p == nil {
		return nil, false
	}
	r := p.execute(view)
	defer r.release()
	return bytes.Clone(r.out), !r.failed
}

// Interpreted returns what html/template writes, before it is minified.
func (s *Set) Interpreted(lang, name string, view any) ([]byte, error) {
	var b bytes.Buffer
	err := s.pages[lang][name].set.ExecuteTemplate(&b, s.pages[lang][name].entry, view)
	return b.Bytes(), err
}
