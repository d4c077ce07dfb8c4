// Package schema tells other programs which keys the files of a project have:
// editors, by JSON Schema (draft-07, which every editor knows); the VS Code
// extension Front Matter, by frontmatter.json; and a git-based CMS, by its
// configuration.
//
// All of it is made from the types that site.yaml and front matter are decoded
// into (package frontmatter's Shape), so that a new key is in all of them at once.
// Words for people come from the new files of `kaiho new` and from the tables
// words*.go; a test names the keys that lack them.
//
// A schema takes what `kaiho check` takes of the form of values, with three
// exceptions where it is stricter, for the sake of what an editor offers: a switch
// is true or false without quotes, a number has no quotes, and a key with a choice
// of values is not left empty. It knows the keys, types and choices; whether a name
// exists or a day comes after another is left to check.
//
// Every file that this package makes carries a version, which is a hash of all the
// schemas. So `check` knows a file that another kaiho has written (Check).
package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/frontmatter"
)

// SiteName is the name of the schema of site.yaml beside those of the kinds.
const SiteName = "site"

// Names returns the names of all schemas: site, and the kinds of pages.
func Names() []string {
	names := []string{SiteName}
	for _, k := range content.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// JSON returns the schema with a name of Names, its words in lang (Japanese for
// "ja", or else English).
func JSON(name, lang string) []byte {
	return asJSON(append(document(name, lang), member{"x-kaiho", mark(name, lang)}))
}

// mark says what a file is and which kaiho has made it.
func mark(name, lang string) object {
	return object{{"file", name}, {"language", lang}, {versionKey, Version()}}
}

// versionKey is the key of the version in every file of this package.
const versionKey = "version"

// Version returns what all files of this package carry: a hash of the schemas in
// both languages, so that it changes with every key and every word.
func Version() string { return version() }

var version = sync.OnceValue(func() string {
	sum := sha256.New()
	for _, name := range Names() {
		for _, lang := range []string{"en", "ja"} {
			sum.Write(asJSON(document(name, lang)))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:5])
})

// document is a schema without its mark.
func document(name, lang string) object {
	t := teller{lang: lang}
	var shape *frontmatter.Shape
	if name == SiteName {
		t.words, shape = siteWords(lang), frontmatter.ShapeOf(config.Site{})
	} else {
		t.words, shape = pageWords(content.Kind(name), lang), frontmatter.ShapeOf(content.FrontMatter(content.Kind(name)))
	}
	d := object{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", t.title(name)}}
	for _, m := range t.keys(shape, "") {
		if m.key != "type" {
			d = append(d, m)
		} else {
			d = append(d, member{"type", "object"})
		}
	}
	return d
}

// word is what people are told of a key.
type word struct {
	label    string // what it is called
	doc      string // what it does; may be empty
	required bool   // also if the type does not say so
	hasClock bool   // a time, and not only a day
}

// teller makes the schema of one file.
type teller struct {
	lang  string
	words map[string]word // by venue.name; of lists as of keys, and "*" for any key
}

func (t teller) title(name string) string {
	switch {
	case name == SiteName:
		return config.Path
	case isJapanese(t.lang):
		return "記事のはじめの項目（" + name + "）"
	}
	return "front matter: " + name
}

func isJapanese(lang string) bool { return lang == "ja" || strings.HasPrefix(lang, "ja-") }

// keys is the schema of an object with the keys of shape, whose path has prefix.
func (t teller) keys(shape *frontmatter.Shape, prefix string) object {
	var properties object
	var required []string
	for i := range shape.Fields {
		f := &shape.Fields[i]
		w := t.words[prefix+f.Key]
		if f.Required || w.required {
			required = append(required, f.Key)
		}
		o := object{}.with("title", w.label).with("description", w.doc)
		o = append(o, t.field(f, prefix+f.Key, f.Required || w.required)...)
		properties = append(properties, member{f.Key, o})
	}
	return object{{"type", []string{"object", "null"}}}.with("required", required).with("properties", properties).
		with("additionalProperties", false)
}

// field is the schema of the value of a key. An empty value is as good as none,
// unless there must be one.
func (t teller) field(f *frontmatter.ShapeField, path string, required bool) object {
	o := t.value(f.Shape, f, path)
	if len(f.Choices) > 0 || !required && !f.Nonempty {
		return o
	}
	for i, m := range o {
		if m.key == "type" {
			o[i].value = notNull(m.value)
		}
		if alternatives, ok := m.value.([]any); ok && m.key == "anyOf" {
			for _, a := range alternatives {
				if a := a.(object); a[0].key == "type" {
					a[0].value = notNull(a[0].value)
				}
			}
		}
	}
	return o
}

// notNull is the list of types without null.
func notNull(types any) any {
	var left []string
	all, ok := types.([]string)
	if !ok {
		return types
	}
	for _, name := range all {
		if name != "null" {
			left = append(left, name)
		}
	}
	if len(left) == 1 {
		return left[0]
	}
	return left
}

const (
	// datePattern is what frontmatter reads as a date, or a date and a clock.
	datePattern     = `^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$`
	durationPattern = `^(0|(\d+[wdhms])+)$`
	filledPattern   = `\S`
	langPattern     = `^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`
)

// value is the schema of a shape; f is the key that has it, or the list.
func (t teller) value(s *frontmatter.Shape, f *frontmatter.ShapeField, path string) object {
	switch s.Form {
	case frontmatter.FlagShape:
		return object{{"type", "boolean"}}
	case frontmatter.WholeShape, frontmatter.NumberShape:
		name := "integer"
		if s.Form == frontmatter.NumberShape {
			name = "number"
		}
		return object{{"type", []string{name, "null"}}}.limits(f)
	case frontmatter.DateShape:
		return object{{"type", []string{"string", "null"}}, {"pattern", datePattern}}
	case frontmatter.DurationShape:
		return object{{"type", []string{"string", "integer", "null"}}, {"pattern", durationPattern}, {"maximum", 0}}
	case frontmatter.LocalizedShape:
		return object{{"anyOf", []any{text(f), object{{"type", []string{"object", "null"}},
			{"propertyNames", object{{"pattern", langPattern}}}, {"additionalProperties", text(nil)}}}}}
	case frontmatter.ListShape:
		return t.list(s, f, path)
	case frontmatter.MapShape:
		one := object{{"title", t.words[path+".*"].label}}
		if one[0].value == "" {
			one = nil
		}
		return object{{"type", []string{"object", "null"}}, {"additionalProperties", append(one, t.value(s.Of, nil, path+".*")...)}}
	case frontmatter.KeysShape:
		return t.keys(s, path+".")
	case frontmatter.FreeShape:
		return object{{"type", []string{"object", "null"}}}
	}
	o := text(f)
	if s.Pattern != "" {
		o = append(o, member{"pattern", s.Pattern})
	}
	return o
}

// text is the schema of a text of a key. YAML takes 2026 for a number; so does a
// title of that name.
func text(f *frontmatter.ShapeField) object {
	if f != nil && len(f.Choices) > 0 {
		return object{{"enum", f.Choices}}
	}
	o := object{{"type", []string{"string", "number", "null"}}}
	if f != nil && f.Nonempty {
		o = append(o, member{"pattern", filledPattern})
	}
	return o
}

// list is the schema of a list. One scalar alone is a list of one; elements are
// never empty.
func (t teller) list(s *frontmatter.Shape, f *frontmatter.ShapeField, path string) object {
	each := t.value(s.Of, &frontmatter.ShapeField{Choices: f.Choices, Nonempty: f.Nonempty}, path)
	for i, m := range each {
		if m.key == "type" {
			each[i].value = notNull(m.value)
		}
	}
	array := object{{"type", []string{"array", "null"}}, {"items", each}}
	if f.Nonempty {
		array = append(array, member{"minItems", 1})
	}
	if f.Max != nil {
		array = append(array, member{"maxItems", *f.Max})
	}
	if s.Of.Form == frontmatter.KeysShape || s.Of.Form == frontmatter.MapShape {
		return array
	}
	return object{{"anyOf", []any{array, each}}}
}

func (o object) limits(f *frontmatter.ShapeField) object {
	if f != nil && f.Min != nil {
		o = append(o, member{"minimum", *f.Min})
	}
	if f != nil && f.Max != nil {
		o = append(o, member{"maximum", *f.Max})
	}
	return o
}
