package bounce

import (
	"bytes"
	"iter"
	"mime"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxFields     = 500
	maxFieldBytes = 8 << 10
)

// field is a header field: its name in lower case, its value unfolded.
type field struct{ name, value string }

type header []field

// get returns the first value of a field, or "".
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// all yields the values of fields of these names, in the order of the names.
func (h header) all(names ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range names {
			for _, f := range h {
				if f.name == name && !yield(f.value) {
					return
				}
			}
		}
	}
}

// cutLine returns the first line of s without its end, and the rest.
func cutLine(s []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(s, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// readHeader reads fields to the first empty line, and returns what comes after. Lines
// that are no fields are skipped.
func readHeader(s []byte) (h header, rest []byte) {
	for len(s) > 0 {
		var line []byte
		line, s = cutLine(s)
		if len(line) == 0 {
			break
		}
		line = line[:min(len(line), maxFieldBytes)]
		if line[0] == ' ' || line[0] == '\t' {
			if n := len(h) - 1; n >= 0 && len(h[n].value)+len(line) <= maxFieldBytes {
				h[n].value = strings.TrimSpace(h[n].value + " " + string(bytes.TrimSpace(line)))
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		name = bytes.TrimRight(name, " \t")
		if ok && len(name) > 0 && len(h) < maxFields && !bytes.ContainsAny(name, " \t") {
			h = append(h, field{strings.ToLower(string(name)), string(bytes.TrimSpace(value))})
		}
	}
	return h, s
}

// words decodes encoded words (RFC 2047) and bare Japanese of old programs.
func words(s string) string {
	d := mime.WordDecoder{CharsetReader: charsetReader}
	if decoded, err := d.DecodeHeader(s); err == nil && decoded != s {
		return strings.ToValidUTF8(decoded, "\ufffd")
	}
	return decodeText([]byte(s), "")
}

const (
	localForm  = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
	domainForm = `[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?`
)

// address is any that is ASCII, also one with dots where RFC 5321 has none, which
// Japanese carriers gave out; the local part may be quoted for them.
var address = regexp.MustCompile(`(?:"[^"\s<>@]{1,64}"|` + localForm + `)@` + domainForm)

// firstAddress returns the first address in s, without quotes around its local part.
// In `"Name" <address>` it is the one in angle brackets.
func firstAddress(s string) string {
	for rest := s; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			return unquote(address.FindString(s))
		}
		if at := address.FindStringIndex(after); at != nil && at[0] == 0 {
			return unquote(after[:at[1]])
		}
		rest = after
	}
}

func unquote(address string) string { return strings.ReplaceAll(address, `"`, "") }

var messageID = regexp.MustCompile(`<([!-;=?A-Z\[-~]{1,200}@[!-;=?A-Z\[-~]{1,200})>`)

// idsIn returns the message IDs in a field (RFC 5322, section 3.6.4), of which there
// is one without angle brackets from some programs.
func idsIn(value string) (ids []string) {
	for _, found := range messageID.FindAllStringSubmatch(value, maxReferences) {
		ids = append(ids, found[1])
	}
	if ids == nil && messageID.MatchString("<"+value+">") && !strings.ContainsAny(value, "<>") {
		ids = []string{value}
	}
	return ids
}

const maxDiagnosticBytes = 300

// clean makes one line of s, without control and formatting characters, and cuts it.
func clean(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	if len(s) > maxDiagnosticBytes {
		cut := maxDiagnosticBytes
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	return strings.TrimSpace(s)
}
