package newsletter_test

import (
	"bytes"
	"image"
	"image/gif"
	"image/png"
	"strings"
	"testing"

	"kaiho/generator/audience"
)

func readerOf(name string) audience.Reader { return audience.Reader(name) }

// picture is a PNG of a size.
func picture(width, height int) string {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))) // a buffer takes everything
	return b.String()
}

// movable is a GIF, which may move, and so is shown as it is.
func movable(width, height int) string {
	var b bytes.Buffer
	_ = gif.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil) // a buffer takes everything
	return b.String()
}

// TestPreflight changes one thing in an issue that has no problems.
func TestPreflight(t *testing.T) {
	const id = "content/newsletters/2026-11-18.md"
	plain := "lead: interviews/lead.md"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // a part of one of the problems; "": there are none
	}{
		{"an issue as it should be", map[string]string{id: issuePage(plain)}, ""},
		{"HTML over 95 KB", map[string]string{id: strings.Replace(issuePage(plain), "いかが", strings.Repeat("長いごあいさつです。", 3200)+"いかが", 1)}, id + ":1:1: error: the letter public-ja has "},
		{"HTML over 80 KB", map[string]string{id: strings.Replace(issuePage(plain), "いかが", strings.Repeat("長いごあいさつです。", 2500)+"いかが", 1)}, id + ":1:1: warning: the letter public-ja has "},
		{"a link to what is not there yet", map[string]string{id: strings.Replace(issuePage(plain), "いかが", "[予告](/columns/later/)。いかが", 1)}, id + `:9:1: error: the link "/columns/later/" leads the readers of public-ja nowhere`},
		{"a subject of 29 full-width characters", map[string]string{id: strings.Replace(issuePage(plain), "subject: 凪だより 第31号", "subject: "+strings.Repeat("あ", 29), 1)}, id + ":5:10: warning: the subject has 29 full-width characters"},
		{"no preheader", map[string]string{id: strings.Replace(issuePage(plain), "preheader: 名札の話\n", "", 1)}, id + ":1:1: warning: the issue has no preheader."},
		{"half-width kana in the subject", map[string]string{id: strings.Replace(issuePage(plain), "subject: 凪だより", "subject: ﾅｷﾞだより①", 1)}, id + `:5:10: warning: "ﾅｷﾞ①" may reach`},
		{"a vendor's character in an item's title", map[string]string{"content/columns/open.md": column("㈱の話")}, `content/columns/open.md:2:8: warning: "㈱" may reach`},
		{"a section without items", map[string]string{id: issuePage(plain, "sections: [columns, news]"), "content/news/old.md": page("本文。", "title: 古い知らせ", "date: 2026-11-01", "digest: skip")}, id + `:8:21: warning: no letter of the issue has anything in the section "news".`},
		{"a part whose link its readers cannot follow", map[string]string{id: strings.Replace(issuePage(plain), "いかが", ":::members{audience=alumni}\n[編集の話](/columns/staff/)\n:::\nいかが", 1)}, "error:"},
		{"a picture without alternative text", map[string]string{"content/columns/open.md": column("公開の話", "cover: {src: /images/p.png}"), "static/images/p.png": picture(40, 30)}, "error:"},
		{"more jobs than a third", map[string]string{"content/jobs/a.md": job("甲"), "content/jobs/b.md": job("乙"), "content/jobs/c.md": job("丙")}, "warning: 60 % of the letter public-ja is jobs; 33 % is much."},
		{"more company news than people", map[string]string{"content/news/a.md": column("甲"), "content/news/b.md": column("乙"), "content/news/c.md": column("丙")}, "warning: 60 % of the letter public-ja is news of the company; 40 % is much."},
		{"a layout without the law's lines", map[string]string{"layouts/letter.txt": "{{.Text}}\n"}, `layouts/letter.txt:1:1: error: the letter public-ja does not say unsubscribe in its letter.txt.`},
		{"vendors' characters and emoji in the greeting", map[string]string{id: strings.Replace(issuePage(plain), "いかが", "①㈱🎂いかが", 1)}, id + `:1:1: warning: "①㈱🎂" may reach`},
		{"a huge picture that cannot be made smaller", map[string]string{"content/columns/open.md": column("公開の話", "cover: {src: /images/p.gif, alt: 絵}"), "static/images/p.gif": movable(2500, 3)}, `content/columns/open.md:5:14: warning: the picture "/images/p.gif" is 2500 pixels wide`},
		{"a huge picture that is made smaller", map[string]string{"content/columns/open.md": column("公開の話", "cover: {src: /images/p.png, alt: 絵}"), "static/images/p.png": picture(2500, 3)}, ""},
		{"links that work for a day", map[string]string{"site.yaml": conf + "gate: {link_ttl: 1d}\n"}, "site.yaml:1:1: warning: links in letters work for 24h0m0s"},
		{"no postal address", map[string]string{"site.yaml": strings.Replace(conf, "address: {ja: 青波県波音市灯台通1-2-3, en: 1-2-3 Todai-dori}, ", "", 1)}, `site.yaml:1:1: error: letters must say "organization.address"`},
		{"no name", map[string]string{"site.yaml": strings.Replace(conf, "name: {ja: 株式会社あさなぎ光機, en: Asanagi Optics}, ", "", 1)}, `letters must say "organization.name"`},
		{"no contact", map[string]string{"site.yaml": strings.Replace(conf, ", contact: office@nagi.example", "", 1)}, `letters must say "organization.contact"`},
		{"no sender", map[string]string{"site.yaml": strings.Replace(conf, "from: 凪だより <letter@nagi.example>, ", "", 1)}, `letters must say "mail.from"`},
		{"an address without https", map[string]string{"site.yaml": strings.Replace(conf, "https://nagi.example/", "http://nagi.example/", 1)}, "site.yaml:1:1: error: one click cannot unsubscribe from letters of http://nagi.example/."},
		{"nothing to answer", map[string]string{"site.yaml": strings.NewReplacer("reply_to: office@nagi.example, ", "", ", contact: office@nagi.example", "").Replace(conf), id: strings.Replace(issuePage(plain), "？", "。", 1)}, "warning: nothing in the issue invites an answer."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, small(c.files), noon)
			if p.Problems.HasErrors() {
				if got := lines(p.Problems); c.want != "error:" {
					t.Errorf("got %s", got)
				}
				return
			}
			i, letters := issue(t, p, "2026-11-18")
			got := lines(i.Preflight(letters, nil))
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func job(title string) string {
	return page("", "title: "+title, "posted: 2026-11-01", "employment_type: 正社員", "summary: 仕事です。")
}

// TestNobodyGetsIt names the variants without readers in one warning.
func TestNobodyGetsIt(t *testing.T) {
	i, letters := issue(t, good(t, small(nil), noon), "2026-11-18")
	got := lines(i.Preflight(letters, map[string]int{"alumni-ja": 3}))
	if want := "warning: nobody gets public-ja, staff-ja."; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
