package diag

// Rules of sending: the address of the relay, what it answers, the signing keys.
// They have no place in a file; commands print Message and Remedy.
const (
	RelayURL         Rule = "relay-url"
	RelayTLSPolicy   Rule = "relay-tls-policy"
	RelayTLSNone     Rule = "relay-tls-none"
	RelayUnreachable Rule = "relay-unreachable"
	RelayNoTLS       Rule = "relay-no-tls"
	RelayCertificate Rule = "relay-certificate"
	RelayTLS         Rule = "relay-tls"
	RelayNoAuth      Rule = "relay-no-auth"
	RelayAuth        Rule = "relay-auth"
	RelayGreeting    Rule = "relay-greeting"
	RelayLost        Rule = "relay-lost"
	RelayLostAfter   Rule = "relay-lost-after"
	RelayOutOfStep   Rule = "relay-out-of-step"
	RelayLater       Rule = "relay-later"
	RelayPolicy      Rule = "relay-policy"
	RelaySize        Rule = "relay-size"
	RelayASCII       Rule = "relay-ascii"
	AddressDead      Rule = "address-dead"
	MailboxFull      Rule = "mailbox-full"
	LetterRefused    Rule = "letter-refused"
	LetterForm       Rule = "letter-form"
	LetterStopped    Rule = "letter-stopped"
	OutboxWrite      Rule = "outbox-write"
	BreakerOpen      Rule = "breaker-open"
	DKIMForm         Rule = "dkim-form"
	DKIMFile         Rule = "dkim-file"
	DKIMKey          Rule = "dkim-key"
	DKIMShort        Rule = "dkim-short"
	DKIMWeak         Rule = "dkim-weak"
)

var relayRules = joined(relaySetup, relayAnswers, signingRules)

var relaySetup = map[Rule]entry{
	RelayURL: {Error,
		text{`KAIHO_SMTP_URL is not the address of a relay: {reason}.`, `Write it as smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start; in name and password, write @ as %40, : as %3A, / as %2F, # as %23 and % as %25.`},
		text{`KAIHO_SMTP_URL がメールサーバーのアドレスになっていません（{reason}）。`, `smtp://ユーザー名:パスワード@mail.example.com:587 のように書いてください。最初から TLS を使うサーバーは smtps:// です。ユーザー名とパスワードの中の @ は %40、: は %3A、/ は %2F、# は %23、% は %25 と書きます。`}},
	RelayTLSPolicy: {Error,
		text{`KAIHO_SMTP_TLS cannot be "{value}".`, `[[Did you mean "{nearest}"?]] Write required, opportunistic or none; without it, TLS is required.`},
		text{`KAIHO_SMTP_TLS に「{value}」は使えません。`, `[[「{nearest}」ではありませんか。]]required・opportunistic・none のどれかにしてください。書かなければ required になります。`}},
	RelayTLSNone: {Error,
		text{`without TLS, everybody on the way could read the letters and the password.`, `KAIHO_SMTP_TLS=none is for a relay on this machine alone (127.0.0.1, ::1, localhost); leave it out for others.`},
		text{`TLS を使わないと、途中のだれもがお便りとパスワードを読めます。`, `KAIHO_SMTP_TLS=none は、同じコンピューターのメールサーバー（127.0.0.1、::1、localhost）にだけ使えます。ほかのサーバーでは指定しないでください。`}},
	RelayUnreachable: {Error,
		text{`the relay cannot be reached: {reason}.`, `See that the host and the port in KAIHO_SMTP_URL are right, that the relay runs, and that no firewall stands between; many networks let nothing out to port 25.`},
		text{`メールサーバーにつながりません（{reason}）。`, `KAIHO_SMTP_URL のホスト名とポート、サーバーが動いているか、途中で遮られていないかを確かめてください。25 番ポートを外に出さないネットワークはよくあります。`}},
	RelayNoTLS: {Error,
		text{`the relay offers no TLS, and nothing is sent in the clear.`, `Use the port for submission (587), or smtps:// with port 465, or ask whoever runs the relay.`},
		text{`メールサーバーが TLS に対応していないため、送っていません。`, `送信用のポート（587）か、smtps:// と 465 番ポートを試すか、サーバーの管理者に尋ねてください。`}},
	RelayCertificate: {Error,
		text{`the relay's certificate is not good: {reason}.`, `The host in KAIHO_SMTP_URL must be a name in the certificate, and an authority that this machine knows must have signed it.`},
		text{`メールサーバーの証明書を確認できません（{reason}）。`, `KAIHO_SMTP_URL のホスト名が証明書の名前と同じか、このコンピューターが信頼する認証局が発行したものかを確かめてください。`}},
	RelayTLS: {Error,
		text{`the relay and this machine cannot agree on TLS: {reason}.`, `smtps:// is for ports with TLS from the start (465), smtp:// for the others; the relay must know TLS 1.2.`},
		text{`メールサーバーと TLS で通信できません（{reason}）。`, `最初から TLS のポート（465）は smtps://、それ以外は smtp:// です。サーバーには TLS 1.2 以上が要ります。`}},
	RelayNoAuth: {Error,
		text{`the relay does not ask for name and password, or in no way that is known here.`, `Use its port for submission (587 or 465); if it takes letters without a password, leave that out of KAIHO_SMTP_URL.`},
		text{`メールサーバーが、ユーザー名とパスワードを（こちらの知る方法では）受け付けません。`, `送信用のポート（587 か 465）を使ってください。パスワードの要らないサーバーなら、KAIHO_SMTP_URL から除いてください。`}},
	RelayAuth: {Error,
		text{`the relay does not take the name and the password: {reply}.`, `See that they are right in KAIHO_SMTP_URL; some providers want a password made for programs.`},
		text{`メールサーバーが、ユーザー名とパスワードを受け付けませんでした（{reply}）。`, `KAIHO_SMTP_URL に正しく書かれているか確かめてください。アプリ用のパスワードが要るサービスもあります。`}},
	RelayGreeting: {Error,
		text{`the relay does not let us in: [[{reply}]][[{reason}]].`, `Its reply says why; if that is none of a mail server, look at the port: 465 is for smtps://, 587 and 25 are for smtp://. Whoever runs it can tell more.`},
		text{`メールサーバーに受け入れられませんでした（[[{reply}]][[{reason}]]）。`, `理由は応答のとおりです。メールサーバーらしくない応答なら、ポートを確かめてください。smtps:// は 465、smtp:// は 587 か 25 です。詳しくはサーバーの管理者に尋ねてください。`}},
	OutboxWrite: {Error,
		text{`the letter cannot be written to the outbox: {reason}.`, `See that the disk has room and that the state folder may be written to.`},
		text{`お便りを outbox に書けません（{reason}）。`, `ディスクの空きと、作業用フォルダーに書き込めるかを確かめてください。`}},
}

var relayAnswers = map[Rule]entry{
	RelayLost: {Warning,
		text{`the connection was lost before the end of the letter[[: {reason}]].`, `It was not delivered, and is tried again.`},
		text{`お便りを送り終える前に接続が切れました[[（{reason}）]]。`, `届いていないので、あとで送り直します。`}},
	RelayLostAfter: {Warning,
		text{`the connection was lost after the end of the letter[[: {reason}]].`, `Whether it was delivered, only the relay's log knows.`},
		text{`お便りを送り終えた直後に接続が切れました[[（{reason}）]]。`, `届いたかどうかは、メールサーバーの記録でしか分かりません。`}},
	RelayOutOfStep: {Warning,
		text{`the relay's replies do not fit what was asked.`, `The letter was not sent, and is tried again on another connection; if it happens again, the relay or something in front of it is at fault.`},
		text{`メールサーバーの応答が、こちらの問いと合いません。`, `お便りは送らずに、別の接続で送り直します。何度も起きるなら、サーバーか、その手前の装置に問題があります。`}},
	RelayLater: {Warning,
		text{`not taken for now[[: {reply}]].`, `It is tried again for two days.`},
		text{`今は受け取れないとの返事です[[（{reply}）]]。`, `二日のあいだ、間を置いて送り直します。`}},
	RelayPolicy: {Error,
		text{`the letter was refused, not for its address but for us[[: {reply}]].`, `"kaiho doctor" looks at SPF, DKIM, DMARC and the rest; the reply often names a page that says more.`},
		text{`宛先ではなく、送り手の側の理由で断られました[[（{reply}）]]。`, `「kaiho doctor」で SPF・DKIM・DMARC などを調べてください。詳しい説明のページが応答に書かれていることもあります。`}},
	RelaySize: {Error,
		text{`the letter is larger than the relay takes[[: {reason}]].`, `Make pictures smaller or link to them, or ask whoever runs the relay.`},
		text{`お便りが、メールサーバーの受け取れる大きさを超えています[[（{reason}）]]。`, `画像を小さくするかリンクにするか、サーバーの管理者に相談してください。`}},
	RelayASCII: {Error,
		text{`the letter or its address needs more than ASCII, and the relay takes no more.`, `Ask the member for another address, or use a relay with SMTPUTF8.`},
		text{`お便りか宛先に半角英数字以外の文字が要りますが、メールサーバーが対応していません。`, `別のアドレスを教えてもらうか、SMTPUTF8 に対応したサーバーを使ってください。`}},
	AddressDead: {Warning,
		text{`there is no such mailbox[[: {reply}]].`, `Nothing more is sent to this address.`},
		text{`この宛先はありません[[（{reply}）]]。`, `このアドレスには、もう送りません。`}},
	MailboxFull: {Warning,
		text{`the mailbox is full[[: {reply}]].`, `If it stays so, nothing more is sent to it.`},
		text{`宛先のメールボックスがいっぱいです[[（{reply}）]]。`, `この状態が続けば、送るのをやめます。`}},
	LetterRefused: {Warning,
		text{`the letter was refused[[: {reply}]].`, `It is not tried again; the address stays.`},
		text{`お便りが断られました[[（{reply}）]]。`, `送り直しません。アドレスはそのまま残ります。`}},
	LetterForm: {Error,
		text{`this cannot be sent as a letter[[: {reason}]].`, `It is a mistake of the program: please report it.`},
		text{`お便りとして送れる形ではありません[[（{reason}）]]。`, `プログラムの誤りです。お手数ですが、お知らせください。`}},
	LetterStopped: {Warning,
		text{`stopped before the end of the letter[[: {reason}]].`, `It was not delivered, and is sent with the next run.`},
		text{`お便りを送り終える前に止めました[[（{reason}）]]。`, `届いていないので、次に実行したときに送ります。`}},
	BreakerOpen: {Error,
		text{`{count} of the last {of} letters failed for a reason that is not in their addresses. The last one: {cause}`, `When that is mended, send with --resume: it goes on where it stopped.`},
		text{`直近の {of} 通のうち {count} 通が、宛先とは別の理由で送れませんでした。最後の理由：{cause}`, `原因を取り除いてから、--resume を付けて送ってください。続きから始まります。`}},
}

var signingRules = map[Rule]entry{
	DKIMForm: {Error,
		text{`KAIHO_DKIM: "{value}" is not domain:selector:file.`, `Write as in example.com:2026:/etc/kaiho/dkim.pem, several separated by commas.`},
		text{`KAIHO_DKIM の「{value}」は domain:selector:file の形ではありません。`, `example.com:2026:/etc/kaiho/dkim.pem のように書いてください。いくつもあるときはコンマで区切ります。`}},
	DKIMFile: {Error,
		text{`the signing key {file} cannot be read: {reason}.`, `See that the file is there and that this user may read it.`},
		text{`署名の鍵 {file} を読めません（{reason}）。`, `ファイルがあるか、このユーザーで読めるかを確かめてください。`}},
	DKIMKey: {Error,
		text{`{file} is no signing key that is known here: {reason}.`, `It is a private key in PEM, RSA or Ed25519, as "openssl genrsa -out dkim.pem 2048" writes it.`},
		text{`{file} は使える署名の鍵ではありません（{reason}）。`, `PEM 形式の RSA か Ed25519 の秘密鍵が要ります。「openssl genrsa -out dkim.pem 2048」で作れます。`}},
	DKIMShort: {Error,
		text{`the key in {file} has {bits} bits; no verifier takes fewer than 1024.`, `Make one of 2048 bits, and publish it under a new selector.`},
		text{`{file} の鍵は {bits} ビットです。1024 ビット未満の鍵は通用しません。`, `2048 ビットの鍵を作り、新しいセレクターで公開してください。`}},
	DKIMWeak: {Warning,
		text{`the key in {file} has {bits} bits, which some day will not be enough.`, `Make one of 2048 bits, and publish it under a new selector.`},
		text{`{file} の鍵は {bits} ビットで、いずれ足りなくなります。`, `2048 ビットの鍵を作り、新しいセレクターで公開してください。`}},
}
