package newsletter

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/layout"
	"kaiho/generator/site"
)

// Freeze returns the lock of the issue as its letters are now. members says how many
// get each variant.
func (i *Issue) Freeze(letters []Letter, members map[string]int) Lock {
	lock := Lock{Format: lockFormat, Issue: i.ID, Date: i.Editions[0].Date.Time, Locked: i.Now.In(i.desk.Config.Zone).Truncate(time.Second), BaseURL: i.desk.Config.BaseURL}
	for _, name := range i.desk.Config.Segment.Names() {
		if slices.ContainsFunc(i.Variants, func(v Variant) bool {
			return slices.ContainsFunc(v.Sets, func(set []string) bool { return slices.Contains(set, name) })
		}) {
			lock.Segments = append(lock.Segments, LockSegment{name, i.desk.Config.Segment.Expression(name)})
		}
	}
	for n := range letters {
		l := &letters[n]
		v := LockVariant{Name: l.Variant.Name, Audience: l.Variant.Audience.String(), Language: l.Variant.Lang,
			Members: members[l.Variant.Name], Subject: l.Subject, HTML: len(l.HTML), Text: len(l.Text),
			Greeting: short(l.Greeting), Hash: i.hash(l)}
		for _, set := range l.Variant.Sets {
			v.Segments = append(v.Segments, setName(set))
		}
		if l.Variant.Lead != nil {
			v.Lead = l.Variant.Lead.Path
		}
		for _, page := range l.Variant.Items {
			v.Items = append(v.Items, page.Path)
		}
		for page, item := range l.items() {
			entry := LockItem{Path: page.Path, URL: page.URL, Title: page.Title, Hash: hashOf(l.marks, item)}
			if !slices.Contains(lock.Items, entry) {
				lock.Items = append(lock.Items, entry)
			}
		}
		lock.Variants = append(lock.Variants, v)
	}
	return lock
}

// items calls yield with every page of the letter and what the letter says of it.
func (l *Letter) items() func(yield func(*content.Page, site.LetterItem) bool) {
	return func(yield func(*content.Page, site.LetterItem) bool) {
		pages := l.Variant.Pages()
		items := make([]site.LetterItem, 0, len(pages))
		if l.Variant.Lead != nil {
			items = append(items, l.View.Lead)
		}
		for _, s := range l.View.Sections {
			items = append(items, s.Items...)
		}
		for n, page := range pages {
			if !yield(page, items[n]) {
				return
			}
		}
	}
}

// hash identifies a letter, but for what is a person's own.
func (i *Issue) hash(l *Letter) string {
	h := sha256.New()
	from := i.desk.Config.Mail.From
	for _, part := range []string{from.Name.In(l.Variant.Lang), from.Address, i.desk.Config.Mail.ReplyTo, l.Subject, l.HTML, l.Text} {
		part = l.marks.blank(part)
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	for _, f := range fields(i.desk.Config, i, *l) {
		fmt.Fprintf(h, "%q %q", f.Name, f.Value)
	}
	return short([32]byte(h.Sum(nil)))
}

// hashOf identifies what letters say of a page, wherever in a letter it stands.
func hashOf(m marks, item site.LetterItem) string {
	item.URL, item.Number = m.blank(item.URL), 0
	item.Card.Tags, item.Card.Cover = nil, site.Image{} // which letters do not show
	return short(layout.Fingerprint(item))
}

// short writes a hash in 32 digits: more than enough against chance, and a lock is
// reviewed by people.
func short(sum [32]byte) string { return hex.EncodeToString(sum[:16]) }

// Difference is something that is not as it was when the issue was locked.
type Difference struct {
	Variant string // "" if it is not of one variant
	Path    string // of the page, or of the issue; for segments the name; "" if none of them
	What    string // one of the constants below
}

// What may differ from the lock.
const (
	DiffBaseURL  = "base_url" // links would begin with another address
	DiffGone     = "gone"     // a page is not there, or not for these readers, any more
	DiffItem     = "item"     // what letters say of a page has changed
	DiffGreeting = "greeting" // subject, preheader or greeting
	DiffFrame    = "frame"    // layouts, words, site.yaml or the program
	DiffSegment  = "segment"  // who is in a segment
	DiffEdition  = "edition"  // the issue has no page in the variant's language any more
)

// Differences compares the letters of a locked issue with its lock. None means that
// they are the letters that were reviewed.
func (i *Issue) Differences(letters []Letter) []Difference {
	if i.Lock == nil {
		return nil
	}
	var all []Difference
	add := func(d Difference) {
		if !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	if i.Lock.BaseURL != i.desk.Config.BaseURL {
		add(Difference{What: DiffBaseURL})
	}
	for _, s := range i.Lock.Segments {
		if i.desk.Config.Segment.Expression(s.Name) != s.Expression {
			add(Difference{Path: s.Name, What: DiffSegment})
		}
	}
	for n := range i.Lock.Variants {
		lv := &i.Lock.Variants[n]
		at := slices.IndexFunc(letters, func(l Letter) bool { return l.Variant.Name == lv.Name })
		if at < 0 {
			add(Difference{Variant: lv.Name, Path: i.Editions[0].Path, What: DiffEdition})
			continue
		}
		for _, d := range i.compare(lv, &letters[at]) {
			add(d)
		}
	}
	return all
}

// compare compares one letter with what the lock says of it.
func (i *Issue) compare(lv *LockVariant, l *Letter) []Difference {
	var all []Difference
	have := map[string]string{}
	for page, item := range l.items() {
		have[page.Path] = hashOf(l.marks, item)
	}
	for _, name := range lv.pages() {
		switch hash, found := have[name]; {
		case !found:
			all = append(all, Difference{Variant: lv.Name, Path: name, What: DiffGone})
		case !slices.ContainsFunc(i.Lock.Items, func(item LockItem) bool { return item.Path == name && item.Hash == hash }):
			all = append(all, Difference{Path: name, What: DiffItem})
		}
	}
	if lv.Greeting != short(l.Greeting) {
		all = append(all, Difference{Path: l.Variant.Page.Path, What: DiffGreeting})
	}
	if len(all) == 0 && lv.Hash != i.hash(l) {
		all = append(all, Difference{Variant: lv.Name, What: DiffFrame})
	}
	return all
}

// audienceOf returns the reader that a lock names.
func audienceOf(name string) audience.Reader {
	if name == audience.Public.String() {
		return audience.Public
	}
	return audience.Reader(name)
}
