package site

import (
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/card"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/markdown"
	"kaiho/generator/picture"
)

// addPictures adds what is made of the pictures that pages show, for whoever may
// have the picture. One picture in two places, under one name, makes it once.
func (p *planner) addPictures() {
	added := map[string]bool{}
	add := func(f *content.File, url string, r picture.Rendition) {
		if path := strings.TrimPrefix(url, "/"); !added[path] {
			added[path] = true
			p.outputs = append(p.outputs, Output{Path: path, File: f, Source: f.Path, Made: &r})
		}
	}
	for _, files := range [][]*content.File{p.lib.Files, p.lib.Static} {
		for _, f := range files {
			if !f.VisibleTo(p.o.Reader) {
				continue
			}
			for _, r := range f.Renditions() {
				add(f, content.RenditionURL(r), r)
			}
		}
	}
	p.addCards()
	p.letterPictures(func(f *content.File) {
		if url, r, ok := p.lib.LetterPicture(f); ok && r.Name != "" && !p.lib.Taken(url) {
			add(f, url, r)
		}
	})
}

// addCards adds the cards of the pages that have one. Two pages of one title share
// it.
func (p *planner) addCards() {
	added := map[string]bool{}
	add := func(it *item) {
		if text, ok := it.title(); ok {
			if name := p.o.Font.Name(text); !added[name] {
				added[name] = true
				p.outputs = append(p.outputs, Output{Path: "assets/" + name, Source: it.page.Path, Card: &text})
			}
		}
	}
	for i := range p.items {
		add(&p.items[i])
	}
	for _, page := range p.lib.People {
		if it := p.people[page]; it != nil {
			add(it)
		}
	}
}

// title returns what the card of a page says. False: it has none. It has no use for
// what only members see, which no service can fetch, and for a page that a
// photograph stands for.
func (it *item) title() (card.Text, bool) {
	p := it.planner()
	if p.o.Font == nil || p.lib.Sees(audience.Public, it.page) == content.Nothing {
		return card.Text{}, false
	}
	text := card.Text{Title: it.page.Title, Site: it.e.site.Title}
	shown := Image{}
	if it.cover != nil {
		shown = *it.cover
	}
	if it.person != nil {
		text.Title, shown = it.person.Name, it.person.Portrait
	}
	return text, (shown.URL == "" || isSVG(shown.URL)) && text.Title != "" && p.o.Font.Missing(text) == 0
}

// Titles calls yield with what the cards of a site say, and the pages that they
// stand for: for whoever checks that they can be drawn.
func Titles(lib *content.Library, conf *config.Site, yield func(page *content.Page, text card.Text)) {
	for _, page := range lib.Pages {
		if lib.Sees(audience.Public, page) != content.Nothing {
			yield(page, card.Text{Title: page.Title, Site: conf.Title.In(page.Lang)})
		}
	}
	for _, page := range lib.People {
		if lib.Sees(audience.Public, page) != content.Nothing {
			yield(page, card.Text{Title: page.Person.Name.In(page.Lang), Site: conf.Title.In(page.Lang)})
		}
	}
}

// letterPictures calls yield for every picture that a letter may show, or may have
// shown: the covers of pages, and what stands in the greetings, as far as everybody
// may load it, for a letter has no session.
func (p *planner) letterPictures(yield func(f *content.File)) {
	var covers []*content.File
	isSent := false
	show := func(f *content.File) {
		if f != nil && f.VisibleTo(audience.Public) {
			covers = append(covers, f)
		}
	}
	for _, page := range p.lib.Pages {
		if !page.Live() {
			continue
		}
		show(p.lib.Image(page, page.Cover.Src))
		if page.Kind != content.KindNewsletter {
			continue
		}
		isSent = true
		for _, r := range p.conf.Policy.Readers() {
			if doc, ok := p.lib.Body(r, page); ok {
				for _, ref := range doc.Refs {
					if ref.Kind == markdown.Image {
						show(p.lib.Image(page, ref.Dest))
					}
				}
			}
		}
	}
	for _, f := range covers {
		if isSent {
			yield(f)
		}
	}
}
