package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"kaiho/generator/cache"
	"kaiho/generator/card"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/site"
)

// maxFontBytes is the most that a font may hold: all of Noto Serif CJK in one weight
// has 26 MB.
const maxFontBytes = 64 << 20

// fontLook is what the file of the font looks like from outside, and whether it
// cannot have changed since without looking different.
func fontLook(source fs.FS, name string) (look string, isSettled bool) {
	at := time.Now()
	info, err := fs.Lstat(source, name)
	if err != nil {
		return "", false
	}
	s := cache.StatOf(info)
	return fmt.Sprint(name, s), s.Settled(at)
}

// withFont is what the theme looks like with a font.
func withFont(theme [32]byte, look string) [32]byte { return cache.Key(string(theme[:]), "font", look) }

// loadFont reads the font of the cards, if the site names one and has cards.
func (p *Project) loadFont() error {
	t := &p.Config.Theme
	if t.CardFont == "" {
		return nil
	}
	report := func(rule diag.Rule, args ...string) {
		p.Problems = append(p.Problems, diag.New(t.CardFontPos, rule, append([]string{"file", t.CardFont}, args...)...))
	}
	if !fs.ValidPath(t.CardFont) {
		report(diag.CardFontPlace)
		return nil
	}
	look, isSettled := fontLook(p.source, t.CardFont)
	p.theme, p.isSettled = withFont(p.theme, look), p.isSettled && isSettled
	info, err := fs.Lstat(p.source, t.CardFont)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		report(diag.CardFontMissing, "nearest", p.nearestFont(t.CardFont))
		return nil
	case err != nil:
		return fmt.Errorf("read %s: %w", t.CardFont, err)
	case !info.Mode().IsRegular():
		report(diag.CardFontPlace)
		return nil
	case info.Size() > maxFontBytes:
		report(diag.CardFontSize, "size", fmt.Sprint((info.Size()+1<<20-1)>>20), "limit", fmt.Sprint(maxFontBytes>>20))
		return nil
	}
	data, err := fs.ReadFile(p.source, t.CardFont)
	if err != nil {
		return fmt.Errorf("read %s: %w", t.CardFont, err)
	}
	font, err := card.Parse(data, t.Style().OnPaper())
	if err != nil {
		report(diag.CardFont, "reason", err.Error())
		return nil
	}
	if config.On(p.Config.Outputs.Cards) {
		p.font = font
	}
	return nil
}

// nearestFont returns the font beside which a missing one was looked for that was
// most likely meant.
func (p *Project) nearestFont(name string) string {
	entries, err := fs.ReadDir(p.source, path.Dir(name))
	if err != nil {
		return ""
	}
	var fonts []string
	for _, e := range entries {
		if slices.Contains([]string{".ttf", ".otf", ".ttc", ".otc"}, strings.ToLower(path.Ext(e.Name()))) {
			fonts = append(fonts, e.Name())
		}
	}
	if nearest := diag.Nearest(path.Base(name), fonts); nearest != "" {
		return path.Join(path.Dir(name), nearest)
	}
	return ""
}

// checkTitles names what the font of the cards lacks.
func (p *Project) checkTitles() {
	if p.font == nil {
		return
	}
	site.Titles(p.Library, p.Config, func(page *content.Page, text card.Text) {
		if r := p.font.Missing(text); r != 0 {
			key := "title"
			if page.Person != nil {
				key = "name"
			}
			p.Problems = append(p.Problems, diag.New(p.Library.Place(page, key), diag.CardGlyph,
				"glyph", string(r), "code", fmt.Sprintf("U+%04X", r), "font", p.Config.Theme.CardFont))
		}
	})
}

// card draws an output that is a card, unless it was drawn before.
func (r *renderer) card(out site.Output) ([]byte, error) {
	defer r.made()
	return r.p.cache.images.Once(r.p.font.Key(*out.Card), func() ([]byte, error) { return r.p.font.Draw(*out.Card) })
}
