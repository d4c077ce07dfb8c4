package phrase

import (
	"regexp"
	"strings"
)

// Piece is a part of a line: text, or letters with their reading.
type Piece struct {
	Text    string
	Reading string // "": none
}

// ruby is {漢字|かんじ}, or {漢字|かん|じ} with a reading for each letter.
var ruby = regexp.MustCompile(`\{([^{}|\n]*[^{}|\s][^{}|\n]*)\|([^{}\n]*[^{}|\s][^{}\n]*)\}`)

// Ruby returns the pieces of a line in which letters may have readings, written as
// in Markdown.
func Ruby(line string) []Piece {
	var pieces []Piece
	from := 0
	for _, m := range ruby.FindAllStringSubmatchIndex(line, -1) {
		if m[0] > from {
			pieces = append(pieces, Piece{Text: line[from:m[0]]})
		}
		pieces = append(pieces, Piece{strings.TrimSpace(line[m[2]:m[3]]), strings.ReplaceAll(strings.TrimSpace(line[m[4]:m[5]]), "|", "")})
		from = m[1]
	}
	if from < len(line) {
		pieces = append(pieces, Piece{Text: line[from:]})
	}
	return pieces
}

// Plain returns a line without readings, for titles of windows, feeds and subjects.
func Plain(line string) string {
	if !strings.Contains(line, "|") {
		return line
	}
	var b strings.Builder
	for _, p := range Ruby(line) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Bracketed returns a text with readings in brackets, as letters have them:
// 髙梨（たかなし）.
func Bracketed(text string) string {
	if !strings.Contains(text, "|") {
		return text
	}
	var b strings.Builder
	for _, p := range Ruby(text) {
		b.WriteString(p.Text)
		if p.Reading != "" {
			b.WriteString("（" + p.Reading + "）")
		}
	}
	return b.String()
}
