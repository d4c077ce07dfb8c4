package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// walker is somebody with a phone, and an office with a terminal.
type walker struct {
	t       *testing.T
	site    string
	address string
	ctx     context.Context // of the browser's tab
}

// TestAMemberWalksInAndOut is what the gate is for: the office imports its
// members and makes a link; a member opens it on a phone, reads, signs out, meets
// the page that offers the way in, asks for a new link, and is in again.
func TestAMemberWalksInAndOut(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	w := newWalker(t)
	const page = "/columns/message-from-the-president/"
	w.opens(page)
	w.sees(`document.body.innerText.includes("会員の方は")`)

	w.opens(strings.TrimSpace(w.kaiho("member", "link", "shun.agatsuma@example.jp", page)))
	w.sees(`location.pathname === "` + page + `" && document.body.classList.contains("members")`)
	w.clicks(`.neighbours a`)
	w.sees(`location.pathname !== "` + page + `" && document.body.classList.contains("members")`)

	w.opens(page)
	w.clicks(`.reader a`)
	w.sees(`document.body.innerText.includes("我妻")`)
	w.clicks(`form[action*="logout"] button`)
	w.sees(`!document.body.innerText.includes("我妻")`)
	w.opens(page)
	w.sees(`document.body.innerText.includes("会員の方は")`)

	w.clicks(`a[href^="/link"]`)
	w.sees(`document.querySelector("input[name=email]") !== null`)
	w.runs(chromedp.SendKeys(chromedp.CSS(`input[name=email]`), "shun.agatsuma@example.jp"))
	w.clicks(`main form button`)
	w.opens(w.letter())
	w.clicks(`main form button`)
	w.sees(`!location.pathname.startsWith("/s/")`)
	w.opens(page)
	w.sees(`location.pathname === "` + page + `" && document.body.classList.contains("members")`)
}

// newWalker makes the sample site, with keys and members, and serves it.
func newWalker(t *testing.T) *walker {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no chromium on the PATH")
		}
		t.Skip("there is no chromium on the PATH")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	w := &walker{t: t, site: filepath.Join(t.TempDir(), "site"), address: "http://" + address}
	w.makes()
	w.serve(address)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU)...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	w.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	w.runs(chromedp.EmulateViewport(375, 667, chromedp.EmulateMobile))
	return w
}

// sampleNow is the day on which the sample site is built: its events are still to
// come, and its last issue has just gone out.
const sampleNow = "2026-11-20T09:00:00+09:00"

// makes makes the sample site for w.address, with keys and members.
func (w *walker) makes() {
	w.t.Helper()
	w.kaihoIn(".", "init", w.site)
	conf := filepath.Join(w.site, "site.yaml")
	text, err := os.ReadFile(conf)
	if err != nil {
		w.t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^base_url:.*$`).ReplaceAll(text, []byte("base_url: "+w.address+"/"))
	if err := os.WriteFile(conf, text, 0o644); err != nil {
		w.t.Fatal(err)
	}
	for _, args := range [][]string{{"--now", sampleNow, "build"}, {"key", "new"}, {"member", "import", "--sample"}} {
		w.kaiho(args...)
	}
}

// serve runs `kaiho serve` until the test ends.
func (w *walker) serve(address string) {
	w.t.Helper()
	s := &session{world: world{stdout: io.Discard, stderr: io.Discard, getenv: environment(nil), clock: time.Now}, lang: "en", source: w.site}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx, serveFlags{addr: address}) }()
	w.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
		select {
		case err := <-ended:
			w.t.Fatal(err)
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			w.t.Fatal("serve does not listen")
		}
	}
}

// kaiho runs a command in the site and returns what it prints.
func (w *walker) kaiho(args ...string) string { return w.kaihoIn(w.site, args...) }

func (w *walker) kaihoIn(folder string, args ...string) string {
	w.t.Helper()
	var out, problems bytes.Buffer
	code := run(append([]string{"-C", folder}, args...), world{stdout: &out, stderr: &problems, getenv: environment(nil), clock: time.Now})
	if code != exitDone {
		w.t.Fatalf("kaiho %v: exit code %d\n%s", args, code, problems.String())
	}
	return out.String()
}

func (w *walker) runs(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

// opens goes to a path of the site, or to an address.
func (w *walker) opens(where string) {
	w.t.Helper()
	if strings.HasPrefix(where, "/") {
		where = w.address + where
	}
	w.runs(chromedp.Navigate(where))
}

func (w *walker) clicks(selector string) {
	w.t.Helper()
	w.runs(chromedp.Click(chromedp.CSS(selector)))
}

// sees waits until an expression is true of the page.
func (w *walker) sees(expression string) {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		// an error is a page that is being left
		if is, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`Boolean(`+expression+`)`)); err == nil && is {
			return
		}
		if time.Now().After(deadline) {
			text, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
			w.t.Fatalf("never: %s\n%s", expression, text)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// letter waits for the letter that was asked for and returns the link in it.
func (w *walker) letter() string {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(w.site, ".kaiho", "outbox", "*.eml"))
		if err != nil {
			w.t.Fatal(err)
		}
		if len(files) == 1 {
			return w.linkIn(files[0])
		}
	}
	w.t.Fatal("no letter comes")
	return ""
}

func (w *walker) linkIn(file string) string {
	w.t.Helper()
	text := w.textOf(file)
	link := regexp.MustCompile(regexp.QuoteMeta(w.address) + `/s/\S+`).FindString(text)
	if link == "" {
		w.t.Fatalf("no link in the letter:\n%s", text)
	}
	return link
}

// textOf is the plain part of a letter.
func (w *walker) textOf(file string) string { return w.partOf(file, "text/plain") }

// partOf is the part of a letter that has a media type.
func (w *walker) partOf(file, mediaType string) string {
	w.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		w.t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		w.t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			w.t.Fatalf("%s has no %s: %v", file, mediaType, err)
		}
		if !strings.HasPrefix(part.Header.Get("Content-Type"), mediaType) {
			continue
		}
		text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil {
			w.t.Fatal(err)
		}
		return string(text)
	}
}
