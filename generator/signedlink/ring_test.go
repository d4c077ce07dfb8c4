package signedlink

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// someKeys are one active key of each use.
func someKeys() []Key { return []Key{seeded(Mail, 1), seeded(Online, 1), seeded(Server, 1)} }

// some is what a token of a purpose says, in the tests.
func some(p Purpose) Claims {
	return Claims{Purpose: p, Issued: at, Lifetime: 2 * Quarter, Member: 7, Ref: 9}
}

func sign(t testing.TB, r *Ring, c Claims) string {
	t.Helper()
	token, err := r.Sign(c)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestATokenSaysWhatWasSigned(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	for _, p := range Purposes() {
		t.Run(p.String(), func(t *testing.T) {
			want := some(p)
			want.Key = map[Purpose]uint8{SignIn: 0x41, Session: 0x81}[p]
			if want.Key == 0 {
				want.Key = 1
			}
			token := sign(t, ring, some(p))
			if n := map[bool]int{false: 112, true: 48}[p == Session]; len(token) != n {
				t.Errorf("got %d characters, want %d", len(token), n)
			}
			got, err := ring.Verify(token, p, at.Add(time.Minute))
			if err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

func TestSignDropsWhatATokenHasNoRoomFor(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	c := some(View)
	c.Issued, c.Lifetime = at.Add(999*time.Millisecond).In(time.FixedZone("", 9*3600)), 44*time.Minute
	if got := sign(t, ring, c); got != sign(t, ring, some(View)) {
		t.Error("it is not what was issued in this second for half an hour")
	}
}

func TestOnlyTheDiagonalOfPurposeAndUsePasses(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	for _, made := range Purposes() {
		token := sign(t, ring, some(made))
		for used := range 256 {
			_, err := ring.Verify(token, Purpose(used), at)
			if (err == nil) != (Purpose(used) == made) {
				t.Errorf("%s used for %s: got %v", made, Purpose(used), err)
			}
			if _, err := ring.Verify(token, Purpose(used), at.AddDate(5, 0, 0)); errors.Is(err, ErrExpired) != (Purpose(used) == made) {
				t.Errorf("%s used for %s, too late: got %v", made, Purpose(used), err)
			}
		}
	}
}

func TestAKeySignsAndVerifiesWhatItsUseAllowsAndNothingElse(t *testing.T) {
	allowed := map[Use][]Purpose{
		Mail: {View, UnsubscribeHeader, Unsubscribe, Answer, Preferences}, Online: {SignIn}, Server: {Session},
	}
	for _, use := range Uses() {
		k := seeded(use, 1)
		ring := ringOf(t, origin, k)
		for p := range Purpose(255) {
			want := slices.Contains(allowed[use], p)
			if _, err := ring.Sign(some(p)); (err == nil) != want {
				t.Errorf("%s signs %s: got %v", k, p, err)
			}
			if _, err := ring.Verify(genuine(k, p, 2, func(f *forge) { f.issued = uint32(at.Unix()) }).token(), p, at); (err == nil) != want {
				t.Errorf("%s verifies %s: got %v", k, p, err)
			}
			wide := k
			wide.Purposes = append(slices.Clone(k.Purposes), p)
			if _, err := NewRing(origin, []Key{wide}); (err == nil) != want {
				t.Errorf("a record of %s that allows %s: got %v", k, p, err)
			}
		}
	}
}

func TestEveryOtherBitIsRefused(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	for _, p := range []Purpose{View, Session} {
		f := genuine(someKeys()[map[Purpose]int{View: 0, Session: 2}[p]], p, letter, nil)
		good := f.bytes()
		if _, err := ring.Verify(spell(good), p, at); err != nil {
			t.Fatal(err)
		}
		for bit := range len(good) * 8 {
			bad := slices.Clone(good)
			bad[bit/8] ^= 1 << (bit % 8)
			for _, want := range Purposes() {
				if got, err := ring.Verify(spell(bad), want, at); !errors.Is(err, ErrInvalid) || got != (Claims{}) {
					t.Errorf("%s with bit %d of byte %d another one, used for %s: got %+v, %v", p, bit%8, bit/8, want, got, err)
				}
			}
		}
	}
}

func TestNoOtherLengthIsAToken(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	link, session := sign(t, ring, some(View)), sign(t, ring, some(Session))
	for n := range 201 {
		for _, text := range []string{link, session} {
			cut := strings.Repeat(text, 5)[:n]
			if _, err := ring.Verify(cut, View, at); (err == nil) != (cut == link) {
				t.Errorf("a view token of %d characters: got %v", n, err)
			}
			if _, err := ring.Verify(cut, Session, at); (err == nil) != (cut == session) {
				t.Errorf("a session of %d characters: got %v", n, err)
			}
		}
	}
}

func TestATokenOfOneOriginSaysNothingToAnother(t *testing.T) {
	here := ringOf(t, origin, someKeys()...)
	for _, other := range []string{"https://nagi.example:8443", "http://nagi.example", "https://www.nagi.example", "https://nagi.example.net"} {
		there := ringOf(t, other, someKeys()...)
		for _, p := range Purposes() {
			if _, err := there.Verify(sign(t, here, some(p)), p, at); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s of %s at %s: got %v", p, origin, other, err)
			}
		}
	}
}

func TestClocks(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	token := sign(t, ring, some(View)) // half an hour
	tests := []struct {
		name string
		now  time.Duration // after the time of issue
		want error
	}{
		{"five minutes and a moment before its issue it is not valid", -5*time.Minute - 1, ErrInvalid},
		{"five minutes before its issue it is", -5 * time.Minute, nil},
		{"a moment before its end it is", 30*time.Minute - 1, nil},
		{"at its end it has expired", 30 * time.Minute, ErrExpired},
		{"years later it has expired", 50000 * time.Hour, ErrExpired},
		{"before there was time it is not valid", -1000000 * time.Hour, ErrInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ring.Verify(token, View, at.Add(test.now))
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if told := got.Member == 7; told == (test.want == ErrInvalid) {
				t.Errorf("got claims %+v", got)
			}
		})
	}
}

func TestSignRefusesWhatNoTokenCanSay(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	tests := []struct {
		name string
		edit func(*Claims)
	}{
		{"no member", func(c *Claims) { c.Member = 0 }},
		{"no time of issue", func(c *Claims) { c.Issued = time.Time{} }},
		{"a time of issue after 2106", func(c *Claims) { c.Issued = at.AddDate(100, 0, 0) }},
		{"no lifetime", func(c *Claims) { c.Lifetime = 0 }},
		{"a lifetime that has ended before", func(c *Claims) { c.Lifetime = -time.Hour }},
		{"a lifetime below a quarter", func(c *Claims) { c.Lifetime = Quarter - 1 }},
		{"a lifetime above that of the key", func(c *Claims) { c.Lifetime = 400*24*time.Hour + Quarter }},
		{"a lifetime of 200 years", func(c *Claims) { c.Lifetime = 200 * 365 * 24 * time.Hour }},
		{"a sign-in link of 45 minutes", func(c *Claims) { c.Purpose, c.Lifetime = SignIn, 3*Quarter }},
		{"no purpose", func(c *Claims) { c.Purpose = 0 }},
		{"a purpose that is not used", func(c *Claims) { c.Purpose = 5 }},
		{"the greatest purpose", func(c *Claims) { c.Purpose = 255 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := some(View)
			test.edit(&c)
			if token, err := ring.Sign(c); err == nil || token != "" {
				t.Errorf("got %q, %v, want an error", token, err)
			}
		})
	}
}

func TestTheNewestActiveKeySigns(t *testing.T) {
	older, newer := seeded(Mail, 2), seeded(Mail, 1)
	older.Created, newer.Created = at.Add(-time.Hour), at // by time, and not by number
	tests := []struct {
		name string
		keys []Key
		want uint8 // 0: none
	}{
		{"of two that are active, the newer", []Key{older, newer}, 1},
		{"in whatever order", []Key{newer, older}, 1},
		{"not one that only verifies", []Key{older, newer.Retired(at)}, 2},
		{"not a revoked one", []Key{older, newer.Withdrawn()}, 2},
		{"not one that is left for unsubscribing", []Key{older, newer.WithdrawnBut(at, Unsubscribe)}, 2},
		{"of two of one second, that with the higher number", []Key{seededAt(3, at), seededAt(2, at)}, 3},
		{"nobody without keys", nil, 0},
		{"nobody without a secret", []Key{publicHalf(newer)}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ring := ringOf(t, origin, test.keys...)
			token, err := ring.Sign(some(View))
			if test.want == 0 {
				if err == nil {
					t.Error("a token was signed")
				}
				return
			}
			got, err2 := ring.Verify(token, View, at)
			if err != nil || err2 != nil || got.Key != test.want {
				t.Errorf("got key %d, %v, %v, want %d", got.Key, err, err2, test.want)
			}
			if k, ok := Current(test.keys, Mail); !ok || k.KID() != test.want {
				t.Errorf("current: got %s, want mail-%d", k, test.want)
			}
		})
	}
}

func seededAt(id uint8, created time.Time) Key {
	k := seeded(Mail, id)
	k.Created = created
	return k
}

func publicHalf(k Key) Key {
	k.secret = nil
	return k
}

func TestThePublicHalfVerifies(t *testing.T) {
	k := seeded(Mail, 1)
	token := sign(t, ringOf(t, origin, k), some(View))
	if got, err := ringOf(t, origin, publicHalf(k)).Verify(token, View, at); err != nil || got.Member != 7 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestARetiredKeyVerifiesUntilTheLastOfItsTokensHasEnded(t *testing.T) {
	k := seeded(Mail, 1)
	c := some(View)
	c.Lifetime = k.MaxLifetime
	token := sign(t, ringOf(t, origin, k), c)
	retired := ringOf(t, origin, k.Retired(at.Add(time.Millisecond)))
	end := at.Add(k.MaxLifetime)
	if _, err := retired.Verify(token, View, end.Add(-time.Second)); err != nil {
		t.Errorf("in its last second: %v", err)
	}
	if _, err := retired.Verify(token, View, end); !errors.Is(err, ErrExpired) {
		t.Errorf("at its end: got %v, want %v", err, ErrExpired)
	}
	if _, err := retired.Verify(token, View, end.Add(time.Second)); !errors.Is(err, ErrInvalid) {
		t.Errorf("after the end of the key: got %v, want %v", err, ErrInvalid)
	}
}

func TestIsRevoked(t *testing.T) {
	tests := []struct {
		name       string
		validAfter time.Time
		want       bool
	}{
		{"nothing was revoked", time.Time{}, false},
		{"a second before the issue", at.Add(-time.Second), false},
		{"a moment before the issue", at.Add(-1), false},
		{"at the issue", at, false},
		{"a moment after the issue: the second is rounded up", at.Add(1), true},
		{"a second after the issue", at.Add(time.Second), true},
		{"in another zone", at.Add(time.Hour).In(time.FixedZone("", -9*3600)), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := some(View).IsRevoked(test.validAfter); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if got := some(View).IsRevoked(NextSecond(test.validAfter)); got != test.want {
				t.Errorf("kept in whole seconds: got %v, want %v", got, test.want)
			}
		})
	}
}

func TestOrigin(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://nagi.example", "https://nagi.example"},
		{"https://nagi.example/", "https://nagi.example"},
		{"https://nagi.example/alumni/?a#b", "https://nagi.example"},
		{"HTTPS://Nagi.Example/", "https://nagi.example"},
		{"https://nagi.example:443/", "https://nagi.example"},
		{"https://nagi.example:/", "https://nagi.example"},
		{"http://localhost:8080/", "http://localhost:8080"},
		{"http://nagi.example:80", "http://nagi.example"},
		{"http://nagi.example:443", "http://nagi.example:443"},
		{"https://[::1]:8443/", "https://[::1]:8443"},
		{"https://[::1]/", "https://[::1]"},
		{"https://a@nagi.example/", ""}, {"nagi.example", ""}, {"ftp://nagi.example", ""}, {"https://", ""}, {"", ""}, {"https://a b/", ""},
	}
	for _, test := range tests {
		t.Run(test.address, func(t *testing.T) {
			got, err := Origin(test.address)
			if got != test.want || (err == nil) != (test.want != "") {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
			if _, err := NewRing(test.address, nil); (err == nil) != (test.address == test.want && test.want != "") {
				t.Errorf("a ring of it: got %v", err)
			}
		})
	}
}

func TestARingIsForManyGoroutines(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				c := some(Session)
				c.Member = uint32(i*1000 + n + 1)
				token, err := ring.Sign(c)
				got, err2 := ring.Verify(token, Session, at)
				if err != nil || err2 != nil || got.Member != c.Member {
					t.Errorf("got %d, %v, %v, want %d", got.Member, err, err2, c.Member)
				}
			}
		})
	}
	all.Wait()
}

// ExampleRing makes the link of a letter, and lets a reader in.
func ExampleRing() {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	ring, err := NewRing("https://nagi.example", []Key{NewKey(Mail, 1, now), NewKey(Server, 1, now)})
	if err != nil {
		panic(err)
	}
	token, err := ring.Sign(Claims{Purpose: View, Issued: now, Lifetime: 45 * 24 * time.Hour, Member: 2654435769, Ref: 12})
	if err != nil {
		panic(err)
	}
	fmt.Println(len("https://nagi.example/k/" + token + "/events/winter/"))

	claims, err := ring.Verify(token, View, now.AddDate(0, 1, 0))
	fmt.Println(claims.Member, claims.Ref, claims.Expires().Format(time.DateOnly), err)

	_, err = ring.Verify(token, Unsubscribe, now)
	fmt.Println(err)
	// Output:
	// 150
	// 2654435769 12 2027-01-04 <nil>
	// the token is not valid
}
