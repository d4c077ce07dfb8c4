package site

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// thing is a JSON object whose members keep the order in which they were added,
// so that the same view gives the same bytes.
type thing []member

type member struct {
	key   string
	value any
}

func newThing(kind string) thing {
	t := make(thing, 1, 8) // as many as most get
	t[0] = member{"@type", kind}
	return t
}

// add appends a member, unless its value says nothing: an empty text or list, a
// number 0. Booleans always say something.
func (t *thing) add(key string, value any) {
	switch v := value.(type) {
	case string:
		if strings.TrimSpace(v) == "" {
			return
		}
	case int:
		if v == 0 {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	case thing:
		if len(v) == 0 {
			return
		}
	case []thing:
		if len(v) == 0 {
			return
		}
		if len(v) == 1 {
			value = v[0]
		}
	}
	*t = append(*t, member{key, value})
}

// appendMembers appends the members in their order, each after a comma.
func (t thing) appendMembers(b []byte) []byte {
	for _, m := range t {
		b = append(appendText(append(b, ','), m.key), ':')
		b = appendValue(b, m.value)
	}
	return b
}

// append appends the thing as a JSON object.
func (t thing) append(b []byte) []byte {
	if len(t) == 0 {
		return append(b, "{}"...)
	}
	start := len(b)
	b = append(t.appendMembers(b), '}')
	b[start] = '{' // for the first comma
	return b
}

// appendValue appends what thing.add takes, as encoding/json writes it.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case bool:
		return strconv.AppendBool(b, v)
	case thing:
		return v.append(b)
	case []string:
		return appendArray(b, v, appendText)
	case []thing:
		return appendArray(b, v, func(b []byte, t thing) []byte { return t.append(b) })
	}
	panic("site: a member of a thing that is none of its values") // impossible: see the callers of add
}

func appendArray[E any](b []byte, values []E, element func([]byte, E) []byte) []byte {
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = element(b, v)
	}
	return append(b, ']')
}

// appendText appends a text as encoding/json writes it, with <, > and & as
// escapes, so that no text ends the script element. Nearly all texts are written
// as they are; what has to be escaped is left to encoding/json itself.
func appendText(b []byte, s string) []byte {
	if isPlainText(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	escaped, err := json.Marshal(s)
	if err != nil {
		panic(err) // impossible: it is a text
	}
	return append(b, escaped...)
}

// isPlainText reports whether JSON writes a text as it is.
func isPlainText(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&':
			return false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

var scripted = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// scripts returns each object in a script element; empty ones are left out.
func scripts(things ...thing) string {
	p := scripted.Get().(*[]byte)
	b := (*p)[:0]
	for _, t := range things {
		if len(t) > 0 {
			b = append(b, `<script type="application/ld+json">{"@context":"https://schema.org"`...)
			b = t.appendMembers(b)
			b = append(b, "}</script>\n"...)
		}
	}
	text := string(b)
	*p = b
	scripted.Put(p)
	return text
}
