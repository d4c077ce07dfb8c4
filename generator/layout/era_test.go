package layout

import (
	"testing"
	"time"
)

func TestErasBeginOnTheirDay(t *testing.T) {
	w := words{japanese: true, era: true}
	for _, test := range []struct{ day, want string }{
		{"2026-12-16", "2026年（令和8年）12月16日（水）"},
		{"2020-01-01", "2020年（令和2年）1月1日（水）"},
		{"2019-12-31", "2019年（令和元年）12月31日（火）"},
		{"2019-05-01", "2019年（令和元年）5月1日（水）"},
		{"2019-04-30", "2019年（平成31年）4月30日（火）"},
		{"1989-01-08", "1989年（平成元年）1月8日（日）"},
		{"1989-01-07", "1989年（昭和64年）1月7日（土）"},
		{"1926-12-25", "1926年（昭和元年）12月25日（土）"},
		{"1926-12-24", "1926年（大正15年）12月24日（金）"},
		{"1912-07-30", "1912年（大正元年）7月30日（火）"},
		{"1912-07-29", "1912年（明治45年）7月29日（月）"},
		{"1873-01-01", "1873年（明治6年）1月1日（水）"},
		{"1872-12-31", "1872年12月31日（火）"},
	} {
		at, err := time.Parse(time.DateOnly, test.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.date(at); got != test.want {
			t.Errorf("%s: got %s, want %s", test.day, got, test.want)
		}
		if got := (words{japanese: true}).eraYear(at); got != "" {
			t.Errorf("%s without eras: got %q", test.day, got)
		}
	}
	// An era begins at midnight where the date is read, and not in UTC.
	eve := time.Date(2019, 4, 30, 15, 0, 0, 0, time.UTC)
	if got, want := w.date(eve.In(jst)), "2019年（令和元年）5月1日（水）"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	start, end := time.Date(2026, 12, 31, 0, 0, 0, 0, jst), time.Date(2027, 1, 2, 0, 0, 0, 0, jst)
	if got, want := w.when(start, end, true), "2026年（令和8年）12月31日（木）〜2027年（令和9年）1月2日（土）"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := (words{era: true}).date(start), "Thu 31 Dec 2026"; got != want {
		t.Errorf("in English: got %s, want %s", got, want)
	}
}
