package signedlink

import (
	"errors"
	"testing"
	"time"
)

// FuzzVerify: what is accepted, or is said to have expired, was signed by us.
// Both algorithms give one signature to one message, so signing the claims again
// must give the very same characters; no second spelling can pass, either.
func FuzzVerify(f *testing.F) {
	ring := ringOf(f, origin, someKeys()...)
	for _, p := range Purposes() {
		f.Add(sign(f, ring, some(p)), uint8(p), at.Unix())
		f.Add(sign(f, ring, some(p))+"\n", uint8(p), at.Unix())
	}
	for _, x := range failing(f) {
		f.Add(x.Token, uint8(x.Want), at.Unix())
	}
	f.Fuzz(func(t *testing.T, token string, want uint8, now int64) {
		got, err := ring.Verify(token, Purpose(want), time.Unix(now, 0))
		if errors.Is(err, ErrInvalid) {
			if got != (Claims{}) {
				t.Errorf("refused, and told %+v", got)
			}
			return
		}
		if again, err := ring.Sign(got); err != nil || again != token {
			t.Errorf("accepted %q, which says %+v; signed again it is %q, %v", token, got, again, err)
		}
		if got.Purpose != Purpose(want) || errors.Is(err, ErrExpired) == time.Unix(now, 0).Before(got.Expires()) {
			t.Errorf("accepted %+v for %s at %d: %v", got, Purpose(want), now, err)
		}
	})
}

// FuzzSpelling changes a good token at one place: nothing but the token itself
// is accepted, whatever is put in, left out or put instead.
func FuzzSpelling(f *testing.F) {
	ring := ringOf(f, origin, someKeys()...)
	for _, by := range []string{"", "=", "\n", "\r\n", "\"", " ", "A", "%41", "+", "/", "\x00", "é"} {
		f.Add(true, uint8(0), uint8(0), by)
		f.Add(true, uint8(112), uint8(0), by)
		f.Add(false, uint8(47), uint8(1), by)
	}
	link, session := sign(f, ring, some(View)), sign(f, ring, some(Session))
	f.Fuzz(func(t *testing.T, isLink bool, from, without uint8, by string) {
		good, want := session, Session
		if isLink {
			good, want = link, View
		}
		start := min(int(from), len(good))
		end := min(start+int(without), len(good))
		text := good[:start] + by + good[end:]
		if _, err := ring.Verify(text, want, at); (err == nil) != (text == good) {
			t.Errorf("got %v for %q", err, text)
		}
	})
}

// FuzzDecodeKey: no file is a key that NewRing would refuse, and no error tells
// what is in it.
func FuzzDecodeKey(f *testing.F) {
	for _, k := range vectorKeys() {
		f.Add(k.encode())
	}
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := decodeKey(data)
		if err != nil {
			return
		}
		if _, err := NewRing(origin, []Key{k}); err != nil {
			t.Errorf("accepted, and then refused: %v", err)
		}
		if again, err := decodeKey(k.encode()); err != nil || again.String() != k.String() || *again.secret != *k.secret {
			t.Errorf("written and read again: %v", err)
		}
	})
}
