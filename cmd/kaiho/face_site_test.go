package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
	"kaiho/generator/store"
)

// strict is the policy that every page must live with, besides the gate's own: a
// web server in front may have it. What a page does against it is a message in the
// console.
const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// lenient is the policy for letters: mail programs take styles in the text and
// pictures, and run nothing.
const lenient = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"

// Paths of the web server that the gate does not have.
const (
	lettersPath = "/-/letters/" // what newsletter preview has written
	postPath    = "/-/post"     // posts the rest of the query to the path "to", so that what a form leads to has an address
)

// faceSite is the sample site with its members, behind a web server.
type faceSite struct {
	*walker
	session *session
	client  *http.Client
	ring    *signedlink.Ring
	ids     map[string]uint32 // of members, by address
}

// newFaceSite makes and serves the site until the test ends.
func newFaceSite(t *testing.T) *faceSite {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	behind := l.Addr().String()
	l.Close()
	f := &faceSite{walker: &walker{t: t, site: filepath.Join(t.TempDir(), "site")}, ids: map[string]uint32{}}
	front := httptest.NewUnstartedServer(nil)
	f.address = "https://" + front.Listener.Addr().String() // letters are not made for less
	f.makes()
	f.kaiho("newsletter", "preview", faceIssue)
	f.serve(behind)
	front.Config.Handler = f.front(&url.URL{Scheme: "http", Host: behind})
	front.EnableHTTP2 = true
	front.StartTLS()
	t.Cleanup(front.Close)
	f.client = front.Client()
	f.session = &session{world: world{stdout: io.Discard, stderr: io.Discard, getenv: environment(nil), clock: time.Now}, lang: "en", source: f.site}
	f.readKeys()
	f.readMembers()
	return f
}

// front is the web server before the gate: it adds its own policy.
func (f *faceSite) front(behind *url.URL) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(behind)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
				r.Header.Add("Content-Security-Policy", strict)
			}
			return nil
		},
	}
	letters := http.StripPrefix(lettersPath, http.FileServerFS(os.DirFS(filepath.Join(f.site, "dist", "newsletters"))))
	mux := http.NewServeMux()
	mux.Handle("/", proxy)
	mux.HandleFunc(lettersPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", lenient)
		letters.ServeHTTP(w, r)
	})
	mux.HandleFunc(postPath, func(w http.ResponseWriter, r *http.Request) {
		form := r.URL.Query()
		to, err := url.Parse(form.Get("to"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		form.Del("to")
		body := form.Encode()
		r.Method, r.URL = http.MethodPost, to
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		proxy.ServeHTTP(w, r)
	})
	return mux
}

func (f *faceSite) readKeys() {
	f.t.Helper()
	keys, err := f.session.keys()
	if err != nil {
		f.t.Fatal(err)
	}
	if f.ring, err = signedlink.NewRing(f.address, keys); err != nil {
		f.t.Fatal(err)
	}
}

func (f *faceSite) readMembers() {
	f.t.Helper()
	db, err := store.Open(f.t.Context(), f.session.databaseURL())
	if err != nil {
		f.t.Fatal(err)
	}
	defer db.Close()
	all, err := member.Open(db).List(f.t.Context(), member.Filter{})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, m := range all {
		f.ids[m.Email] = m.ID
	}
}

// token returns a link's token for a member, as old as age.
func (f *faceSite) token(purpose signedlink.Purpose, address string, age time.Duration) string {
	f.t.Helper()
	if f.ids[address] == 0 {
		f.t.Fatalf("the sample has no member %s", address)
	}
	lifetime := 24 * time.Hour
	if purpose == signedlink.SignIn {
		lifetime = 30 * time.Minute // what its key may
	}
	token, err := f.ring.Sign(signedlink.Claims{Purpose: purpose, Issued: time.Now().Add(-age), Lifetime: lifetime, Member: f.ids[address]})
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

// application returns the token that confirms a subscription, asked for so long ago.
// text is the version of what was agreed to.
func (f *faceSite) application(text string, age time.Duration) string {
	f.t.Helper()
	token, err := f.ring.Seal("subscribe", []byte(strings.Join([]string{"ja", text, "mori@mail.example", "森 花子"}, "\x00")), time.Now().Add(-age))
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

// fetch returns the body of a page that anybody may read.
func (f *faceSite) fetch(path string) string {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.address+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := f.client.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(body)
}
