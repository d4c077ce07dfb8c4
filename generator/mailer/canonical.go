package mailer

import (
	"bytes"
	"hash"
)

// The relaxed forms of RFC 6376, section 3.4: white space may change on the way
// without breaking a signature.

// cutHead returns the header of a message, with the line end of its last field, and
// what stands behind the empty line.
func cutHead(message []byte) (head, body []byte) {
	if bytes.HasPrefix(message, []byte("\r\n")) {
		return nil, message[2:]
	}
	i := bytes.Index(message, []byte("\r\n\r\n"))
	if i < 0 {
		return message, nil
	}
	return message[:i+2], message[i+4:]
}

// splitFields returns the fields of a header, each with its folded lines.
func splitFields(head []byte) [][]byte {
	fields := make([][]byte, 0, 24)
	for len(head) > 0 {
		end := 0
		for {
			i := bytes.IndexByte(head[end:], '\n')
			if i < 0 {
				end = len(head)
				break
			}
			if end += i + 1; end == len(head) || head[end] != ' ' && head[end] != '\t' {
				break
			}
		}
		fields = append(fields, head[:end])
		head = head[end:]
	}
	return fields
}

// isField reports whether a field has a name, in any case.
func isField(field []byte, name string) bool {
	i := bytes.IndexByte(field, ':')
	return i >= 0 && bytes.EqualFold(bytes.TrimRight(field[:i], " \t"), []byte(name))
}

// appendRelaxed adds a field in its relaxed form (section 3.4.2).
func appendRelaxed(dst, field []byte) []byte {
	name, value, _ := bytes.Cut(field, []byte{':'})
	dst = append(append(dst, bytes.ToLower(bytes.TrimRight(name, " \t"))...), ':')
	start, blank := len(dst), false
	for _, c := range value {
		switch c {
		case ' ', '\t', '\r', '\n':
			blank = true
		default:
			if blank && len(dst) > start {
				dst = append(dst, ' ')
			}
			dst, blank = append(dst, c), false
		}
	}
	return append(dst, '\r', '\n')
}

var crlf = []byte("\r\n")

// hashBody writes the relaxed form of a body (section 3.4.4) to h: no white space at
// the ends of lines, one blank for each run of it elsewhere, no empty lines at the
// end, and CRLF behind the last line. What has no white space to change, which is
// nearly all of a letter in base64, is hashed in one piece.
func hashBody(h hash.Hash, body []byte) {
	end := len(bytes.TrimRight(body, " \t\r\n"))
	if end == 0 {
		return
	}
	body = body[:end]
	space, tab := bytes.IndexByte(body, ' '), bytes.IndexByte(body, '\t')
	from := 0
	for space >= 0 || tab >= 0 {
		at := space
		if space < 0 || tab >= 0 && tab < space {
			at = tab
		}
		stop := at + 1
		for body[stop] == ' ' || body[stop] == '\t' { // the last byte of body is neither
			stop++
		}
		atEnd := body[stop] == '\r'
		if atEnd || stop > at+1 || body[at] == '\t' {
			h.Write(body[from:at])
			if !atEnd {
				h.Write(oneBlank)
			}
			from = stop
		}
		space, tab = nextFrom(body, space, stop, ' '), nextFrom(body, tab, stop, '\t')
	}
	h.Write(body[from:])
	h.Write(crlf)
}

var oneBlank = []byte{' '}

// nextFrom returns where c is next, from stop on, if at is before it.
func nextFrom(body []byte, at, stop int, c byte) int {
	if at < 0 || at >= stop {
		return at
	}
	i := bytes.IndexByte(body[stop:], c)
	if i < 0 {
		return -1
	}
	return stop + i
}
