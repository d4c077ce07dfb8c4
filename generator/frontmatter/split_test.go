package frontmatter_test

import (
	"strings"
	"testing"

	"kaiho/generator/frontmatter"
)

const page = "---\ntitle: a\n---\n"

var splits = []struct {
	name     string
	src      string
	body     string
	bodyLine int
	hasNode  bool
	problems []string
}{
	{"a page is front matter and a body", page + "body\n", "body\n", 4, true, nil},
	{"a page may have no body", page, "", 4, true, nil},
	{"the last line needs no line end", "---\ntitle: a\n---", "", 3, true, nil},
	{"front matter may be empty", "---\n---\nbody", "body", 3, true, nil},
	{"front matter may be all comments", "---\n# later\n---\nbody", "body", 4, true, nil},
	{"blank lines may come first", "\n\n" + page + "body", "body", 6, true, nil},
	{"blanks may follow the hyphens", "--- \ntitle: a\n---\t\nbody", "body", 4, true, nil},
	{"a rule in the body belongs to the body", page + "a\n\n---\n\nb", "a\n\n---\n\nb", 4, true, nil},
	{"the body keeps its blank lines", page + "\n\nbody", "\n\nbody", 4, true, nil},

	{"a byte order mark is a warning", "\uFEFF" + page + "body", "body", 4, true,
		[]string{"1:1: warning: … [byte-order-mark]"}},
	{"CRLF is a warning, and lines stay true", "---\r\ntitle: a\r\n---\r\nbody\r\nend", "body\nend", 4, true,
		[]string{"1:4: warning: … [line-endings]"}},
	{"CR is a line end", "---\rtitle: a\r---\rbody", "body", 4, true,
		[]string{"1:4: warning: … [line-endings]"}},
	{"a mark and CRLF are two warnings", "\uFEFF---\r\n---\r\nbody", "body", 3, true,
		[]string{"1:1: warning: … [byte-order-mark]", "1:4: warning: … [line-endings]"}},
	{"mixed line ends are told where they begin", "---\ntitle: 会報\r\n---\nbody\r\n", "body\n", 4, true,
		[]string{"2:10: warning: … [line-endings]"}},

	{"Shift_JIS is refused at its first byte", page + "本\x89\xEF\x95\xF1", "", 1, false,
		[]string{"4:2: error: … the byte 0x89 … Save the file again with the encoding UTF-8. [not-utf8]"}},
	{"UTF-16 is refused", "\xFF\xFE-\x00-\x00-\x00", "", 1, false, []string{"1:1: … [not-utf8]"}},
	{"a bad byte is counted with CRLF lines", "---\r\ntitle: 会\xFF", "", 1, false, []string{"2:9: … [not-utf8]"}},
	{"an empty file is refused", "", "", 1, false, []string{"1:1: error: the file is empty. … [empty-file]"}},
	{"a file of blanks is empty", " \r\n\n", "", 1, false, []string{"1:1: … [empty-file]"}},
	{"a mark alone is an empty file", "\uFEFF", "", 1, false,
		[]string{"1:1: … [byte-order-mark]", "1:1: … [empty-file]"}},
	{"a page needs front matter", "# Title\n\nbody", "# Title\n\nbody", 1, false,
		[]string{"1:1: error: there is no front matter. … [no-front-matter]"}},
	{"its place is the first line with text", "\n\nbody", "\n\nbody", 1, false, []string{"3:1: … [no-front-matter]"}},
	{"full-width hyphens are no border", "－－－\ntitle: a\n－－－\n", "－－－\ntitle: a\n－－－\n", 1, false,
		[]string{"1:1: … [no-front-matter]"}},
	{"TOML is no front matter here", "+++\ntitle = 'a'\n+++\n", "+++\ntitle = 'a'\n+++\n", 1, false,
		[]string{"1:1: … [no-front-matter]"}},
	{"front matter needs an end", "---\ntitle: a\n\nbody\n", "", 1, false,
		[]string{"1:1: error: the front matter that begins here has no end. … [unclosed-front-matter]"}},
	{"a border alone has no end", "---", "", 1, false, []string{"1:1: … [unclosed-front-matter]"}},
	{"four hyphens do not end it", "---\ntitle: a\n----\n", "", 1, false, []string{"1:1: … [unclosed-front-matter]"}},
	{"an indented rule in a text is no end", "---\nlead: |\n  a\n  ---\n  b\n---\nbody", "  b\n---\nbody", 5, false,
		[]string{"4:1: … [bad-delimiter]"}},
	{"an indented beginning is refused", " ---\ntitle: a\n---\nbody", "body", 4, false, []string{"1:1: … [bad-delimiter]"}},
	{"a full-width space after the hyphens is refused", "---\ntitle: a\n---　\nbody", "body", 4, false,
		[]string{"3:1: … [bad-delimiter]"}},
	{"64 KiB are the limit", "---\nlead: " + strings.Repeat("a", 64<<10) + "\n---\nbody", "body", 4, false,
		[]string{"1:1: error: this is too large: 65543 bytes, and 65536 are allowed. … [too-large]"}},
	{"a body may be long", page + strings.Repeat("body\n", 5000), strings.Repeat("body\n", 5000), 4, true, nil},
	{"front matter may be long", "---\nlead: " + strings.Repeat("a", 60_000) + "\n---\nbody", "body", 4, true, nil},
	{"places of values count from the file's first line, too", "\n\n---\ntitle: a\ntitle: b\n---\n", "", 7, true,
		[]string{"5:1: … the first is on line 4. … [duplicate-key]"}},
	{"broken YAML leaves the body", "---\ntitle: [a\n---\nbody", "body", 4, false, []string{"2:8: … [unclosed-bracket]"}},
	{"places count from the file's first line", "\n---\n\n# note\ntitle: @a\n---\nbody", "body", 7, false,
		[]string{"5:8: … [quotes-needed]"}},
}

func TestSplit(t *testing.T) {
	for _, test := range splits {
		t.Run(test.name, func(t *testing.T) {
			file, problems := frontmatter.Split("p.md", []byte(test.src))
			check(t, problems, test.problems...)
			if string(file.Body) != test.body || file.BodyLine != test.bodyLine {
				t.Errorf("got the body %q at line %d, want %q at line %d", file.Body, file.BodyLine, test.body, test.bodyLine)
			}
			if (file.Node != nil) != test.hasNode {
				t.Errorf("there is front matter: got %v, want %v", file.Node != nil, test.hasNode)
			}
		})
	}
}

func TestParseYAML(t *testing.T) {
	for _, test := range []struct {
		name, src string
		keys      int
		problems  []string
	}{
		{"a file is one map", "title: a\nbase_url: https://example.jp/\n", 2, nil},
		{"a file may begin with hyphens", "---\ntitle: a\n", 1, nil},
		{"a file may be all comments", "# nothing yet\n", 0, nil},
		{"a byte order mark does not count as a column", "\uFEFFtitle: @a", -1,
			[]string{"1:1: … [byte-order-mark]", "1:8: … [quotes-needed]"}},
		{"CRLF is a warning", "title: a\r\nmenu: b\r\n", 2, []string{"1:9: … [line-endings]"}},
		{"an empty file is refused", "\n", -1, []string{"1:1: … [empty-file]"}},
		{"a second document is refused", "title: a\n---\ntitle: b\n", 1, []string{"2:1: … [yaml-feature]"}},
		{"a list is refused", "- a\n", -1, []string{"1:1: error: here is a list, where keys with their values are expected. Write lines of the form \"key: value\", without the \"- \" before them. [keys-expected]"}},
		{"a list in brackets is refused", "\n [a, b]\n", -1, []string{"2:2: … [keys-expected]"}},
		{"1 MiB is the limit", "title: " + strings.Repeat("a", 1<<20), -1, []string{"1:1: … [too-large]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			node, problems := frontmatter.ParseYAML("site.yaml", []byte(test.src))
			check(t, problems, test.problems...)
			if node != nil && len(node.Fields()) != test.keys {
				t.Errorf("got %d keys, want %d", len(node.Fields()), test.keys)
			}
			if node == nil && len(test.problems) == 0 {
				t.Error("there is no node and no problem")
			}
		})
	}
}
