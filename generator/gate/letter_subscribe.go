package gate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// How long the links of a letter of welcome work: letters can be stopped for as long
// as a key signs, as in the newsletter.
const (
	leaveLifetime       = 400 * day
	preferencesLifetime = 45 * day
)

// mailConfirmation writes to an address whether it wants the newsletter. The letter
// has nothing of what was typed beside the address, so that nobody can send words of
// their own through it.
func (g *Gate) mailConfirmation(ctx context.Context, a application) error {
	if g.o.Pages.Outbox == nil {
		return nil
	}
	token, err := g.sealed(a)
	if err != nil {
		return err
	}
	w, site := g.desk.words[a.lang], g.letterhead(a.lang)
	letter, err := g.compose(note{Subject: w.say("confirm.letter.subject", site.Title), Greeting: w.say("letter.greeting.reader"), Text: []string{w.say("confirm.letter.why", site.Title, g.home(a.lang))},
		Button: w.say("confirm.letter.button"), Link: g.absolute(g.at("subscribe", token)),
		After:  []string{w.say("confirm.letter.hours", int(confirmLifetime/time.Hour))},
		Ignore: w.say("confirm.letter.ignore")}, a.lang, a.asked)
	if err != nil {
		return err
	}
	letter.To = a.address.SMTP
	if err := g.o.Pages.Outbox.Send(ctx, letter); err != nil {
		return fmt.Errorf("send a confirmation: %w", err)
	}
	return nil
}

// mailWelcome writes to a new subscriber, with what there is to read now and the ways
// to change one's mind.
func (g *Gate) mailWelcome(ctx context.Context, m member.Member) error {
	if g.o.Pages.Outbox == nil {
		return nil
	}
	lang := g.letterLanguage(m)
	w, site := g.desk.words[lang], g.letterhead(lang)
	n := note{Subject: w.say("welcome.subject", site.Title), Greeting: greeting(w, m, lang), Text: []string{w.say("welcome.text", site.Title), w.say("welcome.read")},
		Button: w.say("welcome.button"), Ignore: w.say("welcome.ignore")}
	latest, found := g.latest(lang)
	if !found {
		n.Text[1], n.Button = w.say("welcome.home"), w.say("home")
	}
	n.Link = g.absolute(latest)
	n.Links = []option{
		{Label: w.say("welcome.preferences"), URL: g.absolute(g.linkFor(m, "p", signedlink.Preferences, preferencesLifetime))},
		{Label: w.say("welcome.unsubscribe"), URL: g.absolute(g.linkFor(m, "u", signedlink.Unsubscribe, leaveLifetime))},
	}
	letter, err := g.compose(n, lang, g.o.Now())
	if err != nil {
		return err
	}
	letter.To, letter.ToName = m.SMTP, nameIn(m, lang)
	if leave := g.linkFor(m, "u", signedlink.UnsubscribeHeader, leaveLifetime); leave != g.askLink(lang) {
		letter.OneClick = g.absolute(leave)
	}
	if err := g.o.Pages.Outbox.Send(ctx, letter); err != nil {
		return fmt.Errorf("send a letter of welcome: %w", err)
	}
	return nil
}

// linkFor is the path of a page of m that a token opens. Where the key of letters
// does not lie (it may be on another machine than the gate) it is that of the form
// which mails a way in.
func (g *Gate) linkFor(m member.Member, kind string, purpose signedlink.Purpose, lifetime time.Duration) string {
	token, err := g.o.Ring.Sign(signedlink.Claims{Purpose: purpose, Issued: issuedFor(m, g.o.Now()), Lifetime: lifetime, Member: m.ID})
	if err != nil {
		return g.askLink(g.letterLanguage(m))
	}
	return g.at(kind, token)
}

// askLink is the address of the form that mails a link.
func (g *Gate) askLink(lang string) string { return g.at("link") + "?lang=" + lang }

// latest is the path of the newest issue of the newsletter that is public on the web,
// in a language if there is such an edition; without one, the home page and false.
func (g *Gate) latest(lang string) (path string, found bool) {
	if g.o.Pages.Issues != nil {
		for _, issue := range g.o.Pages.Issues() {
			if path, found := g.published(issue, lang); found {
				return g.href(path), true
			}
		}
	}
	return g.letterhead(lang).Home, false
}

// home is the address of the home page in a language.
func (g *Gate) home(lang string) string { return g.absolute(g.letterhead(lang).Home) }

// absolute is the whole address of a path of ours, which is escaped.
func (g *Gate) absolute(path string) string { return strings.TrimSuffix(g.o.Origin, "/") + path }

// greeting begins a letter to m, who may have no name.
func greeting(w words, m member.Member, lang string) string {
	if name := nameIn(m, lang); name != "" {
		return w.say("letter.greeting", name)
	}
	return w.say("letter.greeting.reader")
}
