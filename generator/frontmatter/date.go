package frontmatter

import (
	"strings"
	"time"
)

const (
	dateLayout  = "2006-01-02"
	clockLayout = "2006-01-02 15:04"
)

// timeLayouts are those of a date and a clock: after a T or a blank, with
// seconds or not, with an offset or not. time.Parse takes a fraction of the
// seconds by itself.
var timeLayouts = [2][2][2]string{
	{{"2006-01-02T15:04", "2006-01-02T15:04Z07:00"}, {"2006-01-02T15:04:05", time.RFC3339}},
	{{clockLayout, "2006-01-02 15:04Z07:00"}, {time.DateTime, "2006-01-02 15:04:05Z07:00"}},
}

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
	var blank, seconds, offset int
	switch s[len(dateLayout)] {
	case 'T':
	case ' ':
		blank = 1
	default:
		return Time{}, false
	}
	clock := s[len(dateLayout)+1:]
	// time.Parse takes one digit for an hour; here it must be two.
	if len(clock) < len("15:04") || clock[2] != ':' {
		return Time{}, false
	}
	if strings.HasPrefix(clock[len("15:04"):], ":") {
		seconds = 1
	}
	if strings.ContainsAny(clock, "Z+-") {
		offset = 1
	}
	t, err := time.Parse(timeLayouts[blank][seconds][offset], s)
	if err != nil {
		return Time{}, false
	}
	if offset == 1 {
		return Time{t.In(zone), false}, true
	}
	t, exists := inZone(t, zone)
	return Time{t, false}, exists
}

// parseDate reads a date, s of the length of one; time.Parse takes three times
// as long. Where clocks are put forward at midnight, the first
// moment of the day is at one o'clock.
func parseDate(s string, zone *time.Location) (Time, bool) {
	year, month, date := decimals(s[:4]), decimals(s[5:7]), decimals(s[8:])
	if year < 0 || month < 1 || date < 1 || s[4] != '-' || s[7] != '-' {
		return Time{}, false
	}
	day := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	if day.Month() != time.Month(month) { // it was brought into range
		return Time{}, false
	}
	t, exists := inZone(day, zone)
	return Time{t, true}, exists || t.Day() == day.Day()
}

// decimals returns the number that the digits of s are, or -1.
func decimals(s string) int {
	if !onlyDigits(s) {
		return -1
	}
	n := 0
	for i := range len(s) {
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// inZone returns the time at which the clocks of zone show what wall, in UTC,
// shows. When they are put forward over it, so that it does not exist, it
// returns the first time after that.
func inZone(wall time.Time, zone *time.Location) (t time.Time, exists bool) {
	year, month, day := wall.Date()
	hour, minute, second := wall.Clock()
	t = time.Date(year, month, day, hour, minute, second, wall.Nanosecond(), zone)
	_, offset := t.Zone()
	shown := t.Unix() + int64(offset) // as seconds of UTC
	if shown == wall.Unix() {
		return t, true
	}
	// time.Date does not say on which side of a gap its result lies.
	before, after := t.ZoneBounds()
	if shown < wall.Unix() {
		return after, false
	}
	return before, false
}
