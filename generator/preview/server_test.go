package preview_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"kaiho/generator/preview"
)

// site opens what is in files, whose names are paths, those of a reader's own
// with the reader's name before them.
func site(base string, files map[string]string) preview.Snapshot {
	return preview.Snapshot{
		Base:    base,
		Readers: []preview.Choice{{Title: "Public"}, {Name: "alumni", Title: "Alumni"}},
		Open: func(reader, path string) (preview.Content, error) {
			for _, name := range []string{reader + path, path} {
				if text, ok := files[name]; ok {
					return preview.Content{Body: []byte(text), Source: "content" + path + "index.md"}, nil
				}
			}
			return preview.Content{}, fs.ErrNotExist
		},
	}
}

var tag = regexp.MustCompile(`<script src="/-/preview\.js" data-version="[0-9a-f.~-]+" defer></script>`)

func TestServerServesTheSite(t *testing.T) {
	files := map[string]string{
		"/": "<body>home</body></html>", "/news/": "news", "/お知らせ/": "cut", "/feed.xml": "<feed></body></feed>",
		"/a.txt": "text", "/404.html": "<body>not here</body>",
	}
	tests := []struct {
		name, base, target string
		status             int
		header, want       string
		body               string // the script is *
	}{
		{"the home page", "/", "/", 200, "Content-Type", "text/html; charset=utf-8", "<body>home*</body></html>"},
		{"a page without end tags", "/", "/news/", 200, "Content-Type", "text/html; charset=utf-8", "news*"},
		{"a page with a query", "/", "/news/?q=1", 200, "Content-Type", "text/html; charset=utf-8", "news*"},
		{"a folder without its slash", "/", "/news?q=1", 301, "Location", "./news/?q=1", ""},
		{"a folder whose name needs escapes", "/", "/お知らせ", 301, "Location", "./%E3%81%8A%E7%9F%A5%E3%82%89%E3%81%9B/", ""},
		{"a feed", "/", "/feed.xml", 200, "Content-Type", "application/atom+xml; charset=utf-8", "<feed></body></feed>"},
		{"nothing", "/", "/gone/", 404, "Content-Type", "text/html; charset=utf-8", "<body>not here*</body>"},
		{"a file with a slash", "/", "/a.txt/", 404, "Location", "", "<body>not here*</body>"},
		{"another host's address", "/", "//news/", 404, "Location", "", "<body>not here*</body>"},
		{"a way up", "/", "/news/../a.txt", 404, "Location", "", "<body>not here*</body>"},
		{"below a base", "/alumni/", "/alumni/news/", 200, "Content-Type", "text/html; charset=utf-8", "news*"},
		{"a folder below a base", "/alumni/", "/alumni/news", 301, "Location", "./news/", ""},
		{"the base", "/alumni/", "/alumni/", 200, "Content-Type", "text/html; charset=utf-8", "<body>home*</body></html>"},
		{"the base without its slash", "/alumni/", "/alumni", 301, "Location", "./alumni/", ""},
		{"above the base", "/alumni/", "/", 302, "Location", "/alumni/", ""},
		{"outside the base", "/alumni/", "/news/", 404, "Location", "", "<body>not here*</body>"},
		{"beside the base", "/alumni/", "/alumninews/", 404, "Location", "", "<body>not here*</body>"},
	}
	for _, test := range tests {
		s := preview.NewServer(preview.ServerOptions{})
		s.Show(site(test.base, files))
		for _, method := range []string{"GET", "HEAD"} {
			t.Run(method+" "+test.name, func(t *testing.T) {
				r := get(s, method, test.target, "localhost:8080")
				body, _ := io.ReadAll(r.Body)
				got, want := tag.ReplaceAllString(string(body), "*"), test.body
				if method == "HEAD" {
					want = ""
				}
				if r.StatusCode != test.status || r.Header.Get(test.header) != test.want || got != want {
					t.Errorf("got %d %q %q, want %d %q %q", r.StatusCode, r.Header.Get(test.header), got, test.status, test.want, want)
				}
				if got := r.Header.Get("Cache-Control"); got != "no-store" {
					t.Errorf("Cache-Control: got %q", got)
				}
			})
		}
	}
}

func TestServerAnswersToThisMachineOnly(t *testing.T) {
	s, open := preview.NewServer(preview.ServerOptions{}), preview.NewServer(preview.ServerOptions{AnyHost: true})
	for _, path := range []string{"/", "/-/events?path=/", "/-/reader?name=&to=/", "/-/preview.js"} {
		if got := get(s, "GET", path, "evil.example").StatusCode; got != 403 {
			t.Errorf("%s: got %d, want 403", path, got)
		}
		if got := get(s, "POST", path, "localhost"); got.StatusCode != 405 || got.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: got %d, want 405", path, got.StatusCode)
		}
		if got := get(open, "HEAD", path, "evil.example").StatusCode; got == 403 {
			t.Errorf("%s, any host: got %d", path, got)
		}
	}
}

func TestEventsAreForThePreviewsOwnPages(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(site("/", nil))
	tests := []struct {
		header, value string
		want          int
	}{
		{"Sec-Fetch-Site", "same-origin", 200}, {"Sec-Fetch-Site", "none", 200},
		{"Sec-Fetch-Site", "same-site", 403}, {"Sec-Fetch-Site", "cross-site", 403},
		{"Origin", "http://localhost:8080", 200}, {"Origin", "http://localhost:3000", 403},
		{"Origin", "https://evil.example", 403}, {"Origin", "null", 403},
	}
	for _, test := range tests {
		r := httptest.NewRequest("HEAD", "http://localhost:8080/-/events?path=/", nil)
		r.Header.Set(test.header, test.value)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: %s: got %d, want %d", test.header, test.value, w.Code, test.want)
		}
	}
	for _, path := range []string{"", "news/", "%2", "http://evil.example/"} {
		if got := get(s, "HEAD", "/-/events?path="+strings.ReplaceAll(path, "%", "%25"), "localhost").StatusCode; got != 400 {
			t.Errorf("path %q: got %d, want 400", path, got)
		}
	}
}

func TestReaderIsRememberedInTheBrowser(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(site("/", map[string]string{"/a/": "public", "alumni/a/": "members"}))
	tests := []struct {
		name, query string
		status      int
		location    string
		cookie      string
	}{
		{"an audience", "name=alumni&to=/a/%3Fq%3D1%23b", 303, "/a/?q=1#b", "kaiho_reader=alumni; Path=/; SameSite=Strict"},
		{"the public", "name=&to=/a/", 303, "/a/", "kaiho_reader=; Path=/; Max-Age=0; SameSite=Strict"},
		{"nobody", "name=staff&to=/a/", 400, "", ""},
		{"another host", "name=alumni&to=//evil.example/", 400, "", ""},
		{"another host after an empty one", "name=alumni&to=///evil.example/", 400, "", ""},
		{"another host behind an escape", "name=alumni&to=/%252Fevil.example/%20a", 400, "", ""},
		{"another scheme", "name=alumni&to=https://evil.example/", 400, "", ""},
		{"a backslash", `name=alumni&to=/\evil.example/`, 400, "", ""},
		{"a tab", "name=alumni&to=/%09/evil.example/", 400, "", ""},
		{"a line end", "name=alumni&to=/a%0d%0aSet-Cookie:b", 400, "", ""},
		{"no path", "name=alumni", 400, "", ""},
		{"itself", "name=alumni&to=/-/reader", 400, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := get(s, "GET", "/-/reader?"+test.query, "localhost")
			if r.StatusCode != test.status || r.Header.Get("Location") != test.location || r.Header.Get("Set-Cookie") != test.cookie {
				t.Errorf("got %d %q %q", r.StatusCode, r.Header.Get("Location"), r.Header.Get("Set-Cookie"))
			}
		})
	}
	for cookie, want := range map[string]string{"alumni": "members", "": "public", "staff": "public", "%zz": "public"} {
		r := httptest.NewRequest("GET", "http://localhost/a/", nil)
		r.AddCookie(&http.Cookie{Name: "kaiho_reader", Value: cookie})
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("reader %q: got %q, want %q", cookie, w.Body, want)
		}
	}
}

func TestServersOwnFiles(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{})
	for path, want := range map[string]string{
		"/-/preview.js": "200 text/javascript; charset=utf-8", "/-/preview.css": "200 text/css; charset=utf-8", "/-/": "404 text/plain; charset=utf-8",
	} {
		r := get(s, "GET", path, "localhost")
		if got := fmt.Sprint(r.StatusCode, " ", r.Header.Get("Content-Type")); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestServersOwnPages(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{Words: preview.Words{Starting: "準備中"}})
	text := func(path string, status int) string {
		t.Helper()
		r := get(s, "GET", path, "localhost")
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != status || !tag.Match(body) {
			t.Errorf("%s: got %d %q, want %d and the script", path, r.StatusCode, body, status)
		}
		return string(body)
	}
	if got := text("/a/", 503); !strings.Contains(got, "<h1>準備中</h1>") {
		t.Errorf("before the first site: got %q", got)
	}
	s.Show(preview.Snapshot{Problems: []preview.Problem{{Message: "there is no site.yaml"}}})
	text("/a/", 404)
	broken := site("/", nil)
	broken.Open = func(_, path string) (preview.Content, error) { return preview.Content{}, errors.New("disk <full>") }
	s.Show(broken)
	if got := text("/a/", 500); !strings.Contains(got, "disk &lt;full&gt;") {
		t.Errorf("a page that cannot be made: got %q", got)
	}
}

func ExampleServer() {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(preview.Snapshot{Open: func(_, path string) (preview.Content, error) {
		return preview.Content{Body: []byte("<h1>会報</h1>")}, nil
	}})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	r, err := http.Get(server.URL)
	if err != nil {
		panic(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	fmt.Println(r.StatusCode, tag.ReplaceAllString(string(body), ""), err)
	// Output: 200 <h1>会報</h1> <nil>
}
