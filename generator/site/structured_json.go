package site

import (
	"bytes"
	"encoding/json"
	"strings"
)

// thing is a JSON object whose members keep the order in which they were added,
// so that the same view gives the same bytes.
type thing []member

type member struct {
	key   string
	value any
}

func newThing(kind string) thing { return thing{{"@type", kind}} }

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

// MarshalJSON writes the members in their order.
func (t thing) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range t {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// scripts returns each object in a script element; empty ones are left out.
// encoding/json writes <, > and & as escapes, so no text ends the element.
func scripts(things ...thing) string {
	var b strings.Builder
	for _, t := range things {
		if len(t) == 0 {
			continue
		}
		out, err := json.Marshal(append(thing{{"@context", "https://schema.org"}}, t...))
		if err != nil {
			panic(err) // impossible: only texts, numbers, booleans and things
		}
		b.WriteString(`<script type="application/ld+json">`)
		b.Write(out)
		b.WriteString("</script>\n")
	}
	return b.String()
}
