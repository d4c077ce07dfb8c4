package content

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/audience"
)

// TagSlug returns the last part of the URL of a tag's page: the tag in lower
// case, NFC, with hyphens for spaces and for what cannot stand in a path.
func TagSlug(tag string) string {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r <= ' ' || r == 0x7f || r == '\u3000' || strings.ContainsRune(`/\?#%:*"<>|.&'`, r):
			return '-'
		}
		return r
	}, strings.ToLower(norm.NFC.String(strings.TrimSpace(tag))))
	if slug = strings.Trim(slug, "-"); slug == "" {
		return "tag"
	}
	return slug
}

// list is a section in one edition.
type list struct{ lang, section string }

// findMade notes the URLs of the lists, feeds and calendars that the plan of
// each reader will have, so that links to them can be checked. A test compares
// it with the plan.
func (l *Library) findMade() {
	l.made = map[string]readers{}
	lists := map[list]readers{}
	note := func(where list, r audience.Reader) {
		if lists[where] == nil {
			lists[where] = readers{}
		}
		lists[where][r] = true
	}
	everyone := l.o.Policy.Readers()
	for _, r := range everyone {
		for _, p := range l.Lists {
			if l.Sees(r, p) != Nothing {
				note(list{p.Lang, p.Section}, r)
			}
		}
		l.makes(r, "/sitemap.xml")
		l.makes(r, "/robots.txt")
		for _, lang := range l.o.Languages {
			home := prefix(lang, l.o.Languages) + "/"
			l.makes(r, home)
			l.makes(r, home+"404.html")
			l.makeFeeds(r, home)
		}
	}
	for _, p := range l.Pages {
		for _, r := range everyone {
			if l.Sees(r, p) == Nothing {
				continue
			}
			if p.Section != "" {
				note(list{p.Lang, p.Section}, r)
			}
			l.makeFor(r, p)
		}
	}
	for where, seen := range lists {
		for r := range seen {
			l.makeList(r, where)
		}
	}
	for _, p := range l.People {
		for _, r := range everyone {
			if l.Sees(r, p) == All {
				l.makes(r, prefix(p.Lang, l.o.Languages)+"/people/")
			}
		}
	}
}

// makes notes that the plan of r has url.
func (l *Library) makes(r audience.Reader, url string) {
	if l.made[url] == nil {
		l.made[url] = readers{}
	}
	l.made[url][r] = true
}

func (l *Library) makeFeeds(r audience.Reader, dir string) {
	if l.o.Feeds {
		for _, name := range feedNames {
			l.makes(r, dir+name)
		}
	}
}

func (l *Library) makeList(r audience.Reader, where list) {
	dir := prefix(where.lang, l.o.Languages) + "/" + where.section + "/"
	switch kind := l.o.Kind(where.section); kind {
	case KindPerson:
	case KindPage:
		l.makes(r, dir)
	default:
		l.makes(r, dir)
		l.makeFeeds(r, dir)
		if kind == KindEvent && l.o.Calendars {
			l.makes(r, dir+"calendar.ics")
		}
	}
}

// makeFor notes what is there for r because of p.
func (l *Library) makeFor(r audience.Reader, p *Page) {
	if l.Sees(r, p) != All {
		return
	}
	home := prefix(p.Lang, l.o.Languages) + "/"
	if len(p.Tags) > 0 && l.Tagged(r, p) {
		l.makes(r, home+"tags/")
		for _, tag := range p.Tags {
			l.makes(r, home+"tags/"+TagSlug(tag)+"/")
		}
	}
	if p.Event == nil {
		return
	}
	if l.o.Calendars {
		l.makes(r, p.URL+"event.ics")
	}
	switch {
	case p.IsPast(l.o.Now):
		l.makes(r, home+p.Section+"/past/")
	case p.Event.Type != "":
		l.makes(r, home+p.Section+"/types/"+TagSlug(p.Event.Type)+"/")
	}
}
