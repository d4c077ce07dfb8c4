package markdown_test

import (
	"fmt"

	"kaiho/generator/markdown"
)

func Example() {
	const body = `**「同窓会」**の{報告|ほうこく}です。[写真](photos.md)もどうぞ。

:::members{audience=alumni}
名簿は[こちら](roster.md)。
:::
`
	source, problems := markdown.Parse("content/news/party.md", []byte(body), 6, markdown.Options{})
	fmt.Println("problems:", len(problems))

	resolve := func(r markdown.Ref) markdown.Target {
		return markdown.Target{URL: "/news/" + r.Dest[:len(r.Dest)-3] + "/"}
	}
	public := source.Doc(nil)
	fmt.Println(public.HTML(resolve))
	fmt.Println(public.Text)

	alumni := source.Doc(func(p markdown.Part) bool { return p.Audience[0] == "alumni" })
	fmt.Println(alumni.Refs[1].Dest, "in line", alumni.Refs[1].Line)
	// Output:
	// problems: 0
	// <p><strong>「同窓会」</strong>の<ruby>報告<rp>（</rp><rt>ほうこく</rt><rp>）</rp></ruby>です。<a href="/news/photos/">写真</a>もどうぞ。</p>
	// 「同窓会」の報告です。写真もどうぞ。
	// roster.md in line 9
}
