package config

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/theme"
)

// Theme is the look of the site, as far as it can be changed without CSS.
type Theme struct {
	Accent  Accent     `yaml:"accent"` // #1f4e79: the colour of links and buttons
	Fonts   ThemeFonts `yaml:"fonts"`
	Measure int        `yaml:"measure" min:"24" max:"48"` // full-width characters in a line of text; default 38
	Logo    string     `yaml:"logo" file:"picture"`       // a picture in static/, in place of the lens beside the title

	CardFont string `yaml:"card_font"` // file of a font, from the project folder on, for the pictures that stand for pages elsewhere

	CardFontPos diag.Pos `yaml:"-"`
}

// ThemeFonts are the fonts of text and headings: families that readers may have, the
// first that is there, and sans or serif for those of the theme. No font is ever loaded.
type ThemeFonts struct {
	Text     FontList `yaml:"text"`     // default sans
	Headings FontList `yaml:"headings"` // default serif
}

// Style returns the look in the terms of package theme.
func (t Theme) Style() theme.Theme {
	return theme.Theme{Accent: t.Accent.Colour, Text: t.Fonts.Text, Headings: t.Fonts.Headings, Measure: t.Measure}
}

// LogoPath returns the path of the logo below the site's base: /images/logo.svg; "" if
// there is none.
func (t Theme) LogoPath() string {
	if t.Logo == "" {
		return ""
	}
	return staticPath(t.Logo)
}

// Accent is a colour that is legible wherever the theme has links; the zero value is none.
type Accent struct{ theme.Colour }

// Shape is a text, for editors' tools.
func (Accent) Shape() frontmatter.Shape {
	return frontmatter.Shape{Form: frontmatter.TextShape, Pattern: `^ *#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}) *$`}
}

// DecodeFrontMatter reads a colour as #1f4e79. One in which links would be hard to read is
// a problem that names the nearest one that will do.
func (a *Accent) DecodeFrontMatter(n *frontmatter.Node, o frontmatter.Options) diag.Problems {
	var text string
	if problems := frontmatter.Decode(n, &text, o); len(problems) > 0 {
		return problems
	}
	c, ok := theme.ParseColour(text)
	if !ok {
		nearest := ""
		if with, ok := theme.ParseColour("#" + text); ok {
			nearest = with.String()
		}
		return diag.Problems{diag.New(n.Pos(), diag.ThemeColour, "value", text, "nearest", nearest)}
	}
	a.Colour = c
	if contrast := theme.Contrast(c, theme.Desk); contrast < theme.Legible {
		return diag.Problems{diag.New(n.Pos(), diag.ThemeContrast, "value", text, "contrast", fmt.Sprintf("%.1f", contrast), "nearest", theme.Suggest(c).String())}
	}
	return nil
}

// FontList is names of font families, or sans and serif.
type FontList []string

var fontName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} -]{0,63}$`)

// Shape is a list of texts, for editors' tools.
func (FontList) Shape() frontmatter.Shape {
	return frontmatter.Shape{Form: frontmatter.ListShape, Of: &frontmatter.Shape{Form: frontmatter.TextShape}}
}

// DecodeFrontMatter reads a name or a list of names.
func (l *FontList) DecodeFrontMatter(n *frontmatter.Node, o frontmatter.Options) diag.Problems {
	*l = nil
	var problems diag.Problems
	items := n.Items()
	if n.Kind() != frontmatter.List {
		items = []*frontmatter.Node{n}
	}
	for _, item := range items {
		var name string
		if found := frontmatter.Decode(item, &name, o); len(found) > 0 {
			problems = append(problems, found...)
			continue
		}
		generic := strings.ToLower(strings.TrimSpace(name))
		generic = cmp.Or(map[string]string{"sans-serif": theme.Sans, "gothic": theme.Sans, "mincho": theme.Serif}[generic], generic)
		switch {
		case generic == theme.Sans || generic == theme.Serif:
			*l = append(*l, generic)
		case !fontName.MatchString(name):
			problems = append(problems, diag.New(item.Pos(), diag.ThemeFont, "value", name))
		default:
			*l = append(*l, name)
		}
	}
	return problems
}

// theme checks what the types of its keys cannot say.
func (c *checker) theme() {
	if accent := c.node.At("theme", "accent"); accent != nil && accent.Kind() == frontmatter.Null { // accent: #1f4e79
		c.report(diag.ThemeColour, []string{"theme", "accent"}, "value", "")
	}
	if logo := c.site.Theme.Logo; logo != "" {
		c.site.Links = append(c.site.Links, Link{c.at("theme", "logo"), staticPath(logo), true})
	}
	t := &c.site.Theme
	if c.oneLine("theme", "card_font"); t.CardFont != "" {
		t.CardFont, t.CardFontPos = strings.TrimPrefix(t.CardFont, "./"), c.at("theme", "card_font")
	}
}

// staticPath returns the URL, below the site's base, of a file in static/ that is named
// with or without that folder.
func staticPath(file string) string {
	return "/" + strings.TrimPrefix(strings.TrimPrefix(file, "/"), "static/")
}
