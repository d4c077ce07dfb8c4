package gate_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

func TestEntering(t *testing.T) {
	f := newFixture(t, nil)
	now := f.clock.Now()
	view := func(id uint32) string { return f.link(signedlink.View, id, now, 0) }
	for _, tt := range []struct{ name, path, cookie, want string }{ // want is where it leads; "" is nowhere
		{"a link alone leads home", "/k/" + view(alumna), "", "/"},
		{"a landing is found", "/k/" + view(alumna) + "/letters/1/", "", "/letters/1/"},
		{"also without its slash", "/k/" + view(alumna) + "/letters/1", "", "/letters/1/"},
		{"also in other alphabets", "/k/" + view(alumna) + "/tags/%E6%B5%B7/", "", "/tags/%E6%B5%B7/"},
		{"the member's own page is a landing", "/k/" + view(alumna) + "/me/", "", "/me/"},
		{"what the member may not read is none", "/k/" + view(alumna) + "/office/", "", "/"},
		{"another host is none", "/k/" + view(alumna) + "//evil.example/", "", "/"},
		{"nor with a backslash", "/k/" + view(alumna) + "/\\evil.example/", "", "/"},
		{"nor with a scheme", "/k/" + view(alumna) + "/https://evil.example/", "", "/"},
		{"nor by a line break", "/k/" + view(alumna) + "/%0d%0aLocation:%20https://evil.example/", "", "/"},
		{"nor by a query", "/k/" + view(alumna) + "/?return=https://evil.example/", "", "/"},
		{"another link of the same member enters again", "/k/" + view(alumna), f.cookie(alumna), "/"},
		{"a session of another member is asked about", "/k/" + view(alumna), f.cookie(another), ""},
		{"a link of somebody who left does not open", "/k/" + view(left), "", ""},
		{"a link for another purpose does not open", "/k/" + f.link(signedlink.Unsubscribe, alumna, now, 0), "", ""},
		{"a session is no link", "/k/" + f.session(alumna, now, now), "", ""},
		{"an expired link does not open", "/k/" + f.link(signedlink.View, alumna, now.Add(-46*24*time.Hour), 0), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := f.do("GET", tt.path, "Cookie", tt.cookie)
			cookie := res.Header.Get("Set-Cookie")
			if got := res.Header.Get("Location"); got != tt.want || (res.StatusCode == 303) != (tt.want != "") || (cookie != "") != (tt.want != "") {
				t.Fatalf("got %d to %q with cookie %q, want %q", res.StatusCode, got, cookie, tt.want)
			}
			if tt.want == "" {
				return
			}
			if value, attributes, _ := strings.Cut(cookie, ";"); !strings.HasPrefix(value, "__Host-kaiho=") || attributes != " Path=/; Max-Age=7776000; HttpOnly; Secure; SameSite=Lax" {
				t.Errorf("got cookie %q", cookie)
			}
			value, _, _ := strings.Cut(cookie, ";")
			if got := body(t, f.do("GET", "/letters/1/", "Cookie", value)); !strings.Contains(got, canary) {
				t.Errorf("got %.60q, want the letter", got)
			}
		})
	}
}

func TestSwitchingIsADecision(t *testing.T) {
	f := newFixture(t, nil)
	link := "/k/" + f.link(signedlink.View, alumna, f.clock.Now(), 0)
	res := f.post(link, "switch=yes", "Cookie", f.cookie(another), "Sec-Fetch-Site", "same-origin")
	if res.StatusCode != 303 || res.Header.Get("Set-Cookie") == "" {
		t.Errorf("got %d, want 303 and a new session", res.StatusCode)
	}
	res = f.post(link, "switch=yes", "Cookie", f.cookie(another), "Sec-Fetch-Site", "cross-site")
	if res.StatusCode != 403 || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("from another site: got %d, want 403", res.StatusCode)
	}
}

func TestCookies(t *testing.T) {
	f := newFixture(t, nil)
	now := f.clock.Now()
	good := f.session(alumna, now, now)
	other := newRing(t, "https://other.example", now.Add(-time.Hour))
	foreign, err := other.Sign(signedlink.Claims{Purpose: signedlink.Session, Issued: now, Lifetime: time.Hour, Member: alumna, Ref: uint32(now.Unix())})
	if err != nil {
		t.Fatal(err)
	}
	const name = gate.CookieName
	for _, tt := range []struct {
		name, cookie string
		want         bool
	}{
		{"one cookie", name + "=" + good, true},
		{"among others", "a=b; " + name + "=" + good + "; c=d", true},
		{"without a space", "a=b;" + name + "=" + good, true},
		{"two of that name", name + "=" + good + "; " + name + "=" + good, false},
		{"two of that name, one of them empty", name + "=; " + name + "=" + good, false},
		{"another spelling of the name", strings.ToUpper(name) + "=" + good, false},
		{"the name of plain HTTP", "kaiho=" + good, false},
		{"quotes", name + `="` + good + `"`, false},
		{"a space before the name's end", name + " =" + good, false},
		{"a tail", name + "=" + good + "A", false},
		{"a missing end", name + "=" + good[:47], false},
		{"a line break", name + "=" + good[:47] + "\n", false},
		{"another letter", name + "=" + good[:20] + flip(good[20]) + good[21:], false},
		{"another last letter", name + "=" + good[:47] + flip(good[47]), false},
		{"another site's", name + "=" + foreign, false},
		{"a link instead of a session", name + "=" + f.link(signedlink.View, alumna, now, 0), false},
		{"somebody who left", name + "=" + f.session(left, now, now), false},
		{"one of the future", name + "=" + f.session(alumna, now.Add(time.Hour), now), false},
		{"an expired one", name + "=" + f.session(alumna, now.Add(-91*24*time.Hour), now.Add(-91*24*time.Hour)), false},
		{"one of a member who proved it too long ago", name + "=" + f.session(alumna, now.Add(-time.Hour), now.Add(-400*24*time.Hour)), false},
		{"the last minute of it", name + "=" + f.session(alumna, now.Add(-time.Hour), now.Add(-400*24*time.Hour+time.Minute)), true},
		{"one that says it was proved after it was issued", name + "=" + f.session(alumna, now.Add(-time.Hour), now), false},
		{"much that is no cookie", strings.Repeat(";=;", 500), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := f.do("GET", "/letters/1/", "Cookie", tt.cookie)
			if got := strings.Contains(body(t, res), canary); got != tt.want {
				t.Errorf("got %v (%d), want %v", got, res.StatusCode, tt.want)
			}
		})
	}
	if res := f.do("GET", "/letters/1/", "Cookie", name+"="+good, "Cookie", name+"="+good); res.StatusCode != 404 {
		t.Errorf("two header lines: got %d, want 404", res.StatusCode)
	}
}

func flip(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

func TestPlainCookieOnThisMachine(t *testing.T) {
	f := newFixture(t, func(o *gate.Options) { o.Hosts = []string{"127.0.0.1:8090"} })
	r, err := http.NewRequest("GET", "http://127.0.0.1:8090/k/"+f.link(signedlink.View, alumna, f.clock.Now(), 0), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := newRecorder()
	f.gate.ServeHTTP(w, r)
	cookie := w.Header().Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "kaiho=") || strings.Contains(cookie, "Secure") {
		t.Errorf("got %q, want a cookie that works without TLS", cookie)
	}
}

func TestSessionIsRenewed(t *testing.T) {
	f := newFixture(t, nil)
	start := f.clock.Now()
	for _, tt := range []struct {
		name, method, path string
		age, since         time.Duration
		headers            []string
		want               string // Max-Age; "" is no new cookie
	}{
		{"not within a day", "GET", "/letters/1/", 23 * time.Hour, 0, nil, ""},
		{"after a day", "GET", "/letters/1/", 24 * time.Hour, 24 * time.Hour, nil, "7776000"},
		{"also on a public page", "GET", "/about/", 24 * time.Hour, 24 * time.Hour, nil, "7776000"},
		{"not beyond the longest session", "GET", "/about/", 24 * time.Hour, 399 * 24 * time.Hour, nil, "86400"},
		{"not with HEAD", "HEAD", "/letters/1/", 48 * time.Hour, 48 * time.Hour, nil, ""},
		{"not with an asset", "GET", "/assets/site.0123456789.css", 48 * time.Hour, 48 * time.Hour, nil, ""},
		{"not with a part", "GET", "/letters/1/", 48 * time.Hour, 48 * time.Hour, []string{"Range", "bytes=0-9"}, ""},
		{"not with what is not there", "GET", "/office/", 48 * time.Hour, 48 * time.Hour, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cookie := gate.CookieName + "=" + f.session(alumna, start.Add(-tt.age), start.Add(-max(tt.age, tt.since)))
			res := f.do(tt.method, tt.path, append(tt.headers, "Cookie", cookie)...)
			got := res.Header.Get("Set-Cookie")
			if tt.want == "" && got != "" || tt.want != "" && !strings.Contains(got, "Max-Age="+tt.want+";") {
				t.Errorf("got %q, want Max-Age=%s", got, tt.want)
			}
		})
	}
	old := gate.CookieName + "=" + f.session(alumna, start.Add(-25*time.Hour), start.Add(-25*time.Hour))
	etag := f.do("GET", "/letters/1/", "Cookie", f.cookie(alumna)).Header.Get("Etag")
	if res := f.do("GET", "/letters/1/", "Cookie", old, "If-None-Match", etag); res.StatusCode != 304 || res.Header.Get("Set-Cookie") == "" {
		t.Errorf("got %d %v, want 304 and a new cookie", res.StatusCode, res.Header)
	}
}

func TestRevokedAtTheNextRequest(t *testing.T) {
	f := newFixture(t, nil)
	cookie := f.cookie(alumna)
	link := f.link(signedlink.View, alumna, f.clock.Now(), 0)
	f.clock.move(time.Minute)
	f.roster.set(alumna, member.Reader{Audiences: []string{"alumni"}, ValidAfter: f.clock.Now()})
	if res := f.do("GET", "/letters/1/", "Cookie", cookie); res.StatusCode != 404 {
		t.Errorf("session: got %d, want 404", res.StatusCode)
	}
	if res := f.do("GET", "/k/"+link); res.Header.Get("Set-Cookie") != "" {
		t.Errorf("link: got %d and a session", res.StatusCode)
	}
}

func TestNobodyEntersWithoutARoster(t *testing.T) {
	f := newFixture(t, nil)
	cookie := f.cookie(alumna)
	f.roster.fail(errors.New("locked"))
	for _, tt := range []struct {
		path, cookie string
		want         int
	}{
		{"/letters/1/", cookie, 503}, {"/", "", 200}, {"/letters/1/", "", 404}, {"/k/" + f.link(signedlink.View, alumna, f.clock.Now(), 0), "", 503},
	} {
		if res := f.do("GET", tt.path, "Cookie", tt.cookie); res.StatusCode != tt.want || strings.Contains(body(t, res), canary) {
			t.Errorf("%.20s: got %d, want %d", tt.path, res.StatusCode, tt.want)
		}
	}
}

func TestSigningOut(t *testing.T) {
	f := newFixture(t, nil)
	for _, tt := range []struct {
		name   string
		header []string
		want   int
	}{
		{"from a page of ours", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"from a browser that says only its origin", []string{"Origin", "https://nagi.example"}, 200},
		{"from another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"from another origin", []string{"Origin", "https://evil.example"}, 403},
		{"from a page without an origin", []string{"Origin", "null"}, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := f.post("/logout", "", append(tt.header, "Cookie", f.cookie(alumna))...)
			gone := strings.HasPrefix(res.Header.Get("Set-Cookie"), gate.CookieName+"=; Path=/; Max-Age=0")
			if out := res.Header.Get("Clear-Site-Data") == `"cache"`; res.StatusCode != tt.want || gone != (tt.want == 200) || out != gone {
				t.Errorf("got %d %v, want %d", res.StatusCode, res.Header, tt.want)
			}
		})
	}
}

// TestNothingMadeOfARevokedTokenOutlivesIt revokes while the roster is behind, as
// it is for a moment: what is made of the old token then must end with it.
func TestNothingMadeOfARevokedTokenOutlivesIt(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(f *fixture, old, link string) *http.Response
	}{
		{"a session of an old link", func(f *fixture, _, link string) *http.Response { return f.do("GET", "/k/"+link) }},
		{"a session that is renewed after a day", func(f *fixture, old, _ string) *http.Response { return f.do("GET", "/letters/1/", "Cookie", old) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, nil)
			long := f.clock.Now().Add(-36 * time.Hour)
			old, link := gate.CookieName+"="+f.session(alumna, long, long), f.link(signedlink.View, alumna, long, 0)
			f.clock.move(900 * time.Millisecond)
			revoked := f.clock.Now()
			f.clock.move(300 * time.Millisecond) // into the next second
			res := tt.make(f, old, link)
			cookies := res.Cookies()
			if len(cookies) != 1 {
				t.Fatalf("got %d and %d cookies, want one", res.StatusCode, len(cookies))
			}
			f.roster.set(alumna, member.Reader{Audiences: []string{"alumni"}, ValidAfter: revoked})
			fresh := cookies[0].Name + "=" + cookies[0].Value
			if got := f.do("GET", "/letters/1/", "Cookie", fresh).StatusCode; got != 404 {
				t.Errorf("with the new session: got %d, want 404", got)
			}
		})
	}
}
