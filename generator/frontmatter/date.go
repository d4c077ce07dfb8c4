package frontmatter

import (
	"strings"
	"time"
)

const (
	dateLayout  = "2006-01-02"
	clockLayout = "2006-01-02 15:04"
)

// parseTime reads a date, or a date and a clock, in zone unless an offset is
// given. The result is in zone. A time that the clocks of zone skip is refused,
// together with the first time after it.
func parseTime(s string, zone *time.Location) (Time, bool) {
	if len(s) < len(dateLayout) {
		return Time{}, false
	}
	if len(s) == len(dateLayout) {
		return parseDate(s, zone)
	}
	layout := dateLayout + "T15:04"
	switch s[len(dateLayout)] {
	case 'T':
	case ' ':
		layout = clockLayout
	default:
		return Time{}, false
	}
	clock := s[len(dateLayout)+1:]
	// time.Parse takes one digit for an hour; here it must be two.
	if len(clock) < len("15:04") || clock[2] != ':' {
		return Time{}, false
	}
	if rest := clock[len("15:04"):]; strings.HasPrefix(rest, ":") {
		layout += ":05" // and a fraction, which time.Parse takes by itself
	}
	offset := strings.ContainsAny(clock, "Z+-")
	if offset {
		layout += "Z07:00"
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return Time{}, false
	}
	if offset {
		return Time{t.In(zone), false}, true
	}
	t, exists := inZone(t, zone)
	return Time{t, false}, exists
}

// parseDate reads a date. Where clocks are put forward at midnight, the first
// moment of the day is at one o'clock.
func parseDate(s string, zone *time.Location) (Time, bool) {
	day, err := time.Parse(dateLayout, s)
	if err != nil {
		return Time{}, false
	}
	t, _ := inZone(day, zone)
	return Time{t, true}, t.Day() == day.Day()
}

// inZone returns the time at which the clocks of zone show what wall, in UTC,
// shows. When they are put forward over it, so that it does not exist, it
// returns the first time after that.
func inZone(wall time.Time, zone *time.Location) (t time.Time, exists bool) {
	t = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	// time.Date does not say on which side of a gap its result lies.
	before, after := t.ZoneBounds()
	switch {
	case shown.Before(wall):
		return after, false
	case shown.After(wall):
		return before, false
	}
	return t, true
}
