package schema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"kaiho/generator/config"
	"kaiho/generator/schema"
)

// compiled returns a validator of one of our schemas.
func compiled(t *testing.T, name, lang string) *jsonschema.Schema {
	t.Helper()
	return compile(t, schema.JSON(name, lang))
}

func compile(t *testing.T, data []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asEditors reads YAML as editors' tools do: by the core schema of YAML 1.2, in
// which a date is a text.
func asEditors(t testing.TB, src string) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(src), &doc); err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	if len(doc.Content) == 0 {
		return nil
	}
	data, err := json.Marshal(plain(doc.Content[0]))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			l = append(l, plain(item))
		}
		return l
	}
	switch n.Tag {
	case "!!null", "!!bool", "!!int", "!!float":
		var v any
		if err := n.Decode(&v); err == nil {
			return v
		}
	}
	return n.Value
}

// frontMatter returns what stands between the first two lines ---.
func frontMatter(text string) string {
	_, rest, _ := strings.Cut(text, "---\n")
	front, _, _ := strings.Cut(rest, "\n---")
	return front
}

// loadSite reads a site.yaml without mistakes.
func loadSite(t testing.TB, src string) *config.Site {
	t.Helper()
	s, problems := config.Load([]byte(src))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return s
}

func read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
