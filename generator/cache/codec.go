package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"sync"
	"time"
)

// The codec writes values without a description of their types: who reads must
// have the same types, which the key of a file guarantees. A struct is the
// number of its fields that are not zero, and for each of these its index and
// value; so a page costs what it has, not what it could have.

// ErrDamaged is returned for bytes that are no value of the wanted type.
var ErrDamaged = errors.New("the cache is damaged")

// Append adds v to b: structs (exported fields only), pointers to structs,
// slices, arrays of bytes, strings, booleans, numbers and time.Time. It panics
// on other types, which is a mistake in the program.
func Append(b []byte, v any) []byte {
	value := reflect.ValueOf(v)
	return coderOf(value.Type()).encode(b, value)
}

// Decode reads a value that Append wrote into the variable that into points
// to, and returns what follows it. Times come back in zone. Strings are parts of
// s, so that a value costs no memory for each of them. The error is ErrDamaged.
func Decode(s string, into any, zone *time.Location) (rest string, err error) {
	value := reflect.ValueOf(into).Elem()
	d := &decoder{s: s, zone: zone}
	coderOf(value.Type()).decode(d, value)
	if d.damaged {
		return "", ErrDamaged
	}
	return d.s, nil
}

type decoder struct {
	s       string
	zone    *time.Location
	damaged bool
}

func (d *decoder) fail() { d.damaged, d.s = true, "" }

// uint is binary.Uvarint.
func (d *decoder) uint() uint64 {
	var x uint64
	for i := range min(len(d.s), binary.MaxVarintLen64) {
		c := d.s[i]
		if i == binary.MaxVarintLen64-1 && c > 1 {
			break
		}
		x |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return x
		}
	}
	d.fail()
	return 0
}

// length reads the number of elements or bytes that follow. Each takes at
// least one byte, so damage cannot ask for more memory than there are bytes.
func (d *decoder) length() int {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) text(n int) string {
	if n > len(d.s) {
		d.fail()
		return ""
	}
	part := d.s[:n]
	d.s = d.s[n:]
	return part
}

func (d *decoder) byte() byte {
	if part := d.text(1); part != "" {
		return part[0]
	}
	return 0
}

// coder encodes and decodes one type.
type coder struct {
	encode func(b []byte, v reflect.Value) []byte
	decode func(d *decoder, v reflect.Value)
}

var coders sync.Map // reflect.Type → *coder; a table that only grows, by what a type alone decides

func coderOf(t reflect.Type) *coder {
	if c, ok := coders.Load(t); ok {
		return c.(*coder)
	}
	c := newCoder(t)
	coders.Store(t, c)
	return c
}

func newCoder(t reflect.Type) *coder {
	if t == reflect.TypeFor[time.Time]() {
		return timeCoder()
	}
	switch t.Kind() {
	case reflect.String:
		return stringCoder()
	case reflect.Bool:
		return boolCoder()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &coder{
			func(b []byte, v reflect.Value) []byte { return binary.AppendVarint(b, v.Int()) },
			func(d *decoder, v reflect.Value) { x := d.uint(); v.SetInt(int64(x>>1) ^ -int64(x&1)) },
		}
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		return &coder{
			func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, v.Uint()) },
			func(d *decoder, v reflect.Value) { v.SetUint(d.uint()) },
		}
	case reflect.Float64:
		return &coder{
			func(b []byte, v reflect.Value) []byte {
				return binary.BigEndian.AppendUint64(b, math.Float64bits(v.Float()))
			},
			func(d *decoder, v reflect.Value) {
				if part := d.text(8); part != "" {
					v.SetFloat(math.Float64frombits(binary.BigEndian.Uint64([]byte(part))))
				}
			},
		}
	case reflect.Slice:
		return sliceCoder(t)
	case reflect.Array:
		return arrayCoder(t)
	case reflect.Pointer:
		return pointerCoder(t)
	case reflect.Struct:
		return structCoder(t)
	}
	panic(fmt.Sprintf("cache: no code for %s", t))
}

func timeCoder() *coder {
	return &coder{
		func(b []byte, v reflect.Value) []byte {
			t := v.Interface().(time.Time)
			return binary.AppendUvarint(binary.AppendVarint(b, t.Unix()), uint64(t.Nanosecond()))
		},
		func(d *decoder, v reflect.Value) {
			x := d.uint()
			t := time.Unix(int64(x>>1)^-int64(x&1), int64(d.uint()))
			if !t.IsZero() { // the zero time has no zone of its own
				t = t.In(d.zone)
			} else {
				t = time.Time{}
			}
			v.Set(reflect.ValueOf(t))
		},
	}
}

func stringCoder() *coder {
	return &coder{
		func(b []byte, v reflect.Value) []byte {
			return append(binary.AppendUvarint(b, uint64(v.Len())), v.String()...)
		},
		func(d *decoder, v reflect.Value) { v.SetString(d.text(d.length())) },
	}
}

func boolCoder() *coder {
	return &coder{
		func(b []byte, v reflect.Value) []byte {
			if v.Bool() {
				return append(b, 1)
			}
			return append(b, 0)
		},
		func(d *decoder, v reflect.Value) { v.SetBool(d.byte() != 0) },
	}
}

func sliceCoder(t reflect.Type) *coder {
	element := sync.OnceValue(func() *coder { return coderOf(t.Elem()) }) // a type may hold itself
	return &coder{
		func(b []byte, v reflect.Value) []byte {
			b = binary.AppendUvarint(b, uint64(v.Len()))
			for i := range v.Len() {
				b = element().encode(b, v.Index(i))
			}
			return b
		},
		func(d *decoder, v reflect.Value) {
			n := d.length()
			if n == 0 {
				return
			}
			s := reflect.MakeSlice(t, n, n)
			for i := range n {
				if d.damaged {
					return
				}
				element().decode(d, s.Index(i))
			}
			v.Set(s)
		},
	}
}

func arrayCoder(t reflect.Type) *coder {
	if t.Elem().Kind() != reflect.Uint8 {
		panic(fmt.Sprintf("cache: no code for %s", t))
	}
	return &coder{
		func(b []byte, v reflect.Value) []byte {
			for i := range v.Len() {
				b = append(b, byte(v.Index(i).Uint()))
			}
			return b
		},
		func(d *decoder, v reflect.Value) { reflect.Copy(v, reflect.ValueOf([]byte(d.text(t.Len())))) },
	}
}

func pointerCoder(t reflect.Type) *coder {
	element := sync.OnceValue(func() *coder { return coderOf(t.Elem()) })
	return &coder{ // nil is the zero value, which a struct leaves out
		func(b []byte, v reflect.Value) []byte { return element().encode(b, v.Elem()) },
		func(d *decoder, v reflect.Value) {
			v.Set(reflect.New(t.Elem()))
			element().decode(d, v.Elem())
		},
	}
}

func structCoder(t reflect.Type) *coder {
	type field struct {
		index int
		coder *coder
	}
	fields := sync.OnceValue(func() []field {
		var fields []field
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				fields = append(fields, field{i, coderOf(t.Field(i).Type)})
			}
		}
		return fields
	})
	return &coder{
		func(b []byte, v reflect.Value) []byte {
			at := len(b)
			b = append(b, 0)
			for i, f := range fields() {
				if value := v.Field(f.index); !value.IsZero() {
					b[at]++
					b = f.coder.encode(append(b, byte(i)), value)
				}
			}
			return b
		},
		func(d *decoder, v reflect.Value) {
			all := fields()
			for range d.byte() {
				i := int(d.byte())
				if d.damaged || i >= len(all) {
					d.fail()
					return
				}
				all[i].coder.decode(d, v.Field(all[i].index))
			}
		},
	}
}

// Cut takes the first part off s: what follows a count (see AppendCount) of its
// bytes. The error is ErrDamaged.
func Cut(s string) (part, rest string, err error) {
	d := &decoder{s: s}
	part = d.text(d.length())
	if d.damaged {
		return "", "", ErrDamaged
	}
	return part, d.s, nil
}

// AppendCount appends the length that stands before the values of a slice, or
// before the bytes of a string, which are to follow.
func AppendCount(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }
