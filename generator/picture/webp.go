package picture

import (
	"encoding/binary"
)

// Flags of the VP8X chunk, RFC 9649, section 2.7.1.1.
const (
	webpExif     = 0x08
	webpXMP      = 0x04
	webpHead     = 12 // "RIFF", size, "WEBP"
	webpVP8XSize = 10
	webpFrame    = 16 // bytes before a frame's own chunks
)

func isWebP(data []byte) bool {
	return len(data) >= webpHead && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// webpFile is a WebP file by its parts.
type webpFile struct {
	extended    []byte // content of VP8X; nil for a simple file
	rest        []byte // the other chunks that are kept, whole
	first       chunk  // the first with image data, of the file or a frame
	orientation int
}

type chunk struct {
	kind string
	body []byte
}

func parseWebP(data []byte) (f webpFile, err error) {
	f.orientation = 1
	size := int64(binary.LittleEndian.Uint32(data[4:]))
	if size < 4 || size+8 > int64(len(data)) {
		return f, cutOff("WebP")
	}
	exif := false
	c := &cursor{data: data[:size+8], pos: webpHead}
	for i := 0; c.pos < len(c.data); i++ {
		ch, ok := takeChunk(c)
		if !ok {
			return f, cutOff("WebP")
		}
		switch ch.kind {
		case "VP8X":
			if i > 0 || len(ch.body) != webpVP8XSize {
				return f, damaged("the WebP's header is wrong")
			}
			f.extended = ch.body
		case "ICCP", "ANIM":
			f.rest = appendRIFF(f.rest, ch)
		case "VP8 ", "VP8L", "ALPH":
			f.keepImage(ch)
		case "ANMF":
			frame, err := f.frame(ch.body)
			if err != nil {
				return f, err
			}
			f.rest = appendRIFF(f.rest, chunk{"ANMF", frame})
		case "EXIF":
			if !exif {
				exif = true
				f.orientation = orientation(ch.body)
			}
		}
	}
	if f.first.kind == "" {
		return f, damaged("the WebP holds no image")
	}
	if f.extended == nil {
		f.orientation = 1 // a simple file has no place for it
	}
	return f, nil
}

func (f *webpFile) keepImage(ch chunk) {
	if f.first.kind == "" && ch.kind != "ALPH" {
		f.first = ch
	}
	f.rest = appendRIFF(f.rest, ch)
}

// frame returns a frame of an animation without the chunks that are not shown.
func (f *webpFile) frame(body []byte) ([]byte, error) {
	c := &cursor{data: body}
	head, ok := c.take(webpFrame)
	if !ok {
		return nil, damaged("the WebP's frame is short")
	}
	out := append([]byte(nil), head...)
	for c.pos < len(c.data) {
		ch, ok := takeChunk(c)
		if !ok {
			return nil, damaged("the WebP's frame is short")
		}
		switch ch.kind {
		case "VP8 ", "VP8L":
			if f.first.kind == "" {
				f.first = ch
			}
			out = appendRIFF(out, ch)
		case "ALPH":
			out = appendRIFF(out, ch)
		}
	}
	return out, nil
}

func takeChunk(c *cursor) (chunk, bool) {
	head, ok := c.take(8)
	if !ok {
		return chunk{}, false
	}
	size := int(min(binary.LittleEndian.Uint32(head[4:]), 1<<31-2))
	body, ok := c.take(size)
	if !ok {
		return chunk{}, false
	}
	if size%2 == 1 {
		c.take(1) // padding; some programs leave out the last
	}
	return chunk{string(head[:4]), body}, true
}

func appendRIFF(out []byte, ch chunk) []byte {
	out = append(out, ch.kind...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(ch.body)))
	out = append(out, ch.body...)
	if len(ch.body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

func stripWebP(data []byte) ([]byte, error) {
	f, err := parseWebP(data)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(f.rest)+128)
	out = append(out, "RIFF\x00\x00\x00\x00WEBP"...)
	if f.extended != nil {
		head := append([]byte(nil), f.extended...)
		head[0] &^= webpExif | webpXMP
		head[1], head[2], head[3] = 0, 0, 0 // reserved
		if f.orientation != 1 {
			head[0] |= webpExif
		}
		out = appendRIFF(out, chunk{"VP8X", head})
	}
	out = append(out, f.rest...)
	if f.orientation != 1 {
		out = appendRIFF(out, chunk{"EXIF", orientationOnly(f.orientation)})
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

func sizeWebP(data []byte) (width, height int, err error) {
	f, err := parseWebP(data)
	if err != nil {
		return 0, 0, err
	}
	if e := f.extended; e != nil {
		width, height = turned(1+uint24(e[4:]), 1+uint24(e[7:]), f.orientation)
		return width, height, nil
	}
	b := f.first.body
	switch {
	case f.first.kind == "VP8 " && len(b) >= 10 && string(b[3:6]) == "\x9d\x01\x2a": // RFC 6386, 9.1
		return int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff), nil
	case f.first.kind == "VP8L" && len(b) >= 5 && b[0] == 0x2f: // RFC 9649, 3.4
		bits := binary.LittleEndian.Uint32(b[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff), nil
	}
	return 0, 0, damaged("the WebP's image header is wrong")
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
