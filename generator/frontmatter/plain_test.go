package frontmatter_test

import (
	"io/fs"
	"os"
	"path"
	"reflect"
	"testing"

	"kaiho/generator/frontmatter"
)

// typical is what most pages begin with.
const typical = `---
title: "株式会社潮見計測 経理責任者の募集（第1号）"
date: 2016-07-07T06:45:00+09:00
draft: false
tags: [東京, 健康, 起業]
summary: "この数年に行われた経理の仕事の見直しを、はじめから終わりまで一人で担当してくださる方を募集します。"
params:
  image: /images/photo-11.png
  company: 株式会社さくら台ロジスティクス
---
`

// differs says how the plain reading of src differs from the libraries', or
// "", and whether there was one.
func differs(src []byte) (difference string, taken bool) {
	got, taken := frontmatter.SplitPlain("p.md", src)
	if !taken {
		return "", false
	}
	want, problems := frontmatter.SplitAny("p.md", src)
	switch {
	case len(problems) > 0:
		return "the libraries have a problem: " + problems[0].Line("en"), true
	case string(got.Body) != string(want.Body):
		return "the body is " + string(got.Body) + ", want " + string(want.Body), true
	case got.BodyLine != want.BodyLine:
		return "the line of the body differs", true
	case !reflect.DeepEqual(got, want):
		return "the nodes differ:\n" + outline(got.Node, "") + "want:\n" + outline(want.Node, ""), true
	}
	return "", true
}

func TestPlainOrDeclined(t *testing.T) {
	for _, test := range plainCases {
		t.Run(test.yaml[:min(len(test.yaml), 40)], func(t *testing.T) {
			difference, taken := differs([]byte("---\n" + test.yaml + "\n---\nbody\n"))
			if difference != "" {
				t.Error(difference)
			}
			if taken != test.taken {
				t.Errorf("read without the libraries: got %v, want %v", taken, test.taken)
			}
		})
	}
}

func TestPlainBorders(t *testing.T) {
	for _, test := range []struct {
		name, src string
		taken     bool
	}{
		{"a body", "---\na: b\n---\nbody\n\n---\nc: d\n---\n", true},
		{"no body", "---\na: b\n---\n", true},
		{"no last line end", "---\na: b\n---", true},
		{"a body of one line end", "---\na: b\n---\n\n", true},
		{"nothing between", "---\n---\nbody", false},
		{"no end", "---\na: b\n", false},
		{"a line that only begins like an end", "---\na: b\n----\n---\n", false},
		{"blanks after the first border", "--- \na: b\n---\n", false},
		{"blanks after the second border", "---\na: b\n--- \nbody", false},
		{"blank lines before", "\n---\na: b\n---\nbody", false},
		{"a byte order mark", "\uFEFF---\na: b\n---\nbody", false},
		{"CRLF in the body", "---\na: b\n---\nbody\r\n", false},
		{"a bad byte in the body", "---\na: b\n---\nbody\xFF", false},
		{"tabs and controls in the body", "---\na: b\n---\n\tbody\x07\u2028", true},
		{"an indented border in the body", "---\na: b\n---\n ---\n", true},
		{"nothing", "", false},
		{"a border alone", "---\n", false},
		{"two borders alone", "---\n---", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			difference, taken := differs([]byte(test.src))
			if difference != "" {
				t.Error(difference)
			}
			if taken != test.taken {
				t.Errorf("read without the libraries: got %v, want %v", taken, test.taken)
			}
		})
	}
}

func TestTypicalFileIsPlain(t *testing.T) {
	for _, src := range []string{typical, benchSource} {
		if difference, taken := differs([]byte(src + "本文\n")); difference != "" || !taken {
			t.Errorf("read without the libraries: %v; %s", taken, difference)
		}
	}
}

// The sample site is written by hand and uses most of what there is.
func TestMostOfTheSampleSiteIsPlain(t *testing.T) {
	pages, plain := 0, 0
	site := os.DirFS("../../content")
	err := fs.WalkDir(site, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		src, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		pages++
		difference, taken := differs(src)
		if difference != "" {
			t.Errorf("%s: %s", name, difference)
		}
		if taken {
			plain++
		} else {
			t.Logf("left to the libraries: %s", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if t.Logf("%d of %d pages", plain, pages); plain*10 < pages*9 {
		t.Errorf("got %d of %d pages, want nine in ten", plain, pages)
	}
}
