package doctor_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/doctor"
)

// certified returns a certificate for names, and the pool that trusts it.
func certified(t *testing.T, from, until time.Time, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: until, DNSNames: names,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// server is a mail server on loopback that says what it is told to.
type server struct {
	greeting   string
	plain      []string // offered before TLS; nil: no EHLO
	secured    []string // offered with TLS
	tls        *tls.Config
	implicit   bool
	user, pass string

	mu   sync.Mutex
	said []string // by the client, without what belongs to AUTH
}

func (s *server) start(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); running.Wait() })
	return l.Addr().String()
}

func (s *server) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	offers := s.plain
	if s.implicit {
		conn = tls.Server(conn, s.tls)
		offers = s.secured
	}
	in := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say(or(s.greeting, "220 relay ESMTP"))
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		s.mu.Lock()
		s.said = append(s.said, verb)
		s.mu.Unlock()
		switch verb {
		case "EHLO":
			say("250-relay")
			for _, o := range offers {
				say("250-" + o)
			}
			say("250 HELP")
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.tls)
			in, offers = bufio.NewReader(conn), s.secured
		case "AUTH":
			s.auth(line, in, say)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 what?")
		}
	}
}

func (s *server) auth(line string, in *bufio.Reader, say func(string)) {
	want := base64.StdEncoding.EncodeToString([]byte("\x00" + s.user + "\x00" + s.pass))
	ok := strings.HasSuffix(line, " "+want)
	if strings.HasSuffix(line, " LOGIN") {
		ok = true
		for _, q := range [][2]string{{"Username:", s.user}, {"Password:", s.pass}} {
			say("334 " + base64.StdEncoding.EncodeToString([]byte(q[0])))
			answer, _ := in.ReadString('\n')
			ok = ok && strings.TrimSpace(answer) == base64.StdEncoding.EncodeToString([]byte(q[1]))
		}
	}
	if ok {
		say("235 2.7.0 welcome")
	} else {
		say("535 5.7.8 authentication failed")
	}
}

func TestRelay(t *testing.T) {
	year := 365 * 24 * time.Hour
	right, roots := certified(t, now().Add(-year/2), now().Add(year/2), "smtp.relay.example")
	other, otherRoots := certified(t, now().Add(-year/2), now().Add(year/2), "other.example")
	old, oldRoots := certified(t, now().Add(-year), now().Add(-time.Hour), "smtp.relay.example")
	ending, endingRoots := certified(t, now().Add(-year), now().Add(3*24*time.Hour), "smtp.relay.example")
	secure := []string{"PIPELINING", "SIZE 10240000", "AUTH PLAIN LOGIN"}
	const with = "smtp://letter:p%40ss@smtp.relay.example"
	for _, test := range []struct {
		name, url, tls string
		server         *server
		cert           tls.Certificate
		roots          *x509.CertPool
		wants          []string
	}{
		{"it takes letters", with, "", &server{plain: []string{"STARTTLS"}, secured: secure}, right, roots, []string{"ok relay-fine", "ok relay-pipelining"}},
		{"TLS comes first", strings.Replace(with, "smtp:", "smtps:", 1), "", &server{implicit: true, secured: secure}, right, roots, []string{"ok relay-fine", "ok relay-pipelining"}},
		{"without PIPELINING it is slower", with, "", &server{plain: []string{"STARTTLS"}, secured: []string{"AUTH PLAIN"}}, right, roots, []string{"ok relay-fine", "ok relay-one-by-one"}},
		{"LOGIN alone is enough", with, "", &server{plain: []string{"STARTTLS"}, secured: []string{"AUTH LOGIN"}}, right, roots, []string{"ok relay-fine", "ok relay-one-by-one"}},
		{"the password is wrong", "smtp://letter:wrong@smtp.relay.example", "", &server{plain: []string{"STARTTLS"}, secured: secure}, right, roots, []string{"error relay-auth"}},
		{"it takes no password", with, "", &server{plain: []string{"STARTTLS"}, secured: []string{"SIZE 0"}}, right, roots, []string{"error relay-no-auth"}},
		{"it takes passwords in ways that are not ours", with, "", &server{plain: []string{"STARTTLS"}, secured: []string{"AUTH XOAUTH2", "SIZE"}}, right, roots, []string{"error relay-no-auth"}},
		{"no user, no password", "smtp://smtp.relay.example", "", &server{plain: []string{"STARTTLS"}, secured: secure}, right, roots, []string{"ok relay-fine", "ok relay-pipelining"}},
		{"messages may be too small", with, "", &server{plain: []string{"STARTTLS"}, secured: []string{"AUTH PLAIN", "SIZE 100000"}}, right, roots,
			[]string{"error doctor-relay-size", "ok relay-fine", "ok relay-one-by-one"}},
		{"it offers no TLS", with, "", &server{plain: secure}, right, roots, []string{"error relay-no-tls"}},
		{"it offers no TLS, and none is asked for", "smtp://smtp.relay.example", "opportunistic", &server{plain: secure}, right, roots,
			[]string{"warning relay-without-tls", "ok relay-fine", "ok relay-pipelining"}},
		{"a password never goes out without TLS", with, "opportunistic", &server{plain: secure}, right, roots, []string{"error relay-no-tls"}},
		{"the certificate is for another name", with, "", &server{plain: []string{"STARTTLS"}, secured: secure}, other, otherRoots, []string{"error relay-certificate"}},
		{"the certificate has ended", with, "", &server{plain: []string{"STARTTLS"}, secured: secure}, old, oldRoots, []string{"error relay-certificate"}},
		{"nobody trusts the certificate", with, "", &server{plain: []string{"STARTTLS"}, secured: secure}, right, otherRoots, []string{"error relay-certificate"}},
		{"the certificate ends soon", with, "", &server{plain: []string{"STARTTLS"}, secured: secure}, ending, endingRoots,
			[]string{"warning certificate-soon", "ok relay-fine", "ok relay-pipelining"}},
		{"it is busy", with, "", &server{greeting: "421 too many"}, right, roots, []string{"error relay-greeting"}},
		{"it speaks HTTP", with, "", &server{greeting: "HTTP/1.1 400 Bad Request"}, right, roots, []string{"error relay-greeting"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.server
			s.user, s.pass, s.tls = "letter", "p@ss", &tls.Config{Certificates: []tls.Certificate{test.cert}}
			at := s.start(t)
			o := options(t)
			o.SMTPURL, o.SMTPTLS, o.Roots = test.url, test.tls, test.roots
			o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, at)
			}
			fs := doctor.Run(t.Context(), o)
			wants(t, fs, doctor.Relay, test.wants...)
			for _, f := range fs {
				if text := f.Message(diag.English) + f.Remedy(diag.English); strings.Contains(text, "p@ss") || strings.Contains(text, "p%40ss") {
					t.Errorf("the password is in %q", text)
				}
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if slices.ContainsFunc(s.said, func(v string) bool { return v == "MAIL" || v == "RCPT" || v == "DATA" }) {
				t.Errorf("got commands %q, want none that sends", s.said)
			}
			if n := len(s.said); strings.HasPrefix(test.wants[len(test.wants)-1], "ok") && s.said[n-1] != "QUIT" {
				t.Errorf("got commands %q, want QUIT in the end", s.said)
			}
		})
	}
}

func TestAnEndlessReplyEnds(t *testing.T) {
	s := &server{greeting: strings.Repeat("220-a\r\n", 100_000) + "220 a"}
	o := options(t)
	o.SMTPURL, o.Dial = "smtp://"+s.start(t), nil
	fs := doctor.Run(t.Context(), o)
	wants(t, fs, doctor.Relay, "error relay-greeting")
	if got := of(fs, doctor.Relay)[0].Message(diag.English); !strings.Contains(got, "does not end") {
		t.Errorf("got %q, want that it does not end", got)
	}
}

func TestRelayThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	refuses := func(err error) func(context.Context, string, string) (net.Conn, error) {
		return func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: err}
		}
	}
	for _, test := range []struct {
		name, url string
		dial      func(context.Context, string, string) (net.Conn, error)
		want      string
	}{
		{"nobody listens", "smtp://" + closed, nil, "error relay-unreachable"},
		{"the DNS does not know it", "smtp://smtp.relay.example", refuses(&net.DNSError{Err: "no such host", IsNotFound: true}), "error relay-unknown"},
		{"the DNS does not answer", "smtp://smtp.relay.example", refuses(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), "warning dns-silent"},
		{"it never answers", "smtp://smtp.relay.example", func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, "error relay-unreachable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			o := options(t)
			o.SMTPURL, o.Dial = test.url, test.dial
			wants(t, doctor.Run(ctx, o), doctor.Relay, test.want)
		})
	}
}

func TestEnvironment(t *testing.T) {
	for _, test := range []struct {
		name, url, tls, dkim string
		wants                []string
		local                bool
	}{
		{"no URL is the outbox", "", "", "", []string{"ok relay-none"}, true},
		{"a server elsewhere", "smtp://u:p@smtp.relay.example:587", "", "", nil, false},
		{"a server on this machine", "smtp://localhost:2525", "none", "", nil, true},
		{"127.1.2.3 is this machine", "smtp://127.1.2.3", "none", "", nil, true},
		{"[::1] is this machine", "smtp://[::1]:25", "none", "", nil, true},
		{"a name that begins like this machine's", "smtp://localhost.example:25", "", "", nil, false},
		{"another scheme", "http://smtp.relay.example", "", "", []string{"error relay-url"}, false},
		{"no host", "smtp://", "", "", []string{"error relay-url"}, false},
		{"a port that is none", "smtp://smtp.relay.example:70000", "", "", []string{"error relay-url"}, false},
		{"a path", "smtp://smtp.relay.example/x", "", "", []string{"error relay-url"}, false},
		{"a password with a slash", "smtp://u:a/b@smtp.relay.example", "", "", []string{"error relay-url"}, false},
		{"a policy that is none", "smtp://smtp.relay.example", "require", "", []string{"error relay-tls-policy"}, false},
		{"no TLS to elsewhere", "smtp://smtp.relay.example", "none", "", []string{"error relay-tls-none"}, false},
		{"TLS if it can be", "smtp://smtp.relay.example", "opportunistic", "", []string{"warning relay-tls-maybe"}, false},
		{"no TLS, and TLS comes first", "smtps://smtp.relay.example", "none", "", []string{"error relay-tls-none"}, false},
		{"a user without a password", "smtp://letter@smtp.relay.example", "", "", []string{"error relay-url"}, false},
		{"a signer without a file", "", "", "nagi.example:k1", []string{"ok relay-none", "error dkim-form"}, true},
		{"a signer without a domain", "", "", ":k1:f.pem", []string{"ok relay-none", "error dkim-form"}, true},
		{"a second signer that is empty", "", "", "nagi.example:k1:f.pem,", []string{"ok relay-none", "error dkim-form"}, true},
		{"a file with a colon", "", "", `nagi.example:k1:C:\k.pem`, []string{"ok relay-none"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.SMTPURL, o.SMTPTLS, o.DKIM = test.url, test.tls, test.dkim
			fs := slices.DeleteFunc(of(doctor.Run(t.Context(), o), doctor.Settings), func(f doctor.Finding) bool {
				return !strings.HasPrefix(string(f.ID), "relay-") && !strings.HasPrefix(string(f.ID), "dkim-")
			})
			wants(t, fs, doctor.Settings, test.wants...)
			if got := doctor.IsLocal(test.url); got != test.local {
				t.Errorf("IsLocal: got %t, want %t", got, test.local)
			}
		})
	}
}
