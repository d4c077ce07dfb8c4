package site

import (
	"fmt"
	"strconv"
)

// words are the few words that the plan itself needs: titles of lists that no
// file names. All other words of the interface are in layouts/strings.*.json.
type words struct {
	home, tags, people, past, notFound, search, subscribe string
	sections                                              map[string]string
	tagTitle                                              string // format of the window's title of a tag's list
	tagged, ofType, list                                  string // formats of descriptions
	pageNumber                                            string // format: page, of how many
}

func wordsIn(lang string) words {
	if lang == "ja" {
		return words{home: "トップ", tags: "タグ", people: "人びと", past: "これまでのイベント", notFound: "ページが見つかりません", search: "サイト内検索", subscribe: "お便りを受け取る",
			sections: map[string]string{"news": "お知らせ", "columns": "コラム", "interviews": "インタビュー", "reports": "レポート",
				"events": "イベント", "jobs": "仕事", "notes": "近況", "newsletters": "お便り", "about": "この会について", "projects": "プロジェクト"},
			tagTitle: "「%s」の記事", tagged: "「%s」についての記事の一覧です（%s）。", ofType: "%sの予定", list: "%s（%s）の一覧です。", pageNumber: "（%sページ目／全%sページ）"}
	}
	return words{home: "Home", tags: "Tags", people: "People", past: "Past events", notFound: "Page not found", search: "Search", subscribe: "Receive our letter",
		sections: map[string]string{"news": "News", "columns": "Columns", "interviews": "Interviews", "reports": "Reports",
			"events": "Events", "jobs": "Jobs", "notes": "Notes", "newsletters": "Newsletter", "about": "About", "projects": "Projects"},
		tagTitle: "Tagged “%s”", tagged: "Articles about %s (%s).", ofType: "%s", list: "%s: all pages (%s).", pageNumber: " (page %s of %s)"}
}

// numbered returns title with the number of the list's page, from the second
// on: titles are different then.
func (w words) numbered(title string, number, total int) string {
	if number == 1 {
		return title
	}
	return title + fmt.Sprintf(w.pageNumber, strconv.Itoa(number), strconv.Itoa(total))
}
