package card

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/goregular"
)

// square measures as Japanese print does: an em for what is wide, half for ASCII.
func square(r rune) int {
	if r < 0x80 {
		return 32
	}
	return 64
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		room, max  int // room in ems
		want       string
	}{
		{"what fits stays in a line", "凪の会", 5, 3, "凪の会"},
		{"a line takes as much as it has room for", "あいうえおかき", 5, 3, "あいうえお|かき"},
		{"no line begins with a comma", "あいうえお、かき", 5, 3, "あいうえ|お、かき"},
		{"nor with a closing bracket and a full stop", "「あいうえ」。か", 6, 3, "「あいう|え」。か"},
		{"nor with a small kana", "あいうえちょっと", 5, 3, "あいうえ|ちょっと"},
		{"nor with a long vowel's mark", "あいうえサーバー", 5, 3, "あいうえ|サーバー"},
		{"no line ends with an opening bracket", "あいうえ「かき」", 5, 3, "あいうえ|「かき」"},
		{"two dashes stay together", "あいうえ――かき", 5, 3, "あいうえ|――かき"},
		{"Latin words stay whole", "from the sea to land", 4, 9, "from the|sea to|land"},
		{"Latin beside Japanese may be parted", "あいOPTICSう", 4, 4, "あい|OPTICSう"},
		{"a word longer than a line is cut", "abcdefghij", 2, 4, "abcd|efgh|ij"},
		{"the last line ends in an ellipsis", "あいうえおかきくけこ", 3, 2, "あいう|えお…"},
		{"no ellipsis behind a comma", "あいうえ、かきくけこ", 3, 2, "あいう|え…"},
		{"nothing", "", 3, 2, ""},
	} {
		if got := strings.Join(broken(c.text, c.room, c.max, square), "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzLines holds that lines fit, that nothing but blanks is lost, and that no mark
// stands where it must not, unless it had to.
func FuzzLines(f *testing.F) {
	f.Add("灯台の光から、養殖いけすの見守りへ ― 髙梨湊さん", uint8(6))
	f.Add("「「「「「」」」」」。。。。", uint8(3))
	f.Add("a b  c\tdddddddddddddddd、", uint8(4))
	f.Fuzz(func(t *testing.T, text string, ems uint8) {
		text = printable(text)
		if !utf8.ValidString(text) {
			t.Skip()
		}
		room := int(ems)%20 + 2
		lines := broken(text, room, 1<<20, square)
		joined := ""
		for _, line := range lines {
			width := 0
			for _, r := range line {
				width += square(r)
			}
			if width > 64*room {
				t.Errorf("%q is wider than %d", line, room)
			}
			joined += line
		}
		bare := strings.NewReplacer(" ", "", "\u3000", "")
		if got, want := bare.Replace(joined), bare.Replace(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if short := broken(text, room, 2, square); len(short) > 2 {
			t.Errorf("got %d lines, want 2", len(short))
		}
	})
}

func TestCard(t *testing.T) {
	f, err := Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	text := Text{"From lighthouse optics to watching over fish farms", "Nagi Network"}
	first, err := f.Draw(text)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Parse(goregular.TTF)
	second, err := again.Draw(text)
	if err != nil || !bytes.Equal(first, second) || f.Name(text) != again.Name(text) {
		t.Error("the same text has other bytes or another name")
	}
	m, err := png.Decode(bytes.NewReader(first))
	if err != nil || m.Bounds() != image.Rect(0, 0, Width, Height) {
		t.Fatal(m.Bounds(), err)
	}
	if got := m.At(5, 5); got != paper {
		t.Errorf("paper: got %v, want %v", got, paper)
	}
	if got := m.At(600, horizon+1); got != ai {
		t.Errorf("horizon: got %v, want %v", got, ai)
	}
	for name, other := range map[string]Text{"title": {"Another", text.Site}, "site": {text.Title, "Another"}} {
		if f.Name(other) == f.Name(text) {
			t.Errorf("another %s has the same name", name)
		}
	}
	if got := f.Missing(Text{"Nagi 凪", ""}); got != '凪' {
		t.Errorf("missing: got %q, want 凪", got)
	}
	if len(first) > 60_000 {
		t.Errorf("got %d bytes, want at most 60,000", len(first))
	}
}

func TestCardInJapanese(t *testing.T) {
	data, err := os.ReadFile("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("fonts-noto-cjk is not installed")
	}
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	text := Text{"灯台の光から、養殖いけすの見守りへ ― 髙梨湊さん", "凪の会"}
	if r := f.Missing(text); r != 0 {
		t.Errorf("missing: got %q, want nothing", r)
	}
	if b, err := f.Draw(text); err != nil || len(b) < 5000 {
		t.Errorf("got %d bytes and %v", len(b), err)
	}
}

func TestWhatIsNoFont(t *testing.T) {
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("font"), "half a font": goregular.TTF[:len(goregular.TTF)/2]} {
		if f, err := Parse(data); err == nil {
			if _, err = f.Draw(Text{"abc", "d"}); err == nil {
				t.Errorf("%s: got a card, want an error", name)
			}
		}
	}
}

// FuzzFont holds that a damaged font is an error and no crash.
func FuzzFont(f *testing.F) {
	f.Add(uint32(100), byte(3))
	f.Add(uint32(5000), byte(255))
	f.Fuzz(func(t *testing.T, at uint32, value byte) {
		data := bytes.Clone(goregular.TTF)
		for i := range 8 {
			data[(int(at)+i*7919)%len(data)] ^= value
		}
		if font, err := Parse(data); err == nil {
			_, _ = font.Draw(Text{"Nagi", "a"}) // drawn or not: it came back
		}
	})
}
