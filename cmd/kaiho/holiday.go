package main

import (
	"fmt"
	"time"
)

// holiday returns the name of the Japanese holiday, or of the day of the weekend, that t
// is in its own zone; "" for a working day. The days are those of the law on public
// holidays (国民の祝日に関する法律) as it is since 2022, with its substitutes; and the
// days around the new year, on which offices are closed.
func holiday(t time.Time) string {
	year, month, day := t.Date()
	switch {
	case t.Weekday() == time.Saturday:
		return "土曜日"
	case t.Weekday() == time.Sunday:
		return "日曜日"
	case month == time.December && day >= 29, month == time.January && day <= 3:
		return "年末年始"
	}
	if name := publicHoliday(year, month, day); name != "" {
		return name
	}
	// A holiday on a Sunday moves to the next day that is none (article 3, 2).
	for back := t.AddDate(0, 0, -1); publicHoliday(back.Year(), back.Month(), back.Day()) != ""; back = back.AddDate(0, 0, -1) {
		if back.Weekday() == time.Sunday {
			return "振替休日"
		}
	}
	before, after := t.AddDate(0, 0, -1), t.AddDate(0, 0, 1) // between two holidays (article 3, 3)
	if publicHoliday(before.Year(), before.Month(), before.Day()) != "" && publicHoliday(after.Year(), after.Month(), after.Day()) != "" {
		return "国民の休日"
	}
	return ""
}

// publicHoliday returns the name of a holiday by its date alone.
func publicHoliday(year int, month time.Month, day int) string {
	fixed := map[string]string{"1-1": "元日", "2-11": "建国記念の日", "2-23": "天皇誕生日", "4-29": "昭和の日", "5-3": "憲法記念日",
		"5-4": "みどりの日", "5-5": "こどもの日", "8-11": "山の日", "11-3": "文化の日", "11-23": "勤労感謝の日"}
	if name := fixed[fmt.Sprintf("%d-%d", month, day)]; name != "" {
		return name
	}
	monday := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday() == time.Monday
	week := (day-1)/7 + 1
	switch {
	case monday && month == time.January && week == 2:
		return "成人の日"
	case monday && month == time.July && week == 3:
		return "海の日"
	case monday && month == time.September && week == 3:
		return "敬老の日"
	case monday && month == time.October && week == 2:
		return "スポーツの日"
	case month == time.March && day == equinox(year, 20.8431):
		return "春分の日"
	case month == time.September && day == equinox(year, 23.2488):
		return "秋分の日"
	}
	return ""
}

// equinox returns the day of an equinox from 1980 to 2099, by the formula that the
// National Astronomical Observatory's table follows.
func equinox(year int, base float64) int {
	return int(base + 0.242194*float64(year-1980) - float64((year-1980)/4))
}
