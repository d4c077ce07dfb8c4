package signedlink

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Use is what a key is for. It bounds what the key's record may say.
type Use string

// The uses of keys.
const (
	Mail   Use = "mail"   // signs what letters carry
	Online Use = "online" // signs sign-in links, where the gate runs
	Server Use = "server" // the secret behind sessions; it has no public half
)

// Uses returns all uses.
func Uses() []Use { return []Use{Mail, Online, Server} }

// Algorithm is how a key signs.
type Algorithm string

// The algorithms.
const (
	Ed25519    Algorithm = "Ed25519"
	HMACSHA256 Algorithm = "HMAC-SHA256/128"
)

// State is where a key is in its life.
type State string

// The states.
const (
	Active     State = "active"  // signs and verifies
	VerifyOnly State = "verify"  // verifies until Key.Until, and signs no more
	Revoked    State = "revoked" // neither
)

// MaxID is the highest number of a key. Numbers are not used twice.
const MaxID = 63

// rule bounds the keys of a use.
type rule struct {
	class     uint8 // the upper two bits of a token's key byte
	algorithm Algorithm
	purposes  []Purpose
	longest   time.Duration
}

// ruleOf returns the rule of a use, or false if there is no such use.
func ruleOf(use Use) (rule, bool) {
	const day = 24 * time.Hour
	switch use {
	case Mail:
		return rule{0, Ed25519, []Purpose{View, UnsubscribeHeader, Unsubscribe, Answer, Preferences}, 400 * day}, true
	case Online:
		return rule{1, Ed25519, []Purpose{SignIn}, 2 * Quarter}, true
	case Server:
		return rule{2, HMACSHA256, []Purpose{Session}, 400 * day}, true
	}
	return rule{}, false
}

// Key is the record of a key. Its secret, which a key that was read from a
// public half does not have, is never printed and never exported.
type Key struct {
	ID          uint8 // 1 to MaxID, of its use
	Use         Use
	Algorithm   Algorithm
	Purposes    []Purpose
	MaxLifetime time.Duration // of a token; whole quarters of an hour
	State       State
	Until       time.Time // of a key that only verifies: the first moment at which it does not
	Created     time.Time
	Public      []byte // of an Ed25519 key: 32 bytes

	secret *[32]byte // seed of an Ed25519 key, or the server's secret; behind a pointer, which fmt does not follow
}

// NewKey returns a new key with a random secret, with all that its use allows.
func NewKey(use Use, id uint8, now time.Time) Key {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // it never returns an error: see its documentation
	return newKey(use, id, now, &secret)
}

func newKey(use Use, id uint8, now time.Time, secret *[32]byte) Key {
	r, _ := ruleOf(use)
	k := Key{ID: id, Use: use, Algorithm: r.algorithm, Purposes: r.purposes, MaxLifetime: r.longest,
		State: Active, Created: now.UTC().Truncate(time.Second), secret: secret}
	if k.Algorithm == Ed25519 {
		k.Public = ed25519.NewKeyFromSeed(secret[:]).Public().(ed25519.PublicKey)
	}
	return k
}

// String returns the name of the key, like "mail-1".
func (k Key) String() string { return fmt.Sprintf("%s-%d", k.Use, k.ID) }

// Format writes what String returns, whatever the verb is: none prints a secret.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// KID returns the byte by which tokens name the key.
func (k Key) KID() uint8 {
	r, _ := ruleOf(k.Use)
	return r.class<<6 | k.ID
}

// Retired returns the key as it is once another one signs: it verifies until
// the last token that it may have signed by now has ended.
func (k Key) Retired(now time.Time) Key {
	k.State, k.Until = VerifyOnly, NextSecond(now).UTC().Add(k.MaxLifetime)
	return k
}

// Withdrawn returns the revoked key. No token that it signed is accepted.
func (k Key) Withdrawn() Key {
	k.State, k.Until = Revoked, time.Time{}
	return k
}

// WithdrawnBut returns the key such that it only verifies, and only tokens of
// the given purposes: with Unsubscribe and UnsubscribeHeader, letters that have
// been sent can still be unsubscribed from, and open nothing.
func (k Key) WithdrawnBut(now time.Time, purposes ...Purpose) Key {
	if k.State == Active {
		k = k.Retired(now)
	}
	k.Purposes = slices.DeleteFunc(slices.Clone(k.Purposes), func(p Purpose) bool { return !slices.Contains(purposes, p) })
	return k
}

// Verifies reports whether the key is good for checking tokens at a time.
func (k Key) Verifies(now time.Time) bool {
	return k.State == Active || k.State == VerifyOnly && now.Before(k.Until)
}

// Labels of what is derived from the server's secret, beside sessions.
const (
	LabelEmailIndex = "gate/email-index/v1" // finds an address without keeping it
	LabelRateLimits = "gate/ratelimit/v1"   // counts networks and addresses without keeping them
	labelSession    = "gate/session/v1"
	labelSeal       = "gate/seal/v1"
)

// Derive returns 32 bytes that belong to the label and to the secret of a
// server key (HKDF-SHA256, RFC 5869, without salt). They are other ones once the
// server key has been rotated. It fails for other keys, for no label, and for
// those of sessions and of what is sealed, whose keys nobody gets.
func (k Key) Derive(label string) ([]byte, error) {
	switch {
	case k.Use != Server || k.secret == nil:
		return nil, fmt.Errorf("derive a secret from %s: it is no server key", k)
	case label == "" || label == labelSession || label == labelSeal:
		return nil, fmt.Errorf("derive a secret from %s: label %q is not free", k, label)
	}
	return k.derive(label)
}

func (k Key) derive(label string) ([]byte, error) {
	derived, err := hkdf.Key(sha256.New, k.secret[:], nil, label, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive a secret from %s: %w", k, err)
	}
	return derived, nil
}

// Current returns the key of a use that signs: of those that are active and whose
// secret is here, the newest. It returns false if there is none.
func Current(keys []Key, use Use) (Key, bool) {
	var current Key
	for _, k := range keys {
		if k.Use == use && k.State == Active && k.secret != nil && (current.ID == 0 || newer(k, current)) {
			current = k
		}
	}
	return current, current.ID != 0
}

// newer reports whether a signs rather than b.
func newer(a, b Key) bool {
	if c := a.Created.Compare(b.Created); c != 0 {
		return c > 0
	}
	return a.ID > b.ID
}

// NextID returns the number of the next key of a use. It fails if there is none.
func NextID(keys []Key, use Use) (uint8, error) {
	var last uint8
	for _, k := range keys {
		if k.Use == use {
			last = max(last, k.ID)
		}
	}
	if last >= MaxID {
		return 0, fmt.Errorf("there are %d %s keys, and no more numbers for another one", last, use)
	}
	return last + 1, nil
}

// check returns what is wrong with the record, or nil: it may give the key less
// than its use allows, and never more.
func (k Key) check() error {
	r, known := ruleOf(k.Use)
	if !known {
		return fmt.Errorf("there is no use %q of keys", k.Use)
	}
	var wrong []string
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	refuse(k.ID == 0 || k.ID > MaxID, "number %d is not one of 1 to %d", k.ID, MaxID)
	refuse(k.Algorithm != r.algorithm, "algorithm %q is not %s", k.Algorithm, r.algorithm)
	for _, p := range k.Purposes {
		refuse(!slices.Contains(r.purposes, p), "a key for %s may not sign %s", k.Use, p)
	}
	refuse(k.MaxLifetime <= 0 || k.MaxLifetime%Quarter != 0, "longest lifetime %s is not in quarters of an hour", k.MaxLifetime)
	refuse(k.MaxLifetime > r.longest, "longest lifetime %s is above %s", k.MaxLifetime, r.longest)
	refuse(k.State != Active && k.State != VerifyOnly && k.State != Revoked, "there is no state %q", k.State)
	refuse(k.State == VerifyOnly && k.Until.IsZero(), "it only verifies, and does not say until when")
	refuse(k.Created.IsZero(), "it does not say when it was created")
	switch {
	case k.Algorithm == HMACSHA256:
		refuse(k.secret == nil, "it has no secret")
		refuse(len(k.Public) > 0, "it has a public half")
	case len(k.Public) != ed25519.PublicKeySize:
		refuse(true, "its public half has %d bytes and not %d", len(k.Public), ed25519.PublicKeySize)
	case k.secret != nil:
		public := ed25519.NewKeyFromSeed(k.secret[:]).Public().(ed25519.PublicKey)
		refuse(!public.Equal(ed25519.PublicKey(k.Public)), "its public half is that of another secret")
	}
	if wrong != nil {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}
