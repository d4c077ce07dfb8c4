package diag

// Rules of the bodies of content files: Markdown and its directives.
const (
	UnknownDirective       Rule = "unknown-directive"
	DirectiveAttribute     Rule = "directive-attribute"
	UnclosedDirective      Rule = "unclosed-directive"
	StrayDirectiveEnd      Rule = "stray-directive-end"
	DirectiveFullwidth     Rule = "directive-fullwidth"
	DirectiveColons        Rule = "directive-colons"
	DirectivePlace         Rule = "directive-place"
	GalleryContent         Rule = "gallery-content"
	UnclosedCode           Rule = "unclosed-code"
	RawHTML                Rule = "raw-html"
	ImageAlt               Rule = "image-alt"
	UndefinedFootnote      Rule = "undefined-footnote"
	UnusedFootnote         Rule = "unused-footnote"
	UnsafeLink             Rule = "unsafe-link"
	EmptyLinkText          Rule = "empty-link-text"
	EmptyLinkDestination   Rule = "empty-link-destination"
	BodyHeadingOne         Rule = "body-heading-one"
	SkippedHeadingLevel    Rule = "skipped-heading-level"
	EmptyHeading           Rule = "empty-heading"
	DuplicateHeadingID     Rule = "duplicate-heading-id"
	HeadingAttribute       Rule = "heading-attribute"
	RubyReadings           Rule = "ruby-readings"
	RubyInTable            Rule = "ruby-in-table"
	ReferenceInMembersPart Rule = "reference-in-members-part"
	NestedTooDeep          Rule = "nested-too-deep"
	TableTooLarge          Rule = "table-too-large"
	TooManyFootnotes       Rule = "too-many-footnotes"
)

var markdownRules = map[Rule]entry{
	UnknownDirective: {Error,
		text{`unknown directive ":::{name}".`, `[[Did you mean ":::{nearest}"?]] There are: {known}.`},
		text{`「:::{name}」という囲みはありません。`, `[[「:::{nearest}」ではありませんか。]]使えるもの：{known}。`}},
	DirectiveAttribute: {Error,
		text{`directive ":::{name}":[[ there is no attribute "{unknown}" here.]][[ the attribute "{missing}" is missing.]][[ the attribute "{twice}" is there twice.]][[ the attribute "{empty}" has no value.]][[ this is not understood: {junk}]]`,
			`[[Did you mean "{nearest}"?]] [[Write it as :::{form}]]`},
		text{`囲み「:::{name}」[[に属性「{unknown}」はありません。]][[に属性「{missing}」がありません。]][[に属性「{twice}」が二つあります。]][[の属性「{empty}」に値がありません。]][[のこの部分が読めません：{junk}]]`,
			`[[「{nearest}」ではありませんか。]][[:::{form} のように書きます。]]`}},
	UnclosedDirective: {Error,
		text{`the directive ":::{name}" is not closed.`, `End it with a line of {colons}.`},
		text{`囲み「:::{name}」が閉じていません。`, `終わりに「{colons}」だけの行を置いてください。`}},
	StrayDirectiveEnd: {Error,
		text{`":::" ends a directive, but none is open here.`, `Remove the line, or see whether the directive's first line is written correctly. An end needs at least as many colons as the beginning.`},
		text{`囲みを閉じる「:::」ですが、ここで開いている囲みがありません。`, `この行を消すか、囲みの始まりの書き方を確かめてください。閉じる行には、始まりの行以上の数のコロンが要ります。`}},
	DirectiveFullwidth: {Error,
		text{`this line begins with full-width colons, so it is not a directive.`, `Write it with half-width colons: ":::".`},
		text{`行の始めが全角のコロンなので、囲みになりません。`, `半角の「:::」で書いてください。`}},
	DirectiveColons: {Error,
		text{`"{name}" looks like a directive, but there are too few colons.`, `Write ":::{name}", with three colons. If it is text, write a backslash before it.`},
		text{`「{name}」は囲みのようですが、コロンが足りません。`, `コロンを三つにして「:::{name}」と書いてください。ただの文なら、前に \ を置いてください。`}},
	DirectivePlace: {Error,
		text{`this looks like a directive, but is not read as one here: everybody would read what is in it.`, `Begin a line of its own with ":::" at the left edge, outside of HTML, tables and sentences. If it is text, write a backslash before it.`},
		text{`囲みのようですが、ここでは囲みにならず、中身はだれにでも見えます。`, `HTML や表、文の途中ではなく、行の左端から「:::」で始めてください。ただの文なら、前に \ を置いてください。`}},
	GalleryContent: {Error,
		text{`a gallery holds images only.`, `Write one image a line: ![what it shows](file.jpg "caption").`},
		text{`gallery には画像だけを置けます。`, `一行に一枚ずつ ![画像の説明](ファイル.jpg "キャプション") と書いてください。`}},
	UnclosedCode: {Error,
		text{`this code block is not closed: everything after it is code.`, `End it with a line of {fence}.`},
		text{`コードブロックが閉じていないため、この後がすべてコードになります。`, `終わりに「{fence}」だけの行を置いてください。`}},
	RawHTML: {Warning,
		text{`HTML is left out: {tag}`, `Use Markdown, or set markdown.raw_html: true in site.yaml.`},
		text{`HTML は取り除かれます：{tag}`, `Markdown で書くか、site.yaml に markdown.raw_html: true を設定してください。`}},
	ImageAlt: {Error,
		text{`the image "{file}" has no text for those who cannot see it.`, `Say what it shows: ![what it shows]({file}).`},
		text{`画像「{file}」に、見えない人のための説明がありません。`, `何が写っているかを書いてください：![画像の説明]({file})`}},
	UndefinedFootnote: {Warning,
		text{`the footnote [^{label}] has no text.`, `Write it on a line of its own: [^{label}]: ...`},
		text{`脚注 [^{label}] の本文がありません。`, `別の行に「[^{label}]: 本文」と書いてください。`}},
	UnusedFootnote: {Warning,
		text{`nothing refers to the footnote [^{label}]; it is left out.`, `Put [^{label}] where it belongs, or remove it.`},
		text{`脚注 [^{label}] はどこからも参照されていないため、表示されません。`, `文中に [^{label}] を置くか、この脚注を消してください。`}},
	UnsafeLink: {Error,
		text{`a link to "{scheme}:" can run a program in the reader's browser.`, `Link to a page or a file.`},
		text{`「{scheme}:」へのリンクは、読む人のブラウザーでプログラムを動かすおそれがあります。`, `ページかファイルへのリンクにしてください。`}},
	EmptyLinkText: {Warning,
		text{`the link to "{dest}" has no text.`, `Say where it leads: [text]({dest}).`},
		text{`「{dest}」へのリンクに文字がありません。`, `行き先を書いてください：[文字]({dest})`}},
	EmptyLinkDestination: {Error,
		text{`[[the link "{text}"]] leads nowhere.`, `Write the address in the parentheses: [text](address).`},
		text{`[[リンク「{text}」に]]行き先がありません。`, `丸かっこの中に行き先を書いてください：[文字](行き先)`}},
	BodyHeadingOne: {Warning,
		text{`a body has no heading of level 1: the title is it. This one becomes level 2.`, `Write "##" for the headings of a body.`},
		text{`本文に大見出し（#）は置けません。題名がそれに当たります。この見出しは「##」として扱います。`, `本文の見出しは「##」から始めてください。`}},
	SkippedHeadingLevel: {Warning,
		text{`a heading of level {level} follows one of level {before}.`, `Write it with {marks}.`},
		text{`見出しの段階が {before} から {level} に飛んでいます。`, `「{marks}」で書いてください。`}},
	EmptyHeading: {Warning,
		text{`the heading has no text.`, `Write its text or remove it.`},
		text{`見出しに文字がありません。`, `文字を書くか、見出しを消してください。`}},
	DuplicateHeadingID: {Error,
		text{`the heading id "{id}" is there already[[, in line {line}]].`, `Choose another id.`},
		text{`見出しの id「{id}」は[[ {line} 行目で]]すでに使われています。`, `別の id にしてください。`}},
	HeadingAttribute: {Error,
		text{`a heading cannot have {junk}.`, `A heading takes an id of letters, digits, "-" and "_", and classes: ## Heading {example}`},
		text{`見出しに {junk} は付けられません。`, `見出しに付けられるのは、文字・数字・「-」「_」からなる id と class だけです：## 見出し {example}`}},
	RubyReadings: {Warning,
		text{`ruby on "{base}": {readings} readings for {letters} letters.`, `Write one reading for the whole, or one for each letter.`},
		text{`「{base}」のルビ：{letters} 文字に対して読みが {readings} 個あります。`, `全体に一つ、または一文字に一つずつ読みを書いてください。`}},
	RubyInTable: {Error,
		text{`the "|" in the ruby "{ruby}" divides two cells of the table.`, `In a table, write it with a backslash: {right} If it is no ruby, write a backslash before the brace.`},
		text{`ルビ「{ruby}」の「|」が、表の列の区切りとして読まれます。`, `表の中では「|」の前に \ を置いて「{right}」と書いてください。ルビでなければ波かっこの前に \ を置いてください。`}},
	ReferenceInMembersPart: {Error,
		text{`[{label}] is defined in line {line}, in a part that not everyone who reads this may see.`, `Move the definition out of the part for members.`},
		text{`[{label}] の定義（{line} 行目）は会員限定の部分にあり、ここを読む人の一部には見えません。`, `定義を会員限定の部分の外に移してください。`}},
	NestedTooDeep: {Error,
		text{`too much at once: quotes, lists or directives in one another, or marks in one paragraph. The body is not shown.`, `Write it flatter, in more paragraphs.`},
		text{`引用・箇条書き・囲みの入れ子が深すぎるか、一つの段落に記号が多すぎるため、本文を表示できません。`, `入れ子を浅くし、段落を分けてください。`}},
	TableTooLarge: {Error,
		text{`the table is too large: [[a table may have {columns} columns]][[the tables of a page may have {cells} cells together]]. The body is not shown.`, `Divide it among several pages, or link to a file.`},
		text{`表が大きすぎるため、本文を表示できません（[[一つの表は {columns} 列まで]][[一ページの表は合わせて {cells} 枠まで]]）。`, `何ページかに分けるか、ファイルへのリンクにしてください。`}},
	TooManyFootnotes: {Error,
		text{`a page may have {notes} footnotes and {marks} marks of them; this one has more. The body is not shown.`, `Divide it into several pages.`},
		text{`脚注は一ページに {notes} 個、それを指す印は {marks} 個までです。これを超えたため、本文を表示できません。`, `何ページかに分けてください。`}},
}
