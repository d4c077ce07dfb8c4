package signedlink

import (
	"testing"
	"time"
)

func BenchmarkVerify(b *testing.B) {
	ring := ringOf(b, origin, someKeys()...)
	link, session := genuine(seeded(Mail, 1), View, letter, nil), genuine(seeded(Server, 1), Session, letter, nil)
	flipped := func(f forge) string {
		raw := f.bytes()
		raw[len(raw)-20] ^= 1
		return spell(raw)
	}
	for _, bench := range []struct {
		name, token string
		want        Purpose
	}{
		{"token=session", session.token(), Session},
		{"token=session-refused", flipped(session), Session},
		{"token=link", link.token(), View},
		{"token=link-refused", flipped(link), View},
		{"token=nonsense", "nonsense", View},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ring.Verify(bench.token, bench.want, at)
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	ring := ringOf(b, origin, someKeys()...)
	for _, p := range []Purpose{View, Session} {
		b.Run("purpose="+p.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ring.Sign(some(p)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("links=10000", func(b *testing.B) {
		for b.Loop() {
			for member := range uint32(10000) {
				if _, err := ring.Sign(Claims{Purpose: View, Issued: at, Lifetime: 45 * 24 * time.Hour, Member: member + 1, Ref: 12}); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// TestAllocations: a session is checked at every request. A ring keeps its
// hashes in a pool, of which the race detector takes some away.
func TestAllocations(t *testing.T) {
	ring := ringOf(t, origin, someKeys()...)
	session := sign(t, ring, some(Session))
	got := testing.AllocsPerRun(1000, func() {
		if _, err := ring.Verify(session, Session, at); err != nil {
			t.Fatal(err)
		}
	})
	if got > 2 {
		t.Errorf("got %v allocations, want at most 2", got)
	}
}
