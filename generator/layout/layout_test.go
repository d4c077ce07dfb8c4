package layout

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kaiho/generator/diag"
)

type note struct {
	Title string
	Words []string
	Start struct{ Day int }
}

var small = map[string]string{
	"layouts/base.html":           "<!doctype html>\n<html lang=\"{{lang}}\"><head><title>{{.Title}}</title></head>\n<body>{{block \"main\" .}}nothing{{end}}</body></html>\n",
	"layouts/note.html":           "{{define \"main\"}}\n<h1>{{.Title}}</h1>\n{{template \"partials/words.html\" .Words}}{{end}}",
	"layouts/plain.html":          "<!doctype html><p>{{t \"hello\" .Title}}</p>",
	"layouts/partials/words.html": "<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>",
	"layouts/strings.en.json":     `{"hello": "Hello, {0}", "items": "{0} {0|item|items}"}`,
	"layouts/strings.ja.json":     `{"hello": "{0}さん"}`,
}

func project(changes ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range small {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return over(fsys, changes...)
}

// over puts further files, names and texts by turns, into fsys.
func over(fsys fstest.MapFS, changes ...string) fstest.MapFS {
	for i := 0; i+1 < len(changes); i += 2 {
		fsys[changes[i]] = &fstest.MapFile{Data: []byte(changes[i+1])}
	}
	return fsys
}

var both = Options{Langs: []string{"ja", "en"}}

func TestExecute(t *testing.T) {
	tests := []struct {
		name, lang, layout string
		site               fstest.MapFS
		want               string
	}{
		{"a page fills the skeleton", "ja", "note.html", nil,
			`<!doctype html><html lang="ja"><head><title>A & B</title></head><body><h1>A & B</h1><ul><li>一</li><li>&lt;b></li></ul></body></html>`},
		{"a page without main stands alone", "ja", "plain.html", nil, `<!doctype html><p>A & Bさん</p>`},
		{"the other language has its own words", "en", "plain.html", nil, `<!doctype html><p>Hello, A & B</p>`},
		{"a site's file wins", "en", "plain.html", over(fstest.MapFS{}, "layouts/plain.html", `<!doctype html><b>{{t "hello" .Title}}</b>`), `<!doctype html><b>Hello, A & B</b>`},
		{"a site's partial wins", "en", "note.html", over(fstest.MapFS{}, "layouts/partials/words.html", `{{len .}}`),
			`<!doctype html><html lang="en"><head><title>A & B</title></head><body><h1>A & B</h1>2</body></html>`},
		{"a site's strings win key by key", "en", "plain.html", over(fstest.MapFS{}, "layouts/strings.en.json", `{"hello": "Ahoy, {0}"}`), `<!doctype html><p>Ahoy, A & B</p>`},
		{"what a language lacks is taken from English", "ja", "plain.html", over(fstest.MapFS{}, "layouts/plain.html", `<!doctype html>{{t "items" 1}}, {{t "items" 2}}`), `<!doctype html>1 item, 2 items`},
	}
	view := note{Title: "A & B", Words: []string{"一", "<b>"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, problems := Load(tt.site, project(), both)
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			got, err := set.Execute(tt.lang, tt.layout, view)
			if err != nil || string(got) != tt.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
			}
		})
	}
}

func TestLoadTellsProblems(t *testing.T) {
	tests := []struct {
		name    string
		changes []string
		want    string // beginning of the line
	}{
		{"an unclosed action", []string{"layouts/note.html", "<html>\n{{if .Title}}\n"}, `layouts/note.html:3:1: error: the layout cannot be read: unexpected EOF`},
		{"an unknown function", []string{"layouts/partials/words.html", "\n\n{{shout .}}"}, `layouts/partials/words.html:3:1: error: the layout cannot be read: function "shout" not defined`},
		{"a template that is not there", []string{"layouts/plain.html", `{{template "partials/word.html" .}}`}, `layouts/plain.html:1:12: error: the layout cannot be read: no such template "partials/word.html"`},
		{"an action where none is safe", []string{"layouts/plain.html", "<html>\n<a href={{if .Title}}\"x{{end}}>"}, `layouts/plain.html:2:14: error: the layout cannot be read: {{if}} branches end in different contexts. `},
		{"an unknown string", []string{"layouts/plain.html", "<html>日本{{if .Title}}{{t `helo`}}{{end}}"}, `layouts/plain.html:1:26: error: no strings file has the key "helo". Did you mean "hello"? [layout-unknown-string]`},
		{"strings that are no JSON", []string{"layouts/strings.ja.json", "{\n  \"hello\": \"x\"\n  \"b\": \"y\"\n}"}, `layouts/strings.ja.json:3:3: error: the strings cannot be read: invalid character '"' after object key:value pair`},
		{"a string that is a number", []string{"layouts/strings.ja.json", "{\n  \"hello\": 3}"}, `layouts/strings.ja.json:2:12: error: the strings cannot be read: "hello" is not a string`},
		{"a string that is there twice", []string{"layouts/strings.ja.json", "{\"hello\": \"3\",\n \"hello\": \"4\"}"}, `layouts/strings.ja.json:2:2: error: the strings cannot be read: "hello" is there twice`},
		{"strings that end too early", []string{"layouts/strings.ja.json", "{\"hello\": \"3\""}, `layouts/strings.ja.json:1:14: error: the strings cannot be read: `},
		{"a file of another kind", []string{"layouts/site.css", "a{}"}, `layouts/site.css:1:1: warning: this file is no layout`},
		{"an empty page", []string{"layouts/plain.html", " \n{{/* nothing */}}"}, `layouts/plain.html:1:1: error: the layout is empty, and so would its pages be. Write it, or`},
		{"an empty skeleton", []string{"layouts/base.html", ""}, `layouts/base.html:1:1: error: the layout is empty`},
		{"a page that fills another block only", []string{"layouts/note.html", `{{define "mian"}}x{{end}}`}, `layouts/note.html:1:1: error: the layout has no "main" and is no whole document. Put the page between {{define "main"}} and {{ end }}, or`},
		{"a page that is a part of a document", []string{"layouts/plain.html", "<p>{{.Title}}</p>"}, `layouts/plain.html:1:1: error: the layout has no "main"`},
		{"a skeleton without a place for pages", []string{"layouts/base.html", "<html>{{.Title}}"}, `layouts/base.html:1:1: error: base.html has no place for "main"`},
		{"a layout that is not UTF-8", []string{"layouts/plain.html", "<html>\n日\x93\xfa"}, `layouts/plain.html:2:2: error: the file is not UTF-8 text: the byte 0x93`},
		{"strings that are not UTF-8", []string{"layouts/strings.ja.json", "{\"a\": \"\x93\"}"}, `layouts/strings.ja.json:1:8: error: the file is not UTF-8`},
		{"a partial that is not UTF-8", []string{"layouts/partials/own.html", "\xff", "layouts/plain.html", "<html>{{template `partials/own.html`}}"}, `layouts/partials/own.html:1:1: error: the file is not UTF-8`},
		{"a page in a folder of its own", []string{"layouts/mine/x.html", "x"}, `layouts/mine/x.html:1:1: warning: this file is no layout`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Load(over(fstest.MapFS{}, tt.changes...), project(), both)
			if len(problems) != 1 {
				t.Fatalf("got %d problems, want 1: %v", len(problems), problems)
			}
			if got := problems[0].Line(diag.English); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if ja := problems[0].Message(diag.Japanese); ja == "" || ja == problems[0].Message(diag.English) {
				t.Errorf("there is no Japanese message: %q", ja)
			}
		})
	}
}

func TestLoadTakesPartialsThatAreEmptyAndPagesThatAreMadeOfThem(t *testing.T) {
	fsys := project("layouts/partials/words.html", "", "layouts/partials/page.html", "<!doctype html><p>x", "layouts/plain.html", "{{template `partials/page.html`}}",
		"layouts/bom.html", "\ufeff<!doctype html>x", "layouts/base.html", "<html>{{template `main` .}}")
	set, problems := Load(nil, fsys, both)
	if len(problems) > 0 {
		t.Errorf("got %v, want no problem", problems)
	}
	for name, want := range map[string]string{"plain.html": "<!doctype html><p>x", "bom.html": "<!doctype html>x", "note.html": "<html><h1>A</h1>"} {
		if got, err := set.Execute("ja", name, note{Title: "A"}); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
}

func TestLoadDoesNotFollowLinks(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("<html>secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(dir, target, name string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, name); err != nil {
			t.Skip(err)
		}
	}
	files, folders, whole := t.TempDir(), t.TempDir(), t.TempDir()
	link(files, secret, "layouts/plain.html")
	link(files, secret, "layouts/partials/own.html")
	link(folders, filepath.Dir(secret), "layouts/partials")
	link(whole, filepath.Dir(secret), "layouts")
	for dir, want := range map[string][]string{files: {"layouts/partials/own.html", "layouts/plain.html"}, folders: {"layouts/partials"}, whole: {"layouts"}} {
		set, problems := Load(os.DirFS(dir), project(), both)
		var got []string
		for _, p := range problems {
			if p.Rule == diag.Symlink {
				got = append(got, p.Path)
			}
		}
		if !slices.Equal(got, want) || len(problems) != len(want) {
			t.Errorf("got %v, want links at %v", problems, want)
		}
		if html, err := set.Execute("en", "plain.html", note{Title: "A"}); err != nil || strings.Contains(string(html), "secret") {
			t.Errorf("got %s, %v, want the built-in layout", html, err)
		}
	}
}

func TestLoadSaysWhatStandsInTheWay(t *testing.T) {
	file, closed := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(file, "layouts"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(closed, "layouts"), 0); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		fsys fs.FS
		want string
	}{
		{"a file instead of the folder", os.DirFS(file), "layouts:1:1: error: this is a file, and a folder belongs here."},
		{"a folder that may not be read", denied{os.DirFS(closed)}, "layouts:1:1: error: this cannot be read: permission denied. See that whoever builds the site may read it. [layout-unreadable]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Load(tt.fsys, project(), both)
			if len(problems) != 1 || !strings.HasPrefix(problems[0].Line(diag.English), tt.want) {
				t.Errorf("got %v, want %s", problems, tt.want)
			}
		})
	}
}

// denied refuses to list folders, to root too.
type denied struct{ fs.FS }

func (d denied) ReadDir(name string) ([]fs.DirEntry, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestLoadNeedsASkeleton(t *testing.T) {
	fsys := project()
	delete(fsys, "layouts/base.html")
	_, problems := Load(nil, fsys, Options{Langs: []string{"en"}})
	if len(problems) != 1 || problems[0].Rule != diag.LayoutMissing || problems[0].Path != "layouts/base.html" {
		t.Errorf("got %v, want one layout-missing", problems)
	}
}

func TestExecuteSaysWhere(t *testing.T) {
	asset := func(name string) (string, bool) { return "/assets/" + name, name == "site.css" }
	tests := []struct{ name, text, want string }{
		{"a field that the view lacks", "<html>\n日本 {{.Titel}}", `layouts/plain.html:2:6: error: the layout plain.html failed: .Titel: can't evaluate field Titel in type layout.note.`},
		{"an asset that is not there", `<html>{{asset "site.css"}} {{asset "sight.css"}}`, `layouts/plain.html:1:30: error: the layout plain.html failed: asset "sight.css": there is no file static/assets/sight.css.`},
		{"too few arguments", `<html>{{t "hello"}}`, `layouts/plain.html:1:9: error: the layout plain.html failed: t "hello": "Hello, {0}" wants 1 arguments and has 0.`},
		{"a loop over what is no list", "<html>{{range .Title}}{{end}}", `layouts/plain.html:1:15: error: the layout plain.html failed: .Title: range can't iterate over this value.`},
		{"an element that is not there", "<html>{{index .Words 7}}", `layouts/plain.html:1:9: error: the layout plain.html failed: index .Words 7: index out of range: 7.`},
		{"a mistake inside a partial", "{{template `partials/bad.html` .}}", `layouts/partials/bad.html:2:3: error: the layout plain.html failed: .Nothing: can't evaluate`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := over(fstest.MapFS{}, "layouts/plain.html", tt.text, "layouts/partials/bad.html", "\n{{.Nothing}}")
			set, problems := Load(site, project(), Options{Langs: []string{"en"}, Asset: asset})
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			_, err := set.Execute("en", "plain.html", note{})
			var render *RenderError
			if !errors.As(err, &render) {
				t.Fatalf("got %v, want a *RenderError", err)
			}
			if got := render.Error(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	set, _ := Load(nil, project(), both)
	for _, where := range [][2]string{{"en", "nothing.html"}, {"fr", "note.html"}} {
		if _, err := set.Execute(where[0], where[1], note{}); !errors.As(err, new(*RenderError)) {
			t.Errorf("Execute(%s) = %v, want a *RenderError", where, err)
		}
	}
}

func TestSetSaysWhatItHolds(t *testing.T) {
	set, _ := Load(over(fstest.MapFS{}, "layouts/extra.html", "<html>x"), project(), both)
	if got, want := set.Names(), []string{"extra.html", "note.html", "plain.html"}; !slices.Equal(got, want) {
		t.Errorf("Names() = %q, want %q", got, want)
	}
	if !set.Has("extra.html") || set.Has("base.html") || set.Has("partials/words.html") {
		t.Error("Has: want pages and nothing else")
	}
	if got, ok := set.Source("partials/words.html"); !ok || string(got) != small["layouts/partials/words.html"] {
		t.Errorf("Source = %q, %v", got, ok)
	}
}

func TestHashKnowsEverythingThatCounts(t *testing.T) {
	url := func(hash string) func(string) (string, bool) {
		return func(name string) (string, bool) { return "/assets/" + name + hash, true }
	}
	withAsset := func() fstest.MapFS { return project("layouts/plain.html", `<html>{{asset "a.css"}}`) }
	variants := []struct {
		name string
		fsys fstest.MapFS
		o    Options
	}{
		{"plain", project(), both},
		{"another page", project("layouts/note.html", "<html>x"), both},
		{"another partial", project("layouts/partials/words.html", "x"), both},
		{"other strings", project("layouts/strings.ja.json", `{"hello":"{0}"}`), both},
		{"other languages", project(), Options{Langs: []string{"ja"}}},
		{"another base", project(), Options{Langs: both.Langs, Base: "/alumni/"}},
		{"an asset", withAsset(), Options{Langs: both.Langs, Asset: url("1")}},
		{"a changed asset", withAsset(), Options{Langs: both.Langs, Asset: url("2")}},
	}
	seen := map[[32]byte]string{}
	for _, v := range variants {
		set, _ := Load(nil, v.fsys, v.o)
		again, _ := Load(nil, v.fsys, v.o)
		if set.Hash() != again.Hash() {
			t.Errorf("%s: the hash is not the same twice", v.name)
		}
		if other, twice := seen[set.Hash()]; twice {
			t.Errorf("%s has the hash of %s", v.name, other)
		}
		seen[set.Hash()] = v.name
	}
}

func TestExecuteFromManyGoroutines(t *testing.T) {
	set, _ := Load(nil, project(), both)
	want, _ := set.Execute("ja", "note.html", note{Title: "x"})
	done := make(chan string)
	for range 16 {
		go func() {
			got, _ := set.Execute("ja", "note.html", note{Title: "x"})
			done <- string(got)
		}()
	}
	for range 16 {
		if got := <-done; got != string(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
