package gate

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kaiho/generator/signedlink"
)

// visit is what is known of a request when its page is chosen. It is handed by
// value: what a page changes in it concerns that page alone.
type visit struct {
	session *Session  // nil: none
	now     time.Time // of the site's clock
	path    string    // decoded, below the base, with a slash before it
	front   front
	answer  *answer // what the log is told
}

// front is who sends the bytes of files.
type front uint8

const (
	direct front = iota // the gate itself
	nginx               // by X-Accel-Redirect
	caddy               // by X-Kaiho-File
)

const maxBodyBytes = 64 << 10 // of a form; the largest is that of one's own data

// ServeHTTP answers a request of the world.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.serve(w, r, direct) }

func (g *Gate) serve(w http.ResponseWriter, r *http.Request, f front) {
	a := &answer{ResponseWriter: w, started: time.Now()}
	g.counts.running.Add(1)
	defer g.finish(a, r)
	g.headers(a.Header())
	if r.ProtoMajor == 1 && !r.ProtoAtLeast(1, 1) {
		a.Header().Set("Connection", "close")
	}
	v, status := g.visit(a, r, f)
	if status != 0 {
		if status == http.StatusMethodNotAllowed {
			a.Header().Set("Allow", "GET, HEAD, POST")
		}
		g.pageRefused(a, r, v, status)
		return
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(a, r.Body, maxBodyBytes)
	}
	g.route(a, r, v)
}

// visit looks at all of a request but what it asks for. A status is that of a
// request which is refused whatever it asks for.
func (g *Gate) visit(a *answer, r *http.Request, f front) (visit, int) {
	v := visit{now: g.o.Now(), front: f, answer: a}
	if !g.hosts[r.Host] && !g.hosts[strings.ToLower(r.Host)] {
		return v, http.StatusMisdirectedRequest
	}
	if status := checkShape(r); status != 0 {
		return v, status
	}
	below, found := strings.CutPrefix(r.URL.Path, g.base)
	switch {
	case found && !hidesSlash(r.URL):
		v.path = "/" + below
	case r.URL.Path+"/" == g.base:
		v.path = "" // sent to the home page
	default:
		v.path = nowhere
	}
	s, err := g.session(r, v.now)
	if err != nil {
		return v, http.StatusServiceUnavailable
	}
	v.session = s
	return v, 0
}

// nowhere is the path of what no manifest can have.
const nowhere = "/\x00"

// checkShape refuses what no browser sends and what servers in a row could
// understand differently (RFC 9112, sections 3.2 and 6.3).
func checkShape(r *http.Request) int {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		if r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
			return http.StatusBadRequest
		}
	case http.MethodPost:
		if r.ProtoMajor == 1 && r.ContentLength < 0 {
			return http.StatusLengthRequired
		}
		if r.ContentLength > maxBodyBytes {
			return http.StatusRequestEntityTooLarge
		}
	default:
		return http.StatusMethodNotAllowed
	}
	u := r.URL
	if u.Opaque != "" || u.User != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || !strings.HasPrefix(u.Path, "/") {
		return http.StatusBadRequest
	}
	return 0
}

// hidesSlash reports whether the path of u has an encoded slash or backslash,
// which are other characters than those (RFC 3986, section 2.2), and which
// servers in front may have decoded, or not.
func hidesSlash(u *url.URL) bool {
	if u.RawPath == "" {
		return false
	}
	raw := strings.ToLower(u.RawPath)
	return strings.Contains(raw, "%2f") || strings.Contains(raw, "%5c")
}

// route answers by the address. Those of the gate come first: config has them
// reserved, so that no file can have one.
func (g *Gate) route(a *answer, r *http.Request, v visit) {
	head, rest, _ := strings.Cut(strings.TrimPrefix(v.path, "/"), "/")
	switch head {
	case "k", "u", "p", "s", "a":
		g.token(a, r, v, head, rest)
	case "link", "logout", "me":
		g.own(a, r, v)
	case "subscribe":
		g.subscription(a, r, v, rest)
	default:
		g.file(a, r, v)
	}
}

// token answers at an address that holds a token: what it says is the
// authority.
func (g *Gate) token(a *answer, r *http.Request, v visit, kind, rest string) {
	a.shape = "/" + kind + "/‹›"
	a.Header().Set("Referrer-Policy", "no-referrer")
	token, landing, _ := strings.Cut(rest, "/")
	if !g.sameOrigin(r, true) {
		g.pageRefused(a, r, v, http.StatusForbidden)
		return
	}
	switch {
	case kind == "k" && token == "-":
		if !g.pageStyle(a, r) {
			g.pageNotHere(a, r, v)
		}
	case token == "" || kind != "k" && landing != "":
		g.pageNotHere(a, r, v)
	case kind == "k":
		g.key(a, r, v, token, landing)
	case kind == "u":
		g.pageUnsubscribe(a, r, v, token)
	case kind == "p":
		g.pagePreferences(a, r, v, token)
	case kind == "s":
		g.pageSignIn(a, r, v, token)
	default: // answers come with the pages that ask
		g.pageNotHere(a, r, v)
	}
}

// key answers /k/TOKEN[/landing]. A POST comes from the page that asks whether
// the other member's session shall end.
func (g *Gate) key(a *answer, r *http.Request, v visit, token, landing string) {
	claims, verdict := g.verify(r, &v, token, signedlink.View)
	if !g.accepted(a, r, v, verdict, claims, token) {
		return
	}
	if r.Method != http.MethodPost && v.session != nil && v.session.Member != claims.Member {
		g.pageSwitch(a, r, v, claims, token, "/"+landing)
		return
	}
	g.enter(a, r, v, claims, "/"+landing)
}

// own answers at the gate's addresses without a token. What needs a session is,
// without one, as absent as everything else that is not public.
func (g *Gate) own(a *answer, r *http.Request, v visit) {
	a.shape = v.path
	if !g.sameOrigin(r, v.path == "/link") { // which takes no cookie, and the token of a page that has no referrer
		g.pageRefused(a, r, v, http.StatusForbidden)
		return
	}
	switch {
	case v.path == "/link":
		g.pageLink(a, r, v)
	case v.path == "/logout" && r.Method == http.MethodPost:
		g.signOut(a, r, v)
	case v.path == "/logout":
		a.Header().Set("Allow", http.MethodPost)
		g.pageRefused(a, r, v, http.StatusMethodNotAllowed)
	case v.session == nil:
		g.pageNotHere(a, r, v)
	case v.path == "/me/" || v.path == "/me/renew" || v.path == "/me/data.json":
		g.pageHome(a, r, v)
	case v.path == "/me/preferences/":
		g.pagePreferences(a, r, v, "")
	case v.path == "/me/people/" && isReader(v.session.Reader.Audiences):
		g.pageDirectory(a, r, v)
	case v.path == "/me" || v.path == "/me/people" || v.path == "/me/preferences":
		g.send(a, v.path+"/", http.StatusSeeOther)
	default:
		a.shape = "" // it may be anything
		g.pageNotHere(a, r, v)
	}
}

// subscription answers at /subscribe and at the link that confirms, if the site has
// subscribers. Neither takes a cookie.
func (g *Gate) subscription(a *answer, r *http.Request, v visit, token string) {
	a.shape = "/subscribe"
	if token != "" {
		a.shape = "/subscribe/‹›"
		a.Header().Set("Referrer-Policy", "no-referrer")
	}
	switch {
	case !g.sameOrigin(r, true):
		g.pageRefused(a, r, v, http.StatusForbidden)
	case !g.o.Pages.Subscribe || g.o.Pages.People == nil || strings.Contains(token, "/"):
		g.pageNotHere(a, r, v)
	case v.path == "/subscribe":
		g.pageSubscribe(a, r, v)
	case token == "":
		g.send(a, "/subscribe", http.StatusSeeOther)
	default:
		g.pageConfirm(a, r, v, token)
	}
}

// sameOrigin reports whether a POST comes from a page of ours, or from no page
// at all (RFC 8058: a mail provider). Pages at addresses with a token have no
// referrer, and so, in browsers that send no Sec-Fetch-Site, the origin "null":
// there the token is the authority, which no other page has.
func (g *Gate) sameOrigin(r *http.Request, hasToken bool) bool {
	if hasToken && r.Header.Get("Origin") == "null" && r.Header.Get("Sec-Fetch-Site") == "" {
		return true
	}
	return g.origin.Check(r) == nil
}

// send leads to a path below the base, which is one of ours.
func (g *Gate) send(w http.ResponseWriter, path string, status int) {
	w.Header().Set("Location", g.href(path))
	w.WriteHeader(status)
}

// href returns the address of a path below the base, escaped, for links and
// Location.
func (g *Gate) href(path string) string {
	return (&url.URL{Path: g.base + strings.TrimPrefix(path, "/")}).EscapedPath()
}

// hostList returns the Host headers that are taken: each name as given, and
// with its scheme's own port.
func hostList(origin *url.URL, more []string) map[string]bool {
	hosts := map[string]bool{}
	for _, host := range append([]string{origin.Host}, more...) {
		host = strings.ToLower(host)
		hosts[host] = true
		name, port, err := net.SplitHostPort(host)
		switch {
		case err == nil && (port == "443" || port == "80"):
			if strings.Contains(name, ":") {
				name = "[" + name + "]"
			}
			hosts[name] = true
		case err != nil && origin.Scheme == "https":
			hosts[host+":443"] = true
		case err != nil:
			hosts[host+":80"] = true
		}
	}
	return hosts
}
