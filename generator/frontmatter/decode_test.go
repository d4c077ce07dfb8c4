package frontmatter_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/frontmatter"
)

// The YAML begins on line 2 of its file, after "title: a".
var valueMistakes = []struct {
	name, yaml string
	problems   []string
}{
	{"a typing mistake in a key", "titel: b", []string{`3:1: error: unknown key "titel". Did you mean "title"? [unknown-key]`}},
	{"a key in full-width letters", "ｍｏｄｅ: online", []string{`3:1: … Did you mean "mode"? [unknown-key]`}},
	{"a key of the author's own", "所在地: 横浜", []string{`3:1: … Values of your own go under "params:". [unknown-key]`}},
	{"an unknown key below a key", "venue:\n  name: b\n  floor: 3", []string{`5:3: error: unknown key "floor". Known here: name, postal_code. [unknown-key]`}},
	{"a required key below a key", "venue:\n  postal_code: 104-0061",
		[]string{`4:3: error: the key "name" is missing. Add a line "name: ..." under "venue:". [missing-key]`}},
	{"a required key of an empty entry", "sections:\n  news:", []string{`4:3: … under "sections.news:". [missing-key]`}},
	{"a list where text is wanted", "mode: [online]", []string{`3:7: error: "mode" must be one text. … [not-text]`}},
	{"true where text is wanted", "venue: {name: true}",
		[]string{`3:15: error: "venue.name" must be text, but true without quotes is not text in YAML. Write "true" with the double quotes. [quote-text]`}},
	{"null where text is wanted", "mode: null", []string{`3:7: … but null … [quote-text]`}},
	{"null in a list of texts", "tags: [null, ~]", []string{`3:8: … [quote-text]`, `3:14: error: a value of "tags" is empty. … [empty-value]`}},
	{"a choice in capitals", "mode: Online",
		[]string{`3:7: error: "Online" is not a choice for "mode". Did you mean "online"? Choices: offline, online, hybrid. [bad-choice]`}},
	{"a choice that is nothing like the others", "mode: 対面", []string{`3:7: error: "対面" is not a choice for "mode". Choices: offline, online, hybrid. [bad-choice]`}},
	{"a choice in a list", "days: [mon, tues]", []string{`3:13: … Did you mean "tue"? … [bad-choice]`}},
	{"too many elements, at the first of them", "points: [a, b, c, d, e]",
		[]string{`3:19: error: "points" has 5 entries; there may be 3 at most. Take some out. [too-many]`}},
	{"a list that must not be empty", "tags: []", []string{`3:7: … [empty-value]`}},
	{"a blank element", "tags: ['　']", []string{`3:8: … [empty-value]`}},
	{"a blank text by its own decoder", "label: ''", []string{`3:8: error: a value of "label" is empty. … [empty-value]`}},
	{"one value for a list of maps", "timeline: 1950", []string{`3:11: error: "timeline" must be a list. … "- ". [not-list]`}},
	{"keys for a list", "tags: {a: b}", []string{`3:7: … [not-list]`}},
	{"one value for a map", "venue: 会館",
		[]string{`3:8: error: "venue" must have keys of its own, not one value. Write them on the lines below, indented by two spaces: name, postal_code. [not-map]`}},
	{"a text in a list of maps", "timeline:\n- 1950\n- {when: b}", []string{`4:3: … when, what. [not-map]`}},
	{"a list for free values", "params: [a]", []string{`3:9: … [not-map]`}},
	{"a map in a list of free values", "params:\n  a: [b, {c: d}]", []string{`4:10: … [not-text]`}},
	{"yes for true", "draft: yes", []string{`3:8: error: "draft" must be true or false, not "yes". Write true. [not-bool]`}},
	{"はい for true", "draft: はい", []string{`3:8: … Write true. [not-bool]`}},
	{"off for false", "draft: off", []string{`3:8: … Write false. [not-bool]`}},
	{"another word for a truth", "draft: maybe", []string{`3:8: error: "draft" must be true or false, not "maybe". [not-bool]`}},
	{"full-width digits", "amount: ３０００", []string{`3:9: error: "amount" must be a number in half-width digits, not "３０００". Write 3000. [not-number]`}},
	{"thousands separators", "amount: 3,000", []string{`3:9: … Write 3000. [not-number]`}},
	{"a currency", "amount: 3000円", []string{`3:9: … Write 3000. [not-number]`}},
	{"a currency sign", "amount: ¥3,000-", []string{`3:9: … Write 3000. [not-number]`}},
	{"a price of nothing", "amount: 無料", []string{`3:9: … Write 0. [not-number]`}},
	{"another base", "amount: 0x10", []string{`3:9: error: "amount" must be a number in half-width digits, not "0x10". [not-number]`}},
	{"leading zeros", "amount: 010", []string{`3:9: … Write 10. [not-number]`}},
	{"a fraction for an integer", "amount: 10.5", []string{`3:9: … not "10.5". [not-number]`}},
	{"more than 64 bits", "size: 9223372036854775808", []string{`3:7: … [not-number]`}},
	{"a list for a number", "amount: [1]", []string{`3:9: error: "amount" must be a number in half-width digits. [not-number]`}},
	{"a number below its range", "amount: -1", []string{`3:9: error: "amount" is out of range: -1. Write a number from 0 up to 100000. [number-range]`}},
	{"a number above its range", "amount: 100001", []string{`3:9: … [number-range]`}},
	{"a float with a comma", "weight: １,５００.5kg", []string{`3:9: … not "１,５００.5kg". [not-number]`}},
	{"a float with separators", "weight: 1,500.5", []string{`3:9: … Write 1500.5. [not-number]`}},
	{"zeros", "amount: 000", []string{`3:9: … Write 0. [not-number]`}},
	{"a list for a free map", "prices: [a]", []string{`3:9: … [not-map]`}},
	{"a list for entries", "sections: [a]", []string{`3:11: … [not-map]`}},
	{"a list for a truth", "draft: [true]", []string{`3:8: error: "draft" must be true or false. [not-bool]`}},
	{"infinity", "weight: .inf", []string{`3:9: … [not-number]`}},
	{"a length in words", "lifetime: 90日", []string{`3:11: error: "lifetime" must be a length of time such as 90d, 36h or 30m, not "90日". Write 90d. [bad-duration]`}},
	{"a length without a unit", "lifetime: 90", []string{`3:11: … not "90". [bad-duration]`}},
	{"a length beyond 64 bits", "lifetime: 999999999w", []string{`3:11: … [bad-duration]`}},
	{"a day that does not exist", "start: 2026-02-30", []string{`3:8: error: "start" must be a day that exists, … not "2026-02-30". Write 2026-02-28. [bad-date]`}},
	{"keys for a date", "start: {a: b}", []string{`3:8: error: "start" must be a day that exists, written like 2026-05-20 or 2026-05-20 18:30. [bad-date]`}},
	{"a decoder's own problem", "audience: nobody", []string{`3:11: … [bad-choice]`}},
	{"everything at once", "mode: x\namount: 千円\nstart: 明日\ndraft: y",
		[]string{`3:7: … [bad-choice]`, `4:9: … [not-number]`, `5:8: … [bad-date]`, `6:8: … [not-bool]`}},
}

func TestDecodeReports(t *testing.T) {
	for _, test := range valueMistakes {
		t.Run(test.name, func(t *testing.T) {
			_, problems := read(t, "title: a\n"+test.yaml)
			check(t, problems, test.problems...)
		})
	}
}

func TestRequiredKeys(t *testing.T) {
	for _, test := range []struct {
		name, yaml string
		problems   []string
	}{
		{"an absent key", "draft: true", []string{`1:1: error: the key "title" is missing. Add a line "title: ...". [missing-key]`}},
		{"a key without a value", "title:", []string{`1:1: … [missing-key]`}},
		{"a key with a tilde", "title: ~", []string{`1:1: … [missing-key]`}},
		{"no keys at all", "", []string{`1:1: … [missing-key]`}},
		{"an empty text", "title: ''", []string{`2:8: … [empty-value]`}},
		{"the word null", "title: null", []string{`2:8: … [quote-text]`}},
		{"a value with a problem is there", "title: [a]", []string{`2:8: … [not-text]`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := read(t, test.yaml)
			check(t, problems, test.problems...)
		})
	}
}

func TestDecodeFills(t *testing.T) {
	at := func(hour, minute int) time.Time { return time.Date(2026, 5, 20, hour, minute, 0, 0, tokyo) }
	for _, test := range []struct {
		name, yaml string
		got        func(event) any
		want       any
	}{
		{"text", "title: 会報 夏号", func(e event) any { return e.Title }, "会報 夏号"},
		{"a number as it is written", "title: 1.50", func(e event) any { return e.Title }, "1.50"},
		{"a date as it is written", "title: 2026-05-20", func(e event) any { return e.Title }, "2026-05-20"},
		{"a quoted true", "title: 'true'", func(e event) any { return e.Title }, "true"},
		{"a block of text", "title: |\n  a\n  b", func(e event) any { return e.Title }, "a\nb\n"},
		{"one value for a list", "title: a\ntags: b", func(e event) any { return e.Tags }, []string{"b"}},
		{"a list", "title: a\ntags: [b, 3]", func(e event) any { return e.Tags }, []string{"b", "3"}},
		{"an empty value", "title: a\namount:\nonline:", func(e event) any { return []any{e.Amount, e.Online} }, []any{0, (*venue)(nil)}},
		{"a truth", "title: a\ndraft: true", func(e event) any { return e.Draft }, true},
		{"integers", "title: a\namount: 3000\nsize: -5", func(e event) any { return []int64{int64(e.Amount), e.Size} }, []int64{3000, -5}},
		{"a fraction", "title: a\nweight: -1.5e2", func(e event) any { return e.Weight }, -150.0},
		{"a length of time", "title: a\nlifetime: 1w2d3h4m5s", func(e event) any { return e.Lifetime },
			9*24*time.Hour + 3*time.Hour + 4*time.Minute + 5*time.Second},
		{"no length of time", "title: a\nlifetime: 0", func(e event) any { return e.Lifetime }, time.Duration(0)},
		{"a date", "title: a\nends: 2026-05-20", func(e event) any { return e.Ends }, frontmatter.Time{Time: at(0, 0), DateOnly: true}},
		{"a clock", "title: a\nends: 2026-05-20 18:30", func(e event) any { return e.Ends }, frontmatter.Time{Time: at(18, 30)}},
		{"a plain time", "title: a\nstart: 2026-05-20 18:30", func(e event) any { return e.Start }, at(18, 30)},
		{"a struct and a pointer", "title: a\nvenue: {name: b}\nonline: {name: c}",
			func(e event) any { return []string{e.Venue.Name, e.Online.Name} }, []string{"b", "c"}},
		{"a list of structs", "title: a\ntimeline:\n- when: 1950\n  what: b\n- what: c",
			func(e event) any { return e.Timeline }, []step{{"1950", "b"}, {"", "c"}}},
		{"a map", "title: a\nprices: {会員: 3000, 一般: }", func(e event) any { return e.Prices }, map[string]int{"会員": 3000, "一般": 0}},
		{"entries in their order", "title: a\nsections:\n  z: {name: b}\n  a: {name: c}",
			func(e event) any {
				second, ok := e.Sections.Lookup("a")
				return fmt.Sprintf("%s on line %d, %s with %s: %v", e.Sections[0].Key, e.Sections[0].Pos.Line, e.Sections[1].Key, second.Name, ok)
			}, "z on line 4, a with c: true"},
		{"entries of lists", "title: a\nnotes: {b: [c, d], e: f}",
			func(e event) any { return [][]string{e.Notes[0].Value, e.Notes[1].Value} }, [][]string{{"c", "d"}, {"f"}}},
		{"free values, sorted and flat", "title: a\nparams:\n  seo: {robots: none, n: [1.50, 'x']}\n  b: yes\n  a:",
			func(e event) any { return e.Params },
			[]frontmatter.Param{{"a", []string{""}}, {"b", []string{"yes"}}, {"seo.n", []string{"1.50", "x"}}, {"seo.robots", []string{"none"}}}},
		{"free values of one name", "title: a\nparams: {b.c: 1, b: {c: 2}}",
			func(e event) any { return e.Params }, []frontmatter.Param{{"b.c", []string{"1", "2"}}}},
		{"values of one name do not run into others", "title: a\nparams: {b.c: 1, d: 3, b: {c: 2}}",
			func(e event) any { return e.Params }, []frontmatter.Param{{"b.c", []string{"1", "2"}}, {"d", []string{"3"}}}},
		{"no free values", "title: a\nparams: {}", func(e event) any { return e.Params }, []frontmatter.Param(nil)},
		{"a list without elements", "title: a\ntimeline: []", func(e event) any { return e.Timeline }, []step{}},
		{"keys against the order of the fields", "draft: true\npoints: [b]\ntitle: a",
			func(e event) any { return []any{e.Draft, e.Points, e.Title} }, []any{true, []string{"b"}, "a"}},
		{"a text for all languages", "title: a\nlabel: 会報", func(e event) any { return e.Label.In("en") }, "会報"},
		{"a text per language", "title: a\nlabel: {ja: 会報, en: News}",
			func(e event) any { return []string{e.Label.In("en-GB"), e.Label.In("ja"), e.Label.In("fr")} }, []string{"News", "会報", "会報"}},
		{"a type that decodes itself", "title: a\naudience: [b, c]", func(e event) any { return e.Audience.names }, []string{"b", "c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, problems := read(t, test.yaml)
			check(t, problems)
			if got := test.got(e); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %#v, want %#v", got, test.want)
			}
		})
	}
}

func TestDecodeWithoutFrontMatterDoesNothing(t *testing.T) {
	var e event
	check(t, frontmatter.Decode(nil, &e, frontmatter.Options{}))
}

func TestKeysAreInOrderWithThoseBelow(t *testing.T) {
	want := strings.Fields(`title tags points draft mode days start ends venue venue.name venue.postal_code
		online online.name online.postal_code amount size weight lifetime timeline timeline.when timeline.what
		prices sections sections.*.name sections.*.postal_code label params audience notes`)
	if got := frontmatter.Keys(&event{}); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// A list takes the place of the one that was there, and leaves that as it is.
func TestListsAreReplaced(t *testing.T) {
	old := []step{{When: "1950", What: "a"}, {What: "b"}}
	e := event{Timeline: old}
	node, _ := frontmatter.ParseYAML("p.yaml", []byte("title: a\ntimeline: [{when: '1960'}]"))
	check(t, frontmatter.Decode(node, &e, frontmatter.Options{}))
	if want := []step{{When: "1960"}}; !reflect.DeepEqual(e.Timeline, want) || old[0].When != "1950" {
		t.Errorf("got %v, want %v; the old list is %v", e.Timeline, want, old)
	}
}
