package main

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

const (
	bodySaves  = 30
	titleSaves = 10
)

// preview is what was measured of the previews of one site. Times are in
// seconds for first pages and in milliseconds for saves.
type preview struct {
	first   []float64 // from the start of the process, with nothing kept
	again   []float64 // with what the last one kept; empty: it keeps nothing
	inPlace []float64 // saves of a body: the file is written over
	renamed []float64 // saves of a body: another file takes its name
	title   []float64 // saves of a title
	memory  float64   // MiB at the end
	peak    float64   // MiB
}

func (p *preview) body() []float64 {
	return append(append([]float64{}, p.inPlace...), p.renamed...)
}

// measurePreviews starts the preview of every site o.runs times, saves pages in
// the last one, and returns the rows of the table.
func measurePreviews(ctx context.Context, all []*site, o options) ([]string, error) {
	for _, s := range all { // what builds left needs room in memory
		if err := s.reset(); err != nil {
			return nil, err
		}
	}
	seen := make([]preview, len(all))
	for run := range o.runs {
		for k := range all {
			i := (run + k) % len(all)
			if err := all[i].preview(ctx, &seen[i], run == o.runs-1); err != nil {
				return nil, fmt.Errorf("%d pages, preview of %s: %w", o.pages, all[i].name, err)
			}
		}
	}
	var hugo *preview
	for i, s := range all {
		if s.isHugo {
			hugo = &seen[i]
		}
	}
	var rows []string
	for i, s := range all {
		rows = append(rows, previewRow(o.pages, s, &seen[i], hugo))
	}
	return rows, nil
}

// preview measures the first page, without and with what an earlier preview
// kept, and then the saves if they are wanted.
func (s *site) preview(ctx context.Context, p *preview, saves bool) error {
	if err := s.reset(); err != nil {
		return err
	}
	time.Sleep(pause)
	v, err := s.start(ctx)
	if err != nil {
		return err
	}
	p.first = append(p.first, v.first.Seconds())
	if s.cache != "" {
		time.Sleep(10 * pause) // somebody reads the page; meanwhile it may still keep things
		v.stop()
		if _, err := os.Stat(filepath.Join(s.dir, s.cache)); err != nil {
			return fmt.Errorf("the preview keeps nothing: %w", err)
		}
		if v, err = s.start(ctx); err != nil {
			return err
		}
		p.again = append(p.again, v.first.Seconds())
	}
	defer v.stop()
	log.Printf("%s: first page after %.3f s", s.name, v.first.Seconds())
	if !saves {
		return nil
	}
	if err := s.saveOften(ctx, v, p); err != nil {
		return err
	}
	p.memory, p.peak, err = v.memory()
	return err
}

// saveOften saves the page again and again, in place and by renaming in turn,
// with pauses as long as nobody makes them, which are the same for every site:
// a server that looks at a clock must not be lucky.
func (s *site) saveOften(ctx context.Context, v *server, p *preview) error {
	r := rand.New(rand.NewPCG(1, 2))
	body := ""
	for i := range bodySaves + titleSaves {
		time.Sleep(50*time.Millisecond + time.Duration(r.Int64N(int64(200*time.Millisecond))))
		word := fmt.Sprintf("saved%03d", i)
		text := s.withTitle(word, body)
		if i < bodySaves {
			body, text = word, s.withBody(word)
		}
		rename := i%2 == 1
		since, err := s.save(text, rename)
		if err != nil {
			return err
		}
		took, err := v.wait(ctx, word, since)
		if err != nil {
			return err
		}
		ms := float64(took.Microseconds()) / 1000
		switch {
		case i >= bodySaves:
			p.title = append(p.title, ms)
		case rename:
			p.renamed = append(p.renamed, ms)
		default:
			p.inPlace = append(p.inPlace, ms)
		}
	}
	log.Printf("%s: %d saves of a body, median %.1f ms", s.name, bodySaves, quantile(p.body(), 0.5))
	return nil
}

// save writes the page, and returns the time just before the system call after
// which a reader of the file sees the new text.
func (s *site) save(text []byte, rename bool) (since time.Time, err error) {
	if !rename {
		since = time.Now()
		return since, os.WriteFile(s.page, text, 0o644)
	}
	beside := filepath.Join(filepath.Dir(s.page), "."+filepath.Base(s.page)+".tmp")
	if err := os.WriteFile(beside, text, 0o644); err != nil {
		return since, err
	}
	since = time.Now()
	return since, os.Rename(beside, s.page)
}

// previewRow is a line of the table of previews. The ratios are those of first
// pages without a cache, of saves of bodies and of memory.
func previewRow(pages int, s *site, p, hugo *preview) string {
	both := func(ms []float64) string {
		return fmt.Sprintf("%.1f (%.1f)", quantile(ms, 0.5), quantile(ms, 0.9))
	}
	again, ratios := "", " | | "
	if len(p.again) > 0 {
		again = fmt.Sprintf("%.3f", quantile(p.again, 0.5))
	}
	if hugo != nil && hugo != p {
		ratios = fmt.Sprintf("%s | %s | %s", times(quantile(hugo.first, 0.5), quantile(p.first, 0.5)),
			times(quantile(hugo.body(), 0.5), quantile(p.body(), 0.5)), times(hugo.memory, p.memory))
	}
	return fmt.Sprintf("| %d | %s | %.3f | %s | %s | %s | %s | %s | %.0f | %.0f | %s |", pages, s.name, quantile(p.first, 0.5), again,
		both(p.body()), both(p.inPlace), both(p.renamed), both(p.title), p.memory, p.peak, ratios)
}
