package site

import (
	"cmp"
	"strings"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// siteView makes the part of Site that is the same on all pages of an edition.
func (p *planner) siteView(e *edition) Site {
	o := p.conf.Organization
	s := Site{
		Title: p.conf.Title.In(e.lang), Description: p.conf.Description.In(e.lang), Lang: e.lang, Home: p.link(e.home),
		Organization: Organization{Name: o.Name.In(e.lang), PostalCode: o.PostalCode, Address: o.Address.In(e.lang),
			Contact: o.Contact, URL: o.URL},
		Params: params(p.conf.Params),
	}
	switch {
	case isWeb(o.Logo):
		s.Organization.Logo = o.Logo
	case o.Logo != "" && !strings.Contains(o.Logo, "://"):
		s.Organization.Logo = p.link("/" + strings.TrimPrefix(strings.TrimPrefix(o.Logo, "/"), "static/"))
	}
	p.menus(e, &s)
	if config.On(p.conf.Outputs.Feeds) {
		s.Feeds = p.feedLinks(e.home, s.Title)
	}
	if len(e.tags) > 0 {
		s.Tags = p.link(e.home + "tags/")
	}
	if len(e.people) > 0 {
		s.People = p.link(e.home + "people/")
	}
	for _, sec := range e.sections {
		if sec.kind == content.KindEvent && config.On(p.conf.Outputs.Calendars) && s.Calendar == "" {
			s.Calendar = p.link(sec.url + "calendar.ics")
		}
	}
	return s
}

// menus fills the main menu (as site.yaml has it, or else the sections, then
// the pages beside them that ask for a place) and the footer (the standing
// pages of a section that ask for a place, and the others beside the sections).
func (p *planner) menus(e *edition, s *Site) {
	for _, item := range p.conf.Menu {
		url := item.URL
		if strings.HasPrefix(url, "/") { // of this site; it may be held back now, or not for this reader
			from := &content.Page{Lang: e.lang}
			if url = p.lib.Resolve(p.o.Reader, from, markdown.Ref{Dest: p.inEdition(e, url)}).URL; url == "" {
				continue
			}
		}
		s.Menu = append(s.Menu, MenuItem{Label: item.Title.In(e.lang), URL: url})
	}
	for _, sec := range e.sections {
		if len(p.conf.Menu) == 0 && sec.kind != content.KindPerson {
			s.Menu = append(s.Menu, MenuItem{Label: sec.title, URL: p.link(sec.url)})
		}
	}
	for _, page := range e.menuPages() {
		item := MenuItem{Label: page.Title, URL: p.link(page.URL)}
		if p.reads(page) { // of a teaser the title alone is for everyone
			item.Label = cmp.Or(page.Plain.Menu.Label, page.Title)
		}
		if page.Section == "" && len(p.conf.Menu) == 0 && (page.Plain.Menu.Weight != 0 || page.Plain.Menu.Label != "") {
			s.Menu = append(s.Menu, item)
		} else if p.reads(page) {
			s.Footer = append(s.Footer, item)
		}
	}
}

// inEdition returns the URL of the same list or page in edition e, if it is
// there, and else url itself.
func (p *planner) inEdition(e *edition, url string) string {
	if e == p.editions[0] {
		return url
	}
	if e.has(url) {
		return strings.TrimSuffix(e.home, "/") + url
	}
	if page := p.lib.At(url); page != nil {
		if t := page.In(e.lang); t != nil && p.lib.Sees(p.o.Reader, t) != content.Nothing {
			return t.URL
		}
	}
	return url
}

// maxFooter is how many standing pages the footer names.
const maxFooter = 12

// menuPages returns the standing pages of the edition in their order.
func (e *edition) menuPages() []*content.Page {
	var pages []*content.Page
	for _, page := range e.shown {
		if page.Plain != nil && (page.Section == "" || page.Plain.Menu.Weight != 0 || page.Plain.Menu.Label != "") {
			pages = append(pages, page)
		}
	}
	byPlace(pages)
	return pages[:min(len(pages), maxFooter)]
}

// frame returns Site and Head for a page at url. page is nil for lists.
func (p *planner) frame(e *edition, url, heading, description string, page *content.Page, b Bodies) (Site, Head) {
	s := e.site
	if b == ForWriting && p.o.Reader != "" {
		s.Reader, s.Seal = p.conf.AudienceTitle(string(p.o.Reader), e.lang), string(p.o.Reader)
	}
	s.Menu = current(s.Menu, p.link(url), s.Home)
	s.Footer = current(s.Footer, p.link(url), s.Home)
	s.Languages = p.languages(e, url, page)
	title := heading
	if heading != s.Title && s.Title != "" {
		title = heading + "｜" + s.Title
		if e.lang != "ja" {
			title = heading + " | " + s.Title
		}
	}
	h := Head{Title: title, Heading: heading, Description: excerpt(description, 160), Canonical: p.absolute(url), Type: "website",
		Image: Image{URL: p.conf.Origin() + p.o.Card, Alt: s.Title, Width: p.o.CardW, Height: p.o.CardH}}
	if h.Description == "" {
		h.Description = excerpt(cmp.Or(s.Description, s.Title), 160)
	}
	return s, h
}

// current marks the menu entries that url is or lies below.
func current(menu []MenuItem, url, home string) []MenuItem {
	out := make([]MenuItem, len(menu))
	for i, item := range menu {
		item.Current = item.URL == url || item.URL != home && strings.HasSuffix(item.URL, "/") && strings.HasPrefix(url, item.URL)
		out[i] = item
	}
	return out
}

// exactly marks the entry that url is.
func exactly(items []MenuItem, url string) []MenuItem {
	out := make([]MenuItem, len(items))
	for i, item := range items {
		item.Current = item.URL == url
		out[i] = item
	}
	return out
}

// languageNames are the languages' own names.
var languageNames = map[string]string{"ja": "日本語", "en": "English", "vi": "Tiếng Việt", "zh": "中文", "ko": "한국어",
	"fr": "Français", "de": "Deutsch", "es": "Español", "pt": "Português", "th": "ไทย", "id": "Bahasa Indonesia"}

// languages returns the way to the other editions: to the translation of the
// page, or else to the edition's home page.
func (p *planner) languages(e *edition, url string, page *content.Page) []LanguageLink {
	if len(p.editions) < 2 {
		return nil
	}
	var links []LanguageLink
	below := strings.TrimPrefix(url, strings.TrimSuffix(e.home, "/"))
	for _, other := range p.editions {
		link := LanguageLink{Lang: other.lang, Name: cmp.Or(languageNames[other.lang], other.lang), Current: other == e}
		to := other.home
		switch {
		case other == e:
			to, link.Exact = url, true
		case page != nil:
			if t := page.In(other.lang); t != nil && p.lib.Sees(p.o.Reader, t) != content.Nothing {
				to, link.Exact = t.URL, true
			}
		case other.has(below):
			to, link.Exact = strings.TrimSuffix(other.home, "/")+below, true
		}
		link.URL, link.Absolute = p.link(to), p.absolute(to)
		links = append(links, link)
	}
	if len(links) < 2 {
		return nil
	}
	return links
}

// has reports whether the edition has the home page or list at a path below
// its home.
func (e *edition) has(below string) bool {
	switch below {
	case "/":
		return true
	case "/tags/":
		return len(e.tags) > 0
	case "/people/":
		return len(e.people) > 0
	}
	return e.section(strings.Trim(below, "/")) != nil
}

// crumbs returns the way from the home page to a page.
func (p *planner) crumbs(e *edition, links ...Link) []Link {
	out := []Link{{Title: e.words.home, URL: p.link(e.home)}}
	for _, l := range links {
		out = append(out, Link{Title: l.Title, URL: p.link(l.URL)})
	}
	return out
}

// feedLinks are the feeds at dir, for the head.
func (p *planner) feedLinks(dir, title string) []Feed {
	return []Feed{
		{Title: title, Type: "application/atom+xml", URL: p.link(dir + "feed.xml")},
		{Title: title + " (RSS)", Type: "application/rss+xml", URL: p.link(dir + "rss.xml")},
		{Title: title + " (JSON)", Type: "application/feed+json", URL: p.link(dir + "feed.json")},
	}
}
