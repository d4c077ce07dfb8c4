package frontmatter_test

import (
	"strings"
	"testing"

	"kaiho/generator/frontmatter"
)

const benchSource = `---
title: 夏の集いのお知らせ
start: 2026-07-18 18:30
ends: 2026-07-18 20:30
mode: offline
tags: [集い, 横浜]
points:
  - 会費は三千円です
  - 申し込みは六月末まで
venue:
  name: 同窓会館
  postal_code: 104-0061
amount: 3000
---
`

func BenchmarkRead(b *testing.B) {
	for name, body := range map[string]string{"body=1KiB": "本文です。", "body=32KiB": strings.Repeat("本文です。", 32)} {
		source := []byte(benchSource + strings.Repeat(body, 68))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var e event
				file, problems := frontmatter.Split("p.md", source)
				problems = append(problems, frontmatter.Decode(file.Node, &e, frontmatter.Options{Zone: tokyo})...)
				if len(problems) > 0 {
					b.Fatal(problems[0])
				}
			}
		})
	}
}

// A page's own keys, among those that all pages have.
type benchPage struct {
	Title    string              `yaml:"title,required" nonempty:"true"`
	Date     frontmatter.Time    `yaml:"date"`
	Updated  frontmatter.Time    `yaml:"updated"`
	Slug     string              `yaml:"slug"`
	Draft    bool                `yaml:"draft"`
	Summary  string              `yaml:"summary"`
	Tags     []string            `yaml:"tags"`
	Digest   string              `yaml:"digest" enum:"auto,lead,skip"`
	Audience []string            `yaml:"audience" nonempty:"true"`
	Cover    venue               `yaml:"cover"`
	Params   []frontmatter.Param `yaml:"params"`
}

var benchBody = strings.Repeat("本文です。\n", 300)

func BenchmarkSplit(b *testing.B) {
	source := []byte(typical + benchBody)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := frontmatter.Split("p.md", source); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	file, _ := frontmatter.Split("p.md", []byte(typical+benchBody))
	b.ReportAllocs()
	for b.Loop() {
		var page struct {
			Shared benchPage `yaml:",inline"`
			Own    struct {
				Category string `yaml:"category"`
			} `yaml:",inline"`
		}
		if problems := frontmatter.Decode(file.Node, &page, frontmatter.Options{Zone: tokyo}); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
}
