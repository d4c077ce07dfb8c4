package generator

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/card"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/newsletter"
	"kaiho/generator/parallel"
	"kaiho/generator/picture"
	"kaiho/generator/site"
	"kaiho/generator/theme"
)

// Options are what a command says beyond the project folder.
type Options struct {
	Now     time.Time
	Drafts  bool        // show drafts
	Future  bool        // show what is under embargo
	BaseURL string      // instead of base_url of site.yaml; may be empty
	Cache   *Cache      // what is known already; nil: nothing
	Made    func(int64) // called, also concurrently, when a picture is there, with the number of those that had to be made; may be nil
	Once    bool        // nothing is opened with Cache afterwards: it need keep nothing in memory
}

// Project is a project folder, read and checked.
type Project struct {
	Config   *config.Site
	Library  *content.Library
	Layouts  *layout.Set
	Problems diag.Problems // sorted; with an error among them nothing can be built
	Uncached error         // why the cache could not be written; the next time takes longer

	source fs.FS
	assets assets
	cache  *Cache
	locks  []newsletter.Lock // of the issues
	o      Options

	font      *card.Font // of cards with titles; nil: there are none
	theme     [32]byte   // what site.yaml, layouts, assets and the font looked like before they were read
	isSettled bool
}

// Open reads the project folder source. builtin holds the layouts and the
// theme that source does not have. Mistakes of authors are in Problems; the
// error is a failure to read.
func Open(source, builtin fs.FS, o Options) (*Project, error) {
	p := &Project{source: source, cache: o.Cache, o: o}
	if p.cache == nil {
		p.cache = NewCache("", "")
	}
	p.theme, p.isSettled = surroundings(source)
	src, problems, err := readConfig(source)
	if err == nil && len(problems) == 0 {
		p.cache.open()
		p.cache.content.Begin()
	}
	if p.Problems = problems; err != nil || len(problems) > 0 {
		return p, err
	}
	p.Config, p.Problems = config.Load(src)
	if o.BaseURL != "" {
		if err := config.CheckBaseURL(o.BaseURL); err != nil {
			return nil, fmt.Errorf("--base-url: %w", err)
		}
		p.Config.SetBaseURL(o.BaseURL)
	}
	if err := p.loadFont(); err != nil {
		return nil, err
	}
	p.assets, problems, err = loadAssets(source, builtin, p.Config.Base(), p.Config.Theme.Style())
	if err != nil {
		return nil, err
	}
	p.Problems = append(p.Problems, problems...)
	p.Layouts, problems = layout.Load(source, builtin, layout.Options{Langs: p.Config.Languages, Base: p.Config.Base(), Asset: p.assets.url,
		Accent: accent(p.Config.Theme.Style()), Whole: p.wholeWords(), Era: p.Config.Dates.Era})
	p.Problems = append(p.Problems, problems...)
	p.Library, problems, err = content.Load(source, p.contentOptions())
	if err != nil {
		return nil, err
	}
	p.Uncached = p.Library.Unsaved
	p.Problems = append(p.Problems, problems...)
	if err := p.readLocks(); err != nil {
		return nil, err
	}
	if err := p.checkEditors(src); err != nil {
		return nil, err
	}
	p.checkSections()
	p.checkTitles()
	p.Problems.Sort()
	return p, nil
}

// accent returns the theme's accent colour for letters, whose layouts have the theme's
// own one written as their default.
func accent(t theme.Theme) layout.Accent {
	if t.Accent == (theme.Colour{}) {
		return layout.Accent{}
	}
	paper, dark, onPaper, onDark := t.Colours()
	upper := func(c theme.Colour) string { return strings.ToUpper(c.String()) }
	return layout.Accent{Paper: upper(paper), OnPaper: upper(onPaper), Dark: upper(dark), OnDark: upper(onDark)}
}

// readConfig returns the bytes of site.yaml. Without it there is no project:
// its absence is the only problem then.
func readConfig(source fs.FS) ([]byte, diag.Problems, error) {
	problem := func(rule diag.Rule) diag.Problems {
		return diag.Problems{diag.New(diag.Pos{Path: config.Path, Line: 1, Col: 1}, rule)}
	}
	info, err := fs.Lstat(source, config.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, problem(diag.ConfigMissing), nil
	case err != nil:
		return nil, nil, fmt.Errorf("read %s: %w", config.Path, err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, problem(diag.Symlink), nil
	case !info.Mode().IsRegular():
		return nil, problem(diag.NotAFile), nil
	}
	src, err := fs.ReadFile(source, config.Path)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", config.Path, err)
	}
	return src, nil, nil
}

// wholeWords are names that no line tears apart.
func (p *Project) wholeWords() []string {
	var words []string
	for _, lang := range p.Config.Languages {
		for _, name := range []string{p.Config.Title.In(lang), p.Config.Organization.Name.In(lang)} {
			if name != "" && !slices.Contains(words, name) {
				words = append(words, name)
			}
		}
	}
	return words
}

func (p *Project) contentOptions() content.Options {
	kinds := map[string]content.Kind{}
	for _, s := range p.Config.Sections {
		kinds[s.Key] = content.Kind(s.Value.Kind)
	}
	var links []content.Link
	for _, link := range p.Config.Links {
		links = append(links, content.Link(link))
	}
	return content.Options{
		Reserved: p.Config.ReservedNames(), Links: links, Pictures: pictures(p.Config.Images),
		Languages: p.Config.Languages, Zone: p.Config.Zone, Policy: p.Config.Policy,
		Kind: func(section string) content.Kind {
			if kind, ok := kinds[section]; ok {
				return kind
			}
			return content.Kind(config.DefaultKind(section))
		},
		EventTypes: p.Config.EventTypes, Sections: p.Config.SectionNames(), Segments: p.segments(), Layouts: p.Layouts.Names(),
		Store: p.cache.content, Once: p.o.Once, RawHTML: p.Config.Markdown.RawHTML, LatinOrder: p.Config.Names.Latin, BasePath: p.Config.Base(), Origin: p.Config.Origin(),
		Feeds: config.On(p.Config.Outputs.Feeds), Calendars: config.On(p.Config.Outputs.Calendars),
		Search: config.On(p.Config.Outputs.Search), Subscribe: p.Config.Newsletter.Subscribe,
		Now: p.o.Now, Drafts: p.o.Drafts, Future: p.o.Future,
		Unsure: len(p.Config.Policy.Names()) == 0 && slices.ContainsFunc(p.Problems, isConfigError),
	}
}

// gallerySizes is how wide the built-in layouts show a picture in a gallery.
const gallerySizes = "(min-width: 44rem) 20rem, 92vw"

// pictures says how pictures are shown.
func pictures(i config.Images) content.Pictures {
	return content.Pictures{Settings: picture.Settings{Widths: i.Widths, Quality: i.Quality, WebP: i.Format == "webp"},
		Sizes: i.Sizes, Gallery: gallerySizes, MaxPixels: int64(i.MaxMegapixels) * 1_000_000}
}

// segments returns the names of the segments; nil if there are none, maybe only
// because of a mistake in site.yaml.
func (p *Project) segments() []string {
	names := p.Config.Segment.Names()
	if len(names) == 0 && slices.ContainsFunc(p.Problems, isConfigError) {
		return nil
	}
	return names
}

func isConfigError(p diag.Problem) bool { return p.Path == config.Path && p.Severity() == diag.Error }

// checkSections names the sections of site.yaml that have no folder.
func (p *Project) checkSections() {
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

// pages returns every content page, people included, sorted by path.
func (p *Project) pages() []*content.Page {
	all := slices.Concat(p.Library.Pages, p.Library.People)
	slices.SortFunc(all, func(a, b *content.Page) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// live returns the pages that are shown now.
func (p *Project) live() []*content.Page {
	return slices.DeleteFunc(p.pages(), func(page *content.Page) bool { return !page.Live() })
}

// Held returns the pages that are not shown now, sorted by path.
func (p *Project) Held() []Withheld {
	var held []Withheld
	for _, page := range p.pages() {
		if !page.Live() {
			held = append(held, Withheld{page.Path, page.Held})
		}
	}
	return held
}

// Output is an output with the tree that it lies in.
type Output struct {
	site.Output
	Path     string          // below dist: public/index.html, members/alumni/index.html
	Audience audience.Reader // who it is for

	data  []byte   // of files of the theme
	print [32]byte // fingerprint of the view; zero if nobody has asked for it
}

// plan returns the outputs of one reader.
func (p *Project) plan(r audience.Reader) []site.Output {
	card, width, height := p.assets.card()
	return site.NewPlan(p.Library, p.Config, site.Options{Reader: r, Now: p.o.Now, Card: card, CardW: width, CardH: height, Font: p.font, Issues: p.Desk().Archive(r)})
}

// Outputs returns every output of the site: the public plan, then for each
// audience what its plan has that the public one has not, or has otherwise.
func (p *Project) Outputs() []Output {
	var all []Output
	public := p.plan(audience.Public)
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
		all[i].print = print
	}
	for _, r := range readers {
		own := p.plan(r)
		for i, print := range fingerprints(own) {
			if same, ok := seen[own[i].Path]; !ok || same != print {
				all = append(all, Output{Output: own[i], Path: "members/" + string(r) + "/" + own[i].Path, Audience: r, print: print})
			}
		}
	}
	return all
}

// fingerprints returns the fingerprint of each output.
func fingerprints(outputs []site.Output) [][32]byte {
	prints := make([][32]byte, len(outputs))
	parallel.Each(len(outputs), func(i int) { prints[i] = fingerprint(outputs[i]) })
	return prints
}

// fingerprint returns what identifies the bytes of an output, but for the mark
// of its reader.
func fingerprint(out site.Output) [32]byte {
	switch {
	case out.Made != nil:
		return layout.Fingerprint("rendition", string(out.Made.Key[:]))
	case out.Card != nil:
		return layout.Fingerprint("card", out.Path)
	case out.View == nil:
		return layout.Fingerprint(out.Source)
	}
	return layout.Fingerprint(out.Layout, out.Lang, out.View(site.ForComparing))
}
