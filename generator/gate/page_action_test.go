package gate

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// TestUnsubscribe: a button stops, twice is once, and a button takes it back.
func TestUnsubscribe(t *testing.T) {
	p := newPageWorld(t)
	path := "/u/" + p.token(signedlink.Unsubscribe, minato, 1)
	page := p.ask(request{path: path}).Body.String()
	if !strings.Contains(page, "「凪だより」の配信を止めますか") || !strings.Contains(page, "髙梨 湊 様") || strings.Contains(page, minato) {
		t.Error("the page does not say which letter and whose, or shows the address")
	}
	before := p.state()
	form := formsOf(page)[0]
	done := p.ask(request{path: form.action, form: form.fields})
	if done.Code != http.StatusOK || !strings.Contains(done.Body.String(), "「凪だより」の配信を止めました") {
		t.Fatalf("got %d, want the page that says it is stopped", done.Code)
	}
	once := p.state()
	if getsList(p.member(minato), 1) || !getsList(p.member(minato), 2) || once == before {
		t.Errorf("got %+v, want off list 1 alone", p.member(minato).Preferences.Lists)
	}
	p.now = p.now.Add(time.Minute)
	if p.ask(request{path: form.action, form: form.fields}); p.state() != once {
		t.Error("a second POST changed something")
	}
	if again := p.ask(request{path: path}).Body.String(); !strings.Contains(again, "「凪だより」の配信は止まっています") {
		t.Error("the page does not say that the letter is stopped")
	}
	undo := formsOf(done.Body.String())[0]
	back := p.ask(request{path: undo.action, form: undo.fields})
	if !getsList(p.member(minato), 1) || !strings.Contains(back.Body.String(), "またお送りします") {
		t.Error("the button did not take it back")
	}
	redo := formsOf(back.Body.String())[0]
	if p.ask(request{path: redo.action, form: redo.fields}); getsList(p.member(minato), 1) {
		t.Error("what was taken back cannot be taken back")
	}
}

// TestOneClick holds RFC 8058, and the two kinds of token apart.
func TestOneClick(t *testing.T) {
	oneClick, button := url.Values{"List-Unsubscribe": {"One-Click"}}, url.Values{"action": {"stop"}}
	for _, c := range []struct {
		name    string
		purpose signedlink.Purpose
		form    url.Values
		status  int
		stopped bool
	}{
		{"a mail program posts the token of the header", signedlink.UnsubscribeHeader, oneClick, 200, true},
		{"a mail program posts the token of the text", signedlink.Unsubscribe, oneClick, 400, false},
		{"the button's form with the token of the header", signedlink.UnsubscribeHeader, button, 400, false},
		{"the button's form", signedlink.Unsubscribe, button, 200, true},
		{"both in one form", signedlink.UnsubscribeHeader, url.Values{"List-Unsubscribe": {"One-Click"}, "action": {"stop"}}, 400, false},
		{"another word", signedlink.UnsubscribeHeader, url.Values{"List-Unsubscribe": {"Two-Clicks"}}, 400, false},
		{"an empty form", signedlink.Unsubscribe, url.Values{}, 400, false},
		{"a token of letters", signedlink.View, oneClick, 404, false},
		{"a token of preferences", signedlink.Preferences, button, 404, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPageWorld(t)
			w := p.ask(request{path: "/u/" + p.token(c.purpose, minato, 1), form: c.form})
			if w.Code != c.status || getsList(p.member(minato), 1) == c.stopped {
				t.Errorf("got %d, stopped %v, want %d, %v", w.Code, !getsList(p.member(minato), 1), c.status, c.stopped)
			}
			if c.purpose == signedlink.UnsubscribeHeader && c.stopped && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
				t.Errorf("got %q, want a plain answer", w.Header().Get("Content-Type"))
			}
		})
	}
}

// TestLettersCanAlwaysBeStopped: by a link that was revoked, and by who is paused;
// such a link names nobody and takes nothing back.
func TestLettersCanAlwaysBeStopped(t *testing.T) {
	p := newPageWorld(t)
	path := "/u/" + p.token(signedlink.Unsubscribe, minato, 1)
	if err := p.book.Revoke(t.Context(), p.ids[minato], p.now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := p.roster.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := p.ask(request{path: path}).Body.String()
	if strings.Contains(page, "髙梨") {
		t.Error("a revoked link names the member")
	}
	form := formsOf(page)[0]
	done := p.ask(request{path: form.action, form: form.fields})
	if done.Code != http.StatusOK || getsList(p.member(minato), 1) || strings.Contains(done.Body.String(), "resume\"><p class=\"buttons\">") {
		t.Errorf("got %d, want the letter stopped", done.Code)
	}
	if w := p.ask(request{path: path, form: url.Values{"action": {"resume"}}}); w.Code != http.StatusBadRequest || getsList(p.member(minato), 1) {
		t.Errorf("got %d, want 400 for taking it back", w.Code)
	}
}

// TestPreferences: what is saved is said, twice is once, what is sent unchanged
// changes nothing, and a button takes all of it back.
func TestPreferences(t *testing.T) {
	for name, place := range map[string]func(p *pageWorld) request{
		"by the link of a letter": func(p *pageWorld) request {
			return request{path: "/p/" + p.token(signedlink.Preferences, minato, 0)}
		},
		"by the session": func(*pageWorld) request { return request{path: "/me/preferences/", as: minato} },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPageWorld(t)
			q := place(p)
			before := p.state()
			forms := formsOf(p.ask(q).Body.String())
			form := forms[len(forms)-1]
			q.form = form.fields
			if w := p.ask(q); w.Code != http.StatusOK || p.state() != before || !strings.Contains(w.Body.String(), "変わったところはありません") {
				t.Fatalf("got %d, want 200 and nothing changed by a form as it was shown", w.Code)
			}
			was := p.member(minato)
			q.form = url.Values{"language": {"en"}, "lists": {"shown"}, "list": {"2"}, "often": {"main"}, "format": {"text"}, "paused": {"2027-01-10"},
				"name": {"office"}, "skills": {"hidden"}, "region": {"everyone"}}
			saved := p.ask(q)
			m := p.member(minato)
			if m.Language != "en" || getsList(m, 1) || !getsList(m, 2) || m.Preferences.Frequency != "main" || m.Preferences.Format != "text" ||
				m.Preferences.PausedUntil.Format(time.DateOnly) != "2027-01-10" || m.Visibility.Of("name") != member.Office ||
				m.Visibility.Of("skills") != member.Hidden || m.Visibility.Of("region") != member.Everyone || m.Visibility.Of("former") != was.Visibility.Of("former") {
				t.Errorf("got %+v, want what was sent", m)
			}
			for _, text := range []string{"Saved", "Nagi Letter: no", "letters start again on 10 January 2027", "Skills: Shown to nobody"} {
				if !strings.Contains(saved.Body.String(), text) {
					t.Errorf("the answer does not say %q", text)
				}
			}
			consents, err := p.book.Consents(t.Context(), m.ID)
			if last := consents[len(consents)-1]; err != nil || last.Purpose != member.Directory || last.Given || last.Version != directoryText {
				t.Errorf("got %+v, want the end of the consent to be listed", last)
			}
			once := p.state()
			p.now = p.now.Add(time.Minute)
			if p.ask(q); p.state() != once {
				t.Error("a second POST changed something")
			}
			undo := formsOf(saved.Body.String())[0]
			q.form = undo.fields
			p.ask(q)
			back := p.member(minato)
			if back.Language != was.Language || !getsList(back, 1) || oftenOf(back) != oftenOf(was) || formatOf(back) != formatOf(was) ||
				!back.Preferences.PausedUntil.IsZero() || back.Visibility.Of("region") != member.Office || !isListed(back) || back.Visibility.Of("skills") != was.Visibility.Of("skills") {
				t.Errorf("got %+v, want what there was before: %+v", back, was)
			}
		})
	}
}

func TestPreferencesThatCannotBe(t *testing.T) {
	p := newPageWorld(t)
	before := p.state()
	for _, c := range []struct {
		name string
		form url.Values
		near string // what the answer has next to the field
	}{
		{"a day that is past", url.Values{"paused": {"2026-11-01"}, "often": {"main"}}, "part-paused-error"},
		{"a day that is none", url.Values{"paused": {"<script>"}}, "part-paused-error"},
		{"a day in ten years", url.Values{"paused": {"2036-11-01"}}, "part-paused-error"},
		{"a level that is none", url.Values{"name": {"world"}}, ""},
		{"a field that is none", url.Values{"id": {"everyone"}}, ""},
		{"a field of the office", url.Values{"audiences": {"staff"}}, ""},
		{"a list that is none", url.Values{"lists": {"shown"}, "list": {"7"}}, ""},
		{"two languages", url.Values{"language": {"ja", "en"}}, ""},
		{"a language that is none", url.Values{"language": {"xx"}}, ""},
		{"far too much", url.Values{"name": {strings.Repeat("a", maxFormBytes)}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := p.ask(request{path: "/me/preferences/", as: minato, form: c.form})
			if w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), c.near) || strings.Contains(w.Body.String(), "<script") {
				t.Errorf("got %d, want 4xx in words", w.Code)
			}
			if p.state() != before {
				t.Error("something has changed")
			}
		})
	}
}

// TestOtherSitesCannotPost: neither with a session nor, but for one-click, with a
// token.
func TestOtherSitesCannotPost(t *testing.T) {
	p := newPageWorld(t)
	before := p.state()
	for _, header := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
		{"Sec-Fetch-Site": "same-site"},
		{"Origin": "https://elsewhere.example"},
		{"Origin": "null", "Sec-Fetch-Site": "cross-site"},
	} {
		for path, form := range map[string]url.Values{
			"/me/preferences/": {"name": {"everyone"}},
			"/me/renew":        {},
			"/logout":          {"everywhere": {"yes"}},
			"/link":            {"email": {minato}},
			"/subscribe":       {"email": {minato}},
			"/u/" + p.token(signedlink.Unsubscribe, minato, 1): {"action": {"stop"}},
			"/p/" + p.token(signedlink.Preferences, minato, 0): {"often": {"main"}},
			"/s/" + p.token(signedlink.SignIn, minato, 0):      {},
		} {
			w := p.ask(request{path: path, form: form, as: minato, header: header})
			if w.Code != http.StatusForbidden || w.Header().Get("Set-Cookie") != "" || !strings.Contains(w.Body.String(), "<h1>") {
				t.Errorf("%s from %v: got %d, want 403 in words", path[:3], header, w.Code)
			}
		}
	}
	p.settled()
	if p.state() != before || len(p.outbox.all()) != 0 {
		t.Error("something was changed or sent from another site")
	}
}

// TestDirectoryShowsWhatIsShown: only who opted in, of each only what they show;
// what is hidden is not found either.
func TestDirectoryShowsWhatIsShown(t *testing.T) {
	p := newPageWorld(t)
	page := func(q string) string {
		w := p.ask(request{path: "/me/people/?q=" + url.QueryEscape(q), as: minato})
		if w.Code != http.StatusOK {
			t.Fatalf("got %d, want 200", w.Code)
		}
		return w.Body.String()
	}
	all := page("")
	for _, hidden := range []string{"ひみつ", "𠮷村", linh, chihiro, "<script"} {
		if strings.Contains(all, hidden) {
			t.Errorf("the directory shows %q", hidden)
		}
	}
	names := []string{"髙梨 湊", "チャン リン", "山﨑 千尋", "（旧姓 小野寺）", "&lt;script&gt;"}
	for _, shown := range names {
		if !strings.Contains(all, shown) {
			t.Errorf("the directory does not show %q", shown)
		}
	}
	if order := []int{strings.Index(all, "<h3>髙梨 湊"), strings.Index(all, "<h3>チャン リン"), strings.Index(all, "<h3>山﨑 千尋")}; !slices.IsSorted(order) {
		t.Errorf("got the order %v, want that of the readings", order)
	}
	for _, c := range []struct {
		query string
		want  string // "": nobody
	}{
		{"高梨", "髙梨 湊"}, {"ﾀｶﾅｼ", "髙梨 湊"}, {"みなと　たかなし", "髙梨 湊"}, {"takanashi", "髙梨 湊"}, {"ＴＡＫＡＮＡＳＨＩ", "髙梨 湊"},
		{"光学", "髙梨 湊"}, {"だいびんぐ", "髙梨 湊"}, {"小野寺", "山﨑 千尋"}, {"山崎", "山﨑 千尋"}, {"tran", "チャン リン"},
		{"ひみつ", ""}, {"吉村", ""}, {"mail.example", ""}, {"<script>alert(2)", ""}, {"2009", ""},
	} {
		found := page(c.query)
		for _, name := range names[:3] {
			if got := strings.Contains(found, "<h3>"+name); got != (name == c.want) {
				t.Errorf("%q: got %v for %s, want %v", c.query, got, name, name == c.want)
			}
		}
		if strings.Contains(found, "<script") {
			t.Errorf("%q is not escaped", c.query)
		}
	}
	if w := p.ask(request{path: "/me/people/"}); w.Code != http.StatusNotFound {
		t.Errorf("got %d without a session, want 404", w.Code)
	}
}

// TestSwitchAsks: another member's link does not take the place of a session by
// itself.
func TestSwitchAsks(t *testing.T) {
	p := newPageWorld(t)
	path := "/k/" + p.token(signedlink.View, linh, 0) + "/events/winter/"
	w := p.ask(request{path: path, as: minato})
	page := w.Body.String()
	if w.Code != http.StatusOK || w.Header().Get("Set-Cookie") != "" || !strings.Contains(page, "髙梨 湊 様") || !strings.Contains(page, "チャン リン 様") ||
		!strings.Contains(page, `href="/events/winter/"`) {
		t.Fatalf("got %d, want a page that names both", w.Code)
	}
	form := formsOf(page)[0]
	if in := p.ask(request{path: form.action, form: form.fields, as: minato}); in.Code != http.StatusSeeOther || in.Header().Get("Location") != "/events/winter/" {
		t.Errorf("got %d to %q, want 303 to the landing", in.Code, in.Header().Get("Location"))
	}
}

// TestRenew moves the end of a session on, up to its longest.
func TestRenew(t *testing.T) {
	p := newPageWorld(t)
	w := p.ask(request{path: "/me/renew", form: url.Values{}, as: minato})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/me/?renewed" || !strings.HasPrefix(w.Header().Get("Set-Cookie"), CookieName+"=") {
		t.Fatalf("got %d and %q, want 303 to the home page with a new cookie", w.Code, w.Header().Get("Set-Cookie"))
	}
	cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	home := p.ask(request{path: "/me/?renewed", header: map[string]string{"Cookie": cookie}}).Body.String()
	for _, text := range []string{"期限を延ばしました", "2027年2月18日まで", "2027年12月25日まで"} {
		if !strings.Contains(home, text) {
			t.Errorf("the home page does not say %q", text)
		}
	}
	p.now = p.now.Add(time.Hour)
	if later := p.ask(request{path: "/me/?renewed", header: map[string]string{"Cookie": cookie}}).Body.String(); strings.Contains(later, "期限を延ばしました") {
		t.Error("the home page says what a query says")
	}
	if get := p.ask(request{path: "/me/renew", as: minato}); get.Code != http.StatusMethodNotAllowed {
		t.Errorf("got %d by GET, want 405", get.Code)
	}
}

// TestRefusalsSpeak: each in words, in both languages.
func TestRefusalsSpeak(t *testing.T) {
	p := newPageWorld(t)
	for _, q := range []struct {
		name   string
		ask    request
		status int
	}{
		{"a form of another kind", request{path: "/link", form: url.Values{"email": {minato}}, header: map[string]string{"Content-Type": "text/plain"}}, 400},
		{"a POST to the directory", request{path: "/me/people/", form: url.Values{}, as: minato}, 405},
		{"a GET that would sign out", request{path: "/logout", as: minato}, 405},
	} {
		for lang, word := range map[string]string{"ja": "お受けできませんでした", "en": "That did not work"} {
			q.ask.accept = lang
			w := p.ask(q.ask)
			if w.Code != q.status || !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s: got %d, want %d in %s", q.name, w.Code, q.status, lang)
			}
		}
	}
}

// TestBookThatDoesNotAnswer: 503 in words, and nobody is in.
func TestBookThatDoesNotAnswer(t *testing.T) {
	p := newPageWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // as if the database took too long
	for _, path := range []string{"/me/", "/me/people/", "/me/preferences/", "/u/" + p.token(signedlink.Unsubscribe, minato, 1)} {
		r := httptest.NewRequest(http.MethodGet, pageOrigin+path, nil).WithContext(ctx)
		r.Header.Set("Cookie", CookieName+"="+p.token(signedlink.Session, minato, uint32(p.now.Unix())))
		w := httptest.NewRecorder()
		p.gate.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "ただいま準備をしています") || strings.Contains(w.Body.String(), "髙梨") {
			t.Errorf("%s: got %d, want 503 in words", path[:3], w.Code)
		}
	}
}

func BenchmarkDirectory(b *testing.B) {
	d, err := newDesk("")
	if err != nil {
		b.Fatal(err)
	}
	var all []member.Member
	for range 500 {
		all = append(all, pagePeople()...)
	}
	for _, query := range []string{"", "たかなし"} {
		b.Run("members=2000/query="+query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				directory(all, foldWords(query), "ja", d.words["ja"])
			}
		})
	}
}
