package diag

// Rules of package doctor: the relay and the site, as they answer.
const (
	RelayFine       Rule = "relay-fine"
	RelayUnknown    Rule = "relay-unknown"
	RelayNoTLSThere Rule = "relay-without-tls"
	DoctorRelaySize Rule = "doctor-relay-size"
	RelayPipelining Rule = "relay-pipelining"
	RelayOneByOne   Rule = "relay-one-by-one"
	Certificate     Rule = "certificate"
	CertificateSoon Rule = "certificate-soon"
	SiteFine        Rule = "site-fine"
	SitePlain       Rule = "site-plain"
	SiteUnknown     Rule = "site-unknown"
	SiteUnreachable Rule = "site-unreachable"
	SiteRedirects   Rule = "site-redirects"
	GateHost        Rule = "gate-host"
	GateMissing     Rule = "gate-missing"
	GateFailed      Rule = "gate-failed"
	OneClickFine    Rule = "one-click-fine"
	OneClickBlocked Rule = "one-click-blocked"
	LeakFine        Rule = "leak-fine"
	Leak            Rule = "leak"
	DistUnreadable  Rule = "dist-unreadable"
)

var doctorNetRules = map[Rule]entry{
	RelayFine: {Fine,
		text{`{host} takes mail[[ from {user}]][[ ({tls})]].`, ``},
		text{`{host} は[[ {user} からの]]メールを受け付けます[[（{tls}）]]。`, ``}},
	RelayUnknown: {Error,
		text{`there is no host {host}.`, `Correct the name in KAIHO_SMTP_URL.`},
		text{`{host} というサーバーはありません。`, `KAIHO_SMTP_URL の名前を直してください。`}},
	RelayNoTLSThere: {Warning,
		text{`{host} offers no TLS: letters can be read on the way.`, `Ask for TLS there, or use another relay.`},
		text{`{host} は TLS に対応していません。お便りを途中で読まれるおそれがあります。`, `TLS への対応を頼むか、ほかの中継サーバーをお使いください。`}},
	DoctorRelaySize: {Error,
		text{`{host} takes messages of at most {size} KB; a letter may have {need}.`, `Have the limit raised (message_size_limit of Postfix), or use another relay.`},
		text{`{host} は {size} KB までのメールしか受け付けません。お便りは {need} KB になることがあります。`, `上限を上げてもらうか（Postfix では message_size_limit）、ほかの中継サーバーをお使いください。`}},
	RelayPipelining: {Fine,
		text{`{host} takes several commands at once (PIPELINING): sending will be fast.`, ``},
		text{`{host} は命令をまとめて受け取れるので（PIPELINING）、速く送れます。`, ``}},
	RelayOneByOne: {Fine,
		text{`{host} takes one command at a time (no PIPELINING): sending takes a little longer.`, ``},
		text{`{host} は命令を一つずつ受け取るので（PIPELINING なし）、送るのに少し時間がかかります。`, ``}},
	Certificate: {Error,
		text{`the certificate of {host} is not good: {reason}.`, `Renew it, for that very name and with its chain (fullchain); mail programs and browsers refuse it as it is.`},
		text{`{host} の証明書が正しくありません（{reason}）。`, `その名前の証明書を、中間証明書も含めて（fullchain）入れ直してください。このままでは、メールソフトやブラウザーに拒否されます。`}},
	CertificateSoon: {Warning,
		text{`the certificate of {host} ends in {days} days.`, `See why it is not renewed by itself.`},
		text{`{host} の証明書があと {days} 日で切れます。`, `自動で更新されていない理由を確かめてください。`}},
	SiteFine: {Fine,
		text{`the gate answers at {url}.`, ``},
		text{`{url} でゲートが応答しています。`, ``}},
	SitePlain: {Error,
		text{`base_url is {url}, without https: links in letters can be read on the way, and one-click unsubscribing does not work (RFC 8058).`, `Give the site a certificate and write https:// into site.yaml.`},
		text{`base_url の {url} が https ではありません。お便りのリンクを途中で読まれるおそれがあり、ワンクリックの配信停止も働きません（RFC 8058）。`, `サイトに証明書を入れ、site.yaml に https:// で書いてください。`}},
	SiteUnknown: {Error,
		text{`the DNS does not know {host}, to which all links in letters lead.`, `Add its address to the DNS, or correct base_url in site.yaml.`},
		text{`お便りのリンク先 {host} が DNS にありません。`, `DNS にアドレスを加えるか、site.yaml の base_url を直してください。`}},
	SiteUnreachable: {Error,
		text{`nobody answers at {url}: {reason}.`, `Start the web server and "kaiho serve", and look at the firewall.`},
		text{`{url} から応答がありません（{reason}）。`, `ウェブサーバーと kaiho serve が動いているか、ファイアウォールが閉じていないかを確かめてください。`}},
	SiteRedirects: {Error,
		text{`{url} leads on to {target}: mail programs do not follow when they unsubscribe (RFC 8058).`, `Write the final address into base_url, or take the redirect away.`},
		text{`{url} が {target} へ転送されます。配信停止のとき、メールソフトは転送を追いません（RFC 8058）。`, `転送先を base_url に書くか、転送をやめてください。`}},
	GateHost: {Error,
		text{`the gate does not know itself as {host} (421).`, `Start it again after a change of base_url, and let the web server hand on the Host header; further names go into gate.hosts.`},
		text{`ゲートが {host} を自分の名前と認めていません（421）。`, `base_url を変えたあとは起動し直し、ウェブサーバーが Host ヘッダーをそのまま渡すようにしてください。別の名前は gate.hosts に書きます。`}},
	GateMissing: {Error,
		text{`{url} is answered ({status}), but not by the gate: links in letters do not work.`, `Let the web server hand what it does not have to "kaiho serve"; "kaiho host nginx" or "kaiho host caddy" prints how.`},
		text{`{url} にゲート以外が応答しています（{status}）。お便りのリンクが使えません。`, `ファイルのない要求を kaiho serve に渡すよう、ウェブサーバーを設定してください。kaiho host nginx や kaiho host caddy で設定を表示できます。`}},
	GateFailed: {Error,
		text{`{url} answers {status}: "kaiho serve" does not run behind the web server, or cannot read its database.`, `Start it, and look at what it writes to stderr.`},
		text{`{url} の応答が {status} です。ウェブサーバーの後ろで kaiho serve が動いていないか、データベースを読めていません。`, `起動して、標準エラーの内容を確かめてください。`}},
	OneClickFine: {Fine,
		text{`a POST reaches the gate: one-click unsubscribing works.`, ``},
		text{`POST がゲートに届くので、ワンクリックの配信停止が使えます。`, ``}},
	OneClickBlocked: {Error,
		text{`a POST to {url} is answered {status}, not by the gate: nobody can unsubscribe with one click.`, `A host of files alone takes no POST: put the gate behind it for /u/ ("kaiho host" prints how), and let no firewall ask for cookies there.`},
		text{`{url} への POST にゲート以外が {status} と応答しています。ワンクリックで配信停止ができません。`, `静的ホスティングだけでは POST を受け取れません。/u/ をゲートに渡してください（kaiho host で設定を表示できます）。そこでクッキーを求める WAF も外してください。`}},
	LeakFine: {Fine,
		text{`files for members are not given to strangers (tried: {url}).`, ``},
		text{`会員向けのファイルは、ほかの人には渡されません（試したもの: {url}）。`, ``}},
	Leak: {Error,
		text{`{url} is a file for members, and anybody can read it.`, `At once: serve dist/public alone, never dist/ or the project folder; "kaiho host" prints a configuration. Then ask caches to drop it.`},
		text{`会員向けのファイル {url} を、だれでも読めます。`, `すぐに、公開する場所を dist/public だけにしてください。dist/ やプロジェクトのフォルダーを公開してはいけません（設定は kaiho host で表示できます）。そのあと、キャッシュからも消してください。`}},
	DistUnreadable: {Warning,
		text{`there is no built site here, so that leaks could not be looked for.`, `Build it: kaiho build`},
		text{`ここにはつくったサイトがなく、漏れがないかを確かめられません。`, `次のコマンドでつくれます: kaiho build`}},
}
