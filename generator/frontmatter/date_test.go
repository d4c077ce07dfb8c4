package frontmatter_test

import (
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func TestTimes(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a date begins in the site's zone", "2026-05-20", "2026-05-20T00:00:00+09:00"},
		{"a clock may follow a space", "2026-05-20 18:30", "2026-05-20T18:30:00+09:00"},
		{"a clock may follow a T", "2026-05-20T18:30", "2026-05-20T18:30:00+09:00"},
		{"a clock may have seconds", "2026-05-20 18:30:05", "2026-05-20T18:30:05+09:00"},
		{"UTC is brought to the site's zone", "2026-05-20T18:30:00Z", "2026-05-21T03:30:00+09:00"},
		{"an offset is brought to the site's zone", "2026-05-20T18:30:00-05:00", "2026-05-21T08:30:00+09:00"},
		{"an offset needs no seconds", "2026-05-20 18:30+09:00", "2026-05-20T18:30:00+09:00"},
		{"seconds may have a fraction", "2026-05-20T18:30:05.5Z", "2026-05-21T03:30:05+09:00"},
		{"quotes do not matter", "'2026-05-20'", "2026-05-20T00:00:00+09:00"},
		{"a leap day", "2028-02-29", "2028-02-29T00:00:00+09:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, problems := read(t, "title: a\nstart: "+test.text)
			check(t, problems)
			if got := e.Start.Format(time.RFC3339); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestDatesThatAreRefused(t *testing.T) {
	for _, test := range []struct{ name, text, nearest string }{
		{"slashes", "2026/05/20", "2026-05-20"},
		{"points", "2026.5.20 18:30:05", "2026-05-20 18:30:05"},
		{"no separators", "20260520", "2026-05-20"},
		{"no zeros", "2026-5-2", "2026-05-02"},
		{"no zero in the clock", "2026-05-20 9:30", "2026-05-20 09:30"},
		{"full-width digits", "２０２６－０５－２０", "2026-05-20"},
		{"a Japanese date", "2026年5月20日", "2026-05-20"},
		{"a Japanese date with a clock", "2026年5月20日（水）18時30分", "2026-05-20 18:30"},
		{"a Japanese afternoon", "2026年5月20日 午後6時半", "2026-05-20 18:30"},
		{"an era", "令和8年5月20日", "2026-05-20"},
		{"the first year of an era", "令和元年5月1日", "2019-05-01"},
		{"an English date", "May 20, 2026", "2026-05-20"},
		{"a British date", "20 May 2026", "2026-05-20"},
		{"an abbreviated month", "Sept. 3, 2026 6:30 pm", "2026-09-03 18:30"},
		{"an American date that can be nothing else", "5/20/2026", "2026-05-20"},
		{"a date that can be two", "5/6/2026", ""},
		{"a day after the month's end", "2026-04-31", "2026-04-30"},
		{"a leap day in a common year", "2026-02-29", "2026-02-28"},
		{"a month that does not exist", "2026-13-01", ""},
		{"a day that no month has", "2026-05-32", ""},
		{"an hour of the night after", "2026-05-20 25:00", "2026-05-21 01:00"},
		{"the end of a day", "2026-12-31 24:00", "2027-01-01 00:00"},
		{"an hour that does not exist", "2026-05-20 31:00", ""},
		{"a minute that does not exist", "2026-05-20 18:60", ""},
		{"an offset without a colon", "2026-05-20T18:30+0900", "2026-05-20 18:30+09:00"},
		{"the name of a zone", "2026-05-20 18:30 JST", "2026-05-20 18:30"},
		{"no day", "2026年5月", ""},
		{"a word", "明日", ""},
		{"digits of another script", "२०२६-०५-२०", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := read(t, "title: a\nstart: "+test.text)
			want := `3:8: error: … not "` + test.text + `". [bad-date]`
			if test.nearest != "" {
				want = strings.Replace(want, "[bad", "Write "+test.nearest+". [bad", 1)
				_, again := read(t, "title: a\nstart: "+test.nearest)
				check(t, again)
			}
			check(t, problems, want)
		})
	}
}

// Clocks are put forward at two in New York and at midnight in Havana; Samoa
// left out a whole day.
func TestTimesThatClocksSkip(t *testing.T) {
	for _, test := range []struct{ name, zone, text, want, nearest string }{
		{"a time in the gap", "America/New_York", "2027-03-14T02:30", "", "2027-03-14 03:00"},
		{"the gap's first moment", "America/New_York", "2027-03-14 02:00:00", "", "2027-03-14 03:00"},
		{"the gap's last moment", "America/New_York", "2027-03-14 02:59:59.5", "", "2027-03-14 03:00"},
		{"the moment before the gap", "America/New_York", "2027-03-14 01:59", "2027-03-14T01:59:00-05:00", ""},
		{"the moment after the gap", "America/New_York", "2027-03-14 03:00", "2027-03-14T03:00:00-04:00", ""},
		{"an offset names a time that exists", "America/New_York", "2027-03-14T02:30:00-05:00", "2027-03-14T03:30:00-04:00", ""},
		{"a time that is there twice is the first", "America/New_York", "2027-11-07 01:30", "2027-11-07T01:30:00-04:00", ""},
		{"east of Greenwich", "Europe/Berlin", "2027-03-28 02:30", "", "2027-03-28 03:00"},
		{"a day without a midnight begins later", "America/Havana", "2024-03-10", "2024-03-10T01:00:00-04:00", ""},
		{"midnight of that day does not exist", "America/Havana", "2024-03-10 00:00", "", "2024-03-10 01:00"},
		{"a day that was left out", "Pacific/Apia", "2011-12-30", "", "2011-12-31"},
	} {
		t.Run(test.name, func(t *testing.T) {
			zone, err := time.LoadLocation(test.zone)
			if err != nil {
				t.Skip("no time zones here:", err)
			}
			var got struct {
				Start frontmatter.Time `yaml:"start"`
			}
			node, problems := frontmatter.ParseYAML("p.yaml", []byte("start: "+test.text))
			check(t, problems)
			problems = frontmatter.Decode(node, &got, frontmatter.Options{Zone: zone})
			if test.nearest != "" {
				check(t, problems, `1:8: … In `+test.zone+` the clocks are put forward over this time. Write `+test.nearest+`. [bad-date]`)
				return
			}
			check(t, problems)
			if got := got.Start.Format(time.RFC3339); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestJapaneseProblemsAreJapanese(t *testing.T) {
	_, problems := read(t, "title: a\nstart: 2026/05/20")
	const want = "p.md:3:8: error: 「start」には実在する日付を 2026-05-20 または 2026-05-20 18:30 の形で書きます（「2026/05/20」は読めません）。 2026-05-20 と書いてください。 [bad-date]"
	if len(problems) != 1 || problems[0].Line(diag.Japanese) != want {
		t.Errorf("got %v, want %s", problems, want)
	}
}
