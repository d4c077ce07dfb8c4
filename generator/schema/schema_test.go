package schema_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/schema"
)

// samples are the project folders of the repository.
var samples = []string{"../..", "../../cmd/kaiho/starter/en"}

func TestSchemasTakeTheSamples(t *testing.T) {
	for _, root := range samples {
		src := read(t, root+"/site.yaml")
		if err := compiled(t, schema.SiteName, "ja").Validate(asEditors(t, src)); err != nil {
			t.Errorf("%s/site.yaml: got %v, want none", root, err)
		}
		s := loadSite(t, src)
		files := 0
		err := filepath.WalkDir(filepath.FromSlash(root+"/content"), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
				return err
			}
			rel, _ := filepath.Rel(filepath.FromSlash(root+"/content"), name)
			section, _, isBelow := strings.Cut(filepath.ToSlash(rel), "/")
			kind := "page"
			if isBelow {
				kind = config.DefaultKind(section)
				if own, ok := s.Sections.Lookup(section); ok {
					kind = own.Kind
				}
			}
			if strings.HasPrefix(filepath.Base(name), "index.") && filepath.Dir(rel) == section {
				kind = "page" // words for a list
			}
			files++
			if err := compiled(t, kind, "en").Validate(asEditors(t, frontMatter(read(t, name)))); err != nil {
				t.Errorf("%s: got %v, want none", name, err)
			}
			return nil
		})
		if err != nil || files == 0 {
			t.Errorf("%s: %d files, %v", root, files, err)
		}
	}
}

func TestSchemasTakeNewFiles(t *testing.T) {
	for _, k := range content.Kinds() {
		for _, lang := range []string{"ja", "en"} {
			text := content.Archetype(k, lang, "春の集い", time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
			if err := compiled(t, string(k), lang).Validate(asEditors(t, frontMatter(text))); err != nil {
				t.Errorf("%s in %s: got %v, want none", k, lang, err)
			}
		}
	}
}

// TestNoKeyIsMissing compares the schemas with what is decoded, and asks for a
// label of every key of front matter and an explanation of every key of site.yaml.
func TestNoKeyIsMissing(t *testing.T) {
	for _, name := range schema.Names() {
		var value any = config.Site{}
		if name != schema.SiteName {
			value = content.FrontMatter(content.Kind(name))
		}
		want := frontmatter.Keys(value)
		slices.Sort(want)
		for _, lang := range []string{"ja", "en"} {
			var doc map[string]any
			if err := json.Unmarshal(schema.JSON(name, lang), &doc); err != nil {
				t.Fatal(err)
			}
			words := map[string][2]string{}
			keysOf(doc, "", words)
			var got []string
			for path, w := range words {
				got = append(got, path)
				switch {
				case name == schema.SiteName && w[1] == "":
					t.Errorf("site.yaml, %s: no explanation in %s; write one in words_site.go", path, lang)
				case name != schema.SiteName && (w[0] == "" || lang == "ja" && w[0] == path[strings.LastIndexByte(path, '.')+1:]):
					t.Errorf("%s, %s: no label in %s; write one in words.go", name, path, lang)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
	}
}

// keysOf gathers the keys of a schema with title and description.
func keysOf(doc map[string]any, prefix string, into map[string][2]string) {
	properties, _ := doc["properties"].(map[string]any)
	for key, value := range properties {
		o := value.(map[string]any)
		title, _ := o["title"].(string)
		description, _ := o["description"].(string)
		into[prefix+key] = [2]string{title, description}
		keysOf(o, prefix+key+".", into)
	}
	if items, ok := doc["items"].(map[string]any); ok {
		keysOf(items, prefix, into)
	}
	if any, ok := doc["additionalProperties"].(map[string]any); ok {
		keysOf(any, prefix+"*.", into)
	}
}

// TestWhatCheckRefusesForItsShape is refused by the schemas, too.
func TestWhatCheckRefusesForItsShape(t *testing.T) {
	const event = "title: 集い\nstart: 2026-12-16 18:30\nend: 2026-12-16 20:30\nmode: offline\n"
	const job = "title: 仕事\nposted: 2026-11-01\nemployment_type: 正社員\n"
	const site = "title: 会\nbase_url: https://nagi.example/\n"
	for _, test := range []struct{ name, file, text string }{
		{"an unknown key", "event", event + "plaec: x"},
		{"an unknown key below another", "event", event + "venue: {nmae: x}"},
		{"an unknown key in a list", "report", "title: t\ndate: 2026-01-01\nvoices: [{who: a, text: b, x: c}]"},
		{"a key of another kind", "news", "title: t\ndate: 2026-01-01\nstart: 2026-01-01"},
		{"a choice that is none", "event", event + "status: canceled"},
		{"another", "job", job + "remote: some"},
		{"a required key that is missing", "event", "title: t\nstart: 2026-12-16 18:30\nmode: offline"},
		{"a required key without a value", "news", "title:\ndate: 2026-01-01"},
		{"a blank title", "news", "title: ' '\ndate: 2026-01-01"},
		{"news without a date", "news", "title: t"},
		{"a required key of an element", "notes", "title: t\ndate: 2026-01-01\nentries: [{person: a}]"},
		{"true as a text", "news", "title: true\ndate: 2026-01-01"},
		{"a list as a text", "news", "title: [a]\ndate: 2026-01-01"},
		{"a text as a switch", "news", "title: t\ndate: 2026-01-01\ndraft: はい"},
		{"a text as a number", "event", event + "capacity: 60名"},
		{"a number that is too small", "event", event + "capacity: 0"},
		{"a year that is none", "person", "name: {family: 高梨}\nwas: {joined: 20}"},
		{"a date in words", "news", "title: t\ndate: 12月16日"},
		{"a date with slashes", "news", "title: t\ndate: 2026/12/16"},
		{"a month that is none", "news", "title: t\ndate: 2026-13-01"},
		{"too many points", "news", "title: t\ndate: 2026-01-01\npoints: [a, b, c, d]"},
		{"no audience at all", "news", "title: t\ndate: 2026-01-01\naudience: []"},
		{"an empty element", "news", "title: t\ndate: 2026-01-01\ntags: [a, ]\nauthors: [~]"},
		{"a text for keys", "event", event + "venue: 会館"},
		{"keys for a list of keys", "report", "title: t\ndate: 2026-01-01\nvoices: {who: a, text: b}"},
		{"params that are a list", "news", "title: t\ndate: 2026-01-01\nparams: [a]"},
		{"an unknown key of site.yaml", "site", site + "titel: x"},
		{"an unknown key of a section", "site", site + "sections: {news: {kinds: news}}"},
		{"an unknown kind", "site", site + "sections: {news: {kind: newz}}"},
		{"no title", "site", "base_url: https://nagi.example/"},
		{"a number out of range", "site", site + "pagination: 0"},
		{"a length of time in words", "site", site + "gate: {link_ttl: 45 days}"},
		{"a rate without a unit", "site", site + "mail: {rates: {all: '200'}}"},
		{"a text as a switch of site.yaml", "site", site + "outputs: {feeds: no}"},
		{"a title that is a list", "site", "title: [a]\nbase_url: https://nagi.example/"},
		{"a git host that is none", "site", site + "admin: {backend: githab, repo: a/b}"},
		{"a CMS without a git host", "site", site + "admin: {repo: a/b}"},
		{"an order of names that is none", "site", site + "names: {latin: family}"},
	} {
		var value any = asEditors(t, test.text)
		if compiled(t, test.file, "en").Validate(value) == nil {
			t.Errorf("%s: the schema takes %q", test.name, test.text)
		}
		if !refused(t, test.file, test.text) {
			t.Errorf("%s: check takes %q", test.name, test.text)
		}
	}
	for _, text := range []string{event, job, site} {
		name := map[string]string{event: "event", job: "job", site: "site"}[text]
		if err := compiled(t, name, "ja").Validate(asEditors(t, text)); err != nil || refused(t, name, text) {
			t.Errorf("%s: got %v, want none", name, err)
		}
	}
}

// refused reports whether check has an error in a file of a kind.
func refused(t *testing.T, file, text string) bool {
	t.Helper()
	if file == schema.SiteName {
		_, problems := config.Load([]byte(text))
		return problems.HasErrors()
	}
	project := os.DirFS(write(t, map[string]string{"content/x/a.md": "---\n" + text + "\n---\n"}))
	_, problems, err := content.Load(project, content.Options{Languages: []string{"ja"}, Zone: time.UTC,
		Kind: func(string) content.Kind { return content.Kind(file) }, Now: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return problems.HasErrors()
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOldAndForeignFilesAreTold(t *testing.T) {
	good := string(schema.JSON("news", "ja"))
	old := strings.Replace(good, schema.Version(), "0123456789", 1)
	line := 1 + strings.Count(old[:strings.Index(old, "0123456789")], "\n")
	const site = "title: t\n" + schema.Line + "\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"files of this kaiho", map[string]string{"schema/news.json": good, "schema/site.json": string(schema.JSON("site", "en")), "site.yaml": site}, nil},
		{"no files at all, and no line", map[string]string{"site.yaml": "title: t\n"}, nil},
		{"a line without its file", map[string]string{"site.yaml": site}, []string{"site.yaml:2:33: error schema-missing"}},
		{"a line to another site", map[string]string{"site.yaml": "# yaml-language-server: $schema=https://nagi.example/a.json\n"}, nil},
		{"a file of another version", map[string]string{"site.yaml": "", "schema/news.json": old},
			[]string{fmt.Sprintf("schema/news.json:%d:17: warning schema-version", line)}},
		{"two of another version are one message", map[string]string{"site.yaml": "", "schema/news.json": old, "schema/event.json": old},
			[]string{fmt.Sprintf("schema/news.json:%d:17: warning schema-version", line)}},
		{"a file without a version", map[string]string{"site.yaml": "", "schema/news.json": "{}"}, []string{"schema/news.json:1:1: error schema-unknown"}},
		{"a version that is a number", map[string]string{"site.yaml": "", "schema/news.json": "{\n\"x-kaiho\": {\"version\": 1}}"},
			[]string{"schema/news.json:2:24: error schema-unknown"}},
		{"a file that is no JSON", map[string]string{"site.yaml": "", "schema/site.json": "{\n  x"}, []string{"schema/site.json:2:3: error schema-broken"}},
		{"a site's own frontmatter.json", map[string]string{"site.yaml": "", "frontmatter.json": "{} // mine"}, nil},
		{"a schema of another name", map[string]string{"site.yaml": "", "schema/mine.json": "{}"}, nil},
	} {
		problems, err := schema.Check(os.DirFS(write(t, test.files)), []byte(test.files["site.yaml"]))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range problems {
			got = append(got, fmt.Sprintf("%s:%d:%d: %s %s", p.Path, p.Pos.Line, p.Col, p.Severity(), p.Rule))
			if p.Message(diag.Japanese) == "" {
				t.Errorf("%s: no words", test.name)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
