package picture

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

const maxSVGPixels = 1e6

func sizeSVG(data []byte) (width, height int, err error) {
	root, err := svgRoot(data)
	if err != nil {
		return 0, 0, damaged("the SVG is not well-formed (%v)", err)
	}
	w, h := pixels(attribute(root, "width")), pixels(attribute(root, "height"))
	boxWidth, boxHeight := viewBox(attribute(root, "viewBox"))
	switch {
	case w > 0 && h > 0:
	case boxWidth <= 0 || boxHeight <= 0:
		return 0, 0, errUnsized
	case w > 0:
		h = w * boxHeight / boxWidth
	case h > 0:
		w = h * boxWidth / boxHeight
	default:
		w, h = boxWidth, boxHeight
	}
	if w > maxSVGPixels || h > maxSVGPixels {
		return 0, 0, damaged("the SVG's size is out of range")
	}
	return max(1, int(math.Round(w))), max(1, int(math.Round(h))), nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// pixels returns a CSS length in pixels, and 0 for one that depends on the page.
func pixels(s string) float64 {
	s = strings.ToLower(strings.TrimSpace(s))
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz%")
	perUnit := map[string]float64{"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
	return positive(number) * perUnit[s[len(number):]]
}

func viewBox(s string) (width, height float64) {
	f := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,\t\r\n", r) })
	if len(f) != 4 {
		return 0, 0
	}
	return positive(f[2]), positive(f[3])
}

func positive(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	return v
}
