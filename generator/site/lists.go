package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
)

const (
	homeCards = 5  // of a section on the home page
	homeTags  = 20 // on the home page
)

// addHome adds the home page of an edition.
func (p *planner) addHome(e *edition) {
	words := p.lib.Home[e.lang]
	if words != nil && !p.reads(words) {
		words = nil
	}
	p.add(e, e.home, "home.html", nil, func(b Bodies) any {
		title := e.site.Title
		s, h := p.frame(e, e.home, title, e.site.Description, nil, b)
		v := HomePage{Site: s, Head: h, Body: p.body(words, b)}
		lead := p.lead(e)
		if lead != nil {
			v.Lead = p.card(lead)
		}
		for _, sec := range e.sections {
			p.homeSection(&v, sec, lead)
		}
		v.Tags = p.tags(e)
		v.Tags = v.Tags[:min(len(v.Tags), homeTags)]
		p.finish(&v.Head, b, func() string { return homeData(v) })
		return v
	})
	p.locate(e, e.home, nil, p.newest(e.listed))
}

// finish adds the structured data to the head of a finished view. It derives
// from the view, so that a view for comparing does without.
func (p *planner) finish(h *Head, b Bodies, data func() string) {
	if b == ForWriting && config.On(p.conf.Outputs.StructuredData) && !h.NoIndex {
		h.Data = trusted(data())
	}
}

func (p *planner) homeSection(v *HomePage, sec *section, lead *content.Page) {
	shown := sec.listed
	if sec.kind == content.KindPage || sec.kind == content.KindPerson || len(shown) == 0 {
		return
	}
	if sec.kind == content.KindNewsletter {
		v.Letter = p.card(shown[0])
		return
	}
	if sec.kind == content.KindEvent {
		v.Events = append(v.Events, p.cardsOf(shown[:min(len(shown), homeCards)])...)
		return
	}
	shown = slices.DeleteFunc(slices.Clone(shown[:min(len(shown), homeCards+1)]), func(page *content.Page) bool { return page == lead })
	if len(shown) == 0 { // the lead is all there is, and it stands above
		return
	}
	v.Sections = append(v.Sections, SectionCards{Title: sec.title, Description: sec.description, URL: p.link(sec.url),
		Kind: string(sec.kind), Cards: p.cardsOf(shown[:min(len(shown), homeCards)])})
}

// lead chooses the item that opens the home page: the newest featured one, or
// else the newest interview, or else the newest article.
func (p *planner) lead(e *edition) *content.Page {
	choices := []func(*content.Page) bool{
		func(page *content.Page) bool { return page.Featured },
		func(page *content.Page) bool { return page.Kind == content.KindInterview },
		func(page *content.Page) bool {
			return page.Kind == content.KindReport || page.Kind == content.KindColumn || page.Kind == content.KindNews
		},
	}
	for _, fits := range choices {
		for _, page := range e.listed {
			if fits(page) && p.reads(page) {
				return page
			}
		}
	}
	return nil
}

// list is a list with pagination, before it is cut into pages.
type list struct {
	url, title, description string
	heading                 string // in the window's title; empty: title
	kind                    string
	index                   *content.Page
	pages                   []*content.Page
	types                   []MenuItem
	calendar                string
	feeds                   []Feed
	crumbs                  []Link // below the home page
}

// addList adds the pages of a list: url, url/page/2/ and so on.
func (p *planner) addList(e *edition, l list) {
	size := p.conf.Pagination
	total := max(1, (len(l.pages)+size-1)/size)
	at := func(n int) string {
		if n == 1 {
			return l.url
		}
		return fmt.Sprintf("%spage/%d/", l.url, n)
	}
	for n := 1; n <= total; n++ {
		cut := l.pages[(n-1)*size : min(n*size, len(l.pages))]
		p.add(e, at(n), "list.html", nil, func(b Bodies) any {
			title := e.words.numbered(cmp.Or(l.heading, l.title), n, total)
			s, h := p.frame(e, at(n), title, e.words.numbered(l.description, n, total), nil, b)
			v := ListPage{Site: s, Head: h, Title: l.title, Description: l.description, Kind: l.kind, Cards: p.cardsOf(cut),
				Types: exactly(l.types, p.link(l.url)), Calendar: l.calendar, Feeds: l.feeds,
				Pager: Pager{Number: n, Total: total, Items: len(l.pages), First: p.link(at(1)), Last: p.link(at(total))}}
			if n == 1 {
				v.Body = p.body(l.index, b)
			} else {
				v.Pager.Previous = p.link(at(n - 1))
			}
			if n < total {
				v.Pager.Next = p.link(at(n + 1))
			}
			v.Head.PreviousPage, v.Head.NextPage = v.Pager.Previous, v.Pager.Next
			v.Head.NoIndex = l.isEmptyTag()
			v.Head.Feeds, v.Head.Breadcrumbs = l.feeds, p.crumbs(e, l.crumbs...)
			p.finish(&v.Head, b, func() string { return listData(v) })
			return v
		})
		if !l.isEmptyTag() {
			p.locate(e, at(n), nil, p.newest(cut))
		}
	}
}

// isEmptyTag reports whether the list is that of a tag whose pages are all over
// or closed: it is there for those who link to it, and nothing to be found.
func (l list) isEmptyTag() bool { return l.kind == "tag" && len(l.pages) == 0 }

// newest returns when the newest of pages was last changed. When a page was
// changed of which the reader sees a teaser is not the reader's to know.
func (p *planner) newest(pages []*content.Page) time.Time {
	var t time.Time
	for _, page := range pages {
		t = latest(t, page.Published())
		if p.reads(page) {
			t = latest(t, page.Updated.Time)
		}
	}
	return t
}

func (p *planner) addSections(e *edition) {
	for _, sec := range e.sections {
		if sec.kind == content.KindPerson {
			continue
		}
		l := list{url: sec.url, title: sec.title, kind: string(sec.kind), index: sec.index, pages: sec.listed,
			description: sec.description, crumbs: []Link{{sec.title, sec.url}}}
		if sec.index != nil {
			l.title, l.description = sec.index.Title, cmp.Or(sec.index.Summary, l.description)
		}
		l.description = cmp.Or(l.description, fmt.Sprintf(e.words.list, sec.title, e.site.Title))
		if config.On(p.conf.Outputs.Feeds) && sec.feeds {
			l.feeds = p.feedLinks(sec.url, sec.title)
		}
		if sec.kind == content.KindEvent {
			p.addEvents(e, sec, &l)
		}
		p.addList(e, l)
	}
}

// addEvents adds to a section of events its calendar, the lists of its types
// and of past events, and the menu between them.
func (p *planner) addEvents(e *edition, sec *section, l *list) {
	if config.On(p.conf.Outputs.Calendars) {
		l.calendar = p.link(sec.url + "calendar.ics")
		p.encode(e, sec.url+"calendar.ics", ICS, func(Bodies) any { return p.calendar(e, sec) })
	}
	if len(sec.events) == 0 {
		return
	}
	types := p.eventTypes(sec)
	l.types = []MenuItem{{Label: sec.title, URL: p.link(sec.url)}}
	for _, t := range types {
		l.types = append(l.types, MenuItem{Label: t.name, URL: p.link(sec.url + "types/" + t.slug + "/")})
	}
	l.types = append(l.types, MenuItem{Label: e.words.past, URL: p.link(sec.url + "past/")})
	sub := func(name, title string, pages []*content.Page) {
		url := sec.url + name + "/"
		p.addList(e, list{url: url, title: title, kind: l.kind, pages: pages, types: l.types, calendar: l.calendar,
			description: fmt.Sprintf(e.words.list, title, e.site.Title), crumbs: []Link{{sec.title, sec.url}, {title, url}}})
	}
	for _, t := range types {
		sub("types/"+t.slug, fmt.Sprintf(e.words.ofType, t.name), t.listed)
	}
	sub("past", e.words.past, sec.past)
}

// eventType is a type of events of a section.
type eventType struct {
	slug, name string
	listed     []*content.Page // those to come, soonest first
}

// eventTypes returns the types of all events of a section, those with most
// events to come first. The type of events that are all over stays: what links
// to it must not break on the day of the last one.
func (p *planner) eventTypes(sec *section) []*eventType {
	var types []*eventType
	bySlug := map[string]*eventType{}
	for _, page := range sec.events {
		slug := content.TagSlug(page.Event.Type)
		if page.Event.Type != "" && bySlug[slug] == nil {
			bySlug[slug] = &eventType{slug: slug, name: page.Event.Type}
			types = append(types, bySlug[slug])
		}
	}
	for _, page := range sec.listed {
		if page.Event != nil && page.Event.Type != "" && p.reads(page) {
			t := bySlug[content.TagSlug(page.Event.Type)]
			t.listed = append(t.listed, page)
		}
	}
	slices.SortFunc(types, func(a, b *eventType) int {
		return cmp.Or(cmp.Compare(len(b.listed), len(a.listed)), cmp.Compare(a.slug, b.slug))
	})
	return types
}

// tags returns the tags under which there is something now.
func (p *planner) tags(e *edition) []Tag {
	var tags []Tag
	for _, t := range e.tags {
		if len(t.listed) > 0 {
			tags = append(tags, Tag{Name: t.name, URL: p.link(t.url), Count: len(t.listed)})
		}
	}
	return tags
}

// addTags adds the list of tags and a list for each tag.
func (p *planner) addTags(e *edition) {
	if len(e.tags) == 0 {
		return
	}
	url := e.home + "tags/"
	p.add(e, url, "tags.html", nil, func(b Bodies) any {
		s, h := p.frame(e, url, e.words.tags, fmt.Sprintf(e.words.list, e.words.tags, e.site.Title), nil, b)
		v := TagsPage{Site: s, Head: h, Title: e.words.tags, Tags: p.tags(e)}
		v.Head.Breadcrumbs = p.crumbs(e, Link{e.words.tags, url})
		p.finish(&v.Head, b, func() string { return tagsData(v) })
		return v
	})
	p.locate(e, url, nil, time.Time{})
	for _, t := range e.tags {
		p.addList(e, list{url: t.url, title: t.name, heading: fmt.Sprintf(e.words.tagTitle, t.name), kind: "tag", pages: t.listed,
			description: fmt.Sprintf(e.words.tagged, t.name, e.site.Title),
			crumbs:      []Link{{e.words.tags, url}, {t.name, t.url}}})
	}
}

// addPeople adds the list of people and a page for each.
func (p *planner) addPeople(e *edition) {
	if len(e.people) == 0 {
		return
	}
	url := e.home + "people/"
	title := p.peopleTitle(e)
	sorted := slices.Clone(e.people)
	slices.SortFunc(sorted, func(a, b *content.Page) int {
		return cmp.Or(strings.Compare(sortKey(a, e.lang), sortKey(b, e.lang)), cmp.Compare(a.Path, b.Path))
	})
	p.add(e, url, "people.html", nil, func(b Bodies) any {
		s, h := p.frame(e, url, title, fmt.Sprintf(e.words.list, title, e.site.Title), nil, b)
		v := PeoplePage{Site: s, Head: h, Title: title}
		for _, page := range sorted {
			label := groupLabel(page, e.lang)
			if n := len(v.Groups); n == 0 || v.Groups[n-1].Label != label {
				v.Groups = append(v.Groups, PeopleGroup{Label: label})
			}
			person := p.person(e, page)
			group := &v.Groups[len(v.Groups)-1]
			group.People = append(group.People, PersonLine{URL: person.URL, Name: person.Name, Reading: person.Reading,
				Former: person.Former, Role: person.Role, Portrait: person.Portrait})
		}
		v.Head.Breadcrumbs = p.crumbs(e, Link{title, url})
		p.finish(&v.Head, b, func() string { return peopleData(v) })
		return v
	})
	p.locate(e, url, nil, time.Time{})
	for _, page := range e.people {
		p.addPerson(e, page)
	}
}

// addNotFound adds the page for addresses where nothing is.
func (p *planner) addNotFound(e *edition) {
	p.add(e, e.home+"404.html", "404.html", nil, func(b Bodies) any {
		s, h := p.frame(e, e.home+"404.html", e.words.notFound, "", nil, b)
		h.NoIndex = true
		return NotFoundPage{Site: s, Head: h, Latest: p.cardsOf(e.listed[:min(len(e.listed), homeCards)])}
	})
}
