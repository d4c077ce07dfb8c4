package markdown

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// textEdition writes the plain text of a letter. Every block is a list of lines
// that fit into so many half-width columns, its room; what a block stands in
// puts its own signs before them.
type textEdition struct{ *edition }

func mailText(e *edition, root ast.Node) string {
	w := textEdition{e}
	return strings.Join(w.blocks(root, 2*e.options.Columns), "\n")
}

// minTextRoom is the room, in half-width columns, below which nothing is
// indented any further.
const minTextRoom = 20

// join puts an empty line between blocks, of which those are none that have no
// lines.
func join(blocks ...[]string) []string {
	var lines []string
	for _, b := range blocks {
		if len(b) == 0 {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, b...)
	}
	return lines
}

// blocks returns the blocks in parent, with empty lines between them.
func (w textEdition) blocks(parent ast.Node, room int) []string {
	var all [][]string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		all = append(all, w.block(n, room))
	}
	return join(all...)
}

// indented returns what inner returns for the room that is left beside first,
// with first before its first line and rest before the others, which are equally
// wide. Where too little is left they are left out.
func (w textEdition) indented(first, rest string, room int, inner func(room int) []string) []string {
	left := room - halfColumns(first)
	if left < minTextRoom {
		return inner(room)
	}
	lines := inner(left)
	if len(lines) == 0 {
		lines = []string{""}
	}
	for i, line := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		lines[i] = strings.TrimRight(prefix+line, " \u3000")
	}
	return lines
}

func (w textEdition) block(n ast.Node, room int) []string {
	switch n := n.(type) {
	case *ast.Paragraph:
		if image := onlyImage(n, w.src); image != nil {
			return w.caption(image, room)
		}
		return w.paragraph(n, room, "")
	case *ast.Heading:
		sign := w.words.headings[min(max(n.Level, 2)-2, 1)]
		return w.paragraph(n, room, sign)
	case *ast.Blockquote:
		if n.FirstChild() == nil {
			return nil
		}
		return w.indented(w.words.quote, w.words.quote, room, func(room int) []string { return w.blocks(n, room) })
	case *ast.List:
		return w.list(n, room)
	case *ast.ThematicBreak:
		return []string{w.line(w.words.rule, room)}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return w.code(n)
	case *ast.HTMLBlock, *ast.LinkReferenceDefinition:
		return nil
	case *extast.Table:
		return w.table(n, room)
	case *extast.DefinitionList:
		return w.definitions(n, room)
	case *extast.FootnoteList:
		return w.footnotes(n, room)
	case *directive:
		return w.directive(n, room)
	case *ast.TextBlock:
		return w.paragraph(n, room, "")
	}
	return w.blocks(n, room)
}

// wrap breaks words into lines behind sign, nothing for no words.
func (w textEdition) wrap(words string, room int, sign string) []string {
	if words == "" {
		return nil
	}
	return wrapHalf(words, room, sign, strings.Repeat(" ", halfColumns(sign)))
}

// paragraph returns the text of n.
func (w textEdition) paragraph(n ast.Node, room int, sign string) []string {
	return w.wrap(w.inline(n), room, sign)
}

// line returns a line of one letter.
func (w textEdition) line(letter string, room int) string {
	return strings.Repeat(letter, max(room/halfColumns(letter), 1))
}

// caption returns the caption of a picture that the other edition shows.
func (w textEdition) caption(image *ast.Image, room int) []string {
	ref, target := w.reference(image)
	if target.URL == "" || ref.Title == "" {
		return nil
	}
	return w.wrap(w.words.caption+clean(ref.Title)+w.words.captionEnd, room, "")
}

func (w textEdition) list(n *ast.List, room int) []string {
	var items [][]string
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		sign := w.words.bullet
		switch {
		case n.IsOrdered():
			sign = strconv.Itoa(number) + ". "
			number++
		case isTask(item):
			sign = w.words.notYetTicked
			if item.FirstChild().FirstChild().(*extast.TaskCheckBox).IsChecked {
				sign = w.words.checked
			}
		}
		rest := strings.Repeat(" ", halfColumns(sign))
		items = append(items, w.indented(sign, rest, room, func(room int) []string { return w.item(item, room) }))
	}
	if !n.IsTight {
		return join(items...)
	}
	var lines []string
	for _, item := range items {
		lines = append(lines, item...)
	}
	return lines
}

// item returns the blocks of a list's item. A list follows the words that it
// belongs to without an empty line.
func (w textEdition) item(item ast.Node, room int) []string {
	var lines []string
	for n := item.FirstChild(); n != nil; n = n.NextSibling() {
		block := w.block(n, room)
		_, list := n.(*ast.List)
		_, tight := n.PreviousSibling().(*ast.TextBlock)
		if list && tight {
			lines = append(lines, block...)
		} else {
			lines = join(lines, block)
		}
	}
	return lines
}

// code returns code as it is, in lines of any length.
func (w textEdition) code(n ast.Node) []string {
	var out []string
	for line := range strings.SplitSeq(mailRunes(string(w.codeOf(n))), "\n") {
		line = strings.TrimRightFunc("  "+line, unicode.IsSpace)
		if line != "" || len(out) > 0 {
			out = append(out, line)
		}
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

func (w textEdition) definitions(n ast.Node, room int) []string {
	var lines []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if _, term := c.(*extast.DefinitionTerm); term {
			lines = append(lines, w.paragraph(c, room, "")...)
			continue
		}
		indent := w.words.indent
		about := w.indented(indent, indent, room, func(room int) []string { return w.blocks(c, room) })
		if strings.Join(about, "") != "" {
			lines = append(lines, about...)
		}
	}
	return lines
}

func (w textEdition) footnotes(list *extast.FootnoteList, room int) []string {
	var lines []string
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		if note, is := n.(*extast.Footnote); is {
			sign := w.words.note + strconv.Itoa(note.Index) + w.words.noteEnd + w.words.noteGap
			rest := strings.Repeat(" ", halfColumns(sign))
			lines = append(lines, w.indented(sign, rest, room, func(room int) []string { return w.blocks(note, room) })...)
		}
	}
	return lines
}

// table returns a line for every cell, its header before it, and an empty line
// between rows: columns of text do not fit on a telephone. A table of two
// columns has a line for every row, and what heads them is the first.
func (w textEdition) table(n *extast.Table, room int) []string {
	var rows [][]string
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, strings.ReplaceAll(w.inline(c), "\n", " "))
		}
		rows = append(rows, cells)
	}
	header, body := rows[0], rows[1:]
	var blocks [][]string
	switch {
	case len(body) == 0:
		return w.wrap(strings.Join(header, w.words.sideBySide), room, "")
	case len(header) == 2:
		var lines []string
		for _, row := range rows {
			lines = append(lines, w.pair(row[0], row[1], room)...)
		}
		return lines
	}
	for _, row := range body {
		var lines []string
		for i, cell := range row {
			if cell != "" && i < len(header) {
				lines = append(lines, w.pair(header[i], cell, room)...)
			}
		}
		blocks = append(blocks, lines)
	}
	return join(blocks...)
}

// pair returns a cell behind what heads it.
func (w textEdition) pair(head, cell string, room int) []string {
	switch {
	case head == "":
		return w.wrap(cell, room, "")
	case cell == "":
		return w.wrap(head, room, "")
	}
	return wrapHalf(head+w.words.colon+cell, room, "", w.words.indent)
}

// directive returns what stands for a directive in plain text.
func (w textEdition) directive(n *directive, room int) []string {
	switch n.name {
	case "voice":
		return w.voice(n, room)
	case "cta":
		return join(w.blocks(n, room), w.button(n, room))
	case "gallery":
		var all []string
		for block := n.FirstChild(); block != nil; block = block.NextSibling() {
			for c := block.FirstChild(); c != nil; c = c.NextSibling() {
				if image, is := c.(*ast.Image); is {
					all = append(all, w.caption(image, room)...)
				}
			}
		}
		return all
	case "qa":
		return join(w.wrap(clean(n.value("q")), room, w.words.question), w.blocks(n, room))
	case "note":
		frame := []string{w.line(w.words.frame, room)}
		var title []string
		if t := clean(n.value("title")); t != "" {
			title = w.wrap(w.words.title+t+w.words.titleEnd, room, "")
		}
		return append(append(append(frame, title...), w.blocks(n, room)...), frame...)
	}
	return w.blocks(n, room) // members
}

// button returns the label of a cta and, in a line of its own that no client
// fails to make a link of, its address.
func (w textEdition) button(n *directive, room int) []string {
	lines := w.wrap(clean(n.label()), room, w.words.button)
	if _, target := w.reference(n); target.URL != "" && w.options.Number != nil {
		address, _ := strings.CutPrefix(target.URL, "mailto:")
		lines = append(lines, address)
	}
	return lines
}

// voice returns somebody's words in quotation marks, if they are paragraphs that
// have none, and who speaks.
func (w textEdition) voice(n *directive, room int) []string {
	who := w.wrap(clean(n.value("who")), room, w.words.who)
	var words []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if p, is := c.(*ast.Paragraph); !is || onlyImage(p, w.src) != nil {
			return append(w.blocks(n, room), who...)
		}
		if s := w.inline(c); s != "" {
			words = append(words, s)
		}
	}
	if len(words) == 0 {
		return who
	}
	if first, last := words[0], words[len(words)-1]; !strings.HasPrefix(first, w.words.voice) || !strings.HasSuffix(last, w.words.voiceEnd) {
		words[0] = w.words.voice + first
		words[len(words)-1] += w.words.voiceEnd
	}
	var paragraphs [][]string
	for _, s := range words {
		paragraphs = append(paragraphs, w.wrap(s, room, ""))
	}
	return append(join(paragraphs...), who...)
}

// clean returns s without what a letter cannot have, and without the blanks
// around it.
func clean(s string) string { return strings.TrimSpace(mailRunes(s)) }

func mailRunes(s string) string {
	return strings.Map(func(r rune) rune {
		if !isMailRune(r) || r == wordJoiner {
			return -1
		}
		return r
	}, s)
}
