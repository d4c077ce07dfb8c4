// Command corpus writes a deterministic project of N pages for benchmarks:
//
//	go run .ci/bench/corpus.go -n 10000 -o DIR
//
// Pages have 3 to 6 KB of Japanese text, three of 60 tags, headings, a list, a
// table and a link to another page. The same flags give the same bytes on every
// machine.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// rng is splitmix64: the same on every Go version.
type rng uint64

func (r *rng) next(n int) int {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func (r *rng) pick(words []string) string { return words[r.next(len(words))] }

var (
	sections = strings.Fields("news interviews reports jobs")
	who      = strings.Fields("卒業生の皆さん 事務局 参加者 若手の技術者 現役の社員 支部の世話人 当時の同僚 取引先の担当者")
	what     = strings.Fields("現場の工夫 学び直し 海外拠点の立ち上げ 技術の伝承 副業の始め方 品質の話 組織づくり 後輩への助言 データの活用 安全の習慣")
	where    = strings.Fields("本社の食堂 旧工場の跡地 研究棟の講堂 駅前のホール 波止場の倉庫 支社の会議室 オンラインの会場")
	did      = strings.Fields("話し合いました 振り返りました 確かめました 紹介しました 見直しました 記録しました まとめました")
	how      = strings.Fields("丁寧な 率直な 意外な 地道な 身近な 前向きな 具体的な")
)

func (r *rng) sentence() string {
	switch r.next(4) {
	case 0:
		return r.pick(where) + "に集まり、" + r.pick(what) + "について" + r.pick(who) + "が" + r.pick(did) + "。"
	case 1:
		return r.pick(who) + "からは、" + r.pick(how) + "意見が多く寄せられました。"
	case 2:
		return "**「" + r.pick(what) + "」**という言葉が、" + r.pick(who) + "の間で何度も聞かれました。"
	}
	return "次の回では、" + r.pick(how) + r.pick(what) + "を題材に、" + r.pick(who) + "と考えます。"
}

func (r *rng) paragraph(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(r.sentence())
	}
	return b.String()
}

func slug(i int) string    { return fmt.Sprintf("p%06d", i) }
func section(i int) string { return sections[i%len(sections)] }

func page(n, i int) string {
	r := rng(i)*0xd1342543de82ef95 + 1
	jst := time.FixedZone("JST", 9*60*60)
	date := time.Date(2026, 6, 30, 18, 0, 0, 0, jst).Add(-time.Duration(i) * 47 * time.Minute)
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %sと%s（第%d号）\ndate: %s\nsummary: '%s'\ntags: [話題%d, 話題%d, 話題%d]\n---\n\n",
		r.pick(what), r.pick(where), n-i, date.Format(time.RFC3339), r.sentence(), r.next(20), 20+r.next(20), 40+r.next(20))
	b.WriteString(r.paragraph(3) + "\n\n")
	for b.Len() < 2800+r.next(2600) {
		fmt.Fprintf(&b, "## %sと%s\n\n%s\n\n", r.pick(what), r.pick(who), r.paragraph(3+r.next(3)))
		switch r.next(3) {
		case 0:
			fmt.Fprintf(&b, "- %s\n- %s\n- %s\n\n", r.sentence(), r.sentence(), r.sentence())
		case 1:
			fmt.Fprintf(&b, "| 項目 | 内容 |\n| --- | --- |\n| %s | %s |\n| %s | %s |\n\n", r.pick(what), r.pick(where), r.pick(what), r.pick(who))
		case 2:
			fmt.Fprintf(&b, "> %s\n\n", r.sentence())
		}
	}
	other := r.next(n)
	fmt.Fprintf(&b, "[関連する記事](/%s/%s/)もご覧ください。\n", section(other), slug(other))
	return b.String()
}

const config = `title: 同窓ひろば
base_url: https://alumni.example.com/
audiences: {alumni: {title: 会員}}
sections:
  news: {kind: news, title: お知らせ}
  interviews: {kind: news, title: インタビュー}
  reports: {kind: news, title: 開催報告}
  jobs: {kind: news, title: 求人}
outputs: {search: false, cards: false}
`

func main() {
	n := flag.Int("n", 1000, "number of pages")
	out := flag.String("o", "", "folder to write to")
	flag.Parse()
	if *out == "" {
		log.Fatal("corpus: -o is missing")
	}
	write := func(name, text string) {
		file := filepath.Join(*out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	write("site.yaml", config)
	for i := range *n {
		write("content/"+section(i)+"/"+slug(i)+".md", page(*n, i))
	}
}
