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
		if !page.IsClosed(p.o.Now) {
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
		s, h := p.frame(e, page.URL, page.Title, page.Summary, page, b)
		h.Breadcrumbs = p.crumbsTo(e, page)
		p.picture(&h, card.Cover)
		h.Published = card.Date
		v := TeaserPage{Site: s, Head: h, Card: card}
		p.finish(&v.Head, func() string { return teaserData(v) })
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

func (p *planner) crumbsTo(e *edition, page *content.Page) []Link {
	links := []Link{}
	if s := e.section(page.Section); s != nil {
		links = append(links, Link{s.title, s.url})
	}
	return p.crumbs(e, append(links, Link{page.Title, page.URL})...)
}

// article makes what pages of all kinds have in common.
func (p *planner) article(e *edition, page *content.Page, b Bodies) (Site, Head, Article) {
	s, h := p.frame(e, page.URL, page.Title, p.summary(page), page, b)
	a := Article{Card: p.card(page), Body: p.body(page, b), Points: page.Points, Updated: page.Updated.Time,
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
	h.Type, h.Published, h.Updated = "article", page.Published(), page.Updated.Time
	h.Breadcrumbs = p.crumbsTo(e, page)
	h.NoIndex = page.IsClosed(p.o.Now) || page.Draft
	p.picture(&h, a.Card.Cover)
	if sec := e.section(page.Section); sec != nil && config.On(p.conf.Outputs.Feeds) && sec.kind != content.KindPage {
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
// pages have none, nor have past events and closed jobs.
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
	if older >= 0 && older < len(sec.listed) {
		a.Previous = Link{sec.listed[older].Title, p.link(sec.listed[older].URL)}
	}
	if newer >= 0 && newer < len(sec.listed) {
		a.Next = Link{sec.listed[newer].Title, p.link(sec.listed[newer].URL)}
	}
}

func (p *planner) series(e *edition, page *content.Page) Series {
	all := e.series[page.Series]
	if page.Series == "" || len(all) < 2 || !slices.Contains(all, page) {
		return Series{}
	}
	s := Series{Title: page.Series}
	for _, other := range slices.Backward(all) { // newest first in the index
		s.Items = append(s.Items, SeriesItem{other.Title, p.link(other.URL), other == page})
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
			if other != page && p.lib.Sees(p.o.Reader, other) == content.All {
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
		p.finish(&v.Head, func() string { return newsData(v) })
		return v
	case content.KindColumn:
		v := ColumnPage{Site: s, Head: h, Article: a}
		p.finish(&v.Head, func() string { return columnData(v) })
		return v
	case content.KindInterview:
		return p.interviewView(e, page, s, h, a)
	case content.KindReport:
		return p.reportView(page, s, h, a)
	case content.KindEvent:
		return p.eventView(e, page, s, h, a)
	case content.KindJob:
		return p.jobView(e, page, s, h, a)
	case content.KindNotes:
		v := NotesPage{Site: s, Head: h, Article: a}
		for _, note := range page.Notes.Entries {
			if note.Confirmed {
				v.Entries = append(v.Entries, Note{Person: p.namedPerson(e, note.Person), Text: note.Text})
			}
		}
		p.finish(&v.Head, func() string { return notesData(v) })
		return v
	case content.KindNewsletter:
		return p.newsletterView(page, s, h, a)
	}
	v := PlainPage{Site: s, Head: h, Article: a, Version: page.Plain.Version, Effective: page.Plain.Effective.Time}
	p.finish(&v.Head, func() string { return plainData(v) })
	return v
}

func (p *planner) interviewView(e *edition, page *content.Page, s Site, h Head, a Article) any {
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
	p.finish(&v.Head, func() string { return interviewData(v) })
	return v
}

func (p *planner) reportView(page *content.Page, s Site, h Head, a Article) any {
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
	p.finish(&v.Head, func() string { return reportData(v) })
	return v
}

func (p *planner) eventView(e *edition, page *content.Page, s Site, h Head, a Article) any {
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
	p.finish(&v.Head, func() string { return eventData(v) })
	return v
}

// onlineURL returns where to join an event: never for the public.
func (p *planner) onlineURL(page *content.Page) string {
	if p.o.Reader == "" {
		return ""
	}
	return page.Event.Online.URL
}

func (p *planner) jobView(e *edition, page *content.Page, s Site, h Head, a Article) any {
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
		v.Job.Locations = append(v.Job.Locations, Location{l.Region, l.Locality, l.Address, l.PostalCode})
	}
	p.finish(&v.Head, func() string { return jobData(v) })
	return v
}

func (p *planner) newsletterView(page *content.Page, s Site, h Head, a Article) any {
	n := page.Newsletter
	v := NewsletterPage{Site: s, Head: h, Article: a, Number: n.Number, Editor: n.Editor}
	for _, ref := range append([]string{n.Lead}, n.Include...) {
		if target := p.lib.Page(page, ref); target != nil && p.lib.Sees(p.o.Reader, target) != content.Nothing {
			v.Items = append(v.Items, p.card(target))
		}
	}
	p.finish(&v.Head, func() string { return newsletterData(v) })
	return v
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}
