package site

import (
	"cmp"
	"strings"

	"kaiho/generator/card"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// LayoutOf returns the name of the layout of a page: the one that it asks for,
// or that of its kind.
func LayoutOf(page *content.Page) string {
	if page.Layout != "" {
		return strings.TrimSuffix(page.Layout, ".html") + ".html"
	}
	return string(page.Kind) + ".html"
}

// addPages adds the page of everything that the reader sees.
func (p *planner) addPages(e *edition) {
	for _, it := range e.shown {
		page := it.page
		if it.sight == content.Teaser {
			p.add(e, page.URL, "teaser.html", page, it.teaserView)
			p.locate(it)
			continue
		}
		p.add(e, page.URL, p.layoutOf(page), page, it.pageView)
		if !page.IsClosed(p.o.Now) {
			p.locate(it)
		}
		if page.Event != nil && config.On(p.conf.Outputs.Calendars) {
			p.encode(e, page.URL+"event.ics", ICS, it.calendarView)
		}
	}
}

// layoutOf is LayoutOf with one text for all pages of a layout.
func (p *planner) layoutOf(page *content.Page) string {
	name := cmp.Or(page.Layout, string(page.Kind))
	layout, ok := p.layouts[name]
	if !ok {
		layout = LayoutOf(page)
		p.layouts[name] = layout
	}
	return layout
}

// teaserView makes the view of a page of which the reader sees a teaser.
func (it *item) teaserView(b Bodies) any {
	var v TeaserPage
	it.card(&v.Card)
	it.frame(&v.Site, &v.Head, it.page.Title, it.page.Summary, b)
	it.planner().picture(&v.Head, v.Card.Cover)
	if it.planner().describes(&v.Head, b) {
		v.Head.Data = trusted(teaserData(v))
	}
	return v
}

// picture makes an image the one that stands for the page elsewhere. SVG is
// left out: the services that show it take bitmaps only.
func (p *planner) picture(h *Head, image Image) {
	if image.URL == "" || isSVG(image.URL) {
		return
	}
	h.Image, h.Image.Srcset = image, ""
	if strings.HasPrefix(image.URL, "/") {
		h.Image.URL = p.origin + image.URL
	}
}

func isSVG(url string) bool {
	return len(url) >= len(".svg") && strings.EqualFold(url[len(url)-len(".svg"):], ".svg")
}

// crumbs returns the way to the page.
func (it *item) crumbs(title string) []Link {
	own := Link{title, it.link}
	switch {
	case it.person != nil:
		return it.e.crumbs(Link{it.e.peopleTitle, it.planner().link(it.e.home + "people/")}, own)
	case it.sec != nil:
		return it.e.crumbs(Link{it.sec.title, it.sec.link}, own)
	}
	return it.e.crumbs(own)
}

// frame fills in Site and Head of a page of the content, whatever its kind. Of a
// teaser it says nothing of later changes.
func (it *item) frame(s *Site, h *Head, heading, description string, b Bodies) {
	p, page := it.planner(), it.page
	p.frame(s, h, it.e, page.URL, it.link, heading, description, it, b)
	if text, ok := it.title(); ok {
		h.Image = Image{URL: p.absolute("/assets/" + p.o.Font.Name(text)), Alt: text.Title, Width: card.Width, Height: card.Height}
	}
	h.Breadcrumbs = it.crumbs(heading)
	h.NoIndex = page.IsClosed(p.o.Now) || page.Draft
	h.Published = page.Published()
	if it.reads() {
		h.Updated = page.Updated.Time
	}
}

// article fills in what pages of all kinds have in common.
func (it *item) article(s *Site, h *Head, a *Article, b Bodies) {
	p, page := it.planner(), it.page
	it.frame(s, h, page.Title, it.summary, b)
	it.card(&a.Card)
	a.Lede, a.Points, a.Updated = page.Summary, page.Points, page.Updated.Time
	a.Params, a.Series, a.Related = params(page.Params), it.seriesView(), it.related()
	it.body(a, b)
	for _, id := range page.Authors {
		if person, ok := p.personByID(it.e, id); ok {
			a.Authors = append(a.Authors, person)
		}
	}
	it.neighbours(a)
	h.Type = "article"
	p.picture(h, a.Card.Cover)
	if it.sec != nil {
		h.Feeds = it.sec.feedLinks
	}
}

// body fills in the body of a page, and what is told of it.
func (it *item) body(a *Article, b Bodies) {
	p, page := it.planner(), it.page
	doc, ok := p.lib.Body(p.o.Reader, page)
	if !ok {
		return
	}
	lead := it.leadPicture(doc.Facts)
	resolve := func(ref markdown.Ref) markdown.Target {
		target := it.e.targets.resolve(p, page, ref)
		target.Lead = ref.Index == lead && ref.Kind == markdown.Image
		return target
	}
	if b == ForWriting {
		a.Body = trusted(doc.HTML(resolve))
	} else {
		a.Body = trusted(hashOf(doc.Hash(), doc.Refs, resolve))
	}
	a.Headings = headings(doc.Headings)
	a.Minutes = minutes(doc.Runes, doc.Words, page.Lang)
}

// leadPicture returns the index of the picture of a body that is seen at once, and
// so is loaded first: of a page without cover the one above all headings. -1: none.
func (it *item) leadPicture(facts *markdown.Facts) int {
	if it.cover != nil {
		return -1
	}
	for _, ref := range facts.Refs {
		if ref.Kind == markdown.Image {
			if len(facts.Headings) > 0 && ref.Line > facts.Headings[0].Line {
				return -1
			}
			return ref.Index
		}
	}
	return -1
}

// headings returns the headings that a table of contents has.
func headings(all []markdown.Heading) []Heading {
	count := 0
	for i := range all {
		if all[i].Level <= 3 {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	out := make([]Heading, 0, count)
	for i := range all {
		if all[i].Level <= 3 {
			out = append(out, Heading{all[i].Level, all[i].ID, all[i].Text})
		}
	}
	return out
}

// minutes is how long a text takes to read: 500 characters a minute in
// Japanese, 220 words in other languages.
func minutes(runes, words int, lang string) int {
	if lang == "ja" {
		return (runes + 250) / 500
	}
	return (words + 110) / 220
}
