package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/diag"
)

// printed runs the command in this process, and returns what it says.
func printed(t *testing.T, lang diag.Lang, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := world{stdout: &out, stderr: &out, clock: time.Now, getenv: environment(map[string]string{"KAIHO_LANG": string(lang)})}
	if code := run(args, w); code != exitDone {
		t.Fatalf("kaiho %s: exit code %d\n%s", strings.Join(args, " "), code, &out)
	}
	return out.String()
}

// commands returns every command below root, and root.
func commands(root *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{root}
	for _, c := range root.Commands() {
		all = append(all, commands(c)...)
	}
	return all
}

func TestEveryCommandIsExplainedInBothLanguages(t *testing.T) {
	english := commands(newRoot(&session{lang: diag.English}))
	japanese := commands(newRoot(&session{lang: diag.Japanese}))
	for i, c := range english {
		ja := japanese[i]
		if c.Short == "" || c.Short == ja.Short || c.Long != "" && c.Long == ja.Long {
			t.Errorf("%s: English %q, Japanese %q", c.CommandPath(), c.Short, ja.Short)
		}
		if c.HasParent() && c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		if strings.HasSuffix(c.Short, ".") || strings.HasSuffix(ja.Short, "。") {
			t.Errorf("%s: the line ends in a full stop", c.CommandPath())
		}
	}
}

func TestHelpFitsATerminal(t *testing.T) {
	for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
		pages := [][]string{{"help", "layouts"}, {"help", "front-matter"}}
		for _, c := range commands(newRoot(&session{lang: lang})) {
			pages = append(pages, append(strings.Fields(c.CommandPath())[1:], "--help"))
		}
		for _, args := range pages {
			for line := range strings.Lines(printed(t, lang, args...)) {
				line = strings.TrimSuffix(line, "\n")
				if n := width(line); n > columns {
					t.Errorf("%s: kaiho %s: %d columns: %s", lang, strings.Join(args, " "), n, line)
				}
				if line != strings.TrimRight(line, " ") {
					t.Errorf("%s: kaiho %s: blanks at the end: %q", lang, strings.Join(args, " "), line)
				}
			}
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"short text stays", "one two", 7, []string{"one two"}},
		{"words stay whole", "one two three", 8, []string{"one two", "three"}},
		{"a long word stays whole", "a internationalization b", 6, []string{"a", "internationalization", "b"}},
		{"Japanese breaks between characters", "新しい記事", 6, []string{"新しい", "記事"}},
		{"a full stop does not begin a line", "新しい。記事", 6, []string{"新し", "い。記", "事"}},
		{"a bracket does not end a line", "新し「い」", 6, []string{"新し", "「い」"}},
		{"nothing is one empty line", "", 6, []string{""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := wrap(test.text, test.limit); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSlugOf(t *testing.T) {
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	tests := []struct{ name, title, want string }{
		{"words are joined by hyphens", "Our New  Hall", "our-new-hall"},
		{"signs at the ends are left out", "“", "2026-11-20"},
		{"an apostrophe joins", "Nagi's hall", "nagis-hall"},
		{"signs alone give the date", "!?", "2026-11-20"},
		{"one character beyond ASCII gives the date", "Café", "2026-11-20"},
		{"a path is none", "../../etc/passwd", "etc-passwd"},
		{"a long title is cut between words", strings.Repeat("word ", 20), strings.TrimSuffix(strings.Repeat("word-", 12), "-")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := slugOf(test.title, day); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
