package diag

// Rules of package doctor: of the project's own settings, files and members.
const (
	SenderFine       Rule = "sender-fine"
	SenderMissing    Rule = "sender-missing"
	BounceMissing    Rule = "bounce-missing"
	RepliesMissing   Rule = "replies-missing"
	FooterFine       Rule = "footer-fine"
	FooterMissing    Rule = "footer-missing"
	PrivacyFine      Rule = "privacy-fine"
	PrivacyMissing   Rule = "privacy-missing"
	RelayNone        Rule = "relay-none"
	RelayTLSMaybe    Rule = "relay-tls-maybe"
	FilesFine        Rule = "files-fine"
	FolderOpen       Rule = "folder-open"
	FileOpen         Rule = "file-open"
	StateInside      Rule = "state-inside"
	FileUnseen       Rule = "file-unseen"
	DiskFine         Rule = "disk-fine"
	DiskLow          Rule = "disk-low"
	DiskFull         Rule = "disk-full"
	KeysFine         Rule = "keys-fine"
	KeysUnreadable   Rule = "keys-unreadable"
	MailKeyMissing   Rule = "mail-key-missing"
	GateKeyMissing   Rule = "gate-key-missing"
	DatabaseFine     Rule = "database-fine"
	DatabaseMissing  Rule = "database-missing"
	DatabaseFailed   Rule = "database-failed"
	DatabaseReadOnly Rule = "database-read-only"
	MembersFine      Rule = "members-fine"
	MembersNone      Rule = "members-none"
	MembersSilent    Rule = "members-without-consent"
	ClockFine        Rule = "clock-fine"
	ClockOff         Rule = "clock-off"
	NetworkSkipped   Rule = "network-skipped"
)

var doctorRules = map[Rule]entry{
	SenderFine: {Fine,
		text{`letters come from {address}[[, and what cannot be delivered goes back to {bounce}]].`, ``},
		text{`差出人は {address} です[[。届かなかったメールは {bounce} に戻ります]]。`, ``}},
	SenderMissing: {Error,
		text{`site.yaml does not say whom letters come from.`, `Write mail: {from: Nagi Letter <letter@example.com>} into it.`},
		text{`お便りの差出人が site.yaml にありません。`, `mail: {from: 凪だより <letter@example.com>} のように書いてください。`}},
	BounceMissing: {Warning,
		text{`there is no place for mail that cannot be delivered: it goes back to {address}, where kaiho does not see it.`, `Write mail.bounce into site.yaml, such as bounce.example.com, so that addresses that are gone get no more letters.`},
		text{`届かなかったメールの戻り先がありません。{address} に戻り、kaiho からは見えません。`, `site.yaml の mail.bounce に bounce.example.com のように書いてください。なくなったアドレスに送り続けずにすみます。`}},
	RepliesMissing: {Warning,
		text{`answers of readers go to {address}, the sender's own address.`, `If nobody reads that mailbox, write one that somebody does into mail.reply_to.`},
		text{`読者の返信は、差出人のアドレス {address} に届きます。`, `その受信箱を読む人がいなければ、読まれているアドレスを mail.reply_to に書いてください。`}},
	FooterFine: {Fine,
		text{`letters carry name, address and contact of the sender.`, ``},
		text{`送信者の名称・住所・連絡先がお便りに載ります。`, ``}},
	FooterMissing: {Error,
		text{`letters must say "{key}" of their sender, and site.yaml has none[[ in "{lang}"]].`, `The law on mail asks for it (特定電子メール法, article 4): write {key} into site.yaml.`},
		text{`お便りに載せる送信者の「{key}」が site.yaml にありません[[（{lang}）]]。`, `特定電子メール法（第4条）で表示が必要です。site.yaml に {key} を書いてください。`}},
	PrivacyFine: {Fine,
		text{`what is done with personal data stands on {url}.`, ``},
		text{`個人情報の取り扱いは {url} にあります。`, ``}},
	PrivacyMissing: {Warning,
		text{`no public page says what is done with personal data.`, `Write one, such as content/about/privacy.md: what is collected and why, and whom to ask (個人情報保護法, article 21).`},
		text{`個人情報の取り扱いを説明する、公開のページがありません。`, `content/about/privacy.md のようなページに、何を何のために集めるか、問い合わせ先はどこかを書いてください（個人情報保護法 第21条）。`}},
	RelayNone: {Fine,
		text{`KAIHO_SMTP_URL is not set: letters go to the outbox and to nobody.`, `To send, set it, as in smtp://user:password@smtp.example.com:587.`},
		text{`KAIHO_SMTP_URL がないので、お便りは outbox に入り、だれにも届きません。`, `送るときは smtp://ユーザー:パスワード@smtp.example.com:587 のように指定してください。`}},
	RelayTLSMaybe: {Warning,
		text{`KAIHO_SMTP_TLS=opportunistic sends to {host} without TLS whenever somebody on the way hides that it is offered.`, `Remove KAIHO_SMTP_TLS if {host} has TLS.`},
		text{`KAIHO_SMTP_TLS=opportunistic では、途中でだれかが TLS を隠すと、暗号化せずに {host} へ送ってしまいます。`, `{host} が TLS に対応していれば、KAIHO_SMTP_TLS を消してください。`}},
	FilesFine: {Fine,
		text{`nobody else can read the state folder[[ and the key files: {list}]].`, ``},
		text{`作業用フォルダーや鍵は、ほかの人には読めません[[（{list}）]]。`, ``}},
	FolderOpen: {Error,
		text{`others on this machine can look into {path} ({mode}).`, `Run: chmod 700 {path}`},
		text{`このマシンのほかの利用者が {path} の中を見られます（{mode}）。`, `次のコマンドで閉じてください: chmod 700 {path}`}},
	FileOpen: {Error,
		text{`others on this machine can read {path} ({mode}).`, `Run: chmod 600 {path}. If it is a key and somebody may have read it, make a new one.`},
		text{`このマシンのほかの利用者が {path} を読めます（{mode}）。`, `次のコマンドで閉じてください: chmod 600 {path}。鍵のファイルで、読まれたおそれがあれば、新しくつくってください。`}},
	StateInside: {Error,
		text{`the state folder {path} lies in {folder}/, which is published.`, `Move it, and set KAIHO_STATE to its new place. What was public there, keys among it, make anew.`},
		text{`作業用フォルダー {path} が、公開される {folder}/ の中にあります。`, `別の場所へ移し、KAIHO_STATE で指定してください。公開されていた鍵などは、つくり直してください。`}},
	FileUnseen: {Error,
		text{`{path} cannot be looked at: {reason}.`, `Run kaiho as the user whose files these are.`},
		text{`{path} を確かめられません（{reason}）。`, `そのファイルの持ち主として kaiho を実行してください。`}},
	DiskFine: {Fine,
		text{`{free} are free on the disk.`, ``},
		text{`ディスクの空きは {free} です。`, ``}},
	DiskLow: {Warning,
		text{`only {free} are free on the disk of {path}.`, `Make room before you send: a letter that cannot be recorded is not sent.`},
		text{`{path} のディスクの空きが {free} しかありません。`, `送る前に空きをつくってください。記録できないお便りは送りません。`}},
	DiskFull: {Error,
		text{`the disk of {path} is full ({free} are free).`, `Make room: a letter that cannot be recorded is not sent.`},
		text{`{path} のディスクがいっぱいです（空き {free}）。`, `空きをつくってください。記録できないお便りは送りません。`}},
	KeysFine: {Fine,
		text{`{list} sign.`, `Is there a copy of {path} in a safe place? Without it no link in a letter works any more.`},
		text{`{list} が署名に使われています。`, `{path} の控えは安全な場所にありますか。失うと、送ったお便りのリンクがすべて使えなくなります。`}},
	KeysUnreadable: {Error,
		text{`the keys cannot be used: {reason}.`, `Put that right, or take the keys back from their copy.`},
		text{`鍵が使えません（{reason}）。`, `示されたところを直すか、鍵を控えから戻してください。`}},
	MailKeyMissing: {Error,
		text{`no mail key signs: letters cannot carry links.`, `Make it: kaiho key new`},
		text{`お便りのリンクに署名する鍵（mail）がありません。`, `次のコマンドでつくれます: kaiho key new`}},
	GateKeyMissing: {Warning,
		text{`no {use} key is here: "kaiho serve" on this machine could let nobody in.`, `If it runs here, make the key: kaiho key new`},
		text{`{use} の鍵がここにありません。このマシンの kaiho serve では、会員が入れません。`, `ここで動かすなら、次のコマンドでつくれます: kaiho key new`}},
	DatabaseFine: {Fine,
		text{`{name} is open, up to date and can be written.`, `When was it last copied? kaiho backup FILE, or pg_dump with Postgres.`},
		text{`{name} は開けて、最新の形で、書き込めます。`, `最後に控えを取ったのはいつですか。kaiho backup ファイル で取れます（Postgres では pg_dump）。`}},
	DatabaseMissing: {Error,
		text{`there is no database yet, and so nobody to send to.`, `Import the members: kaiho member import FILE.csv`},
		text{`データベースがまだなく、送る相手がいません。`, `会員を取り込んでください: kaiho member import ファイル.csv`}},
	DatabaseFailed: {Error,
		text{`the database cannot be used: {reason}.`, `Look at KAIHO_DATABASE_URL and the file's permissions; a damaged file is replaced by: kaiho restore FILE`},
		text{`データベースが使えません（{reason}）。`, `KAIHO_DATABASE_URL とファイルの権限を確かめてください。壊れたファイルは kaiho restore ファイル で控えに戻せます。`}},
	DatabaseReadOnly: {Error,
		text{`{name} cannot be written: {reason}.`, `Give the user who runs kaiho the file and its folder; in Postgres, the right to write.`},
		text{`{name} に書き込めません（{reason}）。`, `kaiho を動かす利用者が、ファイルとフォルダーに書けるようにしてください。Postgres では書き込みの権限を与えてください。`}},
	MembersFine: {Fine,
		text{`members who get letters: {count}.`, ``},
		text{`お便りが届く会員は {count} 人です。`, ``}},
	MembersNone: {Warning,
		text{`no member gets letters.`, `Import members: kaiho member import FILE.csv. Whoever has not agreed or has unsubscribed is not counted.`},
		text{`お便りが届く会員がひとりもいません。`, `kaiho member import ファイル.csv で取り込んでください。同意のない方と配信を停止した方は数えていません。`}},
	MembersSilent: {Warning,
		text{`active members whose consent is not recorded, or who took it back: {count}. They get no letters.`, `Nothing to do if that is right. Where there is a consent, import it in the column consent.`},
		text{`同意の記録がないか、同意を取り消した会員が {count} 人います。お便りは届きません。`, `それでよければ、することはありません。同意をいただいた方は、CSV の consent 列に書いて取り込んでください。`}},
	ClockFine: {Fine,
		text{`the machine's clock agrees with {name}.`, ``},
		text{`このマシンの時計は {name} と合っています。`, ``}},
	ClockOff: {Error,
		text{`the machine's clock and {name} differ by {seconds} seconds.`, `Set the clock by the network (timedatectl set-ntp true): links and signatures of letters are good only at the right time.`},
		text{`このマシンの時計が {name} と {seconds} 秒ずれています。`, `ネットワークで時計を合わせてください（timedatectl set-ntp true）。リンクやメールの署名は、時刻が正しくないと通りません。`}},
	NetworkSkipped: {Warning,
		text{`the network was left out: DNS, mail server and site were not looked at.`, `Run kaiho doctor without --offline before you send.`},
		text{`ネットワークは調べていません（DNS・メールサーバー・サイト）。`, `送る前に、--offline なしで kaiho doctor を実行してください。`}},
}
