package segment_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/segment"
)

var minato = segment.Facts{Joined: 2009, Left: 2018, Department: "光学設計部", Title: "主任", Region: "青波県波音市", Language: "ja",
	Skills: []string{"光学設計", "水中光学"}, Interests: []string{"養殖", "ＡＢＣ Sailing　"}, Audiences: []string{"alumni", "staff"}}

func TestConditions(t *testing.T) {
	for _, test := range []struct {
		expression string
		want       bool
	}{
		{`joined <= 2009`, true}, {`joined < 2009`, false}, {`joined >= 2009`, true}, {`joined > 2009`, false},
		{`joined == 2009`, true}, {`joined != 2009`, false}, {`2000 < joined`, true}, {`joined < left`, true}, {`1 < 2`, true},
		{`department == "光学設計部"`, true}, {`department != "製造部"`, true}, {`department == title`, false},
		{`language == 'JA'`, true}, {`region ~ "波音"`, true}, {`region ~ "東京"`, false}, {`"波音" ~ region`, false},
		{`"養殖" in interests`, true}, {`"abc sailing" in interests`, true}, {`"abc" in interests`, false}, {`title in skills`, false},
		{`"staff" in audiences`, true}, {`true`, true}, {`false`, false},
		{`known(joined)`, true}, {`known(region)`, true}, {`known(skills)`, true},
		{`!false && !(false || false)`, true}, {`not false and not (false or false)`, true},
		{`true || false && false`, true}, {`(true || false) && false`, false}, {`!true || true`, true}, {`!(true || true)`, false},
		{`!left == 2018`, false}, {"joined\n\t<= 2009\n && true", true}, {`((joined)) == (2009)`, true},
	} {
		t.Run(test.expression, func(t *testing.T) {
			set, problems := segment.Compile([]segment.Source{{Name: "a", Expression: test.expression}})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if got := set.Of(minato) != nil; got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestWhatIsNotKnown(t *testing.T) {
	for _, test := range []struct {
		expression string
		want       bool
	}{
		{`joined == 0`, false}, {`joined <= 2005`, false}, {`joined != 2005`, false}, {`left == joined`, false}, {`!(joined <= 2005)`, true},
		{`known(joined) || known(title) || known(skills)`, false}, {`title == ""`, true}, {`title != "主任"`, true}, {`"a" in skills`, false},
	} {
		t.Run(test.expression, func(t *testing.T) {
			set := compile(t, "a: "+test.expression)
			if got := set.Of(segment.Facts{Title: "　"}) != nil; got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestTextsAreComparedAsPeopleReadThem(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		want       bool
	}{
		{"width", "ＡＢＣ１２", "ABC12", true}, {"half-width kana", "ｶﾞｲﾄﾞ", "ガイド", true}, {"kana and a mark", "か\u3099い", "がい", true},
		{"case", "Optical DESIGN", "optical design", true}, {"Greek", "ΟΔΟΣ", "οδος", true}, {"blanks around", " 東京　\t", "東京", true},
		{"a wide blank inside", "写真　部", "写真 部", true}, {"a squared word", "㍿波音", "株式会社波音", true}, {"composed or not", "Nguye\u0302\u0303n", "NGUYỄN", true},
		{"variants of kanji", "髙", "高", false}, {"hiragana and katakana", "かい", "カイ", false}, {"a blank inside", "写真 部", "写真部", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
				set := compile(t, strings.NewReplacer("X", pair[0]).Replace("eq: title == \"X\"\nne: title != \"X\"\nyes: true\nhas: \"X\" in skills\nmore: region ~ \"X\"")[0:])
				got := set.Of(segment.Facts{Title: pair[1], Skills: []string{"前", pair[1]}, Region: "前" + strings.TrimSpace(pair[1]) + "後"})
				want := []string{"ne", "yes"}
				if test.want {
					want = []string{"eq", "yes", "has", "more"}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q and %q: got %v, want %v", pair[0], pair[1], got, want)
				}
			}
		})
	}
}

func TestSegmentsThatNameOthers(t *testing.T) {
	set := compile(t, "young-locals: !veterans && locals\nlocals: region ~ \"波音\"\nveterans: joined <= 2000\nall: true")
	if got, want := set.Of(minato), []string{"young-locals", "locals", "all"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := set.Names(), []string{"young-locals", "locals", "veterans", "all"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !set.Has("all") || set.Has("joined") {
		t.Error("all is a segment, and joined is none")
	}
	if got := new(segment.Set).Of(minato); got != nil {
		t.Errorf("got %v of no segments", got)
	}
}

func TestExpressionHasAPlainForm(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{`((joined)<=2000)and not(known( left ))`, `joined <= 2000 && !known(left)`},
		{`'a "b"' in skills or ("a" in skills or true)`, `'a "b"' in skills || ("a" in skills || true)`},
		{`(true || false) && !(left > 1) && (true && true)`, `(true || false) && !(left > 1) && (true && true)`},
		{`!!true`, `!!true`}, {`joined == 007`, `joined == 7`},
	} {
		if got := compile(t, "a: "+test.in).Expression("a"); got != test.want {
			t.Errorf("%s: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestExplain(t *testing.T) {
	set := compile(t, "veterans: joined <= 2005 && region ~ \"波音\"\nnobody: false\n"+
		"mixed: (veterans || \"go\" in skills) && !known(left)\neither: title == \"部長\" || department ~ \"光学\"\nwrong: known(title) && !either")
	for _, test := range []struct{ name, en, ja string }{
		{"veterans", `not in veterans: joined <= 2005 does not hold (joined: 2009)`, `veterans に入らない：joined <= 2005 でない（joined は 2009）`},
		{"nobody", `not in nobody: false does not hold`, `nobody に入らない：false でない`},
		{"mixed", `not in mixed: joined <= 2005 does not hold (joined: 2009); "go" in skills does not hold (skills: 光学設計, 水中光学)`,
			`mixed に入らない：joined <= 2005 でない（joined は 2009）、"go" in skills でない（skills は 光学設計・水中光学）`},
		{"either", `in either: department ~ "光学" (department: 光学設計部)`, `either に入る：department ~ "光学"（department は 光学設計部）`},
		{"wrong", `not in wrong: department ~ "光学" (department: 光学設計部)`, `wrong に入らない：department ~ "光学"（department は 光学設計部）`},
		{"absent", `not in absent`, `absent に入らない`},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := set.Explain(test.name, minato)
			if got := e.Text(diag.English); got != test.en {
				t.Errorf("got  %s\nwant %s", got, test.en)
			}
			if got := e.Text(diag.Japanese); got != test.ja {
				t.Errorf("got  %s\nwant %s", got, test.ja)
			}
		})
	}
	got := set.Explain("veterans", segment.Facts{Region: "波音"}).Text(diag.English)
	if want := "not in veterans: joined <= 2005 does not hold (joined: not known)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOfAllocatesTheResultAlone(t *testing.T) {
	set := five(t)
	odd := segment.Facts{Joined: 1990, Left: 2001, Department: "ｺｳｶﾞｸ 部", Region: "Nguye\u0302\u0303n", Skills: []string{"Ünï", "ＡＢＣ"}}
	for name, f := range map[string]segment.Facts{"usual texts": minato, "texts that NFKC changes": odd} {
		if got := leastAllocs(func() { set.Of(f) }); got != 1 {
			t.Errorf("%s: got %v allocations, want 1", name, got)
		}
	}
	if got := leastAllocs(func() { set.Of(segment.Facts{Region: "東京", Joined: 2020}) }); got > 0 {
		t.Errorf("nobody's segments: got %v allocations, want none", got)
	}
}

// leastAllocs is how often f allocates at best: the race detector has a pool
// forget some of what it keeps.
func leastAllocs(f func()) float64 {
	least := testing.AllocsPerRun(1, f)
	for range 100 {
		least = min(least, testing.AllocsPerRun(1, f))
	}
	return least
}

func five(t testing.TB) *segment.Set {
	t.Helper()
	set, problems := segment.Compile(sources("veterans: joined <= 2005 && known(left)\nengineers: department ~ \"光学\" || \"光学設計\" in skills\n" +
		"locals: region ~ \"波音\"\nyoung-locals: locals && !veterans\nsailors: \"abc sailing\" in interests || title == \"船長\""))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

// usual is a member of the sample.
var usual = segment.Facts{Joined: 2009, Left: 2018, Department: "光学設計部", Title: "主任", Region: "青波県波音市", Language: "ja",
	Skills: []string{"光学設計", "水中光学"}, Interests: []string{"養殖", "釣り"}, Audiences: []string{"alumni"}}

// BenchmarkOf asks for one member; a second has time for so many.
func BenchmarkOf(b *testing.B) {
	for name, f := range map[string]segment.Facts{"usual": usual, "nfkc": {Joined: 1990, Department: "ｺｳｶﾞｸ 部", Region: "Nguye\u0302\u0303n", Interests: []string{"ＡＢＣ Sailing"}}} {
		b.Run(fmt.Sprintf("segments=5/texts=%s", name), func(b *testing.B) {
			set := five(b)
			b.ReportAllocs()
			for b.Loop() {
				set.Of(f)
			}
		})
	}
}

func ExampleCompile() {
	set, problems := segment.Compile([]segment.Source{
		{Name: "veterans", Expression: `joined <= 2005`, Pos: diag.Pos{Path: "site.yaml", Line: 2, Col: 3}},
		{Name: "sailors", Expression: `veterans && "sailing" in interests`, Pos: diag.Pos{Path: "site.yaml", Line: 3, Col: 3}},
		{Name: "engineers", Expression: `departmnt ~ "光学"`, Pos: diag.Pos{Path: "site.yaml", Line: 4, Col: 3}},
	})
	fmt.Println(problems[0].Line(diag.English))
	member := segment.Facts{Joined: 1998, Interests: []string{"Sailing", "Tea"}}
	fmt.Println(set.Of(member))
	fmt.Println(set.Explain("sailors", member).Text(diag.English))
	// Output:
	// site.yaml:4:3: error: there is neither a key nor a segment "departmnt". Did you mean "department"? Texts stand in quotes; the keys are joined, left, department, title, region, language, skills, interests, audiences. [segment-unknown-name]
	// [veterans sailors]
	// in sailors: joined <= 2005 (joined: 1998); "sailing" in interests (interests: Sailing, Tea)
}

// TestManyMayAskAtOnce is for the race detector: a view is nobody else's.
func TestManyMayAskAtOnce(t *testing.T) {
	set := five(t)
	members := []segment.Facts{minato, usual, {Joined: 1998, Left: 2001, Region: "青波県波音市"}, {}}
	var want [4][]string
	for i, f := range members {
		want[i] = set.Of(f)
	}
	var all sync.WaitGroup
	for i, f := range members {
		all.Go(func() {
			for range 500 {
				if got := set.Of(f); !slices.Equal(got, want[i]) {
					t.Errorf("got %v, want %v", got, want[i])
					return
				}
			}
		})
	}
	all.Wait()
}
