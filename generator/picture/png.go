package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

func isPNG(data []byte) bool { return bytes.HasPrefix(data, []byte(pngSignature)) }

// pngFile is a PNG file by its parts.
type pngFile struct {
	header      []byte // content of IHDR
	rest        []byte // the other chunks that are kept, whole, without IEND
	orientation int
}

func parsePNG(data []byte) (f pngFile, err error) {
	c := &cursor{data: data, pos: len(pngSignature)}
	f.orientation = 1
	images, exif := 0, false
	for {
		start := c.pos
		head, ok := c.take(8)
		if !ok {
			return f, cutOff("PNG")
		}
		body, ok := c.take(int(min(binary.BigEndian.Uint32(head), 1<<31-1)))
		sum, ok2 := c.take(4)
		if !ok || !ok2 {
			return f, cutOff("PNG")
		}
		kind := string(head[4:])
		if (f.header == nil) != (kind == "IHDR") || kind == "IHDR" && len(body) != 13 {
			return f, damaged("the PNG does not begin with one header")
		}
		if keptChunk(kind) && crc32.ChecksumIEEE(data[start+4:c.pos-4]) != binary.BigEndian.Uint32(sum) {
			return f, damaged("the PNG's %s chunk has a wrong checksum", kind)
		}
		switch {
		case kind == "IHDR":
			f.header = body
		case kind == "IEND":
			if images == 0 {
				return f, damaged("the PNG holds no image")
			}
			return f, nil
		case kind == "eXIf" && !exif:
			exif = true
			f.orientation = orientation(body)
		case keptChunk(kind):
			if kind == "IDAT" {
				images++
			}
			if kind == "iCCP" {
				f.rest = appendProfile(f.rest, body)
				continue
			}
			f.rest = append(f.rest, data[start:c.pos]...)
		case kind[0]&0x20 == 0:
			// An upper-case first letter: no decoder may go on without knowing it.
			return f, damaged("the PNG has the unknown chunk %q", kind)
		}
	}
}

// keptChunk lists what is needed to display a PNG as before, and animates it
// (PNG 3rd edition, 11.2 and 11.3).
func keptChunk(kind string) bool {
	switch kind {
	case "IHDR", "PLTE", "IDAT", "IEND", "tRNS",
		"gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "mDCV", "cLLI", "bKGD", "pHYs",
		"acTL", "fcTL", "fdAT":
		return true
	}
	return false
}

// profileName stands in for the name of a colour profile, which is free text
// and may be that of a person or a workplace.
const profileName = "ICC"

// appendProfile appends the iCCP chunk body under another name: a name, a zero,
// the method of compression, the profile (PNG 3rd edition, 11.3.2.3). A chunk
// that has no such form is of no use to a decoder, and dropped.
func appendProfile(out, body []byte) []byte {
	name := bytes.IndexByte(body[:min(len(body), 80)], 0)
	if name < 1 {
		return out
	}
	return appendChunk(out, "iCCP", append([]byte(profileName), body[name:]...))
}

func appendChunk(out []byte, kind string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	start := len(out)
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}

func stripPNG(data []byte) ([]byte, error) {
	f, err := parsePNG(data)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(f.rest)+128)
	out = append(out, pngSignature...)
	out = appendChunk(out, "IHDR", f.header)
	if f.orientation != 1 {
		out = appendChunk(out, "eXIf", orientationOnly(f.orientation))
	}
	out = append(out, f.rest...)
	return appendChunk(out, "IEND", nil), nil
}

func sizePNG(data []byte) (width, height int, err error) {
	f, err := parsePNG(data)
	if err != nil {
		return 0, 0, err
	}
	w, h := binary.BigEndian.Uint32(f.header), binary.BigEndian.Uint32(f.header[4:])
	if w > 1<<31-1 || h > 1<<31-1 {
		return 0, 0, damaged("the PNG's size is out of range")
	}
	width, height = turned(int(w), int(h), f.orientation)
	return width, height, nil
}
