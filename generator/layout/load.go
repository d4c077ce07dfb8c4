package layout

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	text "text/template"
	"text/template/parse"

	"kaiho/generator/diag"
)

const skeleton = "base.html"

// loader gathers files, strings and problems until the sets are built.
type loader struct {
	options  Options
	sources  map[string]source
	memo     *memo
	lines    sync.Map                     // what phrases has made, by its text
	derived  sync.Map                     // names of templates that html/template derives from others, as it met them
	unread   map[string]bool              // files that are there and cannot be taken
	tables   map[string]map[string]string // strings by language
	trees    map[string]map[string]*parse.Tree
	problems diag.Problems
}

// pageNames returns the layouts that are pages, sorted. A letter is none.
func (l *loader) pageNames() []string {
	var names []string
	for name := range l.sources {
		if !strings.Contains(name, "/") && path.Ext(name) == ".html" && name != skeleton && name != letterHTML {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// build makes the templates of all pages in all languages, on all processors.
func (l *loader) build() map[string]map[string]page {
	type job struct {
		lang, name string
		page       page
		problems   diag.Problems
	}
	var jobs []*job
	for _, lang := range l.options.Langs {
		for _, name := range l.pageNames() {
			jobs = append(jobs, &job{lang: lang, name: name})
		}
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(jobs)); i = next.Add(1) - 1 {
				j := jobs[i]
				j.page, j.problems = l.buildPage(j.lang, j.name)
			}
		})
	}
	workers.Wait()
	pages := map[string]map[string]page{}
	for _, lang := range l.options.Langs {
		pages[lang] = map[string]page{}
	}
	for _, j := range jobs {
		l.problems = append(l.problems, j.problems...)
		if j.page.set != nil {
			pages[j.lang][j.name] = j.page
		}
	}
	return pages
}

// buildPage makes the templates of one page: what it executes of its own file,
// the skeleton and the partials. Trees are copied, because escaping changes
// them. The page is empty when it cannot be used.
func (l *loader) buildPage(lang, name string) (page, diag.Problems) {
	own, ok := l.trees[name]
	if !ok {
		return page{}, nil // it has a problem of its own
	}
	all, entry := map[string]*parse.Tree{}, name
	for _, part := range slices.Sorted(maps.Keys(l.trees)) {
		if strings.HasPrefix(part, "partials/") {
			maps.Copy(all, l.trees[part])
		}
	}
	if own["main"] != nil && name != letterHTML {
		if _, exists := l.sources[skeleton]; !exists {
			return page{}, diag.Problems{diag.New(diag.Pos{Path: dir + "/" + skeleton}, diag.LayoutMissing, "name", skeleton)}
		}
		if l.trees[skeleton] == nil {
			return page{}, nil
		}
		maps.Copy(all, l.trees[skeleton])
		entry = skeleton
	}
	maps.Copy(all, own)
	plain := l.options.plain || name == letterHTML // a letter is executed once or twice
	p := page{entry: entry, functions: l.functions(lang), programs: new(sync.Map)}
	for {
		var problems diag.Problems
		if p.set, problems = l.escaped(lang, name, all, p); p.set == nil {
			return page{}, problems
		}
		if plain || !l.derive(p.set) {
			break
		}
	}
	if plain {
		p.programs = nil
		return p, nil
	}
	o := &optimizer{set: p.set, lang: lang, shared: l.shared(all)}
	o.run()
	p.trees = map[string]*parse.Tree{}
	for _, t := range p.set.Templates() {
		p.trees[t.Name()] = t.Tree
	}
	p.apart = l.apart(all, entry)
	return p, nil
}

// escaped returns the templates of a page with html/template's escapers in
// them, or none if they have problems or call what has.
func (l *loader) escaped(lang, name string, all map[string]*parse.Tree, p page) (*template.Template, diag.Problems) {
	set := template.New("")
	set.Funcs(p.functions).Funcs(template.FuncMap{remember: func(name string, view any) (string, error) {
		return l.memo.do(lang, name, view, func() (string, error) { return execute(set, name, view) })
	}})
	trees := reachable(all, p.entry)
	for derived := range l.derived.Range {
		if base := trees[underived(derived.(string))]; base != nil {
			trees[derived.(string)] = base
		}
	}
	for defined, tree := range trees {
		if _, err := set.AddParseTree(defined, tree.Copy()); err != nil {
			return nil, l.syntax(name, err)
		}
	}
	if _, err := set.New(foldName).Parse("x"); err != nil {
		return nil, l.syntax(name, err)
	}
	if problems, ok := l.escape(set, name, p.entry); !ok {
		return nil, problems
	}
	return set, nil
}

// A template that is called elsewhere than in HTML text is copied by
// html/template under a name of its own, which nobody but it can look up. When
// there is a template of that name already, it takes that one. So the names of
// copies are learnt here, for this page to be made once more and for all later
// ones.

// derive notes the copies that set calls, and reports whether one is not in the
// set.
func (l *loader) derive(set *template.Template) (found bool) {
	for _, t := range set.Templates() {
		if t.Tree == nil {
			continue
		}
		walk(t.Tree.Root, func(n parse.Node) {
			if call, ok := n.(*parse.TemplateNode); ok && set.Lookup(call.Name) == nil && underived(call.Name) != call.Name {
				if _, known := l.derived.LoadOrStore(call.Name, true); !known || set.Lookup(underived(call.Name)) != nil {
					found = true
				}
			}
		})
	}
	return found
}

// underived returns the name of the template that one was copied from.
func underived(name string) string {
	base, _, _ := strings.Cut(name, "$htmltemplate_")
	return base
}

// shared returns the partials to remember that are the same for all pages: they
// and all that they call are as in the files of partials.
func (l *loader) shared(all map[string]*parse.Tree) []string {
	return slices.DeleteFunc(slices.Clone(remembered), func(name string) bool {
		for called, tree := range reachable(all, name) {
			file := l.trees[called]
			if !strings.HasPrefix(called, "partials/") || file == nil || file[called] != tree {
				return true
			}
		}
		return false
	})
}

// execute returns what a template writes. Its error is a partialError.
func execute(set *template.Template, name string, view any) (string, error) {
	var b strings.Builder
	if err := set.ExecuteTemplate(&b, name, view); err != nil {
		return "", partialError{err}
	}
	return b.String(), nil
}

// escape has html/template look at the contexts of all actions, which it does
// before it executes anything: so it is made to execute on nothing, and only
// its own errors count.
func (l *loader) escape(set *template.Template, name, entry string) (problems diag.Problems, ok bool) {
	if err := set.ExecuteTemplate(io.Discard, foldName, nil); err != nil {
		return l.syntax(name, err), false
	}
	err := set.ExecuteTemplate(discard{}, entry, nil)
	var escaping *template.Error
	switch {
	case !errors.As(err, &escaping):
		return nil, true
	case escaping.ErrorCode == template.ErrNoSuchTemplate && l.isBroken(escaping.Description):
		return nil, false // that file has a problem of its own
	}
	return l.syntax(name, escaping), false
}

// isBroken reports whether message names a file that could not be read or
// parsed.
func (l *loader) isBroken(message string) bool {
	for name := range l.sources {
		if l.trees[name] == nil && strings.Contains(message, strconv.Quote(name)) {
			return true
		}
	}
	for name := range l.unread {
		if strings.Contains(message, strconv.Quote(name)) {
			return true
		}
	}
	return false
}

// discard refuses the first byte, so that an execution for the sake of escaping
// ends at once.
type discard struct{}

func (discard) Write([]byte) (int, error) { return 0, errors.New("nothing is written") }

// parse parses all templates, and sees that every string which they name is
// there.
func (l *loader) parse() {
	l.trees = map[string]map[string]*parse.Tree{}
	known := map[string]bool{}
	for _, table := range l.tables {
		for key := range table {
			known[key] = true
		}
	}
	keys := slices.Sorted(maps.Keys(known))
	stubs := map[string]text.FuncMap{".html": text.FuncMap(l.functions("en")), ".txt": textFunctions(l.functions("en"))}
	for _, name := range slices.Sorted(maps.Keys(l.sources)) {
		functions, isTemplate := stubs[path.Ext(name)]
		if !isTemplate {
			continue
		}
		t, err := text.New(name).Funcs(functions).Parse(string(l.sources[name].text))
		if err != nil {
			l.problems = append(l.problems, l.syntax(name, err)...)
			continue
		}
		trees := map[string]*parse.Tree{}
		for _, defined := range t.Templates() {
			trees[defined.Name()] = defined.Tree
		}
		if rule := l.unfinished(name, trees); rule != "" {
			l.report(l.sources[name].path, rule)
			continue
		}
		l.trees[name] = trees
		l.checkOutlook(name, trees)
		if name == letterText {
			l.checkText(trees)
		}
		for _, c := range constants(trees, "t") {
			if !known[c.value] {
				pos := at(l.sources[name], c.offset)
				l.problems = append(l.problems, diag.New(pos, diag.LayoutUnknownString, "key", c.value, "nearest", diag.Nearest(c.value, keys)))
			}
		}
	}
}

func (l *loader) syntax(name string, err error) diag.Problems {
	pos, message := place(l.sources, name, err)
	return diag.Problems{diag.New(pos, diag.LayoutSyntax, "message", message)}
}

// hash is Set.Hash.
func (l *loader) hash() [32]byte {
	h := sha256.New()
	write := func(parts ...string) {
		for _, p := range parts {
			fmt.Fprintf(h, "%d:%s", len(p), p)
		}
	}
	write(version, l.options.Base, l.options.Accent.Paper, l.options.Accent.OnPaper, l.options.Accent.Dark, l.options.Accent.OnDark, strconv.FormatBool(l.options.Era))
	write(l.options.Langs...)
	write(strconv.Itoa(len(l.options.Whole)))
	write(l.options.Whole...)
	for _, name := range slices.Sorted(maps.Keys(l.sources)) {
		write(name, string(l.sources[name].text))
	}
	if l.options.Asset == nil {
		return [32]byte(h.Sum(nil))
	}
	assets := map[string]bool{}
	for _, trees := range l.trees {
		for _, c := range constants(trees, "asset") {
			assets[c.value] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(assets)) {
		url, _ := l.options.Asset(name)
		write(name, url)
	}
	return [32]byte(h.Sum(nil))
}

// at returns the place of a byte offset in src.
func at(src source, offset int) diag.Pos {
	before := src.text[:min(offset, len(src.text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{Path: src.path, Line: bytes.Count(before, []byte("\n")) + 1, Col: len([]rune(string(before[start:]))) + 1}
}
