package content

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/markdown"
	"kaiho/generator/phrase"
	"kaiho/generator/picture"
)

// Load reads content/ and static/ of the project folder project, as far as
// o.Store does not know them already. The problems are in no order. The error is
// a failure to read.
func Load(project fs.FS, o Options) (*Library, diag.Problems, error) {
	if o.Store == nil {
		o.Store = NewStore(nil, "", "")
	}
	tree, at, err := o.Store.walk(project)
	if err != nil {
		return nil, nil, err
	}
	read, err := o.Store.read(project, tree, at, o)
	if err != nil {
		return nil, nil, err
	}
	saved := o.Store.save()
	if o.Once {
		o.Store.forget()
	}
	l := &Library{Unsaved: saved, Look: tree.look(at), o: o, project: project, store: o.Store, unread: tree.unread, readers: map[audience.Reader]int{}}
	for i, r := range o.Policy.Readers() {
		l.readers[r] = i
	}
	for _, lock := range tree.locks {
		l.Locks = append(l.Locks, lock.name)
	}
	problems := tree.problems
	pages, files := make([]*Page, 0, len(tree.markdown)), make([]*File, 0, len(tree.files))
	for _, e := range read {
		problems = append(problems, e.Problems...)
		if e.page == nil {
			files = append(files, e.file())
			continue
		}
		p := e.page
		if !o.Once { // another Load may need it as it is
			copied := *p
			p = &copied
		}
		if !p.broken {
			p.Held = p.held(o)
		}
		pages = append(pages, p)
	}
	for _, f := range files {
		f.look = sync.OnceValue(func() look { return l.newLook(f) })
	}
	return l, append(problems, l.join(pages, files)...), nil
}

// readFile measures a file that is no page.
func (e *entry) readFile(project fs.FS) error {
	if !picture.IsImage(e.Path) {
		found, err := sniff(project, e.Path)
		e.Problems = found
		return err
	}
	data, err := fs.ReadFile(project, e.Path)
	if err != nil {
		return fmt.Errorf("read %s: %w", e.Path, err)
	}
	if e.Picture, err = picture.Measure(data, e.Path); err != nil {
		e.Broken = diag.Problems{picture.Fault(err, e.Path)}
	}
	return nil
}

// sniff reports a picture that goes by the name of something else. Its metadata
// would be published with it: pictures are known by their names.
func sniff(project fs.FS, name string) (diag.Problems, error) {
	file, err := project.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer file.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	ext, isPicture := picture.Sniff(head[:n])
	if !isPicture || ext == ".bmp" { // a bitmap has no place for metadata
		return nil, nil
	}
	nearest := ""
	if picture.IsImage(ext) {
		nearest = strings.TrimSuffix(path.Base(name), path.Ext(name)) + ext
	}
	return diag.Problems{diag.New(diag.Pos{Path: name, Line: 1, Col: 1}, diag.ImageName,
		"kind", strings.ToUpper(ext[1:]), "nearest", nearest)}, nil
}

// takeRuby leaves the title without readings, which go where a layout asks for them:
// what has no ruby (feeds, calendars, subjects, windows) shows nothing of it. In the
// summary they stand in brackets.
func (p *Page) takeRuby() {
	if plain := phrase.Plain(p.Title); plain != p.Title {
		p.Title, p.Ruby = plain, p.Title
	}
	p.Summary = phrase.Bracketed(p.Summary)
}

// readPage parses one Markdown file. What it returns depends on nothing but
// the file and those of the options that Options.key has.
func readPage(name string, src []byte, o Options) (*Page, diag.Problems) {
	p := &Page{Path: name}
	problems := p.place(o)
	file, found := frontmatter.Split(name, src)
	problems = append(problems, found...)
	p.node = file.Node
	if file.Node == nil {
		p.broken = true
		p.Title = strings.TrimSuffix(path.Base(name), ".md")
	} else {
		problems = append(problems, p.decode(file.Node, o)...)
		p.takeRuby()
		problems = append(problems, p.locate(o)...)
	}
	if p.URL == "" {
		p.URL = p.address(p.Lang, "", o)
	}
	source, found := markdown.Parse(name, file.Body, file.BodyLine, o.markdown(p))
	p.take(source, o)
	problems = append(problems, found...)
	problems = append(problems, p.checkParts(o)...)
	if !p.broken {
		if p.Kind == KindPerson {
			p.Title = p.Person.Name.In(p.Lang)
		}
		problems = append(problems, p.check(o, problems)...)
	}
	p.node = nil
	return p, problems
}
