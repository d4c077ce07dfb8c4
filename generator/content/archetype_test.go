package content_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

var archetypeDay = time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*60*60))

// sectionOf returns the section that has kind k without a word in site.yaml.
func sectionOf(k content.Kind) string {
	for _, section := range []string{"news", "columns", "interviews", "reports", "events", "jobs", "notes", "newsletters", "people"} {
		if config.DefaultKind(section) == string(k) {
			return section
		}
	}
	return "about"
}

// open reads a project that has one page, in the section of k.
func open(t *testing.T, k content.Kind, lang, text string) *generator.Project {
	t.Helper()
	site := "title: Network\nbase_url: https://network.example/\nlanguage: " + lang + "\naudiences: {alumni: {title: Alumni}}\nsegments: {veterans: joined <= 2000}\n"
	p, err := generator.Open(fstest.MapFS{
		"site.yaml": {Data: []byte(site)}, "content/" + sectionOf(k) + "/it.md": {Data: []byte(text)},
	}, kaiho.Sample, generator.Options{Now: archetypeDay, Drafts: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func eachArchetype(t *testing.T, test func(t *testing.T, k content.Kind, lang string)) {
	for _, k := range content.Kinds() {
		for _, lang := range []string{"ja", "en"} {
			t.Run(fmt.Sprintf("%s in %s", k, lang), func(t *testing.T) { test(t, k, lang) })
		}
	}
}

func TestArchetypeHasNoProblem(t *testing.T) {
	eachArchetype(t, func(t *testing.T, k content.Kind, lang string) {
		for _, title := range []string{"冬の集い 2026", `The "big" one: #1 \ C:\new {{date}}`, "yes", "髙梨"} {
			p := open(t, k, lang, content.Archetype(k, lang, title, archetypeDay))
			for _, problem := range p.Problems {
				if problem.Rule != diag.KeyWanted { // a line that waits to be filled in
					t.Errorf("%s: %s", title, problem.Line(diag.English))
				}
			}
			pages := slices.Concat(p.Library.Pages, p.Library.People)
			if len(pages) != 1 || pages[0].Kind != k {
				t.Fatalf("got %d pages, want one of kind %s", len(pages), k)
			}
			if got := pages[0].Title; got != title {
				t.Errorf("title: got %s, want %s", got, title)
			}
			if !pages[0].Draft {
				t.Error("it is no draft")
			}
		}
	})
}

// commented is a key that is not in use: a hash that touches its line.
var commented = regexp.MustCompile(`(?m)^#((?:  )*(?:- )?[a-z\p{Han}\d][^\n]*|  [^\n]*)$`)

// uncommented returns an archetype with every key in use.
func uncommented(k content.Kind, lang string) string {
	return commented.ReplaceAllString(content.Archetype(k, lang, "冬の集い", archetypeDay), "$1")
}

func TestArchetypeIsRightWithEveryKeyInUse(t *testing.T) {
	// What it names is in no other file, some lines wait to be filled in, and an
	// event is not offline and online at once, or all day and for two hours. nor all day and for two hours.
	expected := []diag.Rule{diag.UnknownPerson, diag.UnknownPage, diag.ImageMissing, diag.KeyWanted, diag.ModeDiffers, diag.AllDayClock}
	eachArchetype(t, func(t *testing.T, k content.Kind, lang string) {
		text := uncommented(k, lang)
		for _, problem := range open(t, k, lang, text).Problems {
			if !slices.Contains(expected, problem.Rule) {
				t.Errorf("%s\n%s", problem.Line(diag.English), text)
			}
		}
	})
}

func TestArchetypeHasEveryKey(t *testing.T) {
	eachArchetype(t, func(t *testing.T, k content.Kind, lang string) {
		file, problems := frontmatter.Split("it.md", []byte(uncommented(k, lang)))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, key := range frontmatter.Keys(content.FrontMatter(k)) {
			node := file.Node
			for part := range strings.SplitSeq(key, ".") {
				if items := node.Items(); len(items) > 0 {
					node = items[0]
				}
				node = node.At(part)
			}
			if node == nil {
				t.Errorf("%s is not there", key)
			}
		}
	})
}

func TestArchetypeHasNoLongLines(t *testing.T) {
	eachArchetype(t, func(t *testing.T, k content.Kind, lang string) {
		for line := range strings.Lines(content.Archetype(k, lang, "T", archetypeDay)) {
			columns := 0
			for _, r := range line {
				if columns++; r >= '\u2E80' {
					columns++
				}
			}
			if columns > 88 {
				t.Errorf("%d columns: %s", columns, line)
			}
			if strings.TrimRight(line, " \n") != strings.TrimRight(line, "\n") {
				t.Errorf("blanks at the end: %q", line)
			}
			if strings.Contains(line, "{{") {
				t.Errorf("a blank form: %s", line)
			}
		}
	})
}
