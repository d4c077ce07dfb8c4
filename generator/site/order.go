package site

import (
	"cmp"
	"slices"
)

// The orders of lists. All of them are total, because no two pages have one
// path: the order never depends on that of the files.

// dated is an item with the day that stands on it, for sorting without a look
// at the pages: they lie anywhere in memory.
type dated struct {
	seconds     int64 // since 1970
	nanoseconds int32
	place       int32 // of the item, by path
}

// newestFirst sorts the pages of an edition, which come sorted by path, by the
// day that stands on them, then by path, and gives them their ranks.
func newestFirst(items []*item) {
	days := make([]dated, len(items))
	for i, it := range items {
		day := it.page.Published()
		days[i] = dated{day.Unix(), int32(day.Nanosecond()), int32(i)}
	}
	slices.SortFunc(days, func(a, b dated) int {
		if a.seconds != b.seconds {
			return cmp.Compare(b.seconds, a.seconds)
		}
		return cmp.Or(cmp.Compare(b.nanoseconds, a.nanoseconds), cmp.Compare(a.place, b.place))
	})
	byPath := slices.Clone(items)
	for i, day := range days {
		items[i] = byPath[day.place]
		items[i].rank = int32(i)
	}
}

// byRank sorts pages of lists newest first.
func byRank(items []*item) {
	slices.SortFunc(items, func(a, b *item) int { return cmp.Compare(a.rank, b.rank) })
}

// soonestFirst sorts events by their start, then by path.
func soonestFirst(items []*item) {
	slices.SortFunc(items, func(a, b *item) int {
		return cmp.Or(a.page.Event.Start.Compare(b.page.Event.Start.Time), cmp.Compare(a.page.Path, b.page.Path))
	})
}

// sortEvents sorts events soonest first. Those of which the reader sees only a
// teaser come after the others, newest first: the place of a teaser must not
// say when its event is.
func sortEvents(items []*item) {
	var readable, teasers []*item
	for _, it := range items {
		if it.reads() {
			readable = append(readable, it)
		} else {
			teasers = append(teasers, it)
		}
	}
	soonestFirst(readable)
	byRank(teasers)
	copy(items[copy(items, readable):], teasers)
}

// byPlace sorts standing pages by the place that they ask for, then newest
// first, then by path.
func byPlace(items []*item) {
	slices.SortFunc(items, func(a, b *item) int {
		return cmp.Or(cmp.Compare(weightOf(a), weightOf(b)), cmp.Compare(a.rank, b.rank))
	})
}

// weightOf is the place of a standing page among its like; those without one
// come last.
func weightOf(it *item) int {
	if it.page.Plain == nil || it.page.Plain.Menu.Weight == 0 {
		return 1 << 20
	}
	return it.page.Plain.Menu.Weight
}
