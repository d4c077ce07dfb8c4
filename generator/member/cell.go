package member

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/diag"
)

// row is what an entry says of a person. What it does not say is left as it is.
type row struct {
	at     diag.Pos
	places map[string]diag.Pos // of columns
	email  string              // canonical; "" if it is wrong
	set    []func(*Member)     // in the order of the columns
	agreed *string             // the cell of consent
	lists  []uint32            // unsubscribed
	wrong  bool                // it has problems
}

// cellReader reads cells into a row.
type cellReader struct {
	audiences []string // empty: any
	problems  diag.Problems
}

// read reads one entry; columns are those of its cells, "" for one left out.
func (c *cellReader) read(r entry, columns []string) *row {
	out := &row{at: r.at[0], places: map[string]diag.Pos{}}
	before := len(c.problems)
	if len(r.cells) != len(columns) {
		c.problem(out.at, diag.MemberCells, "got", strconv.Itoa(len(r.cells)), "want", strconv.Itoa(len(columns)))
		out.wrong = true
		return out
	}
	for i, cell := range r.cells {
		if columns[i] == "" {
			continue
		}
		out.places[columns[i]] = r.at[i]
		if cell != "" || columns[i] == "consent" {
			c.cell(out, r.at[i], columns[i], cell)
		}
	}
	if slices.Index(columns, "email") >= 0 && out.email == "" && len(c.problems) == before {
		c.problem(out.places["email"], diag.MemberAddress, "column", "email")
	}
	out.wrong = len(c.problems) > before
	return out
}

func (c *cellReader) problem(at diag.Pos, rule diag.Rule, args ...string) {
	c.problems = append(c.problems, diag.New(at, rule, args...))
}

func (c *cellReader) cell(out *row, at diag.Pos, column, cell string) {
	if len(cell) > maxTextBytes || checkText(cell) != nil {
		c.problem(at, diag.MemberText, "column", column, "most", strconv.Itoa(maxTextBytes))
		return
	}
	switch column {
	case "email":
		a, err := ParseAddress(cell)
		if err != nil {
			c.problem(at, diag.MemberAddress, "column", column)
			return
		}
		out.email = a.Canonical
		out.set = append(out.set, func(m *Member) { m.SMTP = a.SMTP })
	case "joined", "left":
		c.year(out, at, column, cell)
	case "consent":
		out.agreed = &cell
	case "paused_until":
		until, ok := parseDate(cell)
		if !ok {
			c.problem(at, diag.MemberDate, "column", column, "value", cell)
		}
		out.set = append(out.set, func(m *Member) { m.Preferences.PausedUntil = until })
	case "unsubscribed":
		c.lists(out, at, column, cell)
	case "visibility":
		c.visibility(out, at, column, cell)
	default:
		c.text(out, at, column, cell)
	}
}

func (c *cellReader) year(out *row, at diag.Pos, column, cell string) {
	year, ok := parseYear(cell)
	if !ok {
		c.problem(at, diag.MemberYear, "column", column, "value", cell)
	}
	out.set = append(out.set, func(m *Member) {
		if column == "left" {
			m.Left = year
		} else {
			m.Joined = year
		}
	})
}

func (c *cellReader) lists(out *row, at diag.Pos, column, cell string) {
	for _, item := range list(cell) {
		n, err := strconv.ParseUint(item, 10, 32)
		if err != nil {
			c.problem(at, diag.MemberList, "column", column, "value", item)
		}
		out.lists = append(out.lists, uint32(n))
	}
}

func (c *cellReader) visibility(out *row, at diag.Pos, column, cell string) {
	v, err := ParseVisibility(cell)
	if err != nil {
		var levels, fields []string
		for _, l := range Levels() {
			levels = append(levels, string(l))
		}
		for _, f := range Fields() {
			fields = append(fields, f+"=")
		}
		c.problem(at, diag.MemberChoice, "column", column, "value", cell,
			"choices", fmt.Sprintf("%s (%s)", strings.Join(fields, " "), strings.Join(levels, " ")))
	}
	out.set = append(out.set, func(m *Member) { m.Visibility = v })
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// text reads a cell that is stored as it is, or one of a few words.
func (c *cellReader) text(out *row, at diag.Pos, column, cell string) {
	items := list(cell)
	var choices []string
	switch column {
	case "audiences":
		choices = c.audiences
	case "status":
		items, choices = []string{cell}, []string{Active, Paused, Left}
	case "format":
		items, choices = []string{cell}, []string{"html", "text"}
	case "frequency":
		items, choices = []string{cell}, []string{"every", "main"}
	case "language":
		if word := map[string]string{"日本語": "ja", "英語": "en", "japanese": "ja", "english": "en"}[strings.ToLower(cell)]; word != "" {
			cell = word
		}
		if !languageTag.MatchString(cell) {
			c.problem(at, diag.MemberLanguage, "column", column, "value", cell)
		}
	}
	for _, item := range items {
		if len(choices) > 0 && !slices.Contains(choices, item) {
			c.problem(at, diag.MemberChoice, "column", column, "value", item, "choices", diag.Choices(choices, false), "nearest", diag.Nearest(item, choices))
		}
	}
	out.set = append(out.set, func(m *Member) { setText(m, column, cell, items) })
}

func setText(m *Member, column, cell string, items []string) {
	n := &m.Name
	if to, ok := map[string]*string{"family": &n.Family, "given": &n.Given, "family_kana": &n.FamilyKana, "given_kana": &n.GivenKana,
		"former": &n.Former, "latin": &n.Latin, "language": &m.Language, "department": &m.Department, "title": &m.Title, "region": &m.Region,
		"note": &m.Note, "status": &m.Status, "format": &m.Preferences.Format, "frequency": &m.Preferences.Frequency}[column]; ok {
		*to = cell
		return
	}
	switch column {
	case wholeName:
		n.Family, n.Given = halves(cell)
	case wholeKana:
		n.FamilyKana, n.GivenKana = halves(cell)
	case "audiences":
		m.Audiences = items
	case "skills":
		m.Skills = items
	case "interests":
		m.Interests = items
	}
}

// halves splits a whole name at its first space, of any width. A name without one
// stays whole: where it parts cannot be known.
func halves(name string) (family, given string) {
	words := strings.Fields(name)
	return words[0], strings.Join(words[1:], " ")
}

// yearsAt returns how long a former member of staff was at the company; -1 if that
// is not known, and a lifetime for somebody who is still there.
func yearsAt(m Member) int {
	const lifetime = 100
	switch {
	case m.Joined == 0:
		return -1
	case m.Left == 0:
		return lifetime
	}
	return m.Left - m.Joined
}

// day writes a time as a date if it is the first moment of one.
func day(t time.Time) string {
	if t.Truncate(24 * time.Hour).Equal(t) {
		return t.UTC().Format(time.DateOnly)
	}
	return t.UTC().Format(time.RFC3339Nano)
}
