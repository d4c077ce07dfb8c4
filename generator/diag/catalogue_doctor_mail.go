package diag

// Rules of package doctor: what the DNS says of whoever sends. {name} is a name of
// the DNS, {domain} one of mail.
const (
	DNSSilent        Rule = "dns-silent"
	SPFFine          Rule = "spf-fine"
	SPFMissing       Rule = "spf-missing"
	SPFMissingFrom   Rule = "spf-missing-from"
	SPFMany          Rule = "spf-many"
	SPFLookups       Rule = "spf-lookups"
	SPFSyntax        Rule = "spf-syntax"
	SPFInclude       Rule = "spf-include"
	SPFOpen          Rule = "spf-open"
	SPFNeutral       Rule = "spf-neutral"
	SPFRelay         Rule = "spf-relay"
	DKIMFine         Rule = "dkim-fine"
	DKIMNone         Rule = "dkim-none"
	DKIMMissing      Rule = "dkim-missing"
	DKIMMany         Rule = "dkim-many"
	DKIMRecord       Rule = "dkim-record"
	DKIMRevoked      Rule = "dkim-revoked"
	DKIMDiffers      Rule = "dkim-differs"
	DKIMTesting      Rule = "dkim-testing"
	DKIMUnaligned    Rule = "dkim-unaligned"
	DKIMOnlyNew      Rule = "dkim-only-ed25519"
	DMARCFine        Rule = "dmarc-fine"
	DMARCMissing     Rule = "dmarc-missing"
	DMARCMissingBulk Rule = "dmarc-missing-bulk"
	DMARCMany        Rule = "dmarc-many"
	DMARCRecord      Rule = "dmarc-record"
	DMARCPolicy      Rule = "dmarc-policy"
	DMARCRemoved     Rule = "dmarc-removed-tag"
	DMARCTest        Rule = "dmarc-test"
	DMARCOffer       Rule = "dmarc-np"
	DMARCUnaligned   Rule = "dmarc-unaligned"
	DMARCOneLeg      Rule = "dmarc-one-leg"
	MXFine           Rule = "mx-fine"
	MXMissing        Rule = "mx-missing"
	MXRefuses        Rule = "mx-refuses"
	MXImplied        Rule = "mx-implied"
	MXHost           Rule = "mx-host"
	PTRFine          Rule = "ptr-fine"
	PTRMissing       Rule = "ptr-missing"
	PTRUnconfirmed   Rule = "ptr-unconfirmed"
)

var doctorMailRules = map[Rule]entry{
	DNSSilent: {Warning,
		text{`the DNS did not answer for {name}[[: {reason}]].`, `Try again later; if it goes on, ask who runs the DNS of the domain.`},
		text{`{name} を DNS で調べられませんでした[[（{reason}）]]。`, `しばらくしてからもう一度お試しください。続くようなら、ドメインの DNS を管理している人に尋ねてください。`}},
	SPFFine: {Fine,
		text{`SPF of {domain} is in order ({lookups} of 10 lookups).`, ``},
		text{`{domain} の SPF は正しく書かれています（参照 {lookups} 回、上限 10 回）。`, ``}},
	SPFMissing: {Error,
		text{`{domain} has no SPF record, and return paths are of this domain.`, `Add a TXT record to {domain}: "v=spf1 include:YOUR-RELAY -all", with what your mail provider gives you.`},
		text{`送り元（Return-Path）の {domain} に SPF レコードがありません。`, `{domain} に TXT レコード "v=spf1 include:中継サーバーの指定 -all" を加えてください。指定はメールの提供元が案内しています。`}},
	SPFMissingFrom: {Warning,
		text{`{domain}, the sender's domain, has no SPF record: anybody can write in its name.`, `If no mail goes out with return paths of {domain}, add the TXT record "v=spf1 -all".`},
		text{`差出人の {domain} に SPF レコードがなく、だれでも名乗れます。`, `{domain} を Return-Path にして送るメールがなければ、TXT レコード "v=spf1 -all" を加えてください。`}},
	SPFMany: {Error,
		text{`{domain} has {count} SPF records, and so none counts (RFC 7208, section 4.5).`, `Make one of them: "v=spf1", all the terms, and -all at the end.`},
		text{`{domain} に SPF レコードが {count} 件あり、どれも無効になります（RFC 7208 4.5）。`, `1 件にまとめてください。"v=spf1" のあとに項目を並べ、最後を -all にします。`}},
	SPFLookups: {Error,
		text{`SPF of {domain} takes {lookups} lookups; with more than 10 it fails (RFC 7208, section 4.6.4).`, `Remove include: of providers that send nothing for you, or write their addresses as ip4: and ip6:.`},
		text{`{domain} の SPF は DNS を {lookups} 回参照します。10 回を超えると失敗になります（RFC 7208 4.6.4）。`, `使っていない提供元の include: を消すか、アドレスを ip4: や ip6: で書いてください。`}},
	SPFSyntax: {Error,
		text{`SPF of {domain} cannot be read at "{term}", and so fails.`, `Correct this term of the TXT record of {domain}.`},
		text{`{domain} の SPF の「{term}」が読めないため、SPF は失敗します。`, `{domain} の TXT レコードの、この項目を直してください。`}},
	SPFInclude: {Error,
		text{`SPF of {domain} refers to {name}, which has no SPF record, and so fails.`, `Remove the term from the record, or correct its name.`},
		text{`{domain} の SPF が参照する {name} に SPF レコードがないため、SPF は失敗します。`, `項目を消すか、名前を直してください。`}},
	SPFOpen: {Error,
		text{`SPF of {domain} lets the whole world send (+all).`, `End the record with -all.`},
		text{`{domain} の SPF は、だれからの送信も認めています（+all）。`, `レコードの最後を -all にしてください。`}},
	SPFNeutral: {Warning,
		text{`SPF of {domain} does not say that others may not send.`, `End the record with ~all or -all.`},
		text{`{domain} の SPF は、ほかからの送信を断っていません。`, `レコードの最後を ~all か -all にしてください。`}},
	SPFRelay: {Warning,
		text{`SPF of {domain} does not allow {address}, an address of {host} (result: {result}).`, `If {host} sends from that address, add it or its include: to the record. Many providers send from other addresses than those that take mail; then follow their guide.`},
		text{`{domain} の SPF は、{host} のアドレス {address} を認めていません（結果 {result}）。`, `{host} がこのアドレスから送るなら、アドレスか include: を加えてください。受け取りと送り出しのアドレスが違う提供元も多いので、その場合は案内に従ってください。`}},
	DKIMFine: {Fine,
		text{`the DNS has the public half of {file} ({kind}) at {name}.`, ``},
		text{`{file}（{kind}）の公開鍵が {name} にあります。`, ``}},
	DKIMNone: {Warning,
		text{`KAIHO_DKIM is not set: only if the relay signs with a key of {domain} will letters carry a DKIM signature.`, `Make sure that it does, with List-Unsubscribe and List-Unsubscribe-Post signed (RFC 8058), or let kaiho sign: KAIHO_DKIM={domain}:SELECTOR:FILE`},
		text{`KAIHO_DKIM がありません。中継サーバーが {domain} の鍵で署名しなければ、お便りに DKIM 署名が付きません。`, `List-Unsubscribe と List-Unsubscribe-Post も含めて署名されるか（RFC 8058）を確かめるか、kaiho に署名させてください: KAIHO_DKIM={domain}:セレクター:ファイル`}},
	DKIMMissing: {Error,
		text{`the DNS has no key at {name}: signatures of {file} cannot be checked.`, `Add the TXT record {name}: "{record}"`},
		text{`{name} に公開鍵がないため、{file} による署名は確かめられません。`, `TXT レコードを {name} に加えてください: "{record}"`}},
	DKIMMany: {Error,
		text{`{name} has {count} records, of which receivers take any (RFC 6376, section 3.6.2.2).`, `Leave the one of {file}.`},
		text{`{name} にレコードが {count} 件あり、どれが使われるか分かりません（RFC 6376 3.6.2.2）。`, `{file} のものだけを残してください。`}},
	DKIMRecord: {Error,
		text{`the record at {name} is wrong at "{tag}".`, `Write it as: "{record}"`},
		text{`{name} のレコードの「{tag}」が正しくありません。`, `次のように書いてください: "{record}"`}},
	DKIMRevoked: {Error,
		text{`the key at {name} is revoked: p= is empty.`, `Make a new key with a new selector; a revoked one does not come back.`},
		text{`{name} の鍵は失効しています（p= が空です）。`, `新しい鍵を、新しいセレクターでつくってください。失効したものは元に戻せません。`}},
	DKIMDiffers: {Error,
		text{`the key at {name} is not that of {file}: every signature would be wrong.`, `Take the right file, or change the record to: "{record}"`},
		text{`{name} の鍵と {file} の鍵が違います。このままでは、どの署名も通りません。`, `正しいファイルを使うか、レコードを次のものに変えてください: "{record}"`}},
	DKIMTesting: {Warning,
		text{`the record at {name} says t=y: receivers may treat signed letters as if they were not.`, `Remove t=y once signing works.`},
		text{`{name} のレコードが t=y（試験中）です。署名がないものとして扱われることがあります。`, `署名がうまくいったら t=y を外してください。`}},
	DKIMUnaligned: {Warning,
		text{`signatures of {domain} do not speak for letters from {from}: the domains do not belong together.`, `Sign with a key of {from} as well.`},
		text{`{domain} の署名は、{from} からのお便りのものとは認められません（ドメインの組織が違います）。`, `{from} の鍵でも署名してください。`}},
	DKIMOnlyNew: {Warning,
		text{`all keys of KAIHO_DKIM are Ed25519, which large providers do not check yet.`, `Add an RSA key under a second selector (RFC 8463, section 7).`},
		text{`KAIHO_DKIM の鍵がすべて Ed25519 です。大手にはまだ確かめられないところがあります。`, `別のセレクターで RSA の鍵も加えてください（RFC 8463 7）。`}},
	DMARCFine: {Fine,
		text{`DMARC of {domain} says p={policy} (at {name}).`, ``},
		text{`{domain} の DMARC は p={policy} です（{name}）。`, ``}},
	DMARCMissing: {Warning,
		text{`{domain} has no DMARC record; large providers ask for one.`, `Add the TXT record _dmarc.{org}: "v=DMARC1; p=none", and later p=quarantine or p=reject. rua=mailto:... brings reports, if you want them.`},
		text{`{domain} に DMARC レコードがありません。大手のメールサービスが求めています。`, `TXT レコードを _dmarc.{org} に加えてください: "v=DMARC1; p=none"。慣れたら p=quarantine か p=reject にします。報告がほしいときは rua=mailto:... を加えます。`}},
	DMARCMissingBulk: {Error,
		text{`{domain} has no DMARC record; to {count} readers, Gmail, Yahoo and Outlook.com refuse letters without one.`, `Add the TXT record _dmarc.{org}: "v=DMARC1; p=none", and later p=quarantine or p=reject. rua=mailto:... brings reports, if you want them.`},
		text{`{domain} に DMARC レコードがありません。{count} 人に送ると、Gmail・Yahoo・Outlook.com に拒否されます。`, `TXT レコードを _dmarc.{org} に加えてください: "v=DMARC1; p=none"。慣れたら p=quarantine か p=reject にします。報告がほしいときは rua=mailto:... を加えます。`}},
	DMARCMany: {Error,
		text{`{name} has {count} DMARC records, and so none counts (RFC 9989).`, `Leave one.`},
		text{`{name} に DMARC レコードが {count} 件あり、どれも無効になります（RFC 9989）。`, `1 件だけにしてください。`}},
	DMARCRecord: {Error,
		text{`the DMARC record at {name} is wrong at "{tag}".`, `Write it as "v=DMARC1; p=none", with p=quarantine or p=reject when you are sure.`},
		text{`{name} の DMARC レコードの「{tag}」が正しくありません。`, `"v=DMARC1; p=none" のように書いてください。確かになったら p=quarantine か p=reject にします。`}},
	DMARCPolicy: {Warning,
		text{`the DMARC record at {name} has no p=, which means p=none, and which older receivers take for no record.`, `Write p=none, p=quarantine or p=reject into it.`},
		text{`{name} の DMARC レコードに p= がありません。p=none の意味になりますが、古い受信側では無効になります。`, `p=none・p=quarantine・p=reject のどれかを書いてください。`}},
	DMARCRemoved: {Warning,
		text{`the DMARC record at {name} has the tag {tag}, which DMARC has no more (RFC 9989).`, `Remove it[[; {instead} does what it was for]].`},
		text{`{name} の DMARC レコードの {tag} は、廃止された項目です（RFC 9989）。`, `消してください[[。代わりは {instead} です]]。`}},
	DMARCTest: {Warning,
		text{`the DMARC record at {name} says t=y: its policy is only tried.`, `Remove t=y once reports show no letters of yours that fail.`},
		text{`{name} の DMARC レコードが t=y で、方針は試行中です。`, `報告に自分たちのメールの失敗がなくなったら、t=y を外してください。`}},
	DMARCOffer: {Fine,
		text{`the DMARC record at {name} does not speak of names that do not exist.`, `np=reject can be added at once: nobody may write in the name of subdomains that are not there (RFC 9989).`},
		text{`{name} の DMARC レコードは、存在しない名前には触れていません。`, `np=reject はすぐに加えられます。存在しないサブドメインを名乗るメールが拒否されます（RFC 9989）。`}},
	DMARCUnaligned: {Error,
		text{`nothing speaks for letters from {from}: return paths are of {domain}[[, signatures of {list}]], which do not belong to it ({mode}).`, `Let mail.bounce and KAIHO_DKIM be of {from} or a domain below it[[; {tags} in the DMARC record asks for the very same domain]].`},
		text{`{from} からのお便りだと示すものがありません。Return-Path は {domain}[[、署名は {list}]] で、組織が違います（{mode}）。`, `mail.bounce と KAIHO_DKIM を、{from} かその下のドメインにしてください[[。DMARC レコードの {tags} は、まったく同じドメインを求めます]]。`}},
	DMARCOneLeg: {Fine,
		text{`letters pass DMARC by {way} alone.`, `Forwarding breaks SPF, and mailing lists break DKIM: with both, more arrives.`},
		text{`お便りは {way} だけで DMARC を通ります。`, `転送では SPF が、メーリングリストでは DKIM が壊れます。両方あると、届きやすくなります。`}},
	MXFine: {Fine,
		text{`mail to {domain} arrives at {host}.`, ``},
		text{`{domain} あてのメールは {host} に届きます。`, ``}},
	MXMissing: {Error,
		text{`mail to {domain} arrives nowhere, and {key} in site.yaml names it.`, `Add an MX record to {domain}, or change {key}.`},
		text{`{domain} あてのメールの届け先がありません（site.yaml の {key}）。`, `{domain} に MX レコードを加えるか、{key} を変えてください。`}},
	MXRefuses: {Error,
		text{`{domain} says that it takes no mail (a null MX, RFC 7505), and {key} in site.yaml names it.`, `Give it a real MX record, or change {key}.`},
		text{`{domain} はメールを受け取らないと宣言しています（null MX、RFC 7505）。site.yaml の {key} のドメインです。`, `MX レコードを直すか、{key} を変えてください。`}},
	MXImplied: {Warning,
		text{`{domain} has no MX record: mail goes to the host of that name.`, `If that host takes mail, say so with an MX record; many filters distrust domains without.`},
		text{`{domain} に MX レコードがなく、メールは同じ名前のサーバーに向かいます。`, `そのサーバーが受け取るなら、MX レコードを加えてください。ないと疑う受信側もあります。`}},
	MXHost: {Error,
		text{`mail to {domain} should arrive at {host}, which has no address ({key} in site.yaml).`, `Correct the MX record of {domain}, or change {key}.`},
		text{`{domain} あてのメールの届け先 {host} にアドレスがありません（site.yaml の {key}）。`, `{domain} の MX レコードを直すか、{key} を変えてください。`}},
	PTRFine: {Fine,
		text{`{address} is {name}, and {name} is {address}.`, ``},
		text{`{address} と {name} は、互いを指しています。`, ``}},
	PTRMissing: {Error,
		text{`{address}, from which mail is sent, has no name (PTR); Gmail refuses mail from such addresses.`, `Ask who gives you the address to set the reverse name, such as {host}.`},
		text{`送り元の {address} に名前（PTR）がありません。Gmail などが拒否します。`, `アドレスの提供元に、逆引きの名前（{host} など）の設定を頼んでください。`}},
	PTRUnconfirmed: {Error,
		text{`{address} is called {name}, but {name} does not have that address; Gmail refuses mail from such addresses.`, `Let {name} have the address {address}, or have the reverse name changed.`},
		text{`{address} の名前は {name} ですが、{name} にはそのアドレスがありません。Gmail などが拒否します。`, `{name} に {address} を加えるか、逆引きの名前を変えてもらってください。`}},
}
