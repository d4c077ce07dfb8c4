package signedlink

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

const sealUse = "subscribe"

func seal(t testing.TB, r *Ring, data string) string {
	t.Helper()
	sealed, err := r.Seal(sealUse, []byte(data), at)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestWhatIsSealedIsOpenedAndNotRead(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	for _, data := range []string{"", "minato@mail.example", strings.Repeat("a", MaxSealed), "\x00\x00"} {
		sealed := seal(t, ring, data)
		got, issued, err := ring.Open(sealUse, sealed, time.Hour, at.Add(time.Minute))
		if err != nil || string(got) != data || !issued.Equal(at) {
			t.Errorf("got %q of %v (%v), want %q of %v", got, issued, err, data, at)
		}
		raw, err := base64.RawURLEncoding.DecodeString(sealed)
		if err != nil || data != "" && bytes.Contains(raw, []byte(data[:min(len(data), 6)])) {
			t.Errorf("%q can be read in the address (%v)", data, err)
		}
		if again := seal(t, ring, data); again == sealed {
			t.Error("two sealed values are the same")
		}
	}
	if len(seal(t, ring, "a@b.example")) != len(seal(t, ring, "abc.def@mail.example")) {
		t.Error("the length tells the length of the address")
	}
	if _, err := ring.Seal(sealUse, make([]byte, MaxSealed+1), at); err == nil {
		t.Error("more than MaxSealed bytes are sealed")
	}
	if _, err := ringOf(t, origin, seeded(Mail, 1), seeded(Online, 1)).Seal(sealUse, nil, at); err == nil {
		t.Error("a value is sealed without a server key")
	}
}

func TestWhatDoesNotOpen(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	sealed := seal(t, ring, "minato@mail.example")
	revoked := seeded(Server, 1)
	revoked.State = Revoked
	retired := seeded(Server, 1)
	retired.State, retired.Until = VerifyOnly, at.Add(time.Hour)
	elsewhere := ringOf(t, "https://other.example", someKeys()...)
	for _, c := range []struct {
		name  string
		ring  *Ring
		use   string
		text  string
		after time.Duration
		want  error
	}{
		{"it opens until its time is up", ring, sealUse, sealed, 48*time.Hour - time.Second, nil},
		{"its time is up", ring, sealUse, sealed, 48 * time.Hour, ErrExpired},
		{"it comes from a clock far ahead", ring, sealUse, sealed, -6 * time.Minute, ErrInvalid},
		{"it was sealed for another use", ring, "invite", sealed, 0, ErrInvalid},
		{"it was sealed for another site with the same key", elsewhere, sealUse, sealed, 0, ErrInvalid},
		{"its key is revoked", ringOf(t, origin, revoked), sealUse, sealed, 0, ErrInvalid},
		{"its key is retired, and still reads", ringOf(t, origin, retired), sealUse, sealed, 0, nil},
		{"its key is retired for too long", ringOf(t, origin, retired), sealUse, sealed, time.Hour, ErrInvalid},
		{"its key is another one of that number", ringOf(t, origin, NewKey(Server, 1, at)), sealUse, sealed, 0, ErrInvalid},
		{"it is nothing", ring, sealUse, "", 0, ErrInvalid},
		{"it is a session", ring, sealUse, sign(t, ring, some(Session)), 0, ErrInvalid},
		{"it is a link", ring, sealUse, sign(t, ring, some(View)), 0, ErrInvalid},
		{"it is endless", ring, sealUse, strings.Repeat("A", 8000), 0, ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, _, err := c.ring.Open(c.use, c.text, 48*time.Hour, at.Add(c.after))
			if !errors.Is(err, c.want) || (err == nil) != (data != nil) {
				t.Errorf("got %q, %v, want %v", data, err, c.want)
			}
		})
	}
	if _, err := ring.Verify(sealed, Session, at); !errors.Is(err, ErrInvalid) {
		t.Errorf("got %v for a sealed value as a token, want ErrInvalid", err)
	}
}

func TestEveryOtherBitOfWhatIsSealedIsRefused(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	raw, err := base64.RawURLEncoding.DecodeString(seal(t, ring, "minato@mail.example"))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		other := bytes.Clone(raw)
		other[bit/8] ^= 1 << (bit % 8)
		if _, _, err := ring.Open(sealUse, base64.RawURLEncoding.EncodeToString(other), time.Hour, at); !errors.Is(err, ErrInvalid) {
			t.Fatalf("bit %d: got %v, want ErrInvalid", bit, err)
		}
	}
}

// FuzzOpen: what opens is what was sealed, in the one spelling that it has.
func FuzzOpen(f *testing.F) {
	const data = "minato@mail.example"
	ring := ringOf(f, origin, someKeys()...)
	good := seal(f, ring, data)
	for _, text := range []string{good, good + "\n", good + "=", good[1:], good + good, good[:8] + "\r\n" + good[8:], ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, issued, err := ring.Open(sealUse, text, time.Hour, at)
		if err != nil {
			if !errors.Is(err, ErrInvalid) || got != nil {
				t.Errorf("got %q, %v for %q", got, err, text)
			}
			return
		}
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || base64.RawURLEncoding.EncodeToString(raw) != text || string(got) != data || !issued.Equal(at) {
			t.Errorf("got %q of %v for %q", got, issued, text)
		}
	})
}
