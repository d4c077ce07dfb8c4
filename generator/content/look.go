package content

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io/fs"
	"reflect"
	"sync"
	"time"

	"kaiho/generator/frontmatter"
)

// Look is what content/ and static/ look like from outside: names, sizes, times.
// Two equal looks that are settled mean equal bytes in every file.
type Look struct {
	Sum     [32]byte
	Settled bool // nothing can have changed since without looking different
}

// Look looks at the files of a project, and opens none. The next Load takes its
// word for what is there.
func (s *Store) Look(project fs.FS) (Look, error) {
	at := time.Now()
	tree, err := walk(project)
	if err != nil {
		return Look{}, err
	}
	s.looked, s.lookedAt = tree, at
	return tree.look(at), nil
}

// walk is what Look has just found, or else what is there now.
func (s *Store) walk(project fs.FS) (t *tree, at time.Time, err error) {
	if t, at = s.looked, s.lookedAt; t != nil {
		s.looked = nil
		return t, at, nil
	}
	at = time.Now()
	t, err = walk(project)
	return t, at, err
}

// look is what the tree looked like when it was found, at a moment after at.
func (t *tree) look(at time.Time) Look {
	hash := sha256.New()
	look := Look{Settled: true}
	var buffer []byte
	for i, files := range [][]seen{t.markdown, t.files, t.locks} {
		buffer = binary.AppendUvarint(buffer[:0], uint64(len(files)))
		for _, f := range files {
			s := f.stat
			buffer = append(binary.AppendUvarint(buffer, uint64(len(f.name))), f.name...)
			for _, n := range []int64{int64(i), s.Size, s.Modified, s.Changed, int64(s.Inode)} {
				buffer = binary.AppendVarint(buffer, n)
			}
			hash.Write(buffer)
			buffer = buffer[:0]
			look.Settled = look.Settled && s.Settled(at)
		}
		hash.Write(buffer)
	}
	for _, p := range t.problems {
		fmt.Fprintf(hash, "%q", fmt.Sprint(p))
	}
	fmt.Fprintf(hash, "%q %q", t.unread, t.folders)
	return Look{Sum: [32]byte(hash.Sum(nil)), Settled: look.Settled}
}

// Instants calls add with every moment at which the library may begin to look
// otherwise although no file changes: each time of a front matter and, where it
// has only a day, the end of that day.
func (l *Library) Instants(add func(time.Time)) {
	for _, group := range l.byKey {
		for _, p := range group {
			instants(reflect.ValueOf(&p.Common).Elem(), add)
			for _, own := range []any{p.News, p.Column, p.Interview, p.Report, p.Event, p.Job, p.Notes, p.Plain, p.Newsletter, p.Person} {
				if v := reflect.ValueOf(own); !v.IsNil() {
					instants(v.Elem(), add)
				}
			}
			if p.Event != nil {
				add(p.Event.Ends())
			}
		}
	}
}

func instants(v reflect.Value, add func(time.Time)) {
	if t, ok := reflect.TypeAssert[frontmatter.Time](v); ok {
		if !t.IsZero() {
			add(t.Time)
			add(EndOfDay(t))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, i := range timed(v.Type()) {
			instants(v.Field(i), add)
		}
	case reflect.Slice:
		if holdsTimes(v.Type().Elem()) {
			for i := range v.Len() {
				instants(v.Index(i), add)
			}
		}
	}
}

var timedFields sync.Map // reflect.Type → []int; a table that only grows, by what a type alone decides

// timed returns the fields of a struct that are or hold times.
func timed(t reflect.Type) []int {
	if known, ok := timedFields.Load(t); ok {
		return known.([]int)
	}
	var fields []int
	for i := range t.NumField() {
		if holdsTimes(t.Field(i).Type) {
			fields = append(fields, i)
		}
	}
	timedFields.Store(t, fields)
	return fields
}

func holdsTimes(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[frontmatter.Time]():
		return true
	case t.Kind() == reflect.Slice:
		return holdsTimes(t.Elem())
	case t.Kind() == reflect.Struct:
		return len(timed(t)) > 0
	}
	return false
}
