package site

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine
	"unicode"
	"unicode/utf8"
)

var tokyoTime = time.FixedZone("Asia/Tokyo", 9*60*60)

// calendarLine is a property as a reader of RFC 5545 sees it.
type calendarLine struct {
	name, parameters, value string
}

// parseCalendar unfolds and splits strictly: CRLF everywhere, at most 75 octets
// a line, valid UTF-8 in every physical line, known property names only.
func parseCalendar(data []byte) ([]calendarLine, error) {
	text, found := strings.CutSuffix(string(data), "\r\n")
	if !found {
		return nil, fmt.Errorf("no CRLF at the end")
	}
	var logical []string
	for i, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			return nil, fmt.Errorf("line %d is malformed: %q", i+1, line)
		}
		if rest, folded := strings.CutPrefix(line, " "); folded && i > 0 {
			logical[len(logical)-1] += rest
			continue
		}
		logical = append(logical, line)
	}
	known := strings.Fields(`BEGIN END VERSION PRODID CALSCALE METHOD NAME X-WR-CALNAME DESCRIPTION X-WR-CALDESC
		URL SOURCE REFRESH-INTERVAL X-PUBLISHED-TTL X-WR-TIMEZONE TZID DTSTART DTEND RDATE TZOFFSETFROM TZOFFSETTO
		TZNAME UID DTSTAMP LAST-MODIFIED SEQUENCE SUMMARY LOCATION CONFERENCE CATEGORIES ORGANIZER STATUS TRANSP`)
	var lines []calendarLine
	for _, line := range logical {
		quoted := false
		colon := strings.IndexFunc(line, func(r rune) bool {
			quoted = quoted != (r == '"')
			return r == ':' && !quoted
		})
		if colon < 0 || strings.ContainsFunc(line, func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
			return nil, fmt.Errorf("not a property: %q", line)
		}
		name, parameters, _ := strings.Cut(line[:colon], ";")
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("a property that was not written: %q", line)
		}
		lines = append(lines, calendarLine{name, parameters, line[colon+1:]})
	}
	return lines, nil
}

// unescapeCalendar reads a TEXT value back.
func unescapeCalendar(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n").Replace(s)
}

func calendarProperty(t *testing.T, lines []calendarLine, name string) string {
	t.Helper()
	inEvent := false
	for _, line := range lines {
		inEvent = inEvent || line.value == "VEVENT"
		if inEvent && line.name == name {
			return strings.TrimPrefix(line.parameters+":"+line.value, ":")
		}
	}
	return ""
}

func sampleEvent() CalendarEvent {
	return CalendarEvent{
		UID: "events/winter@example.jp", Sequence: 2,
		Stamp: time.Date(2026, 5, 1, 9, 0, 0, 0, tokyoTime),
		Start: time.Date(2026, 5, 20, 18, 30, 0, 0, tokyoTime), End: time.Date(2026, 5, 20, 20, 30, 0, 0, tokyoTime),
		Title: "冬の同窓会; 第3回, 東京", Description: "ご家族も\nどうぞ。", Location: "本社 3階",
		URL: "https://example.jp/events/winter/", Categories: []string{"交流会", "東京,本社"},
		Organizer: `広報 "室"`, OrganizerEmail: "alumni@example.jp",
	}
}

var calendarEventTests = []struct {
	name   string
	change func(*Calendar, *CalendarEvent)
	want   map[string]string
}{
	{"a timed event in Tokyo", func(*Calendar, *CalendarEvent) {}, map[string]string{
		"UID": "events/winter@example.jp", "DTSTAMP": "20260501T000000Z", "SEQUENCE": "2",
		"DTSTART": "TZID=Asia/Tokyo:20260520T183000", "DTEND": "TZID=Asia/Tokyo:20260520T203000",
		"SUMMARY":     `冬の同窓会\; 第3回\, 東京`,
		"DESCRIPTION": `ご家族も\nどうぞ。\n\nhttps://example.jp/events/winter/`,
		"CATEGORIES":  `交流会,東京\,本社`, "ORGANIZER": `CN="広報 '室'":mailto:alumni@example.jp`,
		"STATUS": "CONFIRMED", "TRANSP": "OPAQUE", "CONFERENCE": "", "URL": "https://example.jp/events/winter/",
	}},
	{"times in UTC need no zone", func(c *Calendar, _ *CalendarEvent) { c.Zone = "UTC" }, map[string]string{
		"DTSTART": "20260520T093000Z", "DTEND": "20260520T113000Z",
	}},
	{"an unknown zone is UTC", func(c *Calendar, _ *CalendarEvent) { c.Zone = "Mars/Olympus\r\nX:1" }, map[string]string{
		"DTSTART": "20260520T093000Z",
	}},
	{"the end of an all-day event is the day after", func(_ *Calendar, e *CalendarEvent) { e.AllDay = true }, map[string]string{
		"DTSTART": "VALUE=DATE:20260520", "DTEND": "VALUE=DATE:20260521", "TRANSP": "TRANSPARENT",
	}},
	{"an all-day event over the end of a month", func(_ *Calendar, e *CalendarEvent) {
		e.AllDay, e.End = true, time.Date(2026, 5, 31, 0, 0, 0, 0, tokyoTime)
	}, map[string]string{"DTEND": "VALUE=DATE:20260601"}},
	{"an all-day event without an end lasts a day", func(_ *Calendar, e *CalendarEvent) {
		e.AllDay, e.End = true, time.Time{}
	}, map[string]string{"DTEND": "VALUE=DATE:20260521"}},
	{"an end that is no end is left out", func(_ *Calendar, e *CalendarEvent) { e.End = e.Start }, map[string]string{"DTEND": ""}},
	{"the online address is in all three places", func(_ *Calendar, e *CalendarEvent) {
		e.Location, e.OnlineURL = "", "https://meet.example.jp/a?b=1"
	}, map[string]string{
		"LOCATION":    "https://meet.example.jp/a?b=1",
		"CONFERENCE":  "VALUE=URI;FEATURE=VIDEO;LABEL=Online:https://meet.example.jp/a?b=1",
		"DESCRIPTION": `ご家族も\nどうぞ。\n\nオンライン参加: https://meet.example.jp/a?b=1\n\nhttps://example.jp/events/winter/`,
	}},
	{"a cancelled event stays and blocks no time", func(_ *Calendar, e *CalendarEvent) { e.Status = "cancelled" },
		map[string]string{"STATUS": "CANCELLED", "TRANSP": "TRANSPARENT"}},
	{"a postponed event is tentative", func(_ *Calendar, e *CalendarEvent) { e.Status = "postponed" },
		map[string]string{"STATUS": "TENTATIVE"}},
	{"an address that is not of the web is left out", func(_ *Calendar, e *CalendarEvent) { e.URL = "javascript:alert(1)" },
		map[string]string{"URL": ""}},
	{"an organizer without a mail address is left out", func(_ *Calendar, e *CalendarEvent) { e.OrganizerEmail = "03-1234-5678" },
		map[string]string{"ORGANIZER": ""}},
}

func TestEventIsWrittenAsRFC5545Says(t *testing.T) {
	for _, test := range calendarEventTests {
		t.Run(test.name, func(t *testing.T) {
			event := sampleEvent()
			c := Calendar{Name: "行事", Lang: "ja", Zone: "Asia/Tokyo"}
			test.change(&c, &event)
			c.Events = []CalendarEvent{event}
			lines, err := parseCalendar(encodeCalendar(c))
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				if got := calendarProperty(t, lines, name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestCalendarOfTokyo(t *testing.T) {
	got := string(encodeCalendar(Calendar{Name: "行事", Lang: "ja", Zone: "Asia/Tokyo", Source: "https://example.jp/events/calendar.ics"}))
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//kaiho//kaiho//JA
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:行事
X-WR-CALNAME:行事
SOURCE;VALUE=URI:https://example.jp/events/calendar.ics
REFRESH-INTERVAL;VALUE=DURATION:PT12H
X-PUBLISHED-TTL:PT12H
X-WR-TIMEZONE:Asia/Tokyo
BEGIN:VTIMEZONE
TZID:Asia/Tokyo
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
TZNAME:JST
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
`, "\n", "\r\n")
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestZoneHasTheOnsetsOfTheEventsYears(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := Calendar{Zone: "Europe/Berlin", Events: []CalendarEvent{
		{UID: "a", Start: time.Date(2026, 7, 1, 18, 0, 0, 0, berlin)},
		{UID: "b", Start: time.Date(2028, 1, 1, 18, 0, 0, 0, berlin)},
	}}
	got := string(encodeCalendar(c))
	for _, want := range []string{
		"BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nRDATE:20261025T030000\r\nRDATE:20271031T030000\r\nRDATE:20281029T030000\r\n" +
			"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n",
		"BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nRDATE:20280326T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n",
		"DTSTART;TZID=Europe/Berlin:20260701T180000\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want within it %s", got, want)
		}
	}
}

func TestOffsetsAreWritten(t *testing.T) {
	for seconds, want := range map[int]string{32400: "+0900", -12600: "-0330", 0: "+0000", 33539: "+091859"} {
		if got := calendarOffset(seconds); got != want {
			t.Errorf("%d: got %s, want %s", seconds, got, want)
		}
	}
}

func TestFoldKeepsCharactersWhole(t *testing.T) {
	// Each cluster is several code points: ideograph with variation selector,
	// a family of joined emoji, a half-width letter with its voicing mark.
	for _, cluster := range []string{"葛\U000e0100", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "ｶﾞ", "か\u3099", "👍\U0001f3fd"} {
		data := encodeCalendar(Calendar{Name: strings.Repeat(cluster, 40)})
		if _, err := parseCalendar(data); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.SplitSeq(data, []byte("\r\n ")) {
			last := string(line)
			if strings.HasPrefix(last, "BEGIN") || strings.HasPrefix(last, "\r\n") {
				last = last[strings.LastIndex(last, "\r\n")+2:]
				last = last[strings.Index(last, ":")+1:]
			}
			if i := strings.Index(last, "\r\n"); i >= 0 {
				last = last[:i]
			}
			if strings.ReplaceAll(last, cluster, "") != "" {
				t.Errorf("%q is cut in %q", cluster, last)
			}
		}
	}
}

func TestLinesOfAllLengthsAreFolded(t *testing.T) {
	for length := range 400 {
		want := strings.Repeat("x", length)
		event := sampleEvent()
		event.Title = want
		lines, err := parseCalendar(encodeCalendar(Calendar{Zone: "UTC", Events: []CalendarEvent{event}}))
		if err != nil {
			t.Fatal(err)
		}
		if got := calendarProperty(t, lines, "SUMMARY"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheNameOfAZoneMakesNoLine(t *testing.T) {
	const name = "Asia/Tokyo\r\nX-INJECTED:1"
	event := sampleEvent()
	event.Start = event.Start.In(time.FixedZone(name, 9*60*60))
	if _, err := parseCalendar(encodeCalendar(Calendar{Zone: name, Events: []CalendarEvent{event}})); err != nil {
		t.Error(err)
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add("冬の同窓会", "a\r\nBEGIN:VEVENT", "x\"y", "https://example.jp/\r\nX:1", "Asia/Tokyo", int64(1779269400), 7200, true)
	f.Add(strings.Repeat("あ", 100), `\;,\n`, "\x00\x7f\u0085\u2028", "https://例え.jp/日本", "Europe/Berlin", int64(0), -1, false)
	f.Add("\xff\xfe", strings.Repeat("\u0301", 90), "a:b;c", "http://a b/%zz", "America/St_Johns", int64(4102444800), 86400*400, false)
	f.Fuzz(func(t *testing.T, title, text, name, address, zone string, start int64, seconds int, allDay bool) {
		start = start % (60 * 60 * 24 * 365 * 1000)
		seconds = seconds % (60 * 60 * 24 * 365 * 100)
		e := CalendarEvent{
			UID: name, Stamp: time.Unix(start, 0), Start: time.Unix(start, 0), End: time.Unix(start+int64(seconds), 0), AllDay: allDay,
			Title: title, Description: text, Location: text, URL: address, OnlineURL: address, Status: title,
			Categories: []string{title, text, ""}, Organizer: name, OrganizerEmail: address, Sequence: seconds,
		}
		mail := e
		mail.OrganizerEmail = name + "@" + title
		data := encodeCalendar(Calendar{
			Name: title, Description: text, Lang: name, URL: address, Source: address, Zone: zone, Events: []CalendarEvent{e, mail},
		})
		lines, err := parseCalendar(data)
		if err != nil {
			t.Fatal(err)
		}
		events := 0
		for _, line := range lines {
			if line.name == "BEGIN" && line.value == "VEVENT" {
				events++
			}
		}
		if events != 2 {
			t.Errorf("got %d events, want 2", events)
		}
		clean := func(s string) string {
			s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, ""))
			return strings.Map(func(r rune) rune {
				if r != '\n' && r != '\t' && unicode.IsControl(r) {
					return -1
				}
				return r
			}, strings.TrimSpace(s))
		}
		if got, want := unescapeCalendar(calendarProperty(t, lines, "SUMMARY")), clean(title); got != want {
			t.Errorf("title: got %q, want %q", got, want)
		}
	})
}
