package site

import (
	"cmp"
	"slices"
	"strings"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// siteView makes the part of Site that is the same on all pages of an edition.
func (p *planner) siteView(e *edition) Site {
	o := p.conf.Organization
	s := Site{
		Title: p.conf.Title.In(e.lang), Description: p.conf.Description.In(e.lang), Lang: e.lang, Home: e.link,
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
	if logo := p.lib.StaticAt(p.conf.Theme.LogoPath()); logo != nil {
		s.Logo = Image{URL: p.link(logo.URL), Width: logo.Width, Height: logo.Height}
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
	if config.On(p.conf.Outputs.Search) {
		s.Search = p.link(e.home + "search/")
	}
	if p.conf.Newsletter.Subscribe { // the gate's own page, in the language of this one
		s.Subscribe = p.link("/subscribe")
		if len(p.conf.Languages) > 1 {
			s.Subscribe += "?lang=" + e.lang
		}
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
			s.Menu = append(s.Menu, MenuItem{Label: sec.title, URL: sec.link})
		}
	}
	for _, it := range e.menuPages() {
		page := it.page
		item := MenuItem{Label: page.Title, URL: it.link}
		if it.reads() { // of a teaser the title alone is for everyone
			item.Label = cmp.Or(page.Plain.Menu.Label, page.Title)
		}
		if page.Section == "" && len(p.conf.Menu) == 0 && (page.Plain.Menu.Weight != 0 || page.Plain.Menu.Label != "") {
			s.Menu = append(s.Menu, item)
		} else if it.reads() {
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
func (e *edition) menuPages() []*item {
	var items []*item
	for _, it := range e.shown {
		if plain := it.page.Plain; plain != nil && (it.page.Section == "" || plain.Menu.Weight != 0 || plain.Menu.Label != "") {
			items = append(items, it)
		}
	}
	byPlace(items)
	return items[:min(len(items), maxFooter)]
}

// descriptionRunes is how long the description in a page's head is at most:
// about what search engines show.
const descriptionRunes = 160

// frame fills in Site and Head for a page at url, which link is with the base
// path. it is nil for lists.
func (p *planner) frame(s *Site, h *Head, e *edition, url, link, heading, description string, it *item, b Bodies) {
	*s = e.site
	if b == ForWriting && p.o.Reader != "" {
		s.Reader, s.Seal = p.conf.AudienceTitle(string(p.o.Reader), e.lang), string(p.o.Reader)
	}
	s.Menu = e.menu.at(link, s.Home)
	s.Footer = e.footer.at(link, s.Home)
	s.Languages = p.languages(e, url, it)
	title := heading
	switch {
	case heading == s.Title || s.Title == "":
	case e.lang == "ja":
		title = heading + "｜" + s.Title
	default:
		title = heading + " | " + s.Title
	}
	*h = Head{Title: title, Heading: heading, Description: excerpt(description, descriptionRunes), Canonical: p.origin + link, Type: "website",
		Image: e.image}
	if h.Description == "" {
		h.Description = e.description
	}
}

// menu is a menu with a copy for each of its entries in which that one is
// marked: nearly every page is in one section, so that its menu is one of
// these.
type menu struct {
	plain  []MenuItem
	marked [][]MenuItem // empty for very long menus
}

// maxMarked is how long a menu may be of which there are copies.
const maxMarked = 64

func newMenu(items []MenuItem) menu {
	m := menu{plain: items}
	if len(items) > maxMarked {
		return m
	}
	for i := range items {
		copied := slices.Clone(items)
		copied[i].Current = true
		m.marked = append(m.marked, copied)
	}
	return m
}

// at returns the menu with the entries marked that url is or lies below.
func (m menu) at(url, home string) []MenuItem {
	only := -1
	for i := range m.plain {
		if !isAbove(&m.plain[i], url, home) {
			continue
		}
		if only >= 0 || len(m.marked) == 0 {
			return current(m.plain, url, home)
		}
		only = i
	}
	if only < 0 {
		return m.plain
	}
	return m.marked[only]
}

// current returns a copy of the menu with the entries marked that url is or
// lies below.
func current(items []MenuItem, url, home string) []MenuItem {
	out := slices.Clone(items)
	for i := range out {
		out[i].Current = isAbove(&out[i], url, home)
	}
	return out
}

// isAbove reports whether url is the entry or lies below it. Below the home page
// lies everything: it is only itself.
func isAbove(item *MenuItem, url, home string) bool {
	return item.URL == url || item.URL != home && strings.HasSuffix(item.URL, "/") && strings.HasPrefix(url, item.URL)
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
func (p *planner) languages(e *edition, url string, it *item) []LanguageLink {
	if len(p.editions) < 2 {
		return nil
	}
	links := make([]LanguageLink, 0, len(p.editions))
	below := strings.TrimPrefix(url, strings.TrimSuffix(e.home, "/"))
	for _, other := range p.editions {
		link := LanguageLink{Lang: other.lang, Name: cmp.Or(languageNames[other.lang], other.lang), Current: other == e}
		to := other.home
		switch {
		case other == e:
			to, link.Exact = url, true
		case it != nil:
			if t := it.page.In(other.lang); t != nil && p.lib.Sees(p.o.Reader, t) != content.Nothing {
				to, link.Exact = t.URL, true
			}
		case other.has(below):
			to, link.Exact = strings.TrimSuffix(other.home, "/")+below, true
		}
		link.URL = p.link(to)
		link.Absolute = p.origin + link.URL
		links = append(links, link)
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
	case "/search/":
		return config.On(e.p.conf.Outputs.Search)
	}
	return e.section(strings.Trim(below, "/")) != nil
}

// crumbs returns the way from the home page to a page, whose links have the
// base path.
func (e *edition) crumbs(links ...Link) []Link {
	return slices.Concat([]Link{{Title: e.words.home, URL: e.link}}, links)
}

// feedLinks are the feeds at dir, for the head.
func (p *planner) feedLinks(dir, title string) []Feed {
	return []Feed{
		{Title: title, Type: "application/atom+xml", URL: p.link(dir + "feed.xml")},
		{Title: title + " (RSS)", Type: "application/rss+xml", URL: p.link(dir + "rss.xml")},
		{Title: title + " (JSON)", Type: "application/feed+json", URL: p.link(dir + "feed.json")},
	}
}
