// Package mailertest has a mail server for tests, as net/http/httptest has one of the
// web, and a certificate for it. Only files of tests import this package.
package mailertest

import (
	"bufio"
	"cmp"
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
)

// Certificate returns a certificate for names, and the pool that trusts it.
func Certificate(t testing.TB, from, until time.Time, names ...string) (tls.Certificate, *x509.CertPool) {
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

// Server is a mail server on loopback that says what it is told to.
type Server struct {
	Greeting       string   // "" is a usual one
	Plain          []string // extensions that are offered before TLS
	Secured        []string // and with it
	TLS            *tls.Config
	Implicit       bool   // TLS comes first
	User, Password string // that AUTH takes

	mu   sync.Mutex
	said []string // by the client, without what belongs to AUTH
}

// Start listens until the test ends, and returns host and port.
func (s *Server) Start(t testing.TB) string {
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

func (s *Server) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	offers := s.Plain
	if s.Implicit {
		conn = tls.Server(conn, s.TLS)
		offers = s.Secured
	}
	in := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say(cmp.Or(s.Greeting, "220 relay ESMTP"))
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
			conn = tls.Server(conn, s.TLS)
			in, offers = bufio.NewReader(conn), s.Secured
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

func (s *Server) auth(line string, in *bufio.Reader, say func(string)) {
	want := base64.StdEncoding.EncodeToString([]byte("\x00" + s.User + "\x00" + s.Password))
	ok := strings.HasSuffix(line, " "+want)
	if strings.HasSuffix(line, " LOGIN") {
		ok = true
		for _, q := range [][2]string{{"Username:", s.User}, {"Password:", s.Password}} {
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

// Said returns the verbs of all commands so far, without what belongs to AUTH.
func (s *Server) Said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.said)
}
