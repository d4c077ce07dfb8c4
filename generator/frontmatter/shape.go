package frontmatter

import (
	"reflect"
	"slices"
)

// Form is how a value is written.
type Form int

// The forms of values.
const (
	TextShape      Form = iota // a text, or a number or date as it is written
	FlagShape                  // true or false
	WholeShape                 // a whole number
	NumberShape                // a number
	DateShape                  // a date, or a date and a clock
	DurationShape              // 90d
	LocalizedShape             // a text, or a text for each language
	ListShape                  // of Of; of scalars, one alone is a list of one
	MapShape                   // keys of the author's choice, each with an Of
	KeysShape                  // the keys of Fields
	FreeShape                  // anything with keys of the author's choice
)

// Shape describes what Decode takes for a Go type, for those who tell other
// programs of it.
type Shape struct {
	Form    Form
	Fields  []ShapeField // of KeysShape, in the order of the type
	Of      *Shape       // of ListShape and MapShape
	Pattern string       // of TextShape: a regular expression that JavaScript and Go read alike; "": any text
}

// ShapeField is a key of a struct, with what its tags ask of the value.
type ShapeField struct {
	Key      string
	Shape    *Shape
	Required bool
	Nonempty bool     // neither blank nor without elements
	Choices  []string // nil: any
	Min, Max *int64   // of numbers; Max of a list: most elements
	Lines    bool     // a text that may have several lines
	Picture  bool     // the path of a picture
}

// Shaped is a type with a way of decoding of its own that says what it takes.
// Types that do not say it count as FreeShape.
type Shaped interface{ Shape() Shape }

// Shape is DateShape.
func (Time) Shape() Shape { return Shape{Form: DateShape} }

// Shape is LocalizedShape.
func (Localized) Shape() Shape { return Shape{Form: LocalizedShape} }

// Shape is MapShape of T.
func (Entries[T]) Shape() Shape {
	return Shape{Form: MapShape, Of: shapeOf(reflect.TypeFor[T](), nil)}
}

// ShapeOf returns the shape of the type of value, which is one that Decode
// documents. A type that contains itself is free from there on.
func ShapeOf(value any) *Shape { return shapeOf(reflect.TypeOf(value), nil) }

func shapeOf(t reflect.Type, within []reflect.Type) *Shape {
	if slices.Contains(within, t) {
		return &Shape{Form: FreeShape}
	}
	within = append(slices.Clip(within), t)
	info := infoOf(t)
	switch info.form {
	case boolForm:
		return &Shape{Form: FlagShape}
	case intForm:
		return &Shape{Form: WholeShape}
	case floatForm:
		return &Shape{Form: NumberShape}
	case dateForm:
		return &Shape{Form: DateShape}
	case durationForm:
		return &Shape{Form: DurationShape}
	case paramsForm:
		return &Shape{Form: FreeShape}
	case listForm:
		return &Shape{Form: ListShape, Of: shapeOf(info.elem, within)}
	case mapForm:
		return &Shape{Form: MapShape, Of: shapeOf(info.elem, within)}
	case pointerForm:
		return shapeOf(info.elem, within[:len(within)-1])
	case structForm:
		return &Shape{Form: KeysShape, Fields: shapeFields(t, info, within)}
	case customForm:
		if shaped, ok := reflect.Zero(t).Interface().(Shaped); ok {
			shape := shaped.Shape()
			return &shape
		}
		return &Shape{Form: FreeShape}
	}
	return &Shape{Form: TextShape}
}

func shapeFields(t reflect.Type, info *typeInfo, within []reflect.Type) []ShapeField {
	fields := make([]ShapeField, 0, len(info.fields))
	for i, f := range info.fields {
		tag := t.FieldByIndex(f.index).Tag
		fields = append(fields, ShapeField{
			Key: f.key, Shape: shapeOf(f.typ, within), Required: slices.Contains(info.must, i), Nonempty: f.limits.nonempty,
			Choices: f.limits.enum, Min: f.limits.min, Max: f.limits.max,
			Lines: tag.Get("lines") == "many", Picture: tag.Get("file") == "picture",
		})
	}
	return fields
}
