// Package site makes the plan of a site: which outputs a reader gets, as
// values. It does no I/O and never reads the clock.
//
// NewPlan is called once for each class of readers, with the same library; the
// only thing that differs is the reader, and the only questions asked of it are
// the library's (Sees, Body, VisibleTo). So there is no special case for
// members in any list, feed or calendar: what they may not read is not there.
//
// An Output names its layout or format and gives its view when asked. A view
// (view.go, view_page.go) is closed: it holds all that the output depends on,
// and nothing that leads back to the site. So two outputs with equal views have
// equal bytes, and the fingerprint of a view says whether an output is current.
// A view can be had with the body of its page or with the body's hash in its
// place.
package site

import (
	"html/template"
	"strings"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/card"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
	"kaiho/generator/picture"
)

// Bodies says what a view holds in place of a body.
type Bodies int

// A view for writing has bodies and the mark of its reader; a view for
// comparing has hashes of bodies and no mark, so that what is equal for two
// readers compares equal.
const (
	ForComparing Bodies = iota
	ForWriting
)

// Output is one file of a reader's tree.
type Output struct {
	Path   string             // below the tree: news/winter/index.html
	Layout string             // a layout (news.html), or one of the formats below; empty for a File
	Lang   string             // edition
	View   func(b Bodies) any // a closed view; nil for a File
	File   *content.File      // copied, without metadata if it is a picture
	Made   *picture.Rendition // what is made of File instead of a copy; may be nil
	Card   *card.Text         // what is drawn; may be nil
	Source string             // the content file that it comes from, for messages; may be empty
	Page   *content.Page      // the page that it shows, if it shows one
}

// Formats that are encoded here, not by a layout.
const (
	Atom         = "atom"
	RSS          = "rss"
	JSONFeed     = "jsonfeed"
	ICS          = "ics"
	SitemapXML   = "sitemap"
	SitemapParts = "sitemapindex"
	RobotsTXT    = "robots"
	SearchData   = "search"
)

// Encode returns the bytes of a view in one of the formats.
func Encode(format string, view any) []byte {
	switch v := view.(type) {
	case FeedPage:
		switch format {
		case Atom:
			return encodeAtom(v)
		case RSS:
			return encodeRSS(v)
		case JSONFeed:
			return encodeJSONFeed(v)
		}
	case Calendar:
		return encodeCalendar(v)
	case Sitemap:
		return encodeSitemap(v)
	case SitemapIndex:
		return encodeSitemapIndex(v)
	case Robots:
		return encodeRobots(v)
	case SearchFile:
		return []byte(v.Data)
	}
	panic("site: no encoder for " + format)
}

// Options are what the plan depends on besides library and configuration.
type Options struct {
	Reader audience.Reader
	Now    time.Time
	Card   string // URL of the picture that stands for pages without one, with the base path
	CardW  int
	CardH  int
	Font   *card.Font                        // that cards with titles are drawn with; nil: none are
	Issues map[*content.Page][]*content.Page // what locked issues of the newsletter hold for the reader; others show what they name
}

// NewPlan returns the outputs that o.Reader gets, in no particular order but
// always the same one.
func NewPlan(lib *content.Library, conf *config.Site, o Options) []Output {
	p := newPlanner(lib, conf, o)
	p.outputs = make([]Output, 0, len(p.items)+len(p.items)/4+64)
	for _, e := range p.editions {
		p.addHome(e)
		p.addSections(e)
		p.addTags(e)
		p.addPeople(e)
		p.addPages(e)
		p.addFeeds(e)
		p.addNotFound(e)
		p.addSearch(e)
	}
	p.addSubscribe()
	p.addAliases()
	p.addFiles()
	p.addPictures()
	p.addSitemap()
	outputs := p.outputs
	p.outputs, p.places, p.seals, p.layouts = nil, nil, nil, nil // views, which keep the planner, need none of them
	return outputs
}

// planner is what the views of one NewPlan are made from.
type planner struct {
	lib      *content.Library
	conf     *config.Site
	o        Options
	origin   string // of the site's URLs
	editions []*edition
	items    []item // every page that the reader sees, sorted by path
	people   map[*content.Page]*item
	byPerson map[string][]*item // id → pages by or about them that the reader may read
	reportOf map[string]*item   // key of an event → its report

	outputs []Output
	paths   texts
	places  []place           // what the sitemap has
	layouts map[string]string // names of layouts by what pages say of them
	seals   map[string]string // by language and audiences
}

func newPlanner(lib *content.Library, conf *config.Site, o Options) *planner {
	p := &planner{lib: lib, conf: conf, o: o, layouts: map[string]string{}}
	p.index()
	return p
}

// trusted is the one place where text becomes HTML that layouts do not escape:
// bodies from package markdown and JSON-LD from this one.
func trusted(html string) template.HTML { return template.HTML(html) }

// body returns the body of a page for a view; empty if the reader may not read
// it.
func (p *planner) body(page *content.Page, b Bodies) template.HTML {
	if page == nil {
		return ""
	}
	doc, ok := p.lib.Body(p.o.Reader, page)
	if !ok {
		return ""
	}
	resolve := func(ref markdown.Ref) markdown.Target { return p.lib.Resolve(p.o.Reader, page, ref) }
	if b == ForWriting {
		return trusted(doc.HTML(resolve))
	}
	return trusted(hashOf(doc.Hash(), doc.Refs, resolve))
}

// link returns a URL of the site with its base path.
func (p *planner) link(url string) string { return p.lib.Link(url) }

// absolute returns a URL of the site with its origin and base path.
func (p *planner) absolute(url string) string { return p.origin + p.lib.Link(url) }

// texts makes one string of two, many in one piece of memory: the paths of
// outputs are as many as the outputs, and live as long.
type texts struct{ b strings.Builder }

const textsSize = 16 << 10 // of a piece of memory

func (t *texts) join(a, b string) string {
	if t.b.Cap()-t.b.Len() < len(a)+len(b) {
		t.b = strings.Builder{}
		t.b.Grow(max(textsSize, len(a)+len(b)))
	}
	from := t.b.Len()
	t.b.WriteString(a)
	t.b.WriteString(b)
	return t.b.String()[from:]
}

// outputPath returns the file for a URL: index.html for a folder.
func (p *planner) outputPath(url string) string {
	path := strings.TrimPrefix(url, "/")
	if path == "" || strings.HasSuffix(path, "/") {
		return p.paths.join(path, "index.html")
	}
	return path
}

// add adds an HTML page. page is the content that it shows, nil for lists; view
// makes its view.
func (p *planner) add(e *edition, url, layout string, page *content.Page, view func(b Bodies) any) {
	out := Output{Path: p.outputPath(url), Layout: layout, Lang: e.lang, View: view, Page: page}
	if page != nil {
		out.Source = page.Path
	}
	p.outputs = append(p.outputs, out)
}

// encode adds a feed, calendar or the like.
func (p *planner) encode(e *edition, url, format string, view func(b Bodies) any) {
	p.outputs = append(p.outputs, Output{Path: p.outputPath(url), Layout: format, Lang: e.lang, View: view})
}
