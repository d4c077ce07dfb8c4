package preview

import (
	"html"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// A letter's document is the letter as it is sent, but for four things: it is
// held to one scheme, its pictures and links lead to this preview, links that
// carry a reader's token lead to the page alone, and every link opens in a tab
// of its own, as in a mail program.

// A letter is data, whoever wrote its layout: no script, no form, nothing from
// another host. It has this server's origin, or it would get no pictures, which
// are for pages of the same origin only.
const letterSandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"

const letterPolicy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; " +
	"frame-ancestors 'self'; sandbox " + letterSandbox

// letterDocument is one of the bare documents that frames show.
func (s *Server) letterDocument(now *shown, name, scheme string, l Letters) answer {
	if name == "letter.txt" {
		return answer{status: http.StatusOK, version: none, Content: Content{Type: contentType(name), Body: []byte(l.Text)}}
	}
	doc := l.HTML
	if scheme == "light" || scheme == "dark" {
		doc = forScheme(doc, scheme)
	}
	doc = intoHead(now.site(l.Reader).localize(doc), `<base target="_blank">`)
	return answer{status: http.StatusOK, version: none, Content: Content{Type: contentType(name), Body: []byte(doc)}}
}

var (
	// Comments are skipped: Outlook's conditions are in them, and no browser reads them.
	letterPart  = regexp.MustCompile(`(?is)<!--.*?-->|<style\b(?:"[^"]*"|'[^']*'|[^>"'])*>.*?</style|<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>`)
	styleStart  = regexp.MustCompile(`(?i)^<style\b(?:"[^"]*"|'[^']*'|[^>"'])*>`)
	schemeMedia = regexp.MustCompile(`(?i)\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)`)
	attribute   = regexp.MustCompile(`([^\s<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>][^\s>]*)`)
	cssURL      = regexp.MustCompile(`(?i)(\burl\(\s*["']?)([^"')\s]+)`)
	letterHead  = regexp.MustCompile(`(?i)<head\b(?:"[^"]*"|'[^']*'|[^>"'])*>`)
)

// forScheme returns an HTML document that looks the same whatever scheme the
// browser prefers: as scheme, "light" or "dark". Frames follow the browser's,
// and no attribute of theirs changes that. So in style elements and in media
// attributes each (prefers-color-scheme: ...) becomes a condition that is
// always or never true, and color-scheme, which decides over the canvas and the
// colours that the document does not set, is held by a rule of its own. Text,
// other attributes and comments stay as they are.
func forScheme(doc, scheme string) string {
	conditions := func(text string) string {
		return schemeMedia.ReplaceAllStringFunc(text, func(condition string) string {
			if strings.EqualFold(schemeMedia.FindStringSubmatch(condition)[1], scheme) {
				return "(min-width:0)"
			}
			return "(max-width:0)"
		})
	}
	doc = letterPart.ReplaceAllStringFunc(doc, func(part string) string {
		start := styleStart.FindString(part)
		switch {
		case strings.HasPrefix(part, "<!--"):
			return part
		case start != "":
			return inMedia(start, conditions) + conditions(part[len(start):])
		}
		return inMedia(part, conditions)
	})
	return intoHead(doc, "<style>:root{color-scheme:only "+scheme+" !important}</style>")
}

func inMedia(tag string, conditions func(string) string) string {
	return eachAttribute(tag, func(name, value string) string {
		if name == "media" {
			return conditions(value)
		}
		return value
	})
}

// eachAttribute returns a tag with other values of its attributes. name is in
// lower case and value plain; what change leaves alone stays as it was written.
func eachAttribute(tag string, change func(name, value string) string) string {
	return attribute.ReplaceAllStringFunc(tag, func(written string) string {
		parts := attribute.FindStringSubmatch(written)
		value := parts[3]
		if value[0] == '"' || value[0] == '\'' {
			value = value[1 : len(value)-1]
		}
		value = html.UnescapeString(value)
		changed := change(strings.ToLower(parts[1]), value)
		if changed == value {
			return written
		}
		return parts[1] + parts[2] + `"` + html.EscapeString(changed) + `"`
	})
}

// intoHead puts an element first into a document's head, or before everything
// but the doctype if it says none.
func intoHead(doc, element string) string {
	at := 0
	if head := letterHead.FindStringIndex(doc); head != nil {
		at = head[1]
	} else if trimmed := strings.TrimLeft(doc, "\ufeff \t\r\n"); len(trimmed) > 9 && strings.EqualFold(trimmed[:9], "<!doctype") {
		at = len(doc) - len(trimmed) + strings.Index(trimmed+">", ">") + 1
	}
	at = min(at, len(doc))
	return doc[:at] + element + doc[at:]
}

// letterSite is the site as letters know it.
type letterSite struct {
	scheme, host string // of its address; "" is not known
	base         string // its path, escaped: "/" or "/alumni/"
	reader       string // whom members' pages are opened as
}

func (now *shown) site(reader string) letterSite {
	s := letterSite{base: now.Base, reader: reader}
	if u, err := url.Parse(now.Origin); err == nil {
		s.scheme, s.host = u.Scheme, u.Host
	}
	return s
}

// localize makes the addresses of the site in a letter those of the preview.
func (s letterSite) localize(doc string) string {
	if s.host == "" {
		return doc
	}
	return letterPart.ReplaceAllStringFunc(doc, func(part string) string {
		if strings.HasPrefix(part, "<!--") {
			return part
		}
		if start := styleStart.FindString(part); start != "" {
			return start + s.localizeStyle(part[len(start):])
		}
		return eachAttribute(part, func(name, value string) string {
			switch name {
			case "src", "href", "background":
				return s.local(value)
			case "style":
				return s.localizeStyle(value)
			}
			return value
		})
	})
}

func (s letterSite) localizeStyle(css string) string {
	return cssURL.ReplaceAllStringFunc(css, func(found string) string {
		parts := cssURL.FindStringSubmatch(found)
		return parts[1] + s.local(parts[2])
	})
}

// local returns where the preview has what a letter's address names; address
// itself, if that is not of the site. A link with a token, /k/TOKEN/events/, is
// that page, seen by those whom the letter is for. The other addresses of the
// gate that take a token have no page here.
func (s letterSite) local(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !strings.EqualFold(u.Scheme, s.scheme) || !strings.EqualFold(u.Host, s.host) || u.User != nil {
		return address
	}
	// One slash, as "//host" would be another host.
	p := "/" + strings.TrimLeft(u.EscapedPath(), "/\\")
	tail := query(u)
	if u.Fragment != "" {
		tail += "#" + u.EscapedFragment()
	}
	below, ok := strings.CutPrefix(p, s.base)
	first, rest, _ := strings.Cut(below, "/")
	token, landing, _ := strings.Cut(rest, "/")
	switch {
	case !ok || token == "":
		return p + tail
	case first == "k":
		to := s.base + strings.TrimLeft(landing, "/\\") + tail
		if s.reader == "" {
			return to
		}
		return own + "reader?" + url.Values{"name": {s.reader}, "to": {to}}.Encode()
	case len(first) == 1 && strings.Contains("apsu", first) && path.Ext(token) == "":
		return own + personalPath
	}
	return p + tail
}
