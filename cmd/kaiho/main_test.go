package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write what the command prints into the scripts")
	testscript.Main(withPictures{m}, map[string]func(){"kaiho": main})
}

// withPictures runs the tests with one folder of made pictures, since to make those of
// the sample takes longer than most tests. It is that of the environment, if that names one.
type withPictures struct{ *testing.M }

func (w withPictures) Run() int {
	if os.Getenv(picturesKey) != "" {
		return w.M.Run()
	}
	dir, err := os.MkdirTemp("", "kaiho-pictures-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv(picturesKey, dir)
	return w.M.Run()
}

const picturesKey = "KAIHO_PICTURES"

// environment is one with the variables of a test, and the pictures of all.
func environment(variables map[string]string) func(string) string {
	return func(name string) string {
		if name == picturesKey {
			return os.Getenv(name)
		}
		return variables[name]
	}
}

// TestScript runs testdata/script/*.txtar: the real command, in a process of
// its own. -update writes what it prints into the scripts.
func TestScript(t *testing.T) {
	alone(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       flag.Lookup("update").Value.String() == "true",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			// A zone that no site has: what depends on the machine's own shows.
			e.Setenv("TZ", "Pacific/Chatham")
			e.Setenv("KAIHO_LANG", "en")
			e.Setenv(picturesKey, os.Getenv(picturesKey))
			return nil
		},
	})
}

// alone skips a test under the race detector, which makes it take minutes and has nothing
// to find in it: one command after the other, or what a browser makes of pages. .ci/run runs
// these tests without it.
func alone(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("it takes minutes with the race detector, which has nothing to find here; .ci/run runs it without")
	}
}
