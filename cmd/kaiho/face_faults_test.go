package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// fault is a page with something wrong.
type fault struct {
	name string
	page string // what it has after its heading
	want string // the finding; "": none
}

// faults are pages of which TestFace would have to complain. The first is one of
// which it must not.
var faults = []fault{
	{"a page with all that is right", `<p>本文の<ruby>文字<rt>もじ</rt></ruby>と、<a href="/">文の中のリンク</a>のある段落です。</p>
		<p style="width:8em;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">一行に収まらないほど長い題名のある段落です</p>
		<p style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)">読み上げのため</p>
		<div tabindex="0" role="region" aria-label="表" style="overflow-x:auto;max-width:100%"><table style="width:2000px"><tr><th>広い表</th></tr></table></div>
		<details><summary>たたまれたもの</summary><p><a class="big" href="/in">中のリンク</a></p></details>
		<form><fieldset><legend>選ぶもの</legend><label class="big"><input type="radio" name="r">ひとつめ</label><label class="big"><input type="radio" name="r" checked>ふたつめ</label></fieldset>
		<p><label class="big">日<input class="big" type="date"></label></p><p><button class="big">送る</button></p></form>`, ""},
	{"something that is too wide", `<div style="width:2000px;height:9px;background:#888"></div>`, "the page scrolls sideways"},
	{"words that leave a page which hides them", `<style>body { overflow-x: clip }</style><p style="white-space:nowrap;margin-left:1000px">この文は画面の外へ出ていく文で、だれにも読めません。本当です。</p>`, "text beyond the edge"},
	{"words in a box that is too low", `<p style="height:1em;overflow:hidden;width:3em">一行では足りない文</p>`, "text is cut off"},
	{"lines over lines", `<p>一つ目の段落</p><p style="margin-top:-1.5lh">二つ目の段落</p>`, "text over text"},
	{"lines that are too close", `<p style="line-height:0.4;width:6em">行の間がつまりすぎた段落</p>`, "text over text"},
	{"buttons over buttons", `<p><button class="big">一つ目</button><button class="big" style="margin-left:-3em">二つ目</button></p>`, "controls over one another"},
	{"a button over words", `<p>ボタンの下になった文</p><p><button class="big" style="position:relative;top:-44px">押す</button></p>`, "a control over text"},
	{"a link below something", `<p style="position:relative"><a class="big" href="/a">押せないリンク</a><span style="position:absolute;inset:0"></span></p>`, "a control is covered"},
	{"a link that is too small", `<p><a href="/a" style="font-size:10px">小</a></p>`, "a target below 24 px"},
	{"a picture that is not there", `<img src="/nothing.svg" alt="絵" width="10" height="10">`, "a picture does not load"},
	{"a picture without a size", `<img src="/picture.svg" alt="絵">`, "a picture without width and height"},
	{"a picture out of shape", `<img src="/picture.svg" alt="絵" width="200" height="40">`, "a picture out of shape"},
	{"a page that moves", `<script>requestAnimationFrame(() => requestAnimationFrame(() => fetch("/painted")))</script>
		<img src="/slow.svg" alt="絵" style="display:block"><p style="height:60vh">あとから下がる段落</p>`, "the page moves while it loads"},
	{"a script that speaks", `<script>console.log("here")</script>`, "a message in the console"},
	{"a script that fails", `<script>nothing()</script>`, "an exception"},
	{"a style in the text", `<p class="strict" style="color:red">方針に反する段落</p>`, "a message in the console"},
	{"a picture from elsewhere", `<img src="https://127.0.0.1:1/x.svg" alt="絵" width="10" height="10">`, "a request to another host"},
	{"focus that does not show", `<style>a:focus { outline: none }</style><p><a class="big" href="/a">どこ</a></p>`, "focus cannot be seen"},
	{"focus beyond the edge", `<p><a class="big" href="/a" style="position:fixed;left:-400px">どこ</a></p>`, "focus is out of sight"},
	{"a link that takes the keyboard", `<p><a class="big" id="a" href="/a">一</a></p><p><a class="big" href="/b">二</a></p>
		<script>a.addEventListener("keydown", (e) => e.preventDefault())</script>`, "Tab does not reach it"},
	{"an order of its own", `<p><a class="big" href="/a">一</a></p><p><a class="big" href="/b" tabindex="1">二</a></p>`, "Tab goes back"},
	{"a part that stays folded", `<details><summary id="s">開かない</summary><p><a class="big" href="/a">中</a></p></details><script>s.addEventListener("click", (e) => e.preventDefault())</script>`, "Enter does not open it"},
	{"a picture without words", `<img src="/picture.svg" width="20" height="10">`, "axe image-alt (critical)"},
	{"grey on black in the dark", `<style>@media (prefers-color-scheme: dark) { body { background: #000; color: #444 } }</style><p>暗くて読めない段落</p>`, "axe color-contrast (serious)"},
	{"paper that is too narrow", `<style>@media print { main { width: 900px } }</style><p style="text-align:right">紙の右へはみ出る段落</p>`, "the page scrolls sideways"},
	{"paper with nothing on it", `<style>@media print { body { display: none } }</style><p>紙には出ない段落</p>`, "nothing is to be read"},
	{"a link that skips to nowhere", `<script>document.querySelector("main").id = "other"</script><p><a class="big" href="/a">一</a></p>`, "the link that skips does not lead into the page"},
}

// TestFaceSeesFaults plants one fault a page, and wants TestFace's eyes to see it.
func TestFaceSeesFaults(t *testing.T) {
	alone(t)
	if testing.Short() {
		t.Skip("starts a browser")
	}
	axe := readAxe(t)
	browser := startBrowser(t)
	server := httptest.NewServer(faultServer())
	defer server.Close()
	looks := &looks{t: t, origin: server.URL, axe: axe, readers: map[string]context.Context{"": browser}}
	numbers := make([]int, len(faults))
	for i := range numbers {
		numbers[i] = i
	}
	inTabs(numbers, func(n int) {
		t.Run(faults[n].name, func(t *testing.T) {
			b := newTab(t, browser, server.URL)
			var all []finding
			looks.at(b, facePage{path: fmt.Sprint("/", n, "/")}, func(_ view, found []finding) { all = append(all, found...) })
			want := faults[n].want
			if is := slices.ContainsFunc(all, func(f finding) bool { return f.What == want }); is != (want != "") || want == "" && len(all) > 0 {
				t.Errorf("got %v, want %q", all, want)
			}
		})
	})
}

// faultServer serves the pages of faults at /N/. A picture that is slow waits until the
// page was painted without it.
func faultServer() http.Handler {
	const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="400" height="200"><rect width="20" height="10" fill="#468"/></svg>`
	painted := make(chan bool, 100)
	mux := http.NewServeMux()
	draw := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprint(w, picture)
	}
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/picture.svg", draw)
	mux.HandleFunc("/painted", func(http.ResponseWriter, *http.Request) { painted <- true })
	mux.HandleFunc("/slow.svg", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-painted:
		case <-r.Context().Done():
		}
		draw(w, r)
	})
	mux.HandleFunc("/{n}/{$}", func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscan(r.PathValue("n"), &n); err != nil || n < 0 || n >= len(faults) {
			http.NotFound(w, r)
			return
		}
		if strings.Contains(faults[n].page, `class="strict"`) {
			w.Header().Set("Content-Security-Policy", strict)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>題名</title>
<style>
:root { color-scheme: light dark }
body { margin: 16px; background: light-dark(#fff, #111); font: 16px/1.8 sans-serif }
a { color: light-dark(#026, #9cf) }
.big { display: inline-block; min-height: 28px; padding: 4px 12px }
.skip:not(:focus) { position: absolute; left: -9999px }
summary { min-height: 28px }
</style></head><body><a class="skip big" href="#main">本文へ</a><main id="main" tabindex="-1"><h1>見出し</h1>`+faults[n].page+`</main></body></html>`)
	})
	return mux
}
