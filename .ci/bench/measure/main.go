// Command measure measures one corpus with every generator that there is: whole
// builds in five states, and the preview while somebody writes. The script run
// calls it once for each size, on a machine that should do nothing else.
//
//	measure -dir DIR -pages 1000 -runs 5 -kaiho FILE [-hugo FILE] -builds OUT -previews OUT
//
// DIR holds the sites equal, builtin and, with Hugo, hugo. Each has the corpus
// in it, so that they take turns: what loads the machine for a while then loads
// all of them. The rows of the two tables are appended to the files OUT.
//
// Peak memory is the system's count for the process. It cannot be less than what
// this program itself needs, which is why nothing here holds a site in memory.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
)

// options are the flags.
type options struct {
	dir      string
	pages    int
	runs     int
	kaiho    string
	hugo     string
	builds   string
	previews string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("measure: ")
	debug.SetGCPercent(20) // see the package comment
	var o options
	flag.StringVar(&o.dir, "dir", "", "folder of the sites")
	flag.IntVar(&o.pages, "pages", 1000, "number of pages in each")
	flag.IntVar(&o.runs, "runs", 5, "runs of which the median counts")
	flag.StringVar(&o.kaiho, "kaiho", "", "the program kaiho")
	flag.StringVar(&o.hugo, "hugo", "", "the program hugo; without it, kaiho alone")
	flag.StringVar(&o.builds, "builds", "", "file that the rows of builds go to")
	flag.StringVar(&o.previews, "previews", "", "file that the rows of previews go to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measure(ctx, o)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// measure measures builds, then previews, and appends the rows of both.
func measure(ctx context.Context, o options) error {
	if o.runs < 1 {
		return fmt.Errorf("-runs %d: there must be one at least", o.runs)
	}
	all, err := sites(o)
	if err != nil {
		return err
	}
	rows, err := measureBuilds(ctx, all, o)
	if err != nil {
		return err
	}
	if err := appendTo(o.builds, rows); err != nil {
		return err
	}
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err == nil {
		log.Printf("no build can seem to need less than the %d MB of this program", self.Maxrss/1024)
	}
	if rows, err = measurePreviews(ctx, all, o); err != nil {
		return err
	}
	return appendTo(o.previews, rows)
}

// sites returns the sites in o.dir, with the page that is edited in them: one
// from the middle, which is in no feed and not on the home page.
func sites(o options) ([]*site, error) {
	const dist = "dist/public"
	kaiho := func(name, dir string, equal bool) *site {
		return &site{name: name, dir: filepath.Join(o.dir, dir), output: dist, cold: []string{"dist", ".kaiho"}, equal: equal,
			build: []string{o.kaiho, "build", "--json"}, counts: true, layout: "layouts/base.html", cache: ".kaiho",
			serve: func(port int) []string { return []string{o.kaiho, "dev", "--addr", fmt.Sprintf("127.0.0.1:%d", port)} }}
	}
	all := []*site{kaiho("kaiho, equal work", "equal", true), kaiho("kaiho, built-in layouts", "builtin", false)}
	if o.hugo != "" {
		all = append(all, &site{name: "Hugo", dir: filepath.Join(o.dir, "hugo"), output: "public", cold: []string{"public", "resources"}, equal: true,
			build: []string{o.hugo, "--minify", "--quiet"}, layout: "layouts/baseof.html", isHugo: true,
			serve: func(port int) []string {
				return []string{o.hugo, "server", "--port", fmt.Sprint(port), "--disableLiveReload=false"}
			}})
	}
	for _, s := range all {
		if err := s.load(o.pages / 2); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func appendTo(name string, rows []string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("keep the rows of a table: %w", err)
	}
	for _, row := range rows {
		fmt.Fprintln(f, row)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("keep the rows of a table: %w", err)
	}
	return nil
}
