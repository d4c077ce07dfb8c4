package layout_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/layout"
	"kaiho/generator/site"
)

// rendering is a call of Set.Execute.
type rendering struct {
	lang, layout string
	view         any
}

// renderings opens a project and returns its layouts, and what it has them do.
func renderings(t testing.TB, project fs.FS) (*layout.Set, []rendering) {
	t.Helper()
	p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*60*60))})
	if err != nil {
		t.Fatal(err)
	}
	var all []rendering
	for _, out := range p.Outputs() {
		if out.View != nil && strings.HasSuffix(out.Layout, ".html") {
			all = append(all, rendering{out.Lang, out.Layout, out.View(site.ForWriting)})
		}
	}
	if len(all) == 0 {
		t.Fatalf("nothing to render: %v", p.Problems)
	}
	return p.Layouts, all
}

// many is a project of n pages with short texts and three tags each, so that
// half of what is written is lists.
func many(n int) fs.FS {
	files := fstest.MapFS{"site.yaml": {Data: []byte("title: 会\nbase_url: https://nagi.example/\norganization: {name: 社, address: 港町1-2}\n")}}
	sections := []string{"news", "columns", "notes"}
	for i := range n {
		files[fmt.Sprintf("content/%s/p%d.md", sections[i%len(sections)], i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"---\ntitle: 記事 %d\ndate: 2026-%02d-%02d\nsummary: 波音湾の朝は早い。要約 %d\ntags: [話題%d, 話題%d, 話題%d]\n---\n本文です。\n",
			i, 1+i%10, 1+i%28, i, i%20, 20+i%40, 60+i%30)}
	}
	return files
}

// What is remembered or folded may change nothing, whether it is met for the
// first time or again, and in whatever order.
func TestOptimizedLayoutsWriteTheSame(t *testing.T) {
	_, all := renderings(t, kaiho.Sample)
	_, more := renderings(t, many(200))
	all = append(all, more...)
	for name, zero := range views {
		filled := reflect.New(reflect.TypeOf(zero)).Elem()
		fill(filled, "", 0)
		for _, lang := range []string{"ja", "en"} {
			all = append(all, rendering{lang, name, zero}, rendering{lang, name, filled.Interface()})
		}
	}
	plain, optimized := builtinWith(t, true), builtinWith(t, false)
	var workers sync.WaitGroup
	for worker := range 2 {
		workers.Go(func() {
			for i := range all {
				r := all[i]
				if worker == 1 {
					r = all[len(all)-1-i]
				}
				r.view = finalView(t, r.view)
				want, err := plain.Execute(r.lang, r.layout, r.view)
				if err != nil {
					t.Error(err)
				}
				if got, err := optimized.Execute(r.lang, r.layout, r.view); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s in %s, number %d: got %v\n%s\nwant\n%s", r.layout, r.lang, i, err, got, want)
					return
				}
			}
		})
	}
	workers.Wait()
}

func BenchmarkExecute(b *testing.B) {
	for _, corpus := range []struct {
		name    string
		project fs.FS
	}{{"sample", kaiho.Sample}, {"pages=10000", many(10_000)}} {
		_, all := renderings(b, corpus.project)
		for _, state := range []string{"plain", "optimized"} {
			b.Run(fmt.Sprintf("%s/state=%s", corpus.name, state), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					set := builtinWith(b, state == "plain")
					for _, r := range all {
						if _, err := set.Execute(r.lang, r.layout, r.view); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(len(all)*b.N)/b.Elapsed().Seconds(), "pages/s")
			})
		}
	}
}
