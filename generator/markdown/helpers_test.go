package markdown_test

import (
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/markdown"
)

// asWritten resolves every reference to what was written.
func asWritten(r markdown.Ref) markdown.Target { return markdown.Target{URL: r.Dest} }

func everything(markdown.Part) bool { return true }

func rendered(t *testing.T, src string, rawHTML bool) string {
	t.Helper()
	s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{RawHTML: rawHTML})
	return s.Doc(everything).HTML(asWritten)
}

// problems returns the positions and rules of what Parse reports.
func problems(src string, firstLine int) string {
	_, found := markdown.Parse("page.md", []byte(src), firstLine, markdown.Options{})
	return listed(found)
}

// listed writes problems as "line:col rule", one after another.
func listed(found diag.Problems) string {
	var list []string
	for _, p := range found {
		line := p.Line(diag.English)
		place := strings.Join(strings.SplitN(line, ":", 4)[1:3], ":")
		list = append(list, place+" "+string(p.Rule))
	}
	return strings.Join(list, ", ")
}

// everythingOf is all that a Doc gives.
func everythingOf(d *markdown.Doc) string {
	var b strings.Builder
	b.WriteString(d.HTML(asWritten) + "\x00" + d.Text)
	for _, h := range d.Headings {
		b.WriteString("\x00" + h.ID + "\x00" + h.Text)
	}
	for _, r := range d.Refs {
		b.WriteString("\x00" + r.Dest + "\x00" + r.Text + "\x00" + r.Title)
	}
	return b.String()
}
