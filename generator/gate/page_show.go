package gate

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/member"
)

// Pages is what the gate's own pages know of the site, and whom they ask for
// people. Texts are by language; one that a language lacks is that of another.
type Pages struct {
	People       People
	Outbox       Outbox
	Title        map[string]string            // of the site
	Organization map[string]string            // its publisher
	Contact      string                       // of the office: a mail address, or words
	Audiences    map[string]map[string]string // titles, by name
	Lists        []List                       // what can be subscribed to; none: all mail is one list
	Subscribe    bool                         // whether anybody may, at /subscribe
	Address      map[string]string            // of the publisher, by post: the law wants it where letters are offered
	Privacy      string                       // the page on what is kept of people: a path below the base, or an address; "": none
	Issues       func() []string              // paths of the web pages of the newsletter's issues, newest first; nil: none
	Zone         *time.Location               // of dates; nil: UTC
	Style        string                       // CSS of the theme, put after that of the pages
	Logo         Logo                         // in place of the theme's mark
}

// Logo is a picture of the site.
type Logo struct {
	Path          string // below the base; "": there is none
	Width, Height int    // in pixels; 0: not known
}

// List is something that is mailed.
type List struct {
	ID    uint32 // ref of its unsubscribe tokens; 0 is all mail
	Title map[string]string
}

// People is what the pages need of the members' book; *member.Book is one. What it
// returns as not found is member.ErrNotFound or member.ErrAddress.
type People interface {
	Member(ctx context.Context, id uint32) (member.Member, error)
	ByAddress(ctx context.Context, address string) (member.Member, error)
	List(ctx context.Context, f member.Filter) ([]member.Member, error)
	Update(ctx context.Context, id uint32, now time.Time, f func(*member.Member) error) (member.Member, error)
	Consents(ctx context.Context, id uint32) ([]member.Consent, error)
	RecordConsent(ctx context.Context, id uint32, c member.Consent) error
	Subscriptions(ctx context.Context, id uint32) ([]member.Subscription, error)
	Join(ctx context.Context, s member.Signup) (member.Member, member.Joining, error)
	LetterNotesTo(ctx context.Context, id uint32) ([]member.LetterNote, error)
	Unsubscribe(ctx context.Context, id, list uint32, at time.Time, channel string) error
	Resubscribe(ctx context.Context, id, list uint32, at time.Time, channel string) error
	// Revoke makes all tokens void that were issued to a member before at.
	Revoke(ctx context.Context, id uint32, at time.Time) error
}

// in returns the text in lang, else in the site's first language that has it.
func (g *Gate) in(texts map[string]string, lang string) string {
	if text := texts[lang]; text != "" {
		return text
	}
	for _, other := range append(slices.Clone(g.o.Languages), "ja", "en", "") {
		if text := texts[other]; text != "" {
			return text
		}
	}
	return ""
}

// letterhead is who speaks, in lang.
func (g *Gate) letterhead(lang string) letterhead {
	l := letterhead{Title: g.in(g.o.Pages.Title, lang), Organization: g.in(g.o.Pages.Organization, lang), Contact: g.o.Pages.Contact, Home: g.at()}
	if l.Logo = g.o.Pages.Logo; l.Logo.Path != "" {
		l.Logo.Path = g.at(strings.TrimPrefix(l.Logo.Path, "/"))
	}
	if l.Title == "" {
		l.Title = strings.TrimPrefix(strings.TrimPrefix(g.o.Origin, "https://"), "http://")
	}
	if slices.Contains(g.o.Languages[min(1, len(g.o.Languages)):], lang) {
		l.Home = g.at(lang, "")
	}
	return l
}

// at is the escaped path of an address of the gate: at("me", "") is /me/ below
// the site's base.
func (g *Gate) at(parts ...string) string {
	return (&url.URL{Path: g.base + strings.Join(parts, "/")}).EscapedPath()
}

// sheet begins a page in lang for m; the zero member is nobody.
func (g *Gate) sheet(lang, title string, m member.Member) sheet {
	s := sheet{Lang: lang, Title: title, Style: g.at("k", "-", "style."+g.desk.styleTag+".css"), Site: g.letterhead(lang)}
	if m.ID != 0 {
		s.Member, s.Seal = callName(m, lang), g.desk.words[lang].say("seal")
		if !isReader(m.Audiences) {
			s.Seal = g.desk.words[lang].say("seal.subscriber")
		}
	}
	return s
}

// isReader reports whether somebody with these audiences may read anything that is
// not public. Who may not is a subscriber: they see nothing of the members, and the
// members nothing of them.
func isReader(audiences []string) bool { return len(audiences) > 0 }

// menu adds the members' menu for m, on the page of the address current.
func (g *Gate) menu(s sheet, m member.Member, current string) sheet {
	w := g.desk.words[s.Lang]
	for _, place := range []option{
		{URL: g.at("me", ""), Label: w.say("me.title")},
		{URL: g.at("me", "people", ""), Label: w.say("people.title")},
		{URL: g.at("me", "preferences", ""), Label: w.say("nav.preferences")},
	} {
		if place.URL == g.at("me", "people", "") && !isReader(m.Audiences) {
			continue
		}
		place.Current = place.URL == current
		s.Menu = append(s.Menu, place)
	}
	s.Class += " has-menu"
	return s
}

// show answers with a page. Nothing of the gate's own is kept by anybody.
func (g *Gate) show(w http.ResponseWriter, r *http.Request, status int, name string, s sheet) {
	page, err := g.desk.write(s, name)
	if err != nil {
		g.log.Error("a page could not be written", "page", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	g.answerPage(w, r, status, page)
}

func (g *Gate) answerPage(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, noarchive")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(page) // a reader who has gone is nobody's error
	}
}

// pageStyle serves the style of the pages, at /k/-/style.TAG.css. It reports false
// if that is another address.
func (g *Gate) pageStyle(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != g.base+"k/-/style."+g.desk.styleTag+".css" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Length", strconv.Itoa(len(g.desk.style)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(g.desk.style)
	}
	return true
}

// edition is the language that a path names: en of /en/events/.
func (g *Gate) edition(r *http.Request) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, g.base), "/")
	if slices.Contains(g.o.Languages, first) {
		return first
	}
	return ""
}

// isEmail reports whether a contact can be written to.
func isEmail(s string) bool {
	_, err := member.ParseAddress(s)
	return err == nil
}
