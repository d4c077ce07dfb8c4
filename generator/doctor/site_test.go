package doctor_test

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/doctor"
	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/publish"
	"kaiho/generator/signedlink"
	"kaiho/generator/store/storetest"
)

// built makes dist of a project with a page for all and a page for members.
func built(t *testing.T, source string) *os.Root {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(source, "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	dist, err := os.OpenRoot(filepath.Join(source, "dist"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dist.Close() })
	var files []publish.File
	for path, audience := range map[string]string{"public/index.html": "public", "members/alumni/index.html": "alumni", "members/alumni/news/a/index.html": "alumni"} {
		files = append(files, publish.File{Path: path, Audience: audience, Render: func() ([]byte, error) { return []byte("<p>" + path), nil }})
	}
	if _, err := publish.Apply(t.Context(), dist, files, publish.Options{Trees: []string{"public", "members"}, Version: "test"}); err != nil {
		t.Fatal(err)
	}
	return dist
}

// gateFor is the real gate of a project whose site has that origin.
func gateFor(t *testing.T, dist *os.Root, origin string) http.Handler {
	t.Helper()
	ring, err := signedlink.NewRing(origin, []signedlink.Key{signedlink.NewKey(signedlink.Mail, 1, now()), signedlink.NewKey(signedlink.Server, 1, now())})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	book := member.Open(storetest.Open(t, storetest.SQLite(t)))
	roster := member.NewRoster(t.Context(), book, log)
	if err := roster.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(roster.Close)
	g, err := gate.New(gate.Options{Origin: origin, Base: "/", Audiences: []string{"alumni"}, Languages: []string{"ja"}, SessionIdle: time.Hour,
		SessionMax: 2 * time.Hour, Dist: dist, Ring: ring, Roster: roster, Now: now, Log: log, Pages: gate.Pages{People: book}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

func TestSite(t *testing.T) {
	onTime := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", now().UTC().Format(http.TimeFormat))
			h.ServeHTTP(w, r)
		})
	}
	status := func(code int) func(http.Handler, string) http.Handler {
		return func(http.Handler, string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", code) })
		}
	}
	post := func(code int) func(http.Handler, string) http.Handler {
		return func(g http.Handler, _ string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					http.Error(w, "no", code)
					return
				}
				g.ServeHTTP(w, r)
			})
		}
	}
	leak := func(prefix, dir string) func(http.Handler, string) http.Handler {
		return func(g http.Handler, source string) http.Handler {
			files := http.StripPrefix(prefix, http.FileServerFS(os.DirFS(filepath.Join(source, dir))))
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "members/") || strings.HasPrefix(r.URL.Path, "/news/") {
					files.ServeHTTP(w, r)
					return
				}
				g.ServeHTTP(w, r)
			})
		}
	}
	fine := []string{"ok site-fine", "ok one-click-fine", "ok leak-fine"}
	for _, test := range []struct {
		name  string
		front func(g http.Handler, source string) http.Handler // what the world meets; nil: the gate
		wants []string
	}{
		{"the gate answers", nil, fine},
		{"a host of files answers 404", status(404), []string{"error gate-missing", "ok leak-fine"}},
		{"a page of its own answers 200", func(http.Handler, string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/u/") {
					io.WriteString(w, "<p>home")
					return
				}
				http.NotFound(w, r)
			})
		}, []string{"error gate-missing", "ok leak-fine"}},
		{"the gate is down", status(502), []string{"error gate-failed", "ok leak-fine"}},
		{"another host is expected", status(421), []string{"error gate-host", "ok leak-fine"}},
		{"it leads to another host", func(http.Handler, string) http.Handler {
			return http.RedirectHandler("https://www.nagi.example/", http.StatusMovedPermanently)
		}, []string{"error site-redirects", "ok leak-fine"}},
		{"POST is not allowed", post(405), []string{"ok site-fine", "error one-click-blocked", "ok leak-fine"}},
		{"a firewall refuses POST", post(403), []string{"ok site-fine", "error one-click-blocked", "ok leak-fine"}},
		{"dist is served as a whole", leak("/", "dist"), []string{"ok site-fine", "ok one-click-fine", "error leak"}},
		{"the project is served", leak("/", "."), []string{"ok site-fine", "ok one-click-fine", "error leak"}},
		{"members' pages are served as if public", leak("/", "dist/members/alumni"), []string{"ok site-fine", "ok one-click-fine", "error leak"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			dist := built(t, o.Source)
			s := httptest.NewUnstartedServer(nil)
			s.StartTLS()
			t.Cleanup(s.Close)
			handler := gateFor(t, dist, s.URL)
			if test.front != nil {
				handler = test.front(handler, o.Source)
			}
			s.Config.Handler = onTime(handler)
			o.Site = site(t, strings.Replace(settings, "https://nagi.example/", s.URL+"/", 1))
			o.Transport = s.Client().Transport
			fs := doctor.Run(t.Context(), o)
			wants(t, fs, doctor.Site, test.wants...)
			wants(t, fs, doctor.Clock, "ok clock-fine")
		})
	}
}

func TestSiteThatDoesNotAnswer(t *testing.T) {
	t.Run("nobody is there", func(t *testing.T) {
		wants(t, doctor.Run(t.Context(), options(t)), doctor.Site, "error site-unreachable", "warning dist-unreadable")
	})
	t.Run("nobody trusts the certificate", func(t *testing.T) {
		o := options(t)
		s := httptest.NewUnstartedServer(nil)
		s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		s.StartTLS()
		t.Cleanup(s.Close)
		o.Site = site(t, strings.Replace(settings, "https://nagi.example/", s.URL+"/", 1))
		o.Transport = &http.Transport{TLSClientConfig: &tls.Config{}}
		wants(t, doctor.Run(t.Context(), o), doctor.Site, "error certificate", "warning dist-unreadable")
	})
	t.Run("base_url is not encrypted", func(t *testing.T) {
		o := options(t)
		o.Site = site(t, strings.Replace(settings, "https:", "http:", 1))
		wants(t, doctor.Run(t.Context(), o), doctor.Site, "error site-plain", "error site-unreachable", "warning dist-unreadable")
	})
}

func TestClocks(t *testing.T) {
	for _, test := range []struct {
		name  string
		off   time.Duration
		age   string
		wants []string
	}{
		{"the same time", 0, "", []string{"ok clock-fine"}},
		{"59 seconds ahead", 59 * time.Second, "", []string{"ok clock-fine"}},
		{"two minutes ahead", 2 * time.Minute, "", []string{"error clock-off"}},
		{"two minutes behind", -2 * time.Minute, "", []string{"error clock-off"}},
		{"out of a cache", -time.Hour, "3600", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", now().Add(test.off).UTC().Format(http.TimeFormat))
				if test.age != "" {
					w.Header().Set("Age", test.age)
				}
			}))
			t.Cleanup(s.Close)
			o.Site = site(t, strings.Replace(settings, "https://nagi.example/", s.URL+"/", 1))
			o.Transport = s.Client().Transport
			wants(t, doctor.Run(t.Context(), o), doctor.Clock, test.wants...)
		})
	}
}

// The server of Postgres runs on the machine of the test.
func TestTheDatabaseServersClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		o := options(t)
		o.DB, o.Offline = storetest.Open(t, url), true
		for off, want := range map[time.Duration]string{0: "ok clock-fine", 2 * time.Minute: "error clock-off", -2 * time.Minute: "error clock-off"} {
			o.Now = func() time.Time { return time.Now().Add(off) }
			if o.DB.IsServer() {
				wants(t, doctor.Run(t.Context(), o), doctor.Clock, want)
			} else {
				wants(t, doctor.Run(t.Context(), o), doctor.Clock)
			}
		}
	})
}
