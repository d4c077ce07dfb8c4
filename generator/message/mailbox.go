package message

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrAddress is returned for what is no mail address, and for one that cannot be
// written without SMTPUTF8 (RFC 6531). The error that wraps it names the header field
// and what is wrong; it does not hold the address.
var ErrAddress = errors.New("no mail address")

// Mailbox is whom a letter is from or for.
//
// Name is what the reader sees, "" for none. It is cleaned: control characters go,
// and so do marks that turn the direction of writing (Bidi_Control, UAX 9), with
// which a name looks like another. White space becomes one space, or one U+3000
// where there was nothing else. What is not UTF-8 becomes U+FFFD.
//
// Address is ASCII; a domain in other letters is given in its ASCII form. The part
// before the @ may be a quoted string. It may have dots where RFC 5321 forbids them,
// as in foo..bar@docomo.ne.jp, which Japanese carriers gave out until 2009: then it
// is written as a quoted string.
type Mailbox struct{ Name, Address string }

// Limits of RFC 5321, section 4.5.3.1, in bytes.
const (
	maxLocalBytes   = 64
	maxDomainBytes  = 255
	maxAddressBytes = 254
	maxLabelBytes   = 63 // RFC 1035, section 2.3.4
)

// cleanBytes is the room for a cleaned name that is not on the heap.
const cleanBytes = 1024

// appendMailbox writes the field of this name. Whether the address stands in the line
// of the name or in the next depends on the room.
func appendMailbox(dst []byte, field string, m Mailbox) ([]byte, error) {
	quote, err := checkAddress(m.Address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	dst = append(append(dst, field...), ": "...)
	var room [cleanBytes]byte
	name := appendClean(room[:0], m.Name)
	if len(name) == 0 {
		return append(appendAddress(dst, m.Address, quote), "\r\n"...), nil
	}
	dst, width := appendPhrase(dst, len(field)+2, name)
	if width+len(` <"">`)+len(m.Address) > wishedLine {
		dst = append(dst, "\r\n"...)
	}
	return append(appendAddress(append(dst, " <"...), m.Address, quote), ">\r\n"...), nil
}

// Route returns an address as a relay is told it (RFC 5321, section 4.1.2), without
// angle brackets: quoted where it must be, as the local parts of old phones. The error
// wraps ErrAddress.
func Route(address string) (string, error) {
	quote, err := checkAddress(address)
	if err != nil {
		return "", err
	}
	return string(appendAddress(nil, address, quote)), nil
}

func appendAddress(dst []byte, address string, quote bool) []byte {
	if !quote {
		return append(dst, address...)
	}
	at := strings.LastIndexByte(address, '@')
	dst = append(append(dst, '"'), address[:at]...)
	return append(append(dst, '"'), address[at:]...)
}

// checkAddress checks an address and reports whether its local part has to be quoted.
func checkAddress(address string) (quote bool, err error) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return false, fmt.Errorf("%w: it has no @", ErrAddress)
	}
	for i := range len(address) {
		if c := address[i]; c < ' ' || c > '~' {
			return false, fmt.Errorf("%w: byte %d is neither a space nor printable ASCII", ErrAddress, i+1)
		}
	}
	local, domain := address[:at], address[at+1:]
	switch {
	case local == "" || len(local) > maxLocalBytes || len(address) > maxAddressBytes:
		return false, fmt.Errorf("%w: %d bytes stand before the @, and it has %d in all", ErrAddress, len(local), len(address))
	case !isDomain(domain):
		return false, fmt.Errorf("%w: what stands behind the @ is no domain", ErrAddress)
	case isDotAtom(local):
		return false, nil
	case isQuoted(local):
		return false, nil
	case strings.ContainsFunc(local, func(r rune) bool { return r != '.' && !isAtomText(r) }):
		return false, fmt.Errorf("%w: what stands before the @ would have to be in quotes", ErrAddress)
	}
	return true, nil
}

// isQuoted reports whether s, of printable ASCII, is a quoted string (RFC 5321,
// section 4.1.2).
func isQuoted(s string) bool {
	if len(s) < 3 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	for s = s[1 : len(s)-1]; s != ""; s = s[1:] {
		if s[0] == '"' || s == `\` {
			return false
		}
		if s[0] == '\\' {
			s = s[1:]
		}
	}
	return true
}

// isDomain reports whether s is a domain of RFC 5321, section 4.1.2; one that has a
// single label is, as localhost, which letters of a trial may be for.
func isDomain(s string) bool {
	if len(s) > maxDomainBytes {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > maxLabelBytes || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !isAlphanumeric(r) }) {
			return false
		}
	}
	return true
}

// appendClean appends s as Mailbox.Name is cleaned.
func appendClean(dst []byte, s string) []byte {
	start, space := len(dst), rune(0)
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) && (space == 0 || space == r):
			space = r
		case unicode.IsSpace(r):
			space = ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
		default:
			if space == '\u3000' && len(dst) > start {
				dst = utf8.AppendRune(dst, space)
			} else if space != 0 && len(dst) > start {
				dst = append(dst, ' ')
			}
			dst, space = utf8.AppendRune(dst, r), 0
		}
	}
	return dst
}

// Phrase returns s as it stands in the value of a Field, in front of an address or an
// identifier (RFC 5322, section 3.2.5; RFC 2919): as it is, in quotes, or as encoded
// words (RFC 2047). It is cleaned as Mailbox.Name is.
func Phrase(s string) string {
	const width = 24 // so the first word fits behind most fields' names
	phrase, _ := appendPhrase(nil, width, appendClean(nil, s))
	return strings.ReplaceAll(string(phrase), "\r\n", "")
}

// maxPlainPhrase is up to how many bytes a name stands as it is or in quotes, so that
// it needs no folding.
const maxPlainPhrase = 60

// appendPhrase appends a cleaned name to a line of the width, and returns the width of
// the last line.
func appendPhrase(dst []byte, width int, name []byte) ([]byte, int) {
	escaped := bytes.Count(name, []byte(`"`)) + bytes.Count(name, []byte(`\`))
	if len(name)+escaped > maxPlainPhrase || needsWords(name) {
		return appendWords(dst, width, name)
	}
	start := len(dst)
	if !bytes.ContainsFunc(name, func(r rune) bool { return r != ' ' && !isAtomText(r) }) {
		return append(dst, name...), width + len(name)
	}
	dst = append(dst, '"')
	for _, c := range name {
		if c == '"' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	dst = append(dst, '"')
	return dst, width + len(dst) - start
}

// needsWords reports whether a cleaned text can only be written as encoded words:
// it is not ASCII, has a word that is too long for a line, or has what would be taken
// for an encoded word.
func needsWords(text []byte) bool {
	word := 0
	for _, c := range text {
		if word++; c == ' ' {
			word = 0
		}
		if c > '~' || word > maxPlainPhrase {
			return true
		}
	}
	return bytes.Contains(text, []byte("=?"))
}

// An encoded word is between these, and at most maxWord characters long (RFC 2047,
// section 2).
const (
	wordOpen  = "=?UTF-8?B?"
	wordClose = "?="
	maxWord   = 75
)

// appendWords appends a cleaned text as encoded words to a line of the width, each in
// a line of its own, and returns the width of the last line. No character is in two
// words (RFC 2047, section 5).
func appendWords(dst []byte, width int, text []byte) ([]byte, int) {
	for {
		room := (min(maxWord, wishedLine-width) - len(wordOpen+wordClose)) / 4 * 3
		n := min(len(text), room)
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		start := len(dst)
		dst = base64.StdEncoding.AppendEncode(append(dst, wordOpen...), text[:n])
		dst = append(dst, wordClose...)
		if text = text[n:]; len(text) == 0 {
			return dst, width + len(dst) - start
		}
		dst, width = append(dst, "\r\n "...), 1
	}
}
