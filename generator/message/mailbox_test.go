package message_test

import (
	"errors"
	"mime"
	"strings"
	"testing"

	"kaiho/generator/message"
)

func TestNames(t *testing.T) {
	for _, test := range []struct{ name, reader, want string }{ // want "": the reader
		{"none", "", ""},
		{"white space is none", " \r\n\u3000\t", " "},
		{"two kanji", "髙梨 湊", ""},
		{"kanji outside of the plane of the others, and with a selector", "𠮷田 葛\U000E0100", ""},
		{"emoji", "湊 👩‍👩‍👧‍👦", ""},
		{"an address in angle brackets", "<all@nagi.example>", ""},
		{"quotes", `Minato "Mina" Takanashi`, ""},
		{"a backslash at the end", `Minato\`, ""},
		{"a comma and an address", "a@b.example, Minato", ""},
		{"a comment", "Minato (2001)", ""},
		{"a group", "friends: a;", ""},
		{"an encoded word of somebody else", "=?UTF-8?B?Cg==?=", ""},
		{"a header that is smuggled in", "山﨑\r\nBcc: all@nagi.example", "山﨑 Bcc: all@nagi.example"},
		{"a header behind quotes", "a\" <a@b.example>\r\nBcc: c@d.example", `a" <a@b.example> Bcc: c@d.example`},
		{"marks that turn the direction of writing", "\u200fa\u202ebc\u202c\u061c", "abc"},
		{"300 kanji", strings.Repeat("髙", 300), ""},
		{"300 characters of four bytes", strings.Repeat("𠮷", 300), ""},
		{"300 ASCII characters in words", strings.TrimSpace(strings.Repeat("Minato ", 43)), ""},
		{"300 ASCII characters in a row", strings.Repeat("a", 300), ""},
		{"300 quotes", strings.Repeat(`"`, 300), ""},
		{"60 ASCII characters", strings.Repeat("a", 60), ""},
		{"58 characters with one to escape", strings.Repeat("a", 58) + `"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := message.Mailbox{Name: strings.TrimSpace(test.want), Address: "minato@mail.example"}
			if test.want == "" {
				want.Name = test.reader
			}
			s, l := sample()
			s.From = message.Mailbox{Name: test.reader, Address: "letter@nagi.example"}
			s.ReplyTo = message.Mailbox{Name: test.reader, Address: strings.Repeat("a", 64) + "@nagi.example"}
			l.To = message.Mailbox{Name: test.reader, Address: want.Address}
			d := decode(t, write(t, s, l))
			if got := d.mailbox(t, "To"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got := d.mailbox(t, "From").Name; got != want.Name {
				t.Errorf("got the sender %q, want %q", got, want.Name)
			}
			if got := d.mailbox(t, "Reply-To"); got != (message.Mailbox{Name: want.Name, Address: s.ReplyTo.Address}) {
				t.Errorf("got replies to %q, want %q", got, want.Name)
			}
			d.head = head(d, "Reply-To") // whose address alone is too long
			checkWords(t, d)
		})
	}
}

// head is the lines of the header without the field.
func head(d decoded, without string) (lines []string) {
	in := false
	for _, line := range d.head {
		if line[0] != ' ' {
			in = strings.HasPrefix(line, without+":")
		}
		if !in {
			lines = append(lines, line)
		}
	}
	return lines
}

// decodedWord decodes an encoded word by itself.
func decodedWord(t *testing.T, word string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).Decode(word)
	if err != nil {
		t.Errorf("%s: %v", word, err)
	}
	return text
}

func TestAddresses(t *testing.T) {
	for _, test := range []struct{ name, address, want string }{
		{"a plain one", "minato@mail.example", "minato@mail.example"},
		{"what RFC 5322 has for atoms", "!#$%&'*+-/=?^_`{|}~a1@mail.example", "!#$%&'*+-/=?^_`{|}~a1@mail.example"},
		{"two dots of an old carrier", "foo..bar@docomo.ne.jp", `"foo..bar"@docomo.ne.jp`},
		{"a dot in front of an old carrier", ".foo@ezweb.ne.jp", `".foo"@ezweb.ne.jp`},
		{"a dot before the @ of an old carrier", "foo.@docomo.ne.jp", `"foo."@docomo.ne.jp`},
		{"quotes that are there already", `"foo..bar"@docomo.ne.jp`, `"foo..bar"@docomo.ne.jp`},
		{"quotes, spaces and an @ inside of quotes", `"A @b\"c"@mail.example`, `"A @b\"c"@mail.example`},
		{"a host without a domain", "letter@localhost", "letter@localhost"},
		{"a domain in its ASCII form", "a@xn--wgv71a119e.example", "a@xn--wgv71a119e.example"},
		{"the longest local part", strings.Repeat("a", 64) + "@mail.example", strings.Repeat("a", 64) + "@mail.example"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, l := sample()
			for _, name := range []string{"", "Minato", strings.Repeat("長", 50)} {
				l.To = message.Mailbox{Name: name, Address: test.address}
				d := decode(t, write(t, s, l))
				got, bare := d.header.Get("To"), d.mailbox(t, "To")
				if name != "" && !strings.HasSuffix(got, " <"+test.want+">") || name == "" && got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
				if bare.Name != name || !strings.HasPrefix(test.address, `"`) && bare.Address != test.address {
					t.Errorf("got %q, want %q", bare, l.To)
				}
			}
		})
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	for name, address := range map[string]string{
		"nothing":                        "",
		"a word":                         "minato",
		"no local part":                  "@mail.example",
		"no domain":                      "minato@",
		"a name with it":                 "Minato <minato@mail.example>",
		"two addresses":                  "a@mail.example,b@mail.example",
		"two @":                          "a@b@mail.example",
		"a space inside":                 "a b@mail.example",
		"a line break inside":            "a@mail.example\r\nBcc: b@mail.example",
		"a line break in the local part": "a\nb@mail.example",
		"a line break inside of quotes":  "\"a\r\nb\"@mail.example",
		"a NUL":                          "a\x00@mail.example",
		"a tab inside of quotes":         "\"a\tb\"@mail.example",
		"a Japanese local part":          "太郎@mail.example",
		"a Japanese domain":              "a@日本語.example",
		"broken bytes":                   "a\xff@mail.example",
		"a comment":                      "a(b)@mail.example",
		"a source route":                 "@a.example:b@mail.example",
		"an IP address":                  "a@[192.0.2.1]",
		"a domain that ends in a dot":    "a@mail.example.",
		"two dots in the domain":         "a@mail..example",
		"an underscore in the domain":    "a@ma_il.example",
		"a label that begins with a -":   "a@-mail.example",
		"a quote that does not end":      `"a@mail.example`,
		"an escaped last quote":          `"a\"@mail.example`,
		"a quote inside of quotes":       `"a"b"@mail.example`,
		"quotes around nothing":          `""@mail.example`,
		"an endless local part":          strings.Repeat("a", 65) + "@mail.example",
		"an endless label":               "a@" + strings.Repeat("a", 64) + ".example",
		"an endless domain":              "a@" + strings.Repeat("abcdefg.", 32) + "jp",
	} {
		t.Run(name, func(t *testing.T) {
			s, l := sample()
			tmpl, err := message.Compile(s)
			if err != nil {
				t.Fatal(err)
			}
			l.To.Address = address
			if got, err := tmpl.Append(nil, l); !errors.Is(err, message.ErrAddress) || len(got) > 0 {
				t.Errorf("got %q, %v, want %v", got, err, message.ErrAddress)
			}
			s.From.Address = address
			if _, err := message.Compile(s); !errors.Is(err, message.ErrAddress) {
				t.Errorf("got %v for a sender, want %v", err, message.ErrAddress)
			}
		})
	}
}
