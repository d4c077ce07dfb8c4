package main

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/face
var faceFiles embed.FS

// script returns a file of testdata/face: the source of a function.
func script(t testing.TB, name string) string {
	t.Helper()
	text, err := faceFiles.ReadFile("testdata/face/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// finding is something that is wrong with a page.
type finding struct {
	What   string `json:"what"`   // what is wrong
	Where  string `json:"where"`  // the element, as a selector and its first words
	Detail string `json:"detail"` // sizes, or the other element
}

func (f finding) String() string {
	return strings.TrimSpace(f.What + ": " + f.Where + " " + f.Detail)
}

// absent skips a test for want of a program, or fails where it has to be there.
func absent(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no " + what)
	}
	t.Skip("there is no " + what)
}

// startBrowser starts one Chromium for all tabs of a test.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		absent(t, "chromium on the PATH")
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.IgnoreCertErrors, chromedp.Flag("accept-lang", "ja"), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true), chromedp.Flag("font-render-hinting", "none"))...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// readAxe returns the source of axe-core: axe.min.js of the folder that KAIHO_AXE
// names, which .ci/run fills.
func readAxe(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("KAIHO_AXE")
	if folder == "" {
		absent(t, "axe-core: KAIHO_AXE names the folder that has axe.min.js; .ci/run says which version")
	}
	source, err := os.ReadFile(filepath.Join(folder, "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// tab is a page that is looked at.
type tab struct {
	t      *testing.T
	ctx    context.Context
	origin string

	mu       sync.Mutex
	messages []finding
	document string // address of the page, whose own status is no message
}

func newTab(t *testing.T, browser context.Context, origin string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, origin: origin}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	// All tabs are in front: one that is not paints no frames and has no focus.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script(t, "page.js")}); err != nil {
		t.Fatal(err)
	}
	return b
}

// hear gathers what the browser says of a page, and what it asks of other servers.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	say := func(what, where, detail string) {
		b.messages = append(b.messages, finding{what, where, detail})
	}
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		isStatus := e.Entry.URL == b.document && strings.Contains(e.Entry.Text, "the server responded with a status of")
		isCleared := strings.HasPrefix(e.Entry.Text, "Clear-Site-Data header on") // so much for signing out
		if !isStatus && !isCleared {
			say("a message in the console", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		say("an exception", e.ExceptionDetails.Text, e.ExceptionDetails.URL)
	case *runtime.EventConsoleAPICalled:
		text := string(e.Type)
		for _, arg := range e.Args {
			text += " " + cmp.Or(arg.Description, string(arg.Value))
		}
		say("a message in the console", text, "")
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, b.origin+"/") && !strings.HasPrefix(e.Request.URL, "data:") {
			say("a request to another host", e.Request.URL, "")
		}
	}
}

// heard returns what was gathered since the last time.
func (b *tab) heard() []finding {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.messages
	b.messages = nil
	return all
}

func (b *tab) runs(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// evaluate calls the function of a file of testdata/face.
func evaluate[T any](b *tab, name string, options map[string]any) T {
	b.t.Helper()
	data, err := json.Marshal(options)
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[T]("("+script(b.t, name)+")("+string(data)+")", chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", name, err)
	}
	return got
}

// opens goes to a page and waits until it is there in full.
func (b *tab) opens(path string, status int) {
	b.t.Helper()
	b.mu.Lock()
	b.document = b.origin + path
	b.mu.Unlock()
	res, err := chromedp.Run(b.ctx, chromedp.NavigateResponse(b.origin+path))
	if err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
	if int(res.Status) != status {
		b.t.Fatalf("%s: got %d, want %d", path, res.Status, status)
	}
	b.runs(chromedp.Evaluate[chromedp.Void](`globalThis[Symbol.for("kaiho.face")].settled()`, chromedp.EvalAwaitPromise))
}

// media sets the scheme, light or dark, and the medium, screen or print.
func (b *tab) media(scheme, medium string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// presses presses a key so many times.
func (b *tab) presses(key string, times int) {
	b.t.Helper()
	for range times {
		b.runs(chromedp.KeyEvent(key))
	}
}

// shoot writes a picture of the page as it is seen in v, or the sheets of paper, and
// returns the name of its file.
func (b *tab) shoot(folder, name string, v view) string {
	b.t.Helper()
	take, ext := chromedp.FullScreenshot(90), ".jpg"
	switch {
	case v.medium != "":
		take, ext = chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()), ".pdf"
	case v.first:
		take, ext = chromedp.CaptureScreenshot(), ".png"
	}
	picture, err := chromedp.Run(b.ctx, take)
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(folder, strings.NewReplacer("/", "_", " ", "_", ",", "").Replace(name+" "+v.String())+ext)
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
	return file
}
