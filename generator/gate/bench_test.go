package gate_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"kaiho/generator/gate"
)

var quiet = slog.New(slog.DiscardHandler)

func benchmarkSite(b *testing.B) *fixture {
	f := newFixture(b, func(o *gate.Options) { o.Log = quiet })
	site := files()
	page := "<!doctype html><title>20 KB</title>" + strings.Repeat("<p>凪の会のページ</p>", 20_000/28)
	site["public/page/index.html"], site["members/alumni/page/index.html"] = page, page+canary
	build(b, f.dist, site)
	return f
}

// BenchmarkGet compares a page of 20 KB from the gate, with a session and
// without, to http.FileServer on the same file: in process, access log off.
func BenchmarkGet(b *testing.B) {
	f := benchmarkSite(b)
	plain := http.FileServer(http.Dir(f.dist + "/members/alumni"))
	for _, bb := range []struct {
		name    string
		handler http.Handler
		cookie  string
	}{{"server=FileServer", plain, ""}, {"server=gate/reader=public", f.gate, ""}, {"server=gate/reader=member", f.gate, f.cookie(alumna)}} {
		b.Run(bb.name, func(b *testing.B) {
			r := request(b, "GET", "https://nagi.example/page/")
			if bb.cookie != "" {
				r.Header.Set("Cookie", bb.cookie)
			}
			w := newRecorder()
			b.ReportAllocs()
			for b.Loop() {
				w.reset()
				bb.handler.ServeHTTP(w, r)
			}
			if w.bytes < 19_000 {
				b.Fatalf("got %d with %d bytes", w.status, w.bytes)
			}
		})
	}
}

// BenchmarkSession is what a session costs at every request.
func BenchmarkSession(b *testing.B) {
	f := benchmarkSite(b)
	r := request(b, "GET", "https://nagi.example/page/", "Cookie", f.cookie(alumna))
	b.ReportAllocs()
	for b.Loop() {
		if s, err := f.gate.Session(r, f.clock.now); err != nil || s == nil {
			b.Fatal(fmt.Sprint("got no session, ", err))
		}
	}
}

// BenchmarkReload is what a request pays that comes first after a build.
func BenchmarkReload(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprintf("files=%d", n), func(b *testing.B) {
			f := newFixture(b, func(o *gate.Options) { o.Log = quiet })
			site := files()
			for i := range n {
				site[fmt.Sprintf("public/news/%d/index.html", i)] = fmt.Sprint("page ", i)
			}
			build(b, f.dist, site)
			r, w := request(b, "GET", "https://nagi.example/about/"), newRecorder()
			for b.Loop() {
				b.StopTimer()
				f.gate.Forget()
				w.reset()
				b.StartTimer()
				f.gate.ServeHTTP(w, r)
			}
		})
	}
}
