package preview_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaiho/generator/preview"
)

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(h http.Handler, method, target, host string) *http.Response {
	r := httptest.NewRequest(method, "http://localhost/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestHandlerServesAsAStaticHost(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "public")
	for name, text := range map[string]string{
		"index.html": "home", "404.html": "not here", "news/index.html": "news", "お知らせ/a:b/index.html": "colon",
		"events/calendar.ics": "BEGIN", "feed.xml": "<feed/>", "rss.xml": "<rss/>", "sitemap.xml": "<x/>", "feed.json": "{}",
		"a.svg": "<svg/>", "site.webmanifest": "{}", "f.woff2": "f", "empty/file.txt": "x",
		".well-known/security.txt": "s", "x.unknowntype": "u", "../secret.txt": "secret",
	} {
		write(t, filepath.Join(dir, name), text)
	}
	if err := os.Symlink(filepath.Join(outer, "secret.txt"), filepath.Join(dir, "link.txt")); err != nil {
		t.Log(err)
	}
	if err := os.Symlink("..", filepath.Join(dir, "up")); err != nil {
		t.Log(err)
	}
	tests := []struct {
		name, target string
		status       int
		header, want string // of Content-Type, or Location
		body         string
	}{
		{"the home page", "/", 200, "Content-Type", "text/html; charset=utf-8", "home"},
		{"a folder", "/news/", 200, "Content-Type", "text/html; charset=utf-8", "news"},
		{"a folder without its slash", "/news?q=1", 301, "Location", "./news/?q=1", ""},
		{"a folder whose name needs escapes", "/お知らせ/a:b", 301, "Location", "./a:b/", ""},
		{"a file with a slash", "/index.html/", 404, "Content-Type", "text/html; charset=utf-8", "not here"},
		{"a folder without an index", "/empty/", 404, "Content-Type", "text/html; charset=utf-8", "not here"},
		{"a folder without an index or slash", "/empty", 404, "Location", "", "not here"},
		{"nothing", "/gone", 404, "Content-Type", "text/html; charset=utf-8", "not here"},
		{"a calendar", "/events/calendar.ics", 200, "Content-Type", "text/calendar; charset=utf-8", "BEGIN"},
		{"an Atom feed", "/feed.xml", 200, "Content-Type", "application/atom+xml; charset=utf-8", "<feed/>"},
		{"an RSS feed", "/rss.xml", 200, "Content-Type", "application/rss+xml; charset=utf-8", "<rss/>"},
		{"a sitemap", "/sitemap.xml", 200, "Content-Type", "application/xml; charset=utf-8", "<x/>"},
		{"JSON", "/feed.json", 200, "Content-Type", "application/json", "{}"},
		{"SVG", "/a.svg", 200, "Content-Type", "image/svg+xml", "<svg/>"},
		{"a web manifest", "/site.webmanifest", 200, "Content-Type", "application/manifest+json", "{}"},
		{"a font", "/f.woff2", 200, "Content-Type", "font/woff2", "f"},
		{"a hidden folder", "/.well-known/security.txt", 200, "Content-Type", "text/plain; charset=utf-8", "s"},
		{"an unknown type", "/x.unknowntype", 200, "Content-Type", "application/octet-stream", "u"},
		{"a way up", "/../secret.txt", 404, "Location", "", "not here"},
		{"a way up from inside", "/news/../../secret.txt", 404, "Location", "", "not here"},
		{"backslashes", `/..\secret.txt`, 404, "Location", "", "not here"},
		{"NUL", "/index.html\x00", 404, "Location", "", "not here"},
		{"another host's address", "//example.com/", 404, "Location", "", "not here"},
		{"a link out", "/link.txt", 404, "Location", "", "not here"},
		{"a linked folder out", "/up/secret.txt", 404, "Location", "", "not here"},
	}
	h := preview.Handler(dir, preview.Options{})
	for _, test := range tests {
		for _, method := range []string{"GET", "HEAD"} {
			t.Run(method+" "+test.name, func(t *testing.T) {
				r := get(h, method, test.target, "localhost:8080")
				body, _ := io.ReadAll(r.Body)
				want := test.body
				if method == "HEAD" {
					want = ""
				}
				if r.StatusCode != test.status || r.Header.Get(test.header) != test.want || string(body) != want {
					t.Errorf("got %d %q %q, want %d %q %q", r.StatusCode, r.Header.Get(test.header), body, test.status, test.want, want)
				}
				if got := r.Header.Get("Cache-Control"); got != "no-store" {
					t.Errorf("Cache-Control: got %q", got)
				}
			})
		}
	}
}

func TestHandlerTakesOnlyReads(t *testing.T) {
	r := get(preview.Handler(t.TempDir(), preview.Options{}), "POST", "/", "localhost")
	if r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("got %d, Allow %q", r.StatusCode, r.Header.Get("Allow"))
	}
}

func TestHandlerAnswersToThisMachinesNamesOnly(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.html"), "home")
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:1": 200, "127.0.0.1:8080": 200, "127.0.0.1": 200, "[::1]:8080": 200, "[::1]": 200,
		"": 403, "evil.example:8080": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example:80": 403, "192.168.0.2:8080": 403, "0.0.0.0:8080": 403,
	} {
		if got := get(preview.Handler(dir, preview.Options{}), "GET", "/", host).StatusCode; got != want {
			t.Errorf("%q: got %d, want %d", host, got, want)
		}
		if got := get(preview.Handler(dir, preview.Options{AnyHost: true}), "GET", "/", host).StatusCode; got != 200 {
			t.Errorf("%q, any host: got %d", host, got)
		}
	}
}

func TestHandlerFollowsAReplacedFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	h := preview.Handler(dir, preview.Options{})
	text := func() string {
		b, _ := io.ReadAll(get(h, "GET", "/", "localhost").Body)
		return strings.TrimSpace(string(b))
	}
	if got := text(); got != "404: there is no output yet" {
		t.Errorf("before: got %q", got)
	}
	write(t, filepath.Join(dir, "index.html"), "one")
	if got := text(); got != "one" {
		t.Errorf("got %q, want one", got)
	}
	if err := os.Rename(dir, dir+".old"); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "index.html"), "two")
	if got := text(); got != "two" {
		t.Errorf("replaced: got %q, want two", got)
	}
}

func ExampleHandler() {
	dir, err := os.MkdirTemp("", "public")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("会報"), 0o644); err != nil {
		panic(err)
	}
	server := httptest.NewServer(preview.Handler(dir, preview.Options{}))
	defer server.Close()
	r, err := http.Get(server.URL)
	if err != nil {
		panic(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	fmt.Println(r.StatusCode, string(body), err)
	// Output: 200 会報 <nil>
}
