package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kaiho/generator/theme"
)

// TestTheThemeReachesAllPages puts what site.yaml may say of the look behind both style
// sheets, that of the site and that of the gate, and asks the browser what came of it.
func TestTheThemeReachesAllPages(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	browser := startBrowser(t)
	accent, _ := theme.ParseColour("#2f6b4f")
	look := theme.Theme{Accent: accent, Text: []string{"BIZ UDPGothic"}, Headings: []string{theme.Sans}, Measure: 34}
	_, dark, _, _ := look.Colours()
	sheets := []string{"../../static/assets/site.css", "../../generator/gate/pages/style.css"}
	mux := http.NewServeMux()
	for i, file := range sheets {
		css, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc(fmt.Sprintf("/%d/", i), func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `<!doctype html><html lang="ja"><title>題名</title><style>%s%s</style><main><h1>見出し</h1></main></html>`, css, look.Style())
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	b := newTab(t, browser, server.URL)
	for i, file := range sheets {
		b.opens(fmt.Sprintf("/%d/", i), http.StatusOK)
		for _, c := range []struct{ scheme, medium, accent string }{{"light", "", accent.String()}, {"dark", "", dark.String()}, {"light", "print", "#000"}, {"dark", "print", "#000"}} {
			b.media(c.scheme, c.medium)
			for property, want := range map[string]string{"--ai": c.accent, "--measure": "34em", "--text": `"BIZ UDPGothic"`, "--display": `"Hiragino Sans"`} {
				got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf(`getComputedStyle(document.documentElement).getPropertyValue(%q)`, property)))
				if err != nil {
					t.Fatal(err)
				}
				if first, _, _ := strings.Cut(got, ","); strings.TrimSpace(first) != want {
					t.Errorf("%s, %s %s: got %s %s, want %s", file, c.scheme, c.medium, property, got, want)
				}
			}
		}
	}
}
