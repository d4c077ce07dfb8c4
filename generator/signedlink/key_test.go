package signedlink

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestANewKeyIsAsItsUse(t *testing.T) {
	tests := []struct {
		use       Use
		algorithm Algorithm
		longest   time.Duration
		kid       uint8
		public    int // bytes
	}{
		{Mail, Ed25519, 400 * 24 * time.Hour, 3, 32},
		{Online, Ed25519, 30 * time.Minute, 0x43, 32},
		{Server, HMACSHA256, 400 * 24 * time.Hour, 0x83, 0},
	}
	for _, test := range tests {
		t.Run(string(test.use), func(t *testing.T) {
			k := NewKey(test.use, 3, at.Add(time.Millisecond))
			if k.Algorithm != test.algorithm || k.MaxLifetime != test.longest || k.KID() != test.kid || len(k.Public) != test.public ||
				k.State != Active || !k.Created.Equal(at) || k.String() != string(test.use)+"-3" {
				t.Errorf("got %s, kid %d: algorithm %s, longest %s, %d public bytes, %s, created %s", k, k.KID(), k.Algorithm, k.MaxLifetime, len(k.Public), k.State, k.Created)
			}
			if err := k.check(); err != nil {
				t.Error(err)
			}
			if other := NewKey(test.use, 3, at); *other.secret == *k.secret {
				t.Error("two keys have one secret")
			}
		})
	}
}

func TestARecordThatIsWrongIsRefused(t *testing.T) {
	tests := []struct {
		name string
		use  Use
		edit func(*Key)
		want string
	}{
		{"no use", Mail, func(k *Key) { k.Use = "" }, `there is no use ""`},
		{"a use that there is not", Mail, func(k *Key) { k.Use = "post" }, `there is no use "post"`},
		{"number 0", Mail, func(k *Key) { k.ID = 0 }, "number 0 is not one of 1 to 63"},
		{"a number that would name another use", Mail, func(k *Key) { k.ID = 65 }, "number 65"},
		{"the algorithm of another use", Mail, func(k *Key) { k.Algorithm = HMACSHA256 }, "is not Ed25519"},
		{"Ed25519 for sessions", Server, func(k *Key) { k.Algorithm = Ed25519 }, "is not HMAC-SHA256/128"},
		{"no algorithm", Mail, func(k *Key) { k.Algorithm = "none" }, `algorithm "none"`},
		{"a mail key for sign-in", Mail, func(k *Key) { k.Purposes = []Purpose{View, SignIn} }, "a key for mail may not sign sign-in"},
		{"a mail key for sessions", Mail, func(k *Key) { k.Purposes = []Purpose{Session} }, "may not sign session"},
		{"an online key for pages", Online, func(k *Key) { k.Purposes = []Purpose{View} }, "a key for online may not sign view"},
		{"a server key for pages", Server, func(k *Key) { k.Purposes = []Purpose{View} }, "may not sign view"},
		{"an online key for an hour", Online, func(k *Key) { k.MaxLifetime = time.Hour }, "1h0m0s is above 30m0s"},
		{"a mail key for two years", Mail, func(k *Key) { k.MaxLifetime *= 2 }, "is above"},
		{"no lifetime", Mail, func(k *Key) { k.MaxLifetime = 0 }, "not in quarters"},
		{"a lifetime of minutes", Mail, func(k *Key) { k.MaxLifetime = 20 * time.Minute }, "not in quarters"},
		{"a state that there is not", Mail, func(k *Key) { k.State = "on" }, `there is no state "on"`},
		{"verifying for ever", Mail, func(k *Key) { k.State = VerifyOnly }, "does not say until when"},
		{"no time of creation", Mail, func(k *Key) { k.Created = time.Time{} }, "does not say when"},
		{"no public half", Mail, func(k *Key) { k.Public = nil }, "0 bytes and not 32"},
		{"the public half of another key", Mail, func(k *Key) { k.Public = seeded(Mail, 2).Public }, "that of another secret"},
		{"a server key without a secret", Server, func(k *Key) { k.secret = nil }, "it has no secret"},
		{"a server key with a public half", Server, func(k *Key) { k.Public = k.secret[:] }, "it has a public half"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := seeded(test.use, 1)
			test.edit(&k)
			if _, err := NewRing(origin, []Key{k}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if _, err := PublicJSON([]Key{k}); err == nil {
				t.Error("it was published")
			}
		})
	}
	if _, err := NewRing(origin, []Key{seeded(Mail, 1), seeded(Mail, 1)}); err == nil {
		t.Error("two keys of one number were taken")
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	for _, use := range Uses() {
		k := seeded(use, 1)
		var out bytes.Buffer
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %t") {
			fmt.Fprintf(&out, verb+" ", k)
			fmt.Fprintf(&out, verb+" ", &k)
			fmt.Fprintf(&out, verb+" ", []Key{k})
			fmt.Fprintf(&out, verb+" ", struct{ Key Key }{k})
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("", "key", k)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("", "key", k)
		data, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
		half, err := PublicJSON([]Key{k})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(half)
		numbers := strings.Trim(fmt.Sprint(k.secret[:8]), "[]")
		for _, secret := range []string{hex.EncodeToString(k.secret[:8]), numbers, strings.ReplaceAll(numbers, " ", ","),
			base64.StdEncoding.EncodeToString(k.secret[:])[:10], base64.RawURLEncoding.EncodeToString(k.secret[:])[:10], string(k.secret[:8])} {
			if strings.Contains(strings.ToLower(out.String()), strings.ToLower(secret)) {
				t.Errorf("%s: the secret, as %q, is in %s", k, secret, &out)
			}
		}
	}
}

func TestDerive(t *testing.T) {
	server := seeded(Server, 1)
	seen := map[string]string{string(server.secret[:]): "the secret itself"}
	session, err := server.derive(labelSession)
	if err != nil {
		t.Fatal(err)
	}
	seen[string(session)] = "sessions"
	for _, k := range []Key{server, seeded(Server, 2)} {
		for _, label := range []string{LabelEmailIndex, LabelRateLimits, "another"} {
			got, err := k.Derive(label)
			if err != nil || len(got) != 32 || seen[string(got)] != "" {
				t.Errorf("%s of %s: got %d bytes, %v, the same as %q", label, k, len(got), err, seen[string(got)])
			}
			seen[string(got)] = label + " of " + k.String()
			if again, _ := k.Derive(label); !bytes.Equal(again, got) {
				t.Errorf("%s of %s differs the second time", label, k)
			}
		}
	}
	for _, refused := range []struct {
		key   Key
		label string
	}{{server, labelSession}, {server, labelSeal}, {server, ""}, {seeded(Mail, 1), LabelEmailIndex}, {seeded(Online, 1), LabelEmailIndex}, {Key{Use: Server}, LabelEmailIndex}} {
		if got, err := refused.key.Derive(refused.label); err == nil || got != nil {
			t.Errorf("%q of %s: got %x", refused.label, refused.key, got)
		}
	}
}

func TestDeriveIsHKDF(t *testing.T) {
	// RFC 5869: PRK = HMAC(salt of zeros, secret), OKM = HMAC(PRK, info || 1).
	k := seeded(Server, 1)
	prk := hmacOf(make([]byte, 32), k.secret[:])
	want := hmacOf(prk, append([]byte(LabelEmailIndex), 1))
	if got, err := k.Derive(LabelEmailIndex); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %x, %v, want %x", got, err, want)
	}
}

func TestNextID(t *testing.T) {
	keys := []Key{seeded(Mail, 1).Withdrawn(), seeded(Mail, 4), seeded(Online, MaxID)}
	for use, want := range map[Use]uint8{Mail: 5, Server: 1, Online: 0} {
		if got, err := NextID(keys, use); got != want || (err == nil) != (want != 0) {
			t.Errorf("%s: got %d, %v, want %d", use, got, err, want)
		}
	}
}

func TestWithdrawnBut(t *testing.T) {
	k := seeded(Mail, 1)
	ring := ringOf(t, origin, k.WithdrawnBut(at, UnsubscribeHeader, Unsubscribe))
	for _, p := range k.Purposes {
		_, err := ring.Verify(genuine(k, p, letter, nil).token(), p, at)
		if want := p == UnsubscribeHeader || p == Unsubscribe; (err == nil) != want {
			t.Errorf("%s: got %v", p, err)
		}
	}
	if len(k.Purposes) != 5 || k.State != Active {
		t.Error("the key itself was changed")
	}
	before := k.Retired(at)
	if after := before.WithdrawnBut(at.AddDate(1, 0, 0), Unsubscribe); !after.Until.Equal(before.Until) {
		t.Errorf("it verifies until %s, and not %s as before", after.Until, before.Until)
	}
}

func TestPublicJSONHasOnlyWhatVerifiesLinks(t *testing.T) {
	data, err := PublicJSON(vectorKeys())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version int
		Keys    []struct {
			KID, ID uint8
			Use     string
			Until   int64
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, k := range got.Keys {
		names = append(names, fmt.Sprintf("%d %s-%d %v", k.KID, k.Use, k.ID, k.Until > 0))
	}
	want := "2 mail-2 true, 3 mail-3 true, 4 mail-4 true, 5 mail-5 false, 65 online-1 false"
	if list := strings.Join(names, ", "); got.Version != 1 || list != want {
		t.Errorf("got version %d, %s, want %s", got.Version, list, want)
	}
	for _, k := range vectorKeys() {
		if strings.Contains(string(data), base64.RawURLEncoding.EncodeToString(k.secret[:])) {
			t.Errorf("the secret of %s is in it", k)
		}
	}
	if data, err := PublicJSON(nil); err != nil || !strings.Contains(string(data), `"keys": []`) {
		t.Errorf("of no keys: got %s, %v", data, err)
	}
}
