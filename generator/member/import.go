package member

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/store"
)

// ImportOptions say how to take members from a file.
type ImportOptions struct {
	File      string            // its name in problems
	Map       map[string]string // heading of the file → column, "" to leave it out
	Audiences []string          // those that there are; none: any
	Audience  string            // of a new member for whom the file names none
	Language  string            // likewise
	MinYears  int               // least years at the company, of those who left
	DryRun    bool              // look, and store nothing
	SkipBad   bool              // take the good rows; otherwise one bad row stops all
	Readmit   bool              // take those, too, who were erased
	By        string            // who takes the file as consent: office
	Now       time.Time
}

// ImportReport says what an import has done, or, if there were errors or it was a dry
// run, what it would do.
type ImportReport struct {
	Rows      int           `json:"rows"`
	New       int           `json:"new"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Erased    int           `json:"erased"` // left out: erased before
	Bad       int           `json:"bad"`
	Stored    bool          `json:"stored"`
	Problems  diag.Problems `json:"-"`
}

// Import takes members from a CSV file (see Columns; other usual headings are
// understood as well). A row with a known address changes that member: empty cells
// leave things as they are. Of a new member, the column consent says whether they get
// mail: empty, the file is the consent; no, they did not agree; anything else is the
// version of the text that they agreed to. A file never takes back a withdrawal, unless it
// names a text of which nothing is known yet.
//
// If the report has errors, nothing is stored; with SkipBad, the rows without errors
// are. The error is that of the database.
func (b *Book) Import(ctx context.Context, data []byte, o ImportOptions) (ImportReport, error) {
	t := readTable(o.File, data)
	columns := t.columns(o.Map)
	report := ImportReport{Rows: len(t.entries) + t.broken, Bad: t.broken, Problems: t.problems}
	if t.unusable {
		report.Problems.Sort()
		return report, nil
	}
	cells := &cellReader{audiences: o.Audiences}
	i := &importing{o: o, report: &report, rows: cells.rows(t.entries, columns)}
	err := b.write(ctx, func(tx *store.Tx, change int64) error { return i.run(ctx, tx, change) })
	report.Problems = slices.Concat(t.problems, cells.problems, i.problems)
	report.Problems.Sort()
	for _, row := range i.rows {
		if row.wrong {
			report.Bad++
		}
	}
	if errors.Is(err, errNotStored) {
		return report, nil
	}
	if err != nil {
		return report, fmt.Errorf("import members: %w", err)
	}
	report.Stored = true
	return report, nil
}

// errNotStored ends the transaction of a dry run, or of a file with errors.
var errNotStored = errors.New("nothing is to be stored")

// columns returns for each cell of an entry the column that it belongs to, and notes
// what is wrong with the headings; then no row can be read.
func (t *table) columns(mapped map[string]string) []string {
	before := len(t.problems)
	report := func(i int, rule diag.Rule, args ...string) {
		t.problems = append(t.problems, diag.New(t.head.at[i], rule, args...))
	}
	columns := make([]string, len(t.head.cells))
	for i, heading := range t.head.cells {
		to, given := mapped[heading]
		if !given {
			to, given = headings[fold(heading)]
		}
		if kind := refusal(heading); kind != "" {
			report(i, diag.MemberRefused, "column", heading, "kind", kind)
		} else if !given && heading != "" {
			report(i, diag.MemberColumn, "column", heading, "nearest", diag.Nearest(heading, Columns()))
		} else if to != "" && slices.Contains(columns[:i], to) {
			report(i, diag.MemberColumnTwice, "column", to)
		}
		columns[i] = to
	}
	for heading := range mapped {
		if t.head.cells != nil && !slices.Contains(t.head.cells, heading) {
			report(0, diag.MemberNoHeading, "heading", heading)
		}
	}
	if t.head.cells != nil {
		if !slices.Contains(columns, "email") {
			report(0, diag.MemberColumnNeeded, "column", "email")
		}
		if !slices.ContainsFunc(columns, func(c string) bool { return slices.Contains([]string{"family", "given", wholeName, "latin"}, c) }) {
			report(0, diag.MemberColumnNeeded, "column", "family")
		}
	}
	t.unusable = t.unusable || len(t.problems) > before
	return columns
}

// rows reads all entries, and finds addresses that are there twice.
func (c *cellReader) rows(entries []entry, columns []string) []*row {
	first := map[string]int{}
	var rows []*row
	for _, r := range entries {
		row := c.read(r, columns)
		if line, twice := first[row.email]; row.email != "" && twice {
			c.problem(row.places["email"], diag.MemberTwice, "column", "email", "line", strconv.Itoa(line))
			row.wrong = true
		} else if row.email != "" {
			first[row.email] = row.at.Line
		}
		rows = append(rows, row)
	}
	return rows
}

// importing is one run of Import.
type importing struct {
	o        ImportOptions
	report   *ImportReport
	rows     []*row
	problems diag.Problems
	known    map[string]Member // by address
	salt     []byte
	erased   map[string]bool // hashes
}

func (i *importing) run(ctx context.Context, tx *store.Tx, change int64) error {
	if err := i.load(ctx, tx); err != nil {
		return err
	}
	for _, row := range i.rows {
		if row.wrong {
			continue
		}
		if i.erased[hash(i.salt, row.email)] && !i.o.Readmit {
			i.report.Erased++
			i.problem(row, "email", diag.MemberErased)
			continue
		}
		if err := i.take(ctx, tx, change, row); err != nil {
			return fmt.Errorf("line %d: %w", row.at.Line, err)
		}
	}
	bad := i.report.Bad > 0 || slices.ContainsFunc(i.rows, func(r *row) bool { return r.wrong })
	if i.o.DryRun || bad && !i.o.SkipBad {
		return errNotStored
	}
	return nil
}

// load reads who is known and who was erased.
func (i *importing) load(ctx context.Context, tx *store.Tx) error {
	members, err := read(ctx, tx, `1 = 1`)
	if err != nil {
		return err
	}
	i.known = map[string]Member{}
	for _, m := range members {
		i.known[m.Email] = m
	}
	if i.salt, err = knownSalt(ctx, tx); err != nil || i.salt == nil {
		return err
	}
	i.erased, err = suppressed(ctx, tx)
	return err
}

func (i *importing) problem(row *row, column string, rule diag.Rule, args ...string) {
	at, ok := row.places[column]
	if !ok {
		at = row.at
	}
	i.problems = append(i.problems, diag.New(at, rule, args...))
}

// take stores one row.
func (i *importing) take(ctx context.Context, tx *store.Tx, change int64, row *row) error {
	before, known := i.known[row.email]
	m := before
	for _, set := range row.set {
		set(&m)
	}
	if !known && len(m.Audiences) == 0 && i.o.Audience != "" {
		m.Audiences = []string{i.o.Audience}
	}
	if !known && m.Language == "" {
		m.Language = i.o.Language
	}
	if row.wrong = i.check(row, m); row.wrong {
		return nil
	}
	if err := complete(&m); err != nil {
		return err
	}
	differs := !reflect.DeepEqual(m, before)
	if err := i.store(ctx, tx, change, &m, known, differs); err != nil {
		return err
	}
	said, err := i.consent(ctx, tx, change, m, row)
	if err != nil {
		return err
	}
	left, err := i.unsubscribe(ctx, tx, change, m, row)
	switch {
	case !known:
		i.report.New++
	case differs || said || left:
		i.report.Changed++
	default:
		i.report.Unchanged++
	}
	return err
}

func (i *importing) store(ctx context.Context, tx *store.Tx, change int64, m *Member, known, differs bool) error {
	switch {
	case !known:
		if i.o.Readmit {
			if err := readmit(ctx, tx, m.Email); err != nil {
				return err
			}
		}
		return add(ctx, tx, change, m, i.o.Now)
	case differs:
		m.Updated = i.o.Now.UTC().Truncate(time.Millisecond)
		return put(ctx, tx, change, *m)
	}
	return nil
}

// check finds what is wrong with a member as a whole.
func (i *importing) check(row *row, m Member) bool {
	before := len(i.problems)
	if m.Name.String() == "" && len(m.Audiences) > 0 {
		i.problem(row, "family", diag.MemberName)
	}
	if m.Joined > 0 && m.Left > 0 && m.Left < m.Joined {
		i.problem(row, "left", diag.MemberYears, "column", "left", "left", strconv.Itoa(m.Left), "joined", strconv.Itoa(m.Joined))
	} else if years := yearsAt(m); years < i.o.MinYears && i.o.MinYears > 0 {
		i.problem(row, "left", diag.MemberTenure, "column", "left", "least", strconv.Itoa(i.o.MinYears), "years", strings.TrimPrefix(strconv.Itoa(years), "-1"))
	}
	return len(i.problems) > before
}

// consent records what the file says of mail, if that is news.
func (i *importing) consent(ctx context.Context, tx *store.Tx, change int64, m Member, row *row) (bool, error) {
	cell := ""
	if row.agreed != nil {
		cell = *row.agreed
	}
	history, err := consents(ctx, tx, m.ID)
	if err != nil {
		return false, err
	}
	history = slices.DeleteFunc(history, func(c Consent) bool { return c.Purpose != Newsletter })
	c := Consent{Purpose: Newsletter, Version: cell, Given: true, At: i.o.Now, By: i.o.By, Channel: "import"}
	if slices.Contains([]string{"", "yes", "はい", "有", "あり", "○", "import"}, strings.ToLower(cell)) {
		c.Version = "import"
	}
	news := len(history) == 0
	if slices.Contains([]string{"no", "いいえ", "無", "なし", "×"}, strings.ToLower(cell)) {
		c.Given, c.Version = false, "import"
		news = news || history[len(history)-1].Given
	} else if c.Version != "import" {
		news = news || !slices.ContainsFunc(history, func(h Consent) bool { return h.Version == c.Version })
	}
	if !news {
		return false, nil
	}
	return true, record(ctx, tx, change, m.ID, c)
}

// unsubscribe takes the member off the lists that the file names.
func (i *importing) unsubscribe(ctx context.Context, tx *store.Tx, change int64, m Member, row *row) (bool, error) {
	some := false
	for _, list := range row.lists {
		changed, err := subscribe(ctx, tx, change, m.ID, Subscription{list, false, i.o.Now, "import"})
		if err != nil {
			return some, err
		}
		some = some || changed
	}
	return some, nil
}
