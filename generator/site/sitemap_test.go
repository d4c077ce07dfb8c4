package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSitemapIsWritten(t *testing.T) {
	got := string(encodeSitemap(Sitemap{URLs: []SitemapURL{
		{Loc: "https://example.jp/", Modified: time.Date(2026, 5, 1, 9, 0, 0, 0, tokyoTime),
			Alternates: []Alternate{{"ja", "https://example.jp/"}, {"en", "https://example.jp/en/"}}},
		{Loc: "https://example.jp/?a=1&b=2"},
	}}))
	want := `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url>
<loc>https://example.jp/</loc>
<lastmod>2026-05-01T09:00:00+09:00</lastmod>
<xhtml:link rel="alternate" hreflang="ja" href="https://example.jp/"/>
<xhtml:link rel="alternate" hreflang="en" href="https://example.jp/en/"/>
</url>
<url>
<loc>https://example.jp/?a=1&amp;b=2</loc>
</url>
</urlset>
`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSitemapIsSplitWithinTheLimits(t *testing.T) {
	long := strings.Repeat("%E3%81%82", 300)
	tests := []struct {
		name string
		urls int
		tail string
		want []int // URLs in each part
	}{
		{"no page gives one empty part", 0, "", []int{0}},
		{"as many as fit stay together", maxSitemapURLs, "", []int{maxSitemapURLs}},
		{"one more makes a second part", maxSitemapURLs + 1, "", []int{maxSitemapURLs, 1}},
		{"long addresses split earlier, by size", 40_000, long, []int{16037, 16037, 7926}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			urls := make([]SitemapURL, test.urls)
			for i := range urls {
				urls[i].Loc = fmt.Sprintf("https://example.jp/%06d/%s", i, test.tail)
			}
			var got []int
			total := 0
			for _, part := range splitSitemap(urls) {
				if len(part) > 0 && part[0].Loc != urls[total].Loc {
					t.Errorf("a part begins with %s, want %s", part[0].Loc, urls[total].Loc)
				}
				got = append(got, len(part))
				total += len(part)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestTheLengthOfASitemapIsNotUnderestimated(t *testing.T) {
	u := SitemapURL{Loc: "https://example.jp/a/", Modified: time.Date(2026, 5, 1, 9, 0, 0, 0, tokyoTime),
		Alternates: []Alternate{{"ja", "https://example.jp/a/"}, {"en", "https://example.jp/en/a/"}}}
	without := len(encodeSitemap(Sitemap{}))
	if got, least := sitemapLength(u), len(encodeSitemap(Sitemap{URLs: []SitemapURL{u}}))-without; got < least {
		t.Errorf("got %d, want at least %d", got, least)
	}
}

func TestSitemapIndexIsWritten(t *testing.T) {
	urls := []SitemapURL{{Modified: time.Date(2026, 5, 1, 9, 0, 0, 0, tokyoTime)}, {Modified: time.Date(2026, 5, 2, 9, 0, 0, 0, tokyoTime)}, {}}
	got := string(encodeSitemapIndex(SitemapIndex{Parts: []SitemapPart{
		{Loc: "https://example.jp/sitemap-1.xml", Modified: newestURL(urls)}, {Loc: "https://example.jp/sitemap-2.xml"},
	}}))
	want := `<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap>
<loc>https://example.jp/sitemap-1.xml</loc>
<lastmod>2026-05-02T09:00:00+09:00</lastmod>
</sitemap>
<sitemap>
<loc>https://example.jp/sitemap-2.xml</loc>
</sitemap>
</sitemapindex>
`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRobots(t *testing.T) {
	tests := []struct {
		name   string
		robots Robots
		want   string
	}{
		{"nothing is forbidden", Robots{Sitemap: "https://example.jp/sitemap.xml"},
			"User-agent: *\nDisallow:\n\nSitemap: https://example.jp/sitemap.xml\n"},
		{"no value makes a line of its own", Robots{Sitemap: "https://a/\nAllow: /"}, "User-agent: *\nDisallow:\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(encodeRobots(test.robots)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
