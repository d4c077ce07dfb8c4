package main

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"kaiho/generator/site"
)

// Budgets of the home page, in bytes, before compression but for the last.
const (
	maxHome  = 60_000 // HTML and style sheets
	maxStyle = 20_000 // the style sheet alone, by gzip
)

// TestFaceOfHome wants on the first screen of the home page, on a phone and on a
// desk, what people come for: a face, the next gathering and the newsletter.
func TestFaceOfHome(t *testing.T) {
	alone(t)
	if testing.Short() {
		t.Skip("starts a browser")
	}
	browser := startBrowser(t)
	f := newFaceSite(t)
	looks := &looks{t: t, origin: f.address, shots: os.Getenv("KAIHO_SCREENSHOTS")}
	for _, out := range f.read().Outputs() {
		if out.Layout != "home.html" || out.Audience != "" {
			continue
		}
		home := out.View(site.ForComparing).(site.HomePage)
		for _, v := range []view{{width: 375, height: 812, scheme: "light", first: true}, {width: 1280, height: 800, scheme: "light", first: true}} {
			t.Run(out.Lang+" "+v.String(), func(t *testing.T) {
				p := facePage{name: "first screen of home " + out.Lang, path: addressOf(out.Output.Path)}
				b := newTab(t, browser, f.address)
				looks.show(b, p, v)
				looks.report(b, p, v, evaluate[[]finding](b, "first.js", map[string]any{
					"alt":   home.Lead.Cover.Alt,
					"links": map[string]string{"the lead": home.Lead.URL, "the next event": home.Next.URL, "the newsletter": home.Letter.URL},
				}))
			})
		}
	}
}

// TestHomeIsSmall wants the home page and its style within their budgets.
func TestHomeIsSmall(t *testing.T) {
	alone(t)
	w := &walker{t: t, site: filepath.Join(t.TempDir(), "site"), address: "https://nagi.example"}
	w.makes()
	public := filepath.Join(w.site, "dist", "public")
	for _, name := range []string{"index.html", "en/index.html"} {
		html := read(t, filepath.Join(public, filepath.FromSlash(name)))
		sum := len(html)
		for _, link := range regexp.MustCompile(`<link rel="?stylesheet"?[^>]* href="?([^" >]+)`).FindAllSubmatch(html, -1) {
			address, err := url.Parse(string(link[1]))
			if err != nil {
				t.Fatal(err)
			}
			style := read(t, filepath.Join(public, filepath.FromSlash(address.Path)))
			sum += len(style)
			if got := zipped(t, style); got >= maxStyle {
				t.Errorf("%s, compressed: got %d bytes, want less than %d", address.Path, got, maxStyle)
			}
		}
		if sum == len(html) {
			t.Errorf("%s has no style sheet", name)
		}
		if sum >= maxHome {
			t.Errorf("%s and its style: got %d bytes, want less than %d", name, sum, maxHome)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// zipped is how many bytes gzip makes of data.
func zipped(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
