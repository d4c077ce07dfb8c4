package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/content"
)

// person makes the view of a person.
func (p *planner) person(e *edition, page *content.Page) Person {
	c := page.Person
	v := Person{URL: p.link(page.URL), Name: c.Name.In(e.lang), Latin: c.Name.Latin, Former: c.Name.Former, Role: c.Role,
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
	if page == nil || !p.reads(page) {
		return Person{}, false
	}
	return p.person(e, page), true
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
func (p *planner) addPerson(e *edition, page *content.Page) {
	id := strings.TrimSuffix(page.Key, "/index")
	id = id[strings.LastIndexByte(id, '/')+1:]
	var pages []*content.Page
	for _, other := range p.byPerson[id] {
		if other.Lang == e.lang && p.lib.Listed(p.o.Reader, other) {
			pages = append(pages, other)
		}
	}
	newestFirst(pages)
	p.add(e, page.URL, LayoutOf(page), page, func(b Bodies) any {
		person := p.person(e, page)
		s, h := p.pageFrame(e, page, person.Name, cmp.Or(p.summary(page), person.Role, person.Name), b)
		h.Type = "profile"
		p.picture(&h, person.Portrait)
		v := PersonPage{Site: s, Head: h, Person: person, Body: p.body(page, b), Cards: p.cardsOf(pages), Params: params(page.Params)}
		for _, l := range page.Person.Links {
			v.Links = append(v.Links, Link{cmp.Or(l.Title, l.URL), l.URL})
		}
		p.finish(&v.Head, b, func() string { return personData(v) })
		return v
	})
	p.locate(e, page.URL, page, latest(page.Published(), page.Updated.Time))
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
