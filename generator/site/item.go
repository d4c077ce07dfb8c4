package site

import (
	"sort"
	"strings"

	"kaiho/generator/content"
	"kaiho/generator/parallel"
)

// item is a page of which the reader sees something, with what views ask of it
// again and again. All of them lie in one slice of the planner, and the lists of
// the plan hold pointers to them: a site of 100,000 pages has as many items, and
// no maps from pages to anything.
type item struct {
	page    *content.Page
	e       *edition
	sec     *section // nil: none
	series  *series  // nil: none, or it is not in its list
	sight   content.Sight
	rank    int32 // place in the edition's list, the newest first; -1: in no list
	place   int32 // in the section's list; -1: in no list
	part    int32 // place in the series
	link    string
	summary string
	seal    string
	cover   *Image // nil: none that the reader may have
	person  *Person
	authors []string // names
	tags    []Tag
	marks   []mark
}

// mark is an item's place in the list of a tag.
type mark struct {
	tag   *tag
	place int32
}

// reads reports whether the reader may read all of the page.
func (it *item) reads() bool { return it.sight == content.All }

func (it *item) planner() *planner { return it.e.p }

// url is the page's address as written, without the base path.
func (it *item) url() string { return it.page.URL }

// indexItems makes an item of every page and every person that the reader sees.
func (p *planner) indexItems() {
	count := 0
	for _, page := range p.lib.Pages {
		if p.lib.Sees(p.o.Reader, page) != content.Nothing {
			count++
		}
	}
	p.items = make([]item, 0, count) // of exactly this length: they are pointed to
	for _, page := range p.lib.Pages {
		if sight := p.lib.Sees(p.o.Reader, page); sight != content.Nothing {
			p.items = append(p.items, p.newItem(page, sight))
			it := &p.items[len(p.items)-1]
			it.e.shown = append(it.e.shown, it)
			if p.lib.Listed(p.o.Reader, page) {
				it.e.listed = append(it.e.listed, it)
			}
		}
	}
	for _, page := range p.lib.People {
		if p.reads(page) {
			it := p.newItem(page, content.All)
			it.e.people = append(it.e.people, &it)
			p.people[page] = &it
		}
	}
}

func (p *planner) newItem(page *content.Page, sight content.Sight) item {
	it := item{page: page, e: p.edition(page.Lang), sight: sight, rank: -1, place: -1}
	if len(page.Audience) > 0 {
		it.seal = p.sealOf(page, it.e.lang)
	}
	return it
}

// find returns the item of a page; nil if the reader does not see it, and for
// people and words for lists.
func (p *planner) find(page *content.Page) *item {
	i := sort.Search(len(p.items), func(i int) bool { return p.items[i].page.Path >= page.Path })
	if i == len(p.items) || p.items[i].page != page {
		return nil
	}
	return &p.items[i]
}

// batch is how many items are completed at a time, so that handing them out
// does not take longer than the work.
const batch = 64

// complete fills in what needs the edition's sections and people. The items are
// independent of each other, but for names of people.
func (p *planner) complete() {
	for _, e := range p.editions {
		for _, it := range e.people {
			it.link = p.link(it.url())
			person := p.newPerson(e, it.page, it.link)
			it.person = &person
		}
	}
	parallel.Each((len(p.items)+batch-1)/batch, func(i int) {
		for j := i * batch; j < min((i+1)*batch, len(p.items)); j++ {
			p.items[j].complete()
		}
	})
}

func (it *item) complete() {
	p, page := it.planner(), it.page
	it.link = p.link(page.URL)
	if image := p.image(page, page.Cover); image != (Image{}) {
		it.cover = &image
	}
	it.summary = page.Summary
	if !it.reads() {
		return
	}
	it.summary = p.summary(page)
	for _, id := range page.Authors {
		if person := p.lib.Person(id, it.e.lang); person != nil && p.reads(person) {
			it.authors = append(it.authors, person.Person.Name.In(it.e.lang))
		}
	}
}

// sealOf is the seal of a page, one text for all pages with the same one.
func (p *planner) sealOf(page *content.Page, lang string) string {
	key := lang + " " + strings.Join(page.Audience, " ")
	seal, ok := p.seals[key]
	if !ok {
		seal = p.seal(page, lang)
		p.seals[key] = seal
	}
	return seal
}
