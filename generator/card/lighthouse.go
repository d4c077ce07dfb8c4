package card

import (
	"image"
	"image/color"
	"math"
)

// Measures of the lens and the beam in pixels. The lens is on the horizon, where the
// lines of the title begin.
const (
	lamp       = 8.5 // radius
	innerArc   = 18.0
	outerArc   = 30.0
	arcWidth   = 2.75
	lensX      = margin + outerArc
	beamHeight = 40.0 // where it leaves the card
)

// lighthouse draws the mark of the theme: in accent the horizon and the four arcs of
// the lens, in light the lamp and its beam, which fades to the right.
func lighthouse(accent, light *image.Alpha) {
	const middle = horizon + 1.5 // of the line, which is three pixels wide
	for y := horizon - int(max(outerArc, beamHeight)); y < horizon+int(outerArc)+4; y++ {
		for x := range Width {
			dx, dy := float64(x)+0.5-lensX, float64(y)+0.5-middle
			far := math.Hypot(dx, dy)
			line := min(cover(1.5-math.Abs(dy)), cover(far-outerArc)) // the horizon stops at the lens
			if math.Abs(dy) <= math.Abs(dx) {                         // a quarter to each side
				line = max(line, cover(arcWidth/2-math.Abs(far-innerArc)), cover(arcWidth/2-math.Abs(far-outerArc)))
			}
			shine := cover(lamp - far)
			if slope := beamHeight / (Width - lensX); dx > 0 && dy < 0 {
				shine = max(shine, 0.75*cover(dx*slope+dy)*(1-dx/(Width-lensX)))
			}
			put(accent, x, y, line)
			put(light, x, y, shine)
		}
	}
}

// cover is how much of a pixel lies within a shape from whose edge its middle is so far.
func cover(within float64) float64 { return min(max(within+0.5, 0), 1) }

// put covers a pixel, unless it is covered more already.
func put(on *image.Alpha, x, y int, share float64) {
	if a := uint8(math.Round(255 * share)); a > on.AlphaAt(x, y).A {
		on.SetAlpha(x, y, color.Alpha{A: a})
	}
}
