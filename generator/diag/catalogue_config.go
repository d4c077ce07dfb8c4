package diag

// Rules of site.yaml.
const (
	ConfigMissing      Rule = "config-missing"
	ConfigLanguage     Rule = "language"
	ConfigBaseURL      Rule = "base-url"
	ConfigTimezone     Rule = "timezone"
	ConfigMailAddress  Rule = "mail-address"
	ConfigURL          Rule = "web-address"
	ConfigAudienceName Rule = "audience-name"
	UnknownAudience    Rule = "unknown-audience"
	ConfigSectionName  Rule = "section-name"
	ConfigPeopleKind   Rule = "people-kind"
	ConfigNoSection    Rule = "section-without-folder"
	UnknownLanguage    Rule = "unknown-language"
	DurationRange      Rule = "duration-range"
	ConfigHost         Rule = "host-name"
	MailFrom           Rule = "mail-from"
	MailFromDiffers    Rule = "mail-from-differs"
	MailAddress        Rule = "mail-own-address"
	MailBounce         Rule = "mail-bounce"
	MailRate           Rule = "mail-rate"
	MailListID         Rule = "mail-list-id"
	MailFeedbackID     Rule = "mail-feedback-id"
	LetterSection      Rule = "letter-section"
	SubscribeNeeds     Rule = "subscribe-needs"
	ThemeColour        Rule = "theme-colour"
	ThemeContrast      Rule = "theme-contrast"
	ThemeFont          Rule = "theme-font"
	ImageWidths        Rule = "image-widths"
	CardFont           Rule = "card-font"
	CardFontMissing    Rule = "card-font-missing"
	CardFontPlace      Rule = "card-font-place"
	CardFontSize       Rule = "card-font-size"
	CardGlyph          Rule = "card-glyph"
)

var configRules = map[Rule]entry{
	ConfigMissing: {Error,
		text{`there is no site.yaml here.`, `Go to the project folder, name it with --source DIR, or make a new one with "kaiho init DIR".`},
		text{`ここには site.yaml がありません。`, `サイトのフォルダーで実行するか、--source フォルダー で指定してください。新しく始めるときは「kaiho init フォルダー」です。`}},
	ThemeColour: {Error,
		text{`"{value}" is not a colour.`, `[[Did you mean "{nearest}"? ]]Write it in quotes, as "#1f4e79": without them, YAML takes what follows # for a comment.`},
		text{`「{value}」は色ではありません。`, `[[「{nearest}」ではありませんか。]]"#1f4e79" のように、引用符で囲んで書いてください。囲まないと、# から後ろはコメントになります。`}},
	ThemeContrast: {Error,
		text{`links in {value} are hard to read: where the ground is darkest the contrast is {contrast}, and 4.5 is needed.`, `The nearest colour that can be read is "{nearest}".`},
		text{`{value} の文字は読みにくくなります（いちばん濃い地の色とのコントラストが {contrast}。4.5 以上が必要です）。`, `読める色でいちばん近いのは "{nearest}" です。`}},
	ThemeFont: {Error,
		text{`"{value}" is not the name of a font.`, `Write sans, serif, or names of families that readers have, such as [BIZ UDPGothic, sans].`},
		text{`「{value}」は書体の名前ではありません。`, `sans、serif か、読む人の機器にある書体の名前を [BIZ UDPGothic, sans] のように書いてください。`}},
	ImageWidths: {Warning,
		text{`{width} stands here twice.`, `Remove one of them.`},
		text{`{width} が 2 度書かれています。`, `片方を消してください。`}},
	CardFont: {Error,
		text{`"{file}" is not a font that cards can be drawn with: {reason}.`, `Take a TTF, OTF or TTC file, and copy it anew if it is damaged.`},
		text{`「{file}」は、カードを描くフォントとして使えません（詳細：{reason}）。`, `TTF・OTF・TTC のどれかで、壊れていないファイルを使ってください。`}},
	CardFontMissing: {Error,
		text{`there is no font "{file}".`, `[[Did you mean "{nearest}"?]] Write its path from the project folder on, such as fonts/NotoSansJP-Medium.otf.`},
		text{`「{file}」というフォントがありません。`, `[[「{nearest}」ではありませんか。]]プロジェクトのフォルダーから見た場所を、fonts/NotoSansJP-Medium.otf のように書いてください。`}},
	CardFontPlace: {Error,
		text{`"{file}" is not a file within the project.`, `Put the font itself, and no link to it, into the project folder, and write its path from there on, such as fonts/NotoSansJP-Medium.otf.`},
		text{`「{file}」は、プロジェクトの中のファイルではありません。`, `フォントを（リンクではなく、そのまま）プロジェクトのフォルダーに入れ、そこから見た場所を fonts/NotoSansJP-Medium.otf のように書いてください。`}},
	CardFontSize: {Error,
		text{`the font "{file}" has {size} MB; one for cards may have {limit}.`, `Take a file with one weight of the font alone.`},
		text{`フォント「{file}」は {size} MB あります。{limit} MB までです。`, `太さが一つだけのファイルを使ってください。`}},
	CardGlyph: {Warning,
		text{`the font of the cards ({font}) has no "{glyph}" ({code}); the page gets the card without a title.`, `Choose a font in site.yaml under theme: card_font that has it.`},
		text{`カードのフォント（{font}）に「{glyph}」（{code}）の字がありません。このページは、題のないカードになります。`, `この字のあるフォントを、site.yaml の theme: card_font に書いてください。`}},
	ConfigLanguage: {Error,
		text{`"{lang}" is not a language tag.`, `Write a BCP 47 tag in lower case, such as ja or en.`},
		text{`「{lang}」は言語の符号ではありません。`, `ja や en のように、小文字の符号で書いてください。`}},
	ConfigBaseURL: {Error,
		text{`"{url}" is not the address of a site.`, `[[Did you mean "{nearest}"?]] Write the whole address, such as https://alumni.example.com/.`},
		text{`「{url}」はサイトのアドレスではありません。`, `[[「{nearest}」ではありませんか。]]https://alumni.example.com/ のように、すべて書いてください。`}},
	ConfigTimezone: {Error,
		text{`there is no time zone "{zone}".`, `[[Did you mean "{nearest}"?]] Write an IANA name, such as Asia/Tokyo.`},
		text{`「{zone}」という時間帯はありません。`, `[[「{nearest}」ではありませんか。]]Asia/Tokyo のような IANA の名前で書いてください。`}},
	ConfigMailAddress: {Error,
		text{`"{address}" is not a mail address.`, `Write it as name@example.com.`},
		text{`「{address}」はメールアドレスではありません。`, `name@example.com の形で書いてください。`}},
	ConfigURL: {Error,
		text{`"{url}" is not an address that a link can lead to.`, `Write https://... for other sites, or a path such as /about/ for this one.`},
		text{`「{url}」はリンク先として使えません。`, `ほかのサイトなら https://...、このサイトなら /about/ のように書いてください。`}},
	ConfigAudienceName: {Error,
		text{`"{name}" cannot be the name of an audience.`, `Use small letters, digits and hyphens; "public" is everybody and needs no entry.`},
		text{`「{name}」は読者の区分の名前にできません。`, `英小文字・数字・ハイフンで書いてください。public は「だれでも」を表し、書く必要はありません。`}},
	UnknownAudience: {Error,
		text{`there is no audience "{name}" in site.yaml.`, `[[Write {list}. ]][[Did you mean "{nearest}"? ]][[Known are: {choices}.]]`},
		text{`site.yaml に「{name}」という読者の区分はありません。`, `[[{list} と書いてください。]][[「{nearest}」ではありませんか。]][[使えるのは {choices} です。]]`}},
	ConfigSectionName: {Error,
		text{`"{name}" cannot be the name of a section.`, `A section is a folder of content/: name it in small letters, digits and hyphens, and not after the site's own addresses, such as tags, assets or the language en.`},
		text{`「{name}」はセクションの名前にできません。`, `セクションは content/ の下のフォルダーです。名前は英小文字・数字・ハイフンで付けてください。tags・assets や言語の符号（en など）は、サイト自身がアドレスに使います。`}},
	ConfigPeopleKind: {Error,
		text{`the section people holds people and has no other kind.`, `Remove this line, or give the folder another name.`},
		text{`people セクションは人物のためのもので、ほかの種類にはできません。`, `この行を消すか、フォルダーの名前を変えてください。`}},
	ConfigNoSection: {Warning,
		text{`there is no folder content/{name}/.`, `[[Did you mean "{nearest}"?]] Make the folder, or remove the section.`},
		text{`content/{name}/ というフォルダーがありません。`, `[[「{nearest}」ではありませんか。]]フォルダーを作るか、この項目を消してください。`}},
	DurationRange: {Error,
		text{`"{key}" is at least {least} and at most {most}.`, `Write a length of time between them.`},
		text{`「{key}」は {least} 以上 {most} 以下です。`, `この間の長さで書いてください。`}},
	ConfigHost: {Error,
		text{`"{host}" is not the name of a host.`, `Write the name alone, such as www.example.com, with a port if it has one.`},
		text{`「{host}」はホストの名前ではありません。`, `www.example.com のように、名前だけを書いてください。ポートがあれば付けます。`}},
	MailFrom: {Error,
		text{`letters cannot come from "{value}".`, `[[Did you mean "{nearest}"?]] Write name and address, as in: Nagi Letter <letter@example.com>. The address is in ASCII, and no dot stands beside another or the @.`},
		text{`「{value}」は差出人にできません。`, `[[「{nearest}」ではありませんか。]]凪だより <letter@example.com> のように、名前とアドレスを書いてください。アドレスは半角で、ドットを続けたり @ の隣に置いたりはできません。`}},
	MailFromDiffers: {Error,
		text{`letters come from one address, and "{value}" is not "{other}".`, `Write the same address in every language; only the name may differ.`},
		text{`差出人のアドレスは一つです。「{value}」と「{other}」が違っています。`, `どの言語にも同じアドレスを書いてください。変えられるのは名前だけです。`}},
	MailAddress: {Error,
		text{`"{key}" is no address that every mail program takes: "{value}".`, `[[Did you mean "{nearest}"?]] Write the address alone, in ASCII, as in office@example.com; no dot stands beside another or the @.`},
		text{`「{key}」の「{value}」は、どのメールソフトでも使えるアドレスではありません。`, `[[「{nearest}」ではありませんか。]]office@example.com のように、アドレスだけを半角で書いてください。ドットを続けたり @ の隣に置いたりはできません。`}},
	MailBounce: {Error,
		text{`mail that cannot be delivered cannot come back to "{value}".`, `[[Did you mean "{nearest}"?]] Write an address such as bounce@example.com, or a domain such as bounce.example.com where any address is read.`},
		text{`届かなかったメールの戻り先を「{value}」にはできません。`, `[[「{nearest}」ではありませんか。]]bounce@example.com のようなアドレスか、どのアドレスも受け取れる bounce.example.com のようなドメインを書いてください。`}},
	MailRate: {Error,
		text{`"{value}" is no rate of letters.`, `Write a number and a unit of time: 5/s, 60/m, 200/h or 1000/d.`},
		text{`「{value}」は送る速さとして読めません。`, `5/s、60/m、200/h、1000/d のように、通数と時間の単位（秒 s、分 m、時 h、日 d）で書いてください。`}},
	MailListID: {Error,
		text{`"{value}" cannot be the id of a list.`, `[[Did you mean "{nearest}"?]] Write it like the name of a host of yours, with a dot at least: news.example.com. It never changes: readers' filters depend on it.`},
		text{`「{value}」はリストの ID にできません。`, `[[「{nearest}」ではありませんか。]]news.example.com のように、自分のドメインの下の名前を書いてください。読者の振り分けに使われるので、一度決めたら変えません。`}},
	MailFeedbackID: {Error,
		text{`"{value}" cannot be the sender of a Feedback-ID.`, `[[Did you mean "{nearest}"?]] Write 5 to 15 small letters, digits and hyphens.`},
		text{`「{value}」は Feedback-ID の差出人にできません。`, `[[「{nearest}」ではありませんか。]]英小文字・数字・ハイフンで、5〜15 文字にしてください。`}},
	LetterSection: {Error,
		text{`pages of the section {name} are never in letters.`, `Remove it: people and earlier issues are not sent.`},
		text{`{name} セクションのページは、お便りには載りません。`, `この項目を消してください。人物のページと過去の号は送りません。`}},
	SubscribeNeeds: {Error,
		text{`people cannot subscribe before the form can say whom the letters are from: {keys}.`, `Fill in what is missing, or write "subscribe: false".`},
		text{`お便りの申し込みを受けるには、どなたが送るのかを書いておく必要があります。足りない項目: {keys}。`, `足りない項目を書き加えてください。申し込みを受けないときは subscribe: false にしてください。`}},
	UnknownLanguage: {Error,
		text{`the site has no edition in "{lang}".`, `[[Did you mean "{nearest}"?]] Its languages are {choices}; more of them go into languages.`},
		text{`このサイトに「{lang}」の版はありません。`, `[[「{nearest}」ではありませんか。]]言語は {choices} です。ほかの言語は languages に書き加えてください。`}},
}
