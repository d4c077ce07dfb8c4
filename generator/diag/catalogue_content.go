package diag

// Rules of content: files, and what stands in one file.
const (
	NoContent            Rule = "no-content"
	NotAFolder           Rule = "not-a-folder"
	Symlink              Rule = "symlink"
	FolderNamedMD        Rule = "folder-named-md"
	NotAFile             Rule = "not-a-file"
	FileName             Rule = "file-name"
	FileTooLarge         Rule = "file-too-large"
	PictureTooLarge      Rule = "picture-too-large"
	ImageBroken          Rule = "image-broken"
	ImageCutOff          Rule = "image-cut-off"
	ImageNone            Rule = "image-none"
	ImageMisnamed        Rule = "image-misnamed"
	ImageFormat          Rule = "image-format"
	ImageUnsized         Rule = "image-unsized"
	PicturePixels        Rule = "picture-pixels"
	ImageName            Rule = "image-name"
	MarkdownName         Rule = "markdown-name"
	TooLong              Rule = "too-long"
	UnknownEdition       Rule = "unknown-edition"
	LangDiffers          Rule = "lang-differs"
	BadSlug              Rule = "bad-slug"
	BadAlias             Rule = "bad-alias"
	PublicAndMore        Rule = "public-and-more"
	KeyWithoutEffect     Rule = "key-without-effect"
	TeaserPublic         Rule = "teaser-public"
	TeaserWithoutSummary Rule = "teaser-without-summary"
	NoAudiences          Rule = "no-audiences"
	KeyWanted            Rule = "key-wanted"
	TimeOrder            Rule = "time-order"
	DeadlineAfterStart   Rule = "deadline-after-start"
	AllDayClock          Rule = "all-day-clock"
	BadAddress           Rule = "bad-address"
	BadMail              Rule = "bad-mail"
	BadCurrency          Rule = "bad-currency"
	BadPostal            Rule = "bad-postal-code"
	ControlCharacter     Rule = "control-character"
	DoubleTag            Rule = "double-tag"
	AltMissing           Rule = "alt-missing"
	NoteUnconfirmed      Rule = "note-unconfirmed"
	UnknownSection       Rule = "unknown-section"
	IncludedAndExcluded  Rule = "included-and-excluded"
	NotKana              Rule = "not-kana"
	UnknownEventType     Rule = "unknown-event-type"
	ModeDiffers          Rule = "mode-differs"
	EventNeedsClock      Rule = "event-needs-clock"
	SalaryOrder          Rule = "salary-order"
)

var contentRules = joined(namingRules, pageRules, referenceRules)

var namingRules = map[Rule]entry{
	NoContent: {Error,
		text{`there is no folder content/ here.`, `Pages are Markdown files in content/; "kaiho init DIR" makes a new project that has some.`},
		text{`ここには content/ フォルダーがありません。`, `ページは content/ の中の Markdown です。「kaiho init フォルダー」で、見本の入ったサイトを新しく作れます。`}},
	NotAFolder: {Error,
		text{`this is a file, and a folder belongs here.`, `Give the file another name.`},
		text{`ここにはフォルダーが入りますが、これはファイルです。`, `ファイルの名前を変えてください。`}},
	Symlink: {Error,
		text{`this is a symbolic link, and links are not followed.`, `Put a copy of the file here: a link could lead out of the project, or to its secrets.`},
		text{`これはシンボリックリンクです。リンクの先は読みません。`, `ファイルそのものを置いてください。リンクは、プロジェクトの外や秘密のファイルを指すことがあるためです。`}},
	FolderNamedMD: {Error,
		text{`this is a folder, but its name ends in .md.`, `Rename the folder.`},
		text{`これはフォルダーですが、名前が .md で終わっています。`, `フォルダーの名前を変えてください。`}},
	NotAFile: {Error,
		text{`this is neither a file nor a folder.`, `Remove it.`},
		text{`これはファイルでもフォルダーでもありません。`, `取り除いてください。`}},
	FileName: {Error,
		text{`the name "{name}" has a character that cannot stand in an address.`, `Use letters, digits, hyphens and dots.`},
		text{`「{name}」という名前には、アドレスに使えない文字があります。`, `英数字・ハイフン・ドットで名付けてください。`}},
	FileTooLarge: {Error,
		text{`the file has {size} MB; a Markdown file may have {limit} MB.`, `Divide it, and keep pictures and other files beside it.`},
		text{`ファイルの大きさが {size} MB あります。Markdown は {limit} MB までです。`, `分けるか、画像などは別のファイルにしてください。`}},
	PictureTooLarge: {Error,
		text{`the picture has {size} MB; a picture may have {limit} MB.`, `Make it smaller: 2,000 pixels on the longer side are enough for a page.`},
		text{`画像の大きさが {size} MB あります。{limit} MB までです。`, `縮小してください。ページに載せるには、長い辺が 2,000 ピクセルあれば足ります。`}},
	ImageBroken: {Error,
		text{`the picture {file} is damaged: {reason}.`, `Open it in an image program and save it again, or copy it anew from where you have it.`},
		text{`画像 {file} は壊れています（詳細：{reason}）。`, `画像のソフトで開いて保存し直すか、もとの画像をもう一度コピーしてください。`}},
	ImageCutOff: {Error,
		text{`the picture {file} is cut off: its end is missing.`, `Copy it anew from where you have it.`},
		text{`画像 {file} は途中で切れています。`, `もとの画像を、もう一度コピーしてください。`}},
	ImageNone: {Error,
		text{`the name of {file} says {said}, but there is no picture in it.`, `Copy it anew from where you have it, or save it as JPEG, PNG, WebP, GIF, AVIF or SVG.`},
		text{`{file} は、名前は {said} ですが、中身が画像ではありません。`, `もとの画像をもう一度コピーするか、JPEG・PNG・WebP・GIF・AVIF・SVG のいずれかで保存し直してください。`}},
	ImageMisnamed: {Error,
		text{`the name of the picture {file} says {said}, but it is {found}.`, `Let its name end in {extension}.`},
		text{`画像 {file} は、名前は {said} ですが、中身は {found} です。`, `名前の終わりを {extension} にしてください。`}},
	ImageFormat: {Error,
		text{`the picture {file} is {format}, which browsers do not show or which cannot be cleaned of metadata.`, `Save it as JPEG, PNG, WebP or SVG.`},
		text{`画像 {file} は {format} です。ブラウザーが表示できないか、撮影場所などの記録を取り除けない形式です。`, `JPEG・PNG・WebP・SVG のいずれかで保存し直してください。`}},
	ImageUnsized: {Error,
		text{`the drawing {file} has no size.`, `Give its root element, svg, a viewBox, or width and height.`},
		text{`SVG の画像 {file} に大きさがありません。`, `いちばん外の svg 要素に、viewBox か、width と height を書いてください。`}},
	PicturePixels: {Error,
		text{`the picture {file} has {width} × {height} pixels, {size} megapixels; a picture may have {limit}.`, `Make it smaller: 2,400 pixels on the longer side are enough for a page. If it must be so large, raise images: max_megapixels in site.yaml.`},
		text{`画像 {file} は {width} × {height} ピクセル（{size} メガピクセル）あります。{limit} メガピクセルまでです。`, `縮小してください。ページに載せるには、長い辺が 2,400 ピクセルあれば足ります。どうしても必要なら、site.yaml の images: max_megapixels を上げてください。`}},
	ImageName: {Error,
		text{`this is a picture ({kind}), but its name does not say so: what the camera wrote into it, such as the place, would be published.`, `[[Name it {nearest}.]] Pages show JPEG, PNG, WebP, GIF, AVIF and SVG.`},
		text{`中身は画像（{kind}）ですが、名前が画像のものではありません。このままでは、撮影した場所などの記録まで公開されます。`, `[[名前を {nearest} に変えてください。]]画像は JPEG・PNG・WebP・GIF・AVIF・SVG で置きます。`}},
	MarkdownName: {Error,
		text{`"{name}" looks like Markdown, but only names that end in .md are pages; as a plain file, all of it would be published.`, `Rename it to end in .md, or remove it.`},
		text{`「{name}」は Markdown のようですが、ページになるのは .md で終わる名前だけです。このままでは、中身がすべてそのまま公開されます。`, `.md で終わる名前に変えるか、取り除いてください。`}},
	TooLong: {Error,
		text{`"{key}" makes a part of an address of {bytes} bytes; one may have {limit}.`, `Write it shorter: a letter of Japanese has 3 bytes.`},
		text{`「{key}」から、アドレスの一部分が {bytes} バイトになります。{limit} バイトまでです。`, `短くしてください。日本語は 1 文字が 3 バイトです。`}},
	UnknownEdition: {Error,
		text{`the site has no edition in "{lang}".`, `[[Did you mean "{nearest}"?]] Its languages are {choices}; correct it, or add the language to languages in site.yaml.`},
		text{`このサイトに「{lang}」の版はありません。`, `[[「{nearest}」ではありませんか。]]使える言語は {choices} です。直すか、site.yaml の languages に書き加えてください。`}},
	LangDiffers: {Error,
		text{`lang is "{lang}", but the file's name says "{file}".`, `Remove one of them.`},
		text{`lang は「{lang}」ですが、ファイル名は「{file}」です。`, `どちらかを消してください。`}},
	BadSlug: {Error,
		text{`"{slug}" cannot be the last part of an address.`, `Use letters, digits and hyphens, without slashes.`},
		text{`「{slug}」はアドレスの末尾に使えません。`, `文字・数字・ハイフンだけで、スラッシュを入れずに書いてください。`}},
	BadAlias: {Error,
		text{`"{alias}" is not a path of this site.`, `Write the old address from the first slash on, such as /old/page/.`},
		text{`「{alias}」はこのサイトのパスではありません。`, `以前のアドレスを /old/page/ のように、スラッシュから書いてください。`}},
}

var pageRules = map[Rule]entry{
	PublicAndMore: {Error,
		text{`"public" stands beside other audiences.`, `Write only public, or only the audiences that may read the page.`},
		text{`public と、ほかの読者の区分が並んでいます。`, `だれでも読めるなら public だけ、限るならその区分だけを書いてください。`}},
	KeyWithoutEffect: {Warning,
		text{`"{key}" does nothing in a file with the words for a list or the home page.`, `Remove the line.`},
		text{`一覧やトップページの文章では、「{key}」を書いても何も変わりません。`, `この行を消してください。`}},
	TeaserPublic: {Warning,
		text{`teaser does nothing on a page that everyone may read.`, `Remove it, or set audience.`},
		text{`だれでも読めるページに teaser は要りません。`, `消すか、audience を書いてください。`}},
	TeaserWithoutSummary: {Warning,
		text{`the teaser has nothing to show but the title.`, `Add summary: what the public may know.`},
		text{`紹介として見せるものが題名しかありません。`, `公開してよい内容を summary に書いてください。`}},
	NoAudiences: {Error,
		text{`a part is for members, but site.yaml has no audiences.`, `Add audiences to site.yaml, such as audiences: {alumni: {title: Alumni}}.`},
		text{`会員向けの部分がありますが、site.yaml に audiences がありません。`, `site.yaml に audiences: {alumni: {title: 会員}} のように書いてください。`}},
	KeyWanted: {Warning,
		text{`a good {kind} page has "{key}".`, `Add it if you can.`},
		text{`「{key}」がありません（{kind}）。`, `書けるようなら加えてください。`}},
	TimeOrder: {Error,
		text{`"{key}" is not after "{other}".`, `Look at both again: date, year, and morning or evening.`},
		text{`「{key}」が「{other}」より後になっていません。`, `年・日付・時刻を見直してください。`}},
	AllDayClock: {Error,
		text{`"{key}" has a time of day, but all_day is true.`, `Write only {date}, or remove all_day.`},
		text{`all_day が true なのに、「{key}」に時刻があります。`, `{date} とだけ書くか、all_day を消してください。`}},
	DeadlineAfterStart: {Error,
		text{`"{key}" is after "{other}".`, `A deadline comes before the event.`},
		text{`「{key}」が「{other}」より後になっています。`, `締め切りは、開催より前にしてください。`}},
	BadAddress: {Error,
		text{`"{key}" is not a web address: "{url}".`, `Write it in full, such as https://example.com/.`},
		text{`「{key}」の「{url}」はウェブのアドレスではありません。`, `https://example.com/ のように、すべて書いてください。`}},
	BadMail: {Error,
		text{`"{key}" is not a mail address: "{address}".`, `Write it as name@example.com.`},
		text{`「{key}」の「{address}」はメールアドレスではありません。`, `name@example.com の形で書いてください。`}},
	BadCurrency: {Error,
		text{`"{value}" is not a currency code.`, `[[Write {nearest}.]] Codes have three capital letters, such as JPY.`},
		text{`「{value}」は通貨の符号ではありません。`, `[[{nearest} と書いてください。]]JPY のような英大文字 3 字の符号です。`}},
	BadPostal: {Error,
		text{`"{value}" is not a postal code.`, `[[Write {nearest}.]] Seven digits with a hyphen, such as 123-4567.`},
		text{`「{value}」は郵便番号の形ではありません。`, `[[{nearest} と書いてください。]]123-4567 のように 7 桁の数字とハイフンで書きます。`}},
	ControlCharacter: {Error,
		text{`"{key}" has an invisible character or a line break in it.`, `Type it anew, on one line.`},
		text{`「{key}」に、見えない文字か改行が入っています。`, `一行で打ち直してください。`}},
	DoubleTag: {Warning,
		text{`the tag "{tag}" is there twice[[ (as "{other}")]].`, `Remove one.`},
		text{`タグ「{tag}」が重なっています[[（「{other}」）]]。`, `一方を消してください。`}},
	AltMissing: {Error,
		text{`the picture has no alternative text ("{key}").`, `Say in a few words what it shows: for those who do not see it.`},
		text{`画像の代替テキスト（{key}）がありません。`, `画像が見えない人のために、写っているものを短く書いてください。`}},
	NoteUnconfirmed: {Warning,
		text{`the note of "{person}" is not confirmed and is left out.`, `Set confirmed: true when the person has agreed to the text.`},
		text{`「{person}」の近況は本人の確認が済んでいないため、載せません。`, `本人が文面を確かめたら、confirmed: true としてください。`}},
	UnknownSection: {Error,
		text{`there is no section "{name}".`, `[[Did you mean "{nearest}"?]]`},
		text{`「{name}」というセクションはありません。`, `[[「{nearest}」ではありませんか。]]`}},
	IncludedAndExcluded: {Error,
		text{`"{path}" is both included and excluded.`, `Remove one.`},
		text{`「{path}」が、載せる方と外す方の両方にあります。`, `一方を消してください。`}},
	NotKana: {Error,
		text{`"{key}" is a reading and takes kana only: "{value}".`, `Write it in hiragana.`},
		text{`「{key}」は読みなので、かなで書きます（「{value}」）。`, `ひらがなで書いてください。`}},
	UnknownEventType: {Error,
		text{`site.yaml has no event type "{type}".`, `[[Did you mean "{nearest}"?]] Known are: {choices}.`},
		text{`site.yaml の event_types に「{type}」はありません。`, `[[「{nearest}」ではありませんか。]]使えるのは {choices} です。`}},
	ModeDiffers: {Error,
		text{`the mode is "{mode}", but there is "{key}".`, `Set mode: hybrid, or remove "{key}".`},
		text{`mode が「{mode}」なのに「{key}」があります。`, `mode を hybrid にするか、「{key}」を消してください。`}},
	EventNeedsClock: {Error,
		text{`"{key}" has no time of day.`, `Write for example {date} 18:30, or set all_day: true.`},
		text{`「{key}」に時刻がありません。`, `{date} 18:30 のように書くか、終日なら all_day: true としてください。`}},
	SalaryOrder: {Error,
		text{`the salary's max is less than its min.`, `Exchange them.`},
		text{`給与の max が min より小さくなっています。`, `入れ替えてください。`}},
}
