package gate_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/gate"
)

func TestWhoGetsWhich(t *testing.T) {
	f := newFixture(t, nil)
	for _, tt := range []struct {
		name, path string
		reader     uint32 // 0: nobody
		status     int
		want       string
	}{
		{"the public gets the public page", "/", 0, 200, "home<"},
		{"an alumna gets the page of her overlay", "/", alumna, 200, "home of alumni"},
		{"staff get the page of theirs", "/", staff, 200, "home of staff"},
		{"whoever is both gets that of the audience that comes first", "/news/a/", both, 200, "whole story for alumni"},
		{"and what only the other one has", "/office/", both, 200, "office"},
		{"a page that no overlay has is the public one", "/about/", alumna, 200, "about"},
		{"a page of another audience is not there", "/office/", alumna, 404, ""},
		{"a members' page is not there for the public", "/letters/1/", 0, 404, ""},
		{"nor is a members' file", "/files/minutes.pdf", 0, 404, ""},
		{"nor a members' asset", "/assets/m.0123456789.css", 0, 404, ""},
		{"whoever left is the public", "/letters/1/", left, 404, ""},
		{"whoever left gets the public page", "/", left, 200, "home<"},
		{"letters in other alphabets are found", "/tags/%E6%B5%B7/", 0, 200, "sea"},
		{"a missing slash is made good", "/about", 0, 301, ""},
		{"for members, of their pages", "/letters/1", alumna, 302, ""},
		{"and not for others", "/letters/1", 0, 404, ""},
		{"a folder is no page", "/news/", 0, 404, ""},
		{"index.html is no address", "/about/index.html", 0, 404, ""},
		{"a large file is served", "/files/minutes.pdf", alumna, 200, canary},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			if tt.reader != 0 {
				headers = []string{"Cookie", f.cookie(tt.reader)}
			}
			res := f.do("GET", tt.path, headers...)
			if got := body(t, res); res.StatusCode != tt.status || !strings.Contains(got, tt.want) || tt.reader == 0 && strings.Contains(got, canary) {
				t.Errorf("got %d %.80q, want %d and %q", res.StatusCode, got, tt.status, tt.want)
			}
		})
	}
}

func TestAbsenceLooksTheSame(t *testing.T) {
	f := newFixture(t, nil)
	want := f.do("GET", "/there-is-no-such-page/")
	text := body(t, want)
	for _, path := range []string{"/letters/1/", "/letters/1", "/office/", "/files/minutes.pdf", "/assets/m.0123456789.css", "/me/", "/me/people/",
		"/me/preferences/", "/me", "/me/else", "/members/alumni/index.html", "/manifest.json", "/k/", "/u/x", "/s/x", "/p/x", "/a/x", "/news/"} {
		got := f.do("GET", path)
		if b := body(t, got); got.StatusCode != want.StatusCode || b != text {
			t.Errorf("%s: got %d %.60q, want %d %.60q", path, got.StatusCode, b, want.StatusCode, text)
		}
		for key := range want.Header {
			if key != "Referrer-Policy" && got.Header.Get(key) != want.Header.Get(key) || len(got.Header) != len(want.Header) {
				t.Errorf("%s: got headers %v, want %v", path, got.Header, want.Header)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	f := newFixture(t, nil)
	cookie := f.cookie(alumna)
	for _, tt := range []struct{ name, path, cookie, header, want string }{
		{"a members' page is private", "/letters/1/", cookie, "Cache-Control", "private, no-cache"},
		{"and differs by cookie", "/letters/1/", cookie, "Vary", "Accept-Encoding, Cookie"},
		{"and is not indexed", "/letters/1/", cookie, "X-Robots-Tag", "noindex, noarchive"},
		{"a members' asset is private, with a hash or without", "/assets/m.0123456789.css", cookie, "Cache-Control", "private, no-cache"},
		{"a public page is asked for again", "/about/", "", "Cache-Control", "public, no-cache"},
		{"a public asset with a hash stays", "/assets/site.0123456789.css", "", "Cache-Control", "public, max-age=31536000, immutable"},
		{"and is the same with a cookie", "/assets/site.0123456789.css", cookie, "Vary", "Accept-Encoding"},
		{"a public page is indexed", "/about/", "", "X-Robots-Tag", ""},
		{"the CMS is not indexed", "/admin/", "", "X-Robots-Tag", "noindex, noarchive"},
		{"and hears from the window in which editors sign in", "/admin/", "", "Cross-Origin-Opener-Policy", "same-origin-allow-popups"},
		{"its configuration is YAML", "/admin/config.yml", "", "Content-Type", "text/yaml; charset=utf-8"},
		{"no other page does", "/about/", "", "Cross-Origin-Opener-Policy", "same-origin"},
		{"what is not there is not kept", "/x", "", "Cache-Control", "no-store"},
		{"nothing is sniffed", "/about/", "", "X-Content-Type-Options", "nosniff"},
		{"a feed has its type", "/feed.xml", "", "Content-Type", "application/atom+xml; charset=utf-8"},
		{"HTTPS stays HTTPS", "/about/", "", "Strict-Transport-Security", "max-age=31536000"},
		{"links do not leak by the referrer", "/k/x", "", "Referrer-Policy", "no-referrer"},
		{"pages tell their referrer to the site alone", "/about/", "", "Referrer-Policy", "same-origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := f.do("GET", tt.path, "Cookie", tt.cookie)
			if got := res.Header.Get(tt.header); got != tt.want {
				t.Errorf("got %s: %q, want %q", tt.header, got, tt.want)
			}
			if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "script-src 'unsafe") {
				t.Errorf("got policy %q", csp)
			}
		})
	}
}

func TestOnlyTheCMSMayTalkToOthers(t *testing.T) {
	f := newFixture(t, nil)
	for path, want := range map[string]bool{"/admin/": true, "/about/": false, "/admin/config.yml": false, "/admin/x": false} {
		if got := strings.Contains(f.do("GET", path).Header.Get("Content-Security-Policy"), "connect-src 'self' https:"); got != want {
			t.Errorf("%s: got %t, want %t", path, got, want)
		}
	}
}

func TestConditionsComeAfterTheDecision(t *testing.T) {
	f := newFixture(t, nil)
	cookie := f.cookie(alumna)
	etag := f.do("GET", "/files/minutes.pdf", "Cookie", cookie).Header.Get("Etag")
	for _, tt := range []struct {
		name   string
		header []string
		cookie string
		want   int
	}{
		{"a member's copy is good", []string{"If-None-Match", etag}, cookie, 304},
		{"a stranger is not told that it would be", []string{"If-None-Match", etag}, "", 404},
		{"nor that there is any", []string{"If-None-Match", "*"}, "", 404},
		{"a member gets a part", []string{"Range", "bytes=0-9"}, cookie, 206},
		{"a stranger none", []string{"Range", "bytes=0-9"}, "", 404},
		{"nor is told how long it is", []string{"Range", "bytes=99999999-"}, "", 404},
		{"a member is", []string{"Range", "bytes=99999999-"}, cookie, 416},
		{"a wrong condition", []string{"If-Match", `"x"`}, cookie, 412},
		{"a wrong condition of a stranger", []string{"If-Match", `"x"`}, "", 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := f.do("GET", "/files/minutes.pdf", append(tt.header, "Cookie", tt.cookie)...)
			if got := body(t, res); res.StatusCode != tt.want || tt.cookie == "" && strings.Contains(got, canary) {
				t.Errorf("got %d, want %d", res.StatusCode, tt.want)
			}
		})
	}
}

func TestCompression(t *testing.T) {
	f := newFixture(t, nil)
	plain := f.do("GET", "/about/")
	text := body(t, plain)
	for _, tt := range []struct {
		accept string
		want   bool
	}{
		{"gzip", true}, {"gzip, br", true}, {"GZIP;q=0.5", true}, {"*", true}, {"deflate, *;q=0.1", true}, {"gzip;q=1.0, identity;q=0.5", true},
		{"", false}, {"br", false}, {"gzip;q=0", false}, {"*;q=0", false}, {"gzip;q=0.3, identity;q=0.8", false}, {"gzip;q=0, *", false},
		{"gzip;q=x", false}, {"gzipped", false}, {"gzip;q=2", false},
	} {
		t.Run(tt.accept, func(t *testing.T) {
			res := f.do("GET", "/about/", "Accept-Encoding", tt.accept)
			data := []byte(body(t, res))
			if got := res.Header.Get("Content-Encoding") == "gzip"; got != tt.want {
				t.Fatalf("got gzip %v, want %v", got, tt.want)
			}
			if !tt.want {
				return
			}
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(z); err != nil || string(got) != text {
				t.Errorf("got %.40q, %v", got, err)
			}
			if etag := res.Header.Get("Etag"); etag == plain.Header.Get("Etag") || strings.HasPrefix(etag, "W/") {
				t.Errorf("got the ETag %s, want another strong one than %s", etag, plain.Header.Get("Etag"))
			}
		})
	}
	if res := f.do("GET", "/about/", "Accept-Encoding", "gzip", "Range", "bytes=0-9"); res.Header.Get("Content-Encoding") != "" || body(t, res) != text[:10] {
		t.Errorf("a part: got %v, want the plain bytes", res.Header)
	}
	if res := f.do("GET", "/images/beach.jpg", "Accept-Encoding", "gzip"); res.Header.Get("Content-Encoding") != "" {
		t.Error("a picture is compressed again")
	}
}

func TestHalfABuildIsNeverServed(t *testing.T) {
	f := newFixture(t, nil)
	cookie := f.cookie(alumna)
	damage := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(f.dist, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	whole := files()["public/about/index.html"]
	damage("public/about/index.html", strings.Replace(whole, "about", canary[:5], 1)) // same size, other bytes
	if res := f.do("GET", "/about/"); res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
		t.Errorf("another content: got %d, want 503", res.StatusCode)
	}
	if err := os.Remove(filepath.Join(f.dist, "members/alumni/letters/1/index.html")); err != nil {
		t.Fatal(err)
	}
	if res := f.do("GET", "/letters/1/", "Cookie", cookie); res.StatusCode != 503 {
		t.Errorf("a missing file: got %d, want 503", res.StatusCode)
	}
	if res := f.do("GET", "/"); res.StatusCode != 200 {
		t.Errorf("what is whole: got %d, want 200", res.StatusCode)
	}
	build(t, f.dist, files())
	if res := f.do("GET", "/about/"); res.StatusCode != 200 {
		t.Errorf("after another build: got %d, want 200", res.StatusCode)
	}
	manifest, err := os.ReadFile(filepath.Join(f.dist, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "{", string(manifest[:len(manifest)/2]), `{"version":2,"outputs":[]}`, `{"version":1,"outputs":[]}`,
		strings.Replace(string(manifest), `members/alumni/index.html","audience":"alumni"`, `public/members.html","audience":"alumni"`, 1)} {
		damage("manifest.json", text)
		for _, path := range []string{"/", "/letters/1/"} {
			if res := f.do("GET", path, "Cookie", cookie); res.StatusCode != 503 || strings.Contains(body(t, res), canary) {
				t.Errorf("manifest %.20q: got %d, want 503", text, res.StatusCode)
			}
		}
	}
	damage("manifest.json", string(manifest))
	if res := f.do("GET", "/letters/1/", "Cookie", cookie); res.StatusCode != 200 {
		t.Errorf("after it is good again: got %d, want 200", res.StatusCode)
	}
}

func TestNoOldPublicCopyAfterAMove(t *testing.T) {
	f := newFixture(t, nil)
	if res := f.do("GET", "/about/"); res.StatusCode != 200 {
		t.Fatalf("got %d", res.StatusCode)
	}
	site := files()
	site["members/alumni/about/index.html"] = site["public/about/index.html"]
	delete(site, "public/about/index.html")
	build(t, f.dist, site)
	if res := f.do("GET", "/about/"); res.StatusCode != 404 {
		t.Errorf("got %d, want 404: the page was made members-only", res.StatusCode)
	}
	if res := f.do("GET", "/about/", "Cookie", f.cookie(alumna)); res.StatusCode != 200 {
		t.Errorf("got %d, want 200 for a member", res.StatusCode)
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	good := newFixture(t, nil)
	for _, tt := range []struct {
		name   string
		damage func(dist string) error
		want   string
	}{
		{"no manifest", func(d string) error { return os.Remove(filepath.Join(d, "manifest.json")) }, "manifest"},
		{"a missing file", func(d string) error { return os.Remove(filepath.Join(d, "public/about/index.html")) }, "public/about/index.html"},
		{"a missing tree", func(d string) error { return os.RemoveAll(filepath.Join(d, "members")) }, "members/alumni"},
		{"a file that is cut", func(d string) error { return os.Truncate(filepath.Join(d, "public/feed.xml"), 3) }, "public/feed.xml"},
		{"a link instead of a file", func(d string) error {
			if err := os.Remove(filepath.Join(d, "public/about/index.html")); err != nil {
				return err
			}
			return os.Symlink("../../members/alumni/index.html", filepath.Join(d, "public/about/index.html"))
		}, "public/about/index.html"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dist := t.TempDir()
			build(t, dist, files())
			if err := tt.damage(dist); err != nil {
				t.Fatal(err)
			}
			root, err := os.OpenRoot(dist)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			_, err = gate.New(gate.Options{Origin: origin, Patience: time.Millisecond, Audiences: []string{"alumni", "staff"}, Dist: root, Ring: good.ring, Roster: good.roster})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestAnotherFolderInItsPlace: a site that is put in place as a whole, by a rename
// or behind a symbolic link, is served as one that is built there.
func TestAnotherFolderInItsPlace(t *testing.T) {
	f := newFixture(t, nil)
	if res := f.do("GET", "/about/"); res.StatusCode != 200 {
		t.Fatalf("got %d", res.StatusCode)
	}
	other := t.TempDir()
	site := files()
	site["public/about/index.html"] = "another"
	build(t, other, site)
	for _, step := range []struct {
		name    string
		replace func() error
		want    string
	}{
		{"a link", func() error {
			if err := os.Rename(f.dist, f.dist+".old"); err != nil {
				return err
			}
			return os.Symlink(other, f.dist)
		}, "another"},
		{"the old folder", func() error {
			if err := os.Remove(f.dist); err != nil {
				return err
			}
			return os.Rename(f.dist+".old", f.dist)
		}, "<title>about"},
	} {
		if err := step.replace(); err != nil {
			t.Fatal(err)
		}
		if got := body(t, f.do("GET", "/about/")); !strings.Contains(got, step.want) {
			t.Errorf("%s: got %.60q, want %q", step.name, got, step.want)
		}
	}
}
