package frontmatter_test

import (
	"fmt"
	"os"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func Example() {
	source := []byte(`---
title: 夏の集い
date: 2026/07/18
mod: online
---
会場は未定です。
`)
	var page struct {
		Title string           `yaml:"title,required"`
		Date  frontmatter.Time `yaml:"date"`
		Mode  string           `yaml:"mode" enum:"offline,online"`
	}
	file, problems := frontmatter.Split("content/events/summer.md", source)
	problems = append(problems, frontmatter.Decode(file.Node, &page, frontmatter.Options{})...)
	problems.Sort()
	problems.Print(os.Stdout, diag.English)
	fmt.Printf("%s, body from line %d: %s", page.Title, file.BodyLine, file.Body)
	// Output:
	// content/events/summer.md:3:7: error: "date" must be a day that exists, written like 2026-05-20 or 2026-05-20 18:30, not "2026/07/18". Write 2026-07-18. [bad-date]
	// content/events/summer.md:4:1: error: unknown key "mod". Did you mean "mode"? [unknown-key]
	// 夏の集い, body from line 6: 会場は未定です。
}
