package gate

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Check returns the handler of the check address: /healthz, /metrics, and what
// web servers in front ask (see the package comment). It must not be reachable
// from elsewhere: it trusts that who asks is this machine.
func (g *Gate) Check() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/accel/nginx/"):
			g.accel(w, r, nginx, strings.TrimPrefix(r.RequestURI, "/accel/nginx"))
		case strings.HasPrefix(r.URL.Path, "/accel/caddy/"):
			g.accel(w, r, caddy, strings.TrimPrefix(r.RequestURI, "/accel/caddy"))
		case r.URL.Path == "/accel/caddy": // which cannot write a target without changing it
			g.accel(w, r, caddy, strings.Join(r.Header["X-Kaiho-Target"], ", "))
		case r.URL.Path == "/healthz" && isRead(r):
			g.health(w)
		case r.URL.Path == "/metrics" && isRead(r):
			w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
			_, _ = io.WriteString(w, g.metrics())
		default:
			http.NotFound(w, r)
		}
	})
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// accel answers a request that a web server hands on. target is the client's, as
// the client wrote it.
func (g *Gate) accel(w http.ResponseWriter, r *http.Request, f front, target string) {
	u, err := url.ParseRequestURI(target)
	if !strings.HasPrefix(r.RequestURI, "/accel/") || !strings.HasPrefix(target, "/") || err != nil || u.Host != "" {
		u = &url.URL{Path: nowhere}
	}
	handed := r.WithContext(r.Context())
	handed.URL, handed.RequestURI = u, target
	g.serve(w, handed, f)
}

func (g *Gate) health(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	site, roster := "ok", "ok"
	status := http.StatusOK
	if _, err := g.current(); err != nil {
		site, status = "cannot be read", http.StatusServiceUnavailable
	}
	if g.o.Roster.Err() != nil {
		roster, status = "may be out of date", http.StatusServiceUnavailable
	}
	w.WriteHeader(status)
	fmt.Fprintf(w, "site: %s\nroster: %s\n", site, roster)
}
