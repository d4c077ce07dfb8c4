package diag

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Rule is the id of a kind of problem, in lower case with hyphens. Ids are
// stable: tools and people refer to them.
type Rule string

// entry is a rule in the catalogue. In its texts, {name} stands for an
// argument, and a part between [[ and ]] is left out when an argument in it is
// empty.
type entry struct {
	severity Severity
	en, ja   text
}

type text struct{ message, remedy string }

func (e entry) text(lang Lang) text {
	if lang == Japanese {
		return e.ja
	}
	return e.en
}

// catalogue is every rule of the program. It is put together from one table a
// stage, and never changes.
var catalogue = joined(frontmatterRules, markdownRules, segmentRules, configRules, contentRules, layoutRules, memberRules, letterRules, relayRules,
	doctorRules, doctorMailRules, doctorNetRules, editorRules)

func joined(tables ...map[Rule]entry) map[Rule]entry {
	all := map[Rule]entry{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

// Rules returns the ids of all rules, sorted.
func Rules() []Rule { return slices.Sorted(maps.Keys(catalogue)) }

var (
	optionalPart = regexp.MustCompile(`\[\[(.*?)\]\]`)
	placeholder  = regexp.MustCompile(`\{([a-z]+)\}`)
)

// fill puts args into template, with what cannot be printed escaped.
func fill(template string, args []string) string {
	value := func(name string) string {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				return escape(args[i+1])
			}
		}
		return ""
	}
	template = optionalPart.ReplaceAllStringFunc(template, func(part string) string {
		inner := part[2 : len(part)-2]
		for _, m := range placeholder.FindAllStringSubmatch(inner, -1) {
			if value(m[1]) == "" {
				return ""
			}
		}
		return inner
	})
	filled := placeholder.ReplaceAllStringFunc(template, func(p string) string { return value(p[1 : len(p)-1]) })
	return strings.TrimSpace(filled)
}
