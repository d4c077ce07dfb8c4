package theme_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"kaiho/generator/theme"
)

func TestParseColour(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"six digits", "#1f4e79", "#1f4e79"},
		{"capitals", "#1F4E79", "#1f4e79"},
		{"three digits are doubled", "#15a", "#1155aa"},
		{"spaces around are nothing", " #1f4e79 ", "#1f4e79"},
		{"without its sign it is a number", "1f4e79", ""},
		{"transparency is refused", "#1f4e7980", ""},
		{"a name is refused", "navy", ""},
		{"no digits", "#", ""},
		{"a sign among the digits", "#+f4e79", ""},
		{"an underscore among the digits", "#1_4e79", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if colour, ok := theme.ParseColour(c.text); ok {
				got = colour.String()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The figures are those of the brief's palette, which were computed elsewhere.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       float64
	}{
		{"black on white is the most", "#000000", "#ffffff", 21},
		{"a colour on itself is the least", "#1f4e79", "#1f4e79", 1},
		{"ink on paper", "#1b2a3a", "#fbfaf7", 13.98},
		{"indigo on paper", "#1f4e79", "#fbfaf7", 8.30},
		{"the order does not matter", "#fbfaf7", "#1f4e79", 8.30},
		{"light indigo on the dark paper", "#8fc1ea", "#101a24", 9.19},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _ := theme.ParseColour(c.a)
			b, _ := theme.ParseColour(c.b)
			if got := theme.Contrast(a, b); math.Abs(got-c.want) > 0.01 {
				t.Errorf("got %.2f, want %.2f", got, c.want)
			}
		})
	}
}

// Whatever colour a site chooses that is legible wherever links stand, all four are.
func TestEveryDerivedColourIsLegible(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 20000 {
		c := theme.Colour{R: uint8(r.UintN(256)), G: uint8(r.UintN(256)), B: uint8(r.UintN(256))}
		if theme.Contrast(c, theme.Desk) < theme.Legible {
			c = theme.Suggest(c)
			if theme.Contrast(c, theme.Desk) < theme.Legible {
				t.Fatalf("got a suggestion %v with contrast %.2f, want %v", c, theme.Contrast(c, theme.Desk), theme.Legible)
			}
		}
		paper, dark, onPaper, onDark := theme.Theme{Accent: c}.Colours()
		for what, pair := range map[string][2]theme.Colour{"on paper": {paper, theme.Paper}, "on the desk": {paper, theme.Desk},
			"on a dark screen": {dark, theme.DarkPaper}, "of text on the accent": {onPaper, paper}, "of text on the light accent": {onDark, dark}} {
			if got := theme.Contrast(pair[0], pair[1]); got < theme.Legible {
				t.Fatalf("%v: got contrast %.2f %s, want %v or more", c, got, what, theme.Legible)
			}
		}
	}
}

func TestStyle(t *testing.T) {
	accent, _ := theme.ParseColour("#2f6b4f")
	for _, c := range []struct {
		name  string
		theme theme.Theme
		want  string
	}{
		{"the zero theme changes nothing", theme.Theme{}, ""},
		{"the usual measure is no change", theme.Theme{Measure: 38}, ""},
		{"a measure changes both editions", theme.Theme{Measure: 34}, "\n@layer theme{:root{--measure:34em;--measure-latin:59ch;}}\n"},
		{"fonts end in the theme's own", theme.Theme{Text: []string{"BIZ UDPGothic"}, Headings: []string{"sans"}},
			"\n@layer theme{:root{--text:\"BIZ UDPGothic\",var(--sans);--display:var(--sans);}}\n"},
		{"a list may end in serifs", theme.Theme{Text: []string{"Noto Serif JP", "serif"}}, "\n@layer theme{:root{--text:\"Noto Serif JP\",var(--serif);}}\n"},
		{"a colour is given for both schemes", theme.Theme{Accent: accent},
			"\n@layer theme{@media screen{:root{--ai:#2f6b4f;--on-ai:#ffffff;}}@media screen and (prefers-color-scheme:dark){:root{--ai:#8bac9c;--on-ai:#101a24;}}}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.theme.Style(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTheDeskIsThatOfLetters(t *testing.T) {
	letter, err := os.ReadFile("../../layouts/letter.html")
	if want := strings.ToUpper(theme.Desk.String()); err != nil || !strings.Contains(string(letter), `<body class="k-desk" style="margin:0;padding:0;background-color:`+want) {
		t.Errorf("letters lie on another desk than %s: %v", want, err)
	}
}

// A property of Style that no style sheet has does nothing.
func TestTheStyleSheetsHaveTheProperties(t *testing.T) {
	accent, _ := theme.ParseColour("#2f6b4f")
	style := theme.Theme{Accent: accent, Text: []string{"A"}, Headings: []string{"B"}, Measure: 30}.Style()
	for _, file := range []string{"../../static/assets/site.css", "../gate/pages/style.css"} {
		css, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, property := range []string{"--ai", "--on-ai", "--text", "--display", "--measure"} {
			if !strings.Contains(style, property+":") || !strings.Contains(string(css), property+":") || !strings.Contains(string(css), "var("+property+")") {
				t.Errorf("%s: got no %s, want it declared and used", file, property)
			}
		}
		for _, colour := range []theme.Colour{theme.Paper, theme.DarkPaper} {
			if !strings.Contains(string(css), "--paper: "+colour.String()+";") {
				t.Errorf("%s: got another paper, want %v", file, colour)
			}
		}
		for _, m := range regexp.MustCompile(`--(?:paper|sheet|wash): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(string(css), -1) {
			ground, ok := theme.ParseColour(m[1])
			isDay := theme.Contrast(ground, theme.Colour{}) > theme.Legible
			if !ok || isDay && theme.Contrast(ground, theme.Colour{}) < theme.Contrast(theme.Desk, theme.Colour{}) {
				t.Errorf("%s: links stand on %s, which is darker than %v", file, m[0], theme.Desk)
			}
		}
	}
}

func Example() {
	accent, _ := theme.ParseColour("#2f6b4f")
	t := theme.Theme{Accent: accent, Measure: 34}
	_, dark, _, _ := t.Colours()
	fmt.Println("on a dark screen:", dark)
	fmt.Println(strings.TrimSpace(t.Style()))
	// Output:
	// on a dark screen: #8bac9c
	// @layer theme{:root{--measure:34em;--measure-latin:59ch;}@media screen{:root{--ai:#2f6b4f;--on-ai:#ffffff;}}@media screen and (prefers-color-scheme:dark){:root{--ai:#8bac9c;--on-ai:#101a24;}}}
}
