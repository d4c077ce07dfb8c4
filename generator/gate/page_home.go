package gate

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/member"
)

// pageHome is a member's own page, /me/: what they may read and until when, what
// is stored about them and why, and the ways out. It stands for the addresses
// below it too: /me/renew (POST), /me/data.json.
func (g *Gate) pageHome(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := g.person(w, r, v, v.session.Member)
	if !ok {
		return
	}
	consents, err := g.o.Pages.People.Consents(r.Context(), m.ID)
	notes, err2 := g.o.Pages.People.LetterNotesTo(r.Context(), m.ID)
	if err := errors.Join(err, err2); err != nil {
		g.failed(w, r, v, err)
		return
	}
	known := record{m, consents, notes}
	switch post := r.Method == http.MethodPost; {
	case v.path == "/me/data.json" && !post:
		g.export(w, r, v, known)
	case v.path == "/me/renew" && post:
		if !g.renew(w, r, v) {
			g.pageRefused(w, r, v, http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Location", g.at("me", "")+"?renewed")
		w.WriteHeader(http.StatusSeeOther)
	case v.path == "/me/" && !post:
		said := ""
		if r.URL.Query().Has("renewed") && v.now.Sub(v.session.Issued) < time.Minute { // it has been, just now
			said = "me.renewed"
		}
		g.showHome(w, r, v, known, said)
	default:
		allow := "GET, HEAD"
		if v.path == "/me/renew" {
			allow = http.MethodPost
		}
		w.Header().Set("Allow", allow)
		g.pageRefused(w, r, v, http.StatusMethodNotAllowed)
	}
}

// record is what is stored about a member.
type record struct {
	member   member.Member
	consents []member.Consent
	notes    []member.LetterNote
}

// homeView is what the page takes.
type homeView struct {
	Name, Said                                 string
	Audiences, Until, Latest                   string
	Renew, People, Preferences, Export, Logout string
	Read                                       string // the home page of their language; "": nothing there is for members
	Stored                                     []storedField
	Consents                                   []storedField
}

type storedField struct{ Label, Value, Why string }

func (g *Gate) showHome(w http.ResponseWriter, r *http.Request, v visit, known record, said string) {
	m := known.member
	lang := g.language(r, m.Language)
	words, zone := g.desk.words[lang], g.zone()
	body := homeView{Name: callName(m, lang), Audiences: g.audiences(v.session.Reader.Audiences, lang),
		Until:  words.date(v.session.Expires.In(zone)),
		Latest: words.date(v.session.Authenticated.Add(g.o.SessionMax).In(zone)),
		Renew:  g.at("me", "renew"), People: g.at("me", "people", ""), Preferences: g.at("me", "preferences", ""),
		Export: g.at("me", "data.json"), Logout: g.at("logout")}
	if said != "" {
		body.Said = words.say(said)
	}
	if body.Audiences == "" {
		body.Audiences, body.People = words.say("me.audiences.public"), ""
	} else {
		body.Read = g.letterhead(lang).Home
	}
	body.Stored = g.stored(known, lang)
	for _, c := range known.consents {
		text := "me.consent.withdrawn"
		if c.Given {
			text = "me.consent.given"
		}
		value := words.say("me.consent", words.say(text, words.date(c.At.In(zone))), words.or("version.", c.Version, c.Version))
		body.Consents = append(body.Consents, storedField{Label: words.or("purpose.", c.Purpose), Value: value})
	}
	s := g.menu(g.sheet(lang, words.say("me.title"), m), m, g.at("me", ""))
	s.Body = body
	g.show(w, r, http.StatusOK, "home", s)
}

// audiences names what somebody may read, as the site calls it.
func (g *Gate) audiences(names []string, lang string) string {
	var titles []string
	for _, name := range g.o.Audiences {
		for _, own := range names {
			if own != name {
				continue
			}
			title := g.in(g.o.Pages.Audiences[name], lang)
			if title == "" {
				title = name
			}
			titles = append(titles, g.desk.words[lang].say("me.audiences.of", title))
		}
	}
	return strings.Join(titles, g.desk.words[lang].say("list.join"))
}

// stored is all that is kept about a member, each with why.
func (g *Gate) stored(known record, lang string) []storedField {
	m, words := known.member, g.desk.words[lang]
	var fields []storedField
	add := func(name, why, value string) {
		fields = append(fields, storedField{words.say("field." + name), value, words.say("why." + why)})
	}
	reading := m.Name.Kana()
	name := strings.TrimSpace(m.Name.Family + " " + m.Name.Given)
	for _, other := range []string{reading, m.Name.Latin} {
		if other != "" && name != "" {
			name += " / "
		}
		name += other
	}
	add("name", "name", name)
	add("former", "former", m.Name.Former)
	add("email", "email", m.SMTP)
	add("audiences", "audiences", g.audiences(m.Audiences, lang))
	add("language", "language", g.languageName(m.Language))
	add("cohort", "cohort", years(m, words))
	for _, field := range []string{member.FieldDepartment, member.FieldTitle, member.FieldSkills, member.FieldInterests, member.FieldRegion} {
		why := field
		if field == member.FieldTitle {
			why = member.FieldDepartment
		}
		add(field, why, fieldValue(m, field, lang, words))
	}
	add("mail", "mail", words.say("preferences.often."+oftenOf(m))+words.say("list.join")+words.say("preferences.format."+formatOf(m)))
	add("note", "note", m.Note)
	for _, n := range known.notes {
		add("line", "line", words.say("me.line", n.Issue, n.Text))
	}
	if len(known.notes) == 0 {
		add("line", "line", "")
	}
	if !m.Created.IsZero() {
		add("created", "created", words.date(m.Created.In(g.zone())))
	}
	return fields
}

func (g *Gate) languageName(lang string) string {
	if words, known := g.desk.words[lang]; known {
		return words.say("language")
	}
	return lang
}

// fieldValue is what a field of the directory holds, in words; "" if nothing.
func fieldValue(m member.Member, field, lang string, w words) string {
	switch field {
	case member.FieldName:
		return callName(m, lang)
	case member.FieldFormer:
		return m.Name.Former
	case member.FieldEmail:
		return m.SMTP
	case member.FieldCohort:
		return years(m, w)
	case member.FieldDepartment:
		return m.Department
	case member.FieldTitle:
		return m.Title
	case member.FieldSkills:
		return strings.Join(m.Skills, w.say("list.join"))
	case member.FieldInterests:
		return strings.Join(m.Interests, w.say("list.join"))
	case member.FieldRegion:
		return m.Region
	}
	return ""
}

func years(m member.Member, w words) string {
	switch {
	case m.Joined != 0 && m.Left != 0:
		return w.say("years", m.Joined, m.Left)
	case m.Joined != 0:
		return w.say("years.since", m.Joined)
	case m.Left != 0:
		return w.say("years.until", m.Left)
	}
	return ""
}

// export answers with all that is stored about a member, to take along.
func (g *Gate) export(w http.ResponseWriter, r *http.Request, v visit, known record) {
	history, err := g.o.Pages.People.Subscriptions(r.Context(), known.member.ID)
	if err != nil {
		g.failed(w, r, v, err)
		return
	}
	data, err := json.MarshalIndent(struct {
		Member        member.Member         `json:"member"`
		Consents      []member.Consent      `json:"consents"`
		Subscriptions []member.Subscription `json:"subscriptions"`
		LetterNotes   []member.LetterNote   `json:"letter_notes"`
	}{known.member, known.consents, history, known.notes}, "", "  ")
	if err != nil {
		g.failed(w, r, v, err)
		return
	}
	data = append(data, '\n')
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="my-data.json"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(data)
	}
}
