package signedlink

import (
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Lengths of tokens and their parts.
const (
	payloadBytes = 20
	macBytes     = 16
	linkBytes    = payloadBytes + ed25519.SignatureSize
	sessionBytes = payloadBytes + macBytes
	linkChars    = linkBytes / 3 * 4
	sessionChars = sessionBytes / 3 * 4
)

const (
	version   = 1
	skew      = 5 * 60 // seconds that the clock of whoever signs may be ahead
	lastIndex = int(Session)
)

// Ring is the keys of one origin. It does not change, and may be used by any
// number of goroutines.
type Ring struct {
	prefix  []byte                  // of what is signed
	keys    [256]*ringKey           // by Key.KID
	signers [lastIndex + 1]*ringKey // by purpose
}

// ringKey is a key made ready.
type ringKey struct {
	Key
	allowed [lastIndex + 1]bool // by purpose
	until   int64               // Unix seconds; of an active key the last there are
	private ed25519.PrivateKey  // nil: it cannot sign links
	macs    sync.Pool           // of *mac; New is nil for Ed25519
	seal    cipher.AEAD         // of a server key; see Seal
}

// mac is an HMAC in the making, with room for what goes in and what comes out:
// buffers on the stack would move to the heap, for a hash is an interface.
type mac struct {
	hash    hash.Hash
	payload [payloadBytes]byte
	sum     [sha256.Size]byte
}

// NewRing returns the ring of an origin, which is spelled as Origin returns it.
// It fails if a key's record is damaged or allows more than its use does, and if
// two keys have one number.
func NewRing(origin string, keys []Key) (*Ring, error) {
	if spelled, err := Origin(origin); err != nil {
		return nil, err
	} else if spelled != origin {
		return nil, fmt.Errorf("the origin %q must be written %q", origin, spelled)
	}
	r := &Ring{prefix: []byte("gate/v1\x00" + origin + "\x00")}
	for _, k := range keys {
		ready, err := newRingKey(k)
		if err != nil {
			return nil, err
		}
		if r.keys[k.KID()] != nil {
			return nil, fmt.Errorf("there are two keys %s", k)
		}
		r.keys[k.KID()] = ready
		for _, p := range k.Purposes {
			if k.State == Active && k.secret != nil && (r.signers[p] == nil || newer(k, r.signers[p].Key)) {
				r.signers[p] = ready
			}
		}
	}
	return r, nil
}

func newRingKey(k Key) (*ringKey, error) {
	if err := k.check(); err != nil {
		return nil, fmt.Errorf("key %s: %w", k, err)
	}
	ready := &ringKey{Key: k, until: math.MaxInt64}
	for _, p := range k.Purposes {
		ready.allowed[p] = true
	}
	if k.State == VerifyOnly {
		ready.until = k.Until.Unix()
	}
	switch {
	case k.Algorithm == HMACSHA256:
		secret, err := k.derive(labelSession)
		if err != nil {
			return nil, err
		}
		ready.macs.New = func() any { return &mac{hash: hmac.New(sha256.New, secret)} }
		if ready.seal, err = newSeal(k); err != nil {
			return nil, err
		}
	case k.secret != nil:
		ready.private = ed25519.NewKeyFromSeed(k.secret[:])
	}
	return ready, nil
}

// Origin returns the origin of an address: scheme, host and, if it is not the
// scheme's own, port; in lower case. The path does not matter. It fails for what
// has no http or https origin.
func Origin(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", fmt.Errorf("%q has no origin like https://alumni.example", address)
	}
	host := strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; u.Port() == "" || ":"+u.Port() == port {
		host = strings.TrimSuffix(strings.TrimSuffix(host, port), ":")
	}
	return u.Scheme + "://" + host, nil
}

// Sign returns a token that says c, signed with the newest active key that may.
// It fails if there is none, if c says what no token can, or more than the key
// may sign.
func (r *Ring) Sign(c Claims) (string, error) {
	k, err := r.signer(c)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	var raw [linkBytes]byte
	payload := raw[:payloadBytes]
	payload[0], payload[1], payload[2] = version, k.KID(), byte(c.Purpose)
	binary.BigEndian.PutUint32(payload[4:], uint32(c.Issued.Unix()))
	binary.BigEndian.PutUint16(payload[8:], uint16(c.Lifetime/Quarter))
	binary.BigEndian.PutUint32(payload[12:], c.Member)
	binary.BigEndian.PutUint32(payload[16:], c.Ref)
	if k.Algorithm == HMACSHA256 {
		r.mac(k, payload, raw[payloadBytes:sessionBytes])
		return base64.RawURLEncoding.EncodeToString(raw[:sessionBytes]), nil
	}
	copy(raw[payloadBytes:], ed25519.Sign(k.private, r.message(nil, payload)))
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// signer returns the key that signs c.
func (r *Ring) signer(c Claims) (*ringKey, error) {
	if int(c.Purpose) > lastIndex || r.signers[c.Purpose] == nil {
		return nil, fmt.Errorf("there is no active key for the purpose %s", c.Purpose)
	}
	k := r.signers[c.Purpose]
	switch {
	case c.Member == 0:
		return nil, errors.New("it is for no member")
	case c.Issued.Unix() < 0 || c.Issued.Unix() > math.MaxUint32:
		return nil, fmt.Errorf("the time of issue, %s, does not fit into it", c.Issued.Format(time.RFC3339))
	case c.Lifetime < Quarter:
		return nil, fmt.Errorf("the lifetime %s is below a quarter of an hour", c.Lifetime)
	case c.Lifetime > k.MaxLifetime:
		return nil, fmt.Errorf("the lifetime %s is above the %s of key %s", c.Lifetime, k.MaxLifetime, k)
	}
	return k, nil
}

// Verify returns what token says, if this ring's keys have signed it for the
// purpose want, and it is good at the time now. Else it returns ErrInvalid; or
// ErrExpired, with the claims, if only its time is up.
func (r *Ring) Verify(token string, want Purpose, now time.Time) (Claims, error) {
	var raw [linkBytes]byte
	if !decode(raw[:], token) {
		return Claims{}, ErrInvalid
	}
	payload, signature := raw[:payloadBytes], raw[payloadBytes:]
	if len(token) == sessionChars {
		signature = raw[payloadBytes:sessionBytes]
	}
	scope := binary.BigEndian.Uint16(payload[10:])
	if payload[0] != version || payload[3] != 0 || scope != 0 {
		return Claims{}, ErrInvalid
	}
	k, seconds := r.keys[payload[1]], now.Unix()
	if k == nil || k.State == Revoked || seconds >= k.until || (k.Algorithm == HMACSHA256) != (len(token) == sessionChars) {
		return Claims{}, ErrInvalid
	}
	if int(payload[2]) > lastIndex || !k.allowed[payload[2]] || !r.isAuthentic(k, payload, signature) {
		return Claims{}, ErrInvalid
	}
	issued := int64(binary.BigEndian.Uint32(payload[4:]))
	c := Claims{
		Purpose:  Purpose(payload[2]),
		Key:      payload[1],
		Issued:   time.Unix(issued, 0).UTC(),
		Lifetime: time.Duration(binary.BigEndian.Uint16(payload[8:])) * Quarter,
		Member:   binary.BigEndian.Uint32(payload[12:]),
		Ref:      binary.BigEndian.Uint32(payload[16:]),
	}
	// Without a lifetime a token from a clock that is ahead would be good until it is issued.
	if issued > seconds+skew || c.Lifetime == 0 || c.Lifetime > k.MaxLifetime || c.Member == 0 || c.Purpose != want {
		return Claims{}, ErrInvalid
	}
	if seconds >= c.Expires().Unix() {
		return c, ErrExpired
	}
	return c, nil
}

// decode writes the bytes of token into raw, and reports whether it has the
// length of a link or a session and is spelled in the one way there is.
func decode(raw []byte, token string) bool {
	if len(token) != linkChars && len(token) != sessionChars {
		return false
	}
	var text [linkChars]byte
	for i := range len(token) {
		if token[i] == '\r' || token[i] == '\n' { // encoding/base64 skips them, strict or not
			return false
		}
		text[i] = token[i]
	}
	_, err := base64.RawURLEncoding.Strict().Decode(raw, text[:len(token)])
	return err == nil
}

// isAuthentic reports whether signature is that of the payload by k.
func (r *Ring) isAuthentic(k *ringKey, payload, signature []byte) bool {
	if k.Algorithm == HMACSHA256 {
		var sum [macBytes]byte
		r.mac(k, payload, sum[:])
		return subtle.ConstantTimeCompare(sum[:], signature) == 1
	}
	var room [256]byte
	return ed25519.Verify(k.Public, r.message(room[:0], payload), signature)
}

// message appends to b what is signed.
func (r *Ring) message(b, payload []byte) []byte {
	return append(append(b, r.prefix...), payload...)
}

// mac writes into sum the first bytes of the payload's HMAC.
func (r *Ring) mac(k *ringKey, payload, sum []byte) {
	m := k.macs.Get().(*mac)
	m.hash.Reset()
	_, _ = m.hash.Write(r.prefix) // a hash takes everything
	copy(m.payload[:], payload)
	_, _ = m.hash.Write(m.payload[:])
	copy(sum, m.hash.Sum(m.sum[:0]))
	k.macs.Put(m)
}
