package member

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Limits of RFC 5321, section 4.5.3.1, in bytes.
const (
	maxLocalBytes   = 64
	maxAddressBytes = 254 // a path of 256 less its angle brackets
)

// Address is a mail address in its two forms.
type Address struct {
	Canonical string // to compare and to store once
	SMTP      string // to write on a letter
}

// ParseAddress reads an address as a person wrote it, spaces around it aside.
// Errors wrap ErrAddress and say what is wrong.
//
// The local part may have dots where RFC 5321 forbids them, as in
// foo..bar@docomo.ne.jp: Japanese carriers gave out such addresses until 2009, and
// they still get mail. It is ASCII, or a quoted string.
//
// In the canonical form, the domain is in lower case and in ASCII (RFC 5891). The
// local part is in lower case unless it is quoted: no provider gives two people
// addresses that differ only in case, and nothing is sent to the canonical form.
// Dots and what follows a plus sign stay, for with most providers they make another
// mailbox. The SMTP form is as written, but for a domain that has no ASCII form of
// its own.
func ParseAddress(raw string) (Address, error) {
	raw = strings.TrimFunc(raw, unicode.IsSpace)
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		return Address{}, fmt.Errorf("%w: it has no @", ErrAddress)
	}
	local, domain := raw[:at], raw[at+1:]
	quoted, err := checkLocal(local)
	if err != nil {
		return Address{}, err
	}
	ascii, err := asciiDomain(domain)
	if err != nil {
		return Address{}, err
	}
	a := Address{SMTP: local + "@" + ascii, Canonical: local + "@" + strings.ToLower(ascii)}
	if isASCII(domain) {
		a.SMTP = raw
	}
	if !quoted {
		a.Canonical = strings.ToLower(a.Canonical)
	}
	if len(a.SMTP) > maxAddressBytes || len(a.Canonical) > maxAddressBytes {
		return Address{}, fmt.Errorf("%w: it is longer than %d bytes", ErrAddress, maxAddressBytes)
	}
	return a, nil
}

// checkLocal checks the part before the @ and reports whether it is a quoted
// string (RFC 5321, section 4.1.2).
func checkLocal(local string) (quoted bool, err error) {
	switch {
	case local == "":
		return false, fmt.Errorf("%w: nothing stands before the @", ErrAddress)
	case len(local) > maxLocalBytes:
		return false, fmt.Errorf("%w: the part before the @ is longer than %d bytes", ErrAddress, maxLocalBytes)
	case len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"':
		return true, checkQuoted(local[1 : len(local)-1])
	}
	for _, r := range local {
		if !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r) && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)) {
			return false, fmt.Errorf("%w: %q may not stand before the @", ErrAddress, r)
		}
	}
	if strings.Trim(local, ".") == "" {
		return false, fmt.Errorf("%w: only dots stand before the @", ErrAddress)
	}
	return false, nil
}

func checkQuoted(inner string) error {
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' {
			i++
			if i == len(inner) {
				return fmt.Errorf(`%w: the last quote is escaped`, ErrAddress)
			}
		} else if inner[i] == '"' {
			return fmt.Errorf(`%w: a quote stands inside of quotes`, ErrAddress)
		}
		if inner[i] < ' ' || inner[i] > '~' {
			return fmt.Errorf("%w: %q may not stand before the @", ErrAddress, inner[i])
		}
	}
	return nil
}

// asciiDomain returns the domain with each label in ASCII; an ASCII domain stays as
// it is.
func asciiDomain(domain string) (string, error) {
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	ascii, err := profile.ToASCII(domain)
	if err == nil { // what stands for broken text has an ASCII form, which is none
		_, err = profile.ToASCII(ascii)
	}
	switch {
	case err != nil || !utf8.ValidString(domain) || strings.HasSuffix(domain, "."):
		return "", fmt.Errorf("%w: %q is no domain", ErrAddress, domain)
	case !strings.Contains(ascii, "."):
		return "", fmt.Errorf("%w: %q is no whole domain", ErrAddress, domain)
	case isASCII(domain):
		return domain, nil
	}
	return ascii, nil
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
