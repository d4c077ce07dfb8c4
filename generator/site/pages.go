package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kaiho/generator/config"
	"kaiho/generator/content"
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
	for _, page := range e.shown {
		if p.lib.Sees(p.o.Reader, page) == content.Teaser {
			p.addTeaser(e, page)
			continue
		}
		p.add(e, page.URL, LayoutOf(page), page, func(b Bodies) any { return p.pageView(e, page, b) })
		if !page.IsClosed(p.o.Now) { // nor is a draft in the sitemap: see locate
			p.locate(e, page.URL, page, latest(page.Published(), page.Updated.Time))
		}
		if page.Event != nil && config.On(p.conf.Outputs.Calendars) {
			p.encode(e, page.URL+"event.ics", ICS, func(Bodies) any { return p.eventCalendar(e, page) })
		}
	}
}

func (p *planner) addTeaser(e *edition, page *content.Page) {
	p.add(e, page.URL, "teaser.html", page, func(b Bodies) any {
		card := p.card(page)
		s, h := p.pageFrame(e, page, page.Title, page.Summary, b)
		p.picture(&h, card.Cover)
		v := TeaserPage{Site: s, Head: h, Card: card}
		p.finish(&v.Head, b, func() string { return teaserData(v) })
		return v
	})
	p.locate(e, page.URL, page, page.Published())
}

// picture makes an image the one that stands for the page elsewhere. SVG is
// left out: the services that show it take bitmaps only.
func (p *planner) picture(h *Head, image Image) {
	if image.URL == "" || strings.HasSuffix(strings.ToLower(image.URL), ".svg") {
		return
	}
	h.Image = image
	if strings.HasPrefix(image.URL, "/") {
		h.Image.URL = p.conf.Origin() + image.URL
	}
}

func (p *planner) crumbsTo(e *edition, page *content.Page, title string) []Link {
	var links []Link
	if page.Person != nil {
		links = append(links, Link{p.peopleTitle(e), e.home + "people/"})
	} else if s := e.section(page.Section); s != nil {
		links = append(links, Link{s.title, s.url})
	}
	return p.crumbs(e, append(links, Link{title, page.URL})...)
}

// pageFrame returns Site and Head of a page of the content, whatever its kind.
// Of a teaser it says nothing of later changes.
func (p *planner) pageFrame(e *edition, page *content.Page, heading, description string, b Bodies) (Site, Head) {
	s, h := p.frame(e, page.URL, heading, description, page, b)
	h.Breadcrumbs = p.crumbsTo(e, page, heading)
	h.NoIndex = page.IsClosed(p.o.Now) || page.Draft
	h.Published = page.Published()
	if p.reads(page) {
		h.Updated = page.Updated.Time
	}
	return s, h
}

// article makes what pages of all kinds have in common.
func (p *planner) article(e *edition, page *content.Page, b Bodies) (Site, Head, Article) {
	s, h := p.pageFrame(e, page, page.Title, p.summary(page), b)
	a := Article{Card: p.card(page), Lede: page.Summary, Body: p.body(page, b), Points: page.Points, Updated: page.Updated.Time,
		Params: params(page.Params), Series: p.series(e, page), Related: p.cardsOf(p.related(e, page))}
	if doc, ok := p.lib.Body(p.o.Reader, page); ok {
		for _, heading := range doc.Headings {
			if heading.Level <= 3 {
				a.Headings = append(a.Headings, Heading{heading.Level, heading.ID, heading.Text})
			}
		}
		a.Minutes = minutes(doc.Text, page.Lang)
	}
	for _, id := range page.Authors {
		if person, ok := p.personByID(e, id); ok {
			a.Authors = append(a.Authors, person)
		}
	}
	p.neighbours(e, page, &a)
	h.Type = "article"
	p.picture(&h, a.Card.Cover)
	if sec := e.section(page.Section); sec != nil && config.On(p.conf.Outputs.Feeds) && sec.feeds {
		h.Feeds = p.feedLinks(sec.url, sec.title)
	}
	return s, h, a
}

// minutes is how long a text takes to read: 500 characters a minute in
// Japanese, 220 words in other languages.
func minutes(text, lang string) int {
	if lang == "ja" {
		return (utf8.RuneCountInString(text) + 250) / 500
	}
	return (len(strings.Fields(text)) + 110) / 220
}

// neighbours fills in the older and the newer page of the section. Standing
// pages have none, nor have past events and closed jobs. A teaser of an event is
// none: it has no day that the reader may know.
func (p *planner) neighbours(e *edition, page *content.Page, a *Article) {
	sec := e.section(page.Section)
	if sec == nil || sec.kind == content.KindPage {
		return
	}
	i, ok := sec.place[page]
	if !ok {
		return
	}
	older, newer := i+1, i-1
	if sec.kind == content.KindEvent { // soonest first
		older, newer = i-1, i+1
	}
	at := func(i int) Link {
		if i < 0 || i >= len(sec.listed) || sec.kind == content.KindEvent && !p.reads(sec.listed[i]) {
			return Link{}
		}
		return Link{sec.listed[i].Title, p.link(sec.listed[i].URL)}
	}
	a.Previous, a.Next = at(older), at(newer)
}

// seriesReach is how many pages of a series stand before and after a page.
const seriesReach = 3

// series returns the part of its series that lies around a page: with all of
// it on every page, a series of n pages would cost n times n lines.
func (p *planner) series(e *edition, page *content.Page) Series {
	all := e.series[page.Series]
	if page.Series == "" || all == nil || len(all.pages) < 2 {
		return Series{}
	}
	at, ok := all.place[page]
	if !ok {
		return Series{}
	}
	s := Series{Title: page.Series, Number: at + 1, Total: len(all.pages)}
	for i := max(0, at-seriesReach); i < min(len(all.pages), at+seriesReach+1); i++ {
		other := all.pages[i]
		s.Items = append(s.Items, SeriesItem{i + 1, other.Title, p.link(other.URL), i == at})
	}
	return s
}

const (
	relatedCards = 4
	relatedReach = 6 // pages looked at on each side in each tag's list
)

// related returns the pages that share most tags with page, then the nearest
// in time. Of each tag's list only the pages near this one are looked at, so
// that the work does not grow with the site.
func (p *planner) related(e *edition, page *content.Page) []*content.Page {
	score := map[*content.Page]int{}
	for _, name := range page.Tags {
		t := e.byTag[content.TagSlug(name)]
		if t == nil {
			continue
		}
		i, ok := t.place[page]
		if !ok {
			continue
		}
		for _, other := range t.listed[max(0, i-relatedReach):min(len(t.listed), i+relatedReach+1)] {
			if other != page && p.reads(other) {
				score[other] += 2
				if other.Section == page.Section {
					score[other]++
				}
			}
		}
	}
	found := make([]*content.Page, 0, len(score))
	for other := range score {
		found = append(found, other)
	}
	slices.SortFunc(found, func(a, b *content.Page) int {
		return cmp.Or(cmp.Compare(score[b], score[a]), b.Published().Compare(a.Published()), cmp.Compare(a.Path, b.Path))
	})
	return found[:min(len(found), relatedCards)]
}

// pageView makes the view of a page that the reader may read.
func (p *planner) pageView(e *edition, page *content.Page, b Bodies) any {
	s, h, a := p.article(e, page, b)
	switch page.Kind {
	case content.KindNews:
		v := NewsPage{Site: s, Head: h, Article: a, Source: Link{page.News.Source.Title, page.News.Source.URL}}
		p.finish(&v.Head, b, func() string { return newsData(v) })
		return v
	case content.KindColumn:
		v := ColumnPage{Site: s, Head: h, Article: a}
		p.finish(&v.Head, b, func() string { return columnData(v) })
		return v
	case content.KindInterview:
		return p.interviewView(e, page, s, h, a, b)
	case content.KindReport:
		return p.reportView(page, s, h, a, b)
	case content.KindEvent:
		return p.eventView(e, page, s, h, a, b)
	case content.KindJob:
		return p.jobView(e, page, s, h, a, b)
	case content.KindNotes:
		v := NotesPage{Site: s, Head: h, Article: a}
		for _, note := range page.Notes.Entries {
			if note.Confirmed {
				v.Entries = append(v.Entries, Note{Person: p.namedPerson(e, note.Person), Text: note.Text})
			}
		}
		p.finish(&v.Head, b, func() string { return notesData(v) })
		return v
	case content.KindNewsletter:
		return p.newsletterView(e, page, s, h, a, b)
	}
	v := PlainPage{Site: s, Head: h, Article: a, Version: page.Plain.Version, Effective: page.Plain.Effective.Time}
	p.finish(&v.Head, b, func() string { return plainData(v) })
	return v
}

func (p *planner) interviewView(e *edition, page *content.Page, s Site, h Head, a Article, b Bodies) any {
	i := page.Interview
	v := InterviewPage{Site: s, Head: h, Article: a, Interviewer: p.nameOf(e, i.Interviewer), Photographer: p.nameOf(e, i.Photographer),
		Consent: Consent{By: i.Consent.By, On: i.Consent.On.Time, Until: i.Consent.Until.Time}}
	for _, id := range i.People {
		if person, ok := p.personByID(e, id); ok {
			v.People = append(v.People, person)
		}
	}
	for _, step := range i.Timeline {
		v.Timeline = append(v.Timeline, Step{step.When, step.What})
	}
	p.finish(&v.Head, b, func() string { return interviewData(v) })
	return v
}

func (p *planner) reportView(page *content.Page, s Site, h Head, a Article, b Bodies) any {
	r := page.Report
	v := ReportPage{Site: s, Head: h, Article: a, Held: r.Held.Time}
	if event := p.lib.Page(page, r.Event); event != nil && p.lib.Sees(p.o.Reader, event) != content.Nothing {
		v.Event = p.card(event)
	}
	for _, n := range r.Numbers {
		v.Numbers = append(v.Numbers, Number{n.Label, n.Value})
	}
	for _, voice := range r.Voices {
		v.Voices = append(v.Voices, Voice{voice.Who, voice.Text})
	}
	for _, picture := range r.Gallery {
		if image := p.image(page, picture); image.URL != "" {
			v.Gallery = append(v.Gallery, image)
		}
	}
	p.finish(&v.Head, b, func() string { return reportData(v) })
	return v
}

func (p *planner) eventView(e *edition, page *content.Page, s Site, h Head, a Article, b Bodies) any {
	ev := page.Event
	v := EventPage{Site: s, Head: h, Article: a, Event: Event{
		Line:     p.eventLine(page),
		Venue:    Venue{ev.Venue.Name, ev.Venue.PostalCode, ev.Venue.Address, ev.Venue.Access, ev.Venue.Map},
		Online:   Online{Service: ev.Online.Service, URL: p.onlineURL(page), Note: ev.Online.Note},
		Capacity: ev.Capacity, CapacityMode: ev.CapacityMode, Agenda: ev.Agenda, Bring: ev.Bring, Dress: ev.Dress,
		Companions: ev.Companions, Contact: ev.Contact,
	}}
	if ev.Fee.Amount != nil || ev.Fee.Note != "" {
		v.Event.Fee = Fee{Known: true, Currency: cmp.Or(ev.Fee.Currency, "JPY"), Note: ev.Fee.Note}
		if ev.Fee.Amount != nil {
			v.Event.Fee.Amount, v.Event.Fee.Free = *ev.Fee.Amount, *ev.Fee.Amount == 0
		}
	}
	for _, id := range ev.Speakers {
		v.Event.Speakers = append(v.Event.Speakers, p.namedPerson(e, id))
	}
	if config.On(p.conf.Outputs.Calendars) {
		v.Event.ICS = p.link(page.URL + "event.ics")
	}
	report := p.lib.Page(page, ev.Report)
	if report == nil {
		report = p.reportOf[page.Key]
	}
	if report != nil && p.lib.Sees(p.o.Reader, report) != content.Nothing {
		v.Report = p.card(report)
	}
	p.finish(&v.Head, b, func() string { return eventData(v) })
	return v
}

// onlineURL returns where to join an event: never for the public.
func (p *planner) onlineURL(page *content.Page) string {
	if p.o.Reader == "" {
		return ""
	}
	return page.Event.Online.URL
}

func (p *planner) jobView(e *edition, page *content.Page, s Site, h Head, a Article, b Bodies) any {
	j := page.Job
	v := JobPage{Site: s, Head: h, Article: a, Job: Job{
		Line: p.jobLine(e, page), OrganizationURL: j.Organization.URL, Posted: j.Posted.Time,
		Logo:     p.image(page, content.Image{Src: j.Organization.Logo, Alt: j.Organization.Name}),
		Duties:   Scope{j.Duties.Initial, j.Duties.ScopeOfChange},
		Place:    Scope{j.Place.Initial, j.Place.ScopeOfChange},
		Salary:   Salary{j.Salary.Min, j.Salary.Max, j.Salary.Unit, cmp.Or(j.Salary.Currency, "JPY"), j.Salary.Note},
		Contract: Contract{j.Contract.FixedTerm, j.Contract.Renewal, j.Contract.Limit},
		Hours:    j.Hours, Trial: j.Trial, Smoking: j.Smoking, Contact: j.Contact,
	}}
	if !v.Job.Line.Closed {
		v.Job.ApplyURL, v.Job.ApplyEmail = j.Apply.URL, j.Apply.Email
	}
	for _, l := range j.Locations {
		v.Job.Locations = append(v.Job.Locations, Location{Region: l.Region, Locality: l.Locality, Street: l.Address, PostalCode: l.PostalCode,
			Address: addressLine(e.lang, l.PostalCode, l.Region, l.Locality, l.Address)})
	}
	p.finish(&v.Head, b, func() string { return jobData(v) })
	return v
}

func (p *planner) newsletterView(e *edition, page *content.Page, s Site, h Head, a Article, b Bodies) any {
	n := page.Newsletter
	v := NewsletterPage{Site: s, Head: h, Article: a, Number: n.Number, Editor: p.nameOf(e, n.Editor)}
	for _, ref := range append([]string{n.Lead}, n.Include...) {
		if target := p.lib.Page(page, ref); target != nil && p.lib.Sees(p.o.Reader, target) != content.Nothing {
			v.Items = append(v.Items, p.card(target))
		}
	}
	p.finish(&v.Head, b, func() string { return newsletterData(v) })
	return v
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}
