package site

import (
	"strings"

	"kaiho/generator/audience"
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
	if p.o.Reader == audience.Public { // a letter shows what everybody may load
		p.letterPictures(func(f *content.File) {
			if url, r, ok := p.lib.LetterPicture(f); ok && r.Name != "" && !p.lib.Taken(url) {
				add(f, url, r)
			}
		})
	}
}

// letterPictures calls yield for every picture that a letter may show, or may have
// shown: the covers of pages, and what stands in the greetings.
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
