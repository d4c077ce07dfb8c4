package theme

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Colour is a colour in sRGB, a byte a channel.
type Colour struct{ R, G, B uint8 }

// ParseColour reads #1f4e79 and #15a, as CSS writes them, in any case, and reports
// whether s is one. Colours have no transparency here: their contrast must be known.
func ParseColour(s string) (Colour, bool) {
	digits, found := strings.CutPrefix(strings.TrimSpace(s), "#")
	if len(digits) == 3 {
		digits = strings.Repeat(digits[:1], 2) + strings.Repeat(digits[1:2], 2) + strings.Repeat(digits[2:], 2)
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if !found || len(digits) != 6 || err != nil {
		return Colour{}, false
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

// String returns the colour as #1f4e79.
func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func (c Colour) luminance() float64 {
	channel := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}

// Contrast returns the contrast ratio of two colours, from 1 to 21, as WCAG 2.2
// defines it; text needs 4.5 (success criterion 1.4.3).
func Contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// toward returns c mixed with end, as little as is needed for the contrast with ground;
// end itself if nothing less will do.
func (c Colour) toward(end, ground Colour, contrast float64) Colour {
	const steps = 100
	for i := range steps {
		if mixed := c.mix(end, float64(i)/steps); Contrast(mixed, ground) >= contrast {
			return mixed
		}
	}
	return end
}

// mix returns the colour on the way from c to end, share of it from 0 to 1.
func (c Colour) mix(end Colour, share float64) Colour {
	between := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return Colour{between(c.R, end.R), between(c.G, end.G), between(c.B, end.B)}
}
