package publish_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/publish"
)

// BenchmarkApply takes files that are rendered already, so that it measures
// what is not rendering. Set TMPDIR to a folder in memory to leave out the disk.
func BenchmarkApply(b *testing.B) {
	const n = 10_000
	text := strings.Repeat("<p>会報の本文です。</p>\n", 300)
	wanted, sums := make([]publish.File, n), make([][32]byte, n)
	for i := range wanted {
		data := []byte(fmt.Sprint(i, text))
		sums[i] = sha256.Sum256(data)
		wanted[i] = page(fmt.Sprintf("public/news/%d/index.html", i), "")
		wanted[i].Render = func() ([]byte, error) { return data, nil }
	}
	vouched := make([]publish.File, n)
	for i, f := range wanted {
		f.Current = func(fs.FileInfo) ([32]byte, bool) { return sums[i], true }
		vouched[i] = f
	}
	edited := [][]publish.File{slices.Clone(vouched), slices.Clone(vouched)}
	for k := range edited {
		edited[k][n/2] = page(vouched[n/2].Path, fmt.Sprint("edit ", k))
	}
	other := make([]publish.File, n) // all pages change, as after an edit of a layout
	for i := range other {
		other[i] = page(wanted[i].Path, fmt.Sprint(text, i))
	}
	for _, state := range []struct {
		name string
		sets [][]publish.File // in turn
	}{
		{"unchanged", [][]publish.File{wanted}},
		{"current", [][]publish.File{vouched}},
		{"edit", edited},
		{"layout", [][]publish.File{other, wanted}},
	} {
		b.Run(fmt.Sprintf("files=%d/state=%s", n, state.name), func(b *testing.B) {
			root := openRoot(b, b.TempDir())
			apply(b, root, wanted...)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				apply(b, root, state.sets[i%len(state.sets)]...)
			}
		})
	}
	b.Run(fmt.Sprintf("files=%d/state=cold", n), func(b *testing.B) {
		benchmarkCold(b, wanted)
	})
}

func benchmarkCold(b *testing.B, wanted []publish.File) {
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
}
