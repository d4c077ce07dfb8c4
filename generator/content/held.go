package content

import (
	"time"

	"kaiho/generator/frontmatter"
)

// held says why the page is not shown at o.Now.
func (p *Page) held(o Options) Held {
	expires := p.Expires.Time
	reason := "expired"
	if consent := p.consent(); consent != nil && !consent.Until.IsZero() {
		if until := EndOfDay(consent.Until); expires.IsZero() || until.Before(expires) {
			expires, reason = until, "consent"
		}
	}
	switch {
	case p.Draft && !o.Drafts:
		return Held{Reason: "draft"}
	case p.Publish.After(o.Now) && !o.Future:
		return Held{Reason: "embargo", Until: p.Publish.Time}
	case !expires.IsZero() && !expires.After(o.Now):
		return Held{Reason: reason, Until: expires}
	}
	return Held{}
}

func (p *Page) consent() *Consent {
	switch {
	case p.Interview != nil:
		return &p.Interview.Consent
	case p.Person != nil:
		return &p.Person.Consent
	}
	return nil
}

// EndOfDay returns the instant at which t is over: the next midnight for a
// day, t itself for a day with a time, zero for zero.
func EndOfDay(t frontmatter.Time) time.Time {
	if t.IsZero() || !t.DateOnly {
		return t.Time
	}
	year, month, day := t.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, t.Location())
}

// IsPast reports whether the page is an event that is over at now.
func (p *Page) IsPast(now time.Time) bool {
	if p.Event == nil {
		return false
	}
	return p.Event.Status == "done" || !p.Event.Ends().IsZero() && !p.Event.Ends().After(now)
}

// IsClosed reports whether the page is a job that is no longer open at now.
func (p *Page) IsClosed(now time.Time) bool {
	return p.Job != nil && !p.Job.Closes.IsZero() && !EndOfDay(p.Job.Closes).After(now)
}

// Ends returns the instant at which an event is over; zero if that is not
// known.
func (e *Event) Ends() time.Time {
	end := e.End
	if end.IsZero() {
		end = e.Start
	}
	if e.AllDay {
		end.DateOnly = true
	}
	return EndOfDay(end)
}
