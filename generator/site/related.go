package site

import "kaiho/generator/content"

// neighbours fills in the older and the newer page of the section. Standing
// pages have none, nor have past events and closed jobs. A teaser of an event is
// none: it has no day that the reader may know.
func (it *item) neighbours(a *Article) {
	if it.sec == nil || it.sec.kind == content.KindPage || it.place < 0 {
		return
	}
	older, newer := it.place+1, it.place-1
	if it.sec.kind == content.KindEvent { // soonest first
		older, newer = newer, older
	}
	a.Previous, a.Next = it.sec.neighbour(older), it.sec.neighbour(newer)
}

// neighbour returns the page at a place of the list.
func (s *section) neighbour(i int32) Link {
	if i < 0 || int(i) >= len(s.listed) || s.kind == content.KindEvent && !s.listed[i].reads() {
		return Link{}
	}
	return Link{s.listed[i].page.Title, s.listed[i].link}
}

// seriesReach is how many pages of a series stand before and after a page.
const seriesReach = 3

// seriesView returns the part of its series that lies around a page: with all of
// it on every page, a series of n pages would cost n times n lines.
func (it *item) seriesView() Series {
	if it.series == nil || len(it.series.items) < 2 {
		return Series{}
	}
	all, at := it.series.items, int(it.part)
	from, to := max(0, at-seriesReach), min(len(all), at+seriesReach+1)
	s := Series{Title: it.page.Series, Number: at + 1, Total: len(all), Items: make([]SeriesItem, 0, to-from)}
	for i := from; i < to; i++ {
		s.Items = append(s.Items, SeriesItem{i + 1, all[i].page.Title, all[i].link, i == at})
	}
	return s
}

const (
	relatedCards = 4
	relatedReach = 6 // pages looked at on each side in each tag's list
)

// scored is a page with the tags and the section that it shares with another.
type scored struct {
	item  *item
	score int
}

// related returns the cards of the pages that share most tags with the item,
// then the nearest in time. Of each tag's list only the pages near this one are
// looked at, so that the work does not grow with the site.
func (it *item) related() []Card {
	var room [64]scored // of five tags; with more it grows
	found := room[:0]
	for _, m := range it.marks {
		list, at := m.tag.listed, int(m.place)
		for _, other := range list[max(0, at-relatedReach):min(len(list), at+relatedReach+1)] {
			if other == it {
				continue
			}
			score := 2
			if other.sec == it.sec {
				score++
			}
			found = count(found, other, score)
		}
	}
	if len(found) == 0 {
		return nil
	}
	cards := make([]Card, min(relatedCards, len(found)))
	for i := range cards {
		for j := i + 1; j < len(found); j++ {
			if found[j].isBefore(found[i]) {
				found[i], found[j] = found[j], found[i]
			}
		}
		found[i].item.card(&cards[i])
	}
	return cards
}

// count adds to the score of a page.
func count(found []scored, other *item, score int) []scored {
	for i := range found {
		if found[i].item == other {
			found[i].score += score
			return found
		}
	}
	return append(found, scored{other, score})
}

// isBefore reports whether s has more in common than t, or as much and is newer.
func (s scored) isBefore(t scored) bool {
	if s.score != t.score {
		return s.score > t.score
	}
	return s.item.rank < t.item.rank
}
