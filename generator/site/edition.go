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
	series   map[string][]*content.Page
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
	past        []*content.Page // events that are over, latest first
	place       map[*content.Page]int
}

// tag is a tag of an edition.
type tag struct {
	name   string
	url    string
	listed []*content.Page // newest first
	place  map[*content.Page]int
}

// index sorts what the reader sees into editions.
func (p *planner) index() {
	p.byPerson, p.reportOf = map[string][]*content.Page{}, map[string]*content.Page{}
	for i, lang := range p.conf.Languages {
		home := "/"
		if i > 0 {
			home = "/" + lang + "/"
		}
		p.editions = append(p.editions, &edition{lang: lang, home: home, words: wordsIn(lang),
			byTag: map[string]*tag{}, series: map[string][]*content.Page{}})
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
		if p.lib.Sees(p.o.Reader, page) == content.All {
			e := p.edition(page.Lang)
			e.people = append(e.people, page)
		}
	}
	for _, e := range p.editions {
		newestFirst(e.listed)
		p.indexSections(e)
		p.indexTags(e)
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

func (p *planner) edition(lang string) *edition {
	for _, e := range p.editions {
		if e.lang == lang {
			return e
		}
	}
	return p.editions[0]
}

// isEmpty reports whether the reader sees nothing at all in the edition.
func (e *edition) isEmpty() bool { return len(e.shown) == 0 && len(e.people) == 0 }

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

// indexPeople notes who wrote a page, who is in it, and what event it reports.
func (p *planner) indexPeople(page *content.Page) {
	if p.lib.Sees(p.o.Reader, page) != content.All {
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
		if page.IsPast(p.o.Now) && p.lib.Sees(p.o.Reader, page) == content.All {
			s.past = append(s.past, page)
		}
	}
	for _, page := range e.listed {
		if page.Section != "" {
			s := byName[page.Section]
			s.listed = append(s.listed, page)
		}
		if page.Series != "" && p.lib.Sees(p.o.Reader, page) == content.All {
			e.series[page.Series] = append(e.series[page.Series], page)
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
			soonestFirst(s.listed)
		}
	case content.KindPage:
		slices.SortStableFunc(s.listed, func(a, b *content.Page) int {
			return cmp.Or(cmp.Compare(weightOf(a), weightOf(b)), b.Published().Compare(a.Published()), cmp.Compare(a.Path, b.Path))
		})
	}
	soonestFirst(s.past)
	slices.Reverse(s.past)
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
	for _, page := range e.listed {
		if !p.lib.Tagged(p.o.Reader, page) {
			continue
		}
		for _, name := range page.Tags {
			slug := content.TagSlug(name)
			t := e.byTag[slug]
			if t == nil {
				t = &tag{name: name, url: e.home + "tags/" + slug + "/"}
				e.byTag[slug] = t
				e.tags = append(e.tags, t)
			}
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
