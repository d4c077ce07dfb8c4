package generator_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
)

// canaries are unique words. Each is made by word, which notes who may see it.
type canaries map[string][]string // word → trees that must have it

func (c canaries) word(name string, trees ...string) string {
	w := fmt.Sprintf("zq%04dx%s", len(c), strings.ReplaceAll(name, " ", ""))
	c[w] = trees
	return w
}

// now is the site's clock in tests.
var now = time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*60*60))

const leakSite = `
title: 会
base_url: https://nagi.example/
languages: [ja, en]
audiences:
  alumni: {title: 会員}
  staff: {title: 社員, reads: [alumni]}
`

// TestNothingLeaks plants a unique word in every field of members' pages, in
// bundles, file names, aliases, references, teasers and :::members parts, and
// looks for them in every byte of every tree.
func TestNothingLeaks(t *testing.T) {
	c, files := leakProject(t)
	dist := build(t, files, generator.Options{Now: now})
	seen := c.look(t, dist)
	for _, word := range slices.Sorted(maps.Keys(c)) {
		for _, tree := range c[word] {
			if len(seen[word][tree]) == 0 {
				t.Errorf("%s is nowhere in %s", word, tree)
			}
		}
	}
	t.Logf("%d words", len(c))
}

// leakProject is a project with a word in every field, and who may see each.
func leakProject(t *testing.T) (canaries, fstest.MapFS) {
	t.Helper()
	c := canaries{}
	files := fstest.MapFS{"site.yaml": {Data: []byte(leakSite)}}
	add := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text)} }
	picture := pngWith(t)
	for _, m := range []struct {
		audience string
		trees    []string
	}{
		{"alumni", []string{"members/alumni", "members/staff"}},
		{"staff", []string{"members/staff"}},
		{"[staff, alumni]", []string{"members/alumni", "members/staff"}},
	} {
		id := strings.Trim(strings.ReplaceAll(m.audience, ", ", "-"), "[]")
		w := func(name string) string { return c.word(id+" "+name, m.trees...) }
		for _, teaser := range []bool{false, true} {
			gatedPages(add, files, picture, id, m.audience, teaser, w, c)
		}
		memberParts(add, files, picture, id, m.audience, w, c)
		gatedPeople(add, files, picture, id, m.audience, w)
		gatedWords(add, id, m.audience, w)
	}
	heldBack(add, files, picture, c)
	publicReferences(add)
	showParams(t, add)

	return c, files
}

// look finds the words in all files of dist, by word and tree, and reports those that
// are where they must not be.
func (c canaries) look(t *testing.T, dist string) map[string]map[string][]string {
	t.Helper()
	seen := map[string]map[string][]string{}
	for name, data := range unpacked(t, read(t, dist)) {
		tree := "public"
		if strings.HasPrefix(name, "members/") {
			tree = strings.Join(strings.SplitN(name, "/", 3)[:2], "/")
		}
		if name == "manifest.json" {
			continue // not published; it names the files of all trees
		}
		for word := range c {
			if bytes.Contains(data, []byte(word)) || strings.Contains(name, word) {
				if seen[word] == nil {
					seen[word] = map[string][]string{}
				}
				seen[word][tree] = append(seen[word][tree], name)
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(c)) {
		for tree, where := range seen[word] {
			if !slices.Contains(c[word], tree) {
				t.Errorf("%s is in %s: %v", word, tree, where[:min(3, len(where))])
			}
		}
	}
	return seen
}

var hidden = regexp.MustCompile(`\{(\w+)\}`)

// gatedPages adds a page of each kind with a word in every key.
func gatedPages(add func(name, text string), files fstest.MapFS, picture []byte, id, audience string, teaser bool, w func(string) string, c canaries) {
	for _, kind := range slices.Sorted(maps.Keys(gatedFrontMatter)) {
		name := kind + "-" + id
		if teaser {
			name = "teaser-" + name
		}
		shown := []string(nil) // what the public sees as well, with a teaser
		if teaser {
			shown = []string{"public"}
		}
		teased := func(field string) string {
			word := w(name + " " + field)
			c[word] = append(slices.Clone(c[word]), shown...)
			if teaser { // what the public tree has is in an overlay only where it differs
				c[word] = []string{"public", "members/alumni", "members/staff"}
			}
			return word
		}
		secret := func(field string) string {
			word := w(name + " " + field)
			if id == "staff" {
				c[word] = []string{"members/staff"}
			}
			return word
		}
		front := hidden.ReplaceAllStringFunc(gatedFrontMatter[kind], func(p string) string { return secret(p[1 : len(p)-1]) })
		image, cover, series := secret("image"), teased("cover"), secret("series")
		loose := c.word(name+" loose", "members/staff") // they alone read every part of the page
		dir := "content/" + sectionOf(kind) + "/" + name
		add(dir+"/index.md", fmt.Sprintf("---\ntitle: %s\naudience: %s\nteaser: %v\nsummary: %s\ncover: {src: %s.png, alt: %s, caption: %s, credit: %s}\npoints: [%s]\ntags: [%s]\nseries: %s\naliases: [/old/%s/]\nparams: {free: %s}\n%s---\n%s\n\n## %s\n\n![%s](%s.png \"%s\")\n\n[%s](/%s)\n\n:::members{audience=staff}\n%s\n:::\n",
			teased("title"), audience, teaser, teased("summary"), cover, teased("alt"), teased("caption"), teased("credit"),
			secret("point"), secret("tag"), series, secret("alias"), secret("param"), front,
			secret("body"), secret("heading"), secret("imagealt"), image, secret("imagetitle"), secret("link"), "", c.word(name+" staffpart", "members/staff")))
		for _, file := range []string{image, cover, loose} {
			files[dir+"/"+file+".png"] = &fstest.MapFile{Data: picture}
		}
		add("content/columns/second-"+name+".md", fmt.Sprintf("---\ntitle: 続き\ndate: 2026-11-01\naudience: %s\nseries: %s\n---\n",
			audience, series)) // a single page is no series
	}
}

// showParams adds free front matter to the built-in layouts, which leave it to
// each site.
func showParams(t *testing.T, add func(name, text string)) {
	t.Helper()
	for name, before := range map[string]string{"layouts/partials/article-foot.html": "<footer", "layouts/person.html": "<article"} {
		text, err := fs.ReadFile(kaiho.Sample, name)
		if err != nil {
			t.Fatal(err)
		}
		add(name, strings.Replace(string(text), before, "{{range .Params}}{{.Values}}{{end}}"+before, 1))
	}
}

// sectionOf returns the default section of a kind.
func sectionOf(kind string) string {
	if kind == "news" || kind == "notes" {
		return kind
	}
	return kind + "s"
}

// pngWith returns a picture with a text chunk.
func pngWith(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 6, 4))
	m.Set(1, 1, color.RGBA{200, 10, 10, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// build builds a project into a new folder.
func build(t *testing.T, project fs.FS, o generator.Options) string {
	t.Helper()
	dir := t.TempDir()
	buildInto(t, dir, project, o)
	return dir
}

func buildInto(t *testing.T, dir string, project fs.FS, o generator.Options) generator.Report {
	t.Helper()
	if o.Cache == nil {
		o.Cache = withPictures(nil)
		defer o.Cache.Close()
	}
	p, err := generator.Open(project, kaiho.Sample, o)
	if err != nil {
		t.Fatal(err)
	}
	if p.Problems.HasErrors() {
		var b strings.Builder
		_ = p.Problems.Print(&b, "en")
		t.Fatal(b.String())
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	result, err := p.Build(t.Context(), root, "test")
	if err != nil || p.Problems.HasErrors() {
		t.Fatal(err, p.Problems)
	}
	return result.Report
}

// read returns every file below dir, unpacked if it is compressed.
func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return err
			}
			if data, err = io.ReadAll(z); err != nil {
				return err
			}
		}
		all[name] = data
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
