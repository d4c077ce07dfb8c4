package main

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write what the command prints into the scripts")
	testscript.Main(m, map[string]func(){"kaiho": main})
}

// TestScript runs testdata/script/*.txtar: the real command, in a process of
// its own. -update writes what it prints into the scripts.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       flag.Lookup("update").Value.String() == "true",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			// A zone that no site has: what depends on the machine's own shows.
			e.Setenv("TZ", "Pacific/Chatham")
			e.Setenv("KAIHO_LANG", "en")
			return nil
		},
	})
}
