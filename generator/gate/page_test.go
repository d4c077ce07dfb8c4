package gate

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// TestEveryTextIsThere holds both languages complete, and what pages say among
// what there is to say.
func TestEveryTextIsThere(t *testing.T) {
	d, err := newDesk("")
	if err != nil {
		t.Fatal(err)
	}
	holes := regexp.MustCompile(`\{\d\}`)
	for key, text := range d.words["ja"] {
		other, found := d.words["en"][key]
		if !found {
			t.Errorf("%s is not said in English", key)
			continue
		}
		a, b := holes.FindAllString(text, -1), holes.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if key != "date" && !slices.Equal(a, b) {
			t.Errorf("%s has the holes %v in Japanese and %v in English", key, a, b)
		}
	}
	for key := range d.words["en"] {
		if _, found := d.words["ja"][key]; !found {
			t.Errorf("%s is not said in Japanese", key)
		}
	}
	used := regexp.MustCompile(`(?:t|in \$lang\.Lang) "([a-z0-9.]+)"`)
	for name := range strings.FieldsSeq(pageNames + " base") {
		data, err := pageFiles.ReadFile("pages/" + name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range used.FindAllStringSubmatch(string(data), -1) {
			if _, found := d.words["ja"][match[1]]; !found {
				t.Errorf("page %s says %q, which is no text", name, match[1])
			}
		}
	}
	for _, field := range member.Fields() {
		for _, key := range []string{"field." + field, "level.everyone", "level.alumni", "level.office", "level.hidden"} {
			if d.words["ja"][key] == "" {
				t.Errorf("%s is not said", key)
			}
		}
	}
}

// pagesOf are all pages by GET, by name.
func (p *pageWorld) pagesOf() map[string]request {
	return map[string]request{
		"not here":               {path: "/no/such/"},
		"ask for a link":         {path: "/link"},
		"subscribe":              {path: "/subscribe"},
		"sign in":                {path: "/s/" + p.token(signedlink.SignIn, minato, 0)},
		"unsubscribe":            {path: "/u/" + p.token(signedlink.Unsubscribe, minato, 1)},
		"unsubscribe by header":  {path: "/u/" + p.token(signedlink.UnsubscribeHeader, minato, 1)},
		"preferences":            {path: "/p/" + p.token(signedlink.Preferences, minato, 0)},
		"preferences of session": {path: "/me/preferences/", as: minato},
		"home":                   {path: "/me/", as: minato},
		"export":                 {path: "/me/data.json", as: minato},
		"directory":              {path: "/me/people/?q=" + url.QueryEscape("高梨"), as: minato},
		"switch":                 {path: "/k/" + p.token(signedlink.View, linh, 0) + "/events/winter/", as: minato},
	}
}

// TestReadingChangesNothing: a GET of any page, with whatever a query may say,
// leaves all that is stored as it was and sends nobody a letter.
func TestReadingChangesNothing(t *testing.T) {
	p := newPageWorld(t)
	before := p.state()
	for name, q := range p.pagesOf() {
		t.Run(name, func(t *testing.T) {
			for _, query := range []string{"", "action=stop&everywhere=yes&email=" + minato + "&List-Unsubscribe=One-Click&often=main&name=everyone"} {
				ask := q
				if query != "" {
					ask.path += map[bool]string{true: "&", false: "?"}[strings.Contains(q.path, "?")] + query
				}
				w := p.ask(ask)
				if w.Code != http.StatusOK && name != "not here" {
					t.Errorf("got %d, want 200", w.Code)
				}
				if name != "export" && w.Header().Get("Set-Cookie") != "" {
					t.Errorf("got the cookie %q, want none", w.Header().Get("Set-Cookie"))
				}
			}
		})
	}
	p.settled()
	if after := p.state(); after != before {
		t.Errorf("got\n%s\nwant what was there before\n%s", after, before)
	}
	if sent := p.outbox.all(); len(sent) != 0 {
		t.Errorf("got %d letters, want none", len(sent))
	}
}

// TestPagesSpeakBothLanguages: every page, in either language, is whole, has no
// key in place of a text, no script, and a label for each field.
func TestPagesSpeakBothLanguages(t *testing.T) {
	p := newPageWorld(t)
	key := regexp.MustCompile(`>\s*[a-z]+(\.[a-z0-9]+)+\s*<`)
	for name, q := range p.pagesOf() {
		if name == "export" {
			continue
		}
		for _, lang := range []string{"ja", "en"} {
			t.Run(name+" in "+lang, func(t *testing.T) {
				if _, err := p.book.Update(t.Context(), p.ids[minato], p.now, func(m *member.Member) error { m.Language = lang; return nil }); err != nil {
					t.Fatal(err)
				}
				q.accept = lang
				page := p.ask(q).Body.String()
				if !strings.Contains(page, `<html lang="`+lang+`">`) {
					t.Errorf("got a page that is not in %s", lang)
				}
				if found := key.FindString(page); found != "" {
					t.Errorf("got %q in the page, which is a key and no text", found)
				}
				if strings.Contains(page, "<script") || strings.Contains(page, " style=") || !strings.HasSuffix(page, "</html>\n") {
					t.Error("got a script, a style of its own or a torn page")
				}
				for _, id := range regexp.MustCompile(`<(?:input|select)[^>]* id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
					if !strings.Contains(page, `<label for="`+id[1]+`"`) {
						t.Errorf("the field %s has no label", id[1])
					}
				}
			})
		}
	}
}

// TestNotHereIsOnePage: the same bytes and headers for every URL.
func TestNotHereIsOnePage(t *testing.T) {
	p := newPageWorld(t)
	want := p.ask(request{path: "/no/such/"})
	if want.Code != http.StatusNotFound {
		t.Fatalf("got %d, want 404", want.Code)
	}
	for _, path := range []string{"/events/winter/", "/en/no/such/", "/me/", "/me/people/", "/me/preferences/", "/me/renew", "/k/", "/u/x", "/s/" + strings.Repeat("A", 112), "/a/x", "/k/-/no.css", "/?x=1/"} {
		got := p.ask(request{path: path})
		if path == "/?x=1/" {
			continue
		}
		got.Header().Del("Referrer-Policy") // that of addresses with a token
		expected := want.Header().Clone()
		expected.Del("Referrer-Policy")
		if got.Code != want.Code || got.Body.String() != want.Body.String() || !maps.EqualFunc(got.Header(), expected, slices.Equal) {
			t.Errorf("%s: got %d %v, want what every URL answers: %v", path, got.Code, got.Header(), expected)
		}
	}
	page := want.Body.String()
	for _, text := range []string{"いちばん新しいお便りのリンク", "office@nagi.example", `href="/link?lang=ja"`, `lang="en"`, "Ask for a new link"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

// TestAskingForALinkTellsNothing: known and unknown addresses, dead tokens and
// nonsense tokens get the same bytes and headers.
func TestAskingForALinkTellsNothing(t *testing.T) {
	p := newPageWorld(t)
	old := p.token(signedlink.View, linh, 0)
	ghost, err := p.ring.Sign(signedlink.Claims{Purpose: signedlink.View, Issued: p.now, Lifetime: day, Member: 4711})
	if err != nil {
		t.Fatal(err)
	}
	p.now = p.now.Add(8 * day)
	if _, err := p.book.Update(t.Context(), p.ids[wataru], p.now, func(m *member.Member) error { m.Status = member.Paused; return nil }); err != nil {
		t.Fatal(err)
	}
	want := p.ask(request{path: "/link?lang=ja", form: url.Values{"email": {"nobody@mail.example"}}})
	if want.Code != http.StatusOK {
		t.Fatalf("got %d, want 200", want.Code)
	}
	for name, form := range map[string]url.Values{
		"a member":                            {"email": {minato}},
		"a member, written otherwise":         {"email": {" Takanashi@MAIL.example "}},
		"a member again, over the limit":      {"email": {minato}},
		"a member with an old docomo address": {"email": {chihiro}},
		"a member who is paused":              {"email": {wataru}},
		"an expired link":                     {"token": {old}},
		"the link of nobody":                  {"token": {ghost}},
		"a link of nothing":                   {"token": {strings.Repeat("A", 112)}},
		"a link of no form":                   {"token": {"<script>"}},
	} {
		got := p.ask(request{path: "/link?lang=ja", form: form})
		if got.Code != want.Code || got.Body.String() != want.Body.String() || !maps.EqualFunc(got.Header(), want.Header(), slices.Equal) {
			t.Errorf("%s: got %d %v, want the answer for an unknown address", name, got.Code, got.Header())
		}
	}
	p.settled()
	to := map[string]int{}
	for _, l := range p.outbox.all() {
		to[l.To]++
	}
	if want := map[string]int{minato: 1, chihiro: 1, linh: 1}; !maps.Equal(to, want) {
		t.Errorf("got letters to %v, want %v", to, want)
	}
}

// TestAskingDoesNotWait: the answer is there before anybody was looked up or
// written to, so that its time tells nothing.
func TestAskingDoesNotWait(t *testing.T) {
	p := newPageWorld(t)
	slow := &slowOutbox{open: make(chan struct{})}
	p.gate.o.Pages.Outbox = slow
	w := p.ask(request{path: "/link", form: url.Values{"email": {minato}}}) // would not return otherwise
	if w.Code != http.StatusOK || slow.sent.Load() != 0 {
		t.Errorf("got %d after %d letters, want 200 before any", w.Code, slow.sent.Load())
	}
	close(slow.open)
	p.settled()
	if slow.sent.Load() != 1 {
		t.Errorf("got %d letters, want one", slow.sent.Load())
	}
}

// slowOutbox sends nothing before it is open.
type slowOutbox struct {
	open chan struct{}
	sent atomic.Int32
}

func (o *slowOutbox) Send(ctx context.Context, _ Letter) error {
	select {
	case <-o.open:
		o.sent.Add(1)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestAddressesThatAreNone are answered next to the field, whoever there is.
func TestAddressesThatAreNone(t *testing.T) {
	p := newPageWorld(t)
	for name, form := range map[string]url.Values{
		"nothing":           {},
		"empty":             {"email": {""}},
		"no address":        {"email": {"takanashi"}},
		"two fields":        {"email": {minato, linh}},
		"two in one":        {"email": {minato + "," + linh}},
		"a header in it":    {"email": {minato + "\r\nBcc: " + linh}},
		"address and token": {"email": {minato}, "token": {p.token(signedlink.View, minato, 0)}},
		"very long":         {"email": {strings.Repeat("a", 300) + "@mail.example"}},
		"a name around it":  {"email": {"Minato <" + minato + ">"}},
	} {
		w := p.ask(request{path: "/link", form: form, accept: "ja"})
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `aria-invalid="true"`) || strings.Contains(w.Body.String(), minato) {
			t.Errorf("%s: got %d, want 400 with the error at the field and nothing of what was typed", name, w.Code)
		}
	}
	p.settled()
	if sent := p.outbox.all(); len(sent) != 0 {
		t.Errorf("got %d letters, want none", len(sent))
	}
}

// TestTheWayBackIn: an expired link, one button, a letter, a button, in.
func TestTheWayBackIn(t *testing.T) {
	p := newPageWorld(t)
	old := p.token(signedlink.View, linh, 0)
	p.now = p.now.Add(8 * day)
	expired := p.ask(request{path: "/k/" + old + "/events/winter/", accept: "en"})
	if expired.Code != http.StatusGone || strings.Contains(expired.Body.String(), linh) || strings.Contains(expired.Body.String(), "Linh") {
		t.Fatalf("got %d, want 410 and nothing of the member", expired.Code)
	}
	forms := formsOf(expired.Body.String())
	if len(forms) != 1 || strings.Contains(forms[0].body, `type="email"`) {
		t.Fatalf("got %d forms, want one with nothing to type", len(forms))
	}
	p.ask(request{path: forms[0].action, form: forms[0].fields})
	p.settled()
	sent := p.outbox.all()
	if len(sent) != 1 || sent[0].To != linh || sent[0].Lang != "en" || !strings.Contains(sent[0].Text, "Nagi Network") || !strings.Contains(sent[0].Text, "office@nagi.example") {
		t.Fatalf("got %+v, want one letter in English to the registered address", sent)
	}
	link := regexp.MustCompile(pageOrigin + `(/s/[\w-]{112})\n`).FindStringSubmatch(sent[0].Text)
	if link == nil || !strings.Contains(sent[0].HTML, `href="`+pageOrigin+link[1]+`"`) {
		t.Fatalf("the letter has no link: %s", sent[0].Text)
	}
	page := p.ask(request{path: link[1]})
	if !strings.Contains(page.Body.String(), "TRẦN Linh") || page.Header().Get("Set-Cookie") != "" {
		t.Error("the page does not say whose link it is, or signs in by itself")
	}
	form := formsOf(page.Body.String())[0]
	for range 2 { // a link works until it expires
		in := p.ask(request{path: form.action, form: form.fields})
		if in.Code != http.StatusSeeOther || in.Header().Get("Location") != "/" || !strings.HasPrefix(in.Header().Get("Set-Cookie"), CookieName+"=") {
			t.Errorf("got %d to %q, want 303 to / with a cookie", in.Code, in.Header().Get("Location"))
		}
	}
	p.now = p.now.Add(31 * time.Minute)
	if late := p.ask(request{path: form.action, form: form.fields}); late.Code != http.StatusGone {
		t.Errorf("after 31 minutes: got %d, want 410", late.Code)
	}
}

// TestSignOutEverywhere, and the way back at the very same moment.
func TestSignOutEverywhere(t *testing.T) {
	p := newPageWorld(t)
	p.now = p.now.Add(300 * time.Millisecond)
	home := p.ask(request{path: "/me/", as: minato})
	var out *postForm
	for _, f := range formsOf(home.Body.String()) {
		if f.fields.Has("everywhere") {
			out = &f
		}
	}
	if out == nil {
		t.Fatal("the home page has no way to sign out everywhere")
	}
	w := p.ask(request{path: out.action, form: out.fields, as: minato, accept: "ja"})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "すべての端末での利用を終えました") {
		t.Errorf("got %d, want the page that says so", w.Code)
	}
	if again := p.ask(request{path: "/me/", as: minato}); again.Code != http.StatusNotFound {
		t.Errorf("got %d with the old session, want 404", again.Code)
	}
	p.ask(request{path: "/link", form: url.Values{"email": {minato}}})
	p.settled()
	link := regexp.MustCompile(`/s/[\w-]{112}`).FindString(p.outbox.all()[0].Text)
	p.now = p.now.Add(time.Second)
	if in := p.ask(request{path: link}); in.Code != http.StatusOK {
		t.Errorf("got %d for the link that was asked for at once, want 200", in.Code)
	}
}

// TestExportIsAll: what a member takes along is what is stored, and of nobody else.
func TestExportIsAll(t *testing.T) {
	p := newPageWorld(t)
	for address, line := range map[string]string{chihiro: "お元気そうで <b>何より", minato: "ほかの人へのひとこと"} {
		if err := p.book.SetLetterNote(t.Context(), "2026-11-18", p.ids[address], line, p.now); err != nil {
			t.Fatal(err)
		}
	}
	home := p.ask(request{path: "/me/", as: chihiro}).Body.String()
	if !strings.Contains(home, "2026-11-18：お元気そうで &lt;b&gt;何より") || strings.Contains(home, "ほかの人へのひとこと") {
		t.Errorf("got %s, want the line of this member's letter alone", home)
	}
	w := p.ask(request{path: "/me/data.json", as: chihiro})
	var got struct {
		Member   member.Member       `json:"member"`
		Consents []member.Consent    `json:"consents"`
		Lines    []member.LetterNote `json:"letter_notes"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("got %q (%v), want a file of JSON", w.Header(), err)
	}
	if got.Member.ID != p.ids[chihiro] || got.Member.Note != "ひみつの控え" || len(got.Consents) != 1 || len(got.Lines) != 1 || got.Lines[0].Text != "お元気そうで <b>何より" ||
		strings.Contains(w.Body.String(), minato) || strings.Contains(w.Body.String(), "ほかの人へのひとこと") {
		t.Errorf("got %+v, want all of this member alone", got)
	}
}
