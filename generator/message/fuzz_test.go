package message_test

import (
	"slices"
	"strings"
	"testing"

	"kaiho/generator/message"
)

// cut makes pieces of s: a byte of 0x01 to 0x03 is a slot, and what is between is
// a text, which "*" makes long.
func cut(s string) (pieces message.Text) {
	for s != "" {
		end := strings.IndexAny(s, "\x01\x02\x03")
		switch {
		case end == 0:
			pieces, s = append(pieces, message.Piece{Slot: int(s[0])}), s[1:]
			continue
		case end < 0:
			end = len(s)
		}
		pieces, s = append(pieces, message.Piece{Text: strings.ReplaceAll(s[:end], "*", strings.Repeat("long\n", 40))}), s[end:]
	}
	return pieces
}

// FuzzAppend: whatever the pieces and values, the parts are these in a row, and
// whatever the names and the subject, there are the fields that were asked for.
// decode checks the form.
func FuzzAppend(f *testing.F) {
	f.Add("a\x01*\x02b", "*\x01\x02*\x03", "x", "xy\n", "xyz\r", "髙梨 湊", "凪だより", "minato@mail.example", "<https://nagi.example/u/a>,<mailto:a@b.example>")
	f.Add("\x01", "\x03**", "", "", "", "a\r\nBcc: b@c.example", "\r\n\r\nbody", "foo..bar@docomo.ne.jp", "a b")
	f.Add("a\r\x01\nb", "\x00", "\n", "\r\n\r", "\x00", `"\<a@b.example>`, "=?UTF-8?B?YQ==?=", `"a b"@mail.example`, strings.Repeat("a ", 300))
	f.Add("*", "b", "", "", "", strings.Repeat("𠮷\u202e ", 100), strings.Repeat("長", 100), "a@b\r\n", "a\r\nb")
	f.Fuzz(func(t *testing.T, plain, html, one, two, three, name, subject, address, value string) {
		s, l := sample()
		s.Plain, s.HTML, s.Subject, s.From.Name = cut(plain), cut(html), subject, name
		values := []string{one, two, three}
		l.Plain, l.HTML, l.To = values, values, message.Mailbox{Name: name, Address: address}
		tmpl, err := message.Compile(s)
		if err != nil {
			if plain != "" && html != "" {
				t.Errorf("got %v", err)
			}
			return
		}
		names := strings.Fields("Date From To Subject Message-ID Content-Language MIME-Version Content-Type")
		l.Fields = []message.Field{{Name: "X-Field", Value: value}}
		raw, err := tmpl.Append(nil, l)
		if err != nil {
			l.Fields = nil
			raw, err = tmpl.Append(nil, l)
		}
		if err != nil {
			l.To.Address = "minato@mail.example"
			if raw, err = tmpl.Append(nil, l); err != nil {
				t.Fatal(err)
			}
		}
		if l.Fields != nil {
			names = slices.Insert(names, 5, "X-Field")
		}
		d := decode(t, raw)
		if !slices.Equal(d.names, names) {
			t.Errorf("got the fields %q, want %q", d.names, names)
		}
		if got, want := d.plain, inRow(s.Plain, values); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, want := d.html, inRow(s.HTML, values); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		checkHead(t, d, s, l)
	})
}

// inRow is what a part has to be.
func inRow(pieces message.Text, values []string) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Slot > 0 {
			b.WriteString(crlf(values[p.Slot-1]))
		}
		b.WriteString(crlf(p.Text))
	}
	return b.String()
}

// checkHead compares sender, reader and subject with what was given, but for white
// space and what is cleaned away.
func checkHead(t *testing.T, d decoded, s message.Spec, l message.Letter) {
	t.Helper()
	bare := func(s string) string {
		s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), "")
		return strings.Map(func(r rune) rune {
			if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x61c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == '\ufffd' {
				return -1
			}
			return r
		}, s)
	}
	if got, want := bare(d.words(t, "Subject")), bare(s.Subject); got != want {
		t.Errorf("got the subject %q, want %q", got, want)
	}
	if got, want := d.mailbox(t, "From"), bare(s.From.Name); bare(got.Name) != want || got.Address != s.From.Address {
		t.Errorf("got the sender %q, want %q", got, want)
	}
	to := d.mailbox(t, "To")
	if want := bare(l.To.Name); bare(to.Name) != want {
		t.Errorf("got the reader %q, want %q", to.Name, want)
	}
	if !strings.HasPrefix(l.To.Address, `"`) && to.Address != l.To.Address {
		t.Errorf("got the address %q, want %q", to.Address, l.To.Address)
	}
}
