package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestAReaderSubscribesAndLeaves: somebody finds the link on the home page, fills in
// the form on a phone, opens the letter, presses the button, gets a welcome, and stops
// the letter by it.
func TestAReaderSubscribesAndLeaves(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	w := newWalker(t)
	const address = "Hanako.Mori+nagi@mail.example"
	fits := func() {
		t.Helper()
		w.sees(`document.documentElement.scrollWidth <= 375`)
		w.sees(`Array.from(document.querySelectorAll("main button, main .button, main .choice, main input:is([type=email], [type=date], [name=name])")).every(e => e.getBoundingClientRect().height >= 44)`)
	}
	w.opens("/")
	w.clicks(`.letterhead a[href^="/subscribe"]`)
	w.sees(`document.querySelector("input[name=email]") !== null`)
	fits()
	w.sees(`document.querySelector("input[name=website]").getBoundingClientRect().right < 0`)
	w.shot("form")
	w.runs(chromedp.SendKeys(chromedp.CSS(`input[name=email]`), "hanako"))
	w.clicks(`main form button`)
	w.sees(`document.querySelector("[aria-invalid=true]") === document.activeElement && document.activeElement.value === "hanako"`)
	fits()
	w.shot("form-mistake")
	w.sees(`(document.querySelector("input[name=email]").value = "", true)`)
	w.runs(chromedp.SendKeys(chromedp.CSS(`input[name=email]`), address),
		chromedp.SendKeys(chromedp.CSS(`input[name=name]`), "森 花子"))
	w.clicks(`main form button`)
	w.sees(`document.body.innerText.includes("確認のメールをご覧ください")`)
	fits()
	w.shot("sent")

	w.opens(w.linkOf(1, `/subscribe/\S+`))
	w.sees(`document.querySelector("input[name=name]").value === "森 花子" && !document.body.innerText.includes("` + address + `")`)
	fits()
	w.shot("confirm")
	if out := w.kaiho("member", "list", "--json"); strings.Contains(out, address) {
		t.Error("the address is stored before the button is pressed")
	}
	w.clicks(`main form button`)
	w.sees(`document.body.innerText.includes("登録しました")`)
	fits()
	w.shot("subscribed")
	if m := w.shown(address); !m.Mailable || len(m.Audiences) != 0 || m.Consents[0].Channel != "web" || len(m.Texts) != 1 {
		t.Errorf("got %+v, want a subscriber with a record of the consent and its text", m)
	}
	w.clicks(`main a[href^="/p/"]`)
	w.sees(`document.querySelector("input[name=often]") !== null && document.querySelector("select") === null`)
	fits()
	w.shot("preferences")

	w.opens(w.linkOf(2, `/u/\S+`))
	w.clicks(`main form button`)
	w.sees(`document.body.innerText.includes("配信を止めました")`)
	if m := w.shown(address); m.Mailable {
		t.Errorf("got %+v, want the letter stopped", m)
	}
	w.opens("/subscribe?lang=en")
	w.sees(`document.body.innerText.includes("Receive the letter of")`)
	fits()
	w.shot("form-en")
}

// shown is what the office sees of a member.
func (w *walker) shown(address string) (m struct {
	Mailable  bool
	Audiences []string
	Consents  []struct{ Channel string }
	Texts     map[string]string `json:"consent_texts"`
}) {
	w.t.Helper()
	if err := json.Unmarshal([]byte(w.kaiho("member", "show", address, "--json")), &m); err != nil {
		w.t.Fatal(err)
	}
	return m
}

// linkOf waits until there are n letters, and returns the link of the last one that a
// pattern finds.
func (w *walker) linkOf(n int, pattern string) string {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(w.site, ".kaiho", "outbox", "*.eml"))
		if err != nil {
			w.t.Fatal(err)
		}
		if len(files) < n {
			continue
		}
		slices.SortFunc(files, func(a, b string) int { return w.written(a).Compare(w.written(b)) })
		text := w.textOf(files[n-1])
		link := regexp.MustCompile(regexp.QuoteMeta(w.address) + pattern).FindString(text)
		if link == "" {
			w.t.Fatalf("no link in the letter:\n%s", text)
		}
		return link
	}
	w.t.Fatal("no letter comes")
	return ""
}

func (w *walker) written(file string) time.Time {
	w.t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		w.t.Fatal(err)
	}
	return info.ModTime()
}

// shot keeps a picture of the page in the folder that KAIHO_SHOTS names, for whoever
// looks.
func (w *walker) shot(name string) {
	w.t.Helper()
	dir := os.Getenv("KAIHO_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(90))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".jpg"), picture, 0o644); err != nil {
		w.t.Fatal(err)
	}
}
