package gate_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"kaiho/generator/signedlink"
)

// network is another one for each attempt, so that they do not use up each
// other's limits.
func (a attempt) network() string {
	h := crc32.ChecksumIEEE([]byte(a.name))
	return fmt.Sprintf("10.%d.%d.%d", byte(h>>16), byte(h>>8), byte(h))
}

// http1 returns what is sent over HTTP/1.
func (a attempt) http1() string {
	if a.raw != "" {
		return a.raw
	}
	method, host := a.method, a.host
	if method == "" {
		method = "GET"
	}
	if host == "" {
		host = "nagi.example"
	}
	length := ""
	if a.body != "" || method == "POST" {
		length = fmt.Sprintf("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(a.body))
	}
	return method + " " + a.target + " HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-For: " + a.network() + "\r\n" + strings.ReplaceAll(a.headers, "\n", "\r\n") + length + "Connection: close\r\n\r\n" + a.body
}

func TestAttempts(t *testing.T) {
	f := newFixture(t, nil)
	table := attempts(f)
	if len(table) < 80 {
		t.Errorf("got %d attempts, want at least 80", len(table))
	}
	config := certificate(t)
	plain, secure := listen(t, f.gate, nil), listen(t, f.gate, config)
	for _, a := range table {
		t.Run(a.name, func(t *testing.T) {
			dials := map[string]func() (net.Conn, error){
				"HTTP/1": func() (net.Conn, error) { return net.Dial("tcp", plain) },
				"HTTP/1 and TLS": func() (net.Conn, error) {
					return tls.Dial("tcp", secure, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
				},
			}
			for name, dial := range dials {
				status, all := exchange(t, dial, a.http1())
				if bytes.Contains(all, []byte(canary)) {
					t.Errorf("%s: the canary is in the answer", name)
				}
				if a.status != 0 && status != a.status || a.status == 0 && (status < 400 || status > 499) {
					t.Errorf("%s: got %d, want %d", name, status, a.status)
				}
			}
			if a.raw != "" {
				return
			}
			status, all := exchange2(t, secure, a)
			if bytes.Contains(all, []byte(canary)) {
				t.Errorf("HTTP/2: the canary is in the answer")
			}
			if (status == 200) != (a.status == 200) {
				t.Errorf("HTTP/2: got %d, want %d", status, a.status)
			}
		})
	}
	if log := f.log.String(); strings.Contains(log, f.link(signedlink.View, alumna, f.clock.Now(), 0)[:60]) || strings.Contains(log, "level=ERROR") {
		t.Error("the log has a token, or an error")
	}
}

func TestEntriesAreDecidedOnTheCheckAddressToo(t *testing.T) {
	f := newFixture(t, nil)
	address := listen(t, f.gate.Check(), nil)
	dial := func() (net.Conn, error) { return net.Dial("tcp", address) }
	for _, a := range attempts(f) {
		if a.raw != "" || !strings.HasPrefix(a.target, "/") {
			continue
		}
		for _, front := range []string{"/accel/nginx", "/accel/caddy"} {
			handed := a
			if handed.target = front + a.target; front == "/accel/caddy" {
				handed.target, handed.headers = front, a.headers+"X-Kaiho-Target: "+a.target+"\n"
			}
			status, all := exchange(t, dial, handed.http1())
			if a.status != 0 && status != a.status || bytes.Contains(all, []byte(canary)) || bytes.Contains(all, []byte("members/")) {
				t.Errorf("%s, %s: got %d, want %d", front, a.name, status, a.status)
			}
		}
	}
	for _, tt := range []struct{ front, target, cookie, header, want string }{
		{"nginx", "/about/", "", "X-Accel-Redirect", "/_kaiho/public/about/index.html"},
		{"nginx", "/letters/1/", f.cookie(alumna), "X-Accel-Redirect", "/_kaiho/members/alumni/letters/1/index.html"},
		{"nginx", "/tags/%E6%B5%B7/", "", "X-Accel-Redirect", "/_kaiho/public/tags/%E6%B5%B7/index.html"},
		{"caddy", "/letters/1/", f.cookie(staff), "X-Kaiho-File", "/members/staff/letters/1/index.html"},
		{"caddy", "/about/", f.cookie(staff), "X-Kaiho-File", "/public/about/index.html"},
	} {
		url := "http://" + address + "/accel/" + tt.front
		if tt.front == "nginx" {
			url += tt.target
		}
		res, err := http.DefaultTransport.RoundTrip(request(t, "GET", url, "Cookie", tt.cookie, "X-Kaiho-Target", tt.target))
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get(tt.header); got != tt.want || res.StatusCode != 200 || body(t, res) != "" || res.Header.Get("Etag") == "" {
			t.Errorf("%s %s: got %d %q, want %q", tt.front, tt.target, res.StatusCode, got, tt.want)
		}
		again, err := http.DefaultTransport.RoundTrip(request(t, "GET", url, "Cookie", tt.cookie, "X-Kaiho-Target", tt.target,
			"If-None-Match", `"x", W/`+res.Header.Get("Etag")))
		if err != nil {
			t.Fatal(err)
		}
		if again.Body.Close(); again.StatusCode != 304 || again.Header.Get(tt.header) != "" {
			t.Errorf("%s %s again: got %d, want 304", tt.front, tt.target, again.StatusCode)
		}
	}
}

// request returns a request for our host to wherever the URL leads.
func request(t testing.TB, method, url string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "nagi.example"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func TestCheckAddress(t *testing.T) {
	f := newFixture(t, nil)
	address := "http://" + listen(t, f.gate.Check(), nil)
	for _, tt := range []struct {
		path, want string
		status     int
	}{
		{"/healthz", "site: ok\nroster: ok\n", 200}, {"/metrics", "kaiho_answers_total{status=\"2xx\"}", 200}, {"/", "", 404}, {"/letters/1/", "", 404}, {"/accel/", "", 404},
	} {
		res, err := http.Get(address + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, res); res.StatusCode != tt.status || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %d %q, want %d %q", tt.path, res.StatusCode, got, tt.status, tt.want)
		}
	}
	f.roster.fail(io.ErrUnexpectedEOF)
	res, err := http.Get(address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); res.StatusCode != 503 {
		t.Errorf("without a roster: got %d, want 503", res.StatusCode)
	}
}
