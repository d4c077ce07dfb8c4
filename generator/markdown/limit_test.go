package markdown_test

import (
	"context"
	"fmt"
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
	" [a]: b\n", "|`\\|`", "|`\\|`|\n|-|\n", "a[^b]\n\n[^b]: c\n\n", "`:::members` :::members\n", "{a|b}\n|-|-|\n", "|{a|b}|c|\n|-|-|-|\n",
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
	notes := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "a[^%d]\n\n[^%d]: b\n\n", i, i)
		}
		return b.String()
	}
	row := func(cell string, n int) string { return strings.Repeat("|"+cell, n) + "|\n" }
	short := strings.Repeat("|b\n", 2000)
	for _, c := range []struct{ name, src, want string }{
		{"quotations", strings.Repeat("> ", 300) + "a", "1:201 nested-too-deep"},
		{"lists", strings.Repeat("- ", 300) + "a", "1:101 nested-too-deep"},
		{"directives", strings.Repeat(":::note\n", 300), "101:1 nested-too-deep"},
		{"brackets", strings.Repeat("[", 2000), "1:1001 nested-too-deep"},
		{"stars", strings.Repeat("*a ", 5000), "1:12001 nested-too-deep"},
		{"definitions after a space", " " + strings.Repeat("[a]: b\n", 1001), "1:1 nested-too-deep"},
		{"a wide table", "a\n\n" + row("a", 5000) + row("-", 5000) + short, "3:1 table-too-large"},
		{"a long table with short rows", row("a", 30) + row("-", 30) + short, "1:1 table-too-large"},
		{"many tables with short rows", strings.Repeat(row("a", 100)+row("-", 100)+strings.Repeat("|b\n", 20)+"\n", 30), "530:1 table-too-large"},
		{"footnotes", notes(1001), "4003:1 too-many-footnotes"},
		{"marks of footnotes", "[^a]: b\n\n" + strings.Repeat("[^a] b\n\n", 10_001), "20003:1 too-many-footnotes"},
		{"a wide table is fine", row("a", 200) + row("-", 200) + strings.Repeat(row("b", 200), 200), ""},
		{"a long table is fine", row("a", 10) + row("-", 10) + strings.Repeat(row("b", 10), 4900), ""},
		{"many footnotes are fine", notes(1000), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(c.src, 1); got != c.want {
				t.Errorf("got %.80q, want %s", got, c.want)
			}
			if got := rendered(t, c.src, false); (got == "") != (c.want != "") {
				t.Errorf("got %.80q of %d bytes, want nothing", got, len(got))
			}
		})
	}
}
