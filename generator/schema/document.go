package schema

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// object is a JSON object that keeps the order of its members: files that people
// read and compare begin with what matters.
type object []member

type member struct {
	key   string
	value any // string, bool, int, int64, []string, []any, object
}

// with returns o with a member more, unless value is nothing to say.
func (o object) with(key string, value any) object {
	switch v := value.(type) {
	case string:
		if v == "" {
			return o
		}
	case object:
		if len(v) == 0 {
			return o
		}
	case []string:
		if len(v) == 0 {
			return o
		}
	case []any:
		if len(v) == 0 {
			return o
		}
	}
	return append(o, member{key, value})
}

// list returns the elements of a []string or []any.
func list(value any) ([]any, bool) {
	switch v := value.(type) {
	case []any:
		return v, true
	case []string:
		all := make([]any, len(v))
		for i := range v {
			all[i] = v[i]
		}
		return all, true
	}
	return nil, false
}

// scalar returns a value as JSON writes it, which YAML reads alike.
func scalar(value any) string {
	switch v := value.(type) {
	case string:
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		_ = e.Encode(v) // a string and a builder never fail
		return strings.TrimSuffix(b.String(), "\n")
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}

// asJSON returns the document o with an indent of two blanks. Lists of scalars
// stand on a line.
func asJSON(o object) []byte {
	var b strings.Builder
	writeJSON(&b, o, "")
	b.WriteByte('\n')
	return []byte(b.String())
}

func writeJSON(b *strings.Builder, value any, indent string) {
	below := indent + "  "
	if o, ok := value.(object); ok {
		if len(o) == 0 {
			b.WriteString("{}")
			return
		}
		for i, m := range o {
			b.WriteString([]string{"{\n", ",\n"}[min(i, 1)] + below + scalar(m.key) + ": ")
			writeJSON(b, m.value, below)
		}
		b.WriteString("\n" + indent + "}")
		return
	}
	items, ok := list(value)
	switch {
	case !ok:
		b.WriteString(scalar(value))
	case !isDeep(items):
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = scalar(item)
		}
		b.WriteString("[" + strings.Join(texts, ", ") + "]")
	default:
		for i, item := range items {
			b.WriteString([]string{"[\n", ",\n"}[min(i, 1)] + below)
			writeJSON(b, item, below)
		}
		b.WriteString("\n" + indent + "]")
	}
}

// isDeep reports whether there are lists or objects in items.
func isDeep(items []any) bool {
	for _, item := range items {
		if _, isList := list(item); isList {
			return true
		}
		if _, isObject := item.(object); isObject {
			return true
		}
	}
	return false
}

// asYAML returns the document o as YAML. All texts are in double quotes, in which
// JSON and YAML agree, so that none is taken for something else.
func asYAML(o object) []byte {
	var b strings.Builder
	writeYAML(&b, o, "")
	return []byte(b.String())
}

// writeYAML writes the members of o, each on lines of its own.
func writeYAML(b *strings.Builder, o object, indent string) {
	for i, m := range o {
		if i > 0 {
			b.WriteString(indent)
		}
		b.WriteString(m.key + ":")
		writeYAMLValue(b, m.value, indent)
	}
}

func writeYAMLValue(b *strings.Builder, value any, indent string) {
	if o, ok := value.(object); ok {
		b.WriteString("\n" + indent + "  ")
		writeYAML(b, o, indent+"  ")
		return
	}
	items, ok := list(value)
	switch {
	case !ok:
		b.WriteString(" " + scalar(value) + "\n")
	case !isDeep(items):
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = scalar(item)
		}
		b.WriteString(" [" + strings.Join(texts, ", ") + "]\n")
	default:
		b.WriteString("\n")
		for _, item := range items {
			b.WriteString(indent + "  - ")
			writeYAML(b, item.(object), indent+"    ")
		}
	}
}
