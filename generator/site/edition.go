package site

import (
	"cmp"
	"slices"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// edition is what the reader sees of the site in one language.
type edition struct {
	p           *planner
	lang        string
	home        string // "/" or "/en/"
	link        string // of the home page
	words       words
	peopleTitle string // what the list of people is called
	sections    []*section
	byName      map[string]*section
	listed      []*item // in lists, newest first
	shown       []*item // with a page of their own, sorted by path
	tags        []*tag
	byTag       map[string]*tag // by slug
	people      []*item
	series      map[string]*series

	site         Site // without what differs from page to page
	menu, footer menu
	description  string // of pages without one, as it stands in heads
	image        Image  // of pages without one
	targets      targets
}

// section is a section of an edition.
type section struct {
	name        string
	kind        content.Kind
	title       string
	description string
	url         string
	link        string
	weight      int
	index       *content.Page // words for the list; may be nil
	listed      []*item       // in the order of the list
	events      []*item       // that the reader may read, over or to come, sorted by path
	past        []*item       // those that are over, latest first
	feeds       bool          // its feeds are worth naming: it is no folder of standing pages only
	feedLinks   []Feed        // empty if it has none
}

// series is the pages of a series that the reader may read, oldest first.
type series struct {
	items []*item
}

// tag is a tag of an edition. There is one for every tag of a page that the
// reader may read, so that its URL does not come and go with the time.
type tag struct {
	name   string
	url    string
	link   string
	listed []*item // newest first; nothing if all its pages are over or closed
}

// index sorts what the reader sees into editions.
func (p *planner) index() {
	p.byPerson, p.reportOf, p.people = map[string][]*item{}, map[string]*item{}, map[*content.Page]*item{}
	p.seals, p.origin = map[string]string{}, p.conf.Origin()
	seen := p.languagesSeen()
	for i, lang := range p.conf.Languages {
		home := "/"
		if i > 0 {
			home = "/" + lang + "/"
		}
		if i == 0 || seen[lang] {
			p.editions = append(p.editions, &edition{p: p, lang: lang, home: home, link: p.link(home), words: wordsIn(lang),
				byName: map[string]*section{}, byTag: map[string]*tag{}, series: map[string]*series{}, targets: targets{byDest: map[reference]markdown.Target{}}})
		}
	}
	p.indexItems()
	for i := range p.items {
		p.indexPeople(&p.items[i])
	}
	for _, e := range p.editions {
		e.peopleTitle = p.peopleTitle(e)
		newestFirst(e.listed)
		p.indexSections(e)
		p.indexTags(e)
		e.indexSeries()
	}
	p.complete()
	for _, e := range p.editions {
		e.site = p.siteView(e)
		e.menu, e.footer = newMenu(e.site.Menu), newMenu(e.site.Footer)
		e.description = excerpt(cmp.Or(e.site.Description, e.site.Title), descriptionRunes)
		e.image = Image{URL: p.origin + p.o.Card, Alt: e.site.Title, Width: p.o.CardW, Height: p.o.CardH}
	}
}

// languagesSeen returns the languages in which the reader sees anything: pages,
// people, or words for a list. An edition without is not published.
func (p *planner) languagesSeen() map[string]bool {
	seen := map[string]bool{}
	last := "" // of pages side by side most have one language
	for _, page := range p.lib.Pages {
		if page.Lang != last && !seen[page.Lang] && p.lib.Sees(p.o.Reader, page) != content.Nothing {
			seen[page.Lang] = true
			last = page.Lang
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

// indexPeople notes who wrote a page, who is in it, and what event it reports.
func (p *planner) indexPeople(it *item) {
	page := it.page
	if !it.reads() {
		return
	}
	var ids []string
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
			p.reportOf[event.Key] = it
		}
	}
	if ids = append(ids, page.Authors...); len(ids) > 1 {
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	for _, id := range ids {
		p.byPerson[id] = append(p.byPerson[id], it)
	}
}

func (p *planner) indexSections(e *edition) {
	find := func(name string) *section {
		s := e.byName[name]
		if s == nil {
			s = p.newSection(e, name)
			e.byName[name] = s
			e.sections = append(e.sections, s)
		}
		return s
	}
	var last *section // pages come sorted by path
	for _, it := range e.shown {
		page := it.page
		if page.Section == "" {
			continue
		}
		if last == nil || last.name != page.Section {
			last = find(page.Section)
		}
		it.sec = last
		if page.Event != nil && it.reads() {
			last.events = append(last.events, it)
			if page.IsPast(p.o.Now) {
				last.past = append(last.past, it)
			}
		}
	}
	for _, it := range e.listed {
		if it.sec != nil {
			it.sec.listed = append(it.sec.listed, it)
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
	s.link = p.link(s.url)
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
		if !slices.ContainsFunc(s.listed, func(it *item) bool { return it.page.Event == nil }) {
			sortEvents(s.listed)
		}
	case content.KindPage:
		byPlace(s.listed)
	}
	soonestFirst(s.past)
	slices.Reverse(s.past)
	s.feeds = s.kind != content.KindPage || slices.ContainsFunc(s.listed, func(it *item) bool { return !feedDate(it.page).IsZero() })
	if s.feeds && config.On(p.conf.Outputs.Feeds) {
		s.feedLinks = p.feedLinks(s.url, s.title)
	}
	for i, it := range s.listed {
		it.place = int32(i)
	}
}

// indexTags gives every page its tags and every tag its pages. The tags of all
// pages lie in one slice, and so do their places in the lists.
func (p *planner) indexTags(e *edition) {
	byName := map[string]*tag{} // as pages spell them: slugs are costly
	count := 0
	for _, it := range e.shown {
		count += len(it.page.Tags)
	}
	tags := make([]Tag, 0, count)
	for _, it := range e.shown {
		if !it.reads() || len(it.page.Tags) == 0 { // a teaser has no tags
			continue
		}
		first := len(tags)
		for _, name := range it.page.Tags {
			t := byName[name]
			if t == nil {
				t = p.tagOf(e, name)
				byName[name] = t
			}
			tags = append(tags, Tag{Name: name, URL: t.link})
		}
		it.tags = tags[first:len(tags):len(tags)]
	}
	marks := make([]mark, 0, count)
	for _, it := range e.listed {
		first := len(marks)
		for _, own := range it.tags {
			t := byName[own.Name]
			if n := len(t.listed); n == 0 || t.listed[n-1] != it {
				t.listed = append(t.listed, it)
			}
			marks = append(marks, mark{t, int32(len(t.listed) - 1)})
		}
		it.marks = marks[first:len(marks):len(marks)]
	}
	slices.SortFunc(e.tags, func(a, b *tag) int {
		return cmp.Or(cmp.Compare(len(b.listed), len(a.listed)), cmp.Compare(a.name, b.name))
	})
}

// tagOf returns the tag that a page spells name.
func (p *planner) tagOf(e *edition, name string) *tag {
	slug := content.TagSlug(name)
	t := e.byTag[slug]
	if t == nil {
		t = &tag{name: name, url: e.home + "tags/" + slug + "/"}
		t.link = p.link(t.url)
		e.byTag[slug] = t
		e.tags = append(e.tags, t)
	}
	return t
}

// indexSeries puts the series of an edition together, oldest page first.
func (e *edition) indexSeries() {
	for _, it := range slices.Backward(e.listed) {
		if it.page.Series == "" || !it.reads() {
			continue
		}
		s := e.series[it.page.Series]
		if s == nil {
			s = &series{}
			e.series[it.page.Series] = s
		}
		it.series, it.part = s, int32(len(s.items))
		s.items = append(s.items, it)
	}
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
