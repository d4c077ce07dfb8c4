package content

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/markdown"
	"kaiho/generator/parallel"
	"kaiho/generator/picture"
)

// Load reads content/ and static/ of the project folder project. The problems
// are in no order. The error is a failure to read.
func Load(project fs.FS, o Options) (*Library, diag.Problems, error) {
	tree, err := walk(project)
	if err != nil {
		return nil, nil, err
	}
	pages, files := make([]*Page, len(tree.markdown)), make([]*File, len(tree.files))
	found := make([]diag.Problems, len(pages)+len(files))
	failed := make([]error, len(pages)+len(files))
	parallel.Each(len(pages)+len(files), func(i int) {
		if i < len(pages) {
			pages[i], found[i], failed[i] = readPage(project, tree.markdown[i], o)
			return
		}
		files[i-len(pages)], found[i], failed[i] = readFile(project, tree.files[i-len(pages)])
	})
	problems := tree.problems
	for i := range found {
		if failed[i] != nil {
			return nil, nil, failed[i]
		}
		problems = append(problems, found[i]...)
	}
	l := &Library{o: o, unread: tree.unread}
	problems = append(problems, l.join(pages, files)...)
	for _, p := range pages {
		p.node = nil
	}
	return l, problems, nil
}

// readFile measures one file that is no page.
func readFile(project fs.FS, name string) (*File, diag.Problems, error) {
	f := &File{Path: name, URL: "/" + norm.NFC.String(strings.TrimPrefix(name, "static/"))}
	if !picture.IsImage(name) {
		found, err := sniff(project, name)
		return f, found, err
	}
	data, err := fs.ReadFile(project, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", name, err)
	}
	f.Width, f.Height, err = picture.Size(data, name)
	if err == nil {
		_, err = picture.Strip(data, name)
	}
	if err != nil {
		return f, diag.Problems{diag.New(diag.Pos{Path: name, Line: 1, Col: 1}, diag.ImageBroken, "reason", err.Error())}, nil
	}
	return f, nil, nil
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

// readPage parses one Markdown file. What it returns depends on nothing but
// the file and the options.
func readPage(project fs.FS, name string, o Options) (*Page, diag.Problems, error) {
	src, err := fs.ReadFile(project, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", name, err)
	}
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
		problems = append(problems, p.locate(o)...)
	}
	if p.URL == "" {
		p.URL = p.address(p.Lang, "", o)
	}
	p.source, found = markdown.Parse(name, file.Body, file.BodyLine, markdown.Options{RawHTML: o.RawHTML, Lang: p.Lang})
	problems = append(problems, found...)
	problems = append(problems, p.checkParts(o)...)
	if !p.broken {
		if p.Kind == KindPerson {
			p.Title = p.Person.Name.In(p.Lang)
		}
		problems = append(problems, p.check(o, problems)...)
		p.Held = p.held(o)
	}
	return p, problems, nil
}
