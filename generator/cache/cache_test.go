package cache

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

type inner struct {
	A string
	B []string
	C *inner
}

type everything struct {
	Text  string
	Yes   bool
	Small int8
	Big   int64
	Count uint32
	Ratio float64
	Sum   [4]byte
	When  time.Time
	One   inner
	Many  []inner
	Maybe *inner
}

var jst = time.FixedZone("JST", 9*60*60)

func full() everything {
	in := inner{A: "甲", B: []string{"乙", ""}, C: &inner{A: "丙"}}
	return everything{Text: "文", Yes: true, Small: -5, Big: -1 << 62, Count: 1 << 31, Ratio: -2.5, Sum: [4]byte{1, 2, 3, 4},
		When: time.Date(2026, 11, 20, 9, 0, 0, 7, jst), One: in, Many: []inner{in, {}}, Maybe: &in}
}

func TestWhatIsAppendedIsDecoded(t *testing.T) {
	for _, want := range []everything{full(), {}, {When: time.Time{}, Big: 1}} {
		var got everything
		rest, err := Decode(string(append(Append(nil, want), 'x')), &got, jst)
		if err != nil || rest != "x" {
			t.Fatalf("got rest %q, %v", rest, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func TestZeroFieldsCostNothing(t *testing.T) {
	if n := len(Append(nil, everything{})); n != 1 {
		t.Errorf("an empty value takes %d bytes, want 1", n)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Append(nil, full()))
	f.Add([]byte{255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var got everything
		if _, err := Decode(string(data), &got, jst); err != nil {
			return
		}
		var again everything
		if _, err := Decode(string(Append(nil, got)), &again, jst); err != nil || !equal(got, again) {
			t.Errorf("decoded once %+v, again %+v, %v", got, again, err)
		}
	})
}

// equal is DeepEqual but for NaN.
func equal(a, b everything) bool {
	if a.Ratio != a.Ratio && b.Ratio != b.Ratio {
		a.Ratio, b.Ratio = 0, 0
	}
	return reflect.DeepEqual(a, b)
}

func TestOnlyWholeFilesOfTheSameKeyAreBelieved(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	key, payload := Key("v1", "pages"), []byte(strings.Repeat("頁", 1000))
	if _, err := Write(root, "pages", key, func(add func([]byte)) { add(payload[:7]); add(payload[7:]) }); err != nil {
		t.Fatal(err)
	}
	if got := Read(root, "pages", key); got != string(payload) {
		t.Fatalf("got %d bytes, want %d", len(got), len(payload))
	}
	if Read(root, "pages", Key("v2", "pages")) != "" {
		t.Error("a file of another version is believed")
	}
	if Key("ab", "c") == Key("a", "bc") {
		t.Error("two lists of parts have one key")
	}
	whole, err := root.ReadFile("pages")
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		torn := bytes.Clone(whole[:i])
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1
		for name, damaged := range map[string][]byte{"torn": torn, "flipped": flipped} {
			if i%37 != 0 && i > 60 && i < len(whole)-9 {
				continue
			}
			if err := root.WriteFile("pages", damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			if Read(root, "pages", key) != "" {
				t.Errorf("a file %s at byte %d is believed", name, i)
			}
		}
	}
}

func TestAFileJustWrittenIsNotSettled(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := root.WriteFile("a", []byte("1"), 0o644); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	info, err := root.Stat("a")
	if err != nil {
		t.Fatal(err)
	}
	s := StatOf(info)
	if s.Settled(now) {
		t.Error("a file written in this tick counts as settled")
	}
	if !s.Settled(now.Add(time.Minute)) {
		t.Error("a file is not settled a minute later")
	}
	coarse := Stat{Modified: now.Truncate(time.Second).UnixNano(), Changed: 1}
	if coarse.Settled(now.Truncate(time.Second).Add(time.Second)) {
		t.Error("on a file system that counts seconds, a file of a second ago counts as settled")
	}
}

func BenchmarkDecode(b *testing.B) {
	data := string(Append(nil, full()))
	for b.Loop() {
		var v everything
		if _, err := Decode(data, &v, jst); err != nil {
			b.Fatal(err)
		}
	}
}
