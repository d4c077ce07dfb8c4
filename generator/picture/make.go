package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// Make decodes the image data, of which Measure said info, once, and returns its
// renditions, in order. The error is ErrDamaged for an image that cannot be
// decoded; its memory is bounded by info.Weight.
func Make(data []byte, info Info, all []Rendition) ([][]byte, error) {
	width, height := turned(info.Width, info.Height, info.Orientation) // as stored
	m, err := decode(data, info, width, height)
	if err != nil {
		return nil, err
	}
	widest := Rendition{}
	for _, r := range all {
		if r.Width > widest.Width {
			widest = r
		}
	}
	w, h := turned(widest.Width, widest.Height, info.Orientation)
	large := scaled(m, w, h)
	m = nil // the largest part of the memory
	if info.Tuned {
		if p, kind := parseProfile(profileOf(data, info.Kind)); kind == otherRGB {
			p.convert(large)
		}
	}
	large = upright(large, info.Orientation)
	out := make([][]byte, len(all))
	for i, r := range all {
		small := large
		if r.Width != widest.Width || r.Height != widest.Height {
			small = scaled(large, r.Width, r.Height)
		}
		if out[i], err = encode(small, r); err != nil {
			return nil, fmt.Errorf("encode %s: %w", r.Name, err)
		}
	}
	return out, nil
}

func decode(data []byte, info Info, width, height int) (m image.Image, err error) {
	defer func() { // a decoder that meets what its author did not think of
		if r := recover(); r != nil {
			m, err = nil, undecodable(fmt.Errorf("%v", r))
		}
	}()
	switch info.Kind {
	case "JPEG":
		m, err = jpeg.Decode(bytes.NewReader(data))
	case "PNG":
		m, err = png.Decode(bytes.NewReader(data))
	case "WebP":
		m, err = decodeWebP(data, width, height)
	default:
		return nil, fmt.Errorf("%s is not decoded", info.Kind)
	}
	if err != nil && !errors.Is(err, errSandbox) {
		return nil, undecodable(err)
	}
	if err == nil && (m.Bounds().Dx() != width || m.Bounds().Dy() != height) {
		return nil, undecodable(errors.New("the header and the image differ"))
	}
	return m, err
}

// profileOf returns the colour profile of an image that has one.
func profileOf(data []byte, kind string) []byte {
	switch kind {
	case "JPEG":
		if f, err := parseJPEG(data); err == nil {
			return f.profile()
		}
	case "PNG":
		if f, err := parsePNG(data); err == nil {
			return inflateProfile(f.chunks()["iCCP"])
		}
	case "WebP":
		if f, err := parseWebP(data); err == nil {
			c := &cursor{data: f.rest}
			for ch, ok := takeChunk(c); ok; ch, ok = takeChunk(c) {
				if ch.kind == "ICCP" {
					return ch.body
				}
			}
		}
	}
	return nil
}

func encode(m *image.NRGBA, r Rendition) ([]byte, error) {
	var b bytes.Buffer
	switch r.Format {
	case ".webp":
		return encodeWebP(m, r.Quality)
	case ".png":
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		err := encoder.Encode(&b, m)
		return b.Bytes(), err
	}
	flat := &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect} // the same bytes where nothing is transparent
	if !m.Opaque() {
		flat = image.NewRGBA(m.Rect)
		draw.Draw(flat, m.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(flat, m.Rect, m, m.Rect.Min, draw.Over)
	}
	err := jpeg.Encode(&b, flat, &jpeg.Options{Quality: r.Quality})
	return b.Bytes(), err
}
