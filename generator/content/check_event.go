package content

import (
	"slices"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func (c *checker) event() {
	e := c.p.Event
	c.eventTimes(e)
	c.wants(c.p.Date.IsZero() && c.p.Publish.IsZero(), "date") // without it no feed has the event
	c.oneLine("type")
	if e.Type != "" {
		c.segment(TagSlug(e.Type), "type")
	}
	c.oneLine("venue", "name")
	c.oneLine("venue", "address")
	if e.Type != "" && len(c.o.EventTypes) > 0 && !slices.Contains(c.o.EventTypes, e.Type) {
		c.report(diag.UnknownEventType, keys("type"), "type", e.Type,
			"nearest", diag.Nearest(e.Type, c.o.EventTypes), "choices", diag.Choices(c.o.EventTypes, false))
	}
	hasVenue, hasOnline := e.Venue.Name != "" || e.Venue.Address != "", e.Online.Service != "" || e.Online.URL != ""
	switch {
	case e.Mode == "offline" && e.Online.URL != "":
		c.report(diag.ModeDiffers, keys("online"), "mode", e.Mode, "key", "online")
	case e.Mode == "online" && hasVenue:
		c.report(diag.ModeDiffers, keys("venue"), "mode", e.Mode, "key", "venue")
	default:
		c.wants(e.Mode != "" && e.Mode != "online" && !hasVenue, "venue")
		c.wants(e.Mode != "" && e.Mode != "offline" && !hasOnline, "online")
	}
	if c.isGiven("fee") {
		c.wants(e.Fee.Amount == nil && e.Fee.Note == "", "fee.amount")
	} else {
		c.wants(true, "fee")
	}
	c.currency("fee", "currency")
	c.postal("venue", "postal_code")
	c.address("venue", "map")
	c.address("online", "url")
	c.wants(e.CapacityMode != "" && e.Capacity == 0, "capacity")
	c.wants(e.Contact == "", "contact")
}

// eventTimes checks start, end and deadline. A page that lacks all_day lacks it
// once, though start and end both show it.
func (c *checker) eventTimes(e *Event) {
	clocks := true
	for _, t := range []struct {
		key  string
		time frontmatter.Time
	}{{"start", e.Start}, {"end", e.End}} {
		if t.time.IsZero() || t.time.DateOnly == e.AllDay || !clocks || !e.AllDay && c.isGiven("all_day") && c.text("all_day") != "false" {
			continue
		}
		clocks = false
		if e.AllDay {
			c.report(diag.AllDayClock, keys(t.key), "key", t.key, "date", t.time.Format("2006-01-02"))
		} else {
			c.report(diag.EventNeedsClock, keys(t.key), "key", t.key, "date", t.time.Format("2006-01-02"))
		}
	}
	switch {
	case e.AllDay, e.Start.DateOnly || e.End.DateOnly:
		if !e.Start.IsZero() && !e.End.IsZero() && EndOfDay(e.End).Before(e.Start.Time) {
			c.report(diag.TimeOrder, keys("end"), "key", "end", "other", "start")
		}
	default:
		c.after("end", e.End, "start", e.Start, false)
	}
	if !e.Deadline.IsZero() && !e.Start.IsZero() && e.Deadline.After(e.Start.Time) {
		c.report(diag.DeadlineAfterStart, keys("rsvp_deadline"), "key", "rsvp_deadline", "other", "start")
	}
}

func (c *checker) job() {
	j := c.p.Job
	if !j.Closes.IsZero() && !j.Posted.IsZero() && EndOfDay(j.Closes).Before(EndOfDay(j.Posted)) {
		c.report(diag.TimeOrder, keys("closes"), "key", "closes", "other", "posted")
	}
	if j.Salary.Max > 0 && j.Salary.Min > j.Salary.Max {
		c.report(diag.SalaryOrder, keys("salary", "max"))
	}
	c.currency("salary", "currency")
	c.oneLine("employment_type")
	c.oneLine("organization", "name")
	c.address("organization", "url")
	c.address("apply", "url")
	c.mail("apply", "email")
	for i := range j.Locations {
		c.postal("locations", itoa(i), "postal_code")
	}
	c.jobWants(j)
}

// jobWants names what a good job advertisement has and this one lacks.
func (c *checker) jobWants(j *Job) {
	c.wants((j.Salary.Min > 0 || j.Salary.Max > 0) && j.Salary.Unit == "", "salary.unit")
	c.wants(j.Closes.IsZero(), "closes")
	c.wants(j.Apply.URL == "" && j.Apply.Email == "", "apply")
	c.wants(len(j.Locations) == 0 && j.Remote != "full", "locations")
	c.wants(j.Salary.Min == 0 && j.Salary.Max == 0 && j.Salary.Note == "", "salary")
	c.wants(j.Hours == "", "hours")
	// 職業安定法施行規則 of 2024-04-01: what may change later must be said.
	c.wants(j.Duties.ScopeOfChange == "", "duties.scope_of_change")
	c.wants(j.Place.ScopeOfChange == "", "place.scope_of_change")
	if j.Contract.FixedTerm != "" {
		c.wants(j.Contract.Renewal == "", "contract.renewal")
	}
}
