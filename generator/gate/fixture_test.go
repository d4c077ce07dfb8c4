package gate_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/publish"
	"kaiho/generator/signedlink"
)

// canary is in every file of members and in none of the public.
const canary = "kanaria-7f3a"

const origin = "https://nagi.example"

// Members of the fixture.
const (
	alumna  = 11
	staff   = 22
	both    = 33
	left    = 44 // not in the roster
	another = 55
)

// files is a site; a path's first folder is its tree.
func files() map[string]string {
	page := func(text string) string {
		return "<!doctype html><title>" + text + "</title>" + strings.Repeat("<p>凪の会のページです。"+text+"</p>\n", 40)
	}
	return map[string]string{
		"public/index.html":                      page("home"),
		"public/404.html":                        page("lost"),
		"public/news/a/index.html":               page("teaser"),
		"public/about/index.html":                page("about"),
		"public/tags/海/index.html":               page("sea"),
		"public/feed.xml":                        "<feed>" + strings.Repeat("<entry/>", 100) + "</feed>",
		"public/assets/site.0123456789.css":      strings.Repeat("p{color:#123}\n", 100),
		"public/images/logo.svg":                 "<svg xmlns='http://www.w3.org/2000/svg'/>",
		"public/images/beach.jpg":                strings.Repeat("\xff\xd8beach", 50_000),
		"members/alumni/index.html":              page("home of alumni " + canary),
		"members/alumni/news/a/index.html":       page("whole story for alumni " + canary),
		"members/alumni/letters/1/index.html":    page("letter " + canary),
		"public/admin/index.html":                "<p>admin</p>",
		"public/admin/config.yml":                "backend: x",
		"members/alumni/files/minutes.pdf":       strings.Repeat("%PDF "+canary+"\n", 30_000),
		"members/alumni/assets/m.0123456789.css": "p{content:'" + canary + "'}",
		"members/staff/index.html":               page("home of staff " + canary),
		"members/staff/news/a/index.html":        page("whole story for staff " + canary),
		"members/staff/letters/1/index.html":     page("letter " + canary),
		"members/staff/office/index.html":        page("office " + canary),
	}
}

// build brings dist to a site, as `kaiho build` does.
func build(t testing.TB, dist string, site map[string]string) {
	t.Helper()
	root, err := os.OpenRoot(dist)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var wanted []publish.File
	for path, text := range site {
		audience := "public"
		if rest, members := strings.CutPrefix(path, "members/"); members {
			audience, _, _ = strings.Cut(rest, "/")
		}
		wanted = append(wanted, publish.File{Path: path, Audience: audience, Render: func() ([]byte, error) { return []byte(text), nil }})
	}
	if _, err := publish.Apply(context.Background(), root, wanted, publish.Options{Trees: []string{"public", "members"}, Version: "test"}); err != nil {
		t.Fatal(err)
	}
}

// roster is a roster that a test can change.
type roster struct {
	mu      sync.RWMutex
	readers map[uint32]member.Reader
	err     error
}

func (r *roster) Reader(id uint32) (member.Reader, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	reader, found := r.readers[id]
	return reader, found
}

func (r *roster) Err() error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.err
}

func (r *roster) Refresh(context.Context) error { return r.Err() }

func (r *roster) set(id uint32, reader member.Reader) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readers[id] = reader
}

func (r *roster) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

// clock is the time of the site, which a test can move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a gate of a site with all that belongs to it.
type fixture struct {
	t      testing.TB
	gate   *gate.Gate
	dist   string
	roster *roster
	ring   *signedlink.Ring
	clock  *clock
	log    *strings.Builder
}

func newRing(t testing.TB, origin string, now time.Time) *signedlink.Ring {
	t.Helper()
	var keys []signedlink.Key
	for _, use := range signedlink.Uses() {
		keys = append(keys, signedlink.NewKey(use, 1, now))
	}
	ring, err := signedlink.NewRing(origin, keys)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func newFixture(t testing.TB, change func(*gate.Options)) *fixture {
	t.Helper()
	f := &fixture{t: t, dist: t.TempDir(), log: &strings.Builder{}, clock: &clock{now: time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)},
		roster: &roster{readers: map[uint32]member.Reader{
			alumna: {Audiences: []string{"alumni"}}, staff: {Audiences: []string{"staff"}},
			both: {Audiences: []string{"staff", "alumni"}}, another: {Audiences: []string{"alumni"}},
		}}}
	build(t, f.dist, files())
	f.ring = newRing(t, origin, f.clock.Now().Add(-500*24*time.Hour))
	dist, err := os.OpenRoot(f.dist)
	if err != nil {
		t.Fatal(err)
	}
	o := gate.Options{Origin: origin, Patience: 100 * time.Millisecond, Audiences: []string{"alumni", "staff"}, Languages: []string{"ja", "en"},
		Dist: dist, Ring: f.ring, Roster: f.roster, Now: f.clock.Now, Log: slog.New(slog.NewTextHandler(&locked{w: f.log}, nil))}
	if change != nil {
		change(&o)
	}
	f.gate, err = gate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.gate.Close()
		dist.Close()
	})
	return f
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// link returns a signed token; a zero lifetime is 45 days.
func (f *fixture) link(purpose signedlink.Purpose, id uint32, issued time.Time, lifetime time.Duration) string {
	f.t.Helper()
	if lifetime == 0 {
		lifetime = 45 * 24 * time.Hour
	}
	token, err := f.ring.Sign(signedlink.Claims{Purpose: purpose, Issued: issued, Lifetime: lifetime, Member: id})
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

// session returns the value of a cookie.
func (f *fixture) session(id uint32, issued, authenticated time.Time) string {
	f.t.Helper()
	token, err := f.ring.Sign(signedlink.Claims{Purpose: signedlink.Session, Issued: issued, Lifetime: 90 * 24 * time.Hour, Member: id, Ref: uint32(authenticated.Unix())})
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

// cookie is the Cookie header of a member who has just entered.
func (f *fixture) cookie(id uint32) string {
	return gate.CookieName + "=" + f.session(id, f.clock.Now(), f.clock.Now())
}

// do sends a request to the handler itself. headers are pairs.
func (f *fixture) do(method, target string, headers ...string) *http.Response {
	f.t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Host = "nagi.example"
	return f.send(r, headers...)
}

func (f *fixture) post(target, form string, headers ...string) *http.Response {
	f.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form))
	r.Host = "nagi.example"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return f.send(r, headers...)
}

func (f *fixture) send(r *http.Request, headers ...string) *http.Response {
	r.TLS, r.RemoteAddr = &tls.ConnectionState{}, "127.0.0.1:1" // a web server in front
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.gate.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// listen serves h with the gate's own limits and returns the address.
func listen(t testing.TB, h http.Handler, config *tls.Config) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if config != nil {
		l = tls.NewListener(l, config)
	}
	server := gate.NewServer(h, slog.New(slog.DiscardHandler))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return address
}

// certificate returns a TLS configuration with a certificate that httptest has.
func certificate(t testing.TB) *tls.Config {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	return &tls.Config{Certificates: s.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
}
