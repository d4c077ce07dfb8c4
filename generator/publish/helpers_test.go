package publish_test

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/publish"
)

var options = publish.Options{Trees: []string{"public", "members"}, Version: "kaiho test"}

// page is a wanted file with that text; its audience is that of its tree.
func page(path, text string) publish.File {
	audience := "public"
	if rest, ok := strings.CutPrefix(path, "members/"); ok {
		audience, _, _ = strings.Cut(rest, "/")
	}
	return publish.File{Path: path, Audience: audience, Render: func() ([]byte, error) { return []byte(text), nil }}
}

func streamed(path, text string) publish.File {
	f := page(path, "")
	f.Render = nil
	f.Copy = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	return f
}

func openRoot(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func apply(t testing.TB, root *os.Root, files ...publish.File) publish.Report {
	t.Helper()
	r, err := publish.Apply(t.Context(), root, files, options)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// snapshot returns everything under dir but the manifest, folders as
// "name/" and links as "name -> target".
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, p)
		name = filepath.ToSlash(name)
		switch {
		case name == "." || name == "manifest.json":
		case d.IsDir():
			got[name+"/"] = ""
		case d.Type()&fs.ModeSymlink != 0:
			target, _ := os.Readlink(p)
			got[name] = "-> " + target
		default:
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			got[name] = string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func files(all map[string]string) string {
	var b strings.Builder
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !strings.HasSuffix(name, "/") {
			fmt.Fprintf(&b, "%s=%s ", name, all[name])
		}
	}
	return strings.TrimSpace(b.String())
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Skip("no symbolic links here:", err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
