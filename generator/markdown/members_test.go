package markdown_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/markdown"
)

func TestReadersSeeTheirPartsOnly(t *testing.T) {
	const src = "公開\n\n:::members{audience=a}\n甲\n:::\n\n::::members\n全員\n:::members{audience=b}\n乙\n:::\n::::\n"
	s, found := markdown.Parse("page.md", []byte(src), 5, markdown.Options{})
	if len(found) > 0 {
		t.Fatalf("got problems %s", listed(found))
	}
	parts := s.Parts()
	if len(parts) != 3 || parts[0].Line != 7 || parts[1].Line != 11 || parts[2].Line != 13 ||
		!slices.Equal(parts[0].Audience, []string{"a"}) || len(parts[1].Audience) > 0 {
		t.Fatalf("got parts %+v", parts)
	}
	reads := func(names ...string) func(markdown.Part) bool {
		return func(p markdown.Part) bool {
			return len(p.Audience) == 0 && len(names) > 0 ||
				slices.ContainsFunc(p.Audience, func(n string) bool { return slices.Contains(names, n) })
		}
	}
	for _, c := range []struct {
		name     string
		readable func(markdown.Part) bool
		want     string
	}{
		{"the public sees no part", nil, "公開"},
		{"nobody's reader sees no part", reads(), "公開"},
		{"readers of a see theirs and everyone's", reads("a"), "公開\n甲\n全員"},
		{"readers of b see the part in a part", reads("b"), "公開\n全員\n乙"},
		{"a part in a hidden part is hidden", func(p markdown.Part) bool { return slices.Contains(p.Audience, "b") }, "公開"},
		{"readers of both see all", reads("a", "b"), "公開\n甲\n全員\n乙"},
	} {
		if got := s.Doc(c.readable).Text; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHiddenPartLeavesNoTrace(t *testing.T) {
	for _, c := range []struct{ name, src, without string }{
		{"its heading does not number others", "## 秘密\n\n:::members\n## あ\n:::\n\n## あ", "## 秘密\n\n\n\n\n\n## あ"},
		{"its link definition does not make links", "[a][r] [r]\n\n:::members\n[r]: /x\n:::", "[a][r] [r]"},
		{"its footnote is not below", "a[^1]\n\n:::members\n[^1]: x\n:::", "a[^1]"},
		{"its footnote mark does not bring a footnote", "a[^2]\n\n:::members\nb[^1]\n:::\n\n[^1]: x\n[^2]: y", "a[^2]\n\n\n\n\n\n[^1]: x\n[^2]: y"},
		{"in a list item it goes alone", "- a\n  :::members\n  x\n  :::\n- b", "- a\n\n- b"},
		{"in a quotation it goes alone", "> a\n>\n> :::members\n> x\n> :::\n\nb", "> a\n\nb"},
		{"beside a list mark it goes with it", "a\n\n- :::members\n  x\n  :::\n\nb", "a\n\nb"},
		{"in another directive it goes alone", "::::note\na\n:::members\nx\n:::\n::::", "::::note\na\n\n::::"},
		{"in a footnote it goes alone", "a[^1]\n\n[^1]: b\n\n    :::members\n    x\n    :::\n", "a[^1]\n\n[^1]: b"},
		{"lines that lean on it are in it", "a\n\n> :::members\n> x\nlazy\n> :::\n\nb", "a\n\nb"},
		{"open HTML in it does not swallow the rest", "a\n\n:::members\n<div>\nx\n:::\n\nb", "a\n\nb"},
		{"code in it may look like its end", "a\n\n:::members\n```\n:::\n```\nx\n:::\n\nb", "a\n\nb"},
		{"an unclosed one reaches to the end", "a\n\n:::members\nx\n\n## y", "a"},
		{"an unclosed one in a quotation reaches to the end", "a\n\n> :::members\n> x\n\ny", "a"},
		{"a mistyped directive is hidden too", "a\n\n:::Members\nx\n:::\n\nb", "a\n\nb"},
		{"a wrong attribute hides it from all", "a\n\n:::members{audience=x y}\nx\n:::\n\nb", "a\n\nb"},
		{"what its removal makes a part is hidden too",
			"- a\n\n:::members\nx\n:::\n\n    :::members\n    y\n    :::\n", "- a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := markdown.Parse("page.md", []byte(c.src), 1, markdown.Options{})
			want, _ := markdown.Parse("page.md", []byte(c.without), 1, markdown.Options{})
			got, wanted := s.Doc(nil), want.Doc(nil)
			if everythingOf(got) != everythingOf(wanted) {
				t.Errorf("%q:\ngot  %q\nwant %q", c.src, everythingOf(got), everythingOf(wanted))
			}
			if got.Hash() != wanted.Hash() {
				t.Error("the hash tells of the part")
			}
			if got, want := everythingOfLetters(s, nil), everythingOfLetters(want, nil); got != want {
				t.Errorf("%q as a letter:\ngot  %q\nwant %q", c.src, got, want)
			}
		})
	}
}

func TestWhatIsNotUnderstoodIsHiddenFromAll(t *testing.T) {
	for _, src := range []string{
		"a\n\n:::Members\nx\n:::",
		"a\n\n:::members{audience=x y}\nx\n:::",
		"a\n\n:::members{audiense=x}\nx\n:::",
		"a\n\n:::members x\n:::",
		"a\n\n:::members\nx",
	} {
		s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
		if got := s.Doc(everything).Text; got != "a" || len(s.Parts()) > 0 {
			t.Errorf("%q: got %q and %d parts, want \"a\" and none", src, got, len(s.Parts()))
		}
		if m, _ := letter(src, "ja", everything); m.Text != "a" || strings.Contains(m.HTML, ">x") {
			t.Errorf("%q as a letter: got %q and %s, want \"a\"", src, m.Text, m.HTML)
		}
	}
}

func TestReferencesIntoHiddenPartsAreReported(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a link", "日本[a][r]\n\n:::members\n[r]: /x\n:::", "1:3 reference-in-members-part"},
		{"a short link", "日本[r]\n\n:::members\n[R]: /x\n:::", "1:3 reference-in-members-part"},
		{"an image", "![a][r]\n\n:::members\n[r]: /x\n:::", "1:1 reference-in-members-part"},
		{"a footnote", "日本[^1]\n\n:::members\n[^1]: x\n:::", "1:3 reference-in-members-part"},
		{"a reference from a part for others", ":::members{audience=a}\n[r]\n:::\n\n:::members{audience=b}\n[r]: /x\n:::", "2:1 reference-in-members-part"},
		{"a reference from a part for more readers", ":::members\n[r]\n:::\n\n:::members{audience=b}\n[r]: /x\n:::", "2:1 reference-in-members-part"},
		{"a reference from the same part is sound", ":::members\n[r]\n\n[r]: /x\n:::", ""},
		{"a reference from a part for fewer readers is sound", ":::members{audience=a}\n[r]\n:::\n\n:::members\n[r]: /x\n:::", ""},
		{"a reference out of a part is sound", ":::members\n[r][^1]\n:::\n\n[r]: /x\n\n[^1]: y", ""},
		{"a definition that is there for all too is sound", "[r]\n\n:::members\n[r]: /x\n:::\n\n[r]: /y", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(c.src, 1); got != c.want {
				t.Errorf("%q:\ngot  %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestDocOfABodyWithoutPartsIsMadeOnce(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("a"), 1, markdown.Options{})
	if s.Doc(nil) != s.Doc(everything) {
		t.Error("got two Docs, want one")
	}
}

// secret is a word of the hidden part, and of nothing else.
const secret = "himitsudesu"

// FuzzMembersPartStaysHidden puts a part among arbitrary text. Whatever stands
// around it, the public sees nothing of it, unless the text made code of the
// part, or the author is told of a mistake and nothing is published.
func FuzzMembersPartStaysHidden(f *testing.F) {
	for _, seed := range [][3]string{
		{"公開", "秘密", "公開"},
		{"- a\n", "  x", "b"},
		{"> a", "x\n\n```\n```", "b"},
		{"```\n", "x", "```"},
		{"<div>", "[r]: /x", "[r]"},
		{":::note\n", "[^1]: x", "[^1]\n:::"},
		{"a[^1]\n\n[^1]: b\n\n    :::members\n", "x", "y"},
		{"a\n: b\n\n", "\n    x", "\n\n## 秘"},
		{"| a |\n|---|", "| x |", "| y |"},
		{"::::members\nx\n", "<!--", "-->\n::::"},
		{"~~~\n", "~~~\n", ":::\n~~~"},
		{"1. a\n\n   ", "x\r::", "\r:::\r"},
	} {
		f.Add(seed[0], seed[1], seed[2], false)
	}
	f.Fuzz(func(t *testing.T, before, inside, after string, rawHTML bool) {
		if strings.Contains(before+after, secret) || strings.Contains(inside, ":::") {
			t.Skip() // the part might end early
		}
		part := secret + " {" + secret + "|x}\n" + inside + "\n## " + secret + "\n[" + secret + "](/" + secret + " \"" + secret + "\")"
		src := before + "\n:::members\n" + part + "\n:::\n" + after
		s, found := markdown.Parse("page.md", []byte(src), 1, markdown.Options{RawHTML: rawHTML})
		if found.HasErrors() {
			s.Doc(everything).HTML(asWritten)
			s.Doc(nil).HTML(asWritten)
			everythingOfLetters(s, everything)
			return
		}
		got := everythingOf(s.Doc(nil)) + everythingOfLetters(s, nil)
		if !strings.Contains(got, secret) {
			return
		}
		if !fenceAsCode.MatchString(got) {
			t.Errorf("the public sees the part of %q:\n%s", src, got)
		}
	})
}

// fenceAsCode matches a block of code that shows the part's own fence.
var fenceAsCode = regexp.MustCompile(`<pre><code[^>]*>[^<]*:::members\n\s*` + secret)

// FuzzMembersPartAmongMarkup is the same property with lines that mean
// something, each chosen by a byte.
func FuzzMembersPartAmongMarkup(f *testing.F) {
	f.Add([]byte{0}, []byte{1}, []byte{2})
	f.Add([]byte{20, 3}, []byte{6, 30}, []byte{6, 12})
	lines := strings.Split("\n a\n- b\n  - c\n    d\n> e\n> > f\n```\n~~~~\n  ```\n> ```\n- ```\n<div>\n</div>\n<!--\n-->\n<pre>\n</pre>\n"+
		":::note\n:::\n::::\n::::members\n  :::\n> :::note\n> :::\n- :::note\n  :::members{audience=a}\n[r]: /x\n[r]: <\n\"t\n[^1]: n\n"+
		"    o\n[^1] [r]\n: d\n|a|b|\n|-|-|\n## h\n===\n---\n***\n1. x\n\t\\\n`\n{a|\n![i](\n\\\n</script>\n<script>\n<a\nb>\n   :::members\n:::qa{q=a}\n*\n$", "\n")
	text := func(choice []byte) string {
		var b strings.Builder
		for _, c := range choice {
			b.WriteString(lines[int(c)%len(lines)] + "\n")
		}
		return b.String()
	}
	f.Fuzz(func(t *testing.T, before, inside, after []byte) {
		if len(before)+len(inside)+len(after) > 60 || strings.Contains(text(inside), ":::") {
			t.Skip()
		}
		src := text(before) + ":::members\n" + secret + "\n" + text(inside) + secret + "\n\n" + secret + "\n:::\n" + text(after)
		s, found := markdown.Parse("page.md", []byte(src), 1, markdown.Options{RawHTML: len(before)%2 == 0})
		got := everythingOf(s.Doc(nil)) + everythingOfLetters(s, nil)
		if found.HasErrors() || !strings.Contains(got, secret) {
			return
		}
		if !fenceAsCode.MatchString(got) {
			t.Errorf("the public sees the part of %q:\n%s", src, got)
		}
	})
}
