package schema

// siteWords returns the words of site.yaml.
func siteWords(lang string) map[string]word {
	i := 0
	if isJapanese(lang) {
		i = 1
	}
	words := map[string]word{}
	for path, pair := range siteDocs {
		words[path] = word{doc: pair[i]}
	}
	return words
}

// siteDocs is what the keys of site.yaml do, in English and Japanese.
var siteDocs = map[string][2]string{
	"title":       {"Name of the site: a text, or one for each language", "サイトの名前。文字か、言語ごとの文字"},
	"base_url":    {"Address of the site, such as https://alumni.example.com/", "サイトのアドレス。https://alumni.example.com/ のように"},
	"language":    {"Language of the main edition: ja, en", "おもな版の言語。ja か en"},
	"languages":   {"Languages of all editions, the main one first", "すべての版の言語。おもなものから"},
	"timezone":    {"Time zone of times without an offset; default Asia/Tokyo", "日時の時間帯。書かなければ Asia/Tokyo"},
	"description": {"The site in a sentence, for search engines and feeds", "サイトの一文の説明。検索やフィードに出ます"},

	"organization":             {"Who publishes the site", "発行する会社・団体"},
	"organization.name":        {"Name, as in the imprint", "名前"},
	"organization.postal_code": {"Postal code: 100-0001", "郵便番号。100-0001 の形で"},
	"organization.address":     {"Postal address; letters must have it", "住所。お便りに必要です"},
	"organization.contact":     {"Mail address of the office", "事務局のメールアドレス"},
	"organization.url":         {"The organization's own site", "会社・団体のサイト"},
	"organization.logo":        {"Logo: a file of static/, or an address", "ロゴ。static/ のファイルかアドレス"},

	"audiences":         {"Classes of readers, in order; everybody is \"public\" and needs no entry", "読者の区分。上から順に。だれでも読めるものは書きません"},
	"audiences.*.title": {"What the audience is called", "区分の呼び名"},
	"audiences.*.reads": {"Audiences whose pages it may read, too", "あわせて読める区分"},

	"sections":               {"Folders of content/, in the order of the menu", "content/ の下のフォルダー。メニューの順に"},
	"sections.*.kind":        {"Kind of its pages", "ページの種類"},
	"sections.*.title":       {"What the section is called", "セクションの名前"},
	"sections.*.description": {"What is in it, for its list", "説明。一覧に出ます"},
	"sections.*.weight":      {"Place in menus: small numbers first", "メニューでの順番。小さいものから"},
	"event_types":            {"The types that events may have; without it, any", "イベントの種類として使えるもの。書かなければ自由"},

	"menu":       {"The main menu, instead of the sections", "メニュー。セクションの代わりに並べます"},
	"menu.title": {"What the entry is called", "項目の名前"},
	"menu.url":   {"/path/ of this site, or an address elsewhere", "このサイトの /path/ か、ほかのサイトのアドレス"},
	"pagination": {"Entries on a page of a list; default 20", "一覧の一ページの件数。書かなければ 20"},

	"feeds":       {"Feeds (Atom, RSS, JSON)", "フィード（Atom・RSS・JSON）"},
	"feeds.items": {"Most items in a feed; default 20", "フィードの件数の上限。書かなければ 20"},

	"markdown":          {"How Markdown is converted", "Markdown の変換"},
	"markdown.raw_html": {"Let HTML in Markdown through", "Markdown の中の HTML をそのまま出す"},

	"outputs":                 {"What the site has besides pages; false switches off", "ページのほかにつくるもの。false でつくりません"},
	"outputs.feeds":           {"Feeds", "フィード"},
	"outputs.calendars":       {"Calendars (iCalendar)", "カレンダー（iCalendar）"},
	"outputs.structured_data": {"Structured data for search engines", "検索エンジンのための構造化データ"},
	"outputs.search":          {"Search", "検索"},
	"outputs.cards":           {"Cards for social networks", "SNS のカード画像"},

	"params":                {"Free keys for layouts", "レイアウトで使う自由な項目"},
	"segments":              {"Segments of members: a name, and an expression such as joined <= 2000", "会員の区分。名前と式（joined <= 2000 など）"},
	"theme":                 {"How the site looks", "サイトの見た目"},
	"theme.accent":          {"Colour of links and buttons, in quotes: \"#2f6b4f\"", "リンクとボタンの色。引用符で囲みます。\"#2f6b4f\""},
	"theme.fonts":           {"Font families that readers have; none is loaded", "読む人の機器にある書体。送信はしません"},
	"theme.fonts.text":      {"Of the text: names, or sans, serif; default sans", "本文の書体。名前か sans、serif。書かなければ sans"},
	"theme.fonts.headings":  {"Of headings; default serif", "見出しの書体。書かなければ serif"},
	"theme.measure":         {"Characters in a line; default 38", "一行の字数。書かなければ 38"},
	"theme.logo":            {"A picture of static/, beside the title", "題字の前の印。static/ の画像"},
	"theme.card_font":       {"A font file of the project (TTF, OTF, TTC), for card pictures with titles", "カードに題を描くフォント（プロジェクトの中の TTF・OTF・TTC）"},
	"images":                {"How pictures are made", "写真のつくり方"},
	"images.widths":         {"Widths in pixels that pages offer", "用意する幅（ピクセル）"},
	"images.quality":        {"Quality of what is made, 1 to 100", "画質（1〜100）"},
	"images.format":         {"webp or jpeg", "形式。webp か jpeg"},
	"images.sizes":          {"How wide pictures of the text stand, as CSS sizes", "本文の写真の幅（CSS の sizes の書き方）"},
	"images.max_megapixels": {"Larger pictures are refused", "これより大きな写真は受け付けません（メガピクセル）"},
	"search":                {"What the search page finds", "検索のページで見つかるもの"},
	"search.exclude":        {"Sections whose pages are not found", "検索に出さないセクション"},
	"cadence":               {"How often something is published", "更新の頻度の目安"},

	"cadence.posts_per_month": {"Posts a month", "一か月の記事の数"},

	"admin":               {"A CMS at /admin/: forms that commit to the repository", "/admin/ の編集画面。フォームからリポジトリに書き込みます"},
	"admin.backend":       {"Where the repository lies", "リポジトリのある場所"},
	"admin.repo":          {"The repository: owner/name", "リポジトリ。持ち主/名前"},
	"admin.branch":        {"The branch that the site is built from; default main", "サイトのもとになるブランチ。書かなければ main"},
	"admin.program":       {"decap (in Japanese, nothing from elsewhere) or sveltia; default decap", "decap（日本語、外部への通信なし）か sveltia。書かなければ decap"},
	"admin.base_url":      {"Address of the service that signs editors in (OAuth)", "編集者のサインインを受け持つサービス（OAuth）のアドレス"},
	"admin.auth_endpoint": {"Its path, such as auth", "そのパス。auth など"},
	"admin.api_root":      {"API of a git host of your own", "自前の git サーバーの API"},
	"admin.app_id":        {"Id of the application at the git host", "git サーバーに登録したアプリの ID"},
	"admin.auth_type":     {"Sign-in without a service, at GitLab: pkce, with app_id", "サービスを使わないサインイン（GitLab）。pkce。app_id も要ります"},
	"admin.review":        {"Changes wait on branches until an editor publishes them", "変更を、編集者が公開するまで別のブランチに置く"},
	"admin.media":         {"Folder of static/ for uploaded pictures; default images", "送った写真を置く static/ の下のフォルダー。書かなければ images"},

	"dates":       {"How dates are written", "日付の書き方"},
	"dates.era":   {"The year of the era, too: 2026年（令和8年）", "和暦も添える。2026年（令和8年）"},
	"names":       {"How people's names are written", "名前の書き方"},
	"names.latin": {"Order of names in Latin letters; default as_written", "ローマ字の名前の順。as_written（書いたまま）、family_first（姓から）、given_first（名から）"},

	"newsletter":                  {"How letters are put together", "お便りの組み立て"},
	"newsletter.sections":         {"Sections of a letter, in order", "載せるセクション。順番どおりに"},
	"newsletter.sections.*.limit": {"Most items of the section", "件数の上限"},
	"newsletter.sections.*.title": {"Its title in letters", "お便りでの名前"},
	"newsletter.limit":            {"Most items of a section where none is said; default 5", "件数を書かないセクションの上限。書かなければ 5"},
	"newsletter.honorific":        {"Behind names in Japanese letters; default 様", "宛名の敬称。書かなければ 様"},
	"newsletter.balance":          {"Shares, in percent, beyond which whoever sends is warned", "この割合（％）を超えたら送る前に知らせます"},
	"newsletter.balance.jobs":     {"Jobs; default 33", "仕事の募集。書かなければ 33"},
	"newsletter.balance.company":  {"News of the company; default 40", "会社の話。書かなければ 40"},
	"newsletter.subscribe":        {"Anybody may subscribe at /subscribe", "/subscribe でだれでも申し込める"},
	"newsletter.privacy":          {"Page on personal data, named below that form", "申し込みの下で案内する、個人情報のページ"},

	"mail":               {"Who letters are from", "お便りの差出人"},
	"mail.from":          {"Nagi Letter <letter@example.com>", "凪だより <letter@example.com> の形で"},
	"mail.reply_to":      {"Where readers' answers go", "返信の届く先"},
	"mail.list_id":       {"Id of the list, such as news.example.com; it never changes", "リストの ID。news.example.com など。決めたら変えません"},
	"mail.unsubscribe":   {"Mailbox for requests to leave", "配信停止の依頼を受けるアドレス"},
	"mail.owner":         {"Mailbox of the list's owner", "リストの持ち主のアドレス"},
	"mail.bounce":        {"Where undeliverable mail returns to: an address or a domain", "届かなかったメールの戻り先。アドレスかドメイン"},
	"mail.feedback_id":   {"Sender in Feedback-ID: 5 to 15 of a-z, 0-9, -", "Feedback-ID の差出人。英小文字・数字・ハイフンで 5〜15 文字"},
	"mail.rates":         {"How fast letters go out", "送る速さ"},
	"mail.rates.all":     {"In all: 200/h, 5/s", "全体で。200/h や 5/s"},
	"mail.rates.domain":  {"To each domain of recipients", "宛先のドメインごとに"},
	"mail.rates.domains": {"To some domains, by name", "決まったドメインへ"},
	"mail.warm_up":       {"How a new domain begins: 200 letters on the first day, twice as many each day", "新しいドメインの慣らし。初日は 200 通、毎日倍に"},
	"mail.warm_up.from":  {"The first day", "初日"},
	"mail.warm_up.limit": {"Letters a day at which it ends", "一日の通数。届いたら終わります"},

	"gate":                       {"How members' pages are opened", "会員ページの入り口"},
	"gate.link_ttl":              {"How long links of letters work; default 45d", "お便りのリンクが使える長さ。書かなければ 45d"},
	"gate.session_idle":          {"A browser not used that long is signed out; default 90d", "使わないブラウザーがサインアウトするまで。書かなければ 90d"},
	"gate.session_max":           {"Every browser is signed out after it; default 400d", "どのブラウザーもサインアウトするまで。書かなければ 400d"},
	"gate.hosts":                 {"Further names of the host", "ホストの別の名前"},
	"gate.eligibility":           {"Who may become a member", "会員になれる人"},
	"gate.eligibility.min_years": {"Least years between joining and leaving", "在籍した年数の下限"},
}
