package diag

// Rules of the newsletter: of issues, of their locks, and of letters before they
// are sent.
const (
	NoIssue            Rule = "no-issue"
	IssueHeld          Rule = "issue-held"
	IssueDate          Rule = "issue-date"
	IssueName          Rule = "issue-name"
	IssuePlace         Rule = "issue-place"
	NoLead             Rule = "no-lead"
	LeadMissing        Rule = "lead-missing"
	VariantTwice       Rule = "variant-twice"
	TwoLeads           Rule = "two-leads"
	LeadHidden         Rule = "lead-hidden"
	EmptyIssue         Rule = "empty-issue"
	TooManySegments    Rule = "too-many-segments"
	LockBroken         Rule = "lock-broken"
	LockName           Rule = "lock-name"
	LockPlace          Rule = "lock-place"
	LockEdited         Rule = "lock-edited"
	EarlierUnlocked    Rule = "earlier-unlocked"
	LetterTooLarge     Rule = "letter-too-large"
	LetterLarge        Rule = "letter-large"
	LetterLink         Rule = "letter-link"
	LetterLaw          Rule = "letter-law"
	LetterBroken       Rule = "letter-broken"
	LetterPicture      Rule = "letter-picture"
	LetterLinkTime     Rule = "letter-link-time"
	LetterSender       Rule = "letter-sender"
	LetterOneClick     Rule = "letter-one-click"
	LetterSubject      Rule = "letter-subject"
	LetterPreheader    Rule = "letter-preheader"
	LetterCharacters   Rule = "letter-characters"
	LetterEmptySection Rule = "letter-empty-section"
	LetterNobody       Rule = "letter-nobody"
	LetterOneWay       Rule = "letter-one-way"
	LetterJobs         Rule = "letter-jobs"
	LetterCompany      Rule = "letter-company"
	LetterInclude      Rule = "letter-include"
)

var letterRules = map[Rule]entry{
	NoIssue: {Error,
		text{`there is no issue "{id}".`, `[[Did you mean "{nearest}"?]] An issue is a file content/newsletters/ID.md: "kaiho new newsletter TITLE" makes one.`},
		text{`「{id}」という号はありません。`, `[[「{nearest}」ではありませんか。]]号は content/newsletters/ID.md というファイルです。kaiho new newsletter タイトル でつくれます。`}},
	IssueHeld: {Error,
		text{`the issue is not shown on the site ({reason}), and every letter links to it.`, `Remove draft or publish before the issue is locked.`},
		text{`この号はサイトに出ていません（{reason}）。お便りからは、この号のページへリンクします。`, `draft や publish を外してから、lock してください。`}},
	IssueDate: {Error,
		text{`the issue has no date, so nobody can tell which issues were before it.`, `Write date: 2026-11-18 into it: what earlier issues held is left out of it.`},
		text{`この号に date がないので、どの号より後なのか分かりません。`, `date: 2026-11-18 のように書いてください。これまでの号で送った記事は、この号から省かれます。`}},
	IssueName: {Error,
		text{`"{id}" cannot be the name of an issue: it stands in the headers of mail.`, `Name the file with letters a to z, digits, points and hyphens, as 2026-11-18.md; title says the rest.`},
		text{`「{id}」は号の名前にできません。メールのヘッダーに入るためです。`, `ファイル名は 2026-11-18.md のように、英数字・ピリオド・ハイフンで付けてください。呼び名は title に書きます。`}},
	IssuePlace: {Warning,
		text{`this page is in no issue's place, so no letter is made of it.`, `An issue is content/newsletters/ID.md, or content/newsletters/ID/index.md with pictures beside it.`},
		text{`このファイルは号の置き場所にないので、お便りになりません。`, `号は content/newsletters/ID.md か、画像を添えるなら content/newsletters/ID/index.md に置きます。`}},
	LeadMissing: {Warning,
		text{`the letters {variants} begin without a lead: it is not for them, or has no edition in their language.`, `That is no harm. If they should have one, choose a lead that all may read, or write lead into the edition.`},
		text{`お便り {variants} には巻頭がありません。読めない記事か、その言語の版がないためです。`, `問題はありませんが、入れたいときは、みなが読める記事を選ぶか、その版に lead を書いてください。`}},
	VariantTwice: {Error,
		text{`two different letters would have the name {name}.`, `Give one of the segments in site.yaml a name without a hyphen.`},
		text{`{name} という名前のお便りが二つできてしまいます。`, `site.yaml のセグメントのどれかを、ハイフンのない名前に変えてください。`}},
	LockEdited: {Error,
		text{`this lock is not as it was written.`, `A lock is not edited by hand: take it back from git, or, if nothing of the issue has been sent, delete it and lock again.`},
		text{`この lock は、書かれたときのままではありません。`, `lock は手で直さないでください。git から戻すか、まだ送っていなければ、消してもう一度 lock します。`}},
	EarlierUnlocked: {Warning,
		text{`the issue {ids} comes before this one and is not locked: what is new goes into this one.`, `Lock {ids} first if it is still to be sent.`},
		text{`前の号 {ids} が lock されていません。新しい記事は、この号に入ります。`, `まだ送る予定なら、{ids} を先に lock してください。`}},
	NoLead: {Error,
		text{`the issue {id} has no lead.`, `Name a page with lead: path.md, or give one new page digest: lead.`},
		text{`{id} 号に巻頭がありません。`, `lead: パス.md で記事を選ぶか、新しい記事のひとつに digest: lead と書いてください。`}},
	TwoLeads: {Error,
		text{`several new pages want to be the lead: {pages}.`, `Leave digest: lead in one of them, or choose with lead: path.md here.`},
		text{`巻頭になろうとする新しい記事がいくつもあります：{pages}。`, `digest: lead をひとつだけにするか、ここに lead: パス.md と書いて選んでください。`}},
	LeadHidden: {Error,
		text{`the lead "{path}" is in no letter ({reason}).`, `Choose a lead that some readers may read now.`},
		text{`巻頭の「{path}」は、どのお便りにも入りません（{reason}）。`, `いま読める人のいる記事を選んでください。`}},
	EmptyIssue: {Error,
		text{`the issue {id} has no items for anybody.`, `Publish something new, or name pages with include.`},
		text{`{id} 号には、だれに届ける記事もありません。`, `新しい記事を公開するか、include で記事を挙げてください。`}},
	TooManySegments: {Error,
		text{`more than {most} segments make a difference to one letter: {names}. With each of them there are twice as many letters to look at.`, `Take segments away from some of the new pages, or leave some for the next issue.`},
		text{`ひとつの号で {most} を超えるセグメントを使っています：{names}。一つ増えるたびに、見直すお便りの数が倍になります。`, `新しい記事の segments を減らすか、いくつかを次の号に回してください。`}},
	LockBroken: {Error,
		text{`this lock cannot be read[[ ({reason})]], so what earlier issues held is not known.`, `Take the file back from git (git checkout -- FILE). If two people locked at once, keep one of the two files, or, if nothing has been sent, delete it and lock again.`},
		text{`この lock が読めない[[（{reason}）]]ため、これまでの号の中身が分かりません。`, `git から戻してください（git checkout -- ファイル）。二人が同時に lock したときは、どちらか一方のファイルを残すか、まだ送っていなければ、消してもう一度 lock します。`}},
	LockName: {Error,
		text{`this lock is of the issue "{issue}", and its name is {name}.`, `Give it the name {issue}.lock, or take it back from git.`},
		text{`この lock は「{issue}」号のものですが、ファイル名は {name} です。`, `名前を {issue}.lock にするか、git から戻してください。`}},
	LockPlace: {Error,
		text{`a file that ends in .lock is the record of an issue, and belongs into content/newsletters/.`, `Move it there, or remove it: nothing that ends in .lock is published.`},
		text{`.lock で終わるファイルは号の控えで、content/newsletters/ に置くものです。`, `そこへ移すか、消してください。.lock で終わるものは公開されません。`}},
	LetterTooLarge: {Error,
		text{`the letter {variant} has {size} KB of HTML; from 95 KB on it does not pass.`, `Gmail cuts letters at about 102 KB, the way to unsubscribe with it: leave items out, or shorten the greeting.`},
		text{`お便り {variant} の HTML が {size} KB あります。95 KB を超えるものは送れません。`, `Gmail は約 102 KB で切り、配信停止の案内まで隠れます。記事を減らすか、ごあいさつを短くしてください。`}},
	LetterLarge: {Warning,
		text{`the letter {variant} has {size} KB of HTML; over 80 KB is much for phones.`, `Leave some items for the next issue.`},
		text{`お便り {variant} の HTML が {size} KB あります。80 KB を超えると、携帯では重くなります。`, `いくつかの記事を次の号に回してください。`}},
	LetterLink: {Error,
		text{`the link "{url}" leads the readers of {variant} nowhere: it is not there, or not for them.`, `Put it into a part for those who may go there (:::members), or take it out.`},
		text{`リンク「{url}」は、{variant} の読者には開けません。ないか、ほかの人のためのページです。`, `開ける人だけの部分（:::members）に入れるか、外してください。`}},
	LetterLaw: {Error,
		text{`the letter {variant} does not say {what} in its {part}.`, `Your layout leaves it out, and the law on mail asks for it (特定電子メール法, article 4): "kaiho help layouts letter.html" prints the built-in one.`},
		text{`お便り {variant} の {part} に、{what} がありません。`, `レイアウトから抜けています。特定電子メール法（第4条）で表示が必要です。もとのレイアウトは kaiho help layouts letter.html で見られます。`}},
	LetterBroken: {Error,
		text{`the letter {variant} cannot be made: {reason}.`, `Look at mail in site.yaml.`},
		text{`お便り {variant} をつくれません：{reason}`, `site.yaml の mail を見直してください。`}},
	LetterPicture: {Warning,
		text{`the picture "{file}" is {width} pixels wide; letters show 536 and load all of it.`, `1,200 pixels are enough for letters and for the site.`},
		text{`画像「{file}」は幅 {width} ピクセルあります。お便りでは 536 で見せますが、全部を読み込みます。`, `お便りにもサイトにも、1,200 ピクセルで足ります。`}},
	LetterLinkTime: {Warning,
		text{`links in letters work for {time} from the locking on, which is short.`, `People open mail weeks later: make gate.link_ttl 14d or more.`},
		text{`お便りのリンクが使えるのは、lock から {time} だけです。`, `何週間もたってから開く人もいます。gate.link_ttl を 14d 以上にしてください。`}},
	LetterSender: {Error,
		text{`letters must say "{key}" of their sender, and site.yaml has none.`, `The law on mail asks for it (特定電子メール法, article 4): write {key} into site.yaml.`},
		text{`お便りに載せる送信者の「{key}」が site.yaml にありません。`, `特定電子メール法（第4条）で表示が必要です。site.yaml に {key} を書いてください。`}},
	LetterOneClick: {Error,
		text{`one click cannot unsubscribe from letters of {url}.`, `Mailbox providers ask for an address with https (RFC 8058): change base_url.`},
		text{`{url} では、ワンクリックの配信停止ができません。`, `メール各社は https のアドレスを求めます（RFC 8058）。base_url を直してください。`}},
	LetterSubject: {Warning,
		text{`the subject has {count} full-width characters; phones show 28.`, `Put what matters first, and shorten the rest.`},
		text{`件名が全角 {count} 文字あります。携帯に出るのは 28 文字ほどです。`, `大事なことを先に書き、短くしてください。`}},
	LetterPreheader: {Warning,
		text{`the issue has no preheader.`, `Write preheader: one line that lists of mail show after the subject, 40 to 60 characters.`},
		text{`プリヘッダーがありません。`, `preheader に、受信箱で件名に続いて見える一行（40〜60字）を書いてください。`}},
	LetterCharacters: {Warning,
		text{`"{characters}" may reach some companies' mail as question marks.`, `Write them out: (1) for ①, 株式会社 for ㈱, full-width kana for half-width.`},
		text{`「{characters}」は、会社によっては文字化けします。`, `①は (1)、㈱は株式会社、半角カナは全角カナのように書いてください。`}},
	LetterEmptySection: {Warning,
		text{`no letter of the issue has anything in the section "{name}".`, `Take it out of sections, or include a page of it.`},
		text{`セクション「{name}」の記事が、どのお便りにもありません。`, `sections から外すか、記事を include してください。`}},
	LetterNobody: {Warning,
		text{`nobody gets {variants}.`, `That is no harm. If somebody should, look at "kaiho member list" and at segments in site.yaml.`},
		text{`{variants} を受け取る人がいません。`, `問題はありませんが、いるはずなら kaiho member list と site.yaml の segments を確かめてください。`}},
	LetterOneWay: {Warning,
		text{`nothing in the issue invites an answer.`, `Ask something in the greeting, add :::cta, or set mail.reply_to: people stay with those who listen.`},
		text{`読者が答えられるところがありません。`, `ごあいさつで問いかける、:::cta を入れる、mail.reply_to を決める、のどれかをどうぞ。声を聞く会報は読み続けられます。`}},
	LetterJobs: {Warning,
		text{`{share} % of the letter {variant} is jobs; {limit} % is much.`, `Leave some for the next issue, or add what people have to tell: notes, interviews, columns.`},
		text{`お便り {variant} の {share} % が求人です。目安は {limit} % までです。`, `いくつかを次の号に回すか、近況・インタビュー・コラムなど人の話を足してください。`}},
	LetterCompany: {Warning,
		text{`{share} % of the letter {variant} is news of the company; {limit} % is much.`, `People read of people first: add notes, interviews or columns, or leave some news for the next issue.`},
		text{`お便り {variant} の {share} % が会社の知らせです。目安は {limit} % までです。`, `いちばん読まれるのは人の話です。近況・インタビュー・コラムを足すか、知らせを次の号に回してください。`}},
	LetterInclude: {Warning,
		text{`"{path}" is named here and is in no letter ({reason}).`, `Take it out of include, or see what holds it back.`},
		text{`include の「{path}」は、どのお便りにも入りません（{reason}）。`, `include から外すか、理由を確かめてください。`}},
}
