// Command corpus writes what the benchmarks build, the content and the static
// files of a site of N pages:
//
//	go run .ci/bench/corpus.go -n 10000 -o DIR
//
// Pages have 4 to 7 KB of Japanese text, three of 60 tags, facts under params,
// headings, lists, tables, a picture and a link to another page. The same flags
// give the same bytes on every machine. What is around it, the configuration and
// the layouts, lies in peer/.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const images = 12 // in static/

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
	sections    = strings.Fields("news interviews reports jobs")
	who         = strings.Fields("卒業生の皆さん 事務局 参加者 若手の技術者 現役の社員 支部の世話人 当時の同僚 取引先の担当者")
	what        = strings.Fields("現場の工夫 学び直し 海外拠点の立ち上げ 技術の伝承 副業の始め方 品質の話 組織づくり 後輩への助言 データの活用 安全の習慣")
	where       = strings.Fields("本社の食堂 旧工場の跡地 研究棟の講堂 駅前のホール 波止場の倉庫 支社の会議室 オンラインの会場")
	did         = strings.Fields("話し合いました 振り返りました 確かめました 紹介しました 見直しました 記録しました まとめました")
	cities      = strings.Fields("札幌市 仙台市 新潟市 横浜市 金沢市 名古屋市 京都市 神戸市 広島市 福岡市")
	people      = strings.Fields("青木明 石田恵 上原誠 江口直子 大橋浩二 加納裕美 久保修 小山智子 佐伯亮 柴田由香")
	firms       = strings.Fields("株式会社みどり精機 株式会社やまなみ電装 株式会社東雲物流 株式会社若草食品 株式会社潮見計測")
	departments = strings.Fields("経営企画部 人事部 技術本部 品質保証部 海外事業部 生産管理部 広報室 研究所")
	contracts   = strings.Fields("正社員 契約社員 業務委託 パートタイム")
	how         = strings.Fields("丁寧な 率直な 意外な 地道な 身近な 前向きな 具体的な")
)

func (r *rng) sentence() string {
	switch r.next(4) {
	case 0:
		return r.pick(where) + "に集まり、" + r.pick(what) + "について" + r.pick(who) + "が" + r.pick(did) + "。"
	case 1:
		return r.pick(who) + "からは、" + r.pick(how) + "意見が多く寄せられました。"
	case 2:
		return "「**" + r.pick(what) + "**」という言葉が、" + r.pick(who) + "の間で何度も聞かれました。"
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

// slug and section are those of the i-th page, the newest being the first. The
// sections take turns, so that the latest of each are the latest of all.
func slug(i int) string    { return fmt.Sprintf("p%06d", i) }
func section(i int) string { return sections[i%len(sections)] }

// image is the address of one of the pictures in static/.
func (r *rng) image() string { return fmt.Sprintf("/images/photo-%02d.png", r.next(images)) }

// facts are the lines under params: of each section its own.
func (r *rng) facts(i int, date time.Time) string {
	switch section(i) {
	case "interviews":
		return fmt.Sprintf("  person: %s\n  cohort: %d\n", r.pick(people), 1975+r.next(48))
	case "reports":
		return fmt.Sprintf("  venue: %s\n  location: %s\n  attendees: %d\n", r.pick(where), r.pick(cities), 12+r.next(228))
	case "jobs":
		return fmt.Sprintf("  company: %s\n  location: %s\n  employment: %s\n  deadline: %s まで\n",
			r.pick(firms), r.pick(cities), r.pick(contracts), date.AddDate(0, 1, r.next(60)).Format(time.DateOnly))
	}
	return fmt.Sprintf("  department: %s\n", r.pick(departments))
}

func (r *rng) frontMatter(n, i int) string {
	jst := time.FixedZone("JST", 9*60*60)
	date := time.Date(2026, 6, 30, 18, 0, 0, 0, jst).Add(-time.Duration(i) * 47 * time.Minute)
	title := fmt.Sprintf("%sと%s（第%d号）", r.pick(what), r.pick(where), n-i)
	summary := strings.ReplaceAll(r.sentence(), "**", "") // a summary is text, not Markdown
	return fmt.Sprintf("---\ntitle: %s\ndate: %s\nsummary: '%s'\ntags: [話題%d, 話題%d, 話題%d]\nparams:\n  image: %s\n%s---\n\n",
		title, date.Format(time.RFC3339), summary, r.next(20), 20+r.next(20), 40+r.next(20), r.image(), r.facts(i, date))
}

func page(n, i int) string {
	r := rng(i)*0xd1342543de82ef95 + 1
	var b strings.Builder
	b.WriteString(r.frontMatter(n, i))
	fmt.Fprintf(&b, "%s\n\n![%sの様子](%s)\n\n", r.paragraph(3), r.pick(where), r.image())
	for size := 3800 + r.next(2400); b.Len() < size; {
		fmt.Fprintf(&b, "## %sと%s\n\n%s\n\n", r.pick(what), r.pick(who), r.paragraph(3+r.next(3)))
		switch r.next(4) {
		case 0:
			fmt.Fprintf(&b, "- %s\n- %s\n- %s\n\n", r.sentence(), r.sentence(), r.sentence())
		case 1:
			fmt.Fprintf(&b, "| 項目 | 内容 |\n| --- | --- |\n| %s | %s |\n| %s | %s |\n\n", r.pick(what), r.pick(where), r.pick(what), r.pick(who))
		case 2:
			fmt.Fprintf(&b, "> %s\n\n", r.sentence())
		case 3:
			fmt.Fprintf(&b, "1. %s\n2. %s\n\n", r.sentence(), r.sentence())
		}
	}
	other := r.next(n)
	fmt.Fprintf(&b, "[関連する記事](/%s/%s/)もご覧ください。\n", section(other), slug(other))
	return b.String()
}

// photo is the k-th picture of static/, as PNG.
func photo(k int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 64, 40))
	for y := range 40 {
		for x := range 64 {
			m.Set(x, y, color.RGBA{uint8(20*k + x), uint8(5 * y), uint8(250 - 20*k), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		log.Fatal(err) // a buffer takes everything
	}
	return b.Bytes()
}

const style = `body { font-family: sans-serif; line-height: 1.8; margin: 0 auto; max-width: 46rem; padding: 1rem; }
nav a { margin-right: 1em; }
.meta { color: #666; font-size: .9em; }
.tags li { display: inline; margin-right: .5em; }
td, th { border: 1px solid #ccc; padding: .2em .6em; }
`

func main() {
	n := flag.Int("n", 1000, "number of pages")
	out := flag.String("o", "", "folder to write to")
	flag.Parse()
	if *out == "" {
		log.Fatal("corpus: -o is missing")
	}
	write := func(name string, data []byte) {
		file := filepath.Join(*out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
	write("static/style.css", []byte(style))
	for k := range images {
		write(fmt.Sprintf("static/images/photo-%02d.png", k), photo(k))
	}
	for i := range *n {
		write("content/"+section(i)+"/"+slug(i)+".md", []byte(page(*n, i)))
	}
}
