package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
)

// addFeeds adds the feeds of an edition and of its sections.
func (p *planner) addFeeds(e *edition) {
	if !config.On(p.conf.Outputs.Feeds) {
		return
	}
	p.addFeed(e, e.home, e.link, e.site.Title, e.site.Description, e.listed)
	for _, sec := range e.sections {
		if sec.kind != content.KindPerson {
			p.addFeed(e, sec.url, sec.link, sec.title+"｜"+e.site.Title, sec.description, sec.listed)
		}
	}
}

// feedDate is the day of a page in feeds; zero if it has no place in them. What
// else than standing pages has no date of its own takes that of the end of its
// embargo.
func feedDate(page *content.Page) time.Time {
	if t := page.Published(); !t.IsZero() || page.Kind == content.KindPage {
		return t
	}
	return page.Publish.Time
}

// addFeed adds a feed in its three formats. It has what is dated: standing
// pages without a date are no news, and an event without a date of announcement
// has no place in an order of time.
func (p *planner) addFeed(e *edition, dir, link, title, subtitle string, listed []*item) {
	items := latestOf(listed, p.conf.Feeds.Items)
	for _, f := range []struct{ file, format string }{{"feed.xml", Atom}, {"rss.xml", RSS}, {"feed.json", JSONFeed}} {
		p.encode(e, dir+f.file, f.format, func(Bodies) any {
			v := FeedPage{Title: title, Subtitle: subtitle, Lang: e.lang, Home: p.origin + link, Self: p.origin + link + f.file,
				ID: p.origin + link, Author: cmp.Or(e.site.Organization.Name, e.site.Title), AuthorEmail: e.site.Organization.Contact,
				Icon: p.absolute("/favicon.ico")}
			for _, it := range items {
				v.Items = append(v.Items, it.feedItem())
			}
			return v
		})
	}
}

// latestOf returns the max latest of what is dated, in the order of feeds. A
// feed is short and a list may be long, so that the list is not sorted.
func latestOf(listed []*item, max int) []*item {
	type entry struct {
		it   *item
		date time.Time
	}
	var found []entry
	for _, it := range listed {
		e := entry{it, feedDate(it.page)}
		if e.date.IsZero() {
			continue
		}
		i, _ := slices.BinarySearchFunc(found, e, func(a, b entry) int {
			return cmp.Or(b.date.Compare(a.date), cmp.Compare(a.it.page.Path, b.it.page.Path))
		})
		if i < max {
			found = slices.Insert(found[:min(len(found), max-1)], i, e)
		}
	}
	items := make([]*item, len(found))
	for i, e := range found {
		items[i] = e.it
	}
	return items
}

func (it *item) feedItem() FeedItem {
	var card Card
	it.card(&card)
	p, page := it.planner(), it.page
	url := p.origin + it.link
	item := FeedItem{ID: url, URL: url, Title: card.Title, Summary: card.Summary, Lang: card.Lang,
		Published: feedDate(page), Authors: card.Authors}
	if !card.Locked {
		item.Updated = latest(item.Published, page.Updated.Time)
	}
	for _, tag := range card.Tags {
		item.Tags = append(item.Tags, tag.Name)
	}
	if strings.HasPrefix(card.Cover.URL, "/") {
		item.Image, item.ImageType = p.origin+card.Cover.URL, imageTypes[strings.ToLower(path.Ext(card.Cover.URL))]
	}
	return item
}

// imageTypes are the media types of pictures.
var imageTypes = map[string]string{".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml"}

// calendar makes the calendar of a section: also with what is over, so that it
// does not vanish from the calendars of those who subscribe.
func (p *planner) calendar(e *edition, sec *section) Calendar {
	c := Calendar{Name: sec.title + "｜" + e.site.Title, Description: sec.description, Lang: e.lang, URL: p.origin + sec.link,
		Source: p.origin + sec.link + "calendar.ics", Zone: p.conf.Timezone}
	items := slices.Clone(sec.events)
	soonestFirst(items)
	for _, it := range items {
		c.Events = append(c.Events, it.calendarEvent())
	}
	return c
}

// calendarView makes the calendar file of one event.
func (it *item) calendarView(Bodies) any {
	p := it.planner()
	return Calendar{Name: it.page.Title, Lang: it.e.lang, URL: p.origin + it.link, Source: p.origin + it.link + "event.ics",
		Zone: p.conf.Timezone, Events: []CalendarEvent{it.calendarEvent()}}
}

func (it *item) calendarEvent() CalendarEvent {
	e, p, page := it.e, it.planner(), it.page
	ev := page.Event
	place := strings.TrimSpace(ev.Venue.Name + " " + ev.Venue.Address)
	if place == "" {
		place = ev.Online.Service
	}
	c := CalendarEvent{
		UID:    page.Key + "@" + p.conf.Host(), // stable: the file's name, in all editions
		Stamp:  latest(page.Date.Time, page.Publish.Time, page.Updated.Time),
		Start:  ev.Start.Time,
		End:    ev.End.Time,
		AllDay: ev.AllDay, Title: page.Title, Description: it.summary, Location: place,
		URL: p.origin + it.link, OnlineURL: p.onlineURL(page), Status: p.eventLine(page).Status,
		Organizer: e.site.Organization.Name, OrganizerEmail: e.site.Organization.Contact,
	}
	if !page.Updated.IsZero() {
		c.Sequence = int(page.Updated.Unix() / (24 * 60 * 60)) // rises with every later update
	}
	if ev.Type != "" {
		c.Categories = []string{ev.Type}
	}
	return c
}

// addAliases adds a redirect at every former address of what the reader may
// read.
func (p *planner) addAliases() {
	for i := range p.items {
		if it := &p.items[i]; it.reads() {
			p.addRedirects(it)
		}
	}
	for _, page := range p.lib.People {
		if it := p.people[page]; it != nil {
			p.addRedirects(it)
		}
	}
}

func (p *planner) addRedirects(it *item) {
	for _, alias := range it.page.Aliases {
		p.add(it.e, alias, "redirect.html", nil, it.redirectView)
	}
}

func (it *item) redirectView(Bodies) any {
	return Redirect{Lang: it.e.lang, Title: it.page.Title, Target: it.planner().origin + it.link}
}

// addFiles adds the files beside pages and those of static/ that are not
// assets, which have names of their own.
func (p *planner) addFiles() {
	for _, files := range [][]*content.File{p.lib.Files, p.lib.Static} {
		for _, f := range files {
			if f.VisibleTo(p.o.Reader) && !strings.HasPrefix(f.URL, "/assets/") {
				p.outputs = append(p.outputs, Output{Path: strings.TrimPrefix(f.URL, "/"), File: f, Source: f.Path})
			}
		}
	}
}
