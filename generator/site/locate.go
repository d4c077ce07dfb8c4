package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// place is an address for the sitemap: a page of the content, or a page of a
// list. Its URL and its translations are made when the sitemap is, because
// they are longer than all else that a plan keeps of a page.
type place struct {
	item *item // nil: of a list
	list *list
	page int32 // of the list, from 1
}

// locate notes a page for the sitemap. Drafts have no place in it.
func (p *planner) locate(it *item) {
	if !it.page.Draft {
		p.places = append(p.places, place{item: it})
	}
}

// locateList notes a list without further pages for the sitemap. items are what
// its date is from.
func (p *planner) locateList(e *edition, url string, items []*item) {
	l := &list{e: e, url: url, link: p.link(url), items: items, size: max(1, len(items))}
	p.places = append(p.places, place{list: l, page: 1})
}

// sitemapURL returns the entry of a place.
func (p *planner) sitemapURL(at place) SitemapURL {
	var (
		u        SitemapURL
		e        *edition
		url, own string
	)
	if at.item != nil {
		e, url, own = at.item.e, at.item.url(), at.item.link
		u.Modified = at.item.modified()
	} else {
		e, url, own = at.list.e, at.list.page(at.list.url, int(at.page)), at.list.page(at.list.link, int(at.page))
		u.Modified = newest(at.list.cut(int(at.page)))
	}
	u.Loc = p.origin + own
	for _, l := range p.languages(e, url, at.item) {
		if l.Exact {
			u.Alternates = append(u.Alternates, Alternate{Lang: l.Lang, URL: l.Absolute})
		}
	}
	if len(u.Alternates) < 2 {
		u.Alternates = nil
	} else { // for those who read none of the languages, as in the head of the page
		u.Alternates = append(u.Alternates, Alternate{Lang: "x-default", URL: u.Alternates[0].URL})
	}
	return u
}

// modified returns when the page was last changed. When a page was changed of
// which the reader sees a teaser is not the reader's to know.
func (it *item) modified() time.Time {
	if !it.reads() {
		return it.page.Published()
	}
	return latest(it.page.Published(), it.page.Updated.Time)
}

// newest returns when the newest of pages was last changed.
func newest(items []*item) time.Time {
	var t time.Time
	for _, it := range items {
		t = latest(t, it.modified())
	}
	return t
}

// sitemapOf returns the sitemap of places.
func (p *planner) sitemapOf(places []place) Sitemap {
	urls := make([]SitemapURL, len(places))
	for i, at := range places {
		urls[i] = p.sitemapURL(at)
	}
	slices.SortFunc(urls, func(a, b SitemapURL) int { return cmp.Compare(a.Loc, b.Loc) })
	return Sitemap{URLs: urls}
}

// addSitemap adds the sitemap, in several files if it is large, and robots.txt.
func (p *planner) addSitemap() {
	e := p.editions[0]
	if places := slices.Clone(p.places); p.fitsOneFile(places) {
		p.encode(e, "/sitemap.xml", SitemapXML, func(Bodies) any { return p.sitemapOf(places) })
	} else {
		p.addSitemapParts(e, places)
	}
	if p.lib.StaticAt("/robots.txt") == nil {
		p.encode(e, "/robots.txt", RobotsTXT, func(Bodies) any { return Robots{Sitemap: p.absolute("/sitemap.xml")} })
	}
}

// fitsOneFile reports whether one file is enough without any doubt: if all URLs
// were as long as the longest, and all pages in all languages.
func (p *planner) fitsOneFile(places []place) bool {
	longest := 0
	for _, at := range places {
		if at.item != nil {
			longest = max(longest, len(at.item.link))
		} else {
			longest = max(longest, len(at.list.page(at.list.link, int(at.page))))
		}
	}
	url := Alternate{Lang: strings.Repeat("x", 32), URL: p.origin + strings.Repeat("x", longest)}
	u := SitemapURL{Loc: url.URL, Alternates: slices.Repeat([]Alternate{url}, len(p.editions)+1)}
	return len(places) <= maxSitemapURLs && len(places)*sitemapLength(u) <= maxSitemapBytes
}

// addSitemapParts adds the sitemap of a large site: an index and its parts, or
// one file if that is enough after all. The parts know their places in order, so
// that each of them costs no more than itself.
func (p *planner) addSitemapParts(e *edition, places []place) {
	type located struct {
		place
		SitemapURL
	}
	all := make([]located, len(places))
	for i, at := range places {
		all[i] = located{at, p.sitemapURL(at)}
	}
	slices.SortFunc(all, func(a, b located) int { return cmp.Compare(a.Loc, b.Loc) })
	urls := make([]SitemapURL, len(all))
	for i, l := range all {
		places[i], urls[i] = l.place, l.SitemapURL
	}
	parts := splitSitemap(urls)
	if len(parts) == 1 {
		p.encode(e, "/sitemap.xml", SitemapXML, func(Bodies) any { return p.sitemapOf(places) })
		return
	}
	index := SitemapIndex{}
	for i, part := range parts {
		url := fmt.Sprintf("/sitemap-%d.xml", i+1)
		index.Parts = append(index.Parts, SitemapPart{Loc: p.absolute(url), Modified: newestURL(part)})
		own := places[:len(part):len(part)]
		places = places[len(part):]
		p.encode(e, url, SitemapXML, func(Bodies) any { return p.sitemapOf(own) })
	}
	p.encode(e, "/sitemap.xml", SitemapParts, func(Bodies) any { return index })
}
