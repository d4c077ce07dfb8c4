package content_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
)

// project writes files into a folder, as old as a year.
func project(t *testing.T, f files) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	for name, text := range f {
		write(t, root, name, text)
	}
	return root
}

func write(t *testing.T, root *os.Root, name, text string) {
	t.Helper()
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// looked is what can be seen of a library from outside.
type looked struct {
	Pages    []map[string]any // what is exported of each
	Bodies   []string
	Files    []map[string]any
	Problems diag.Problems
}

func look(t *testing.T, root *os.Root, o content.Options) looked {
	t.Helper()
	l, problems, err := content.Load(root.FS(), o)
	if err != nil || l.Unsaved != nil {
		t.Fatal(err, l.Unsaved)
	}
	problems.Sort()
	var all looked
	all.Problems = problems
	for _, p := range append(append([]*content.Page{}, l.Pages...), l.People...) {
		for _, r := range o.Policy.Readers() {
			if body, ok := l.Body(r, p); ok {
				all.Bodies = append(all.Bodies, string(r)+" "+p.Path+body.HTML(func(ref markdown.Ref) markdown.Target { return l.Resolve(r, p, ref) }))
			}
		}
		all.Pages = append(all.Pages, exported(*p))
	}
	for _, f := range append(append([]*content.File{}, l.Files...), l.Static...) {
		all.Files = append(all.Files, exported(*f))
	}
	for _, p := range l.Pages {
		if err := l.Lost(p); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// exported returns the exported fields of a struct by name, but for what leads to
// other pages, and for what says whether a file must be read.
func exported(v any) map[string]any {
	fields := map[string]any{}
	for field, value := range reflect.ValueOf(v).Fields() {
		if field.IsExported() && field.Name != "Translations" && field.Name != "State" {
			fields[field.Name] = value.Interface()
		}
	}
	return fields
}

// many has a page of every kind, with mistakes.
func many(t *testing.T) files {
	f := files{"site.yaml": siteYAML, "static/dot.svg": dot, "content/reports/fete/dot.svg": dot, "content/reports/fete/a.pdf": "%PDF"}
	for _, kind := range content.Kinds() {
		text := content.Archetype(kind, "ja", "題名 "+string(kind), now)
		f["content/"+string(kind)+"s/a.md"] = text
		f["content/"+string(kind)+"s/b.en.md"] = strings.Replace(text, "題名", "Title", 1)
	}
	f["content/news/gated.md"] = "---\ntitle: 会員\ndate: 2026-11-01\naudience: [alumni]\nteaser: true\nsummary: 要約\ntags: [あ, い]\nsegments: [veterans]\naliases: [/old/]\n---\n\n本文[^1] [もの](/dead/) ![絵](/dot.svg)\n\n[^1]: 注\n"
	f["content/news/parts.md"] = "---\ntitle: 部分\ndate: 2026-11-02\n---\n\n前\n\n:::members{audience=staff}\n社員の[もの](/news/gated/)\n:::\n\n:::members\n会員の\n:::\n\n後\n"
	f["content/news/broken.md"] = "---\ntitle: [\n---\n\n本文\n"
	f["content/news/unsure.md"] = "---\ntitle: 不明\ndate: 2026-11-02\naudience: [alumnni]\nslug: a/b\n---\n\n本文\n"
	f["content/reports/fete/index.md"] = "---\ntitle: 祭\ndate: 2026-11-03\naudience: [friends]\ncover: {src: dot.svg, alt: 点}\n---\n\n[紙](a.pdf)\n"
	return f
}

func TestALibraryIsTheSameWithAnyStore(t *testing.T) {
	f := many(t)
	root := project(t, f)
	o, _ := f.options(t)
	o.Drafts = true // as new files are
	fresh := look(t, root, o)
	if len(fresh.Problems) == 0 || len(fresh.Bodies) < 20 || len(fresh.Pages) < 20 {
		t.Fatalf("the sample has %d problems, %d bodies, %d pages", len(fresh.Problems), len(fresh.Bodies), len(fresh.Pages))
	}
	state := project(t, nil)
	for _, step := range []string{"empty", "saved", "saved again", "touched", "settled", "of another program", "with its bodies lost", "torn"} {
		program := "v1"
		switch step {
		case "touched":
			for name := range f {
				old := time.Now().Add(-time.Hour)
				if err := root.Chtimes(name, old, old); err != nil {
					t.Fatal(err)
				}
			}
		case "of another program":
			program = "v2"
		case "with its bodies lost":
			remove(t, state, "pack-*")
		case "torn":
			data, err := state.ReadFile("content")
			if err != nil {
				t.Fatal(err)
			}
			write(t, state, "content", string(data[:len(data)/2]))
		}
		store := content.NewStore(state, ".", program)
		o.Store = store
		if got := look(t, root, o); !reflect.DeepEqual(got, fresh) {
			t.Errorf("with a store that is %s the library differs:\n%s", step, firstDifference(got, fresh))
		}
		if got := look(t, root, o); !reflect.DeepEqual(got, fresh) { // the same process once more
			t.Errorf("with a store that is %s, after Save, the library differs:\n%s", step, firstDifference(got, fresh))
		}
		store.Close()
	}
}

func remove(t *testing.T, root *os.Root, pattern string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root.Name(), pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("nothing is %s (%v)", pattern, err)
	}
	for _, name := range found {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

func firstDifference(got, want looked) string {
	for i := range min(len(got.Pages), len(want.Pages)) {
		for name, value := range want.Pages[i] {
			if !reflect.DeepEqual(got.Pages[i][name], value) {
				return fmt.Sprint(value, " became ", got.Pages[i][name])
			}
		}
	}
	for i := range min(len(got.Bodies), len(want.Bodies)) {
		if got.Bodies[i] != want.Bodies[i] {
			return got.Bodies[i] + "\n" + want.Bodies[i]
		}
	}
	for i := range min(len(got.Problems), len(want.Problems)) {
		if !reflect.DeepEqual(got.Problems[i], want.Problems[i]) {
			return got.Problems[i].Line(diag.English) + "\n" + want.Problems[i].Line(diag.English)
		}
	}
	return "lengths or files"
}

func TestWhatChangesParsingEmptiesTheStore(t *testing.T) {
	f := files{"content/news/a.md": "---\ntitle: 題\ndate: 2026-11-01\nsummary: 要約。\nsegments: veterans\n---\n\n<b>太</b>\n"}
	root := project(t, f)
	o, _ := f.options(t)
	o.Store = content.NewStore(nil, "", "v1")
	before := look(t, root, o)
	o.RawHTML = true
	after := look(t, root, o)
	if reflect.DeepEqual(before.Bodies, after.Bodies) {
		t.Error("another option gave the same body")
	}
	o.Segments = []string{"locals"}
	if _, problems, err := content.Load(root.FS(), o); err != nil || len(problems) != 1 || problems[0].Rule != diag.UnknownSegment {
		t.Errorf("a segment that is not there any more: got %v, %v", problems, err)
	}
	o.Segments = nil
	if _, problems, err := content.Load(root.FS(), o); err != nil || len(problems) > 0 {
		t.Errorf("segments that are not known: got %v, %v", problems, err)
	}
	o.Policy = audience.NewPolicy(nil)
	if got := look(t, root, o); len(got.Bodies) != 1 {
		t.Errorf("without audiences there are %d bodies", len(got.Bodies))
	}
}

func TestAFileThatChangesTwiceInOneTickIsReadAgain(t *testing.T) {
	f := files{"content/news/a.md": "---\ntitle: 題\ndate: 2026-11-01\n---\n\n甲\n"}
	root := project(t, f)
	o, _ := f.options(t)
	state := project(t, nil)
	info, err := root.Stat("content/news/a.md")
	if err != nil {
		t.Fatal(err)
	}
	o.Store = content.NewStore(state, ".", "v1")
	look(t, root, o)
	write(t, root, "content/news/a.md", strings.Replace(f["content/news/a.md"], "甲", "乙", 1))
	if err := root.Chtimes("content/news/a.md", info.ModTime(), info.ModTime()); err != nil { // as within one tick
		t.Fatal(err)
	}
	o.Store = content.NewStore(state, ".", "v1")
	if got := look(t, root, o); !strings.Contains(got.Bodies[0], "乙") {
		t.Errorf("got %q", got.Bodies[0])
	}
}

func TestABodyThatIsLostWhileItsFileChangesIsRefused(t *testing.T) {
	f := files{"content/news/a.md": "---\ntitle: 題\ndate: 2026-11-01\n---\n\n甲\n"}
	root := project(t, f)
	o, _ := f.options(t)
	state := project(t, nil)
	o.Store = content.NewStore(state, ".", "v1")
	look(t, root, o)
	o.Store.Close()
	remove(t, state, "pack-*")
	o.Store = content.NewStore(state, ".", "v1")
	l, _, err := content.Load(root.FS(), o)
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, "content/news/a.md", strings.Replace(f["content/news/a.md"], "甲", "社員だけの話", 1))
	body, _ := l.Body(audience.Public, l.Pages[0])
	if html := body.HTML(nil); html != "" || l.Lost(l.Pages[0]) == nil {
		t.Errorf("got %q, %v", html, l.Lost(l.Pages[0]))
	}
}
