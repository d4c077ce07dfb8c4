package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// pause lies between an edit and the build. Generators that compare times of
// files read those again that were written in the tick before, and nobody
// builds that fast.
const pause = 100 * time.Millisecond

// sample is what one build took.
type sample struct {
	wall  time.Duration
	cpu   time.Duration // user and system, of all cores
	peak  int64         // bytes of resident memory
	files int           // written
	size  int64         // bytes of those files
	shown int           // pages that show the edit
}

// state is what a build finds. prepare makes it so, and returns the word that
// the output must show afterwards; empty: none.
type state struct {
	name    string
	prepare func(s *site, run int) (word string, err error)
}

const (
	stateCold = "cold"
	stateBody = "body edited"
)

func states() []state {
	word := func(what string, run int) string { return fmt.Sprintf("edited%s%03d", what, run) }
	return []state{
		{stateCold, func(s *site, _ int) (string, error) { return "", s.reset() }},
		{"unchanged", func(*site, int) (string, error) { return "", nil }},
		{stateBody, func(s *site, run int) (string, error) {
			w := word("body", run)
			return w, os.WriteFile(s.page, s.withBody(w), 0o644)
		}},
		{"title edited", func(s *site, run int) (string, error) {
			w := word("title", run)
			return w, os.WriteFile(s.page, s.withTitle(w, word("body", run)), 0o644)
		}},
		{"layout edited", func(s *site, run int) (string, error) {
			w := word("layout", run)
			return w, os.WriteFile(s.layout, s.withLayout(w), 0o644)
		}},
	}
}

// measureBuilds builds every site in every state, o.runs times, and returns the
// rows of the table. In each run another site is the first.
func measureBuilds(ctx context.Context, all []*site, o options) ([]string, error) {
	samples := map[string]map[*site][]sample{}
	for run := range o.runs {
		for _, st := range states() {
			for k := range all {
				s := all[(run+k)%len(all)]
				took, err := s.buildIn(ctx, st, run)
				if err != nil {
					return nil, fmt.Errorf("%d pages, %s, %s: %w", o.pages, s.name, st.name, err)
				}
				if samples[st.name] == nil {
					samples[st.name] = map[*site][]sample{}
				}
				samples[st.name][s] = append(samples[st.name][s], took)
			}
			if run > 0 {
				continue
			}
			if err := compare(all, st, samples[st.name]); err != nil {
				return nil, fmt.Errorf("%d pages, %s: %w", o.pages, st.name, err)
			}
		}
	}
	var rows []string
	for _, st := range states() {
		for _, s := range all {
			rows = append(rows, buildRow(o.pages, st.name, s, samples[st.name]))
		}
	}
	return rows, nil
}

// buildIn makes the site what st says, builds it, and checks the output.
func (s *site) buildIn(ctx context.Context, st state, run int) (sample, error) {
	word, err := st.prepare(s, run)
	if err != nil {
		return sample{}, err
	}
	time.Sleep(pause)
	since := time.Now().Add(-pause / 4) // clocks of files are some milliseconds behind
	if st.name == stateCold {
		since = time.Time{} // copies of static files may keep an older time
	}
	took, out, err := execute(ctx, s.dir, s.build)
	if err != nil {
		return took, err
	}
	if took.files, took.size, err = s.files(since); err != nil {
		return took, err
	}
	err = s.check(word, st, &took, out)
	log.Printf("run %d, %s, %s: %.3f s, %d files written, %d pages show the edit", run+1, s.name, st.name, took.wall.Seconds(), took.files, took.shown)
	return took, err
}

// check compares the output with the edit: the page itself must show word. What
// kaiho says that it wrote must be the files that are new, and for an edited
// body those that show it, no more. It adds to took how many pages show word.
func (s *site) check(word string, st state, took *sample, out []byte) error {
	shown := 0
	if word != "" {
		has, err := contains(s.published(s.url), word, make([]byte, 64<<10))
		if err != nil {
			return fmt.Errorf("look for the edit: %w", err)
		}
		if !has {
			return fmt.Errorf("%s does not show the edit %s", s.url, word)
		}
		if shown, took.shown, err = s.showing(word); err != nil {
			return err
		}
	}
	if !s.counts {
		return nil
	}
	var report struct{ Written int }
	if err := json.Unmarshal(out, &report); err != nil {
		return fmt.Errorf("read the counts of the build: %w", err)
	}
	if report.Written != took.files {
		return fmt.Errorf("the build says that it wrote %d files, and %d are new", report.Written, took.files)
	}
	if st.name == stateBody && report.Written != shown {
		return fmt.Errorf("%d files were written, and %d show the edit", report.Written, shown)
	}
	return nil
}

// execute runs a command line in dir as a process of its own, and returns what
// it took and what it printed.
func execute(ctx context.Context, dir string, line []string) (sample, []byte, error) {
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &problems
	started := time.Now()
	err := cmd.Run()
	took := sample{wall: time.Since(started)}
	if err != nil {
		return took, nil, fmt.Errorf("%v: %w\n%s%s", line, err, out.Bytes(), problems.Bytes())
	}
	took.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		took.peak = usage.Maxrss * 1024 // Linux counts in KiB
	}
	return took, out.Bytes(), nil
}

// buildRow is a line of the table of builds: the medians of s, and how many
// times as much Hugo takes.
func buildRow(pages int, state string, s *site, of map[*site][]sample) string {
	middle := func(s *site, value func(sample) float64) float64 {
		values := make([]float64, len(of[s]))
		for i, x := range of[s] {
			values[i] = value(x)
		}
		return quantile(values, 0.5)
	}
	wall := func(x sample) float64 { return x.wall.Seconds() }
	cpu := func(x sample) float64 { return x.cpu.Seconds() }
	peak := func(x sample) float64 { return float64(x.peak) / (1 << 20) }
	ratio := func(value func(sample) float64) string {
		for other := range of {
			if other.isHugo && s != other {
				return times(middle(other, value), middle(s, value))
			}
		}
		return ""
	}
	return fmt.Sprintf("| %d | %s | %s | %.3f | %.3f | %.0f | %.0f | %.1f | %s | %s | %s |", pages, state, s.name,
		middle(s, wall), middle(s, cpu), middle(s, peak),
		middle(s, func(x sample) float64 { return float64(x.files) }),
		middle(s, func(x sample) float64 { return float64(x.size) / (1 << 20) }),
		ratio(wall), ratio(cpu), ratio(peak))
}

// times writes how many times as much a is as b: "12×", "1.4×".
func times(a, b float64) string {
	switch {
	case a <= 0 || b <= 0:
		return ""
	case a/b >= 10:
		return fmt.Sprintf("%.0f×", a/b)
	}
	return fmt.Sprintf("%.1f×", a/b)
}

// quantile returns the value below which the part q of the values lies: the
// nearest one that there is, or for the median, which is a q of 0.5, the middle
// of the two nearest. No values give 0.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	if q == 0.5 && len(sorted)%2 == 0 {
		return (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	}
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
