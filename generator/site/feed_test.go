package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func sampleFeed() FeedPage {
	return FeedPage{
		Title: "会報 & 便り", Subtitle: "卒業生へ", Lang: "ja", Home: "https://example.jp/", Self: "https://example.jp/feed.xml",
		ID: "https://example.jp/", Author: "広報室", AuthorEmail: "alumni@example.jp",
		Icon: "https://example.jp/icon.png",
		Items: []FeedItem{
			{
				ID: "https://example.jp/news/a/", URL: "https://example.jp/news/a/", Title: "新工場 <第1期>", Summary: "来春、\n動きます。",
				Image: "https://example.jp/a.jpg", ImageType: "image/jpeg", Lang: "ja",
				Published: time.Date(2026, 5, 1, 9, 0, 0, 0, tokyoTime), Updated: time.Date(2026, 5, 2, 9, 0, 0, 0, tokyoTime),
				Authors: []string{"山田 太郎"}, Tags: []string{"工場"},
			},
			{URL: "https://example.jp/en/news/b/", Title: "New plant", Lang: "en", Image: "https://example.jp/b.jpg",
				Published: time.Date(2026, 4, 1, 9, 0, 0, 0, tokyoTime)},
		},
	}
}

func TestAtomIsWritten(t *testing.T) {
	want := `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">
<title>会報 &amp; 便り</title>
<subtitle>卒業生へ</subtitle>
<id>https://example.jp/</id>
<link rel="self" type="application/atom+xml" href="https://example.jp/feed.xml"/>
<link rel="alternate" type="text/html" hreflang="ja" href="https://example.jp/"/>
<updated>2026-05-02T09:00:00+09:00</updated>
<icon>https://example.jp/icon.png</icon>
<author>
<name>広報室</name>
<email>alumni@example.jp</email>
<uri>https://example.jp/</uri>
</author>
<entry>
<title>新工場 &lt;第1期&gt;</title>
<link rel="alternate" type="text/html" href="https://example.jp/news/a/"/>
<id>https://example.jp/news/a/</id>
<published>2026-05-01T09:00:00+09:00</published>
<updated>2026-05-02T09:00:00+09:00</updated>
<author>
<name>山田 太郎</name>
</author>
<category term="工場"/>
<summary type="text">来春、&#xA;動きます。</summary>
<link rel="enclosure" type="image/jpeg" href="https://example.jp/a.jpg"/>
</entry>
<entry xml:lang="en">
<title>New plant</title>
<link rel="alternate" type="text/html" hreflang="en" href="https://example.jp/en/news/b/"/>
<id>https://example.jp/en/news/b/</id>
<published>2026-04-01T09:00:00+09:00</published>
<updated>2026-04-01T09:00:00+09:00</updated>
<link rel="enclosure" href="https://example.jp/b.jpg"/>
</entry>
</feed>
`
	if got := string(encodeAtom(sampleFeed())); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRSSIsWritten(t *testing.T) {
	got := string(encodeRSS(sampleFeed()))
	for _, want := range []string{
		`<atom:link rel="self" type="application/rss+xml" href="https://example.jp/feed.xml"/>`,
		"<lastBuildDate>Sat, 02 May 2026 09:00:00 +0900</lastBuildDate>",
		"<managingEditor>alumni@example.jp (広報室)</managingEditor>",
		`<guid isPermaLink="true">https://example.jp/news/a/</guid>`,
		"<pubDate>Fri, 01 May 2026 09:00:00 +0900</pubDate>",
		"<dc:creator>山田 太郎</dc:creator>",
		`<media:content url="https://example.jp/a.jpg" medium="image" type="image/jpeg"/>`,
		"<dc:creator>広報室</dc:creator>\n<dc:language>en</dc:language>",
		`<media:content url="https://example.jp/b.jpg" medium="image"/>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want within it %s", got, want)
		}
	}
}

func TestJSONFeedIsWritten(t *testing.T) {
	var got struct {
		Version string
		Title   string
		Items   []map[string]any
	}
	if err := json.Unmarshal(encodeJSONFeed(sampleFeed()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != "https://jsonfeed.org/version/1.1" || got.Title != "会報 & 便り" || len(got.Items) != 2 {
		t.Fatalf("got %+v", got)
	}
	want := map[string]string{"id": "https://example.jp/en/news/b/", "content_text": "New plant", "date_modified": "2026-04-01T09:00:00+09:00"}
	for key, value := range want {
		if got.Items[1][key] != value {
			t.Errorf("%s: got %v, want %s", key, got.Items[1][key], value)
		}
	}
}

func TestDateOfAFeed(t *testing.T) {
	undated := FeedPage{Title: "a", Items: []FeedItem{{URL: "https://example.jp/a/"}}}
	tests := []struct {
		name string
		feed FeedPage
		atom string
		rss  string // empty: no date
	}{
		{"a feed has the date of its newest item", sampleFeed(), "2026-05-02T09:00:00+09:00", "Sat, 02 May 2026 09:00:00 +0900"},
		{"an empty feed has the fixed date where one is required", FeedPage{Title: "a"}, "2000-01-01T00:00:00Z", ""},
		{"a feed of undated items has it too", undated, "2000-01-01T00:00:00Z", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, want := string(encodeAtom(test.feed)), "<updated>"+test.atom+"</updated>"; !strings.Contains(got, want) {
				t.Errorf("got %s, want within it %s", got, want)
			}
			rss := string(encodeRSS(test.feed))
			if has := strings.Contains(rss, "<lastBuildDate>"+test.rss+"</lastBuildDate>"); has != (test.rss != "") {
				t.Errorf("got %s, want the date %q", rss, test.rss)
			}
			if got := string(encodeJSONFeed(test.feed)); strings.Contains(got, "0001-") || !strings.Contains(got, `"items": [`) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestTextsForXML(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"Japanese stays, its variants and wide space too", "葛\U000e0100城 \u3000𠮷", "葛\U000e0100城 \u3000𠮷"},
		{"control characters go", "a\x00\x0b\x7f\u0085b", "ab"},
		{"noncharacters go", "a\ufdd0\uffff\U0001fffeb", "ab"},
		{"what is no UTF-8 is marked", "a\xffb", "a\ufffdb"},
		{"lines become one", " a\r\n\tb ", "a b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := feedLine(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// xmlTexts returns all character data and attribute values; an error unless the
// document is well-formed.
func xmlTexts(data []byte) ([]string, error) {
	var all []string
	for decoder := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			all = append(all, string(token))
		case xml.StartElement:
			for _, attribute := range token.Attr {
				all = append(all, attribute.Value)
			}
		}
	}
}

func FuzzFeeds(f *testing.F) {
	f.Add("会報", "<b>&amp;</b>]]>", "https://example.jp/?a=1&b=\"2\"", int64(1779269400))
	f.Add("\x00\x0b\x1f\ufffe\U0001ffff", "\xff\xc0", "javascript:\r\n", int64(-1))
	f.Fuzz(func(t *testing.T, title, text, address string, seconds int64) {
		date := time.Unix(seconds%(1<<36), 0).UTC()
		p := FeedPage{Title: title, Subtitle: text, Lang: text, Home: address, Self: address, ID: text, Author: title,
			AuthorEmail: title + "@" + text, Icon: address,
			Items: []FeedItem{{}, {ID: address, URL: address, Title: title, Summary: text, Lang: title, Image: address, ImageType: text,
				Published: date, Updated: date, Authors: []string{title, text}, Tags: []string{text, ""}}}}
		for name, data := range map[string][]byte{
			"atom": encodeAtom(p), "rss": encodeRSS(p),
			"sitemap": encodeSitemap(Sitemap{URLs: []SitemapURL{{Loc: address, Modified: date, Alternates: []Alternate{{Lang: text, URL: address}}}}}),
			"index":   encodeSitemapIndex(SitemapIndex{Parts: []SitemapPart{{Loc: address, Modified: date}}}),
		} {
			all, err := xmlTexts(data)
			if err != nil {
				t.Fatalf("%s: %v in %s", name, err, data)
			}
			if want := feedLine(title); (name == "atom" || name == "rss") && want != "" && !slices.Contains(all, want) {
				t.Errorf("%s: got %q, want among them %q", name, all, want)
			}
		}
		if data := encodeJSONFeed(p); !json.Valid(data) || !utf8.Valid(data) {
			t.Errorf("not JSON: %s", data)
		}
	})
}
