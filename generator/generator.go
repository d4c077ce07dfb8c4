package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/publish"
	"kaiho/generator/site"
)

// Options are what a command says beyond the project folder.
type Options struct {
	Now     time.Time
	Drafts  bool   // show drafts
	Future  bool   // show what is under embargo
	BaseURL string // instead of base_url of site.yaml; may be empty
}

// Project is a project folder, read and checked.
type Project struct {
	Config   *config.Site
	Library  *content.Library
	Layouts  *layout.Set
	Problems diag.Problems // sorted; with an error among them nothing can be built

	source fs.FS
	assets assets
	o      Options
}

// Open reads the project folder source. builtin holds the layouts and the
// theme that source does not have. Mistakes of authors are in Problems; the
// error is a failure to read.
func Open(source, builtin fs.FS, o Options) (*Project, error) {
	p := &Project{source: source, o: o}
	src, err := fs.ReadFile(source, config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		p.Problems = diag.Problems{diag.New(diag.Pos{Path: config.Path, Line: 1, Col: 1}, diag.ConfigMissing)}
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", config.Path, err)
	}
	p.Config, p.Problems = config.Load(src)
	if o.BaseURL != "" {
		if err := config.CheckBaseURL(o.BaseURL); err != nil {
			return nil, fmt.Errorf("--base-url: %w", err)
		}
		p.Config.SetBaseURL(o.BaseURL)
	}
	var problems diag.Problems
	p.assets, problems, err = loadAssets(source, builtin, p.Config.Base())
	if err != nil {
		return nil, err
	}
	p.Problems = append(p.Problems, problems...)
	p.Layouts, problems = layout.Load(source, builtin, layout.Options{Langs: p.Config.Languages, Base: p.Config.Base(), Asset: p.assets.url})
	p.Problems = append(p.Problems, problems...)
	p.Library, problems, err = content.Load(source, p.contentOptions())
	if err != nil {
		return nil, err
	}
	p.Problems = append(p.Problems, problems...)
	p.checkFolders()
	p.Problems.Sort()
	return p, nil
}

func (p *Project) contentOptions() content.Options {
	kinds := map[string]content.Kind{}
	var sections []string
	for _, s := range p.Config.Sections {
		kinds[s.Key] = content.Kind(s.Value.Kind)
		sections = append(sections, s.Key)
	}
	for _, name := range []string{"news", "columns", "interviews", "reports", "events", "jobs", "notes"} {
		if !slices.Contains(sections, name) {
			sections = append(sections, name)
		}
	}
	var links []content.Link
	for _, link := range p.Config.Links {
		links = append(links, content.Link(link))
	}
	return content.Options{
		Reserved: p.Config.ReservedNames(), Links: links,
		Languages: p.Config.Languages, Zone: p.Config.Zone, Policy: p.Config.Policy,
		Kind: func(section string) content.Kind {
			if kind, ok := kinds[section]; ok {
				return kind
			}
			return content.Kind(config.DefaultKind(section))
		},
		EventTypes: p.Config.EventTypes, Sections: sections, Layouts: p.Layouts.Names(),
		RawHTML: p.Config.Markdown.RawHTML, BasePath: p.Config.Base(), Origin: p.Config.Origin(),
		Feeds: config.On(p.Config.Outputs.Feeds), Calendars: config.On(p.Config.Outputs.Calendars),
		Now: p.o.Now, Drafts: p.o.Drafts, Future: p.o.Future,
	}
}

// checkFolders names the sections of site.yaml that have no folder.
func (p *Project) checkFolders() {
	entries, err := fs.ReadDir(p.source, "content")
	if err != nil {
		return // no content yet: said by what is missing in the site
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	for _, s := range p.Config.Sections {
		named := func(problem diag.Problem) bool { return problem.Pos == s.Pos } // wrong already
		if !slices.Contains(folders, s.Key) && !slices.ContainsFunc(p.Problems, named) {
			p.Problems = append(p.Problems, diag.New(s.Pos, diag.ConfigNoSection, "name", s.Key, "nearest", diag.Nearest(s.Key, folders)))
		}
	}
}

// Report is what a build did.
type Report struct {
	Pages int // content pages that are shown, people included
	publish.Report
}

// Build brings the output folder dist to the project's outputs. A layout that
// fails is a problem, in the returned list; then nothing in dist has changed.
// The error is a failure to write.
func (p *Project) Build(ctx context.Context, dist *os.Root, version string) (Report, diag.Problems, error) {
	r := &renderer{p: p, problems: map[string]diag.Problem{}}
	var files []publish.File
	for _, out := range p.Outputs() {
		files = append(files, r.file(out))
	}
	done, err := publish.Apply(ctx, dist, files, publish.Options{Trees: []string{"public", "members"}, Version: version})
	if len(r.problems) > 0 {
		problems := diag.Problems(slices.Collect(maps.Values(r.problems)))
		problems.Sort()
		return Report{}, problems, nil
	}
	return Report{Pages: p.pages(), Report: done}, nil, err
}

func (p *Project) pages() int {
	n := 0
	for _, group := range [][]*content.Page{p.Library.Pages, p.Library.People} {
		for _, page := range group {
			if page.Live() {
				n++
			}
		}
	}
	return n
}

// Held returns the pages that are not shown now, sorted by path.
func (p *Project) Held() []*content.Page {
	var held []*content.Page
	for _, group := range [][]*content.Page{p.Library.Pages, p.Library.People} {
		for _, page := range group {
			if !page.Live() {
				held = append(held, page)
			}
		}
	}
	slices.SortFunc(held, func(a, b *content.Page) int { return cmp.Compare(a.Path, b.Path) })
	return held
}

// Output is an output with the tree that it lies in.
type Output struct {
	site.Output
	Path     string          // below dist: public/index.html, members/alumni/index.html
	Audience audience.Reader // who it is for

	data []byte // of files of the theme
}

// Outputs returns every output of the site: the public plan, then for each
// audience what its plan has that the public one has not, or has otherwise.
func (p *Project) Outputs() []Output {
	card, width, height := p.assets.card()
	plan := func(r audience.Reader) []site.Output {
		return site.NewPlan(p.Library, p.Config, site.Options{Reader: r, Now: p.o.Now, Card: card, CardW: width, CardH: height})
	}
	var all []Output
	public := plan(audience.Public)
	for _, out := range public {
		all = append(all, Output{Output: out, Path: "public/" + out.Path, Audience: audience.Public})
	}
	all = append(all, p.assets.outputs()...)
	readers := p.Config.Policy.Readers()[1:]
	if len(readers) == 0 {
		return all
	}
	seen := make(map[string][32]byte, len(public))
	for i, print := range fingerprints(public) {
		seen[public[i].Path] = print
	}
	for _, r := range readers {
		own := plan(r)
		for i, print := range fingerprints(own) {
			if same, ok := seen[own[i].Path]; !ok || same != print {
				all = append(all, Output{Output: own[i], Path: "members/" + string(r) + "/" + own[i].Path, Audience: r})
			}
		}
	}
	return all
}

// fingerprints returns what identifies the bytes of each output, but for the
// mark of its reader.
func fingerprints(outputs []site.Output) [][32]byte {
	prints := make([][32]byte, len(outputs))
	content.Parallel(len(outputs), func(i int) {
		out := outputs[i]
		if out.View == nil {
			prints[i] = layout.Fingerprint(out.Source)
			return
		}
		prints[i] = layout.Fingerprint(out.Layout, out.Lang, out.View(site.ForComparing))
	})
	return prints
}

// Render makes every output and keeps none: it returns the problems of
// layouts, for a check without a build.
func (p *Project) Render() diag.Problems {
	r := &renderer{p: p, problems: map[string]diag.Problem{}}
	outputs := p.Outputs()
	content.Parallel(len(outputs), func(i int) {
		if outputs[i].View != nil {
			_, _ = r.render(outputs[i].Output) // what fails is gathered
		}
	})
	problems := diag.Problems(slices.Collect(maps.Values(r.problems)))
	problems.Sort()
	return problems
}
