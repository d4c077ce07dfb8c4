package gate

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// pageNotHere is the one answer for whatever is not there, or not for this reader:
// 404. Nobody's is the same bytes for every URL, so it speaks all languages of
// the site at once, and only the browser's wish says which comes first.
func (g *Gate) pageNotHere(w http.ResponseWriter, r *http.Request, v visit) {
	lang := g.language(r)
	offered := slices.Clone(g.offered())
	slices.SortStableFunc(offered, func(a, b string) int {
		switch lang {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	var parts []option
	for _, l := range offered {
		parts = append(parts, option{Lang: l, URL: g.at("link") + "?lang=" + l, Value: g.letterhead(l).Home})
	}
	s := g.sheet(lang, g.desk.words[lang].say("notfound.title"), member.Member{})
	s.Body = parts
	g.show(w, r, http.StatusNotFound, "notfound", s)
}

// pageExpired answers a link that is ours, but too old: one button mails a fresh
// one to the registered address, which nobody types and nobody sees. The page
// does not tell whether the member still is one.
func (g *Gate) pageExpired(w http.ResponseWriter, r *http.Request, v visit, claims signedlink.Claims, token string) {
	lang := g.language(r, g.queryLanguage(r), g.edition(r))
	s := g.sheet(lang, g.desk.words[lang].say("expired.title"), member.Member{})
	s.Body = struct{ Action, Token string }{g.at("link"), token}
	g.show(w, r, http.StatusGone, "expired", s)
}

// pageRefused says in words why there is no answer.
func (g *Gate) pageRefused(w http.ResponseWriter, r *http.Request, v visit, status int) {
	lang := g.language(r, g.edition(r))
	words := g.desk.words[lang]
	s := g.sheet(lang, words.say("refused.title"), member.Member{})
	if status == http.StatusMisdirectedRequest {
		s.Site = letterhead{} // whoever asks for another site is told nothing of this one
	}
	s.Body = struct{ Status, Text string }{strconv.Itoa(status), words.or("refused.", strconv.Itoa(status))}
	g.show(w, r, status, "refused", s)
}

// pageSwitch asks who is reading: the link is for somebody else than the session.
func (g *Gate) pageSwitch(w http.ResponseWriter, r *http.Request, v visit, claims signedlink.Claims, token, landing string) {
	now, ok := g.person(w, r, v, v.session.Member)
	if !ok {
		return
	}
	next, ok := g.person(w, r, v, claims.Member)
	if !ok {
		return
	}
	lang := g.language(r, now.Language)
	s := g.sheet(lang, g.desk.words[lang].say("switch.title"), now)
	s.Body = struct {
		Now, Link, Action, Stay string
	}{callName(now, lang), callName(next, lang), r.URL.EscapedPath(), g.href(g.landing(landing, v.session.Reader))}
	g.show(w, r, http.StatusOK, "switch", s)
}

// pageLoggedOut says what has ended, here or everywhere, and how to come back.
func (g *Gate) pageLoggedOut(w http.ResponseWriter, r *http.Request, v visit, everywhere bool) {
	lang := g.language(r, g.queryLanguage(r))
	title := "loggedout.title"
	if everywhere {
		title = "loggedout.all.title"
	}
	s := g.sheet(lang, g.desk.words[lang].say(title), member.Member{})
	s.Body = struct {
		Everywhere bool
		Link       string
	}{everywhere, g.at("link") + "?lang=" + lang}
	g.show(w, r, http.StatusOK, "loggedout", s)
}

// person reads the member of a token or a session that was verified. If that
// cannot be, it answers the request itself and returns false.
func (g *Gate) person(w http.ResponseWriter, r *http.Request, v visit, id uint32) (member.Member, bool) {
	if g.o.Pages.People == nil {
		g.pageNotHere(w, r, v)
		return member.Member{}, false
	}
	m, err := g.o.Pages.People.Member(r.Context(), id)
	if err == nil && m.Status == member.Active {
		return m, true
	}
	if err != nil && !isNobody(err) {
		g.failed(w, r, v, err)
		return member.Member{}, false
	}
	g.pageNotHere(w, r, v)
	return member.Member{}, false
}

// failed answers what the database could not do: 503, nothing has changed.
func (g *Gate) failed(w http.ResponseWriter, r *http.Request, v visit, err error) {
	g.log.Error("the members' book did not answer", "error", fmt.Sprint(err))
	w.Header().Set("Retry-After", "30")
	g.pageRefused(w, r, v, http.StatusServiceUnavailable)
}

// queryLanguage is the language that an address of the gate names, as in
// /link?lang=en.
func (g *Gate) queryLanguage(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); slices.Contains(g.offered(), lang) {
		return lang
	}
	return ""
}
