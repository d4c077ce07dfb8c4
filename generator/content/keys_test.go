package content_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func TestKeysAreThoseThatAreDecoded(t *testing.T) {
	for _, k := range content.Kinds() {
		var names []string
		for _, key := range content.Keys(k, "en") {
			names = append(names, key.Name)
		}
		if want := frontmatter.Keys(content.FrontMatter(k)); !slices.Equal(names, want) {
			t.Errorf("%s: got %v, want %v", k, names, want)
		}
	}
}

// TestRequiredKeysAreMissed takes each key out of a new file.
func TestRequiredKeysAreMissed(t *testing.T) {
	eachArchetype(t, func(t *testing.T, k content.Kind, lang string) {
		text := content.Archetype(k, lang, "T", archetypeDay)
		for _, key := range content.Keys(k, lang) {
			line := regexp.MustCompile(`(?m)^` + key.Name + `:.*\n((  |#).*\n)*`)
			if !line.MatchString(text) {
				continue // not in use, or a part of another
			}
			missed := slices.ContainsFunc(open(t, k, lang, line.ReplaceAllString(text, "")).Problems,
				func(p diag.Problem) bool { return p.Rule == diag.MissingKey })
			if missed != key.Required {
				t.Errorf("%s: required is %t, and without it a key is missed: %t", key.Name, key.Required, missed)
			}
		}
	})
}

func ExampleKeys() {
	for _, key := range content.Keys(content.KindEvent, "en") {
		switch key.Name {
		case "start", "mode", "venue.postal_code", "capacity":
			fmt.Printf("%s: %s, %t, %v, %q\n", key.Name, key.Value, key.Required, key.Choices, key.Doc)
		}
	}
	// Output:
	// start: date, true, [], ""
	// mode: text, true, [offline online hybrid], "offline, online or hybrid"
	// venue.postal_code: text, false, [], ""
	// capacity: number, false, [], "Places"
}
