package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// faceTabs is how many pages are looked at at once. A tab mostly waits for frames,
// so that there are more of them than processors.
const faceTabs = 4

// view is what a page is looked at in.
type view struct {
	width, height int64
	scheme        string // light, dark
	medium        string // empty: the screen; or print
	first         bool   // what is below the first screen does not matter
}

func (v view) String() string {
	if v.medium != "" {
		return v.medium
	}
	return fmt.Sprintf("%d px, %s", v.width, v.scheme)
}

// paper is what A4 leaves between the margins of the style sheets: 170 of 210 mm at
// 96 px to the inch.
var paper = view{width: 643, height: 971, scheme: "light", medium: "print"}

// sizes are the widths of each kind of page, with the heights that go with them.
func (k faceKind) sizes() [][2]int64 {
	switch k {
	case letter:
		return [][2]int64{{375, 812}, {600, 800}, {640, 800}}
	case edited:
		return [][2]int64{{375, 812}, {1280, 800}}
	default:
		return [][2]int64{{375, 812}, {768, 1024}, {1280, 800}}
	}
}

// maxShift is how far a page may move while it loads: Cumulative Layout Shift, all of
// it and not only that of the worst moment.
const maxShift = 0.02

// TestFace opens each type of page in Chromium, on phones, tablets and desks, in
// light, dark and print, with a member and without: nothing scrolls sideways, overlaps,
// is cut off or moves; the console is empty, and no other host is asked, under a
// policy without exceptions; the keyboard reaches all of it, and axe finds nothing.
//
// KAIHO_SCREENSHOTS names a folder for pictures of all of it. Without it there are
// pictures of what is wrong alone, in a folder that stays.
func TestFace(t *testing.T) {
	alone(t)
	if testing.Short() {
		t.Skip("starts a browser")
	}
	axe := readAxe(t)
	browser := startBrowser(t)
	f := newFaceSite(t)
	pages := slices.Concat(f.sitePages(), f.gatePages(), f.letterPages())
	looks := &looks{t: t, origin: f.address, axe: axe, shots: os.Getenv("KAIHO_SCREENSHOTS"), readers: f.readers(browser, pages)}
	inTabs(pages, func(p facePage) {
		t.Run(p.name, func(t *testing.T) {
			b := newTab(t, looks.readers[p.reader], looks.origin)
			looks.at(b, p, func(v view, found []finding) { looks.report(b, p, v, found) })
		})
	})
}

// inTabs calls f for each of list, for some of them at once.
func inTabs[T any](list []T, f func(T)) {
	queue := make(chan T)
	var workers sync.WaitGroup
	for range faceTabs {
		workers.Go(func() {
			for one := range queue {
				f(one)
			}
		})
	}
	for _, one := range list {
		queue <- one
	}
	close(queue)
	workers.Wait()
}

// readers signs in all who read pages, each in a browser of their own.
func (f *faceSite) readers(browser context.Context, pages []facePage) map[string]context.Context {
	f.t.Helper()
	readers := map[string]context.Context{}
	for _, p := range pages {
		if readers[p.reader] != nil {
			continue
		}
		ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
		f.t.Cleanup(cancel)
		where := f.address + "/"
		if p.reader != "" {
			where = strings.TrimSpace(f.kaiho("member", "link", p.reader, "/"))
		}
		if err := chromedp.Do(ctx, chromedp.Navigate(where)); err != nil {
			f.t.Fatal(err)
		}
		readers[p.reader] = ctx
	}
	return readers
}

// looks is how pages are looked at.
type looks struct {
	t       *testing.T
	origin  string // of all pages
	axe     string // source of axe-core
	shots   string // folder of pictures; "": only of what is wrong
	readers map[string]context.Context

	once   sync.Once
	folder string // of pictures of what is wrong
}

// at looks at one page in all ways, and says of each what was found.
func (l *looks) at(b *tab, p facePage, say func(v view, found []finding)) {
	b.t.Helper()
	sizes := p.kind.sizes()
	for i, size := range sizes {
		v := view{width: size[0], height: size[1], scheme: "light"}
		l.show(b, p, v)
		inLight := slices.Concat(l.moved(b), l.shape(b, v))
		if i == 0 && p.kind != edited {
			inLight = append(inLight, l.runAxe(b)...)
		}
		say(v, slices.Concat(inLight, b.heard()))
		v.scheme = "dark"
		b.media(v.scheme, v.medium)
		inDark := l.shape(b, v)
		if i == len(sizes)-1 {
			inDark = append(inDark, l.runAxe(b)...)
		}
		inDark = slices.DeleteFunc(inDark, func(f finding) bool { return slices.Contains(inLight, f) }) // said already
		say(v, slices.Concat(inDark, b.heard()))
		if i != 1 && p.kind == whole {
			if found := slices.Concat(l.walk(b), b.heard()); len(found) > 0 {
				say(v, found)
			}
			b.runs(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
		}
	}
	if p.kind != letter {
		b.runs(chromedp.EmulateViewport(paper.width, paper.height))
		b.media(paper.scheme, paper.medium)
		say(paper, slices.Concat(l.shape(b, paper), b.heard()))
	}
}

// show opens a page as it is seen in v, and sees that it is the one that is meant.
func (l *looks) show(b *tab, p facePage, v view) {
	b.t.Helper()
	var options []chromedp.EmulateViewportOption
	if v.width < 768 {
		options = append(options, chromedp.EmulateMobile)
	}
	b.runs(chromedp.EmulateViewport(v.width, v.height, options...))
	b.media(v.scheme, v.medium)
	b.opens(p.path, max(p.status, 200))
	if p.holds == "" {
		return
	}
	holds, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf("document.querySelector(%q) !== null", p.holds)))
	if err != nil || !holds {
		b.t.Fatalf("%s: got a page without %s, %v", p.path, p.holds, err)
	}
}

// shape returns what is wrong with the shape of the page as it is seen in v.
func (l *looks) shape(b *tab, v view) []finding {
	b.t.Helper()
	return evaluate[[]finding](b, "shape.js", map[string]any{"width": v.width, "paper": v.medium != ""})
}

// moved returns what has moved since the page was opened, if that was too far.
func (l *looks) moved(b *tab) []finding {
	b.t.Helper()
	shifts, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]struct {
		Value float64 `json:"value"`
		Where string  `json:"where"`
	}](`globalThis[Symbol.for("kaiho.face")].shifts`))
	if err != nil {
		b.t.Fatal(err)
	}
	sum, where := 0.0, []string{}
	for _, s := range shifts {
		sum += s.Value
		where = append(where, s.Where)
	}
	if sum <= maxShift {
		return nil
	}
	return []finding{{"the page moves while it loads", strings.Join(where, ", "), fmt.Sprintf("by %.3f", sum)}}
}

func (l *looks) runAxe(b *tab) []finding {
	b.t.Helper()
	b.runs(chromedp.Evaluate[chromedp.Void](`globalThis[Symbol.for("kaiho.face")].axe ??= (() => { const module = {exports: {}}; ` + l.axe + `; return module.exports })(); 0`))
	return evaluate[[]finding](b, "axe.js", nil)
}

// walk goes through the page by keyboard alone: every control, what is folded, and the
// link that skips the head of the page.
func (l *looks) walk(b *tab) []finding {
	b.t.Helper()
	type result struct {
		Tabs   int       `json:"tabs"`
		Folded int       `json:"folded"`
		Found  []finding `json:"found"`
	}
	step := func(what string) result {
		b.t.Helper()
		return evaluate[result](b, "keys.js", map[string]any{"step": what})
	}
	b.presses(kb.Tab, step("start").Tabs)
	r := step("end")
	for range r.Folded { // each is opened, and what is in it walked through
		if step("fold").Folded == 0 {
			break
		}
		b.presses(kb.Enter, 1)
		b.presses(kb.Tab, step("unfolded").Tabs)
	}
	found := step("end").Found
	if step("skip").Tabs == 0 {
		return found
	}
	b.presses(kb.Enter, 1)
	b.presses(kb.Tab, 1)
	return append(found, step("skipped").Found...)
}

// report fails the test with what was found, and with a picture of it.
func (l *looks) report(b *tab, p facePage, v view, found []finding) {
	b.t.Helper()
	if len(found) == 0 {
		if l.shots != "" {
			b.shoot(l.shots, p.name, v)
		}
		return
	}
	l.once.Do(l.makeFolder)
	var text strings.Builder
	for _, f := range found {
		fmt.Fprintf(&text, "\n  %v", f)
	}
	b.t.Errorf("%s in %v:%s\n  picture: %s", p.path, v, text.String(), b.shoot(l.folder, p.name, v))
}

func (l *looks) makeFolder() {
	if l.folder = l.shots; l.folder != "" {
		return
	}
	var err error
	if l.folder, err = os.MkdirTemp("", "kaiho-face-"); err != nil {
		l.t.Fatal(err)
	}
}
