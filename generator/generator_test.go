package generator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
	"kaiho/generator/site"
)

// small is a project with a page of most kinds, readers and states.
func small() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"site.yaml":                  leakSite,
		"content/news/a.md":          "---\ntitle: 甲\ndate: 2026-11-01\ntags: [海]\n---\n[集い](/events/winter/)\n",
		"content/news/b.md":          "---\ntitle: 乙\ndate: 2026-11-02\ntags: [海, 山]\n---\n本文。\n",
		"content/news/c.md":          "---\ntitle: 会員へ\ndate: 2026-11-03\ntags: [海]\naudience: alumni\n---\n本文。\n",
		"content/columns/d.md":       "---\ntitle: 丁\ndate: 2026-11-04\n---\n本文。\n\n:::members\n会員へ。\n:::\n",
		"content/columns/d.en.md":    "---\ntitle: D\ndate: 2026-11-04\n---\nText.\n",
		"content/events/winter.md":   "---\ntitle: 冬の集い\nstart: 2026-12-04 18:30\nend: 2026-12-04 20:30\nrsvp_deadline: 2026-11-27\nmode: offline\ntype: 懇親会\ntags: [海]\n---\n本文。\n",
		"content/jobs/optics.md":     "---\ntitle: 光学設計\nposted: 2026-11-01\ncloses: 2026-12-25\nemployment_type: 正社員\n---\n本文。\n",
		"content/about/rules.md":     "---\ntitle: 会則\naliases: [/rules/]\n---\n本文。\n",
		"content/people/yamada.md":   "---\nname: {family: 山田, given: 花, family_kana: やまだ, given_kana: はな}\n---\n本文。\n",
		"content/columns/e.md":       "---\ntitle: 戊\ndate: 2026-11-05\nauthors: [yamada]\nseries: 続き物\n---\n本文。\n",
		"content/columns/f.md":       "---\ntitle: 己\ndate: 2026-11-06\nauthors: [yamada]\nseries: 続き物\n---\n本文。\n",
		"content/reports/r/index.md": "---\ntitle: 報告\ndate: 2026-11-07\nevent: events/winter.md\n---\n本文。\n",
		"content/reports/r/note.txt": "書き留め\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestTheSampleHasNoProblems(t *testing.T) {
	p, err := generator.Open(kaiho.Sample, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range p.Problems {
		t.Error(problem.Line("en"))
	}
}

func TestBuildingTwiceWritesNothing(t *testing.T) {
	dir := t.TempDir()
	first := buildInto(t, dir, kaiho.Sample, generator.Options{Now: now})
	second := buildInto(t, dir, kaiho.Sample, generator.Options{Now: now})
	if first.Written != first.Outputs || first.Outputs == 0 {
		t.Errorf("first build: got %+v, want everything written", first)
	}
	if second.Written != 0 || second.Removed != 0 || second.Unchanged != first.Outputs {
		t.Errorf("second build: got %+v, want %d unchanged", second, first.Outputs)
	}
}

func TestAnotherDayChangesOnlyWhatTheDayChanges(t *testing.T) {
	dir := t.TempDir()
	project := small()
	buildInto(t, dir, project, generator.Options{Now: now})
	if r := buildInto(t, dir, project, generator.Options{Now: now.AddDate(0, 0, 2)}); r.Written+r.Removed != 0 {
		t.Errorf("a day on which nothing ends: got %+v, want nothing written", r)
	}
	before := read(t, dir)
	buildInto(t, dir, project, generator.Options{Now: now.AddDate(0, 0, 8)}) // the deadline has passed
	after := read(t, dir)
	for name := range before {
		if name != "manifest.json" && !bytes.Equal(before[name], after[name]) && !strings.Contains(strings.ReplaceAll(string(after[name]), "<wbr>", ""), "冬の集い") {
			t.Errorf("%s changed with the day and does not name the event", name)
		}
	}
	if bytes.Equal(before["public/events/winter/index.html"], after["public/events/winter/index.html"]) {
		t.Error("the event's page does not say that its deadline has passed")
	}
	if !bytes.Equal(before["public/columns/e/index.html"], after["public/columns/e/index.html"]) {
		t.Error("a column changed with the day")
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	want := read(t, build(t, kaiho.Sample, generator.Options{Now: now}))
	local, procs := time.Local, runtime.GOMAXPROCS(1)
	time.Local = time.FixedZone("far", -11*60*60)
	defer func() { time.Local = local; runtime.GOMAXPROCS(procs) }()
	got := read(t, build(t, kaiho.Sample, generator.Options{Now: now.UTC()}))
	if !maps.EqualFunc(got, want, bytes.Equal) {
		for name := range want {
			if !bytes.Equal(got[name], want[name]) {
				t.Errorf("%s differs in another zone, on one processor", name)
			}
		}
	}
}

func TestWhatIsGoneFromContentIsGoneFromDist(t *testing.T) {
	dir := t.TempDir()
	project := small()
	buildInto(t, dir, project, generator.Options{Now: now})
	for _, name := range []string{"content/news/b.md", "content/reports/r/index.md", "content/reports/r/note.txt", "content/about/rules.md"} {
		delete(project, name)
	}
	buildInto(t, dir, project, generator.Options{Now: now})
	if want := read(t, build(t, project, generator.Options{Now: now})); !maps.EqualFunc(read(t, dir), want, bytes.Equal) {
		t.Error("after a removal, dist is not what a clean build makes")
	}
	for _, name := range []string{"public/news/b/index.html", "public/tags/山/index.html", "public/reports", "public/rules"} {
		if _, err := os.Stat(path.Join(dir, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
}

// TestOverlaysHoldOnlyWhatDiffers also holds the manifest to the trees.
func TestOverlaysHoldOnlyWhatDiffers(t *testing.T) {
	dir := build(t, kaiho.Sample, generator.Options{Now: now})
	files := read(t, dir)
	var manifest struct {
		Outputs []struct {
			Path, Audience string
			Size           int
		}
	}
	if err := json.Unmarshal(files["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, out := range manifest.Outputs {
		listed[out.Path] = out.Audience
	}
	if len(listed) != len(files)-1 {
		t.Errorf("the manifest lists %d outputs of %d", len(listed), len(files)-1)
	}
	for name, data := range files {
		rest, member := strings.CutPrefix(name, "members/")
		if !member {
			if name != "manifest.json" && listed[name] != "public" {
				t.Errorf("%s: audience in the manifest: got %q, want public", name, listed[name])
			}
			continue
		}
		who, below, _ := strings.Cut(rest, "/")
		if listed[name] != who {
			t.Errorf("%s: audience in the manifest: got %q, want %q", name, listed[name], who)
		}
		if bytes.Equal(data, files["public/"+below]) {
			t.Errorf("%s is equal to its public copy", name)
		}
	}
}

func TestEveryListOfThePlanCanBeLinkedTo(t *testing.T) {
	for _, project := range []fs.FS{kaiho.Sample, small()} {
		p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now, Cache: withPictures(nil)})
		if err != nil || p.Problems.HasErrors() {
			t.Fatal(err, p.Problems)
		}
		for _, out := range p.Outputs() {
			if out.File != nil || out.Page != nil || strings.Contains(out.Output.Path, "/page/") || out.View == nil || out.Layout == site.SearchData { // parts of the index are for its script
				continue
			}
			url := "/" + strings.TrimSuffix(out.Output.Path, "index.html")
			target := p.Library.Resolve(out.Audience, p.Library.Pages[0], markdown.Ref{Dest: url})
			if target.URL == "" {
				t.Errorf("%s is an output for %s, but a link to it counts as dead", url, out.Audience)
			}
		}
	}
}

func TestNoPageOutsideItsAudience(t *testing.T) {
	p, err := generator.Open(kaiho.Sample, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range p.Outputs() {
		page := out.Page
		if page != nil && out.Layout != "teaser.html" && !p.Config.Policy.MayRead(out.Audience, page.Audience) {
			t.Errorf("%s shows %s, which is for %v", out.Path, page.Path, page.Audience)
		}
		if strings.HasPrefix(out.Path, "public/") != (out.Audience == audience.Public) {
			t.Errorf("%s is for %s", out.Path, out.Audience)
		}
	}
}

// TestKilledBuild kills real builds at random moments. Every file must then be
// as the build before or the killed one has it, and the next build must finish.
func TestKilledBuild(t *testing.T) {
	if os.Getenv("KAIHO_TEST_BUILD") != "" {
		childBuild(t)
		return
	}
	if testing.Short() {
		t.Skip("starts many processes")
	}
	states := [2]map[string][]byte{}
	for i := range states {
		states[i] = read(t, build(t, state(i), generator.Options{Now: now}))
	}
	dir := t.TempDir()
	buildInto(t, dir, state(0), generator.Options{Now: now})
	whole := 0
	for round := range 20 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledBuild$")
		cmd.Env = append(os.Environ(), "KAIHO_TEST_BUILD="+dir, fmt.Sprintf("KAIHO_TEST_STATE=%d", 1-round%2))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
		_ = cmd.Process.Kill()
		if cmd.Wait() == nil {
			whole++
		}
		for name, data := range read(t, dir) {
			if strings.HasPrefix(name, "public/") && !bytes.Equal(data, states[0][name]) && !bytes.Equal(data, states[1][name]) {
				t.Fatalf("round %d: %s is of neither build", round, name)
			}
		}
		if round%5 == 4 {
			buildInto(t, dir, state(round%2), generator.Options{Now: now})
			if got := read(t, dir); !maps.EqualFunc(got, states[round%2], bytes.Equal) {
				t.Fatalf("round %d: the build after a kill does not finish it: %d files, want %d", round, len(got), len(states[round%2]))
			}
		}
	}
	t.Logf("%d of 20 builds were faster than the kill", whole)
}

// state is a project in one of two versions that differ in most outputs.
func state(i int) fs.FS {
	project := small()
	site := strings.Replace(string(project["site.yaml"].Data), "title: 会\n", fmt.Sprintf("title: 会%d\n", i), 1)
	project["site.yaml"] = &fstest.MapFile{Data: []byte(site)}
	for n := range 150 {
		name := fmt.Sprintf("content/news/n%d-%d.md", n, i*(n%2))
		project[name] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\ntitle: 記事%d\ndate: 2026-01-01\n---\n%s\n", n, strings.Repeat("本文。", 50+i))}
	}
	return project
}

func childBuild(t *testing.T) {
	i := 0
	if os.Getenv("KAIHO_TEST_STATE") == "1" {
		i = 1
	}
	buildInto(t, os.Getenv("KAIHO_TEST_BUILD"), state(i), generator.Options{Now: now})
}

func TestLayoutThatFailsIsOneProblem(t *testing.T) {
	project := small()
	project["layouts/column.html"] = &fstest.MapFile{Data: []byte("{{define \"main\"}}\n<h1>{{.Article.Nothing}}</h1>\n{{end}}")}
	dir := t.TempDir()
	buildInto(t, dir, small(), generator.Options{Now: now})
	before := read(t, dir)
	p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now, Cache: withPictures(nil)})
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := p.Build(t.Context(), root, "test"); err != nil || p.Problems.Count(diag.Error) != 1 {
		t.Fatalf("got %v, %v; want one error", p.Problems, err)
	}
	i := slices.IndexFunc(p.Problems, func(problem diag.Problem) bool { return problem.Severity() == diag.Error })
	line := p.Problems[i].Line("en")
	for _, want := range []string{"layouts/column.html:2:", "Nothing", "content/columns/d.en.md", "[layout-render]"} {
		if !strings.Contains(line, want) {
			t.Errorf("got %s\nwant %q in it", line, want)
		}
	}
	if !maps.EqualFunc(read(t, dir), before, bytes.Equal) {
		t.Error("a failed build changed dist")
	}
}
