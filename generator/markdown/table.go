package markdown

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"kaiho/generator/diag"
)

// tableParser makes tables of paragraphs. GFM fills short rows up to the width
// of the header, so that a small text can be a huge table; how large it will be
// is counted first.
type tableParser struct{ parser.ParagraphTransformer }

// rubyInTable is ruby that was written without the "\" before its "|".
type rubyInTable struct {
	text   string
	offset int
}

// Transform makes a table of n if it has a line of hyphens in it.
func (p tableParser) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, src := n.Lines(), reader.Source()
	columns, rule := 0, 1
	for ; rule < lines.Len(); rule++ {
		line := lines.At(rule)
		if columns = delimiters(line.Value(src)); columns > 0 {
			break
		}
	}
	if columns == 0 {
		return
	}
	r, header := pc.(*reading), lines.At(rule-1)
	if columns > maxColumns {
		r.passLimit(header.Start, diag.TableTooLarge, "columns", strconv.Itoa(maxColumns))
		return
	}
	if r.cells += columns * (lines.Len() - rule); r.cells > maxCells {
		r.passLimit(header.Start, diag.TableTooLarge, "cells", strconv.Itoa(maxCells))
		return
	}
	rows := make([]text.Segment, 0, lines.Len()-rule)
	rows = append(append(rows, header), lines.Sliced(rule+1, lines.Len())...)
	p.ParagraphTransformer.Transform(n, reader, pc)
	if _, made := n.NextSibling().(*extast.Table); n.Parent() != nil && !made {
		rows = rows[:1] // its ruby may be why it has not as many cells as it needs
	}
	for _, row := range rows {
		r.splitRuby = appendSplitRuby(r.splitRuby, row, src)
	}
}

// delimiters returns how many columns the line under a table's header gives
// it; 0 for any other line.
func delimiters(line []byte) int {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] != '|' && line[0] != '-' && line[0] != ':' {
		return 0
	}
	line = bytes.TrimSuffix(bytes.TrimPrefix(line, []byte("|")), []byte("|"))
	columns := 0
	for more := true; more; columns++ {
		var cell []byte
		cell, line, more = bytes.Cut(line, []byte("|"))
		cell = bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(cell), []byte(":")), []byte(":"))
		if len(cell) == 0 || len(bytes.Trim(cell, "-")) > 0 {
			return 0
		}
	}
	return columns
}

// bareRuby is ruby, or an escape before one.
var bareRuby = regexp.MustCompile(`\\.|\{(?:[^{}|\\\n]|\\.)+(?:\|(?:[^{}|\\\n]|\\.)+)+\}`)

// appendSplitRuby appends the ruby in a row whose "|" divides cells.
func appendSplitRuby(list []rubyInTable, row text.Segment, src []byte) []rubyInTable {
	line := row.Value(src)
	if bytes.IndexByte(line, '{') < 0 {
		return list
	}
	for _, at := range bareRuby.FindAllIndex(line, -1) {
		if line[at[0]] == '{' {
			list = append(list, rubyInTable{string(line[at[0]:at[1]]), row.Start + at[0] - row.Padding})
		}
	}
	return list
}
