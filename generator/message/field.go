package message

import (
	"errors"
	"fmt"
	"strings"
)

// ErrField is returned for a header field that cannot be written. The error that
// wraps it names the field.
var ErrField = errors.New("no header field")

// Characters of a line, without CRLF.
const (
	wishedLine = 76  // RFC 2047, section 2, of lines with encoded words; RFC 5322 wishes 78
	hardLine   = 998 // RFC 5322, section 2.1.1
)

// written are the fields of this package, and those that name further recipients:
// a letter is for one person. Content-* are the package's too.
var written = []string{"Date", "From", "To", "Cc", "Bcc", "Reply-To", "Subject", "Message-ID", "MIME-Version"}

func checkName(name string) error {
	if name == "" || len(name) > wishedLine || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
		return fmt.Errorf("%w: %q is no name", ErrField, name)
	}
	const content = "Content-"
	taken := len(name) >= len(content) && strings.EqualFold(name[:len(content)], content)
	for _, own := range written {
		taken = taken || strings.EqualFold(name, own)
	}
	if taken {
		return fmt.Errorf("%w: %s is not for callers", ErrField, name)
	}
	return nil
}

// appendField writes a field, folded. What is unfolded again is the value, but for
// a space between <one>,<another>. A word that is too long for a line has one of
// its own.
func appendField(dst []byte, name, value string) ([]byte, error) {
	value = strings.Trim(value, " ")
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return nil, fmt.Errorf("%w: %s: %q is neither a space nor printable ASCII", ErrField, name, value[i])
		}
	}
	dst = append(append(dst, name...), ':')
	width, lead := len(name)+1, " "
	for value != "" {
		n := wordEnd(value)
		if width+len(lead)+n > wishedLine {
			dst = append(dst, "\r\n"...)
			width = 0
			if value[0] != ' ' {
				lead = " "
			}
		}
		dst = append(append(dst, lead...), value[:n]...)
		if width += len(lead) + n; width > hardLine {
			return nil, fmt.Errorf("%w: %s: a word of %d bytes fits in no line", ErrField, name, n)
		}
		value, lead = value[n:], ""
	}
	return append(dst, "\r\n"...), nil
}

// wordEnd returns where the first word of s ends, which may have spaces in front.
func wordEnd(s string) int {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	for ; i < len(s); i++ {
		if s[i] == ' ' || s[i] == '<' && i >= 2 && s[i-2:i] == ">," {
			break
		}
	}
	return i
}

// appendSubject writes the subject: ASCII as it is, if that can be folded and is not
// taken for encoded words, and all else as encoded words.
func appendSubject(dst []byte, subject string) ([]byte, error) {
	const name = "Subject"
	clean := appendClean(nil, subject)
	if !needsWords(clean) {
		return appendField(dst, name, string(clean))
	}
	dst, _ = appendWords(append(dst, name+": "...), len(name)+2, clean)
	return append(dst, "\r\n"...), nil
}

// checkMessageID checks the form x@y with dot-atoms (RFC 5322, section 3.6.4).
func checkMessageID(id string) error {
	left, right, found := strings.Cut(id, "@")
	switch {
	case !found || !isDotAtom(left) || !isDotAtom(right):
		return fmt.Errorf("%w: Message-ID: it is not of the form x@mail.example", ErrField)
	case len("Message-ID: <>")+len(id) > hardLine:
		return fmt.Errorf("%w: Message-ID: %d bytes fit in no line", ErrField, len(id))
	}
	return nil
}

// isDotAtom reports whether s is a dot-atom-text (RFC 5322, section 3.2.3).
func isDotAtom(s string) bool {
	return s != "" && s[0] != '.' && s[len(s)-1] != '.' && !strings.Contains(s, "..") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r != '.' && !isAtomText(r) })
}

// isAtomText reports whether r is atext (RFC 5322, section 3.2.3).
func isAtomText(r rune) bool {
	return isAlphanumeric(r) || r <= '~' && strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}
