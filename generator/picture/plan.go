package picture

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Settings are what renditions depend on besides the image.
type Settings struct {
	Widths  []int // in pixels, ascending, at least one
	Quality int   // of JPEG and WebP, 1 to 100
	WebP    bool  // what browsers choose from is WebP; or else JPEG
}

// Rendition is an image made of another: smaller, upright, in sRGB, and without
// metadata. Its name says what is in it, so that nobody need make it to refer to it.
type Rendition struct {
	Name          string // beach-800.3f2a9c0112.webp; empty: the image itself, as Strip leaves it
	Width, Height int
	Format        string // ".webp", ".jpg" or ".png"
	Quality       int    // of ".webp" and ".jpg"
	Key           [32]byte
}

// Set is what a page shows of an image.
type Set struct {
	Main   Rendition   // for whoever takes one picture only: JPEG, PNG, or the image itself
	Choice []Rendition // for browsers to choose from, by width; empty: there is Main alone
}

const (
	// mainWidth is what the one picture of those who cannot choose is wide: enough
	// for what social networks show, and for a letter's column on fine screens.
	mainWidth = 1200
	// renditionVersion is part of every name: it changes when the same settings
	// give other bytes.
	renditionVersion = "rendition 1"
	letterQuality    = 80
)

// Plan returns what a page shows of the image name. What is small, moves, is drawn
// in lines, or has colours that cannot be converted is shown as it is.
func (s Settings) Plan(info Info, name string) Set {
	own := Set{Main: Rendition{Width: info.Width, Height: info.Height}}
	if !info.Resizable || len(s.Widths) == 0 || info.Width <= s.Widths[0] {
		return own
	}
	format, quality := ".jpg", s.Quality
	if info.Alpha {
		format, quality = ".png", 0
	}
	set := Set{Main: info.rendition(name, min(info.Width, mainWidth), format, quality)}
	if info.Kind != "WebP" && !info.isTurned() && !info.Tuned && info.Width <= mainWidth {
		set.Main = own.Main
	}
	if s.WebP && info.fitsWebP() {
		format, quality = ".webp", s.Quality
	}
	for _, width := range s.widths(info.Width) {
		set.Choice = append(set.Choice, info.rendition(name, width, format, quality))
	}
	return set
}

func (i Info) fitsWebP() bool { return i.Width <= maxWebPSide && i.Height <= maxWebPSide }

// widths returns the widths of an image that is width wide. None is more than
// that; its own is one of them unless there is one that is nearly as wide.
func (s Settings) widths(width int) []int {
	var all []int
	for _, w := range s.Widths {
		if w < width {
			all = append(all, w)
		}
	}
	if width > slices.Max(s.Widths) {
		return all
	}
	if last := len(all) - 1; last > 0 && 8*all[last] > 7*width {
		all = all[:last]
	}
	return append(all, width)
}

// Letter returns what mail programs are shown of the image name, whose Name is
// empty if they can be shown the image itself. Only JPEG, PNG and GIF are known to
// all of them, and none turns an image that lies on its side. False: there is
// nothing that they show.
func (i Info) Letter(name string) (Rendition, bool) {
	own := Rendition{Width: i.Width, Height: i.Height}
	switch {
	case i.Kind == "GIF" || (i.Kind == "JPEG" || i.Kind == "PNG") && !i.Resizable:
		return own, true
	case !i.Resizable:
		return Rendition{}, false
	case i.Kind != "WebP" && !i.isTurned() && !i.Tuned && i.Width <= mainWidth:
		return own, true
	}
	return i.rendition(name, min(i.Width, mainWidth), ".jpg", letterQuality), true
}

func (i Info) rendition(name string, width int, format string, quality int) Rendition {
	r := Rendition{Width: width, Height: max(1, (i.Height*width+i.Width/2)/i.Width), Format: format, Quality: quality}
	r.Key = sha256.Sum256(fmt.Appendf(nil, "%s\n%x\n%d %d %s %d\n", renditionVersion, i.Sum, r.Width, r.Height, format, quality))
	base := path.Base(name)
	r.Name = fmt.Sprintf("%s-%d.%s%s", strings.TrimSuffix(base, path.Ext(base)), width, hex.EncodeToString(r.Key[:5]), format)
	return r
}
