package signedlink

import (
	"fmt"
	"strings"
	"testing"
)

// canary is in every file for members, and in nothing for the public.
const canary = "only-for-members"

// edgeSite is a site of two audiences, of which staff comes first.
func edgeSite(t *testing.T) (site map[string]any, files map[string]string) {
	files = map[string]string{
		"/public/index.html":                       "home",
		"/public/404.html":                         "not here",
		"/public/news/index.html":                  "news",
		"/public/news/植物/index.html":               "plant",
		"/public/assets/site.css":                  "css",
		"/public/admin/index.html":                 "cms",
		"/public/admin/config.yml":                 "backend",
		"/members/alumni/news/index.html":          canary + " news of alumni",
		"/members/alumni/events/index.html":        canary + " events",
		"/members/alumni/404.html":                 canary + " not here",
		"/members/staff/news/index.html":           canary + " news of staff",
		"/members/staff/papers/a#b?/index.html":    canary + " paper",
		"/members/staff/assets/site.css":           canary + " css",
		"/newsletters/12/alumni.html":              canary + " letter",
		"/members/alumni/lost/forgotten/page.html": canary + " forgotten",
	}
	var outputs []map[string]any
	for name := range files {
		if name == "/members/alumni/lost/forgotten/page.html" {
			continue // on the host, and not in the manifest
		}
		outputs = append(outputs, map[string]any{"path": name[1:], "audience": "", "sha256": fmt.Sprintf("%064x", len(name)), "size": 1})
	}
	outputs = append(outputs, map[string]any{"path": "public/gone/index.html", "sha256": strings.Repeat("0", 64), "size": 1}) // in the manifest, and not on the host
	return map[string]any{
		"origin": origin, "audiences": []string{"staff", "alumni"}, "keys": publicJSON(t, someKeys()),
		"roster": edgeRoster{[]edgeMember{
			{1, []string{"alumni"}, nil}, {2, []string{"alumni", "staff"}, nil}, {3, []string{"alumni"}, at.Unix()}, {4, []string{"strangers", "public"}, nil}}},
		"manifest": map[string]any{"version": 1, "generator": "kaiho", "outputs": outputs},
	}, files
}

type edgeRequest struct {
	Method  string            `json:"method,omitempty"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
}

type edgeResponse struct {
	Status  int
	Headers map[string]string
	Body    string
	Asked   []string
}

// viewToken is a view link of a member, an hour old.
func viewToken(member uint32) string {
	return genuine(seeded(Mail, 1), View, letter, func(f *forge) { f.member = member }).token()
}

func ask(t *testing.T, site map[string]any, files map[string]string, requests ...edgeRequest) []edgeResponse {
	t.Helper()
	answers := node[edgeResponse](t, map[string]any{"site": site, "files": files, "now": at.Unix(), "requests": requests})
	if len(answers) != len(requests) {
		t.Fatalf("got %d answers to %d requests", len(answers), len(requests))
	}
	return answers
}

// edgeRead is a request and its answer.
type edgeRead struct {
	name, method, path, cookie string
	status                     int
	body                       string
}

// edgeReads are requests to the site of edgeSite, by all who may and may not.
func edgeReads() []edgeRead {
	alumna, staff, revoked, stranger := viewToken(1), viewToken(2), viewToken(3), viewToken(4)
	expired := genuine(seeded(Mail, 1), View, 1, func(f *forge) { f.member = 1 }).token()
	unsubscribe := genuine(seeded(Mail, 1), Unsubscribe, letter, func(f *forge) { f.member = 1 }).token()
	const c = "__Host-kaiho="
	return []edgeRead{
		{"the public reads public pages", "", "/", "", 200, "home"},
		{"the public reads the public page of a URL that has others", "", "/news/", "", 200, "news"},
		{"the public reads no members' page", "", "/events/", "", 404, "not here"},
		{"a page that there is not is the same to them", "", "/nothing/", "", 404, "not here"},
		{"an alumna reads her page", "", "/news/", c + alumna, 200, canary + " news of alumni"},
		{"an alumna reads a page that the public has not", "", "/events/", c + alumna, 200, canary + " events"},
		{"an alumna reads public pages", "", "/", c + alumna, 200, "home"},
		{"an alumna reads no page of staff", "", "/papers/a%23b%3F/", c + alumna, 404, canary + " not here"},
		{"of two overlays the first counts", "", "/news/", c + staff, 200, canary + " news of staff"},
		{"the second has what the first has not", "", "/events/", c + staff, 200, canary + " events"},
		{"signs in a path", "", "/papers/a%23b%3F/", c + staff, 200, canary + " paper"},
		{"a Japanese path", "", "/news/%E6%A4%8D%E7%89%A9/", "", 200, "plant"},
		{"a Japanese path in lower case", "", "/news/%e6%a4%8d%e7%89%a9/", "", 200, "plant"},
		{"another spelling is the same entry", "", "/%6Eews/", c + alumna, 200, canary + " news of alumni"},
		{"a revoked member reads as the public", "", "/news/", c + revoked, 200, "news"},
		{"audiences that there are not open nothing", "", "/events/", c + stranger, 404, "not here"},
		{"an expired link opens nothing", "", "/events/", c + expired, 404, "not here"},
		{"an unsubscribe link opens nothing", "", "/events/", c + unsubscribe, 404, "not here"},
		{"nonsense opens nothing", "", "/events/", c + "x", 404, "not here"},
		{"two cookies open nothing", "", "/events/", c + alumna + "; " + c + alumna, 404, "not here"},
		{"quotes open nothing", "", "/events/", c + `"` + alumna + `"`, 404, "not here"},
		{"a cookie of another name opens nothing", "", "/events/", "kaiho=" + alumna, 404, "not here"},
		{"another cookie does not matter", "", "/events/", "a=b; " + c + alumna + "; d", 200, canary + " events"},
		{"the tree's own path is none", "", "/members/alumni/events/", c + alumna, 404, canary + " not here"},
		{"nor that of its file", "", "/members/alumni/events/index.html", "", 404, "not here"},
		{"nor that of the public tree", "", "/public/news/", "", 404, "not here"},
		{"the file behind a page is no address", "", "/news/index.html", "", 404, "not here"},
		{"dots lead nowhere", "", "/news/../members/alumni/events/", "", 404, "not here"},
		{"hidden dots lead nowhere", "", "/news/%2e%2e/members/alumni/events/", "", 404, "not here"},
		{"two slashes are none", "", "//events/", c + alumna, 404, canary + " not here"},
		{"a hidden slash is none", "", "/news%2f", c + alumna, 404, "not here"},
		{"a hidden backslash is none", "", "/news%5C", c + alumna, 404, "not here"},
		{"capitals are others", "", "/News/", "", 404, "not here"},
		{"a semicolon belongs to the name", "", "/events/;x", c + alumna, 404, canary + " not here"},
		{"what is no UTF-8 is none", "", "/%ff/", "", 404, "not here"},
		{"a zero byte is none", "", "/events/%00", c + alumna, 404, canary + " not here"},
		{"a letter is none", "", "/12/alumni.html", c + alumna, 404, canary + " not here"},
		{"what only the host has is none", "", "/lost/forgotten/page.html", c + alumna, 404, canary + " not here"},
		{"what the host has not is under way", "", "/gone/", "", 503, ""},
		{"a name that objects have is none", "", "/constructor", "", 404, "not here"},
		{"nothing is sent there", "POST", "/news/", c + alumna, 405, ""},
		{"no link is entered by POST", "POST", "/k/" + alumna, "", 405, ""},
		{"HEAD has no body", "HEAD", "/events/", c + alumna, 200, ""},
		{"HEAD opens nothing", "HEAD", "/events/", "", 404, ""},
		{"a slash is added where that helps", "", "/events", c + alumna, 301, ""},
		{"and not where it would tell", "", "/events", "", 404, "not here"},
	}
}

func TestTheEdgeServes(t *testing.T) {
	tests := edgeReads()
	site, files := edgeSite(t)
	var requests []edgeRequest
	for _, test := range tests {
		r := edgeRequest{Method: test.method, URL: origin + test.path}
		if test.cookie != "" {
			r.Headers = map[string]string{"Cookie": test.cookie}
		}
		requests = append(requests, r)
	}
	answers := ask(t, site, files, requests...)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := answers[i]
			if got.Status != test.status || test.body != "" && got.Body != test.body || test.method == "HEAD" && got.Body != "" {
				t.Errorf("got %d %q, want %d %q", got.Status, got.Body, test.status, test.body)
			}
			if strings.HasPrefix(got.Body, canary) != strings.HasPrefix(test.body, canary) {
				t.Errorf("got %q", got.Body)
			}
			checkHeaders(t, got)
		})
	}
	if a, b := answers[2], answers[3]; fmt.Sprint(a.Headers, a.Body) != fmt.Sprint(b.Headers, b.Body) {
		t.Errorf("a members' page and none differ: %v, %v", a, b)
	}
}

// checkHeaders: what is for members is kept by nobody, and the headers of the
// host's own answer are not handed on.
func checkHeaders(t *testing.T, got edgeResponse) {
	t.Helper()
	policy := got.Headers["cache-control"]
	switch {
	case got.Status != 200 && got.Status != 304:
		if policy != "no-store" {
			t.Errorf("%d may be kept: %q", got.Status, policy)
		}
	case strings.HasPrefix(got.Body, canary):
		if policy != "private, no-cache" || got.Headers["vary"] != "Cookie" || got.Headers["x-robots-tag"] != "noindex" {
			t.Errorf("got %v", got.Headers)
		}
	}
	if got.Headers["x-host"] != "" || got.Headers["x-content-type-options"] != "nosniff" || !strings.HasPrefix(got.Headers["content-security-policy"], "default-src 'none'") {
		t.Errorf("got %v", got.Headers)
	}
}

func TestTheEdgeIsEnteredByALink(t *testing.T) {
	alumna, staff, revoked, nobody := viewToken(1), viewToken(2), viewToken(3), viewToken(9)
	tests := []struct {
		name, path, location, cookie string // no location: 404
	}{
		{"a link leads home", "/k/" + alumna, "/", alumna},
		{"a link leads home, with a slash", "/k/" + alumna + "/", "/", alumna},
		{"a link leads to its landing", "/k/" + alumna + "/events/", "/events/", alumna},
		{"a landing that has signs", "/k/" + staff + "/papers/a%23b%3F/", "/papers/a%23b%3F/", staff},
		{"a Japanese landing", "/k/" + alumna + "/news/%E6%A4%8D%E7%89%A9/", "/news/%E6%A4%8D%E7%89%A9/", alumna},
		{"a landing for others leads home", "/k/" + alumna + "/papers/a%23b%3F/", "/", alumna},
		{"a landing that there is not leads home", "/k/" + alumna + "/nothing/", "/", alumna},
		{"another site is no landing", "/k/" + alumna + "//kaze.example/", "/", alumna},
		{"nor is one with its scheme", "/k/" + alumna + "/https://kaze.example/", "/", alumna},
		{"nor is one in backslashes", `/k/` + alumna + `/\\kaze.example/`, "/", alumna},
		{"a question is none", "/k/" + alumna + "/events/?return=https://kaze.example/", "/events/", alumna},
		{"a revoked member stays out", "/k/" + revoked + "/events/", "", ""},
		{"who is not in the roster stays out", "/k/" + nobody + "/events/", "", ""},
		{"a link in another spelling is none", "/k/%41" + alumna[1:] + "/events/", "", ""},
		{"half a link is none", "/k/" + alumna[:50], "", ""},
		{"no link is none", "/k/", "", ""},
	}
	site, files := edgeSite(t)
	var requests []edgeRequest
	for _, test := range tests {
		requests = append(requests, edgeRequest{URL: origin + test.path})
	}
	for i, got := range ask(t, site, files, requests...) {
		test := tests[i]
		t.Run(test.name, func(t *testing.T) {
			checkHeaders(t, got)
			if test.location == "" {
				if got.Status != 404 || got.Body != "not here" || got.Headers["set-cookie"] != "" {
					t.Errorf("got %d, %v", got.Status, got.Headers)
				}
				return
			}
			cookie := fmt.Sprintf("__Host-kaiho=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Lax", test.cookie, letter*900-3600)
			if got.Status != 303 || got.Headers["location"] != test.location || got.Headers["set-cookie"] != cookie || got.Headers["referrer-policy"] != "no-referrer" || len(got.Asked) > 0 {
				t.Errorf("got %d, %v, want 303 to %s with %s", got.Status, got.Headers, test.location, cookie)
			}
		})
	}
}

func TestTheEdgeAnswersOnlyForItsOrigin(t *testing.T) {
	site, files := edgeSite(t)
	var requests []edgeRequest
	for _, other := range []string{"https://kaze.example", "http://nagi.example", "https://nagi.example:8443", "https://nagi.pages.example"} {
		requests = append(requests, edgeRequest{URL: other + "/news/", Headers: map[string]string{"X-Forwarded-Host": "nagi.example"}})
	}
	for i, got := range ask(t, site, files, requests...) {
		if got.Status != 421 || len(got.Asked) > 0 {
			t.Errorf("%s: got %d, asked for %v", requests[i].URL, got.Status, got.Asked)
		}
	}
}

func TestTheEdgeAnswersConditionsAfterTheDecision(t *testing.T) {
	site, files := edgeSite(t)
	token := map[string]string{"Cookie": "__Host-kaiho=" + viewToken(1)}
	first := ask(t, site, files, edgeRequest{URL: origin + "/events/", Headers: token})[0]
	etag := first.Headers["etag"]
	if first.Status != 200 || etag == "" {
		t.Fatalf("got %d, %v", first.Status, first.Headers)
	}
	with := map[string]string{"Cookie": token["Cookie"], "If-None-Match": `"x", W/` + etag}
	got := ask(t, site, files,
		edgeRequest{URL: origin + "/events/", Headers: with},
		edgeRequest{URL: origin + "/events/", Headers: map[string]string{"If-None-Match": etag}},
		edgeRequest{URL: origin + "/assets/site.css"},
		edgeRequest{URL: origin + "/nothing/", Headers: map[string]string{"If-None-Match": fmt.Sprintf(`"%064x"`, len("/public/404.html"))}})
	if got[0].Status != 304 || got[0].Body != "" || len(got[0].Asked) > 0 {
		t.Errorf("who has it: got %d %q", got[0].Status, got[0].Body)
	}
	if got[1].Status != 404 {
		t.Errorf("who may not have it: got %d", got[1].Status)
	}
	if got[2].Headers["cache-control"] != "public, max-age=31536000, immutable" || got[2].Headers["vary"] != "" {
		t.Errorf("an asset: got %v", got[2].Headers)
	}
	if got[3].Status != 404 || got[3].Body != "not here" {
		t.Errorf("who has the page of what is missing: got %d %q", got[3].Status, got[3].Body)
	}
}

func TestTheEdgeOfASiteBelowAPath(t *testing.T) {
	site, files := edgeSite(t)
	site["base"] = "/alumni/"
	token := viewToken(1)
	got := ask(t, site, files,
		edgeRequest{URL: origin + "/alumni/k/" + token + "/events/"},
		edgeRequest{URL: origin + "/alumni/events/", Headers: map[string]string{"Cookie": "__Host-kaiho=" + token}},
		edgeRequest{URL: origin + "/events/", Headers: map[string]string{"Cookie": "__Host-kaiho=" + token}},
		edgeRequest{URL: origin + "/k/" + token})
	if got[0].Status != 303 || got[0].Headers["location"] != "/alumni/events/" {
		t.Errorf("entering: got %d, %v", got[0].Status, got[0].Headers)
	}
	if got[1].Body != canary+" events" {
		t.Errorf("reading: got %d %q", got[1].Status, got[1].Body)
	}
	if got[2].Status != 404 || got[3].Status != 404 || got[2].Body != "not here" {
		t.Errorf("outside: got %d %q, %d", got[2].Status, got[2].Body, got[3].Status)
	}
}

func TestAtTheEdgeOnlyTheCMSMayTalkToOthers(t *testing.T) {
	site, files := edgeSite(t)
	got := ask(t, site, files, edgeRequest{URL: origin + "/admin/"}, edgeRequest{URL: origin + "/news/"})
	for i, want := range []bool{true, false} {
		if isOpen := strings.Contains(got[i].Headers["content-security-policy"], "connect-src 'self' https:"); got[i].Status != 200 || isOpen != want {
			t.Errorf("got %d %v, want %t", got[i].Status, got[i].Headers, want)
		}
	}
	if got[0].Headers["x-robots-tag"] != "noindex" {
		t.Errorf("got %v", got[0].Headers)
	}
}
