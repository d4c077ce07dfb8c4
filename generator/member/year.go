package member

import (
	"regexp"
	"strconv"
	"time"

	"golang.org/x/text/unicode/norm"
)

const (
	firstYear = 1900
	lastYear  = 2100
)

// eras are the year before the first of each era; the letters are those of forms.
var eras = map[string]int{"大正": 1911, "T": 1911, "昭和": 1925, "S": 1925, "平成": 1988, "H": 1988, "令和": 2018, "R": 2018}

var (
	yearText = regexp.MustCompile(`^(\d{4})(?:年度?|[-/.年].*)?$`)
	eraText  = regexp.MustCompile(`^(大正|昭和|平成|令和|[TSHRtshr])\s*(\d{1,2}|元)(?:年度?|[-/.年].*)?$`)
	dateText = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
)

// parseYear reads a year, also out of a date: 2009, 2009年度, 2009/4/1, 昭和49年, S49.
func parseYear(s string) (int, bool) {
	s = norm.NFKC.String(s)
	year := 0
	if m := yearText.FindStringSubmatch(s); m != nil {
		year, _ = strconv.Atoi(m[1])
	} else if m := eraText.FindStringSubmatch(s); m != nil {
		n := 1
		if m[2] != "元" {
			n, _ = strconv.Atoi(m[2])
		}
		era := m[1]
		if len(era) == 1 && era[0] >= 'a' {
			era = string(era[0] - 'a' + 'A')
		}
		if n > 0 {
			year = eras[era] + n
		}
	}
	return year, firstYear <= year && year <= lastYear
}

// parseDate reads a day as its first moment, in UTC, or a time as RFC 3339 writes it.
func parseDate(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true
	}
	m := dateText.FindStringSubmatch(norm.NFKC.String(s))
	if m == nil {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-1-2", m[1]+"-"+m[2]+"-"+m[3])
	return t, err == nil
}
