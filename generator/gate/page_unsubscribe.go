package gate

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// Channels of what a member said about letters.
const (
	channelHeader = "header" // the button of the mail program (RFC 8058)
	channelPage   = "page"
)

// pageUnsubscribe is where the links end that stop letters. Two kinds of token
// come here. That of the List-Unsubscribe header is posted by mail programs with
// "List-Unsubscribe=One-Click" and without cookies (RFC 8058, section 3.1); that
// of the letter's text needs the button of the page. Neither does what the other
// does: a program that posts every form of a letter's links never sees the first.
// A GET shows how things are. A POST may come twice, and what it did can be undone.
func (g *Gate) pageUnsubscribe(w http.ResponseWriter, r *http.Request, v visit, token string) {
	claims, verdict := g.verify(r, &v, token, signedlink.Unsubscribe, signedlink.UnsubscribeHeader)
	known := verdict != revoked // nobody's links but these still work then: letters must be stoppable
	if known && !g.accepted(w, r, v, verdict, claims, token) {
		return
	}
	m, ok := g.subscriber(w, r, v, claims, token)
	if !ok {
		return
	}
	u := unsubscription{list: claims.Ref, byHeader: claims.Purpose == signedlink.UnsubscribeHeader, known: known}
	if r.Method != http.MethodPost {
		g.showUnsubscribe(w, r, m, u, "")
		return
	}
	form, ok := g.form(w, r, v)
	if !ok {
		return
	}
	action := u.action(form)
	if action == "" {
		g.pageRefused(w, r, v, http.StatusBadRequest)
		return
	}
	channel := channelPage
	if u.byHeader && action == "stop" {
		channel = channelHeader
	}
	m, err := g.setList(r.Context(), m, u.list, action == "resume", channel)
	if err != nil {
		g.failed(w, r, v, err)
		return
	}
	if u.byHeader && action == "stop" && !form.Has("page") {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		io.WriteString(w, g.desk.words[g.language(r, m.Language)].say("unsubscribe.plain")+"\n")
		return
	}
	g.showUnsubscribe(w, r, m, u, action)
}

// unsubscription is what a token allows.
type unsubscription struct {
	list     uint32
	byHeader bool
	known    bool // the member may be named, and letters resumed: the token is not revoked
}

// subscriber reads the member of an authentic token, active or not.
func (g *Gate) subscriber(w http.ResponseWriter, r *http.Request, v visit, claims signedlink.Claims, token string) (member.Member, bool) {
	if g.o.Pages.People == nil {
		g.pageNotHere(w, r, v)
		return member.Member{}, false
	}
	m, err := g.o.Pages.People.Member(r.Context(), claims.Member)
	switch {
	case err == nil:
		return m, true
	case isNobody(err): // erased: nothing is sent any more, and the page says what it says to all
		g.pageExpired(w, r, v, claims, token)
	default:
		g.failed(w, r, v, err)
	}
	return member.Member{}, false
}

// action tells what a form wants: to stop, to resume, or "": nothing that this
// token may.
func (u unsubscription) action(form url.Values) string {
	switch {
	case u.known && len(form["action"]) == 1 && form.Get("action") == "resume" && !form.Has("List-Unsubscribe"):
		return "resume"
	case u.byHeader && len(form["List-Unsubscribe"]) == 1 && form.Get("List-Unsubscribe") == "One-Click" && !form.Has("action"):
		return "stop"
	case !u.byHeader && len(form["action"]) == 1 && form.Get("action") == "stop" && !form.Has("List-Unsubscribe"):
		return "stop"
	}
	return ""
}

// showUnsubscribe shows whether m gets a list, or, after an action, what was done.
func (g *Gate) showUnsubscribe(w http.ResponseWriter, r *http.Request, m member.Member, u unsubscription, action string) {
	lang := g.language(r, m.Language)
	words := g.desk.words[lang]
	name, who := g.listTitle(u.list, lang), callName(m, lang)
	body := struct {
		Lede, Action, Button string
		Hidden               []hidden
		Done, Reads          bool // they may read members' pages, and still may
	}{Action: r.URL.EscapedPath(), Done: action != "", Reads: isReader(m.Audiences) || !u.known}
	stop := []hidden{{"action", "stop"}}
	if u.byHeader {
		stop = []hidden{{"List-Unsubscribe", "One-Click"}, {"page", "yes"}}
	}
	text, button, fields := "unsubscribe.ask", "unsubscribe.button", stop
	body.Lede = words.say("unsubscribe.lede", who)
	switch subscribed := getsList(m, u.list); {
	case action == "resume":
		text, button = "unsubscribe.resumed", "undo.stop"
		body.Lede = words.say("unsubscribe.resumed.lede", who)
	case action == "stop":
		text, button, fields = "unsubscribe.done", "unsubscribe.undo", []hidden{{"action", "resume"}}
		body.Lede = words.say("unsubscribe.done.lede", who)
	case !subscribed:
		text, button, fields = "unsubscribe.stopped", "unsubscribe.resume", []hidden{{"action", "resume"}}
		body.Lede = words.say("unsubscribe.stopped.lede", who)
	}
	body.Button, body.Hidden = words.say(button), fields
	if !u.known {
		body.Lede = words.say("unsubscribe.anyone")
		if body.Hidden[0].Value == "resume" {
			body.Button = ""
		}
	}
	s := g.sheet(lang, words.say(text, name), member.Member{})
	s.Body = body
	g.show(w, r, http.StatusOK, "unsubscribe", s)
}

// listTitle is what a list is called; list 0 is all mail.
func (g *Gate) listTitle(list uint32, lang string) string {
	lists := g.lists()
	for _, l := range lists {
		if l.ID == list || list == 0 && len(lists) == 1 {
			return g.in(l.Title, lang)
		}
	}
	if list == 0 {
		return g.desk.words[lang].say("unsubscribe.all")
	}
	return g.desk.words[lang].say("unsubscribe.only", g.letterhead(lang).Title)
}

// lists are what can be chosen; all mail, if the site names no lists.
func (g *Gate) lists() []List {
	if len(g.o.Pages.Lists) > 0 {
		return g.o.Pages.Lists
	}
	all := List{Title: map[string]string{}}
	for lang, words := range g.desk.words {
		all.Title[lang] = words.say("unsubscribe.only", g.letterhead(lang).Title)
	}
	return []List{all}
}

// getsList reports whether m is on a list, a pause aside.
func getsList(m member.Member, list uint32) bool {
	m.Preferences.PausedUntil = time.Time{}
	return m.Preferences.Gets(list, time.Time{})
}

// setList puts m on a list or takes them off. Who is off all mail and comes back to
// one list is on that one alone.
func (g *Gate) setList(ctx context.Context, m member.Member, list uint32, on bool, channel string) (member.Member, error) {
	people, now := g.o.Pages.People, g.o.Now()
	if getsList(m, list) == on {
		return m, nil
	}
	if on && list != 0 && !getsList(m, 0) {
		for _, other := range g.o.Pages.Lists {
			if other.ID == list || other.ID == 0 || slices.Contains(m.Preferences.Lists, member.List{ID: other.ID}) {
				continue
			}
			if err := people.Unsubscribe(ctx, m.ID, other.ID, now, channel); err != nil {
				return m, err
			}
		}
		if err := people.Resubscribe(ctx, m.ID, 0, now, channel); err != nil {
			return m, err
		}
	}
	change := people.Unsubscribe
	if on {
		change = people.Resubscribe
	}
	if err := change(ctx, m.ID, list, now, channel); err != nil {
		return m, err
	}
	return people.Member(ctx, m.ID)
}
