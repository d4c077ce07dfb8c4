package picture

import (
	"bytes"
	"encoding/binary"
)

// Markers of ITU-T T.81, table B.1.
const (
	mSOF0, mSOF15 = 0xc0, 0xcf
	mDHT          = 0xc4
	mJPG          = 0xc8
	mDAC          = 0xcc
	mRST0, mRST7  = 0xd0, 0xd7
	mSOI          = 0xd8
	mEOI          = 0xd9
	mSOS          = 0xda
	mDQT, mEXP    = 0xdb, 0xdf // with DNL, DRI and DHP between
	mAPP0         = 0xe0
	mAPP1         = 0xe1
	mAPP2         = 0xe2
	mAPP14        = 0xee
	mTEM          = 0x01
)

const (
	jfifBytes  = 14 // without the thumbnail
	adobeBytes = 12 // Adobe Technical Note 5116; programs may append to it
)

var iccHeader = []byte("ICC_PROFILE\x00")

func isJPEG(data []byte) bool { return bytes.HasPrefix(data, []byte{0xff, mSOI, 0xff}) }

// jpegFile is a JPEG file by its parts.
type jpegFile struct {
	jfif        []byte   // payload of APP0 without the thumbnail
	exif        []byte   // payload of the first EXIF segment, which is what programs read
	rest        []byte   // the other segments that are kept, whole
	frame       []byte   // payload of the first frame header
	kind        byte     // the marker of that header
	icc         [][]byte // the parts of the colour profile: number, count, data
	scans       int
	orientation int
}

func parseJPEG(data []byte) (f jpegFile, err error) {
	c := &cursor{data: data, pos: 2}
	f.orientation = 1
	for {
		marker, ok := nextMarker(c)
		switch {
		case !ok:
			return f, cutOff("JPEG")
		case marker == mEOI:
			if f.frame == nil || f.scans == 0 {
				return f, damaged("the JPEG holds no image")
			}
			return f, nil
		case marker == mTEM || marker >= mRST0 && marker <= mRST7:
			continue // means nothing outside of a scan
		case marker == mSOI:
			return f, damaged("the JPEG starts twice")
		}
		start := c.pos
		length, ok := c.take(2)
		if !ok {
			return f, cutOff("JPEG")
		}
		payload, ok := c.take(int(binary.BigEndian.Uint16(length)) - 2)
		if !ok {
			return f, cutOff("JPEG")
		}
		f.segment(marker, payload, data[start:c.pos])
		if marker == mSOS {
			f.scans++
			f.rest = append(f.rest, scan(c)...)
		}
	}
}

// nextMarker skips fill bytes, and what programs have wrongly left between two
// segments, as every decoder does.
func nextMarker(c *cursor) (byte, bool) {
	for {
		b, ok := c.byte()
		for ok && b != 0xff {
			b, ok = c.byte()
		}
		for ok && b == 0xff {
			b, ok = c.byte()
		}
		if !ok || b != 0 {
			return b, ok
		}
	}
}

// scan returns the entropy-coded data up to the next marker.
func scan(c *cursor) []byte {
	start := c.pos
	for c.pos+1 < len(c.data) {
		i := bytes.IndexByte(c.data[c.pos:len(c.data)-1], 0xff)
		if i < 0 {
			break
		}
		c.pos += i
		if next := c.data[c.pos+1]; next != 0 && (next < mRST0 || next > mRST7) {
			return c.data[start:c.pos]
		}
		c.pos += 2
	}
	c.pos = len(c.data)
	return c.data[start:]
}

// segment takes what is needed of a segment; raw is its length and payload.
func (f *jpegFile) segment(marker byte, payload, raw []byte) {
	switch {
	case marker == mAPP0:
		if f.jfif == nil && len(payload) >= jfifBytes && bytes.HasPrefix(payload, []byte("JFIF\x00")) {
			f.jfif = append([]byte(nil), payload[:jfifBytes]...)
			f.jfif[12], f.jfif[13] = 0, 0 // the thumbnail's size
		}
	case marker == mAPP1:
		if f.exif == nil && bytes.HasPrefix(payload, exifHeader) {
			f.exif = payload
			f.orientation = orientation(payload)
		}
	case marker == mAPP2 && bytes.HasPrefix(payload, iccHeader):
		if part := payload[len(iccHeader):]; len(part) > 2 {
			f.icc = append(f.icc, part)
		}
		f.keep(marker, raw)
	case marker == mAPP14 && len(payload) >= adobeBytes && bytes.HasPrefix(payload, []byte("Adobe")):
		// It says how colours are coded; without it CMYK and RGB files turn.
		f.keep(marker, append([]byte{0, adobeBytes + 2}, payload[:adobeBytes]...))
	case marker >= mSOF0 && marker <= mSOF15:
		if f.frame == nil && marker != mDHT && marker != mJPG && marker != mDAC {
			f.frame, f.kind = payload, marker
		}
		f.keep(marker, raw)
	case marker >= mSOS && marker <= mEXP:
		f.keep(marker, raw)
	}
}

func (f *jpegFile) keep(marker byte, raw []byte) {
	f.rest = append(append(f.rest, 0xff, marker), raw...)
}

func stripJPEG(data []byte) ([]byte, error) {
	f, err := parseJPEG(data)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(f.rest)+64)
	out = append(out, 0xff, mSOI)
	if f.jfif != nil {
		out = append(out, 0xff, mAPP0, 0, jfifBytes+2)
		out = append(out, f.jfif...)
	}
	if f.orientation != 1 {
		tiff := orientationOnly(f.orientation)
		out = append(out, 0xff, mAPP1, 0, byte(2+len(exifHeader)+len(tiff)))
		out = append(append(out, exifHeader...), tiff...)
	}
	out = append(out, f.rest...)
	return append(out, 0xff, mEOI), nil
}

func sizeJPEG(data []byte) (width, height int, err error) {
	f, err := parseJPEG(data)
	if err != nil {
		return 0, 0, err
	}
	if len(f.frame) < 6 {
		return 0, 0, damaged("the JPEG's frame header is short")
	}
	height = int(binary.BigEndian.Uint16(f.frame[1:]))
	width = int(binary.BigEndian.Uint16(f.frame[3:]))
	width, height = turned(width, height, f.orientation)
	return width, height, nil
}
