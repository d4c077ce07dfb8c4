// Package gate is the site on the network: it serves dist to the world, and
// what lies in a members' overlay to whom the overlay is for.
//
// # Decision
//
// A request is answered from a map. The manifest of dist names every file and
// its audience; its URL is its path below its tree, less an "index.html" at the
// end. The decoded path of a request is looked up as it is: nothing is cleaned,
// folded, joined or matched by prefix, so that a path in another spelling is
// either the same entry, with the same audience, or no entry. (One that hides a
// slash or a backslash behind a percent sign is none.) A URL that lacks the
// slash at its end and has an entry with it, for this reader, is sent there.
//
// Without a session there is one map, that of public. What is not in it is not
// looked for anywhere else: the answer is 404, and the same bytes, whether an
// overlay has that URL or not. With a session, the overlays of the reader's
// audiences are asked in the order of site.yaml, and then public. The audiences
// come from the roster at every request, and nothing of a token says what may be
// read.
//
// A file is opened through an os.Root that holds its tree and no other, so that
// even a wrong entry of the manifest cannot name a file of another audience.
//
// # Entering
//
// /k/TOKEN[/landing] checks a signed link (package signedlink), sets the session
// cookie and leads to the landing by 303, if the manifest has it for this
// reader, else to the home page; there is no other way to name where to go. GET
// changes nothing but the cookie. A link is good again and again until it
// expires or the member's valid_after passes it. If another member's session is
// live in that browser, a page asks first.
//
// The cookie is __Host-kaiho: Secure, HttpOnly, SameSite=Lax, Path=/ (Lax,
// because a browser that comes from a web mailer sends no Strict cookie). On
// http://localhost and loopback addresses without TLS it is kaiho, not Secure.
// Two cookies of that name count as none, since one of them is somebody else's.
// It holds a session token: who, when issued, when the member last proved who
// they are. It is renewed at most once a day, and only with a page of HTML, for
// SessionIdle more, and ends SessionMax after the proof in any case. The MAC, the
// roster and valid_after are asked at every request.
//
// # dist changes under way
//
// A build removes what is stale, renames new files into place one by one, and
// then writes manifest.json; each file is whole at any time, but for a moment the
// trees and the manifest do not agree. What the gate does:
//
//   - Every request looks at what manifest.json is (one stat by name). If it is
//     another file, the new one is read and the trees are opened anew before the
//     request is decided. So from the moment the manifest says that a page has
//     left public, no answer has its old public copy, from whichever memory.
//   - Every entry carries the size and the SHA-256 that the manifest has. A small
//     file is read whole and served only if both are right; then it is kept in
//     memory, by its hash, and is served from there for as long as the manifest
//     names that hash. A large file is hashed once; after that, its open file is
//     served if device, inode, size and times are still those of the hashed one.
//   - A file that does not fit, or is missing, belongs to another state of dist.
//     The request waits for a manifest that explains it, and is then decided from
//     the start, session and all; after patience it is answered with 503 and
//     Retry-After. So a page is of one build, whole, and never of an audience that
//     the manifest does not vouch for.
//   - Requests that run keep the manifest and the trees that they began with.
//
// A dist without a manifest, or with one that cannot be read, is an error of New.
// If it turns so later then every file is 503 until it is good again: a gate that
// does not know what is public opens nothing.
//
// # Subscribing
//
// Pages.Subscribe opens /subscribe to everybody. The form shows the whole text to
// which a subscriber agrees; its version is a hash of it, comes back with the form,
// goes with the link, and must be the current one each time. Whatever address is
// asked for, the answer is the same, and nobody is looked up: the letter goes to any
// address. Its link, /subscribe/TOKEN, carries the address sealed (Ring.Seal), for
// until the button on its page is pressed nothing is stored. Then member.Book.Join
// does what there is to do, and a letter of welcome follows.
//
// A subscriber is a member without audiences. Their session opens their own pages and
// no more: they are not in the directory, do not see it, and cannot join it.
//
// # Answers
//
// Members' files: Cache-Control: private, no-cache (a copy is asked for again
// every time, so that a revoked member reads no further), X-Robots-Tag:
// noindex. Everything but the immutable assets of public has Vary: Cookie. ETags
// are strong, from the hash of the content, and differ for gzip. Conditional
// requests, ranges and HEAD are looked at after the decision and never before.
// Text is compressed once per content and kept with it.
//
// Every answer has a content security policy that begins with default-src 'none'.
// What is refused is refused in words: 400 (a request that makes no sense), 404,
// 405, 421 (a Host that is not ours), 429, 503.
//
// # Behind nginx and Caddy
//
// Check returns the handler of the check address, which must be reachable for the
// machine alone (loopback or a Unix socket): /healthz, /metrics, and
//
//	/accel/nginx<URI>
//	/accel/caddy         with the header X-Kaiho-Target: <URI>
//
// to which a web server hands every request that carries the session cookie (or
// any cookie at all), that is for an address of the gate (/k/ /u/ /p/ /s/ /a/ /me/
// /link /subscribe /logout), or for which dist/public has nothing. <URI> is the request
// target as the client sent it: $request_uri of nginx, {http.request.orig_uri} of
// Caddy (whose rewrite would not leave it as it is). The method, Host, Cookie,
// Accept-Encoding and the conditional headers go along, and X-Forwarded-For with
// the client's address at its end; the form of a POST goes along with its length.
// The answer is complete, and goes to the client as it is, unless it is a file:
// then it is 200 without a body and
//
//	X-Accel-Redirect: /_kaiho/public/news/a/index.html      (nginx; escaped)
//	X-Kaiho-File: /public/news/a/index.html                 (Caddy; below dist, escaped)
//
// names tree and file, and all headers of the answer, ETag included, are those
// that the client must get. nginx maps /_kaiho/ to dist in an internal location,
// hands on $upstream_http_etag and the like, and has its own ETag off, since
// If-None-Match was answered here already. Nobody but this package interprets the
// path. A build may replace the file before the web server opens it: then it is
// the next edition of the same URL for the same audience, for that is what a path
// below a tree is.
//
// # Logs and limits
//
// A line of the log has method, status, bytes, time and a shape of the path: of a
// path with a token only its first letter, the key's id and the purpose,
// "/k/‹1,view›". No token, cookie, address or name of a member is in it. Refused
// tokens and asks for a link are limited by network (IPv4 address or IPv6 /64), by
// member and in all; the counters are bounded. A good link opens all the same:
// whoever shares an address with a scanner is not shut out.
package gate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// Ring signs and verifies; *signedlink.Ring is one.
type Ring interface {
	Sign(c signedlink.Claims) (string, error)
	Verify(token string, want signedlink.Purpose, now time.Time) (signedlink.Claims, error)
	// Seal and Open carry in a link what nobody may read but we.
	Seal(use string, data []byte, issued time.Time) (string, error)
	Open(use, sealed string, lifetime time.Duration, now time.Time) (data []byte, issued time.Time, err error)
}

// Roster knows who may read, in memory; *member.Roster is one.
type Roster interface {
	// Reader returns the member, or false if there is none of that id, or not an
	// active one. It is called at every request with a session.
	Reader(id uint32) (member.Reader, bool)
	// Err returns nil, or why the roster may be out of date: then nobody's
	// session counts, and the answer is 503.
	Err() error
	// Refresh takes over what has changed, at once.
	Refresh(ctx context.Context) error
}

// Options is what a gate is made of. Dist, Origin, Ring and Roster are needed.
type Options struct {
	Origin      string        // of base_url: "https://nagi.example"
	Base        string        // its path, escaped: "/" (or "") or "/alumni/"
	Hosts       []string      // Host headers that are ours, beside that of Origin
	Audiences   []string      // in the order of site.yaml
	Languages   []string      // of the site's editions, the main one first
	SessionIdle time.Duration // default 90 days
	SessionMax  time.Duration // default 400 days
	Patience    time.Duration // how long a request waits for a build to end; default 4 s
	Dist        *os.Root      // closed by the caller, after Close
	Ring        Ring
	Roster      Roster
	Pages       Pages            // whom the pages ask; see page_*.go
	Now         func() time.Time // of the site's clock; nil: time.Now
	Log         *slog.Logger     // nil: none
}

// Gate serves a site. It is an http.Handler, for the world.
type Gate struct {
	o            Options
	base         string // decoded, with a slash at both ends
	hosts        map[string]bool
	log          *slog.Logger
	isSecure     bool   // Origin is https
	dist         string // the output folder, and the manifest in it
	manifestPath string
	site         atomic.Pointer[site]
	reload       sync.Mutex
	broken       badManifest // guarded by reload
	stale        staleness
	bytes        contents
	limits       limits
	desk         *desk // of the pages
	counts       counts
	origin       *http.CrossOriginProtection
	done         context.Context
	cancel       context.CancelFunc
	work         sync.WaitGroup // off the request
}

// New returns a gate that serves o.Dist. It is an error if there is no manifest,
// or a damaged one, and ErrIncomplete if it names files that are not there.
func New(o Options) (*Gate, error) {
	if o.Ring == nil || o.Roster == nil || o.Dist == nil {
		return nil, errors.New("a gate needs keys, a roster and the output folder")
	}
	origin, err := url.Parse(o.Origin)
	if err != nil || origin.Host == "" || origin.Scheme != "https" && origin.Scheme != "http" {
		return nil, fmt.Errorf("origin %q is no http address", o.Origin)
	}
	base, err := url.PathUnescape(o.Base)
	if err != nil {
		return nil, fmt.Errorf("base path %q: %w", o.Base, err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	desk, err := newDesk(o.Pages.Style)
	if err != nil {
		return nil, fmt.Errorf("read the gate's pages: %w", err)
	}
	if o.Patience <= 0 {
		o.Patience = patience
	}
	if o.SessionIdle <= 0 {
		o.SessionIdle = 90 * day
	}
	if o.SessionMax <= 0 {
		o.SessionMax = 400 * day
	}
	g := &Gate{o: o, base: "/" + strings.TrimPrefix(strings.TrimSuffix(base, "/")+"/", "/"), log: o.Log,
		isSecure: origin.Scheme == "https" && !isLoopback(origin.Host), dist: o.Dist.Name(), manifestPath: manifestIn(o.Dist.Name()),
		origin: http.NewCrossOriginProtection(), desk: desk}
	g.hosts = hostList(origin, o.Hosts)
	g.limits.init()
	g.done, g.cancel = context.WithCancel(context.Background())
	if err := g.survey(); err != nil {
		g.cancel()
		return nil, err
	}
	return g, nil
}

// Close ends the work that goes on off the requests, and waits for it.
func (g *Gate) Close() {
	g.cancel()
	g.work.Wait()
}

// background runs f off the request: a page whose answer must not tell, by its time,
// what was found. f must heed ctx, which ends with Close. It reports false, and
// f does not run, if too much is under way already.
func (g *Gate) background(f func(ctx context.Context)) bool {
	if !g.limits.begin() {
		return false
	}
	g.work.Add(1)
	go func() {
		defer g.work.Done()
		defer g.limits.end()
		f(g.done)
	}()
	return true
}

const day = 24 * time.Hour
