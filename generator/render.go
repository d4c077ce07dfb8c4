package generator

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/picture"
	"kaiho/generator/publish"
	"kaiho/generator/site"
)

// renderer makes the bytes of outputs, and gathers what layouts get wrong.
type renderer struct {
	p        *Project
	mu       sync.Mutex
	problems map[string]diag.Problem // by place and message: a layout that fails does so on every page
}

// file returns an output as publish wants it.
func (r *renderer) file(out Output) publish.File {
	f := publish.File{Path: out.Path, Audience: out.Audience.String()}
	switch {
	case out.View == nil && out.data != nil:
		f.Render = func() ([]byte, error) { return out.data, nil }
	case out.View == nil && isCopied(out.Source):
		f.Copy = func() (io.ReadCloser, error) { return r.p.source.Open(out.Source) }
	case out.View == nil:
		f.Render = func() ([]byte, error) { return r.p.readStatic(out.Source) }
	default:
		f.Render = func() ([]byte, error) { return r.render(out.Output) }
	}
	return f
}

// render makes the bytes of an output that has a view.
func (r *renderer) render(out site.Output) ([]byte, error) {
	view := out.View(site.ForWriting)
	if path.Ext(out.Layout) != ".html" {
		return site.Encode(out.Layout, view), nil
	}
	data, err := r.p.Layouts.Execute(out.Lang, out.Layout, view)
	if failed, ok := errors.AsType[*layout.RenderError](err); ok {
		problem := failed.Problem()
		r.mu.Lock()
		defer r.mu.Unlock()
		key := fmt.Sprint(problem.Pos, failed.Message)
		page := cmp.Or(out.Source, "/"+strings.TrimSuffix(out.Path, "index.html"))
		if first, found := r.problems[key]; !found || page < first.Args[len(first.Args)-1] {
			problem.Args = append(problem.Args, "page", page)
			r.problems[key] = problem
		}
	}
	return data, err
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

// readStatic reads a file of the project as it is published: a picture without
// its metadata, a style or script minified.
func (p *Project) readStatic(name string) ([]byte, error) {
	return publishedBytes(p.source, name)
}

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
