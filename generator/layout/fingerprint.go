package layout

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"sync"
	"time"
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
	b := (*p)[:0]
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, v := range values {
		if v == nil {
			panic("layout: a fingerprint of nil")
		}
		t := reflect.TypeOf(v)
		b = appendString(b, t.String())
		addressable := reflect.New(t).Elem() // times are read through their address, without an allocation each
		addressable.Set(reflect.ValueOf(v))
		b = encoderOf(t).write(b, addressable)
	}
	sum := sha256.Sum256(b)
	*p = b
	scratch.Put(p)
	return sum
}

var scratch = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// encoder appends values of one type. It is a struct so that a type that
// contains slices of itself can point to its own encoder while it is made.
type encoder struct {
	write func([]byte, reflect.Value) []byte
}

var encoders sync.Map // reflect.Type to *encoder, complete ones only

func encoderOf(t reflect.Type) *encoder {
	if e, ok := encoders.Load(t); ok {
		return e.(*encoder)
	}
	made := map[reflect.Type]*encoder{}
	e := makeEncoder(t, made)
	for t, e := range made {
		encoders.LoadOrStore(t, e)
	}
	return e
}

var timeType = reflect.TypeFor[time.Time]()

// makeEncoder makes the encoder of t and of all types within it.
func makeEncoder(t reflect.Type, made map[reflect.Type]*encoder) *encoder {
	if e, ok := made[t]; ok {
		return e
	}
	e := &encoder{}
	made[t] = e
	switch {
	case t == timeType:
		e.write = appendTime
	case t.Kind() == reflect.Struct:
		e.write = structEncoder(t, made)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		e.write = listEncoder(t, made)
	default:
		e.write = scalarEncoder(t)
	}
	return e
}

func structEncoder(t reflect.Type, made map[reflect.Type]*encoder) func([]byte, reflect.Value) []byte {
	fields := make([]*encoder, t.NumField())
	for i := range fields {
		if !t.Field(i).IsExported() {
			panic(fmt.Sprintf("layout: a fingerprint of %s, which has the hidden field %s", t, t.Field(i).Name))
		}
		fields[i] = makeEncoder(t.Field(i).Type, made)
	}
	return func(b []byte, v reflect.Value) []byte {
		for i, f := range fields {
			b = f.write(b, v.Field(i))
		}
		return b
	}
}

func listEncoder(t reflect.Type, made map[reflect.Type]*encoder) func([]byte, reflect.Value) []byte {
	if t.Elem().Kind() == reflect.Uint8 {
		return func(b []byte, v reflect.Value) []byte {
			b = binary.AppendUvarint(b, uint64(v.Len()))
			return append(b, v.Bytes()...)
		}
	}
	element := makeEncoder(t.Elem(), made)
	return func(b []byte, v reflect.Value) []byte {
		n := v.Len()
		b = binary.AppendUvarint(b, uint64(n))
		for i := range n {
			b = element.write(b, v.Index(i))
		}
		return b
	}
}

// scalarEncoder encodes strings with their length, and numbers in eight bytes.
func scalarEncoder(t reflect.Type) func([]byte, reflect.Value) []byte {
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte {
			if v.Bool() {
				return append(b, 1)
			}
			return append(b, 0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) []byte { return binary.BigEndian.AppendUint64(b, uint64(v.Int())) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(b []byte, v reflect.Value) []byte { return binary.BigEndian.AppendUint64(b, v.Uint()) }
	case reflect.Float32, reflect.Float64:
		return func(b []byte, v reflect.Value) []byte {
			return binary.BigEndian.AppendUint64(b, math.Float64bits(v.Float()))
		}
	}
	panic(fmt.Sprintf("layout: a fingerprint of %s, which is not a closed type", t))
}

// appendTime writes seconds, as nanoseconds do not reach back to the year 1.
func appendTime(b []byte, v reflect.Value) []byte {
	t := v.Addr().Interface().(*time.Time)
	zone, offset := t.Zone()
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix()))
	b = binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
	b = binary.BigEndian.AppendUint32(b, uint32(int32(offset)))
	return appendString(b, zone)
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
