// Package card draws the picture that stands for a page elsewhere: where somebody
// shares its address, services show 1200 by 630 pixels with the page's title, on the
// theme's paper, above its horizon with the lens and the beam, in its accent colour.
//
// The title is broken between phrases, as titles of pages are (package phrase), in
// lines of about one length. A phrase that is longer than a line is broken as Japanese
// print does: no line begins with a closing mark or a small kana, none ends with an
// opening bracket, and Latin words stay whole. What does not fit in four lines ends in
// an ellipsis. The font is the site's own; a character that it lacks is told by Missing
// before anything is drawn, so that no card has boxes in it.
//
// The same text, font and colour give the same bytes.
package card

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"kaiho/generator/theme"
)

// Size of a card in pixels: what Open Graph and the services that read it ask for.
const (
	Width  = 1200
	Height = 630
)

// version is part of every card's key: it changes when the same text gives other
// bytes.
const version = "card 2"

// Text is what a card says.
type Text struct {
	Title string
	Site  string // the site's name
}

// Font is what cards are drawn with: a font, and the theme's accent colour. It is safe
// for concurrent use.
type Font struct {
	sum    [32]byte
	font   *sfnt.Font
	accent color.RGBA

	mu    sync.Mutex
	known map[rune]bool // whether the font has it
}

// Parse reads a TTF or OTF file, or the first font of a TTC file; accent is the colour
// of what is not the title. The error says what is wrong with the file.
func Parse(data []byte, accent theme.Colour) (f *Font, err error) {
	defer func() { // a damaged table that the library did not think of
		if r := recover(); r != nil {
			f, err = nil, errors.New("it is damaged")
		}
	}()
	collection, err := opentype.ParseCollection(data)
	if err != nil {
		return nil, fmt.Errorf("it is no TTF, OTF or TTC file: %w", err)
	}
	parsed, err := collection.Font(0)
	if err != nil {
		return nil, fmt.Errorf("it has no font: %w", err)
	}
	f = &Font{sum: sha256.Sum256(data), font: parsed, accent: opaque(accent), known: map[rune]bool{}}
	if r := f.Missing(Text{Title: "Aa…"}); r != 0 {
		return nil, fmt.Errorf("it has no %q", r)
	}
	return f, nil
}

// Missing returns the first character of a text that the font lacks; 0 if it has
// all of them.
func (f *Font) Missing(t Text) rune {
	f.mu.Lock()
	defer f.mu.Unlock()
	var buffer sfnt.Buffer
	for _, r := range printable(t.Title) + printable(t.Site) {
		has, asked := f.known[r]
		if !asked {
			index, err := f.font.GlyphIndex(&buffer, r)
			has = err == nil && index != 0
			f.known[r] = has
		}
		if !has {
			return r
		}
	}
	return 0
}

// Key identifies the card of a text: its bytes depend on nothing else.
func (f *Font) Key(t Text) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s\n%x\n%x\n%q\n%q\n", version, f.sum, f.accent, t.Title, t.Site))
}

// Name returns the name of the file of a text's card.
func (f *Font) Name(t Text) string {
	key := f.Key(t)
	return "card." + hex.EncodeToString(key[:5]) + ".png"
}

// Look of a card: that of the theme, by day.
var (
	paper = opaque(theme.Paper)
	ink   = color.RGBA{0x1B, 0x2A, 0x3A, 0xFF}
	beam  = color.RGBA{0xE9, 0xBD, 0x72, 0xFF}
)

func opaque(c theme.Colour) color.RGBA { return color.RGBA{c.R, c.G, c.B, 0xFF} }

// Measures in pixels.
const (
	margin   = 96
	room     = Width - 2*margin
	top      = 84  // of the title's first line
	bottom   = 452 // of the title's last line
	horizon  = 498 // of the line
	baseline = 574 // of the site's name
	maxLines = 4
)

// titles are the sizes of a title, from the largest, with the lines that fit.
var titles = []struct{ size, leading, lines int }{{76, 116, 2}, {64, 100, 3}, {56, 88, maxLines}}

const siteSize = 32

// Draw returns the card of a text as PNG. The error is one of the font.
func (f *Font) Draw(t Text) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			data, err = nil, errOutline
		}
	}()
	var layers [3]*image.Alpha
	for i := range layers {
		layers[i] = image.NewAlpha(image.Rect(0, 0, Width, Height))
	}
	title, name, light := layers[0], layers[1], layers[2]
	if err := f.title(title, printable(t.Title)); err != nil {
		return nil, err
	}
	face, err := f.face(siteSize)
	if err != nil {
		return nil, err
	}
	if err := write(name, face, baseline, broken(printable(t.Site), room, 1, advance(face))[0]); err != nil {
		return nil, err
	}
	lighthouse(name, light)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := encoder.Encode(&b, f.painted(title, name, light)); err != nil {
		return nil, fmt.Errorf("draw a card: %w", err)
	}
	return b.Bytes(), nil
}

// title writes the title in the largest size in which all of it fits, or else in
// the smallest.
func (f *Font) title(on *image.Alpha, text string) error {
	for i, s := range titles {
		face, err := f.face(s.size)
		if err != nil {
			return err
		}
		lines := broken(text, room, s.lines+1, advance(face))
		if len(lines) > s.lines {
			if i < len(titles)-1 {
				continue
			}
			lines = broken(text, room, s.lines, advance(face))
		}
		free := bottom - top - s.leading*(len(lines)-1) - s.size
		y := top + s.size + free/2
		for _, line := range lines {
			if err := write(on, face, y, line); err != nil {
				return err
			}
			y += s.leading
		}
		return nil
	}
	return nil
}

func (f *Font) face(size int) (font.Face, error) {
	face, err := opentype.NewFace(f.font, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("draw a card: %w", err)
	}
	return face, nil
}

// advance measures characters in 64ths of a pixel.
func advance(face font.Face) func(r rune) int {
	return func(r rune) int {
		a, _ := face.GlyphAdvance(r)
		return int(a)
	}
}

// errOutline is returned for a font with a character that would fill the card many
// times: it is damaged, and to draw it takes gigabytes.
var errOutline = errors.New("draw a card: the font is damaged")

func write(on *image.Alpha, face font.Face, y int, line string) error {
	for _, r := range line {
		if b, _, ok := face.GlyphBounds(r); ok && (b.Max.X-b.Min.X > fixed.I(Width) || b.Max.Y-b.Min.Y > fixed.I(Height)) {
			return errOutline
		}
	}
	d := font.Drawer{Dst: on, Src: image.Opaque, Face: face, Dot: fixed.P(margin, y)}
	d.DrawString(line)
	return nil
}

// shades is how many steps a colour has from the paper's to its own. More of them make
// files larger, and nobody sees them.
const shades = 32

// painted puts three layers on the paper, in a palette: flat colours are small files.
func (f *Font) painted(title, name, light *image.Alpha) *image.Paletted {
	var palette color.Palette
	for _, c := range []color.RGBA{ink, f.accent, beam} {
		for i := range shades {
			mix := func(from, to uint8) uint8 { return uint8((int(from)*(shades-1-i) + int(to)*i) / (shades - 1)) }
			palette = append(palette, color.RGBA{mix(paper.R, c.R), mix(paper.G, c.G), mix(paper.B, c.B), 255})
		}
	}
	m := image.NewPaletted(image.Rect(0, 0, Width, Height), palette)
	step := func(a uint8) uint8 { return uint8((int(a)*(shades-1) + 127) / 255) }
	for i := range m.Pix {
		switch t, n, l := step(title.Pix[i]), step(name.Pix[i]), step(light.Pix[i]); {
		case t > 0:
			m.Pix[i] = t
		case n > 0 && n >= l:
			m.Pix[i] = shades + n
		case l > 0:
			m.Pix[i] = 2*shades + l
		}
	}
	return m
}
