package picture

import (
	"errors"
	"fmt"
	"path"

	"kaiho/generator/diag"
)

// ErrDamaged is in the chain of errors for images that are cut off or corrupt.
var ErrDamaged = errors.New("the image is cut off or damaged")

// damage is an image that is cut off or corrupt.
type damage struct {
	what  string // the JPEG has no frame
	isCut bool   // its end is missing
	isNot string // the format that its name says, of which its content has nothing
}

func (d *damage) Error() string { return d.what + ": " + ErrDamaged.Error() }

func (d *damage) Unwrap() error { return ErrDamaged }

func damaged(message string, args ...any) error { return &damage{what: fmt.Sprintf(message, args...)} }

// cutOff is the error for an image of a format whose end is missing.
func cutOff(format string) error { return &damage{what: "the " + format + " ends early", isCut: true} }

// undecodable is the error for an image whose header is right and whose pixels are
// not.
func undecodable(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	return &damage{what: err.Error()}
}

// misnamed is an image of another format than its name says.
type misnamed struct{ said, found, extension string }

func (m *misnamed) Error() string {
	return fmt.Sprintf("the name says %s, but the content is %s; give it the extension %s", m.said, m.found, m.extension)
}

// refused is an image of a format that browsers do not show, or that cannot be cleaned
// of metadata.
type refused struct{ format string }

func (r *refused) Error() string {
	return "the image is " + r.format + ", which browsers do not show or which cannot be cleaned of metadata"
}

// errUnsized is the error for a drawing of no size.
var errUnsized = errors.New("the SVG has no size; give its root element a viewBox, or width and height")

// Fault returns an error of Measure, Size, Strip or Make as a problem of the file name,
// in words for its author. It has no place yet: that is where the image is shown.
func Fault(err error, name string) diag.Problem {
	file := path.Base(name)
	if d, ok := errors.AsType[*damage](err); ok {
		switch {
		case d.isCut:
			return diag.New(diag.Pos{}, diag.ImageCutOff, "file", file)
		case d.isNot != "":
			return diag.New(diag.Pos{}, diag.ImageNone, "file", file, "said", d.isNot)
		}
		return diag.New(diag.Pos{}, diag.ImageBroken, "file", file, "reason", d.what)
	}
	if m, ok := errors.AsType[*misnamed](err); ok {
		return diag.New(diag.Pos{}, diag.ImageMisnamed, "file", file, "said", m.said, "found", m.found, "extension", m.extension)
	}
	if r, ok := errors.AsType[*refused](err); ok {
		return diag.New(diag.Pos{}, diag.ImageFormat, "file", file, "format", r.format)
	}
	if errors.Is(err, errUnsized) {
		return diag.New(diag.Pos{}, diag.ImageUnsized, "file", file)
	}
	return diag.New(diag.Pos{}, diag.ImageBroken, "file", file, "reason", err.Error())
}
