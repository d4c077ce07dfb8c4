package newsletter_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/newsletter"
	"kaiho/generator/signedlink"
)

// someone is a member with all that a letter says of a person.
func someone() member.Member {
	return member.Member{ID: 7, SMTP: "minato@ikesu-lab.example", Email: "minato@ikesu-lab.example", Status: member.Active, Mailable: true, Audiences: []string{"alumni"},
		Name: member.Name{Family: "髙梨", Given: "湊", Latin: "TAKANASHI Minato"}, Language: "ja", Joined: 2009, Department: "光学設計部", Note: "内輪の覚え書き"}
}

// ring is a mail key of the sample's site. It is another one in every run.
func ring(t testing.TB) *signedlink.Ring {
	t.Helper()
	r, err := signedlink.NewRing("https://nagi.example", []signedlink.Key{signedlink.NewKey(signedlink.Mail, 1, noon.Add(-time.Hour))})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// template compiles the letter of a variant.
func template(t testing.TB, files map[string]string, variant string) *newsletter.Template {
	t.Helper()
	i, letters := issue(t, good(t, files, noon), "2026-11-18")
	at := slices.IndexFunc(letters, func(l newsletter.Letter) bool { return l.Variant.Name == variant })
	if at < 0 {
		t.Fatalf("there is no letter %s", variant)
	}
	made, err := i.Template(letters[at])
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// read is a message as a mail program reads it.
type read struct {
	mail.Header
	text, html string
}

func readMessage(t testing.TB, raw []byte) read {
	t.Helper()
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) || bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\r")) {
		t.Error("got a line end that is not CRLF")
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	got := read{Header: m.Header}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	decoded := func(r io.Reader) string {
		b, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, r))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	if kind == "text/plain" {
		got.text = decoded(m.Body)
		return got
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for _, into := range []*string{&got.text, &got.html} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		*into = decoded(part)
	}
	return got
}

func (r read) decoded(t testing.TB, field string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(r.Get(field))
	if err != nil {
		t.Error(err)
	}
	return text
}

// TestALetterIsRightForItsReader reads the letter of one member.
func TestALetterIsRightForItsReader(t *testing.T) {
	keys := ring(t)
	raw, err := template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: someone(), Note: "先日はありがとうございました。", Date: noon}, keys)
	if err != nil {
		t.Fatal(err)
	}
	got := readMessage(t, raw)
	for field, want := range map[string]string{
		"From": "凪だより <letter@nagi.example>", "To": "髙梨 湊 <minato@ikesu-lab.example>", "Reply-To": "office@nagi.example",
		"Subject": "凪だより 第31号", "Date": "Fri, 20 Nov 2026 12:00:00 +0900", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Precedence": "bulk", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Content-Language": "ja",
		"Feedback-Id": "2026-11-18:alumni-ja:newsletter:letter-nagi-exa", "List-Archive": "<https://nagi.example/newsletters/>",
	} {
		if value := got.decoded(t, field); value != want {
			t.Errorf("%s: got %q, want %q", field, value, want)
		}
	}
	if id := got.decoded(t, "List-Id"); !strings.HasSuffix(id, " <letter.nagi.example>") {
		t.Errorf("List-Id: got %q", id)
	}
	for part, text := range map[string]string{"text": got.text, "html": got.html} {
		for _, want := range []string{"髙梨 湊 様", "2009年入社・光学設計部", "先日はありがとうございました。", "会員の話", "公開の話", "巻頭の人",
			"株式会社あさなぎ光機", "青波県波音市灯台通1-2-3", "office@nagi.example", "https://nagi.example/columns/open/"} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s part has no %q", part, want)
			}
		}
		for _, not := range []string{"内輪の覚え書き", "編集の話", "下書きの話", "予告の話", "終わった話", "同意の切れた話", "https://nagi.example/columns/members/", "本文。", "{{"} {
			if strings.Contains(text, not) {
				t.Errorf("the %s part has %q", part, not)
			}
		}
		checkTokens(t, part, text, keys)
	}
	header := strings.Trim(got.Get("List-Unsubscribe"), "<>")
	if c, err := keys.Verify(strings.TrimPrefix(header, "https://nagi.example/u/"), signedlink.UnsubscribeHeader, noon); err != nil || c.Member != 7 {
		t.Errorf("List-Unsubscribe: got %q, %v, want a token of member 7", header, err)
	}
}

// checkTokens follows the links of a part: to a members' page, to the web version, to
// preferences and out.
func checkTokens(t *testing.T, part, text string, keys *signedlink.Ring) {
	t.Helper()
	for _, link := range []struct {
		before, after string
		purpose       signedlink.Purpose
	}{
		{"https://nagi.example/k/", "/columns/members/", signedlink.View},
		{"https://nagi.example/k/", "/newsletters/2026-11-18/", signedlink.View},
		{"https://nagi.example/p/", "", signedlink.Preferences},
		{"https://nagi.example/u/", "", signedlink.Unsubscribe},
	} {
		found := false
		for _, rest := range strings.Split(text, link.before)[1:] {
			if len(rest) >= 112+len(link.after) && rest[112:112+len(link.after)] == link.after {
				c, err := keys.Verify(rest[:112], link.purpose, noon)
				found = found || err == nil && c.Member == 7
			}
		}
		if !found {
			t.Errorf("the %s part has no link %sTOKEN%s of member 7", part, link.before, link.after)
		}
	}
}

// TestALetterIsTheSameWheneverItIsWritten holds that bytes and ID depend on issue,
// member, key and date alone.
func TestALetterIsTheSameWheneverItIsWritten(t *testing.T) {
	keys := ring(t)
	write := func(m member.Member, date time.Time) []byte {
		raw, err := template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: m, Date: date}, keys)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	first := write(someone(), noon)
	if again := write(someone(), noon); !bytes.Equal(first, again) {
		t.Error("the letter is another one the second time")
	}
	id := func(raw []byte) string { return readMessage(t, raw).Get("Message-Id") }
	if got, want := id(write(someone(), noon.Add(time.Hour))), id(first); got != want {
		t.Errorf("an hour later: got the ID %s, want %s", got, want)
	}
	revoked := someone()
	revoked.ValidAfter = noon.Add(time.Minute)
	if got, want := id(write(revoked, noon)), id(first); got != want {
		t.Errorf("after a revocation: got the ID %s, want %s", got, want)
	}
	other := someone()
	other.ID = 8
	if id(write(other, noon)) == id(first) {
		t.Error("two members have letters of one ID")
	}
}

// TestLinksOfARevokedMemberWork holds that somebody whose links were revoked after
// the issue was locked gets a letter whose links open something.
func TestLinksOfARevokedMemberWork(t *testing.T) {
	keys, m := ring(t), someone()
	m.ValidAfter = noon.Add(30 * time.Second)
	raw, err := template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: m, Date: noon}, keys)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(readMessage(t, raw).text, "https://nagi.example/k/")
	c, err := keys.Verify(rest[:112], signedlink.View, noon.Add(time.Minute))
	if err != nil || c.IsRevoked(m.ValidAfter) {
		t.Errorf("got %v, %v, want a token from after the revocation", c, err)
	}
}

// TestNamesThatWouldBreakALetter writes to people whose data is hostile.
func TestNamesThatWouldBreakALetter(t *testing.T) {
	long := strings.Repeat("寿限無", 100)
	for _, c := range []struct {
		name, family, department, note string
		html, text, to                 string
	}{
		{"markup", `<b>"太郎"</b>`, "<script>", "<img src=x>", "&lt;b&gt;&#34;太郎&#34;&lt;/b&gt; 様", `<b>"太郎"</b> 様`, `<b>"太郎"</b>`},
		{"a line break", "山田\r\nBcc: all@example.jp", "総務\n部", "一行\n二行", "山田 Bcc: all@example.jp 様", "山田 Bcc: all@example.jp 様", "山田 Bcc: all@example.jp"},
		{"letters that turn the direction", "山田\u202Eoved", "", "", "山田oved 様", "山田oved 様", "山田oved"},
		{"three hundred characters", long, "", "", long + " 様", "寿限無寿限無", long},
		{"a mark of the letter", "kh0a1b2c3d4e5f60718293a", "", "", "kh0a1b2c3d4e5f60718293a 様", "kh0a1b2c3d4e5f60718293a 様", "kh0a1b2c3d4e5f60718293a"},
		{"two honorifics", "見本 様", "", "", "見本 様", "見本 様", "見本 様"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := someone()
			m.Name, m.Department = member.Name{Family: c.family}, c.department
			raw, err := template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: m, Note: c.note, Date: noon}, newsletter.Specimen{})
			if err != nil {
				t.Fatal(err)
			}
			got := readMessage(t, raw)
			if !strings.Contains(got.html, c.html) || strings.Contains(got.html, "<script>") || strings.Contains(got.html, "<img src=x") {
				t.Errorf("HTML: want %q and no markup of theirs", c.html)
			}
			if !strings.Contains(got.text, c.text) {
				t.Errorf("text: want %q", c.text)
			}
			if got.Get("Bcc") != "" {
				t.Error("the name has become a header field")
			}
			if to, err := mail.ParseAddress(got.Get("To")); err != nil || to.Name != c.to || to.Address != m.SMTP {
				t.Errorf("To: got %v, %v, want %q", to, err, c.to)
			}
		})
	}
}

// TestAReaderWithoutAName: a subscriber need not say who they are.
func TestAReaderWithoutAName(t *testing.T) {
	m := someone()
	m.Name = member.Name{}
	raw, err := template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: m, Date: noon}, newsletter.Specimen{})
	if err != nil {
		t.Fatal(err)
	}
	got := readMessage(t, raw)
	if !strings.Contains(got.html, "読者の方へ") || !strings.Contains(got.text, "読者の方へ") || strings.Contains(got.text, " 様") {
		t.Errorf("got %s, want a letter to a reader", got.text)
	}
	if to, err := mail.ParseAddress(got.Get("To")); err != nil || to.Name != "" || to.Address != m.SMTP {
		t.Errorf("To: got %v, %v, want the address alone", to, err)
	}
}

// TestAddressesThatWouldInjectAHeader are not written to at all.
func TestAddressesThatWouldInjectAHeader(t *testing.T) {
	for _, address := range []string{"a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "", "a", "a@b.example>"} {
		m := someone()
		m.SMTP = address
		before := []byte("before")
		got, err := template(t, small(nil), "alumni-ja").Append(before, newsletter.Person{Member: m, Date: noon}, newsletter.Specimen{})
		if err == nil || !bytes.Equal(got, before) {
			t.Errorf("%q: got %d bytes and no error, want an error", address, len(got))
		}
	}
}

// TestWhatIsNotThereLeavesNoGap writes to somebody of whom nothing is known.
func TestWhatIsNotThereLeavesNoGap(t *testing.T) {
	m := someone()
	m.Joined, m.Department = 0, ""
	raw, err := template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: m, Date: noon}, newsletter.Specimen{})
	if err != nil {
		t.Fatal(err)
	}
	got := readMessage(t, raw)
	if strings.Contains(got.text, "\n\n\n\n") {
		t.Errorf("the text has a gap:\n%s", got.text)
	}
	if strings.Contains(got.html, "年入社") || strings.Contains(got.html, "編集部からひとこと") {
		t.Error("the HTML has a block without words")
	}
	m.Preferences.Format = "text"
	if raw, err = template(t, small(nil), "alumni-ja").Append(nil, newsletter.Person{Member: m, Date: noon}, newsletter.Specimen{}); err != nil {
		t.Fatal(err)
	}
	if plain := readMessage(t, raw); plain.html != "" || plain.text != got.text {
		t.Error("somebody who wants text gets another one, or HTML")
	}
}

// TestTrialsHaveAnotherID: a letter that is only tried has not the ID of the
// issue's, nor that of another trial.
func TestTrialsHaveAnotherID(t *testing.T) {
	made, keys := template(t, small(nil), "alumni-ja"), ring(t)
	ids := map[string]string{}
	for _, trial := range []string{"", "a", "b"} {
		raw, err := made.Append(nil, newsletter.Person{Member: someone(), Date: noon, Trial: trial}, keys)
		if err != nil {
			t.Fatal(err)
		}
		ids[trial] = strings.Trim(readMessage(t, raw).Get("Message-ID"), "<>")
	}
	want, err := made.MessageID(someone(), keys)
	if err != nil || ids[""] != want {
		t.Errorf("got %s (%v), want %s for the issue's own", ids[""], err, want)
	}
	if ids["a"] == want || ids["b"] == want || ids["a"] == ids["b"] {
		t.Errorf("got %v, want three IDs", ids)
	}
}

// TestNobodyGetsAReadersToken writes marks into an article: they must stay words.
func TestNobodyGetsAReadersToken(t *testing.T) {
	files := small(nil)
	_, letters := issue(t, good(t, files, noon), "2026-11-18")
	at := strings.Index(letters[0].HTML, "https://nagi.example/u/")
	mark := letters[0].HTML[at+len("https://nagi.example/u/"):][:23]
	files["content/columns/open.md"] = page("本文。", "title: 公開の話", "date: 2026-11-10", "summary: https://evil.example/"+mark)
	i, letters := issue(t, good(t, files, noon), "2026-11-18")
	made, err := i.Template(letters[0])
	if err != nil {
		t.Fatal(err)
	}
	html, _, err := made.Parts(newsletter.Person{Member: someone(), Date: noon}, newsletter.Specimen{})
	if err != nil || !strings.Contains(html, "https://evil.example/"+mark) {
		t.Errorf("got %v, want the mark as it was written", err)
	}
}
