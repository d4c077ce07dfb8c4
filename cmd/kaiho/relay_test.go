package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// toRelay is an environment in which letters go to p, and are signed.
func toRelay(t *testing.T, p *postOffice) func(string) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"KAIHO_SMTP_URL": p.url(), "KAIHO_SMTP_TLS": "none", "KAIHO_DKIM": "t.example:k1:" + file}
	return func(name string) string { return env[name] }
}

// parsed reads a letter as it came.
func parsed(t *testing.T, letter string) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// asks posts the form for a new link as an address has it.
func (r *serving) asks(address string) (answer string) {
	r.t.Helper()
	res, err := http.PostForm(r.address+"link", url.Values{"email": {address}})
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.t.Fatalf("got %d (%v), want 200", res.StatusCode, err)
	}
	return string(body)
}

// TestServeSendsThroughTheRelay: who asks for a link gets the same answer as anybody
// else, before the relay has said a word; then the letter comes, signed, and to the
// outbox nothing.
func TestServeSendsThroughTheRelay(t *testing.T) {
	s, out, log, _ := serveProject(t)
	open := make(chan struct{})
	p := newClosedOffice(t, open)
	s.getenv = toRelay(t, p)
	r := startServe(t, s, out, log, serveFlags{addr: "127.0.0.1:0"})
	if known, unknown := r.asks("ami@t.example"), r.asks("nobody@t.example"); known != unknown {
		t.Error("the answer tells who is a member")
	}
	close(open)
	p.comes(t)
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	letters, to, _ := p.got()
	if len(letters) != 1 || to[0] != "ami@t.example" {
		t.Fatalf("got %d letters to %v, want one to the member", len(letters), to)
	}
	m := parsed(t, letters[0])
	if got := m.Header.Get("DKIM-Signature"); !strings.Contains(got, "d=t.example;") || !strings.Contains(got, "s=k1;") {
		t.Errorf("got the signature %q, want one of the key", got)
	}
	if _, err := os.Stat(filepath.Join(s.state(), "outbox")); err == nil {
		t.Error("there is an outbox, want none")
	}
	if strings.Contains(log.String(), "ami@") || strings.Contains(log.String(), "not used") {
		t.Errorf("got the log %s", log)
	}
}

// TestServeRefusesABrokenRelay: a mistake in the address is told before anything is
// served, and the password is not.
func TestServeRefusesABrokenRelay(t *testing.T) {
	s, _, log, _ := serveProject(t)
	s.getenv = func(name string) string {
		return map[string]string{"KAIHO_SMTP_URL": "smtp://letter:geheim/7@smtp.relay.example"}[name]
	}
	err := s.serve(t.Context(), serveFlags{addr: "127.0.0.1:0"})
	if err == nil || !strings.Contains(log.String(), "KAIHO_SMTP_URL") || strings.Contains(log.String(), "geheim") {
		t.Errorf("got %v and the log %q, want a refusal without the password", err, log)
	}
}

// TestTrialsGoThroughTheRelay: each variant comes once, to the one address, signed, and
// with an ID of its own: a server that knows one must not drop the others, nor the issue
// when it comes.
func TestTrialsGoThroughTheRelay(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	clock := func() time.Time { return time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC) }
	kaiho := func(p *postOffice, args ...string) (code int, printed, told string) {
		var out, problems bytes.Buffer
		getenv := func(string) string { return "" }
		if p != nil {
			getenv = toRelay(t, p)
		}
		code = run(args, world{stdout: &out, stderr: &problems, getenv: getenv, clock: clock})
		return code, out.String(), problems.String()
	}
	if code, _, told := kaiho(nil, "init", site); code != exitDone {
		t.Fatal(told)
	}
	trial := []string{"-C", site, "newsletter", "test", "2026-11-18", "--to", "editor@example.com"}
	p := newPostOffice(t)
	code, printed, told := kaiho(p, trial...)
	letters, to, _ := p.got()
	if n := strings.Count(printed, "\n"); code != exitDone || n == 0 || len(letters) != n || !strings.Contains(told, "by 127.0.0.1") {
		t.Fatalf("got code %d and %d letters of %d: %s", code, len(letters), n, told)
	}
	seen := map[string]bool{}
	for n, letter := range letters {
		m := parsed(t, letter)
		id := m.Header.Get("Message-ID")
		if seen[id] || to[n] != "editor@example.com" {
			t.Errorf("got %s to %s, want an ID for each, and all to the editor", id, to[n])
		}
		seen[id] = true
		signed := regexp.MustCompile(`\s`).ReplaceAllString(strings.ToLower(m.Header.Get("DKIM-Signature")), "")
		if !strings.Contains(signed, ":list-unsubscribe:list-unsubscribe-post") {
			t.Errorf("got the signature %q, want one of both headers that unsubscribe (RFC 8058, section 4)", signed)
		}
	}
	if _, err := os.Stat(filepath.Join(site, ".kaiho", "outbox")); err == nil {
		t.Error("there is an outbox, want none")
	}
	p = newPostOffice(t, "250 2.1.5 ok", "550 5.1.1 <editor@example.com>: no such user")
	code, printed, told = kaiho(p, trial...)
	if letters, _, asked := p.got(); code == exitDone || len(letters) != 1 || asked != 2 || strings.Count(printed, "\n") != 1 || !strings.Contains(told, "5.1.1") {
		t.Errorf("got code %d, %d letters and %q, want an end at the first that is refused", code, len(letters), told)
	}
}
