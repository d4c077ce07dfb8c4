package layout

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var (
	// telephone is a number with what people write before it and between its digits.
	telephone = regexp.MustCompile(`^(?:(?i:tel|phone|電話)\s*[.:]?\s*)?(\+?[0-9][0-9 ().-]*[0-9])$`)
	// trunk is the zero that is dialled within a country only, as people write it
	// behind the country's code.
	trunk = strings.NewReplacer("(0)", "")
	dash  = strings.NewReplacer("‐", "-", "‑", "-", "‒", "-", "–", "-", "−", "-", "ー", "-")
)

// Lengths of numbers: E.164 has 15 digits at most; Japanese ones have 9 without the
// zero, and mobile ones 10.
const (
	leastDigits, mostDigits       = 8, 15
	leastJapanese, mostJapanese   = 9, 10
	japan, beginsWithinTheCountry = "+81", "0"
)

// tel returns a telephone number in the global form of E.164, as RFC 3966 has it
// behind "tel:", or "" if text is none, or more than one. A number without the code of a
// country is a Japanese one.
func tel(text string) string {
	m := telephone.FindStringSubmatch(dash.Replace(strings.TrimSpace(norm.NFKC.String(text))))
	if m == nil {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, trunk.Replace(m[1]))
	if strings.HasPrefix(m[1], "+") {
		if len(digits) < leastDigits || len(digits) > mostDigits {
			return ""
		}
		return "+" + digits
	}
	national, isNational := strings.CutPrefix(digits, beginsWithinTheCountry)
	if !isNational || len(national) < leastJapanese || len(national) > mostJapanese || strings.HasPrefix(national, "0") {
		return ""
	}
	return japan + national
}
