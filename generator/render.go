package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/parallel"
	"kaiho/generator/picture"
	"kaiho/generator/publish"
	"kaiho/generator/site"
)

// Report is what a build did.
type Report struct {
	Pages int // content pages that are shown, people included
	publish.Report
}

// trees are the folders of the output folder that hold outputs.
var trees = []string{"public", "members"}

// Build brings the output folder dist to the project's outputs. What the cache
// knows to be in place is not made again. A layout that fails joins p.Problems;
// then nothing in dist has changed. The error is a failure of the machine.
func (p *Project) Build(ctx context.Context, dist *os.Root, version string) (Result, error) {
	r := &renderer{p: p, failed: map[failure]diag.Problem{}}
	known := p.cache.ledger(dist)
	go known.load() // meanwhile
	outputs := p.Outputs()
	prints := p.prints(outputs)
	known.load()
	known.next = make([]*placed, len(outputs))
	files := make([]publish.File, len(outputs))
	for i := range outputs {
		out := &outputs[i]
		files[i] = r.file(out)
		if prints[i] != [32]byte{} {
			files[i].Current = func(info fs.FileInfo) ([32]byte, bool) { return known.current(i, out.Path, prints[i], info) }
		}
	}
	result := Result{Held: p.Held(), Uncached: p.Uncached}
	done, err := publish.Apply(ctx, dist, files, publish.Options{Trees: trees, Version: version,
		Placed: func(i int, info fs.FileInfo, sum [32]byte) { known.placed(i, files[i].Path, prints[i], info, sum) },
		Done: func(done publish.Report, manifest fs.FileInfo) {
			r.report() // nothing that failed; sorts
			p.sweep(outputs)
			result.Report, result.Problems = Report{Pages: len(p.live()), Report: done}, p.Problems
			result.Uncached = errors.Join(p.Uncached, p.keep(known, result, manifest))
		}})
	if r.report() && onlyMistakes(err) {
		return Result{Problems: p.Problems, Uncached: p.Uncached}, nil
	}
	result.Report.Report = done
	return result, err
}

// Render makes every output and keeps none: layouts that fail join p.Problems.
func (p *Project) Render() {
	r := &renderer{p: p, failed: map[failure]diag.Problem{}}
	outputs := p.Outputs()
	parallel.Each(len(outputs), func(i int) {
		switch out := &outputs[i]; { // what fails is gathered
		case out.View != nil:
			_, _ = r.render(out.Output)
		case out.Made != nil:
			_, _ = r.rendition(out.Output, out.File.Renditions())
		}
	})
	r.report()
}

// onlyMistakes reports whether every error that publish gathered is an author's: of
// a layout or a picture.
func onlyMistakes(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range joined.Unwrap() {
			if !onlyMistakes(part) {
				return false
			}
		}
		return true
	}
	_, isLayout := errors.AsType[*layout.RenderError](err)
	_, isPicture := errors.AsType[*pictureError](err)
	return isLayout || isPicture
}

// renderer makes the bytes of outputs, and gathers what layouts get wrong.
type renderer struct {
	p      *Project
	mu     sync.Mutex
	failed map[failure]diag.Problem
}

// failure identifies what a layout gets wrong: it does so on many pages, and
// is told once, with the first of them.
type failure struct {
	pos     diag.Pos
	message string
}

// report adds what failed to the project's problems, and says whether there
// was any.
func (r *renderer) report() bool {
	for _, problem := range r.failed {
		r.p.Problems = append(r.p.Problems, problem)
	}
	r.p.Problems.Sort()
	return len(r.failed) > 0
}

// file returns an output as publish wants it.
func (r *renderer) file(out *Output) publish.File {
	f := publish.File{Path: out.Path, Audience: out.Audience.String()}
	switch {
	case out.View != nil:
		f.Render = func() ([]byte, error) { return r.render(out.Output) }
	case out.Made != nil:
		f.Render = func() ([]byte, error) { return r.rendition(out.Output, out.File.Renditions()) }
	case out.Card != nil:
		f.Render = func() ([]byte, error) { return r.card(out.Output) }
	case out.data != nil:
		f.Render = func() ([]byte, error) { return out.data, nil }
	case isCopied(out.Source):
		f.Copy = func() (io.ReadCloser, error) { return r.p.source.Open(out.Source) }
	default:
		f.Render = func() ([]byte, error) { return publishedBytes(r.p.source, out.Source) }
	}
	return f
}

// render makes the bytes of an output that has a view.
func (r *renderer) render(out site.Output) ([]byte, error) {
	view := out.View(site.ForWriting)
	if err := r.p.Library.LostAny(); err != nil && out.Layout == site.SearchData { // it may be of any page
		return nil, err
	}
	if path.Ext(out.Layout) != ".html" {
		return site.Encode(out.Layout, view), nil
	}
	if err := r.p.Library.Lost(out.Page); err != nil {
		return nil, err
	}
	data, err := r.p.Layouts.Execute(out.Lang, out.Layout, view)
	if failed, ok := errors.AsType[*layout.RenderError](err); ok {
		r.note(failed, cmp.Or(out.Source, "/"+strings.TrimSuffix(out.Path, "index.html")))
	}
	return data, err
}

// note keeps a failure with the first page, by name, on which it happened.
func (r *renderer) note(failed *layout.RenderError, page string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := failure{failed.Pos, failed.Message}
	first, found := r.failed[key]
	if found && first.Arg("page") <= page {
		return
	}
	problem := failed.Problem()
	problem.Args = append(problem.Args, "page", page)
	r.failed[key] = problem
}

// isCopied reports whether a file is published byte for byte, however large.
func isCopied(name string) bool { return !picture.IsImage(name) && mediaType(name) == "" }

// mediaType returns the type of what is minified when it is published.
func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".css":
		return "text/css"
	case ".js", ".mjs":
		return "application/javascript"
	}
	return ""
}

// publishedBytes reads a file as it is published: a picture without its
// metadata, a style or script minified.
func publishedBytes(fsys fs.FS, name string) ([]byte, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if picture.IsImage(name) {
		if data, err = picture.Strip(data, name); err != nil {
			return nil, fmt.Errorf("strip metadata of %s: %w", name, err)
		}
		return data, nil
	}
	if kind := mediaType(name); kind != "" && !strings.Contains(path.Base(name), ".min.") {
		if minified, err := layout.Minify(kind, data); err == nil {
			return minified, nil
		}
	}
	return data, nil
}
