package site

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
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
	it := p.find(page)
	if it == nil { // somebody, or words for a list
		it = p.loose(page)
	}
	var card Card
	it.card(&card)
	return card
}

// loose makes the item of a page that is in no list.
func (p *planner) loose(page *content.Page) *item {
	it := p.newItem(page, p.lib.Sees(p.o.Reader, page))
	it.sec = it.e.section(page.Section)
	if it.reads() {
		for _, name := range page.Tags {
			tag := Tag{Name: name}
			if t := it.e.byTag[content.TagSlug(name)]; t != nil {
				tag.URL = t.link
			}
			it.tags = append(it.tags, tag)
		}
	}
	it.complete()
	return &it
}

// card fills in the card of the item's page, where it is to stand: a card is
// large, and a list has many.
func (it *item) card(card *Card) {
	page := it.page
	*card = Card{URL: it.link, Title: page.Title, Ruby: page.Ruby, Summary: it.summary, Kind: string(page.Kind), Lang: page.Lang, Date: page.Published(),
		Seal: it.seal, Tags: it.tags, Authors: it.authors}
	if it.cover != nil {
		card.Cover = *it.cover
	}
	if it.sec != nil {
		card.Section = Link{Title: it.sec.title, URL: it.sec.link}
	}
	if !it.reads() {
		card.Locked = true
		if page.Event != nil { // among events it would pass for the day of this one
			card.Date = time.Time{}
		}
		return
	}
	card.Featured, card.Draft = page.Featured, page.Draft
	switch {
	case page.News != nil:
		card.Category = page.News.Category
	case page.Column != nil:
		card.Category = page.Column.Category
	case page.Event != nil:
		card.Event = it.planner().eventLine(page)
	case page.Job != nil:
		card.Job = it.planner().jobLine(it.e, page)
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
	if !isOneLine(text) {
		text = strings.Join(strings.Fields(text), " ")
	}
	end, ok := afterRunes(text, max)
	if !ok {
		return text
	}
	if !utf8.ValidString(text) {
		text = string([]rune(text))
		end, _ = afterRunes(text, max)
	}
	near, _ := afterRunes(text, max*2/3+1) // a cut before it would lose too much
	for at := end; at > near; {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		switch r {
		case '。', '！', '？', '.', '!', '?':
			return text[:at]
		}
		at -= size
	}
	for at := end; at > near; {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
		if r == ' ' || r == '、' {
			end = at
			break
		}
	}
	return text[:end] + "…"
}

// isOneLine reports whether text is its own words with single spaces between
// them, as summaries are.
func isOneLine(text string) bool {
	last := ' '
	for _, r := range text {
		if r <= '\u3000' && unicode.IsSpace(r) && (r != ' ' || last == ' ') {
			return false
		}
		last = r
	}
	return last != ' ' || text == ""
}

// afterRunes returns the offset after the first n runes of text; false if there
// are no more.
func afterRunes(text string, n int) (offset int, more bool) {
	if len(text) <= n {
		return len(text), false
	}
	for i := range text {
		if n == 0 {
			return i, true
		}
		n--
	}
	return len(text), false
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
		shown := file.Shown()
		image.URL, image.Width, image.Height, image.Srcset = shown.URL, shown.Width, shown.Height, shown.Srcset
	}
	return image
}

// isWeb reports whether an address is one of the web. What else front matter may
// name (ftp:, data:) is no picture for a reader's browser.
func isWeb(address string) bool {
	scheme, rest, ok := strings.Cut(address, "://")
	return ok && rest != "" && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http"))
}

// section returns the section of a name; nil if the edition has none.
func (e *edition) section(name string) *section { return e.byName[name] }

func cardsOf(items []*item) []Card {
	cards := make([]Card, len(items))
	for i, it := range items {
		it.card(&cards[i])
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
