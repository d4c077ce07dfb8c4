package content

import (
	"fmt"
	"path"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/picture"
)

// Pictures says how pictures are shown.
type Pictures struct {
	picture.Settings
	Sizes     string // the attribute sizes of pictures in bodies
	Gallery   string // the same in galleries
	MaxPixels int64  // that a picture may have; 0: any number
}

// place is where something stands: a page, and the place in its file.
type place struct {
	page *Page
	spot
}

// showing is a picture, and where it is shown.
type showing struct {
	file *File
	spot
}

// Shown is a picture as a page shows it.
type Shown struct {
	URL           string // with the base path
	Width, Height int    // of what lies there
	Srcset        string // empty: nothing to choose from
}

// RenditionURL returns the address of a rendition, without the base path. It is the
// same for all who may have the picture, and tells others nothing.
func RenditionURL(r picture.Rendition) string { return "/assets/" + r.Name }

// look is how pages show a picture.
type look struct {
	set   picture.Set
	shown Shown
}

func (l *Library) newLook(f *File) look {
	set := l.o.Pictures.Plan(f.Picture, f.Path)
	s := Shown{URL: l.Link(f.URL), Width: f.Width, Height: f.Height}
	if set.Main.Name != "" {
		s.URL, s.Width, s.Height = l.Link(RenditionURL(set.Main)), set.Main.Width, set.Main.Height
	}
	var b strings.Builder
	for i, r := range set.Choice {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %dw", l.Link(RenditionURL(r)), r.Width)
	}
	s.Srcset = b.String()
	return look{set, s}
}

// Shown returns a file as pages show it, if it is a picture.
func (f *File) Shown() Shown { return f.look().shown }

// Renditions returns what is made of a picture because pages show it.
func (f *File) Renditions() []picture.Rendition {
	if f.shown.page == nil {
		return nil
	}
	set := f.look().set
	if set.Main.Name == "" {
		return set.Choice
	}
	return append([]picture.Rendition{set.Main}, set.Choice...)
}

// LetterPicture returns the address, without the base path, and the rendition of a
// picture for letters; the name of the rendition is empty if they show the picture
// itself. False: mail programs do not show it.
//
// The address has no hash in it. A letter is kept for years, and its pictures are
// fetched whenever it is opened: they must be there after the picture, or the
// program, has been replaced by a newer one.
func (l *Library) LetterPicture(f *File) (url string, r picture.Rendition, ok bool) {
	r, ok = f.Picture.Letter(f.Path)
	if !ok || r.Name == "" {
		return f.URL, r, ok
	}
	return f.URL + ".letter" + r.Format, r, true
}

// Taken reports whether a file of the project has a URL.
func (l *Library) Taken(url string) bool { return l.files[url] != nil }

// PlaceOf returns where a picture is shown first; the file itself if that is
// nowhere.
func (l *Library) PlaceOf(f *File) diag.Pos {
	s := f.shown
	switch {
	case s.page == nil:
		return diag.Pos{Path: f.Path, Line: 1, Col: 1}
	case s.keys != nil:
		return l.at(s.page, s.keys...)
	}
	return s.Pos
}

// checkPictures reports pictures that cannot be shown, where they are shown first.
func (l *Library) checkPictures() diag.Problems {
	var problems diag.Problems
	for _, files := range [][]*File{l.Files, l.Static} {
		for _, f := range files {
			limit := l.o.Pictures.MaxPixels
			switch pixels := f.Picture.Pixels(); {
			case len(f.broken) > 0:
				fault := f.broken[0]
				fault.Pos = l.PlaceOf(f)
				problems = append(problems, fault)
			case limit > 0 && pixels > limit:
				problems = append(problems, diag.New(l.PlaceOf(f), diag.PicturePixels, "file", path.Base(f.Path), "width", fmt.Sprint(f.Width),
					"height", fmt.Sprint(f.Height), "size", fmt.Sprint((pixels+999_999)/1_000_000), "limit", fmt.Sprint(limit/1_000_000)))
			}
		}
	}
	return problems
}
