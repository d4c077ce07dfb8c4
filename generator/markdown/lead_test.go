package markdown_test

import (
	"testing"

	"kaiho/generator/markdown"
)

func TestTheLeadIsTheFirstParagraphs(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"paragraphs up to a heading", "一。\n二。\n\n三[^1]。\n\n## 見出し\n\n四。\n\n[^1]: 注\n", "一。二。\n三。"},
		{"those after a heading at the start", "## 見出し\n\n一。\n\n- 項目\n\n二。\n", "一。"},
		{"a picture parts nothing", "![絵](a.png)\n\n一。\n\n![絵](b.png)\n\n二。\n", "一。\n二。"},
		{"a list alone has none", "- [ ] すること\n- [x] したこと\n", ""},
		{"nor has what stands in a directive", ":::note\n一。\n:::\n", ""},
		{"nothing has none", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, problems := markdown.Parse("a.md", []byte(test.body), 1, markdown.Options{})
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			if got := s.Doc(nil).Lead; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
