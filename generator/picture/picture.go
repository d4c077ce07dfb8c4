// Package picture takes metadata out of images, reads their dimensions, and makes
// smaller ones of them: a photograph of a member must not tell where and when it was
// taken, a page reserves an image's space before it is loaded, and a telephone is
// not sent the pixels of a large screen.
//
// Measure says what an image is without decoding it, and Plan what pages show of it:
// renditions, whose names and sizes follow from the image's bytes and header. A
// Workshop makes them when somebody asks, and keeps them. A rendition is upright, in
// sRGB, without metadata, and never larger than the image. Where a profile has three
// primaries colours are converted; what needs more than that (inks, tables, greys
// of their own), animations, drawings and small images are shown as they are.
// Decoding is the one part that costs memory: pictures are decoded together only as
// far as a budget goes, and their pixels are known, and limited by whoever calls,
// before.
//
// What follows is about Strip, which every published image goes through.
//
// What an image is, its content decides; a name that says otherwise is an
// error. Strip keeps what is needed to show the image as before, colour
// profile and animation among it, and drops everything else: EXIF, XMP, IPTC,
// comments, text, thumbnails, further images and whatever follows the image's
// end. What is not known to be needed is dropped, so that a new kind of
// metadata does not leak.
//
// The orientation is the one exception. A camera that was held upright stores
// the picture lying and notes in EXIF how to turn it; dropped, the picture
// would lie down. So if it is not 1, an EXIF block is kept that holds this one
// number, in JPEG, PNG and WebP alike, as browsers honour it in all of them.
//
// SVG is a document and not only a picture, so scripts, handlers, foreign
// content, entities and links to scripts go as well.
//
// AVIF refers to its parts by their place in the file; there metadata is
// overwritten where it stands, and the file keeps its length.
//
// Formats that browsers do not show, or whose metadata this package cannot
// remove, are errors that say what to convert them to.
package picture

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

// format is one kind of image.
type format struct {
	name       string
	extensions []string // the first is the one to recommend
	is         func(data []byte) bool
	size       func(data []byte) (width, height int, err error)
	strip      func(data []byte) ([]byte, error)
	isRefused  bool // browsers do not show it, or it cannot be cleaned of metadata
}

// formats returns the table of formats. AVIF comes before HEIC, as the same
// container can name both.
func formats() []format {
	return []format{
		{name: "JPEG", extensions: []string{".jpg", ".jpeg", ".jpe", ".jfif"}, is: isJPEG, size: sizeJPEG, strip: stripJPEG},
		{name: "PNG", extensions: []string{".png", ".apng"}, is: isPNG, size: sizePNG, strip: stripPNG},
		{name: "GIF", extensions: []string{".gif"}, is: isGIF, size: sizeGIF, strip: stripGIF},
		{name: "WebP", extensions: []string{".webp"}, is: isWebP, size: sizeWebP, strip: stripWebP},
		{name: "AVIF", extensions: []string{".avif"}, is: isAVIF, size: sizeAVIF, strip: stripAVIF},
		{name: "Windows icon", extensions: []string{".ico", ".cur"}, is: isIcon, size: sizeIcon, strip: stripIcon},
		{name: "HEIC", extensions: []string{".heic", ".heif", ".hif"}, is: isHEIC, isRefused: true},
		{name: "TIFF", extensions: []string{".tif", ".tiff", ".dng"}, is: isTIFF, isRefused: true},
		{name: "JPEG XL", extensions: []string{".jxl"}, is: isJXL, isRefused: true},
		{name: "SVGZ", extensions: []string{".svgz"}, is: isGzip, isRefused: true},
		{name: "SVG", extensions: []string{".svg"}, is: isSVG, size: sizeSVG, strip: stripSVG},
	}
}

// IsImage says whether name's extension is that of an image, so that Strip and
// Size have a word on it; formats that they refuse are among them.
func IsImage(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return slices.ContainsFunc(formats(), func(f format) bool { return slices.Contains(f.extensions, ext) })
}

// Size returns the width and height of an image in pixels as displayed, with
// the orientation applied; for SVG those of its width and height, or else of
// its viewBox. name is the file's name or path. Errors are ErrDamaged, a
// content other than the name says, and a format that is refused.
func Size(data []byte, name string) (width, height int, err error) {
	f, err := detect(data, name)
	if err != nil {
		return 0, 0, err
	}
	width, height, err = f.size(data)
	if err == nil && (width <= 0 || height <= 0) {
		err = damaged("the image has no area")
	}
	if err != nil {
		return 0, 0, err
	}
	return width, height, nil
}

// Strip returns the image without metadata. data is not changed. The result is
// the same for the same input, and stripping it again changes nothing. Errors
// are those of Size.
func Strip(data []byte, name string) ([]byte, error) {
	f, err := detect(data, name)
	if err != nil {
		return nil, err
	}
	return f.strip(data)
}

func detect(data []byte, name string) (format, error) {
	ext := strings.ToLower(path.Ext(name))
	all := formats()
	said := slices.IndexFunc(all, func(f format) bool { return slices.Contains(f.extensions, ext) })
	if said < 0 {
		return format{}, fmt.Errorf("%q is not the extension of an image", ext)
	}
	found := slices.IndexFunc(all, func(f format) bool { return f.is(data) })
	switch {
	case found >= 0 && all[found].isRefused:
		return format{}, &refused{all[found].name}
	case all[said].isRefused && found < 0:
		return format{}, &refused{all[said].name}
	case found < 0:
		return format{}, &damage{what: "the name says " + all[said].name + ", but the content is not", isNot: all[said].name}
	case found != said && ext != ".ico": // browsers take favicon.ico for what it is
		return format{}, &misnamed{all[said].name, all[found].name, all[found].extensions[0]}
	}
	return all[found], nil
}

func isTIFF(data []byte) bool {
	return bytes.HasPrefix(data, []byte("II*\x00")) || bytes.HasPrefix(data, []byte("MM\x00*"))
}

func isJXL(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0x0a}) || bytes.HasPrefix(data, []byte("\x00\x00\x00\x0cJXL "))
}

func isGzip(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

// cursor reads a file from its start. Its methods report false beyond the end.
type cursor struct {
	data []byte
	pos  int
}

func (c *cursor) take(n int) ([]byte, bool) {
	if n < 0 || n > len(c.data)-c.pos {
		return nil, false
	}
	c.pos += n
	return c.data[c.pos-n : c.pos : c.pos], true
}

func (c *cursor) byte() (byte, bool) {
	b, ok := c.take(1)
	if !ok {
		return 0, false
	}
	return b[0], true
}
