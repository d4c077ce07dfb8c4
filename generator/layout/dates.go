package layout

import (
	"strconv"
	"time"
)

// Times are written in the zone that they carry: the site's.

const clock = "15:04"

var weekdaysJa = [...]string{"日", "月", "火", "水", "木", "金", "土"}

func (w words) date(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case w.japanese:
		return strconv.Itoa(t.Year()) + "年" + w.eraYear(t) + w.monthDay(t)
	}
	return t.Format("Mon 2 Jan 2006")
}

func (w words) shortDate(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case w.japanese:
		return t.Format("2006.1.2")
	}
	return t.Format("2 Jan 2006")
}

func (w words) monthDay(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case w.japanese:
		return strconv.Itoa(int(t.Month())) + "月" + strconv.Itoa(t.Day()) + "日（" + weekdaysJa[t.Weekday()] + "）"
	}
	return t.Format("Mon 2 Jan")
}

func (w words) dateTime(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case w.japanese:
		return w.date(t) + t.Format(clock)
	}
	return w.date(t) + ", " + w.timeRange(t, t, false)
}

// when writes the date of start, and then either the times or the last day.
// The end of an event of whole days is its last day.
func (w words) when(start, end time.Time, allDay bool) string {
	switch {
	case start.IsZero():
		return ""
	case allDay && !end.IsZero() && !sameDay(start, end):
		if w.japanese {
			return w.date(start) + "〜" + w.until(start, end)
		}
		return w.date(start) + " – " + w.until(start, end)
	case allDay:
		return w.date(start)
	case w.japanese:
		return w.date(start) + w.timeRange(start, end, false)
	}
	return w.date(start) + ", " + w.timeRange(start, end, false)
}

// timeRange writes times, with the date of the end if it is another day; an
// event of whole days has none. English readers are told the zone, and what it
// is in UTC.
func (w words) timeRange(start, end time.Time, allDay bool) string {
	if start.IsZero() || allDay {
		return ""
	}
	if w.japanese {
		if end.IsZero() || end.Equal(start) {
			return start.Format(clock)
		}
		if sameDay(start, end) {
			return start.Format(clock) + "〜" + end.Format(clock)
		}
		return start.Format(clock) + "〜" + w.until(start, end) + end.Format(clock)
	}
	local := w.span(start, end) + " " + zone(start)
	if _, offset := start.Zone(); offset == 0 {
		return local
	}
	return local + " (" + w.span(start.UTC(), end.UTC()) + " UTC)"
}

// span is timeRange in English without the zone.
func (w words) span(start, end time.Time) string {
	switch {
	case end.IsZero() || end.Equal(start):
		return start.Format(clock)
	case sameDay(start, end):
		return start.Format(clock) + "–" + end.Format(clock)
	}
	return start.Format(clock) + " – " + w.until(start, end) + ", " + end.Format(clock)
}

// until writes a later day, without the year when it is that of start.
func (w words) until(start, end time.Time) string {
	if start.Year() == end.Year() {
		return w.monthDay(end)
	}
	return w.date(end)
}

// lastDay writes the last day of what ends on a later day than it starts, and
// nothing else. An end at midnight is the end of the day before.
func (w words) lastDay(start, end time.Time, allDay bool) string {
	if !allDay {
		end = end.Add(-1)
	}
	if start.IsZero() || end.Before(start) || sameDay(start, end) {
		return ""
	}
	return w.until(start, end)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// zone returns the zone's letters, or its distance from UTC when it has none.
func zone(t time.Time) string {
	name, offset := t.Zone()
	if name != "" && name[0] != '+' && name[0] != '-' {
		return name
	}
	if offset == 0 {
		return "UTC"
	}
	return "UTC" + t.Format("-07:00")
}

func isoDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func isoDateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func year(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(t.Year())
}

func (w words) month(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case w.japanese:
		return strconv.Itoa(int(t.Month())) + "月"
	}
	return t.Format("Jan")
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(t.Day())
}

func (w words) weekday(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case w.japanese:
		return weekdaysJa[t.Weekday()]
	}
	return t.Format("Mon")
}
