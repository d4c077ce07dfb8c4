package newsletter

import (
	"slices"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/member"
	"kaiho/generator/segment"
)

// Place is where a member stands in an issue.
type Place struct {
	Variant  *Variant // nil: they get no letter
	Why      NoLetter // why not; "" if they get one
	Audience audience.Reader
	Lang     string
	Segments []string // all of which they are in
}

// NoLetter is why somebody gets no letter.
type NoLetter string

// Why somebody gets no letter of an issue.
const (
	NotMailable  NoLetter = "not_mailable" // not active, has not agreed, or has unsubscribed
	IsPaused     NoLetter = "paused"       // wants none for now
	OnlyMain     NoLetter = "main_only"    // wants no small issues between, and this one has no number
	NothingForMe NoLetter = "nothing"      // the issue has nothing for these readers
)

// Facts is what the expressions of segments know of a member.
func Facts(m member.Member) segment.Facts {
	return segment.Facts{Joined: m.Joined, Left: m.Left, Department: m.Department, Title: m.Title, Region: m.Region, Language: m.Language,
		Skills: m.Skills, Interests: m.Interests, Audiences: m.Audiences}
}

// Assign says which letter of the issue a member gets, at the time now.
func (i *Issue) Assign(m member.Member, now time.Time) Place {
	p := Place{Audience: i.readerOf(m), Lang: i.languageOf(m), Segments: i.desk.Config.Segment.Of(Facts(m))}
	switch {
	case !m.Mailable:
		p.Why = NotMailable
	case !m.Preferences.Gets(listRef, now):
		p.Why = IsPaused
	case m.Preferences.Frequency == "main" && i.IsSmall():
		p.Why = OnlyMain
	default:
		if p.Variant = i.variantFor(p); p.Variant == nil {
			p.Why = NothingForMe
		}
	}
	return p
}

// IsSmall reports whether the issue is one between the numbered ones.
func (i *Issue) IsSmall() bool { return i.Editions[0].Newsletter.Number == 0 }

// readerOf returns the class of readers whose letter a member gets: of the member's
// audiences the one that may read most, and of equal ones the first of site.yaml.
func (i *Issue) readerOf(m member.Member) audience.Reader {
	policy := i.desk.Config.Policy
	best, most := audience.Public, 0
	for _, r := range policy.Readers() {
		if r == audience.Public || !slices.Contains(m.Audiences, string(r)) {
			continue
		}
		reads := 0
		for _, name := range policy.Names() {
			if policy.MayRead(r, audience.Set{name}) {
				reads++
			}
		}
		if reads > most {
			best, most = r, reads
		}
	}
	return best
}

// languageOf returns the member's language if the issue has an edition in it, and
// else the first that it has.
func (i *Issue) languageOf(m member.Member) string {
	if i.edition(m.Language) != nil {
		return m.Language
	}
	return i.Editions[0].Lang
}

// variantFor returns the variant for a place: the one for exactly those of its
// segments that make a difference to its audience and language.
func (i *Issue) variantFor(p Place) *Variant {
	var mine []string
	for _, name := range p.Segments {
		if slices.ContainsFunc(i.Variants, func(v Variant) bool {
			return v.Audience == p.Audience && v.Lang == p.Lang && slices.ContainsFunc(v.Sets, func(set []string) bool { return slices.Contains(set, name) })
		}) {
			mine = append(mine, name)
		}
	}
	for n := range i.Variants {
		v := &i.Variants[n]
		if v.Audience == p.Audience && v.Lang == p.Lang && slices.ContainsFunc(v.Sets, func(set []string) bool { return slices.Equal(set, mine) }) {
			return v
		}
	}
	return nil
}

// Explain decides about every page for a place: what is in its letter first, in the
// order of the letter. Of a locked issue it says what the lock has, and of the rest
// why it is not there as far as that can be told now.
func (i *Issue) Explain(p Place) []Decision {
	edition := i.edition(p.Lang)
	if edition == nil {
		return nil
	}
	all := i.decisions(edition, p.Audience, p.Segments)
	if i.Lock == nil {
		return all
	}
	var in, out []Decision
	var pages []*content.Page
	if v := i.variantFor(p); v != nil {
		pages = v.Pages()
		for _, page := range pages {
			why := Locked
			if page == v.Lead {
				why = IsLead
			}
			in = append(in, Decision{Page: page, In: true, Reason: why})
		}
	}
	for _, d := range all {
		if slices.Contains(pages, d.Page) {
			continue
		}
		if d.In {
			d.In, d.Reason, d.Detail = false, AfterLock, ""
		}
		out = append(out, d)
	}
	return append(in, out...)
}
