// Command kaiho compiles a folder of Markdown into an alumni office's
// publishing: a public site and members' pages.
//
// This package is flags, environment and wiring: one file a command. What a
// command does is in the packages of generator.
package main

import (
	"os"
	"time"
	_ "time/tzdata" // the site's time zone, also where the system has none
)

func main() {
	os.Exit(run(os.Args[1:], world{
		stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, clock: time.Now, terminal: isTerminal(os.Stderr),
	}))
}

// isTerminal reports whether f is a terminal.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
