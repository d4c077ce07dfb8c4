package frontmatter_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/frontmatter"
)

func TestPosInIsThatOfTheCharacter(t *testing.T) {
	for _, test := range []struct {
		name, yaml string
		line, col  int // of the X
	}{
		{"plain", "a: b X", 1, 6},
		{"plain, after Japanese", "a: 東京 X", 1, 7},
		{"plain on two lines", "a: b\n  c X", 2, 5},
		{"in single quotes", "a: 'b ''c'' X'", 1, 13},
		{"in double quotes", `a: "b \"c\" X"`, 1, 13},
		{"with escapes of white space and others", `a: "\tb\u3000\x41\n\U0001F338 X"`, 1, 31},
		{"double quotes on two lines", "a: \"b \\\n  c\n\n  X\"", 4, 3},
		{"a block", "a: |\n  b\n    c X", 3, 7},
		{"a folded block with a comment", "a: >- # X\n\n  b\n  c\n  X", 5, 3},
		{"in braces", "a: {b: c, d: e X}", 1, 16},
		{"after a byte order mark and with CRLF", "\uFEFFb: c\r\na: d X\r\n", 2, 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			top, _ := frontmatter.ParseYAML("site.yaml", []byte(test.yaml))
			n := top.At("a")
			if n.At("d") != nil {
				n = n.At("d")
			}
			got := n.PosIn([]byte(test.yaml), strings.LastIndexByte(n.Text(), 'X'))
			if got.Path != "site.yaml" || got.Line != test.line || got.Col != test.col {
				t.Errorf("got %v, want %d:%d in %q", got, test.line, test.col, n.Text())
			}
		})
	}
}

func TestPosInOfTheEndAndOfNoText(t *testing.T) {
	src := []byte("a: 'b  '\nc: [d]\ne:\n")
	top, _ := frontmatter.ParseYAML("site.yaml", src)
	if got := top.At("a").PosIn(src, 3); got.Line != 1 || got.Col != 6 {
		t.Errorf("got %v, want what follows the b", got)
	}
	if got, want := top.At("c").PosIn(src, 3), top.At("c").Pos(); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := top.At("e").PosIn(src, 0), top.At("e").Pos(); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// FuzzPosIn: wherever a character stands in a text, at its place in the file is
// the same character, or the backslash or quote with which it is written.
func FuzzPosIn(f *testing.F) {
	for _, seed := range []string{"a: b c", "a: 'b ''c'", `a: "b \"\u3042\t c"`, "a: |\n  b\n   c\n", "a: >\n  b\n  c\n", "a: b\n  c\n  d", "a:\n  {b: \"x y\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		top, problems := frontmatter.ParseYAML("f", src)
		if top == nil || len(problems) > 0 || len(src) > 1000 {
			return
		}
		lines := strings.Split(strings.TrimPrefix(string(src), "\uFEFF"), "\n")
		for _, field := range top.Fields() {
			n := field.Value
			for i, r := range n.Text() {
				if unicode.IsSpace(r) {
					continue
				}
				pos := n.PosIn(src, i)
				if pos.Line > len(lines) {
					t.Fatalf("%q: no line %d in %q", n.Text(), pos.Line, src)
				}
				line := []rune(lines[pos.Line-1])
				if pos.Col > len(line) {
					t.Fatalf("%q: no column %d in %q", n.Text(), pos.Col, string(line))
				}
				if got := line[pos.Col-1]; got != r && !(n.Quoted() && (got == '\\' || got == '\'')) && utf8.ValidRune(r) {
					t.Fatalf("%q[%d]: got %q at %v, want %q in %q", n.Text(), i, got, pos, r, src)
				}
			}
		}
	})
}
