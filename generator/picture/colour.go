package picture

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"image"
	"io"
	"math"
)

// colours says what the numbers of an image mean.
type colours int

const (
	plainSRGB      colours = iota
	otherRGB               // three primaries and their curves: Display P3, Adobe RGB
	foreignColours         // inks, tables, greys: only a program that knows them may touch the image
)

const maxProfileBytes = 4 << 20 // those with tables have 3 MB

// profile brings colours to sRGB: each channel through its curve, then all three
// through the matrix to linear sRGB.
type profile struct {
	curves [3][256]float64 // to linear light
	matrix [3][3]float64
}

// fromXYZ brings the profile connection space of ICC.1 (XYZ, D50) to linear sRGB:
// the inverse of the sRGB primaries after the Bradford adaptation.
var fromXYZ = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// parseProfile reads an ICC profile (ICC.1:2022) as far as it is three primaries
// with curves. Without a profile an image is in sRGB, as browsers have it.
func parseProfile(icc []byte) (*profile, colours) {
	if len(icc) == 0 {
		return nil, plainSRGB
	}
	if len(icc) < 132 || string(icc[36:40]) != "acsp" || string(icc[16:20]) != "RGB " || string(icc[20:24]) != "XYZ " {
		return nil, foreignColours
	}
	tags := map[string][]byte{}
	for i, entry := 0, icc[132:]; i < int(min(binary.BigEndian.Uint32(icc[128:]), 200)); i++ {
		if len(entry) < 12 {
			return nil, foreignColours
		}
		at, size := int64(binary.BigEndian.Uint32(entry[4:])), int64(binary.BigEndian.Uint32(entry[8:]))
		if at+size > int64(len(icc)) {
			return nil, foreignColours
		}
		tags[string(entry[:4])] = icc[at : at+size]
		entry = entry[12:]
	}
	if _, is := tags["A2B0"]; is { // a table counts for more than the primaries
		return nil, foreignColours
	}
	var p profile
	var primaries [3][3]float64 // by row X, Y, Z
	for c, name := range []string{"r", "g", "b"} {
		xyz := tags[name+"XYZ"]
		if len(xyz) < 20 || !readCurve(tags[name+"TRC"], &p.curves[c]) {
			return nil, foreignColours
		}
		for row := range 3 {
			primaries[row][c] = fixed(xyz[8+4*row:])
		}
	}
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				p.matrix[i][j] += fromXYZ[i][k] * primaries[k][j]
			}
		}
	}
	if p.isPlain() {
		return nil, plainSRGB
	}
	return &p, otherRGB
}

// fixed reads an s15Fixed16Number.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// readCurve fills in a curve from a curveType or a parametricCurveType (ICC.1,
// 10.6 and 10.18).
func readCurve(tag []byte, curve *[256]float64) bool {
	if len(tag) < 12 {
		return false
	}
	f := parametric(tag)
	if string(tag[:4]) == "curv" {
		f = sampled(tag)
	}
	if f == nil {
		return false
	}
	for i := range curve {
		v := f(float64(i) / 255)
		if math.IsNaN(v) {
			return false
		}
		curve[i] = min(max(v, 0), 1)
	}
	return true
}

func sampled(tag []byte) func(float64) float64 {
	n := int64(binary.BigEndian.Uint32(tag[8:]))
	values := tag[12:]
	switch {
	case n == 0:
		return func(x float64) float64 { return x }
	case n == 1 && len(values) >= 2:
		gamma := float64(binary.BigEndian.Uint16(values)) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	case n < 2 || int64(len(values)) < 2*n:
		return nil
	}
	at := func(i int64) float64 { return float64(binary.BigEndian.Uint16(values[2*i:])) / 65535 }
	return func(x float64) float64 {
		place := x * float64(n-1)
		i := min(int64(place), n-2)
		part := place - float64(i)
		return at(i)*(1-part) + at(i+1)*part
	}
}

func parametric(tag []byte) func(float64) float64 {
	if string(tag[:4]) != "para" {
		return nil
	}
	kind := int(binary.BigEndian.Uint16(tag[8:]))
	counts := []int{1, 3, 4, 5, 7}
	if kind >= len(counts) || len(tag) < 12+4*counts[kind] {
		return nil
	}
	var v [7]float64 // g a b c d e f
	for i := range counts[kind] {
		v[i] = fixed(tag[12+4*i:])
	}
	g, a, b, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 0:
		return func(x float64) float64 { return math.Pow(x, g) }
	case 1, 2: // below -b/a it is 0, or c
		return func(x float64) float64 { return math.Pow(max(a*x+b, 0), g) + c }
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(max(a*x+b, 0), g) + e
		}
		return c*x + f
	}
}

// encodeSRGB is the curve of IEC 61966-2-1.
func encodeSRGB(linear float64) float64 {
	if linear <= 0.0031308 {
		return 12.92 * linear
	}
	return 1.055*math.Pow(linear, 1/2.4) - 0.055
}

const steps = 4096 // of linear light; what lies between is interpolated

// convert brings the pixels of m to sRGB. What no screen of sRGB can show becomes
// the nearest that it can, channel by channel.
func (p *profile) convert(m *image.NRGBA) {
	var encode [steps + 2]float64
	for i := range encode {
		encode[i] = 255 * encodeSRGB(float64(i)/steps)
	}
	for i := 0; i+3 < len(m.Pix); i += 4 {
		r, g, b := p.curves[0][m.Pix[i]], p.curves[1][m.Pix[i+1]], p.curves[2][m.Pix[i+2]]
		for c := range 3 {
			linear := min(max(p.matrix[c][0]*r+p.matrix[c][1]*g+p.matrix[c][2]*b, 0), 1) * steps
			k := int(linear)
			m.Pix[i+c] = uint8(encode[k] + (encode[k+1]-encode[k])*(linear-float64(k)) + 0.5)
		}
	}
}

// isPlain reports whether the profile changes nothing that anybody could see, as
// those that are named sRGB.
func (p *profile) isPlain() bool {
	m := image.NewNRGBA(image.Rect(0, 0, 6*6*6, 1))
	for i := range 6 * 6 * 6 {
		copy(m.Pix[4*i:], []byte{byte(i % 6 * 51), byte(i / 6 % 6 * 51), byte(i / 36 * 51), 255})
	}
	before := bytes.Clone(m.Pix)
	p.convert(m)
	for i, v := range m.Pix {
		if d := int(v) - int(before[i]); d < -3 || d > 3 {
			return false
		}
	}
	return true
}

// inflateProfile returns the profile in an iCCP chunk. One that cannot be read is
// returned as something that is no profile.
func inflateProfile(chunk []byte) []byte {
	broken := []byte("broken")
	name := bytes.IndexByte(chunk, 0)
	if name < 0 || len(chunk) < name+2 {
		return broken
	}
	z, err := zlib.NewReader(bytes.NewReader(chunk[name+2:]))
	if err != nil {
		return broken
	}
	icc, err := io.ReadAll(io.LimitReader(z, maxProfileBytes+1))
	if err != nil || len(icc) > maxProfileBytes || len(icc) == 0 {
		return broken
	}
	return icc
}

func sumOf(data []byte) [32]byte { return sha256.Sum256(data) }
