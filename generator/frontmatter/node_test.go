package frontmatter_test

import (
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

const nodeSource = `---
title: "会報"
people: [midori, {id: ken}]
venue:
  name: 会館
empty:
---
`

func TestPos(t *testing.T) {
	file, _ := frontmatter.Split("p.md", []byte(nodeSource))
	for _, test := range []struct {
		name      string
		keys      []string
		line, col int
		has       bool
	}{
		{"the top is the first line", nil, 1, 1, true},
		{"a value has its own place", []string{"title"}, 2, 8, true},
		{"a list's element goes by its number", []string{"people", "0"}, 3, 10, true},
		{"a key below an element", []string{"people", "1", "id"}, 3, 23, true},
		{"a key below a key", []string{"venue", "name"}, 5, 9, true},
		{"a map is where its first key is", []string{"venue"}, 5, 3, true},
		{"an empty value is at its key", []string{"empty"}, 6, 1, true},
		{"an absent key is at what is above", []string{"venue", "zip", "x"}, 5, 3, false},
		{"an absent element is at its list", []string{"people", "7"}, 3, 9, false},
		{"a negative number is no element", []string{"people", "-1"}, 3, 9, false},
		{"an absent top key is at the top", []string{"date"}, 1, 1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, want := file.Node.Pos(test.keys...), (diag.Pos{Path: "p.md", Line: test.line, Col: test.col}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			if got := file.Node.Has(test.keys...); got != test.has {
				t.Errorf("it is there: got %v, want %v", got, test.has)
			}
		})
	}
}

func TestNodeTellsWhatItIs(t *testing.T) {
	file, _ := frontmatter.Split("p.md", []byte(nodeSource))
	title, people := file.Node.At("title"), file.Node.At("people")
	if !title.IsScalar() || title.Text() != "会報" || !title.Quoted() {
		t.Errorf("the title is %v %q, quoted %v", title.Kind(), title.Text(), title.Quoted())
	}
	if people.Kind() != frontmatter.List || len(people.Items()) != 2 || people.Text() != "" || people.Items()[0].Quoted() {
		t.Errorf("people is %v with %d elements", people.Kind(), len(people.Items()))
	}
	if got := file.Node.At("people", "1", "id").Name(); got != "people.id" {
		t.Errorf("got the name %q, want people.id", got)
	}
	if f := file.Node.Fields()[2]; f.Key != "venue" || f.KeyPos.Line != 4 || f.KeyPos.Col != 1 || f.Value.Kind() != frontmatter.Map {
		t.Errorf("the third field is %v", f)
	}
	if got := file.Node.At("empty").Kind(); got != frontmatter.Null {
		t.Errorf("an empty value is %v, want %v", got, frontmatter.Null)
	}
}

func TestNilNodeIsEmpty(t *testing.T) {
	var n *frontmatter.Node
	if n.Kind() != frontmatter.Null || n.Has("a") || n.Has() || n.Text() != "" || n.Items() != nil || n.Fields() != nil ||
		n.Name() != "" || n.Quoted() || n.Pos("a") != (diag.Pos{}) {
		t.Error("a nil node has content")
	}
}
