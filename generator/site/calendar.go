package site

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Calendar is the view of an .ics file (RFC 5545 with the properties of RFC
// 7986 that describe a calendar as a whole).
type Calendar struct {
	Name        string
	Description string
	Lang        string // BCP 47 tag
	URL         string // absolute URL of the page with the events; may be empty
	Source      string // absolute URL of this file; may be empty
	Zone        string // IANA name of the zone that times are written in; empty or UTC: as UTC
	Events      []CalendarEvent
}

// CalendarEvent is an event of a calendar.
type CalendarEvent struct {
	UID            string    // the same for ever: RFC 5545, 3.8.4.7
	Sequence       int       // rises with every change of time, place or status
	Stamp          time.Time // when the page was last changed, never the clock; zero: Start
	Start          time.Time // events without one are left out
	End            time.Time // all-day: the last day itself; zero: Start
	AllDay         bool
	Title          string
	Description    string // plain text
	Location       string
	URL            string // absolute URL of the page
	OnlineURL      string // where to join; empty for the public
	Status         string // as in EventLine
	Categories     []string
	Organizer      string // name; written only with a mail address
	OrganizerEmail string
}

const (
	calendarFold     = 75      // octets of a line without its CRLF: RFC 5545, 3.1
	calendarRefresh  = "PT12H" // how often subscribers shall ask again
	calendarLocal    = "20060102T150405"
	calendarUTC      = "20060102T150405Z"
	calendarDateOnly = "20060102"
)

// encodeCalendar returns the calendar as text/calendar in UTF-8. The same view
// gives the same bytes. No field can start a line of its own: line breaks in
// texts are escaped, in all other values dropped.
func encodeCalendar(c Calendar) []byte {
	w := &calendarWriter{}
	zone := calendarLocation(c)
	w.raw("BEGIN", "VCALENDAR")
	w.raw("VERSION", "2.0")
	w.raw("PRODID", "-//kaiho//kaiho//"+calendarLanguage(c.Lang))
	w.raw("CALSCALE", "GREGORIAN")
	w.raw("METHOD", "PUBLISH")
	w.text("NAME", c.Name)
	w.text("X-WR-CALNAME", c.Name)
	w.text("DESCRIPTION", c.Description)
	w.text("X-WR-CALDESC", c.Description)
	w.uri("URL", c.URL)
	w.uri("SOURCE;VALUE=URI", c.Source)
	w.raw("REFRESH-INTERVAL;VALUE=DURATION", calendarRefresh)
	w.raw("X-PUBLISHED-TTL", calendarRefresh)
	if zone != time.UTC {
		w.raw("X-WR-TIMEZONE", zone.String())
		w.zone(zone, c.Events)
	}
	for _, e := range c.Events {
		if !e.Start.IsZero() {
			w.event(e, zone, c.Lang)
		}
	}
	w.raw("END", "VCALENDAR")
	return w.out.Bytes()
}

// calendarWriter writes folded lines.
type calendarWriter struct {
	out bytes.Buffer
}

// event writes one VEVENT (RFC 5545, 3.6.1).
func (w *calendarWriter) event(e CalendarEvent, zone *time.Location, lang string) {
	stamp := e.Stamp
	if stamp.IsZero() {
		stamp = e.Start
	}
	online := webURI(e.OnlineURL)
	page := webURI(e.URL)
	w.raw("BEGIN", "VEVENT")
	w.text("UID", calendarUID(e, page))
	w.raw("DTSTAMP", stamp.UTC().Format(calendarUTC))
	if !e.Stamp.IsZero() {
		w.raw("LAST-MODIFIED", e.Stamp.UTC().Format(calendarUTC))
	}
	w.raw("SEQUENCE", strconv.Itoa(max(e.Sequence, 0)))
	w.times(e, zone)
	w.text("SUMMARY", e.Title)
	w.text("DESCRIPTION", calendarDescription(e, online, page, lang))
	location := e.Location
	if strings.TrimSpace(location) == "" {
		location = online
	}
	w.text("LOCATION", location)
	w.uri("URL", page)
	if online != "" {
		// RFC 7986, 5.11. Programs that do not know it find the address in
		// the description.
		w.raw("CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Online", online)
	}
	w.list("CATEGORIES", e.Categories)
	if mail := calendarMailto(e.OrganizerEmail); mail != "" {
		w.raw(`ORGANIZER;CN="`+calendarParameter(e.Organizer)+`"`, mail)
	}
	w.raw("STATUS", calendarStatus(e.Status))
	w.raw("TRANSP", calendarTransparency(e))
	w.raw("END", "VEVENT")
}

// times writes DTSTART and, if the event lasts, DTEND. The end of all-day
// events is the day after the last one, because DTEND is exclusive (RFC 5545,
// 3.6.1).
func (w *calendarWriter) times(e CalendarEvent, zone *time.Location) {
	start, end := e.Start.In(zone), e.End.In(zone)
	if e.AllDay {
		if e.End.Before(e.Start) {
			end = start
		}
		w.raw("DTSTART;VALUE=DATE", start.Format(calendarDateOnly))
		year, month, day := end.Date()
		w.raw("DTEND;VALUE=DATE", time.Date(year, month, day+1, 0, 0, 0, 0, time.UTC).Format(calendarDateOnly))
		return
	}
	w.time("DTSTART", start)
	// An end within the same second would be written as an end at the start.
	if end.Truncate(time.Second).After(start.Truncate(time.Second)) {
		w.time("DTEND", end)
	}
}

func (w *calendarWriter) time(name string, t time.Time) {
	if t.Location() == time.UTC {
		w.raw(name, t.Format(calendarUTC))
		return
	}
	w.raw(name+";TZID="+t.Location().String(), t.Format(calendarLocal))
}

// text writes a property of type TEXT (RFC 5545, 3.3.11); nothing if it is
// empty.
func (w *calendarWriter) text(name, value string) {
	if value = calendarText(value); value != "" {
		w.raw(name, value)
	}
}

// list writes a property of several texts; nothing if all are empty.
func (w *calendarWriter) list(name string, values []string) {
	var escaped []string
	for _, value := range values {
		if value = calendarText(value); value != "" {
			escaped = append(escaped, value)
		}
	}
	if len(escaped) > 0 {
		w.raw(name, strings.Join(escaped, ","))
	}
}

// uri writes a property of type URI; nothing unless it is a web address.
func (w *calendarWriter) uri(name, value string) {
	if value = webURI(value); value != "" {
		w.raw(name, value)
	}
}

// raw writes a property whose value is already in its final form, folded to
// lines of at most 75 octets. A line is cut before a character that starts
// something visible, so that a program which shows single lines shows whole
// characters; only a cluster longer than a line is cut inside.
func (w *calendarWriter) raw(name, value string) {
	line := name + ":" + value
	room := calendarFold
	for len(line) > room {
		cut := calendarCut(line, room)
		w.out.WriteString(line[:cut])
		w.out.WriteString("\r\n ")
		line, room = line[cut:], calendarFold-1
	}
	w.out.WriteString(line)
	w.out.WriteString("\r\n")
}

// calendarCut returns where to cut a line that is longer than room octets.
func calendarCut(line string, room int) int {
	cut := room
	for cut > 0 && !utf8.RuneStart(line[cut]) {
		cut--
	}
	hard := cut
	for cut > 0 {
		next, _ := utf8.DecodeRuneInString(line[cut:])
		last, size := utf8.DecodeLastRuneInString(line[:cut])
		if !calendarJoins(next) && last != zeroWidthJoiner && last != '\\' {
			return cut
		}
		cut -= size
	}
	return hard
}

const zeroWidthJoiner = '\u200d'

// calendarJoins reports whether r belongs to the character before it:
// combining marks and variation selectors (the IVS of 葛󠄀), joiners, skin
// tones, half-width voicing marks.
func calendarJoins(r rune) bool {
	return r == zeroWidthJoiner || unicode.Is(unicode.M, r) ||
		r >= 0x1f3fb && r <= 0x1f3ff || r == 0xff9e || r == 0xff9f
}

// calendarText escapes a text (RFC 5545, 3.3.11). Control characters and
// invalid UTF-8 are dropped, space at both ends is.
func calendarText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	var b strings.Builder
	for _, r := range strings.TrimSpace(strings.ToValidUTF8(s, "")) {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\t' || !unicode.IsControl(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// calendarParameter makes the inside of a quoted parameter value, which can
// hold neither a quotation mark nor a line break (RFC 5545, 3.2).
func calendarParameter(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// webURI returns a web address in ASCII (RFC 3986), or nothing.
func webURI(s string) string {
	u, err := url.Parse(strings.ToValidUTF8(strings.TrimSpace(s), ""))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	s = u.String()
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '"' {
			return ""
		}
	}
	return s
}

// calendarMailto returns a calendar user's address (RFC 5545, 3.3.3), or
// nothing if it is no plain mail address.
func calendarMailto(mail string) string {
	local, domain, found := strings.Cut(strings.TrimSpace(mail), "@")
	if !found || local == "" || domain == "" {
		return ""
	}
	for _, r := range local + domain {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),:;<>@[\]`, r) {
			return ""
		}
	}
	return "mailto:" + url.PathEscape(local) + "@" + url.PathEscape(domain)
}

// calendarUID returns the event's UID. One without takes the page's address,
// which is as stable as the page.
func calendarUID(e CalendarEvent, page string) string {
	if calendarText(e.UID) != "" {
		return e.UID
	}
	if page != "" {
		return page
	}
	return e.Start.UTC().Format(calendarUTC) + "-" + e.Title
}

// calendarDescription returns the text with the addresses below it, because
// many programs show neither URL nor CONFERENCE.
func calendarDescription(e CalendarEvent, online, page, lang string) string {
	lines := strings.TrimSpace(e.Description)
	add := func(label, address string) {
		if address == "" || strings.Contains(lines, address) {
			return
		}
		if lines != "" {
			lines += "\n\n"
		}
		lines += label + address
	}
	if lang == "ja" || strings.HasPrefix(lang, "ja-") {
		add("オンライン参加: ", online)
	} else {
		add("Join online: ", online)
	}
	add("", page)
	return lines
}

// calendarStatus maps an event's status to RFC 5545, 3.8.1.11.
func calendarStatus(status string) string {
	switch status {
	case "cancelled":
		return "CANCELLED"
	case "postponed":
		return "TENTATIVE"
	}
	return "CONFIRMED"
}

// calendarTransparency says whether the event makes its visitor busy (RFC
// 5545, 3.8.2.7): one that lasts whole days or does not take place does not.
func calendarTransparency(e CalendarEvent) string {
	if e.AllDay || e.Status == "cancelled" || e.Status == "postponed" {
		return "TRANSPARENT"
	}
	return "OPAQUE"
}

// calendarLanguage is the language of the product's identifier (ISO 9070).
func calendarLanguage(lang string) string {
	if lang == "ja" || strings.HasPrefix(lang, "ja-") {
		return "JA"
	}
	return "EN"
}
