package gate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kaiho/generator/member"
)

// pageSubscribe shows and takes the form of whoever wants the newsletter: /subscribe.
// What has the form of an address is answered with the same bytes and headers, and in
// the same time, for all: nobody is looked up, and the letter with the link that
// confirms is written off the request. Nothing is stored before it is confirmed, and
// so the link carries what was asked for, sealed.
func (g *Gate) pageSubscribe(w http.ResponseWriter, r *http.Request, v visit) {
	lang := g.language(r, g.queryLanguage(r))
	if r.Method != http.MethodPost {
		g.showSubscribe(w, r, lang, http.StatusOK, application{})
		return
	}
	form, ok := g.form(w, r, v)
	if !ok {
		return
	}
	a := g.readApplication(form, lang)
	if a.wrong != "" {
		g.showSubscribe(w, r, lang, http.StatusBadRequest, a)
		return
	}
	if !a.isTrap && g.maySubscribe(r, a.address) {
		g.background(func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, letterTimeout)
			defer cancel()
			if err := g.mailConfirmation(ctx, a); err != nil {
				g.log.Error("a letter that confirms a subscription could not be sent", "error", err)
			}
		})
	}
	s := g.sheet(lang, g.desk.words[lang].say("subscribe.sent.title"), member.Member{})
	s.Body = struct{ Hours int }{int(confirmLifetime / time.Hour)}
	g.show(w, r, http.StatusOK, "subscribesent", s)
}

// application is what a form asks for.
type application struct {
	address member.Address
	lang    string // of the form, of the letters, and of the text that was shown
	name    string
	text    string // version of the text that was shown
	asked   time.Time

	typed  string // the address as it was typed, to show it again
	isTrap bool   // a field is filled in that people do not see
	wrong  string // which field is: email, name, text; "": none
}

// readApplication reads a form, and tells which field of it makes no sense.
func (g *Gate) readApplication(form url.Values, lang string) application {
	one := func(name string) string {
		if len(form[name]) != 1 {
			return ""
		}
		return strings.TrimSpace(form[name][0])
	}
	a := application{lang: lang, typed: one("email"), text: one("text"), isTrap: one("website") != "", asked: g.o.Now()}
	if len(form["name"]) > 0 {
		a.name = strings.TrimSpace(form["name"][0])
	}
	address, err := member.ParseAddress(a.typed)
	a.address = address
	_, version := g.consent(lang)
	switch {
	case err != nil || strings.ContainsAny(a.typed, "\r\n\x00,; <>"):
		a.wrong = "email"
	case len(form["name"]) > 1 || member.CheckSignupName(a.name) != nil:
		a.wrong = "name"
	case a.text != version: // a page from before the text was changed
		a.wrong = "text"
	}
	return a
}

// subscribeForm is what the page takes.
type subscribeForm struct {
	Action, Error                string
	Email, Name, NameError, Text string
	TextError, Privacy, Address  string
	MaxName                      int
	Consent                      []string
}

func (g *Gate) showSubscribe(w http.ResponseWriter, r *http.Request, lang string, status int, a application) {
	words := g.desk.words[lang]
	s := g.sheet(lang, words.say("subscribe.title", g.letterhead(lang).Title), member.Member{})
	body := subscribeForm{Action: g.at("subscribe") + "?lang=" + lang, Privacy: g.privacy(lang), Address: g.in(g.o.Pages.Address, lang), MaxName: member.MaxSignupName}
	body.Consent, body.Text = g.consent(lang)
	if a.wrong != "" {
		body.Email, body.Name = shown(a.typed), shown(a.name)
	}
	switch a.wrong {
	case "email":
		body.Error = words.say("link.error")
	case "name":
		body.NameError = words.say("subscribe.name.error", member.MaxSignupName)
	case "text":
		body.TextError = words.say("subscribe.text.error")
	}
	for _, other := range g.offered() {
		if other != lang {
			s.Languages = append(s.Languages, option{Lang: other, Name: g.desk.words[other].say("language"), URL: g.at("subscribe") + "?lang=" + other})
		}
	}
	s.Body = body
	g.show(w, r, status, "subscribe", s)
}

// maxShown is how many bytes are shown again of what was typed.
const maxShown = 300

// shown is what was typed, as a field may have it again.
func shown(typed string) string { return strings.ToValidUTF8(typed[:min(len(typed), maxShown)], "") }

// consent is the text to which a subscriber agrees, in a language, and its version: a
// hash of every word of it. So the record of a consent names what was shown, and
// changes with it.
func (g *Gate) consent(lang string) (paragraphs []string, version string) {
	words, site := g.desk.words[lang], g.letterhead(lang)
	who := site.Organization
	if who == "" {
		who = site.Title
	}
	for _, key := range []string{"subscribe.consent.use", "subscribe.consent.content", "subscribe.consent.stop", "subscribe.consent.kept"} {
		paragraphs = append(paragraphs, words.say(key, who, site.Title))
	}
	sum := sha256.Sum256([]byte(strings.Join(paragraphs, "\n")))
	return paragraphs, "subscribe-" + lang + "-" + hex.EncodeToString(sum[:8])
}

// privacy is the address of the page that says what is kept of people: in the edition
// of a language, if that has it.
func (g *Gate) privacy(lang string) string {
	page := g.o.Pages.Privacy
	if !strings.HasPrefix(page, "/") {
		return page
	}
	if path, found := g.published(page, lang); found {
		return g.href(path)
	}
	return ""
}

// published returns the path of a public page in the edition of a language, else in
// the main one; false if there is neither.
func (g *Gate) published(path, lang string) (string, bool) {
	s, err := g.current()
	if err != nil {
		return "", false
	}
	if in := "/" + lang + path; lang != "" && s.public[in] != nil {
		return in, true
	}
	return path, s.public[path] != nil
}
