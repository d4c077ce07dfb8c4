package content

import (
	"fmt"
	"io/fs"

	"kaiho/generator/audience"
	"kaiho/generator/cache"
	"kaiho/generator/frontmatter"
	"kaiho/generator/markdown"
)

// form is the body of a page as some of the readers see it. What is known of it
// is in memory; its HTML lies in the store until it is written.
type form struct {
	markdown.Facts
	At cache.Loc
}

// Body is the body of a page as a reader may read it.
type Body struct {
	*markdown.Facts
	l    *Library
	p    *Page
	read audience.Reader
	at   cache.Loc
}

// HTML returns the body with every reference resolved; resolve is called once
// for each, in order. If the body is neither in the store nor in its file any
// more then Library.Lost says so, and what HTML returns must not be used.
func (b Body) HTML(resolve func(markdown.Ref) markdown.Target) string {
	body, found := b.l.store.body(b.at)
	if !found {
		var err error
		if body, err = b.again(); err != nil {
			b.l.lost.Store(b.p.Path, err)
			return ""
		}
		b.l.lost.Delete(b.p.Path)
	}
	return body.HTML(b.Refs, resolve)
}

// again parses the page's file once more, for a store that has lost the body. A
// file that has changed meanwhile is refused: who may read it may have changed.
func (b Body) again() (markdown.Body, error) {
	_, doc, err := b.source()
	if err != nil {
		return markdown.Body{}, err
	}
	return doc.Body(), nil
}

// source parses the page's file once more.
func (b Body) source() (*markdown.Source, *markdown.Doc, error) {
	src, err := fs.ReadFile(b.l.project, b.p.Path)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s again: %s", b.p.Path, err) // not there, but the page is
	}
	file, _ := frontmatter.Split(b.p.Path, src)
	source, _ := markdown.Parse(b.p.Path, file.Body, file.BodyLine, b.l.o.markdown(b.p))
	doc := docFor(source, b.read, b.l.o.Policy)
	if doc.Sum != b.Sum {
		return nil, nil, fmt.Errorf("%s was changed during the build; build again", b.p.Path)
	}
	return source, doc, nil
}

// Mail returns the body of p as a letter to r has it. Its file is parsed for that:
// letters are few, and a body keeps no syntax tree. The error says that r may not
// read p, or that the file is not as it was.
func (l *Library) Mail(r audience.Reader, p *Page, o markdown.MailOptions) (markdown.Mail, error) {
	b, ok := l.Body(r, p)
	if !ok {
		return markdown.Mail{}, fmt.Errorf("%s may not read %s", r, p.Path)
	}
	source, _, err := b.source()
	if err != nil {
		return markdown.Mail{}, err
	}
	return source.Mail(func(part markdown.Part) bool { return mayReadPart(r, part, l.o.Policy) }, o), nil
}

// Lost returns why the body of a page could not be had, or of a page that gives
// words to a list if page is nil; nil if all is well.
func (l *Library) Lost(page *Page) error {
	if page != nil {
		err, _ := l.lost.Load(page.Path)
		failed, _ := err.(error)
		return failed
	}
	for _, words := range []map[string]*Page{l.Home, l.Lists} {
		for _, p := range words {
			if err := l.Lost(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// LostAny returns why the body of some page could not be had; nil if all is well.
func (l *Library) LostAny() error {
	var first error
	l.lost.Range(func(_, err any) bool {
		first, _ = err.(error)
		return false
	})
	return first
}

// markdown returns how the body of p is parsed. Its beginning is kept where there
// is no summary.
func (o Options) markdown(p *Page) markdown.Options {
	return markdown.Options{RawHTML: o.RawHTML, Lang: p.Lang, NoText: true, NoLead: p.Summary != ""}
}

// docFor returns a body as r may read it.
func docFor(source *markdown.Source, r audience.Reader, policy audience.Policy) *markdown.Doc {
	return source.Doc(func(part markdown.Part) bool { return mayReadPart(r, part, policy) })
}

// take keeps what the readers see of the page's body: the HTML in the store, the
// rest in the page. Most bodies are the same for all.
func (p *Page) take(source *markdown.Source, o Options) {
	p.parts = source.Parts()
	keep := func(doc *markdown.Doc) {
		p.forms = append(p.forms, form{doc.Facts, o.Store.keep(doc.Body())})
	}
	readers := o.Policy.Readers()
	if len(p.parts) == 0 {
		keep(docFor(source, readers[0], o.Policy))
		return
	}
	p.formOf = make([]uint16, len(readers))
	for i, r := range readers {
		doc := docFor(source, r, o.Policy)
		n := 0
		for n < len(p.forms) && p.forms[n].Sum != doc.Sum {
			n++
		}
		if n == len(p.forms) {
			keep(doc)
		}
		p.formOf[i] = uint16(n)
	}
}
