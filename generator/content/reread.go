package content

import (
	"cmp"
	"crypto/sha256"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"time"

	"kaiho/generator/cache"
	"kaiho/generator/markdown"
)

// Reread reads pages anew of which nothing but the words of the body may have
// changed, and returns what puts them into the library: nothing else of it
// depends on them. It returns false if anything else is different, be it only a
// problem; the library must then be loaded again. paths are from the project
// folder on. The library does not change before put is called, which must not be
// while somebody uses the library.
func (l *Library) Reread(paths []string) (put func(), ok bool) {
	var puts []func()
	for _, name := range paths {
		put, ok := l.reread(name)
		if !ok {
			return nil, false
		}
		puts = append(puts, put)
	}
	return func() {
		for _, put := range puts {
			put()
		}
		l.changes++
	}, true
}

func (l *Library) reread(name string) (put func(), ok bool) {
	p, old := l.ByPath(name), l.store.known[name]
	if p == nil || old == nil || old.page == nil || len(old.Problems) > 0 {
		return nil, false
	}
	at := time.Now()
	info, err := fs.Lstat(l.project, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, false
	}
	src, err := fs.ReadFile(l.project, name)
	if err != nil {
		return nil, false
	}
	e := &entry{Path: name, Stat: cache.StatOf(info), Sum: sha256.Sum256(src)}
	e.Settled = e.Stat.Settled(at)
	e.page, e.Problems = readPage(name, src, l.o)
	if len(e.Problems) > 0 || !hasSamePlace(old.page, e.page) {
		return nil, false
	}
	return func() {
		p.forms, p.formOf, p.parts = e.page.forms, e.page.formOf, e.page.parts
		l.store.known[name], l.store.changed = e, true
	}, true
}

// Knows reports whether a path is that of a file of the library, or of a folder
// with one.
func (l *Library) Knows(name string) bool {
	if l.store.known[name] != nil {
		return true
	}
	for known := range l.store.known {
		if strings.HasPrefix(known, name+"/") {
			return true
		}
	}
	return false
}

// ByPath returns the page of a file, as content/news/plant.md; nil if there is none.
func (l *Library) ByPath(name string) *Page {
	for _, pages := range [][]*Page{l.Pages, l.People} {
		if i, ok := slices.BinarySearchFunc(pages, name, func(p *Page, name string) int { return cmp.Compare(p.Path, name) }); ok {
			return pages[i]
		}
	}
	return nil
}

// hasSamePlace reports whether two states of a page look the same from all other
// pages: they differ at most in the words of the body.
func hasSamePlace(a, b *Page) bool {
	x, y := newRecord(a), newRecord(b)
	if len(x.Forms) != len(y.Forms) {
		return false
	}
	for i := range x.Forms {
		if !hasSameOutside(&x.Forms[i].Facts, &y.Forms[i].Facts, a.Summary == "") {
			return false
		}
	}
	for i := range x.Parts {
		if i >= len(y.Parts) || !slices.Equal(x.Parts[i].Audience, y.Parts[i].Audience) {
			return false
		}
	}
	if len(x.Parts) != len(y.Parts) {
		return false
	}
	x.Forms, y.Forms, x.Parts, y.Parts = nil, nil, nil, nil
	return reflect.DeepEqual(x, y)
}

// hasSameOutside reports whether two bodies have the same headings to link to and
// lead to the same places. With excerpts their beginnings are equal, too.
func hasSameOutside(a, b *markdown.Facts, excerpts bool) bool {
	return (!excerpts || a.Lead == b.Lead) &&
		slices.EqualFunc(a.Headings, b.Headings, func(a, b markdown.Heading) bool { return a.ID == b.ID }) &&
		slices.EqualFunc(a.Refs, b.Refs, func(a, b markdown.Ref) bool { return a.Kind == b.Kind && a.Dest == b.Dest })
}

// Changes returns how many times Reread has changed the library: what was made of
// bodies is as it was while that is the same.
func (l *Library) Changes() int { return l.changes }
