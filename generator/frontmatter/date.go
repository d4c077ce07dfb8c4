package frontmatter

import (
	"strings"
	"time"
)

const dateLayout = "2006-01-02"

// parseTime reads a date, or a date and a clock, in zone unless an offset is
// given. The result is in zone.
func parseTime(s string, zone *time.Location) (Time, bool) {
	if len(s) < len(dateLayout) {
		return Time{}, false
	}
	if len(s) == len(dateLayout) {
		t, err := time.ParseInLocation(dateLayout, s, zone)
		return Time{t, true}, err == nil
	}
	layout := dateLayout + "T15:04"
	switch s[len(dateLayout)] {
	case 'T':
	case ' ':
		layout = dateLayout + " 15:04"
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
	if strings.ContainsAny(clock, "Z+-") {
		layout += "Z07:00"
	}
	t, err := time.ParseInLocation(layout, s, zone)
	if err != nil {
		return Time{}, false
	}
	return Time{t.In(zone), false}, true
}
