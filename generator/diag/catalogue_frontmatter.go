package diag

// Rules of front matter and YAML files.
const (
	// The file as a whole.
	NotUTF8             Rule = "not-utf8"
	ByteOrderMark       Rule = "byte-order-mark"
	LineEndings         Rule = "line-endings"
	EmptyFile           Rule = "empty-file"
	NoFrontMatter       Rule = "no-front-matter"
	UnclosedFrontMatter Rule = "unclosed-front-matter"
	BadDelimiter        Rule = "bad-delimiter"
	TooLarge            Rule = "too-large"

	// The spelling of YAML.
	InvisibleCharacter Rule = "invisible-character"
	FullWidthColon     Rule = "full-width-colon"
	FullWidthSpace     Rule = "full-width-space"
	ColonSpace         Rule = "colon-space"
	QuotesNeeded       Rule = "quotes-needed"
	UnmatchedQuotes    Rule = "unmatched-quotes"
	UnclosedBracket    Rule = "unclosed-bracket"
	BadEscape          Rule = "bad-escape"
	TabIndent          Rule = "tab-indent"
	BadIndent          Rule = "bad-indent"
	BadYAML            Rule = "bad-yaml"
	KeysExpected       Rule = "keys-expected"
	YAMLFeature        Rule = "yaml-feature"
	TooDeep            Rule = "too-deep"

	// Keys and values.
	UnknownKey   Rule = "unknown-key"
	DuplicateKey Rule = "duplicate-key"
	MissingKey   Rule = "missing-key"
	EmptyValue   Rule = "empty-value"
	NotText      Rule = "not-text"
	QuoteText    Rule = "quote-text"
	NotBool      Rule = "not-bool"
	NotNumber    Rule = "not-number"
	NumberRange  Rule = "number-range"
	NotList      Rule = "not-list"
	NotMap       Rule = "not-map"
	TooMany      Rule = "too-many"
	BadChoice    Rule = "bad-choice"
	BadDate      Rule = "bad-date"
	BadDuration  Rule = "bad-duration"
)

var frontmatterRules = joined(fileRules, yamlRules, valueRules)

var fileRules = map[Rule]entry{
	NotUTF8: {Error,
		text{`the file is not UTF-8 text: the byte {byte} cannot stand here.`, `Save the file again with the encoding UTF-8.`},
		text{`ファイルが UTF-8 ではありません（バイト {byte}）。`, `文字コードを UTF-8 にして保存し直してください。`}},
	ByteOrderMark: {Warning,
		text{`the file begins with a byte order mark; it is read as if it were not there.`, `Save the file as UTF-8 without BOM.`},
		text{`ファイルの先頭に BOM があります。ないものとして読みました。`, `「UTF-8（BOM なし）」で保存し直してください。`}},
	LineEndings: {Warning,
		text{`the lines end in CR or CRLF; they are read as if they ended in LF.`, `Save the file with LF line endings.`},
		text{`改行コードが CR または CRLF です。LF として読みました。`, `改行コードを LF にして保存し直してください。`}},
	EmptyFile: {Error,
		text{`the file is empty.`, `Write its content, or delete the file.`},
		text{`ファイルが空です。`, `内容を書くか、ファイルを削除してください。`}},
	NoFrontMatter: {Error,
		text{`there is no front matter.`, `Begin the file with a line of three hyphens (---), then "title: ...", then another line of three hyphens.`},
		text{`フロントマターがありません。`, `ファイルの先頭に、半角ハイフン三つの行（---）、「title: …」の行、もう一度 --- の行を書いてください。`}},
	UnclosedFrontMatter: {Error,
		text{`the front matter that begins here has no end.`, `Close it with a line of three hyphens (---).`},
		text{`ここから始まるフロントマターが閉じていません。`, `半角ハイフン三つの行（---）で閉じてください。`}},
	BadDelimiter: {Error,
		text{`this line is read as a border of the front matter, but there are spaces around its hyphens.`, `Write --- at the very beginning of the line, with nothing after it; inside a text, use another line, such as ***.`},
		text{`この行はフロントマターの区切りとして読まれますが、ハイフンの前後に空白があります。`, `区切りなら行頭に --- だけを書いてください。文章の中の線なら *** など別の書き方にしてください。`}},
	TooLarge: {Error,
		text{`this is too large: {size} bytes, and {limit} are allowed.`, `Shorten it; long text belongs in the body of a page.`},
		text{`大きすぎます（{size} バイト。上限は {limit} バイト）。`, `短くしてください。長い文章は本文に書きます。`}},
}

var yamlRules = map[Rule]entry{
	InvisibleCharacter: {Error,
		text{`there is an invisible character ({code}) here.`, `Delete it and type the place anew; it often comes with text copied from elsewhere.`},
		text{`ここに目に見えない文字（{code}）があります。`, `削除して打ち直してください。ほかのソフトからの貼り付けで入ることがあります。`}},
	FullWidthColon: {Error,
		text{`the colon after "{key}" is a full-width one.`, `Write "{key}: " with a half-width colon and a half-width space; the Japanese input method is probably on.`},
		text{`「{key}」の後のコロンが全角です。`, `半角のコロンと半角の空白で「{key}: 」と書いてください。日本語入力がオンになっているかもしれません。`}},
	FullWidthSpace: {Error,
		text{`there is a full-width space here.`, `Use half-width spaces; the Japanese input method is probably on.`},
		text{`ここに全角の空白があります。`, `半角の空白にしてください。日本語入力がオンになっているかもしれません。`}},
	ColonSpace: {Error,
		text{`there is no space after the colon of "{key}".`, `Write "{key}: {value}".`},
		text{`「{key}」のコロンの後に空白がありません。`, `「{key}: {value}」と書いてください。`}},
	QuotesNeeded: {Error,
		text{`this text has a special meaning in YAML because of its "{mark}".`, `Put the text in double quotes ("...").`},
		text{`「{mark}」があるため、この文章は YAML の記号として読まれます。`, `文章全体を半角の " で囲んでください。`}},
	UnmatchedQuotes: {Error,
		text{`the quotes of this text do not match.`, `Put one {mark} before and one after the whole text; inside it, write {inner}.`},
		text{`引用符の始めと終わりが合いません。`, `文章全体を {mark} で囲み、文章の中では {inner} と書いてください。`}},
	UnclosedBracket: {Error,
		text{`the bracket {mark} is not closed.`, `Write {end} after the last entry; if it is all one text, put it in double quotes ("...").`},
		text{`括弧 {mark} が閉じていません。`, `最後に {end} を書いてください。全体が一つの文章なら、半角の " で囲んでください。`}},
	BadEscape: {Error,
		text{`a backslash in double quotes has a special meaning in YAML.`, `Write two backslashes for one, or put the text in single quotes ('...').`},
		text{`" の中の「\」（バックスラッシュ、円記号）は YAML の記号として読まれます。`, `二つ続けて書くか、文章全体を半角の ' で囲んでください。`}},
	TabIndent: {Error,
		text{`there is a tab at the beginning of this line.`, `Indent with spaces, two for each step.`},
		text{`行頭にタブがあります。`, `字下げには半角の空白を使ってください（一段につき二つ）。`}},
	BadIndent: {Error,
		text{`this line is not indented like the lines that it belongs to.`, `Give keys of one level the same number of spaces before them.`},
		text{`この行の字下げが前後と合っていません。`, `同じ段の項目は、行頭の空白の数を揃えてください。`}},
	BadYAML: {Error,
		text{`this line cannot be read as YAML.`, `Write "key: value", with a half-width colon and a space, and put texts with marks in them in double quotes.`},
		text{`この行は YAML として読めません。`, `「項目: 値」の形で、半角のコロンと空白を使って書いてください。記号の入った文章は半角の " で囲んでください。`}},
	KeysExpected: {Error,
		text{`here is a list, where keys with their values are expected.`, `Write lines of the form "key: value"[[, without the "{mark}" before them]].`},
		text{`ここには並びではなく、「項目: 値」を書きます。`, `[[行頭の「{mark}」を付けずに]]「項目: 値」の形で書いてください。`}},
	YAMLFeature: {Error,
		text{`"{feature}" is a feature of YAML that is not used here.`, `Write the value out; if it is meant as text, put it in double quotes.`},
		text{`「{feature}」という YAML の機能はここでは使えません。`, `値をそのまま書いてください。文章のつもりであれば半角の " で囲んでください。`}},
	TooDeep: {Error,
		text{`values are nested more than {limit} levels deep here.`, `Write it flatter.`},
		text{`ここで入れ子が {limit} 段を超えています。`, `入れ子を浅くしてください。`}},
}

var valueRules = map[Rule]entry{
	UnknownKey: {Error,
		text{`unknown key "{key}".`, `[[Did you mean "{nearest}"?]][[Known here: {known}.]][[Values of your own go under "{free}:".]]`},
		text{`「{key}」という項目はありません。`, `[[「{nearest}」ではありませんか。]][[ここで使えるのは {known} です。]][[独自の値は「{free}:」の下に書いてください。]]`}},
	DuplicateKey: {Error,
		text{`the key "{key}" is here a second time; the first is on line {line}.`, `Keep one of them.`},
		text{`「{key}」が二度書かれています（最初は {line} 行目）。`, `どちらか一つにしてください。`}},
	MissingKey: {Error,
		text{`the key "{key}" is missing.`, `Add a line "{key}: ..."[[ under "{parent}:"]].`},
		text{`「{key}」がありません。`, `[[「{parent}:」の下に、]]「{key}: …」の行を書き加えてください。`}},
	EmptyValue: {Error,
		text{`a value[[ of "{key}"]] is empty.`, `Write a value, or delete the line.`},
		text{`[[「{key}」の]]値が空です。`, `値を書くか、この行を削除してください。`}},
	NotText: {Error,
		text{`[["{key}" ]]must be one text.`, `Write it on one line; put it in double quotes if it has marks such as [ ] { } or ": " in it.`},
		text{`[[「{key}」には]]文章を一つだけ書きます。`, `一行で書いてください。[ ] { } や「: 」などの記号が入るときは、全体を半角の " で囲んでください。`}},
	QuoteText: {Error,
		text{`[["{key}" ]]must be text, but {value} without quotes is not text in YAML.`, `Write "{value}" with the double quotes.`},
		text{`[[「{key}」には]]文章を書きますが、引用符のない {value} は YAML では文章になりません。`, `半角の " で囲み、"{value}" と書いてください。`}},
	NotBool: {Error,
		text{`[["{key}" ]]must be true or false[[, not "{value}"]].`, `[[Write {nearest}.]]`},
		text{`[[「{key}」には]] true か false を書きます[[（「{value}」ではありません）]]。`, `[[{nearest} と書いてください。]]`}},
	NotNumber: {Error,
		text{`[["{key}" ]]must be a number in half-width digits[[, not "{value}"]].`, `[[Write {nearest}.]]`},
		text{`[[「{key}」には]]半角の数字だけを書きます[[（「{value}」は読めません）]]。`, `[[{nearest} と書いてください。]]`}},
	NumberRange: {Error,
		text{`[["{key}" ]]is out of range: {value}.`, `Write a number[[ from {min}]][[ up to {max}]].`},
		text{`[[「{key}」の]]値 {value} は範囲の外です。`, `[[{min} 以上]][[ {max} 以下]]の数を書いてください。`}},
	NotList: {Error,
		text{`[["{key}" ]]must be a list.`, `Write each of its entries on a line of its own, after "- ".`},
		text{`[[「{key}」は]]並びで書きます。`, `一つずつ、行頭に「- 」を付けて書いてください。`}},
	NotMap: {Error,
		text{`[["{key}" ]]must have keys of its own, not one value.`, `Write them on the lines below, indented by two spaces[[: {known}]].`},
		text{`[[「{key}」には]]値ではなく、下位の項目を書きます。`, `次の行から、半角の空白二つで字下げして書いてください[[（{known}）]]。`}},
	TooMany: {Error,
		text{`[["{key}" ]]has {count} entries; there may be {max} at most.`, `Take some out.`},
		text{`[[「{key}」が]] {count} 個あります。上限は {max} 個です。`, `減らしてください。`}},
	BadChoice: {Error,
		text{`"{value}" is not a choice[[ for "{key}"]].`, `[[Did you mean "{nearest}"?]] Choices: {choices}.`},
		text{`[[「{key}」に]]「{value}」は使えません。`, `[[「{nearest}」ではありませんか。]]使えるのは {choices} です。`}},
	BadDate: {Error,
		text{`[["{key}" ]]must be a day that exists, written like 2026-05-20 or 2026-05-20 18:30[[, not "{value}"]].`, `[[In {zone} the clocks are put forward over this time.]] [[Write {nearest}.]]`},
		text{`[[「{key}」には]]実在する日付を 2026-05-20 または 2026-05-20 18:30 の形で書きます[[（「{value}」は読めません）]]。`, `[[{zone} では夏時間への切り替えで飛ばされ、存在しない時刻です。]] [[{nearest} と書いてください。]]`}},
	BadDuration: {Error,
		text{`[["{key}" ]]must be a length of time such as 90d, 36h or 30m[[, not "{value}"]].`, `[[Write {nearest}.]]`},
		text{`[[「{key}」には]]期間を 90d、36h、30m のように書きます[[（「{value}」は読めません）]]。`, `[[{nearest} と書いてください。]]`}},
}
