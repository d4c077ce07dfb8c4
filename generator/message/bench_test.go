package message

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// ofSize returns about n bytes of s, whole.
func ofSize(s string, n int) string { return strings.Repeat(s, n/len(s)+1) }

// newsletter is a template like that of an issue: html and plain bytes of text, and
// places for a name (slot 1), a link (slot 2) that recurs, and other links.
func newsletter(html, plain, slots int) (Spec, Letter) {
	spread := func(size, places int, sentence string) Text {
		var t Text
		for i := range places {
			slot := 2
			if i == 0 || i > 11 {
				slot = i%slots + 1
			}
			t = append(t, Piece{Text: ofSize(sentence, size/(places+1))}, Piece{Slot: slot})
		}
		return append(t, Piece{Text: ofSize(sentence, size/(places+1))})
	}
	values := []string{"髙梨 湊"}
	for range slots {
		values = append(values, "https://nagi.example/k/"+strings.Repeat("Ab3", 42)+"/")
	}
	s := Spec{From: Mailbox{"凪だより", "letter@nagi.example"}, ReplyTo: Mailbox{Address: "office@nagi.example"},
		Subject: "凪だより 2026年11月号：冬の集いと、新しい工場の見学会のお知らせ", Language: "ja",
		Fields: []Field{{"List-Id", Phrase("凪だより") + " <letter.nagi.example>"}, {"List-Help", "<https://nagi.example/help/>"},
			{"Precedence", "bulk"}, {"Auto-Submitted", "auto-generated"}, {"Feedback-ID", "2026-11:all:issue:nagikai"}},
		HTML:  spread(html, slots, "<p style=\"margin:0 0 16px;line-height:1.8\">冬の集いは十二月五日、母校の講堂で開きます。</p>\n"),
		Plain: spread(plain, 12, "冬の集いは十二月五日、母校の講堂で開きます。\n")}
	l := Letter{To: Mailbox{"髙梨 湊", "foo..bar@docomo.ne.jp"}, MessageID: "mzxw6ytboi3tqobzgaytemzugu3a@nagi.example",
		Date: time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*3600)), HTML: values, Plain: values,
		Fields: []Field{{"List-Unsubscribe", "<https://nagi.example/u/" + strings.Repeat("Ab3", 42) + ">, <mailto:u+mzxw6ytboi3tq@nagi.example>"},
			{"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}}}
	return s, l
}

// reencode is Append without anything encoded beforehand, to compare with.
func reencode(t *Template, dst []byte, l Letter, s Spec) ([]byte, error) {
	dst, err := t.appendHeader(dst, l)
	if err != nil {
		return nil, err
	}
	whole := func(dst []byte, text Text, values []string) []byte {
		e := encoder{dst: dst}
		for _, p := range text {
			if p.Slot > 0 {
				e.writeLines(values[p.Slot-1])
			} else {
				e.write(p.Text) // as if its line ends were CRLF
			}
		}
		e.flush()
		return e.dst
	}
	dst = whole(append(dst, t.opening...), s.Plain, l.Plain)
	dst = whole(append(dst, t.between...), s.HTML, l.HTML)
	return append(dst, t.closing...), nil
}

func BenchmarkAppend(b *testing.B) {
	for _, size := range []struct{ html, plain, slots int }{{30_000, 10_000, 20}, {3_000, 1_000, 4}, {80_000, 20_000, 60}} {
		s, l := newsletter(size.html, size.plain, size.slots)
		t, err := Compile(s)
		if err != nil {
			b.Fatal(err)
		}
		name := fmt.Sprintf("html=%dKB/slots=%d", size.html/1000, size.slots)
		for _, way := range []struct {
			name  string
			write func(dst []byte) ([]byte, error)
		}{
			{"", func(dst []byte) ([]byte, error) { return t.Append(dst, l) }},
			{"/way=reencode", func(dst []byte) ([]byte, error) { return reencode(t, dst, l, s) }},
		} {
			b.Run(name+way.name, func(b *testing.B) {
				var dst []byte
				b.ReportAllocs()
				for b.Loop() {
					if dst, err = way.write(dst[:0]); err != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(int64(len(dst)))
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
			})
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	s, _ := newsletter(30_000, 10_000, 20)
	for b.Loop() {
		if _, err := Compile(s); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAllocations: of a letter for many, nothing is left for the garbage collector.
func TestAllocations(t *testing.T) {
	s, l := newsletter(30_000, 10_000, 20)
	tmpl, err := Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]byte, 0, 200_000)
	l.To.Name = strings.Repeat("髙\u202e橋\r\n", 50)
	got := testing.AllocsPerRun(100, func() {
		if _, err := tmpl.Append(dst, l); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}
