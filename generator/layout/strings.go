package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// stringsFile returns the language of a strings file: "ja" for strings.ja.json.
func stringsFile(name string) (lang string, ok bool) {
	lang, isJSON := strings.CutSuffix(name, ".json")
	lang, isStrings := strings.CutPrefix(lang, "strings.")
	return lang, isJSON && isStrings && lang != "" && !strings.ContainsAny(lang, "./")
}

// parseStrings reads a flat object of strings, token by token for the sake of
// positions. What was read before a mistake is returned too.
func parseStrings(path string, b []byte) (map[string]string, diag.Problems) {
	table := map[string]string{}
	d := json.NewDecoder(bytes.NewReader(b))
	fail := func(offset int64, message string) (map[string]string, diag.Problems) {
		pos := at(source{path, b}, skipSpace(b, int(offset)))
		return table, diag.Problems{diag.New(pos, diag.LayoutStrings, "message", message)}
	}
	broken := func(err error) (map[string]string, diag.Problems) {
		var syntax *json.SyntaxError
		switch {
		case errors.As(err, &syntax):
			return fail(max(syntax.Offset-1, 0), syntax.Error())
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return fail(int64(len(b)), "it ends too early")
		}
		return fail(d.InputOffset(), err.Error())
	}
	open, err := d.Token()
	if err != nil {
		return broken(err)
	}
	if open != json.Delim('{') {
		return fail(0, "it is not an object")
	}
	for d.More() {
		before := d.InputOffset()
		key, err := d.Token()
		if err != nil {
			return broken(err)
		}
		name := key.(string) // the decoder accepts nothing else for a key
		if _, twice := table[name]; twice {
			return fail(before, fmt.Sprintf("%q is there twice", name))
		}
		before = d.InputOffset()
		value, err := d.Token()
		if err != nil {
			return broken(err)
		}
		text, isString := value.(string)
		if !isString {
			return fail(before, fmt.Sprintf("%q is not a string", name))
		}
		table[name] = text
	}
	if _, err := d.Token(); err != nil {
		return broken(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fail(d.InputOffset(), "there is something behind the object")
	}
	return table, nil
}

// skipSpace returns the offset of the first byte from offset on that is neither
// space nor punctuation between tokens.
func skipSpace(b []byte, offset int) int {
	for offset < len(b) && strings.IndexByte(" \t\r\n,:", b[offset]) >= 0 {
		offset++
	}
	return min(offset, len(b))
}

// lookup returns the text of key in lang; what a language lacks is taken from
// English, so that a new edition can be translated little by little.
func (l *loader) lookup(lang, key string) (string, bool) {
	for _, l := range []map[string]string{l.tables[lang], l.tables["en"], l.tables["ja"]} {
		if text, ok := l[key]; ok {
			return text, true
		}
	}
	return "", false
}

// A placeholder is {0}, or {0|item|items}: the first word when the argument is
// 1, and the second otherwise.
var argument = regexp.MustCompile(`\{(\d)(?:\|([^{}|]*)\|([^{}|]*))?\}`)

// substitute puts args into text.
func substitute(text string, args []any) (string, error) {
	if !strings.Contains(text, "{") {
		return text, nil
	}
	var missing error
	filled := argument.ReplaceAllStringFunc(text, func(placeholder string) string {
		m := argument.FindStringSubmatch(placeholder)
		n, _ := strconv.Atoi(m[1])
		if n >= len(args) {
			missing = fmt.Errorf("%q wants %d arguments and has %d", text, n+1, len(args))
			return ""
		}
		value := fmt.Sprint(args[n])
		switch {
		case !strings.Contains(placeholder, "|"):
			return value
		case value == "1":
			return m[2]
		}
		return m[3]
	})
	return filled, missing
}
