package publish_test

import (
	"os"
	"path/filepath"
	"testing"

	"kaiho/generator/publish"
)

func TestLookSeesWhetherNothingElseIsThere(t *testing.T) {
	trees, paths := []string{"public", "members"}, []string{"public/a/index.html", "public/b.html"}
	for name, change := range map[string]func(dir string) error{
		"nothing":           func(string) error { return nil },
		"a file more":       func(dir string) error { return os.WriteFile(filepath.Join(dir, "public/c.html"), nil, 0o644) },
		"a file less":       func(dir string) error { return os.Remove(filepath.Join(dir, "public/b.html")) },
		"a folder more":     func(dir string) error { return os.MkdirAll(filepath.Join(dir, "members/x"), 0o755) },
		"a link for a file": func(dir string) error { return relink(dir, "public/b.html", "a/index.html") },
		"a link for a tree": func(dir string) error { return os.Symlink("public", filepath.Join(dir, "members")) },
		"a staging folder":  func(dir string) error { return os.MkdirAll(filepath.Join(dir, ".staging-0123456789abcdef"), 0o755) },
		"no manifest":       func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) },
		"a file for a folder": func(dir string) error {
			if err := os.RemoveAll(filepath.Join(dir, "public/a")); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "public/a"), nil, 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			var files []publish.File
			for _, path := range paths {
				files = append(files, publish.File{Path: path, Audience: "public", Render: func() ([]byte, error) { return []byte(path), nil }})
			}
			if _, err := publish.Apply(t.Context(), root, files, publish.Options{Trees: trees, Version: "test"}); err != nil {
				t.Fatal(err)
			}
			if err := change(dir); err != nil {
				t.Fatal(err)
			}
			infos, manifest, ok := publish.Look(root, trees, paths)
			if want := name == "nothing"; ok != want || want && (len(infos) != 2 || infos[1].Size() != int64(len(paths[1])) || manifest == nil) {
				t.Errorf("got %v, %v, %v", infos, manifest, ok)
			}
		})
	}
}

func relink(dir, name, target string) error {
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		return err
	}
	return os.Symlink(target, filepath.Join(dir, name))
}
