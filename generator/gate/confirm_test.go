package gate

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// TestFormsThatMakeNoSense are answered next to the field, whoever there is, and send
// nothing.
func TestFormsThatMakeNoSense(t *testing.T) {
	p := newSubscribeWorld(t)
	_, version := p.gate.consent("ja")
	_, english := p.gate.consent("en")
	for _, c := range []struct {
		name string
		form url.Values
		near string
	}{
		{"nothing", url.Values{}, "part-email-error"},
		{"no address", url.Values{"email": {"hanako"}, "text": {version}}, "part-email-error"},
		{"two addresses", url.Values{"email": {minato, linh}, "text": {version}}, "part-email-error"},
		{"two in one", url.Values{"email": {minato + "," + linh}, "text": {version}}, "part-email-error"},
		{"a header in the address", url.Values{"email": {minato + "\r\nBcc: " + linh}, "text": {version}}, "part-email-error"},
		{"a name around it", url.Values{"email": {"Minato <" + minato + ">"}, "text": {version}}, "part-email-error"},
		{"300 characters", url.Values{"email": {strings.Repeat("a", 300) + "@mail.example"}, "text": {version}}, "part-email-error"},
		{"a NUL", url.Values{"email": {"a\x00b@mail.example"}, "text": {version}}, "part-email-error"},
		{"a header in the name", url.Values{"email": {newcomer}, "name": {"Hanako\r\nBcc: " + linh}, "text": {version}}, "part-name-error"},
		{"a NUL in the name", url.Values{"email": {newcomer}, "name": {"Hanako\x00" + minato}, "text": {version}}, "part-name-error"},
		{"a name of 300 characters", url.Values{"email": {newcomer}, "name": {strings.Repeat("凪", 300)}, "text": {version}}, "part-name-error"},
		{"two names", url.Values{"email": {newcomer}, "name": {"a", "b"}, "text": {version}}, "part-name-error"},
		{"a name that turns the writing", url.Values{"email": {newcomer}, "name": {"a\u202Eb"}, "text": {version}}, "part-name-error"},
		{"a text of another day", url.Values{"email": {newcomer}, "text": {"subscribe-ja-0000000000000000"}}, `role="alert"`},
		{"the text of another language", url.Values{"email": {newcomer}, "text": {english}}, `role="alert"`},
		{"no text", url.Values{"email": {newcomer}}, `role="alert"`},
		{"markup", url.Values{"email": {`"><script>alert(1)</script>`}, "name": {`"><script>`}, "text": {version}}, "part-email-error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := p.ask(request{path: "/subscribe?lang=ja", form: c.form})
			if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), c.near) || strings.Contains(w.Body.String(), "<script") {
				t.Errorf("got %d, want 400 with %s", w.Code, c.near)
			}
		})
	}
	p.settled()
	if sent := p.outbox.all(); len(sent) != 0 {
		t.Errorf("got %d letters, want none", len(sent))
	}
}

// TestLinksThatConfirmNothing: expired, tampered, of another site, of another kind,
// or of a text that is no more.
func TestLinksThatConfirmNothing(t *testing.T) {
	p := newSubscribeWorld(t)
	link := p.subscribes("ja", newcomer)
	token := strings.TrimPrefix(link, "/subscribe/")
	before := p.state()
	other, err := signedlink.NewRing("https://other.example", []signedlink.Key{signedlink.NewKey(signedlink.Server, 1, p.now)})
	if err != nil {
		t.Fatal(err)
	}
	paragraphs, version := p.gate.consent("ja")
	if len(paragraphs) == 0 {
		t.Fatal("there is no text")
	}
	seal := func(ring *signedlink.Ring, use string, parts ...string) string {
		t.Helper()
		sealed, err := ring.Seal(use, []byte(strings.Join(parts, "\x00")), p.now)
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	flipped := []byte(token)
	flipped[40] ^= 1
	for _, c := range []struct {
		name, token string
		status      int
	}{
		{"it is tampered with", string(flipped), http.StatusNotFound},
		{"it is cut", token[:len(token)-4], http.StatusNotFound},
		{"it has more behind it", token + "/x", http.StatusNotFound},
		{"it is nothing", "x", http.StatusNotFound},
		{"it is endless", strings.Repeat("A", 4000), http.StatusNotFound},
		{"it is of another site", seal(other, sealedSubscribe, "ja", version, newcomer, ""), http.StatusNotFound},
		{"it is for something else", seal(p.ring, "invite", "ja", version, newcomer, ""), http.StatusNotFound},
		{"it has fewer parts", seal(p.ring, sealedSubscribe, "ja", version), http.StatusNotFound},
		{"it is of another text", seal(p.ring, sealedSubscribe, "ja", "subscribe-ja-0000000000000000", newcomer, ""), http.StatusGone},
		{"it is in a language that is none", seal(p.ring, sealedSubscribe, "xx", version, newcomer, ""), http.StatusGone},
		{"it is for what is no address", seal(p.ring, sealedSubscribe, "ja", version, "hanako", ""), http.StatusGone},
		{"it is a session", p.token(signedlink.Session, minato, 0), http.StatusNotFound},
		{"it unsubscribes", p.token(signedlink.Unsubscribe, minato, 0), http.StatusNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, form := range []url.Values{nil, {}} {
				if w := p.ask(request{path: "/subscribe/" + c.token, form: form}); w.Code != c.status {
					t.Errorf("got %d, want %d", w.Code, c.status)
				}
			}
		})
	}
	for _, path := range []string{"/k/", "/u/", "/p/", "/s/"} {
		if w := p.ask(request{path: path + token}); w.Code != http.StatusNotFound {
			t.Errorf("at %s: got %d, want 404", path, w.Code)
		}
	}
	p.now = p.now.Add(confirmLifetime)
	for _, form := range []url.Values{nil, {}} {
		if w := p.ask(request{path: link, form: form, accept: "ja"}); w.Code != http.StatusGone || !strings.Contains(w.Body.String(), `href="/subscribe?lang=ja"`) {
			t.Errorf("after two days: got %d, want 410 and the way to ask once more", w.Code)
		}
	}
	if p.settled(); p.state() != before || len(p.outbox.all()) != 1 {
		t.Error("something was stored or sent")
	}
}

// TestConfirmingTwice is confirming once, and no old link undoes what somebody said
// after it.
func TestConfirmingTwice(t *testing.T) {
	p := newSubscribeWorld(t)
	link := p.subscribes("ja", newcomer)
	p.now = p.now.Add(time.Minute)
	if w := p.confirms(link); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "登録しました") {
		t.Fatalf("got %d, want the page that says so", w.Code)
	}
	once := p.state()
	p.now = p.now.Add(time.Minute)
	if w := p.confirms(link); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "もうお届けしています") || p.state() != once || len(p.outbox.all()) != 2 {
		t.Errorf("got %d, want nothing changed and no second welcome", w.Code)
	}
	m, err := p.book.ByAddress(t.Context(), newcomer)
	if err != nil {
		t.Fatal(err)
	}
	p.now = p.now.Add(time.Minute)
	if err := p.book.Unsubscribe(t.Context(), m.ID, 0, p.now, "header"); err != nil {
		t.Fatal(err)
	}
	off := p.state()
	p.now = p.now.Add(time.Minute)
	if w := p.confirms(link); w.Code != http.StatusGone || p.state() != off {
		t.Errorf("got %d, want 410: the old link does not undo an unsubscription", w.Code)
	}
	if err := p.book.Erase(t.Context(), m.ID, p.now); err != nil {
		t.Fatal(err)
	}
	if w := p.confirms(link); w.Code != http.StatusGone || p.state() == off {
		t.Errorf("got %d, want 410: the old link does not bring back who was erased", w.Code)
	}
	p.gate.limits.init() // a quarter of an hour goes by
	p.now = p.now.Add(time.Hour)
	again := p.subscribes("en", newcomer)
	if w := p.confirms(again); w.Code != http.StatusOK {
		t.Errorf("got %d, want who was erased back by a new confirmation", w.Code)
	}
	back, err := p.book.ByAddress(t.Context(), newcomer)
	if err != nil || back.ID == m.ID || back.Language != "en" || !back.Mailable {
		t.Errorf("got %+v (%v), want a new subscriber", back, err)
	}
}

// TestMembersWhoSubscribe: known people come back by their confirmation, keep what
// they may read, and are told how it is.
func TestMembersWhoSubscribe(t *testing.T) {
	for _, c := range []struct {
		name    string
		do      func(p *pageWorld) error
		says    string
		mailed  bool
		letters int
	}{
		{"who gets the letter", func(*pageWorld) error { return nil }, "もうお届けしています", true, 1},
		{"who has unsubscribed", func(p *pageWorld) error {
			return p.book.Unsubscribe(p.t.Context(), p.ids[minato], 0, p.now.Add(-time.Hour), "header")
		}, "登録しました", true, 2},
		{"whom the office has paused", func(p *pageWorld) error {
			_, err := p.book.Update(p.t.Context(), p.ids[minato], p.now, func(m *member.Member) error { m.Status = member.Paused; return nil })
			return err
		}, "事務局にお問い合わせください", false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newSubscribeWorld(t)
			if err := c.do(p); err != nil {
				t.Fatal(err)
			}
			was := p.member(minato)
			w := p.confirms(p.subscribes("ja", minato))
			m := p.member(minato)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), c.says) || m.Mailable != c.mailed || m.Name != was.Name || len(m.Audiences) != 1 {
				t.Errorf("got %d, %+v, want %q", w.Code, m, c.says)
			}
			if got := len(p.outbox.all()); got != c.letters {
				t.Errorf("got %d letters, want %d", got, c.letters)
			}
		})
	}
}

// TestSubscribersAreNoMembers: they see nothing of the members, and the members
// nothing of them.
func TestSubscribersAreNoMembers(t *testing.T) {
	p := newSubscribeWorld(t)
	p.confirms(p.subscribes("ja", newcomer))
	m, err := p.book.ByAddress(t.Context(), newcomer)
	if err != nil {
		t.Fatal(err)
	}
	p.ids[newcomer] = m.ID
	for _, path := range []string{"/events/winter/", "/me/people/", "/me/people/?q=a"} {
		if w := p.ask(request{path: path, as: newcomer}); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "髙梨") {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	}
	home := p.ask(request{path: "/me/", as: newcomer}).Body.String()
	if strings.Contains(home, "/me/people/") || !strings.Contains(home, "H…@Mail.example 様") || !strings.Contains(home, ">購読者<") {
		t.Error("the home page leads to the directory, or calls a subscriber a member")
	}
	before := p.state()
	if w := p.ask(request{path: "/me/preferences/", as: newcomer, form: url.Values{"name": {"everyone"}}}); w.Code != http.StatusBadRequest || p.state() != before {
		t.Errorf("got %d, want 400 for a subscriber who joins the directory", w.Code)
	}
	if _, err := p.book.Update(t.Context(), m.ID, p.now, func(m *member.Member) error {
		m.Name.Latin, m.Visibility = "Stranger", member.Visibility{member.FieldName: member.Everyone}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if page := p.ask(request{path: "/me/people/", as: minato}).Body.String(); strings.Contains(page, "Stranger") || !strings.Contains(page, "髙梨") {
		t.Error("the directory shows who is no member")
	}
	if w := p.ask(request{path: "/me/preferences/", as: newcomer, form: url.Values{"often": {"main"}, "format": {"text"}, "language": {"en"}, "paused": {"2027-01-10"}}}); w.Code != http.StatusOK {
		t.Errorf("got %d, want the preferences of a subscriber saved", w.Code)
	}
}

// TestWithoutSubscribers: a site that takes none has no such address, like any other
// that is not there.
func TestWithoutSubscribers(t *testing.T) {
	p := newSubscribeWorld(t)
	link := p.subscribes("ja", newcomer)
	p.gate.o.Pages.Subscribe = false
	want := p.ask(request{path: "/no/such/"}).Body.String()
	for _, q := range []request{{path: "/subscribe"}, {path: "/subscribe/"}, {path: link}, {path: "/subscribe", form: url.Values{"email": {newcomer}}}, {path: link, form: url.Values{}}} {
		if w := p.ask(q); w.Code != http.StatusNotFound || w.Body.String() != want {
			t.Errorf("%.12s: got %d, want what every URL answers", q.path, w.Code)
		}
	}
}

// TestWelcomeWithoutTheKeyOfLetters leads to the form that mails a way in, and has no
// one-click address.
func TestWelcomeWithoutTheKeyOfLetters(t *testing.T) {
	p := newSubscribeWorld(t)
	ring, err := signedlink.NewRing(pageOrigin, []signedlink.Key{signedlink.NewKey(signedlink.Online, 1, p.now), signedlink.NewKey(signedlink.Server, 1, p.now)})
	if err != nil {
		t.Fatal(err)
	}
	p.gate.o.Ring = ring
	p.confirms(p.subscribes("en", newcomer))
	sent := p.outbox.all()
	if len(sent) != 2 || sent[1].OneClick != "" || !strings.Contains(sent[1].Text, pageOrigin+"/link?lang=en\n") {
		t.Errorf("got %+v, want a welcome with a way to the settings", sent)
	}
}

// TestOtherSitesCannotSubscribe anybody.
func TestOtherSitesCannotSubscribe(t *testing.T) {
	p := newSubscribeWorld(t)
	link := p.subscribes("ja", newcomer)
	before := p.state()
	for path, form := range map[string]url.Values{"/subscribe?lang=ja": p.application("ja", minato), link: {}} {
		for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, {"Origin": "https://elsewhere.example"}} {
			if w := p.ask(request{path: path, form: form, header: header}); w.Code != http.StatusForbidden {
				t.Errorf("%.12s: got %d, want 403", path, w.Code)
			}
		}
	}
	if p.settled(); p.state() != before || len(p.outbox.all()) != 1 {
		t.Error("something was stored or sent")
	}
}

func TestWhatIsKeptOfANetwork(t *testing.T) {
	for address, want := range map[string]string{"203.0.113.77:1": "203.0.113.0/24", "[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1::/48", "[::ffff:203.0.113.7]:1": "203.0.113.0/24", "@": ""} {
		r := &http.Request{RemoteAddr: address}
		if got := networkOf(r).kept(); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}
