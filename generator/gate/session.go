package gate

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// CookieName is the session's cookie. A web server in front hands every request
// that has it to the gate.
const CookieName = "__Host-kaiho"

// plainCookie is its name on this machine without TLS, where browsers refuse
// the other one.
const plainCookie = "kaiho"

// Session is a reader who has entered: known, active, not revoked.
type Session struct {
	Member        uint32
	Authenticated time.Time // when they last opened a signed link in this browser
	Issued        time.Time // of the cookie
	Expires       time.Time // of the cookie
	Reader        member.Reader
}

// errRoster is that nobody can be told from anybody now.
var errRoster = errors.New("the roster may be out of date")

// session returns the session of a request, or nil: no cookie, two of them, one
// that is not ours or too old, a member who is none any more or has revoked it.
// It fails if a cookie is good and the roster is not.
func (g *Gate) session(r *http.Request, now time.Time) (*Session, error) {
	lines := r.Header["Cookie"]
	if len(lines) == 0 {
		return nil, nil
	}
	token := cookie(lines, g.cookieName(r))
	if token == "" {
		return nil, nil
	}
	claims, err := g.o.Ring.Verify(token, signedlink.Session, now)
	if err != nil {
		g.counts.sessionsRefused.Add(1)
		return nil, nil
	}
	authenticated := time.Unix(int64(claims.Ref), 0)
	if !now.Before(authenticated.Add(g.o.SessionMax)) || authenticated.After(claims.Issued) {
		g.counts.sessionsRefused.Add(1)
		return nil, nil
	}
	if g.o.Roster.Err() != nil {
		return nil, errRoster
	}
	reader, found := g.o.Roster.Reader(claims.Member)
	if !found || claims.IsRevoked(reader.ValidAfter) {
		g.counts.sessionsRefused.Add(1)
		return nil, nil
	}
	return &Session{Member: claims.Member, Authenticated: authenticated, Issued: claims.Issued, Expires: claims.Expires(), Reader: reader}, nil
}

// cookie returns the value of the one cookie of that name; "" if there is none,
// or more than one.
func cookie(lines []string, name string) string {
	value, found := "", false
	for _, line := range lines {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			pair = strings.Trim(pair, " \t")
			if len(pair) <= len(name) || pair[len(name)] != '=' || pair[:len(name)] != name {
				continue
			}
			if found {
				return ""
			}
			value, found = pair[len(name)+1:], true
		}
	}
	return value
}

func (g *Gate) cookieName(r *http.Request) string {
	if g.isPlain(r) {
		return plainCookie
	}
	return CookieName
}

// isPlain reports whether a browser would refuse a __Host- cookie of this answer
// and nobody but this machine sees it.
func (g *Gate) isPlain(r *http.Request) bool {
	return r.TLS == nil && isLoopback(r.Host)
}

// isLoopback reports whether a Host header, or host:port, is this machine's
// name for itself.
func isLoopback(hostPort string) bool {
	if hostPort == "" || hostPort[0] != 'l' && hostPort[0] != 'L' && hostPort[0] != '1' && hostPort[0] != '[' {
		return false
	}
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostPort, "["), "]")
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// verdict is what there is to say of a token.
type verdict uint8

const (
	good    verdict = iota
	invalid         // nothing may be told of it
	expired         // authentic; its time is up
	revoked         // authentic; its member has revoked it, or is none any more
	limited         // not looked at: too many were refused
	unready         // authentic; the roster cannot say more
)

// verify checks a token for the first of the purposes that it claims, with the
// limits on how many may be refused. The claims are set if it is authentic.
func (g *Gate) verify(r *http.Request, v *visit, token string, want ...signedlink.Purpose) (signedlink.Claims, verdict) {
	purpose := want[0]
	kid, claimed := peek(token)
	for _, p := range want {
		if p == claimed {
			purpose = p
		}
	}
	from := networkOf(r)
	// Who shares an address with a scanner is not shut out: a link is looked at all
	// the same as long as the machine has time for it.
	isLimited := !g.limits.mayFail(from)
	if isLimited && !g.limits.looks.take(struct{}{}) {
		return signedlink.Claims{}, limited
	}
	claims, err := g.o.Ring.Verify(token, purpose, v.now)
	if isLimited && err != nil && !errors.Is(err, signedlink.ErrExpired) {
		g.counts.tokensRefused.Add(1)
		return signedlink.Claims{}, limited
	}
	if err != nil && !errors.Is(err, signedlink.ErrExpired) {
		g.limits.failed(from)
		g.counts.tokensRefused.Add(1)
		return signedlink.Claims{}, invalid
	}
	if v.answer != nil {
		v.answer.shape = strings.TrimSuffix(v.answer.shape, "‹›") + fmt.Sprintf("‹%d,%s›", kid, claims.Purpose)
	}
	if err != nil {
		return claims, expired
	}
	if g.o.Roster.Err() != nil {
		return claims, unready
	}
	reader, found := g.o.Roster.Reader(claims.Member)
	if !found || claims.IsRevoked(reader.ValidAfter) {
		return claims, revoked
	}
	return claims, good
}

// expired returns the claims of a link that is ours, though its time may be up,
// whatever it was for.
func (g *Gate) expired(token string) (signedlink.Claims, bool) {
	_, purpose := peek(token)
	if purpose == signedlink.Session || !g.limits.refusedAll.has(struct{}{}) {
		return signedlink.Claims{}, false
	}
	claims, err := g.o.Ring.Verify(token, purpose, g.o.Now())
	if err != nil && !errors.Is(err, signedlink.ErrExpired) {
		g.limits.refusedAll.take(struct{}{})
		return signedlink.Claims{}, false
	}
	return claims, true
}

// peek returns the key and the purpose that a token claims, for the log and to
// choose by what it is checked; nothing is decided by it.
func peek(token string) (kid uint8, purpose signedlink.Purpose) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(token) < 4 {
		return 0, 0
	}
	var bits uint32
	for i := range 4 {
		bits = bits<<6 | uint32(max(strings.IndexByte(alphabet, token[i]), 0))
	}
	return uint8(bits >> 8), signedlink.Purpose(bits)
}

// accepted reports whether a token is good. If it is not, the answer has been
// given.
func (g *Gate) accepted(w http.ResponseWriter, r *http.Request, v visit, verdict verdict, claims signedlink.Claims, token string) bool {
	switch verdict {
	case good:
		return true
	case expired, revoked:
		g.pageExpired(w, r, v, claims, token)
	case limited:
		w.Header().Set("Retry-After", "60")
		g.pageRefused(w, r, v, http.StatusTooManyRequests)
	case unready:
		w.Header().Set("Retry-After", "5")
		g.pageRefused(w, r, v, http.StatusServiceUnavailable)
	default:
		g.pageNotHere(w, r, v)
	}
	return false
}

// enter gives the member of claims a session and leads to the landing: a path
// below the base that the manifest has for them, or one of the gate's own pages;
// for any other one, to the home page. claims have been verified.
func (g *Gate) enter(w http.ResponseWriter, r *http.Request, v visit, claims signedlink.Claims, landing string) {
	reader, found := g.o.Roster.Reader(claims.Member)
	if !found {
		g.pageNotHere(w, r, v)
		return
	}
	// A link that was asked for right after everything was revoked is issued when
	// that second has ended, and the session must not be older than it.
	issued := since(claims.Issued, v.now)
	if !g.issue(w, r, claims.Member, issued, issued) {
		g.pageRefused(w, r, v, http.StatusServiceUnavailable)
		return
	}
	g.counts.entered.Add(1)
	g.send(w, g.landing(landing, reader), http.StatusSeeOther)
}

// landing returns path, if it leads anywhere for reader, else "/".
func (g *Gate) landing(path string, reader member.Reader) string {
	if path == "/me/" || path == "/me/people/" || path == "/me/preferences/" {
		return path
	}
	s, err := g.current()
	if err != nil {
		return "/"
	}
	for _, candidate := range []string{path, path + "/"} {
		if e := s.lookup(candidate, &reader); e != nil {
			return candidate // equal to a key of the manifest
		}
	}
	return "/"
}

// renew gives a session a new cookie, SessionIdle from now or until SessionMax
// after the member was authenticated. It reports false if there is no key to
// sign it.
func (g *Gate) renew(w http.ResponseWriter, r *http.Request, v visit) bool {
	return g.issue(w, r, v.session.Member, v.session.Authenticated, since(v.session.Issued, v.now))
}

// unknown is how long a revocation may be unknown here: the roster is older than
// the database for a moment, and whoever revokes needs another to write it down.
const unknown = 5 * time.Second

// since returns when what is made now, of a token of parent's time, counts as
// issued: earlier than any revocation that may be unknown yet, so that nothing
// made of a revoked token outlives it, but never before parent.
func since(parent, now time.Time) time.Time {
	issued := now.Add(-unknown).Truncate(time.Second)
	if parent.After(issued) {
		return parent
	}
	return issued
}

// renewal is how old a cookie must be to be replaced.
const renewal = day

func (g *Gate) issue(w http.ResponseWriter, r *http.Request, member uint32, authenticated, now time.Time) bool {
	lifetime := min(g.o.SessionIdle, authenticated.Add(g.o.SessionMax).Sub(now)).Truncate(signedlink.Quarter)
	if lifetime <= 0 {
		return true // what is left will end by itself
	}
	token, err := g.o.Ring.Sign(signedlink.Claims{Purpose: signedlink.Session, Issued: now.Truncate(time.Second), Lifetime: lifetime,
		Member: member, Ref: uint32(authenticated.Unix())})
	if err != nil {
		g.log.Error("sign a session", "error", err.Error())
		return false
	}
	http.SetCookie(w, g.cookie(r, token, int(lifetime/time.Second)))
	return true
}

func (g *Gate) cookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: g.cookieName(r), Value: value, Path: "/", MaxAge: maxAge,
		Secure: !g.isPlain(r), HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// signOut ends the session in this browser; with everywhere=yes, in all, along
// with all links that were sent before.
func (g *Gate) signOut(w http.ResponseWriter, r *http.Request, v visit) {
	everywhere := v.session != nil && r.PostFormValue("everywhere") == "yes"
	if everywhere {
		if g.o.Pages.People == nil {
			g.pageRefused(w, r, v, http.StatusServiceUnavailable)
			return
		}
		if err := g.o.Pages.People.Revoke(r.Context(), v.session.Member, v.now); err != nil {
			g.log.Error("revoke what a member holds", "error", err.Error())
			w.Header().Set("Retry-After", "5")
			g.pageRefused(w, r, v, http.StatusServiceUnavailable)
			return
		}
		if err := g.o.Roster.Refresh(r.Context()); err != nil { // else it is known in a moment
			g.log.Warn("look at the roster", "error", err.Error())
		}
	}
	http.SetCookie(w, g.cookie(r, "", -1))
	w.Header().Set("Clear-Site-Data", `"cache"`)
	v.session = nil
	g.pageLoggedOut(w, r, v, everywhere)
}
