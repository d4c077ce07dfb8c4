package generator_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

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

// BenchmarkBuild measures Open and Build together: cold into an empty folder,
// unchanged into one that is up to date. Run it with TMPDIR in memory: making
// files on a disk takes longer than what is measured.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		project := corpus(n)
		for _, state := range []string{"cold", "unchanged"} {
			b.Run(fmt.Sprintf("pages=%d/state=%s", n, state), func(b *testing.B) {
				b.ReportAllocs()
				dir := b.TempDir()
				if state == "unchanged" {
					buildOnce(b, dir, project)
				}
				for b.Loop() {
					if state == "cold" {
						b.StopTimer()
						dir = b.TempDir()
						b.StartTimer()
					}
					buildOnce(b, dir, project)
				}
				b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "pages/s")
			})
		}
	}
}

func buildOnce(b *testing.B, dir string, project fs.FS) {
	b.Helper()
	p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		b.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	if _, err := p.Build(b.Context(), root, "bench"); err != nil || p.Problems.HasErrors() {
		b.Fatal(err, p.Problems)
	}
}
