package frontmatter

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"kaiho/generator/diag"
)

// Time is a time of front matter that knows whether a clock was given.
type Time struct {
	time.Time
	DateOnly bool // only a date was written; Time is its first moment
}

// DecodeFrontMatter reads a date, or a date and a clock.
func (t *Time) DecodeFrontMatter(n *Node, o Options) diag.Problems {
	d := decoder{options: o}
	if read, ok := d.date(n); ok {
		*t = read
	}
	return d.problems
}

// Entry is a key that the author chose, with its value.
type Entry[T any] struct {
	Key   string
	Pos   diag.Pos // of the key
	Value T
}

// Entries is a map in the order of the file.
type Entries[T any] []Entry[T]

// DecodeFrontMatter reads a map whose values are of type T.
func (e *Entries[T]) DecodeFrontMatter(n *Node, o Options) diag.Problems {
	d := decoder{options: o}
	if n.Kind() != Map {
		d.report(n, diag.NotMap)
		return d.problems
	}
	entries := make(Entries[T], len(n.fields))
	for i, f := range n.fields {
		entries[i].Key, entries[i].Pos = f.Key, f.KeyPos
		d.entry(f.Value, reflect.ValueOf(&entries[i].Value).Elem())
	}
	*e = entries
	return d.problems
}

// Lookup returns the value of key, and whether it is there.
func (e Entries[T]) Lookup(key string) (T, bool) {
	for _, entry := range e {
		if entry.Key == key {
			return entry.Value, true
		}
	}
	var none T
	return none, false
}

func (Entries[T]) holds() reflect.Type { return reflect.TypeFor[T]() }

// Param is a free value of an author: a key of the author's choice and what
// stands there. Maps in maps are one key with dots ("seo.robots"), a list is
// several values, and scalars are kept as they are written.
type Param struct {
	Key    string
	Values []string
}

// params sets v, a []Param sorted by key.
func (d *decoder) params(n *Node, v reflect.Value) {
	if n.kind != Map {
		d.report(n, diag.NotMap)
		return
	}
	params := d.flatten(nil, n, "")
	slices.SortStableFunc(params, func(a, b Param) int { return strings.Compare(a.Key, b.Key) })
	// "a.b: 1" and "a: {b: 2}" are one key.
	merged := params[:0]
	for _, p := range params {
		if last := len(merged) - 1; last >= 0 && merged[last].Key == p.Key {
			merged[last].Values = append(merged[last].Values, p.Values...)
			continue
		}
		merged = append(merged, p)
	}
	v.Set(reflect.ValueOf(merged))
}

// flatten adds the values of the map n, their keys after prefix.
func (d *decoder) flatten(params []Param, n *Node, prefix string) []Param {
	for _, f := range n.fields {
		key := prefix + f.Key
		if f.Value.kind == Map {
			params = d.flatten(params, f.Value, key+".")
			continue
		}
		params = append(params, Param{Key: key, Values: d.plainValues(f.Value)})
	}
	return params
}

// plainValues returns the text of n, or those of its elements.
func (d *decoder) plainValues(n *Node) []string {
	if n.kind != List {
		if n.kind == Null {
			return []string{""}
		}
		return []string{n.text}
	}
	values := make([]string, 0, len(n.items))
	for _, item := range n.items {
		if item.kind == List || item.kind == Map {
			d.report(item, diag.NotText)
			continue
		}
		values = append(values, item.text)
	}
	return values
}

// Localized is a text, or one text per language: "Title", or {ja: 題, en: Title}.
type Localized struct {
	Default string
	ByLang  []LangText // in the order of the file; empty when there is one text for all
}

// LangText is a text in one language.
type LangText struct {
	Lang string // "ja", "en-GB"
	Text string
}

// In returns the text for lang: its own, else that of the language without its
// region ("en" for "en-GB"), else the text for all, else the first.
func (l Localized) In(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	for _, wanted := range []string{lang, base} {
		for _, t := range l.ByLang {
			if t.Lang == wanted {
				return t.Text
			}
		}
	}
	if l.Default == "" && len(l.ByLang) > 0 {
		return l.ByLang[0].Text
	}
	return l.Default
}

// IsZero reports whether there is no text at all.
func (l Localized) IsZero() bool { return l.Default == "" && len(l.ByLang) == 0 }

// DecodeFrontMatter reads a text, or a map of languages to texts.
func (l *Localized) DecodeFrontMatter(n *Node, o Options) diag.Problems {
	if n.Kind() != Map {
		var text string
		problems := Decode(n, &text, o)
		*l = Localized{Default: text}
		return problems
	}
	var texts Entries[string]
	problems := Decode(n, &texts, o)
	*l = Localized{ByLang: make([]LangText, 0, len(texts))}
	for _, t := range texts {
		if t.Value != "" {
			l.ByLang = append(l.ByLang, LangText{Lang: t.Key, Text: t.Value})
		}
	}
	return problems
}
