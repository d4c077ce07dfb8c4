package site

import (
	"slices"
	"strings"
	"time"

	"kaiho/generator/content"
	"kaiho/generator/search"
)

// searchDay is the day by which what is found is sorted, and that stands beside
// it: of an event the reader may read, that on which it begins.
func (it *item) searchDay() string {
	day := it.page.Published()
	if ev := it.page.Event; ev != nil {
		day = time.Time{} // that of a teaser would pass for the event's
		if it.reads() {
			day = ev.Start.Time
		}
	}
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// searched returns what the reader finds a page by: what stands on it, and the
// names of its people in other letters. Of a teaser that is what the teaser
// says.
func (it *item) searched(b Bodies) search.Page {
	page := it.page
	f := finding{it: it, p: it.planner(), page: search.Page{URL: it.link, Title: page.Title, Day: it.searchDay(), Seal: it.seal}}
	if it.sec != nil {
		f.page.Label = it.sec.title
	}
	if it.person != nil {
		f.page.Title, f.page.Label, f.page.Own = it.person.Name, it.e.peopleTitle, true
	}
	f.add(page.Summary)
	if it.reads() {
		f.add(page.Points...)
		f.body(b)
		f.common()
		f.own()
	}
	f.page.Text = strings.Join(f.texts, "\n")
	return f.page
}

// finding gathers what a page is found by.
type finding struct {
	it    *item
	p     *planner
	page  search.Page
	texts []string
}

func (f *finding) add(texts ...string) {
	for _, text := range texts {
		if text != "" {
			f.texts = append(f.texts, text)
		}
	}
}

// pair adds two texts that stand side by side.
func (f *finding) pair(a, b string) { f.add(strings.TrimSpace(a + " " + b)) }

// body adds the body as the reader has it, or its hash.
func (f *finding) body(b Bodies) {
	it, page := f.it, f.it.page
	var article Article
	it.body(&article, b)
	if b == ForWriting {
		f.add(search.Text(string(article.Body)))
	} else {
		f.add(string(article.Body))
	}
	if doc, ok := f.p.lib.Body(f.p.o.Reader, page); ok {
		for i := range doc.Headings {
			f.page.Heads = append(f.page.Heads, doc.Headings[i].Text)
		}
	}
}

// common adds what pages of all kinds have.
func (f *finding) common() {
	page := f.it.page
	f.page.Tags = page.Tags
	if cover := f.it.cover; cover != nil {
		f.add(cover.Caption)
	}
	if page.Series != "" {
		f.add(page.Series)
	}
	f.people(page.Authors...)
}

// people adds people by their ids or names.
func (f *finding) people(ids ...string) {
	for _, id := range ids {
		if id == "" {
			continue
		}
		name := f.p.nameOf(f.it.e, id)
		if name != f.page.Title {
			f.add(name)
		}
		if person := f.p.lib.Person(id, f.it.e.lang); person != nil && f.p.people[person] != nil {
			f.names(person.Person)
		}
	}
}

// names adds how else somebody is looked for.
func (f *finding) names(person *content.Person) {
	n, before := person.Name, former(person)
	if before != "" {
		before = strings.TrimSpace(before + " " + n.Given)
	}
	for _, name := range []string{strings.TrimSpace(n.FamilyKana + " " + n.GivenKana), n.Latin, strings.TrimSpace(n.Family + " " + n.Given), before} {
		if name != "" && name != f.page.Title && !slices.Contains(f.page.Names, name) {
			f.page.Names = append(f.page.Names, name)
		}
	}
}

// own adds what pages of a kind have of their own.
func (f *finding) own() {
	page := f.it.page
	switch {
	case page.News != nil:
		f.add(page.News.Source.Title)
	case page.Interview != nil:
		i := page.Interview
		f.people(i.People...)
		f.people(i.Interviewer, i.Photographer)
		for _, step := range i.Timeline {
			f.pair(step.When, step.What)
		}
	case page.Report != nil:
		f.report(page.Report)
	case page.Event != nil:
		ev := page.Event
		f.add(ev.Type, ev.Venue.Name, ev.Venue.Address, ev.Venue.Access, ev.Online.Service, ev.Online.Note, ev.Fee.Note, ev.Dress, ev.Companions)
		f.add(ev.Agenda...)
		f.add(ev.Bring...)
		f.people(ev.Speakers...)
	case page.Job != nil:
		f.job(page.Job)
	case page.Notes != nil:
		for _, note := range page.Notes.Entries {
			if note.Confirmed {
				f.people(note.Person)
				f.add(note.Text)
			}
		}
	case page.Newsletter != nil:
		f.people(page.Newsletter.Editor)
	case page.Person != nil:
		n := page.Person
		f.names(n)
		f.add(n.Role, n.Was.Department)
		f.pair(n.Now.Organization, n.Now.Title)
	}
}

func (f *finding) report(r *content.Report) {
	for _, n := range r.Numbers {
		f.pair(n.Label, n.Value)
	}
	for _, voice := range r.Voices {
		f.add(voice.Text, voice.Who)
	}
	for _, picture := range r.Gallery {
		if image := f.p.image(f.it.page, picture); image.URL != "" {
			f.add(image.Caption)
		}
	}
}

func (f *finding) job(j *content.Job) {
	line := f.p.jobLine(f.it.e, f.it.page)
	f.add(line.Organization, line.EmploymentType, j.Duties.Initial, j.Duties.ScopeOfChange, j.Place.Initial, j.Place.ScopeOfChange)
	for _, l := range j.Locations {
		f.add(addressLine(f.it.e.lang, l.PostalCode, l.Region, l.Locality, l.Address))
	}
	f.add(j.Salary.Note, j.Contract.FixedTerm, j.Contract.Renewal, j.Contract.Limit, j.Hours, j.Trial, j.Smoking)
}
