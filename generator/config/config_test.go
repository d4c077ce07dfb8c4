package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kaiho/generator/audience"
	"kaiho/generator/config"
	"kaiho/generator/diag"
)

// minimal is a whole configuration.
const minimal = "title: 凪の会\nbase_url: https://nagi.example\n"

func load(t *testing.T, src string) *config.Site {
	t.Helper()
	s, problems := config.Load([]byte(src))
	for _, p := range problems {
		t.Error(p.Line(diag.English))
	}
	return s
}

func TestTitleAndAddressAloneMakeASite(t *testing.T) {
	s := load(t, minimal)
	got := fmt.Sprintln(s.BaseURL, s.Base(), s.Origin(), s.Host(), s.Language, s.Languages, s.Timezone, s.Zone, s.Pagination, s.Feeds.Items,
		config.On(s.Outputs.Feeds), s.Policy.Readers(), s.Markdown.RawHTML)
	want := "https://nagi.example/ / https://nagi.example nagi.example ja [ja] Asia/Tokyo Asia/Tokyo 20 20 true [public] false\n"
	if got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestBaseURL(t *testing.T) {
	for _, test := range []struct{ name, url, base, origin, nearest string }{
		{name: "a host", url: "https://nagi.example", base: "/", origin: "https://nagi.example"},
		{name: "a port and a path", url: "http://127.0.0.1:8080/alumni", base: "/alumni/", origin: "http://127.0.0.1:8080"},
		{name: "a path of several folders", url: "https://nagi.example/a/b/", base: "/a/b/", origin: "https://nagi.example"},
		{name: "a Japanese path", url: "https://nagi.example/会/", base: "/%E4%BC%9A/", origin: "https://nagi.example"},
		{name: "no scheme", url: "nagi.example/alumni", nearest: "https://nagi.example/alumni/"},
		{name: "another scheme", url: "ftp://nagi.example/"},
		{name: "no host", url: "https:///alumni/"},
		{name: "a port alone", url: "https://:80/"},
		{name: "a query", url: "https://nagi.example/?a"},
		{name: "an empty query", url: "https://nagi.example/?"},
		{name: "a fragment", url: "https://nagi.example/#a"},
		{name: "a user", url: "https://office@nagi.example/"},
		{name: "dots", url: "https://nagi.example/a/../b/"},
		{name: "two slashes", url: "https://nagi.example/a//b/"},
		{name: "a broken escape", url: "https://nagi.example/%zz/"},
		{name: "words", url: "凪の会"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, problems := config.Load([]byte("title: 会\nbase_url: \"" + test.url + "\"\n"))
			if test.base == "" {
				if len(problems) != 1 || problems[0].Rule != diag.ConfigBaseURL || config.CheckBaseURL(test.url) == nil {
					t.Fatalf("got %v, want one problem", problems)
				}
				if remedy := problems[0].Remedy(diag.English); test.nearest != "" && !strings.Contains(remedy, `"`+test.nearest+`"`) {
					t.Errorf("got %s, want %s in it", remedy, test.nearest)
				}
				if s.BaseURL != "https://example.invalid/" {
					t.Errorf("got %s in its place", s.BaseURL)
				}
				return
			}
			if len(problems) > 0 || s.Base() != test.base || s.Origin() != test.origin {
				t.Errorf("got %s and %s, want %s and %s: %v", s.Origin(), s.Base(), test.origin, test.base, problems)
			}
		})
	}
}

func TestLanguages(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"none said", "", "ja [ja]"},
		{"the main one", "language: en", "en [en]"},
		{"the first is the main one", "languages: [en, ja]", "en [en ja]"},
		{"the main one comes first", "language: ja\nlanguages: [en, ja, en]", "ja [ja en]"},
		{"the main one need not be repeated", "language: ja\nlanguages: [en]", "ja [ja en]"},
		{"with a region", "languages: [ja, zh-Hant]", "ja [ja zh-Hant]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := load(t, minimal+test.yaml)
			if got := fmt.Sprint(s.Language, " ", s.Languages); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSections(t *testing.T) {
	s := load(t, minimal+"sections: {voices: {kind: interview, title: {ja: 声}}, news: {}, about: , people: {title: 人}}")
	var got []string
	for _, section := range s.Sections {
		got = append(got, section.Key+" "+section.Value.Kind)
	}
	if want := "voices interview, news news, about page, people person"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestASwitchIsOnUnlessItSaysFalse(t *testing.T) {
	s := load(t, minimal+"outputs: {feeds: false, calendars: true}\ncadence: {a: b}")
	if config.On(s.Outputs.Feeds) || !config.On(s.Outputs.Calendars) || !config.On(s.Outputs.StructuredData) {
		t.Errorf("got %v", s.Outputs)
	}
	if !s.Cadence.Given {
		t.Error("cadence: got false, want true")
	}
}

func TestAudiencesMayReadInACircle(t *testing.T) {
	s := load(t, minimal+"audiences: {a: {reads: [b], title: {ja: 甲}}, b: {reads: [a, b]}, c: {}}")
	for _, test := range []struct {
		reader audience.Reader
		name   string
		want   bool
	}{{"a", "b", true}, {"b", "a", true}, {"c", "a", false}, {"a", "c", false}, {audience.Public, "a", false}} {
		if got := s.Policy.MayRead(test.reader, audience.Set{test.name}); got != test.want {
			t.Errorf("%s reads %s: got %v, want %v", test.reader, test.name, got, test.want)
		}
	}
	if a, c := s.AudienceTitle("a", "ja"), s.AudienceTitle("c", "ja"); a != "甲" || c != "c" {
		t.Errorf("got the titles %s and %s, want 甲 and c", a, c)
	}
}

func TestAudiencesWithWrongNames(t *testing.T) {
	s, problems := config.Load([]byte(minimal + "audiences: {public: {}, Alumni: {}, staff: {reads: [Alumni]}}"))
	if len(problems) != 2 {
		t.Errorf("got %v, want a problem for each of two names", problems)
	}
	// No class of readers may be called public; but a page for Alumni has no
	// mistake of its own.
	if got := fmt.Sprint(s.Policy.Readers()); got != "[public Alumni staff]" {
		t.Errorf("got %s", got)
	}
}

func TestAMailAddressIsNothingMore(t *testing.T) {
	for _, address := range []string{"a@b.example?bcc=x", "a&b@b.example", "a%0d@b.example", "a@b.example/x", "a@b", "a@b..example"} {
		if _, problems := config.Load([]byte(minimal + "organization: {contact: '" + address + "'}")); len(problems) != 1 || problems[0].Rule != diag.ConfigMailAddress {
			t.Errorf("%s: got %v, want one problem", address, problems)
		}
	}
	load(t, minimal+"organization: {contact: o'hara.office+nagi_1@mail.nagi-kai.example}")
}

func TestLinksOfTheSite(t *testing.T) {
	s := load(t, minimal+"organization: {logo: static/images/logo.svg}\nmenu: [{title: 会則, url: /about/}, {title: 外, url: https://example.com/}]")
	var got []string
	for _, l := range s.Links {
		got = append(got, fmt.Sprintf("%d:%d %s %v", l.Pos.Line, l.Pos.Col, l.URL, l.Picture))
	}
	if want := "3:22 /images/logo.svg true, 4:25 /about/ false"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// FuzzLoad reads anything at all. The result is a site all the same, and the
// only reason for a nowhere address or a default is a problem.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{minimal, "", "title: [", "audiences: {public: {reads: [x]}, '': , A: }\nlanguages: ['', en]\n",
		minimal + "sections: {tags: , people: {kind: x}, '': {kind: newz}}\nmenu: [{}, {url: //}]\npagination: 0\ntimezone: ../x\n",
		"\uFEFFtitle: {ja: '', fr: a}\r\nbase_url: http://[::1]:80/%2f\r\norganization: {logo: ''}\r\nmail: [a]\r\n",
		minimal + "mail: {from: {ja: 凪 <a@b.example>, en: \"a\\nb\"}, list_id: a.b, bounce: c.example, feedback_id: ''}\nsegments:\n  a: >\n    b &&\n    !a\n  b: 'known('\n",
		minimal + "newsletter: {sections: {jobs: {title: {en: J}}, '': }, limit: 0, honorific: , balance: {jobs: x}}\nsegments: {'': '', a: joined, en: ＆}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, problems := config.Load(src)
		if m := s.Mail; m.ListID == "" || len(m.FeedbackID) < 5 || len(m.FeedbackID) > 15 || strings.ContainsAny(fmt.Sprint(m), "\r\n") {
			t.Errorf("no mail: %+v", m)
		}
		if n := s.Newsletter; n.Limit < 1 || strings.ContainsAny(n.Honorific, "\r\n") || len(s.Segment.Names()) > len(s.Segments) {
			t.Errorf("no newsletter: %+v", n)
		}
		if s.Zone == nil || len(s.Languages) == 0 || s.Languages[0] != s.Language || s.Pagination < 1 || !strings.HasSuffix(s.BaseURL, "/") {
			t.Errorf("no site: %+v", s)
		}
		if !problems.HasErrors() && (s.Title.IsZero() || config.CheckBaseURL(s.BaseURL) != nil) {
			t.Errorf("no problem with %q", src)
		}
		count := strings.Count(strings.ReplaceAll(strings.ReplaceAll(string(src), "\r\n", "\n"), "\r", "\n"), "\n") + 1
		for _, p := range problems {
			if p.Path != config.Path || p.Pos.Line < 1 || p.Pos.Line > count || p.Col < 1 {
				t.Errorf("of %d lines: %s", count, p.Line(diag.English))
			}
		}
	})
}

func ExampleLoad() {
	site, problems := config.Load([]byte("title: 凪の会\nbase_url: https://nagi.example/alumni\npaginaton: 10\n"))
	problems.Sort()
	problems.Print(os.Stdout, diag.English)
	fmt.Println(site.Base(), site.Pagination)
	// Output:
	// site.yaml:3:1: error: unknown key "paginaton". Did you mean "pagination"? [unknown-key]
	// /alumni/ 20
}

func TestGateHasUsualTimesAndLimits(t *testing.T) {
	g := load(t, minimal).Gate
	if got, want := fmt.Sprint(g.LinkTTL, g.SessionIdle, g.SessionMax), "1080h0m0s 2160h0m0s 9600h0m0s"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"own times", "gate: {link_ttl: 30d, session_idle: 14d, session_max: 60d, hosts: [www.nagi.example, 'nagi.example:8443']}", ""},
		{"links for ever", "gate: {link_ttl: 900d}", "site.yaml:3:18: duration-range"},
		{"a session longer than browsers keep it", "gate: {session_max: 500d}", "site.yaml:3:21: duration-range"},
		{"no time at all", "gate: {link_ttl: soon}", "site.yaml:3:18: bad-duration"},
		{"an address for a host", "gate: {hosts: ['https://nagi.example/']}", "site.yaml:3:16: host-name"},
		{"an unknown key", "gate: {link_tll: 3d}", "site.yaml:3:8: unknown-key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := config.Load([]byte(minimal + test.yaml + "\n"))
			var got []string
			for _, p := range problems {
				got = append(got, fmt.Sprintf("%s:%d:%d: %s", p.Path, p.Pos.Line, p.Col, p.Rule))
			}
			if strings.Join(got, "\n") != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTheme(t *testing.T) {
	s := load(t, minimal+"theme:\n  accent: \"#2f6b4f\"\n  fonts: { text: [BIZ UDPGothic, sans], headings: gothic }\n  measure: 34\n  logo: static/images/logo.svg\n")
	style := s.Theme.Style()
	got := fmt.Sprintln(style.Accent, style.Text, style.Headings, style.Measure, s.Theme.LogoPath(), len(s.Links), s.Links[0].URL, s.Links[0].Picture)
	if want := "#2f6b4f [BIZ UDPGothic sans] [sans] 34 /images/logo.svg 1 /images/logo.svg true\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, test := range []struct {
		name, yaml string
		rule       diag.Rule
		says       string
	}{
		{"a colour that is none", `accent: "#1f4e7"`, diag.ThemeColour, "site.yaml:4:11"},
		{"a colour without quotes is a comment", `accent: #1f4e79`, diag.ThemeColour, "YAML"},
		{"a colour without its sign", `accent: "1f4e79"`, diag.ThemeColour, `"#1f4e79"`},
		{"a list is no colour, and is so once", `accent: ["#1f4e79"]`, diag.NotText, "theme.accent"},
		{"a colour that cannot be read", `accent: "#e9bd72"`, diag.ThemeContrast, "4.5"},
		{"a colour that can be read on the paper alone", `accent: "#757500"`, diag.ThemeContrast, "4.1"},
		{"a font with a semicolon", `fonts: { text: "A; color: red" }`, diag.ThemeFont, "site.yaml:4:18"},
		{"a font that would close the quotes", `fonts: { text: ['A"'] }`, diag.ThemeFont, "site.yaml:4:19"},
		{"a measure out of range", `measure: 120`, diag.NumberRange, "48"},
		{"an unknown key", `acent: "#1f4e79"`, diag.UnknownKey, "accent"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := config.Load([]byte(minimal + "theme:\n  " + test.yaml + "\n"))
			if len(problems) != 1 || problems[0].Rule != test.rule {
				t.Fatalf("got %v, want one problem of the rule %s", problems, test.rule)
			}
			if got := problems[0].Line(diag.English) + " " + problems[0].Remedy(diag.English); !strings.Contains(got, test.says) {
				t.Errorf("got %s, want %s in it", got, test.says)
			}
		})
	}
}
