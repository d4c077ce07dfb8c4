// Package newsletter turns the library and an issue's file into letters: what is
// in the issue, for whom, and how it reads.
//
// # What is in an issue
//
// An issue is a file of content/newsletters; its name is its ID, its body the
// greeting. In it stand the lead, then what is new since the last issue. New is
// told by record and never by date: an item is new unless a lock of an earlier
// issue has it. So a correction is not mailed twice, and what is published late
// is not lost. The record is the .lock files beside the issues, in git; no
// database is asked. Editions are recorded apart: an English translation that
// comes later is new to those who read English.
//
// For each page there is one Decision, taken in this order: what is not for
// letters; what the reader must not see (another audience, a draft, under embargo,
// expired, withdrawn, no edition in their language); what the issue names (lead,
// include, exclude); and then the rules (digest, record, past events and closed
// jobs, since and until, sections, segments, the limit of a section). What falls
// to a limit, which is one for all readers of an edition, is still new next time.
//
// # For whom
//
// A Variant is one letter: an audience, a language and the segments of which its
// readers are members, as far as they make a difference. Which variants there are
// follows from site.yaml and content alone. Whoever is in segments that make no
// difference to this issue gets the same variant as those who are in none.
//
// # Locks
//
// A Lock freezes an issue: its items, its variants, and a hash of each. From then
// on the issue is what its lock says; what has been edited since shows as a
// Difference, and an issue with differences is not sent.
//
// # Letters
//
// A letter is rendered once for each variant, with marks where a person's own
// things go: name, what is remembered of them, a line written to them, signed
// links. A Template is such a letter compiled; Template.Append makes a person's
// copy of it by copying and signing. The same lock, member, key and date give the
// same bytes on every machine.
//
// Nothing here reads a file or the clock, or sends anything.
package newsletter

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
)

// Section is the section of content that holds the issues.
const Section = "newsletters"

// Desk is where issues are made: the library, the configuration and the record.
type Desk struct {
	Library *content.Library
	Config  *config.Site
	Locks   []Lock // of all issues, in any order
	Now     time.Time
}

// Issue is an issue: who gets what.
type Issue struct {
	ID       string
	Editions []*content.Page // its pages, one a language, that of the site's main language first
	Variants []Variant       // in the order of audiences, languages and segments; none of them is empty
	Lock     *Lock           // what it is frozen to; nil: it is not
	Now      time.Time       // as of when it is: the time of the lock, or else that of the desk

	desk   *Desk
	over   map[*content.Page]map[*content.Page]bool // by edition: see overLimit
	record map[string]string                        // path or URL of a page → the earliest issue before this one whose lock has it
}

// Variant is one letter of an issue.
type Variant struct {
	Name     string // audience-language[-segment...]: alumni-ja, public-en, alumni-ja-engineers
	Audience audience.Reader
	Lang     string
	Segments []string        // by which it is named
	Sets     [][]string      // whose readers get it: those who are, of the segments that make a difference, in exactly one of these sets
	Page     *content.Page   // the edition of the issue that it is made from
	Lead     *content.Page   // nil: it has none
	Items    []*content.Page // the others, in order, section by section
}

// Pages returns the lead and the items.
func (v *Variant) Pages() []*content.Page {
	if v.Lead == nil {
		return slices.Clone(v.Items)
	}
	return append([]*content.Page{v.Lead}, v.Items...)
}

// Find returns the variant with a name; nil if there is none.
func (i *Issue) Find(name string) *Variant {
	for n := range i.Variants {
		if i.Variants[n].Name == name {
			return &i.Variants[n]
		}
	}
	return nil
}

// ID returns the ID of the issue that a page is an edition of; "" for other pages.
func ID(p *content.Page) string {
	name, ok := strings.CutPrefix(p.Key, Section+"/")
	name = strings.TrimSuffix(name, "/index") // of a bundle
	if !ok || p.Kind != content.KindNewsletter || p.Index || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// IDs returns the IDs of all issues of the library, oldest first.
func (d *Desk) IDs() []string {
	var first []*content.Page
	for _, p := range d.Library.Pages {
		if ID(p) != "" && p.Translations[0] == p {
			first = append(first, p)
		}
	}
	slices.SortFunc(first, func(a, b *content.Page) int { return compareOrder(orderOf(a), orderOf(b)) })
	ids := make([]string, len(first))
	for i, p := range first {
		ids[i] = ID(p)
	}
	return ids
}

// Next returns the IDs of the issues that are still to be sent, oldest first: those
// after the last one that is locked or, as long as none is, the newest.
func (d *Desk) Next() []string {
	ids := d.IDs()
	last := -1
	for n, id := range ids {
		if slices.ContainsFunc(d.Locks, func(l Lock) bool { return l.Issue == id }) {
			last = n
		}
	}
	if last < 0 && len(ids) > 0 {
		return ids[len(ids)-1:]
	}
	return ids[last+1:]
}

// order is an issue's place among the issues: by its day, and then by its ID.
type order struct {
	date time.Time
	id   string
}

func orderOf(p *content.Page) order { return order{p.Date.Time, ID(p)} }

func compareOrder(a, b order) int {
	return cmp.Or(a.date.Compare(b.date), strings.Compare(a.id, b.id))
}

// Issue returns the issue with an ID; nil, with a problem, if there is none. An
// issue that is locked is what its lock says. The other problems are those of the
// issue's file: no lead, two leads, no items.
func (d *Desk) Issue(id string) (*Issue, diag.Problems) {
	var editions []*content.Page
	for _, p := range d.Library.Pages {
		if ID(p) == id && id != "" {
			editions = p.Translations
			break
		}
	}
	if editions == nil {
		pos := diag.Pos{Path: path.Join("content", Section, id+".md"), Line: 1, Col: 1}
		return nil, diag.Problems{diag.New(pos, diag.NoIssue, "id", id, "nearest", diag.Nearest(id, d.IDs()))}
	}
	editions = slices.DeleteFunc(slices.Clone(editions), func(p *content.Page) bool { return p != editions[0] && !p.Live() })
	i := &Issue{ID: id, Editions: editions, Now: d.Now, desk: d}
	i.readRecord()
	if i.Lock != nil {
		i.fromLock()
		return i, nil
	}
	problems := i.choose()
	return i, problems
}

// Fresh returns the issue as it would be without its lock: for locking it again.
func (d *Desk) Fresh(id string) (*Issue, diag.Problems) {
	without := *d
	without.Locks = slices.DeleteFunc(slices.Clone(d.Locks), func(l Lock) bool { return l.Issue == id })
	return without.Issue(id)
}

// readRecord finds the issue's own lock, and what those of earlier issues have.
func (i *Issue) readRecord() {
	own := orderOf(i.Editions[0])
	before := func(l *Lock) bool { return compareOrder(l.order(), own) < 0 }
	var earlier []*Lock
	for n := range i.desk.Locks {
		lock := &i.desk.Locks[n]
		switch {
		case lock.Issue == i.ID:
			i.Lock, i.Now = lock, lock.Locked
		case before(lock):
			earlier = append(earlier, lock)
		}
	}
	slices.SortFunc(earlier, func(a, b *Lock) int { return compareOrder(b.order(), a.order()) })
	i.record = map[string]string{}
	for _, lock := range earlier { // the earliest last: it wins
		for _, item := range lock.Items {
			i.record[item.Path], i.record[item.URL] = lock.Issue, lock.Issue
		}
	}
}

// LockedLater returns the IDs of the issues after this one that are locked: they
// leave out what this one has.
func (i *Issue) LockedLater() []string {
	var later []string
	own := orderOf(i.Editions[0])
	for n := range i.desk.Locks {
		if l := &i.desk.Locks[n]; l.Issue != i.ID && compareOrder(l.order(), own) > 0 {
			later = append(later, l.Issue)
		}
	}
	slices.Sort(later)
	return later
}

// UnlockedEarlier returns the IDs of the issues between the last locked one before
// this and this one, which were left out.
func (i *Issue) UnlockedEarlier() []string {
	var between []string
	for _, id := range i.desk.IDs() {
		switch {
		case id == i.ID:
			return between
		case slices.ContainsFunc(i.desk.Locks, func(l Lock) bool { return l.Issue == id }):
			between = nil
		default:
			between = append(between, id)
		}
	}
	return between
}

// edition returns the page of the issue that readers of lang get; nil if there is
// none in their language.
func (i *Issue) edition(lang string) *content.Page {
	for _, p := range i.Editions {
		if p.Lang == lang {
			return p
		}
	}
	return nil
}

// languages returns the languages of the issue, in the order of site.yaml.
func (i *Issue) languages() []string {
	var langs []string
	for _, lang := range i.desk.Config.Languages {
		if i.edition(lang) != nil {
			langs = append(langs, lang)
		}
	}
	return langs
}
