package message_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kaiho/generator/message"
)

func TestFieldsAreFolded(t *testing.T) {
	url, other := "<https://nagi.example/u/"+strings.Repeat("a", 130)+">", "<mailto:u+aaaaaaaa@nagi.example>"
	for _, test := range []struct{ name, value, want string }{
		{"a short value stays in its line", "bulk", "X-Field: bulk"},
		{"spaces around it go", "  a b ", "X-Field: a b"},
		{"a line breaks at a space", strings.Repeat("word ", 20), "X-Field: " + strings.Repeat("word ", 12) + "word\r\n " + strings.TrimSpace(strings.Repeat("word ", 7))},
		{"a long link has a line of its own", url + ", " + other, "X-Field:\r\n " + url + ",\r\n " + other},
		{"a line breaks between items without a space", url + "," + other, "X-Field:\r\n " + url + ",\r\n " + other},
		{"items that fit stay as they are", "<a:b>,<c:d>", "X-Field: <a:b>,<c:d>"},
		{"a comma in a link is no border", "<a:" + strings.Repeat("b,", 40) + ">", "X-Field:\r\n <a:" + strings.Repeat("b,", 40) + ">"},
		{"a comma in front of an item is no border", strings.Repeat("a", 60) + ",<b:" + strings.Repeat("c", 20) + ">", "X-Field:\r\n " + strings.Repeat("a", 60) + ",<b:" + strings.Repeat("c", 20) + ">"},
		{"spaces in a row stay together", strings.Repeat("a", 60) + "   " + strings.Repeat("b", 60), "X-Field: " + strings.Repeat("a", 60) + "\r\n   " + strings.Repeat("b", 60)},
		{"the longest word", strings.Repeat("a", 997), "X-Field:\r\n " + strings.Repeat("a", 997)},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, l := sample()
			l.Fields = []message.Field{{Name: "X-Field", Value: test.value}}
			raw := string(write(t, s, l))
			if !strings.Contains(raw, "\r\n"+test.want+"\r\nContent-Language: ") {
				t.Errorf("got\n%s\nwant\n%s", raw, test.want)
			}
			if got, want := decode(t, []byte(raw)).header.Get("X-Field"), strings.TrimSpace(test.value); strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(want), "") {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestSubjects(t *testing.T) {
	for _, test := range []struct{ name, subject, want string }{ // want "": the subject
		{"none", "", ""},
		{"one letter", "A", ""},
		{"one kanji", "凪", ""},
		{"300 kanji", strings.Repeat("長い件名", 75), ""},
		{"300 ASCII characters in words", strings.TrimSpace(strings.Repeat("letter ", 43)), ""},
		{"300 ASCII characters in a row", strings.Repeat("a", 300), ""},
		{"kanji outside of the plane of the others, and with a selector", "𠮷野家と葛\U000E0100城市の髙﨑さん", ""},
		{"emoji of several code points", strings.Repeat("👩‍👩‍👧‍👦", 20), ""},
		{"an encoded word that is none", "=?UTF-8?B?YQ==?= and =?", ""},
		{"half of an encoded word", strings.Repeat("=?", 20), ""},
		{"a header that is smuggled in", "a\r\nBcc: all@nagi.example\r\n\r\nbody", "a Bcc: all@nagi.example body"},
		{"marks that turn the direction of writing", "a\u202eb\u2066c\u200ed\u200fe\u2069f", "abcdef"},
		{"control characters", "a\x00b\x1b[31mc\x7fd\u0085e", "ab[31mcd e"},
		{"white space in a row", " \t a \n\v b\u00a0\u2028c  ", "a b c"},
		{"a full-width space stays", "凪だより\u300011月号\u3000\u3000再送\u3000 他", "凪だより\u300011月号\u3000再送 他"},
		{"bytes that are no UTF-8", "a\xffb\xe9\xab", "a\ufffdb\ufffd\ufffd"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == "" {
				want = test.subject
			}
			s, l := sample()
			s.Subject = test.subject
			d := decode(t, write(t, s, l))
			if got := d.words(t, "Subject"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			checkWords(t, d)
		})
	}
}

// checkWords checks the form of lines with encoded words (RFC 2047, sections 2 and 5).
func checkWords(t *testing.T, d decoded) {
	t.Helper()
	for _, line := range d.head {
		if len(line) > 76 {
			t.Errorf("got a line of %d characters, want at most 76: %s", len(line), line)
		}
		for word := range strings.FieldsSeq(line) {
			if strings.HasPrefix(word, "=?UTF-8?") && (len(word) > 75 || !utf8.ValidString(decodedWord(t, word))) {
				t.Errorf("got the encoded word %s of %d characters, want at most 75 and whole characters", word, len(word))
			}
		}
	}
}

func TestPhrases(t *testing.T) {
	for _, test := range []struct{ name, phrase, want string }{
		{"nothing", " \u202e", ""},
		{"words", "Nagi letter", "Nagi letter"},
		{"a full stop needs quotes", "Nagi Co. Ltd", `"Nagi Co. Ltd"`},
		{"quotes and backslashes are escaped", `a "b" \c`, `"a \"b\" \\c"`},
		{"an encoded word is encoded", "=?UTF-8?Q?a?=", "=?UTF-8?B?PT9VVEYtOD9RP2E/PQ==?="},
		{"kanji are encoded", "凪だより", "=?UTF-8?B?5Yeq44Gg44KI44KK?="},
		{"many kanji are several words", strings.Repeat("長", 11), "=?UTF-8?B?" + strings.Repeat("6ZW3", 10) + "?= =?UTF-8?B?6ZW3?="},
		{"many quotes are encoded", strings.Repeat(`"`, 31), "=?UTF-8?B?" + strings.Repeat("IiIi", 10) + "?= =?UTF-8?B?Ig==?="},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := message.Phrase(test.phrase); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
