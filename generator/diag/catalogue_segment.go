package diag

// Rules of segments: expressions in site.yaml that say who gets which letter.
const (
	SegmentName        Rule = "segment-name"
	SegmentTwice       Rule = "segment-twice"
	SegmentMany        Rule = "segment-many"
	SegmentLong        Rule = "segment-long"
	SegmentDeep        Rule = "segment-deep"
	SegmentCharacter   Rule = "segment-character"
	SegmentQuote       Rule = "segment-quote"
	SegmentNumber      Rule = "segment-number"
	SegmentOperator    Rule = "segment-operator"
	SegmentOperand     Rule = "segment-operand"
	SegmentChain       Rule = "segment-chain"
	SegmentParenthesis Rule = "segment-parenthesis"
	SegmentKnown       Rule = "segment-known"
	SegmentUnknown     Rule = "segment-unknown-name"
	SegmentCircle      Rule = "segment-circle"
	SegmentCondition   Rule = "segment-condition"
	SegmentList        Rule = "segment-list"
	SegmentTruth       Rule = "segment-truth"
	SegmentMixed       Rule = "segment-mixed"
	SegmentOrder       Rule = "segment-order"
	SegmentNoList      Rule = "segment-no-list"
	SegmentNoText      Rule = "segment-no-text"
	SegmentBlank       Rule = "segment-blank"
	UnknownSegment     Rule = "unknown-segment"
)

var segmentRules = map[Rule]entry{
	SegmentName: {Error,
		text{`"{name}" cannot be the name of a segment.`, `Use small letters, digits and hyphens, and not the name of an audience, a language, a key such as joined, or a word such as and.`},
		text{`「{name}」は会員の区分（segments）の名前にできません。`, `英小文字・数字・ハイフンで書いてください。読者の区分（audiences）や言語の名前、joined などの項目、and などの語は使えません。`}},
	SegmentTwice: {Error,
		text{`there are two segments "{name}".`, `Give one of them another name.`},
		text{`「{name}」という区分が二つあります。`, `どちらかの名前を変えてください。`}},
	SegmentMany: {Error,
		text{`there may be {limit} segments at most.`, `Remove this one and those that follow, or put some together.`},
		text{`区分は {limit} までです。`, `ここから先を消すか、いくつかを一つにまとめてください。`}},
	SegmentLong: {Error,
		text{`this expression is longer than {limit} bytes.`, `Take a part of it into a segment of its own, and name that one here.`},
		text{`この条件式は {limit} バイトを超えています。`, `一部を別の区分に分け、ここではその名前を書いてください。`}},
	SegmentDeep: {Error,
		text{`this expression has more than {limit} levels of parentheses and negations.`, `Take a part of it into a segment of its own, and name that one here.`},
		text{`この条件式は、括弧や否定が {limit} 段を超えて重なっています。`, `一部を別の区分に分け、ここではその名前を書いてください。`}},
	SegmentCharacter: {Error,
		text{`"{char}" has no meaning in an expression.`, `[[Did you mean {nearest} in half-width characters?]] Texts stand in quotes, as in region ~ "Tokyo".`},
		text{`「{char}」は条件式では使えません。`, `[[半角の {nearest} ではありませんか。]]文字は region ~ "東京" のように、半角の引用符で囲んでください。`}},
	SegmentQuote: {Error,
		text{`the text that begins with {mark} here has no end.`, `Write {mark} behind it, too, on the same line.`},
		text{`ここから {mark} で始まる文字に、終わりがありません。`, `同じ行のうちに、うしろにも {mark} を書いてください。`}},
	SegmentNumber: {Error,
		text{`the number {value} is too large.`, `Write a year, such as 2005.`},
		text{`{value} は大きすぎます。`, `2005 のような年を書いてください。`}},
	SegmentOperator: {Error,
		text{`"{found}" cannot follow here.`, `[[Did you mean "{nearest}"?]] Write && (and) or || (or) between two conditions.`},
		text{`ここに「{found}」は書けません。`, `[[「{nearest}」ではありませんか。]]二つの条件のあいだには、&&（かつ）か ||（または）を書いてください。`}},
	SegmentOperand: {Error,
		text{`something is missing here[[, before "{found}"]].`, `Write a key, a text in quotes, a number or the name of a segment.`},
		text{`ここに何かが足りません[[（「{found}」の前）]]。`, `項目の名前、引用符で囲んだ文字、数、区分の名前のどれかを書いてください。`}},
	SegmentChain: {Error,
		text{`"{found}" cannot follow a comparison.`, `Write two conditions, as in 2000 <= joined && joined <= 2005.`},
		text{`比較のあとに「{found}」は書けません。`, `2000 <= joined && joined <= 2005 のように、二つの条件に分けてください。`}},
	SegmentParenthesis: {Error,
		text{`this "{mark}" has no counterpart.`, `Add the other parenthesis, or remove this one.`},
		text{`この「{mark}」に対応する括弧がありません。`, `もう一方の括弧を加えるか、これを消してください。`}},
	SegmentKnown: {Error,
		text{`after known stands a key in parentheses.`, `Write it as in known(joined).`},
		text{`known のあとには、項目の名前を括弧に入れて書きます。`, `known(joined) のように書いてください。`}},
	SegmentUnknown: {Error,
		text{`there is neither a key nor a segment "{name}".`, `[[Did you mean "{nearest}"?]] Texts stand in quotes; the keys are {choices}.`},
		text{`「{name}」という項目も区分もありません。`, `[[「{nearest}」ではありませんか。]]文字は引用符で囲んでください。項目は {choices} です。`}},
	SegmentCircle: {Error,
		text{`these segments name each other in a circle: {circle}.`, `Write out one of them without naming the next.`},
		text{`区分どうしが輪になって互いの名前を使っています（{circle}）。`, `どれか一つを、次の区分の名前を使わずに書いてください。`}},
	SegmentCondition: {Error,
		text{`{found} alone is neither true nor false.`, `Compare it, as in {example}.`},
		text{`{found} だけでは、当てはまるかどうかが決まりません。`, `{example} のように比べてください。`}},
	SegmentList: {Error,
		text{`{found} is a list and has no such comparison.`, `Ask for one of its entries, as in "…" in {found}.`},
		text{`{found} はリストなので、このようには比べられません。`, `"…" in {found} のように、中にあるかどうかを書いてください。`}},
	SegmentTruth: {Error,
		text{`{found} is true or false already, and cannot be compared.`, `Write it alone, or !(…) for the opposite.`},
		text{`{found} はそれだけで当てはまるかどうかが決まるので、比べられません。`, `そのまま書くか、逆にするなら !(…) としてください。`}},
	SegmentMixed: {Error,
		text{`{left} and {right} cannot be compared: one is a number, the other a text.`, `[[Did you mean {nearest}?]] Numbers have no quotes, texts do.`},
		text{`{left} と {right} は比べられません。一方は数、他方は文字です。`, `[[{nearest} ではありませんか。]]数は引用符なし、文字は引用符つきで書いてください。`}},
	SegmentOrder: {Error,
		text{`texts cannot be compared by {operator}.`, `Use ==, != or ~ (contains).`},
		text{`文字を {operator} で比べることはできません。`, `==・!=・~（含む）を使ってください。`}},
	SegmentNoList: {Error,
		text{`after in stands a list, and {found} is none.`, `[[Did you mean {nearest}?]] The lists are {choices}.`},
		text{`in のあとにはリストを書きます。{found} はリストではありません。`, `[[{nearest} ではありませんか。]]リストは {choices} です。`}},
	SegmentNoText: {Error,
		text{`{found} is no text, which is what {operator} is for.`, `Write a text in quotes, or one of the keys that are texts.`},
		text{`{operator} は文字に使います。{found} は文字ではありません。`, `引用符で囲んだ文字か、文字の項目を書いてください。`}},
	SegmentBlank: {Error,
		text{`there is nothing between these quotes, and nothing to look for.`, `Write the text. Whether something is known is asked by known(region).`},
		text{`引用符のあいだに何もないので、探すものがありません。`, `文字を書いてください。書かれているかどうかは known(region) で分かります。`}},
	UnknownSegment: {Error,
		text{`there is no segment "{name}" in site.yaml.`, `[[Did you mean "{nearest}"? ]][[Known are: {choices}. ]]Segments are described under segments.`},
		text{`site.yaml に「{name}」という会員の区分はありません。`, `[[「{nearest}」ではありませんか。]][[使えるのは {choices} です。]]区分は segments に書きます。`}},
}
