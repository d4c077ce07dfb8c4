package site

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/audience"
	"kaiho/generator/layout"
	"kaiho/generator/parallel"
)

// large is a project of n pages, with tags, translations and pictures of other
// sites, in sections of several kinds.
func large(n int) project {
	f := project{"site.yaml": "languages: [ja, en]\n"}
	body := strings.Repeat("波音湾の朝は早い。\n\n", 10)
	for i := range n {
		section := []string{"news", "columns", "reports"}[i%3]
		name := fmt.Sprintf("content/%s/p%d", section, i)
		front := fmt.Sprintf("date: 2026-%02d-%02d\nsummary: 要約 %d\ntags: [話題%d, 話題%d]\ncover: {src: 'https://pictures.example/%d.jpg', alt: 絵}",
			1+i%10, 1+i%28, i, i%20, 20+i%40, i)
		f[name+".md"] = page(fmt.Sprint("記事 ", i), front) + body + fmt.Sprintf("## 見出し\n\n[次](/%s/p%d/) [一覧](/news/)\n", section, (i+3)%n/3*3+i%3)
		if i%10 == 0 {
			f[name+".en.md"] = page(fmt.Sprint("Article ", i), front)
		}
	}
	return f
}

const benchPages = 3000

func benchPlanner(b *testing.B) []Output {
	b.Helper()
	lib, conf := large(benchPages).load(b, planNow)
	return NewPlan(lib, conf, Options{Now: planNow, Card: "/card.png"})
}

func BenchmarkPlan(b *testing.B) {
	lib, conf := large(benchPages).load(b, planNow)
	b.Run(fmt.Sprintf("pages=%d", benchPages), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewPlan(lib, conf, Options{Now: planNow, Card: "/card.png"})
		}
	})
}

// BenchmarkViews measures making the views of all outputs once.
func BenchmarkViews(b *testing.B) {
	plan := benchPlanner(b)
	for _, mode := range []struct {
		name   string
		bodies Bodies
	}{{"comparing", ForComparing}, {"writing", ForWriting}} {
		b.Run(fmt.Sprintf("pages=%d/for=%s", benchPages, mode.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parallel.Each(len(plan), func(i int) { plan[i].View(mode.bodies) })
			}
			b.ReportMetric(float64(len(plan)), "outputs/op")
		})
	}
}

// BenchmarkFingerprint measures the fingerprints of all views, once made.
func BenchmarkFingerprint(b *testing.B) {
	plan := benchPlanner(b)
	views := make([]any, len(plan))
	for i, out := range plan {
		views[i] = out.View(ForComparing)
	}
	b.Run(fmt.Sprintf("pages=%d", benchPages), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, view := range views {
				layout.Fingerprint(view)
			}
		}
		b.ReportMetric(float64(len(plan)), "outputs/op")
	})
}

// TestViewsAreTheSameHoweverTheyAreMade holds that views, which share much and
// are made on many goroutines, are those that are made one after another.
func TestViewsAreTheSameHoweverTheyAreMade(t *testing.T) {
	lib, conf := large(300).load(t, planNow)
	plan := func() []Output { return NewPlan(lib, conf, Options{Reader: audience.Public, Now: planNow}) }
	once := plan()
	prints := make([][32]byte, len(once))
	for i, out := range once {
		prints[i] = layout.Fingerprint(out.Path, out.View(ForComparing), out.View(ForWriting))
	}
	again := plan()
	if len(again) != len(once) {
		t.Fatalf("got %d outputs, want %d", len(again), len(once))
	}
	parallel.Each(len(again), func(i int) {
		if layout.Fingerprint(again[i].Path, again[i].View(ForComparing), again[i].View(ForWriting)) != prints[i] {
			t.Errorf("%s: another view", again[i].Path)
		}
	})
}
