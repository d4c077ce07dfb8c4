package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// FeedPage is the view of a feed in all three formats. Its URLs are absolute.
type FeedPage struct {
	Title       string
	Subtitle    string
	Lang        string // BCP 47 tag
	Home        string // URL of the page that the feed belongs to
	Self        string // URL of this feed
	ID          string // permanent URI of the feed in Atom; empty: Self
	Author      string // used where an item names nobody; empty: Title
	AuthorEmail string
	Icon        string // square
	Items       []FeedItem
}

// FeedItem is a page in a feed.
type FeedItem struct {
	ID        string // permanent URL; empty: URL
	URL       string
	Title     string
	Summary   string // plain text
	Lang      string // empty: the feed's
	Image     string // absolute URL
	ImageType string // media type; may be empty
	Published time.Time
	Updated   time.Time // zero: Published
	Authors   []string
	Tags      []string
}

// feedEpoch is the date of an Atom feed in which nothing is dated: RFC 4287,
// 4.1.1 wants one, and a feed must not change with the clock.
var feedEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// encodeAtom returns the feed as application/atom+xml (RFC 4287).
func encodeAtom(p FeedPage) []byte {
	w := newXML()
	w.open("feed", "xmlns", "http://www.w3.org/2005/Atom", "xml:lang", p.Lang)
	w.element("title", feedLine(feedFirst(p.Title, p.Home)))
	w.element("subtitle", feedLine(p.Subtitle))
	w.element("id", feedFirst(p.ID, p.Self, p.Home))
	w.empty("link", "rel", "self", "type", "application/atom+xml", "href", p.Self)
	w.empty("link", "rel", "alternate", "type", "text/html", "hreflang", p.Lang, "href", p.Home)
	updated := feedUpdated(p)
	if updated.IsZero() {
		updated = feedEpoch
	}
	w.element("updated", updated.Format(time.RFC3339))
	w.element("icon", p.Icon)
	w.open("author")
	w.element("name", feedLine(feedFirst(p.Author, p.Title, p.Home)))
	w.element("email", feedEmail(p.AuthorEmail))
	w.element("uri", p.Home)
	w.close("author")
	for _, item := range p.Items {
		if item.Lang == p.Lang {
			item.Lang = "" // said already
		}
		writeAtomEntry(w, item, updated)
	}
	w.close("feed")
	return w.Bytes()
}

// writeAtomEntry writes an entry (RFC 4287, 4.1.2). What has no date at all has
// that of the feed.
func writeAtomEntry(w *xmlWriter, item FeedItem, feed time.Time) {
	w.open("entry", "xml:lang", item.Lang)
	w.element("title", feedLine(feedFirst(item.Title, item.URL)))
	w.empty("link", "rel", "alternate", "type", "text/html", "hreflang", item.Lang, "href", item.URL)
	w.element("id", feedFirst(item.ID, item.URL))
	if !item.Published.IsZero() {
		w.element("published", item.Published.Format(time.RFC3339))
	}
	updated := feedItemUpdated(item)
	if updated.IsZero() {
		updated = feed
	}
	w.element("updated", updated.Format(time.RFC3339))
	for _, author := range feedLines(item.Authors) {
		w.open("author")
		w.element("name", author)
		w.close("author")
	}
	for _, tag := range feedLines(item.Tags) {
		w.empty("category", "term", tag)
	}
	w.element("summary", strings.TrimSpace(item.Summary), "type", "text")
	if item.Image != "" {
		w.empty("link", "rel", "enclosure", "type", item.ImageType, "href", item.Image)
	}
	w.close("entry")
}

// encodeRSS returns the feed as application/rss+xml (RSS 2.0, with the self
// link and dc:creator that the RSS Advisory Board's profile recommends).
func encodeRSS(p FeedPage) []byte {
	w := newXML()
	w.open("rss", "version", "2.0", "xmlns:atom", "http://www.w3.org/2005/Atom",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/", "xmlns:media", "http://search.yahoo.com/mrss/")
	w.open("channel")
	w.element("title", feedLine(feedFirst(p.Title, p.Home)))
	w.element("link", p.Home)
	w.element("description", feedLine(feedFirst(p.Subtitle, p.Title, p.Home)))
	w.element("language", p.Lang)
	w.empty("atom:link", "rel", "self", "type", "application/rss+xml", "href", p.Self)
	if mail := feedEmail(p.AuthorEmail); mail != "" {
		w.element("managingEditor", mail+" ("+feedLine(feedFirst(p.Author, p.Title))+")")
	}
	if updated := feedUpdated(p); !updated.IsZero() {
		w.element("lastBuildDate", updated.Format(time.RFC1123Z))
	}
	for _, item := range p.Items {
		writeRSSItem(w, item, p)
	}
	w.close("channel")
	w.close("rss")
	return w.Bytes()
}

// writeRSSItem writes an item. The picture is a media:content: an enclosure
// would have to tell its size.
func writeRSSItem(w *xmlWriter, item FeedItem, p FeedPage) {
	id := feedFirst(item.ID, item.URL)
	w.open("item")
	w.element("title", feedLine(feedFirst(item.Title, item.URL)))
	w.element("link", item.URL)
	w.element("guid", id, "isPermaLink", strconv.FormatBool(strings.HasPrefix(id, "http://") || strings.HasPrefix(id, "https://")))
	if !item.Published.IsZero() {
		w.element("pubDate", item.Published.Format(time.RFC1123Z))
	}
	authors := feedLines(item.Authors)
	if len(authors) == 0 {
		authors = feedLines([]string{p.Author})
	}
	for _, author := range authors {
		w.element("dc:creator", author)
	}
	if item.Lang != p.Lang {
		w.element("dc:language", item.Lang)
	}
	for _, tag := range feedLines(item.Tags) {
		w.element("category", tag)
	}
	w.element("description", strings.TrimSpace(item.Summary))
	if item.Image != "" {
		w.empty("media:content", "url", item.Image, "medium", "image", "type", item.ImageType)
	}
	w.close("item")
}

// encodeJSONFeed returns the feed as application/feed+json (JSON Feed 1.1).
func encodeJSONFeed(p FeedPage) []byte {
	feed := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: feedLine(p.Title), Home: p.Home, Self: p.Self,
		Description: feedLine(p.Subtitle), Icon: p.Icon, Language: p.Lang, Items: []jsonFeedItem{},
	}
	if author := feedLine(feedFirst(p.Author, p.Title)); author != "" {
		feed.Authors = []jsonFeedAuthor{{Name: author, URL: p.Home}}
	}
	for _, item := range p.Items {
		out := jsonFeedItem{
			ID: feedFirst(item.ID, item.URL), URL: item.URL, Title: feedLine(item.Title),
			Text: feedFirst(feedText(item.Summary), feedLine(item.Title)), Image: item.Image,
			Published: feedStamp(item.Published), Modified: feedStamp(feedItemUpdated(item)),
			Tags: feedLines(item.Tags), Language: item.Lang,
		}
		for _, author := range feedLines(item.Authors) {
			out.Authors = append(out.Authors, jsonFeedAuthor{Name: author})
		}
		feed.Items = append(feed.Items, out)
	}
	out, err := json.MarshalIndent(feed, "", " ")
	if err != nil {
		panic(err) // impossible: only strings and slices of them
	}
	return append(out, '\n')
}

type jsonFeed struct {
	Version     string           `json:"version"`
	Title       string           `json:"title"`
	Home        string           `json:"home_page_url,omitempty"`
	Self        string           `json:"feed_url,omitempty"`
	Description string           `json:"description,omitempty"`
	Icon        string           `json:"icon,omitempty"`
	Authors     []jsonFeedAuthor `json:"authors,omitempty"`
	Language    string           `json:"language,omitempty"`
	Items       []jsonFeedItem   `json:"items"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonFeedItem struct {
	ID        string           `json:"id"`
	URL       string           `json:"url,omitempty"`
	Title     string           `json:"title,omitempty"`
	Text      string           `json:"content_text"` // one of the contents is required
	Image     string           `json:"image,omitempty"`
	Published string           `json:"date_published,omitempty"`
	Modified  string           `json:"date_modified,omitempty"`
	Authors   []jsonFeedAuthor `json:"authors,omitempty"`
	Tags      []string         `json:"tags,omitempty"`
	Language  string           `json:"language,omitempty"`
}

// feedUpdated returns the feed's date, that of its newest item; zero if nothing
// is dated.
func feedUpdated(p FeedPage) time.Time {
	var newest time.Time
	for _, item := range p.Items {
		newest = laterOf(newest, feedItemUpdated(item))
	}
	return newest
}

func feedItemUpdated(item FeedItem) time.Time {
	if item.Updated.IsZero() {
		return item.Published
	}
	return item.Updated
}

func feedStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// feedEmail returns an address that RFC 4287, 3.2.3 and RSS accept, or nothing.
func feedEmail(mail string) string {
	if calendarMailto(mail) == "" {
		return ""
	}
	return strings.TrimSpace(mail)
}

// feedFirst returns the first text that is not blank.
func feedFirst(texts ...string) string {
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

// feedText drops what XML 1.0, 2.2 forbids or discourages: control characters
// other than line break and tab, and noncharacters. Invalid UTF-8 becomes
// U+FFFD.
func feedText(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd")))
}

// feedLine is feedText on one line. The ideographic space of Japanese titles
// stays.
func feedLine(s string) string {
	return strings.Join(strings.FieldsFunc(feedText(s), func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\t'
	}), " ")
}

// feedLines is feedLine of each text, less the empty ones.
func feedLines(texts []string) []string {
	var lines []string
	for _, text := range texts {
		if line := feedLine(text); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// xmlWriter writes XML that is well-formed whatever the texts are. Names are
// constants of this package; attributes are name, value, name, value.
type xmlWriter struct {
	bytes.Buffer
}

func newXML() *xmlWriter {
	w := &xmlWriter{}
	w.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n")
	return w
}

func (w *xmlWriter) open(name string, attributes ...string) {
	w.tag(name, attributes)
	w.WriteString(">\n")
}

func (w *xmlWriter) close(name string) {
	w.WriteString("</" + name + ">\n")
}

func (w *xmlWriter) empty(name string, attributes ...string) {
	w.tag(name, attributes)
	w.WriteString("/>\n")
}

// element writes an element with a text; nothing if the text is empty.
func (w *xmlWriter) element(name, text string, attributes ...string) {
	if text = feedText(text); text == "" {
		return
	}
	w.tag(name, attributes)
	w.WriteByte('>')
	w.escape(text)
	w.WriteString("</" + name + ">\n")
}

func (w *xmlWriter) tag(name string, attributes []string) {
	w.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if value := feedText(attributes[i+1]); value != "" {
			w.WriteString(" " + attributes[i] + `="`)
			w.escape(value)
			w.WriteByte('"')
		}
	}
}

func (w *xmlWriter) escape(text string) {
	if err := xml.EscapeText(w, []byte(text)); err != nil {
		panic(err) // impossible: a buffer takes everything
	}
}
