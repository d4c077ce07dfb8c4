package main

import (
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"kaiho"
	"kaiho/generator/layout"
	"kaiho/generator/site"
)

// newLayoutsTopic is the manual of layouts, made from the types of views.
func newLayoutsTopic(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "layouts [FILE]",
		Short: s.say("What layouts are given, and how to change them", "レイアウトに渡るものと、その直し方"),
		Long: s.say(`The manual of layouts: what each is given, and which functions it may call.
With FILE, the text of that built-in layout, as a beginning for one's own.`,
			`レイアウトの手引きです。それぞれに渡るものと、使える関数を表示します。
FILE を付けると、その組み込みレイアウトの中身を表示します。手を入れるときの
もとにしてください。`),
		Example: "  kaiho help layouts\n  kaiho help layouts event.html > layouts/event.html",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return layoutFiles(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return s.layoutsManual()
			}
			return s.layoutSource(args[0])
		},
	}
}

// layoutFiles returns the names of all built-in layout files, sorted.
func layoutFiles() []string {
	var names []string
	_ = fs.WalkDir(kaiho.Sample, "layouts", func(name string, d fs.DirEntry, err error) error { // files in memory
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(name, "layouts/"))
		}
		return err
	})
	return names
}

// layoutSource prints a built-in layout file: event.html, also written event
// or layouts/event.html.
func (s *session) layoutSource(name string) error {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "./"), "layouts/")
	for _, file := range []string{name, name + ".html"} {
		if source, err := fs.ReadFile(kaiho.Sample, "layouts/"+file); err == nil {
			_, err := s.stdout.Write(source)
			return err
		}
	}
	return usageError{fmt.Errorf("%s%s", s.say(
		fmt.Sprintf("there is no built-in layout %q", name), fmt.Sprintf("「%s」という組み込みのレイアウトはありません", name)),
		s.meant(name, layoutFiles()))}
}

func (s *session) layoutsManual() error {
	var b strings.Builder
	b.WriteString(s.say(layoutsEnglish, layoutsJapanese))
	types := site.Manual()
	heading(&b, s.say("Layouts", "レイアウト"))
	rows := [][2]string{{"base.html", s.say("what is around every page; a page fills its blocks", "すべてのページの外枠。ページがブロックを埋めます")}}
	for _, typ := range types {
		if typ.Layout != "" {
			rows = append(rows, [2]string{typ.Layout, typ.Name})
		}
		if typ.Text != "" {
			rows = append(rows, [2]string{typ.Text, typ.Name})
		}
	}
	table(&b, rows)
	heading(&b, s.say("Fields of views", "ビューの項目"))
	for _, views := range []bool{true, false} {
		for _, typ := range types {
			if (typ.Layout != "") == views {
				viewType(&b, typ)
			}
		}
	}
	heading(&b, s.say("Functions", "関数"))
	rows = nil
	for _, f := range layout.Functions() {
		rows = append(rows, [2]string{f.Signature, f.Doc})
	}
	table(&b, rows)
	heading(&b, s.say("Partials and words", "部品と文言"))
	rows = nil
	for _, name := range layoutFiles() {
		if strings.HasPrefix(name, "partials/") || strings.HasSuffix(name, ".json") {
			rows = append(rows, [2]string{name, partialDoc(name)})
		}
	}
	table(&b, rows)
	_, err := io.WriteString(s.stdout, b.String())
	return err
}

func heading(w io.Writer, text string) {
	fmt.Fprintf(w, "\n%s\n%s\n", text, strings.Repeat("-", width(text)))
}

// viewType writes a type: its name, what it is, its fields.
func viewType(w io.Writer, typ site.ViewType) {
	name := typ.Name
	switch {
	case typ.Text != "":
		name += " (" + typ.Layout + ", " + typ.Text + ")"
	case typ.Layout != "":
		name += " (" + typ.Layout + ")"
	}
	fmt.Fprintf(w, "\n%s\n", name)
	for _, line := range wrap(typ.Doc, columns-2) {
		fmt.Fprintf(w, "  %s\n", line)
	}
	longest := 0
	for _, field := range typ.Fields {
		longest = max(longest, len(field.Name))
	}
	var rows [][2]string
	for _, field := range typ.Fields {
		rows = append(rows, [2]string{fmt.Sprintf(".%-*s  %s", longest, field.Name, field.Type), field.Doc})
	}
	table(w, rows)
}

// firstComment is the comment that a layout file begins with.
var firstComment = regexp.MustCompile(`(?s)^\{\{-? ?/\*\s*(.*?)\s*\*/ ?-?\}\}`)

func partialDoc(name string) string {
	source, err := fs.ReadFile(kaiho.Sample, "layouts/"+name)
	if m := firstComment.FindSubmatch(source); err == nil && m != nil {
		return strings.Join(strings.Fields(string(m[1])), " ")
	}
	return ""
}

const layoutsEnglish = `A layout is a template (Go's html/template) that makes a page out of a view:
the data listed below, and nothing else. A site has the built-in layouts, file
by file: a file in its folder layouts/ takes the place of the built-in one.

  kaiho help layouts event.html                        shows a built-in layout
  kaiho help layouts event.html > layouts/event.html   begins one's own
  kaiho help layouts strings.en.json                   shows the words

layouts/strings.ja.json and strings.en.json need only the words that change. A
page asks for another layout with the key layout of its front matter.
{{template "partials/NAME.html" .Article}} puts in a partial. A mistake in a
layout is told by kaiho check, with its place. letter.html and letter.txt are
the newsletter's letters: the first stays as it is written, for the sake of mail
programs, and in the second nothing is escaped.
`

const layoutsJapanese = `レイアウトは、ビュー（下に挙げるデータ）からページをつくるテンプレートです
（Go の html/template）。サイトの layouts/ に置いたファイルは、同じ名前の
組み込みレイアウトに代わります。直したいファイルだけを置けば足ります。

  kaiho help layouts event.html                        組み込みのものを見る
  kaiho help layouts event.html > layouts/event.html   もとにして書き始める
  kaiho help layouts strings.ja.json                   文言を見る

layouts/strings.ja.json と strings.en.json には、変えたい文言だけを書きます。
ページはフロントマターの layout で別のレイアウトを選べます。部品は
{{template "partials/NAME.html" .Article}} のように入れます。
レイアウトの誤りは、kaiho check が場所とともに知らせます。
letter.html と letter.txt は、お便りのメールです。letter.html はメールソフトの
ために書いたまま送られ、letter.txt では何も HTML に置きかえられません。
`
