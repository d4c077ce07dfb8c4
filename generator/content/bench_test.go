package content_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// generated is a site of n pages, in the proportions of an alumni office: each
// links to others, some are for members or have a part for them. With dead, the
// links of every page lead nowhere.
func generated(n int, dead bool) fstest.MapFS {
	project := fstest.MapFS{}
	add := func(name, text string) { project[name] = &fstest.MapFile{Data: []byte(text)} }
	paragraph := strings.Repeat("波の音が聞こえる町で、私たちは長くレンズを磨いてきました。", 8)
	for i := range n {
		to := fmt.Sprintf("/news/item-%05d/", (i*7+1)/4*4%n)
		if dead {
			to = fmt.Sprintf("/news/item-%05d-x/", i)
		}
		front, body := fmt.Sprintf("tags: [海, 話題%d]", i%50), fmt.Sprintf("%s\n\n## 見出し\n\n%s\n\n[次へ](%s) [上へ](#見出し)\n", paragraph, paragraph, to)
		if i%10 == 9 {
			body += "\n:::members\n" + paragraph + "\n:::\n"
		}
		if i%8 == 7 {
			front += "\naudience: alumni\nteaser: true"
		}
		switch i % 4 {
		case 0:
			add(fmt.Sprintf("content/news/item-%05d.md", i), news(front, body))
		case 1:
			day := fmt.Sprintf("%d-%02d-%02d", 2020+i%8, 1+i%12, 1+i%28)
			add(fmt.Sprintf("content/events/item-%05d.md", i), event(front+"\ntype: 懇親会\nstart: "+day+" 18:00\nend: "+day+" 20:00", body))
		case 2:
			add(fmt.Sprintf("content/columns/item-%05d/index.md", i), news(front+"\ncover: {src: a.svg, alt: 図}", body))
			add(fmt.Sprintf("content/columns/item-%05d/a.svg", i), dot)
		case 3:
			add(fmt.Sprintf("content/about/item-%05d.md", i), text("title: 題\n"+front, body))
		}
	}
	return project
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		for _, links := range []string{"good", "dead"} {
			// On disk: MapFS looks at all files for each folder.
			dir := b.TempDir()
			if err := os.CopyFS(dir, generated(n, links == "dead")); err != nil {
				b.Fatal(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				b.Fatal(err)
			}
			defer root.Close()
			o, _ := files{}.options(b)
			b.Run(fmt.Sprintf("pages=%d/links=%s", n, links), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, problems := loadAs(b, root.FS(), o)
					if problems.HasErrors() != (links == "dead") {
						b.Fatal(lines(problems[:min(len(problems), 3)]))
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
			})
		}
	}
}
