package member

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"kaiho/generator/diag"
)

// table is a CSV file as it is written.
type table struct {
	file     string
	lines    []string
	head     entry
	entries  []entry
	problems diag.Problems
	broken   int  // rows that are no CSV
	unusable bool // without the right columns, no row can be read
}

// entry is a row of a table.
type entry struct {
	cells []string
	at    []diag.Pos // of each cell
}

// readTable reads a CSV file: separated by commas, or by tabs if the first line has
// these alone; in UTF-8, with or without a mark, or in Shift_JIS as Windows writes it
// (CP932, which has 髙 and 﨑). Empty lines do not count.
func readTable(file string, data []byte) *table {
	t := &table{file: file}
	text, ok := decode(data)
	if !ok {
		t.problems, t.unusable = append(t.problems, diag.New(t.pos(1, 1), diag.MemberEncoding)), true
		return t
	}
	t.lines = strings.Split(text, "\n")
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = -1
	if strings.Contains(t.lines[0], "\t") && !strings.Contains(t.lines[0], ",") {
		reader.Comma = '\t'
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.damaged(err)
			continue
		}
		t.add(reader, cells)
	}
	if len(t.entries) == 0 && len(t.problems) == 0 {
		t.problems = append(t.problems, diag.New(t.pos(1, 1), diag.MemberNoRows))
	}
	t.unusable = len(t.entries) == 0
	return t
}

func (t *table) add(reader *csv.Reader, cells []string) {
	r := entry{cells: cells}
	empty := true
	for i := range cells {
		cells[i] = clean(cells[i])
		empty = empty && cells[i] == ""
		line, column := reader.FieldPos(i)
		r.at = append(r.at, t.pos(line, column))
	}
	switch {
	case empty: // spreadsheets write such rows at the end
	case t.head.cells == nil:
		t.head = r
	default:
		t.entries = append(t.entries, r)
	}
}

func (t *table) damaged(err error) {
	e, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		e = &csv.ParseError{Line: 1, Column: 1, Err: err}
	}
	t.broken++
	t.problems = append(t.problems, diag.New(t.pos(e.Line, e.Column), diag.MemberCSV, "reason", e.Err.Error()))
}

// pos is a place in the file; column counts bytes, as package csv does.
func (t *table) pos(line, column int) diag.Pos {
	col := 1
	if line <= len(t.lines) {
		text := t.lines[line-1]
		col = utf8.RuneCountInString(text[:min(max(column-1, 0), len(text))]) + 1
	}
	return diag.Pos{Path: t.file, Line: line, Col: col}
}

// decode returns the text of data in UTF-8; false if it is in no encoding that we
// know.
func decode(data []byte) (string, bool) {
	data, _ = bytes.CutPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", false
		}
		data = decoded
	}
	if bytes.IndexByte(data, 0) >= 0 { // UTF-16, or no text at all
		return "", false
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n"), true
}

// A spreadsheet takes a cell that begins with one of these for a formula, and runs
// it. Export puts an apostrophe before it, and reading takes it away.
const formula = "=+-@＝＋－＠"

// clean returns a cell without spaces around it and without that apostrophe.
func clean(cell string) string {
	cell = strings.TrimSpace(cell)
	if rest := strings.TrimLeft(cell, "'"); rest != cell && rest != "" && strings.ContainsRune(formula, first(rest)) {
		return cell[1:]
	}
	return cell
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// guard undoes clean.
func guard(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != "" && strings.ContainsRune(formula, first(rest)) {
		return "'" + cell
	}
	return cell
}
