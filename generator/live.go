package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/newsletter"
	"kaiho/generator/site"
)

// Live shows a project without building it: it makes only what is asked for,
// by the functions that a build uses, and so gives the same bytes. It is safe
// for concurrent use, but for Reread, which must be alone of its kind; the
// project may not be built or opened anew at the same time.
type Live struct {
	p     *Project
	theme map[string]Output
	use   sync.RWMutex // of what Reread changes

	mu    sync.Mutex
	plans map[audience.Reader]map[string]site.Output // made when first asked for
}

// Live returns a view of a project that has no errors.
func (p *Project) Live() *Live {
	l := &Live{p: p, theme: map[string]Output{}, plans: map[audience.Reader]map[string]site.Output{}}
	for _, out := range p.assets.outputs() {
		l.theme[out.Output.Path] = out
	}
	return l
}

// Shown is what a reader gets at a path.
type Shown struct {
	Path string // of the file below the tree: news/a/index.html
	Data []byte
	Page *content.Page // the page that it shows; nil for lists and files
}

// Open returns what reader gets at a path of the site, without the base path:
// "/news/a/", "/feed.xml". The error is fs.ErrNotExist if there is nothing, and
// a *layout.RenderError if a layout fails.
func (l *Live) Open(reader audience.Reader, path string) (Shown, error) {
	l.use.RLock()
	defer l.use.RUnlock()
	file := strings.TrimPrefix(path, "/")
	if file == "" || strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	if out, ok := l.theme[file]; ok {
		return Shown{Path: file, Data: out.data}, nil
	}
	out, ok := l.choose(reader, file)
	if !ok {
		return Shown{}, fmt.Errorf("open %s: %w", path, fs.ErrNotExist)
	}
	r := &renderer{p: l.p, failed: map[failure]diag.Problem{}}
	shown := Shown{Path: file, Page: out.Page}
	var err error
	switch {
	case out.View != nil:
		shown.Data, err = r.render(out)
	case out.Made != nil:
		shown.Data, err = r.rendition(out, nil)
	case out.Card != nil:
		shown.Data, err = r.card(out)
	default:
		shown.Data, err = publishedBytes(l.p.source, out.Source)
	}
	return shown, err
}

// choose returns the reader's own output if it differs from the public one, as
// the overlay of a build has it, and else the public one.
func (l *Live) choose(reader audience.Reader, file string) (site.Output, bool) {
	own, ok := l.plan(reader)[file]
	if !ok || reader == audience.Public {
		return own, ok
	}
	public, ok := l.plan(audience.Public)[file]
	if ok && fingerprint(own) == fingerprint(public) {
		return public, true
	}
	return own, true
}

// plan returns the outputs of a reader by path.
func (l *Live) plan(reader audience.Reader) map[string]site.Output {
	l.mu.Lock()
	defer l.mu.Unlock()
	if plan, ok := l.plans[reader]; ok {
		return plan
	}
	outputs := l.p.plan(reader)
	plan := make(map[string]site.Output, len(outputs))
	for _, out := range outputs {
		plan[out.Path] = out
	}
	l.plans[reader] = plan
	return plan
}

// Reread shows what changed, if it is nothing but the words of bodies, and
// reports whether that was all: if not, the project must be opened again. paths
// are those of files that may have changed, from the project folder on.
func (l *Live) Reread(paths []string) bool {
	var pages []string
	for _, name := range paths {
		if !strings.HasPrefix(name, "content/") {
			return false
		}
		_, err := fs.Lstat(l.p.source, name)
		if l.p.Library.Knows(name) {
			pages = append(pages, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return false // else it came and went, as editors' own files do
		}
	}
	if slices.ContainsFunc(l.p.Problems, func(p diag.Problem) bool { return slices.Contains(pages, p.Path) }) {
		return false // the places that it names may have moved
	}
	put, ok := l.p.Library.Reread(pages)
	if !ok {
		return false
	}
	l.use.Lock()
	defer l.use.Unlock()
	put()
	return true
}

// Issue is Project.Issue, while nothing is read anew.
func (l *Live) Issue(id string) (*newsletter.Issue, []newsletter.Letter, diag.Problems, error) {
	l.use.RLock()
	defer l.use.RUnlock()
	return l.p.Issue(id)
}

// Problem returns the failure of a layout or a picture as a problem; false if err
// is another.
func Problem(err error) (diag.Problem, bool) {
	if broken, ok := errors.AsType[*pictureError](err); ok {
		return broken.problem, true
	}
	failed, ok := errors.AsType[*layout.RenderError](err)
	if !ok {
		return diag.Problem{}, false
	}
	return failed.Problem(), true
}
