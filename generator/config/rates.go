package config

import (
	"math"
	"strconv"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// Rates are how fast letters go out through a relay.
type Rates struct {
	All     Rate                      `yaml:"all"`     // in all, through every process on the database
	Domain  Rate                      `yaml:"domain"`  // to each recipient domain, likewise
	Domains frontmatter.Entries[Rate] `yaml:"domains"` // to some domains, by name
}

// WarmUp is how a domain that is new to the mailbox providers begins: with 200 letters
// on the first day, and twice as many on each day after it.
type WarmUp struct {
	From  frontmatter.Time `yaml:"from"`                            // the first day
	Limit int              `yaml:"limit" min:"200" max:"100000000"` // letters a day; reaching it ends the plan
}

// Rate is letters a second; 0 is no limit.
type Rate float64

// DecodeFrontMatter reads a number and a unit of time, as in 200/h.
func (r *Rate) DecodeFrontMatter(n *frontmatter.Node, o frontmatter.Options) diag.Problems {
	var text string
	if problems := frontmatter.Decode(n, &text, o); len(problems) > 0 {
		return problems
	}
	read, ok := ParseRate(text)
	if !ok {
		return diag.Problems{diag.New(n.Pos(), diag.MailRate, "value", text)}
	}
	*r = read
	return nil
}

// Shape is that of a text: a number and a unit of time.
func (Rate) Shape() frontmatter.Shape {
	return frontmatter.Shape{Form: frontmatter.TextShape, Pattern: `^ *[0-9]*\.?[0-9]+ */ *[smhd] *$`}
}

// ParseRate reads 5/s, 60/m, 200/h or 1000/d, and reports whether s is one.
func ParseRate(s string) (Rate, bool) {
	number, unit, _ := strings.Cut(strings.ReplaceAll(s, " ", ""), "/")
	n, err := strconv.ParseFloat(number, 64)
	seconds := map[string]float64{"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
	if err != nil || seconds == 0 || n <= 0 || n > 1e9 || math.IsNaN(n) {
		return 0, false
	}
	return Rate(n / seconds), true
}

// An is how many a unit of so many seconds has, at least one; 0 without a limit.
func (r Rate) An(seconds float64) int {
	if r <= 0 {
		return 0
	}
	return max(1, int(math.Round(float64(r)*seconds)))
}
