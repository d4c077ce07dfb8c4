package main

import (
	"io/fs"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/preview"
)

// previewProblems returns problems as the preview shows them, with the lines
// around each.
func (d *development) previewProblems(problems diag.Problems) []preview.Problem {
	out := make([]preview.Problem, 0, len(problems))
	for _, p := range problems {
		out = append(out, preview.Problem{Path: p.Path, Line: p.Pos.Line, Col: p.Col, Severity: p.Severity().String(), Rule: string(p.Rule),
			Message: p.Message(d.lang), Remedy: p.Remedy(d.lang), Excerpt: d.excerpt(p.Pos)})
	}
	return out
}

const (
	excerptAround = 2       // lines before and after the place
	excerptBytes  = 1 << 20 // of a larger file nothing is shown
)

// excerpt returns the lines around a place of the project; none if the file
// cannot be read, as with a built-in layout.
func (d *development) excerpt(pos diag.Pos) []preview.ExcerptLine {
	root, err := d.project()
	if err != nil {
		return nil
	}
	src, err := fs.ReadFile(root.FS(), pos.Path)
	if err != nil || len(src) > excerptBytes {
		return nil
	}
	lines := strings.Split(strings.ToValidUTF8(string(src), "\uFFFD"), "\n")
	var out []preview.ExcerptLine
	for n := max(1, pos.Line-excerptAround); n <= min(len(lines), pos.Line+excerptAround); n++ {
		out = append(out, preview.ExcerptLine{Number: n, Text: strings.TrimRight(lines[n-1], "\r"), Marked: n == pos.Line})
	}
	return out
}

// previewWords are the words of the preview in the language of messages; in
// English it has its own.
func (s *session) previewWords() preview.Words {
	if s.lang != diag.Japanese {
		return preview.Words{}
	}
	return preview.Words{
		Lang: "ja", Bar: "プレビュー", Open: "このプレビューでは会員のページも開けます", Reader: "だれの目で見るか", Edition: "言語", Edit: "編集する",
		Problems: "知らせ", Behind: "うしろは、前回うまくつくれたページです。", Error: "誤り", Warning: "注意",
		Close: "閉じる", Hide: "バーを隠す", Show: "バーを出す", Lost: "プレビューにつながりません", Letters: "お便り",
		Starting: "サイトをつくっています", Missing: "ここにページはありません", Failed: "このページはつくれませんでした",
		Letter: preview.LetterWords{
			Site: "サイトへ", Issue: "号", Variant: "版", Member: "宛先", Specimen: "見本の読者", Show: "表示する",
			Inbox: "スマートフォンの受信一覧では", Whole: "全文", NoSubject: "件名がありません", NoPreheader: "プリヘッダーがないので、本文の書き出しが表示されます",
			Readers: "読者", Items: "記事", Wide: "パソコン", Phone: "スマートフォン", Dark: "スマートフォン（ダークモード）", Text: "テキスト版", Alone: "単独で開く",
			Locked: "この号は確定しています。ここに見えるとおりに送られます。", Preflight: "送信前の確認",
			None: "まだ表示できるお便りがありません", Missing: "お探しのお便りはありません",
			Personal:     "このリンクは、受け取った人だけのものです",
			PersonalText: "実際に届いたお便りでは、その人だけのページが開きます（kaiho serve が応答します）。プレビューにこのページはありません。",
		},
	}
}
