// Package diag is the author's side of errors: problems in the files that
// people write, each with a place, a rule, a message and a remedy.
//
// A Problem says what is wrong and where; what it says in words comes from one
// catalogue (catalogue*.go), which holds every rule in English and in Japanese.
// Problems are values. Whoever finds one appends it to a Problems list and goes
// on, so that one run names every mistake; the list is sorted and printed at
// the end, one line a problem:
//
//	content/jobs/optics.md:7:11: error: ... [unknown-key]
//
// Failures of the machine (a full disk, a missing permission) are ordinary Go
// errors and have no place here.
package diag

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Lang is a language of messages: English or Japanese.
type Lang string

// The languages of the catalogue.
const (
	English  Lang = "en"
	Japanese Lang = "ja"
)

// Severity says whether a problem stops a build.
type Severity int

// An Error stops a build; a Warning is only told. Fine is no problem: something was
// looked at and is in order, which only package doctor tells.
const (
	Fine Severity = iota - 1
	Warning
	Error
)

// String returns "error", "warning" or "ok", in every language: tools read it.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Fine:
		return "ok"
	}
	return "warning"
}

// Pos is a place in a file of the project.
type Pos struct {
	Path string // slash-separated, relative to the project folder
	Line int    // from 1
	Col  int    // from 1, in characters
}

// Problem is one mistake of an author.
type Problem struct {
	Pos
	Rule Rule
	Args []string // names and values by turns, filled into the rule's texts
	// Cause is what {cause} in the rule's texts stands for: its message and remedy, in
	// the language of the whole. nil for most rules.
	Cause *Problem
}

// New returns a problem of rule at pos. args are names and values by turns;
// the names are those in the rule's catalogue entry.
func New(pos Pos, rule Rule, args ...string) Problem {
	return Problem{Pos: pos, Rule: rule, Args: args}
}

// Severity returns the severity that the catalogue gives the problem's rule.
func (p Problem) Severity() Severity { return catalogue[p.Rule].severity }

// Message returns what is wrong, in lang, on one line: control characters in
// the arguments are escaped, as in \n and \x1b.
func (p Problem) Message(lang Lang) string {
	return fill(catalogue[p.Rule].text(lang).message, p.args(lang))
}

// Remedy returns what to do about it, in lang, on one line; it may be empty.
func (p Problem) Remedy(lang Lang) string {
	return fill(catalogue[p.Rule].text(lang).remedy, p.args(lang))
}

// Text returns the message and the remedy as sentences that follow each other, as
// lang wants it: Japanese has no blank between them.
func (p Problem) Text(lang Lang) string {
	return Sentences(lang, p.Message(lang), p.Remedy(lang))
}

// Sentences joins sentences as lang wants it, and leaves out what is empty.
func Sentences(lang Lang, parts ...string) string {
	between := " "
	if lang == Japanese {
		between = ""
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

// args are Args, and what the cause says.
func (p Problem) args(lang Lang) []string {
	if p.Cause == nil {
		return p.Args
	}
	return append(slices.Clip(p.Args), "cause", p.Cause.Text(lang))
}

// Arg returns the argument with a name; "" if there is none.
func (p Problem) Arg(name string) string {
	for i := 0; i+1 < len(p.Args); i += 2 {
		if p.Args[i] == name {
			return p.Args[i+1]
		}
	}
	return ""
}

// Line returns the problem as the one line that commands print. Control
// characters in the path are escaped as well.
func (p Problem) Line(lang Lang) string {
	text := p.Message(lang)
	if remedy := p.Remedy(lang); remedy != "" {
		text += " " + remedy
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s [%s]", escape(p.Path), max(p.Pos.Line, 1), max(p.Col, 1), p.Severity(), text, p.Rule)
}

// Problems is a list of problems in the order in which they were found.
type Problems []Problem

// Sort orders the list by path, line, column, rule, arguments and cause, and drops
// what is there twice.
func (ps *Problems) Sort() {
	slices.SortStableFunc(*ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Col, b.Col), cmp.Compare(a.Rule, b.Rule), slices.Compare(a.Args, b.Args), cmp.Compare(a.cause(), b.cause()))
	})
	*ps = slices.CompactFunc(*ps, func(a, b Problem) bool {
		return a.Pos == b.Pos && a.Rule == b.Rule && slices.Equal(a.Args, b.Args) && a.cause() == b.cause()
	})
}

// cause tells causes apart; "" if there is none.
func (p Problem) cause() string {
	if p.Cause == nil {
		return ""
	}
	return p.Cause.Encode()
}

// Count returns how many problems have severity s.
func (ps Problems) Count(s Severity) int {
	n := 0
	for _, p := range ps {
		if p.Severity() == s {
			n++
		}
	}
	return n
}

// HasErrors reports whether any problem stops a build.
func (ps Problems) HasErrors() bool { return ps.Count(Error) > 0 }

// Print writes one line a problem to w.
func (ps Problems) Print(w io.Writer, lang Lang) error {
	for _, p := range ps {
		if _, err := fmt.Fprintln(w, p.Line(lang)); err != nil {
			return err
		}
	}
	return nil
}

// WriteJSON writes the list to w as {"problems":[...]}, the form of
// `kaiho check --json`. Paths are as they are, without escapes.
func (ps Problems) WriteJSON(w io.Writer, lang Lang) error {
	type problem struct {
		Path     string `json:"path"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
		Severity string `json:"severity"`
		Rule     Rule   `json:"rule"`
		Message  string `json:"message"`
		Remedy   string `json:"remedy"`
	}
	doc := struct {
		Problems []problem `json:"problems"`
	}{Problems: []problem{}}
	for _, p := range ps {
		doc.Problems = append(doc.Problems, problem{p.Path, max(p.Pos.Line, 1), max(p.Col, 1),
			p.Severity().String(), p.Rule, p.Message(lang), p.Remedy(lang)})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}
