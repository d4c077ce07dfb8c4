package layout_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/site"
)

// edition is a letter of the built-in layouts.
type edition struct {
	name       string
	view       site.LetterPage
	html, text string
}

// editions returns letters of both languages, with and without what may be
// missing.
func editions(t *testing.T) []edition {
	t.Helper()
	public, plain := japaneseLetter(), englishLetter()
	public.Audience, public.Seal, public.Fact, public.Note = "", "", site.LetterSlot{}, site.LetterSlot{}
	plain.Preheader, plain.Name, plain.Body, plain.Text, plain.Lead, plain.Sections, plain.Links, plain.ReplyTo = "", "", "", "", site.LetterItem{}, nil, nil, ""
	plain.Audience = "Members"
	all := []edition{{name: "members", view: japaneseLetter()}, {name: "public", view: public}, {name: "English", view: englishLetter()}, {name: "nothing to tell", view: plain}}
	set := builtin(t)
	for i := range all {
		var err error
		if all[i].html, all[i].text, err = set.Letter(all[i].view.Lang, all[i].view); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

var (
	tag       = regexp.MustCompile(`<(/?)([a-z][a-z0-9:]*)([^>]*)>`)
	attribute = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	forOthers = regexp.MustCompile(`(?s)<!--\[if mso\]>(.*?)<!\[endif\]-->`)
	styles    = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

// element is a start tag.
type element struct {
	name       string
	attributes map[string]string
}

// elements returns all start tags, and reports tags that are not closed, or
// closed in the wrong order.
func elements(t *testing.T, html string) []element {
	t.Helper()
	var all []element
	var open []string
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		switch {
		case m[1] == "/" && (len(open) == 0 || open[len(open)-1] != m[2]):
			t.Errorf("</%s> closes %v", m[2], open)
			return all
		case m[1] == "/":
			open = open[:len(open)-1]
			continue
		case !slices.Contains([]string{"meta", "br", "img"}, m[2]) && !strings.HasSuffix(m[3], "/"):
			open = append(open, m[2])
		}
		e := element{m[2], map[string]string{}}
		for _, a := range attribute.FindAllStringSubmatch(m[3], -1) {
			e.attributes[a[1]] = a[2]
		}
		all = append(all, e)
	}
	if len(open) > 0 {
		t.Errorf("not closed: %v", open)
	}
	return all
}

// What 特定電子メール法 Art. 4 and 規則9条 ask for stands in both editions of
// every letter.
func TestLettersSayWhoSendsThemAndHowToStopThem(t *testing.T) {
	for _, e := range editions(t) {
		v := e.view
		want := []string{v.Organization.Name, v.Organization.Address, v.Organization.PostalCode, v.Organization.Contact, v.Unsubscribe, v.Preferences, v.Web, v.Home, v.Masthead, v.Site}
		switch {
		case e.name == "members":
			want = append(want, "凪の会の会員の方に", "いつでも停止できます", "配信を停止する", "転送はお控えください", "第31号", "2026年11月18日（水）")
		case e.name == "public":
			want = append(want, "「凪だより」をお申し込みくださった方に", "いつでも停止できます", "配信設定・登録内容")
		case v.Audience == "":
			want = append(want, "because you signed up for Nagi Letter", "stop it at any time", "Unsubscribe", "Preferences")
		default:
			want = append(want, "“Members” of Nagi Network", "do not forward it")
		}
		for _, text := range want {
			for kind, written := range map[string]string{"HTML": e.html, "text": e.text} {
				if !strings.Contains(written, text) {
					t.Errorf("%s: %s lacks %q", e.name, kind, text)
				}
			}
		}
	}
}

// Both editions tell every item, in the same order.
func TestLettersTellEverything(t *testing.T) {
	for _, e := range editions(t) {
		want := []string{e.view.Name, e.view.Fact.Text, e.view.Note.Text}
		items := []site.LetterItem{e.view.Lead}
		for _, s := range e.view.Sections {
			items = append(items, s.Items...)
		}
		for _, i := range items {
			want = append(want, i.Card.Title, i.Card.Summary)
			for _, voice := range i.Voices {
				want = append(want, voice.Text, voice.Who)
			}
		}
		for kind, written := range map[string]string{"HTML": e.html, "text": e.text} {
			rest := written
			for _, text := range want {
				_, after, ok := strings.Cut(rest, text)
				if !ok {
					t.Errorf("%s: %s has no %q where it belongs", e.name, kind, text)
					continue
				}
				rest = after
			}
		}
		for _, i := range items {
			if i.URL != "" && (!strings.Contains(e.html, `href="`+i.URL+`"`) || !strings.Contains(e.text, "\n"+i.URL+"\n")) {
				t.Errorf("%s: no link to %s", e.name, i.URL)
			}
		}
	}
	for _, text := range []string{"2026年12月4日（金）18:30〜20:30", "港の三号食堂（波音市）", "11月27日（金）", "延期", "受付終了", "2026年12月20日（日）〜12月21日（月）", "波音岬灯台（会場とオンライン）",
		"合同会社いけすラボ（契約社員）", "青波県波音市（一部在宅勤務）", "12月25日（金）", "完全在宅勤務"} {
		if ja := editions(t)[0]; !strings.Contains(ja.html, text) || !strings.Contains(ja.text, text) {
			t.Errorf("the Japanese letter lacks %q", text)
		}
	}
	for i, lines := range []string{"\n  日時：2026年12月4日（金）18:30〜20:30\n  場所：港の三号食堂（波音市）\n  締め切り：11月27日（金）\n", "\n  募集者：合同会社いけすラボ（契約社員）\n  勤務地：青波県波音市 波音湾\n  締め切り：11月30日（月）\n",
		"\n● 【会員】英文マニュアル改訂（三か月）［11］\n  雇用形態：業務委託\n  勤務地：完全在宅勤務\n  締め切り：12月18日（金）\n"} {
		if ja := editions(t)[0]; !strings.Contains(ja.text, lines) {
			t.Errorf("%d: the text lacks %q", i, lines)
		}
	}
}

func TestLettersAreWhatMailProgramsTake(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\{\{|ZgotmplZ|<no value>|%!|0001-01-01|position\s*:|display\s*:\s*(flex|grid|inline-flex)|float\s*:|var\(|calc\(|#000\b|#000000|#fff\b|#ffffff|<script|<svg|<form|<link|<base|srcset|javascript:`)
	for _, e := range editions(t) {
		t.Run(e.name, func(t *testing.T) {
			if found := forbidden.FindString(e.html); found != "" {
				t.Errorf("the HTML holds %q", found)
			}
			if len(e.html) > 80<<10 {
				t.Errorf("the HTML has %d bytes, and Gmail clips it at 102 KB", len(e.html))
			}
			var rules strings.Builder
			for _, m := range styles.FindAllStringSubmatch(e.html, -1) {
				rules.WriteString(m[1])
			}
			if rules.Len() > 8<<10 {
				t.Errorf("the style elements have %d bytes, want at most 8 KB", rules.Len())
			}
			outlook := ""
			for _, m := range forOthers.FindAllStringSubmatch(e.html, -1) {
				outlook += m[1]
			}
			elements(t, outlook)
			all := elements(t, forOthers.ReplaceAllString(e.html, ""))
			if strings.Contains(forOthers.ReplaceAllString(e.html, ""), "<!--") {
				t.Error("there is a comment that is not for Outlook")
			}
			for _, element := range all {
				checkElement(t, element, rules.String())
			}
			for _, class := range []string{"k-ink", "k-sub", "k-link", "k-rule", "k-panel", "k-button"} { // of the mail renderer of Markdown
				if !strings.Contains(rules.String(), "\n  ."+class+" {") || !strings.Contains(rules.String(), "] ."+class+" {") {
					t.Errorf("the class %s has no rule for dark mode", class)
				}
			}
			html := all[0].attributes
			if html["lang"] != e.view.Lang || html["dir"] != "ltr" {
				t.Errorf("got the root %v, want its language and direction", html)
			}
		})
	}
}

func checkElement(t *testing.T, e element, rules string) {
	t.Helper()
	a := e.attributes
	for class := range strings.FieldsSeq(a["class"]) {
		if !strings.Contains(rules, "."+class+" {") {
			t.Errorf("<%s>: the class %q has no rule", e.name, class)
		}
	}
	if strings.Contains(a["style"], "#") && a["class"] == "" {
		t.Errorf("<%s>: %q has a colour and no class that changes it in dark mode", e.name, a["style"])
	}
	switch e.name {
	case "img":
		for _, name := range []string{"src", "alt", "width", "height"} {
			if a[name] == "" {
				t.Errorf("a picture has no %s: %v", name, a)
			}
		}
	case "table":
		if a["role"] != "presentation" && !strings.Contains(a["class"], "k-rule") {
			t.Errorf("a table has no role: %v", a)
		}
	case "a":
		if !strings.HasPrefix(a["href"], "https://") && !strings.HasPrefix(a["href"], "mailto:") {
			t.Errorf("a link leads to %q", a["href"])
		}
	}
}

func TestLettersMarkOtherLanguages(t *testing.T) {
	for _, e := range editions(t) {
		for _, s := range e.view.Sections {
			for _, i := range s.Items {
				line := e.html[strings.LastIndex(e.html[:strings.Index(e.html, i.Card.Title+"</a>")], "<h3"):]
				got := strings.HasPrefix(line, `<h3 class="k-head" lang="`+i.Card.Lang+`"`)
				if want := i.Card.Lang != e.view.Lang; got != want {
					t.Errorf("%s: %q has a language of its own: got %v, want %v", e.name, i.Card.Title, got, want)
				}
			}
		}
	}
}

// Whatever is left out for one reader, no gap and no rest of it stays.
func TestLettersWithoutSlots(t *testing.T) {
	e := editions(t)[0]
	for _, kept := range []struct{ fact, note bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		html, text := e.html, e.text
		for slot, keep := range map[site.LetterSlot]bool{e.view.Fact: kept.fact, e.view.Note: kept.note} {
			html, text = fillSlot(t, html, slot, keep), fillSlot(t, text, slot, keep)
		}
		elements(t, forOthers.ReplaceAllString(html, ""))
		if strings.Contains(text, "\n\n\n") || strings.Contains(text, "MARKfact") || strings.Contains(html, "MARKnote") {
			t.Errorf("%v: a gap or a mark stays:\n%s", kept, text)
		}
		want := "髙梨 湊 様\n\n"
		if kept.fact {
			want += e.view.Fact.Text + "\n\n"
		}
		if kept.note {
			want += "■ 編集部からひとこと\n" + e.view.Note.Text + "\n\n"
		}
		if want += "会員の皆さま"; !strings.Contains(text, want) {
			t.Errorf("%v: got\n%s\nwant in it\n%s", kept, text, want)
		}
		if got := strings.Contains(html, "編集部からひとこと"); got != kept.note {
			t.Errorf("%v: the panel of the note is there: %v", kept, got)
		}
	}
}

// fillSlot makes one reader's copy, as far as one slot goes.
func fillSlot(t *testing.T, written string, s site.LetterSlot, keep bool) string {
	t.Helper()
	before, rest, begins := strings.Cut(written, s.Begin)
	inside, after, ends := strings.Cut(rest, s.End)
	if !begins || !ends || !strings.Contains(inside, s.Text) {
		t.Fatalf("%q does not stand between its marks", s.Text)
	}
	if !keep {
		inside = ""
	}
	return before + inside + after
}

func TestTextLettersAreMadeOfLines(t *testing.T) {
	for _, e := range editions(t) {
		if strings.Contains(e.text, "&amp;") || strings.Contains(e.text, "&#") || strings.Contains(e.text, "{{") {
			t.Errorf("%s: the text holds what is for HTML", e.name)
		}
		for line := range strings.Lines(e.text) {
			line = strings.TrimSuffix(line, "\n")
			if strings.Contains(line, "https://") && !strings.HasPrefix(line, "https://") {
				t.Errorf("%s: the address in %q could be broken", e.name, line)
			}
			if strings.TrimRight(line, " 　") != line {
				t.Errorf("%s: %q ends with space", e.name, line)
			}
		}
		if !strings.HasSuffix(e.text, "\n") {
			t.Errorf("%s: the last line has no end", e.name)
		}
	}
}

func TestJapaneseWordsOfLettersHaveJapanesePunctuation(t *testing.T) {
	b, err := os.ReadFile("../../layouts/strings.ja.json")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	found := 0
	for key, text := range table {
		if strings.HasPrefix(key, "letter.") {
			found++
			if strings.ContainsAny(text, ",.:;!?()[]\"'") {
				t.Errorf("%s: %q has half-width punctuation", key, text)
			}
		}
	}
	if found < 20 {
		t.Errorf("found %d strings of letters", found)
	}
}
