// Package mailertest has a mail server for tests, as net/http/httptest has one of the
// web, and a certificate for it. Only files of tests import this package.
//
// The server speaks SMTP (RFC 5321) with PIPELINING, STARTTLS and AUTH, and is there for
// those who send by package mailer. How mailer itself stands up to servers that know
// more, or that lie, is looked at in its own tests, with others.
package mailertest

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
	"strings"
	"sync"
	"testing"
	"time"
)

// Cut, in the place of a reply, closes the connection without a word.
const Cut = "cut"

// Server is a mail server on loopback. It takes every letter, but for what Answer and
// Text say; each connection calls them for itself. The fields are set before Start.
type Server struct {
	Plain          []string    // extensions that are offered before TLS
	Secured        []string    // and with it
	TLS            *tls.Config // for STARTTLS, if that is offered
	Implicit       bool        // TLS comes first
	User, Password string      // that AUTH takes, by PLAIN or LOGIN

	// Answer returns the reply to a command, without CRLF, or Cut; "" leaves it to the
	// server. verb is in upper case, rest what stands behind it. Before the greeting,
	// which is its reply then, verb is ""; DATA comes only if there is a recipient. Behind
	// 421 the connection is closed.
	Answer func(verb, rest string) string

	// Text returns the reply to the text of a letter, or Cut; "" takes it. read returns
	// the text, with its dots doubled as they came, and whether its terminator came, too.
	Text func(to string, read func() (text string, whole bool)) string

	// Addr is where the server listens, from Start on.
	Addr *net.TCPAddr

	listener net.Listener
	running  sync.WaitGroup
}

// Start listens until the test ends, or Close is called.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.Addr = s.listener.Addr().(*net.TCPAddr)
	ending := t.Context() // before Close is called: no connection outlives the test
	s.running.Go(func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			s.running.Go(func() {
				defer context.AfterFunc(ending, func() { conn.Close() })()
				s.serve(conn)
			})
		}
	})
	t.Cleanup(s.Close)
}

// Close closes the port, and waits for the end of all connections.
func (s *Server) Close() {
	s.listener.Close()
	s.running.Wait()
}

// talk is one connection.
type talk struct {
	server *Server
	conn   net.Conn
	in     *bufio.Reader
	offers []string
	to     string // who gets the letter; "" before a recipient was taken
}

func (s *Server) serve(conn net.Conn) {
	c := &talk{server: s, conn: conn, in: bufio.NewReader(conn), offers: s.Plain}
	defer func() { c.conn.Close() }()
	if s.Implicit {
		c.secure()
	}
	for verb, rest := "", ""; c.do(verb, rest); {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ = strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		verb = strings.ToUpper(verb)
	}
}

// secure begins TLS.
func (c *talk) secure() {
	c.conn = tls.Server(c.conn, c.server.TLS)
	c.in, c.offers = bufio.NewReader(c.conn), c.server.Secured
}

// do does what a command asks, and reports whether the connection lasts.
func (c *talk) do(verb, rest string) bool {
	reply := c.reply(verb, rest)
	if !c.say(reply) {
		return false
	}
	done := strings.HasPrefix(reply, "2") || strings.HasPrefix(reply, "354")
	switch {
	case verb == "MAIL" || verb == "RSET" || verb == "EHLO":
		c.to = ""
	case verb == "RCPT" && done:
		_, to, _ := strings.Cut(rest, "<")
		c.to = to[:max(strings.LastIndexByte(to, '>'), 0)]
	case verb == "STARTTLS" && done:
		c.secure()
	case verb == "DATA" && done:
		return c.letter()
	}
	return verb != "QUIT"
}

// say writes a reply, and reports whether the connection lasts.
func (c *talk) say(reply string) bool {
	if reply == Cut {
		return false
	}
	fmt.Fprintf(c.conn, "%s\r\n", reply) // who is gone is seen to be gone at the next line
	return !strings.HasPrefix(reply, "421")
}

func (c *talk) reply(verb, rest string) string {
	if verb == "DATA" && c.to == "" {
		return "554 5.5.1 no valid recipients"
	}
	if c.server.Answer != nil {
		if reply := c.server.Answer(verb, rest); reply != "" {
			return reply
		}
	}
	switch verb {
	case "":
		return "220 relay.example ESMTP"
	case "EHLO":
		return strings.Join(append([]string{"250-relay.example"}, c.offers...), "\r\n250-") + "\r\n250 HELP"
	case "MAIL", "RCPT", "RSET", "NOOP":
		return "250 2.0.0 ok"
	case "DATA":
		return "354 go ahead"
	case "STARTTLS":
		return "220 go on"
	case "AUTH":
		return c.auth(rest)
	case "QUIT":
		return "221 bye"
	}
	return "502 5.5.2 what?"
}

func (c *talk) auth(rest string) string {
	encoded := base64.StdEncoding.EncodeToString
	ok := rest == "PLAIN "+encoded([]byte("\x00"+c.server.User+"\x00"+c.server.Password))
	if rest == "LOGIN" {
		ok = true
		for _, q := range [][2]string{{"Username:", c.server.User}, {"Password:", c.server.Password}} {
			c.say("334 " + encoded([]byte(q[0])))
			answer, _ := c.in.ReadString('\n')
			ok = ok && strings.TrimSpace(answer) == encoded([]byte(q[1]))
		}
	}
	if ok {
		return "235 2.7.0 welcome"
	}
	return "535 5.7.8 authentication failed"
}

// letter takes a text.
func (c *talk) letter() bool {
	read := func() (string, bool) {
		var b strings.Builder
		for {
			line, err := c.in.ReadString('\n')
			if err != nil || line == ".\r\n" {
				return b.String(), err == nil
			}
			b.WriteString(line)
		}
	}
	to := c.to
	c.to = ""
	if c.server.Text != nil {
		if reply := c.server.Text(to, read); reply != "" {
			return c.say(reply)
		}
	} else if _, whole := read(); !whole {
		return false
	}
	return c.say("250 2.0.0 Ok: queued as A1")
}

// Certificate returns a certificate for names, or IP addresses, and the pool that
// trusts it.
func Certificate(t testing.TB, from, until time.Time, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
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
