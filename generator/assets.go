package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/picture"
	"kaiho/generator/site"
	"kaiho/generator/theme"
)

// assetFolder holds the files that layouts name and that get a hash in their
// published name, so that they may be cached for ever.
const assetFolder = "static/assets"

// styleSheet is the style of all pages; what site.yaml says of the theme is put at its end.
const styleSheet = "site.css"

// themeIcons are the files of the built-in theme that keep their names.
var themeIcons = []string{"favicon.svg", "favicon.ico", "apple-touch-icon.png"}

// asset is a file of the theme with its published bytes.
type asset struct {
	name string // below assets/: site.css
	path string // where it is published: assets/site.3f2a9c01.css, favicon.svg
	from string // for messages: static/assets/site.css
	data []byte
}

// assets are the files of the theme: the project's own, and the built-in ones
// that the project does not replace.
type assets struct {
	base   string
	files  []asset
	byName map[string]int
	look   theme.Theme
}

func loadAssets(source, builtin fs.FS, base string, look theme.Theme) (assets, diag.Problems, error) {
	a := assets{base: base, byName: map[string]int{}, look: look}
	var problems diag.Problems
	for _, fsys := range []fs.FS{source, builtin} {
		err := fs.WalkDir(fsys, assetFolder, func(name string, d fs.DirEntry, err error) error {
			if err != nil && name == assetFolder { // not there; or a link, which content reports
				return nil
			}
			if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
				return err // links are reported with all other files
			}
			return a.add(fsys, name, &problems)
		})
		if err != nil {
			return a, nil, fmt.Errorf("read %s: %w", assetFolder, err)
		}
	}
	for _, icon := range themeIcons {
		if _, err := fs.Stat(source, "static/"+icon); err == nil {
			continue
		}
		if data, err := publishedBytes(builtin, "static/"+icon); err == nil {
			a.files = append(a.files, asset{path: icon, from: "static/" + icon, data: data})
		}
	}
	return a, problems, nil
}

// add takes a file unless the project's own one of that name is there.
func (a *assets) add(fsys fs.FS, name string, problems *diag.Problems) error {
	short := strings.TrimPrefix(name, assetFolder+"/")
	if _, taken := a.byName[short]; taken {
		return nil
	}
	data, err := publishedBytes(fsys, name)
	if err != nil {
		if picture.IsImage(name) {
			return nil // reported with all other pictures
		}
		return err
	}
	if short == styleSheet {
		data = append(data, a.look.Style()...)
	}
	sum := sha256.Sum256(data)
	ext := path.Ext(short)
	hashed := strings.TrimSuffix(short, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a.byName[short] = len(a.files)
	a.files = append(a.files, asset{name: short, path: "assets/" + hashed, from: name, data: data})
	return nil
}

// url returns the published URL of an asset.
func (a assets) url(name string) (string, bool) {
	i, ok := a.byName[name]
	if !ok {
		return "", false
	}
	return a.base + a.files[i].path, true
}

// card returns the picture that stands for pages without one.
func (a assets) card() (url string, width, height int) {
	url, ok := a.url("card.png")
	if !ok {
		return "", 0, 0
	}
	width, height, err := picture.Size(a.files[a.byName["card.png"]].data, "card.png")
	if err != nil {
		return "", 0, 0
	}
	return url, width, height
}

// outputs returns the files of the theme as outputs.
func (a assets) outputs() []Output {
	out := make([]Output, 0, len(a.files))
	for _, f := range a.files {
		out = append(out, Output{Output: site.Output{Path: f.path, Source: f.from}, Path: "public/" + f.path,
			Audience: audience.Public, data: f.data})
	}
	return out
}
