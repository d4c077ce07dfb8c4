package signedlink

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/gate-v1.json")

const (
	vectorsFile = "testdata/gate-v1.json"
	origin      = "https://nagi.example"
)

// at is the time of all vectors that name none.
var at = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// vectors is the file: whoever writes another verifier needs nothing else.
type vectors struct {
	About  string      `json:"about"`
	Origin string      `json:"origin"`
	Now    int64       `json:"now"`
	Keys   []vectorKey `json:"keys"`
	Pass   []vector    `json:"pass"`
	Fail   []vector    `json:"fail"`
}

type vectorKey struct {
	KID      uint8     `json:"kid"`
	Name     string    `json:"name"`
	Purposes []Purpose `json:"purposes"`
	Quarters int64     `json:"longest_lifetime_quarter_hours"`
	State    State     `json:"state"`
	Until    int64     `json:"until,omitempty"`
	Public   string    `json:"public,omitempty"`
	Secret   string    `json:"secret"` // hexadecimal, as public: Ed25519 seed, or the server's secret
}

type vector struct {
	Name    string        `json:"name"`
	Token   string        `json:"token"`
	Want    Purpose       `json:"want"`
	Now     int64         `json:"now,omitempty"`
	Expired bool          `json:"expired,omitempty"` // authentic, for this purpose, too old
	Claims  *vectorClaims `json:"claims,omitempty"`
}

type vectorClaims struct {
	KID     uint8  `json:"kid"`
	Issued  int64  `json:"issued"`
	Expires int64  `json:"expires"`
	Member  uint32 `json:"member"`
	Ref     uint32 `json:"ref"`
}

// seeded is a key whose secret follows from its name.
func seeded(use Use, id uint8) Key {
	k := Key{ID: id, Use: use}
	secret := sha256.Sum256([]byte("gate-v1 vectors " + k.String()))
	return newKey(use, id, at.AddDate(0, int(id)-12, 0), &secret)
}

// vectorKeys are the keys of the vectors: in every state, of every use.
func vectorKeys() []Key {
	revoked, ending, ended := seeded(Mail, 1).Withdrawn(), seeded(Mail, 2), seeded(Mail, 3)
	ending.State, ending.Until = VerifyOnly, at.Add(time.Hour)
	ended.State, ended.Until = VerifyOnly, at
	leaked := seeded(Mail, 4).WithdrawnBut(at, UnsubscribeHeader, Unsubscribe)
	old := seeded(Server, 1).Retired(at)
	return []Key{revoked, ending, ended, leaked, seeded(Mail, 5), seeded(Online, 1), old, seeded(Server, 2)}
}

// forge is a token in the making: what Sign makes, or what it would never make.
type forge struct {
	kid, flags, version byte
	purpose             Purpose
	issued              uint32
	quarters, scope     uint16
	member, ref         uint32
	signer              Key
	prefix              string
}

// genuine returns what a good token of k is made of; edit makes it another one.
func genuine(k Key, p Purpose, quarters uint16, edit func(*forge)) forge {
	f := forge{kid: k.KID(), version: 1, purpose: p, issued: uint32(at.Unix()) - 3600, quarters: quarters,
		member: 0x9e3779b9, ref: 42, signer: k, prefix: "gate/v1\x00" + origin + "\x00"}
	if edit != nil {
		edit(&f)
	}
	return f
}

func (f forge) payload() []byte {
	p := []byte{f.version, f.kid, byte(f.purpose), f.flags}
	p = binary.BigEndian.AppendUint32(p, f.issued)
	p = binary.BigEndian.AppendUint16(p, f.quarters)
	p = binary.BigEndian.AppendUint16(p, f.scope)
	p = binary.BigEndian.AppendUint32(p, f.member)
	return binary.BigEndian.AppendUint32(p, f.ref)
}

func (f forge) bytes() []byte {
	p := f.payload()
	message := append([]byte(f.prefix), p...)
	if f.signer.Algorithm == Ed25519 {
		return append(p, ed25519.Sign(ed25519.NewKeyFromSeed(f.signer.secret[:]), message)...)
	}
	secret, err := f.signer.derive(labelSession)
	if err != nil {
		panic(err)
	}
	return append(p, hmacOf(secret, message)[:16]...)
}

func (f forge) token() string { return spell(f.bytes()) }

func spell(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func hmacOf(key, message []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(message)
	return m.Sum(nil)
}

// made returns the vectors as they are to be.
func made(t *testing.T) vectors {
	v := vectors{
		About: "Tokens of package signedlink. Every one of `pass` gives its claims when it is checked for `want`, at `now` (Unix seconds), " +
			"with these keys and this origin; every one of `fail` is refused, and only where `expired` is true may it be said why. The keys are for tests alone.",
		Origin: origin, Now: at.Unix(), Pass: passing(), Fail: failing(t),
	}
	for _, k := range vectorKeys() {
		key := vectorKey{k.KID(), k.String(), k.Purposes, int64(k.MaxLifetime / Quarter), k.State, 0, hex.EncodeToString(k.Public), hex.EncodeToString(k.secret[:])}
		if k.State == VerifyOnly {
			key.Until = k.Until.Unix()
		}
		v.Keys = append(v.Keys, key)
	}
	return v
}

func (v vectors) encode(t *testing.T) []byte {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func TestVectorsAreAsTheyWere(t *testing.T) {
	want := made(t).encode(t)
	if *update {
		if err := os.WriteFile(vectorsFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the tests make; -update writes it, and every other verifier must follow", vectorsFile)
	}
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	data, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	if len(v.Pass) < 12 || len(v.Fail) < 48 {
		t.Errorf("got %d that pass and %d that fail, want at least 12 and 48", len(v.Pass), len(v.Fail))
	}
	ring := ringOf(t, v.Origin, vectorKeys()...)
	clock := func(x vector) time.Time {
		if x.Now != 0 {
			return time.Unix(x.Now, 0)
		}
		return time.Unix(v.Now, 0)
	}
	names := map[string]bool{}
	for _, x := range v.Pass {
		names[x.Name] = true
		t.Run(x.Name, func(t *testing.T) {
			got, err := ring.Verify(x.Token, x.Want, clock(x))
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			if c := claimsOf(got); c != *x.Claims || got.Purpose != x.Want {
				t.Errorf("got %+v for %s, want %+v for %s", c, got.Purpose, *x.Claims, x.Want)
			}
		})
	}
	for _, x := range v.Fail {
		names[x.Name] = true
		t.Run(x.Name, func(t *testing.T) {
			want := ErrInvalid
			if x.Expired {
				want = ErrExpired
			}
			got, err := ring.Verify(x.Token, x.Want, clock(x))
			if !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
			if (got != Claims{}) != x.Expired {
				t.Errorf("got claims %+v", got)
			}
		})
	}
	if got, want := len(names), len(v.Pass)+len(v.Fail); got != want {
		t.Errorf("got %d names for %d vectors: each has its own", got, want)
	}
	for name := range names {
		if !strings.Contains(name, " ") {
			t.Errorf("%q does not say why", name)
		}
	}
}

func claimsOf(c Claims) vectorClaims {
	return vectorClaims{c.Key, c.Issued.Unix(), c.Expires().Unix(), c.Member, c.Ref}
}

func ringOf(t testing.TB, origin string, keys ...Key) *Ring {
	t.Helper()
	ring, err := NewRing(origin, keys)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
