package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
	"kaiho/generator/store"
)

// serving is a `kaiho serve` that runs.
type serving struct {
	t       *testing.T
	dir     string
	address string
	log     *syncBuffer
	stop    func() error
}

// project makes a project folder with a site, keys and a member, and returns
// the session of a command in it and the member's id.
func serveProject(t *testing.T) (*session, *syncBuffer, *syncBuffer, uint32) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":          "title: T\nbase_url: https://t.example/net/\naudiences: {alumni: {title: Alumni}}\ntheme: {logo: /mark.svg}\n",
		"static/mark.svg":    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"/>`,
		"content/news/a.md":  "---\ntitle: A\ndate: 2026-11-01\nsummary: s\n---\nfirst words\n",
		"content/news/m.md":  "---\ntitle: M\ndate: 2026-11-01\nsummary: s\naudience: alumni\n---\nmembers words\n",
		"content/about/b.md": "---\ntitle: B\n---\nabout words\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, log syncBuffer
	s := &session{world: world{stdout: &out, stderr: &log, getenv: environment(nil), clock: time.Now}, lang: "en", source: dir}
	if err := s.makeKeys(); err != nil {
		t.Fatal(err)
	}
	if err := s.build(t.Context(), buildFlags{}); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), s.databaseURL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m, err := member.Open(db).Add(t.Context(), member.Member{Status: member.Active, Email: "ami@t.example", SMTP: "ami@t.example", Audiences: []string{"alumni"},
		Name: member.Name{Family: "浜野", Given: "あみ"}}, time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	out.b.Reset()
	return s, &out, &log, m.ID
}

// startServe runs serve until the test ends.
func startServe(t *testing.T, s *session, out, log *syncBuffer, f serveFlags) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx, f) }()
	r := &serving{t: t, dir: s.source, log: log, stop: func() error {
		cancel()
		err := <-ended
		ended <- err
		return err
	}}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("end: got %v", err)
		}
	})
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), "\n"); {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("serve ended: %v\n%s", err, log)
		case <-time.After(5 * time.Millisecond): // polls another goroutine's output
		}
		if time.Now().After(deadline) {
			t.Fatalf("no address; stderr:\n%s", log)
		}
	}
	r.address = strings.TrimSpace(out.String())
	return r
}

// get follows no redirect.
func (r *serving) get(client *http.Client, url, cookie string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Cookie", cookie)
	if client == nil {
		client = &http.Client{}
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res, string(body)
}

// TestServeOpensMembersPages drives `kaiho serve` as a reader does, while the
// office builds, rotates keys and revokes.
func TestServeOpensMembersPages(t *testing.T) {
	s, out, log, id := serveProject(t)
	check := "unix:" + filepath.Join(t.TempDir(), "check.sock")
	r := startServe(t, s, out, log, serveFlags{addr: "127.0.0.1:0", checkAddr: check, accessLog: true})
	if !strings.HasSuffix(r.address, "/net/") {
		t.Errorf("address: got %s, want the base path of the site in it", r.address)
	}
	if res, body := r.get(nil, r.address+"news/a/", ""); res.StatusCode != 200 || !strings.Contains(body, "first words") {
		t.Errorf("public page: got %d", res.StatusCode)
	}
	if res, body := r.get(nil, r.address+"news/m/", ""); res.StatusCode != 404 || strings.Contains(body, "members words") {
		t.Errorf("members' page without a session: got %d", res.StatusCode)
	}
	if _, body := r.get(nil, r.address+"link", ""); !strings.Contains(body, `<img class="wordmark-logo" src="/net/mark.svg" alt="" width="30" height="20">`) {
		t.Errorf("the gate's own page has no logo, or one without its size:\n%s", body)
	}
	keys, err := s.keys()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := signedlink.NewRing("https://t.example", keys)
	if err != nil {
		t.Fatal(err)
	}
	token, err := ring.Sign(signedlink.Claims{Purpose: signedlink.View, Issued: time.Now(), Lifetime: time.Hour, Member: id})
	if err != nil {
		t.Fatal(err)
	}
	res, _ := r.get(nil, r.address+"k/"+token+"/news/m/", "")
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	if res.StatusCode != 303 || res.Header.Get("Location") != "/net/news/m/" || !strings.HasPrefix(cookie, "kaiho=") {
		t.Fatalf("link: got %d to %s with %q", res.StatusCode, res.Header.Get("Location"), cookie)
	}
	if res, body := r.get(nil, r.address+"news/m/", cookie); res.StatusCode != 200 || !strings.Contains(body, "members words") {
		t.Errorf("members' page: got %d", res.StatusCode)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "content/news/m.md"), []byte("---\ntitle: M\ndate: 2026-11-01\nsummary: s\naudience: alumni\n---\nother words\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	builder := &session{world: s.world, lang: s.lang, source: s.source}
	builder.stdout = io.Discard
	if err := builder.build(t.Context(), buildFlags{}); err != nil {
		t.Fatal(err)
	}
	if _, body := r.get(nil, r.address+"news/m/", cookie); !strings.Contains(body, "other words") {
		t.Error("after a build the old page is shown")
	}
	r.checkAddress(strings.TrimPrefix(check, "unix:"))
	revokeServed(t, s, id)
	for deadline := time.Now().Add(time.Second); ; {
		if res, _ := r.get(nil, r.address+"news/m/", cookie); res.StatusCode == 404 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a second after it was revoked the session is still good")
		}
	}
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if text := log.String(); strings.Contains(text, token[:50]) || strings.Contains(text, cookie[6:]) || strings.Contains(text, "ami@") || !strings.Contains(text, "‹1,view›") && !strings.Contains(text, "view") {
		t.Errorf("the log has what it must not, or no link:\n%s", text)
	}
}

// revokeServed revokes as another process does.
func revokeServed(t *testing.T, s *session, id uint32) {
	t.Helper()
	db, err := store.Open(t.Context(), s.databaseURL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := member.Open(db).Revoke(t.Context(), id, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
}

// checkAddress asks on the Unix socket.
func (r *serving) checkAddress(path string) {
	r.t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}}
	defer client.CloseIdleConnections()
	if res, body := r.get(client, "http://t.example/healthz", ""); res.StatusCode != 200 || !strings.Contains(body, "site: ok") {
		r.t.Errorf("health: got %d %s", res.StatusCode, body)
	}
	if res, _ := r.get(client, "http://t.example/accel/nginx/net/news/a/", ""); res.Header.Get("X-Accel-Redirect") != "/_kaiho/public/news/a/index.html" {
		r.t.Errorf("handed on: got %d %v", res.StatusCode, res.Header)
	}
}

// TestServeKeysAreThoseOnDisk: a key that is revoked while serve runs opens
// nothing, and neither does a folder of keys that others can read.
func TestServeKeysAreThoseOnDisk(t *testing.T) {
	s, out, log, id := serveProject(t)
	r := startServe(t, s, out, log, serveFlags{addr: "127.0.0.1:0"})
	keys, err := s.keys()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := signedlink.NewRing("https://t.example", keys)
	if err != nil {
		t.Fatal(err)
	}
	token, err := ring.Sign(signedlink.Claims{Purpose: signedlink.View, Issued: time.Now(), Lifetime: time.Hour, Member: id})
	if err != nil {
		t.Fatal(err)
	}
	enters := func() bool {
		res, _ := r.get(nil, r.address+"k/"+token, "")
		return res.StatusCode == 303
	}
	wait := func(want bool, what string) {
		t.Helper()
		for deadline := time.Now().Add(2 * time.Second); enters() != want; {
			if time.Now().After(deadline) {
				t.Fatalf("%s: got %v, want %v", what, !want, want)
			}
			time.Sleep(100 * time.Millisecond) // the keys are looked at twice a second, and refused tokens are counted
		}
	}
	wait(true, "a good key")
	file := filepath.Join(s.keyFolder(), "mail-1.json")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	wait(false, "a key that others can read")
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	wait(true, "a key that is hidden again")
	quiet := &session{world: s.world, lang: s.lang, source: s.source}
	quiet.stdout = io.Discard
	if err := quiet.revokeKey("mail-1", false, true); err != nil {
		t.Fatal(err)
	}
	wait(false, "a revoked key")
}

// TestServeSpeaksHTTP2 has a certificate, and one that is renewed.
func TestServeSpeaksHTTP2(t *testing.T) {
	s, out, log, _ := serveProject(t)
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	pair := server.TLS.Certificates[0]
	server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	f := serveFlags{addr: "127.0.0.1:0", cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	for name, block := range map[string]*pem.Block{f.cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, f.key: {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := startServe(t, s, out, log, f)
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	res, _ := r.get(client, r.address+"news/a/", "")
	if res.StatusCode != 200 || res.ProtoMajor != 2 || !strings.HasPrefix(r.address, "https://") {
		t.Errorf("got %d by %s from %s", res.StatusCode, res.Proto, r.address)
	}
}

func TestCheckServe(t *testing.T) {
	s := &session{lang: "en"}
	for _, tt := range []struct {
		name string
		f    serveFlags
		want string // of the error; "" is none
	}{
		{"an address alone", serveFlags{addr: ":8090"}, ""},
		{"no port", serveFlags{addr: "localhost"}, "--addr"},
		{"a certificate without its key", serveFlags{addr: ":443", cert: "c"}, "belong together"},
		{"checks for the world", serveFlags{addr: ":80", checkAddr: ":9090"}, "only this machine"},
		{"checks for the network", serveFlags{addr: ":80", checkAddr: "192.168.0.1:9090"}, "only this machine"},
		{"checks on loopback", serveFlags{addr: ":80", checkAddr: "127.0.0.1:9090"}, ""},
		{"checks on a socket", serveFlags{addr: ":80", checkAddr: "unix:/run/kaiho.sock"}, ""},
		{"checks on no socket", serveFlags{addr: ":80", checkAddr: "unix:"}, "--check-addr"},
		{"another site", serveFlags{addr: ":80", baseURL: "nagi.example"}, "--base-url"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := s.checkServe(tt.f)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
