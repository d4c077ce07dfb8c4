package newsletter_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"kaiho/generator/member"
	"kaiho/generator/newsletter"
)

// large is a project whose members' letter has about 30 KB of HTML, a text edition,
// and twelve links behind the token that opens pages.
func large() map[string]string {
	files := small(map[string]string{
		"site.yaml":                         conf + "newsletter: {limit: 20}\n",
		"content/columns/members.md":        "",
		"content/newsletters/2026-11-18.md": strings.Replace(issuePage("lead: interviews/lead.md"), "いかが", strings.Repeat("朝の浜を歩くと、波の引いたあとに小さな貝が並んでいました。", 18)+"いかが", 1),
	})
	for n := range 11 { // and the issue on the web is the twelfth
		files[fmt.Sprintf("content/columns/members-%02d.md", n)] = page("本文。", fmt.Sprintf("title: 会員の話 その%d", n), "date: 2026-11-10", "audience: alumni",
			"summary: "+strings.Repeat("灯台の光は二十キロ先まで届きます。", 16))
	}
	return files
}

// BenchmarkCompose writes letters to many members: tokens signed, slots filled, the
// whole message in base64.
func BenchmarkCompose(b *testing.B) {
	template, keys := template(b, large(), "alumni-ja"), ring(b)
	write := func(buffer []byte, n int) []byte {
		m := someone()
		m.ID = uint32(n + 1)
		m.Name = member.Name{Family: "髙梨", Given: fmt.Sprint("湊", n%1000)}
		m.Joined = 1960 + n%60
		buffer, err := template.Append(buffer[:0], newsletter.Person{Member: m, Date: noon}, keys)
		if err != nil {
			b.Fatal(err)
		}
		return buffer
	}
	first := write(nil, 0)
	html := readMessage(b, first).html
	if links := strings.Count(html, "https://nagi.example/k/"); links < 12 || len(html) < 28_000 {
		b.Fatalf("the letter has %d links and %d bytes of HTML, want 12 and 30 KB", links, len(html))
	}
	b.Run(fmt.Sprintf("html=%dKB/message=%dKB", len(html)>>10, len(first)>>10), func(b *testing.B) {
		b.ReportAllocs()
		buffer, n := make([]byte, 0, 2*len(first)), 0
		for b.Loop() {
			buffer = write(buffer, n)
			n++
			if _, err := io.Discard.Write(buffer); err != nil {
				b.Fatal(err)
			}
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
		b.ReportMetric(float64(memory.Sys>>20), "MB-of-process")
	})
	b.Run("signing alone", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			if err := newsletter.SignAll(template, uint32(n), keys); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
	})
}
