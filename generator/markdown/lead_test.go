package markdown_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

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
		{"nor has a paragraph of blanks behind a list", "- a\n\n&#10;\n", ""},
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

func TestTheLeadIsShort(t *testing.T) {
	long := strings.Repeat("あ", 239)
	tests := []struct{ name, body, want string }{
		{"of many letters there are 240", long + "いう", long + "い"},
		{"as many letters are whole", long + "い", long + "い"},
		{"a mark goes with its letter", long + "か\u3099い", long},
		{"a joined emoji goes as one", long + "👩\u200D🌾い", long},
		{"blanks count as one", strings.Repeat("a  ", 10) + "`b     c`\n\n" + strings.Repeat("あ", 300),
			strings.Repeat("a ", 10) + "b c\n" + strings.Repeat("あ", 216)},
		{"it has no blank at its end", long + " い", long},
		{"what has no end of a letter is cut", strings.Repeat("\u3099", 300), strings.Repeat("\u3099", 240)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, _ := markdown.Parse("a.md", []byte(test.body), 1, markdown.Options{})
			if got := s.Doc(nil).Lead; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFactsCountThePlainText(t *testing.T) {
	for _, body := range []string{"", "a b\n\n- c", string(japanese()), "　a  b `  c  `", "a\u2003b\u3000c\u00a0d\u0085e\u1680f\u205fg\u2028h\u202fi\u200bj\u2010k\u3001l\u00e9m 𠮷 n\u180eo", strings.Repeat("[", 2000)} {
		s, _ := markdown.Parse("a.md", []byte(body), 1, markdown.Options{})
		doc := s.Doc(nil)
		if got, want := doc.Runes, utf8.RuneCountInString(doc.Text); got != want {
			t.Errorf("%.40q: got %d characters, want %d", body, got, want)
		}
		if got, want := doc.Words, len(strings.Fields(doc.Text)); got != want {
			t.Errorf("%.40q: got %d words, want %d", body, got, want)
		}
		s, _ = markdown.Parse("a.md", []byte(body), 1, markdown.Options{NoText: true})
		if without := s.Doc(nil); without.Text != "" || !reflect.DeepEqual(without.Facts, doc.Facts) || !reflect.DeepEqual(without.Body(), doc.Body()) {
			t.Errorf("%.40q: without text, got %+v, want %+v", body, without, doc)
		}
	}
}
