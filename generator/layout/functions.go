package layout

import (
	"fmt"
	"html/template"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// Function is a function that layouts may call, besides those of
// text/template.
type Function struct {
	Name      string
	Signature string
	Doc       string // one line
}

// Functions returns all functions of layouts, for the help page.
func Functions() []Function {
	return []Function{
		{"t", `t KEY ARG…`, "the interface's words for KEY; ARG 0 replaces {0}, or chooses in {0|item|items}"},
		{"word", `word GROUP VALUE ARG…`, "the interface's words for GROUP.VALUE, or else VALUE as it is; for kinds, states, units"},
		{"lang", `lang`, "language of this edition, for marking what is written in another"},
		{"asset", `asset NAME`, "URL of a file in static/assets, with its content hash"},
		{"accent", `accent USE`, "colour of the theme, for letters: of links on \"paper\"; \"on\", what stands on it; \"dark\" and \"on-dark\", on a dark screen"},
		{"root", `root PATH`, "URL of a file at the root of static, as root \"favicon.svg\""},
		{"param", `param PARAMS KEY`, "first value of a parameter, or nothing"},
		{"params", `params PARAMS KEY`, "all values of a parameter"},
		{"date", `date TIME`, "2026年5月20日（水） / Wed 20 May 2026; with dates.era: 2026年（令和8年）5月20日（水）"},
		{"shortdate", `shortdate TIME`, "2026.5.20 / 20 May 2026"},
		{"monthday", `monthday TIME`, "5月20日（水） / Wed 20 May"},
		{"datetime", `datetime TIME`, "2026年5月20日（水）18:30 / Wed 20 May 2026, 18:30 JST (09:30 UTC)"},
		{"when", `when START END ALLDAY`, "date and times of an event, over several days too"},
		{"timerange", `timerange START END ALLDAY`, "times alone: 18:30〜20:30 / 18:30–20:30 JST (09:30–11:30 UTC)"},
		{"lastday", `lastday START END ALLDAY`, "the last day, if it is not that of START: 5月22日（金） / Fri 22 May"},
		{"isodate", `isodate TIME`, "2026-05-20, for attributes"},
		{"isodatetime", `isodatetime TIME`, "2026-05-20T18:30:00+09:00, for attributes"},
		{"year", `year TIME`, "2026"},
		{"month", `month TIME`, "5月 / May"},
		{"day", `day TIME`, "20"},
		{"weekday", `weekday TIME`, "水 / Wed"},
		{"money", `money AMOUNT CURRENCY`, "3,000円 / JPY 3,000"},
		{"pay", `pay MIN MAX CURRENCY`, "500万円〜760万円, 5,123,000円 / JPY 5,000,000–7,600,000; 0 is an open end"},
		{"number", `number N`, "1,850"},
		{"postal", `postal CODE`, "〒123-4567 / 123-4567"},
		{"joinnames", `joinnames NAMES`, "A、B、C / A, B and C"},
		{"host", `host URL`, "the site's name in a URL, without www."},
		{"initial", `initial NAME`, "first character, for a picture that is not there"},
		{"isemail", `isemail TEXT`, "whether TEXT is a mail address alone"},
		{"phrases", `phrases TEXT`, "TEXT as HTML that breaks between phrases, with ruby of {漢字|かんじ}; for titles"},
		{"tel", `tel TEXT`, "+81312345678, to stand behind tel:, if TEXT is a telephone number alone; else nothing"},
		{"scale", `scale N FROM TO`, "N in the proportion of TO and FROM: the height of a picture that is shown in another width"},
		{"outlook", `outlook "HTML"`, "for letter.html: HTML that only Outlook for Windows reads, as its tables"},
	}
}

// functions returns what the templates of one language call. Functions of time
// return nothing for the zero time.
func (l *loader) functions(lang string) template.FuncMap {
	w := words{japanese: lang == "ja" || strings.HasPrefix(lang, "ja-"), era: l.options.Era}
	return template.FuncMap{
		"t":           func(key string, args ...any) (string, error) { return l.text(lang, key, args) },
		"word":        func(group, value string, args ...any) (string, error) { return l.word(lang, group, value, args) },
		"lang":        func() string { return lang },
		"asset":       l.asset,
		"accent":      l.options.Accent.of,
		"root":        func(path string) string { return l.options.Base + strings.TrimPrefix(path, "/") },
		"param":       param,
		"params":      params,
		"date":        w.date,
		"shortdate":   w.shortDate,
		"monthday":    w.monthDay,
		"datetime":    w.dateTime,
		"when":        w.when,
		"timerange":   w.timeRange,
		"lastday":     w.lastDay,
		"isodate":     isoDate,
		"isodatetime": isoDateTime,
		"year":        year,
		"month":       w.month,
		"day":         day,
		"weekday":     w.weekday,
		"money":       w.money,
		"pay": func(low, high int, currency string) (string, error) {
			key, amounts := w.pay(low, high, currency)
			if key == "" {
				return fmt.Sprint(amounts...), nil
			}
			text, _ := l.lookup(lang, key)
			return substitute(text, amounts)
		},
		"number":    number,
		"postal":    w.postal,
		"joinnames": w.join,
		"host":      host,
		"initial":   initial,
		"isemail":   isEmail,
		"phrases":   l.phrases,
		"tel":       tel,
		"scale":     scale,
		"outlook":   outlook,
	}
}

// text returns a text of the strings files.
func (l *loader) text(lang, key string, args []any) (string, error) {
	text, ok := l.lookup(lang, key)
	if !ok {
		return "", fmt.Errorf("no strings file has the key %q", key)
	}
	return substitute(text, args)
}

// word returns what the strings files have for a value of a group, or else the value.
func (l *loader) word(lang, group, value string, args []any) (string, error) {
	text, ok := l.lookup(lang, group+"."+value)
	switch {
	case !ok && len(args) == 0:
		return value, nil
	case !ok:
		return fmt.Sprint(append([]any{value}, args...)...), nil
	}
	return substitute(text, args)
}

// asset returns the address of a file of the theme.
func (l *loader) asset(name string) (string, error) {
	if l.options.Asset != nil {
		if url, ok := l.options.Asset(name); ok {
			return url, nil
		}
	}
	return "", fmt.Errorf("there is no file static/assets/%s", name)
}

// words writes in the manner of one language.
type words struct {
	japanese bool
	era      bool // years of Japanese dates have that of the era, too
}

// params reads a sorted list of {Key, Values}. The type belongs to the package
// of the views, which lies above this one, hence the reflection.
func params(list any, key string) ([]string, error) {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("%T is not a list of parameters", list)
	}
	for i := range v.Len() {
		name, values := v.Index(i).FieldByName("Key"), v.Index(i).FieldByName("Values")
		if name.Kind() != reflect.String || !values.IsValid() {
			return nil, fmt.Errorf("%T is not a list of parameters", list)
		}
		if name.String() == key {
			all, _ := values.Interface().([]string)
			return all, nil
		}
	}
	return nil, nil
}

func param(list any, key string) (string, error) {
	all, err := params(list, key)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

// money writes an amount in the unit of its currency. Yen are written as a
// Japanese reader expects them; other currencies carry their ISO 4217 code.
func (w words) money(amount int, currency string) string {
	if w.japanese && (currency == "JPY" || currency == "") {
		return number(amount) + "円"
	}
	if currency == "" {
		currency = "JPY"
	}
	return currency + "\u00a0" + number(amount)
}

// pay writes what a job pays, as the key of the words around the amounts, and
// the amounts. Japanese readers count salaries in 万円, when these are whole.
func (w words) pay(low, high int, currency string) (key string, amounts []any) {
	write := w.money
	if w.japanese && (currency == "JPY" || currency == "") && low%man == 0 && high%man == 0 {
		write = func(amount int, _ string) string { return number(amount/man) + "万円" }
	}
	switch {
	case low == 0 && high == 0:
		return "", nil
	case low == high:
		return "", []any{write(low, currency)}
	case high == 0:
		return "range.from", []any{write(low, currency)}
	case low == 0:
		return "range.to", []any{write(high, currency)}
	}
	return "range", []any{write(low, currency), write(high, currency)}
}

// man is 万, in which Japanese counts large amounts.
const man = 10_000

// number writes n with a comma between groups of three digits.
func number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// postal writes a Japanese postal code with a hyphen, for Japanese readers with
// its mark, and others as they are.
func (w words) postal(code string) string {
	code = strings.TrimSpace(strings.TrimPrefix(code, "〒"))
	digits := strings.ReplaceAll(code, "-", "")
	if len(digits) != 7 || strings.Trim(digits, "0123456789") != "" {
		return code
	}
	code = digits[:3] + "-" + digits[3:]
	if w.japanese {
		return "〒" + code
	}
	return code
}

func (w words) join(names []string) string {
	if w.japanese || len(names) < 2 {
		return strings.Join(names, "、")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// initial keeps the variation selectors that a character of a name may carry.
func initial(name string) string {
	for i, r := range name {
		if i > 0 && !unicode.Is(unicode.Variation_Selector, r) && !unicode.Is(unicode.Mn, r) {
			return name[:i]
		}
	}
	return name
}

func isEmail(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && at < len(text)-1 && strings.Count(text, "@") == 1 && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r > unicode.MaxASCII || strings.ContainsRune("<>()[],;:\\\"", r)
	})
}
