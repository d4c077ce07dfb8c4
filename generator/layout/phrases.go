package layout

import (
	"html"
	"html/template"
	"strings"

	"kaiho/generator/phrase"
)

// phrases returns a line of text as HTML that breaks between phrases, with the
// readings of its letters ({漢字|かんじ}) beside them. What has neither is text as it
// is.
func (l *loader) phrases(line string) (template.HTML, error) {
	if known, ok := l.lines.Load(line); ok {
		return known.(template.HTML), nil
	}
	made := markLine(line, l.options.Whole)
	l.lines.Store(line, made)
	return made, nil
}

// markLine is phrases. All of the line is escaped here.
func markLine(line string, whole []string) template.HTML {
	pieces := phrase.Ruby(line)
	broken := phrase.Split(phrase.Plain(line), whole...)
	ends := map[int]bool{} // offsets in the plain line
	offset := 0
	for _, p := range broken[:len(broken)-1] {
		offset += len(p)
		ends[offset] = true
	}
	var b strings.Builder
	at := 0
	for _, piece := range pieces {
		if ends[at] {
			b.WriteString("<wbr>")
		}
		if piece.Reading != "" {
			b.WriteString("<ruby>" + html.EscapeString(piece.Text) + "<rp>（</rp><rt>" + html.EscapeString(piece.Reading) + "</rt><rp>）</rp></ruby>")
			at += len(piece.Text)
			continue
		}
		from := 0
		for i := range piece.Text {
			if i > 0 && ends[at+i] {
				b.WriteString(html.EscapeString(piece.Text[from:i]) + "<wbr>")
				from = i
			}
		}
		b.WriteString(html.EscapeString(piece.Text[from:]))
		at += len(piece.Text)
	}
	if len(ends) == 0 {
		return template.HTML(b.String())
	}
	return template.HTML(`<span class="phrases">` + b.String() + `</span>`)
}
