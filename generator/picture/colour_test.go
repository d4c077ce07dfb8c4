package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"testing"
)

// TestColours brings colours of other spaces to sRGB. The values wanted are those
// of ICC's own arithmetic, by hand: linear light, primaries, D50, sRGB.
func TestColours(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 600, 400))
	fill := func(c color.NRGBA) {
		for i := 0; i < len(m.Pix); i += 4 {
			m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c.R, c.G, c.B, c.A
		}
	}
	for _, c := range []struct {
		name    string
		profile []byte
		in, out color.NRGBA
	}{
		{"without a profile nothing changes", nil, color.NRGBA{200, 100, 50, 255}, color.NRGBA{200, 100, 50, 255}},
		{"sRGB's own profile changes nothing", icc(srgbPrimaries, 2.2), color.NRGBA{200, 100, 50, 255}, color.NRGBA{200, 100, 50, 255}},
		{"grey of Display P3 is grey", icc(p3Primaries, 0), color.NRGBA{128, 128, 128, 255}, color.NRGBA{128, 128, 128, 255}},
		{"orange of Display P3 is more orange", icc(p3Primaries, 0), color.NRGBA{200, 120, 60, 255}, color.NRGBA{213, 115, 42, 255}},
		{"green of Adobe RGB is greener", icc(adobePrimaries, 2.2), color.NRGBA{100, 180, 100, 255}, color.NRGBA{0, 181, 94, 255}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fill(c.in)
			var data []byte
			if c.profile == nil {
				data = jpegOf(t, m)
			} else {
				half := len(c.profile) / 2 // in two parts, the second first
				data = jpegOf(t, m, piece(mAPP2, string(iccHeader)+"\x02\x02"+string(c.profile[half:])), piece(mAPP2, string(iccHeader)+"\x01\x02"+string(c.profile[:half])))
			}
			info := measure(t, data, "a.jpg")
			if !info.Resizable {
				t.Fatal("the picture is left alone")
			}
			choice := usual.Plan(info, "a.jpg").Choice
			out, err := Make(data, info, choice[:1])
			if err != nil {
				t.Fatal(err)
			}
			if got := open(t, out[0], choice[0]).At(200, 100); !near(got, c.out, 5) {
				t.Errorf("got %v, want %v", got, c.out)
			}
		})
	}
}

func TestColoursThatNobodyHereKnowsAreLeftAlone(t *testing.T) {
	inks := icc(srgbPrimaries, 2.2)
	copy(inks[16:], "CMYK")
	for name, profile := range map[string][]byte{"inks": inks, "not a profile": []byte("colours"), "cut off": icc(p3Primaries, 2.2)[:140]} {
		data := jpegOf(t, quarters(900, 600), piece(mAPP2, string(iccHeader)+"\x01\x01"+string(profile)))
		info := measure(t, data, "a.jpg")
		if set := usual.Plan(info, "a.jpg"); info.Resizable || set.Main.Name != "" || len(set.Choice) > 0 {
			t.Errorf("%s: got %+v, want the picture itself", name, set)
		}
	}
}

// Chromaticities of red, green and blue.
var (
	srgbPrimaries  = [3][2]float64{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}}
	p3Primaries    = [3][2]float64{{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}}
	adobePrimaries = [3][2]float64{{0.64, 0.33}, {0.21, 0.71}, {0.15, 0.06}}
)

// icc makes a profile of three primaries whose white is D65; gamma 0 is the curve
// of sRGB as a parametric one.
func icc(primaries [3][2]float64, gamma float64) []byte {
	xyz := func(x, y float64) [3]float64 { return [3]float64{x / y, 1, (1 - x - y) / y} }
	var m [3][3]float64
	for c, p := range primaries {
		for row, v := range xyz(p[0], p[1]) {
			m[row][c] = v
		}
	}
	white := xyz(0.3127, 0.3290)
	scale := solve(m, white)
	bradford := [3][3]float64{{1.0478112, 0.0228866, -0.0501270}, {0.0295424, 0.9904844, -0.0170491}, {-0.0092345, 0.0150436, 0.7521316}}
	var body, tags []byte
	add := func(name string, data []byte) {
		at := 128 + 4 + 12*6 + len(body)
		tags = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(append(tags, name...), uint32(at)), uint32(len(data)))
		body = append(body, data...)
	}
	number := func(b []byte, v float64) []byte {
		return binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	for c, name := range []string{"r", "g", "b"} {
		point := []byte("XYZ \x00\x00\x00\x00")
		for row := range 3 {
			v := 0.0
			for k := range 3 {
				v += bradford[row][k] * m[k][c] * scale[c]
			}
			point = number(point, v)
		}
		add(name+"XYZ", point)
		curve := []byte("para\x00\x00\x00\x00\x00\x03\x00\x00")
		for _, v := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
			curve = number(curve, v)
		}
		if gamma > 0 {
			curve = append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), byte(gamma), byte(math.Round(gamma*256))&0xff)
		}
		add(name+"TRC", curve)
	}
	head := make([]byte, 128)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[36:], "acsp")
	return append(append(append(head, 0, 0, 0, 6), tags...), body...)
}

// solve returns x of m x = v, by Cramer's rule.
func solve(m [3][3]float64, v [3]float64) (x [3]float64) {
	det := func(m [3][3]float64) float64 {
		return m[0][0]*(m[1][1]*m[2][2]-m[1][2]*m[2][1]) - m[0][1]*(m[1][0]*m[2][2]-m[1][2]*m[2][0]) + m[0][2]*(m[1][0]*m[2][1]-m[1][1]*m[2][0])
	}
	whole := det(m)
	for c := range 3 {
		n := m
		for row := range 3 {
			n[row][c] = v[row]
		}
		x[c] = det(n) / whole
	}
	return x
}
