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

// homeCards is how many cards a section has on the home page.
const homeCards = 5

// addHome adds the home page of an edition.
func (p *planner) addHome(e *edition) {
	words := p.lib.Home[e.lang]
	if words != nil && p.lib.Sees(p.o.Reader, words) != content.All {
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
		for _, t := range e.tags[:min(len(e.tags), 20)] {
			v.Tags = append(v.Tags, Tag{Name: t.name, URL: p.link(t.url), Count: len(t.listed)})
		}
		p.finish(&v.Head, func() string { return homeData(v) })
		return v
	})
	p.locate(e, e.home, nil, newest(e.listed))
}

// finish adds the structured data to the head of a finished view.
func (p *planner) finish(h *Head, data func() string) {
	if config.On(p.conf.Outputs.StructuredData) && !h.NoIndex {
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
			if fits(page) && p.lib.Sees(p.o.Reader, page) == content.All {
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
				Types: current(l.types, p.link(l.url), p.link(l.url)+"-"), Calendar: l.calendar, Feeds: l.feeds,
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
			v.Head.Feeds, v.Head.Breadcrumbs = l.feeds, p.crumbs(e, l.crumbs...)
			p.finish(&v.Head, func() string { return listData(v) })
			return v
		})
		p.locate(e, at(n), nil, newest(cut))
	}
}

// newest returns when the newest of pages was last changed.
func newest(pages []*content.Page) time.Time {
	var t time.Time
	for _, page := range pages {
		t = latest(t, page.Published(), page.Updated.Time)
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
		if config.On(p.conf.Outputs.Feeds) && sec.kind != content.KindPage {
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
	byType := map[string][]*content.Page{}
	names := map[string]string{}
	for _, page := range sec.listed {
		if page.Event == nil || page.Event.Type == "" || p.lib.Sees(p.o.Reader, page) != content.All {
			continue
		}
		slug := content.TagSlug(page.Event.Type)
		byType[slug] = append(byType[slug], page)
		names[slug] = cmp.Or(names[slug], page.Event.Type)
	}
	l.types = []MenuItem{{Label: sec.title, URL: p.link(sec.url)}}
	slugs := make([]string, 0, len(byType))
	for slug := range byType {
		slugs = append(slugs, slug)
	}
	slices.SortFunc(slugs, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byType[b]), len(byType[a])), cmp.Compare(a, b))
	})
	for _, slug := range slugs {
		l.types = append(l.types, MenuItem{Label: names[slug], URL: p.link(sec.url + "types/" + slug + "/")})
	}
	if len(sec.past) > 0 {
		l.types = append(l.types, MenuItem{Label: e.words.past, URL: p.link(sec.url + "past/")})
	}
	if len(l.types) == 1 {
		l.types = nil
	}
	sub := func(name, title string, pages []*content.Page) {
		url := sec.url + name + "/"
		p.addList(e, list{url: url, title: title, kind: l.kind, pages: pages, types: l.types, calendar: l.calendar,
			description: fmt.Sprintf(e.words.list, title, e.site.Title), crumbs: []Link{{sec.title, sec.url}, {title, url}}})
	}
	for _, slug := range slugs {
		sub("types/"+slug, fmt.Sprintf(e.words.ofType, names[slug]), byType[slug])
	}
	if len(sec.past) > 0 {
		sub("past", e.words.past, sec.past)
	}
}

// addTags adds the list of tags and a list for each tag.
func (p *planner) addTags(e *edition) {
	if len(e.tags) == 0 {
		return
	}
	url := e.home + "tags/"
	p.add(e, url, "tags.html", nil, func(b Bodies) any {
		s, h := p.frame(e, url, e.words.tags, fmt.Sprintf(e.words.list, e.words.tags, e.site.Title), nil, b)
		v := TagsPage{Site: s, Head: h, Title: e.words.tags}
		for _, t := range e.tags {
			v.Tags = append(v.Tags, Tag{Name: t.name, URL: p.link(t.url), Count: len(t.listed)})
		}
		v.Head.Breadcrumbs = p.crumbs(e, Link{e.words.tags, url})
		p.finish(&v.Head, func() string { return tagsData(v) })
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
	title := e.words.people
	if sec, ok := p.conf.Sections.Lookup("people"); ok {
		title = cmp.Or(sec.Title.In(e.lang), title)
	}
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
		p.finish(&v.Head, func() string { return peopleData(v) })
		return v
	})
	p.locate(e, url, nil, time.Time{})
	for _, page := range e.people {
		p.addPerson(e, page, Link{title, url})
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
