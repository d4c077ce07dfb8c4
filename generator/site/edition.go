package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// edition is what the reader sees of the site in one language.
type edition struct {
	lang     string
	home     string // "/" or "/en/"
	site     Site   // without what differs from page to page
	words    words
	sections []*section
	listed   []*content.Page // in lists, newest first
	shown    []*content.Page // with a page of their own, sorted by path
	tags     []*tag
	byTag    map[string]*tag
	series   map[string]*series
	people   []*content.Page
}

// section is a section of an edition.
type section struct {
	name        string
	kind        content.Kind
	title       string
	description string
	url         string
	weight      int
	index       *content.Page   // words for the list; may be nil
	listed      []*content.Page // in the order of the list
	events      []*content.Page // that the reader may read, over or to come, sorted by path
	past        []*content.Page // those that are over, latest first
	feeds       bool            // its feeds are worth naming: it is no folder of standing pages only
	place       map[*content.Page]int
}

// series is the pages of a series that the reader may read.
type series struct {
	pages []*content.Page // oldest first
	place map[*content.Page]int
}

// tag is a tag of an edition. There is one for every tag of a page that the
// reader may read, so that its URL does not come and go with the time.
type tag struct {
	name   string
	url    string
	listed []*content.Page // newest first; nothing if all its pages are over or closed
	place  map[*content.Page]int
}

// index sorts what the reader sees into editions.
func (p *planner) index() {
	p.byPerson, p.reportOf = map[string][]*content.Page{}, map[string]*content.Page{}
	seen := p.languagesSeen()
	for i, lang := range p.conf.Languages {
		home := "/"
		if i > 0 {
			home = "/" + lang + "/"
		}
		if i == 0 || seen[lang] {
			p.editions = append(p.editions, &edition{lang: lang, home: home, words: wordsIn(lang),
				byTag: map[string]*tag{}, series: map[string]*series{}})
		}
	}
	for _, page := range p.lib.Pages {
		if p.lib.Sees(p.o.Reader, page) == content.Nothing {
			continue
		}
		e := p.edition(page.Lang)
		e.shown = append(e.shown, page)
		if p.lib.Listed(p.o.Reader, page) {
			e.listed = append(e.listed, page)
		}
		p.indexPeople(page)
	}
	for _, page := range p.lib.People {
		if p.reads(page) {
			e := p.edition(page.Lang)
			e.people = append(e.people, page)
		}
	}
	for _, e := range p.editions {
		newestFirst(e.listed)
		p.indexSections(e)
		p.indexTags(e)
		p.indexSeries(e)
	}
	for _, e := range p.editions {
		e.site = p.siteView(e)
	}
	for _, e := range p.editions {
		for _, page := range e.shown { // views are made in parallel: the map is not written later
			p.cards[page] = p.newCard(page)
		}
	}
}

// languagesSeen returns the languages in which the reader sees anything: pages,
// people, or words for a list. An edition without is not published.
func (p *planner) languagesSeen() map[string]bool {
	seen := map[string]bool{}
	for _, page := range p.lib.Pages {
		if !seen[page.Lang] && p.lib.Sees(p.o.Reader, page) != content.Nothing {
			seen[page.Lang] = true
		}
	}
	for _, words := range []map[string]*content.Page{p.lib.Home, p.lib.Lists} {
		for _, page := range words {
			if p.lib.Sees(p.o.Reader, page) != content.Nothing {
				seen[page.Lang] = true
			}
		}
	}
	for _, page := range p.lib.People {
		if p.reads(page) {
			seen[page.Lang] = true
		}
	}
	return seen
}

// reads reports whether the reader may read all of a page.
func (p *planner) reads(page *content.Page) bool { return p.lib.Sees(p.o.Reader, page) == content.All }

func (p *planner) edition(lang string) *edition {
	for _, e := range p.editions {
		if e.lang == lang {
			return e
		}
	}
	return p.editions[0]
}

// newestFirst sorts pages by the day that stands on them, then by path.
func newestFirst(pages []*content.Page) {
	slices.SortStableFunc(pages, func(a, b *content.Page) int {
		return cmp.Or(b.Published().Compare(a.Published()), cmp.Compare(a.Path, b.Path))
	})
}

// soonestFirst sorts events by their start, then by path.
func soonestFirst(pages []*content.Page) {
	slices.SortStableFunc(pages, func(a, b *content.Page) int {
		return cmp.Or(a.Event.Start.Compare(b.Event.Start.Time), cmp.Compare(a.Path, b.Path))
	})
}

// sortEvents sorts events soonest first. Those of which the reader sees only a
// teaser come after the others, newest first: the place of a teaser must not
// say when its event is.
func (p *planner) sortEvents(pages []*content.Page) {
	var readable, teasers []*content.Page
	for _, page := range pages {
		if p.reads(page) {
			readable = append(readable, page)
		} else {
			teasers = append(teasers, page)
		}
	}
	soonestFirst(readable)
	newestFirst(teasers)
	copy(pages[copy(pages, readable):], teasers)
}

// byPlace sorts standing pages by the place that they ask for, then newest
// first, then by path.
func byPlace(pages []*content.Page) {
	slices.SortStableFunc(pages, func(a, b *content.Page) int {
		return cmp.Or(cmp.Compare(weightOf(a), weightOf(b)), b.Published().Compare(a.Published()), cmp.Compare(a.Path, b.Path))
	})
}

// indexPeople notes who wrote a page, who is in it, and what event it reports.
func (p *planner) indexPeople(page *content.Page) {
	if !p.reads(page) {
		return
	}
	ids := slices.Clone(page.Authors)
	switch {
	case page.Interview != nil:
		ids = append(ids, page.Interview.People...)
	case page.Event != nil:
		ids = append(ids, page.Event.Speakers...)
	case page.Notes != nil:
		for _, note := range page.Notes.Entries {
			if note.Confirmed {
				ids = append(ids, note.Person)
			}
		}
	case page.Report != nil:
		if event := p.lib.Page(page, page.Report.Event); event != nil && p.reportOf[event.Key] == nil {
			p.reportOf[event.Key] = page
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		p.byPerson[id] = append(p.byPerson[id], page)
	}
}

func (p *planner) indexSections(e *edition) {
	byName := map[string]*section{}
	find := func(name string) *section {
		if byName[name] == nil {
			byName[name] = p.newSection(e, name)
			e.sections = append(e.sections, byName[name])
		}
		return byName[name]
	}
	for _, page := range e.shown {
		if page.Section == "" {
			continue
		}
		s := find(page.Section)
		if page.Event != nil && p.reads(page) {
			s.events = append(s.events, page)
			if page.IsPast(p.o.Now) {
				s.past = append(s.past, page)
			}
		}
	}
	for _, page := range e.listed {
		if page.Section != "" {
			s := byName[page.Section]
			s.listed = append(s.listed, page)
		}
	}
	for key, page := range p.lib.Lists {
		if key == e.lang+"/"+page.Section && p.lib.Sees(p.o.Reader, page) != content.Nothing {
			find(page.Section).index = page
		}
	}
	for _, s := range e.sections {
		p.sortSection(s)
	}
	slices.SortFunc(e.sections, func(a, b *section) int {
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.name, b.name))
	})
}

func (p *planner) newSection(e *edition, name string) *section {
	s := &section{name: name, kind: content.Kind(config.DefaultKind(name)), url: e.home + name + "/", weight: 1000}
	for i, entry := range p.conf.Sections {
		if entry.Key == name {
			s.kind = content.Kind(entry.Value.Kind)
			s.title, s.description = entry.Value.Title.In(e.lang), entry.Value.Description.In(e.lang)
			s.weight = cmp.Or(entry.Value.Weight, 100+i)
		}
	}
	s.title = cmp.Or(s.title, e.words.sections[name], name)
	return s
}

// sortSection puts the pages of a section into the order of its list.
func (p *planner) sortSection(s *section) {
	switch s.kind {
	case content.KindEvent:
		if !slices.ContainsFunc(s.listed, func(page *content.Page) bool { return page.Event == nil }) {
			p.sortEvents(s.listed)
		}
	case content.KindPage:
		byPlace(s.listed)
	}
	soonestFirst(s.past)
	slices.Reverse(s.past)
	s.feeds = s.kind != content.KindPage || slices.ContainsFunc(s.listed, func(page *content.Page) bool { return !feedDate(page).IsZero() })
	s.place = places(s.listed)
}

// weightOf is the place of a standing page among its like; those without one
// come last.
func weightOf(p *content.Page) int {
	if p.Plain == nil || p.Plain.Menu.Weight == 0 {
		return 1 << 20
	}
	return p.Plain.Menu.Weight
}

func places(pages []*content.Page) map[*content.Page]int {
	place := make(map[*content.Page]int, len(pages))
	for i, page := range pages {
		place[page] = i
	}
	return place
}

func (p *planner) indexTags(e *edition) {
	for _, page := range e.shown {
		if !p.reads(page) { // a teaser has no tags
			continue
		}
		for _, name := range page.Tags {
			slug := content.TagSlug(name)
			if e.byTag[slug] == nil {
				e.byTag[slug] = &tag{name: name, url: e.home + "tags/" + slug + "/"}
				e.tags = append(e.tags, e.byTag[slug])
			}
		}
	}
	for _, page := range e.listed {
		if !p.reads(page) {
			continue
		}
		for _, name := range page.Tags {
			t := e.byTag[content.TagSlug(name)]
			if n := len(t.listed); n == 0 || t.listed[n-1] != page {
				t.listed = append(t.listed, page)
			}
		}
	}
	slices.SortFunc(e.tags, func(a, b *tag) int {
		return cmp.Or(cmp.Compare(len(b.listed), len(a.listed)), cmp.Compare(a.name, b.name))
	})
	for _, t := range e.tags {
		t.place = places(t.listed)
	}
}

// indexSeries puts the series of an edition together, oldest page first.
func (p *planner) indexSeries(e *edition) {
	for _, page := range slices.Backward(e.listed) {
		if page.Series == "" || !p.reads(page) {
			continue
		}
		s := e.series[page.Series]
		if s == nil {
			s = &series{place: map[*content.Page]int{}}
			e.series[page.Series] = s
		}
		s.place[page] = len(s.pages)
		s.pages = append(s.pages, page)
	}
}

// hashOf stands for a body in a view for comparing: it is equal for two bodies
// if and only if their HTML is.
func hashOf(doc *markdown.Doc, resolve func(markdown.Ref) markdown.Target) string {
	h := sha256.New()
	fixed := doc.Hash()
	h.Write(fixed[:])
	for _, ref := range doc.Refs {
		t := resolve(ref)
		fmt.Fprintf(h, "%q %d %d %q %q\n", t.URL, t.Width, t.Height, t.Srcset, t.Sizes)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// latest returns the newest of times.
func latest(times ...time.Time) time.Time {
	var newest time.Time
	for _, t := range times {
		if t.After(newest) {
			newest = t
		}
	}
	return newest
}
