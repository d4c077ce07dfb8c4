package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Sniff says what kind of image a file is whose first bytes are head, by the
// content alone, and so finds a picture under the name of something else. ext
// is the usual extension of that kind, in lower case with its dot; ok is false
// for everything that is no image. 512 bytes are enough, but
// for an SVG that begins with a long comment.
//
// It knows more kinds than Strip: also Windows bitmaps, JPEG 2000, Photoshop
// files and the raw files of cameras. Compressed SVG is not told from other gzip
// files.
func Sniff(head []byte) (ext string, ok bool) {
	for _, f := range formats() {
		if f.extensions[0] != ".svgz" && f.is(head) {
			return f.extensions[0], true
		}
	}
	for _, f := range []struct {
		ext string
		is  func(head []byte) bool
	}{
		{".bmp", isBMP},
		{".jp2", begins("\x00\x00\x00\x0cjP  ", "\xff\x4f\xff\x51")},
		{".psd", begins("8BPS\x00\x01", "8BPS\x00\x02")},
		{".raf", begins("FUJIFILMCCD-RAW")},
		{".orf", begins("IIRO\x08\x00", "IIRS\x08\x00", "MMOR\x00")},
		{".rw2", begins("IIU\x00")},
		{".cr3", func(head []byte) bool { return hasBrand(head, "crx ") }},
	} {
		if f.is(head) {
			return f.ext, true
		}
	}
	return "", false
}

// isBMP looks further than the two letters "BM", with which texts begin too: at
// the reserved bytes and the sizes of the headers that Windows and OS/2 write.
func isBMP(data []byte) bool {
	if !bytes.HasPrefix(data, []byte("BM")) || len(data) < 18 || binary.LittleEndian.Uint32(data[6:]) != 0 {
		return false
	}
	return slices.Contains([]uint32{12, 16, 40, 52, 56, 64, 108, 124}, binary.LittleEndian.Uint32(data[14:]))
}

// isIcon goes by the header of an icon or a cursor and its first entry, which
// must lie behind the table of entries.
func isIcon(data []byte) bool {
	const head, entry = 6, 16
	if len(data) < head+entry || data[0] != 0 || data[1] != 0 || data[2] != 1 && data[2] != 2 || data[3] != 0 {
		return false
	}
	count, first := binary.LittleEndian.Uint16(data[4:]), data[head:]
	return count > 0 && first[3] == 0 && binary.LittleEndian.Uint32(first[8:]) > 0 &&
		binary.LittleEndian.Uint32(first[12:]) >= head+entry*uint32(count)
}

// begins returns a function that reports whether data begins with one of starts.
func begins(starts ...string) func(data []byte) bool {
	return func(data []byte) bool {
		return slices.ContainsFunc(starts, func(s string) bool { return bytes.HasPrefix(data, []byte(s)) })
	}
}
