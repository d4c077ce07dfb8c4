package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// results is how many results stand on the search page.
const results = `document.querySelectorAll("[data-search=results] > li").length`

// finds types a query and waits for a result with a title.
func (w *walker) finds(query, title string) {
	w.t.Helper()
	w.sees(`(document.querySelector("#search-q").value = "") === ""`)
	w.runs(chromedp.SendKeys(chromedp.CSS(`#search-q`), query))
	w.sees(`[...document.querySelectorAll("[data-search=results] a")].some((a) => a.textContent.includes("` + title + `")) && ` + results + ` > 0 && new URL(location).searchParams.get("q") === "` + query + `"`)
}

// TestAMemberSearches is the search page as a reader meets it: by reading, by
// other letters, by name in Latin; with the keyboard alone; without a script; and,
// for a member, in the members' pages too, of which the public index knows
// nothing.
func TestAMemberSearches(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a browser")
	}
	w := newWalker(t)
	w.opens("/search/")
	w.sees(`document.activeElement === document.body && document.querySelector("[data-search=results]").hidden`)
	for _, query := range []string{"たかなし", "高梨", "髙梨", "TAKANASHI", "ｔａｋａｎａｓｈｉ", "タカナシ"} {
		w.finds(query, "髙梨")
	}
	w.sees(`/\d+件/.test(document.querySelector("[role=status]").textContent)`)
	w.finds("高梨", "髙梨")
	w.sees(`[...document.querySelectorAll("[data-search=results] mark")].some((m) => m.textContent === "髙梨")`)

	key := func(name string) { w.t.Helper(); w.runs(chromedp.KeyEvent(name)) }
	key(kb.ArrowDown)
	w.sees(`document.activeElement === document.querySelector("[data-search=results] a")`)
	key(kb.ArrowDown)
	w.sees(`document.activeElement === document.querySelectorAll("[data-search=results] a")[1]`)
	key(kb.ArrowUp)
	key(kb.ArrowUp)
	w.sees(`document.activeElement.id === "search-q"`)
	key(kb.ArrowDown)
	key(kb.Escape)
	w.sees(`document.activeElement.id === "search-q" && ` + results + ` > 0`)
	key(kb.Escape)
	w.sees(`document.activeElement.value === "" && ` + results + ` === 0 && location.search === ""`)

	w.runs(chromedp.SendKeys(chromedp.CSS(`#search-q`), "凪"))
	w.sees(`document.querySelector("[role=status]").textContent !== ""`)
	w.opens("/search/?q=%3Cimg+src%3Dx+onerror%3Dwindow.bad%3D1%3E+zzzz")
	w.sees(`document.querySelector("[role=status]").textContent.includes("見つかりませんでした")`)
	w.sees(`!window.bad && !document.querySelector("main img")`)
	w.opens("/en/search/?q=takanashi")
	w.sees(results + ` > 0 && [...document.querySelectorAll("[data-search=results] a")].every((a) => new URL(a.href).pathname.startsWith("/en/"))`)
	w.opens("/")
	w.clicks(`.search-link`)
	w.sees(`location.pathname === "/search/"`)

	// A page for members, of which the public sees a teaser.
	const words, page = "黒板いっぱい", "/notes/2026-11/"
	w.opens("/search/?q=" + words)
	w.sees(`document.querySelector("[role=status]").textContent.includes("見つかりませんでした")`)
	w.opens(strings.TrimSpace(w.kaiho("member", "link", "shun.agatsuma@example.jp", "/search/")))
	w.sees(`document.body.classList.contains("members")`)
	w.finds(words, "みんなの近況")
	w.sees(`new URL(document.querySelector("[data-search=results] a").href).pathname === "` + page + `" && document.querySelector("[data-search=results] mark").textContent === "` + words + `"`)
}

// TestSearchWithoutScripts holds that the page says where else to look.
func TestSearchWithoutScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a browser")
	}
	w := newWalker(t)
	w.runs(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	w.opens("/search/?q=高梨")
	w.sees(`document.body.innerText.includes("JavaScript") && document.querySelector("#search-q").offsetHeight === 0`)
	for _, href := range []string{"/events/", "/newsletters/", "/people/", "/tags/"} {
		w.sees(`document.querySelector('.search-elsewhere a[href="` + href + `"]').offsetHeight > 0`)
	}
}
