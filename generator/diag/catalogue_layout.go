package diag

// Rules of layouts.
const (
	LayoutSyntax        Rule = "layout-syntax"
	LayoutRender        Rule = "layout-render"
	LayoutMissing       Rule = "layout-missing"
	LayoutStrings       Rule = "layout-strings"
	LayoutUnknownString Rule = "layout-unknown-string"
	LayoutUnknownFile   Rule = "layout-unknown-file"
	LayoutUnreadable    Rule = "layout-unreadable"
	LayoutEmpty         Rule = "layout-empty"
	LayoutPart          Rule = "layout-part"
	LayoutNoMain        Rule = "layout-no-main"
)

var layoutRules = map[Rule]entry{
	LayoutSyntax: {Error,
		text{`the layout cannot be read: {message}.`, `Correct it, or delete the file to get the built-in layout back.`},
		text{`レイアウトを読めません: {message}。`, `直すか、このファイルを消して組み込みのレイアウトに戻してください。`}},
	LayoutRender: {Error,
		text{`the layout {layout} failed[[ for {page}]]: {message}.`, `"kaiho help layouts" lists what each layout is given.`},
		text{`レイアウト {layout} を実行できません[[（{page}）]]: {message}。`, `各レイアウトで使える項目は kaiho help layouts にあります。`}},
	LayoutMissing: {Error,
		text{`the layout "{name}" is missing.`, `[[Did you mean "{nearest}"?]]`},
		text{`レイアウト「{name}」がありません。`, `[[「{nearest}」ではありませんか。]]`}},
	LayoutStrings: {Error,
		text{`the strings cannot be read: {message}.`, `The file is one JSON object whose values are all strings.`},
		text{`文言のファイルを読めません: {message}。`, `値がすべて文字列の、ひとつの JSON オブジェクトにしてください。`}},
	LayoutUnknownString: {Error,
		text{`no strings file has the key "{key}".`, `[[Did you mean "{nearest}"?]]`},
		text{`文言「{key}」がどのファイルにもありません。`, `[[「{nearest}」ではありませんか。]]`}},
	LayoutUnknownFile: {Warning,
		text{`this file is no layout and is not used.`, `Layouts are layouts/*.html, layouts/partials/*.html, layouts/letter.txt and layouts/strings.LANG.json; other files belong in static/.`},
		text{`レイアウトではないため、使われません。`, `置けるのは layouts/*.html、layouts/partials/*.html、layouts/letter.txt、layouts/strings.言語.json です。ほかのファイルは static/ に置いてください。`}},
	LayoutUnreadable: {Error,
		text{`this cannot be read[[: {reason}]].`, `See that whoever builds the site may read it.`},
		text{`読み取れません[[（{reason}）]]。`, `サイトを作る人が読めるように、権限を見直してください。`}},
	LayoutEmpty: {Error,
		text{`the layout is empty, and so would its pages be.`, `Write it, or delete the file to get the built-in layout back.`},
		text{`レイアウトが空です。このままではページも空になります。`, `中身を書くか、このファイルを消して組み込みのレイアウトに戻してください。`}},
	LayoutPart: {Error,
		text{`the layout has no "main" and is no whole document.`, `Put the page between {{define "main"}} and {{ end }}, or write a document from <!doctype html> on.`},
		text{`レイアウトに「main」がなく、それだけで一つの文書にもなっていません。`, `ページの中身を {{define "main"}} と {{ end }} のあいだに書くか、<!doctype html> から文書の全体を書いてください。`}},
	LayoutNoMain: {Error,
		text{`base.html has no place for "main", and so pages would have no content.`, `Write {{block "main" .}}{{ end }} where the content of a page belongs.`},
		text{`base.html に「main」の場所がないため、ページの中身が出ません。`, `中身を出す場所に {{block "main" .}}{{ end }} と書いてください。`}},
}
