package site

import (
	"cmp"
	"strings"

	"kaiho/generator/content"
)

// newPerson makes the view of a person, whose page has a link.
func (p *planner) newPerson(e *edition, page *content.Page, link string) Person {
	c := page.Person
	v := Person{URL: link, Name: c.Name.In(e.lang), Latin: c.Name.Latin, Former: former(c), Role: c.Role,
		Reading:  strings.TrimSpace(c.Name.FamilyKana + " " + c.Name.GivenKana),
		Was:      Was{Department: c.Was.Department, Joined: year(c.Was.Joined), Left: year(c.Was.Left)},
		Now:      Now{c.Now.Organization, c.Now.Title},
		Portrait: p.image(page, c.Portrait)}
	if e.lang != "ja" {
		v.Reading = ""
	}
	return v
}

// personByID returns a person that the reader may know of.
func (p *planner) personByID(e *edition, id string) (Person, bool) {
	page := p.lib.Person(id, e.lang)
	if page == nil {
		return Person{}, false
	}
	it := p.people[page]
	switch {
	case it == nil: // not for this reader
		return Person{}, false
	case it.e != e:
		return p.newPerson(e, page, it.link), true
	}
	return *it.person, true
}

// namedPerson returns the person with an id, or one who has only the name. Of
// a person whom the reader may not know of there is nothing.
func (p *planner) namedPerson(e *edition, idOrName string) Person {
	if person, ok := p.personByID(e, idOrName); ok {
		return person
	}
	if p.lib.Person(idOrName, e.lang) != nil {
		return Person{}
	}
	return Person{Name: idOrName}
}

// nameOf returns the name of the person with an id, or the text itself.
func (p *planner) nameOf(e *edition, idOrName string) string { return p.namedPerson(e, idOrName).Name }

// peopleTitle is what the list of people is called.
func (p *planner) peopleTitle(e *edition) string {
	if sec, ok := p.conf.Sections.Lookup("people"); ok {
		return cmp.Or(sec.Title.In(e.lang), e.words.people)
	}
	return e.words.people
}

// addPerson adds the page of somebody, with what they wrote and what is about
// them.
func (p *planner) addPerson(e *edition, it *item) {
	id := strings.TrimSuffix(it.page.Key, "/index")
	id = id[strings.LastIndexByte(id, '/')+1:]
	var items []*item
	for _, other := range p.byPerson[id] {
		if other.page.Lang == e.lang && other.rank >= 0 {
			items = append(items, other)
		}
	}
	byRank(items)
	p.add(e, it.url(), p.layoutOf(it.page), it.page, func(b Bodies) any { return it.personView(items, b) })
	p.locate(it)
}

// personView makes the view of a person's page.
func (it *item) personView(items []*item, b Bodies) any {
	p, page, person := it.planner(), it.page, *it.person
	v := PersonPage{Person: person, Body: p.body(page, b), Cards: cardsOf(items), Params: params(page.Params)}
	it.frame(&v.Site, &v.Head, person.Name, cmp.Or(p.summary(page), person.Role, person.Name), b)
	v.Head.Type = "profile"
	p.picture(&v.Head, person.Portrait)
	for _, l := range page.Person.Links {
		v.Links = append(v.Links, Link{cmp.Or(l.Title, l.URL), l.URL})
	}
	if p.describes(&v.Head, b) {
		v.Head.Data = trusted(personData(v))
	}
	return v
}

// former returns somebody's former family name, if they have agreed to be
// published: it may tell of a marriage or a divorce.
func former(person *content.Person) string {
	if person.Consent.By == "" && person.Consent.On.IsZero() {
		return ""
	}
	return person.Name.Former
}
