package content

import (
	"embed"
	"strings"
	"time"
	"unicode"
)

// Archetypes are the texts of new files: KIND.LANG.md, and the parts that they
// share, each in English and Japanese. A line "# words" explains; a line
// "#key: value" is a key that is not in use, and with the "#" taken away it is
// right. A part is put in at a line {{part}} of its own.
//
//go:embed archetypes/*.md
var archetypes embed.FS

// Archetype returns the text of a new file of kind k, a draft: front matter
// with every key that the kind has, each explained in lang (Japanese, or else
// English). now, in the site's zone, is the day that dates are counted from.
// The title of a person is the name.
func Archetype(k Kind, lang, title string, now time.Time) string {
	words := "en"
	if lang == "ja" || strings.HasPrefix(lang, "ja-") {
		words = "ja"
	}
	day := func(days int) string { return now.AddDate(0, 0, days).Format("2006-01-02") }
	family, given, latin := splitName(title)
	values := strings.NewReplacer(
		"{{title}}", quoted(title), "{{family}}", quoted(family), "{{given}}", quoted(given), "{{latin}}", quoted(latin),
		"{{kind}}", string(k), "{{lang}}", lang,
		"{{before}}", day(-28), "{{date}}", day(0), "{{soon}}", day(7), "{{deadline}}", day(7), "{{event}}", day(14),
		"{{month}}", day(30), "{{later}}", day(180), "{{consent}}", now.AddDate(3, 0, 0).Format("2006-01-02"),
	)
	parts := strings.NewReplacer(
		"{{legend}}\n", archetype("legend", words), "{{draft}}\n", archetype("draft", words),
		"{{article}}\n", archetype("article", words), "{{every}}\n", archetype("every", words),
	)
	text := values.Replace(parts.Replace(archetype(string(k), words)))
	return strings.ReplaceAll(text, ": \n", ":\n") // a name that has no such part
}

// archetype returns one of the texts.
func archetype(name, lang string) string {
	text, err := archetypes.ReadFile("archetypes/" + name + "." + lang + ".md")
	if err != nil {
		panic("content: no archetype of " + name + " in " + lang)
	}
	return string(text)
}

// quoted returns s as a YAML text in double quotes, in which nothing has a
// meaning but the backslash and the quote; nothing for nothing.
func quoted(s string) string {
	if s == "" {
		return ""
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// splitName returns the parts of a person's name: 髙梨 湊, or Daniel OKAFOR as
// a whole in Latin letters.
func splitName(name string) (family, given, latin string) {
	japanese := strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) })
	if !japanese {
		return "", "", name
	}
	parts := strings.Fields(name) // the ideographic space is one, too
	return parts[0], strings.Join(parts[1:], " "), ""
}
