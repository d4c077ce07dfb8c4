package schema

import (
	"cmp"
	"strings"

	"kaiho/generator/content"
)

// pageWords returns the words of a kind's front matter. What a key does is what
// `kaiho new` writes above it.
func pageWords(k content.Kind, lang string) map[string]word {
	words := map[string]word{}
	for _, key := range content.Keys(k, lang) {
		words[key.Name] = word{label: label(key.Name, lang), doc: key.Doc, required: key.Required, hasClock: key.HasClock}
	}
	return words
}

// label returns what a key of front matter is called: by its path, or else by its
// own name, or else the name itself.
func label(path, lang string) string {
	own := path[strings.LastIndexByte(path, '.')+1:]
	pair, known := labels[path]
	if !known {
		pair = labels[own]
	}
	if isJapanese(lang) {
		return cmp.Or(pair[1], own)
	}
	return cmp.Or(pair[0], own)
}

// labels are what forms write beside the fields, in English and Japanese.
var labels = map[string][2]string{
	"title": {"Title", "題名"}, "date": {"Date", "日付"}, "updated": {"Updated", "更新日"}, "slug": {"Address", "アドレスの末尾"},
	"aliases": {"Former addresses", "以前のアドレス"}, "draft": {"Draft", "下書き"}, "publish": {"Publish at", "公開する日時"},
	"expires": {"Withdraw at", "公開を終える日時"}, "summary": {"Summary", "要約"}, "points": {"Main points", "要点"}, "tags": {"Tags", "タグ"},
	"authors": {"Authors", "書いた人"}, "cover": {"Cover picture", "いちばん上の写真"}, "audience": {"Readers", "読める人"},
	"teaser": {"Show a teaser to all", "題名と要約はだれにでも見せる"}, "lang": {"Language", "言語"}, "featured": {"Featured", "トップで大きく見せる"},
	"digest": {"In the newsletter", "お便りでの扱い"}, "segments": {"Segments", "載せる区分"}, "series": {"Series", "連載"},
	"layout": {"Layout", "レイアウト"}, "params": {"Free keys", "自由な項目"},

	"src": {"Picture", "写真"}, "alt": {"Description of the picture", "写っているものの説明"}, "caption": {"Caption", "キャプション"}, "credit": {"Credit", "写真の出どころ"},
	"category": {"Category", "分類"}, "source": {"Source", "出典"}, "source.title": {"Title of the source", "出典の題名"}, "url": {"Web address", "アドレス"},
	"people": {"People", "話した人"}, "interviewer": {"Interviewer", "聞き手"}, "photographer": {"Photographer", "撮影"}, "timeline": {"Timeline", "年表"},
	"when": {"When", "いつ"}, "what": {"What", "できごと"}, "consent": {"Consent", "掲載の同意"}, "by": {"By", "同意した人"}, "on": {"On", "同意した日"},
	"scope": {"Scope", "同意の範囲"}, "until": {"Until", "いつまで"},

	"event": {"Page of the event", "イベントのページ"}, "held": {"Held on", "開催日"}, "numbers": {"Figures", "数字"}, "label": {"Label", "見出し"}, "value": {"Value", "値"},
	"voices": {"Voices", "声"}, "who": {"Who", "だれ"}, "text": {"Text", "文章"}, "gallery": {"Photographs", "写真集"},

	"start": {"Start", "始まり"}, "end": {"End", "終わり"}, "all_day": {"All day", "終日"}, "type": {"Type", "催しの種類"}, "mode": {"Mode", "開き方"},
	"venue": {"Venue", "会場"}, "venue.name": {"Name of the venue", "会場の名前"}, "postal_code": {"Postal code", "郵便番号"}, "address": {"Address", "住所"},
	"access": {"How to get there", "行き方"}, "map": {"Map", "地図"}, "online": {"Online", "オンライン"}, "service": {"Service", "サービス"}, "note": {"Note", "補足"},
	"fee": {"Fee", "参加費"}, "amount": {"Amount", "金額"}, "currency": {"Currency", "通貨"}, "capacity": {"Places", "定員"},
	"capacity_mode": {"Who gets a place", "定員の決め方"}, "rsvp_deadline": {"Sign up by", "申し込みの締め切り"}, "agenda": {"Programme", "当日の流れ"},
	"speakers": {"Speakers", "話す人"}, "bring": {"To bring", "持ち物"}, "dress": {"Dress", "服装"}, "companions": {"Companions", "同伴"},
	"contact": {"Contact", "問い合わせ先"}, "status": {"Status", "開催の状況"}, "report": {"Page of the report", "レポートのページ"},

	"posted": {"Posted", "募集を始める日"}, "closes": {"Closes", "締め切り"}, "organization": {"Organization", "会社・団体"}, "organization.name": {"Name of the organization", "会社・団体の名前"},
	"logo": {"Logo", "ロゴ"}, "employment_type": {"Employment type", "雇用形態"}, "duties": {"Duties", "仕事の内容"}, "place": {"Place of work", "働く場所"},
	"initial": {"At first", "雇入れ直後"}, "scope_of_change": {"Scope of change", "変更の範囲"}, "locations": {"Locations", "所在地"},
	"region": {"Prefecture", "都道府県"}, "locality": {"City", "市区町村"}, "remote": {"Remote work", "在宅勤務"}, "salary": {"Salary", "賃金"},
	"min": {"From", "下限"}, "max": {"To", "上限"}, "unit": {"Per", "単位"}, "contract": {"Contract", "契約"}, "fixed_term": {"Term", "期間"},
	"renewal": {"Renewal", "更新"}, "limit": {"Limit", "更新の上限"}, "hours": {"Hours", "働く時間"}, "trial": {"Trial period", "試用期間"},
	"smoking": {"Smoking", "受動喫煙の防止"}, "apply": {"How to apply", "応募先"}, "email": {"Mail address", "メールアドレス"},

	"entries": {"Entries", "近況"}, "person": {"Person", "人"}, "confirmed": {"Confirmed by the person", "本人が確かめた"},
	"version": {"Version", "版"}, "effective": {"In force from", "施行日"}, "menu": {"Place in the menu", "メニューでの位置"}, "weight": {"Order", "順番"},

	"number": {"Number", "号数"}, "subject": {"Subject", "件名"}, "preheader": {"Preheader", "件名のあとに見える一文"}, "editor": {"Editor", "編集"},
	"lead": {"Lead", "巻頭"}, "include": {"Include", "必ず載せるページ"}, "exclude": {"Exclude", "載せないページ"}, "since": {"Pages since", "対象の始まり"},
	"sections": {"Sections", "セクション"},

	"name": {"Name", "名前"}, "family": {"Family name", "姓"}, "given": {"Given name", "名"}, "family_kana": {"Family name in kana", "姓のよみ"},
	"given_kana": {"Given name in kana", "名のよみ"}, "latin": {"Name in Latin letters", "ローマ字の名前"}, "former": {"Former family name", "旧姓"},
	"role": {"Role", "役割"}, "was": {"In the organization", "在籍"}, "department": {"Department", "部署"}, "joined": {"Joined (year)", "入った年"},
	"left": {"Left (year)", "離れた年"}, "now": {"Today", "いま"}, "now.title": {"Position", "肩書き"}, "portrait": {"Portrait", "肖像"},
	"links": {"Links", "リンク"}, "links.title": {"Title of the link", "リンクの題名"},
}
