package publish_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaiho/generator/publish"
)

func BenchmarkApply(b *testing.B) {
	const n = 10_000
	text := strings.Repeat("<p>会報の本文です。</p>\n", 300)
	wanted := make([]publish.File, n)
	for i := range wanted {
		wanted[i] = page(fmt.Sprintf("public/news/%d/index.html", i), fmt.Sprint(i, text))
	}
	b.Run(fmt.Sprintf("files=%d/state=unchanged", n), func(b *testing.B) {
		root := openRoot(b, b.TempDir())
		apply(b, root, wanted...)
		b.ReportAllocs()
		for b.Loop() {
			apply(b, root, wanted...)
		}
	})
	b.Run(fmt.Sprintf("files=%d/state=cold", n), func(b *testing.B) {
		parent := b.TempDir()
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			dir := filepath.Join(parent, fmt.Sprint(i))
			if err := os.Mkdir(dir, 0o755); err != nil {
				b.Fatal(err)
			}
			apply(b, openRoot(b, dir), wanted...)
			b.StopTimer()
			os.RemoveAll(dir)
			b.StartTimer()
		}
	})
}
