package frontmatter_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

var seeds = []string{
	"---\ntitle: 会報\ndate: 2026-05-20\n---\n本文\n",
	"---\r\ntitle: a\r\n---\r\nb",
	"\uFEFF---\n---\n",
	"---\ntitle：a\nb: c\n---\n",
	"---\na: &a [*a]\n<<: *a\n---\n",
	"---\nvenue:\n\tname: 'x\n---\n",
	"---\namount: ３，０００円\nmode: x\ndraft: はい\nlifetime: 3日\nstart: 令和8年5月20日\n---\n",
	"---\nparams: {a: [1, {b: c}], d: null}\nlabel: {ja: あ}\nsections: {a: , b: {name: c}}\n---\n",
	"---\n? [a]\n: b\n...\n--- c\n---",
	"---\na: |\n  b\n  ---\n---\n",
	"---\n\"a\\0b\": \"\\x07\"\n# c\n---",
	"", "---", "\xFF", "---\n\u2028\n---\n",
}

func FuzzSplit(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, problems := frontmatter.Split("p.md", src)
		normal := bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		if !bytes.HasSuffix(normal, file.Body) {
			t.Errorf("the body %q is not the end of %q", file.Body, normal)
		}
		if file.Node == nil && !problems.HasErrors() {
			t.Error("there is no front matter and no error")
		}
		lines := bytes.Split(bytes.TrimPrefix(normal, []byte("\uFEFF")), []byte("\n"))
		if file.BodyLine < 1 || file.BodyLine > len(lines) {
			t.Fatalf("the body begins at line %d of %d", file.BodyLine, len(lines))
		}
		if rest := bytes.Join(lines[file.BodyLine-1:], []byte("\n")); len(file.Body) > 0 && !bytes.Equal(rest, file.Body) {
			t.Errorf("from line %d on the file is %q, and the body is %q", file.BodyLine, rest, file.Body)
		}
		inside(t, lines, problems)
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, _ := frontmatter.Split("p.md", src)
		var e event
		problems := frontmatter.Decode(file.Node, &e, frontmatter.Options{Zone: tokyo})
		normal := bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		inside(t, bytes.Split(bytes.TrimPrefix(normal, []byte("\uFEFF")), []byte("\n")), problems)
		if file.Node != nil && e.Title == "" && !problems.HasErrors() {
			_, found := frontmatter.Split("p.md", src)
			if !found.HasErrors() {
				t.Error("a required key is absent and there is no error")
			}
		}
	})
}

// inside fails when a problem's place is outside of lines, or says nothing.
func inside(t *testing.T, lines [][]byte, problems diag.Problems) {
	t.Helper()
	for _, p := range problems {
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
}
