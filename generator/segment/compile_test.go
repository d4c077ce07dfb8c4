package segment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/segment"
)

// sources reads lines "name: expression". The place of an expression is its
// line, and the column in it counts bytes from 1.
func sources(text string) []segment.Source {
	var all []segment.Source
	for i, line := range strings.Split(text, "\n") {
		name, expression, _ := strings.Cut(line, ": ")
		all = append(all, segment.Source{Name: name, Expression: expression, Pos: diag.Pos{Path: "site.yaml", Line: i + 1, Col: 100},
			At: func(offset int) diag.Pos { return diag.Pos{Path: "site.yaml", Line: i + 1, Col: offset + 1} }})
	}
	return all
}

func compile(t *testing.T, text string) *segment.Set {
	t.Helper()
	set, problems := segment.Compile(sources(text))
	for _, p := range problems {
		t.Error(p.Line(diag.English))
	}
	return set
}

// told returns where problems are, of what rule, and what may be meant.
func told(problems diag.Problems) string {
	problems.Sort()
	var all []string
	for _, p := range problems {
		line := fmt.Sprintf("%d:%d %s", p.Pos.Line, p.Col, strings.TrimPrefix(string(p.Rule), "segment-"))
		if nearest := p.Arg("nearest"); nearest != "" {
			line += " → " + nearest
		}
		all = append(all, line)
	}
	return strings.Join(all, ", ")
}

func TestMistakesHaveTheirPlace(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a misspelt key", `a: joind <= 2005`, "1:1 unknown-name → joined"},
		{"a misspelt segment", "veterans: joined < 2000\nb: veteran && left > 1", "2:1 unknown-name → veterans"},
		{"a text without quotes", `a: region == 東京`, "1:11 unknown-name"},
		{"two mistakes in one expression", `a: joind == 1 && "x" in skils`, "1:1 unknown-name → joined, 1:22 unknown-name → skills"},
		{"mistakes in two expressions", "a: joined\nb: skills", "1:1 condition, 2:1 condition"},
		{"a text for a number", `a: joined == "2005"`, "1:11 mixed → 2005"},
		{"a number for a text", `a: department == 7`, `1:15 mixed → "7"`},
		{"the literal stands first", `a: "2005" <= joined`, "1:1 mixed → 2005"},
		{"a list in a number", `a: "x" in joined`, "1:8 no-list"},
		{"a text in a text", `a: "東京" in region`, `1:13 no-list → region ~ "東京"`},
		{"a number in a list", `a: 3 in skills`, "1:1 no-text"},
		{"a list compared", `a: skills == "Go"`, "1:1 list"},
		{"a list that contains", `a: skills ~ "Go"`, "1:1 list"},
		{"a number that contains", `a: joined ~ "20"`, "1:1 no-text"},
		{"a text that contains a number", `a: region ~ 20`, "1:10 no-text"},
		{"an order of texts", `a: region < "東京"`, "1:8 order"},
		{"a text alone", `a: "x" || joined > 1`, "1:1 condition"},
		{"a number alone, after !", `a: !joined`, "1:2 condition"},
		{"a condition compared", `a: (joined > 1) == true`, "1:2 truth"},
		{"nothing to look for", `a: region ~ " 　" && "" in skills`, "1:10 blank, 1:20 blank"},
		{"a chain of comparisons", `a: 2000 <= joined <= 2005`, "1:16 chain"},
		{"no operator between", `a: joined > 1 left > 1`, "1:12 operator"},
		{"a word in capitals", `a: joined > 1 AND left > 1`, "1:12 operator → and"},
		{"nothing behind an operator", `a: joined > 1 &&`, "1:14 operand"},
		{"an operator in the beginning", `a: && joined > 1`, "1:1 operand"},
		{"nothing at all", "a:   ", "1:3 operand"},
		{"a parenthesis not closed", `a: (joined > 1 && (left > 1)`, "1:1 parenthesis"},
		{"a parenthesis not opened", `a: joined > 1)`, "1:11 parenthesis"},
		{"quotes not closed", `a: region ~ "東京`, "1:10 quote"},
		{"a line's end in quotes", "a: joined > 1 && region == 'x", "1:25 quote"},
		{"one =", `a: joined = 2005`, "1:8 character → =="},
		{"one & and one |", `a: joined > 1 & left > 1 | true`, "1:12 character → &&, 1:23 character → ||"},
		{"full-width characters", `a: joined ＞＝ ２００５ ＆＆ region ~ ”東京”`, `1:8 character → >=, 1:15 character → 2005, 1:28 character → &&, 1:44 character → ", 1:53 character → "`},
		{"Japanese quotes", `a: region ~ 「東京」`, `1:10 character → ", 1:19 character → "`},
		{"a number without end", `a: joined < 99999999999999999999`, "1:10 number"},
		{"known of nothing", `a: known joined`, "1:7 known"},
		{"known of a segment", "a: true\nb: known(a)", "2:7 known"},
		{"known of a text", `a: known("a")`, "1:6 known"},
		{"a circle of one", "a: a", "1:1 circle"},
		{"a circle of three, and one who names it", "a: b && true\nb: !c\nc: joined > 1 || a\nd: a", "3:15 circle"},
		{"two circles", "a: b || c\nb: a\nc: a", "2:1 circle, 3:1 circle"},
		{"names", "A: true\njoined: true\nand: true\n1a: true\npublic: true\na: true\na: true", "1:100 name, 2:100 name, 3:100 name, 4:100 name, 7:100 twice"},
		{"one that names a wrong one has no mistake", "a: joined\nb: a", "1:1 condition"},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, problems := segment.Compile(sources(test.text))
			if got := told(problems); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
			for _, p := range problems {
				for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
					if line := p.Message(lang) + p.Remedy(lang); strings.ContainsAny(line, "{}[]") {
						t.Errorf("got the message %s", line)
					}
				}
			}
			if first, _, _ := strings.Cut(test.text, ":"); !set.Has(first) {
				t.Errorf("%s is not known any more", first)
			}
		})
	}
}

func TestTheCircleIsNamed(t *testing.T) {
	_, problems := segment.Compile(sources("z: b\na: b\nb: c\nc: a"))
	if got, want := problems[0].Message(diag.English), "these segments name each other in a circle: b → c → a → b."; got != want || len(problems) != 1 {
		t.Errorf("got %q of %d problems, want %q", got, len(problems), want)
	}
}

func TestNobodyIsInASegmentWithAMistake(t *testing.T) {
	set, _ := segment.Compile(sources("a: joined\nb: !a\nc: a || true\nd: e\ne: !d\nf: true"))
	if got := set.Of(segment.Facts{Joined: 2000}); !slices.Equal(got, []string{"f"}) {
		t.Errorf("got %v, want f alone", got)
	}
	if got := set.Expression("a") + set.Expression("b"); got != "" {
		t.Errorf("got the expression %q, want none", got)
	}
}

func TestHostileExpressionsAreRefused(t *testing.T) {
	many := make([]segment.Source, 501)
	for i := range many {
		many[i] = segment.Source{Name: fmt.Sprintf("s%d", i), Expression: fmt.Sprintf("s%d", i+1)}
	}
	many[499].Expression = "true"
	for _, test := range []struct {
		name    string
		sources []segment.Source
		want    string
	}{
		{"too long", sources("a: " + strings.Repeat("true && ", 512) + "true"), "1:1 long"},
		{"as long as may be", sources("a: " + strings.Repeat("true&&", 682) + "true"), ""},
		{"too deep in parentheses", sources("a: " + strings.Repeat("(", 2000) + "true" + strings.Repeat(")", 2000)), "1:51 deep"},
		{"as deep as may be", sources("a: " + strings.Repeat("(", 50) + "true" + strings.Repeat(")", 50)), ""},
		{"too many negations", sources("a: " + strings.Repeat("!", 4000) + "true"), "1:51 deep"},
		{"too many segments", many, "0:0 many"},
		{"a long chain of segments", many[:500], ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, problems := segment.Compile(test.sources)
			if got := told(problems); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			set.Of(segment.Facts{})
		})
	}
}
