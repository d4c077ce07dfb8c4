package mailer_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wneessen/go-mail"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

// deliver sends n letters over some sessions.
func deliver(b *testing.B, sessions []*mailer.Session, e mailer.Envelope, n int) {
	letters := make(chan mailer.Envelope, 2*len(sessions))
	var wait sync.WaitGroup
	for _, s := range sessions {
		wait.Go(func() {
			err := s.Run(b.Context(), letters, func(*mailer.Envelope) error { return nil }, func(_ *mailer.Envelope, o mailer.Outcome) {
				if o.State != mailer.Sent {
					b.Errorf("got %+v, want sent", o)
				}
			})
			if err != nil {
				b.Error(err)
			}
		})
	}
	for range n {
		letters <- e
	}
	close(letters)
	wait.Wait()
}

func sessionsOf(r *mailer.Relay, n int) []*mailer.Session {
	var all []*mailer.Session
	for range n {
		all = append(all, r.Session())
	}
	return all
}

func perSecond(b *testing.B, batch int) {
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "letters/s")
}

// BenchmarkRelaySink sends letters composed beforehand to Postfix's smtp-sink, and
// beside it Postfix's own smtp-source sends as many of the same size.
func BenchmarkRelaySink(b *testing.B) {
	const batch = 2000
	for _, size := range []int{10_000, 64_000} {
		for _, sessions := range []int{1, 4, 16} {
			name := fmt.Sprintf("size=%dKB/sessions=%d", size/1000, sessions)
			b.Run(name+"/way=kaiho", func(b *testing.B) {
				all := sessionsOf(relay(b, sink(b), nil), sessions)
				e := envelope(1, size)
				for b.Loop() {
					deliver(b, all, e, batch)
				}
				perSecond(b, batch)
				for _, s := range all {
					s.Close()
				}
			})
			b.Run(name+"/way=smtp-source", func(b *testing.B) {
				path, addr := program(b, "smtp-source"), sink(b)
				for b.Loop() {
					out, err := exec.CommandContext(b.Context(), path, "-d", "-s", strconv.Itoa(sessions), "-m", strconv.Itoa(batch),
						"-l", strconv.Itoa(size), "-f", "b@nagi.example", "-t", "a@mail.example", addr).CombinedOutput()
					if err != nil {
						b.Fatalf("%v: %s", err, out)
					}
				}
				perSecond(b, batch)
			})
		}
	}
}

// distant is a relay that is some time away: a proxy in front of addr that holds what
// passes back, each way, for half of it.
func distant(b *testing.B, addr string, roundTrip time.Duration) string {
	pass := func(to, from net.Conn) {
		type piece struct {
			data []byte
			due  time.Time
		}
		pieces := make(chan piece, 10_000)
		go func() {
			defer close(pieces)
			for {
				p := make([]byte, 64<<10)
				n, err := from.Read(p)
				if err != nil {
					return
				}
				pieces <- piece{p[:n], time.Now().Add(roundTrip / 2)}
			}
		}()
		for p := range pieces {
			time.Sleep(time.Until(p.due))
			to.Write(p.data)
		}
		to.Close()
	}
	return listen(b, func(l net.Listener) {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", addr)
			if err != nil {
				return
			}
			go pass(near, far)
			go pass(far, near)
		}
	}, nil)
}

// BenchmarkRelayDistant sends over one connection to a sink that is ten milliseconds
// away, and beside it go-mail does, as its documentation has it.
func BenchmarkRelayDistant(b *testing.B) {
	const batch = 50
	for _, size := range []int{10_000, 64_000} {
		b.Run(fmt.Sprintf("size=%dKB/way=kaiho", size/1000), func(b *testing.B) {
			all := sessionsOf(relay(b, distant(b, sink(b), 10*time.Millisecond), nil), 1)
			e := envelope(1, size)
			for b.Loop() {
				deliver(b, all, e, batch)
			}
			perSecond(b, batch)
			all[0].Close()
		})
		for _, way := range []struct {
			name    string
			options []mail.Option
		}{{"go-mail", nil}, {"go-mail-bare", []mail.Option{mail.WithoutNoop(), mail.WithoutRset()}}} {
			b.Run(fmt.Sprintf("size=%dKB/way=%s", size/1000, way.name), func(b *testing.B) {
				host, port, _ := net.SplitHostPort(distant(b, sink(b), 10*time.Millisecond))
				number, _ := strconv.Atoi(port)
				client, err := mail.NewClient(host, append(way.options, mail.WithPort(number), mail.WithTLSPolicy(mail.NoTLS))...)
				if err != nil {
					b.Fatal(err)
				}
				m := mail.NewMsg(mail.WithEncoding(mail.NoEncoding))
				if m.From("b@nagi.example") != nil || m.To("a@mail.example") != nil {
					b.Fatal("the addresses are not taken")
				}
				m.SetBodyString(mail.TypeTextPlain, strings.Repeat(strings.Repeat("Ab3/", 18)+"\r\n", size/74))
				connection, err := client.DialToSMTPClientWithContext(context.Background())
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					for range batch {
						if err := client.SendWithSMTPClient(connection, m); err != nil {
							b.Fatal(err)
						}
					}
				}
				perSecond(b, batch)
				connection.Close()
			})
		}
	}
}

// BenchmarkSign signs letters, and beside it as many hashes, with the same key.
func BenchmarkSign(b *testing.B) {
	key := rsaKey(b, 2048)
	s, problems := mailer.ParseSigner("nagi.example:2026:f", func(string) ([]byte, error) { return keyFile(b, key, "RSA PRIVATE KEY"), nil })
	if len(problems) > 0 {
		b.Fatal(problems[0].Message(diag.English))
	}
	for _, size := range []int{10_000, 64_000} {
		message := envelope(1, size).Data
		b.Run(fmt.Sprintf("size=%dKB/way=kaiho", size/1000), func(b *testing.B) {
			var dst []byte
			var err error
			for b.Loop() {
				if dst, err = s.Append(dst[:0], message); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, 1)
		})
	}
	b.Run("way=raw-rsa", func(b *testing.B) {
		hashed := sha256.Sum256([]byte("nagi"))
		for b.Loop() {
			if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, hashed[:]); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, 1)
	})
}
