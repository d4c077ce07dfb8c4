package gate_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/gate"
)

// front is a real web server before a gate.
type webServer struct {
	name    string
	address string
	dir     string // of what it writes
}

// frontOf starts nginx or Caddy with the configuration of HostConfig. A test that
// cannot have it is skipped, but not where everything must be there.
func frontOf(t *testing.T, name string, f *fixture) webServer {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	check, address := listen(t, f.gate.Check(), nil), freeAddress(t)
	conf, err := gate.HostConfig(name, gate.Host{Names: []string{"nagi.example"}, Base: "/", Dist: f.dist, Check: check, Listen: address})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var cmd *exec.Cmd
	if name == "nginx" {
		// nginx as root gives its workers another user, who must be able to read dist.
		open(t, f.dist)
		conf = fmt.Sprintf("daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log;\nevents {}\nhttp {\ninclude /etc/nginx/mime.types; \n"+
			"client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n%[2]s}\n", dir, conf)
		cmd = exec.Command(program, "-p", dir, "-c", filepath.Join(dir, "conf"))
	} else {
		cmd = exec.Command(program, "run", "--adapter", "caddyfile", "--config", filepath.Join(dir, "conf"))
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	}
	if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, output.String())
		}
	})
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return webServer{name, address, dir}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not start:\n%s", name, output.String())
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// open lets everyone read a folder, and go through those above it.
func open(t *testing.T, dir string) {
	t.Helper()
	for at := dir; at != "/" && at != os.TempDir(); at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// log returns the log of requests, if the server writes one.
func (s webServer) log(t *testing.T) string {
	t.Helper()
	if s.name != "nginx" {
		return ""
	}
	data, err := os.ReadFile(filepath.Join(s.dir, "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (s webServer) get(t *testing.T, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	r := request(t, "GET", "http://"+s.address+path, headers...)
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	return res, body(t, res)
}

// TestWebServersInFrontLeakNothing drives the table of attempts against real web
// servers with the configurations that HostConfig makes.
func TestWebServersInFrontLeakNothing(t *testing.T) {
	for _, name := range gate.HostNames() {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			server := frontOf(t, name, f)
			dial := func() (net.Conn, error) { return net.Dial("tcp", server.address) }
			public := 0
			for _, a := range attempts(f) {
				text := a.raw
				if text == "" {
					text = a.http1()
				}
				status, all := exchange(t, dial, text)
				if bytes.Contains(all, []byte(canary)) {
					t.Errorf("%s: the canary is in the answer (%d)", a.name, status)
				}
				if a.status == 200 && status == 200 {
					public++
				}
			}
			if public < 5 {
				t.Errorf("only %d of the requests for public pages were answered with 200", public)
			}
			if res, text := server.get(t, "/", "Host", "evil.example"); res.StatusCode != 421 || strings.Contains(text, "home") {
				t.Errorf("another host: got %d, want 421", res.StatusCode)
			}
			if log := server.log(t); len(log) > 0 && (strings.Contains(log, "/k/") || !strings.Contains(log, "/about/")) {
				t.Errorf("the log has a token, or nothing:\n%.2000s", log)
			}
			for _, inside := range []string{"/_kaiho/members/alumni/letters/1/index.html", "/_kaiho/public/about/index.html", "/accel/nginx/letters/1/", "/public/about/", "/members/alumni/index.html", "/manifest.json", "/healthz", "/metrics"} {
				res, text := server.get(t, inside)
				_, nothing := server.get(t, "/letters/1/")
				if res.StatusCode != 404 || text != nothing {
					t.Errorf("%s: got %d and %d bytes, want the 404 of all pages that are not public (%d bytes)", inside, res.StatusCode, len(text), len(nothing))
				}
			}
		})
	}
}

// TestWebServersInFrontServeMembers checks what a member gets through them.
func TestWebServersInFrontServeMembers(t *testing.T) {
	for _, name := range gate.HostNames() {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			server := frontOf(t, name, f)
			cookie := []string{"Cookie", f.cookie(alumna)}
			for _, tt := range []struct {
				path, want, cache string
				headers           []string
			}{
				{"/about/", "about", "public, no-cache", nil},
				{"/news/a/", "teaser", "public, no-cache", nil},
				{"/news/a/", "whole story for alumni", "private, no-cache", cookie},
				{"/letters/1/", "letter", "private, no-cache", cookie},
				{"/about/", "about", "public, no-cache", cookie},
				{"/tags/%E6%B5%B7/", "sea", "public, no-cache", cookie},
				{"/assets/site.0123456789.css", "color", "public, max-age=31536000, immutable", nil},
				{"/files/minutes.pdf", canary, "private, no-cache", cookie},
			} {
				res, text := server.get(t, tt.path, tt.headers...)
				h := res.Header
				if res.StatusCode != 200 || !strings.Contains(text, tt.want) || h.Get("Cache-Control") != tt.cache || h.Get("Content-Security-Policy") == "" ||
					h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Accel-Redirect")+h.Get("X-Kaiho-File") != "" {
					t.Errorf("%s %v: got %d %v\n%.100s", tt.path, tt.headers, res.StatusCode, h, text)
				}
			}
			if res, _ := server.get(t, "/admin/"); !strings.Contains(res.Header.Get("Content-Security-Policy"), "unsafe-eval") || res.Header.Get("X-Robots-Tag") == "" {
				t.Errorf("the CMS: got %d %v, want the gate's headers", res.StatusCode, res.Header)
			}
			if _, text := server.get(t, "/files/minutes.pdf", "Cookie", f.cookie(alumna), "Range", "bytes=0-3"); text != "%PDF" {
				t.Errorf("a range: got %q, want %q", text, "%PDF")
			}
			first, _ := server.get(t, "/letters/1/", cookie...)
			if own := f.do("GET", "/letters/1/", cookie...); strings.TrimPrefix(first.Header.Get("Etag"), "W/") != own.Header.Get("Etag") { // weak when compressed
				t.Errorf("got the tag %s, want the gate's %s", first.Header.Get("Etag"), own.Header.Get("Etag"))
			}
			if again, _ := server.get(t, "/letters/1/", "Cookie", f.cookie(alumna), "If-None-Match", first.Header.Get("Etag")); again.StatusCode != 304 {
				t.Errorf("the same page again: got %d, want 304", again.StatusCode)
			}
			if res, _ := server.get(t, "/about", cookie...); res.StatusCode/100 != 3 || !strings.HasSuffix(res.Header.Get("Location"), "/about/") {
				t.Errorf("without the last slash: got %d to %q", res.StatusCode, res.Header.Get("Location"))
			}
			f.roster.fail(fmt.Errorf("the database is gone"))
			if res, text := server.get(t, "/letters/1/", cookie...); res.StatusCode != 503 || strings.Contains(text, canary) {
				t.Errorf("without a roster: got %d, want 503", res.StatusCode)
			}
		})
	}
}

func TestConfigurationsRefuseWhatTheyCannotHold(t *testing.T) {
	good := gate.Host{Names: []string{"nagi.example"}, Base: "/", Dist: "/srv/dist", Check: "127.0.0.1:8091"}
	for name, change := range map[string]func(h *gate.Host){
		"a folder with a quote":     func(h *gate.Host) { h.Dist = `/srv/"; include /etc/passwd;` },
		"a folder with a space":     func(h *gate.Host) { h.Dist = "/srv/my site" },
		"a host with a line break":  func(h *gate.Host) { h.Names = []string{"a\nb"} },
		"no host":                   func(h *gate.Host) { h.Names = nil },
		"a folder from here":        func(h *gate.Host) { h.Dist = "dist" },
		"no check address":          func(h *gate.Host) { h.Check = "" },
		"a variable in the address": func(h *gate.Host) { h.Check = "$host" },
	} {
		t.Run(name, func(t *testing.T) {
			h := good
			change(&h)
			for _, server := range gate.HostNames() {
				if conf, err := gate.HostConfig(server, h); err == nil {
					t.Errorf("%s: got %q, want an error", server, conf)
				}
			}
		})
	}
	if _, err := gate.HostConfig("apache", good); err == nil {
		t.Error("got a configuration for a server that nobody tried")
	}
}
