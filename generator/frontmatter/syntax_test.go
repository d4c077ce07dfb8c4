package frontmatter_test

import (
	"strings"
	"testing"
	"time"

	"kaiho/generator/frontmatter"
)

// The YAML begins on line 2 of its file, below the hyphens.
var syntaxMistakes = []struct {
	name, yaml string
	problems   []string
}{
	{"a full-width colon in the first line", "title：会報\ndraft: true",
		[]string{`2:6: error: the colon after "title" is a full-width one. … the Japanese input method is probably on. [full-width-colon]`}},
	{"a full-width colon in a later line", "draft: true\ntitle：会報", []string{"3:6: … [full-width-colon]"}},
	{"a full-width colon breaks the next line only", "title: a\nvenue:\n  name：会館\n  postal_code: b", []string{"4:7: … [full-width-colon]"}},
	{"two full-width colons are told at the first", "title：a\ndraft：b\nmode: c", []string{"2:6: … [full-width-colon]"}},
	{"a full-width colon in a text is a text", "title: 会報：夏", nil},
	{"a full-width space indents", "title: a\nvenue:\n　　name: b",
		[]string{"4:1: error: there is a full-width space here. … [full-width-space]"}},
	{"a full-width space after a colon", "title:　会報", []string{"2:7: … [full-width-space]"}},
	{"a full-width space after a hyphen", "title: a\ntags:\n- b\n-　c\ndraft: true", []string{"5:2: … [full-width-space]"}},
	{"a full-width space in a key", "title: a\ntags　: b", []string{"3:5: … [full-width-space]"}},
	{"a zero-width space in a key", "title: a\nta\u200Bgs: b", []string{"3:3: … (U+200B) … [invisible-character]"}},
	{"a no-break space indents", "title: a\nvenue:\n\u00A0name: b", []string{"4:1: … (U+00A0) … [invisible-character]"}},
	{"a line separator in a text", "title: 会\u2028報", []string{"2:9: … (U+2028) … [invisible-character]"}},
	{"a control character", "title: a\ndraft: \x08true", []string{"3:8: … (U+0008) … [invisible-character]"}},
	{"no space after a colon", "title:会報",
		[]string{`2:7: error: there is no space after the colon of "title". Write "title: 会報". [colon-space]`}},
	{"no space after a later colon", "title: a\ndraft:true", []string{"3:7: … [colon-space]"}},
	{"no space after a colon below a key", "title: a\nvenue:\n  name:会館", []string{`4:8: … Write "name: 会館". [colon-space]`}},
	{"a tab indents", "title: a\nvenue:\n\tname: b", []string{"4:1: … [tab-indent]"}},
	{"a double quote is left open", "title: \"会報\ndraft: true", []string{`2:8: … inside it, write \". [unmatched-quotes]`}},
	{"a single quote is left open", "draft: true\ntitle: '会報", []string{"3:8: … [unmatched-quotes]"}},
	{"an apostrophe in single quotes", "title: 'It's'", []string{"2:8: … inside it, write ''. [unmatched-quotes]"}},
	{"a text goes on after its quotes", "title: \"会報\" 夏号", []string{"2:8: … [unmatched-quotes]"}},
	{"a comment after quotes is fine", "title: \"会報\" # 夏号", nil},
	{"a path in double quotes", "title: \"C:\\data\"", []string{"2:8: … [bad-escape]"}},
	{"a path in double quotes that is an escape", "title: \"C:\\foo\"", []string{"2:8: … [bad-escape]"}},
	{"a colon and a space in a text", "title: 会報: 夏",
		[]string{`2:10: … because of its ":". … [quotes-needed]`}},
	{"a text that begins with @", "title: @kaiho", []string{`2:8: … because of its "@". … [quotes-needed]`}},
	{"a text that begins with a bracket", "title: [重要] 会報", []string{`2:8: … because of its "[". … [quotes-needed]`}},
	{"a text that begins with an asterisk", "title: *重要*", []string{`2:8: … because of its "*". … [quotes-needed]`}},
	{"a template in braces", "title: {{ name }}", []string{`2:9: … because of its "{". … [quotes-needed]`}},
	{"a list entry that begins with a mark", "title: a\ntags:\n- '%b\n- c", []string{"4:3: … [unmatched-quotes]"}},
	{"a bracket is left open", "title: a\ntags: [b, c\ndraft: true", []string{"3:7: … Write ] … [unclosed-bracket]"}},
	{"a key is indented under a text", "title: a\n  draft: true", []string{"3:3: … [bad-indent]"}},
	{"keys of a level differ in indentation", "title: a\nvenue:\n   name: b\n  postal_code: c", []string{"5:3: … [bad-indent]"}},
	{"a line without a key", "title: a\n会報の夏号\ndraft: true", []string{"3:1: … [bad-yaml]"}},
	{"a text alone", "会報", []string{"2:1: … [bad-yaml]"}},
	{"an empty key", "title: a\n: b", []string{"3:1: … [bad-yaml]"}},
	{"a blank line does not hide the line", "title: a\n\n\nb\n", []string{"5:1: … [bad-yaml]"}},
	{"a mark that YAML drops without a word", "title: ! known\ntags: [!  a, b!, a! b]",
		[]string{`2:8: error: "!" is a feature … [yaml-feature]`, `3:8: error: "!" is a feature … [yaml-feature]`}},
	{"an anchor and an alias", "title: &a b\ntags: [*a]",
		[]string{`2:8: error: "&a" is a feature … [yaml-feature]`, `3:8: error: "*a" is a feature … [yaml-feature]`}},
	{"a merge key", "title: a\n<<: {draft: true}", []string{`3:1: error: "<<" … [yaml-feature]`}},
	{"a tag", "title: !!binary aGVsbG8=", []string{`2:8: error: "!!binary" … [yaml-feature]`}},
	{"the end of a document", "title: a\n...\ndraft: true", []string{`3:1: error: "..." … [yaml-feature]`}},
	{"a second document", "title: a\n--- b", []string{`3:1: error: "---" … [yaml-feature]`}},
	{"a duplicate key", "title: a\ndraft: true\ntitle: b", []string{"4:1: … the first is on line 2. … [duplicate-key]"}},
	{"a duplicate key below a key", "title: a\nvenue: {name: b, name: c}", []string{"3:18: … [duplicate-key]"}},
	{"nesting beyond the limit", "title: a\nparams: " + strings.Repeat("{a: ", 40) + strings.Repeat("}", 40),
		[]string{"3:137: … more than 32 levels … [too-deep]"}},
}

func TestSyntax(t *testing.T) {
	for _, test := range syntaxMistakes {
		t.Run(test.name, func(t *testing.T) {
			_, problems := read(t, test.yaml)
			check(t, problems, test.problems...)
		})
	}
}

func TestColumnsCountCharacters(t *testing.T) {
	_, problems := read(t, "title: 会報\nvenue: {name: 同窓会館𠮷, 郵便: x}")
	check(t, problems, `3:22: error: unknown key "郵便". Known here: name, postal_code. [unknown-key]`)
}

func TestGrowingInputIsRefusedQuickly(t *testing.T) {
	laughs := "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
	for i := 1; i < 20; i++ {
		laughs += strings.NewReplacer("N", string(rune('a'+i)), "P", string(rune('a'+i-1))).Replace("N0: &N0 [*P0, *P0, *P0, *P0, *P0, *P0, *P0, *P0, *P0]\n")
	}
	for name, yaml := range map[string]string{
		"a billion laughs":          laughs,
		"an alias of itself":        "a: &a [*a]\n",
		"brackets without end":      "a: " + strings.Repeat("[", 60_000),
		"braces without end":        "a: " + strings.Repeat("{a: ", 15_000),
		"lists in lists":            strings.Repeat("- ", 30_000) + "a",
		"thirty thousand bad lines": strings.Repeat("a\n", 30_000),
		"thirty thousand quotes":    strings.Repeat("\"\n", 30_001),
		"ten thousand equal keys":   strings.Repeat("k: 1\n", 10_000),
		"a long key":                strings.Repeat("k", 60_000) + ": 1",
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan int, 1)
			go func() {
				_, problems := frontmatter.Split("p.md", []byte("---\n"+yaml+"\n---\n"))
				done <- len(problems)
			}()
			// The limit is far from any real time: it only tells quick from endless.
			select {
			case n := <-done:
				if n == 0 && name != "a long key" {
					t.Error("got no problem, want one")
				}
			case <-time.After(20 * time.Second):
				t.Fatal("still reading after 20 seconds")
			}
		})
	}
}
