package content

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The orders of names in Latin letters: as they are written, or family name first or
// last.
const (
	FamilyFirst = "family_first"
	GivenFirst  = "given_first"
)

// inOrder returns the Latin name in an order: TAKANASHI Minato with FamilyFirst, Minato
// Takanashi with GivenFirst. Which part is the family name is told by its capitals;
// without them, or with them all over, the name stays as it is written.
func (n Name) inOrder(order string) string {
	parts := strings.Fields(n.Latin)
	var family, given []string
	for _, part := range parts {
		if utf8.RuneCountInString(part) > 1 && part == strings.ToUpper(part) && part != strings.ToLower(part) && !strings.HasSuffix(part, ".") {
			family = append(family, part)
		} else {
			given = append(given, part)
		}
	}
	switch {
	case len(family) == 0 || len(given) == 0:
		return n.Latin
	case order == FamilyFirst:
		return strings.Join(append(family, given...), " ")
	case order == GivenFirst:
		for i, part := range family {
			family[i] = capitalized(part)
		}
		return strings.Join(append(given, family...), " ")
	}
	return n.Latin
}

// capitalized returns a part of a name with capitals where each of its pieces begins.
func capitalized(part string) string {
	begins := true
	return strings.Map(func(r rune) rune {
		defer func() { begins = r == '-' || r == '\'' || r == '’' }()
		if begins {
			return r
		}
		return unicode.ToLower(r)
	}, part)
}

// In returns the name as the edition lang writes it: 髙梨 湊, or Linh TRẦN
// elsewhere.
func (n Name) In(lang string) string {
	japanese := strings.TrimSpace(n.Family + " " + n.Given)
	if lang != "ja" && n.Latin != "" || japanese == "" {
		return n.Latin
	}
	return japanese
}
