package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
)

// locate notes a page for the sitemap. page is nil for lists.
func (p *planner) locate(e *edition, url string, page *content.Page, modified time.Time) {
	if page != nil && page.Draft {
		return
	}
	u := SitemapURL{Loc: p.absolute(url), Modified: modified}
	for _, l := range p.languages(e, url, page) {
		if l.Exact {
			u.Alternates = append(u.Alternates, Alternate{Lang: l.Lang, URL: l.Absolute})
		}
	}
	if len(u.Alternates) < 2 {
		u.Alternates = nil
	} else { // for those who read none of the languages, as in the head of the page
		u.Alternates = append(u.Alternates, Alternate{Lang: "x-default", URL: u.Alternates[0].URL})
	}
	p.urls = append(p.urls, u)
}

// addFeeds adds the feeds of an edition and of its sections.
func (p *planner) addFeeds(e *edition) {
	if !config.On(p.conf.Outputs.Feeds) {
		return
	}
	p.addFeed(e, e.home, e.site.Title, e.site.Description, e.listed)
	for _, sec := range e.sections {
		if sec.kind != content.KindPerson {
			p.addFeed(e, sec.url, sec.title+"｜"+e.site.Title, sec.description, sec.listed)
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
func (p *planner) addFeed(e *edition, dir, title, subtitle string, pages []*content.Page) {
	dated := slices.DeleteFunc(slices.Clone(pages), func(page *content.Page) bool {
		return feedDate(page).IsZero()
	})
	slices.SortStableFunc(dated, func(a, b *content.Page) int {
		return cmp.Or(feedDate(b).Compare(feedDate(a)), cmp.Compare(a.Path, b.Path))
	})
	dated = dated[:min(len(dated), p.conf.Feeds.Items)]
	for _, f := range []struct{ file, format string }{{"feed.xml", Atom}, {"rss.xml", RSS}, {"feed.json", JSONFeed}} {
		p.encode(e, dir+f.file, f.format, func(Bodies) any {
			v := FeedPage{Title: title, Subtitle: subtitle, Lang: e.lang, Home: p.absolute(dir), Self: p.absolute(dir + f.file),
				ID: p.absolute(dir), Author: cmp.Or(e.site.Organization.Name, e.site.Title), AuthorEmail: e.site.Organization.Contact,
				Icon: p.absolute("/favicon.ico")}
			for _, page := range dated {
				v.Items = append(v.Items, p.feedItem(page))
			}
			return v
		})
	}
}

func (p *planner) feedItem(page *content.Page) FeedItem {
	card := p.card(page)
	item := FeedItem{ID: p.absolute(page.URL), URL: p.absolute(page.URL), Title: card.Title, Summary: card.Summary, Lang: card.Lang,
		Published: feedDate(page), Authors: card.Authors}
	if !card.Locked {
		item.Updated = latest(item.Published, page.Updated.Time)
	}
	for _, tag := range card.Tags {
		item.Tags = append(item.Tags, tag.Name)
	}
	if strings.HasPrefix(card.Cover.URL, "/") {
		item.Image, item.ImageType = p.conf.Origin()+card.Cover.URL, imageTypes[strings.ToLower(path.Ext(card.Cover.URL))]
	}
	return item
}

// imageTypes are the media types of pictures.
var imageTypes = map[string]string{".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml"}

// calendar makes the calendar of a section: also with what is over, so that it
// does not vanish from the calendars of those who subscribe.
func (p *planner) calendar(e *edition, sec *section) Calendar {
	c := Calendar{Name: sec.title + "｜" + e.site.Title, Description: sec.description, Lang: e.lang, URL: p.absolute(sec.url),
		Source: p.absolute(sec.url + "calendar.ics"), Zone: p.conf.Timezone}
	pages := slices.Clone(sec.events)
	soonestFirst(pages)
	for _, page := range pages {
		c.Events = append(c.Events, p.calendarEvent(e, page))
	}
	return c
}

// eventCalendar makes the calendar file of one event.
func (p *planner) eventCalendar(e *edition, page *content.Page) Calendar {
	return Calendar{Name: page.Title, Lang: e.lang, URL: p.absolute(page.URL), Source: p.absolute(page.URL + "event.ics"),
		Zone: p.conf.Timezone, Events: []CalendarEvent{p.calendarEvent(e, page)}}
}

func (p *planner) calendarEvent(e *edition, page *content.Page) CalendarEvent {
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
		AllDay: ev.AllDay, Title: page.Title, Description: p.summary(page), Location: place,
		URL: p.absolute(page.URL), OnlineURL: p.onlineURL(page), Status: p.eventLine(page).Status,
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
	for _, pages := range [][]*content.Page{p.lib.Pages, p.lib.People} {
		for _, page := range pages {
			if !p.reads(page) {
				continue
			}
			e := p.edition(page.Lang)
			for _, alias := range page.Aliases {
				p.add(e, alias, "redirect.html", nil, func(Bodies) any {
					return Redirect{Lang: e.lang, Title: page.Title, Target: p.absolute(page.URL)}
				})
			}
		}
	}
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

// addSitemap adds the sitemap, in several files if it is large, and robots.txt.
func (p *planner) addSitemap() {
	e := p.editions[0]
	slices.SortFunc(p.urls, func(a, b SitemapURL) int { return cmp.Compare(a.Loc, b.Loc) })
	parts := splitSitemap(p.urls)
	if len(parts) <= 1 {
		p.encode(e, "/sitemap.xml", SitemapXML, func(Bodies) any { return Sitemap{URLs: p.urls} })
	} else {
		index := SitemapIndex{}
		for i, part := range parts {
			url := fmt.Sprintf("/sitemap-%d.xml", i+1)
			index.Parts = append(index.Parts, SitemapPart{Loc: p.absolute(url), Modified: newestURL(part)})
			p.encode(e, url, SitemapXML, func(Bodies) any { return Sitemap{URLs: part} })
		}
		p.encode(e, "/sitemap.xml", SitemapParts, func(Bodies) any { return index })
	}
	if p.lib.StaticAt("/robots.txt") == nil {
		p.encode(e, "/robots.txt", RobotsTXT, func(Bodies) any { return Robots{Sitemap: p.absolute("/sitemap.xml")} })
	}
}
