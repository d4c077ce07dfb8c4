package config

import (
	"cmp"
	"slices"

	"kaiho/generator/diag"
)

// Images is how pictures are shown.
type Images struct {
	Widths        []int  `yaml:"widths"`                            // in pixels, of what browsers choose from; default 480, 800, 1200, 1600
	Quality       int    `yaml:"quality" min:"1" max:"100"`         // of JPEG and WebP; default 80
	Format        string `yaml:"format" enum:"webp,jpeg"`           // of what browsers choose from; default webp
	Sizes         string `yaml:"sizes"`                             // the attribute sizes of pictures in bodies; default that of the built-in layouts
	MaxMegapixels int    `yaml:"max_megapixels" min:"1" max:"1000"` // that a picture may have; default 100
}

// bodySizes is how wide the built-in layouts show a picture in a body: as wide as
// the text, or on telephones the screen without its margins.
const bodySizes = "(min-width: 44rem) 40rem, calc(100vw - 2.5rem)"

// What a width may be, in pixels: a screen of 8K is 7,680 wide.
const minWidth, maxWidth = 16, 8000

// images fills in what is not given.
func (c *checker) images() {
	i := &c.site.Images
	c.oneLine("images", "sizes")
	if c.node != nil {
		for n, width := range i.Widths {
			if (width < minWidth || width > maxWidth) && c.isGood("images", "widths", itoa(n)) {
				c.report(diag.NumberRange, []string{"images", "widths", itoa(n)}, "key", "widths", "value", itoa(width), "min", itoa(minWidth), "max", itoa(maxWidth))
			} else if slices.Contains(i.Widths[:n], width) && c.isGood("images", "widths", itoa(n)) {
				c.report(diag.ImageWidths, []string{"images", "widths", itoa(n)}, "width", itoa(width))
			}
		}
	}
	i.Widths = slices.DeleteFunc(i.Widths, func(w int) bool { return w < minWidth || w > maxWidth })
	if len(i.Widths) == 0 {
		i.Widths = []int{480, 800, 1200, 1600}
	}
	slices.Sort(i.Widths)
	i.Widths = slices.Compact(i.Widths)
	i.Quality = cmp.Or(i.Quality, 80)
	i.Format = cmp.Or(i.Format, "webp")
	i.Sizes = cmp.Or(i.Sizes, bodySizes)
	i.MaxMegapixels = cmp.Or(i.MaxMegapixels, 100)
}
