package newsletter

import (
	"slices"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/content"
)

// Reason is why a page is in a letter or not.
type Reason string

// Reasons for which a page is in a letter.
const (
	IsLead   Reason = "lead"     // the issue's lead
	Included Reason = "included" // the issue names it
	IsNew    Reason = "new"      // no earlier lock has it
	Locked   Reason = "locked"   // the issue's lock has it
)

// Reasons for which a page is not in a letter.
const (
	NotForLetters Reason = "kind"      // a standing page: only what the issue names
	NoEdition     Reason = "language"  // it is not there in the reader's language
	IsDraft       Reason = "draft"     //
	Embargoed     Reason = "embargo"   // detail: until when
	Expired       Reason = "expired"   // detail: since when
	Withdrawn     Reason = "withdrawn" // the consent has ended, or the event is cancelled
	OtherAudience Reason = "audience"  // detail: whom it is for
	Excluded      Reason = "excluded"  // the issue excludes it
	Skipped       Reason = "skipped"   // digest: skip
	Mailed        Reason = "mailed"    // detail: the issue whose lock has it
	Past          Reason = "past"      // the event is over
	Closed        Reason = "closed"    // the job is no longer open
	TooOld        Reason = "since"     // older than the issue's since
	TooYoung      Reason = "until"     // younger than the issue's until
	NoSection     Reason = "section"   // the issue has not this section
	OtherSegment  Reason = "segment"   // detail: whom it is for
	OverLimit     Reason = "limit"     // its section is full; it is new next time
	AfterLock     Reason = "after"     // it was not there when the issue was locked
)

// Decision says whether a page is in a letter, and why.
type Decision struct {
	Page   *content.Page // in the edition that the reader would get
	In     bool
	Reason Reason
	Detail string
}

// question is for whom decisions are taken.
type question struct {
	issue   *Issue
	page    *content.Page // the edition of the issue
	reader  audience.Reader
	lang    string
	segment func(name string) bool // whether the readers are in it
	anybody bool                   // not for these readers alone: for some readers or other
	names   names
}

// names is what an edition of an issue names, by the pages' keys.
type names struct {
	lead     string
	include  []string // without the lead
	exclude  []string
	sections []string // empty: as site.yaml has them
	inLang   []string // what this very edition names, whatever its language
}

// names reads what an edition names. What it leaves out is as in the first
// edition, so that a translation need not say it again.
func (i *Issue) names(edition *content.Page) names {
	own, first := edition.Newsletter, i.Editions[0].Newsletter
	keys := func(page *content.Page, refs []string) []string {
		var keys []string
		for _, ref := range refs {
			if p := i.desk.Library.Page(page, ref); p != nil {
				keys = append(keys, p.Key)
			}
		}
		return keys
	}
	lead := keys(edition, []string{own.Lead})
	n := names{include: keys(edition, own.Include), exclude: keys(edition, own.Exclude), sections: own.Sections}
	if edition != i.Editions[0] {
		n.inLang = append(slices.Clone(lead), n.include...)
		page := i.Editions[0]
		if len(lead) == 0 {
			lead = keys(page, []string{first.Lead})
		}
		if len(own.Include) == 0 {
			n.include = keys(page, first.Include)
		}
		if len(own.Exclude) == 0 {
			n.exclude = keys(page, first.Exclude)
		}
		if len(n.sections) == 0 {
			n.sections = first.Sections
		}
	}
	if len(lead) == 1 {
		n.lead = lead[0]
	}
	return n
}

// has reports whether the edition names the page with a key, for or against.
func (n *names) has(key string) bool {
	return key == n.lead || slices.Contains(n.include, key) || slices.Contains(n.exclude, key)
}

// decide takes the decision about the page whose editions are group, but for the
// limits of sections, which depend on the others.
func (q *question) decide(group []*content.Page) Decision {
	p, ok := q.inLanguage(group)
	d := Decision{Page: p}
	switch {
	case p.Kind == content.KindPage && !q.names.has(p.Key):
		d.Reason = NotForLetters
		return d
	case !ok:
		d.Reason = NoEdition
		return d
	}
	if d.Reason, d.Detail = q.hidden(p); d.Reason != "" {
		return d
	}
	switch {
	case slices.Contains(q.names.exclude, p.Key):
		d.Reason = Excluded
	case p.Key == q.names.lead || slices.Contains(q.names.include, p.Key):
		if d.Reason, d.Detail = q.gone(p); d.Reason != "" {
			return d
		}
		d.In, d.Reason = true, Included
		if p.Key == q.names.lead {
			d.Reason = IsLead
		}
	default:
		d.In, d.Reason, d.Detail = q.rules(p)
	}
	if d.In && d.Reason != IsLead && !q.inSegment(p) {
		d.In, d.Reason, d.Detail = false, OtherSegment, strings.Join(p.Segments, ", ")
	}
	return d
}

// inLanguage returns the edition of a page that the readers get. What the issue's
// own edition names is there in any language.
func (q *question) inLanguage(group []*content.Page) (*content.Page, bool) {
	for _, p := range group {
		if p.Lang == q.lang {
			return p, true
		}
	}
	return group[0], slices.Contains(q.names.inLang, group[0].Key)
}

// hidden says why the readers must not see the page; "" if they may. What the
// library shows in a preview, drafts and what is under embargo, is never mailed.
func (q *question) hidden(p *content.Page) (Reason, string) {
	now := q.issue.Now
	const day = "2006-01-02 15:04"
	switch {
	case p.Draft:
		return IsDraft, ""
	case p.Publish.After(now):
		return Embargoed, p.Publish.Format(day)
	case p.Held.Reason == "consent":
		return Withdrawn, ""
	case p.Held.Reason == "expired":
		return Expired, p.Held.Until.Format(day)
	case !p.Live():
		return Embargoed, p.Held.Until.Format(day)
	case q.issue.desk.Library.Sees(q.reader, p) != content.All && !q.anybody:
		return OtherAudience, strings.Join(p.Audience, ", ")
	}
	return "", ""
}

// gone says why nobody needs to hear of the page any more, or of nothing if they do.
func (q *question) gone(p *content.Page) (Reason, string) {
	switch {
	case p.Event != nil && p.Event.Status == "cancelled":
		return Withdrawn, ""
	case p.IsPast(q.issue.Now):
		return Past, ""
	case p.IsClosed(q.issue.Now):
		return Closed, ""
	}
	return "", ""
}

// rules decides about a page that the issue does not name.
func (q *question) rules(p *content.Page) (in bool, why Reason, detail string) {
	n := q.page.Newsletter
	first := q.issue.Editions[0].Newsletter
	since, until := n.Since, n.Until
	if since.IsZero() {
		since = first.Since
	}
	if until.IsZero() {
		until = first.Until
	}
	published := p.Published()
	mailed := q.issue.mailed(p)
	why, detail = q.gone(p)
	switch {
	case p.Digest == "skip":
		return false, Skipped, ""
	case mailed != "":
		return false, Mailed, mailed
	case why != "":
		return false, why, detail
	case !since.IsZero() && !published.IsZero() && published.Before(since.Time):
		return false, TooOld, since.Format("2006-01-02")
	case !until.IsZero() && !published.IsZero() && !published.Before(content.EndOfDay(until)):
		return false, TooYoung, until.Format("2006-01-02")
	case len(q.names.sections) > 0 && !slices.Contains(q.names.sections, p.Section):
		return false, NoSection, p.Section
	}
	return true, IsNew, ""
}

// mailed returns the earliest issue whose lock has the page, under its URL now or
// one that it had; "" if none has.
func (i *Issue) mailed(p *content.Page) string {
	if issue := i.record[p.Path]; issue != "" {
		return issue
	}
	if issue := i.record[p.URL]; issue != "" {
		return issue
	}
	for _, alias := range p.Aliases {
		if issue := i.record[alias]; issue != "" {
			return issue
		}
	}
	return ""
}

func (q *question) inSegment(p *content.Page) bool {
	return q.anybody || len(p.Segments) == 0 || slices.ContainsFunc(p.Segments, q.segment)
}
