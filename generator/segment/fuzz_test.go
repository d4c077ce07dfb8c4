package segment_test

import (
	"slices"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/segment"
)

// FuzzCompile: whatever is written, Compile and Of return; every problem has a
// place in its expression; and what compiles means the same in its plain form,
// which is its own plain form.
func FuzzCompile(f *testing.F) {
	for _, seed := range [][2]string{{`joined <= 2005 && "sailing" in interests`, `!a or region ~ '東京'`}, {`b`, `a`}, {`((true)`, `known(skills) != false`},
		{`"a' in 'b" in skills`, `not not not known(left) || (a && a)`}, {`２０００≦joined`, `"`}, {"joined == left\n&& 1 >= 2", `title == department || "ﾌ" ~ language`}} {
		f.Add(seed[0], seed[1], 1998, 0, "光学部", "ABC", "Ǆ")
	}
	f.Fuzz(func(t *testing.T, a, b string, joined, left int, department, region, skill string) {
		list := []segment.Source{{Name: "a", Expression: a}, {Name: "b", Expression: b}}
		for i := range list {
			list[i].At = func(offset int) diag.Pos {
				if offset < 0 || offset > len(list[i].Expression) {
					t.Errorf("a problem at %d of %q", offset, list[i].Expression)
				}
				return diag.Pos{Path: list[i].Name}
			}
		}
		set, problems := segment.Compile(list)
		facts := segment.Facts{Joined: joined, Left: left, Department: department, Title: skill, Region: region, Language: "ja",
			Skills: []string{skill, region}, Interests: []string{department}}
		got := set.Of(facts)
		for _, name := range set.Names() {
			if e := set.Explain(name, facts); e.In != slices.Contains(got, name) {
				t.Errorf("%s: got %v, explained as %v", name, got, e)
			}
		}
		if len(problems) > 0 || a == "" || b == "" {
			return
		}
		plain := []segment.Source{{Name: "a", Expression: set.Expression("a")}, {Name: "b", Expression: set.Expression("b")}}
		again, problems := segment.Compile(plain)
		if len(problems) > 0 {
			if len(a) > 1000 || len(b) > 1000 { // blanks make it longer
				return
			}
			t.Fatalf("%q and %q: %v", plain[0].Expression, plain[1].Expression, problems)
		}
		if want := again.Of(facts); !slices.Equal(got, want) {
			t.Errorf("%q, %q: got %v, in plain form %v", a, b, got, want)
		}
		for _, s := range plain {
			if got := again.Expression(s.Name); got != s.Expression {
				t.Errorf("%q: got the plain form %q again", s.Expression, got)
			}
		}
	})
}
