package mailer

import (
	"bytes"
	"encoding/binary"
)

// appendText writes a message as DATA wants it: a dot more before each line that
// begins with one (RFC 5321, section 4.5.2), and the terminator.
func appendText(dst, data []byte) []byte {
	atStart := true // of a line
	for rest := data; len(rest) > 0; {
		if atStart && rest[0] == '.' {
			dst = append(dst, '.')
		}
		i := bytes.Index(rest, []byte("\n."))
		if i < 0 {
			dst, atStart = append(dst, rest...), rest[len(rest)-1] == '\n'
			break
		}
		dst, rest, atStart = append(dst, rest[:i+1]...), rest[i+1:], true
	}
	if !atStart {
		dst = append(dst, '\r', '\n')
	}
	return append(dst, '.', '\r', '\n')
}

// linesEndInCRLF reports whether no CR stands without LF, nor LF without CR: what
// lies between is how one letter is made into two (SMTP smuggling).
func linesEndInCRLF(data []byte) bool {
	returns := bytes.Count(data, []byte{'\r'})
	for rest := data; ; returns-- {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return returns == 0
		}
		if i == 0 || rest[i-1] != '\r' {
			return false
		}
		rest = rest[i+1:]
	}
}

// isASCII reports whether no byte has its highest bit set. It looks at eight at once:
// a letter is tens of thousands of them.
func isASCII(s []byte) bool {
	for ; len(s) >= 8; s = s[8:] {
		if binary.NativeEndian.Uint64(s)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range s {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
