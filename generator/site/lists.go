package site

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"kaiho/generator/config"
	"kaiho/generator/content"
)

const (
	homeCards  = 5  // on the home page and the page for what is not there
	homeBriefs = 3  // of a section on the home page
	homeTags   = 20 // on the home page
)

// addHome adds the home page of an edition.
func (p *planner) addHome(e *edition) {
	words := p.lib.Home[e.lang]
	if words != nil && !p.reads(words) {
		words = nil
	}
	p.add(e, e.home, "home.html", nil, func(b Bodies) any { return e.homeView(words, b) })
	p.locateList(e, e.home, e.listed)
}

func (e *edition) homeView(words *content.Page, b Bodies) any {
	p := e.p
	v := HomePage{Body: p.body(words, b), Tags: e.tagsNow()}
	p.frame(&v.Site, &v.Head, e, e.home, e.link, e.site.Title, e.site.Description, nil, b)
	lead := e.lead()
	if lead != nil {
		lead.card(&v.Lead)
	}
	for _, sec := range e.sections {
		sec.addHome(&v, lead)
	}
	v.Tags = v.Tags[:min(len(v.Tags), homeTags)]
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(homeData(v))
	}
	return v
}

// describes reports whether a finished view gets structured data into its head.
// That derives from the view, so that a view for comparing does without.
func (p *planner) describes(h *Head, b Bodies) bool {
	return b == ForWriting && config.On(p.conf.Outputs.StructuredData) && !h.NoIndex
}

// addHome adds what the home page shows of a section.
func (sec *section) addHome(v *HomePage, lead *item) {
	shown := sec.listed
	if sec.kind == content.KindPage || sec.kind == content.KindPerson || len(shown) == 0 {
		return
	}
	if sec.kind == content.KindNewsletter {
		shown[0].card(&v.Letter)
		return
	}
	if sec.kind == content.KindEvent {
		v.addEvents(cardsOf(shown[:min(len(shown), homeCards)]))
		return
	}
	shown = slices.DeleteFunc(slices.Clone(shown[:min(len(shown), homeBriefs+1)]), func(it *item) bool { return it == lead })
	if len(shown) == 0 { // the lead is all there is, and it stands above
		return
	}
	v.Sections = append(v.Sections, SectionCards{Title: sec.title, Description: sec.description, URL: sec.link,
		Kind: string(sec.kind), Cards: cardsOf(shown[:min(len(shown), homeBriefs)])})
}

// addEvents adds the events of a section, soonest first. The next one of all is the
// first whose day this reader may know, or else the first.
func (v *HomePage) addEvents(events []Card) {
	if v.Next.URL == "" {
		next := max(0, slices.IndexFunc(events, func(c Card) bool { return !c.Event.Start.IsZero() }))
		v.Next = events[next]
		events = slices.Delete(events, next, next+1)
	}
	v.Events = append(v.Events, events...)
}

// lead chooses the item that opens the home page: the newest featured one, or
// else the newest interview, or else the newest article.
func (e *edition) lead() *item {
	choices := []func(*content.Page) bool{
		func(page *content.Page) bool { return page.Featured },
		func(page *content.Page) bool { return page.Kind == content.KindInterview },
		func(page *content.Page) bool {
			return page.Kind == content.KindReport || page.Kind == content.KindColumn || page.Kind == content.KindNews
		},
	}
	for _, fits := range choices {
		for _, it := range e.listed {
			if fits(it.page) && it.reads() {
				return it
			}
		}
	}
	return nil
}

// list is a list with pagination, before it is cut into pages.
type list struct {
	e                  *edition
	url, link          string // link has the base path
	title, description string
	heading            string // in the window's title; empty: title
	kind               string
	index              *content.Page
	items              []*item
	size               int // of a page
	types              []MenuItem
	calendar           string
	feeds              []Feed
	crumbs             []Link // with the home page
}

// total is how many pages the list has.
func (l *list) total() int { return max(1, (len(l.items)+l.size-1)/l.size) }

// cut returns what is on page n, from 1.
func (l *list) cut(n int) []*item { return l.items[(n-1)*l.size : min(n*l.size, len(l.items))] }

// page returns the URL of page n below url, which is the list's with or without
// the base path.
func (l *list) page(url string, n int) string {
	if n == 1 {
		return url
	}
	return url + "page/" + strconv.Itoa(n) + "/"
}

// addList adds the pages of a list: url, url/page/2/ and so on.
func (p *planner) addList(e *edition, l *list) {
	l.e, l.link, l.size = e, p.link(l.url), p.conf.Pagination
	l.types = exactly(l.types, l.link)
	for n := 1; n <= l.total(); n++ {
		p.add(e, l.page(l.url, n), "list.html", nil, func(b Bodies) any { return l.view(n, b) })
		if !l.isEmptyTag() {
			p.places = append(p.places, place{list: l, page: int32(n)})
		}
	}
}

// view makes the view of page n.
func (l *list) view(n int, b Bodies) any {
	e, p, total := l.e, l.e.p, l.total()
	v := ListPage{Title: l.title, Description: l.description, Kind: l.kind, Cards: cardsOf(l.cut(n)),
		Types: l.types, Calendar: l.calendar, Feeds: l.feeds,
		Pager: Pager{Number: n, Total: total, Items: len(l.items), First: l.link, Last: l.page(l.link, total)}}
	p.frame(&v.Site, &v.Head, e, l.page(l.url, n), l.page(l.link, n), e.words.numbered(cmp.Or(l.heading, l.title), n, total),
		e.words.numbered(l.description, n, total), nil, b)
	if n == 1 {
		v.Body = p.body(l.index, b)
	} else {
		v.Pager.Previous = l.page(l.link, n-1)
	}
	if n < total {
		v.Pager.Next = l.page(l.link, n+1)
	}
	v.Head.PreviousPage, v.Head.NextPage = v.Pager.Previous, v.Pager.Next
	v.Head.NoIndex = l.isEmptyTag()
	v.Head.Feeds, v.Head.Breadcrumbs = l.feeds, l.crumbs
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(listData(v))
	}
	return v
}

// isEmptyTag reports whether the list is that of a tag whose pages are all over
// or closed: it is there for those who link to it, and nothing to be found.
func (l *list) isEmptyTag() bool { return l.kind == "tag" && len(l.items) == 0 }

func (p *planner) addSections(e *edition) {
	for _, sec := range e.sections {
		if sec.kind == content.KindPerson {
			continue
		}
		l := &list{url: sec.url, title: sec.title, kind: string(sec.kind), index: sec.index, items: sec.listed,
			description: sec.description, feeds: sec.feedLinks, crumbs: e.crumbs(Link{sec.title, sec.link})}
		if sec.index != nil {
			l.title, l.description = sec.index.Title, cmp.Or(sec.index.Summary, l.description)
		}
		l.description = cmp.Or(l.description, fmt.Sprintf(e.words.list, sec.title, e.site.Title))
		if sec.kind == content.KindEvent {
			p.addEvents(e, sec, l)
		}
		p.addList(e, l)
	}
}

// addEvents adds to a section of events its calendar, the lists of its types
// and of past events, and the menu between them.
func (p *planner) addEvents(e *edition, sec *section, l *list) {
	if config.On(p.conf.Outputs.Calendars) {
		l.calendar = sec.link + "calendar.ics"
		p.encode(e, sec.url+"calendar.ics", ICS, func(Bodies) any { return p.calendar(e, sec) })
	}
	if len(sec.events) == 0 {
		return
	}
	types := eventTypes(sec)
	menu := []MenuItem{{Label: sec.title, URL: sec.link}}
	for _, t := range types {
		menu = append(menu, MenuItem{Label: t.name, URL: p.link(sec.url + "types/" + t.slug + "/")})
	}
	menu = append(menu, MenuItem{Label: e.words.past, URL: p.link(sec.url + "past/")})
	l.types = menu
	sub := func(name, title string, items []*item) {
		url := sec.url + name + "/"
		p.addList(e, &list{url: url, title: title, kind: l.kind, items: items, types: menu, calendar: l.calendar,
			description: fmt.Sprintf(e.words.list, title, e.site.Title), crumbs: e.crumbs(Link{sec.title, sec.link}, Link{title, p.link(url)})})
	}
	for _, t := range types {
		sub("types/"+t.slug, fmt.Sprintf(e.words.ofType, t.name), t.listed)
	}
	sub("past", e.words.past, sec.past)
}

// eventType is a type of events of a section.
type eventType struct {
	slug, name string
	listed     []*item // those to come, soonest first
}

// eventTypes returns the types of all events of a section, those with most
// events to come first. The type of events that are all over stays: what links
// to it must not break on the day of the last one.
func eventTypes(sec *section) []*eventType {
	var types []*eventType
	bySlug := map[string]*eventType{}
	byName := map[string]*eventType{} // as pages spell them: slugs are costly
	for _, it := range sec.events {
		name := it.page.Event.Type
		if name == "" || byName[name] != nil {
			continue
		}
		slug := content.TagSlug(name)
		if bySlug[slug] == nil {
			bySlug[slug] = &eventType{slug: slug, name: name}
			types = append(types, bySlug[slug])
		}
		byName[name] = bySlug[slug]
	}
	for _, it := range sec.listed {
		if event := it.page.Event; event != nil && event.Type != "" && it.reads() {
			t := byName[event.Type]
			t.listed = append(t.listed, it)
		}
	}
	slices.SortFunc(types, func(a, b *eventType) int {
		return cmp.Or(cmp.Compare(len(b.listed), len(a.listed)), cmp.Compare(a.slug, b.slug))
	})
	return types
}

// tagsNow returns the tags under which there is something now.
func (e *edition) tagsNow() []Tag {
	tags := make([]Tag, 0, len(e.tags))
	for _, t := range e.tags {
		if len(t.listed) > 0 {
			tags = append(tags, Tag{Name: t.name, URL: t.link, Count: len(t.listed)})
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
	link := p.link(url)
	p.add(e, url, "tags.html", nil, func(b Bodies) any {
		v := TagsPage{Title: e.words.tags, Tags: e.tagsNow()}
		p.frame(&v.Site, &v.Head, e, url, link, e.words.tags, fmt.Sprintf(e.words.list, e.words.tags, e.site.Title), nil, b)
		v.Head.Breadcrumbs = e.crumbs(Link{e.words.tags, link})
		if p.describes(&v.Head, b) {
			v.Head.Data = trusted(tagsData(v))
		}
		return v
	})
	p.locateList(e, url, nil)
	for _, t := range e.tags {
		p.addList(e, &list{url: t.url, title: t.name, heading: fmt.Sprintf(e.words.tagTitle, t.name), kind: "tag", items: t.listed,
			description: fmt.Sprintf(e.words.tagged, t.name, e.site.Title),
			crumbs:      e.crumbs(Link{e.words.tags, link}, Link{t.name, t.link})})
	}
}

// addPeople adds the list of people and a page for each.
func (p *planner) addPeople(e *edition) {
	if len(e.people) == 0 {
		return
	}
	url := e.home + "people/"
	p.add(e, url, "people.html", nil, func(b Bodies) any { return e.peopleView(url, b) })
	p.locateList(e, url, nil)
	for _, it := range e.people {
		p.addPerson(e, it)
	}
}

func (e *edition) peopleView(url string, b Bodies) any {
	p, link := e.p, e.p.link(url)
	v := PeoplePage{Title: e.peopleTitle}
	p.frame(&v.Site, &v.Head, e, url, link, e.peopleTitle, fmt.Sprintf(e.words.list, e.peopleTitle, e.site.Title), nil, b)
	v.Head.Breadcrumbs = e.crumbs(Link{e.peopleTitle, link})
	people, labels := peopleInOrder(e)
	for i, it := range people {
		label := labels[i]
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Label != label {
			v.Groups = append(v.Groups, PeopleGroup{Label: label})
		}
		person := it.person
		group := &v.Groups[len(v.Groups)-1]
		group.People = append(group.People, PersonLine{URL: person.URL, Name: person.Name, Reading: person.Reading,
			Former: person.Former, Role: person.Role, Portrait: person.Portrait})
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(peopleData(v))
	}
	return v
}

// addSubscribe adds what stands where the gate has the form of those who want the
// newsletter, for hosts without a gate: whom to write to. The gate and the servers in
// front of it never show it, since /subscribe without a last slash is no file.
func (p *planner) addSubscribe() {
	if !p.conf.Newsletter.Subscribe {
		return
	}
	e, url := p.editions[0], "/subscribe/"
	p.add(e, url, "subscribe.html", nil, func(b Bodies) any {
		var v SubscribePage
		p.frame(&v.Site, &v.Head, e, url, p.link(url), e.words.subscribe, "", nil, b)
		v.Head.NoIndex = true
		return v
	})
}

// addNotFound adds the page for addresses where nothing is.
func (p *planner) addNotFound(e *edition) {
	url := e.home + "404.html"
	p.add(e, url, "404.html", nil, func(b Bodies) any {
		v := NotFoundPage{Latest: cardsOf(e.listed[:min(len(e.listed), homeCards)])}
		p.frame(&v.Site, &v.Head, e, url, p.link(url), e.words.notFound, "", nil, b)
		v.Head.NoIndex = true
		return v
	})
}
