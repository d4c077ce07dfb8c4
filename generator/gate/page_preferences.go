package gate

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// directoryText is the version of the text that asks who may see what
// (preferences.visibility.hint). Who turns their name on or off agrees to it, or
// no longer does, and that is recorded.
const directoryText = "directory-1"

// maxPause is how long letters may be paused.
const maxPause = 2 * 366 * day

// pagePreferences shows and takes what a member wants of letters and of the
// directory: by a token (/p/TOKEN), or, with token "", by the session
// (/me/preferences/). What a form does not name stays. A form that comes twice, or
// that a program posts as it found it, changes nothing; what one has changed, the
// button in the answer takes back.
func (g *Gate) pagePreferences(w http.ResponseWriter, r *http.Request, v visit, token string) {
	id, ok := g.whose(w, r, &v, token)
	if !ok {
		return
	}
	m, ok := g.person(w, r, v, id)
	if !ok {
		return
	}
	if r.Method != http.MethodPost {
		g.showPreferences(w, r, m, token == "", wishes{}, nil)
		return
	}
	form, ok := g.form(w, r, v)
	if !ok {
		return
	}
	want, ok := g.readWishes(form, m)
	if !ok {
		g.pageRefused(w, r, v, http.StatusBadRequest)
		return
	}
	if want.pausedWrong {
		g.showPreferences(w, r, m, token == "", want, nil)
		return
	}
	after, err := g.keepWishes(r.Context(), m, want)
	if err != nil {
		g.failed(w, r, v, err)
		return
	}
	g.showPreferences(w, r, after, token == "", want, &m)
}

// whose tells whose preferences these are. If it is nobody's it answers.
func (g *Gate) whose(w http.ResponseWriter, r *http.Request, v *visit, token string) (uint32, bool) {
	if token != "" {
		claims, verdict := g.verify(r, v, token, signedlink.Preferences)
		return claims.Member, g.accepted(w, r, *v, verdict, claims, token)
	}
	if v.session == nil {
		g.pageNotHere(w, r, *v)
		return 0, false
	}
	return v.session.Member, true
}

// keepWishes stores what differs from how m is.
func (g *Gate) keepWishes(ctx context.Context, m member.Member, want wishes) (member.Member, error) {
	people, now := g.o.Pages.People, g.o.Now()
	after, err := want.on(m), error(nil)
	if changed(m, after) {
		if _, err = people.Update(ctx, m.ID, now, func(stored *member.Member) error {
			*stored = want.on(*stored)
			return nil
		}); err != nil {
			return m, err
		}
	}
	if before, listed := isListed(m), isListed(after); before != listed {
		if err := people.RecordConsent(ctx, m.ID, member.Consent{Purpose: member.Directory, Version: directoryText,
			Given: listed, At: now, By: "member", Channel: channelPage}); err != nil {
			return m, err
		}
	}
	for _, list := range g.lists() {
		if on, asked := want.lists[list.ID]; asked {
			if m, err = g.setList(ctx, m, list.ID, on, channelPage); err != nil {
				return m, err
			}
		}
	}
	return people.Member(ctx, m.ID)
}

func changed(a, b member.Member) bool {
	p, q := a.Preferences, b.Preferences
	return a.Language != b.Language || p.Format != q.Format || p.Frequency != q.Frequency ||
		!p.PausedUntil.Equal(q.PausedUntil) || !maps.Equal(a.Visibility, b.Visibility)
}

// isListed reports whether m is in the directory: others see the name.
func isListed(m member.Member) bool { return m.Visibility.Shows(member.FieldName, member.Alumni) }

// preferencesForm is what the page takes.
type preferencesForm struct {
	Name, Action                     string
	Failed                           bool
	Said                             string
	Changes                          []string
	Undo                             []hidden
	Languages, Lists, Often, Formats []option
	Paused, PausedMin, PausedMax     string
	PausedError                      string
	Fields                           []fieldLevels
}

type fieldLevels struct {
	Name, Label, Value string
	Levels             []option
}

// showPreferences shows how m is; with before, also what has changed since.
func (g *Gate) showPreferences(w http.ResponseWriter, r *http.Request, m member.Member, signedIn bool, want wishes, before *member.Member) {
	lang := g.language(r, m.Language)
	words := g.desk.words[lang]
	now, zone := g.o.Now(), g.zone()
	body := preferencesForm{Name: callName(m, lang), Action: r.URL.EscapedPath(),
		Paused:    pausedDay(m, now, zone),
		PausedMin: now.In(zone).AddDate(0, 0, 1).Format(time.DateOnly), PausedMax: now.Add(maxPause).In(zone).Format(time.DateOnly)}
	for _, l := range g.offered() {
		body.Languages = append(body.Languages, option{Value: l, Label: g.desk.words[l].say("language"), Chosen: l == g.letterLanguage(m)})
	}
	for _, l := range g.lists() {
		body.Lists = append(body.Lists, option{Value: listValue(l.ID), Label: g.in(l.Title, lang), Chosen: getsList(m, l.ID)})
	}
	body.Often = choices(words, "preferences.often.", frequencies(), oftenOf(m))
	body.Formats = choices(words, "preferences.format.", formats(), formatOf(m))
	for _, field := range member.Fields() {
		if !isReader(m.Audiences) {
			break // the directory is of members
		}
		f := fieldLevels{Name: field, Label: words.say("field." + field), Value: fieldValue(m, field, lang, words)}
		if field == member.FieldEmail {
			f.Value = masked(m.SMTP) // a letter with this link may have been forwarded
		}
		for _, level := range slices.Backward(member.Levels()) {
			f.Levels = append(f.Levels, option{Value: string(level), Label: words.say("level." + string(level)), Chosen: m.Visibility.Of(field) == level})
		}
		body.Fields = append(body.Fields, f)
	}
	status := http.StatusOK
	if want.pausedWrong {
		status, body.Failed = http.StatusBadRequest, true
		body.Paused, body.PausedError = want.pausedText, words.say("preferences.paused.error", words.date(now.Add(maxPause).In(zone)))
	}
	if before != nil {
		body.Said = words.say("preferences.saved")
		if want.undo {
			body.Said = words.say("preferences.restored")
		}
		body.Changes, body.Undo = g.changes(*before, m, lang)
	}
	title := "preferences.title"
	if !isReader(m.Audiences) {
		title = "preferences.title.subscriber"
	}
	s := g.sheet(lang, words.say(title), m)
	if signedIn {
		s = g.menu(s, m, g.at("me", "preferences", ""))
	} else {
		s.Member = "" // this link opens this page alone
	}
	s.Body = body
	g.show(w, r, status, "preferences", s)
}

// masked is an address of which its owner knows which one it is.
func masked(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return ""
	}
	return address[:1] + "…" + address[at:]
}

func choices(w words, prefix string, values []string, chosen string) []option {
	var out []option
	for _, v := range values {
		out = append(out, option{Value: v, Label: w.say(prefix + v), Chosen: v == chosen})
	}
	return out
}

func listValue(id uint32) string { return strconv.FormatUint(uint64(id), 10) }

func (g *Gate) zone() *time.Location {
	if g.o.Pages.Zone == nil {
		return time.UTC
	}
	return g.o.Pages.Zone
}
