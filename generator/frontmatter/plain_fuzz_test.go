package frontmatter_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// tokens are what FuzzPlain makes front matters of: most texts of these are
// read without the libraries, or nearly so, which texts of any bytes are not.
var tokens = []string{
	"\n", "\na: ", "\nb:", "\nc: ", "\n  d: ", "\n  e:", "\n    f: ", "\n- ", "\n  - ", "\n    - ", "\n  - g: ", "\n    h: ",
	"\n# ", "\n  # ", "\n    # ", "\n\n", " ", "  ", "\n ", "\n  ", ": ", ":", " #", "#", ", ", ",", "[", "]", "{ ", " }", "{", "}",
	"i: ", "j:", "k", "null", "~", "1", "true", "2026-05-20 18:30", "会報", "\u3000", "'", "''", "\"", "\\\"", "\\", "\\n", "-", "- ",
	"--", "---", "...", "?", "? ", "!", "&k", "*k", "|", ">", "%", "@", "`", "<<", "\t", "\r", "\u00A0", "\u0085", "\uFEFF", "\xFF", "\x00", "\n---\n",
}

// ofTokens returns a file with a token for each of bytes.
func ofTokens(bytes []byte) string {
	var text strings.Builder
	for _, b := range bytes {
		text.WriteString(tokens[int(b)%len(tokens)])
	}
	return "---" + text.String() + "\n---\nbody"
}

// lines are what lines of ofLines have after their indent. %d is a number that
// makes keys differ.
var lines = []string{
	"k%d: v", "k%d:", "k%d: 'q '' q'", "- v", "- k%d: v", "- k%d:", "# c", "", "k%d: [a, 会, \"c\"]", "k%d: { a: 会, b: c }",
	"- { a: b }", "- [a]", "k%d: null", "- k%d: \"a\\\"b\"", "---", "k: v", "v", "k%d: v # c", "-", "- - v", "k%d: |", "k%d: \"v", "  # c", "- k%d:\n",
}

// ofLines returns a file with a line for each of bytes, below the first key:
// many such files are read without the libraries.
func ofLines(bytes []byte) string {
	var text strings.Builder
	indent, opens := 0, true
	for i, b := range bytes {
		switch b % 8 {
		case 0, 1, 2:
			if opens {
				indent += 2
			}
		case 3:
			indent += 2
		case 4, 5:
			indent = max(indent-2, 0)
		case 6:
			indent = 1
		}
		line := strings.Replace(lines[int(b)/8%len(lines)], "%d", strconv.Itoa(i), 1)
		text.WriteString(strings.Repeat(" ", indent) + line + "\n")
		opens = strings.HasSuffix(line, ":")
		if strings.HasPrefix(line, "- k") {
			indent += 2
		}
	}
	return "---\ntop:\n" + text.String() + "---\nbody"
}

// FuzzPlain reads src in both ways, as it is, as a sequence of tokens, and as
// one of lines: the results are the same, or the plain way declines.
func FuzzPlain(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Add([]byte(typical))
	f.Add([]byte(benchSource))
	for _, test := range plainCases {
		if len(test.yaml) < 1000 {
			f.Add([]byte("---\n" + test.yaml + "\n---\n"))
		}
	}
	f.Add([]byte{1, 34, 2, 4, 35, 5, 6, 34, 12, 34, 3, 26, 34, 24, 35, 27})
	f.Add([]byte{2, 10, 34, 11, 43, 40, 43, 9, 34, 13, 34, 3, 44, 40, 45, 44})
	f.Add([]byte{1, 28, 32, 34, 24, 33, 16, 36, 29, 15, 14, 34, 2, 7, 40, 7, 38})
	f.Fuzz(func(t *testing.T, src []byte) {
		if difference, _ := differs(src); difference != "" {
			t.Errorf("%q: %s", src, difference)
		}
		for _, made := range []string{ofTokens(src), ofLines(src)} {
			if difference, _ := differs([]byte(made)); difference != "" {
				t.Errorf("%q: %s", made, difference)
			}
		}
	})
}

// Files of lines at random, which a fuzzing engine finds only slowly.
func TestPlainAtRandom(t *testing.T) {
	random, plain := rand.New(rand.NewPCG(1, 2)), 0
	for range 20_000 {
		bytes := make([]byte, 1+random.IntN(9))
		for i := range bytes {
			bytes[i] = byte(random.Uint32())
			if random.IntN(4) > 0 {
				bytes[i] %= 14 * 8 // the usual lines
			}
		}
		src := ofLines(bytes)
		difference, taken := differs([]byte(src))
		if difference != "" {
			t.Fatalf("%q: %s", src, difference)
		}
		if taken {
			plain++
		}
	}
	if t.Logf("%d files are plain", plain); plain < 1000 {
		t.Errorf("got %d plain files, want at least 1000", plain)
	}
}
