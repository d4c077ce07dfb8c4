package message_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"kaiho/generator/message"
)

// decoded is a message as the standard library reads it.
type decoded struct {
	header      mail.Header
	names       []string // of the header fields, in order
	head        []string // lines of the header
	plain, html string
}

// decode reads a message, and checks what is true of every one.
func decode(t *testing.T, raw []byte) decoded {
	t.Helper()
	lines := strings.Split(string(raw), "\r\n")
	if lines[len(lines)-1] != "" {
		t.Errorf("got the end %q, want CRLF", lines[len(lines)-1])
	}
	var d decoded
	inHead, inHeadOfPart := true, false
	for _, line := range lines {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("got a line of %d bytes, or with CR, LF or NUL: %.100q", len(line), line)
		}
		switch {
		case line == "":
			inHead, inHeadOfPart = false, false
		case inHead:
			d.head = append(d.head, line)
			if name, _, _ := strings.Cut(line, ":"); line[0] != ' ' {
				d.names = append(d.names, name)
			} else if strings.TrimSpace(line) == "" {
				t.Errorf("got an empty line in a field")
			}
		case strings.HasPrefix(line, "--"):
			inHeadOfPart = true
		case !inHeadOfPart && len(line) > 76:
			t.Errorf("got a line of %d characters in a part", len(line))
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	d.header = m.Header
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("got %q (%v), want multipart/alternative", kind, err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	d.plain = decodePart(t, parts, "text/plain; charset=utf-8")
	d.html = decodePart(t, parts, "text/html; charset=utf-8")
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Errorf("got %v after two parts, want no more", err)
	}
	return d
}

func decodePart(t *testing.T, parts *multipart.Reader, kind string) string {
	t.Helper()
	part, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	if got, way := part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"); got != kind || way != "base64" {
		t.Errorf("got a part of %q in %q, want %q in base64", got, way, kind)
	}
	code, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.Strict().DecodeString(string(code)) // which skips line ends
	if err != nil {
		t.Errorf("a part of %q: %v", kind, err)
	}
	return string(text)
}

// words returns a header field with its encoded words decoded.
func (d decoded) words(t *testing.T, field string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(d.header.Get(field))
	if err != nil {
		t.Errorf("%s: %v", field, err)
	}
	return text
}

// mailbox returns the one address in a header field.
func (d decoded) mailbox(t *testing.T, field string) message.Mailbox {
	t.Helper()
	list, err := d.header.AddressList(field)
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: got %d addresses in %q (%v), want one", field, len(list), d.header.Get(field), err)
	}
	return message.Mailbox{Name: list[0].Name, Address: list[0].Address}
}

// crlf is what becomes of a text's line ends.
func crlf(s string) string {
	return strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(s)
}

func jst() time.Time {
	return time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))
}

// sample is a letter without slots.
func sample() (message.Spec, message.Letter) {
	return message.Spec{From: message.Mailbox{Name: "凪だより", Address: "letter@nagi.example"}, Subject: "凪だより", Language: "ja",
			Plain: message.Fixed("冬の集い\n"), HTML: message.Fixed("<p>冬の集い</p>\n")},
		message.Letter{To: message.Mailbox{Name: "髙梨 湊", Address: "minato@mail.example"}, MessageID: "1@nagi.example", Date: jst()}
}

func write(t *testing.T, s message.Spec, l message.Letter) []byte {
	t.Helper()
	tmpl, err := message.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := tmpl.Append(nil, l)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
