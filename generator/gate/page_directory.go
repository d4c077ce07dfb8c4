package gate

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/member"
)

// maxQueryRunes is how much of a search is looked for.
const maxQueryRunes = 100

// pageDirectory lists the members who show their name to members, with what else
// each of them shows. Only that is searched too, so that nobody finds by asking
// what is not shown. ?q= searches; nothing is kept of it.
func (g *Gate) pageDirectory(w http.ResponseWriter, r *http.Request, v visit) {
	if v.path != "/me/people/" {
		g.pageNotHere(w, r, v)
		return
	}
	if r.Method == http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD")
		g.pageRefused(w, r, v, http.StatusMethodNotAllowed)
		return
	}
	me, ok := g.person(w, r, v, v.session.Member)
	if !ok {
		return
	}
	all, err := g.o.Pages.People.List(r.Context(), member.Filter{Status: member.Active})
	if err != nil {
		g.failed(w, r, v, err)
		return
	}
	lang := g.language(r, me.Language)
	words := g.desk.words[lang]
	query := cleanQuery(r.URL.Query().Get("q"))
	body := directoryView{Query: query, Action: g.at("me", "people", ""), Preferences: g.at("me", "preferences", ""), Listed: isListed(me)}
	body.Groups, body.Count = directory(all, foldWords(query), lang, words)
	s := g.menu(g.sheet(lang, words.say("people.title"), me), me, body.Action)
	s.Width, s.Body = "wide", body
	g.show(w, r, http.StatusOK, "people", s)
}

// cleanQuery is what somebody typed, as it can be shown and looked for.
func cleanQuery(q string) string {
	q = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, q)
	if runes := []rune(strings.TrimSpace(q)); len(runes) > maxQueryRunes {
		return string(runes[:maxQueryRunes])
	}
	return strings.TrimSpace(q)
}

// directoryView is what the page takes.
type directoryView struct {
	Query, Action, Preferences string
	Listed                     bool // the reader is in it
	Count                      int
	Groups                     []directoryGroup
}

type directoryGroup struct {
	Label  string
	People []entryOf
}

// entryOf is what members see of one of them.
type entryOf struct {
	Name, Reading, Former string
	Facts                 []storedField
	row, key, haystack    string
}

// directory is what words find of those who are listed, in the order of their
// readings, by rows of the index.
func directory(all []member.Member, query []string, lang string, w words) (groups []directoryGroup, count int) {
	var found []entryOf
	for _, m := range all {
		if !isListed(m) || !isReader(m.Audiences) {
			continue
		}
		e := shownOf(m, lang, w)
		if !slices.ContainsFunc(query, func(word string) bool { return !strings.Contains(e.haystack, word) }) {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b entryOf) int {
		return cmp.Or(cmp.Compare(rowOrder(a.row, lang), rowOrder(b.row, lang)), strings.Compare(a.key, b.key), strings.Compare(a.Name, b.Name))
	})
	for _, e := range found {
		label := e.row
		switch {
		case e.row == rowOther:
			label = w.say("people.other")
		case e.row == rowLatin && lang == "ja":
			label = w.say("people.latin")
		}
		if len(groups) == 0 || groups[len(groups)-1].Label != label {
			groups = append(groups, directoryGroup{Label: label})
		}
		last := &groups[len(groups)-1]
		last.People = append(last.People, e)
	}
	return groups, len(found)
}

// shownOf takes of m what members see, and only that.
func shownOf(m member.Member, lang string, w words) entryOf {
	e := entryOf{Name: callName(m, lang)}
	if lang == "ja" {
		e.Reading = m.Name.Kana()
	}
	parts := []string{m.Name.String(), m.Name.Kana(), m.Name.Latin}
	for _, field := range member.Fields() {
		value := fieldValue(m, field, lang, w)
		if field == member.FieldName || value == "" || !m.Visibility.Shows(field, member.Alumni) {
			continue
		}
		parts = append(parts, value)
		if field == member.FieldFormer {
			e.Former = value
			continue
		}
		e.Facts = append(e.Facts, storedField{Label: w.say("field." + field), Value: value})
	}
	for i, part := range parts {
		parts[i] = fold(part)
	}
	e.haystack = strings.Join(parts, "\n")
	e.row, e.key = indexKey(m.Name.Kana(), m.Name.Latin)
	if lang != "ja" && m.Name.Latin != "" {
		e.key = latinKey(m.Name.Latin)
		e.row = strings.ToUpper(e.key[:min(1, len(e.key))])
		if e.row < "A" || e.row > "Z" {
			e.row = rowOther
		}
	}
	return e
}

// latinKey sorts a name in Latin letters by its family part: the one in capitals
// (TAKANASHI Minato, Daniel OKAFOR), else the last.
func latinKey(latin string) string {
	parts := strings.Fields(latin)
	family := max(len(parts)-1, 0)
	for i, part := range parts {
		if utf8.RuneCountInString(part) > 1 && part == strings.ToUpper(part) {
			family = i
			break
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fold(parts[family]) + " " + fold(latin)
}

// rowOrder puts kana before Latin letters in Japanese, and after them elsewhere;
// what is neither comes last.
func rowOrder(row, lang string) string {
	switch latin := row >= "A" && row <= "Z"; {
	case row == rowOther:
		return "3"
	case latin == (lang == "ja"):
		return "2" + row
	}
	return "1" + row
}
