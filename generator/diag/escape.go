package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape writes out what would break "one line a problem", move the cursor of
// a terminal, or turn the text around: control characters, the line ends of
// Unicode, the controls of bidirectional text (UAX #9, 2.1 to 2.4), and bytes
// that are not UTF-8. File names and quotations of files may hold any of them.
func escape(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, isUnprintable) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !isUnprintable(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r <= 0xFF:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func isUnprintable(r rune) bool {
	return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 ||
		0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069
}
