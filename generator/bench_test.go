package generator_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
)

// written is when the files of a corpus were written.
var written = now.AddDate(-1, 0, 0)

// corpus is a project of n pages of about 4 KB.
func corpus(n int) fstest.MapFS {
	files := fstest.MapFS{"site.yaml": {ModTime: written, Data: []byte(leakSite)}}
	body := strings.Repeat("波音湾の朝は早い。**「凪」**という言葉を、ここでは挨拶のように使います。\n\n", 40)
	for i := range n {
		files[fmt.Sprintf("content/news/p%d.md", i)] = &fstest.MapFile{ModTime: written, Data: fmt.Appendf(nil,
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
		for _, state := range []string{"cold", "unchanged", "body-edited"} {
			b.Run(fmt.Sprintf("pages=%d/state=%s", n, state), func(b *testing.B) {
				b.ReportAllocs()
				project := corpus(n)
				dist, cache := b.TempDir(), b.TempDir()
				buildOnce(b, dist, cache, project)
				for i := 0; b.Loop(); i++ {
					b.StopTimer()
					switch state {
					case "cold":
						dist, cache = b.TempDir(), b.TempDir()
					case "body-edited":
						edited := project["content/news/p7.md"]
						edited.Data = fmt.Appendf(edited.Data, "追記 %d\n", i)
						edited.ModTime = written.Add(time.Duration(i+1) * time.Second)
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
