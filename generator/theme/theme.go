// Package theme is what a site may change in the look of its pages and letters without
// writing CSS: the accent colour, the type, the measure.
//
// The style sheet of the built-in theme names every colour and font once, as custom
// properties. Style returns the few declarations that give some of them another value,
// in the last cascade layer; they are put at the end of the style sheet, so that a page
// still has one. Letters cannot use custom properties (Gmail and Outlook drop them), so
// their layouts ask for the colours by name.
//
// One accent colour is enough: it is what links and buttons have on paper, where it must
// be legible (WCAG 2.2, 1.4.3), and a lighter one of the same hue is derived for readers
// with a dark screen.
package theme

import (
	"strconv"
	"strings"
)

// The theme's own colours, as in static/assets/site.css and the letters.
var (
	Paper     = Colour{0xfb, 0xfa, 0xf7}
	DarkPaper = Colour{0x10, 0x1a, 0x24}
	white     = Colour{0xff, 0xff, 0xff}
	accent    = Colour{0x1f, 0x4e, 0x79}
	light     = Colour{0x8f, 0xc1, 0xea} // accent on a dark screen
)

const (
	// Legible is the least contrast of text with what it stands on (WCAG 2.2, 1.4.3).
	Legible = 4.5
	// comfortable is what a derived colour is to have.
	comfortable = 7

	defaultMeasure = 38
	latinShare     = 66.0 / 38 // widths of 0 in a line of the English edition, for each em
)

// Theme is what a site changes. The zero value changes nothing.
type Theme struct {
	Accent   Colour   // of links and buttons on paper; the zero value is the theme's indigo
	Text     []string // font families of the text, the first that is there; see Stack
	Headings []string // likewise of headings
	Measure  int      // characters in a line of text; 0 is 38
}

// Sans and Serif stand in lists of fonts for the built-in families of that kind.
const (
	Sans  = "sans"
	Serif = "serif"
)

// Colours returns the accent colour on paper, on a dark screen, and of text on each.
func (t Theme) Colours() (onPaper, onDark, textOnPaper, textOnDark Colour) {
	if t.Accent == (Colour{}) || t.Accent == accent {
		return accent, light, white, DarkPaper
	}
	onDark = t.Accent.toward(white, DarkPaper, comfortable)
	return t.Accent, onDark, over(t.Accent), over(onDark)
}

// OnPaper returns the accent colour on paper.
func (t Theme) OnPaper() Colour {
	onPaper, _, _, _ := t.Colours()
	return onPaper
}

// over returns the colour of text on a ground.
func over(ground Colour) Colour {
	if Contrast(white, ground) >= Legible {
		return white
	}
	return DarkPaper
}

// Suggest returns the nearest colour to c, darker, that is legible on paper.
func Suggest(c Colour) Colour { return c.toward(Colour{}, Paper, Legible) }

// Style returns the CSS that gives the custom properties of the theme these values; ""
// if there is nothing to change. It is one layer, theme, and holds no text of the author
// but the names of fonts, in quotes; config refuses those with other characters than
// letters, digits, spaces and hyphens.
func (t Theme) Style() string {
	var onPaper, onDark strings.Builder
	if t.Accent != (Colour{}) {
		a, b, textA, textB := t.Colours()
		onPaper.WriteString("--ai:" + a.String() + ";--on-ai:" + textA.String() + ";")
		onDark.WriteString("--ai:" + b.String() + ";--on-ai:" + textB.String() + ";")
	}
	if len(t.Text) > 0 {
		onPaper.WriteString("--text:" + Stack(t.Text) + ";")
	}
	if len(t.Headings) > 0 {
		onPaper.WriteString("--display:" + Stack(t.Headings) + ";")
	}
	if t.Measure > 0 && t.Measure != defaultMeasure {
		latin := strconv.Itoa(int(float64(t.Measure)*latinShare + 0.5))
		onPaper.WriteString("--measure:" + strconv.Itoa(t.Measure) + "em;--measure-latin:" + latin + "ch;")
	}
	if onPaper.Len() == 0 {
		return ""
	}
	style := "\n@layer theme{:root{" + onPaper.String() + "}"
	if onDark.Len() > 0 {
		style += "@media (prefers-color-scheme:dark){:root{" + onDark.String() + "}}"
	}
	return style + "}\n"
}

// Stack returns a list of fonts as CSS: names in quotes, and at the end the built-in
// families, those with serifs if the list says so.
func Stack(families []string) string {
	var stack []string
	end := "var(--sans)"
	for _, f := range families {
		switch f {
		case Sans:
			end = "var(--sans)"
		case Serif:
			end = "var(--serif)"
		default:
			stack = append(stack, strconv.Quote(f))
		}
	}
	return strings.Join(append(stack, end), ",")
}
