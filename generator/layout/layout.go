// Package layout turns closed views into pages: it loads html/template files,
// executes them on plain data, minifies what comes out, and takes the
// fingerprints that say whether an output is current.
//
// # Files
//
// The folder layouts holds
//
//	base.html          the skeleton, with {{block "main" .}}
//	NAME.html          a page; it fills the skeleton with {{define "main"}},
//	                   and may fill its other blocks; a page that defines no
//	                   "main" stands alone and is a whole document
//	partials/NAME.html a shared template, used as {{template "partials/NAME.html" .}}
//	letter.html        the newsletter's letter, a whole document for mail programs
//	letter.txt         the same for those who read text: text/template, no escaping
//	strings.LANG.json  the words of the interface: one flat object, key to text
//
// A site's file wins over the built-in file of the same name; strings win key
// by key. Symbolic links are not followed. Each page gets its own set of base
// and partials, so that blocks of different pages never meet.
//
// # Views
//
// A layout gets one value: a struct of structs, slices, strings, booleans,
// numbers, times and template.HTML. It cannot reach anything that its view does
// not hold, and so the view's fingerprint, taken together with Set.Hash, says
// everything about an output. Templates escape every string by its context;
// template.HTML comes from the renderer of Markdown alone.
//
// # Letters
//
// letter.html and letter.txt are executed by Set.Letter, once for each variant of
// an issue, and stay as they are written: mail programs need what the minifier
// takes away. letter.html may call partials, and never fills base.html. In
// letter.txt, which may call only what it defines itself, nothing is escaped;
// its line breaks count. Conditional comments for Outlook are written by the
// function outlook, since html/template drops those of the layout; it takes
// quoted text only, so that nothing of a view comes through unescaped.
//
// # Problems
//
// A mistake in a layout is a problem with file, line and column, for built-in
// files too. What can be seen without a view (syntax, escaping contexts, empty
// pages, unknown strings, broken JSON) is told by Load; the rest is a
// RenderError.
//
// # Bodies
//
// template.HTML is taken to be in its final form. A body of some length that
// begins and ends with a block, such as a paragraph or a table, and script
// elements stand in a page as they are: only what is around them is minified.
// Their renderer writes what the minifier would leave; an author's own HTML
// keeps its comments and spaces.
//
// # Speed
//
// Load folds what is constant in the escaped templates. The first execution of a
// layout for a type of view compiles it to direct calls, see program; what the
// compiler does not know, and every error, is left to html/template. A Set
// remembers what some partials wrote, minified: lists, and the head and foot of
// all pages. All this leaves every byte as it would be.
//
// A Set is safe for concurrent use. After Load it changes in nothing that can be
// seen: it only remembers what partials wrote.
package layout

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"sync"
	"text/template/parse"

	"kaiho/generator/diag"
)

// version is part of every Set.Hash. It changes when functions or the
// minifier begin to write something else for the same layouts and views.
const version = "kaiho layout 4"

const dir = "layouts"

// Options is what layouts depend on besides their files.
type Options struct {
	Langs []string // editions as BCP 47 tags; one template set is made per language
	Base  string   // path of the site's root, with slashes at both ends; empty is "/"

	Whole []string // words that no line tears apart, such as the site's name
	Era   bool     // Japanese dates have the year of the era, too

	// Asset returns the published URL of a file in static/assets, as "site.css"
	// gives "/assets/site.3f2a….css". It must give its answers at Load already,
	// where they enter the hash. An unknown name is a RenderError.
	Asset func(name string) (url string, ok bool)

	// Accent is the theme's colour of links and buttons, for letters, which know no
	// custom properties; the zero value is the theme's own.
	Accent Accent

	plain bool // without optimizations; for tests
}

// Accent is a colour in its four uses, each as #1F4E79.
type Accent struct{ Paper, OnPaper, Dark, OnDark string }

// of returns the colour of a use: "paper", "on" what stands on that, "dark" on a dark
// screen, "on-dark" what stands on that.
func (a Accent) of(use string) (string, error) {
	if a == (Accent{}) {
		a = Accent{"#1F4E79", "#FBFAF7", "#8FC1EA", "#101A24"}
	}
	switch use {
	case "paper":
		return a.Paper, nil
	case "on":
		return a.OnPaper, nil
	case "dark":
		return a.Dark, nil
	case "on-dark":
		return a.OnDark, nil
	}
	return "", fmt.Errorf("there is no accent %q: paper, on, dark or on-dark", use)
}

// Set is the layouts of a site, in all its languages.
type Set struct {
	sources map[string]source          // by name below layouts/
	pages   map[string]map[string]page // language, then layout name
	letters map[string]letter          // by language
	names   []string
	hash    [32]byte
	pieces  *pieces
}

// source is a file of layouts.
type source struct {
	path string // layouts/event.html
	text []byte
}

// page is a layout with the skeleton and the partials of one language.
type page struct {
	set       *template.Template
	entry     string // base.html, or the layout itself when it stands alone
	functions template.FuncMap
	trees     map[string]*parse.Tree // of set, to be compiled: html/template writes to its own while it executes
	apart     []string               // templates whose output is minified apart from the page
	programs  *sync.Map              // reflect.Type of a view to *program, nil for what html/template executes
}

// RenderError says that a layout does not fit its view, or failed while it was
// executed.
type RenderError struct {
	Pos     diag.Pos
	Layout  string
	Message string
}

// Error returns the place and the message.
func (e *RenderError) Error() string { return e.Problem().Line(diag.English) }

// Problem returns the error as a problem of the site's author.
func (e *RenderError) Problem() diag.Problem {
	return diag.New(e.Pos, diag.LayoutRender, "layout", e.Layout, "message", e.Message)
}

// Load reads the folder layouts of both file systems; site, whose files win,
// may be nil. The set is usable for all layouts that have no problem.
func Load(site, builtin fs.FS, o Options) (*Set, diag.Problems) {
	if o.Base == "" {
		o.Base = "/"
	}
	l := &loader{options: o, sources: map[string]source{}, memo: &memo{}, unread: map[string]bool{}, tables: map[string]map[string]string{}}
	for _, fsys := range []fs.FS{builtin, site} {
		if fsys != nil {
			l.read(fsys)
		}
	}
	l.parse()
	s := &Set{sources: l.sources, pages: l.build(), letters: l.buildLetters(), names: l.pageNames(), hash: l.hash(), pieces: &pieces{}}
	l.problems.Sort()
	return s, l.problems
}

// Execute renders layout name ("event.html") in the edition lang for a view and
// minifies it. When the template fails, or there is none of that name, the error
// is a *RenderError.
func (s *Set) Execute(lang, name string, view any) ([]byte, error) {
	p, ok := s.pages[lang][name]
	if !ok {
		return nil, s.absent(lang, name)
	}
	out, err := p.render(s.pieces, view)
	if err != nil {
		return nil, s.renderError(name, err)
	}
	return out, nil
}

// absent says why there is no layout name in the edition lang.
func (s *Set) absent(lang, name string) *RenderError {
	message := "there is no layout of this name that loads without errors"
	if s.pages[lang] == nil {
		message = "layouts were not loaded for the language " + lang
	}
	return &RenderError{diag.Pos{Path: dir + "/" + name, Line: 1, Col: 1}, name, message}
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Has reports whether there is a page layout of that name.
func (s *Set) Has(name string) bool {
	_, found := slices.BinarySearch(s.names, name)
	return found
}

// Names returns the names of all page layouts, sorted.
func (s *Set) Names() []string { return slices.Clone(s.names) }

// Source returns the text of a file below layouts/: "event.html",
// "partials/card.html", "letter.txt", "strings.ja.json".
func (s *Set) Source(name string) ([]byte, bool) {
	src, ok := s.sources[name]
	return bytes.Clone(src.text), ok
}

// Hash returns a hash of everything that decides what a view becomes: all
// layout files, the strings, the languages, the base path, the URLs of the
// assets that layouts name, and the version of this package.
func (s *Set) Hash() [32]byte { return s.hash }

// partialError is the error of a partial that was executed on its own: its
// place is the one that counts.
type partialError struct{ error }

// renderError puts what html/template says into its place.
func (s *Set) renderError(name string, err error) *RenderError {
	for failed, ok := errors.AsType[partialError](err); ok; failed, ok = errors.AsType[partialError](err) {
		err = failed.error
	}
	var escaping *template.Error
	if errors.As(err, &escaping) && escaping.Description != "" {
		err = escaping
	}
	pos, message := place(s.sources, name, err)
	return &RenderError{pos, name, message}
}
