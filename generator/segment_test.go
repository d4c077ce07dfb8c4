package generator_test

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/config"
	"kaiho/generator/member"
	"kaiho/generator/segment"
)

// TestTheSiteDoesNotKnowOfSegments: they say who gets a page in a letter, and
// nothing about who reads it.
func TestTheSiteDoesNotKnowOfSegments(t *testing.T) {
	site := "title: 会\nbase_url: https://nagi.example/\naudiences: {alumni: {title: 会員}}\nsegments: {veterans: joined <= 2000, zqsailors: 'true'}\n"
	page := "---\ntitle: 題\ndate: 2026-11-01\nsummary: 要約。\nSEGMENTS---\n本文\n"
	var trees [2]map[string][]byte
	for i, line := range []string{"", "segments: [zqsailors, veterans]\n"} {
		text := []byte(strings.Replace(page, "SEGMENTS", line, 1))
		dist := build(t, fstest.MapFS{"site.yaml": {Data: []byte(site)}, "content/news/a.md": {Data: text},
			"content/columns/b.md": {Data: []byte(strings.Replace(string(text), "---\n", "---\naudience: alumni\n", 1))}}, generator.Options{Now: now})
		trees[i] = read(t, dist)
	}
	if !slices.Equal(slices.Sorted(maps.Keys(trees[0])), slices.Sorted(maps.Keys(trees[1]))) {
		t.Fatal("with segments the site has other files")
	}
	for name, data := range trees[0] {
		if string(data) != string(trees[1][name]) || strings.Contains(string(data), "zqsailors") {
			t.Errorf("%s: with segments it is different", name)
		}
	}
}

// TestSegmentsOfTheSample: each has several of the sample's members, and not most.
func TestSegmentsOfTheSample(t *testing.T) {
	src, err := fs.ReadFile(kaiho.Sample, config.Path)
	if err != nil {
		t.Fatal(err)
	}
	site, problems := config.Load(src)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	rows, err := csv.NewReader(bytes.NewReader(member.Sample())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cell := func(row []string, column string) string { return row[slices.Index(rows[0], column)] }
	count := map[string]int{}
	for _, row := range rows[1:] {
		facts := segment.Facts{Department: cell(row, "department"), Region: cell(row, "region")}
		if facts.Joined, err = strconv.Atoi(cell(row, "joined")); err != nil {
			t.Fatal(err)
		}
		for _, name := range site.Segment.Of(facts) {
			count[name]++
		}
	}
	for _, name := range site.Segment.Names() {
		if n := count[name]; n < 5 || n > 20 {
			t.Errorf("%s: got %d of %d members, want several and not most", name, n, len(rows)-1)
		}
	}
	t.Log(count)
}
