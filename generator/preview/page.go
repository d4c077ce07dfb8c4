package preview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// answer is what a path gives, before the script is put into it.
type answer struct {
	Content
	status   int
	version  version
	styles   []string  // href of each stylesheet, as in the page
	problems []Problem // of this page alone
}

// answer opens a URL's path for a reader, and the page to show in its place if
// that fails.
func (s *Server) answer(now *shown, reader, urlPath string) answer {
	if now.number == 0 {
		return ownPage(http.StatusServiceUnavailable, s.o.Words.Starting, "")
	}
	p, below := strings.CutPrefix(urlPath, strings.TrimSuffix(now.Base, "/"))
	if !below {
		p = ""
	}
	a := answer{status: http.StatusOK}
	c, err := now.open(reader, p)
	if errors.Is(err, fs.ErrNotExist) {
		a.status = http.StatusNotFound
		c, err = now.open(reader, "/404.html")
		c.Source, c.Marks, c.Translations = "", nil, nil
		if errors.Is(err, fs.ErrNotExist) {
			return ownPage(http.StatusNotFound, s.o.Words.Missing, "")
		}
	}
	if err != nil {
		return s.failed(err)
	}
	a.Content = c
	a.version, a.styles = now.versionOf(a, reader, urlPath)
	return a
}

// failed is the page for what cannot be made.
func (s *Server) failed(err error) answer {
	a := ownPage(http.StatusInternalServerError, s.o.Words.Failed, err.Error())
	var bad *PageError
	if a.problems = []Problem{{Severity: "error", Message: err.Error()}}; errors.As(err, &bad) {
		a.problems = errorsFirst(bad.Problems)
	}
	return a
}

// ownPage is a page of the server's, where the site has none. It has no style
// of its own: it is to work below any policy.
func ownPage(status int, title, text string) answer {
	body := fmt.Sprintf("<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"+
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>%[1]s</title>\n<h1>%[1]s</h1>\n<p>%[2]s</p>\n",
		html.EscapeString(title), html.EscapeString(text))
	return answer{status: status, version: none, Content: Content{Type: "text/html; charset=utf-8", Body: []byte(body)}}
}

// version names what a browser has at a path: a digest of the page without the
// addresses of its stylesheets, a dot, a digest of the stylesheets, and
// "~404" if the page stands for one that is not there. The page carries it
// to the browser, and the browser back, so that neither a restart nor a tab
// that slept needs the server's memory.
type version string

// none is the version of the server's own pages.
const none version = "-"

const missing = "~404"

func (v version) found() bool { return v != none && !strings.HasSuffix(string(v), missing) }

// since returns the event that brings a browser from old to v; "" if it is up
// to date.
func (v version) since(old version) string {
	if v == old {
		return ""
	}
	text, _, _ := strings.Cut(string(v), ".")
	oldText, _, _ := strings.Cut(string(old), ".")
	switch {
	case !v.found() && old.found():
		return "gone"
	case v.found() && old.found() && text == oldText:
		return "css"
	}
	return "page"
}

func (now *shown) versionOf(a answer, reader, urlPath string) (version, []string) {
	if !isHTML(a.Type) {
		return none, nil
	}
	text, styles := splitStyles(a.Body)
	sheets := sha256.New()
	for _, href := range styles {
		fmt.Fprintf(sheets, "%q %q\n", href, now.digestOf(href, reader, urlPath))
	}
	v := digest(text) + "." + hex.EncodeToString(sheets.Sum(nil)[:12])
	if a.status == http.StatusNotFound {
		v += missing
	}
	return version(v), styles
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// digestOf returns a digest of a stylesheet of the site, as its address need
// not change with it; "" of others.
func (now *shown) digestOf(href, reader, urlPath string) string {
	page := url.URL{Path: urlPath}
	u, err := page.Parse(href)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	p, below := strings.CutPrefix(u.Path, strings.TrimSuffix(now.Base, "/"))
	if !below {
		return ""
	}
	key := reader + "\x00" + p
	if known, ok := now.styles.Load(key); ok {
		return known.(string)
	}
	found := ""
	if c, err := now.open(reader, p); err == nil {
		found = digest(c.Body)
	}
	now.styles.Store(key, found)
	return found
}

var (
	headEnd    = regexp.MustCompile(`(?i)</head|<body`)
	linkTag    = regexp.MustCompile(`(?i)<link\b(?:"[^"]*"|'[^']*'|[^>"'])*>`)
	stylesheet = regexp.MustCompile(`(?i)\srel\s*=\s*["']?(?:[^"'>]*\s)?stylesheet\b`)
	hrefValue  = regexp.MustCompile(`(?i)(\shref\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)`)
)

// splitStyles returns a page without the addresses of the stylesheets in its
// head, and these. It sees what our layouts write: a link tag in a comment
// costs a needless swap and no more.
func splitStyles(page []byte) (text []byte, hrefs []string) {
	end := len(page)
	if at := headEnd.FindIndex(page); at != nil {
		end = at[0]
	}
	head := linkTag.ReplaceAllFunc(page[:end], func(tag []byte) []byte {
		href := hrefValue.FindSubmatch(tag)
		if href == nil || !stylesheet.Match(tag) {
			return tag
		}
		hrefs = append(hrefs, html.UnescapeString(strings.Trim(string(href[2]), `"'`)))
		return hrefValue.ReplaceAll(tag, []byte("$1"))
	})
	return append(head, page[end:]...), hrefs
}

func isHTML(mediaType string) bool {
	t, _, _ := strings.Cut(mediaType, ";")
	return strings.EqualFold(strings.TrimSpace(t), "text/html")
}

// inject puts the preview's script before the end of the body, or at the end of
// a page whose end tags were left out. Everything else stays as it was.
func inject(page []byte, v version) []byte {
	at := bodyEnd(page)
	tag := `<script src="` + own + `preview.js" data-version="` + string(v) + `" defer></script>`
	return bytes.Join([][]byte{page[:at], []byte(tag), page[at:]}, nil)
}

func bodyEnd(page []byte) int {
	for end := len(page); ; {
		at := bytes.LastIndex(page[:end], []byte("</"))
		if at < 0 {
			return len(page)
		}
		if name := page[at+2:]; len(name) >= 4 && bytes.EqualFold(name[:4], []byte("body")) {
			return at
		}
		end = at
	}
}
