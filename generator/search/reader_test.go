package search

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// site is an index in its files, and a reader of them that shares nothing with
// what wrote them but the names of grams.
type site struct {
	shape  Shape
	parts  [][]byte
	blocks [][]byte
	common []byte
	pages  []Page
}

func newSite(pages []Page) *site {
	var urls []string
	runes := 0
	for _, p := range pages {
		urls = append(urls, p.URL)
		runes += len([]rune(p.Text))
	}
	s := &site{shape: NewShape(len(pages), runes), pages: pages}
	x := Build(s.shape, Generation(urls), func(i int) Page { return pages[i] })
	for i := range s.shape.Parts {
		s.parts = append(s.parts, x.Part(i))
	}
	var learned []Page
	for _, i := range Common(urls) {
		learned = append(learned, pages[i])
	}
	texts := NewTexts(learned)
	s.common = texts.Common()
	for i := range s.shape.Blocks() {
		from, to := s.shape.Block(i)
		s.blocks = append(s.blocks, texts.Block(pages[from:to]))
	}
	return s
}

// postings returns the weights of the pages that hold a gram.
func (s *site) postings(t testing.TB, g gram) map[int]int {
	t.Helper()
	data := inflate(t, s.parts[g.part(s.shape.Parts)], nil)[4:]
	number := func() int {
		n, size := binary.Uvarint(data)
		if size <= 0 {
			t.Fatal("a number is cut off")
		}
		data = data[size:]
		return int(n)
	}
	for len(data) > 0 {
		length := number()
		name := string(data[:length])
		data = data[length:]
		length = number()
		rest := data[length:]
		if name == string(g.append(nil)) {
			found := map[int]int{}
			data = data[:length]
			for page := 0; len(data) > 0; {
				n := number()
				page += n >> 2
				found[page] = n & 3
			}
			return found
		}
		data = rest
	}
	return nil
}

// find returns the pages that a query finds, checked against their texts.
func (s *site) find(t testing.TB, query string) []int {
	t.Helper()
	met := map[int]int{}
	count := 0
	var terms []string
	for word := range strings.FieldsSeq(query) {
		term := Fold(word)
		if term == "" {
			continue
		}
		terms = append(terms, term)
		seen := map[gram]bool{}
		grams(term, func(g gram, _ bool) {
			if seen[g] {
				return
			}
			seen[g] = true
			count++
			for page := range s.postings(t, g) {
				met[page]++
			}
		})
	}
	var found []int
	for page := range s.pages {
		if met[page] != count || len(terms) == 0 {
			continue
		}
		text := s.text(t, page)
		if !slices.ContainsFunc(terms, func(term string) bool { return !strings.Contains(text, term) }) {
			found = append(found, page)
		}
	}
	return found
}

// text returns the folded text of a page.
func (s *site) text(t testing.TB, page int) string {
	t.Helper()
	var list []Fields
	block := inflate(t, s.blocks[page/s.shape.PerBlock], inflate(t, s.common, nil))
	if err := json.Unmarshal([]byte(fromUTF16(block)), &list); err != nil {
		t.Fatal(err)
	}
	f := list[page%s.shape.PerBlock]
	return strings.Join([]string{Fold(f[1]), Fold(f[5]), Fold(f[6]), Fold(f[7])}, " ")
}

func inflate(t testing.TB, b, common []byte) []byte {
	t.Helper()
	data, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(b), common))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fromUTF16(b []byte) string {
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(b[i:]))
	}
	return string(utf16.Decode(units))
}

// samplePages are pages of mixed text.
func samplePages(n int) []Page {
	words := strings.Fields("髙梨 工場 見学 現場の工夫 データ Takanashi 北斗精機 ﾃｽﾄ Ａｌｕｍｎｉ 同窓会 café 読書会 AIエンジニア 2026年 渡邉 C++ 思い出 ラーメン R&D 申し込み ジョン・スミス don't")
	r := uint32(1)
	next := func(n int) int {
		r = r*1664525 + 1013904223
		return int(r>>8) % n
	}
	pages := make([]Page, n)
	for i := range pages {
		var b strings.Builder
		for range 5 + next(60) {
			b.WriteString(words[next(len(words))])
			b.WriteString([]string{"", "", "、", " ", "。\n", "（"}[next(6)])
		}
		pages[i] = Page{URL: fmt.Sprintf("/news/%d/", i), Title: words[next(len(words))] + "の話", Text: b.String(),
			Tags: []string{words[next(len(words))]}, Names: []string{"たかなし みなと"}, Heads: []string{words[next(len(words))]}}
	}
	return pages
}
