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
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
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

// inFrame is an expression of JavaScript: the document in a frame.
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

// TestBrowserShowsLetters writes pictures of the page of letters to the
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

// isDark is an expression of JavaScript: whether a letter's ground is dark.
func isDark(name string) string {
	return `(([r]) => r < 64)(getComputedStyle(` + inFrame(name) + `.body).backgroundColor.match(/\d+/g).map(Number))`
}

func TestBrowserShowsLettersSideBySide(t *testing.T) {
	browser := chromium(t)
	s := preview.NewServer(preview.ServerOptions{Editor: "vscode://file/{path}:{line}:{col}", Root: "/p"})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer s.Close()
	b := newTab(t, browser)
	complaints := b.listen(server.URL)
	s.Show(issue(t, nil))
	b.run(chromedp.EmulateViewport(1280, 800), scheme("light"), chromedp.Navigate(server.URL+"/newsletters/31/"))
	b.await("the bar's link", `$shadow.querySelector(".letters").getAttribute("href") === "/-/letters/2026-11-18/"`)
	b.eval(`$shadow.querySelector(".letters").click()`)
	b.await("the page of letters", `location.pathname === "/-/letters/2026-11-18/alumni-ja/" && document.querySelectorAll(".view").length === 4`)
	for _, name := range []string{"wide", "phone", "dark"} {
		b.await("the letter in "+name, inFrame(name)+`.body.innerText.includes("髙梨 湊 様") && `+inFrame(name)+`.images[0].naturalWidth === 1200`)
	}
	b.want("the text", `document.querySelector("pre").textContent.includes("髙梨 湊 様")`, true)
	b.want("the frames' widths", `["wide", "phone", "dark"].map((n) => document.querySelector("#frame-" + n).clientWidth).join()`, "640,375,375")
	b.want("all frames are named", `[...document.querySelectorAll("iframe")].every((f) => f.title.includes("四年ぶりの名札"))`, true)
	b.want("links of a letter", inFrame("wide")+`.querySelector("a").target + `+inFrame("wide")+`.baseURI.replace(/.*:\d+/, "")`, "/-/letters/2026-11-18/alumni-ja/letter.html?scheme=light")
	b.want("no external links to the site", inFrame("wide")+`.querySelectorAll('[href^="https://nagi.example"]').length`, 0)
	for _, preferred := range []string{"dark", "light"} {
		b.run(scheme(preferred))
		b.await("the page in "+preferred, `matchMedia("(prefers-color-scheme: `+preferred+`)").matches`)
		b.want("the frames of a "+preferred+" page", `[`+isDark("wide")+`, `+isDark("phone")+`, `+isDark("dark")+`].join()`, "false,false,true")
	}
	for _, width := range []int64{375, 1136, 1280, 1920} {
		b.run(chromedp.EmulateViewport(width, 800))
		b.await("another width", fmt.Sprintf("innerWidth === %d", width))
		b.want(fmt.Sprintf("horizontal scroll at %d", width), `document.documentElement.scrollWidth - innerWidth`, 0)
	}

	b.eval(`window.life = 1; window.entries = history.length; member.value = "m2"; scrollTo(0, 300);
		for (const f of document.querySelectorAll("iframe")) f.contentWindow.scrollTo(0, 700);
		document.querySelector("pre").scrollTop = 200`)
	another := func(l *preview.Letters) {
		l.HTML = strings.ReplaceAll(l.HTML, "髙梨 湊 様", "山﨑 千尋 様")
		l.Text = strings.ReplaceAll(l.Text, "髙梨 湊 様", "山﨑 千尋 様")
		l.Problems = problems()
	}
	s.Show(issue(t, another))
	for _, name := range []string{"wide", "phone", "dark"} {
		b.await("another letter in "+name, inFrame(name)+`.body.innerText.includes("山﨑 千尋 様")`)
		b.await("where it was scrolled to in "+name, inFrame(name)+`.body.innerText.includes("山﨑 千尋 様") && document.querySelector("#frame-`+name+`").contentWindow.scrollY === 700`)
	}
	b.await("another text", `document.querySelector("pre").textContent.includes("山﨑 千尋 様")`)
	b.want("the page stayed", `[window.life, history.length - window.entries, member.value, document.querySelector("pre").scrollTop].join()`, "1,0,m2,200")
	b.want("a problem", `document.querySelector(".problems .place a").getAttribute("href")`, "vscode://file/p/content/jobs/optics%20%26%20light.md:7:11")

	b.eval(`member.form.requestSubmit(member.form.querySelector("button"))`)
	b.await("a member's letter", `location.search === "?member=m2" && document.querySelector("#member").value === "m2" && document.querySelector("#frame-dark").src.includes("member=m2")`)
	b.await("a line to the server", `performance.getEntriesByType("resource").some((e) => e.name.includes("/-/preview.css"))`)
	s.Show(issue(t, func(l *preview.Letters) {
		if another(l); l.Member == "m2" {
			l.Text = "山﨑 千尋 様"
		}
	}))
	b.await("another letter of that member alone", `document.querySelector("pre").textContent === "山﨑 千尋 様"`)
	b.want("a script in a name", `String(window.bad)`, "undefined")
	for _, what := range complaints() {
		t.Errorf("the browser says: %s", what)
	}
}

// listen gathers what the tab complains of, and its requests to other servers.
func (b tab) listen(server string) (complaints func() []string) {
	b.t.Helper()
	var mu sync.Mutex
	var all []string
	err := chromedp.Listen(b.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *cdplog.EventEntryAdded:
			all = append(all, e.Entry.Text+" "+e.Entry.URL)
		case *runtime.EventExceptionThrown:
			all = append(all, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeDebug {
				all = append(all, fmt.Sprintf("%s: %s", e.Type, e.Args[len(e.Args)-1].Description))
			}
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, server) && !strings.HasPrefix(e.Request.URL, "data:") {
				all = append(all, "a request to "+e.Request.URL)
			}
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}
