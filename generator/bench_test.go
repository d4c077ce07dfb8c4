package generator_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
)

// corpus is a project of n pages of about 4 KB.
func corpus(n int) fstest.MapFS {
	files := fstest.MapFS{"site.yaml": {Data: []byte(leakSite)}}
	body := strings.Repeat("波音湾の朝は早い。**「凪」**という言葉を、ここでは挨拶のように使います。\n\n", 40)
	for i := range n {
		files[fmt.Sprintf("content/news/p%d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"---\ntitle: 記事 %d\ndate: 2026-%02d-%02d\nsummary: 要約 %d\ntags: [話題%d, 話題%d]\n---\n## 見出し\n\n%s[次](/news/p%d/)\n",
			i, 1+i%11, 1+i%28, i, i%20, 20+i%40, body, (i*7+1)%n)}
	}
	return files
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		project := corpus(n)
		b.Run(fmt.Sprintf("pages=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// BenchmarkBuild measures what `kaiho build` does: cold, without a cache and into
// an empty folder; unchanged; and after an edit of one body. Run it with TMPDIR in
// memory: making files on a disk takes longer than what is measured.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		folder := b.TempDir()
		if err := os.CopyFS(folder, corpus(n)); err != nil {
			b.Fatal(err)
		}
		project, page := os.DirFS(folder), filepath.Join(folder, "content/news/p7.md")
		for _, state := range []string{"cold", "unchanged", "body-edited"} {
			b.Run(fmt.Sprintf("pages=%d/state=%s", n, state), func(b *testing.B) {
				b.ReportAllocs()
				dist, cache := b.TempDir(), b.TempDir()
				buildOnce(b, dist, cache, project)
				for i := 0; b.Loop(); i++ {
					b.StopTimer()
					switch state {
					case "cold":
						dist, cache = b.TempDir(), b.TempDir()
					case "body-edited":
						words := fmt.Appendf(nil, "---\ntitle: 記事\ndate: 2026-11-01\nsummary: 要約\n---\n追記 %d\n", i)
						if err := os.WriteFile(page, words, 0o644); err != nil {
							b.Fatal(err)
						}
						time.Sleep(60 * time.Millisecond) // until the file's time says enough
					}
					b.StartTimer()
					buildOnce(b, dist, cache, project)
				}
				b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "pages/s")
			})
		}
	}
}

func buildOnce(b *testing.B, dist, state string, project fs.FS) {
	b.Helper()
	cache := generator.NewCache(state, "bench")
	defer cache.Close()
	root, err := os.OpenRoot(dist)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	o := generator.Options{Now: now, Cache: cache, Once: true}
	if _, ok := generator.Unchanged(project, root, o); ok {
		return
	}
	p, err := generator.Open(project, kaiho.Sample, o)
	if err != nil || p.Problems.HasErrors() {
		b.Fatal(err, p.Problems)
	}
	if _, err := p.Build(b.Context(), root, "bench"); err != nil {
		b.Fatal(err)
	}
}
