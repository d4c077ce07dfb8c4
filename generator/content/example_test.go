package content_test

import (
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
)

func Example() {
	project := fstest.MapFS{
		"content/news/plant.md": {Data: []byte(`---
title: 新しい工場
date: 2026-11-01
summary: 波音に工場ができました。
---
[冬の集い](/events/wintr/)でもお話しします。
`)},
		"content/events/winter.md": {Data: []byte(`---
title: 冬の集い
summary: 年の終わりの集いです。
date: 2026-10-01
start: 2026-12-04 20:30
end: 2026-12-04 18:30
mode: offline
venue: {name: 本社}
fee: {amount: 0}
contact: 事務局
audience: alumni
teaser: true
---
`)},
	}
	policy := audience.NewPolicy([]audience.Audience{{Name: "alumni"}})
	lib, problems, err := content.Load(project, content.Options{
		Languages: []string{"ja"}, Zone: time.UTC, Policy: policy, Now: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		Kind: func(section string) content.Kind {
			return map[string]content.Kind{"news": content.KindNews, "events": content.KindEvent}[section]
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	problems.Sort()
	problems.Print(os.Stdout, diag.English)
	for _, r := range policy.Readers() {
		for _, p := range lib.Pages {
			sight := map[content.Sight]string{content.Nothing: "nothing", content.Teaser: "the teaser", content.All: "all"}[lib.Sees(r, p)]
			fmt.Printf("%s sees %s of %s\n", r, sight, p.URL)
		}
	}
	// Output:
	// content/events/winter.md:6:6: error: "end" is not after "start". Look at both again: date, year, and morning or evening. [time-order]
	// content/news/plant.md:6:1: error: nothing is at "/events/wintr/". Did you mean "/events/winter/"? [dead-link]
	// public sees the teaser of /events/winter/
	// public sees all of /news/plant/
	// alumni sees all of /events/winter/
	// alumni sees all of /news/plant/
}

func ExampleLibrary_Resolve() {
	project := fstest.MapFS{
		"content/about/rules.md":   {Data: []byte("---\ntitle: 会則\n---\n[名簿](members.md)\n")},
		"content/about/members.md": {Data: []byte("---\ntitle: 名簿\naudience: alumni\nteaser: true\n---\n")},
	}
	lib, _, err := content.Load(project, content.Options{Languages: []string{"ja"}, Zone: time.UTC, BasePath: "/nagi/",
		Policy: audience.NewPolicy([]audience.Audience{{Name: "alumni"}}), Kind: func(string) content.Kind { return content.KindPage }})
	if err != nil {
		fmt.Println(err)
		return
	}
	rules := lib.At("/about/rules/")
	doc, _ := lib.Body(audience.Public, rules)
	fmt.Print(doc.HTML(func(ref markdown.Ref) markdown.Target { return lib.Resolve(audience.Public, rules, ref) }))
	// Output:
	// <p><a href="/nagi/about/members/">名簿</a></p>
}
