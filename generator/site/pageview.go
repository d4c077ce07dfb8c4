package site

import (
	"cmp"
	"strconv"

	"kaiho/generator/config"
	"kaiho/generator/content"
)

// pageView makes the view of a page that the reader may read.
func (it *item) pageView(b Bodies) any {
	p, page := it.planner(), it.page
	switch page.Kind {
	case content.KindNews:
		v := NewsPage{Source: Link{page.News.Source.Title, page.News.Source.URL}}
		it.article(&v.Site, &v.Head, &v.Article, b)
		if p.describes(&v.Head, b) {
			v.Head.Data = trusted(newsData(v))
		}
		return v
	case content.KindColumn:
		var v ColumnPage
		it.article(&v.Site, &v.Head, &v.Article, b)
		if p.describes(&v.Head, b) {
			v.Head.Data = trusted(columnData(v))
		}
		return v
	case content.KindInterview:
		return it.interviewView(b)
	case content.KindReport:
		return it.reportView(b)
	case content.KindEvent:
		return it.eventView(b)
	case content.KindJob:
		return it.jobView(b)
	case content.KindNotes:
		return it.notesView(b)
	case content.KindNewsletter:
		return it.newsletterView(b)
	}
	v := PlainPage{Version: page.Plain.Version, Effective: page.Plain.Effective.Time}
	it.article(&v.Site, &v.Head, &v.Article, b)
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(plainData(v))
	}
	return v
}

func (it *item) interviewView(b Bodies) any {
	p, i := it.planner(), it.page.Interview
	v := InterviewPage{Interviewer: p.nameOf(it.e, i.Interviewer), Photographer: p.nameOf(it.e, i.Photographer),
		Consent: Consent{By: i.Consent.By, On: i.Consent.On.Time, Until: i.Consent.Until.Time}}
	it.article(&v.Site, &v.Head, &v.Article, b)
	for _, id := range i.People {
		if person, ok := p.personByID(it.e, id); ok {
			v.People = append(v.People, person)
		}
	}
	for _, step := range i.Timeline {
		v.Timeline = append(v.Timeline, Step{step.When, step.What})
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(interviewData(v))
	}
	return v
}

func (it *item) reportView(b Bodies) any {
	p, page, r := it.planner(), it.page, it.page.Report
	v := ReportPage{Held: r.Held.Time}
	it.article(&v.Site, &v.Head, &v.Article, b)
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
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(reportData(v))
	}
	return v
}

func (it *item) notesView(b Bodies) any {
	p := it.planner()
	var v NotesPage
	it.article(&v.Site, &v.Head, &v.Article, b)
	for _, note := range it.page.Notes.Entries {
		if note.Confirmed {
			v.Entries = append(v.Entries, Note{Person: p.namedPerson(it.e, note.Person), Text: note.Text})
		}
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(notesData(v))
	}
	return v
}

func (it *item) eventView(b Bodies) any {
	p, page, ev := it.planner(), it.page, it.page.Event
	v := EventPage{Event: Event{
		Line:     p.eventLine(page),
		Venue:    Venue{ev.Venue.Name, ev.Venue.PostalCode, ev.Venue.Address, ev.Venue.Access, ev.Venue.Map},
		Online:   Online{Service: ev.Online.Service, URL: p.onlineURL(page), Note: ev.Online.Note},
		Capacity: ev.Capacity, CapacityMode: ev.CapacityMode, Agenda: ev.Agenda, Bring: ev.Bring, Dress: ev.Dress,
		Companions: ev.Companions, Contact: ev.Contact,
	}}
	it.article(&v.Site, &v.Head, &v.Article, b)
	if ev.Fee.Amount != nil || ev.Fee.Note != "" {
		v.Event.Fee = Fee{Known: true, Currency: cmp.Or(ev.Fee.Currency, "JPY"), Note: ev.Fee.Note}
		if ev.Fee.Amount != nil {
			v.Event.Fee.Amount, v.Event.Fee.Free = *ev.Fee.Amount, *ev.Fee.Amount == 0
		}
	}
	for _, id := range ev.Speakers {
		v.Event.Speakers = append(v.Event.Speakers, p.namedPerson(it.e, id))
	}
	if config.On(p.conf.Outputs.Calendars) {
		v.Event.ICS = it.link + "event.ics"
	}
	if report := p.lib.Page(page, ev.Report); report != nil {
		if p.lib.Sees(p.o.Reader, report) != content.Nothing {
			v.Report = p.card(report)
		}
	} else if report := p.reportOf[page.Key]; report != nil {
		report.card(&v.Report)
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(eventData(v))
	}
	return v
}

// onlineURL returns where to join an event: never for the public.
func (p *planner) onlineURL(page *content.Page) string {
	if p.o.Reader == "" {
		return ""
	}
	return page.Event.Online.URL
}

func (it *item) jobView(b Bodies) any {
	p, page, j := it.planner(), it.page, it.page.Job
	v := JobPage{Job: Job{
		Line: p.jobLine(it.e, page), OrganizationURL: j.Organization.URL, Posted: j.Posted.Time,
		Logo:     p.image(page, content.Image{Src: j.Organization.Logo, Alt: j.Organization.Name}),
		Duties:   Scope{j.Duties.Initial, j.Duties.ScopeOfChange},
		Place:    Scope{j.Place.Initial, j.Place.ScopeOfChange},
		Salary:   Salary{j.Salary.Min, j.Salary.Max, j.Salary.Unit, cmp.Or(j.Salary.Currency, "JPY"), j.Salary.Note},
		Contract: Contract{j.Contract.FixedTerm, j.Contract.Renewal, j.Contract.Limit},
		Hours:    j.Hours, Trial: j.Trial, Smoking: j.Smoking, Contact: j.Contact,
	}}
	it.article(&v.Site, &v.Head, &v.Article, b)
	if !v.Job.Line.Closed {
		v.Job.ApplyURL, v.Job.ApplyEmail = j.Apply.URL, j.Apply.Email
	}
	for _, l := range j.Locations {
		v.Job.Locations = append(v.Job.Locations, Location{Region: l.Region, Locality: l.Locality, Street: l.Address, PostalCode: l.PostalCode,
			Address: addressLine(it.e.lang, l.PostalCode, l.Region, l.Locality, l.Address)})
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(jobData(v))
	}
	return v
}

func (it *item) newsletterView(b Bodies) any {
	p, page, n := it.planner(), it.page, it.page.Newsletter
	v := NewsletterPage{Number: n.Number, Editor: p.nameOf(it.e, n.Editor)}
	it.article(&v.Site, &v.Head, &v.Article, b)
	items, isLocked := p.o.Issues[page]
	if !isLocked {
		for _, ref := range append([]string{n.Lead}, n.Include...) {
			items = append(items, p.lib.Page(page, ref))
		}
	}
	for _, target := range items {
		if target != nil && p.lib.Sees(p.o.Reader, target) != content.Nothing {
			v.Items = append(v.Items, p.card(target))
		}
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(newsletterData(v))
	}
	return v
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}
