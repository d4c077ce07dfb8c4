package mailer

import (
	"math"
	"time"
)

// giveUpAfter is how long a letter is tried: a newsletter that is older is no news. RFC
// 5321, section 4.5.4.1, asks for four to five days of a mail server; ours is behind it.
const giveUpAfter = 48 * time.Hour

// waits are the times between attempts; the last one recurs. RFC 5321, section
// 4.5.4.1, wants half an hour at least between attempts of a server, and faster ones at
// first: greylisting lets the second in after one to five minutes.
var waits = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// NextAttempt returns when a letter is to be tried again that was deferred now.
// attempts is how many it has had, from 1; first is when the first was. chance is from
// [0, 1), and moves the time by a fifth either way, so that what was deferred together
// does not come together again. again is false when 48 hours have passed since first:
// the letter has failed. There is always an attempt at the end of them.
func NextAttempt(attempts int, first, now time.Time, chance float64) (at time.Time, again bool) {
	end := first.Add(giveUpAfter)
	if !now.Before(end) {
		return time.Time{}, false
	}
	wait := waits[min(max(attempts, 1), len(waits))-1]
	at = now.Add(time.Duration(float64(wait) * (0.8 + 0.4*chance)))
	if at.After(end) {
		at = end
	}
	return at, true
}

// warmUpFirst is how many letters a domain that has sent none may send on its first
// day: what large providers take from a stranger without slowing down.
const warmUpFirst = 200

// Allowance returns how many letters may go out on a day of a warm-up that began
// on the day of first: 200, and each day twice as many, up to limit. It is 0 before,
// and without end if limit is 0 or less: no plan. Days are those of first's time zone.
func Allowance(first, day time.Time, limit int) int {
	if limit <= 0 {
		return math.MaxInt
	}
	n := daysBetween(first, day.In(first.Location()))
	switch {
	case n < 0:
		return 0
	case n > 40: // 200 × 2^40 is beyond any list, and near the end of int
		return limit
	}
	return min(warmUpFirst<<n, limit)
}

// daysBetween counts calendar days: one of them may have 23 or 25 hours.
func daysBetween(a, b time.Time) int {
	noon := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	}
	return int(noon(b).Sub(noon(a)) / (24 * time.Hour))
}
