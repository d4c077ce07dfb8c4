package content

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"kaiho/generator/diag"
)

// oneLine checks a text that stands in one line wherever it is shown: in a
// title bar, a calendar, the subject of a letter.
func (c *checker) oneLine(path ...string) {
	if strings.ContainsFunc(c.text(path...), isInvisible) {
		name := path[0]
		if len(path) > 1 && !isNumber(path[1]) {
			name = strings.Join(path, ".")
		}
		c.report(diag.ControlCharacter, path, "key", name)
	}
}

// isInvisible reports whether r has no place in one line of text: control
// characters, and formatting ones such as those that turn the direction of
// writing. The joiners and tags of emoji may stay.
func isInvisible(r rune) bool {
	const nonJoiner, joiner, firstTag = '\u200C', '\u200D', '\U000E0020'
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner && r < firstTag
}

// address checks that a key holds a web address.
func (c *checker) address(path ...string) {
	raw := c.text(path...)
	if raw == "" {
		return
	}
	if u, err := url.Parse(raw); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		c.report(diag.BadAddress, path, "key", strings.Join(path, "."), "url", raw)
	}
}

// mailAddress is narrower than RFC 5321: the address stands after mailto:, where
// ?, & and % have a meaning.
var mailAddress = regexp.MustCompile(`^[\p{L}\p{N}._+'-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$`)

// mail checks that a key holds a mail address.
func (c *checker) mail(path ...string) {
	if raw := c.text(path...); raw != "" && !mailAddress.MatchString(raw) {
		c.report(diag.BadMail, path, "key", strings.Join(path, "."), "address", raw)
	}
}

var (
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	// looseJapanese is a Japanese postal code in any spelling. What is no such
	// code may be that of another country.
	looseJapanese = regexp.MustCompile(`^〒?\s*(\d{3})[-－‐−ー\s]?(\d{4})$`)
	postalStart   = regexp.MustCompile(`^(〒|\d{3}-)`)
)

// currency checks an ISO 4217 code.
func (c *checker) currency(path ...string) {
	raw := c.text(path...)
	if raw == "" || currencyCode.MatchString(raw) {
		return
	}
	nearest := ""
	switch upper := strings.ToUpper(raw); {
	case upper == "円" || upper == "YEN" || upper == "¥" || upper == "￥":
		nearest = "JPY"
	case upper == "ドル" || upper == "$":
		nearest = "USD"
	case currencyCode.MatchString(upper):
		nearest = upper
	}
	c.report(diag.BadCurrency, path, "value", raw, "nearest", nearest)
}

// postal checks the form of a postal code, if it is a Japanese one.
func (c *checker) postal(path ...string) {
	raw := c.text(path...)
	ascii := strings.Map(halfWidth, raw)
	m := looseJapanese.FindStringSubmatch(ascii)
	switch {
	case m != nil && raw != m[1]+"-"+m[2]:
		c.report(diag.BadPostal, path, "value", raw, "nearest", m[1]+"-"+m[2])
	case m == nil && postalStart.MatchString(ascii):
		c.report(diag.BadPostal, path, "value", raw)
	}
}

// halfWidth turns full-width digits and signs into ASCII.
func halfWidth(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// isKana reports whether a reading is written in hiragana or katakana.
func isKana(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.Hiragana, unicode.Katakana) && !strings.ContainsRune("ー・ 　゛゜", r)
	})
}
