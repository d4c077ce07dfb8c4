package bounce

import (
	"fmt"
	"regexp"
	"strings"
)

// MinTokenBytes and MaxTokenBytes are how long a token of a return path may be. RFC
// 5321, section 4.5.3.1.1, leaves 64 bytes to the local part, and forwarders put
// theirs into it (SRS).
const (
	MinTokenBytes = 8
	MaxTokenBytes = 40
)

var (
	token = regexp.MustCompile(`^[a-z0-9]{8,40}$`)

	// forwarded is what the Sender Rewriting Scheme and BATV put around a return path:
	// SRS0=hash=time=domain=local@forwarder, SRS1=hash=forwarder==hash=time=domain=local@…,
	// prvs=tag=local@domain.
	forwarded = regexp.MustCompile(`(?i)^(?:srs0[=+-][^=]*=[^=]*=[^=]*=|srs1[=+-][^=]*=[^=]*==[^=]*=[^=]*=[^=]*=|(?:btv1=|prvs)=[^=]*=)(.+)$`)
)

// ReturnPath returns the address that a letter's bounces go to (variable envelope
// return path): b+TOKEN@DOMAIN for a domain, NAME+TOKEN@DOMAIN for an address
// NAME@DOMAIN, whose server must take what comes after the plus for the same
// mailbox. A token is of a-z and 0-9, because there are servers that turn capitals
// into small letters. The error tells a token or a base that makes no address.
func ReturnPath(base, verp string) (string, error) {
	name, domain, isAddress := strings.Cut(base, "@")
	if !isAddress {
		name, domain = "b", base
	}
	if !token.MatchString(verp) {
		return "", fmt.Errorf("return path: a token has %d to %d of a-z and 0-9", MinTokenBytes, MaxTokenBytes)
	}
	path := name + "+" + verp + "@" + domain
	if len(name)+1+len(verp) > 64 || len(path) > 254 || address.FindString(path) != path || TokenOf(path) != verp {
		return "", fmt.Errorf("return path: %q is no address or domain that a token fits into", base)
	}
	return path, nil
}

// TokenOf returns the token in an address of the form of ReturnPath, also in angle
// brackets, with capitals, or wrapped by a forwarder (SRS, BATV); "" if there is
// none. Whether the token is one of ours is the caller's to know.
func TokenOf(returnPath string) string {
	local, _, ok := strings.Cut(firstAddress(returnPath), "@")
	if !ok {
		return ""
	}
	for range 4 { // forwarders of forwarders
		inner := forwarded.FindStringSubmatch(local)
		if inner == nil {
			break
		}
		local = inner[1]
	}
	plus := strings.LastIndexByte(local, '+')
	if verp := strings.ToLower(local[plus+1:]); plus >= 0 && token.MatchString(verp) {
		return verp
	}
	return ""
}
