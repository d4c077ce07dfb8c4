package gate

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
)

const newcomer = "Hanako+nagi@Mail.example"

// newSubscribeWorld is a world whose site takes subscribers.
func newSubscribeWorld(t *testing.T) *pageWorld {
	p := newPageWorld(t)
	pages := &p.gate.o.Pages
	pages.Subscribe, pages.Privacy = true, "https://nagi.example/about/privacy/"
	pages.Address = map[string]string{"ja": "〒000-0000 青波県波音市灯台通1-2-3", "en": "000-0000 1-2-3 Todai-dori, Namioto"}
	pages.Lists = nil // the newsletter's letters are list 0: all mail
	return p
}

// application is the form as the page in lang has it, with an address.
func (p *pageWorld) application(lang, address string) url.Values {
	p.t.Helper()
	page := p.ask(request{path: "/subscribe?lang=" + lang})
	forms := formsOf(page.Body.String())
	if page.Code != http.StatusOK || len(forms) != 1 || forms[0].action != "/subscribe?lang="+lang {
		p.t.Fatalf("got %d and %d forms, want one form", page.Code, len(forms))
	}
	fields := forms[0].fields
	fields.Set("email", address)
	return fields
}

// subscribes sends the form and returns the path of the link in the letter.
func (p *pageWorld) subscribes(lang, address string) string {
	p.t.Helper()
	before := len(p.outbox.all())
	if w := p.ask(request{path: "/subscribe?lang=" + lang, form: p.application(lang, address)}); w.Code != http.StatusOK {
		p.t.Fatalf("got %d, want 200", w.Code)
	}
	p.settled()
	sent := p.outbox.all()
	if len(sent) != before+1 {
		p.t.Fatalf("got %d letters, want one", len(sent)-before)
	}
	return confirmLink(p.t, sent[before])
}

var confirmPattern = regexp.MustCompile(`\n` + pageOrigin + `(/subscribe/[\w-]+)\n`)

func confirmLink(t *testing.T, l Letter) string {
	t.Helper()
	link := confirmPattern.FindStringSubmatch(l.Text)
	if link == nil || !strings.Contains(l.HTML, `href="`+pageOrigin+link[1]+`"`) {
		t.Fatalf("the letter has no link in both its forms: %s", l.Text)
	}
	return link[1]
}

// confirms presses the button behind a link.
func (p *pageWorld) confirms(link string) *httptest.ResponseRecorder {
	p.t.Helper()
	form := formsOf(p.ask(request{path: link}).Body.String())
	if len(form) != 1 || form[0].action != link {
		p.t.Fatalf("got %d forms, want one for the link itself", len(form))
	}
	w := p.ask(request{path: link, form: form[0].fields, from: "203.0.113.77:4711"})
	p.settled()
	return w
}

// TestSubscribing is the whole way: form, letter, button, welcome, and out again.
func TestSubscribing(t *testing.T) {
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			p := newSubscribeWorld(t)
			p.gate.o.Pages.Issues = func() []string { return []string{"/newsletters/2026-12-02/", "/events/winter/", "/"} }
			before := p.state()
			form := p.application(lang, newcomer)
			form.Set("name", "BUY NOW https://spam.example")
			if w := p.ask(request{path: "/subscribe?lang=" + lang, form: form}); w.Code != http.StatusOK {
				t.Fatalf("got %d, want 200", w.Code)
			}
			p.settled()
			letter := p.outbox.all()[0]
			link := confirmLink(t, letter)
			site := map[string]string{"ja": "凪の会", "en": "Nagi Network"}[lang]
			if letter.To != newcomer || letter.ToName != "" || letter.Lang != lang || !strings.Contains(letter.Subject, site) {
				t.Errorf("got %+v, want a letter in %s to the address alone", letter, lang)
			}
			for _, text := range []string{site, "office@nagi.example", "48", p.gate.o.Pages.Address[lang]} {
				if !strings.Contains(letter.Text, text) || !strings.Contains(letter.HTML, text) {
					t.Errorf("the letter does not say %q", text)
				}
			}
			if strings.Contains(letter.Text+letter.HTML+letter.Subject, "BUY NOW") || strings.Contains(letter.Text, "Hanako") {
				t.Errorf("got %s, want nothing that was typed in the letter", letter.Text)
			}
			for range 2 { // as a mail program's scanner does
				if w := p.ask(request{path: link}); w.Code != http.StatusOK || strings.Contains(w.Body.String(), newcomer) || w.Header().Get("Referrer-Policy") != "no-referrer" {
					t.Errorf("got %d, want a page with a button that does not show the address", w.Code)
				}
			}
			if p.state() != before {
				t.Fatal("something is stored before the button is pressed")
			}
			page := p.ask(request{path: link}).Body.String()
			checkPage(t, page, lang)
			fields := formsOf(page)[0].fields
			if !strings.Contains(page, `value="BUY NOW https://spam.example"`) {
				t.Error("the page does not show the name, to be put right")
			}
			fields.Set("name", "山田　花子")
			done := p.ask(request{path: link, form: fields, from: "203.0.113.77:4711"})
			p.settled()
			m, err := p.book.ByAddress(t.Context(), newcomer)
			if err != nil || done.Code != http.StatusOK || !m.Mailable || len(m.Audiences) != 0 || m.Status != member.Active || m.Language != lang || m.SMTP != newcomer {
				t.Fatalf("got %d, %+v (%v), want a subscriber", done.Code, m, err)
			}
			p.checkConsent(m, lang)
			checkPage(t, done.Body.String(), lang)
			p.ids[newcomer] = m.ID
			p.checkWelcome(m, lang)
		})
	}
}

// checkPage holds that a page is whole, has texts and no keys, and a label for each
// field.
func checkPage(t *testing.T, page, lang string) {
	t.Helper()
	if !strings.Contains(page, `<html lang="`+lang+`">`) || !strings.HasSuffix(page, "</html>\n") || strings.Contains(page, "<script") || strings.Contains(page, " style=") {
		t.Errorf("got a page that is torn, not in %s, or has a script or a style of its own", lang)
	}
	if key := regexp.MustCompile(`>\s*[a-z]+(\.[a-z0-9]+)+\s*<`).FindString(page); key != "" {
		t.Errorf("got %q in the page, which is a key and no text", key)
	}
	for _, id := range regexp.MustCompile(`<input[^>]* id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `<label for="`+id[1]+`"`) {
			t.Errorf("the field %s has no label", id[1])
		}
	}
}

// checkConsent holds that the record names the text that the form shows, who, when,
// how, and no more of where than is promised.
func (p *pageWorld) checkConsent(m member.Member, lang string) {
	p.t.Helper()
	paragraphs, version := p.gate.consent(lang)
	cs, err := p.book.Consents(p.t.Context(), m.ID)
	want := member.Consent{Purpose: member.Newsletter, Version: version, Given: true, At: p.now, By: "member", Channel: "web", Network: "203.0.113.0/24"}
	if err != nil || len(cs) != 1 || cs[0] != want {
		p.t.Errorf("got %+v (%v), want %+v", cs, err, want)
	}
	text, err := p.book.ConsentText(p.t.Context(), version)
	page := p.ask(request{path: "/subscribe?lang=" + lang}).Body.String()
	if err != nil || text != strings.Join(paragraphs, "\n") {
		p.t.Errorf("got the text %q (%v), want %q", text, err, paragraphs)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.Contains(page, "<li>"+line+"</li>") {
			p.t.Errorf("the form does not show %q", line)
		}
	}
	if !strings.Contains(page, `name="text" value="`+version+`"`) || !strings.Contains(page, p.gate.o.Pages.Address[lang]) || !strings.Contains(page, "/about/privacy/") {
		p.t.Error("the form lacks the version of the text, the address of who sends, or the page on privacy")
	}
}

// checkWelcome holds what the letter of welcome has, and that its ways out work.
func (p *pageWorld) checkWelcome(m member.Member, lang string) {
	p.t.Helper()
	sent := p.outbox.all()
	if len(sent) != 2 {
		p.t.Fatalf("got %d letters, want two", len(sent))
	}
	l := sent[1]
	if l.To != newcomer || l.ToName != "山田 花子" || l.Lang != lang || !strings.Contains(l.Text, pageOrigin+"/\n") || !strings.Contains(l.Text, "山田 花子") {
		p.t.Errorf("got %+v, want a welcome with the newest issue that is public", l)
	}
	settings := regexp.MustCompile(pageOrigin + `(/p/[\w-]{112})\n`).FindStringSubmatch(l.Text)
	leave := regexp.MustCompile(pageOrigin + `(/u/[\w-]{112})\n`).FindStringSubmatch(l.Text)
	if settings == nil || leave == nil || !strings.Contains(l.HTML, leave[1]) {
		p.t.Fatalf("the letter has no way out: %s", l.Text)
	}
	page := p.ask(request{path: settings[1]}).Body.String()
	for _, field := range []string{`name="language"`, `name="often"`, `name="format"`, `name="paused"`, `name="lists"`} {
		if !strings.Contains(page, field) {
			p.t.Errorf("the preferences have no %s", field)
		}
	}
	if strings.Contains(page, "<select") {
		p.t.Error("a subscriber is asked what the directory shows")
	}
	oneClick := strings.TrimPrefix(l.OneClick, pageOrigin)
	if w := p.ask(request{path: oneClick, form: url.Values{"List-Unsubscribe": {"One-Click"}}}); w.Code != http.StatusOK || p.member(newcomer).Mailable {
		p.t.Errorf("got %d, want one click to stop all mail at once", w.Code)
	}
	p.now = p.now.Add(time.Minute)
	if err := p.book.Resubscribe(p.t.Context(), m.ID, 0, p.now, "office"); err != nil {
		p.t.Fatal(err)
	}
	form := formsOf(p.ask(request{path: leave[1]}).Body.String())[0]
	if w := p.ask(request{path: form.action, form: form.fields}); w.Code != http.StatusOK || p.member(newcomer).Mailable {
		p.t.Errorf("got %d, want the page's button to stop all mail at once", w.Code)
	}
}

// TestSubscribingTellsNothing: whoever an address is of, the answer is the same bytes
// and headers, and nobody is looked up before it is there.
func TestSubscribingTellsNothing(t *testing.T) {
	p := newSubscribeWorld(t)
	ctx := t.Context()
	gone, err := p.book.Add(ctx, member.Member{SMTP: "gone@mail.example"}, p.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{p.book.Erase(ctx, gone.ID, p.now), p.book.Unsubscribe(ctx, p.ids[chihiro], 0, p.now, "page")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.book.Update(ctx, p.ids[wataru], p.now, func(m *member.Member) error { m.Status = member.Paused; return nil }); err != nil {
		t.Fatal(err)
	}
	form := p.application("ja", newcomer)
	want := p.ask(request{path: "/subscribe?lang=ja", form: form})
	if want.Code != http.StatusOK {
		t.Fatalf("got %d, want 200", want.Code)
	}
	before := p.state()
	for _, c := range []struct{ name, address, name2, trap string }{
		{name: "a member", address: minato},
		{name: "a member, written otherwise", address: " Takanashi@MAIL.example "},
		{name: "a member again, over the limit", address: minato},
		{name: "who has unsubscribed, at an old docomo address", address: chihiro},
		{name: "whom the office has paused", address: wataru},
		{name: "who was erased", address: "gone@mail.example"},
		{name: "a domain that is none", address: "x@no-such-domain.invalid"},
		{name: "a domain in Japanese", address: "hanako@例え.jp"},
		{name: "a plus address", address: "x+y+z@mail.example"},
		{name: "a machine", address: "trapped@mail.example", trap: "https://spam.example"},
		{name: "with a name", address: "named@mail.example", name2: "山田 花子"},
	} {
		f := maps.Clone(form)
		f.Set("email", c.address)
		f.Set("name", c.name2)
		f.Set("website", c.trap)
		got := p.ask(request{path: "/subscribe?lang=ja", form: f})
		if got.Code != want.Code || got.Body.String() != want.Body.String() || !maps.EqualFunc(got.Header(), want.Header(), slices.Equal) {
			t.Errorf("%s: got %d %v, want the answer for an unknown address", c.name, got.Code, got.Header())
		}
	}
	p.settled()
	to := map[string]int{}
	texts := map[string]bool{}
	for _, l := range p.outbox.all() {
		to[l.To]++
		texts[regexp.MustCompile(`/subscribe/[\w-]+`).ReplaceAllString(l.Subject+l.Text+l.ToName, "")] = true
	}
	wantTo := map[string]int{newcomer: 1, minato: 1, chihiro: 1, wataru: 1, "gone@mail.example": 1, "x@no-such-domain.invalid": 1, "hanako@xn--r8jz45g.jp": 1,
		"x+y+z@mail.example": 1, "named@mail.example": 1}
	if !maps.Equal(to, wantTo) {
		t.Errorf("got letters to %v, want %v", to, wantTo)
	}
	if len(texts) != 1 {
		t.Errorf("got %d different letters, want one for all", len(texts))
	}
	if p.state() != before {
		t.Error("something is stored before it is confirmed")
	}
}

// TestSubscribingDoesNotWait: the answer is there before anybody was written to.
func TestSubscribingDoesNotWait(t *testing.T) {
	p := newSubscribeWorld(t)
	slow := &slowOutbox{open: make(chan struct{})}
	p.gate.o.Pages.Outbox = slow
	for _, address := range []string{minato, newcomer} {
		if w := p.ask(request{path: "/subscribe?lang=ja", form: p.application("ja", address)}); w.Code != http.StatusOK || slow.sent.Load() != 0 {
			t.Errorf("got %d after %d letters, want 200 before any", w.Code, slow.sent.Load())
		}
	}
	close(slow.open)
	p.settled()
	if slow.sent.Load() != 2 {
		t.Errorf("got %d letters, want two", slow.sent.Load())
	}
}

func TestLimitsOfSubscribing(t *testing.T) {
	p := newSubscribeWorld(t)
	form := p.application("ja", newcomer)
	send := func(address, from string) {
		form.Set("email", address)
		if w := p.ask(request{path: "/subscribe?lang=ja", form: form, from: from + ":1"}); w.Code != http.StatusOK {
			t.Errorf("got %d, want 200 as ever", w.Code)
		}
		p.settled()
	}
	for i := range 70 {
		send(newcomer, fmt.Sprintf("198.51.100.%d", i)) // one address, from many networks
	}
	address, err := member.ParseAddress(newcomer)
	if err != nil || !p.gate.limits.signupsToDay.has(p.gate.limits.keyOf(address.Canonical)) {
		t.Errorf("what the address has left of the day is used up by asking (%v)", err)
	}
	send("neighbour@mail.example", "198.51.100.1") // of whose domain nothing was used up
	if to := p.outbox.all(); len(to) != 2 || to[1].To != "neighbour@mail.example" {
		t.Errorf("got %d letters, want one to the neighbour, too", len(to))
	}
	p.outbox.mu.Lock()
	p.outbox.sent = p.outbox.sent[:1]
	p.outbox.mu.Unlock()
	if got := len(p.outbox.all()); got != 1 {
		t.Errorf("got %d letters to one address, want one", got)
	}
	for i := range 30 {
		send(fmt.Sprintf("a%d@d%d.example", i, i), "203.0.113.1") // many addresses, from one network
	}
	if got := len(p.outbox.all()); got != 21 {
		t.Errorf("got %d letters, want 20 more from one network", got)
	}
	for i := range 70 {
		send(fmt.Sprintf("b%d@one.example", i), fmt.Sprintf("203.0.113.%d", 2+i)) // one domain, from many networks
	}
	if got := len(p.outbox.all()); got != 81 {
		t.Errorf("got %d letters, want 60 more to one domain", got)
	}
	for i := range 60 {
		send(fmt.Sprintf("c%d@e%d.example", i, i), fmt.Sprintf("192.0.2.%d", i)) // in all
	}
	if got := len(p.outbox.all()); got > 102 {
		t.Errorf("got %d letters, want about 100 in all", got)
	}
}
