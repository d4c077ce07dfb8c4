package config_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/config"
)

// told returns where problems of a file are, of what rule, and what may be meant.
func told(src string) (*config.Site, string) {
	s, problems := config.Load([]byte(src))
	problems.Sort()
	var all []string
	for _, p := range problems {
		line := fmt.Sprintf("%d:%d %s", p.Pos.Line, p.Col, p.Rule)
		if nearest := p.Arg("nearest"); nearest != "" {
			line += " → " + nearest
		}
		all = append(all, line)
	}
	return s, strings.Join(all, ", ")
}

func TestMailHasDefaults(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"nothing said", minimal, " news.nagi.example news-nagi-examp"},
		{"an office", minimal + "organization: {contact: office@nagi.example}", "office@nagi.example news.nagi.example news-nagi-examp"},
		{"an office in Japanese letters", minimal + "organization: {contact: 事務局@凪.example}", " news.nagi.example news-nagi-examp"},
		{"own values", minimal + "mail: {reply_to: a@b.example, list_id: Letter.nagi.example, feedback_id: nagi-letter}\norganization: {contact: office@nagi.example}",
			"a@b.example Letter.nagi.example nagi-letter"},
		{"a short list", minimal + "mail: {list_id: a.b}", " a.b a-b-list"},
		{"a list whose cut would end in a dot", minimal + "mail: {list_id: letter.of-nagis.example}", " letter.of-nagis.example letter-of-nagis"},
		{"marks in a list", minimal + "mail: {list_id: _.-}", " _.- -list"},
		{"a machine without a domain", "title: 会\nbase_url: http://localhost:8080/", " news.localhost news-localhost"},
		{"a machine that has a number", "title: 会\nbase_url: 'http://[::1]:8080/'", " news.localhost news-localhost"},
		{"a Japanese host", "title: 会\nbase_url: https://凪.example/", " news.localhost news-localhost"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := load(t, test.yaml).Mail
			if got := strings.Join([]string{m.ReplyTo, m.ListID, m.FeedbackID}, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSenders(t *testing.T) {
	for _, test := range []struct{ name, from, ja, en, address string }{
		{"name and address", "凪だより <letter@nagi.example>", "凪だより", "凪だより", "letter@nagi.example"},
		{"an address alone", "letter@nagi.example", "", "", "letter@nagi.example"},
		{"an address in brackets", "<letter@nagi.example>", "", "", "letter@nagi.example"},
		{"a name with marks", `'Nagi, Inc. (old) <o''hara+x@nagi.example>'`, "Nagi, Inc. (old)", "Nagi, Inc. (old)", "o'hara+x@nagi.example"},
		{"a name in quotes", `'"Nagi \"N\"" <letter@nagi.example>'`, `Nagi "N"`, `Nagi "N"`, "letter@nagi.example"},
		{"wide brackets", "凪だより＜letter@nagi.example＞", "凪だより", "凪だより", "letter@nagi.example"},
		{"a name in each language", "{ja: 凪だより <letter@nagi.example>, en: Nagi Letter <letter@nagi.example>}", "凪だより", "Nagi Letter", "letter@nagi.example"},
		{"a name in one language", "{en: Nagi Letter <letter@nagi.example>, ja: letter@nagi.example}", "Nagi Letter", "Nagi Letter", "letter@nagi.example"},
	} {
		t.Run(test.name, func(t *testing.T) {
			from := load(t, minimal+"languages: [ja, en]\nmail: {from: "+test.from+"}").Mail.From
			if from.Name.In("ja") != test.ja || from.Name.In("en") != test.en || from.Address != test.address {
				t.Errorf("got %+v, want %s, %s, %s", from, test.ja, test.en, test.address)
			}
		})
	}
}

func TestMistakesInMail(t *testing.T) {
	long := strings.Repeat("a", 65)
	for _, test := range []struct{ name, yaml, want string }{
		{"no address", "from: 凪だより", "3:14 mail-from"},
		{"no domain", "from: 凪だより <letter@nagi>", "3:14 mail-from"},
		{"a wide @", "from: 凪だより <letter＠nagi.example>", "3:14 mail-from → 凪だより <letter@nagi.example>"},
		{"dots as old mobile addresses have them", "from: foo..bar@docomo.example, reply_to: foo.@ezweb.example", "3:14 mail-from, 3:49 mail-own-address"},
		{"a quoted local part", `reply_to: '"a b"@nagi.example'`, "3:18 mail-own-address"},
		{"a local part that is too long", "owner: " + long + "@nagi.example", "3:15 mail-own-address"},
		{"Japanese in an address", "unsubscribe: 退会@nagi.example", "3:21 mail-own-address"},
		{"a name where none stands", "reply_to: 事務局 <office@nagi.example>", "3:18 mail-own-address → office@nagi.example"},
		{"mailto", "unsubscribe: 'mailto:leave@nagi.example'", "3:21 mail-own-address → leave@nagi.example"},
		{"a line break in an address", `reply_to: "a@b.example\nBcc: c@d.example"`, "3:18 mail-own-address"},
		{"a line break in a name", `from: "凪\r\nBcc: x <a@b.example>"`, "3:14 bad-escape"},
		{"another line break in a name", `from: "凪\nBcc: x <a@b.example>"`, "3:14 mail-from"},
		{"two senders", "from: 'A <a@b.example>, B <c@b.example>'", "3:14 mail-from"},
		{"an address as the name", "from: a@c.example <a@b.example>", "3:14 mail-from"},
		{"a list without a dot", "list_id: nagi", "3:17 mail-list-id"},
		{"a list in brackets", "list_id: <Letter.nagi.example>", "3:17 mail-list-id → Letter.nagi.example"},
		{"a list that ends in a dot", "list_id: nagi.example.", "3:17 mail-list-id"},
		{"a bounce that is a word", "bounce: here", "3:16 mail-bounce"},
		{"a bounce that is a web address", "bounce: 'https://nagi.example/'", "3:16 mail-bounce"},
		{"a Feedback-ID with capitals", "feedback_id: NagiLetter", "3:21 mail-feedback-id → nagiletter"},
		{"a Feedback-ID that is short", "feedback_id: nagi", "3:21 mail-feedback-id"},
		{"values that are empty", "from: '', reply_to: '', bounce: ' '", "3:14 empty-value, 3:28 empty-value, 3:40 mail-bounce"},
		{"values of other types", "from: [a@b.example], owner: {a: b}, list_id: true", "3:14 not-text, 3:36 not-text, 3:53 quote-text"},
		{"a rate without a unit", "rates: {all: '200'}", "3:21 mail-rate"},
		{"a rate of nothing, and one in words", "rates: {domain: 0/s, domains: {docomo.ne.jp: fast}}", "3:24 mail-rate, 3:53 mail-rate"},
		{"a warm-up of few", "warm_up: {from: 2026-11-18, limit: 10}", "3:43 number-range"},
		{"unknown keys", "form: a@b.example, replyto: a@b.example", "3:8 unknown-key → from, 3:27 unknown-key → reply_to"},
		{"a sender in an unknown language", "from: {fr: Nagi <a@b.example>}", "3:15 unknown-language"},
		{"senders with two addresses", "from: {ja: 凪 <a@b.example>, en: Nagi <c@b.example>}", "3:40 mail-from-differs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, got := told(minimal + "mail: {" + test.yaml + "}\nlanguages: [ja, en]")
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if m := s.Mail; m.ReplyTo+m.Unsubscribe+m.Owner+m.Bounce != "" || m.ListID != "news.nagi.example" || m.FeedbackID != "news-nagi-examp" {
				t.Errorf("got %+v, want the defaults for what is wrong", m)
			}
		})
	}
	for _, right := range []string{"bounce: bounce.nagi.example", "bounce: b@nagi.example", "unsubscribe: leave+x@nagi.example", "from: o@xn--a.example", "list_id: a_b.c"} {
		load(t, minimal+"mail: {"+right+"}")
	}
}

func TestNewsletter(t *testing.T) {
	n := load(t, minimal).Newsletter
	if got, want := fmt.Sprintln(n.Limit, n.Honorific, n.Balance, len(n.Sections)), "5 様 {33 40} 0\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	n = load(t, minimal+"languages: [ja, en]\nsections: {voices: {kind: interview, title: {ja: 声}}}\n"+
		"newsletter: {sections: {jobs: {limit: 2}, voices: {}, news: {title: {ja: 今, en: Now}}}, limit: 3, honorific: '', balance: {jobs: 0}}").Newsletter
	var got []string
	for _, s := range n.Sections {
		got = append(got, fmt.Sprint(s.Key, s.Value.Limit, s.Value.Title.In("ja")))
	}
	if got, want := fmt.Sprintln(got, n.Limit, n.Honorific, n.Balance), "[jobs2 voices3声 news3今] 3  {0 40}\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMistakesInNewsletter(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"a misspelt section", "sections: {interview: {}}", "3:25 unknown-section → interviews"},
		{"sections that are not sent", "sections: {people: {}, newsletters: {}}", "3:25 letter-section, 3:37 letter-section"},
		{"no items at all", "limit: 0, sections: {news: {limit: 0}}", "3:21 number-range, 3:49 number-range"},
		{"too much balance", "balance: {jobs: 133, company: many, news: 1}", "3:30 number-range, 3:44 not-number, 3:50 unknown-key"},
		{"a title in an unknown language", "sections: {news: {title: {fr: N}}}", "3:40 unknown-language"},
		{"line breaks", `honorific: "様\n", sections: {news: {title: {ja: "a\nb"}}, jobs: {title: "a\nb"}}`, "3:25 control-character, 3:62 control-character, 3:86 control-character"},
		{"an unknown key", "honorifics: 様", "3:14 unknown-key → honorific"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, got := told(minimal + "newsletter: {" + test.yaml + "}\nlanguages: [ja, en]")
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if n := s.Newsletter; n.Limit != 5 || n.Honorific != "様" || n.Balance != (config.Balance{Jobs: 33, Company: 40}) {
				t.Errorf("got %+v, want the defaults for what is wrong", n)
			}
		})
	}
	if _, got := told(minimal + "newsletter: false\nmail: letter@nagi.example"); got != "3:13 not-map, 4:7 not-map" {
		t.Errorf("got %s", got)
	}
}

func TestSubscribing(t *testing.T) {
	const sender = "organization: {name: 会社, address: 波音市1, contact: o@nagi.example}\nmail: {from: l@nagi.example}\n"
	s := load(t, minimal+sender+"newsletter: {subscribe: true, privacy: /about/privacy/}")
	if got, want := fmt.Sprint(s.Newsletter.Subscribe, s.Newsletter.Privacy, s.Links), "true/about/privacy/[{{site.yaml 5 40} /about/privacy/ false}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := load(t, minimal).Newsletter; n.Subscribe || n.Privacy != "" {
		t.Errorf("got %+v, want no form unless it is asked for", n)
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"nobody to write", "newsletter: {subscribe: true}", "3:25 subscribe-needs"},
		{"no contact", "organization: {name: 会社, address: 波音市1}\nmail: {from: l@nagi.example}\nnewsletter: {subscribe: true}", "5:25 subscribe-needs"},
		{"a sender that is wrong is said once", "organization: {name: 会社, address: 波音市1, contact: o@nagi.example}\nmail: {from: l}\nnewsletter: {subscribe: true}", "4:14 mail-from"},
		{"no form", "newsletter: {subscribe: false}", ""},
		{"a word for a switch", "newsletter: {subscribe: maybe}", "3:25 not-bool"},
		{"a privacy page that is no address", "newsletter: {privacy: privacy.html}", "3:23 web-address"},
		{"a privacy page elsewhere", "newsletter: {privacy: 'https://nagi.example/p'}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, got := told(minimal + test.yaml); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSegments(t *testing.T) {
	s := load(t, minimal+"segments: {veterans: joined <= 2000, locals: 'veterans && region ~ \"東京\"', all: 'true'}")
	if got := fmt.Sprint(s.Segment.Names(), s.Segment.Expression("locals")); got != `[veterans locals all]veterans && region ~ "東京"` {
		t.Errorf("got %s", got)
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"plain", "a: joind <= 1 && 会", "4:6 segment-unknown-name → joined, 4:20 segment-unknown-name"},
		{"in quotes, after an escape", `a: "region ~ \"東京\" || jo"`, "4:26 segment-unknown-name"},
		{"in single quotes", `a: 'language == ''ja'' && jo'`, "4:29 segment-unknown-name"},
		{"in a block", "a: >\n    joined <= 2000\n    && jo\n  b: |-\n    tru", "6:8 segment-unknown-name, 8:5 segment-unknown-name"},
		{"at the end", "a: 'joined <='\n  b: joined <=", "4:16 segment-operand, 5:15 segment-operand"},
		{"names of others", "alumni: 'true'\n  en: 'true'\n  public: 'true'\n  joined: 'true'", "4:3 segment-name, 5:3 segment-name, 6:3 segment-name, 7:3 segment-name"},
		{"nothing", "a:\n  b: ''\n  c: ' '", "4:3 empty-value, 5:6 empty-value, 6:6 segment-operand"},
		{"other values", "a: [x]\n  b: true\n  c: {d: e}", "4:6 not-text, 5:6 quote-text, 6:6 not-text"},
		{"a ! that YAML would drop", "a: ! known(left)", "4:6 yaml-feature"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, got := told(minimal + "segments:\n  " + test.yaml + "\naudiences: {alumni: {}}\nlanguages: [ja, en]")
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if len(s.Segment.Names()) == 0 {
				t.Error("the names are not known any more")
			}
		})
	}
	if s, _ := told("title: ["); s.Segment == nil || len(s.Segment.Names()) > 0 {
		t.Error("a file that cannot be read has no segments")
	}
}
