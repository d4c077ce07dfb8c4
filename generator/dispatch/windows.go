package dispatch

import (
	"time"

	"kaiho/generator/ledger"
)

// window is a limit that is counted in the ledger.
type window struct {
	limit ledger.Limit
	day   bool
	until func(first time.Time) time.Time // when the next letter may go, by when the first of the window went
	again time.Duration                   // so often one looks whether it may go sooner
}

// windows are the limits of now, by the machine's clock, with which what was sent is
// written down.
func (r *run) windows() (all []window) {
	now := r.Machine()
	if r.HourLimit > 0 {
		all = append(all, window{limit: ledger.Limit{Since: now.Add(-time.Hour), Most: r.HourLimit}, again: 10 * time.Second,
			until: func(first time.Time) time.Time { return first.Add(time.Hour) }})
	}
	if n := r.dayLimit(); n > 0 {
		zone := r.Now().Location()
		all = append(all, window{limit: ledger.Limit{Since: dayOf(now, zone, 0), Most: n}, day: true, again: time.Minute,
			until: func(time.Time) time.Time { return dayOf(now, zone, 1) }})
	}
	return all
}

// dayLimit is that of today; 0: none.
func (r *run) dayLimit() int {
	if r.DayLimit == nil {
		return 0
	}
	return r.DayLimit(r.Now())
}

// dayOf is the midnight with which the day of t begins, or one so many days later.
func dayOf(t time.Time, zone *time.Location, later int) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day+later, 0, 0, 0, 0, zone)
}

// paced tells, once, that the rate itself makes everybody wait for a minute or longer, if it
// comes with a limit: spent is as of the last claim.
func (r *run) paced(wait time.Duration) {
	windows := r.windows()
	if r.slowly || wait < time.Minute || len(windows) == 0 || len(r.spent) == 0 {
		return
	}
	r.slowly = true
	w, s := windows[0], r.spent[0]
	r.Waiting(Allowance{Sent: min(s.Sent+s.InHand, w.limit.Most), Limit: w.limit.Most, Day: w.day, Until: r.Machine().Add(wait)})
}

// held is how long to wait for the limits before one looks again, and tells of it. What
// others have in hand may be given back at any time.
func (r *run) held(windows []window, spent []ledger.Spent) (wait time.Duration) {
	now := r.Machine()
	for i, w := range windows {
		s := spent[i]
		if s.Left(w.limit) > 0 {
			continue
		}
		if s.Sent < w.limit.Most {
			wait = max(wait, idle)
			continue
		}
		until := w.until(s.First)
		wait = max(wait, min(max(until.Sub(now), idle), w.again))
		if now.Before(r.told[w.day]) {
			continue
		}
		if r.told[w.day] = until; !w.day { // the letters of an hour ago make room one by one
			r.told[w.day] = now.Add(time.Hour)
		}
		r.Waiting(Allowance{Sent: s.Sent, Limit: w.limit.Most, Day: w.day, Until: until})
	}
	return wait
}
