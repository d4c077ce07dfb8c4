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
	"testing"
	"time"

	"kaiho/generator/publish"
)

const childFolder = "KAIHO_PUBLISH_CRASH_FOLDER"

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
	return set
}

func applyGeneration(t *testing.T, root *os.Root, g int) {
	var wanted []publish.File
	for name, text := range generation(g) {
		wanted = append(wanted, page(name, text))
	}
	apply(t, root, wanted...)
}

// TestCrashChild is the process that TestKillLeavesWholeFiles kills.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		t.Skip("only runs as a child")
	}
	root := openRoot(t, dir)
	fmt.Println("ready")
	for g := 0; ; g++ {
		applyGeneration(t, root, g)
	}
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
		want := generation(kill)
		got := snapshot(t, dir)
		for name := range got {
			if _, ok := want[name]; !ok && !strings.HasSuffix(name, "/") {
				t.Errorf("kill %d: %s is left", kill, name)
			}
		}
		for name, text := range want {
			if got[name] != text {
				t.Errorf("kill %d: %s: got %.40q, want %.40q", kill, name, got[name], text)
			}
		}
	}
	if litter == 0 {
		t.Error("no kill hit an Apply: the test shows nothing")
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
			if generation(g)[name] != string(data) {
				t.Errorf("%s is torn: %.60q", name, data)
			}
			return nil
		})
	}
}
