package bounce

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

const (
	maxParts     = 64
	maxDepth     = 8
	maxTextBytes = 64 << 10
)

// message is a message taken apart.
type message struct {
	header header
	params map[string]string // of the content type
	parts  []part            // the leaves; a message inside is a leaf
	isMbox bool              // it begins with a From line of MAILER-DAEMON
	said   string            // the words for people
	letter header            // of the returned letter
}

type part struct {
	header  header
	kind    string // media type in lower case
	charset string
	raw     []byte
}

func readMessage(raw []byte) *message {
	raw = bytes.TrimLeft(raw, "\r\n")
	m := &message{isMbox: bytes.HasPrefix(raw, []byte("From MAILER-DAEMON "))}
	var body []byte
	m.header, body = readHeader(raw)
	_, m.params = mediaType(m.header)
	m.collect(m.header, body, 0)
	m.said = m.text()
	m.letter = m.copyOf()
	return m
}

// mediaType returns the type of a part, text/plain if it has none that is one.
func mediaType(h header) (kind string, params map[string]string) {
	kind, params, err := mime.ParseMediaType(h.get("content-type"))
	if err == nil {
		return kind, params
	}
	kind, rest, _ := strings.Cut(h.get("content-type"), ";") // some write parameters in their own way
	kind = strings.ToLower(strings.TrimSpace(kind))
	if !strings.Contains(kind, "/") {
		return "text/plain", nil
	}
	params = map[string]string{}
	for item := range strings.SplitSeq(rest, ";") {
		key, value, _ := strings.Cut(item, "=")
		params[strings.ToLower(strings.TrimSpace(key))] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	return kind, params
}

// collect appends the leaves of a part.
func (m *message) collect(h header, body []byte, depth int) {
	kind, params := mediaType(h)
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" && depth < maxDepth {
		pieces := split(body, params["boundary"])
		for _, piece := range pieces {
			h, body := readHeader(piece)
			m.collect(h, body, depth+1)
		}
		if len(pieces) > 0 {
			return
		}
		kind = "text/plain" // a wrong boundary
	}
	if len(m.parts) < maxParts {
		m.parts = append(m.parts, part{h, kind, params["charset"], body})
	}
}

// split returns the parts of a multipart body (RFC 2046, section 5.1.1); the last one
// may lack its end.
func split(body []byte, boundary string) (parts [][]byte) {
	start := -1
	for at := 0; at < len(body) && len(parts) < maxParts; {
		line, rest := cutLine(body[at:])
		next := len(body) - len(rest)
		if end, ok := bytes.CutPrefix(line, []byte("--"+boundary)); ok {
			end = bytes.TrimRight(end, " \t")
			isLast := string(end) == "--"
			if isLast || len(end) == 0 {
				if start >= 0 {
					parts = append(parts, body[start:at])
				}
				start = next
				if isLast {
					return parts
				}
			}
		}
		at = next
	}
	if start >= 0 && start < len(body) && len(parts) < maxParts {
		parts = append(parts, body[start:])
	}
	return parts
}

// decoded returns at most maxTextBytes of a part, without its transfer encoding; of
// one that is damaged what comes before the damage.
func (p part) decoded() []byte {
	var r io.Reader = bytes.NewReader(p.raw)
	switch strings.ToLower(p.header.get("content-transfer-encoding")) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	data, _ := io.ReadAll(io.LimitReader(r, maxTextBytes)) // a damaged end is no reason to lose the beginning
	return data
}

var (
	htmlBreaks = regexp.MustCompile(`(?i)<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6])\b[^>]*>`)
	htmlRest   = regexp.MustCompile(`(?is)<(?:style|script)\b.*?</(?:style|script)>|<[a-z/!][^>]*>`)
)

// text returns the words of a part, lines separated by \n.
func (p part) text() string {
	s := strings.ReplaceAll(decodeText(p.decoded(), p.charset), "\r\n", "\n")
	if p.kind == "text/html" {
		s = html.UnescapeString(htmlRest.ReplaceAllString(htmlBreaks.ReplaceAllString(s, "\n"), ""))
	}
	return s
}

// text returns the words that are for people: the first text part that has any.
func (m *message) text() string {
	for _, kind := range []string{"text/plain", "text/html"} {
		for _, p := range m.parts {
			if p.kind == kind {
				if s := p.text(); strings.TrimSpace(s) != "" {
					return s
				}
			}
		}
	}
	return ""
}

// part returns the first part of one of these kinds.
func (m *message) part(kinds ...string) (part, bool) {
	for _, kind := range kinds {
		for _, p := range m.parts {
			if p.kind == kind {
				return p, true
			}
		}
	}
	return part{}, false
}

// charsets are those that mail in Japan has; others are read as Windows-1252, whose
// letters of ASCII are those that codes and addresses are made of.
func charsets(name string) encoding.Encoding {
	switch strings.ToLower(name) {
	case "iso-2022-jp", "iso-2022-jp-ms", "csiso2022jp", "cp50220", "cp50221":
		return japanese.ISO2022JP
	case "shift_jis", "shift-jis", "sjis", "x-sjis", "cp932", "windows-31j", "ms_kanji":
		return japanese.ShiftJIS
	case "euc-jp", "x-euc-jp", "eucjp":
		return japanese.EUCJP
	}
	return charmap.Windows1252
}

func charsetReader(name string, r io.Reader) (io.Reader, error) {
	return charsets(name).NewDecoder().Reader(r), nil
}

// decodeText makes UTF-8 of data. Where no charset is given, or the given one is not
// what the bytes are, it is guessed: ISO-2022-JP by its escapes, UTF-8 if it is that,
// else the Japanese one with the least that it cannot read.
func decodeText(data []byte, charset string) string {
	switch strings.ToLower(charset) {
	case "", "us-ascii", "utf-8", "utf8", "iso-8859-1":
		hasEscapes := bytes.Contains(data, []byte("\x1b$B")) || bytes.Contains(data, []byte("\x1b$@"))
		if !hasEscapes && utf8.Valid(data) {
			return string(data)
		}
		if hasEscapes {
			return decodeWith(japanese.ISO2022JP, data)
		}
		sjis, euc := decodeWith(japanese.ShiftJIS, data), decodeWith(japanese.EUCJP, data)
		if lost := "\ufffd"; strings.Count(euc, lost) < strings.Count(sjis, lost) {
			return euc
		}
		return sjis
	}
	return decodeWith(charsets(charset), data)
}

func decodeWith(e encoding.Encoding, data []byte) string {
	s, _ := e.NewDecoder().Bytes(data) // what cannot be read is U+FFFD
	return strings.ToValidUTF8(string(s), "\ufffd")
}
