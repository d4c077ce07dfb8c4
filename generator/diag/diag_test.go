package diag

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryRuleSpeaksBothLanguages(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	names := func(s string) []string {
		found := placeholder.FindAllString(s, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for _, rule := range Rules() {
		t.Run(string(rule), func(t *testing.T) {
			entry := catalogue[rule]
			if !kebab.MatchString(string(rule)) {
				t.Errorf("the id %q is not words in lower case with hyphens", rule)
			}
			for lang, text := range map[Lang]text{English: entry.en, Japanese: entry.ja} {
				if strings.TrimSpace(text.message) == "" {
					t.Errorf("%s: there is no message", lang)
				}
				for _, template := range []string{text.message, text.remedy} {
					if strings.Count(template, "[[") != strings.Count(template, "]]") {
						t.Errorf("%s: the brackets of %q do not match", lang, template)
					}
					// What is in braces and is no placeholder would be printed as it stands.
					if bad := regexp.MustCompile(`\{[A-Za-z0-9_-]+\}`).FindAllString(template, -1); len(bad) != len(placeholder.FindAllString(template, -1)) {
						t.Errorf("%s: a placeholder of %q is not in lower-case letters", lang, template)
					}
				}
			}
			if (entry.en.remedy == "") != (entry.ja.remedy == "") {
				t.Error("one language has a remedy and the other has none")
			}
			en, ja := names(entry.en.message+entry.en.remedy), names(entry.ja.message+entry.ja.remedy)
			if !slices.Equal(en, ja) {
				t.Errorf("English has the placeholders %v, Japanese %v", en, ja)
			}
		})
	}
}

func TestFill(t *testing.T) {
	for _, test := range []struct {
		name, template string
		args           []string
		want           string
	}{
		{"a text without places stays", "plain.", nil, "plain."},
		{"a name is filled in", `unknown key "{key}".`, []string{"key", "titel"}, `unknown key "titel".`},
		{"a name may stand twice", "{key} or {key}", []string{"key", "a"}, "a or a"},
		{"an absent name is empty", "a{key}b", nil, "ab"},
		{"a part stays when its name has a value", `a[[, not "{value}"]].`, []string{"value", "b"}, `a, not "b".`},
		{"a part goes when its name is empty", `a[[, not "{value}"]].`, []string{"value", ""}, "a."},
		{"a part goes when one of its names is empty", "[[{from} to {to}]]", []string{"from", "1"}, ""},
		{"a value is not filled again", "{key}", []string{"key", "{value}", "value", "x"}, "{value}"},
		{"blanks that are left over go", "[[{key}]] is wrong", nil, "is wrong"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fill(test.template, test.args); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	known := []string{"title", "date", "tags", "summary", "description", "max"}
	for _, test := range []struct{ name, word, want string }{
		{"the word itself", "title", "title"},
		{"two letters swapped", "titel", "title"},
		{"a letter too many", "titlee", "title"},
		{"a letter too few", "sumary", "summary"},
		{"a letter changed", "tugs", "tags"},
		{"other case", "TITLE", "title"},
		{"a beginning of four letters", "desc", "description"},
		{"a beginning of three letters is not enough", "sum", ""},
		{"a short word allows one edit", "mix", "max"},
		{"a word that is like none", "organization", ""},
		{"a word in another script", "日付", ""},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Nearest(test.word, known); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestChoicesKeepOrSortTheirOrder(t *testing.T) {
	words := []string{"none", "full", "partial"}
	if got, want := Choices(words, false), "none, full, partial"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Choices(words, true), "full, none, partial"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if words[0] != "none" {
		t.Error("the list of the caller was changed")
	}
}

func TestSortAndPrint(t *testing.T) {
	problems := Problems{
		New(Pos{"b.md", 1, 1}, EmptyFile),
		New(Pos{"a.md", 10, 1}, UnknownKey, "key", "x"),
		New(Pos{"a.md", 2, 5}, UnknownKey, "key", "titel", "nearest", "title"),
		New(Pos{"a.md", 2, 1}, UnknownKey, "key", "y"),
		New(Pos{"a.md", 10, 1}, UnknownKey, "key", "x"),
		New(Pos{"a.md", 1, 1}, ByteOrderMark),
		New(Pos{Path: "a.md"}, EmptyFile),
	}
	problems.Sort()
	var b strings.Builder
	if err := problems.Print(&b, English); err != nil {
		t.Fatal(err)
	}
	const want = `a.md:1:1: error: the file is empty. Write its content, or delete the file. [empty-file]
a.md:1:1: warning: the file begins with a byte order mark; it is read as if it were not there. Save the file as UTF-8 without BOM. [byte-order-mark]
a.md:2:1: error: unknown key "y". [unknown-key]
a.md:2:5: error: unknown key "titel". Did you mean "title"? [unknown-key]
a.md:10:1: error: unknown key "x". [unknown-key]
b.md:1:1: error: the file is empty. Write its content, or delete the file. [empty-file]
`
	if b.String() != want {
		t.Errorf("got:\n%swant:\n%s", b.String(), want)
	}
	if got := problems.Count(Warning); got != 1 || !problems.HasErrors() {
		t.Errorf("got %d warnings, errors %v; want 1 and errors", got, problems.HasErrors())
	}
}

func TestWriteJSON(t *testing.T) {
	for _, test := range []struct {
		name     string
		problems Problems
		want     string
	}{
		{"no problems are an empty list", nil, `{"problems":[]}` + "\n"},
		{"a problem has its message and remedy apart", Problems{New(Pos{"a.md", 2, 5}, UnknownKey, "key", "<b>", "nearest", "title")},
			`{"problems":[{"path":"a.md","line":2,"column":5,"severity":"error","rule":"unknown-key","message":"「<b>」という項目はありません。","remedy":"「title」ではありませんか。"}]}` + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			if err := test.problems.WriteJSON(&b, Japanese); err != nil {
				t.Fatal(err)
			}
			if b.String() != test.want {
				t.Errorf("got %s, want %s", b.String(), test.want)
			}
		})
	}
}

// Tools read these words, in every language.
func TestSeveritiesHaveStableNames(t *testing.T) {
	for severity, want := range map[Severity]string{Fine: "ok", Warning: "warning", Error: "error"} {
		if got := severity.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
