package generator_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator"
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
	for _, name := range []string{"drafts", "future", "another address", "equal size twice", "cache is damaged", "dist is damaged", "broken", "a dead link"} {
		delete(edits, name)
	}
	names := slices.Sorted(maps.Keys(edits))
	d.change("site.yaml", func(s string) string { return strings.Replace(s, "title: 会", "title: 会報", 1) }) // is on every page
	whole, usual := 0, d.run(time.Minute)
	for round := range 45 {
		before, name := d.files(), names[d.r.IntN(len(names))]
		edits[name]()
		limit := time.Duration(d.r.Int64N(int64(usual)))
		if took := d.run(limit); took < limit {
			whole++
			usual = min(usual, took) // the next ones are not to be faster than the kill
		}
		if round%3 == 2 && !d.check(round, "after kills, "+name) {
			d.restore(before)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d of 45 builds were faster than the kill; one takes %v", whole, usual)
	if whole > 35 {
		t.Errorf("only %d builds were killed", 45-whole)
	}
}

// run builds in another process, which it ends after a time, and returns how long
// that took.
func (d *desk) run(limit time.Duration) time.Duration {
	cmd := exec.Command(os.Args[0], "-test.run=^TestAKilledBuildLeavesNothingThatLies$")
	cmd.Env = append(os.Environ(), "KAIHO_TEST_FOLDER="+d.folder, "KAIHO_TEST_DIST="+d.dist, "KAIHO_TEST_STATE="+d.state,
		"KAIHO_TEST_NOW="+d.o.Now.Format(time.RFC3339))
	started := time.Now()
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	kill := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait() // it was killed, or found a mistake
	kill.Stop()
	return time.Since(started)
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
	d := &desk{t: t, root: root, o: generator.Options{Now: at}}
	d.with(os.Getenv("KAIHO_TEST_STATE"), os.Getenv("KAIHO_TEST_DIST"))
}
