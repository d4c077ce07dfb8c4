package diag

// Rules of what one file says of another.
const (
	DuplicateURL   Rule = "duplicate-url"
	DeadLink       Rule = "dead-link"
	DeadAnchor     Rule = "dead-anchor"
	HeldLink       Rule = "held-link"
	GatedLink      Rule = "gated-link"
	ImageMissing   Rule = "image-missing"
	ImageElsewhere Rule = "image-elsewhere"
	UnknownPerson  Rule = "unknown-person"
	UnknownPage    Rule = "unknown-page"
	WrongKind      Rule = "wrong-kind"
	LooseFile      Rule = "loose-file"
)

var referenceRules = map[Rule]entry{
	DuplicateURL: {Error,
		text{`{url} belongs to {other} already.`, `Rename the file, or give it another slug.`},
		text{`{url} はすでに {other} が使っています。`, `ファイル名か slug を変えてください。`}},
	DeadLink: {Error,
		text{`nothing is at "{url}".`, `[[Did you mean "{nearest}"?]]`},
		text{`「{url}」には何もありません。`, `[[「{nearest}」ではありませんか。]]`}},
	DeadAnchor: {Error,
		text{`the page has no heading "#{anchor}" ("{url}").`, `[[Did you mean "#{nearest}"?]]`},
		text{`リンク先に「#{anchor}」という見出しがありません（「{url}」）。`, `[[「#{nearest}」ではありませんか。]]`}},
	HeldLink: {Warning,
		text{`"{url}" is not shown now ({reason}); the link becomes plain text.`, ``},
		text{`「{url}」はいま公開されていません（{reason}）。リンクは文字だけになります。`, ``}},
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
	LooseFile: {Warning,
		text{`no page shows this file or leads to it, so it is not published.`, `Link to it, or move it into the folder of its page (NAME/index.md).`},
		text{`どのページからも使われていないため、公開しません。`, `ページからリンクするか、そのページのフォルダー（名前/index.md）に移してください。`}},
}
