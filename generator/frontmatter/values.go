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
	entries, info := make(Entries[T], len(n.fields)), infoOf(reflect.TypeFor[T]())
	for i, f := range n.fields {
		entries[i].Key, entries[i].Pos = f.Key, f.KeyPos
		d.entry(f.Value, reflect.ValueOf(&entries[i].Value).Elem(), info)
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
	f := flattener{decoder: d}
	if params, values := countParams(n); params > 0 {
		f.params, f.values = make([]Param, 0, params), make([]string, 0, values)
	}
	f.flatten(n, "")
	*v.Addr().Interface().(*[]Param) = mergeParams(f.params)
}

// mergeParams returns params sorted by key, and every key once: "a.b: 1" and
// "a: {b: 2}" are one.
func mergeParams(params []Param) []Param {
	inOrder := true
	for i := 1; inOrder && i < len(params); i++ {
		inOrder = params[i-1].Key < params[i].Key
	}
	if inOrder {
		return params
	}
	slices.SortStableFunc(params, func(a, b Param) int { return strings.Compare(a.Key, b.Key) })
	merged := params[:0]
	for _, p := range params {
		if last := len(merged) - 1; last >= 0 && merged[last].Key == p.Key {
			merged[last].Values = append(merged[last].Values, p.Values...)
			continue
		}
		merged = append(merged, p)
	}
	return merged
}

// countParams returns how many keys and values of its own the map n has at
// most, for a flattener to have room for.
func countParams(n *Node) (params, values int) {
	for i := range n.fields {
		switch value := n.fields[i].Value; value.kind {
		case Map:
			p, v := countParams(value)
			params, values = params+p, values+v
		case List:
			params, values = params+1, values+len(value.items)
		default:
			params, values = params+1, values+1
		}
	}
	return params, values
}

// flattener gathers the values of maps in maps. There are params on many
// pages, so their values share one array.
type flattener struct {
	*decoder
	params []Param
	values []string
}

// flatten adds the values of the map n, their keys after prefix.
func (f *flattener) flatten(n *Node, prefix string) {
	for i := range n.fields {
		field := &n.fields[i]
		key := prefix + field.Key
		if field.Value.kind == Map {
			f.flatten(field.Value, key+".")
			continue
		}
		first := len(f.values)
		f.add(field.Value)
		last := len(f.values)
		f.params = append(f.params, Param{Key: key, Values: f.values[first:last:last]})
	}
}

// add adds the text of n, or those of its elements.
func (f *flattener) add(n *Node) {
	switch n.kind {
	case Null:
		f.values = append(f.values, "")
	case List:
		for _, item := range n.items {
			if item.kind == List || item.kind == Map {
				f.report(item, diag.NotText)
				continue
			}
			f.values = append(f.values, item.text)
		}
	default:
		f.values = append(f.values, n.text)
	}
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
