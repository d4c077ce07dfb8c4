package content

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"kaiho/generator/frontmatter"
)

// Value is what a key of front matter takes.
type Value string

// The values of keys.
const (
	TextValue   Value = "text"
	TextsValue  Value = "texts"  // a list of texts
	FlagValue   Value = "flag"   // true or false
	NumberValue Value = "number" // a whole one
	DateValue   Value = "date"   // or a date with a time
	KeysValue   Value = "keys"   // the keys that follow it
	ListValue   Value = "list"   // a list of the keys that follow it
	FreeValue   Value = "free"   // keys of the author's choice
)

// Key is a key of front matter, for the help page.
type Key struct {
	Name     string // venue.name
	Value    Value
	Required bool
	Choices  []string // empty: any
	Doc      string   // what `kaiho new` writes above it; may be empty
	HasClock bool     // of dates: a good one has a clock, too
}

// Keys returns every key of a kind's front matter with its explanation in
// lang, as for Archetype.
func Keys(k Kind, lang string) []Key {
	keys := appendKeys(nil, reflect.TypeOf(FrontMatter(k)), "")
	archetype := Archetype(k, lang, "T", time.Time{})
	docs := keyDocs(archetype)
	for i := range keys {
		keys[i].Doc = docs[keys[i].Name]
		keys[i].HasClock = keys[i].Value == DateValue && exampleClock(archetype, keys[i].Name)
		keys[i].Required = keys[i].Required || keys[i].Name == "date" && isDated(k)
	}
	return keys
}

// isDated reports whether files of a kind must have a date.
func isDated(k Kind) bool {
	return slices.Contains([]Kind{KindNews, KindColumn, KindInterview, KindReport, KindNotes}, k)
}

func appendKeys(keys []Key, t reflect.Type, prefix string) []Key {
	for field := range t.Fields() {
		name, option, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if option == "inline" {
			keys = appendKeys(keys, field.Type, prefix)
			continue
		}
		key := Key{Name: prefix + name, Value: valueOf(field.Type), Required: option == "required"}
		if enum := field.Tag.Get("enum"); enum != "" {
			key.Choices = strings.Split(enum, ",")
		}
		keys = append(keys, key)
		switch key.Value {
		case KeysValue:
			keys = appendKeys(keys, field.Type, key.Name+".")
		case ListValue:
			keys = appendKeys(keys, field.Type.Elem(), key.Name+".")
		}
	}
	return keys
}

func valueOf(t reflect.Type) Value {
	switch t {
	case reflect.TypeFor[frontmatter.Time]():
		return DateValue
	case reflect.TypeFor[[]frontmatter.Param]():
		return FreeValue
	}
	switch t.Kind() {
	case reflect.Bool:
		return FlagValue
	case reflect.Int:
		return NumberValue
	case reflect.Pointer:
		return valueOf(t.Elem())
	case reflect.Struct:
		return KeysValue
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			return ListValue
		}
		return TextsValue
	}
	return TextValue
}

// exampleClock reports whether an archetype has a clock behind the day of a key at
// the top.
func exampleClock(archetype, name string) bool {
	return regexp.MustCompile(`(?m)^#?` + name + `: \S+ \d\d:\d\d$`).MatchString(archetype)
}

// keyLine is a line of an archetype that begins with a key, in use or not.
var keyLine = regexp.MustCompile(`^#?((?:  )*(?:- )?)([a-z_]+):(?: |$)`)

// keyDocs returns what an archetype explains, by key. An explanation stands
// right above its key.
func keyDocs(archetype string) map[string]string {
	docs := map[string]string{}
	var doc string
	var path []string // the key of each level down to the last line
	for line := range strings.Lines(archetype) {
		line = strings.TrimSuffix(line, "\n")
		m := keyLine.FindStringSubmatch(line)
		words, isDoc := strings.CutPrefix(line, "# ")
		isDoc = isDoc && !strings.HasPrefix(words, " ") // else a part of a key that is not in use
		switch {
		case m != nil:
			level := min(len(m[1])/2, len(path))
			path = append(path[:level], m[2])
			docs[strings.Join(path, ".")] = doc
			doc = ""
		case isDoc && doc != "" && doc[len(doc)-1] < 0x80:
			doc += " " + words // words of Japanese run on without a blank
		case isDoc:
			doc += words
		default:
			doc = ""
		}
	}
	return docs
}
