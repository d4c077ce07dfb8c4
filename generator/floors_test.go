package generator_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors is the house: a package of the project imports only packages of lower
// floors. cmd/kaiho is on top, and embed.go at the root imports nothing.
var floors = map[string]int{
	"parallel": -1,
	"diag":     0, "audience": 0, "publish": 0, "cache": 0, "signedlink": 0, "store": 0, "message": 0, "bounce": 0, "theme": 0, "phrase": 0,
	"frontmatter": 1, "markdown": 1, "layout": 1, "picture": 1, "card": 1, "preview": 1, "search": 1, "member": 1, "ledger": 1, "segment": 1, "store/storetest": 1, "mailer/mailertest": 1,
	"config": 2, "content": 2, "gate": 2, "mailer": 2,
	"site": 3, "dispatch": 3, "doctor": 3, "schema": 3,
	"newsletter": 4, // a letter shows the cards that lists show
}

// testSupport are the packages that no file of the program imports: they are made
// for tests.
var testSupport = []string{"store/storetest", "mailer/mailertest"}

var owners = map[string][]string{ // outside library → the packages that alone import it
	"github.com/yuin/goldmark":        {"generator/markdown"},
	"github.com/tats-u/":              {"generator/markdown"},
	"github.com/adrg/frontmatter":     {"generator/frontmatter"},
	"go.yaml.in/yaml":                 {"generator/frontmatter", "generator/schema"}, // schema: tests, which read as editors do
	"github.com/santhosh-tekuri/":     {"generator/schema"},                          // tests
	"github.com/tdewolff/":            {"generator/layout"},
	"github.com/fsnotify/fsnotify":    {"generator/preview"},
	"modernc.org/sqlite":              {"generator/store"},
	"github.com/jackc/pgx":            {"generator/store"},
	"github.com/pressly/goose":        {"generator/store"},
	"github.com/spf13/":               {"cmd/kaiho"},
	"github.com/chromedp/":            {"generator/preview", "cmd/kaiho"}, // tests: of the preview, of a member's way, and of every page
	"github.com/rogpeppe/go-internal": {"cmd/kaiho"},                      // tests
	"golang.org/x/text":               {"generator/content", "generator/site", "generator/markdown", "generator/frontmatter", "generator/member", "generator/segment", "generator/config", "generator/bounce", "generator/layout", "generator/search"},
	"golang.org/x/net":                {"generator/member"}, // idna: x/text has none that is public
	"golang.org/x/time":               {"generator/mailer"},
	"golang.org/x/image":              {"generator/card", "generator"}, // in the latter tests: a font
	"github.com/tetratelabs/wazero":   {"generator/picture"},
	"blitiri.com.ar/go/spf":           {"generator/doctor"},
	"github.com/wneessen/go-mail":     {"generator/mailer"},
	"github.com/emersion/go-msgauth":  {"generator/mailer"}, // tests: it verifies what we sign
	"github.com/emersion/go-smtp":     {"generator/mailer"}, // tests
	"github.com/emersion/go-sasl":     {"generator/mailer"}, // tests: its server's sign-in
}

// TestFloors holds the table of who may import whom, and which package alone
// may import each outside library.
func TestFloors(t *testing.T) {
	root := ".."
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "dist" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		dir := path.Dir(filepath.ToSlash(rel))
		seen[dir] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, filepath.ToSlash(rel), dir, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range seen {
		if !isHouse(dir) {
			t.Errorf("%s is no package of the house: every package but cmd/kaiho and the root is a folder of generator/ with a floor", dir)
		}
	}
}

// isHouse reports whether dir is a package that the plan of the house knows.
func isHouse(dir string) bool {
	name, below := strings.CutPrefix(dir, "generator/")
	_, known := floors[name]
	return dir == "." || dir == "cmd/kaiho" || dir == "generator" || dir == ".ci/bench" || below && known
}

func checkImport(t *testing.T, file, dir, imported string) {
	t.Helper()
	own, ours := strings.CutPrefix(imported, "kaiho/generator/")
	switch {
	case imported == "kaiho" || imported == "kaiho/generator":
		if dir != "cmd/kaiho" && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s imports %s: only cmd/kaiho may", file, imported)
		}
	case ours:
		from, to := floorOf(dir), floors[own]
		external := strings.HasSuffix(file, "_test.go") // tests may look at a neighbour's view types
		if slices.Contains(testSupport, own) && !external {
			t.Errorf("%s imports %s: only files of tests may", file, imported)
		}
		if from <= to && !external {
			t.Errorf("%s (floor %d) imports %s (floor %d): a package imports only from lower floors", file, from, own, to)
		}
	case strings.Contains(strings.Split(imported, "/")[0], "."):
		checkLibrary(t, file, dir, imported)
	}
}

func checkLibrary(t *testing.T, file, dir, imported string) {
	t.Helper()
	for library, packages := range owners {
		if strings.HasPrefix(imported, library) {
			if !slices.Contains(packages, dir) {
				t.Errorf("%s imports %s: only %s may", file, imported, strings.Join(packages, ", "))
			}
			return
		}
	}
	t.Errorf("%s imports %s: no package is named as its owner", file, imported)
}

func floorOf(dir string) int {
	switch dir {
	case ".":
		return 0
	case "cmd/kaiho":
		return 6
	case "generator":
		return 5
	}
	return floors[strings.TrimPrefix(dir, "generator/")]
}

// TestTop holds the list of what lies at the top of the repository.
func TestTop(t *testing.T) {
	known := strings.Fields("cmd content layouts static schema frontmatter.json generator go.mod go.sum site.yaml README.md embed.go .ci .gitignore .git dist .kaiho")
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(known, e.Name()) {
			t.Errorf("%s lies at the top of the repository; known there: %s", e.Name(), strings.Join(known, " "))
		}
	}
}
