package preview_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"kaiho/generator/preview"
)

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// request makes one whose path is escaped as it is on the wire.
func request(h http.Handler, target string) *http.Response {
	r := httptest.NewRequest("GET", target, nil)
	r.Host = "localhost:8080"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestLettersHaveAddresses(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(issue(t, nil))
	tests := []struct {
		name, target string
		status       int
		header, want string
		text         string
	}{
		{"the next issue", "/-/letters/", 302, "Location", "/-/letters/2026-11-18/alumni-ja/", ""},
		{"without the slash", "/-/letters", 301, "Location", "/-/letters/", ""},
		{"an issue chosen in the form", "/-/letters/?issue=a%2Fb+c", 303, "Location", "/-/letters/a%2Fb%20c/", ""},
		{"an issue's first variant", "/-/letters/2026-11-18/", 302, "Location", "/-/letters/2026-11-18/alumni-ja/", ""},
		{"a page", "/-/letters/2026-11-18/public-ja/", 200, "Content-Type", "text/html; charset=utf-8", "凪だより"},
		{"a page without its slash", "/-/letters/2026-11-18/public-ja?member=m2", 302, "Location", "/-/letters/2026-11-18/public-ja/?member=m2", ""},
		{"a member of another variant", "/-/letters/2026-11-18/public-ja/?member=m1", 302, "Location", "/-/letters/2026-11-18/alumni-ja/?member=m1", ""},
		{"the letter", "/-/letters/2026-11-18/alumni-ja/letter.html", 200, "Content-Type", "text/html; charset=utf-8", "@media (prefers-color-scheme: dark)"},
		{"the letter in dark mode", "/-/letters/2026-11-18/alumni-ja/letter.html?scheme=dark&member=m1", 200, "Content-Type", "text/html; charset=utf-8", "@media (min-width:0)"},
		{"the letter in light mode", "/-/letters/2026-11-18/alumni-ja/letter.html?scheme=light", 200, "Content-Type", "text/html; charset=utf-8", "@media (max-width:0)"},
		{"its picture", "/-/letters/2026-11-18/alumni-ja/letter.html", 200, "Content-Type", "text/html; charset=utf-8", `src="/pictures/yamazaki.jpg"`},
		{"its text", "/-/letters/2026-11-18/alumni-ja/letter.txt", 200, "Content-Type", "text/plain; charset=utf-8", "━━━"},
		{"an unknown issue has links to those there are", "/-/letters/nope/", 404, "Content-Type", "text/html; charset=utf-8", `<option value="2026-11-04">凪だより 第30号</option>`},
		{"an unknown variant has links to those there are", "/-/letters/2026-11-18/nope/", 404, "Content-Type", "text/html; charset=utf-8", `<a href="/-/letters/2026-11-18/public-ja/">`},
		{"an unknown member has links to the variants", "/-/letters/2026-11-18/alumni-ja/?member=m9", 404, "Content-Type", "text/html; charset=utf-8", `<a href="/-/letters/2026-11-18/alumni-ja/">`},
		{"an address that is too long", "/-/letters/2026-11-18/alumni-ja/letter.html/x", 404, "Content-Type", "text/html; charset=utf-8", "There is no such letter"},
		{"an address with a hole", "/-/letters//alumni-ja/", 404, "Content-Type", "text/html; charset=utf-8", "There is no such letter"},
		{"another document", "/-/letters/2026-11-18/alumni-ja/letter.eml", 404, "Content-Type", "text/html; charset=utf-8", "There is no such letter"},
		{"a document of no issue", "/-/letters/nope/alumni-ja/letter.html", 404, "Content-Type", "text/html; charset=utf-8", "There is no such letter"},
		{"where a recipient's own links lead", "/-/personal", 200, "Content-Type", "text/html; charset=utf-8", "recipient’s own"},
	}
	for _, test := range tests {
		r := request(s, test.target)
		got := body(t, r)
		if r.StatusCode != test.status || r.Header.Get(test.header) != test.want || !strings.Contains(got, test.text) {
			t.Errorf("%s: got %d %q, want %d %q and %q in\n%.3000s", test.name, r.StatusCode, r.Header.Get(test.header), test.status, test.want, test.text, got)
		}
		for _, host := range []string{"evil.example"} {
			if got := get(s, "GET", test.target, host).StatusCode; got != 403 {
				t.Errorf("%s, for %s: got %d, want 403", test.name, host, got)
			}
		}
		if got := get(s, "POST", test.target, "localhost").StatusCode; got != 405 {
			t.Errorf("%s, POST: got %d, want 405", test.name, got)
		}
		if r := get(s, "HEAD", test.target, "localhost"); r.StatusCode != test.status || body(t, r) != "" {
			t.Errorf("%s, HEAD: got %d and a body, want %d", test.name, r.StatusCode, test.status)
		}
	}
}

func TestLettersAreHeldByPolicies(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(issue(t, nil))
	tests := []struct{ name, target, has, lacks string }{
		{"a letter runs no script", "/-/letters/2026-11-18/alumni-ja/letter.html", "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox", "script-src"},
		{"and loads pictures from here alone", "/-/letters/2026-11-18/alumni-ja/letter.html?scheme=dark", "default-src 'none'; img-src 'self';", "data:"},
		{"its text is held too", "/-/letters/2026-11-18/alumni-ja/letter.txt", "default-src 'none'", "script-src"},
		{"the page is nobody's frame", "/-/letters/2026-11-18/alumni-ja/", "frame-ancestors 'none'", "unsafe-inline"},
	}
	for _, test := range tests {
		r := request(s, test.target)
		got := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(got, test.has) || strings.Contains(got, test.lacks) || strings.Contains(got, "allow-scripts") {
			t.Errorf("%s: got %q, want %q and no %q", test.name, got, test.has, test.lacks)
		}
		if got := r.Header.Get("Referrer-Policy"); got != "no-referrer" {
			t.Errorf("%s: got Referrer-Policy %q, want no-referrer", test.name, got)
		}
	}
}

func TestLettersEscapeWhatPeopleWrite(t *testing.T) {
	const bad = `"><script>bad()</script><img src=x onerror=bad()>`
	s := preview.NewServer(preview.ServerOptions{Editor: "vscode://file/{path}:{line}", Root: "/p"})
	s.Show(issue(t, func(l *preview.Letters) {
		l.Issues = append(l.Issues, preview.Choice{Name: bad, Title: bad})
		l.Issues[0].Title, l.Members[0].Title, l.Members[0].Name = bad, bad, bad
		l.Variants = append(l.Variants, preview.LetterChoice{Name: bad, Subject: bad})
		l.Subject, l.Preheader, l.From, l.Text, l.Marks = bad, bad, bad+" <a@b>", "</pre>"+bad, []string{bad}
		l.Problems = []preview.Problem{{Path: bad, Line: 3, Message: bad, Remedy: bad, Rule: bad, Excerpt: []preview.ExcerptLine{{Number: 3, Text: bad, Marked: true}}}}
	}))
	for _, target := range []string{"/-/letters/2026-11-18/alumni-ja/", "/-/letters/nope/", "/-/letters/2026-11-18/%22%3E%3Cscript%3Ebad()/"} {
		got := body(t, request(s, target))
		if !strings.Contains(got, "&lt;script&gt;bad()") && !strings.Contains(got, "&lt;img") {
			t.Errorf("%s: nothing of it is shown:\n%s", target, got)
		}
		for _, tag := range []string{"<script>", "<img", "</pre>\""} {
			if strings.Contains(got, tag) {
				t.Errorf("%s: has %s:\n%s", target, tag, got)
			}
		}
	}
	got := body(t, request(s, "/-/letters/2026-11-18/alumni-ja/"))
	if want := `<a href="vscode://file/p/%22%3E%3Cscript`; !strings.Contains(got, want) {
		t.Errorf("the editor's link: got\n%s\nwant %s", got, want)
	}
}

func TestLettersThatCannotBeMadeSayWhy(t *testing.T) {
	s := preview.NewServer(preview.ServerOptions{})
	const target = "/-/letters/2026-11-18/alumni-ja/"
	want := func(what string, status int, text string) {
		t.Helper()
		r := request(s, target)
		if got := body(t, r); r.StatusCode != status || !strings.Contains(got, text) {
			t.Errorf("%s: got %d\n%s\nwant %d and %q", what, r.StatusCode, got, status, text)
		}
	}
	want("before the first site", 503, "The site is being made")
	s.Show(site("/", nil))
	want("a site without letters", 404, "There is no page here")
	broken := issue(t, nil)
	broken.Letters = func(_, _, _ string) (preview.Letters, error) { return preview.Letters{}, errors.New("disk <full>") }
	s.Show(broken)
	want("an error", 500, "disk &lt;full&gt;")
	broken.Letters = func(_, _, _ string) (preview.Letters, error) {
		return preview.Letters{}, &preview.PageError{Problems: problems()}
	}
	s.Show(broken)
	want("problems", 500, "The picture has no text")
	s.Show(issue(t, func(l *preview.Letters) {
		l.Variant, l.Variants, l.HTML, l.Text, l.Problems = "", nil, "", "", problems()
	}))
	r := request(s, "/-/letters/2026-11-18/")
	if got := body(t, r); r.StatusCode != 200 || !strings.Contains(got, "There is no letter to show yet") || !strings.Contains(got, "deadlne") || strings.Contains(got, "<iframe") {
		t.Errorf("an issue without a letter: got %d\n%s", r.StatusCode, got)
	}
	s.Show(issue(t, func(l *preview.Letters) { *l = preview.Letters{} }))
	r = request(s, "/-/letters/")
	if got := body(t, r); r.StatusCode != 200 || !strings.Contains(got, "There is no letter to show yet") {
		t.Errorf("no issue at all: got %d\n%s", r.StatusCode, got)
	}
}

func TestLettersAreMadeOncePerSnapshot(t *testing.T) {
	var made atomic.Int32
	count := func(*preview.Letters) { made.Add(1) }
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(issue(t, count))
	for range 3 {
		for _, document := range []string{"", "letter.html?scheme=light", "letter.html?scheme=dark", "letter.txt"} {
			request(s, "/-/letters/2026-11-18/alumni-ja/"+document)
		}
	}
	if got := made.Load(); got != 1 {
		t.Errorf("a page with its frames: made %d times, want 1", got)
	}
	s.Show(issue(t, count))
	request(s, "/-/letters/2026-11-18/alumni-ja/")
	if got := made.Load(); got != 2 {
		t.Errorf("in another snapshot: made %d times, want 2", got)
	}
}

func TestLettersShowTheLastGoodOnesWithWhatIsWrong(t *testing.T) {
	s, server := running(t, preview.ServerOptions{})
	s.Show(issue(t, nil))
	const path = "/-/letters/2026-11-18/alumni-ja/"
	page := connect(t, server, path, versionAt(t, s, path), "")
	if got := page.want("an up to date page", "hello", "state", "ok"); got != "{}" {
		t.Errorf("got %s", got)
	}
	broken := issue(t, nil)
	broken.Problems = problems()
	s.Show(broken)
	if got := page.want("an error in the project", "state", "problems"); !strings.Contains(got, `"behind":true`) || !strings.Contains(got, "deadlne") {
		t.Errorf("got %s", got)
	}
	s.Show(issue(t, func(l *preview.Letters) { l.HTML += "<!-- another -->" }))
	page.want("another letter", "page", "state", "ok")
	s.Show(issue(t, func(l *preview.Letters) { l.Text += "." }))
	page.want("another text", "page", "state")
	const hers = path + "?member=m2"
	other := connect(t, server, hers, versionAt(t, s, hers), "")
	other.want("an up to date page of a member", "hello", "state", "ok")
	s.Show(issue(t, func(l *preview.Letters) {
		if l.Text += "."; l.Member == "m2" {
			l.Text = "another"
		}
	}))
	other.want("another text for that member alone", "page", "state")
	page.want("no other for the specimen", "state")
	s.Show(site("/", nil))
	page.want("the letters went", "gone", "state")
}

func TestBarLeadsToLetters(t *testing.T) {
	s, server := running(t, preview.ServerOptions{})
	s.Show(issue(t, nil))
	tests := []struct{ name, path, want string }{
		{"any page leads to the next issue", "/", `"letters":"/-/letters/"`},
		{"an issue's page leads to that issue", "/newsletters/31/", `"letters":"/-/letters/2026-11-18/"`},
		{"the letters lead to themselves by nothing", "/-/letters/2026-11-18/alumni-ja/", `"letters":""`},
	}
	for _, test := range tests {
		page := connect(t, server, test.path, "", "")
		if got := page.want(test.name, "hello", "state"); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	s.Show(letters(map[string]string{"/": "home"}))
	page := connect(t, server, "/", "", "")
	if got := page.want("a site without letters", "hello", "state"); !strings.Contains(got, `"letters":""`) {
		t.Errorf("a site without letters: got %s", got)
	}
}

func ExampleLetters() {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(preview.Snapshot{
		Origin: "https://nagi.example",
		Letters: func(issue, variant, member string) (preview.Letters, error) {
			return preview.Letters{
				Issue: "31", Issues: []preview.Choice{{Name: "31", Title: "凪だより 第31号"}},
				Variant: "public-ja", Variants: []preview.LetterChoice{{Name: "public-ja", Readers: 87}},
				Subject: "凪だより", HTML: `<p><a href="https://nagi.example/k/TOKEN/events/">集い</a>`, Text: "集い",
			}, nil
		},
	})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/-/letters/", nil))
	fmt.Println(w.Code, w.Header().Get("Location"))
	w = httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/-/letters/31/public-ja/letter.html", nil))
	fmt.Println(w.Body)
	// Output:
	// 302 /-/letters/31/public-ja/
	// <base target="_blank"><p><a href="/events/">集い</a>
}

// BenchmarkLetter is a frame's document: what is done to a letter of 31 KB.
func BenchmarkLetter(b *testing.B) {
	s := preview.NewServer(preview.ServerOptions{})
	s.Show(issue(b, nil))
	b.ReportAllocs()
	for b.Loop() {
		request(s, "/-/letters/2026-11-18/alumni-ja/letter.html?scheme=dark")
	}
}
