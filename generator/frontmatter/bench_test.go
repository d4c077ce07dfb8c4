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
