package generator_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/image/font/gofont/goregular"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/audience"
)

// photo is a photograph with a place in its metadata; shade makes another one.
func photo(t testing.TB, width, height int, shade uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.RGBA{shade, uint8(x * 255 / width), uint8(y * 255 / height), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	place := "Exif\x00\x00GPS 35.0116, 135.7681"
	return append([]byte("\xff\xd8\xff\xe1\x00"+string(rune(len(place)+2))+place), b.Bytes()[2:]...)
}

func file(data []byte) *fstest.MapFile { return &fstest.MapFile{Data: data} }

// TestNoRenditionLeaks looks for the names and the bytes of what is made of
// members' pictures in the trees of those who may not have them.
func TestNoRenditionLeaks(t *testing.T) {
	pages := map[string]string{
		"content/reports/forall/index.md":    "---\ntitle: 公開\ndate: 2026-11-01\ncover: {src: coverforall.jpg, alt: 絵}\n---\n![絵](bodyforall.jpg)\n\n:::members{audience=alumni}\n![絵](partforalumni.jpg)\n:::\n",
		"content/reports/foralumni/index.md": "---\ntitle: 会員\ndate: 2026-11-01\naudience: alumni\nteaser: true\ncover: {src: teaserforall.jpg, alt: 絵}\ngallery: [{src: galleryforalumni.jpg, alt: 絵}]\n---\n![絵](bodyforalumni.jpg)\n",
		"content/reports/forstaff/index.md":  "---\ntitle: 社員\ndate: 2026-11-01\naudience: staff\ncover: {src: coverforstaff.jpg, alt: 絵}\n---\n![絵](bodyforstaff.jpg)\n",
		"content/people/foralumni/index.md":  "---\nname: {family: 山, given: 川}\naudience: alumni\nportrait: {src: portraitforalumni.jpg, alt: 絵}\n---\n",
		"content/newsletters/2026-11-18.md":  "---\ntitle: 便り\ndate: 2026-11-18\n---\nいかが。\n",
	}
	files := fstest.MapFS{"site.yaml": {Data: []byte(leakSite)}}
	shade := uint8(0)
	trees := map[string][]string{"forall": {"public"}, "foralumni": {"members/alumni", "members/staff"}, "forstaff": {"members/staff"}}
	wants := map[string][]string{} // picture → trees that have its renditions
	for name, text := range pages {
		files[name] = &fstest.MapFile{Data: []byte(text)}
		for _, src := range regexp.MustCompile(`\w+\.jpg`).FindAllString(text, -1) {
			shade += 23
			files[path.Dir(name)+"/"+src] = file(photo(t, 1300, 60, shade))
			for who, where := range trees {
				if strings.HasSuffix(src, who+".jpg") {
					wants[strings.TrimSuffix(src, ".jpg")] = where
				}
			}
		}
	}
	all := read(t, build(t, files, generator.Options{Now: now}))
	owner := map[string]string{} // bytes of a rendition → picture
	for name, data := range all {
		for picture := range wants {
			if base := path.Base(name); strings.HasPrefix(base, picture) && !strings.HasSuffix(name, ".html") {
				owner[string(data)] = picture
			}
		}
	}
	for picture, where := range wants {
		seen := map[string]int{}
		for name, data := range all {
			if name == "manifest.json" {
				continue
			}
			tree := "public"
			if strings.HasPrefix(name, "members/") {
				tree = strings.Join(strings.SplitN(name, "/", 3)[:2], "/")
			}
			if strings.Contains(name, picture) || bytes.Contains(data, []byte(picture)) || owner[string(data)] == picture {
				seen[tree]++
				if allowed := strings.Join(where, " "); !strings.Contains(allowed, tree) && allowed != "public" {
					t.Errorf("%s is in %s: %s", picture, tree, name)
				}
			}
			if bytes.Contains(data, []byte("35.0116")) {
				t.Errorf("%s tells the place", name)
			}
		}
		for _, tree := range where {
			if seen[tree] < 5 { // the page, the picture, three widths or more
				t.Errorf("%s: %d files in %s, want 5 or more", picture, seen[tree], tree)
			}
		}
	}
	if _, ok := all["public/reports/forall/coverforall.jpg.letter.jpg"]; !ok {
		t.Error("the public cover has no form for letters")
	}
	for name := range all {
		if strings.Contains(name, ".letter.") && !strings.HasPrefix(name, "public/") {
			t.Errorf("%s: letters show only what everybody may load", name)
		}
	}
}

// TestSecondBuildResizesNothing builds again, with and without dist, and expects
// what was made to be found.
func TestSecondBuildResizesNothing(t *testing.T) {
	files := fstest.MapFS{"site.yaml": {Data: []byte("title: A\nbase_url: https://nagi.example/\ntheme: {card_font: font.ttf}\n")}, "font.ttf": file(goregular.TTF),
		"content/news/a/index.md": {Data: []byte("---\ntitle: A\ndate: 2026-11-01\n---\n![絵](a.jpg)\n")}, "content/news/a/a.jpg": file(photo(t, 1300, 60, 9))}
	cacheDir, dist := t.TempDir(), t.TempDir()
	once := func() map[string][]byte {
		c := generator.NewCache(cacheDir, "test")
		defer c.Close()
		buildInto(t, dist, files, generator.Options{Now: now, Cache: c})
		return read(t, dist)
	}
	first := once()
	stamps := func() string {
		var b strings.Builder
		_ = fs.WalkDir(os.DirFS(cacheDir), "pictures", func(name string, d fs.DirEntry, err error) error {
			if info, err := d.Info(); err == nil && !d.IsDir() {
				fmt.Fprintln(&b, name, info.ModTime().UnixNano())
			}
			return nil
		})
		return b.String()
	}
	before := stamps()
	if n := strings.Count(before, "\n"); n != 5 { // three widths, one JPEG, one card
		t.Errorf("got %d files in the cache, want 5:\n%s", n, before)
	}
	for _, tree := range []string{"", "/public"} {
		if tree != "" {
			if err := os.RemoveAll(dist + tree); err != nil {
				t.Fatal(err)
			}
		}
		again := once()
		for name, data := range first {
			if !bytes.Equal(again[name], data) {
				t.Errorf("%s has other bytes", name)
			}
		}
		if got := stamps(); got != before {
			t.Errorf("something was made again: got\n%s\nwant\n%s", got, before)
		}
	}
}

// TestBrokenPicture holds that what is wrong with a picture is said where the page
// names it, and that the last good site stays.
func TestBrokenPicture(t *testing.T) {
	whole := photo(t, 1300, 600, 9)
	scan := bytes.Clone(whole)
	at := bytes.LastIndex(scan, []byte{0xff, 0xda}) + 40
	copy(scan[at:], bytes.Repeat([]byte{0xff, 0x00}, (len(scan)-at)/2-4)) // only decoding finds out
	large := bytes.Clone(whole)
	frame := bytes.Index(large, []byte{0xff, 0xc0})
	copy(large[frame+5:], []byte{0xea, 0x60, 0xea, 0x60}) // 60,000 × 60,000
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"cut off", whole[:len(whole)/2], "content/news/a/index.md:5:1: error: the picture a.jpg is cut off: its end is missing. Copy it anew"},
		{"another kind than its name says", pngWith(t), "content/news/a/index.md:5:1: error: the name of the picture a.jpg says JPEG, but it is PNG. Let its name end in .png. [image-misnamed]"},
		{"a header that is right and a body that is not", scan, "content/news/a/index.md:5:1: error: the picture a.jpg is damaged: "},
		{"more pixels than anybody can see", large, "content/news/a/index.md:5:1: error: the picture a.jpg has 60000 × 60000 pixels, 3600 megapixels; a picture may have 100."},
		{"not there", nil, `content/news/a/index.md:5:1: error: there is no picture "a.jpg".`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{"site.yaml": {Data: []byte("title: 会\nbase_url: https://nagi.example/\n")},
				"content/news/a/index.md": {Data: []byte("---\ntitle: A\ndate: 2026-11-01\n---\n![絵](a.jpg)\n")}, "content/news/a/a.jpg": file(whole)}
			dist := t.TempDir()
			buildInto(t, dist, files, generator.Options{Now: now})
			before := read(t, dist)
			if files["content/news/a/a.jpg"] = file(c.data); c.data == nil {
				delete(files, "content/news/a/a.jpg")
			}
			p, err := generator.Open(files, kaiho.Sample, generator.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if !p.Problems.HasErrors() {
				root, err := os.OpenRoot(dist)
				if err != nil {
					t.Fatal(err)
				}
				defer root.Close()
				if _, err := p.Build(t.Context(), root, "test"); err != nil {
					t.Fatal(err)
				}
			}
			var b strings.Builder
			_ = p.Problems.Print(&b, "en")
			if got := b.String(); !strings.Contains(got, c.want) || strings.Count(got, "error:") != 1 {
				t.Errorf("got %s, want %s", got, c.want)
			}
			after := read(t, dist)
			for name := range before {
				if !bytes.Equal(before[name], after[name]) {
					t.Errorf("%s has changed", name)
				}
			}
			if len(after) != len(before) {
				t.Errorf("got %d files, want %d", len(after), len(before))
			}
		})
	}
}

// TestDevMakesWhatIsAskedFor compares what dev shows with what a build writes.
func TestDevMakesWhatIsAskedFor(t *testing.T) {
	files := fstest.MapFS{"site.yaml": {Data: []byte("title: A\nbase_url: https://nagi.example/\ntheme: {card_font: font.ttf}\n")}, "font.ttf": file(goregular.TTF),
		"content/news/a/index.md": {Data: []byte("---\ntitle: A\ndate: 2026-11-01\n---\n![絵](a.jpg)\n")}, "content/news/a/a.jpg": file(photo(t, 1300, 60, 9))}
	p, err := generator.Open(files, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	live, shown := p.Live(), 0
	for name, want := range read(t, build(t, files, generator.Options{Now: now})) {
		if url, ok := strings.CutPrefix(name, "public/assets/"); ok {
			got, err := live.Open(audience.Public, "/assets/"+url)
			if shown++; err != nil || !bytes.Equal(got.Data, want) {
				t.Errorf("%s differs: %v", name, err)
			}
		}
	}
	if shown < 7 {
		t.Errorf("compared %d files, want 7 or more", shown)
	}
}

// TestOnePictureIsLoadedFirst counts the pictures of pages that browsers are told to
// load at once, and looks for sizes wherever there is a choice.
func TestOnePictureIsLoadedFirst(t *testing.T) {
	news := func(front, body string) *fstest.MapFile {
		return file([]byte("---\ntitle: A\ndate: 2026-11-01\n" + front + "---\n" + body))
	}
	files := fstest.MapFS{"site.yaml": {Data: []byte("title: A\nbase_url: https://nagi.example/\n")}, "static/p.jpg": file(photo(t, 1300, 60, 9)),
		"content/news/cover.md": news("cover: {src: /p.jpg, alt: 絵}\n", "![絵](/p.jpg)\n"), "content/news/body.md": news("", "![絵](/p.jpg)\n\n![絵](/p.jpg)\n"),
		"content/news/below.md": news("", "## 見出し\n\n![絵](/p.jpg) [絵](/p.jpg)\n")}
	all := read(t, build(t, files, generator.Options{Now: now}))
	for page, want := range map[string]int{"cover": 1, "body": 1, "below": 0} {
		html := string(all["public/news/"+page+"/index.html"])
		if got := strings.Count(html, "fetchpriority"); got != want {
			t.Errorf("%s: got %d pictures that are loaded first, want %d", page, got, want)
		}
		for _, tag := range regexp.MustCompile(`<img[^>]*>`).FindAllString(html, -1) {
			for _, attribute := range []string{"srcset=", "sizes=", "width=", "height=", "loading="} {
				if !strings.Contains(tag, attribute) {
					t.Errorf("%s: %s has no %s", page, tag, attribute)
				}
			}
		}
	}
	if below := string(all["public/news/below/index.html"]); !regexp.MustCompile(`<a href="?/p\.jpg`).MatchString(below) {
		t.Error("a link to a picture does not lead to the file")
	}
}

// TestCardSwitch looks at what stands for a page elsewhere.
func TestCardSwitch(t *testing.T) {
	for _, c := range []struct{ name, yaml, title, cover, want string }{
		{"a title that the font has", "theme: {card_font: font.ttf}\n", "Lanterns", "", "card.[0-9a-f]+.png"},
		{"a title that the font lacks", "theme: {card_font: font.ttf}\n", "灯台", "", "card.128c32d70f.png"},
		{"a photograph", "theme: {card_font: font.ttf}\n", "Lanterns", "cover: {src: /p.jpg, alt: Sea}\n", "p-1200.[0-9a-f]+.jpg"},
		{"no font", "", "Lanterns", "", "card.128c32d70f.png"},
		{"switched off", "theme: {card_font: font.ttf}\noutputs: {cards: false}\n", "Lanterns", "", "card.128c32d70f.png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{"site.yaml": file([]byte("title: A\nbase_url: https://nagi.example/\n" + c.yaml)), "font.ttf": file(goregular.TTF), "static/p.jpg": file(photo(t, 1300, 630, 9)),
				"content/news/a.md": file([]byte("---\ntitle: " + c.title + "\ndate: 2026-11-01\n" + c.cover + "---\n"))}
			all := read(t, build(t, files, generator.Options{Now: now}))
			head := string(all["public/news/a/index.html"])
			found := regexp.MustCompile(`og:image"? content="?https://nagi.example/assets/([^"> ]+)`).FindStringSubmatch(head)
			if found == nil || !regexp.MustCompile("^"+c.want+"$").MatchString(found[1]) {
				t.Fatalf("got %q, want %s", found, c.want)
			}
			if _, ok := all["public/assets/"+found[1]]; !ok {
				t.Errorf("%s is not there", found[1])
			}
			drawn := 0
			for name := range all {
				if strings.Contains(name, "/card.") {
					drawn++
				}
			}
			if wanted := strings.Contains(c.want, "card.["); wanted != (drawn == 2) {
				t.Errorf("got %d cards", drawn)
			}
		})
	}
}

// TestCardProblems holds that what is wrong with a font, or a title, is said where
// it stands.
func TestCardProblems(t *testing.T) {
	for _, c := range []struct{ name, font, title, want string }{
		{"a title that the font has", "fonts/go.ttf", "Lanterns", ""},
		{"a character that the font lacks", "fonts/go.ttf", "Lantern 灯", `content/news/a.md:2:8: warning: the font of the cards (fonts/go.ttf) has no "灯" (U+706F)`},
		{"a name that is nearly right", "fonts/og.ttf", "A", `site.yaml:3:20: error: there is no font "fonts/og.ttf". Did you mean "fonts/go.ttf"?`},
		{"a file that is no font", "site.yaml", "A", `site.yaml:3:20: error: "site.yaml" is not a font that cards can be drawn with: it is no TTF`},
		{"a folder", "fonts", "A", "site.yaml:3:20: error: \"fonts\" is not a file within the project."},
		{"a file outside of the project", "../go.ttf", "A", "site.yaml:3:20: error: \"../go.ttf\" is not a file within the project."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := generator.Open(fstest.MapFS{"site.yaml": file([]byte("title: A\nbase_url: https://nagi.example/\ntheme: {card_font: " + c.font + "}\n")),
				"fonts/go.ttf": file(goregular.TTF), "content/news/a.md": file([]byte("---\ntitle: " + c.title + "\ndate: 2026-11-01\nsummary: S.\n---\nB.\n"))},
				kaiho.Sample, generator.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			_ = p.Problems.Print(&b, "en")
			if got := b.String(); c.want == "" && strings.Contains(got, "card") || !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
