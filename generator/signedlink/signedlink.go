// Package signedlink makes and checks the tokens of letters and sessions: who
// may do what, until when, with nothing to look up and nothing to decrypt.
//
// # Tokens
//
// A token is a payload of 20 bytes and a signature over it, in base64url without
// padding (RFC 4648, section 5). All numbers are big-endian.
//
//	offset  bytes  field
//	     0      1  version, 1
//	     1      1  key: its use in the upper two bits (mail 0, online 1, server 2), its number below
//	     2      1  purpose
//	     3      1  flags, 0
//	     4      4  issued at, Unix seconds
//	     8      2  lifetime in quarters of an hour
//	    10      2  scope, 0
//	    12      4  member, not 0
//	    16      4  reference: issue, list or event; of a session the time of authentication
//	    20     64  of a link: Ed25519 signature (RFC 8032)
//	    20     16  of a session: HMAC-SHA256 (RFC 2104), the first 128 bits
//
// A link has 84 bytes, which are 112 characters, a session 36, which are 48. Both
// are multiples of three, so that no bits are left over and a token has one
// spelling only; every other one is refused.
//
// What is signed is "gate/v1\0" + origin + "\0" + payload, with an origin like
// https://nagi.example: a token of one site says nothing to another one, though
// they may share a key. (A plain prefix and not Ed25519ctx, because WebCrypto has
// no contexts.)
//
// # Keys
//
// A token names its key, and the key's record says the rest: algorithm, purposes
// and longest lifetime. So nobody can choose by what rules a token is checked.
// There are three uses of keys, and no record can be given more than its use has:
//
//	mail    Ed25519      what letters carry; may lie where letters are made
//	online  Ed25519      sign-in alone, for 30 minutes; lies where the gate runs
//	server  HMAC-SHA256  sessions, by a key derived from its secret (RFC 5869)
//
// A server key also seals what a link must carry that nobody else may read, such as
// the address of somebody who is not a member yet (Ring.Seal), by another key derived
// from its secret.
//
// Whoever has only the public half of a key can check links and make none.
//
// # Checking
//
// Verify goes in this order, and answers ErrInvalid at the first that is wrong:
// length, alphabet and spelling, version, flags and scope, the key is known, not
// revoked and of this length's algorithm, the purpose is one of the key's, the
// signature; then what only the signature makes worth reading: not issued more
// than 5 minutes from now, a lifetime that the key allows, a member, the purpose
// that is asked for. Only then is it told whether the time is up (ErrExpired).
//
// Whether the member still exists, and which tokens they have revoked
// (Claims.IsRevoked), is the caller's to ask.
package signedlink

import (
	"errors"
	"fmt"
	"time"
)

// Purpose is what a token is for. A token for one purpose does nothing at the
// address of another. The numbers are part of the format.
type Purpose uint8

// The purposes. 5 and 9 are not used: they had a meaning in drafts.
const (
	View              Purpose = 1 // opens the pages that its member may read
	UnsubscribeHeader Purpose = 2 // only in the List-Unsubscribe header (RFC 8058)
	Unsubscribe       Purpose = 3 // in the body of a letter: a page with a button
	Answer            Purpose = 4 // answers one event or one question
	Preferences       Purpose = 6 // one's preferences and own data
	SignIn            Purpose = 7 // in the letter that was asked for at /link
	Session           Purpose = 8 // the cookie
)

// Purposes returns all purposes, in the order of their numbers.
func Purposes() []Purpose {
	return []Purpose{View, UnsubscribeHeader, Unsubscribe, Answer, Preferences, SignIn, Session}
}

// String returns the purpose's name, which is also its name in files.
func (p Purpose) String() string {
	switch p {
	case View:
		return "view"
	case UnsubscribeHeader:
		return "unsubscribe-header"
	case Unsubscribe:
		return "unsubscribe"
	case Answer:
		return "answer"
	case Preferences:
		return "preferences"
	case SignIn:
		return "sign-in"
	case Session:
		return "session"
	}
	return fmt.Sprintf("purpose %d", uint8(p))
}

// MarshalText returns the purpose's name.
func (p Purpose) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText sets the purpose of that name; any other one is an error.
func (p *Purpose) UnmarshalText(text []byte) error {
	for _, known := range Purposes() {
		if known.String() == string(text) {
			*p = known
			return nil
		}
	}
	return fmt.Errorf("there is no purpose %q", text)
}

// Quarter is the unit of lifetimes, and the shortest one.
const Quarter = 15 * time.Minute

// Claims are what a token says.
type Claims struct {
	Purpose  Purpose
	Key      uint8         // the key that signed it, as Key.KID returns it; Sign fills it in
	Issued   time.Time     // Sign drops what is below a second
	Lifetime time.Duration // whole quarters of an hour; Sign drops what is below one
	Member   uint32        // never 0: who is not found gets no token
	Ref      uint32        // issue, list or event; of a session the time of authentication (Unix seconds)
}

// Expires returns the first moment at which the token is no longer accepted.
func (c Claims) Expires() time.Time { return c.Issued.Add(c.Lifetime) }

// IsRevoked reports whether the token was issued before validAfter, rounded up
// to the next second. A token has whole seconds: one that was issued in the same
// second, be it before or after, counts as issued before. The zero time revokes
// nothing.
func (c Claims) IsRevoked(validAfter time.Time) bool {
	return c.Issued.Before(NextSecond(validAfter))
}

// NextSecond returns t rounded up to a whole second, which is what must be kept
// of a time of revocation where only whole seconds are kept.
func NextSecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); !whole.Equal(t) {
		return whole.Add(time.Second)
	}
	return t
}

// ErrInvalid says that a token is not accepted, and never why.
var ErrInvalid = errors.New("the token is not valid")

// ErrExpired says that a token is authentic and for the purpose that was asked
// for, and that only its time is up.
var ErrExpired = errors.New("the token has expired")
