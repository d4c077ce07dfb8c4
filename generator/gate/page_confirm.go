package gate

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

const (
	sealedSubscribe = "subscribe"    // what an application is sealed for
	confirmLifetime = 48 * time.Hour // of the link that confirms it
)

// pageConfirm is where the link of the letter leads: /subscribe/TOKEN. A GET shows a
// button, for programs that follow every link of a letter follow this one too, and
// says the text again; a POST subscribes. It may come twice.
func (g *Gate) pageConfirm(w http.ResponseWriter, r *http.Request, v visit, token string) {
	a, verdict := g.unsealed(r, v, token)
	switch verdict {
	case good:
	case expired:
		g.pageAskAgain(w, r, a.lang)
		return
	default:
		g.accepted(w, r, v, verdict, signedlink.Claims{}, token)
		return
	}
	if r.Method != http.MethodPost {
		g.showConfirm(w, r, a, http.StatusOK)
		return
	}
	form, ok := g.form(w, r, v)
	if !ok {
		return
	}
	if len(form["name"]) == 1 { // who reads it here knows better than who filled in the form
		a.name = strings.TrimSpace(form.Get("name"))
	}
	if len(form["name"]) > 1 || member.CheckSignupName(a.name) != nil {
		a.wrong = "name"
		g.showConfirm(w, r, a, http.StatusBadRequest)
		return
	}
	g.subscribe(w, r, v, a)
}

// subscribe carries out what was confirmed, and says what came of it.
func (g *Gate) subscribe(w http.ResponseWriter, r *http.Request, v visit, a application) {
	paragraphs, version := g.consent(a.lang)
	m, did, err := g.o.Pages.People.Join(r.Context(), member.Signup{Address: a.address.SMTP, Name: a.name, Language: a.lang, Version: version,
		Text: strings.Join(paragraphs, "\n"), Network: networkOf(r).kept(), Asked: a.asked, At: v.now})
	switch {
	case errors.Is(err, member.ErrInvalid) || errors.Is(err, member.ErrAddress): // of another version of the program
		g.pageAskAgain(w, r, a.lang)
		return
	case err != nil:
		g.failed(w, r, v, err)
		return
	case did == member.Stale:
		g.pageAskAgain(w, r, a.lang)
		return
	}
	if err := g.o.Roster.Refresh(r.Context()); err != nil { // or the links of this page would be nobody's
		g.log.Warn("the roster of members could not be read after a subscription", "error", err)
	}
	if did == member.Joined || did == member.Returned {
		g.background(func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, letterTimeout)
			defer cancel()
			if err := g.mailWelcome(ctx, m); err != nil {
				g.log.Error("a letter of welcome could not be sent", "error", err)
			}
		})
	}
	g.showSubscribed(w, r, a, m, did)
}

// showConfirm shows what will be confirmed.
func (g *Gate) showConfirm(w http.ResponseWriter, r *http.Request, a application, status int) {
	words := g.desk.words[a.lang]
	s := g.sheet(a.lang, words.say("confirm.title"), member.Member{})
	body := subscribeForm{Action: r.URL.EscapedPath(), Email: masked(a.address.SMTP), Name: shown(a.name), Privacy: g.privacy(a.lang),
		Address: g.in(g.o.Pages.Address, a.lang), MaxName: member.MaxSignupName}
	body.Consent, body.Text = g.consent(a.lang)
	if a.wrong != "" {
		body.NameError = words.say("subscribe.name.error", member.MaxSignupName)
	}
	s.Body = body
	g.show(w, r, status, "confirm", s)
}

// showSubscribed says what came of a confirmation. Whoever sees it has the link of a
// letter to this address, and may be told.
func (g *Gate) showSubscribed(w http.ResponseWriter, r *http.Request, a application, m member.Member, did member.Joining) {
	words, site := g.desk.words[a.lang], g.letterhead(a.lang)
	key := map[member.Joining]string{member.Joined: "subscribed", member.Returned: "subscribed", member.Already: "subscribed.already", member.OnHold: "subscribed.hold"}[did]
	s := g.sheet(a.lang, words.say(key+".title"), member.Member{})
	body := struct {
		Lede, Preferences, Latest string
		OnHold                    bool
	}{Lede: words.say(key+".lede", site.Title), OnHold: did == member.OnHold}
	if !body.OnHold {
		body.Preferences = g.linkFor(m, "p", signedlink.Preferences, time.Hour)
		body.Latest, _ = g.latest(a.lang)
	}
	s.Body = body
	g.show(w, r, http.StatusOK, "subscribed", s)
}

// pageAskAgain answers a link of ours that does nothing any more: its time is up, the
// text was changed, or the person has left since.
func (g *Gate) pageAskAgain(w http.ResponseWriter, r *http.Request, lang string) {
	lang = g.language(r, lang)
	s := g.sheet(lang, g.desk.words[lang].say("askagain.title"), member.Member{})
	s.Body = struct{ Link string }{g.at("subscribe") + "?lang=" + lang}
	g.show(w, r, http.StatusGone, "askagain", s)
}

// sealed returns the application in a form for a link. Neither the name nor the
// address has a NUL.
func (g *Gate) sealed(a application) (string, error) {
	return g.o.Ring.Seal(sealedSubscribe, []byte(strings.Join([]string{a.lang, a.text, a.address.SMTP, a.name}, "\x00")), a.asked)
}

// unsealed reads the application of a link: good, expired (also if the text to which
// it agreed is another one now), invalid or limited.
func (g *Gate) unsealed(r *http.Request, v visit, token string) (application, verdict) {
	from := networkOf(r)
	isLimited := !g.limits.mayFail(from)
	if isLimited && !g.limits.looks.take(struct{}{}) {
		return application{}, limited
	}
	data, issued, err := g.o.Ring.Open(sealedSubscribe, token, confirmLifetime, v.now)
	if errors.Is(err, signedlink.ErrExpired) {
		return application{}, expired
	}
	parts := strings.Split(string(data), "\x00")
	if err != nil || len(parts) != 4 {
		g.counts.tokensRefused.Add(1)
		if isLimited {
			return application{}, limited
		}
		g.limits.failed(from)
		return application{}, invalid
	}
	a := application{lang: parts[0], text: parts[1], name: parts[3], asked: issued}
	if a.address, err = member.ParseAddress(parts[2]); err != nil || g.desk.words[a.lang] == nil {
		return application{}, expired
	}
	if _, version := g.consent(a.lang); version != a.text {
		return a, expired
	}
	return a, good
}
