package content

import (
	"kaiho/generator/audience"
	"kaiho/generator/markdown"
)

// Sight is how much of a page a reader sees.
type Sight int

// What a reader sees of a page.
const (
	Nothing Sight = iota
	Teaser        // title, summary, cover and the way in
	All
)

// Sees says how much of a page a reader sees: nothing, its teaser, or all.
func (l *Library) Sees(r audience.Reader, p *Page) Sight {
	if p == nil || !p.Live() {
		return Nothing
	}
	return l.seesOnce(r, p)
}

// seesOnce says how much of a page a reader sees when it is not held back.
func (l *Library) seesOnce(r audience.Reader, p *Page) Sight {
	switch {
	case p.broken:
		return Nothing
	case l.o.Policy.MayRead(r, p.Audience):
		return All
	case p.Teaser:
		return Teaser
	}
	return Nothing
}

// Listed reports whether lists and feeds show the page to r: r sees it, and it
// is neither a past event nor a closed job.
func (l *Library) Listed(r audience.Reader, p *Page) bool {
	return l.Sees(r, p) != Nothing && !p.IsPast(l.o.Now) && !p.IsClosed(l.o.Now)
}

// Body returns the body of p as r may read it; false if r may not.
func (l *Library) Body(r audience.Reader, p *Page) (Body, bool) {
	if l.Sees(r, p) != All {
		return Body{}, false
	}
	f := l.form(r, p)
	return Body{Facts: &f.Facts, l: l, p: p, read: r, at: f.At}, true
}

// Plain returns the body of p without any :::members part, for excerpts; false
// if r may not read p.
func (l *Library) Plain(r audience.Reader, p *Page) (Body, bool) {
	if l.Sees(r, p) != All {
		return Body{}, false
	}
	f := l.form(audience.Public, p)
	return Body{Facts: &f.Facts, l: l, p: p, read: audience.Public, at: f.At}, true
}

// form returns the body of p as r sees it, or would if r could read p.
func (l *Library) form(r audience.Reader, p *Page) *form {
	if p.formOf == nil {
		return &p.forms[0]
	}
	return &p.forms[p.formOf[l.readers[r]]] // the public's for a reader that is not known
}

func mayReadPart(r audience.Reader, part markdown.Part, policy audience.Policy) bool {
	asks := part.Audience
	if asks.IsPublic() { // no names: for every member
		asks = policy.All()
		if asks.IsPublic() {
			return false
		}
	}
	return policy.MayRead(r, asks)
}

// HasParts reports whether the body has :::members parts.
func (p *Page) HasParts() bool { return len(p.parts) > 0 }

// VisibleTo reports whether r may have the file. What lies in static/ is for
// everyone. A file beside a page is for those who read a page, or the part of
// a page, that shows it or leads to it; one of a bundle that nothing mentions
// is for those who may read every page of its folder and every part of these.
func (f *File) VisibleTo(r audience.Reader) bool { return !f.bundle || f.open[r] }

func (f *File) openTo(r audience.Reader) {
	if f.open == nil {
		f.open = readers{}
	}
	f.open[r] = true
}

// readers is a set of classes of readers.
type readers map[audience.Reader]bool

// Person returns the person with an id in the edition lang, or in the first
// edition there is; nil if nobody has it.
func (l *Library) Person(id, lang string) *Page {
	group := l.people[id]
	if len(group) == 0 {
		return nil
	}
	return choose(group, lang)
}

// In returns the edition of p in lang, or nil.
func (p *Page) In(lang string) *Page {
	for _, t := range p.Translations {
		if t.Lang == lang {
			return t
		}
	}
	return nil
}
