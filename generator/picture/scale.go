package picture

import (
	"image"
	"image/color"
	"math"
)

// The scaler takes a picture row by row, so that what it holds in memory is a few
// rows of the result and not, as scalers that hold the picture between their two
// passes, hundreds of megabytes for a photograph. The kernel is Catmull-Rom's, as
// wide as the proportion asks.

// span is the part of a line that one pixel of the result is made of.
type span struct {
	first   int
	weights []float32
}

// spans returns the spans of a line of n pixels that becomes one of m.
func spans(n, m int) []span {
	ratio := float64(n) / float64(m)
	wide := max(ratio, 1)
	all := make([]span, m)
	for i := range all {
		centre := (float64(i)+0.5)*ratio - 0.5
		first, last := max(int(math.Ceil(centre-2*wide)), 0), min(int(math.Floor(centre+2*wide)), n-1)
		s := span{first: first, weights: make([]float32, last-first+1)}
		sum := 0.0
		for k := range s.weights {
			w := catmullRom((float64(first+k) - centre) / wide)
			s.weights[k] = float32(w)
			sum += w
		}
		for k := range s.weights {
			s.weights[k] /= float32(sum)
		}
		all[i] = s
	}
	return all
}

func catmullRom(x float64) float64 {
	switch x = math.Abs(x); {
	case x < 1:
		return 1.5*x*x*x - 2.5*x*x + 1
	case x < 2:
		return -0.5*x*x*x + 2.5*x*x - 4*x + 2
	}
	return 0
}

// scaled returns m in width by height pixels, neither of which is more than m's.
func scaled(m image.Image, width, height int) *image.NRGBA {
	b := m.Bounds()
	across, down := spans(b.Dx(), width), spans(b.Dy(), height)
	read := reader(m)
	line, narrow := make([]float32, 4*b.Dx()), make([]float32, 4*width)
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	var open [][]float32 // sums of the rows of the result from next on
	var free [][]float32
	next := 0
	for y := range b.Dy() {
		read(b.Min.Y+y, line)
		squeezeRow(line, narrow, across)
		for next+len(open) < height && down[next+len(open)].first <= y {
			row := make([]float32, 4*width)
			if n := len(free); n > 0 {
				row, free = free[n-1], free[:n-1]
				clear(row)
			}
			open = append(open, row)
		}
		for i, row := range open {
			s := &down[next+i]
			if k := y - s.first; k < len(s.weights) {
				w := s.weights[k]
				for j, v := range narrow {
					row[j] += w * v
				}
			}
		}
		for len(open) > 0 && y >= down[next].first+len(down[next].weights)-1 {
			settle(open[0], out.Pix[next*out.Stride:])
			free, open = append(free, open[0]), open[1:]
			next++
		}
	}
	return out
}

// squeezeRow makes a row as narrow as the result.
func squeezeRow(line, narrow []float32, across []span) {
	for x := range across {
		s := &across[x]
		var r, g, b, a float32
		at := line[4*s.first:]
		for k, w := range s.weights {
			p := at[4*k : 4*k+4 : 4*k+4]
			r += w * p[0]
			g += w * p[1]
			b += w * p[2]
			a += w * p[3]
		}
		o := narrow[4*x : 4*x+4 : 4*x+4]
		o[0], o[1], o[2], o[3] = r, g, b, a
	}
}

// settle writes a row of sums, in which colours are multiplied by their opacity,
// as pixels.
func settle(row []float32, pix []byte) {
	for i := 0; i < len(row); i += 4 {
		a := row[i+3]
		if a >= 254.5 {
			pix[i], pix[i+1], pix[i+2], pix[i+3] = level(row[i]), level(row[i+1]), level(row[i+2]), 255
			continue
		}
		if a < 0.5 {
			pix[i], pix[i+1], pix[i+2], pix[i+3] = 0, 0, 0, 0
			continue
		}
		full := 255 / a
		pix[i], pix[i+1], pix[i+2], pix[i+3] = level(row[i]*full), level(row[i+1]*full), level(row[i+2]*full), level(a)
	}
}

func level(v float32) byte { return byte(min(max(v+0.5, 0), 255)) }

// reader returns a function that reads a row of m: red, green and blue multiplied
// by the opacity, and the opacity, from 0 to 255.
func reader(m image.Image) func(y int, line []float32) {
	left, width := m.Bounds().Min.X, m.Bounds().Dx()
	switch m := m.(type) {
	case *image.YCbCr:
		return func(y int, line []float32) {
			for x := range width {
				ci := m.COffset(left+x, y)
				r, g, b := color.YCbCrToRGB(m.Y[m.YOffset(left+x, y)], m.Cb[ci], m.Cr[ci])
				put(line[4*x:], r, g, b, 255)
			}
		}
	case *image.Gray:
		return func(y int, line []float32) {
			row := m.Pix[m.PixOffset(left, y):]
			for x := range width {
				put(line[4*x:], row[x], row[x], row[x], 255)
			}
		}
	case *image.RGBA:
		return func(y int, line []float32) {
			for i, v := range m.Pix[m.PixOffset(left, y):][:4*width] {
				line[i] = float32(v)
			}
		}
	case *image.NRGBA:
		return func(y int, line []float32) {
			row := m.Pix[m.PixOffset(left, y):]
			for i := 0; i < 4*width; i += 4 {
				put(line[i:], row[i], row[i+1], row[i+2], row[i+3])
			}
		}
	}
	return func(y int, line []float32) {
		for x := range width {
			r, g, b, a := m.At(left+x, y).RGBA()
			p := line[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = float32(r)/257, float32(g)/257, float32(b)/257, float32(a)/257
		}
	}
}

func put(p []float32, r, g, b, a byte) {
	_ = p[3]
	if a == 255 {
		p[0], p[1], p[2], p[3] = float32(r), float32(g), float32(b), 255
		return
	}
	part := float32(a) / 255
	p[0], p[1], p[2], p[3] = float32(r)*part, float32(g)*part, float32(b)*part, float32(a)
}

// upright returns m as it is displayed (EXIF 2.32, 4.6.4, Orientation).
func upright(m *image.NRGBA, orientation int) *image.NRGBA {
	if orientation <= 1 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	width, height := turned(w, h, orientation)
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			var sx, sy int
			switch orientation {
			case 2:
				sx, sy = w-1-x, y
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sx, sy = x, h-1-y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			default:
				sx, sy = w-1-y, x
			}
			copy(out.Pix[out.PixOffset(x, y):][:4], m.Pix[m.PixOffset(sx, sy):])
		}
	}
	return out
}
