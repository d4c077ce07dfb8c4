package content_test

import (
	"bytes"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// FuzzLoad reads a project in which one file holds anything at all. Nothing
// panics, and every problem has its place inside a file.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		news("tags: [海]\naliases: [/old/]\naudience: alumni\nteaser: true", "## 見出し\n\n[1](#見出し) [2](b.md) ![図](a.svg)\n\n:::members\n[3](/events/)\n:::"),
		event("start: 2026-12-04\nend: 2026-12-01 10:00\nall_day: true\nrsvp_deadline: 2027-01-01", "[1](/nowhere/) [2](%zz) [3](//) [4](http:)"),
		"---\ntitle: |\n  a\n  b\nslug: ../..\nlang: fr\npublish: x\nlayout: y\ncover: {alt: a}\n---\n[a](\x00)",
		"\uFEFF---\r\ntitle: a\r\naudience: [public, x]\r\n---\r\n:::members{audience=y}\r\n:::\r\n",
		"---\nname: {given: a, family_kana: 漢}\nwas: {joined: 2001, left: 1999}\nentries: [{person: x}]\nlead: .\ninclude: [it, ..]\n---\n",
		"---\ntitle: a\ntags: ['', ' ', '#', 海, 海]\naliases: ['', /, //, /a, /a/, /index.html]\n---\n", "---\n", "", "\xff",
	} {
		for i := range places {
			f.Add(byte(i), []byte(seed))
		}
	}
	o, _ := files{}.options(f)
	f.Fuzz(func(t *testing.T, place byte, src []byte) {
		name := places[int(place)%len(places)]
		project := fstest.MapFS{
			name:                 {Data: src},
			"content/news/b.md":  {Data: []byte(news("aliases: [/b/]", "[1](it.md) [2](../events/it.md#x)"))},
			"content/news/a.svg": {Data: []byte(dot)},
		}
		_, problems := loadAs(t, project, o)
		for _, p := range problems {
			file, ok := project[p.Path]
			if !ok {
				if p.Rule != diag.ConfigSectionName {
					t.Errorf("no such file: %s", p.Line(diag.English))
				}
				continue
			}
			inside(t, file.Data, p)
		}
	})
}

// places are where the file may lie: one for each kind, and words for a list.
var places = []string{
	"content/news/it.md", "content/columns/it.md", "content/interviews/it/index.md", "content/reports/it.en.md", "content/events/it.md",
	"content/jobs/it.md", "content/notes/it.md", "content/newsletters/it.md", "content/people/it.md", "content/it.md", "content/events/index.md",
}

// inside fails when p has its place outside of data.
func inside(t *testing.T, data []byte, p diag.Problem) {
	t.Helper()
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	lines := bytes.Split(bytes.TrimPrefix(data, []byte("\uFEFF")), []byte("\n"))
	if p.Pos.Line < 1 || p.Pos.Line > len(lines) {
		t.Fatalf("line %d of %d: %s", p.Pos.Line, len(lines), p.Line(diag.English))
	}
	if end := utf8.RuneCount(lines[p.Pos.Line-1]) + 1; p.Col < 1 || p.Col > end {
		t.Errorf("column %d of %d: %s", p.Col, end, p.Line(diag.English))
	}
	if p.Message(diag.English) == "" || p.Message(diag.Japanese) == "" {
		t.Errorf("the problem %v has no message", p)
	}
}
