package diag

// Rules of what one file says of another.
const (
	DuplicateURL    Rule = "duplicate-url"
	AliasTaken      Rule = "alias-taken"
	ReservedAddress Rule = "reserved-address"
	FileAndFolder   Rule = "file-and-folder"
	DuplicatePerson Rule = "duplicate-person"
	AudienceDiffers Rule = "audience-differs"
	DeadLink        Rule = "dead-link"
	DeadAnchor      Rule = "dead-anchor"
	HeldLink        Rule = "held-link"
	GatedLink       Rule = "gated-link"
	GatedFile       Rule = "gated-file"
	HeldFile        Rule = "held-file"
	NotAPicture     Rule = "not-a-picture"
	ImageMissing    Rule = "image-missing"
	ImageElsewhere  Rule = "image-elsewhere"
	UnknownPerson   Rule = "unknown-person"
	UnknownPage     Rule = "unknown-page"
	WrongKind       Rule = "wrong-kind"
	SelfReference   Rule = "self-reference"
	NamedTwice      Rule = "named-twice"
	NoPeopleWords   Rule = "no-people-words"
	LooseFile       Rule = "loose-file"
	BadScheme       Rule = "bad-scheme"
	TagsShareList   Rule = "tags-share-list"
	EmptyList       Rule = "empty-list"
	PublicPicture   Rule = "public-picture"
)

var referenceRules = map[Rule]entry{
	DuplicateURL: {Error,
		text{`{url} belongs to {other} already.`, `Rename the file, or give it another slug.`},
		text{`{url} はすでに {other} が使っています。`, `ファイル名か slug を変えてください。`}},
	AliasTaken: {Error,
		text{`the alias {url} belongs to {other} already.`, `Remove it: an alias is an address that this page alone had before.`},
		text{`別名 {url} はすでに {other} が使っています。`, `消してください。aliases には、このページだけが以前に使っていたアドレスを書きます。`}},
	ReservedAddress: {Error,
		text{`{url} is an address that the site needs for itself.`, `Choose another name, slug or alias.[[ Words that stand above that list belong into {index}.]]`},
		text{`{url} はサイト自身が使うアドレスです。`, `ファイル名・slug・aliases を別のものにしてください。[[一覧の前に置く文章は {index} に書きます。]]`}},
	FileAndFolder: {Error,
		text{`{url} is a file here, and a folder because of {other}.`, `Rename one of the two.`},
		text{`{url} はここではファイルですが、{other} のためにフォルダーにもなります。`, `どちらかの名前を変えてください。`}},
	DuplicatePerson: {Error,
		text{`the person "{id}" is in {other} already.`, `Rename one of the files: their names are the ids that pages refer to.`},
		text{`「{id}」という人物は、すでに {other} にあります。`, `どちらかのファイル名を変えてください。ファイル名が、ページから参照するときの id になります。`}},
	AudienceDiffers: {Warning,
		text{`this edition is for other readers ({audience}) than {other} ({wanted}).`, `Write the same audience in all editions, unless they really differ.`},
		text{`この版の読者（{audience}）が {other} の読者（{wanted}）と違います。`, `意図したものでなければ、audience を揃えてください。`}},
	DeadLink: {Error,
		text{`nothing is at "{url}".`, `[[Did you mean "{nearest}"?]]`},
		text{`「{url}」には何もありません。`, `[[「{nearest}」ではありませんか。]]`}},
	DeadAnchor: {Error,
		text{`the page has no heading "#{anchor}"[[ that readers of this page ({reader}) see]] ("{url}").`, `[[Did you mean "#{nearest}"?]]`},
		text{`リンク先に[[、このページの読者（{reader}）に見える]]「#{anchor}」という見出しがありません（「{url}」）。`, `[[「#{nearest}」ではありませんか。]]`}},
	HeldLink: {Warning,
		text{`"{url}" is not shown now ({reason}[[ until {until}]]); the link becomes plain text.`, ``},
		text{`「{url}」はいま公開されていません（{reason}[[、{until} まで]]）。リンクは文字だけになります。`, ``}},
	TagsShareList: {Warning,
		text{`the tags "{tag}" and "{other}" (in {path}) share one list: what tells them apart cannot stand in its address.`, `Write both alike, or give one another name.`},
		text{`タグ「{tag}」と「{other}」（{path}）は、同じ一覧になります。違いがアドレスに使えない文字だけのためです。`, `書き方を揃えるか、一方を別の言葉にしてください。`}},
	EmptyList: {Warning,
		text{`nothing is at "{url}" yet: the section has no pages.`, `Write the first one, or take the line out until then.`},
		text{`「{url}」にはまだ何もありません。セクションにページがないためです。`, `ページを書くか、それまでこの行を外してください。`}},
	BadScheme: {Error,
		text{`"{url}" begins with "{scheme}:", which is not allowed here.`, `Allowed are: {choices}.`},
		text{`「{url}」は「{scheme}:」で始まっていますが、ここでは使えません。`, `使えるのは {choices} です。`}},
	PublicPicture: {Warning,
		text{`everyone can open "{src}", which lies in static/, but the page is only for some.`, `Put the picture beside the page (NAME/index.md), and write only its name.`},
		text{`ページは読者を限っていますが、static/ にある「{src}」はだれでも開けます。`, `画像をページと同じフォルダー（名前/index.md）に置き、ファイル名だけを書いてください。`}},
	GatedFile: {Error,
		text{`"{url}" belongs to {page}, which readers of this page ({reader}) may not read.`, `Put a copy beside this page if they may have it, or remove the link.`},
		text{`「{url}」は {page} のファイルですが、このページの読者（{reader}）は {page} を読めません。`, `見せてよいものなら、このページと同じフォルダーに写しを置いてください。そうでなければ、リンクを消してください。`}},
	HeldFile: {Warning,
		text{`"{url}" belongs to {page}, which is not shown now ({reason}); here it is left out.`, ``},
		text{`「{url}」は {page} のファイルで、そのページはいま公開されていません（{reason}）。ここでは省きます。`, ``}},
	NotAPicture: {Error,
		text{`"{src}" is not a picture.`, `Pictures are JPEG, PNG, WebP, GIF, AVIF or SVG files; link to other files: [text]({src}).`},
		text{`「{src}」は画像ではありません。`, `画像は JPEG・PNG・WebP・GIF・AVIF・SVG です。ほかのファイルには [文字]({src}) とリンクしてください。`}},
	GatedLink: {Error,
		text{`readers of this page ({reader}) cannot open "{url}".`, `Give that page teaser: true, put the link into a :::members part, or remove it.`},
		text{`このページの読者（{reader}）は「{url}」を開けません。`, `リンク先に teaser: true を書くか、リンクを :::members の中に移すか、消してください。`}},
	ImageMissing: {Error,
		text{`there is no picture "{src}".`, `[[Did you mean "{nearest}"?]] Put it beside the page, or into static/ and write its path from the first slash on.`},
		text{`「{src}」という画像がありません。`, `[[「{nearest}」ではありませんか。]]ページと同じフォルダーに置くか、static/ に置いて / から始まるパスで書いてください。`}},
	ImageElsewhere: {Warning,
		text{`"{src}" lies on another site: it may vanish, and that site learns who reads.`, `Put a copy beside the page.`},
		text{`「{src}」はほかのサイトの画像です。消えることがあり、読者のことも相手に伝わります。`, `画像をページと同じフォルダーに置いてください。`}},
	UnknownPerson: {Error,
		text{`there is no content/people/{id}.md.`, `[[Did you mean "{nearest}"?]]`},
		text{`content/people/{id}.md がありません。`, `[[「{nearest}」ではありませんか。]]`}},
	UnknownPage: {Error,
		text{`there is no page "{path}".`, `[[Did you mean "{nearest}"?]] Write the path below content/, such as events/winter.md.`},
		text{`「{path}」というページはありません。`, `[[「{nearest}」ではありませんか。]]events/winter.md のように、content/ より下のパスで書いてください。`}},
	WrongKind: {Error,
		text{`"{path}" is of kind {kind}; here belongs one of kind {wanted}.`, ``},
		text{`「{path}」の種類は {kind} です。ここには {wanted} のページを書いてください。`, ``}},
	SelfReference: {Error,
		text{`"{path}" is this page itself.`, `Name another page, or remove the line.`},
		text{`「{path}」はこのページ自身です。`, `別のページを書くか、この行を消してください。`}},
	NamedTwice: {Warning,
		text{`"{path}" is named twice.`, `Remove one.`},
		text{`「{path}」が二度書かれています。`, `一方を消してください。`}},
	NoPeopleWords: {Warning,
		text{`the list of people has no words of its own, so this file is not shown.`, `Give the list its title in site.yaml, under sections: {people: {title: ...}}, and remove this file.`},
		text{`人物の一覧には文章を置けないため、このファイルは表示されません。`, `一覧の題名は site.yaml の sections: {people: {title: …}} に書き、このファイルは消してください。`}},
	LooseFile: {Warning,
		text{`no page shows this file or leads to it, so it is not published.`, `Link to it, or move it into the folder of its page (NAME/index.md).`},
		text{`どのページからも使われていないため、公開しません。`, `ページからリンクするか、そのページのフォルダー（名前/index.md）に移してください。`}},
}
