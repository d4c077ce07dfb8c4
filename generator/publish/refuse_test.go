package publish_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaiho/generator/publish"
)

func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

func TestUnsafePathsAreRefusedBeforeAnythingHappens(t *testing.T) {
	tests := []struct {
		name  string
		paths []string
		trees []string
		want  []string
	}{
		{name: "leaving the root", paths: []string{"public/../../x"}, want: []string{"unsafe"}},
		{name: "absolute", paths: []string{"/etc/passwd"}, want: []string{"unsafe"}},
		{name: "backslash", paths: []string{`public\x`}, want: []string{"unsafe"}},
		{name: "NUL", paths: []string{"public/\x00"}, want: []string{"unsafe"}},
		{name: "empty", paths: []string{""}, want: []string{"unsafe"}},
		{name: "empty name", paths: []string{"public//x"}, want: []string{"unsafe"}},
		{name: "a folder's name", paths: []string{"public/x/"}, want: []string{"unsafe"}},
		{name: "not UTF-8", paths: []string{"public/\xff"}, want: []string{"unsafe"}},
		{name: "outside of the trees", paths: []string{"manifest.json"}, want: []string{"in none of the trees"}},
		{name: "in a tree spelled otherwise", paths: []string{"Public/x"}, want: []string{"in none of the trees"}},
		{name: "a tree itself", paths: []string{"public"}, want: []string{"in none of the trees"}},
		{name: "a name too long for file systems", paths: []string{"public/" + strings.Repeat("会", 86)}, want: []string{"longer than 255 bytes"}},
		{name: "twice", paths: []string{"public/x", "public/x"}, want: []string{`"public/x" is wanted twice`}},
		{name: "twice but for case", paths: []string{"public/Straße/K", "public/straße/\u212a"}, want: []string{`"public/Straße/K"`, "\"public/straße/\u212a\"", "upper and lower case"}},
		{name: "file and folder", paths: []string{"public/a", "public/a/b"}, want: []string{`"public/a" is a file`, `"public/a/b"`}},
		{name: "a file and a folder with two files", paths: []string{"public/a", "public/a/b", "public/a/c", "public/a/d/e"}, want: []string{`"public/a/b"`, `"public/a/c"`, `"public/a/d/e"`}},
		{name: "file and folder but for case", paths: []string{"public/A/b", "public/a"}, want: []string{`"public/a" is a file`}},
		{name: "all at once", paths: []string{"", "public/x", "public/x", "/"}, want: []string{`""`, "twice", `"/"`}},
		{name: "trees that overlap", trees: []string{"public", "public/x"}, want: []string{"overlap"}},
		{name: "a tree of our own files", trees: []string{".lock", "manifest.json"}, want: []string{`".lock"`, `"manifest.json"`}},
		{name: "the root as a tree", trees: []string{"."}, want: []string{"unsafe"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			o := options
			if test.trees != nil {
				o.Trees = test.trees
			}
			wanted := []publish.File{page("public/fine", "")}
			if test.trees != nil {
				wanted = nil
			}
			for _, p := range test.paths {
				wanted = append(wanted, page(p, ""))
			}
			_, err := publish.Apply(t.Context(), openRoot(t, dir), wanted, o)
			if err == nil {
				t.Fatal("got no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error: got %q, want %q in it", err, want)
				}
			}
			if entries, _ := os.ReadDir(dir); len(entries) != 0 {
				t.Errorf("folder: got %v, want nothing", entries)
			}
		})
	}
}

func TestForeignFoldersAreRefused(t *testing.T) {
	const ours = `{"version":1,"generator":"kaiho","outputs":[`
	tests := []struct {
		name     string
		manifest string
		inside   string
		trees    []string
		want     string // "" when it is taken
	}{
		{name: "somebody's public folder", inside: "public/photo.jpg", want: "choose another --destination or empty it"},
		{name: "a folder in the tree", inside: "public/mine/", want: "choose another --destination or empty it"},
		{name: "an empty tree is taken", inside: "public/"},
		{name: "an empty tree within another folder is taken", inside: "newsletters/2026-01/", trees: []string{"newsletters/2026-01"}},
		{name: "somebody's other folder", inside: "src/main.go", want: `holds "src"; choose another --destination or empty it`},
		{name: "somebody's empty folder", inside: "etc/", want: `holds "etc"; choose another --destination or empty it`},
		{name: "somebody's file", inside: "notes.txt", want: `holds "notes.txt"; choose another --destination or empty it`},
		{name: "a file beside the tree", inside: "newsletters/x", trees: []string{"newsletters/2026-01"}, want: `holds "newsletters/x"`},
		{name: "a file with a tree's name", inside: "public", want: `holds "public"`},
		{name: "names that begin with a dot do not matter", inside: ".git/config"},
		{name: "nor do files of such names", inside: ".gitignore"},
		{name: "a web app's manifest", manifest: `{"name":"app","icons":[]}`, want: "choose another --destination or empty it"},
		{name: "a manifest that is not JSON", manifest: "hello", want: "choose another --destination or empty it"},
		{name: "a torn manifest of ours", manifest: ours + `{"path":"public/a","aud`, want: "delete the folder and build again"},
		{name: "a manifest of ours with something after it", manifest: ours + "]}{}", want: "delete the folder and build again"},
		{name: "a manifest of a later version", manifest: `{"version":2,"generator":"kaiho","outputs":[]}`, want: "delete the folder and build again"},
		{name: "an empty manifest", inside: "manifest.json", want: "delete the folder and build again"},
		{name: "our manifest, reformatted", manifest: "{\n \"version\": 1,\n \"generator\": \"kaiho\",\n \"outputs\": []\n}", inside: "public/stale"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if strings.HasSuffix(test.inside, "/") {
				os.MkdirAll(filepath.Join(dir, test.inside), 0o755)
			} else if test.inside != "" {
				write(t, filepath.Join(dir, test.inside), "")
			}
			if test.manifest != "" {
				write(t, filepath.Join(dir, "manifest.json"), test.manifest)
			}
			before := snapshot(t, dir)
			o, wanted := options, page("public/a", "1")
			if test.trees != nil {
				o.Trees, wanted.Path = test.trees, test.trees[0]+"/a"
			}
			_, err := publish.Apply(t.Context(), openRoot(t, dir), []publish.File{wanted}, o)
			if test.want == "" {
				if err != nil {
					t.Fatalf("got %v, want no error", err)
				}
				return
			}
			if !errors.Is(err, publish.ErrForeign) || !strings.Contains(err.Error(), test.want) || strings.Count(err.Error(), dir) != 1 {
				t.Errorf("error: got %v, want ErrForeign, the folder once and %q", err, test.want)
			}
			if got := snapshot(t, dir); fmt.Sprint(got) != fmt.Sprint(before) {
				t.Errorf("folder: got %v, want %v", got, before)
			}
		})
	}
}

func TestManifestListsOutputsByPathOneALine(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	letters := publish.Options{Trees: []string{"newsletters/2026-01"}, Version: "old"}
	if _, err := publish.Apply(t.Context(), root, []publish.File{page("newsletters/2026-01/a.html", "n")}, letters); err != nil {
		t.Fatal(err)
	}
	apply(t, root, page("public/お知らせ/a&b", "1"), page("members/alumni/x", ""))
	got, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	want := `{"version":1,"generator":"kaiho test","outputs":[
{"path":"members/alumni/x","audience":"alumni","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0},
{"path":"newsletters/2026-01/a.html","audience":"public","sha256":"1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9","size":1},
{"path":"public/お知らせ/a&b","audience":"public","sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b","size":1}
]}
`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func FuzzPath(f *testing.F) {
	for _, p := range []string{"public/a", "public/../x", "/x", `public\..\x`, "public/a/./b", "public/.lock", "public/CON", "public/a:b", "members/x", "public/\u202e"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		outer := t.TempDir()
		dir := filepath.Join(outer, "dist")
		os.Mkdir(dir, 0o755)
		_, err := publish.Apply(t.Context(), openRoot(t, dir), []publish.File{page(p, "x")}, options)
		all := files(snapshot(t, outer))
		if err != nil {
			if all != "" {
				t.Errorf("%q: got %q beside error %v", p, all, err)
			}
			return
		}
		if !strings.HasPrefix(p, "public/") && !strings.HasPrefix(p, "members/") {
			t.Errorf("%q was taken", p)
		}
		if !strings.HasSuffix(all, "dist/"+p+"=x") {
			t.Errorf("%q: got %q", p, all)
		}
	})
}
