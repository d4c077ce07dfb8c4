package segment

import "testing"

// FuzzFold: the short way gives what the long way does, and a text that is
// folded next to others is the same.
func FuzzFold(f *testing.F) {
	for _, seed := range []string{"", " A ", "東京　", "が", "か\u3099", "ヿ", "ーﾞ", "一\u302A", "Σς", "\xff", "\u00A8a"} {
		f.Add(seed, "前")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		var short, long folder
		short.fold(other)
		got := string(short.at(short.fold(text)))
		if short.foldPlain(text) {
			long.foldAny(text)
			plain := string(long.buf)
			short.buf = short.buf[:0]
			short.foldPlain(text)
			if string(short.buf) != plain {
				t.Errorf("%q: got %q the short way, %q the long way", text, short.buf, plain)
			}
		}
		var alone folder
		if want := string(alone.at(alone.fold(text))); got != want {
			t.Errorf("%q: got %q after %q, want %q", text, got, other, want)
		}
	})
}
