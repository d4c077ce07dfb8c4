package main

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kaiho/generator/gate"
)

// sendLetter sends l into a new folder and returns the one file.
func sendLetter(t *testing.T, o *outbox, l gate.Letter) (name string, message *mail.Message) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	o.dir = root
	if err := o.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "outbox", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got %v (%v), want one file", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v (%v), want 0600", info.Mode(), err)
	}
	file, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	message, err = mail.ReadMessage(file)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Base(files[0]), message
}

func sampleLetter() gate.Letter {
	return gate.Letter{To: "foo..bar@docomo.ne.jp", ToName: "髙梨 湊", Lang: "ja", Subject: "凪の会：新しいリンクです。長い件名は、何行かに折り返して書きます",
		Text: "髙梨 湊 様\n\nhttps://nagi.example/s/AAAA\n", HTML: "<p>髙梨 湊 様</p>\n<a href=\"https://nagi.example/s/AAAA\">開く</a>\n",
		Composed: time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))}
}

// TestOutboxOffersOneClick: what mail programs post to is in the header (RFC 8058), if
// there is such an address, and else nothing is.
func TestOutboxOffersOneClick(t *testing.T) {
	l := sampleLetter()
	_, message := sendLetter(t, &outbox{from: "letter@nagi.example"}, l)
	if got := message.Header.Get("List-Unsubscribe") + message.Header.Get("List-Unsubscribe-Post"); got != "" {
		t.Errorf("got %q for a link that was asked for, want nothing", got)
	}
	l.OneClick = "https://nagi.example/u/" + strings.Repeat("A", 112)
	_, message = sendLetter(t, &outbox{from: "letter@nagi.example"}, l)
	if got := message.Header.Get("List-Unsubscribe"); got != "<"+l.OneClick+">" {
		t.Errorf("got %q, want the address", got)
	}
	if got := message.Header.Get("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
		t.Errorf("got %q, want what RFC 8058 has", got)
	}
}

// TestOutboxWritesWholeLetters: what is written is read back by the standard
// library as it was meant.
func TestOutboxWritesWholeLetters(t *testing.T) {
	l := sampleLetter()
	name, message := sendLetter(t, &outbox{from: "凪だより <letter@nagi.example>", replyTo: "office@nagi.example"}, l)
	if !regexp.MustCompile(`^20261120T000000Z-[0-9a-f]{16}\.eml$`).MatchString(name) {
		t.Errorf("got the name %q, want time and chance alone", name)
	}
	to, err := message.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != l.To || to[0].Name != l.ToName {
		t.Errorf("got %v (%v), want %s", to, err, l.To)
	}
	from, err := message.Header.AddressList("From")
	if err != nil || from[0].Name != "凪だより" {
		t.Errorf("got %v (%v), want the sender of the site", from, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil || subject != l.Subject {
		t.Errorf("got %q (%v), want %q", subject, err, l.Subject)
	}
	if date, err := message.Header.Date(); err != nil || !date.Equal(l.Composed) {
		t.Errorf("got %v (%v), want %v", date, err, l.Composed)
	}
	if id := message.Header.Get("Message-ID"); !regexp.MustCompile(`^<[0-9a-f]{16}@nagi\.example>$`).MatchString(id) {
		t.Errorf("got the id %q", id)
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("got %q (%v), want multipart/alternative", kind, err)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for _, want := range []struct{ kind, text string }{{"text/plain; charset=utf-8", l.Text}, {"text/html; charset=utf-8", l.HTML}} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if got := strings.ReplaceAll(string(text), "\r\n", "\n"); err != nil || got != want.text || part.Header.Get("Content-Type") != want.kind {
			t.Errorf("got %q of %q (%v), want %q", got, part.Header.Get("Content-Type"), err, want.text)
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("got %v after two parts, want no more", err)
	}
}

// TestOutboxKeepsItsLines: no line is too long, and none is somebody else's header.
func TestOutboxKeepsItsLines(t *testing.T) {
	o := &outbox{from: "letter@nagi.example"}
	l := sampleLetter()
	l.ToName, l.Subject = "山﨑\r\nBcc: all@nagi.example", "a\r\nX-Injected: yes"
	l.HTML = strings.Repeat("長", 5000)
	data, err := o.compose(l, "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(data), "\r\n\r\n")
	if regexp.MustCompile(`(?m)^(Bcc|X-Injected):`).MatchString(head) {
		t.Errorf("got a header that was smuggled in:\n%s", head)
	}
	for line := range strings.SplitSeq(string(data), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("got a line of %d bytes, or one that ends otherwise than with CRLF", len(line))
		}
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if len(line) > 100 {
			t.Errorf("got a header line of %d bytes, want it folded: %s", len(line), line)
		}
	}
	l.To = "a@mail.example\r\nBcc: b@mail.example"
	if _, err := o.compose(l, "0"); err == nil {
		t.Error("an address with a line break was taken")
	}
}

// TestSendersOfEverySite: an office may have a domain in kanji, and a trial none.
func TestSendersOfEverySite(t *testing.T) {
	for name, test := range map[string]struct{ from, want string }{
		"a name and an address":  {"凪だより <letter@nagi.example>", "letter@nagi.example"},
		"a host of this machine": {"noreply@localhost", "noreply@localhost"},
		"a domain in kanji":      {"letter@日本語.example", "letter@xn--wgv71a119e.example"},
	} {
		t.Run(name, func(t *testing.T) {
			_, message := sendLetter(t, &outbox{from: test.from}, sampleLetter())
			from, err := message.Header.AddressList("From")
			if err != nil || from[0].Address != test.want {
				t.Errorf("got %v (%v), want %s", from, err, test.want)
			}
			if id := message.Header.Get("Message-ID"); !strings.HasSuffix(id, test.want[strings.IndexByte(test.want, '@'):]+">") {
				t.Errorf("got the id %s, want the sender's domain", id)
			}
		})
	}
	o := &outbox{from: "letter"}
	if _, err := o.compose(sampleLetter(), "0"); err == nil {
		t.Error("a sender without an address was taken")
	}
}
