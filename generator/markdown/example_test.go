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

func ExampleSource_Mail() {
	source, _ := markdown.Parse("content/news/party.md", []byte("{報告|ほうこく}は[こちら](report.md)。\n"), 1, markdown.Options{})
	letter := source.Mail(nil, markdown.MailOptions{
		Lang:    "ja",
		Resolve: func(markdown.Ref) markdown.Target { return markdown.Target{URL: "https://example.jp/report/"} },
		Number:  func(string) int { return 1 },
	})
	fmt.Println(letter.Text)
	fmt.Println(letter.HTML)
	// Output:
	// 報告（ほうこく）はこちら［1］。
	// <p class="k-ink" style="margin:0 0 20px;font-size:16px;line-height:1.8;color:#1B2A3A">報告（ほうこく）は<a class="k-link" href="https://example.jp/report/" style="color:#1F4E79;text-decoration:underline">こちら</a>。</p>
}

func ExampleWrap() {
	for _, line := range markdown.Wrap("これは「長い引用」です。続きもあります。", 7) {
		fmt.Println(line)
	}
	// Output:
	// これは「長い引
	// 用」です。続き
	// もあります。
}
