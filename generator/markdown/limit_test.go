package markdown_test

import (
	"context"
	"runtime/pprof"
	"strings"
	"testing"

	"kaiho/generator/markdown"
)

// BenchmarkParseHostile shows which input takes more than its share of time.
func BenchmarkParseHostile(b *testing.B) {
	for _, unit := range hostile {
		src := []byte(strings.Repeat(unit, 200_000/len(unit)))
		b.Run(strings.ReplaceAll(unit, "\n", "~"), func(b *testing.B) {
			for b.Loop() {
				s, _ := markdown.Parse("page.md", src, 1, markdown.Options{})
				s.Doc(nil)
			}
		})
	}
}

var hostile = []string{
	">", "[", "*", "![", "- ", "_", "{", "::::", "`", "<", "&", "*a_", "[a](", "[^a]", "\\", "a**b", "~~", "1. ", "a\n", "|",
	"# a\n", "[a]: b\n", "[^a]: b\n", "[^a]: ", "<a@b", "http://a", "あhttp://a", "]", "[[]", "<!--", "> - ", ": a\n", "a\n: b\n",
	"<b", "\t", "`a``", "![a](b)\n\n", "「**", "](", "(", "{a|", "{a|b}", "|a|b|\n|-|-|\n", "a\n===\n", "- a\n\n  ", "&amp;",
	":::note\n", ":::note\n:::\n", ":::members\n", ":::members\n:::\n", ":::members\n:::\n[a]\n\n",
}

// There is no clock in this test: input that takes time with the square of its
// length would run into the test's own limit, a hundred times over.
func TestHostileInputIsRead(t *testing.T) {
	for _, unit := range hostile {
		src := []byte(strings.Repeat(unit, 200_000/len(unit)))
		pprof.Do(context.Background(), pprof.Labels("unit", unit), func(context.Context) {
			s, _ := markdown.Parse("page.md", src, 1, markdown.Options{})
			s.Doc(nil)
		})
	}
}

func TestTooMuchAtOnceIsAnErrorAndNotShown(t *testing.T) {
	for _, c := range []struct{ name, src string }{
		{"quotations", strings.Repeat("> ", 300) + "a"},
		{"lists", strings.Repeat("- ", 300) + "a"},
		{"directives", strings.Repeat(":::note\n", 300)},
		{"brackets", strings.Repeat("[", 2000)},
		{"stars", strings.Repeat("*a ", 5000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(c.src, 1); !strings.Contains(got, "nested-too-deep") {
				t.Errorf("got %.80q, want nested-too-deep", got)
			}
			if got := rendered(t, c.src, false); got != "" {
				t.Errorf("got %.80q, want nothing", got)
			}
		})
	}
}
