package generator_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// TestAKilledBuildLeavesNothingThatLies kills builds that use a cache at random
// moments, between random edits. Neither the cache nor the output folder may
// then make a later build believe what is not so.
func TestAKilledBuildLeavesNothingThatLies(t *testing.T) {
	if os.Getenv("KAIHO_TEST_FOLDER") != "" {
		childDesk(t)
		return
	}
	if testing.Short() {
		t.Skip("starts many processes")
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	d := newDesk(t, rand.New(rand.NewPCG(seed, 1)))
	d.check(-1, "the first build")
	edits := d.edits()
	for _, name := range []string{"equal size twice", "cache is damaged", "dist is damaged", "broken", "a dead link"} {
		delete(edits, name)
	}
	names := slices.Sorted(maps.Keys(edits))
	whole := 0
	for round := range 45 {
		before, name := d.files(), names[d.r.IntN(len(names))]
		edits[name]()
		if d.runAndKill() {
			whole++
		}
		if round%3 == 2 && !d.check(round, "after kills, "+name) {
			d.restore(before)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d of 45 builds were faster than the kill", whole)
}

// runAndKill starts a build in another process, ends it soon, and reports whether
// it was done before.
func (d *desk) runAndKill() bool {
	cmd := exec.Command(os.Args[0], "-test.run=^TestAKilledBuildLeavesNothingThatLies$")
	cmd.Env = append(os.Environ(), "KAIHO_TEST_FOLDER="+d.folder, "KAIHO_TEST_DIST="+d.dist, "KAIHO_TEST_STATE="+d.state,
		"KAIHO_TEST_NOW="+d.now.Format(time.RFC3339))
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	time.Sleep(time.Duration(d.r.IntN(150)) * time.Millisecond)
	_ = cmd.Process.Kill()
	return cmd.Wait() == nil
}

func childDesk(t *testing.T) {
	root, err := os.OpenRoot(os.Getenv("KAIHO_TEST_FOLDER"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	at, err := time.Parse(time.RFC3339, os.Getenv("KAIHO_TEST_NOW"))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, root: root, now: at}
	d.with(os.Getenv("KAIHO_TEST_STATE"), os.Getenv("KAIHO_TEST_DIST"))
}
