package diag_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kaiho/generator/diag"
)

func TestProblemIsOneLineWhateverItQuotes(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain text stays", `日本 "a" \n é 👨‍👩‍👧`, `日本 "a" \n é 👨‍👩‍👧`},
		{"line breaks", "a\nb\rc\td", `a\nb\rc\td`},
		{"a terminal's escapes", "\x1b[2J\x07\x7f", `\x1b[2J\x07\x7f`},
		{"controls beyond ASCII", "a\u0085b\u009bc", `a\x85b\x9bc`},
		{"the line ends of Unicode", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"text that is turned around", "a\u202eb\u2066c\u2069", `a\u202eb\u2066c\u2069`},
		{"bytes that are not UTF-8", "a\x9bb\xff", `a\x9bb\xff`},
		{"a replacement character is a character", "a\uFFFDb", "a\uFFFDb"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := diag.New(diag.Pos{Path: test.text, Line: 1, Col: 1}, diag.UnknownKey, "key", test.text, "nearest", test.text)
			want := test.want + `:1:1: error: unknown key "` + test.want + `". Did you mean "` + test.want + `"? [unknown-key]`
			if got := p.Line(diag.English); got != want {
				t.Errorf("line: got %q, want %q", got, want)
			}
			if got, want := p.Message(diag.Japanese), "「"+test.want+"」という項目はありません。"; got != want {
				t.Errorf("message: got %q, want %q", got, want)
			}
			if got, want := p.Remedy(diag.Japanese), "「"+test.want+"」ではありませんか。"; got != want {
				t.Errorf("remedy: got %q, want %q", got, want)
			}
		})
	}
}

func TestJSONKeepsThePath(t *testing.T) {
	var b strings.Builder
	path := "content/a\n\x1b.md"
	if err := (diag.Problems{diag.New(diag.Pos{Path: path}, diag.UnknownKey, "key", "a\nb")}).WriteJSON(&b, diag.English); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Problems []struct{ Path, Message string }
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Problems) != 1 || got.Problems[0].Path != path || got.Problems[0].Message != `unknown key "a\nb".` {
		t.Errorf("got %+v, want the path %q and an escaped message", got.Problems, path)
	}
}
