package markdown_test

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"

	"kaiho/generator/markdown"
)

const paragraph = `## 第{十二|じゅうに}回同窓会の報告

五月の**「春の集い」**には、百二十名が集まりました。会場の[写真](photos.md)は、
近く公開します。詳しくは（https://example.jp/spring）をご覧ください[^1]。

- 受付は*十時*から
- 名札は入口で

| 時刻 | 内容 |
|------|:----:|
| 10:00 | 受付 |

![集合写真](group.jpg "春の集い")

`

// 5 KB of Japanese, as a page of a newsletter has it.
func japanese() []byte {
	return []byte(strings.Repeat(paragraph, 5000/len(paragraph)) + "\n[^1]: 申し込みは終わりました。\n")
}

func BenchmarkParse(b *testing.B) {
	body := japanese()
	page, err := os.ReadFile("testdata/page.md")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		src  []byte
	}{
		{"size=4KB/page", page},
		{"size=5KB/parts=0", body},
		{"size=5KB/parts=1", append(body[:len(body):len(body)], "\n:::members\n会員だけ\n:::\n"...)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.src)))
			for b.Loop() {
				s, _ := markdown.Parse("page.md", c.src, 1, markdown.Options{NoText: true})
				s.Doc(nil)
			}
		})
	}
}

func BenchmarkHTML(b *testing.B) {
	s, _ := markdown.Parse("page.md", japanese(), 1, markdown.Options{})
	doc := s.Doc(nil)
	b.ReportAllocs()
	for b.Loop() {
		doc.HTML(asWritten)
	}
}

// BenchmarkRetained shows what a site keeps of a page that keeps its Facts.
func BenchmarkRetained(b *testing.B) {
	const pages = 10_000
	body := japanese()
	for b.Loop() {
		facts := make([]markdown.Facts, pages)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range facts {
			s, _ := markdown.Parse("page.md", bytes.Clone(body), 1, markdown.Options{})
			facts[i] = s.Doc(nil).Facts
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/pages, "B/page")
		runtime.KeepAlive(facts)
	}
}
