package search

import (
	"encoding/binary"
	"slices"
	"strings"

	"kaiho/generator/parallel"
)

// Index is the postings of all grams, before they are written.
type Index struct {
	shape      Shape
	generation uint32
	groups     [groupCount]map[gram]*postings
	parts      [][]gram // sorted
}

// groupCount is in how many groups the parts are filled at the same time.
const groupCount = 32

// postings is the pages that hold a gram.
type postings struct {
	last int // page
	data []byte
}

// batchPages is how many pages are read at once: their grams are in memory
// together.
const batchPages = 256

// Build reads the pages, in the order of their numbers and several at once, and
// returns their index. page may be called at the same time for different pages,
// and what it returns is not kept.
func Build(shape Shape, generation uint32, page func(i int) Page) *Index {
	x := &Index{shape: shape, generation: generation}
	for i := range x.groups {
		x.groups[i] = map[gram]*postings{}
	}
	found := make([]pageGrams, min(batchPages, shape.Pages))
	for from := 0; from < shape.Pages; from += batchPages {
		batch := found[:min(batchPages, shape.Pages-from)]
		parallel.Each(len(batch), func(i int) {
			p := page(from + i)
			batch[i].read(&p, shape.Parts)
		})
		parallel.Each(groupCount, func(g int) {
			for i := range batch {
				x.add(g, from+i, batch[i].groups[g])
			}
		})
	}
	x.parts = make([][]gram, shape.Parts)
	parallel.Each(groupCount, func(g int) {
		for key := range x.groups[g] {
			part := key.part(shape.Parts)
			x.parts[part] = append(x.parts[part], key)
		}
		for part := g; part < shape.Parts; part += groupCount {
			slices.Sort(x.parts[part])
		}
	})
	return x
}

// add adds what a page has of a group.
func (x *Index) add(group, page int, found []weighted) {
	known := x.groups[group]
	for _, w := range found {
		p := known[w.gram]
		if p == nil {
			p = &postings{}
			known[w.gram] = p
		}
		p.data = binary.AppendUvarint(p.data, uint64(page-p.last)<<2|uint64(w.weight))
		p.last = page
	}
}

// weighted is a gram of a page.
type weighted struct {
	gram   gram
	weight uint8
}

// pageGrams is the grams of a page, each once, by groups.
type pageGrams struct {
	seen   table
	groups [groupCount][]weighted
}

// read fills in the grams of p.
func (g *pageGrams) read(p *Page, parts int) {
	g.seen.clear()
	for i := range g.groups {
		g.groups[i] = g.groups[i][:0]
	}
	g.text(p.Title, weightTitle)
	singles(Fold(p.Title), func(key gram) { g.raise(key, weightTitle) })
	for _, tag := range p.Tags {
		g.text(tag, weightHead)
		singles(Fold(tag), func(key gram) { g.raise(key, weightHead) })
	}
	for _, head := range p.Heads {
		g.text(head, weightHead)
	}
	for _, name := range p.Names {
		if p.Own {
			g.text(name, weightTitle)
		} else {
			g.text(name, weightHead)
		}
	}
	grams(Fold(p.Text), func(key gram, begins bool) {
		s := g.seen.at(key)
		if begins {
			s.weight = max(s.weight, weightBegin)
		}
	})
	g.seen.each(func(s *slot) {
		group := s.gram.part(parts) % groupCount
		g.groups[group] = append(g.groups[group], weighted{s.gram, s.weight})
	})
}

func (g *pageGrams) text(text string, weight uint8) {
	grams(Fold(text), func(key gram, _ bool) { g.raise(key, weight) })
}

func (g *pageGrams) raise(key gram, weight uint8) {
	s := g.seen.at(key)
	s.weight = max(s.weight, weight)
}

// table is a hash table of grams that is used again and again: a map takes five
// times as long to fill and to empty.
type table struct {
	slots []slot
	used  []uint32 // indexes of slots, in the order in which they were filled
}

type slot struct {
	gram   gram // 0: free
	weight uint8
}

func (t *table) clear() {
	for _, i := range t.used {
		t.slots[i] = slot{}
	}
	t.used = t.used[:0]
}

// at returns the slot of a gram, which is valid until the next call.
func (t *table) at(g gram) *slot {
	if 2*len(t.used) >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	for i := uint64(g) * 0x9e3779b97f4a7c15 >> 20 & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.gram == g {
			return s
		}
		if s.gram == 0 {
			s.gram = g
			t.used = append(t.used, uint32(i))
			return s
		}
	}
}

func (t *table) grow() {
	old := *t
	*t = table{slots: make([]slot, max(2048, 2*len(old.slots)))}
	for _, i := range old.used {
		s := old.slots[i]
		*t.at(s.gram) = s
	}
}

func (t *table) each(visit func(s *slot)) {
	for _, i := range t.used {
		visit(&t.slots[i])
	}
}

func lines(list []string) string { return strings.Join(list, "\n") }
