package signedlink

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"
)

// MaxSealed is how many bytes Seal takes.
const MaxSealed = 1024

// Sealed values. All numbers are big-endian.
//
//	offset  bytes  field
//	     0      1  version, 1
//	     1      1  key, as in a token; a server key
//	     2     12  nonce, random
//	    14      n  AES-256-GCM (NIST SP 800-38D) of: issued at (4), length (2), data, zeros
//	  14+n     16  tag; it is over what is signed of a link, the use and the first 2 bytes, too
//
// n is a multiple of sealStep, so that the length of the data shows in steps alone,
// and the whole is a multiple of three bytes, so that base64url has one spelling.
const (
	sealHead  = 2
	sealFore  = 6 // before the data
	sealStep  = 48
	sealNonce = 12
	sealTag   = 16
	sealLeast = sealHead + sealNonce + sealStep + sealTag
	sealMost  = sealHead + sealNonce + (sealFore+MaxSealed+sealStep-1)/sealStep*sealStep + sealTag
)

// Seal returns data in a form for an address, which only this ring's server keys
// read (Open) and nobody can change: what a link must carry of somebody who is not
// stored. use is what it is for ("subscribe"); what is sealed for one use, or by the
// ring of another origin, does not open for another one. It fails without an active
// server key, and for more than MaxSealed bytes.
func (r *Ring) Seal(use string, data []byte, issued time.Time) (string, error) {
	k := r.signers[Session]
	switch {
	case k == nil || k.seal == nil:
		return "", fmt.Errorf("seal a value: there is no active %s key", Server)
	case len(data) > MaxSealed:
		return "", fmt.Errorf("seal a value: it has %d bytes, and %d may be sealed", len(data), MaxSealed)
	case issued.Unix() < 0 || issued.Unix() > math.MaxUint32:
		return "", fmt.Errorf("seal a value: the time %s does not fit into it", issued.Format(time.RFC3339))
	}
	plain := make([]byte, (sealFore+len(data)+sealStep-1)/sealStep*sealStep)
	binary.BigEndian.PutUint32(plain, uint32(issued.Unix()))
	binary.BigEndian.PutUint16(plain[4:], uint16(len(data)))
	copy(plain[sealFore:], data)
	head := []byte{version, k.KID()}
	return base64.RawURLEncoding.EncodeToString(k.seal.Seal(head, nil, plain, r.bound(use, head))), nil
}

// Open returns what was sealed for a use, and when (to the second): ErrInvalid if
// this ring's keys have not sealed it or are revoked, ErrExpired if it was sealed
// longer than lifetime before now.
func (r *Ring) Open(use, sealed string, lifetime time.Duration, now time.Time) (data []byte, issued time.Time, err error) {
	raw, ok := unspell(sealed)
	if !ok || raw[0] != version {
		return nil, time.Time{}, ErrInvalid
	}
	k := r.keys[raw[1]]
	if k == nil || k.seal == nil || k.State == Revoked || now.Unix() >= k.until {
		return nil, time.Time{}, ErrInvalid
	}
	plain, err := k.seal.Open(nil, nil, raw[sealHead:], r.bound(use, raw[:sealHead]))
	if err != nil || len(plain) < sealFore || int(binary.BigEndian.Uint16(plain[4:])) > len(plain)-sealFore {
		return nil, time.Time{}, ErrInvalid
	}
	issued = time.Unix(int64(binary.BigEndian.Uint32(plain)), 0).UTC()
	switch {
	case issued.Unix() > now.Unix()+skew:
		return nil, time.Time{}, ErrInvalid
	case !now.Before(issued.Add(lifetime)):
		return nil, issued, ErrExpired
	}
	return plain[sealFore:][:binary.BigEndian.Uint16(plain[4:])], issued, nil
}

// bound is what a sealed value is bound to, and does not carry.
func (r *Ring) bound(use string, head []byte) []byte {
	b := append([]byte(labelSeal+"\x00"), r.prefix...)
	return append(append(append(b, use...), 0), head...)
}

// unspell returns the bytes of a sealed value, if it has a length that there is and
// the one spelling.
func unspell(sealed string) ([]byte, bool) {
	if len(sealed)%4 != 0 || len(sealed) < sealLeast/3*4 || len(sealed) > sealMost/3*4 || strings.ContainsAny(sealed, "\r\n") {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	return raw, err == nil
}

// newSeal makes the cipher of a server key. Its nonces are random: of 2^32 values by
// one key, two have the same one with a probability of 2^-32 (SP 800-38D, 8.3).
func newSeal(k Key) (cipher.AEAD, error) {
	secret, err := k.derive(labelSeal)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of %s: %w", k, err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
