package preview_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kaiho/generator/preview"
)

// issue is a site with a newsletter, whose letters have change applied to them.
func issue(t testing.TB, change func(*preview.Letters)) preview.Snapshot {
	t.Helper()
	html, err := os.ReadFile("testdata/letter.html")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/letter.txt")
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	dusk := image.NewRGBA(image.Rect(0, 0, 1200, 800))
	for y := range 800 {
		for x := range 1200 {
			dusk.Set(x, y, color.RGBA{uint8(60 + y/6), uint8(90 + y/9), uint8(130 - y/16 + x/40), 255})
		}
	}
	if err := png.Encode(&picture, dusk); err != nil {
		t.Fatal(err)
	}
	s := letters(map[string]string{"/": letter("秋", "a"), "/newsletters/31/": letter("号", "a"), "/pictures/yamazaki.jpg": picture.String(),
		"/assets/site.a.css": ":root { color-scheme: light dark } body { font: 17px/1.8 sans-serif; margin: 2rem auto; max-width: 40em; padding: 0 1rem }"})
	open := s.Open
	s.Open = func(reader, path string) (preview.Content, error) {
		c, err := open(reader, path)
		if path == "/newsletters/31/" {
			c.Issue = "2026-11-18"
		}
		return c, err
	}
	s.Origin = "https://nagi.example/"
	s.Letters = func(issue, variant, member string) (preview.Letters, error) {
		l := preview.Letters{
			Issue: "2026-11-18", Variant: "alumni-ja", Member: member, Reader: "alumni",
			Issues:   []preview.Choice{{Name: "2026-11-18", Title: "凪だより 第31号 ― 冬の集いと、四年ぶりの名札"}, {Name: "2026-11-04", Title: "凪だより 第30号"}},
			Variants: []preview.LetterChoice{{Name: "alumni-ja", Subject: "凪だより 第31号｜四年ぶりの名札", Bytes: len(html), Readers: 1204, Items: 12}, {Name: "public-ja", Subject: "凪だより 第31号｜四年ぶりの名札", Bytes: 21300, Readers: 87, Items: 7}, {Name: "alumni-en", Subject: "Nagi Letters No. 31: a name tag after four years", Bytes: 16504, Readers: -1, Items: 5}},
			Members:  []preview.Choice{{Name: "m1", Title: "髙梨 湊 (alumni-ja)"}, {Name: "m2", Title: `<img src=x onerror="window.bad=1"> (alumni-ja)`}},
			Marks:    []string{"下書き"}, Subject: "凪だより 第31号｜四年ぶりの名札", From: "凪の会 <news@nagi.example>",
			Preheader: "戻った人が、最初の朝に拭いたもの。冬の集いは27日（金）締め切り", HTML: string(html), Text: string(text),
		}
		if issue != "" && issue != l.Issue || member != "" && member != "m1" && member != "m2" {
			return preview.Letters{}, fs.ErrNotExist
		}
		switch variant {
		case "", "alumni-ja":
		case "public-ja", "alumni-en":
			l.Variant, l.Reader = variant, ""
		default:
			return preview.Letters{}, fs.ErrNotExist
		}
		if member == "m1" {
			l.Variant = "alumni-ja"
		}
		if change != nil {
			change(&l)
		}
		return l, nil
	}
	return s
}

// inWide is an expression of JavaScript about the document in a frame.
func inFrame(name string) string {
	return `document.querySelector("#frame-` + name + `").contentDocument`
}

func scheme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

// TestBrowserShowsPictureOfLetters writes pictures of the page of letters to the
// folder that KAIHO_SCREENSHOTS names, to be looked at.
func TestBrowserShowsLetters(t *testing.T) {
	folder := os.Getenv("KAIHO_SCREENSHOTS")
	if folder == "" {
		t.Skip("KAIHO_SCREENSHOTS names no folder")
	}
	browser := chromium(t)
	s := preview.NewServer(preview.ServerOptions{Editor: "vscode://file/{path}", Root: "/home/nagi"})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	b := newTab(t, browser)
	for _, width := range []int64{375, 1280, 1920} {
		for _, preferred := range []string{"light", "dark"} {
			b.run(chromedp.EmulateViewport(width, 800), scheme(preferred))
			for _, what := range []string{"letters", "problems"} {
				s.Show(issue(t, func(l *preview.Letters) {
					if what == "problems" {
						l.Problems, l.Locked = problems(), true
					}
				}))
				b.run(chromedp.Navigate(server.URL + "/-/letters/2026-11-18/alumni-ja/"))
				b.await("the bar", `$shadow.querySelector(".bar").checkVisibility()`)
				b.await("the frames", inFrame("dark")+`.images[0].complete`)
				for _, part := range []struct {
					name string
					take chromedp.Action[[]byte]
				}{{"top", chromedp.CaptureScreenshot()}, {"whole", chromedp.FullScreenshot(90)}} {
					picture, err := chromedp.Run(b.ctx, part.take)
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(fmt.Sprintf("%s/%d-%s-%s-%s.png", folder, width, preferred, what, part.name), picture, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

var _ = strings.Cut
var _ sync.Mutex
var _ http.Handler
