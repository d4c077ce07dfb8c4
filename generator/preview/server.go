// Package preview shows a site while it is being written: Watch says what has
// changed, and a Server shows the site that was made of it.
//
// A change is a file that was written, made, renamed or removed. A call begins
// at once, and changes that come while it runs are one change after it. Only a
// blink is waited for: a save in an editor is several events, and a checkout
// hundreds. Editors save in ways of their own: some write over the file, some
// write another and rename it, some move the old one away first. So folders
// are watched and never files, and a folder that is not there yet is awaited
// in the nearest one above it that is. Where the file system gives no events,
// every file is looked at again and again.
//
// A Server shows one Snapshot at a time, and makes nothing that no browser asks
// for. What it serves is byte for byte what Snapshot.Open returns, and HTML
// has one script more. The script holds a line to the server (events, in
// stream.go), and when the next Snapshot is shown, the server opens the page
// again for every line and sends only what is needed: that the page is another
// one, that only stylesheets are, that there are problems. The script changes
// what differs in the page as it is, so that the place in it, the focus and
// what is half filled in stay; and it shows a bar and, over the last good page,
// the problems.
//
// Letters of the newsletter are shown beside the site, below "/-/letters/": the
// HTML as a desk and a phone show it, in dark mode, and the text. Each is a
// document of its own that runs no script and asks nobody but this server for
// anything (letters_document.go).
//
// Drafts and members' pages are open in a preview. It answers requests to
// this machine's own names only, unless told otherwise, and says so in the bar.
package preview

import (
	"bytes"
	"crypto/rand"
	_ "embed" // preview.js and preview.css
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Snapshot is the site at one moment, as a Server shows it. It is not changed
// after it was shown.
type Snapshot struct {
	Base    string   // base path of the site: "/" or "/alumni/"; "" is "/"
	Readers []Choice // whom it can be seen as: the public first, whose Name is "", then the audiences

	// Open returns what reader gets at a path below Base: "/news/a/",
	// "/assets/site.abc.css"; without the base path, unescaped, in its plain
	// form. It is called by several goroutines at once. What is not there is
	// fs.ErrNotExist: the server then opens "/404.html". A *PageError is shown as
	// problems; any other error as a page that says it. nil: there is no site.
	Open func(reader, path string) (Content, error)

	// Problems are those of the last attempt. If there is an error among them,
	// then they are shown over the last good site, which Open still serves.
	Problems []Problem
	Note     string // a line for the bar: what was held back, say

	// Letters returns a letter of the newsletter for one variant of an issue. ""
	// is the next issue, its first variant, a specimen reader. A member who gets
	// another variant is answered with that one. What is not there is
	// fs.ErrNotExist, other errors are shown as those of Open. It is called by
	// several goroutines at once. nil: the site has no letters.
	Letters func(issue, variant, member string) (Letters, error)
	Origin  string // address of the site, as letters have it: "https://nagi.example"; a path of it does not count
}

// Choice is one of several: a reader or a translation.
type Choice struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Content is one output.
type Content struct {
	Type         string // media type; "" is the one of the path's extension
	Body         []byte
	Source       string   // content file that it comes from, relative to the project; "" is none
	Marks        []string // what the bar says of it: "draft", "embargo until 2026-12-01 09:00"
	Translations []Choice // Name is the language's name, Title the URL
	Issue        string   // name of the issue of the newsletter that the page shows; "" is none
}

// Problem is one mistake in the project's files.
type Problem struct {
	Path     string        `json:"path"`     // relative to the project
	Line     int           `json:"line"`     // from 1; 0 is none
	Col      int           `json:"col"`      // from 1, in characters; 0 is none
	Severity string        `json:"severity"` // "warning", or an error
	Rule     string        `json:"rule"`
	Message  string        `json:"message"`
	Remedy   string        `json:"remedy"`
	Excerpt  []ExcerptLine `json:"excerpt"`
}

// ExcerptLine is one line of the file that a problem is in.
type ExcerptLine struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
	Marked bool   `json:"marked"`
}

// PageError is what Snapshot.Open returns of a page that cannot be made: its
// problems are shown over the page as the browser has it.
type PageError struct{ Problems []Problem }

// Error returns the first problem's message.
func (e *PageError) Error() string {
	if len(e.Problems) == 0 {
		return "the page cannot be made"
	}
	return e.Problems[0].Message
}

// ServerOptions changes what a Server accepts and says.
type ServerOptions struct {
	// AnyHost answers whatever name a request was sent to, for a preview that
	// others on the network may see. Without it a page on the internet whose name
	// was rebound to 127.0.0.1 cannot read drafts.
	AnyHost bool

	// Editor is the pattern of a URL that opens a file in the author's editor,
	// with {path}, {line} and {col}: "vscode://file/{path}:{line}:{col}". Without
	// it there are no links.
	Editor string
	Root   string // absolute project folder, which {path} begins with
	Words  Words  // in the author's language
}

// Server serves the snapshot that was shown last, and keeps every browser that
// has a page of it open up to date. It is an http.Handler.
type Server struct {
	o       ServerOptions
	process string // differs from run to run
	closing chan struct{}
	opening chan struct{} // bounds how many streams open pages at once

	mu      sync.Mutex // of Show and Close
	current atomic.Pointer[shown]
}

// shown is a snapshot with what the server knows of it.
type shown struct {
	Snapshot
	number int           // from 1; 0 is before the first Show
	next   chan struct{} // is closed when another one is shown
	styles sync.Map      // reader and path of a stylesheet → digest

	letters lettersMemo
}

//go:embed preview.js
var script []byte

//go:embed preview.css
var style []byte

// own is where the server's own addresses begin. They are outside Base.
const own = "/-/"

const readerCookie = "kaiho_reader"

// NewServer returns a server that says that the site is being made until Show
// is called.
func NewServer(o ServerOptions) *Server {
	o.Words = o.Words.orEnglish()
	s := &Server{o: o, process: rand.Text(), closing: make(chan struct{}), opening: make(chan struct{}, runtime.GOMAXPROCS(0))}
	s.current.Store(&shown{Snapshot: Snapshot{Base: "/"}, next: make(chan struct{})})
	return s
}

// Show serves snapshot from now on, and tells every browser what has changed
// for it. It returns at once; a snapshot that is shown meanwhile supersedes
// this one.
func (s *Server) Show(snapshot Snapshot) {
	if snapshot.Base == "" {
		snapshot.Base = "/"
	}
	snapshot.Problems = errorsFirst(snapshot.Problems)
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.current.Load()
	s.current.Store(&shown{Snapshot: snapshot, number: old.number + 1, next: make(chan struct{})})
	close(old.next)
}

// Close ends the event streams, which http.Server.Shutdown would wait for, and
// lets no new ones begin. Pages are served as before.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closing:
	default:
		close(s.closing)
	}
}

// ServeHTTP serves the site below its base path, and the server's own files
// and events below "/-/".
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin") // drafts are not for other sites to embed
	if !s.o.AnyHost && !isLoopback(r.Host) {
		http.Error(w, "the preview answers to localhost only", http.StatusForbidden)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	if !strings.HasPrefix(r.URL.Path, own) {
		s.page(w, r)
		return
	}
	if _, _, ofLetters := placeOf(r.URL.EscapedPath()); ofLetters {
		s.serveLetters(w, r)
		return
	}
	switch strings.TrimPrefix(r.URL.Path, own) {
	case strings.TrimSuffix(lettersPath, "/"):
		redirect(w, own+lettersPath, http.StatusMovedPermanently)
	case personalPath:
		s.servePersonal(w, r)
	case "letters.js":
		send(w, r, "text/javascript; charset=utf-8", lettersScript)
	case "letters.css":
		send(w, r, "text/css; charset=utf-8", lettersStyle)
	case "events":
		s.events(w, r)
	case "reader":
		s.reader(w, r)
	case "preview.js":
		send(w, r, "text/javascript; charset=utf-8", script)
	case "preview.css":
		send(w, r, "text/css; charset=utf-8", style)
	default:
		http.Error(w, "404: this is no address of the preview", http.StatusNotFound)
	}
}

func send(w http.ResponseWriter, r *http.Request, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	// Without a time: two builds in one second would be one version.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// page serves what the site has at the request's path.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now.Base != "/" && r.URL.Path == "/" {
		redirect(w, now.Base, http.StatusFound)
		return
	}
	a := s.answer(now, now.readerOf(r), r.URL.Path)
	if a.status == http.StatusNotFound && s.answer(now, now.readerOf(r), r.URL.Path+"/").status != http.StatusNotFound {
		// A relative address works below any prefix, and never names a host.
		redirect(w, "./"+url.PathEscape(path.Base(r.URL.Path))+"/"+query(r.URL), http.StatusMovedPermanently)
		return
	}
	if isHTML(a.Type) {
		a.Body = inject(a.Body, a.version)
	}
	sendAnswer(w, r, a)
}

func sendAnswer(w http.ResponseWriter, r *http.Request, a answer) {
	if a.status == http.StatusOK {
		send(w, r, a.Type, a.Body)
		return
	}
	w.Header().Set("Content-Type", a.Type)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.status)
	if r.Method == http.MethodGet {
		w.Write(a.Body) // an error is the browser's having gone
	}
}

func redirect(w http.ResponseWriter, to string, status int) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

// open opens a path below the base. A path that is not in its plain form is
// nobody's.
func (now *shown) open(reader, p string) (Content, error) {
	if _, ok := fileName(p); !ok || now.Open == nil {
		return Content{}, fs.ErrNotExist
	}
	c, err := now.Open(reader, p)
	if err != nil {
		return Content{}, err
	}
	if c.Type == "" {
		if strings.HasSuffix(p, "/") {
			p += "index.html"
		}
		c.Type = contentType(p)
	}
	return c, nil
}

// readerOf returns whom the request's browser wants to see the site as; the
// public, if that is nobody of now.
func (now *shown) readerOf(r *http.Request) string {
	c, err := r.Cookie(readerCookie)
	if err != nil {
		return ""
	}
	name, err := url.PathUnescape(c.Value)
	if err != nil || !now.knows(name) {
		return ""
	}
	return name
}

func (now *shown) knows(reader string) bool {
	return slices.ContainsFunc(now.Readers, func(c Choice) bool { return c.Name == reader })
}

// reader remembers in the browser whom it sees the site as, and sends it back.
// It changes nothing but the view, so it may be a link.
func (s *Server) reader(w http.ResponseWriter, r *http.Request) {
	name, to := r.URL.Query().Get("name"), r.URL.Query().Get("to")
	if !s.current.Load().knows(name) && name != "" {
		http.Error(w, "400: the site has no such reader", http.StatusBadRequest)
		return
	}
	target, ok := localURL(to)
	if !ok {
		http.Error(w, "400: to is no path of this site", http.StatusBadRequest)
		return
	}
	c := &http.Cookie{Name: readerCookie, Value: url.PathEscape(name), Path: "/", SameSite: http.SameSiteStrictMode}
	if name == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
	redirect(w, target, http.StatusSeeOther)
}

// localURL returns to in its escaped form, if it is a path of this host.
// Browsers take "//host" and "/\host" for other hosts, and drop tabs and line
// ends before they look.
func localURL(to string) (string, bool) {
	strange := func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, strange) {
		return "", false
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, own) || strings.HasPrefix(u.Path, "//") {
		return "", false // of "/%2Fhost/ a" String makes "//host/%20a"
	}
	return u.String(), true
}

// sameOrigin says whether a page of this server makes the request. Other sites
// cannot read an answer, but they could hold connections.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
