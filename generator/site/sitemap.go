package site

import "time"

// Sitemap is the view of sitemap.xml (sitemaps.org, 0.9).
type Sitemap struct {
	URLs []SitemapURL
}

// SitemapURL is a page that search engines shall know.
type SitemapURL struct {
	Loc        string      // absolute, equal to the page's canonical URL
	Modified   time.Time   // zero: not said
	Alternates []Alternate // the page's translations, itself among them; empty without any
}

// Alternate is a translation of a page.
type Alternate struct {
	Lang string // BCP 47 tag, or x-default
	URL  string // absolute
}

// SitemapIndex is the view of sitemap.xml on a site that is too large for one
// file.
type SitemapIndex struct {
	Parts []SitemapPart
}

// SitemapPart is one of the files.
type SitemapPart struct {
	Loc      string    // absolute
	Modified time.Time // of its newest page; zero: not said
}

// Robots is the view of robots.txt (RFC 9309).
type Robots struct {
	Sitemap string // absolute URL; empty: none
}

const (
	sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
	maxSitemapURLs   = 45_000     // the protocol's limit is 50,000
	maxSitemapBytes  = 45_000_000 // and 50 MB
)

// encodeSitemap returns the sitemap with its translations as xhtml:link, the
// form that Google documents.
func encodeSitemap(s Sitemap) []byte {
	w := newXML()
	w.open("urlset", "xmlns", sitemapNamespace, "xmlns:xhtml", "http://www.w3.org/1999/xhtml")
	for _, u := range s.URLs {
		w.open("url")
		w.element("loc", u.Loc)
		w.element("lastmod", feedStamp(u.Modified))
		for _, alternate := range u.Alternates {
			w.empty("xhtml:link", "rel", "alternate", "hreflang", alternate.Lang, "href", alternate.URL)
		}
		w.close("url")
	}
	w.close("urlset")
	return w.Bytes()
}

// encodeSitemapIndex returns the list of the parts.
func encodeSitemapIndex(s SitemapIndex) []byte {
	w := newXML()
	w.open("sitemapindex", "xmlns", sitemapNamespace)
	for _, part := range s.Parts {
		w.open("sitemap")
		w.element("loc", part.Loc)
		w.element("lastmod", feedStamp(part.Modified))
		w.close("sitemap")
	}
	w.close("sitemapindex")
	return w.Bytes()
}

// splitSitemap returns the URLs in parts that one file each may hold: at most
// 45,000, and about 45 MB. One part, the common case, needs no index; there is
// always one.
func splitSitemap(urls []SitemapURL) [][]SitemapURL {
	var parts [][]SitemapURL
	start, size := 0, 0
	for i, u := range urls {
		length := sitemapLength(u)
		if i > start && (i-start == maxSitemapURLs || size+length > maxSitemapBytes) {
			parts = append(parts, urls[start:i:i])
			start, size = i, 0
		}
		size += length
	}
	return append(parts, urls[start:])
}

// sitemapLength is at least the length of a URL's element, but for texts with
// many characters that XML escapes, for which the limit has room.
func sitemapLength(u SitemapURL) int {
	const element, link = 80, 60 // octets of markup
	length := element + len(u.Loc)
	for _, alternate := range u.Alternates {
		length += link + len(alternate.Lang) + len(alternate.URL)
	}
	return length
}

// newestURL returns when the newest of pages was changed.
func newestURL(urls []SitemapURL) time.Time {
	var newest time.Time
	for _, u := range urls {
		newest = laterOf(newest, u.Modified)
	}
	return newest
}

// encodeRobots returns robots.txt. It forbids nothing, and keeps nothing
// secret: what is not public is not there.
func encodeRobots(r Robots) []byte {
	text := "User-agent: *\nDisallow:\n"
	if sitemap := webURI(r.Sitemap); sitemap != "" {
		text += "\nSitemap: " + sitemap + "\n"
	}
	return []byte(text)
}
