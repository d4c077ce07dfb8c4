package gate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/signedlink"
	"kaiho/generator/store"
)

const pageOrigin = "https://nagi.example"

// pageWorld is a real gate over a real database, and the people of the sample.
type pageWorld struct {
	t      *testing.T
	gate   *Gate
	book   *member.Book
	roster *member.Roster
	ring   *signedlink.Ring
	now    time.Time
	ids    map[string]uint32 // by address
	outbox *letters
}

// letters is an Outbox that keeps what it gets.
type letters struct {
	mu   sync.Mutex
	sent []Letter
}

func (l *letters) Send(ctx context.Context, letter Letter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, letter)
	return nil
}

func (l *letters) all() []Letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Letter(nil), l.sent...)
}

const (
	minato  = "takanashi@mail.example"
	chihiro = "foo..bar@docomo.ne.jp"
	linh    = "linh.tran@post.example"
	wataru  = "yoshimura@mail.example"
)

func pagePeople() []member.Member {
	open := member.Visibility{"name": "alumni", "former": "alumni", "department": "everyone", "skills": "alumni"}
	return []member.Member{
		{SMTP: minato, Audiences: []string{"alumni"}, Name: member.Name{Family: "髙梨", Given: "湊", FamilyKana: "たかなし", GivenKana: "みなと", Latin: "TAKANASHI Minato"},
			Language: "ja", Joined: 2009, Left: 2018, Department: "光学設計", Skills: []string{"レンズ設計", "ダイビング"}, Visibility: open},
		{SMTP: chihiro, Audiences: []string{"alumni"}, Name: member.Name{Family: "山﨑", Given: "千尋", FamilyKana: "やまざき", GivenKana: "ちひろ", Former: "小野寺"},
			Language: "ja", Department: "検査室", Region: "ひみつの町", Note: "ひみつの控え", Skills: []string{"ひみつの技"},
			Visibility: member.Visibility{"name": "alumni", "former": "alumni", "department": "everyone", "skills": "hidden", "region": "office"}},
		{SMTP: linh, Audiences: []string{"alumni", "staff"}, Name: member.Name{Family: "チャン", Given: "リン", FamilyKana: "チャン", GivenKana: "リン", Latin: "TRẦN Linh"},
			Language: "en", Department: "<script>alert(1)</script>", Visibility: open},
		{SMTP: wataru, Audiences: []string{"alumni"}, Name: member.Name{Family: "𠮷村", Given: "航", FamilyKana: "よしむら", GivenKana: "わたる"},
			Language: "ja", Department: "ひみつの部"},
	}
}

func newPageWorld(t *testing.T) *pageWorld {
	t.Helper()
	p := &pageWorld{t: t, now: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), ids: map[string]uint32{}, outbox: &letters{}}
	ctx := t.Context()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "kaiho.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	p.book = member.Open(db)
	for _, m := range pagePeople() {
		added, err := p.book.Add(ctx, m, p.now.Add(-1000*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		p.ids[m.SMTP] = added.ID
		if err := p.book.RecordConsent(ctx, added.ID, member.Consent{Purpose: member.Newsletter, Version: "import", Given: true, At: p.now.Add(-1000 * time.Hour), Channel: "import"}); err != nil {
			t.Fatal(err)
		}
	}
	p.roster = member.NewRoster(context.Background(), p.book, slog.New(slog.DiscardHandler))
	if err := p.roster.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.roster.Close)
	var keys []signedlink.Key
	for _, use := range signedlink.Uses() {
		keys = append(keys, signedlink.NewKey(use, 1, p.now.Add(-2000*time.Hour)))
	}
	if p.ring, err = signedlink.NewRing(pageOrigin, keys); err != nil {
		t.Fatal(err)
	}
	dist := pageDist(t)
	p.gate, err = New(Options{Origin: pageOrigin, Base: "/", Audiences: []string{"alumni", "staff"}, Languages: []string{"ja", "en"},
		Dist: dist, Ring: p.ring, Roster: p.roster, Now: func() time.Time { return p.now },
		Pages: Pages{People: p.book, Outbox: p.outbox, Subscribe: true, Contact: "office@nagi.example",
			Title:        map[string]string{"ja": "凪の会", "en": "Nagi Network"},
			Organization: map[string]string{"ja": "株式会社あさなぎ光機", "en": "Asanagi Optics Co., Ltd."},
			Audiences:    map[string]map[string]string{"alumni": {"ja": "会員", "en": "Members"}, "staff": {"ja": "編集スタッフ", "en": "Office staff"}},
			Lists:        []List{{ID: 1, Title: map[string]string{"ja": "凪だより", "en": "Nagi Letter"}}, {ID: 2, Title: map[string]string{"ja": "求人の便り", "en": "Job letter"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.gate.Close)
	return p
}

// pageDist is an output folder with a public page and a members' one.
func pageDist(t *testing.T) *os.Root {
	t.Helper()
	dir := t.TempDir()
	var lines []string
	for name, audience := range map[string]string{"public/index.html": "public", "members/alumni/events/winter/index.html": "alumni"} {
		body := []byte("<!doctype html><title>" + audience + "</title>")
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, body, 0o644); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		line, err := json.Marshal(map[string]any{"path": name, "audience": audience, "sha256": hex.EncodeToString(sum[:]), "size": len(body)})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"version":1,"outputs":[`+strings.Join(lines, ",")+`]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// token signs a token for the member of an address.
func (p *pageWorld) token(purpose signedlink.Purpose, address string, ref uint32) string {
	p.t.Helper()
	lifetime := 30 * time.Minute
	if purpose != signedlink.SignIn {
		lifetime = 7 * day
	}
	token, err := p.ring.Sign(signedlink.Claims{Purpose: purpose, Issued: p.now, Lifetime: lifetime, Member: p.ids[address], Ref: ref})
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// request is one request; form nil is a GET.
type request struct {
	path   string
	form   url.Values
	as     string // who has a session, by address
	accept string // Accept-Language
	header map[string]string
	from   string
}

func (p *pageWorld) ask(q request) *httptest.ResponseRecorder {
	p.t.Helper()
	var body io.Reader
	method := http.MethodGet
	if q.form != nil {
		method, body = http.MethodPost, strings.NewReader(q.form.Encode())
	}
	r := httptest.NewRequest(method, pageOrigin+q.path, body)
	if q.form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if q.as != "" {
		r.Header.Set("Cookie", CookieName+"="+p.token(signedlink.Session, q.as, uint32(p.now.Unix())))
	}
	if q.accept != "" {
		r.Header.Set("Accept-Language", q.accept)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	if q.from != "" {
		r.RemoteAddr = q.from
	}
	w := httptest.NewRecorder()
	p.gate.ServeHTTP(w, r)
	if err := p.roster.Refresh(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	return w
}

// state is all that is stored of people, to compare.
func (p *pageWorld) state() string {
	p.t.Helper()
	members, err := p.book.List(p.t.Context(), member.Filter{})
	if err != nil {
		p.t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range members {
		consents, err := p.book.Consents(p.t.Context(), m.ID)
		if err != nil {
			p.t.Fatal(err)
		}
		history, err := p.book.Subscriptions(p.t.Context(), m.ID)
		if err != nil {
			p.t.Fatal(err)
		}
		line, err := json.Marshal([]any{m, consents, history})
		if err != nil {
			p.t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *pageWorld) member(address string) member.Member {
	p.t.Helper()
	m, err := p.book.Member(p.t.Context(), p.ids[address])
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// settled waits for the work off the requests.
func (p *pageWorld) settled() { p.gate.work.Wait() }

var (
	formPattern  = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	inputPattern = regexp.MustCompile(`<input type="(hidden|radio|checkbox|date)"[^>]*>`)
	attrPattern  = regexp.MustCompile(` (name|value|checked)(?:="([^"]*)")?`)
	pickPattern  = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)">(.*?)</select>`)
	chosen       = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// postForm is a form of a page, as a browser would send it unchanged.
type postForm struct {
	action string
	fields url.Values
	body   string
}

func formsOf(page string) []postForm {
	var forms []postForm
	for _, match := range formPattern.FindAllStringSubmatch(page, -1) {
		f := postForm{action: match[1], fields: url.Values{}, body: match[2]}
		for _, input := range inputPattern.FindAllStringSubmatch(match[2], -1) {
			attrs := map[string]string{}
			for _, attr := range attrPattern.FindAllStringSubmatch(input[0], -1) {
				attrs[attr[1]] = attr[2]
			}
			if _, checked := attrs["checked"]; checked || input[1] == "hidden" || input[1] == "date" {
				f.fields.Add(attrs["name"], attrs["value"])
			}
		}
		for _, pick := range pickPattern.FindAllStringSubmatch(match[2], -1) {
			if value := chosen.FindStringSubmatch(pick[2]); value != nil {
				f.fields.Add(pick[1], value[1])
			}
		}
		forms = append(forms, f)
	}
	return forms
}
