package frontmatter

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kaiho/generator/diag"
)

// form says how values of a Go type are decoded.
type form int

const (
	textForm form = iota
	boolForm
	intForm
	floatForm
	dateForm
	durationForm
	paramsForm
	listForm
	mapForm
	structForm
	pointerForm
	customForm
)

// typeInfo is what decoding needs to know of a Go type.
type typeInfo struct {
	form   form
	elem   reflect.Type // of a list, map or pointer, or what a generic type of ours holds
	of     *typeInfo    // of elem; nil for a generic type of ours
	fields []fieldInfo  // of a struct, those of inlined structs in their place
	keys   []string     // of fields
	must   []int        // indices of those fields that are required
}

// fieldInfo is a key of a struct: its place in the Go value and its tags.
type fieldInfo struct {
	key    string
	index  []int
	typ    reflect.Type
	info   *typeInfo // of typ
	limits limits
}

// limits is what a field's tags ask of its value.
type limits struct {
	enum     []string
	min, max *int64
	nonempty bool
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	paramsType   = reflect.TypeFor[[]Param]()
	customType   = reflect.TypeFor[interface {
		DecodeFrontMatter(*Node, Options) diag.Problems
	}]()
	holderType = reflect.TypeFor[interface{ holds() reflect.Type }]()
)

// typeInfos caches typeInfo by reflect.Type: reading tags costs more than
// decoding does. It is only ever added to, and what is in it is complete: it
// leads to all that decoding needs without another look here.
var typeInfos sync.Map

// infoOf returns what decoding needs to know of t. It panics when t, or a tag
// in it, is not one that Decode documents: that is a mistake in the program.
func infoOf(t reflect.Type) *typeInfo {
	if info, ok := typeInfos.Load(t); ok {
		return info.(*typeInfo)
	}
	made := typeSet{}
	info := made.add(t)
	for t, info := range made {
		typeInfos.LoadOrStore(t, info)
	}
	return info
}

// typeSet is a type with those that it is made of, which may be itself again.
type typeSet map[reflect.Type]*typeInfo

func (made typeSet) add(t reflect.Type) *typeInfo {
	if info, ok := made[t]; ok {
		return info
	}
	info := &typeInfo{}
	made[t] = info
	switch {
	case reflect.PointerTo(t).Implements(customType):
		info.form = customForm
		if t.Implements(holderType) {
			info.elem = reflect.Zero(t).Interface().(interface{ holds() reflect.Type }).holds()
		}
		return info
	case t == timeType:
		info.form = dateForm
		return info
	case t == durationType:
		info.form = durationForm
		return info
	case t == paramsType:
		info.form = paramsForm
		return info
	}
	switch t.Kind() {
	case reflect.String:
		info.form = textForm
	case reflect.Bool:
		info.form = boolForm
	case reflect.Int, reflect.Int64:
		info.form = intForm
	case reflect.Float64:
		info.form = floatForm
	case reflect.Slice:
		info.form, info.elem, info.of = listForm, t.Elem(), made.add(t.Elem())
	case reflect.Pointer:
		info.form, info.elem, info.of = pointerForm, t.Elem(), made.add(t.Elem())
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			panic(fmt.Sprintf("frontmatter: the keys of %v are not strings", t))
		}
		info.form, info.elem, info.of = mapForm, t.Elem(), made.add(t.Elem())
	case reflect.Struct:
		info.form = structForm
		made.addFields(info, t, nil)
	default:
		panic(fmt.Sprintf("frontmatter: cannot decode into %v", t))
	}
	return info
}

// addFields adds the fields of the struct type t, which is at index, to info.
func (made typeSet) addFields(info *typeInfo, t reflect.Type, index []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int(nil), index...), i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			made.addFields(info, f.Type, at)
			continue
		case name == "-", !f.IsExported():
			continue
		case name == "", options != "" && options != "required":
			panic(fmt.Sprintf("frontmatter: bad yaml tag of %v.%s", t, f.Name))
		}
		if slices.Contains(info.keys, name) {
			panic(fmt.Sprintf("frontmatter: the key %q is twice in %v", name, t))
		}
		if options == "required" {
			info.must = append(info.must, len(info.fields))
		}
		info.keys = append(info.keys, name)
		info.fields = append(info.fields, fieldInfo{
			key: name, index: at, typ: f.Type, info: made.add(f.Type), limits: newLimits(f),
		})
	}
}

// find returns the index of the field of key, or -1. It looks from next on
// first: authors write keys in about the order that the guide has them in, and
// then this takes less time than a map.
func (info *typeInfo) find(key string, next int) int {
	for i := next; i < len(info.keys); i++ {
		if info.keys[i] == key {
			return i
		}
	}
	for i := range min(next, len(info.keys)) {
		if info.keys[i] == key {
			return i
		}
	}
	return -1
}

func newLimits(f reflect.StructField) limits {
	l := limits{nonempty: f.Tag.Get("nonempty") == "true", min: number(f, "min"), max: number(f, "max")}
	if enum := f.Tag.Get("enum"); enum != "" {
		l.enum = strings.Split(enum, ",")
	}
	return l
}

func number(f reflect.StructField, tag string) *int64 {
	text, ok := f.Tag.Lookup(tag)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("frontmatter: bad tag %s of %s: %v", tag, f.Name, err))
	}
	return &n
}

// Keys returns the YAML keys of the struct type of structValue (a struct or a
// pointer to one), in the order of its fields. A key whose value has keys of
// its own is followed by these, with dots: "venue", "venue.name"; those of a
// list's elements are written alike, and a key that the author chooses is "*":
// "sections", "sections.*.kind".
func Keys(structValue any) []string {
	return appendKeys(nil, reflect.TypeOf(structValue), "", nil)
}

// appendKeys adds the keys of t, each after prefix. within are the types that
// t is a part of: a type that contains itself is not followed.
func appendKeys(keys []string, t reflect.Type, prefix string, within []reflect.Type) []string {
	for _, outer := range within {
		if outer == t {
			return keys
		}
	}
	within = append(within, t)
	info := infoOf(t)
	switch info.form {
	case structForm:
		for _, f := range info.fields {
			keys = append(keys, prefix+f.key)
			keys = appendKeys(keys, f.typ, prefix+f.key+".", within)
		}
	case listForm, pointerForm:
		keys = appendKeys(keys, info.elem, prefix, within)
	case mapForm, customForm:
		if info.elem != nil {
			keys = appendKeys(keys, info.elem, prefix+"*.", within)
		}
	}
	return keys
}
