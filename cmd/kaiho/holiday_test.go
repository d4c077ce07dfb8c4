package main

import (
	"testing"
	"time"
)

func TestHoliday(t *testing.T) {
	for _, test := range []struct{ day, want string }{
		{"2026-11-20", ""},
		{"2026-11-21", "土曜日"},
		{"2026-11-22", "日曜日"},
		{"2026-11-23", "勤労感謝の日"},
		{"2026-05-06", "振替休日"}, // the 3rd is a Sunday
		{"2026-09-21", "敬老の日"},
		{"2026-09-22", "国民の休日"}, // between two
		{"2026-09-23", "秋分の日"},
		{"2027-03-22", "振替休日"},
		{"2026-03-20", "春分の日"},
		{"2026-12-30", "年末年始"},
		{"2027-01-11", "成人の日"},
		{"2027-07-19", "海の日"},
		{"2026-10-12", "スポーツの日"},
	} {
		at, err := time.Parse(time.DateOnly, test.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := holiday(at); got != test.want {
			t.Errorf("%s: got %q, want %q", test.day, got, test.want)
		}
	}
}
