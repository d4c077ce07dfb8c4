package gate

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// Outbox takes letters to be sent. It is called off the requests, by several
// goroutines at a time, and should not wait for a mail server: only so many letters may
// be under way, and who asks when there are more gets none.
type Outbox interface {
	Send(ctx context.Context, l Letter) error
}

// Letter is one letter to one member.
type Letter struct {
	To       string // an address as it is written on letters
	ToName   string
	Lang     string
	Subject  string
	Text     string // plain, lines end with \n
	HTML     string
	OneClick string // address to which mail programs post who wants no more letters (RFC 8058); "": none
	Composed time.Time
}

// linkLifetime is how long a sign-in link works that was asked for.
const linkLifetime = 30 * time.Minute

// letterTimeout bounds the work for one letter.
const letterTimeout = 20 * time.Second

// mailLink sends m a fresh sign-in link, if m is active and has not had one just
// now. Whoever asked is not told which.
func (g *Gate) mailLink(ctx context.Context, m member.Member) error {
	if m.Status != member.Active || m.SMTP == "" || g.o.Pages.Outbox == nil {
		return nil
	}
	if !g.mayMail(m.ID) {
		return nil
	}
	now := g.o.Now()
	token, err := g.o.Ring.Sign(signedlink.Claims{Purpose: signedlink.SignIn, Issued: issuedFor(m, now), Lifetime: linkLifetime, Member: m.ID})
	if err != nil {
		return fmt.Errorf("sign a sign-in link: %w", err)
	}
	letter, err := g.linkLetter(m, strings.TrimSuffix(g.o.Origin, "/")+g.at("s", token), now)
	if err != nil {
		return err
	}
	if err := g.o.Pages.Outbox.Send(ctx, letter); err != nil {
		return fmt.Errorf("send a sign-in link: %w", err)
	}
	return nil
}

// issuedFor is when a token for m is issued at now: not before m's valid_after,
// or a link that is asked for right after "sign out everywhere" were void.
func issuedFor(m member.Member, now time.Time) time.Time {
	if now.Before(m.ValidAfter) || now.Truncate(time.Second).Before(m.ValidAfter) {
		return signedlink.NextSecond(m.ValidAfter)
	}
	return now.Truncate(time.Second)
}

// linkLetter writes the letter that carries link.
func (g *Gate) linkLetter(m member.Member, link string, now time.Time) (Letter, error) {
	lang := g.letterLanguage(m)
	w, site := g.desk.words[lang], g.letterhead(lang)
	letter, err := g.compose(note{Subject: w.say("letter.subject", site.Title), Greeting: greeting(w, m, lang),
		Text: []string{w.say("letter.text", site.Title)}, Button: w.say("letter.button"), Link: link,
		After:  []string{w.say("letter.minutes", int(linkLifetime/time.Minute)), w.say("letter.forward")},
		Ignore: w.say("letter.ignore")}, lang, now)
	letter.To, letter.ToName = m.SMTP, nameIn(m, lang)
	return letter, err
}

// note is what a letter of the gate says: one thing, and one button.
type note struct {
	Subject, Greeting string   // no greeting: none
	Text              []string // paragraphs before the button
	Button, Link      string
	After             []string // paragraphs behind it
	Links             []option // further ones
	Ignore            string   // what happens if nothing is done

	Lang, Site, Organization, Address, Contact string // filled in by compose
}

// compose writes n in both forms of a letter, to nobody yet.
func (g *Gate) compose(n note, lang string, now time.Time) (Letter, error) {
	site := g.letterhead(lang)
	n.Lang, n.Site, n.Organization, n.Address, n.Contact = lang, site.Title, site.Organization, g.in(g.o.Pages.Address, lang), site.Contact
	var plain, html bytes.Buffer
	if err := g.desk.plain.Execute(&plain, n); err != nil {
		return Letter{}, fmt.Errorf("write a letter: %w", err)
	}
	if err := g.desk.letter.Execute(&html, n); err != nil {
		return Letter{}, fmt.Errorf("write a letter: %w", err)
	}
	return Letter{Lang: lang, Subject: n.Subject, Text: plain.String(), HTML: html.String(), Composed: now}, nil
}

// letterLanguage is that of the member, else the site's first.
func (g *Gate) letterLanguage(m member.Member) string {
	if _, spoken := g.desk.words[m.Language]; spoken {
		return m.Language
	}
	return g.offered()[0]
}

// callName is what a page in lang calls m: the name, or who has none, the address as
// its owner knows it.
func callName(m member.Member, lang string) string {
	if name := nameIn(m, lang); name != "" {
		return name
	}
	return masked(m.SMTP)
}

// nameIn is a member's name in lang: in Latin letters, where there are such and it is
// not Japanese. A subscriber may have none.
func nameIn(m member.Member, lang string) string {
	if lang != "ja" && m.Name.Latin != "" {
		return m.Name.Latin
	}
	return m.Name.String()
}
