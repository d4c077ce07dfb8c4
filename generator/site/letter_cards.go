package site

import (
	"kaiho/generator/audience"
	"kaiho/generator/config"
	"kaiho/generator/content"
)

// Cards is what a reader's lists show of pages, for letters: one page is one card
// wherever it stands.
type Cards struct{ p *planner }

// NewCards returns the cards of o.Reader.
func NewCards(lib *content.Library, conf *config.Site, o Options) *Cards {
	return &Cards{newPlanner(lib, conf, o)}
}

// Card returns the card of a page.
func (c *Cards) Card(page *content.Page) Card { return c.p.card(page) }

// Site returns what every layout of the edition lang is told about the site.
func (c *Cards) Site(lang string) Site { return c.p.edition(lang).site }

// Section returns what a section is called in the edition lang, and its kind.
func (c *Cards) Section(lang, name string) (title, kind string) {
	e := c.p.edition(lang)
	sec := e.section(name)
	if sec == nil { // the reader sees no page of it in this edition
		sec = c.p.newSection(e, name)
	}
	return sec.title, string(sec.kind)
}

// Voices returns what people say on a page that the reader may read: the confirmed
// entries of notes, the voices of a report.
func (c *Cards) Voices(page *content.Page) []Voice {
	if c.p.lib.Sees(c.p.o.Reader, page) != content.All {
		return nil
	}
	var voices []Voice
	switch e := c.p.edition(page.Lang); {
	case page.Notes != nil:
		for _, note := range page.Notes.Entries {
			if note.Confirmed {
				voices = append(voices, Voice{Who: c.p.namedPerson(e, note.Person).Name, Text: note.Text})
			}
		}
	case page.Report != nil:
		for _, voice := range page.Report.Voices {
			voices = append(voices, Voice{voice.Who, voice.Text})
		}
	}
	return voices
}

// NameOf returns the name of a person of content/people, or the text itself.
func (c *Cards) NameOf(lang, person string) string { return c.p.nameOf(c.p.edition(lang), person) }

// Picture returns the picture of a page as letters have it: one that everybody may
// load, for a letter has no session, in a format that mail programs show. Its URL
// is empty if there is none.
func (c *Cards) Picture(page *content.Page) Image {
	file := c.p.lib.Image(page, page.Cover.Src)
	if file == nil || !file.VisibleTo(audience.Public) {
		return Image{}
	}
	image := c.p.image(page, page.Cover)
	url, r, ok := c.p.lib.LetterPicture(file)
	if !ok || image.URL == "" {
		return Image{}
	}
	image.URL, image.Width, image.Height, image.Srcset = c.p.link(url), r.Width, r.Height, ""
	return image
}
