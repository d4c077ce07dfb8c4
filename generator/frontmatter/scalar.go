package frontmatter

import (
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// parseInt reads decimal digits, with a minus sign or not. YAML's other bases
// and underscores are refused: in an office, 010 is ten.
func parseInt(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 1 && digits[0] == '0' || !onlyDigits(digits) {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// parseFloat reads decimal digits with a point, an exponent and a sign or not.
func parseFloat(s string) (float64, bool) {
	if strings.Trim(s, "0123456789.eE+-") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// nearestInt returns the integer that s most likely means, or "": half-width
// digits without separators, currency and unit.
func nearestInt(s string) string {
	if free(s) {
		return "0"
	}
	digits := strings.TrimSuffix(bareNumber(s), ".0")
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	digits = strings.TrimLeft(digits, "0") + zeroIfAll(digits)
	if _, ok := parseInt(sign + digits); !ok {
		return ""
	}
	return sign + digits
}

// zeroIfAll returns "0" for a text of zeros only.
func zeroIfAll(s string) string {
	if s != "" && strings.Trim(s, "0") == "" {
		return "0"
	}
	return ""
}

func nearestFloat(s string) string {
	number := bareNumber(s)
	if _, ok := parseFloat(number); !ok {
		return ""
	}
	return number
}

// free reports whether s says that something costs nothing.
func free(s string) bool {
	switch strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))) {
	case "無料", "ゼロ", "〇", "free", "zero", "none", "なし":
		return true
	}
	return false
}

// bareNumber returns s in half-width characters without thousands separators,
// currency signs before it and a unit after it.
func bareNumber(s string) string {
	s = strings.TrimSpace(norm.NFKC.String(s))
	s = strings.NewReplacer(",", "", "、", "", "_", "", "−", "-", "ー", "-", " ", "").Replace(s)
	s = strings.TrimPrefix(s, "約")
	s = strings.TrimLeft(s, "¥$€£+")
	s = strings.TrimPrefix(s, "JPY")
	return strings.TrimRight(s, "円人名個件回年月日時分秒号本枚歳番%-yenYENJPUSD")
}

// nearestBool returns "true" or "false" for words that mean it, or "".
func nearestBool(s string) string {
	switch strings.ToLower(strings.Trim(norm.NFKC.String(s), ` "'「」`)) {
	case "true", "yes", "y", "on", "1", "はい", "有", "有り", "あり", "する", "真", "オン", "○", "◯":
		return "true"
	case "false", "no", "n", "off", "0", "いいえ", "無", "無し", "なし", "しない", "偽", "オフ", "×":
		return "false"
	}
	return ""
}

// units are those of a duration; a day has 24 hours, a week seven days.
var units = map[byte]time.Duration{
	'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second,
}

// parseDuration reads whole numbers with units: 90d, 36h, 1h30m. 0 needs no
// unit.
func parseDuration(s string) (time.Duration, bool) {
	if s == "0" {
		return 0, true
	}
	total := time.Duration(0)
	for s != "" {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if digits == len(s) {
			return 0, false
		}
		unit, known := units[s[digits]]
		n, err := strconv.ParseInt(s[:digits], 10, 64)
		if err != nil || !known || n > (math.MaxInt64-int64(total))/int64(unit) {
			return 0, false
		}
		total += time.Duration(n) * unit
		s = s[digits+1:]
		if s == "" {
			return total, true
		}
	}
	return 0, false
}

var unitWords = strings.NewReplacer(
	"weeks", "w", "week", "w", "週間", "w", "週", "w",
	"days", "d", "day", "d", "日間", "d", "日", "d",
	"hours", "h", "hour", "h", "hrs", "h", "hr", "h", "時間", "h",
	"minutes", "m", "minute", "m", "mins", "m", "min", "m", "分間", "m", "分", "m",
	"seconds", "s", "second", "s", "secs", "s", "sec", "s", "秒", "s",
	" ", "", "\t", "", ",", "",
)

// nearestDuration returns the duration that s most likely means, or "".
func nearestDuration(s string) string {
	plain := unitWords.Replace(strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))))
	if d, ok := parseDuration(plain); !ok || d == 0 {
		return ""
	}
	return plain
}
