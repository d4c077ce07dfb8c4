package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/content"
)

// newPerson makes the view of a person, whose page has a link.
func (p *planner) newPerson(e *edition, page *content.Page, link string) Person {
	c := page.Person
	v := Person{URL: link, Name: c.Name.In(e.lang), Latin: c.Name.Latin, Former: c.Name.Former, Role: c.Role,
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

// peopleInOrder returns the people of an edition as their list has them.
func peopleInOrder(e *edition) []*item {
	type keyed struct {
		key string
		it  *item
	}
	all := make([]keyed, len(e.people))
	for i, it := range e.people {
		all[i] = keyed{sortKey(it.page, e.lang), it}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.it.page.Path, b.it.page.Path))
	})
	sorted := make([]*item, len(all))
	for i, k := range all {
		sorted[i] = k.it
	}
	return sorted
}

// sortKey orders people: in Japanese by their reading, elsewhere by the Latin
// form of their family name.
func sortKey(page *content.Page, lang string) string {
	n := page.Person.Name
	if lang != "ja" {
		return strings.ToLower(cmp.Or(latinFamily(n.Latin), n.Family))
	}
	reading := n.FamilyKana + " " + n.GivenKana
	if strings.TrimSpace(reading) == "" {
		return "\U0010FFFF" + n.Latin // those without a reading come last
	}
	return plainKana(reading) + "\x00" + hiragana(reading)
}

// latinFamily returns the part of a Latin name in capitals (TAKANASHI Minato,
// Daniel OKAFOR), or else its last part.
func latinFamily(latin string) string {
	parts := strings.Fields(latin)
	for _, part := range parts {
		if len(part) > 1 && part == strings.ToUpper(part) {
			return part
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// hiragana turns katakana into hiragana.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, s)
}

// plainKana is the reading without voicing marks and small kana, by which the
// order of the fifty sounds goes first.
func plainKana(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		if i := strings.IndexRune("ぁぃぅぇぉっゃゅょゎ", r); i >= 0 {
			return []rune("あいうえおつやゆよわ")[i/len("ぁ")]
		}
		return r
	}, norm.NFD.String(hiragana(s)))
}

// kanaRows are the first kana of each row of the fifty sounds.
var kanaRows = []rune("あかさたなはまやらわ")

// groupLabel returns the heading that a person stands under.
func groupLabel(page *content.Page, lang string) string {
	key := []rune(sortKey(page, lang))
	if len(key) == 0 {
		return "#"
	}
	if lang != "ja" {
		return string(unicode.ToUpper([]rune(norm.NFD.String(string(key[:1])))[0]))
	}
	if key[0] < kanaRows[0] || key[0] > 'ん' {
		return "A–Z"
	}
	i, exact := slices.BinarySearch(kanaRows, key[0])
	if !exact {
		i--
	}
	return string(kanaRows[i])
}
