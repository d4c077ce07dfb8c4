// Package theme is what a site may change in the look of its pages and letters without
// writing CSS: the accent colour, the type, the measure.
//
// The style sheet of the built-in theme names every colour and font once, as custom
// properties. Style returns the few declarations that give some of them another value,
// in the last cascade layer; they are put at the end of the style sheet, so that a page
// still has one. Letters cannot use custom properties (Gmail and Outlook drop them), so
// their layouts ask for the colours by name.
//
// One accent colour is enough: it is what links and buttons have by day, where it must be
// legible on the darkest ground that links stand on (WCAG 2.2, 1.4.3), and a lighter one of
// the same hue is derived for readers with a dark screen. Print has no accent: on paper
// everything is black.
package theme

import (
	"strconv"
	"strings"
)

// The theme's own colours, as in static/assets/site.css and the letters.
var (
	Paper     = Colour{0xfb, 0xfa, 0xf7}
	Desk      = Colour{0xef, 0xec, 0xe5} // what a letter lies on: the darkest ground of links by day
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

// Suggest returns the nearest colour to c, darker, that is legible wherever links stand.
func Suggest(c Colour) Colour { return c.toward(Colour{}, Desk, Legible) }

// Style returns the CSS that gives the custom properties of the theme these values; ""
// if there is nothing to change. It is one layer, theme, and holds no text of the author
// but the names of fonts, in quotes; config refuses those with other characters than
// letters, digits, spaces and hyphens.
func (t Theme) Style() string {
	var b strings.Builder
	if len(t.Text) > 0 {
		b.WriteString("--text:" + Stack(t.Text) + ";")
	}
	if len(t.Headings) > 0 {
		b.WriteString("--display:" + Stack(t.Headings) + ";")
	}
	if t.Measure > 0 && t.Measure != defaultMeasure {
		latin := strconv.Itoa(int(float64(t.Measure)*latinShare + 0.5))
		b.WriteString("--measure:" + strconv.Itoa(t.Measure) + "em;--measure-latin:" + latin + "ch;")
	}
	style := ""
	if b.Len() > 0 {
		style = ":root{" + b.String() + "}"
	}
	if t.Accent != (Colour{}) {
		day, night, onDay, onNight := t.Colours()
		style += "@media screen{" + accented(day, onDay) + "}@media screen and (prefers-color-scheme:dark){" + accented(night, onNight) + "}"
	}
	if style == "" {
		return ""
	}
	return "\n@layer theme{" + style + "}\n"
}

// accented gives the accent colour, and that of text on it, their values.
func accented(accent, on Colour) string {
	return ":root{--ai:" + accent.String() + ";--on-ai:" + on.String() + ";}"
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
