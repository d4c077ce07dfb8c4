package card

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/goregular"

	"kaiho/generator/theme"
)

// accent is another colour than the built-in theme's.
var accent = theme.Colour{R: 0x2f, G: 0x6b, B: 0x4f}

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
		{"lines end where phrases do", "灯台の光から、養殖いけすの見守りへ", 8, 3, "灯台の光から、|養殖いけすの|見守りへ"},
		{"and are of about one length", "協業募集：水温ロガーの実証先をさがしています", 15, 3, "協業募集：水温ロガーの|実証先をさがしています"},
		{"Latin lines are, too", "from the lighthouse to the sea", 11, 3, "from the lighthouse|to the sea"},
		{"a phrase longer than a line is torn", "漢字漢字漢字の", 5, 3, "漢字漢字|漢字の"},
		{"no line begins with a comma", "漢字漢字漢字、漢字の漢字", 6, 3, "漢字漢字漢|字、漢字の|漢字"},
		{"nor with a closing bracket and a full stop", "「漢字漢字」。の字", 6, 3, "「漢字漢|字」。の字"},
		{"nor with a small kana", "アイウエチョットノ", 5, 3, "アイウエ|チョットノ"},
		{"nor with a long vowel's mark", "アイウエサーバー", 5, 3, "アイウエ|サーバー"},
		{"no line ends with an opening bracket", "漢字漢字「漢字」の", 5, 3, "漢字漢字|「漢字」の"},
		{"two dashes stay together", "漢字漢――字漢字の", 4, 3, "漢字|漢――字|漢字の"},
		{"a dash ends a line and begins none", "Letters from abroad — In Lisbon the tide", 11, 3, "Letters from abroad —|In Lisbon the tide"},
		{"Latin words stay whole", "from the sea to land", 4, 9, "from|the sea|to land"},
		{"Latin beside Japanese may be parted", "あいOPTICSう", 4, 4, "あい|OPTICSう"},
		{"a word longer than a line is cut", "abcdefghij", 2, 4, "abcd|efgh|ij"},
		{"the last line ends in an ellipsis", "漢字漢字漢字漢字漢字の", 3, 2, "漢字漢|字漢…"},
		{"no ellipsis behind a comma", "漢字漢字、漢字漢字の", 3, 2, "漢字漢|字…"},
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
	f, err := Parse(goregular.TTF, accent)
	if err != nil {
		t.Fatal(err)
	}
	text := Text{"From lighthouse optics to watching over fish farms", "Nagi Network"}
	first, err := f.Draw(text)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Parse(goregular.TTF, accent)
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
	for _, c := range []struct {
		what string
		x, y int
		want color.RGBA
	}{{"horizon", 600, horizon + 1, opaque(accent)}, {"lens", lensX - innerArc, horizon + 1, opaque(accent)}, {"lamp", lensX, horizon + 1, beam}, {"paper below", 600, horizon + 20, paper}} {
		if got := m.At(c.x, c.y); got != c.want {
			t.Errorf("%s: got %v, want %v", c.what, got, c.want)
		}
	}
	if other, err := Parse(goregular.TTF, theme.Colour{R: 0x80}); err != nil || other.Name(text) == f.Name(text) {
		t.Errorf("another colour has the same name: %v", err)
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
	f, err := Parse(data, accent)
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
		if f, err := Parse(data, accent); err == nil {
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
		if font, err := Parse(data, accent); err == nil {
			_, _ = font.Draw(Text{"Nagi", "a"}) // drawn or not: it came back
		}
	})
}
