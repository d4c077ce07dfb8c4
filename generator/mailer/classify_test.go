package mailer

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// answer reads one reply.
func answer(t *testing.T, text string) *reply {
	t.Helper()
	a := new(reply)
	if err := a.read(bufio.NewReader(strings.NewReader(text + "\r\n"))); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return a
}

func TestWhatRefusalsMean(t *testing.T) {
	for _, test := range []struct {
		name  string
		at    stage
		reply string
		want  State
		mark  Mark
	}{
		{"Postfix: no such user", atRcpt, "550 5.1.1 <a@mail.example>: Recipient address rejected: User unknown in local recipient table", Failed, Dead},
		{"Gmail: no such user, behind the text", atDot, "550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a1b2 - gsmtp", Failed, Dead},
		{"no such domain", atRcpt, "550 5.1.2 Host unknown", Failed, Dead},
		{"bad syntax of the address", atRcpt, "501 5.1.3 Bad recipient address syntax", Failed, Dead},
		{"moved", atRcpt, "551 5.1.6 Moved", Failed, Dead},
		{"null MX", atRcpt, "556 5.1.10 Recipient address has null MX", Failed, Dead},
		{"disabled", atRcpt, "550 5.2.1 The email account that you tried to reach is disabled", Failed, Dead},
		{"no route", atRcpt, "550 5.4.4 Unable to route", Failed, Dead},
		{"Exchange: no such user", atRcpt, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", Failed, Dead},
		{"full", atRcpt, "552 5.2.2 Mailbox full", Failed, Full},
		{"full for now is for now", atRcpt, "452 4.2.2 Over quota", Deferred, Unmarked},
		{"5.2.0 that says full", atDot, "550 5.2.0 mailbox is full", Failed, Full},
		{"5.2.0 that says nothing", atDot, "550 5.2.0 no", Failed, Unmarked},
		{"Gmail: no signature. It is our mistake, not the address's", atDot, "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n550 5.7.26 user unknown", Policy, Unmarked},
		{"Microsoft: no signature", atDot, "550 5.7.515 Access denied, sending domain nagi.example does not meet the required authentication level", Policy, Unmarked},
		{"throttled by policy", atRcpt, "421 4.7.28 Our system has detected an unusual rate", Policy, Unmarked},
		{"greylisted is for now, for one letter", atRcpt, "450 4.7.1 Greylisted, please try again", Deferred, Unmarked},
		{"busy", atRcpt, "421 4.3.2 System not accepting messages", Deferred, Unmarked},
		{"docomo: no such user, without a code", atRcpt, "550 Unknown user a@docomo.ne.jp", Failed, Dead},
		{"qmail: the code at the end", atDot, "554 sorry, no mailbox here by that name. (#5.1.1)", Failed, Dead},
		{"IronPort: the code behind #", atRcpt, "550 #5.1.0 Address rejected", Failed, Unmarked},
		{"550 that may mean anything", atRcpt, "550 Requested action not taken: mailbox unavailable", Failed, Unmarked},
		{"550 for spam that speaks of a user, too", atDot, "550 Message blocked as spam: no such user", Policy, Unmarked},
		{"554 on a list", atRcpt, "554 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", Policy, Unmarked},
		{"552 at RCPT", atRcpt, "552 Requested mail action aborted", Failed, Full},
		{"552 behind the text may be the letter's size", atDot, "552 Requested mail action aborted", Failed, Unmarked},
		{"too large for the system", atMail, "552 5.3.4 Message size exceeds fixed limit", Policy, Unmarked},
		{"the sender refused with an address's code", atMail, "550 5.1.1 unknown", Policy, Unmarked},
		{"signing in is wanted", atRcpt, "530 5.7.0 Authentication required", Policy, Unmarked},
		{"a protocol error is ours", atRcpt, "503 5.5.1 Error: need MAIL command", Policy, Unmarked},
		{"an address that the server cannot read", atRcpt, "501 Syntax error in parameters", Failed, Unmarked},
		{"the first digit counts: a code for ever in a reply for now", atRcpt, "450 5.1.1 user unknown", Deferred, Unmarked},
		{"the first digit counts: a code for now in a reply for ever", atRcpt, "550 4.4.1 no answer from host", Failed, Unmarked},
		{"content refused", atDot, "554 5.6.0 Message contains invalid header", Failed, Unmarked},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := classify(test.at, answer(t, test.reply))
			if got.State != test.want || got.Mark != test.mark {
				t.Errorf("got %+v, want %v, mark %d", got, test.want, test.mark)
			}
			for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
				if p := got.Problem(); p.Message(lang) == "" || strings.Contains(p.Message(lang), "a@") {
					t.Errorf("got %q, want words without an address", p.Message(lang))
				}
			}
		})
	}
}

func TestQueueID(t *testing.T) {
	for _, test := range []struct{ name, reply, want string }{
		{"Postfix", "2.0.0 Ok: queued as 4F1d2x3Yz", "4F1d2x3Yz"},
		{"Exim", "OK id=1rABCD-0000xy-1Z", "1rABCD-0000xy-1Z"},
		{"Sendmail", "2.0.0 4AK0abcd012345 Message accepted for delivery", "4AK0abcd012345"},
		{"Gmail", "2.0.0 OK  1700000000 d9443c01a7336-1cc5b5si123.45 - gsmtp", "d9443c01a7336-1cc5b5si123.45"},
		{"SES", "Ok 0100018c1f2a3b4c-5d6e7f80-1234-5678-9abc-def012345678-000000", "0100018c1f2a3b4c-5d6e7f80-1234-5678-9abc-def012345678-000000"},
		{"qmail", "ok 1700000000 qp 12345", "12345"},
		{"Haraka", "Message Queued (6C1AB2.1)", "6C1AB2.1"},
		{"smtp-sink", "2.0.0 Ok", ""},
		{"letters that grow in lower case", "\xff\xfeİİİ queued as 4F1", "4F1"},
		{"an address is none", "queued as a@mail.example", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := queueID(string(answer(t, "250 "+test.reply).text)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestShownHidesAddresses(t *testing.T) {
	token := strings.Repeat("Ab3_", 12)
	for text, want := range map[string]string{
		"<b+" + token + "@bounce.nagi.example>: rejected": "<…@bounce.nagi.example>: rejected",
		"a@b.example,c@d.example":                         "…@b.example,…@d.example",
		`<"foo bar\"@x"@docomo.ne.jp> unknown`:            "<…@docomo.ne.jp> unknown",
		"see https://nagi.example/k/" + token + "/a":      "see https://nagi.example/k/…/a",
		"a \x1b[31m b\tc":                                 "a [31m b c",
		"湊@日本.example は不明":                                "…@日本.example は不明",
	} {
		if got := shown([]byte(text)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// FuzzReply: whatever a server writes, a reply is read or refused, with limits; what
// is shown of it is one line of valid text.
func FuzzReply(f *testing.F) {
	for _, s := range []string{"250 ok\r\n", "250-a\r\n250 b\r\n", "550 5.1.1 <a@b> no\r\n", "250-a\r\n550 b\r\n", "2500\r\n", "25\r\n", "250 5.1.\r\n", "421 \xff\n", "354\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(data), 512)
		var a reply
		for a.read(r) == nil {
			if a.code < 200 || a.code > 599 || len(a.text) > maxReplyText {
				t.Fatalf("got %d, %d bytes", a.code, len(a.text))
			}
			s := shown(a.text)
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x1b\x00") || len(s) > maxReplyText {
				t.Fatalf("got %q", s)
			}
			if a.isRefusal() {
				for at := atMail; at <= atDot; at++ {
					if o := classify(at, &a); o.State == Sent || o.State == Unknown || o.State == 0 || o.Reason == "" || o.Mark != Unmarked && o.State != Failed {
						t.Fatalf("got %+v of %q", o, a.text)
					}
				}
			}
			if id := queueID(string(a.text)); strings.ContainsAny(id, " @\r\n") || len(id) > 100 {
				t.Fatalf("got %q", id)
			}
		}
	})
}

// FuzzText: a server that takes the dots away again gets what was sent, and sees no
// terminator before the last line.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", ".", ".\r\n", "a\r\n.\r\n.b\r\n\r\n..", "a\r\n.", "\n.\n", "a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		wire := string(appendText(nil, data))
		text, ended := strings.CutSuffix(wire, ".\r\n")
		if !ended || text != "" && !strings.HasSuffix(text, "\n") || strings.HasPrefix(text, ".\r\n") || strings.Contains(text, "\n.\r\n") || strings.Contains(text, "\n.\n") {
			t.Fatalf("got %q of %q", wire, data)
		}
		want := string(data)
		if want != "" && !strings.HasSuffix(want, "\n") {
			want += "\r\n"
		}
		if got := unstuff(text); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
		crlf := !strings.Contains(strings.ReplaceAll(string(data), "\r\n", ""), "\r") && !strings.Contains(strings.ReplaceAll(string(data), "\r\n", ""), "\n")
		if got := linesEndInCRLF(data); got != crlf {
			t.Fatalf("%q: got %v, want %v", data, got, crlf)
		}
		if got, want := isASCII(data), strings.IndexFunc(string(data), func(r rune) bool { return r >= 0x80 }) < 0; got != want {
			t.Fatalf("%q: got %v, want %v", data, got, want)
		}
	})
}

// unstuff takes one dot from each line that begins with one.
func unstuff(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, ".")
	}
	return strings.Join(lines, "")
}
