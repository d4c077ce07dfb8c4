package site

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const calendarTokyo = "Asia/Tokyo"

// calendarLocation returns the zone that a calendar's times are written in:
// that of its events if it is the calendar's, so that the view alone decides,
// else that of Go's time zone data. A name that is not known gives UTC, which
// is never wrong, only less readable.
func calendarLocation(c Calendar) *time.Location {
	switch c.Zone {
	case "", "UTC", "Etc/UTC", "Local":
		return time.UTC
	}
	if strings.ContainsFunc(c.Zone, notInZoneName) {
		return time.UTC
	}
	for _, e := range c.Events {
		if e.Start.Location().String() == c.Zone {
			return e.Start.Location()
		}
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		if c.Zone == calendarTokyo {
			return time.FixedZone(calendarTokyo, 9*60*60)
		}
		return time.UTC
	}
	return zone
}

// notInZoneName reports whether r cannot be part of an IANA name, which stands
// unquoted in parameters.
func notInZoneName(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_+-/", r):
		return false
	}
	return true
}

// observance is a part of a VTIMEZONE: the onsets of one offset.
type observance struct {
	name     string
	daylight bool
	from, to int // seconds east of UTC, before and after each onset
	onsets   []time.Time
}

// zone writes the VTIMEZONE of the events' times (RFC 5545, 3.6.5). The onsets
// are the real ones of the years in which events take place, as RDATE, because
// a rule would have to be guessed from them.
func (w *calendarWriter) zone(zone *time.Location, events []CalendarEvent) {
	w.raw("BEGIN", "VTIMEZONE")
	w.raw("TZID", zone.String())
	for _, o := range observances(zone, events) {
		kind := "STANDARD"
		if o.daylight {
			kind = "DAYLIGHT"
		}
		// Onsets are written in the local time that they end.
		before := time.FixedZone("", o.from)
		w.raw("BEGIN", kind)
		w.raw("DTSTART", o.onsets[0].In(before).Format(calendarLocal))
		for _, onset := range o.onsets[1:] {
			w.raw("RDATE", onset.In(before).Format(calendarLocal))
		}
		w.raw("TZOFFSETFROM", calendarOffset(o.from))
		w.raw("TZOFFSETTO", calendarOffset(o.to))
		w.text("TZNAME", o.name)
		w.raw("END", kind)
	}
	w.raw("END", "VTIMEZONE")
}

// observances returns the offsets in force in the events' years. Japan has had
// no change since 1951, so one observance since 1970 says all; its abbreviation
// is not asked of the zone, which may be a fixed offset.
func observances(zone *time.Location, events []CalendarEvent) []observance {
	epoch := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if zone.String() == calendarTokyo {
		const offset = 9 * 60 * 60
		return []observance{{name: "JST", from: offset, to: offset, onsets: []time.Time{epoch.Add(-offset * time.Second)}}}
	}
	var all []observance
	add := func(t time.Time) (end time.Time) {
		onset, end := t.ZoneBounds()
		name, to := t.Zone()
		from := to
		if onset.IsZero() {
			onset = epoch.Add(-time.Duration(to) * time.Second)
		} else {
			_, from = onset.Add(-time.Second).Zone()
		}
		i := slices.IndexFunc(all, func(o observance) bool {
			return o.name == name && o.daylight == t.IsDST() && o.from == from && o.to == to
		})
		if i < 0 {
			i = len(all)
			all = append(all, observance{name: name, daylight: t.IsDST(), from: from, to: to})
		}
		if !slices.ContainsFunc(all[i].onsets, onset.Equal) {
			all[i].onsets = append(all[i].onsets, onset)
		}
		return end
	}
	for _, year := range calendarYears(zone, events) {
		at, next := time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)
		for !at.IsZero() && at.Before(next) {
			at = add(at)
		}
	}
	return all
}

// calendarYears returns the years in which events start or end, in order; 1970 if
// there are none, because a VTIMEZONE needs an observance.
func calendarYears(zone *time.Location, events []CalendarEvent) []int {
	var years []int
	for _, e := range events {
		if !e.Start.IsZero() {
			years = append(years, e.Start.In(zone).Year())
		}
		if e.End.After(e.Start) {
			years = append(years, e.End.In(zone).Year())
		}
	}
	if len(years) == 0 {
		return []int{1970}
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// calendarOffset writes a UTC-OFFSET (RFC 5545, 3.3.14), which has seconds only
// for old local mean times.
func calendarOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	out := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		out += fmt.Sprintf("%02d", seconds%60)
	}
	return out
}
