package gate_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzNobodySeesTheCanary sends any method, target and header lines, through the
// parser of net/http's own test request, without a session.
func FuzzNobodySeesTheCanary(f *testing.F) {
	x := newFixture(f, nil)
	for _, a := range attempts(x) {
		if a.raw == "" {
			f.Add(a.method, a.target, a.host, a.headers)
		}
	}
	f.Fuzz(func(t *testing.T, method, target, host, headers string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || strings.ContainsAny(target, " \r\n") {
			return
		}
		if method == "" {
			method = "GET"
		}
		if host == "" {
			host = "nagi.example"
		}
		r := &http.Request{Method: method, URL: u, RequestURI: target, Host: host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: http.NoBody, RemoteAddr: "192.0.2.1:1234"}
		for line := range strings.SplitSeq(headers, "\n") {
			if name, value, found := strings.Cut(line, ":"); found {
				r.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
			}
		}
		if r.Header.Get("Cookie") != "" && strings.Count(headers, "__Host-kaiho=") == 1 {
			return // half of a seed with two sessions is one
		}
		w := httptest.NewRecorder()
		x.gate.ServeHTTP(w, r)
		if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Errorf("got %d", w.Code)
		}
		for name, values := range w.Header() {
			if strings.Contains(strings.Join(values, ""), canary) || name == "X-Accel-Redirect" || name == "X-Kaiho-File" {
				t.Errorf("got %s: %q", name, values)
			}
		}
		if strings.Contains(w.Body.String(), canary) {
			t.Errorf("the canary is in the answer to %s %q", method, target)
		}
		if location := w.Header().Get("Location"); location != "" && (!strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//")) {
			t.Errorf("got Location %q", location)
		}
	})
}

// FuzzLanding enters with a good link and any landing: it leads to something that
// the manifest has, or home.
func FuzzLanding(f *testing.F) {
	x := newFixture(f, nil)
	token := x.link(1, alumna, x.clock.Now(), 0)
	for _, landing := range []string{"letters/1/", "letters/1", "/evil.example/", `\evil.example`, "%2f%2fevil.example", "..//..//evil.example", "%09/evil.example",
		"https:evil.example", "https://evil.example", "%5cevil.example", "@evil.example", "?x=//evil.example", "#x", "me/", ";//evil.example", "%0d%0aX: y"} {
		f.Add(landing)
	}
	known := map[string]bool{"/": true, "/me/": true, "/me/people/": true, "/me/preferences/": true}
	for name := range files() {
		rest, found := strings.CutPrefix(name, "members/alumni/")
		if public, ok := strings.CutPrefix(name, "public/"); ok {
			rest, found = public, true
		}
		if found {
			known["/"+strings.TrimSuffix(rest, "index.html")] = true
		}
	}
	f.Fuzz(func(t *testing.T, landing string) {
		target := "/k/" + token + "/" + landing
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: "GET", URL: u, RequestURI: target, Host: "nagi.example", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: http.NoBody, RemoteAddr: "192.0.2.1:1234"}
		w := httptest.NewRecorder()
		x.gate.ServeHTTP(w, r)
		location, err := url.PathUnescape(w.Header().Get("Location"))
		if w.Code == http.StatusSeeOther && (err != nil || !known[location]) {
			t.Errorf("got Location %q", location)
		}
	})
}
