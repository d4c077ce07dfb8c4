package frontmatter

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nearestTime returns the right spelling of the date, with a clock or not,
// that s most likely means; "" when it could be several, or none.
//
// It knows other separators, full-width digits, missing zeros, Japanese dates
// and eras, English months, and am and pm. A day after a month's end becomes
// its last, and 25:00, as Japanese programmes write it, 01:00 of the day after.
func nearestTime(s string) string {
	s, offset := cutOffset(strings.TrimSpace(strings.ToLower(norm.NFKC.String(s))))
	numbers, w := scanDate(s)
	day, clock, ok := w.date(numbers)
	if !ok {
		return ""
	}
	if len(clock) == 0 {
		return day.Format(dateLayout)
	}
	hour, minute, second, ok := w.clock(clock)
	if !ok {
		return ""
	}
	if hour >= 24 {
		day, hour = day.AddDate(0, 0, 1), hour-24
	}
	layout := dateLayout + " 15:04"
	if len(clock) > 2 {
		layout += ":05"
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, time.UTC)
	return at.Format(layout) + offset
}

// cutOffset takes the offset from UTC off the end of s, and returns it in its
// right spelling; "" when there is none after a clock.
func cutOffset(s string) (rest, offset string) {
	clock := strings.IndexByte(s, ':')
	if clock < 0 {
		return s, ""
	}
	if utc, ok := strings.CutSuffix(s, "z"); ok {
		return utc, "Z"
	}
	i := strings.LastIndexAny(s, "+-")
	if i < clock {
		return s, ""
	}
	switch digits := strings.ReplaceAll(s[i+1:], ":", ""); {
	case !onlyDigits(digits):
	case len(digits) == 4:
		return s[:i], s[i:i+1] + digits[:2] + ":" + digits[2:]
	case len(digits) == 2:
		return s[:i], s[i:i+1] + digits + ":00"
	}
	return s, ""
}

// dateNumber is a run of digits.
type dateNumber struct{ value, digits int }

// dateWords is what the words between the numbers of a date say.
type dateWords struct {
	month     int  // of an English name; 0 without
	afternoon bool // pm, 午後
	hours     bool // a number is followed by 時
	half      bool // 時半
}

// eras are the first years of the Japanese eras that people write, less one.
var eras = map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925}

// scanDate returns the numbers of s and what its words say. The year of an era
// is turned into a common year of four digits.
func scanDate(s string) (numbers []dateNumber, w dateWords) {
	s = strings.ReplaceAll(s, "元年", "1年")
	era := 0
	for s != "" {
		run := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if run < 0 {
			run = len(s)
		}
		if run > 0 {
			value, _ := strconv.Atoi(s[:min(run, 9)])
			number := dateNumber{value, run}
			if era > 0 {
				number, era = dateNumber{era + value, 4}, 0
			}
			numbers, s = append(numbers, number), s[run:]
			continue
		}
		word := strings.IndexFunc(s, unicode.IsDigit)
		if word < 0 {
			word = len(s)
		}
		era = max(era, w.read(s[:word]))
		if word == 0 { // a digit of another script
			return nil, w
		}
		s = s[word:]
	}
	return numbers, w
}

// read notes what the text between two numbers says, and returns the years to
// add to the next one.
func (w *dateWords) read(text string) int {
	w.afternoon = w.afternoon || strings.Contains(text, "午後") || strings.Contains(text, "pm") || strings.Contains(text, "p.m")
	w.hours = w.hours || strings.Contains(text, "時")
	w.half = w.half || strings.Contains(text, "時半")
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		for m := time.January; m <= time.December && w.month == 0; m++ {
			if name := strings.ToLower(m.String()); len(word) >= 3 && strings.HasPrefix(name, word) || word == "sept" && m == time.September {
				w.month = int(m)
			}
		}
	}
	for name, years := range eras {
		if strings.Contains(text, name) {
			return years
		}
	}
	return 0
}

// date returns the day that numbers begin with, and the numbers left.
func (w *dateWords) date(n []dateNumber) (day time.Time, rest []dateNumber, ok bool) {
	year, month, dayOfMonth := 0, 0, 0
	switch {
	case len(n) > 0 && n[0].digits == 8:
		year, month, dayOfMonth = n[0].value/10000, n[0].value/100%100, n[0].value%100
		rest = n[1:]
	case w.month > 0 && len(n) >= 2 && n[1].digits == 4: // May 20, 2026
		year, month, dayOfMonth, rest = n[1].value, w.month, n[0].value, n[2:]
	case w.month > 0 && len(n) >= 2 && n[0].digits == 4: // 2026 May 20
		year, month, dayOfMonth, rest = n[0].value, w.month, n[1].value, n[2:]
	case w.month > 0 || len(n) < 3:
		return time.Time{}, nil, false
	case n[0].digits == 4:
		year, month, dayOfMonth, rest = n[0].value, n[1].value, n[2].value, n[3:]
	case n[2].digits == 4 && n[0].value > 12: // 20.5.2026
		year, month, dayOfMonth, rest = n[2].value, n[1].value, n[0].value, n[3:]
	case n[2].digits == 4 && n[1].value > 12: // 5/20/2026
		year, month, dayOfMonth, rest = n[2].value, n[0].value, n[1].value, n[3:]
	default: // 5/6/2026 is a day in May or in June
		return time.Time{}, nil, false
	}
	if year < 1000 || year > 9999 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31 {
		return time.Time{}, nil, false
	}
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
	if dayOfMonth >= last.Day() {
		return last, rest, true
	}
	return time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC), rest, true
}

// clock returns the time of day in the numbers n, of which there is one at
// least; an hour may be up to 29.
func (w *dateWords) clock(n []dateNumber) (hour, minute, second int, ok bool) {
	hour = n[0].value
	switch {
	case len(n) == 1 && w.half:
		minute = 30
	case len(n) == 1 && n[0].digits == 4 && !w.hours: // 1830
		hour, minute = n[0].value/100, n[0].value%100
	case len(n) == 1 && !w.hours && !w.afternoon:
		return 0, 0, 0, false
	case len(n) > 1:
		minute = n[1].value
	}
	if len(n) > 2 {
		second = n[2].value
	}
	if w.afternoon && hour < 12 {
		hour += 12
	}
	return hour, minute, second, hour < 30 && minute < 60 && second < 60 && len(n) <= 3
}
