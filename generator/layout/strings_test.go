package layout

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The definition of placeholders, which substitute follows.
var argument = regexp.MustCompile(`\{(\d)(?:\|([^{}|]*)\|([^{}|]*))?\}`)

func FuzzSubstitute(f *testing.F) {
	for _, text := range []string{"", "{0}", "a {0} {1|item|items}", "{0|a|}", "{{0}}", "{0|a|b|c}", "{0|a{1}|b}", "{9}", "{0", "{0|", "{0|a", "{0||}", "{x}{1", "日本{0}語\n{1|\n|}"} {
		f.Add(text, "x", 1)
	}
	f.Fuzz(func(t *testing.T, text, a string, n int) {
		args := []any{a, n}
		fails := false
		want := argument.ReplaceAllStringFunc(text, func(found string) string {
			m := argument.FindStringSubmatch(found)
			i, _ := strconv.Atoi(m[1])
			switch {
			case i >= len(args):
				fails = true
				return ""
			case !strings.Contains(found, "|"):
				return fmt.Sprint(args[i])
			case fmt.Sprint(args[i]) == "1":
				return m[2]
			}
			return m[3]
		})
		if got, err := substitute(text, args); got != want || (err != nil) != fails {
			t.Errorf("%q: got %q, %v, want %q, fails %v", text, got, err, want, fails)
		}
	})
}
