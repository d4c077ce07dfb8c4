package layout

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// Fingerprint returns the hash of closed values: structs, slices, arrays,
// strings, booleans, numbers, times and template.HTML. Different values have
// different fingerprints: everything is written with its type or its length
// before it, and structs field by field in their order. A nil slice is an empty
// slice, as it is for a layout; a time counts with its zone's name and offset,
// because layouts write both. Any other type is a mistake in the program, and
// panics.
func Fingerprint(values ...any) [32]byte {
	p := scratch.Get().(*[]byte)
	b := binary.AppendUvarint((*p)[:0], uint64(len(values)))
	for _, v := range values {
		if s, ok := v.(string); ok { // the names of layouts and editions
			b = appendString(appendString(b, "string"), s)
			continue
		}
		if v == nil {
			panic("layout: a fingerprint of nil")
		}
		t := reflect.TypeOf(v)
		b = appendString(b, t.String())
		b = encoderOf(t).appendAny(b, v)
	}
	sum := sha256.Sum256(b)
	*p = b
	scratch.Put(p)
	return sum
}

var scratch = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

// encoder appends values of one type, which it reads in memory: to go through
// reflect.Value for each field takes three times as long. Structs within
// structs are spread out, so that a view is one list of fields.
type encoder struct {
	fields []field
	places sync.Pool // of pointers to values of the type
}

// field is a part of a value that is no struct: where it lies, and how it is
// written.
type field struct {
	kind   fieldKind
	offset uintptr
	array  *array // of lists only
}

// array says what a slice or array is made of.
type array struct {
	element *encoder
	size    uintptr // of an element
	length  int     // of an array; not used by slices
}

// slice is how a slice of any type lies in memory.
type slice struct {
	first            unsafe.Pointer
	length, capacity int
}

type fieldKind uint8

const (
	textField fieldKind = iota
	boolField
	timeField
	intField
	int8Field
	int16Field
	int32Field
	int64Field
	uintField
	uint8Field
	uint16Field
	uint32Field
	uint64Field
	float32Field
	float64Field
	bytesField // a slice of bytes
	sliceField
	arrayField
)

// kinds are the fields that say all by their kind. What else there is, is a
// struct, a time, a list, or not closed.
var kinds = map[reflect.Kind]fieldKind{
	reflect.String: textField, reflect.Bool: boolField,
	reflect.Int: intField, reflect.Int8: int8Field, reflect.Int16: int16Field, reflect.Int32: int32Field, reflect.Int64: int64Field,
	reflect.Uint: uintField, reflect.Uint8: uint8Field, reflect.Uint16: uint16Field, reflect.Uint32: uint32Field, reflect.Uint64: uint64Field,
	reflect.Float32: float32Field, reflect.Float64: float64Field,
}

var encoders sync.Map // reflect.Type to *encoder, complete ones only

func encoderOf(t reflect.Type) *encoder {
	if e, ok := encoders.Load(t); ok {
		return e.(*encoder)
	}
	made := map[reflect.Type]*encoder{}
	makeEncoder(t, made)
	for t, e := range made {
		encoders.LoadOrStore(t, e)
	}
	e, _ := encoders.Load(t)
	return e.(*encoder)
}

// makeEncoder makes the encoder of t and of all elements of lists within it. A
// type may contain slices of itself: its encoder is known before it is complete.
func makeEncoder(t reflect.Type, made map[reflect.Type]*encoder) *encoder {
	if e, ok := made[t]; ok {
		return e
	}
	e := &encoder{places: sync.Pool{New: func() any { return reflect.New(t).Interface() }}}
	made[t] = e
	e.fields = appendFields(nil, t, 0, made)
	return e
}

var timeType = reflect.TypeFor[time.Time]()

// appendFields adds the fields of a t that lies at an offset.
func appendFields(fields []field, t reflect.Type, offset uintptr, made map[reflect.Type]*encoder) []field {
	kind, simple := kinds[t.Kind()]
	switch {
	case simple:
		return append(fields, field{kind: kind, offset: offset})
	case t == timeType:
		return append(fields, field{kind: timeField, offset: offset})
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			if !f.IsExported() {
				panic(fmt.Sprintf("layout: a fingerprint of %s, which has the hidden field %s", t, f.Name))
			}
			fields = appendFields(fields, f.Type, offset+f.Offset, made)
		}
		return fields
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return append(fields, field{kind: bytesField, offset: offset})
	case t.Kind() == reflect.Slice:
		return append(fields, field{sliceField, offset, &array{element: makeEncoder(t.Elem(), made), size: t.Elem().Size()}})
	case t.Kind() == reflect.Array:
		return append(fields, field{arrayField, offset, &array{makeEncoder(t.Elem(), made), t.Elem().Size(), t.Len()}})
	}
	panic(fmt.Sprintf("layout: a fingerprint of %s, which is not a closed type", t))
}

// appendAny appends a value of the encoder's type. The value is copied to where
// it has an address, which an interface does not tell.
func (e *encoder) appendAny(b []byte, v any) []byte {
	pointer := e.places.Get()
	place := reflect.ValueOf(pointer)
	place.Elem().Set(reflect.ValueOf(v))
	b = e.append(b, place.UnsafePointer())
	place.Elem().SetZero() // the pool must not keep a view's texts
	e.places.Put(pointer)
	return b
}

// append appends the value at p, which must be of the encoder's type.
func (e *encoder) append(b []byte, p unsafe.Pointer) []byte {
	for i := range e.fields {
		f := &e.fields[i]
		at := unsafe.Add(p, f.offset)
		switch f.kind {
		case textField:
			b = appendString(b, *(*string)(at))
		case boolField:
			if *(*bool)(at) {
				b = append(b, 1)
			} else {
				b = append(b, 0)
			}
		case timeField:
			b = appendTime(b, (*time.Time)(at))
		case intField:
			b = binary.AppendVarint(b, int64(*(*int)(at)))
		case bytesField:
			list := *(*[]byte)(at)
			b = append(binary.AppendUvarint(b, uint64(len(list))), list...)
		case sliceField:
			list := (*slice)(at)
			b = binary.AppendUvarint(b, uint64(list.length))
			b = f.array.append(b, list.first, list.length)
		case arrayField:
			b = f.array.append(b, at, f.array.length)
		default:
			b = appendNumber(b, f.kind, at)
		}
	}
	return b
}

// append appends n elements that lie one after another.
func (a *array) append(b []byte, first unsafe.Pointer, n int) []byte {
	for i := range n {
		b = a.element.append(b, unsafe.Add(first, uintptr(i)*a.size))
	}
	return b
}

// appendNumber appends the number at p. Whole numbers take as many bytes as they
// need: most are small, and what is shorter is sooner hashed.
func appendNumber(b []byte, kind fieldKind, p unsafe.Pointer) []byte {
	switch kind {
	case int8Field:
		return binary.AppendVarint(b, int64(*(*int8)(p)))
	case int16Field:
		return binary.AppendVarint(b, int64(*(*int16)(p)))
	case int32Field:
		return binary.AppendVarint(b, int64(*(*int32)(p)))
	case int64Field:
		return binary.AppendVarint(b, *(*int64)(p))
	case uintField:
		return binary.AppendUvarint(b, uint64(*(*uint)(p)))
	case uint8Field:
		return append(b, *(*uint8)(p))
	case uint16Field:
		return binary.AppendUvarint(b, uint64(*(*uint16)(p)))
	case uint32Field:
		return binary.AppendUvarint(b, uint64(*(*uint32)(p)))
	case uint64Field:
		return binary.AppendUvarint(b, *(*uint64)(p))
	case float32Field:
		return binary.BigEndian.AppendUint32(b, math.Float32bits(*(*float32)(p)))
	}
	return binary.BigEndian.AppendUint64(b, math.Float64bits(*(*float64)(p)))
}

// appendTime writes seconds, as nanoseconds do not reach back to the year 1.
// The zero time, which stands for a time that is not there, is one byte.
func appendTime(b []byte, t *time.Time) []byte {
	if *t == (time.Time{}) {
		return append(b, 0)
	}
	zone, offset := t.Zone()
	b = binary.AppendVarint(append(b, 1), t.Unix())
	b = binary.AppendUvarint(b, uint64(t.Nanosecond()))
	b = binary.AppendVarint(b, int64(offset))
	return appendString(b, zone)
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
