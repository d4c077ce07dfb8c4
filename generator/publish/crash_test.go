package publish_test

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/publish"
)

const (
	childFolder = "KAIHO_PUBLISH_CRASH_FOLDER"
	childKill   = "KAIHO_PUBLISH_CRASH_AT" // "" waits to be killed
)

// generation returns a set of files that differs from its neighbours in every
// way: files come and go, change, stay, and turn into folders and back. Each
// file tells its name and generation, and ends with a mark.
func generation(g int) map[string]string {
	set := map[string]string{"public/same": "always"}
	for i := range 60 {
		body := func(name string) {
			set[name] = fmt.Sprintf("%d %s\n%s\nend", g, name, strings.Repeat(strconv.Itoa(g%10), 500*i))
		}
		switch {
		case i%5 == 0 && g%2 == 0:
			body(fmt.Sprintf("public/turn-%d", i))
		case i%5 == 0:
			body(fmt.Sprintf("public/turn-%d/index", i))
		case i%5 == 1 && g%3 == 0:
			body(fmt.Sprintf("members/alumni/%d/index", i))
		case i%5 == 1:
			body(fmt.Sprintf("public/%d/index", i))
		default:
			body(fmt.Sprintf("public/stay/%d", i))
		}
	}
	for i := range 100 { // enough for several goroutines to move them
		set[fmt.Sprintf("public/many/%d", i)] = fmt.Sprintf("%d %d\nend", g, i)
	}
	for i := range 12 { // folders, and a tree, that come as a whole
		name := fmt.Sprintf("year-%d/%d/deep/index", g/2, i)
		set["public/"+name] = fmt.Sprintf("%d public %d\nend", g, i)
		if g%4 == 1 {
			set["members/"+name] = fmt.Sprintf("%d members %d\nend", g, i)
		}
	}
	return set
}

func applyGeneration(t *testing.T, root *os.Root, g int) {
	apply(t, root, generationFiles(g)...)
}

func generationFiles(g int) (wanted []publish.File) {
	for name, text := range generation(g) {
		wanted = append(wanted, page(name, text))
	}
	return wanted
}

// TestCrashChild is the process that the tests below kill, or that kills itself
// where it was told to.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		t.Skip("only runs as a child")
	}
	root := openRoot(t, dir)
	fmt.Println("ready")
	if at, step := os.Getenv(childKill), 0; at != "" {
		wanted := generationFiles(2)
		var mu sync.Mutex
		die := func(where string) {
			mu.Lock()
			defer mu.Unlock()
			if step++; at == fmt.Sprint(where, step) {
				self, _ := os.FindProcess(os.Getpid())
				self.Kill()
				select {}
			}
		}
		for i := range wanted {
			render := wanted[i].Render
			wanted[i].Render = func() ([]byte, error) { die("render "); return render() }
		}
		o := options
		o.Placed = func(int, fs.FileInfo, [32]byte) { die("placed ") }
		publish.Apply(t.Context(), root, wanted, o)
		return
	}
	for g := 0; ; g++ {
		applyGeneration(t, root, g)
	}
}

// TestKillAtAPlace kills while files are staged, and when all are in place but
// the manifest is old.
func TestKillAtAPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes that are killed")
	}
	n := len(generation(2))
	for _, first := range []bool{true, false} {
		for _, at := range []string{"render 1", "render 2", fmt.Sprint("render ", n/2), fmt.Sprint("render ", n), fmt.Sprint("placed ", n+1)} {
			t.Run(fmt.Sprintf("first build %v, %s", first, at), func(t *testing.T) {
				dir := t.TempDir()
				root := openRoot(t, dir)
				if !first {
					applyGeneration(t, root, 1)
				}
				before := withoutDotNames(snapshot(t, dir))
				child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashChild$")
				child.Env = append(os.Environ(), childFolder+"="+dir, childKill+"="+at)
				if out, _ := child.Output(); string(out) != "ready\n" {
					t.Fatalf("child: got %q, want that it was killed", out)
				}
				got := withoutDotNames(snapshot(t, dir))
				if strings.HasPrefix(at, "render") && got != before {
					t.Errorf("staging changed the trees: got %.500s, want %.500s", got, before)
				}
				checkWhole(t, dir)
				applyGeneration(t, root, 2)
				checkGeneration(t, dir, 2)
			})
		}
	}
}

func withoutDotNames(all map[string]string) string {
	for name := range all {
		if strings.HasPrefix(name, ".") {
			delete(all, name)
		}
	}
	return fmt.Sprint(all)
}

func TestKillLeavesWholeFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	dir := t.TempDir()
	root := openRoot(t, dir)
	litter := 0
	for kill := range 25 {
		runAndKill(t, dir, time.Duration(rand.IntN(30_000))*time.Microsecond)
		checkWhole(t, dir)
		if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
			litter++
		}
		if kill%3 != 0 {
			continue // the next child finds what this one left
		}
		applyGeneration(t, root, kill)
		checkGeneration(t, dir, kill)
	}
	if litter == 0 {
		t.Error("no kill hit an Apply: the test shows nothing")
	}
}

// checkGeneration compares all that is in dir, litter too.
func checkGeneration(t *testing.T, dir string, g int) {
	t.Helper()
	want, got := generation(g), snapshot(t, dir)
	for name := range got {
		if _, ok := want[name]; !ok && !strings.HasSuffix(name, "/") {
			t.Errorf("generation %d: %s is left", g, name)
		}
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("generation %d: %s: got %.40q, want %.40q", g, name, got[name], text)
		}
	}
}

func runAndKill(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashChild$")
	child.Env = append(os.Environ(), childFolder+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		t.Errorf("child: got %q, %v", line, err)
	}
	<-time.After(after) // the point of the kill, and not a wait for something
	child.Process.Kill()
	rest, _ := io.ReadAll(lines)
	child.Wait()
	if len(rest) > 0 {
		t.Errorf("child: got %s", rest)
	}
}

// checkWhole reads every file in the trees: it is one of a generation, whole.
func checkWhole(t *testing.T, dir string) {
	t.Helper()
	sets := map[int]map[string]string{}
	for _, tree := range options.Trees {
		filepath.WalkDir(filepath.Join(dir, tree), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			data, err := os.ReadFile(p)
			if err != nil {
				t.Error(err)
			}
			rel, _ := filepath.Rel(dir, p)
			name := filepath.ToSlash(rel)
			first, _, _ := strings.Cut(string(data), " ")
			g, _ := strconv.Atoi(first)
			if sets[g] == nil {
				sets[g] = generation(g)
			}
			if sets[g][name] != string(data) {
				t.Errorf("%s is torn: %.60q", name, data)
			}
			return nil
		})
	}
}
