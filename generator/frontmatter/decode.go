package frontmatter

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
)

// Options is what decoding needs to know of the site.
type Options struct {
	Zone *time.Location // of times without an offset, and of all results; nil is UTC
}

// Decode fills *into from n and returns all problems. A value with a problem
// leaves its field as it was; so does a key that is absent, or empty (null).
// A nil n fills nothing: whoever read the file has reported why.
//
// into points to a value of one of these types, most often a struct:
//
//	string                  text, or a number or date as it is written
//	bool                    true or false
//	int, int64, float64     decimal digits
//	time.Time, Time         2026-05-20, 2026-05-20 18:30, RFC 3339
//	time.Duration           90d, 36h, 30m, 1h30m; also w and s
//	[]T                     a list; one value where T is a scalar is a list of one
//	struct, *struct         keys by their tags; a pointer stays nil when absent
//	map[string]T            keys of the author's choice
//	Entries[T], []Param, Localized
//	any type whose pointer has DecodeFrontMatter(*Node, Options) diag.Problems
//
// A struct's fields carry the tag `yaml:"key"`, or `yaml:"key,required"` for a
// key that must be there, `yaml:",inline"` for a struct whose keys join the
// outer one's, `yaml:"-"` for none. Further tags limit a value: `enum:"a,b"`
// (texts), `min` and `max` (integers), `max` (most elements of a list),
// `nonempty:"true"` (neither blank nor without elements). Types and tags
// outside of these panic. `lines:"many"` and `file:"picture"` change nothing
// here: they are told to editors' tools (ShapeOf).
func Decode(n *Node, into any, o Options) diag.Problems {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic("frontmatter: Decode needs a pointer to fill")
	}
	if n == nil {
		return nil
	}
	d := decoder{options: o}
	d.value(n, v.Elem(), infoOf(v.Elem().Type()), &limits{})
	return d.problems
}

type decoder struct {
	options  Options
	problems diag.Problems
}

func (d *decoder) report(n *Node, rule diag.Rule, args ...string) {
	d.problems = append(d.problems, n.problem(rule, args...))
}

// value sets v, of the type of info, from n, which is not null unless v is a
// struct.
func (d *decoder) value(n *Node, v reflect.Value, info *typeInfo, l *limits) {
	if n.broken {
		return
	}
	switch info.form {
	case textForm:
		d.text(n, v, l)
	case boolForm:
		d.bool(n, v)
	case intForm:
		d.int(n, v, l)
	case floatForm:
		d.float(n, v)
	case dateForm:
		if t, ok := d.date(n); ok {
			*v.Addr().Interface().(*time.Time) = t.Time
		}
	case durationForm:
		d.duration(n, v)
	case paramsForm:
		d.params(n, v)
	case listForm:
		d.list(n, v, info, l)
	case mapForm:
		d.mapping(n, v, info)
	case structForm:
		d.structure(n, v, info)
	case pointerForm:
		target := reflect.New(info.elem)
		if d.value(n, target.Elem(), info.of, l); n.kind != Null {
			v.Set(target)
		}
	case customForm:
		d.custom(n, v, l)
	}
}

func (d *decoder) custom(n *Node, v reflect.Value, l *limits) {
	decode := v.Addr().Interface().(interface {
		DecodeFrontMatter(*Node, Options) diag.Problems
	})
	found := decode.DecodeFrontMatter(n, d.options)
	d.problems = append(d.problems, found...)
	if !l.nonempty || len(found) > 0 {
		return
	}
	empty := v.IsZero()
	if value, ok := decode.(interface{ IsZero() bool }); ok {
		empty = value.IsZero()
	}
	if empty {
		d.report(n, diag.EmptyValue)
	}
}

// structure sets the fields of the struct v. A null is a map without keys.
func (d *decoder) structure(n *Node, v reflect.Value, info *typeInfo) {
	if n.kind == Scalar || n.kind == List {
		d.notMap(n, info)
		return
	}
	var room [64]bool // more than there are keys of any kind of page
	given := room[:]
	if len(info.fields) > len(room) {
		given = make([]bool, len(info.fields))
	}
	next := 0
	for fi := range n.fields {
		f := &n.fields[fi]
		i := info.find(f.Key, next)
		if i < 0 {
			if nearest := d.unknown(n, f, info); nearest != "" {
				given[info.find(nearest, 0)] = true // misspelt, and not missing as well
			}
			continue
		}
		next = i + 1
		field := &info.fields[i]
		if f.Value.kind == Null && !f.Value.broken {
			given[i] = d.wordForText(f.Value, field)
			continue
		}
		given[i] = true
		d.value(f.Value, fieldOf(v, field.index), field.info, &field.limits)
	}
	for _, i := range info.must {
		if !given[i] {
			d.problems = append(d.problems, diag.New(n.pos, diag.MissingKey, "key", info.fields[i].key, "parent", n.Name()))
		}
	}
}

// fieldOf is v.FieldByIndex without its care for pointers.
func fieldOf(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		v = v.Field(i)
	}
	return v
}

// unknown reports the key f of n, which the struct of info does not have, and
// returns the one that was probably meant, or "".
func (d *decoder) unknown(n *Node, f *Field, info *typeInfo) (nearest string) {
	args := []string{"key", f.Key}
	free := info.find("params", 0) >= 0
	nearest = diag.Nearest(norm.NFKC.String(f.Key), info.keys)
	switch {
	case nearest != "":
		args = append(args, "nearest", nearest)
	case free:
		args = append(args, "free", "params")
	case len(info.keys) <= 12:
		args = append(args, "known", diag.Choices(info.keys, false))
	}
	d.problems = append(d.problems, diag.New(f.KeyPos, diag.UnknownKey, args...))
	return nearest
}

func (d *decoder) notMap(n *Node, info *typeInfo) {
	if key, value, ok := strings.Cut(n.text, ":"); ok && !n.quoted && value != "" {
		// "name:Hall" below "venue:" is a text to YAML.
		if info.find(key, 0) >= 0 {
			at := n.pos
			at.Col += utf8.RuneCountInString(key) + 1
			d.problems = append(d.problems, diag.New(at, diag.ColonSpace, "key", key, "value", value))
			return
		}
	}
	known := info.keys
	if len(known) > 12 {
		known = nil
	}
	d.report(n, diag.NotMap, "known", diag.Choices(known, false))
}

func (d *decoder) list(n *Node, v reflect.Value, info *typeInfo, l *limits) {
	items := n.items
	if n.kind != List {
		if elem := info.of.form; n.kind == Map || elem == structForm || elem == pointerForm || elem == mapForm {
			d.report(n, diag.NotList)
			return
		}
		items = []*Node{n}
	}
	if l.nonempty && len(items) == 0 {
		d.report(n, diag.EmptyValue)
	}
	if l.max != nil && int64(len(items)) > *l.max {
		d.report(items[*l.max], diag.TooMany, "count", strconv.Itoa(len(items)), "max", strconv.FormatInt(*l.max, 10))
	}
	each := limits{enum: l.enum, nonempty: l.nonempty}
	if texts, ok := v.Addr().Interface().(*[]string); ok {
		*texts = make([]string, len(items))
		for i, item := range items {
			if d.isThere(item, info.of) {
				(*texts)[i], _ = d.plainText(item, &each)
			}
		}
		return
	}
	// A slice's own array is new, and not nil when it has no elements.
	if v.SetZero(); len(items) == 0 {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	v.Grow(len(items))
	v.SetLen(len(items))
	for i, item := range items {
		if d.isThere(item, info.of) {
			d.value(item, v.Index(i), info.of, &each)
		}
	}
}

// isThere reports whether item, an element of a list of the type of info, is
// to be decoded: an empty one is a problem, and a broken one was.
func (d *decoder) isThere(item *Node, info *typeInfo) bool {
	if item.kind != Null || item.broken {
		return !item.broken
	}
	if word := item.text; word != "" && word != "~" && info.form == textForm {
		d.report(item, diag.QuoteText, "value", word)
	} else {
		d.report(item, diag.EmptyValue)
	}
	return false
}

func (d *decoder) mapping(n *Node, v reflect.Value, info *typeInfo) {
	if n.kind != Map {
		d.report(n, diag.NotMap)
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), len(n.fields))
	for _, f := range n.fields {
		value := reflect.New(info.elem).Elem()
		d.entry(f.Value, value, info.of)
		m.SetMapIndex(reflect.ValueOf(f.Key).Convert(v.Type().Key()), value)
	}
	v.Set(m)
}

// entry sets v, the value of a key that the author chose. A null leaves it
// zero, but asks for the required keys of a struct.
func (d *decoder) entry(n *Node, v reflect.Value, info *typeInfo) {
	if n.kind != Null || info.form == structForm {
		d.value(n, v, info, &limits{})
	}
}

// wordForText reports the word null as the value of a text field, and whether
// it did: whoever wrote it meant a text, or did not know that it is the same
// as nothing.
func (d *decoder) wordForText(n *Node, field *fieldInfo) bool {
	if n.text == "" || n.text == "~" || field.info.form != textForm {
		return false
	}
	d.report(n, diag.QuoteText, "value", n.text)
	return true
}

func (d *decoder) text(n *Node, v reflect.Value, l *limits) {
	if text, ok := d.plainText(n, l); ok {
		v.SetString(text)
	}
}

// plainText returns the text of n, and whether it may be one.
func (d *decoder) plainText(n *Node, l *limits) (string, bool) {
	if n.kind != Scalar {
		d.report(n, diag.NotText)
		return "", false
	}
	if !n.quoted {
		switch n.text {
		case "true", "True", "TRUE", "false", "False", "FALSE":
			d.report(n, diag.QuoteText, "value", n.text)
			return "", false
		}
	}
	if l.nonempty && strings.TrimLeftFunc(n.text, unicode.IsSpace) == "" {
		d.report(n, diag.EmptyValue)
		return "", false
	}
	if len(l.enum) > 0 && !slices.Contains(l.enum, n.text) {
		plain := norm.NFKC.String(strings.TrimSpace(n.text))
		nearest := diag.Nearest(plain, l.enum)
		d.report(n, diag.BadChoice, "value", n.text, "nearest", nearest, "choices", diag.Choices(l.enum, false))
		return "", false
	}
	return n.text, true
}

func (d *decoder) int(n *Node, v reflect.Value, l *limits) {
	i, ok := parseInt(n.Text())
	if !ok {
		d.report(n, diag.NotNumber, "value", n.Text(), "nearest", nearestInt(n.Text()))
		return
	}
	if l.min != nil && i < *l.min || l.max != nil && i > *l.max || v.OverflowInt(i) {
		d.report(n, diag.NumberRange, "value", n.text, "min", decimal(l.min), "max", decimal(l.max))
		return
	}
	v.SetInt(i)
}

func decimal(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func (d *decoder) float(n *Node, v reflect.Value) {
	f, ok := parseFloat(n.Text())
	if !ok {
		d.report(n, diag.NotNumber, "value", n.Text(), "nearest", nearestFloat(n.Text()))
		return
	}
	v.SetFloat(f)
}

func (d *decoder) bool(n *Node, v reflect.Value) {
	switch n.Text() {
	case "true", "True", "TRUE":
		v.SetBool(true)
	case "false", "False", "FALSE":
		v.SetBool(false)
	default:
		d.report(n, diag.NotBool, "value", n.Text(), "nearest", nearestBool(n.Text()))
	}
}

func (d *decoder) duration(n *Node, v reflect.Value) {
	length, ok := parseDuration(n.Text())
	if !ok {
		d.report(n, diag.BadDuration, "value", n.Text(), "nearest", nearestDuration(n.Text()))
		return
	}
	v.SetInt(int64(length))
}

func (d *decoder) date(n *Node) (Time, bool) {
	zone := cmp.Or(d.options.Zone, time.UTC)
	t, ok := parseTime(n.Text(), zone)
	switch {
	case ok:
	case t.IsZero():
		d.report(n, diag.BadDate, "value", n.Text(), "nearest", nearestTime(n.Text()))
	default: // skipped by the clocks
		layout := clockLayout
		if t.DateOnly {
			layout = dateLayout
		}
		d.report(n, diag.BadDate, "value", n.Text(), "zone", zone.String(), "nearest", t.Format(layout))
	}
	return t, ok
}
