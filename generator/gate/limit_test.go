package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kaiho/generator/gate"
)

func TestRefusedTokensAreLimitedByNetwork(t *testing.T) {
	f := newFixture(t, nil)
	bad := "/k/" + strings.Repeat("A", 112)
	good := "/k/" + f.link(1, alumna, f.clock.Now(), 0)
	for _, tt := range []struct {
		name, from, target string
		want               int
	}{
		{"another network may still", "198.51.100.7", bad, 404},
		{"this one may not", "192.0.2.1", bad, 429},
		{"but whoever has a good link from there may", "192.0.2.1", good, 303},
		{"somebody else enters", "198.51.100.7", good, 303},
		{"an IPv6 neighbour in the same /64 may not", "2001:db8::2", bad, 429},
		{"one in another /64 may", "2001:db8:0:1::2", bad, 404},
		{"an IPv4 address written as IPv6 is the same", "::ffff:192.0.2.1", bad, 429},
		{"whoever says so cannot be somebody else", "198.51.100.7, 192.0.2.1", bad, 429},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := f
			if tt.want != 404 {
				for range 40 {
					from := tt.from[strings.LastIndex(tt.from, " ")+1:]
					f.do("GET", bad, "X-Forwarded-For", strings.Replace(from, "::2", "::1", 1))
				}
			}
			if got := f.do("GET", tt.target, "X-Forwarded-For", tt.from).StatusCode; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := gate.NewLimiter(10*time.Second, 3)
		took := func(key string) (n int) {
			for l.Take(key) {
				n++
			}
			return n
		}
		for _, step := range []struct {
			wait time.Duration
			want int
		}{{0, 3}, {0, 0}, {9 * time.Second, 0}, {time.Second, 1}, {20 * time.Second, 2}, {time.Hour, 3}} {
			time.Sleep(step.wait)
			if got := took("a"); got != step.want {
				t.Errorf("after %s: got %d, want %d", step.wait, got, step.want)
			}
		}
		for i := range 3 * gate.MaxKeys {
			l.Take(fmt.Sprint(i))
		}
		if got := l.Len(); got > gate.MaxKeys {
			t.Errorf("got %d keys, want at most %d", got, gate.MaxKeys)
		}
	})
}
