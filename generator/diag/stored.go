package diag

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// stored is a problem as Encode writes it. Names and values stay as they are, so that
// whoever reads it later reads it in their own language.
type stored struct {
	Rule  Rule     `json:"rule"`
	Args  []string `json:"args,omitempty"`
	Cause *stored  `json:"cause,omitempty"`
}

const (
	// maxCauses is how deep causes are read: what Decode reads may be anything.
	maxCauses = 8
	// maxValue is in characters: errors of the network may name hundreds of hosts.
	maxValue = 1000
)

// Encode returns the problem without its place, as one line of JSON, for Decode: what
// one person's program stores and another person's shows. Values are cut at 1000
// characters, and what cannot be printed in them becomes a blank; so with two of them it
// is at most 5000 characters long.
func (p Problem) Encode() string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)   // < and > are common in replies, and this is no page
	_ = e.Encode(p.stored()) // strings always encode
	return strings.TrimSpace(b.String())
}

func (p Problem) stored() *stored {
	s := &stored{Rule: p.Rule, Args: make([]string, len(p.Args))}
	for i, arg := range p.Args {
		s.Args[i] = storable(arg)
	}
	if p.Cause != nil {
		s.Cause = p.Cause.stored()
	}
	return s
}

// storable is a value as it is stored: then JSON makes it at most twice as long.
func storable(value string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, value))
	return string(runes[:min(len(runes), maxValue)])
}

// Decode reads what Encode has written. It reports false for anything else, and for
// rules that this program does not have, since it has no words for them: the text is
// then best shown as it is.
func Decode(text string) (Problem, bool) {
	var s stored
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return Problem{}, false
	}
	return s.problem(maxCauses)
}

func (s stored) problem(depth int) (Problem, bool) {
	_, known := catalogue[s.Rule]
	if !known || depth == 0 {
		return Problem{}, false
	}
	p := Problem{Rule: s.Rule, Args: s.Args}
	if s.Cause != nil {
		cause, ok := s.Cause.problem(depth - 1)
		if !ok {
			return Problem{}, false
		}
		p.Cause = &cause
	}
	return p, true
}
