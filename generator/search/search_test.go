package search

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TestWhatFolds holds what makes no difference to whoever searches, and what does.
func TestWhatFolds(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a ladder-shaped 高 is 高", "髙梨", "高梨"},
		{"a standing 崎 is 崎", "山﨑", "山崎"},
		{"the old forms of 辺 are 辺", "渡邉 渡邊 渡辺", "渡辺渡辺渡辺"},
		{"a selector of variants makes no difference", "葛\U000e0100城", "葛城"},
		{"katakana are hiragana", "タカナシ", "たかなし"},
		{"katakana of half width are hiragana, with their voicing marks", "ｶﾞﾗｽ", "がらす"},
		{"a voicing mark of its own belongs to the kana", "か\u3099", "が"},
		{"letters of full width are small ones", "ＡＬＵＭＮＩ　２０２６", "alumni 2026"},
		{"accents make no difference", "Café Ōsaka", "cafe osaka"},
		{"nor do strokes", "ĐẶNG Łukasz Sørensen", "dang lukasz sorensen"},
		{"spaces beside Japanese part nothing", "髙梨 湊 Go 言語", "高梨湊go言語"},
		{"spaces between Latin words do", "Nagi  Letter", "nagi letter"},
		{"punctuation parts, and nothing at the ends", "（会報）「凪」、", "会報 凪"},
		{"the dot within a name parts nothing", "ジョン・スミス", "じょんすみす"},
		{"an apostrophe parts nothing", "don't don’t", "dont dont"},
		{"a hyphen parts as a space does", "follow-up", "follow up"},
		{"lines part", "工場\n見学", "工場 見学"},
		{"signs of several letters are these", "㈱凪 ㎡", "株 凪m2"},
		{"a sign of several letters is written out", "㍻", "平成"},
		{"the signs of R&D, C++ and C# are letters of these", "R＆D、C++、C#", "r&d c++ c#"},
		{"nothing is nothing", "", ""},
	} {
		if got := Fold(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzFoldedTextFoldsToItself(f *testing.F) {
	for _, s := range []string{"髙梨 湊", "ｶﾞｷﾞ AI・ﾃｽﾄ", "e\u0301\u3099", "ΣΑΣ ς", "İstanbul ß ẞ", "한국어 각", "\xff\u0600"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		once := Fold(s)
		if strings.HasPrefix(once, " ") || strings.HasSuffix(once, " ") || strings.Contains(once, "  ") {
			t.Errorf("%q: got %q, with a space too many", s, once)
		}
		for _, r := range once {
			if r != ' ' && !strings.ContainsRune(signs, r) && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) {
				t.Errorf("%q: got %q, which holds %q", s, once, r)
			}
		}
	})
}

// TestEverySubstringIsFound takes texts out of pages at random, and wants each
// page to be found by them.
func TestEverySubstringIsFound(t *testing.T) {
	for _, n := range []int{1, 7, 120} {
		s := newSite(samplePages(n))
		r := rand.New(rand.NewPCG(7, uint64(n)))
		for range 150 {
			page := r.IntN(n)
			text := []rune(norm.NFC.String(s.pages[page].Title + "\n" + s.pages[page].Text))
			from := r.IntN(len(text) - 1)
			query := string(text[from:min(len(text), from+2+r.IntN(12))])
			if len([]rune(Fold(query))) < 2 {
				continue
			}
			if got := s.find(t, query); !slices.Contains(got, page) {
				t.Fatalf("%d pages: %q is on page %d, got %v", n, query, page, got)
			}
		}
	}
}

func TestWhatIsFoundHoldsTheQuery(t *testing.T) {
	s := newSite(samplePages(150))
	for _, query := range []string{"高梨", "現場の工夫", "データ 同窓会", "takanashi", "たかなし", "ＡＩエンジニア", "r&d", "ジョンスミス", "ramen", "存在しない"} {
		var want []int
		for i := range s.pages {
			text := s.text(t, i)
			holds := true
			for word := range strings.FieldsSeq(query) {
				holds = holds && strings.Contains(text, Fold(word))
			}
			if holds {
				want = append(want, i)
			}
		}
		if got := s.find(t, query); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
}

func TestWeightsSayWhereAGramStands(t *testing.T) {
	s := newSite([]Page{
		{URL: "/a/", Title: "工場の話", Text: "本文です。planning の話", Tags: []string{"見学"}, Heads: []string{"歴史"}, Names: []string{"たかなし"}},
		{URL: "/b/", Title: "別の話", Text: "工場の見学と歴史。replan"},
	})
	for _, c := range []struct {
		name string
		gram gram
		want map[int]int
	}{
		{"in a title, and in a text", gramOf('工', '場'), map[int]int{0: weightTitle, 1: weightBody}},
		{"in a tag, and in a text", gramOf('見', '学'), map[int]int{0: weightHead, 1: weightBody}},
		{"in a heading, and in a text", gramOf('歴', '史'), map[int]int{0: weightHead, 1: weightBody}},
		{"in a name alone", gramOf('た', 'か'), map[int]int{0: weightHead}},
		{"at the beginning of a word, and within one", gramOf('p', 'l', 'a'), map[int]int{0: weightBegin, 1: weightBody}},
		{"kana that join", gramOf('場', 'の', '話'), map[int]int{0: weightTitle}},
		{"a letter alone, of titles", gramOf('工'), map[int]int{0: weightTitle}},
		{"nowhere", gramOf('皆', '無'), nil},
	} {
		got := s.postings(t, c.gram)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		for page, weight := range c.want {
			if w, ok := got[page]; !ok || w != weight {
				t.Errorf("%s: page %d: got %d (%t), want %d", c.name, page, w, ok, weight)
			}
		}
	}
}

// FuzzPostingsComeBack holds that what is written of a list of pages is read
// again.
func FuzzPostingsComeBack(f *testing.F) {
	f.Add([]byte{1, 0, 0, 1, 1})
	f.Add(bytes.Repeat([]byte{0}, 300))
	f.Fuzz(func(t *testing.T, has []byte) {
		if len(has) == 0 || len(has) > 2000 {
			t.Skip()
		}
		x := &Index{groups: [groupCount]map[gram]*postings{{}}, shape: Shape{Pages: len(has), Parts: 1, PerBlock: 1}}
		g := gramOf('凪', '会')
		want := map[int]int{}
		for page, b := range has {
			if b%4 == 3 {
				continue
			}
			want[page] = int(b % 4)
			x.add(0, page, []weighted{{g, b % 4}})
		}
		x.parts = [][]gram{{g}}
		if len(want) == 0 {
			t.Skip()
		}
		s := &site{shape: x.shape, parts: [][]byte{x.Part(0)}}
		got := s.postings(t, g)
		if len(got) != len(want) {
			t.Fatalf("got %d pages, want %d", len(got), len(want))
		}
		for page, weight := range want {
			if got[page] != weight {
				t.Errorf("page %d: got %d, want %d", page, got[page], weight)
			}
		}
	})
}

func TestTwoBuildsGiveTheSameBytes(t *testing.T) {
	pages := samplePages(300)
	a, b := newSite(pages), newSite(pages)
	for i := range a.parts {
		if !bytes.Equal(a.parts[i], b.parts[i]) {
			t.Errorf("part %d differs", i)
		}
	}
	for i := range a.blocks {
		if !bytes.Equal(a.blocks[i], b.blocks[i]) {
			t.Errorf("block %d differs", i)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name         string
		pages, runes int
		want         Shape
	}{
		{"no pages at all", 0, 0, Shape{0, 1, 1}},
		{"one page", 1, 1700, Shape{1, 1, 1}},
		{"a small site of long pages", 100, 170_000, Shape{100, 64, 1}},
		{"a large one", 10_000, 17_000_000, Shape{10_000, 4096, 1}},
		{"pages of a few lines share blocks", 1000, 100_000, Shape{1000, 32, 8}},
		{"very many pages do not make parts without end", 1_000_000, 1_700_000_000, Shape{1_000_000, 1 << 14, 1}},
	} {
		if got := NewShape(c.pages, c.runes); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestCommonPagesStayWhenOneIsAdded(t *testing.T) {
	urls := make([]string, 0, 500)
	for _, p := range samplePages(500) {
		urls = append(urls, p.URL)
	}
	name := func(list []string) (names []string) {
		for _, i := range Common(list) {
			names = append(names, list[i])
		}
		return names
	}
	before, after := name(urls), name(append([]string{"/first/"}, urls...))
	kept := 0
	for _, url := range after {
		if slices.Contains(before, url) {
			kept++
		}
	}
	if kept < commonPages-1 || len(after) != commonPages {
		t.Errorf("got %d of %d kept, want all but one at most", kept, len(after))
	}
}

// TestTextOfHTML holds what of a body is searched.
func TestTextOfHTML(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"paragraphs are lines", "<p>一つ。</p><p>二つ。</p>", "一つ。\n二つ。"},
		{"inline elements part nothing", "<p>現場の<strong>工</strong><a href=\"/a/\">夫</a></p>", "現場の工夫"},
		{"readings of ruby are left out", "<p><ruby>凪<rp>（</rp><rt>なぎ</rt><rp>）</rp></ruby>の会</p>", "凪の会"},
		{"cells and items are lines", "<table><tr><th>項目</th><td>内容</td></tr></table><ul><li>甲</li><li>乙</li></ul>", "項目\n内容\n甲\n乙"},
		{"entities are what they stand for", "<p>R&amp;D &lt;b&gt; &#39;x&#39;</p>", "R&D <b> 'x'"},
		{"a line of the source is none of the text", "<p>one\ntwo</p>\n<p>three</p>", "one two\nthree"},
		{"a break is a line", "<p>甲<br>乙</p>", "甲\n乙"},
		{"scripts and styles are no text", "<script>let a = '<p>';</script><style>p{}</style><p>文</p>", "文"},
		{"marks of footnotes are none", `<p>文<sup class="footnote-ref"><a href="#n">1</a></sup>章</p>`, "文章"},
		{"comments are none", "<p>甲<!-- <b>秘</b> -->乙</p>", "甲\n乙"},
		{"a > in an attribute ends no tag", `<p><img alt="a>b">文</p>`, "文"},
		{"a tag without an end ends the text", "<p>文<b", "文"},
		{"captions are text, descriptions of pictures are not", `<figure><img alt="絵"><figcaption>題</figcaption></figure>`, "題"},
	} {
		if got := Text(c.html); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzTextOfAnythingEnds(f *testing.F) {
	f.Add("<p>a<b c='>'>d</b><!--")
	f.Add("</</<>&lt;<sup class=footnote-ref>")
	f.Fuzz(func(t *testing.T, s string) {
		if got := Text(s); strings.HasPrefix(got, "\n") || strings.Contains(got, "\n\n") {
			t.Errorf("%q: got %q, with a line that is empty", s, got)
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	pages := samplePages(2000)
	shape := NewShape(len(pages), 300*len(pages))
	b.Run("pages=2000", func(b *testing.B) {
		for b.Loop() {
			Build(shape, 1, func(i int) Page { return pages[i] })
		}
	})
}
