package content

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/audience"
)

// TagSlug returns the last part of the URL of a tag's page: the tag in lower
// case, NFC, with hyphens for spaces and for what cannot stand in a path. The
// sign of C# is written out; the one that begins a hashtag is not a part of it.
func TagSlug(tag string) string {
	tag = strings.TrimLeft(strings.TrimSpace(tag), "#＃")
	slug := strings.Map(func(r rune) rune {
		switch {
		case r <= ' ' || r == 0x7f || r == '\u3000' || strings.ContainsRune(`/\?%:*"<>|.&'`, r):
			return '-'
		}
		return r
	}, strings.ReplaceAll(strings.ToLower(norm.NFC.String(tag)), "#", "sharp"))
	if slug = strings.Trim(slug, "-"); slug == "" {
		return "tag"
	}
	return slug
}

// maker gathers the URLs of the lists, feeds and calendars that the plan of each
// reader has, so that links to them can be checked. A test compares it with the
// plan.
type maker struct {
	l    *Library
	sees func(audience.Reader, *Page) Sight
	made map[string]readers
	held map[string]*Page // URL → a page that is not shown now and belongs there
	done map[made]bool    // what a page that is shown has been the reason of already
}

// made is what a reader has because of a page of a section, or of its tag.
type made struct {
	reader             audience.Reader
	lang, section, tag string
}

// again reports whether a page that is shown was the reason of w before.
func (m *maker) again(p *Page, w made) bool {
	if !p.Live() || m.done[w] {
		return p.Live()
	}
	m.done[w] = true
	return false
}

// findMade notes what is made now, and what is when nothing is held back: that
// the only page of a list waits or has expired breaks no link to the list.
func (l *Library) findMade(pages []*Page) {
	l.made = l.newMaker(l.Sees).all(pages).made
	m := l.newMaker(l.seesOnce).all(pages)
	l.later, l.waiting = m.made, m.held
}

func (l *Library) newMaker(sees func(audience.Reader, *Page) Sight) *maker {
	return &maker{l: l, sees: sees, made: map[string]readers{}, held: map[string]*Page{}, done: map[made]bool{}}
}

func (m *maker) all(pages []*Page) *maker {
	for _, r := range m.l.o.Policy.Readers() {
		m.makes(r, "/sitemap.xml", nil)
		m.makes(r, "/robots.txt", nil)
		m.makeHome(r, m.l.o.Languages[0], nil)
		if m.l.o.Subscribe {
			m.makes(r, "/subscribe/", nil)
		}
		for _, p := range pages {
			if m.sees(r, p) != Nothing {
				m.makeFor(r, p)
			}
		}
	}
	return m
}

// makes notes that the plan of r has url, because of p.
func (m *maker) makes(r audience.Reader, url string, p *Page) {
	if m.made[url] == nil {
		m.made[url] = readers{}
	}
	m.made[url][r] = true
	if p != nil && !p.Live() && m.held[url] == nil {
		m.held[url] = p
	}
}

// makeFor notes what is there for r because of p. The lists of tags, types and
// past events are there also while they are empty, so that links to them last.
func (m *maker) makeFor(r audience.Reader, p *Page) {
	home := prefix(p.Lang, m.l.o.Languages) + "/"
	if p.Kind == KindPerson {
		if m.sees(r, p) == All {
			m.makeHome(r, p.Lang, p)
			m.makes(r, home+"people/", p)
		}
		return
	}
	if !m.again(p, made{r, p.Lang, p.Section, ""}) {
		m.makeHome(r, p.Lang, p)
		if p.Section != "" {
			m.makeList(r, p, home+p.Section+"/")
		}
	}
	if m.sees(r, p) != All || p.Index {
		return
	}
	for _, tag := range p.Tags {
		if m.again(p, made{r, p.Lang, "", tag}) {
			continue
		}
		m.makes(r, home+"tags/", p)
		m.makes(r, home+"tags/"+TagSlug(tag)+"/", p)
	}
	if p.Event == nil {
		return
	}
	if m.l.o.Calendars {
		m.makes(r, p.URL+"event.ics", p)
	}
	m.makes(r, home+p.Section+"/past/", p)
	if p.Event.Type != "" {
		m.makes(r, home+p.Section+"/types/"+TagSlug(p.Event.Type)+"/", p)
	}
}

// makeHome notes what an edition has of which a reader sees anything.
func (m *maker) makeHome(r audience.Reader, lang string, p *Page) {
	home := prefix(lang, m.l.o.Languages) + "/"
	m.makes(r, home, p)
	m.makes(r, home+"404.html", p)
	if m.l.o.Search {
		m.makes(r, home+"search/", p)
	}
	m.makeFeeds(r, home, p)
}

func (m *maker) makeFeeds(r audience.Reader, dir string, p *Page) {
	if m.l.o.Feeds {
		for _, name := range feedNames {
			m.makes(r, dir+name, p)
		}
	}
}

func (m *maker) makeList(r audience.Reader, p *Page, dir string) {
	kind := m.l.o.Kind(p.Section)
	if kind == KindPerson {
		return
	}
	m.makes(r, dir, p)
	m.makeFeeds(r, dir, p)
	if kind == KindEvent && m.l.o.Calendars {
		m.makes(r, dir+"calendar.ics", p)
	}
}

// Made returns the URLs that r's plan is expected to have besides pages and
// files, sorted.
func (l *Library) Made(r audience.Reader) []string {
	var urls []string
	for url, readers := range l.made {
		if readers[r] {
			urls = append(urls, url)
		}
	}
	slices.Sort(urls)
	return urls
}
