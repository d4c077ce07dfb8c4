package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Info is what is known of an image without decoding it.
type Info struct {
	Width, Height int // in pixels as displayed, with the orientation applied
	Sum           [32]byte
	Orientation   int  // 1 to 8, as in EXIF
	Resizable     bool // it can be decoded, is no animation, and its colours can be had in sRGB
	Alpha         bool // it may be transparent
	Tuned         bool // its profile is not sRGB: its colours must be converted
	Kind          string
	Weight        int64 // bytes of memory that decoding takes, about
	Raster        bool  // it is made of pixels, of which there may be too many
}

// isTurned reports whether the pixels lie otherwise than they are displayed.
func (i Info) isTurned() bool { return i.Orientation > 1 }

// Pixels returns how many pixels the image has, or 0 for what has none.
func (i Info) Pixels() int64 {
	if !i.Raster {
		return 0
	}
	return int64(i.Width) * int64(i.Height)
}

// Measure returns what is known of an image without decoding it. name is the
// file's name or path. Errors are those of Size and Strip.
func Measure(data []byte, name string) (Info, error) {
	f, err := detect(data, name)
	if err != nil {
		return Info{}, err
	}
	info := Info{Kind: f.name, Orientation: 1, Raster: f.name != "SVG"}
	if info.Width, info.Height, err = Size(data, name); err != nil {
		return Info{}, err
	}
	if _, err := f.strip(data); err != nil {
		return Info{}, err
	}
	info.Sum = sumOf(data)
	switch f.name {
	case "JPEG":
		info.measureJPEG(data)
	case "PNG":
		info.measurePNG(data)
	case "WebP":
		info.measureWebP(data)
	}
	return info, nil
}

// judge notes what the colours of an image are.
func (i *Info) judge(icc []byte) {
	switch _, kind := parseProfile(icc); kind {
	case foreignColours:
		i.Resizable = false
	case otherRGB:
		i.Tuned = true
	}
}

func (i *Info) measureJPEG(data []byte) {
	f, err := parseJPEG(data)
	if err != nil || len(f.frame) < 6 {
		return
	}
	i.Orientation = f.orientation
	depth, components := f.frame[0], f.frame[5]
	// Baseline, extended and progressive, of 8 bits: all that cameras and
	// programs write. Four components are inks, of which no profile is a matrix.
	i.Resizable = f.kind <= mSOF0+2 && depth == 8 && (components == 1 || components == 3)
	i.Weight = 3 * i.Pixels()
	if f.kind == mSOF0+2 {
		i.Weight *= 5 // the coefficients of all blocks, until the last scan
	}
	i.judge(f.profile())
	if components == 1 && f.icc != nil {
		i.Resizable = false // a scale of grey of its own
	}
}

// profile returns the colour profile of the file, nil if it has none (ICC.1,
// B.4: parts with their number and how many there are).
func (f *jpegFile) profile() []byte {
	parts := slices.Clone(f.icc)
	slices.SortStableFunc(parts, func(a, b []byte) int { return int(a[0]) - int(b[0]) })
	var all []byte
	for _, part := range parts {
		all = append(all, part[2:]...)
	}
	return all
}

func (i *Info) measurePNG(data []byte) {
	f, err := parsePNG(data)
	if err != nil {
		return
	}
	i.Orientation = f.orientation
	depth, colour := f.header[8], f.header[9]
	i.Resizable, i.Alpha, i.Weight = true, colour >= 4, 4*i.Pixels()
	if depth == 16 {
		i.Weight *= 2
	}
	chunks := f.chunks()
	if _, is := chunks["tRNS"]; is {
		i.Alpha = true
	}
	if _, moves := chunks["acTL"]; moves {
		i.Resizable = false
	}
	i.judgePNG(chunks, colour)
}

// chunks returns the chunks that are kept, but for the header; of those of one
// kind the last.
func (f *pngFile) chunks() map[string][]byte {
	chunks := map[string][]byte{}
	c := &cursor{data: f.rest}
	for {
		head, ok := c.take(8)
		if !ok {
			return chunks
		}
		body, _ := c.take(int(binary.BigEndian.Uint32(head)))
		c.take(4)
		chunks[string(head[4:])] = body
	}
}

// judgePNG looks at the chunks on colour, of which the first that is there counts
// (PNG 3rd edition, 4.3).
func (i *Info) judgePNG(chunks map[string][]byte, colour byte) {
	cicp, isCICP := chunks["cICP"]
	icc, isICC := chunks["iCCP"]
	_, isSRGB := chunks["sRGB"]
	gamma, isGamma := chunks["gAMA"]
	switch {
	case isCICP:
		if !bytes.Equal(cicp, []byte{1, 13, 0, 1}) { // ITU-T H.273: sRGB, full range
			i.Resizable = false
		}
	case isICC:
		i.judge(inflateProfile(icc))
		if colour&2 == 0 {
			i.Resizable = false // a scale of grey of its own
		}
	case isSRGB:
	case isGamma:
		if g := binary.BigEndian.Uint32(append(gamma[:len(gamma):len(gamma)], 0, 0, 0, 0)); g < 44000 || g > 47000 { // 1/2.2 and sRGB's
			i.Resizable = false
		}
		if !isPlainChromaticity(chunks["cHRM"]) {
			i.Resizable = false
		}
	default:
		if !isPlainChromaticity(chunks["cHRM"]) {
			i.Resizable = false
		}
	}
}

// isPlainChromaticity reports whether a cHRM chunk names the primaries of sRGB,
// or is not there.
func isPlainChromaticity(chunk []byte) bool {
	if len(chunk) < 32 {
		return true
	}
	for i, want := range []int{31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000} {
		if got := int(binary.BigEndian.Uint32(chunk[4*i:])); got < want-500 || got > want+500 {
			return false
		}
	}
	return true
}

func (i *Info) measureWebP(data []byte) {
	f, err := parseWebP(data)
	if err != nil {
		return
	}
	i.Orientation = f.orientation
	i.Resizable, i.Weight = true, 20*i.Pixels() // in and out of the sandbox, and two canvases in it
	var icc []byte
	c := &cursor{data: f.rest}
	for {
		ch, ok := takeChunk(c)
		if !ok {
			break
		}
		switch ch.kind {
		case "ICCP":
			icc = ch.body
		case "ANIM", "ANMF":
			i.Resizable = false
		case "ALPH":
			i.Alpha = true
		case "VP8L":
			i.Alpha = i.Alpha || len(ch.body) >= 5 && ch.body[4]&0x10 != 0 // RFC 9649, 3.4
		}
	}
	i.judge(icc)
}
