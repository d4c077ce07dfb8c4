package bounce_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"kaiho/generator/bounce"
)

func TestClassify(t *testing.T) {
	for _, test := range []struct {
		name     string
		code     int
		enhanced string
		text     string
		want     bounce.Class
	}{
		{"a bad mailbox", 550, "5.1.1", "User unknown", bounce.Dead},
		{"a bad domain", 550, "5.1.2", "", bounce.Dead},
		{"bad syntax", 553, "5.1.3", "", bounce.Dead},
		{"a mailbox that has moved", 551, "5.1.6", "", bounce.Dead},
		{"a null MX", 556, "5.1.10", "", bounce.Dead},
		{"a disabled mailbox", 550, "5.2.1", "", bounce.Dead},
		{"a domain without a host", 0, "5.4.4", "", bounce.Dead},
		{"a full mailbox", 552, "5.2.2", "", bounce.Full},
		{"a mailbox that is full for now", 452, "4.2.2", "", bounce.Full},
		{"codes that contradict each other", 450, "5.1.1", "User unknown", bounce.Temporary},
		{"a full mailbox under a code of dead ones", 550, "5.1.1", "user over quota", bounce.Full},
		{"policy with the words of a dead mailbox", 550, "5.7.1", "user unknown", bounce.Policy},
		{"missing authentication, at Microsoft", 550, "5.7.515", "", bounce.Policy},
		{"throttling", 421, "4.7.28", "", bounce.Policy},
		{"a refused sender", 550, "5.1.8", "", bounce.Policy},
		{"a blocklist under a code of dead mailboxes", 550, "5.1.1", "blocked using zen.dnsbl.example", bounce.Policy},
		{"a server whose name is of a filter", 550, "5.1.1", "host mx.antispam.example said: user unknown", bounce.Dead},
		{"an address whose name is of a filter", 550, "", "<spam@mail.example>: user unknown", bounce.Dead},
		{"an unknown user that is not for ever", 450, "4.1.1", "user unknown", bounce.Temporary},
		{"an unknown user that is not for ever, without enhanced code", 450, "", "user unknown", bounce.Temporary},
		{"a full mailbox that is not for ever", 452, "", "mailbox full", bounce.Full},
		{"a code that tells nothing, and words", 550, "5.0.0", "No such user here", bounce.Dead},
		{"a code that tells nothing, and none", 550, "5.0.0", "", bounce.Unsure},
		{"a letter that is too large", 552, "5.3.4", "message size exceeds fixed limit", bounce.Unsure},
		{"a loop", 554, "5.4.6", "too many hops", bounce.Unsure},
		{"a mailbox that is unavailable, which may mean anything", 550, "", "mailbox unavailable", bounce.Unsure},
		{"words of a dead and a full mailbox", 550, "", "user unknown or mailbox full", bounce.Unsure},
		{"words of policy and a dead mailbox", 550, "", "user unknown; rejected by policy", bounce.Policy},
		{"nothing", 0, "", "", bounce.Unsure},
		{"a code that is none", 999, "5", "", bounce.Unsure},
		{"an address in the words of a dead one", 550, "", "minato@mail.example does not exist", bounce.Unsure},
		{"an account that does not exist", 550, "", "The email account that you tried to reach does not exist", bounce.Dead},
		{"Japanese: does not exist", 550, "", "宛先のメールアドレスが存在しません", bounce.Dead},
		{"Japanese: may not exist", 550, "", "宛先が存在しない可能性があります", bounce.Unsure},
		{"Japanese: no room", 0, "", "メールボックスがいっぱいです", bounce.Full},
		{"Japanese: refused by the reader", 0, "", "受信拒否設定により配送できません", bounce.Policy},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := bounce.Classify(test.code, test.enhanced, test.text); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestReturnPath(t *testing.T) {
	const token = "k7m2qx4v9dpa"
	for _, test := range []struct {
		name, base, token string
		want              string // "" for an error
	}{
		{"a domain", "bounce.nagi.example", token, "b+k7m2qx4v9dpa@bounce.nagi.example"},
		{"an address", "news@nagi.example", token, "news+k7m2qx4v9dpa@nagi.example"},
		{"a token with capitals", "nagi.example", "K7M2QX4V9DPA", ""},
		{"a token that is short", "nagi.example", "k7m2qx4", ""},
		{"a token that is long", "nagi.example", strings.Repeat("a", 41), ""},
		{"a token with an address in it", "nagi.example", "abcdefgh@a.example", ""},
		{"a base that leaves no room", strings.Repeat("a", 52) + "@nagi.example", token, ""},
		{"no base", "", token, ""},
		{"a base with a space", "nagi .example", token, ""},
		{"a base with a second line", "nagi.example\r\nRCPT TO:<a@b.example>", token, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := bounce.ReturnPath(test.base, test.token)
			if got != test.want || (err != nil) != (test.want == "") {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestTokenOf(t *testing.T) {
	for _, test := range []struct{ name, address, want string }{
		{"a return path", "b+k7m2qx4v9dpa@bounce.nagi.example", "k7m2qx4v9dpa"},
		{"in angle brackets", "<b+k7m2qx4v9dpa@bounce.nagi.example>", "k7m2qx4v9dpa"},
		{"with capitals", "B+K7M2QX4V9DPA@BOUNCE.NAGI.EXAMPLE", "k7m2qx4v9dpa"},
		{"forwarded once", "SRS0=aB3d=XY=bounce.nagi.example=b+k7m2qx4v9dpa@forward.example", "k7m2qx4v9dpa"},
		{"forwarded twice", "SRS1=hh=one.example==aB3d=XY=bounce.nagi.example=b+k7m2qx4v9dpa@two.example", "k7m2qx4v9dpa"},
		{"tagged (BATV)", "prvs=1234abcdef=b+k7m2qx4v9dpa@bounce.nagi.example", "k7m2qx4v9dpa"},
		{"another person's folder", "minato+alumni@mail.example", ""},
		{"no plus", "k7m2qx4v9dpa@bounce.nagi.example", ""},
		{"no address", "b+k7m2qx4v9dpa", ""},
		{"the empty path", "<>", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := bounce.TokenOf(test.address); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzReturnPath: what ReturnPath makes, TokenOf reads, and it is one address.
func FuzzReturnPath(f *testing.F) {
	f.Add("bounce.nagi.example", "k7m2qx4v9dpa")
	f.Add("news@nagi.example", "00000000")
	f.Add("prvs=a=b@nagi.example", "00000000")
	f.Add("a+b@nagi.example", "00000000")
	f.Fuzz(func(t *testing.T, base, token string) {
		path, err := bounce.ReturnPath(base, token)
		if err != nil {
			return
		}
		if got := bounce.TokenOf(path); got != token {
			t.Errorf("TokenOf(%q): got %q, want %q", path, got, token)
		}
		if strings.ContainsAny(path, " <>\r\n\x00,") || strings.Count(path, "@") != 1 {
			t.Errorf("got %q, want an address", path)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		raw  []byte
		want error
	}{
		{"nothing", nil, bounce.ErrEmpty},
		{"white space", []byte("\r\n \n"), bounce.ErrEmpty},
		{"more than MaxBytes", make([]byte, bounce.MaxBytes+1), bounce.ErrTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := bounce.Parse(test.raw); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// hostile are messages made to take time or memory, or to look like bounces.
var hostile = map[string]string{
	"a boundary that every line is":  "Content-Type: multipart/report; boundary=\"\"\n\n" + strings.Repeat("--\n", 1e5),
	"parts without end":              "Content-Type: multipart/mixed; boundary=a\n\n" + strings.Repeat("--a\n\n", 1e6),
	"parts in parts":                 strings.Repeat("Content-Type: multipart/mixed; boundary=a\n\n--a\n", 1e4),
	"one line":                       "Return-Path: <>\nSubject: failure notice\n\n" + strings.Repeat("<a@b.example>: user unknown ", 2e5),
	"a recipient in every line":      "Return-Path: <>\nSubject: failure notice\n\n" + strings.Repeat("<a@b.example>:\nno such user\n<b@b.example>:\n", 1e5),
	"a field without end":            "Subject: " + strings.Repeat(" a\n", 1e6),
	"fields without end":             strings.Repeat("Delivered-To: b+k7m2qx4v9dpa@a.example\n", 1e5),
	"a status of 100,000 recipients": "Content-Type: message/delivery-status\n\n" + strings.Repeat("Action: failed\nStatus: 5.1.1\n\n", 1e5),
	"a status of empty groups":       "Content-Type: message/delivery-status\n\n" + strings.Repeat(":\n\n", 1e5),
	"zeros":                          strings.Repeat("\x00", 1e6),
	"open tags":                      "Return-Path: <>\nSubject: failure notice\nContent-Type: text/html\n\n" + strings.Repeat("<a ", 1e5),
	"a subject of encoded words":     "Subject: " + strings.Repeat("=?iso-2022-jp?B?GyRC?= ", 1e4) + "\n\n",
}

// TestHostile: whatever comes, the report is bounded.
func TestHostile(t *testing.T) {
	for name, raw := range hostile {
		t.Run(name, func(t *testing.T) {
			report, err := bounce.Parse([]byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, report)
		})
	}
}

// TestParseReadsEightLevels: a report deeper than that is not read.
func TestParseReadsEightLevels(t *testing.T) {
	for levels, want := range map[int]bounce.Kind{1: bounce.Bounce, 8: bounce.Bounce, 9: bounce.Other} {
		var raw strings.Builder
		for level := range levels {
			fmt.Fprintf(&raw, "Content-Type: multipart/mixed; boundary=level%d\n\n--level%d\n", level, level)
		}
		raw.WriteString("Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n")
		report, err := bounce.Parse([]byte(raw.String()))
		if err != nil || report.Kind != want {
			t.Errorf("%d levels: got %v, %v, want %v", levels, report.Kind, err, want)
		}
	}
}

// checkReport checks what holds of every report.
func checkReport(t *testing.T, r bounce.Report) {
	t.Helper()
	if len(r.Tokens) > 8 || len(r.MessageIDs) > 8 || len(r.Results) > 50 {
		t.Errorf("got %d tokens, %d IDs, %d results, want at most 8, 8, 50", len(r.Tokens), len(r.MessageIDs), len(r.Results))
	}
	if r.Kind == bounce.Bounce && len(r.Results) == 0 {
		t.Error("got a bounce without results")
	}
	if r.Kind != bounce.Bounce && r.Kind != bounce.Delay && r.Kind != bounce.Complaint && r.Results != nil {
		t.Errorf("got results of %v, want none", r.Kind)
	}
	for _, to := range r.Results {
		if len(to.Diagnostic) > 300 || !utf8.ValidString(to.Diagnostic) || strings.ContainsAny(to.Diagnostic, "\r\n\x00\x1b") {
			t.Errorf("got the diagnostic %q, want one clean line", to.Diagnostic)
		}
		if strings.ContainsAny(to.Address, " \r\n<>\x00") || len(to.Address) > 400 {
			t.Errorf("got the address %q", to.Address)
		}
		if to.Class == bounce.Dead && (to.Code != 0 && to.Code < 500 || to.Enhanced != "" && !strings.HasPrefix(to.Enhanced, "5.")) {
			t.Errorf("got %v of %d %s, want it of 5 only", to.Class, to.Code, to.Enhanced)
		}
		if (strings.HasPrefix(to.Enhanced, "5.7.") || strings.HasPrefix(to.Enhanced, "4.")) && to.Class == bounce.Dead {
			t.Errorf("got %v of %s, want that of policy or of now", to.Class, to.Enhanced)
		}
	}
}

// FuzzParse: no message makes a panic, and the same bytes give the same report.
func FuzzParse(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if raw, err := os.ReadFile("testdata/" + file.Name()); err == nil && strings.HasSuffix(file.Name(), ".eml") {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		report, err := bounce.Parse(raw)
		if err != nil {
			return
		}
		checkReport(t, report)
		if again, _ := bounce.Parse(raw); show(again) != show(report) {
			t.Errorf("got:\n%s\nand then:\n%s", show(report), show(again))
		}
	})
}

func ExampleParse() {
	path, err := bounce.ReturnPath("bounce.nagi.example", "k7m2qx4v9dpa")
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := bounce.Parse([]byte("Return-Path: <>\nDelivered-To: " + path + `
From: MAILER-DAEMON@mx.mail.example
Subject: failure notice

Hi. This is the qmail-send program at mx.mail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<minato@mail.example>:
Sorry, no mailbox here by that name. (#5.1.1)
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Kind, report.Tokens)
	for _, to := range report.Results {
		fmt.Println(to.Class, to.Enhanced, to.Address)
	}
	// Output:
	// bounce [k7m2qx4v9dpa]
	// dead 5.1.1 minato@mail.example
}

func BenchmarkParse(b *testing.B) {
	for _, file := range []string{"postfix-user-unknown", "iij-iso-2022-jp"} {
		b.Run(file, func(b *testing.B) {
			raw, err := os.ReadFile("testdata/" + file + ".eml")
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := bounce.Parse(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
