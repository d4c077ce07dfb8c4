package preview_test

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kaiho/generator/preview"
)

// chromium starts a browser, of which each tab is a context that newTab makes.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program := "/usr/bin/chromium"
	if _, err := os.Stat(program); err != nil {
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
			if program, err = exec.LookPath(name); err == nil {
				break
			}
		}
		switch {
		case err == nil:
		case os.Getenv("CI") == "true":
			t.Fatal("there is no Chromium, in /usr/bin or on the PATH")
		default:
			t.Skip("there is no Chromium, in /usr/bin or on the PATH")
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, flag := range []string{"disable-background-networking", "disable-component-update", "disable-sync", "no-first-run", "disable-quic"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

type tab struct {
	t   *testing.T
	ctx context.Context
}

func newTab(t *testing.T, browser context.Context) tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	return tab{t, ctx}
}

func (b tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// shadow is the bar and the overlay.
const shadow = `document.querySelector("kaiho-preview").shadowRoot`

// await waits until a JavaScript expression is true, be it on another page.
func (b tab) await(what, expression string) {
	b.t.Helper()
	guarded := `(() => { try { return Boolean(` + strings.ReplaceAll(expression, "$shadow", shadow) + `) } catch { return false } })()`
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	end := time.After(20 * time.Second)
	for {
		// An error is a page that is being left.
		if done, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](guarded)); err == nil && done {
			return
		}
		select {
		case <-look.C:
		case <-end:
			text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText + "\n" + `+shadow+`.innerHTML`))
			b.t.Fatalf("%s: never: %s\n%s %v", what, expression, text, err)
		}
	}
}

func (b tab) eval(expression string) {
	b.t.Helper()
	b.run(chromedp.Evaluate[chromedp.Void](strings.ReplaceAll(expression, "$shadow", shadow)))
}

func (b tab) want(what, expression string, want any) {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](strings.ReplaceAll(expression, "$shadow", shadow)))
	if err != nil {
		b.t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// policy is as strict as a site's can be: the preview lives with it.
const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'`

// letter is a page long enough to scroll. Its end tags are those that a
// minifier keeps.
func letter(text, style string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`+
		`<meta http-equiv="Content-Security-Policy" content="%s"><title>%s</title><link rel="stylesheet" href="/assets/site.%s.css">`+
		`<body class="letter"><h1>凪の会 会報</h1><input id="query"><details><summary>目次</summary><p>秋号</p></details>`, policy, text, style)
	for i := range 60 {
		fmt.Fprintf(&b, "<p>%d</p>", i)
	}
	fmt.Fprintf(&b, `<p id="text">%s</p>`, text)
	for i := range 60 {
		fmt.Fprintf(&b, "<p>%d</p>", i)
	}
	return b.String()
}

func letters(files map[string]string) preview.Snapshot {
	return preview.Snapshot{
		Readers: []preview.Choice{{Name: "", Title: "一般"}, {Name: "alumni", Title: "卒業生"}, {Name: "staff", Title: "教職員"}},
		Open: func(reader, path string) (preview.Content, error) {
			text, ok := files[reader+path]
			if !ok {
				text, ok = files[path]
			}
			if !ok {
				return preview.Content{}, fs.ErrNotExist
			}
			return preview.Content{
				Body: []byte(text), Source: "content/news/autumn.md", Marks: []string{"下書き"},
				Translations: []preview.Choice{{Name: "日本語", Title: "/"}, {Name: "English", Title: "/en/"}},
			}, nil
		},
	}
}

func problems() []preview.Problem {
	return []preview.Problem{
		{Path: "content/news/autumn.md", Line: 12, Col: 3, Severity: "warning", Rule: "image-without-alt", Message: "The picture has no text for those who do not see it.", Remedy: "Write one: ![The campus in autumn](autumn.jpg)"},
		{Path: "content/jobs/optics & light.md", Line: 7, Col: 11, Severity: "error", Rule: "unknown-key", Message: `<img src=x onerror="window.bad=1"> deadlne is no key of a job.`, Remedy: "Did you mean deadline?", Excerpt: []preview.ExcerptLine{
			{Number: 5, Text: "title: 光学設計エンジニア"}, {Number: 6, Text: "employer: 株式会社みなと光学"}, {Number: 7, Text: "deadlne: 2026-12-20", Marked: true}, {Number: 8, Text: "summary: レンズの設計から評価までを一貫して担当します。学生時代の専攻は問いません。研究室での実験の経験を活かせます。"}, {Number: 9, Text: "---"},
		}},
	}
}

func TestBrowserFollowsTheSite(t *testing.T) {
	browser := chromium(t)
	s := preview.NewServer(preview.ServerOptions{Editor: "vscode://file/{path}:{line}:{col}", Root: "/home/nagi/会報 site"})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	files := func(text, style string) map[string]string {
		return map[string]string{
			"/": letter(text, style), "alumni/": letter(text+" 卒業生だけに", style),
			"/assets/site.a.css": "body { background: rgb(255, 255, 255) }", "/assets/site.b.css": "body { background: rgb(200, 220, 255) }",
		}
	}
	b := newTab(t, browser)
	b.run(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+"/"))
	b.await("before the first site", `document.querySelector("h1").textContent === "The site is being made"`)
	s.Show(letters(files("秋", "a")))
	b.await("the first site", `document.querySelector("#text")?.textContent === "秋"`)
	b.await("the bar", `$shadow.querySelector(".bar").checkVisibility() && $shadow.querySelectorAll(".options a").length === 5`)

	// The page as its reader left it.
	b.eval(`window.life = 1; document.querySelector("details").open = true; query.value = "会"; query.focus({preventScroll: true});
		window.place = document.querySelector("#text"); scrollTo(0, 1500)`)
	still := func(what string) {
		t.Helper()
		b.want(what, `[window.life, scrollY, document.querySelector("details").open, query.value, document.activeElement.id, window.place.isConnected].join()`,
			"1,1500,true,会,query,true")
	}
	s.Show(letters(files("冬", "a")))
	b.await("an edit of the body", `document.querySelector("#text").textContent === "冬" && document.title === "冬"`)
	still("after an edit of the body")

	b.eval(`window.sheets = []; new MutationObserver((l) => l.forEach((m) => sheets.push(document.styleSheets.length))).observe(document.head, {childList: true})`)
	s.Show(letters(files("冬", "b")))
	b.await("an edit of the style", `getComputedStyle(document.body).backgroundColor === "rgb(200, 220, 255)" && document.querySelectorAll("link").length === 1`)
	still("after an edit of the style")
	b.want("a moment without style", `sheets.some((n) => n < 1)`, false)

	broken := letters(files("冬", "b"))
	broken.Problems = problems()
	s.Show(broken)
	b.await("the overlay", `$shadow.querySelector("[role=alertdialog]").checkVisibility()`)
	still("under the overlay")
	b.want("the first problem, as text", `$shadow.querySelector(".message").textContent`, `Error <img src=x onerror="window.bad=1"> deadlne is no key of a job.`)
	b.want("its place in the editor", `$shadow.querySelector(".place a").getAttribute("href")`,
		"vscode://file/home/nagi/%E4%BC%9A%E5%A0%B1%20site/content/jobs/optics%20%26%20light.md:7:11")
	b.eval(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))`)
	b.await("Escape", `!$shadow.querySelector("[role=alertdialog]")`)
	b.run(chromedp.Reload())
	b.await("a closed overlay stays closed on the next page", `$shadow.querySelector(".count b").textContent === "2" && !$shadow.querySelector("[role=alertdialog]")`)
	b.eval(`$shadow.querySelector(".count").click()`)
	b.await("a click on the count", `$shadow.querySelector("[role=alertdialog]") === $shadow.activeElement`)
	s.Show(letters(files("春", "b")))
	b.await("the overlay goes", `!$shadow.querySelector("[role=alertdialog]") && document.querySelector("#text").textContent === "春"`)

	b.eval(`$shadow.querySelector('.options a[href*="name=alumni"]').click()`)
	b.await("another reader", `document.querySelector("#text").textContent === "春 卒業生だけに" && $shadow.querySelector("[aria-current]").textContent === "卒業生"`)
	b.want("a script in a message", `String(window.bad)`, "undefined")
}

func TestBrowserConnectsAgainAndFollowsDeletions(t *testing.T) {
	browser := chromium(t)
	serve := func(address, text string) (*preview.Server, *httptest.Server) {
		s := preview.NewServer(preview.ServerOptions{})
		s.Show(letters(map[string]string{"/": letter(text, "a"), "/404.html": "<h1>ありません</h1>"}))
		server := httptest.NewUnstartedServer(s)
		if address != "" {
			server.Listener.Close()
			l, err := net.Listen("tcp", address) // which the first one had
			if err != nil {
				t.Fatal(err)
			}
			server.Listener = l
		}
		server.Start()
		return s, server
	}
	s, server := serve("", "一")
	b := newTab(t, browser)
	b.run(chromedp.Navigate(server.URL + "/"))
	b.await("the bar", `$shadow.querySelector(".bar").checkVisibility()`)
	b.eval(`window.life = 1`)
	s.Close()
	server.Close()
	b.await("it is said that the server went", `$shadow.querySelector(".lost")`)
	s, server = serve(server.Listener.Addr().String(), "二")
	defer server.Close()
	defer s.Close()
	b.await("the page of the new server", `document.querySelector("#text").textContent === "二" && !$shadow.querySelector(".lost")`)

	s.Show(letters(map[string]string{"/404.html": "<h1>ありません</h1>"}))
	b.await("the page is gone", `document.querySelector("h1").textContent === "ありません"`)
	s.Show(letters(map[string]string{"/": letter("三", "a")}))
	b.await("the page is back", `document.querySelector("#text").textContent === "三"`)
	b.want("a reload", `window.life`, 1)
	s.Show(letters(map[string]string{"/": letter("四", "a") + `<script src="/new.js"></script>`, "/new.js": "window.ran = 1"}))
	b.await("another script needs a reload", `window.ran === 1 && window.life === undefined`)
}

// Browsers allow six lines to a host: a tab that is not seen holds none.
func TestBrowserHidesAndComesBack(t *testing.T) {
	browser := chromium(t)
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(letters(map[string]string{"/": letter("一", "a")}))
	lines, ended := make(chan bool, 100), make(chan bool, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/-/events" {
			lines <- true
			defer func() { ended <- true }()
		}
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer s.Close()
	b := newTab(t, browser)
	b.run(chromedp.Navigate(server.URL + "/"))
	<-lines
	see := func(state string) {
		b.eval(`Object.defineProperty(document, "visibilityState", {value: "` + state + `", configurable: true}); document.dispatchEvent(new Event("visibilitychange"))`)
	}
	see("hidden")
	<-ended
	s.Show(letters(map[string]string{"/": letter("二", "a")}))
	b.want("a hidden tab", `document.querySelector("#text").textContent`, "一")
	see("visible")
	<-lines
	b.await("what changed meanwhile", `document.querySelector("#text").textContent === "二"`)
}

// What scripts and readers did to other parts of the page stays, and what is
// new among siblings moves none of them.
func TestBrowserTouchesOnlyWhatChanged(t *testing.T) {
	browser := chromium(t)
	s := preview.NewServer(preview.ServerOptions{})
	const sheets = `<link rel="stylesheet" href="/one.css"><link rel="stylesheet" href="/two.css">`
	show := func(head, body, two string) {
		s.Show(letters(map[string]string{
			"/": `<!doctype html><html lang="ja"><head><meta charset="utf-8">` + head + `</head><body>` + body + `</body></html>`, "/two.css": two,
			"/one.css": `p { color: rgb(1, 1, 1) }`,
		}))
	}
	show(sheets, `<p>0</p><p id="a">a</p><ul><li>1</li><li>2</li></ul><p>b</p>`, `p { color: rgb(2, 2, 2) }`)
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	b := newTab(t, browser)
	b.run(chromedp.Navigate(server.URL + "/"))
	b.await("the bar", `$shadow.querySelector(".bar").checkVisibility()`)
	b.eval(`a.innerHTML = "by <b>a script</b>"; document.head.insertAdjacentHTML("beforeend", "<style id=extension></style>"); window.items = [...document.querySelectorAll("li")]`)
	show(sheets+`<meta name="robots" content="noindex">`, `<p>00</p><p id="a">a</p><ul><li>0</li><li>1</li><li>2</li></ul><h2>new</h2><p class="last">c</p>`, `p { color: rgb(2, 2, 2) }`)
	b.await("the new parts", `document.querySelector("p.last").textContent === "c"`)
	b.want("the page", `document.body.innerHTML`, `<p>00</p><p id="a">by <b>a script</b></p><ul><li>0</li><li>1</li><li>2</li></ul><h2>new</h2><p class="last">c</p>`)
	b.want("the items", `items.every((e) => e.isConnected)`, true)
	b.want("the head", `Boolean(document.querySelector("meta[name=robots]") && document.querySelector("#extension"))`, true)
	// White space between elements is no reason to make them anew.
	show(sheets+`<meta name="robots" content="noindex">`, "<p id=\"a\">a</p>\n<div><input></div>\n<p>b</p>", `p { color: rgb(2, 2, 2) }`)
	b.await("an input", `document.querySelector("input")`)
	b.eval(`document.querySelector("input").value = "half filled"; window.input = document.querySelector("input")`)
	show(sheets+`<meta name="robots" content="noindex">`, "<p id=\"a\">a</p>\n<ul></ul>\n<div><input></div>\n<p>c</p>", `p { color: rgb(2, 2, 2) }`)
	b.await("a list before it", `document.querySelector("ul")`)
	b.want("what is half filled in", `input.isConnected && input.value`, "half filled")
	// Below the same address, twice, and still after the first one.
	for i := 3; i < 5; i++ {
		show(sheets+`<meta name="robots" content="noindex">`, `<p id="a">a</p>`, fmt.Sprintf(`p { color: rgb(%d, 2, 2) }`, i))
		b.await("another style below its address", fmt.Sprintf(`getComputedStyle(a).color === "rgb(%d, 2, 2)" && document.querySelectorAll("link[href*='?preview=']").length === 2`, i))
	}
	show(`<link rel="stylesheet" href="/one.css">`, `<p id="a">a</p>`, "")
	b.await("a stylesheet less", `getComputedStyle(a).color === "rgb(1, 1, 1)" && !document.querySelector("meta[name=robots]")`)
}

// TestBrowserShows writes pictures of the bar and the overlay to the folder
// that KAIHO_SCREENSHOTS names, to be looked at.
func TestBrowserShows(t *testing.T) {
	folder := os.Getenv("KAIHO_SCREENSHOTS")
	if folder == "" {
		t.Skip("KAIHO_SCREENSHOTS names no folder")
	}
	browser := chromium(t)
	s := preview.NewServer(preview.ServerOptions{Editor: "vscode://file/{path}", Root: "/home/nagi"})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	snapshot := letters(map[string]string{"/": letter("秋", "a"), "/assets/site.a.css": ":root { color-scheme: light dark } body { font: 17px/1.8 sans-serif; margin: 2rem auto; max-width: 40em; padding: 0 1rem }"})
	snapshot.Note, snapshot.Letters = "3 held back", issue(t, nil).Letters
	b := newTab(t, browser)
	for _, width := range []int64{375, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			b.run(chromedp.EmulateViewport(width, 720), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
				_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				})
				return err
			}))
			for _, what := range []string{"bar", "small", "overlay"} {
				now := snapshot
				if what == "overlay" {
					now.Problems = problems()
				}
				s.Show(now)
				b.run(chromedp.Navigate(server.URL + "/"))
				b.await("the bar", `$shadow.querySelector(".bar").checkVisibility()`)
				if what == "small" {
					b.eval(`$shadow.querySelector(".toggle").click()`)
				}
				if what == "overlay" {
					b.await("the overlay", `$shadow.querySelector(".overlay").getAnimations().length === 0`)
				}
				png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				if what == "small" {
					b.eval(`$shadow.querySelector(".toggle").click()`)
				}
				if err := os.WriteFile(fmt.Sprintf("%s/%d-%s-%s.png", folder, width, scheme, what), png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
