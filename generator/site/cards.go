package site

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kaiho/generator/content"
	"kaiho/generator/frontmatter"
)

// excerptRunes is how much of a body stands in for a missing summary.
const excerptRunes = 110

// card returns what a list shows of a page to the reader. Of a page that the
// reader may not read it has only what a teaser may show: title, summary,
// cover, kind, day and whom it is for.
func (p *planner) card(page *content.Page) Card {
	if card, ok := p.cards[page]; ok {
		return card
	}
	return p.newCard(page)
}

func (p *planner) newCard(page *content.Page) Card {
	e := p.edition(page.Lang)
	card := Card{
		URL:     p.link(page.URL),
		Title:   page.Title,
		Summary: page.Summary,
		Kind:    string(page.Kind),
		Lang:    page.Lang,
		Date:    page.Published(),
		Cover:   p.image(page, page.Cover),
		Seal:    p.seal(page, e.lang),
	}
	if s := e.section(page.Section); s != nil {
		card.Section = Link{Title: s.title, URL: p.link(s.url)}
	}
	if p.reads(page) {
		p.fill(&card, e, page)
		return card
	}
	card.Locked = true
	if page.Event != nil { // among events it would pass for the day of this one
		card.Date = time.Time{}
	}
	return card
}

// fill adds to a card what only those know who may read the page.
func (p *planner) fill(card *Card, e *edition, page *content.Page) {
	card.Summary = p.summary(page)
	card.Featured, card.Draft = page.Featured, page.Draft
	for _, name := range page.Tags {
		tag := Tag{Name: name}
		if t := e.byTag[content.TagSlug(name)]; t != nil {
			tag.URL = p.link(t.url)
		}
		card.Tags = append(card.Tags, tag)
	}
	for _, id := range page.Authors {
		if person := p.lib.Person(id, e.lang); person != nil && p.reads(person) {
			card.Authors = append(card.Authors, person.Person.Name.In(e.lang))
		}
	}
	switch {
	case page.News != nil:
		card.Category = page.News.Category
	case page.Column != nil:
		card.Category = page.Column.Category
	case page.Event != nil:
		card.Event = p.eventLine(page)
	case page.Job != nil:
		card.Job = p.jobLine(e, page)
	}
}

func (p *planner) eventLine(page *content.Page) EventLine {
	ev := page.Event
	line := EventLine{Start: ev.Start.Time, End: ev.End.Time, AllDay: ev.AllDay, Type: ev.Type, Mode: ev.Mode,
		Place: cmp.Or(ev.Venue.Name, ev.Venue.Address), Deadline: ev.Deadline.Time, Until: lastMoment(ev.Deadline), Status: ev.Status}
	line.Past = page.IsPast(p.o.Now)
	line.Closed = line.Past || !ev.Deadline.IsZero() && !content.EndOfDay(ev.Deadline).After(p.o.Now)
	line.Running = !line.Past && !ev.Start.After(p.o.Now) && ev.Status != "cancelled" && ev.Status != "postponed"
	if line.Status == "scheduled" || line.Status == "done" {
		line.Status = ""
	}
	return line
}

func (p *planner) jobLine(e *edition, page *content.Page) JobLine {
	j := page.Job
	line := JobLine{Organization: cmp.Or(j.Organization.Name, e.site.Organization.Name, p.conf.Organization.Name.In(e.lang)),
		EmploymentType: j.EmploymentType, Place: j.Place.Initial, Remote: j.Remote, Closes: j.Closes.Time, Until: lastMoment(j.Closes)}
	if line.Place == "" && len(j.Locations) > 0 {
		l := j.Locations[0]
		line.Place = addressLine(e.lang, "", l.Region, l.Locality, "")
	}
	line.Closed = page.IsClosed(p.o.Now)
	return line
}

// lastMoment returns the last second of a day that has no clock, t itself if it
// has one: until when a thing is open that closes on t.
func lastMoment(t frontmatter.Time) time.Time {
	if t.IsZero() || !t.DateOnly {
		return t.Time
	}
	return content.EndOfDay(t).Add(-time.Second)
}

// addressLine writes an address in a line: in Japanese from the large to the
// small, without separators; in other languages from the small to the large.
func addressLine(lang, code, region, locality, street string) string {
	code, region, locality, street = strings.TrimSpace(code), strings.TrimSpace(region), strings.TrimSpace(locality), strings.TrimSpace(street)
	if lang == "ja" {
		if code != "" {
			code = "〒" + strings.TrimPrefix(code, "〒") + " "
		}
		return strings.TrimSpace(code + region + locality + street)
	}
	parts := slices.DeleteFunc([]string{street, locality, region}, func(part string) bool { return part == "" })
	return strings.TrimSpace(strings.Join(parts, ", ") + " " + strings.TrimPrefix(code, "〒"))
}

// seal names the audiences of a page.
func (p *planner) seal(page *content.Page, lang string) string {
	titles := make([]string, 0, len(page.Audience))
	for _, name := range page.Audience {
		titles = append(titles, p.conf.AudienceTitle(name, lang))
	}
	if lang == "ja" {
		return strings.Join(titles, "・")
	}
	return strings.Join(titles, ", ")
}

// summary returns the page's summary, or the beginning of its first paragraphs
// without any members' part; empty if the reader may not read the page.
func (p *planner) summary(page *content.Page) string {
	if page.Summary != "" {
		return page.Summary
	}
	doc, ok := p.lib.Plain(p.o.Reader, page)
	if !ok {
		return ""
	}
	return excerpt(doc.Lead, excerptRunes)
}

// excerpt returns the first max runes of text in one line, cut at the end of a
// sentence or word if there is one near.
func excerpt(text string, max int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= max {
		return text
	}
	runes := []rune(text)[:max]
	for i := len(runes) - 1; i > max*2/3; i-- {
		switch runes[i] {
		case '。', '！', '？', '.', '!', '?':
			return string(runes[:i+1])
		}
	}
	for i := len(runes) - 1; i > max*2/3; i-- {
		if runes[i] == ' ' || runes[i] == '、' {
			runes = runes[:i]
			break
		}
	}
	return string(runes) + "…"
}

// image returns a picture of a page's front matter, if the reader may have it.
func (p *planner) image(page *content.Page, picture content.Image) Image {
	if picture.Src == "" {
		return Image{}
	}
	image := Image{Alt: picture.Alt, Caption: picture.Caption, Credit: picture.Credit}
	file := p.lib.Image(page, picture.Src)
	switch {
	case file == nil && isWeb(picture.Src):
		image.URL = picture.Src
	case file == nil || !file.VisibleTo(p.o.Reader):
		return Image{}
	default:
		image.URL, image.Width, image.Height = p.link(file.URL), file.Width, file.Height
	}
	return image
}

// isWeb reports whether an address is one of the web. What else front matter may
// name (ftp:, data:) is no picture for a reader's browser.
func isWeb(address string) bool {
	scheme, rest, ok := strings.Cut(address, "://")
	return ok && rest != "" && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http"))
}

func (e *edition) section(name string) *section {
	for _, s := range e.sections {
		if s.name == name {
			return s
		}
	}
	return nil
}

func (p *planner) cardsOf(pages []*content.Page) []Card {
	cards := make([]Card, 0, len(pages))
	for _, page := range pages {
		cards = append(cards, p.card(page))
	}
	return cards
}

// params returns free front matter as layouts see it.
func params(from []frontmatter.Param) []Param {
	out := make([]Param, 0, len(from))
	for _, param := range from {
		out = append(out, Param{Key: param.Key, Values: param.Values})
	}
	return out
}
