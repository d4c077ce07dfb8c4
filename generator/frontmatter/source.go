package frontmatter

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"kaiho/generator/diag"
)

var byteOrderMark = []byte("\uFEFF")

// readable returns src without a byte order mark and with LF line endings. It
// returns nil when src is empty or is not UTF-8.
func readable(path string, src []byte) ([]byte, diag.Problems) {
	var problems diag.Problems
	start := diag.Pos{Path: path, Line: 1, Col: 1}
	if bytes.HasPrefix(src, byteOrderMark) {
		src = src[len(byteOrderMark):]
		problems = append(problems, diag.New(start, diag.ByteOrderMark))
	}
	if !utf8.Valid(src) {
		bad := firstInvalid(src)
		return nil, append(problems, diag.New(place(path, src, bad), diag.NotUTF8, "byte", fmt.Sprintf("0x%02X", src[bad])))
	}
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, append(problems, diag.New(start, diag.EmptyFile))
	}
	if cr := bytes.IndexByte(src, '\r'); cr >= 0 {
		problems = append(problems, diag.New(place(path, src, cr), diag.LineEndings))
		src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	}
	return src, problems
}

func firstInvalid(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src) - 1
}

// place returns the place of the byte at offset in src; what comes before it
// is UTF-8. A line ends in LF, CR or CRLF.
func place(path string, src []byte, offset int) diag.Pos {
	before := src[:offset]
	line := 1 + bytes.Count(before, []byte("\n")) + bytes.Count(before, []byte("\r")) - bytes.Count(before, []byte("\r\n"))
	if n := bytes.LastIndexAny(before, "\n\r"); n >= 0 {
		before = before[n+1:]
	}
	return diag.Pos{Path: path, Line: line, Col: utf8.RuneCount(before) + 1}
}

// firstUnreadable returns the offset of the first character of text that YAML
// does not allow or takes for a line's end though no editor shows one, and the
// character; -1 when there is none.
func firstUnreadable(text []byte) (int, rune) {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' || c == 0x7F {
				return i, rune(c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r < 0xA0, r == 0x2028, r == 0x2029, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
			return i, r
		}
		i += size
	}
	return -1, 0
}
