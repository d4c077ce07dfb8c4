package gate

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kaiho/generator/member"
)

// maxFormBytes is more than any form of the gate's pages has.
const maxFormBytes = 16 << 10

// pageLink shows and takes the form that asks for a new link: an address, or the
// token of a link that has expired. The answer to what has the form of an address
// is the same bytes, headers and time for all, since who has it is looked up off
// the request, which does not wait for it.
func (g *Gate) pageLink(w http.ResponseWriter, r *http.Request, v visit) {
	lang := g.language(r, g.queryLanguage(r))
	if r.Method != http.MethodPost {
		g.showLink(w, r, lang, http.StatusOK, false)
		return
	}
	form, ok := g.form(w, r, v)
	if !ok {
		return
	}
	find, ok := g.whoAsks(form)
	if !ok {
		g.showLink(w, r, lang, http.StatusBadRequest, true)
		return
	}
	if g.mayAsk(r) {
		g.background(func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, letterTimeout)
			defer cancel()
			m, err := find(ctx)
			if err == nil {
				err = g.mailLink(ctx, m)
			}
			if err != nil && !isNobody(err) {
				g.log.Error("a link that was asked for could not be sent", "error", err)
			}
		})
	}
	s := g.sheet(lang, g.desk.words[lang].say("link.sent.title"), member.Member{})
	s.Body = struct{ Minutes int }{int(linkLifetime / time.Minute)}
	g.show(w, r, http.StatusOK, "sent", s)
}

func (g *Gate) showLink(w http.ResponseWriter, r *http.Request, lang string, status int, wrong bool) {
	words := g.desk.words[lang]
	s := g.sheet(lang, words.say("link.title"), member.Member{})
	body := struct{ Action, Error string }{Action: g.at("link") + "?lang=" + lang}
	if wrong {
		body.Error = words.say("link.error")
	}
	for _, other := range g.offered() {
		if other != lang {
			s.Languages = append(s.Languages, option{Lang: other, Name: g.desk.words[other].say("language"), URL: g.at("link") + "?lang=" + other})
		}
	}
	s.Body = body
	g.show(w, r, status, "link", s)
}

// whoAsks tells from a form how the member will be found, and reports whether the
// form makes sense. It looks nobody up.
func (g *Gate) whoAsks(form url.Values) (find func(context.Context) (member.Member, error), ok bool) {
	people := g.o.Pages.People
	if tokens := form["token"]; len(tokens) == 1 && !form.Has("email") {
		claims, ok := g.expired(tokens[0])
		if !ok || people == nil {
			return nobody, true
		}
		return func(ctx context.Context) (member.Member, error) { return people.Member(ctx, claims.Member) }, true
	}
	addresses := form["email"]
	if len(addresses) != 1 || form.Has("token") {
		return nil, false
	}
	address := strings.TrimSpace(addresses[0])
	if strings.ContainsAny(address, "\r\n\x00,; ") {
		return nil, false
	}
	if _, err := member.ParseAddress(address); err != nil {
		return nil, false
	}
	if people == nil {
		return nobody, true
	}
	return func(ctx context.Context) (member.Member, error) { return people.ByAddress(ctx, address) }, true
}

func nobody(context.Context) (member.Member, error) { return member.Member{}, member.ErrNotFound }

// isNobody reports whether err means that there is no such member.
func isNobody(err error) bool {
	return errors.Is(err, member.ErrNotFound) || errors.Is(err, member.ErrAddress)
}

// form reads the form of a POST, of its body alone. If it cannot be read, or is
// too large, that is answered here.
func (g *Gate) form(w http.ResponseWriter, r *http.Request, v visit) (url.Values, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		g.pageRefused(w, r, v, http.StatusRequestEntityTooLarge)
		return nil, false
	case err != nil || !strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/x-www-form-urlencoded") && r.ContentLength != 0:
		g.pageRefused(w, r, v, http.StatusBadRequest)
		return nil, false
	}
	return r.PostForm, true
}
