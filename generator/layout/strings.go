package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
type placeholder struct {
	argument  int
	one, many string
	choice    bool
	size      int // in bytes of the text
}

// leading returns the placeholder that text begins with. Its words hold no
// braces and no bars.
func leading(text string) (p placeholder, ok bool) {
	if len(text) < 3 || text[0] != '{' || text[1] < '0' || text[1] > '9' {
		return p, false
	}
	p.argument = int(text[1] - '0')
	if text[2] == '}' {
		p.size = 3
		return p, true
	}
	bar := 3 + strings.IndexAny(text[3:], "{}|")
	if text[2] != '|' || bar < 3 || text[bar] != '|' {
		return p, false
	}
	end := bar + 1 + strings.IndexAny(text[bar+1:], "{}|")
	if end <= bar || text[end] != '}' {
		return p, false
	}
	return placeholder{p.argument, text[3:bar], text[bar+1 : end], true, end + 1}, true
}

// substitute puts args into text.
func substitute(text string, args []any) (string, error) {
	i := strings.IndexByte(text, '{')
	if i < 0 {
		return text, nil
	}
	var missing error
	b := append(make([]byte, 0, 128), text[:i]...)
	for rest := text[i:]; rest != ""; {
		p, ok := leading(rest)
		switch {
		case !ok:
			next := 1 + strings.IndexByte(rest[1:], '{')
			if next < 1 {
				next = len(rest)
			}
			b, rest = append(b, rest[:next]...), rest[next:]
			continue
		case p.argument >= len(args):
			missing = fmt.Errorf("%q wants %d arguments and has %d", text, p.argument+1, len(args))
		case !p.choice:
			b = append(b, sprint(args[p.argument])...)
		case sprint(args[p.argument]) == "1":
			b = append(b, p.one...)
		default:
			b = append(b, p.many...)
		}
		rest = rest[p.size:]
	}
	return string(b), missing
}

// sprint is fmt.Sprint, without its cost for the usual arguments.
func sprint(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return fmt.Sprint(v)
}
