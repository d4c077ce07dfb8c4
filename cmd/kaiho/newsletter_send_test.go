package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
)

// office is the sample site, and what is said to who works in it.
type office struct {
	t    *testing.T
	site string
	env  map[string]string
}

// newOffice makes the sample site with keys, members and output.
func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, site: filepath.Join(t.TempDir(), "site"), env: map[string]string{"KAIHO_NOW": "2026-11-20T09:00:00+09:00"}}
	if code, _, problems := o.run("init", o.site); code != exitDone {
		t.Fatal(problems)
	}
	for _, args := range []string{"key new", "member import --sample", "build"} {
		o.done(strings.Fields(args)...)
	}
	return o
}

func (o *office) run(args ...string) (code int, out, problems string) {
	o.t.Helper()
	var stdout, stderr bytes.Buffer
	if args[0] != "init" {
		args = append([]string{"-C", o.site}, args...)
	}
	code = run(args, world{stdout: &stdout, stderr: &stderr, getenv: environment(o.env), clock: time.Now})
	return code, stdout.String(), stderr.String()
}

// done runs a command that works.
func (o *office) done(args ...string) string {
	o.t.Helper()
	code, out, problems := o.run(args...)
	if code != exitDone {
		o.t.Fatalf("kaiho %v: exit code %d\n%s", args, code, problems)
	}
	return out
}

// refused runs a command that is refused for a reason.
func (o *office) refused(reason string, args ...string) {
	o.t.Helper()
	if code, _, problems := o.run(args...); code == exitDone || !strings.Contains(problems, reason) {
		o.t.Errorf("kaiho %v: got exit code %d and %q, want a refusal with %q", args, code, problems, reason)
	}
}

// letters returns the letters of the outbox by the address they are to.
func (o *office) letters() map[string]*mail.Message {
	o.t.Helper()
	files, err := filepath.Glob(filepath.Join(o.site, ".kaiho", "outbox", "*.eml"))
	if err != nil {
		o.t.Fatal(err)
	}
	all := map[string]*mail.Message{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			o.t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(text))
		if err != nil {
			o.t.Fatal(err)
		}
		to := m.Header.Get("To")
		to = strings.Trim(to[strings.LastIndexByte(to, ' ')+1:], "<>")
		if all[to] != nil {
			o.t.Errorf("%s has two letters", to)
		}
		all[to] = m
	}
	return all
}

// counts is `newsletter status --json`.
func (o *office) counts(id string) map[string]any {
	o.t.Helper()
	counts := map[string]any{}
	if err := json.Unmarshal([]byte(o.done("newsletter", "status", id, "--json")), &counts); err != nil {
		o.t.Fatal(err)
	}
	sum := 0.0
	for _, state := range []string{"pending", "leased", "inflight", "sent", "deferred", "failed", "suppressed", "unknown"} {
		sum += counts[state].(float64)
	}
	if counts["candidates"] != sum {
		o.t.Errorf("got %v, want candidates to be the sum of all states, %v", counts, sum)
	}
	return counts
}

// TestAnIssueGoesOut is the way of an issue: locked, sent, sent again, left by a reader,
// come back from a dead address, reported.
func TestAnIssueGoesOut(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	const id = "2026-11-18"
	o := newOffice(t)

	o.refused("is not locked", "newsletter", "send", id, "--yes")
	o.done("newsletter", "lock", id)
	o.refused("nothing was sent", "newsletter", "send", id) // nobody answers
	if n := len(o.letters()); n != 0 {
		t.Fatalf("got %d letters before anybody agreed, want none", n)
	}
	o.done("newsletter", "send", id, "--yes", "--limit", "5")
	if n := len(o.letters()); n != 5 {
		t.Errorf("got %d letters, want 5", n)
	}
	o.refused("its lock stays", "newsletter", "lock", id)
	o.done("newsletter", "send", id, "--yes")
	sent := o.letters()
	if got := o.counts(id); len(sent) != 37 || got["sent"] != 37.0 || got["suppressed"] != 3.0 || got["candidates"] != 40.0 {
		t.Errorf("got %d letters and %v, want 37 of 40", len(sent), got)
	}
	o.done("newsletter", "send", id, "--yes")
	if n := len(o.letters()); n != 37 {
		t.Errorf("got %d letters after sending again, want 37", n)
	}

	(&walker{t: t, site: o.site}).serve(address)
	leaver, dead := sent["keiko.mizushima@example.jp"], sent["iwao.todoroki@example.jp"]
	if leaver == nil || dead == nil {
		t.Fatalf("the letters are to others: %v", sent)
	}
	link := regexp.MustCompile(`<https://nagi\.example(/u/[^>]*)>`).FindStringSubmatch(leaver.Header.Get("List-Unsubscribe"))
	if link == nil {
		t.Fatal("the letter cannot be left by one click")
	}
	answer, err := http.Post("http://"+address+link[1], "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("one click: got %s, want 200", answer.Status)
	}

	back := filepath.Join(t.TempDir(), "back.eml")
	if err := os.WriteFile(back, []byte(bounceOf(dead.Header.Get("Message-ID"), "iwao.todoroki@example.jp")), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := o.done("bounce", back); !strings.Contains(got, "no more mail (bounce)") {
		t.Errorf("bounce: got %q, want the member taken off", got)
	}
	if got := o.counts(id); got["sent"] != 36.0 || got["failed"] != 1.0 {
		t.Errorf("got %v, want one failed", got)
	}
	report := o.done("newsletter", "report", id)
	for _, want := range []string{"failed .*iwao.todoroki@example.jp", `(?m)off the list since then:\n(.*\n)*.*keiko.mizushima@example.jp>  left by one click`, "suppressed .*not mailable"} {
		if !regexp.MustCompile(want).MatchString(report) {
			t.Errorf("the report has no %q:\n%s", want, report)
		}
	}
	if lines := strings.Count(o.done("newsletter", "report", id, "--csv"), "\n"); lines != 41 {
		t.Errorf("got %d lines of CSV, want a head and 40", lines)
	}
}

// TestARestoredBackupSendsNothingTwice: who got the issue after the backup is not asked
// for it again.
func TestARestoredBackupSendsNothingTwice(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	o.done("backup", backup)
	o.done("newsletter", "lock", id)
	o.done("newsletter", "send", id, "--yes")
	o.done("restore", backup, "--yes")
	if got := o.counts(id); got["sent"] != 37.0 {
		t.Errorf("got %v, want 37 sent", got)
	}
	o.done("newsletter", "send", id, "--yes")
	if n := len(o.letters()); n != 37 {
		t.Errorf("got %d letters, want 37", n)
	}
}

// TestSendRefuses what would be a mistake, before anything is sent.
func TestSendRefuses(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	for _, test := range []struct {
		name, reason string
		env          map[string]string
		args         []string
	}{
		{"a relay that is no address", "KAIHO_SMTP_URL", map[string]string{"KAIHO_SMTP_URL": "mail server"}, nil},
		{"a key that is not there", "/nowhere.pem", map[string]string{"KAIHO_DKIM": "nagi.example:s1:/nowhere.pem"}, nil},
		{"a rate without a unit", "200/h", nil, []string{"--stagger", "200"}},
		{"letters of fewer than one", "from 1 up", nil, []string{"--limit", "-3"}},
		{"a time that is over", "is over", nil, []string{"--at", "2026-11-19T09:00+09:00"}},
		{"a holiday of the site, written in another zone", "勤労感謝の日", nil, []string{"--at", "2026-11-22T23:00:00Z"}},
		{"a policy in other words", "hold", nil, []string{"--policy", "twice"}},
		{"a time that is none", "2026-11-18T08:00", nil, []string{"--at", "tomorrow"}},
		{"a Sunday", "holiday", nil, []string{"--at", "2026-11-22T09:00:00+09:00"}},
		{"a night", "night", nil, []string{"--at", "2026-11-24T23:00:00+09:00"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.env {
				o.env[name] = value
				defer delete(o.env, name)
			}
			o.t = t
			o.refused(test.reason, append([]string{"newsletter", "send", id, "--yes"}, test.args...)...)
		})
	}
	text := filepath.Join(o.site, "content", "newsletters", id+".md")
	if data, err := os.ReadFile(text); err != nil {
		t.Fatal(err)
	} else if err := os.WriteFile(text, append(data, "\n一行増えました。\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	o.t = t
	o.refused(id, "newsletter", "send", id, "--yes")
	if n := len(o.letters()); n != 0 {
		t.Errorf("got %d letters, want none", n)
	}
}

// TestWhatIsQueuedIsWhatIsKnownNow: saying no leaves nothing behind that is out of date
// when the issue is sent later.
func TestWhatIsQueuedIsWhatIsKnownNow(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	o.refused("nothing was sent", "newsletter", "send", id)
	if got := o.counts(id); got["suppressed"] != 3.0 {
		t.Errorf("got %v, want 3 suppressed: one has asked for a pause", got)
	}
	o.env["KAIHO_NOW"] = "2027-01-20T09:00:00+09:00" // the pause is over
	o.done("newsletter", "send", id, "--yes")
	if got := o.counts(id); got["sent"] != 38.0 || got["suppressed"] != 2.0 {
		t.Errorf("got %v, want 38 sent", got)
	}
}

// TestSendingAgainSaysWhoIsNew: whoever joined after the first send, and nobody else; and
// when all have it, nobody is asked.
func TestSendingAgainSaysWhoIsNew(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	o.refused("2026-11-18: 37 of 40 to send; 2 now\n", "newsletter", "send", id, "--limit", "2")
	o.done("newsletter", "send", id, "--yes", "--limit", "36")
	o.refused("2026-11-18: 1 of 40 to send\n", "newsletter", "send", id)

	file := filepath.Join(t.TempDir(), "new.csv")
	if err := os.WriteFile(file, []byte("email,family,given,audiences\na@new.example,新田,一,alumni\nb@new.example,新田,二,alumni\nc@new.example,新田,三,alumni\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.env["KAIHO_NOW"] = "2026-11-21T09:00:00+09:00"
	o.done("member", "import", file)
	for range 2 { // asked twice, it is the same
		o.refused("2026-11-18: 4 of 43 to send; 3 joined since the first send\n", "newsletter", "send", id)
	}
	o.env["KAIHO_LANG"] = "ja"
	o.refused("2026-11-18：43 人のうち 4 人に送ります。3 人は、最初の送信のあとに加わりました\n", "newsletter", "send", id)
	o.env["KAIHO_LANG"] = "en"
	o.done("newsletter", "send", id, "--yes")
	before := o.letters()
	code, out, told := o.run("newsletter", "send", id)
	if code != exitDone || told != "2026-11-18: everybody has it; nothing is left to send\n" || !strings.Contains(out, "40  sent") {
		t.Errorf("got exit code %d, %q and %q, want no question", code, out, told)
	}
	if after := o.letters(); len(before) != 40 || len(after) != 40 {
		t.Errorf("got %d letters, and %d after sending to nobody, want 40", len(before), len(after))
	}
}

// TestNothingLeftIsNotAlwaysThatEverybodyHasIt.
func TestNothingLeftIsNotAlwaysThatEverybodyHasIt(t *testing.T) {
	for _, test := range []struct {
		name   string
		counts ledger.Counts
		all    bool
		want   []string
	}{
		{"all have it", ledger.Counts{Candidates: 3, Sent: 2, Suppressed: 1}, true, []string{"everybody has it; nothing is left to send"}},
		{"nobody gets it", ledger.Counts{Candidates: 3, Suppressed: 3}, false, []string{"nobody gets this issue", "report i"}},
		{"one came back", ledger.Counts{Candidates: 3, Sent: 2, Failed: 1}, false, []string{"i: nothing is left to send; 1 letter could not be delivered", "report i"}},
		{"one may have arrived", ledger.Counts{Candidates: 3, Sent: 2, Unknown: 1}, false, []string{"i: nothing is left to send\n", "1 letter may or may not have arrived", "resolve i"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var told bytes.Buffer
			(&session{world: world{stderr: &told}, lang: diag.English}).tellNothingLeft("i", test.counts)
			for _, want := range test.want {
				if !strings.Contains(told.String(), want) {
					t.Errorf("got %q, want %q in it", told.String(), want)
				}
			}
			if everybody := strings.Contains(told.String(), "everybody"); everybody != test.all {
				t.Errorf("got %q", told.String())
			}
		})
	}
}

// TestLettersInTheOutboxWentToNobody: a relay is not told that all is done.
func TestLettersInTheOutboxWentToNobody(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	o.done("newsletter", "send", id, "--yes", "--limit", "30")
	before := o.letters()
	o.env["KAIHO_NOW"] = "2026-11-20T10:30:00+09:00" // the same letters have the same names, whenever they are written
	o.done("newsletter", "send", id, "--yes", "--redo-outbox")
	after := o.letters()
	if got := o.counts(id); len(before) != 30 || len(after) != 37 || got["sent"] != 37.0 {
		t.Errorf("got %d and %d letters and %v, want 30, 37 and 37 sent", len(before), len(after), got)
	}
	for to, m := range before {
		if got, want := after[to].Header.Get("Message-ID"), m.Header.Get("Message-ID"); got != want {
			t.Errorf("%s: got Message-ID %s, want %s as before", to, got, want)
		}
	}
}

// bounceOf is a delivery status notification (RFC 3464) about a letter.
func bounceOf(messageID, address string) string {
	return strings.ReplaceAll(fmt.Sprintf(`From: MAILER-DAEMON@mx.example
To: b@bounce.nagi.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

No such user.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--x
Content-Type: text/rfc822-headers

Message-ID: %s

--x--
`, address, messageID), "\n", "\r\n")
}
