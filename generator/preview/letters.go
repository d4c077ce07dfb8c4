package preview

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Letters is one letter of the newsletter with what there is to choose from.
type Letters struct {
	Issue  string   // name of the issue; "" if there is none at all
	Issues []Choice // all of them, the next one first; Title is what the author calls it
	Locked bool     // what is shown is what is sent, or was
	Marks  []string // what is said of the issue: "draft", "locked 2026-11-18 09:00"

	Variant  string // name of the variant; "" only if no letter can be made
	Variants []LetterChoice
	Member   string   // name of whom the letter is for; "" is a specimen reader
	Members  []Choice // whom it can be made for; may be empty
	Reader   string   // whom links to members' pages are opened as: one of Snapshot.Readers; "" is the public

	Subject   string
	Preheader string
	From      string // `凪の会 <news@nagi.example>`
	HTML      string // the whole document
	Text      string

	Problems []Problem // of the pre-flight
}

// LetterChoice is one variant of an issue.
type LetterChoice struct {
	Name    string
	Subject string
	Bytes   int // of the HTML
	Readers int // how many get it; -1 is not known
	Items   int
}

// below "/-/"
const (
	lettersPath  = "letters/"
	personalPath = "personal" // where links lead that only a letter's recipient can open
)

// place is what the path of a page or document of letters names. All parts
// may be empty.
type place struct {
	issue, variant string
	document       string // "letter.html", "letter.txt"; "" is the page
}

// url returns the address of the page, which ends in a slash.
func (p place) url() string {
	u := own + lettersPath
	for _, part := range []string{p.issue, p.variant} {
		if part != "" {
			u += url.PathEscape(part) + "/"
		}
	}
	return u
}

// placeOf reads an escaped path; it is false if that is none of letters'.
func placeOf(escaped string) (p place, known, ofLetters bool) {
	rest, ok := strings.CutPrefix(escaped, own+lettersPath)
	if !ok {
		return place{}, false, false
	}
	parts := strings.Split(rest, "/")
	last := len(parts) - 1
	for i := range parts {
		part, err := url.PathUnescape(parts[i])
		if err != nil || part == "" && i < last {
			return place{}, false, true
		}
		parts[i] = part
	}
	if last == 2 && parts[2] != "" {
		p.document = parts[2]
	}
	p.issue = parts[0]
	if last > 0 {
		p.variant = parts[1]
	}
	isDocument := p.document == "letter.html" || p.document == "letter.txt"
	return p, last <= 2 && (p.document == "" || isDocument), true
}

// lettersMemo keeps the letters that were asked for last: a page and its
// frames ask for the same one, and to make it takes a while.
type lettersMemo struct {
	mu     sync.Mutex
	recent []*lettersEntry // the latest first
}

type lettersEntry struct {
	key     [3]string // issue, variant, member
	once    sync.Once
	letters Letters
	err     error
}

const lettersKept = 8

func (m *lettersMemo) entry(key [3]string) *lettersEntry {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, e := range m.recent {
		if e.key == key {
			copy(m.recent[1:i+1], m.recent[:i])
			m.recent[0] = e
			return e
		}
	}
	e := &lettersEntry{key: key}
	m.recent = append([]*lettersEntry{e}, m.recent[:min(len(m.recent), lettersKept-1)]...)
	return e
}

// lettersOf is Snapshot.Letters with a memory, as a snapshot does not change.
func (now *shown) lettersOf(issue, variant, member string) (Letters, error) {
	if now.Letters == nil {
		return Letters{}, fs.ErrNotExist
	}
	e := now.letters.entry([3]string{issue, variant, member})
	e.once.Do(func() { e.letters, e.err = now.Letters(issue, variant, member) })
	return e.letters, e.err
}

// lettersAnswer is answer for the addresses of letters, which have a query.
func (s *Server) lettersAnswer(now *shown, at *url.URL) (a answer, redirectTo string) {
	if now.number == 0 {
		return ownPage(http.StatusServiceUnavailable, s.o.Words.Starting, ""), ""
	}
	p, known, _ := placeOf(at.EscapedPath())
	member := at.Query().Get("member")
	if chosen := at.Query().Get("issue"); p == (place{}) && chosen != "" {
		return ownPage(http.StatusSeeOther, "", ""), place{issue: chosen}.url()
	}
	l, err := Letters{}, fs.ErrNotExist
	if known {
		l, err = now.lettersOf(p.issue, p.variant, member)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.noLetters(now, p, at.Path), ""
	case err != nil:
		return s.failed(err), ""
	case p.document != "":
		return s.letterDocument(now, p.document, at.Query().Get("scheme"), l), ""
	}
	// The page has one address, which says what it shows.
	if proper := (place{issue: l.Issue, variant: l.Variant}); proper != p || !strings.HasSuffix(at.Path, "/") {
		return ownPage(http.StatusFound, "", ""), proper.url() + memberQuery(member)
	}
	a = s.lettersPage(http.StatusOK, pageOfLetters(s, l))
	a.version, a.styles = now.versionOf(a, "", at.Path)
	return a, ""
}

func memberQuery(member string) string {
	if member == "" {
		return ""
	}
	return "?" + url.Values{"member": {member}}.Encode()
}

// noLetters is the page for letters that are not there, with those that are.
func (s *Server) noLetters(now *shown, p place, path string) answer {
	if now.Letters == nil {
		return ownPage(http.StatusNotFound, s.o.Words.Missing, "")
	}
	if p.document != "" {
		return ownPage(http.StatusNotFound, s.o.Words.Letter.Missing, "")
	}
	// The nearest there is: without the member, the variant, the issue.
	for _, near := range []place{p, {issue: p.issue}, {}} {
		if l, err := now.lettersOf(near.issue, near.variant, ""); err == nil {
			page := pageOfLetters(s, l)
			page.IsMissing, page.HasVariants = true, near.issue != ""
			a := s.lettersPage(http.StatusNotFound, page)
			a.version, a.styles = now.versionOf(a, "", path)
			return a
		}
	}
	return ownPage(http.StatusNotFound, s.o.Words.Letter.Missing, "")
}

// serveLetters serves the pages and documents of letters.
func (s *Server) serveLetters(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Referrer-Policy", "no-referrer") // an address may name a member
	now := s.current.Load()
	a, to := s.lettersAnswer(now, r.URL)
	if to != "" {
		redirect(w, to, a.status)
		return
	}
	if p, _, _ := placeOf(r.URL.EscapedPath()); p.document != "" {
		h.Set("Content-Security-Policy", letterPolicy)
	} else {
		h.Set("Content-Security-Policy", lettersPolicy)
		a.Body = inject(a.Body, a.version)
	}
	sendAnswer(w, r, a)
}

// servePersonal serves what the preview has for links that only a letter's
// recipient can open, such as the one that ends the letters.
func (s *Server) servePersonal(w http.ResponseWriter, r *http.Request) {
	sendAnswer(w, r, ownPage(http.StatusOK, s.o.Words.Letter.Personal, s.o.Words.Letter.PersonalText))
}
