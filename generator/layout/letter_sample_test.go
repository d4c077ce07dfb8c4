package layout_test

import (
	"html/template"
	"time"

	"kaiho/generator/site"
)

// Letters as package newsletter fills them: twelve items of all kinds, the
// reader's parts with their marks, a greeting as the mail renderer writes it.

var jst = time.FixedZone("JST", 9*60*60)

func day(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, jst)
}

// item returns an item and, for the text edition, where its number leads.
func item(number int, card site.Card, voices ...site.Voice) site.LetterItem {
	url := "https://nagi.example" + card.URL
	if card.Seal != "" {
		url = "https://gate.nagi.example/k/MARKreader0000" + card.URL
	}
	return site.LetterItem{Card: card, URL: url, Number: number, Voices: voices}
}

// linked lists the links of all items of a letter.
func linked(page site.LetterPage) site.LetterPage {
	all := []site.LetterItem{page.Lead}
	for _, s := range page.Sections {
		all = append(all, s.Items...)
	}
	for _, i := range all {
		page.Links = append(page.Links, site.LetterLink{Number: i.Number, Title: i.Card.Title, URL: i.URL})
	}
	return page
}

func japaneseLetter() site.LetterPage {
	seal := "会員"
	lead := item(1, site.Card{URL: "/interviews/yamazaki-chihiro/", Lang: "ja", Kind: "interview", Category: "カムバック", Title: "四年ぶりの名札 ― カムバックした山﨑千尋さんに聞く",
		Summary: "「いいことばかり言われたら、戻らなかった」。四年ぶりに品質保証部へ戻った山﨑千尋さんが、最初の朝に拭いたもの。辞めた日のこと、戻ると決めた夜のことを、ゆっくり聞きました。"})
	lead.Image = site.Image{URL: "https://nagi.example/pictures/yamazaki.jpg", Alt: "検査室の窓辺で、名札を胸に留める山﨑千尋さん", Credit: "撮影 加納 啓介", Width: 1200, Height: 800}
	return linked(site.LetterPage{
		Lang: "ja", Title: "凪だより 第31号 ― 冬の集いと、四年ぶりの名札", Subject: "凪だより 第31号｜四年ぶりの名札",
		Preheader: "戻った人が、最初の朝に拭いたもの。冬の集いは27日（金）締め切り", Masthead: "凪だより", Site: "凪の会", Home: "https://nagi.example/",
		Number: 31, Date: day(11, 18, 8, 0), Name: "髙梨 湊 様",
		Fact:   site.LetterSlot{Begin: "MARKfact0", Text: "2009年入社・光学設計部", End: "MARKfact1"},
		Note:   site.LetterSlot{Begin: "MARKnote0", Text: "先日は、いけすの見学をありがとうございました。皆、まだあの朝の海の話をしています。", End: "MARKnote1"},
		Body:   `<p class="k-ink" style="margin:0 0 1em 0;color:#1B2A3A;">会員の皆さま、編集長の森下です。</p><p class="k-ink" style="margin:0 0 1em 0;color:#1B2A3A;">今朝、品質保証部の入り口の名札を数えました。全部で31枚。この号の番号と同じだったので、少しうれしくなりました。そのうち一枚は、四年ぶりに同じくぎへ戻ってきた名札です。</p><p class="k-ink" style="margin:0 0 1em 0;color:#1B2A3A;">12月4日（金）の<a class="k-link" href="https://nagi.example/events/winter-gathering-2026/" style="color:#1F4E79;">冬の集い</a>は、27日（金）が締め切りです。はじめての方も、どうぞ安心していらしてください。入り口に、私たち三人が立っています。</p>`,
		Text:   "会員の皆さま、編集長の森下です。\n\n今朝、品質保証部の入り口の名札を数えました。全部で31枚。この号の番号\nと同じだったので、少しうれしくなりました。そのうち一枚は、四年ぶりに\n同じくぎへ戻ってきた名札です。\n\n12月4日（金）の冬の集い［3］は、27日（金）が締め切りです。はじめて\nの方も、どうぞ安心していらしてください。入り口に、私たち三人が立って\nいます。",
		Editor: "森下 汐里", Lead: lead, Audience: "会員", Seal: "alumni",
		Sections: []site.LetterSection{
			{Title: "イベント", Kind: "event", URL: "https://nagi.example/events/", Items: []site.LetterItem{
				item(2, site.Card{URL: "/events/winter-gathering-2026/", Lang: "ja", Kind: "event", Title: "凪の会 冬の集い 2026", Summary: "港の三号倉庫が、食堂になりました。鍋を囲んで、一年の話をしませんか。はじめての方も、お一人の方もどうぞ。",
					Event: site.EventLine{Start: day(12, 4, 18, 30), End: day(12, 4, 20, 30), Type: "懇親会", Mode: "offline", Place: "港の三号食堂（波音市）", Deadline: day(11, 27, 0, 0)}}),
				item(3, site.Card{URL: "/events/data-quality-study/", Lang: "ja", Kind: "event", Seal: seal, Title: "オンライン勉強会「センサーデータの品質を測る」", Summary: "リスボンと波音をつないで、ブイの生データを一緒に読みます。手を動かす回です。",
					Event: site.EventLine{Start: day(12, 16, 19, 0), End: day(12, 16, 20, 30), Type: "勉強会", Mode: "online", Deadline: day(12, 11, 0, 0)}}),
				item(4, site.Card{URL: "/events/family-day-2027/", Lang: "ja", Kind: "event", Seal: seal, Title: "ファミリーデー 岬の灯台をのぼろう", Summary: "階段は百四段。てっぺんで、ご家族の写真を撮ります。雪のため三月に延びました。",
					Event: site.EventLine{Start: day(12, 20, 0, 0), End: day(12, 21, 0, 0), AllDay: true, Type: "見学", Mode: "hybrid", Place: "波音岬灯台", Status: "postponed", Closed: true}}),
			}},
			{Title: "会社の今", Kind: "news", URL: "https://nagi.example/news/", Items: []site.LetterItem{
				item(5, site.Card{URL: "/news/nagi-techno-center/", Lang: "ja", Kind: "news", Category: "プレスリリース", Title: "新工場「凪テクノセンター」が竣工しました", Summary: "養殖の見守りに使うセンサーを、年に4,800台まで組み立てられるようになりました。旧工場の定盤も、同じ向きで据えてあります。"}),
				item(6, site.Card{URL: "/news/half-year-results-65/", Lang: "ja", Kind: "news", Category: "決算", Title: "第65期 中間決算のあらまし ― 図で見る半年", Summary: "売上高は前の年の同じ時期より6.4%増えました。増えたところと減ったところを、五つの図でお伝えします。"}),
			}},
			{Title: "みんなの近況", Kind: "notes", URL: "https://nagi.example/notes/", Items: []site.LetterItem{
				item(7, site.Card{URL: "/notes/2026-11/", Lang: "ja", Kind: "notes", Seal: seal, Title: "みんなの近況 2026年11月", Summary: "四つの便りと一つのお知らせを、ご本人やご家族に確かめてから載せています。"},
					site.Voice{Who: "大江 ゆり", Text: "岬の灯台の案内が、10月で通算500組になりました。500組めは、在籍時に入社の手続きをお手伝いした方のお孫さん。階段の数を、いちども間違えずに数えてくれました。"},
					site.Voice{Who: "渡邉 拓真", Text: "11月7日（土）に結婚しました。冬の集いには二人でまいります。"}),
			}},
			{Title: "開催レポート", Kind: "report", Items: []site.LetterItem{
				item(8, site.Card{URL: "/reports/namioto-beach-cleanup/", Lang: "ja", Kind: "report", Title: "42人で集めた318キロ ― 波音浜クリーンアップ", Summary: "いちばん多かったのは、漁網の切れ端でした。次は春に、同じ浜で。"},
					site.Voice{Who: "参加した方", Text: "「十年ぶりに会った人と、最初に交わした言葉が『その袋、重いでしょう』でした」"}),
			}},
			{Title: "仕事", Kind: "job", URL: "https://nagi.example/jobs/", Items: []site.LetterItem{
				item(9, site.Card{URL: "/jobs/optical-engineer/", Lang: "ja", Kind: "job", Title: "光学設計エンジニア（カムバック歓迎）", Summary: "光学棟のあの定盤は、まだ現役です。",
					Job: site.JobLine{Organization: "株式会社あさなぎ光機", EmploymentType: "FULL_TIME", Place: "青波県波音市", Remote: "partial", Closes: day(12, 25, 0, 0)}}),
				item(10, site.Card{URL: "/jobs/ikesu-operator/", Lang: "ja", Kind: "job", Seal: seal, Title: "現場オペレーター ― 合同会社いけすラボ", Summary: "髙梨さんの会社が、湾の真ん中で一緒に働く人を探しています。",
					Job: site.JobLine{Organization: "合同会社いけすラボ", EmploymentType: "TEMPORARY", Place: "青波県波音市 波音湾", Remote: "none", Closes: day(11, 30, 0, 0)}}),
				item(11, site.Card{URL: "/jobs/manual-revision/", Lang: "ja", Kind: "job", Seal: seal, Title: "英文マニュアル改訂（三か月）",
					Job: site.JobLine{EmploymentType: "CONTRACTOR", Remote: "full", Closes: day(12, 18, 0, 0)}}),
			}},
			{Title: "コラム", Kind: "column", URL: "https://nagi.example/columns/", Items: []site.LetterItem{
				item(12, site.Card{URL: "/en/columns/letter-from-lisbon/", Lang: "en", Kind: "column", Category: "Letters from abroad", Title: "A letter from Lisbon: nine buoys and a bakery", Summary: "Daniel Okafor on measuring the Tagus, and on the shop downstairs that opens at five."}),
			}},
		},
		Web: "https://nagi.example/newsletters/2026-11-18/", Preferences: "https://gate.nagi.example/p/MARKreader0001", Unsubscribe: "https://gate.nagi.example/u/MARKreader0002",
		Organization: site.Organization{Name: "株式会社あさなぎ光機", PostalCode: "000-0000", Address: "青波県波音市灯台通1-2-3", Contact: "office@nagi.example", URL: "https://asanagi-optics.example/"},
		ReplyTo:      "office@nagi.example",
	})
}

func englishLetter() site.LetterPage {
	lead := item(1, site.Card{URL: "/en/interviews/takanashi-minato/", Lang: "en", Kind: "interview", Title: "From the light of the lighthouse to watching over fish farms",
		Summary: "Takanashi Minato spent nine years grinding lenses for lighthouses. Today he counts fish with light, in the middle of the bay. We went out with him, expecting to be seasick, and found it perfectly calm."})
	lead.Image = site.Image{URL: "https://nagi.example/pictures/takanashi.jpg", Alt: "Takanashi Minato on the deck of a small boat, holding a sensor", Width: 480, Height: 320}
	return linked(site.LetterPage{
		Lang: "en", Title: "Nagi Letter: winter edition", Subject: "Nagi Letter, winter 2026", Masthead: "Nagi Letter", Site: "Nagi Network", Home: "https://nagi.example/en/",
		Preheader: "Counting fish with light, a new factory, and a study meeting at ten in the morning, Lisbon time", Date: day(12, 2, 8, 0), Name: "Dear Daniel Okafor",
		Body: template.HTML(`<p class="k-ink" style="margin:0 0 1em 0;color:#1B2A3A;">The persimmons behind the main building have turned. We picked the lower half; the upper half, we are told, belongs to the birds.</p>` +
			`<p class="k-ink" style="margin:0 0 1em 0;color:#1B2A3A;">This is our quarterly letter to those of you who live abroad. If you pass through Namioto, the kettle is on.</p>`),
		Text: "The persimmons behind the main building have turned. We picked the\nlower half; the upper half, we are told, belongs to the birds.\n\nThis is our quarterly letter to those of you who live abroad. If you\npass through Namioto, the kettle is on.",
		Lead: lead,
		Sections: []site.LetterSection{
			{Title: "Events", Kind: "event", Items: []site.LetterItem{
				item(2, site.Card{URL: "/en/events/winter-gathering-2026/", Lang: "en", Kind: "event", Title: "Winter gathering 2026", Summary: "Warehouse no. 3 has become a dining hall. Come and share a hot pot with us.",
					Event: site.EventLine{Start: day(12, 4, 18, 30), End: day(12, 4, 20, 30), Type: "Gathering", Mode: "hybrid", Place: "Harbour Hall No. 3, Namioto", Deadline: day(11, 27, 0, 0)}}),
				item(3, site.Card{URL: "/events/data-quality-study/", Lang: "ja", Kind: "event", Title: "オンライン勉強会「センサーデータの品質を測る」", Summary: "リスボンと波音をつないで、ブイの生データを一緒に読みます。",
					Event: site.EventLine{Start: day(12, 16, 19, 0), End: day(12, 16, 20, 30), Mode: "online", Past: true}}),
			}},
			{Title: "Jobs", Kind: "job", Items: []site.LetterItem{
				item(4, site.Card{URL: "/en/jobs/manual-revision/", Lang: "en", Kind: "job", Title: "Revising an English manual",
					Job: site.JobLine{Organization: "Asanagi Optics Co., Ltd.", EmploymentType: "CONTRACTOR", Place: "Anywhere", Remote: "full", Closes: day(12, 18, 0, 0)}}),
				item(5, site.Card{URL: "/en/jobs/closed/", Lang: "en", Kind: "job", Title: "Buoy firmware engineer", Job: site.JobLine{EmploymentType: "FULL_TIME", Closed: true}}),
			}},
		},
		Web: "https://nagi.example/en/newsletters/2026-12/", Preferences: "https://gate.nagi.example/p/MARKreader0001", Unsubscribe: "https://gate.nagi.example/u/MARKreader0002",
		Organization: site.Organization{Name: "Asanagi Optics Co., Ltd.", PostalCode: "000-0000", Address: "1-2-3 Todai-dori, Namioto, Aonami", Contact: "office@nagi.example"},
		ReplyTo:      "office@nagi.example",
	})
}
