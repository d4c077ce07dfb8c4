package mailer_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"kaiho/generator/mailer"
	"kaiho/generator/mailer/mailertest"
)

// envelope is letter number n, whose text has about size bytes, some of them dots.
func envelope(n, size int) mailer.Envelope {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: news@nagi.example\r\nTo: member%d@mail.example\r\nSubject: %d\r\nDate: Fri, 20 Nov 2026 09:00:00 +0900\r\nMessage-ID: <%d@nagi.example>\r\n\r\n", n, n, n)
	for line := 0; b.Len() < size; line++ {
		b.WriteString(strings.Repeat(".", line%3) + strings.Repeat("Ab3/", 18) + "\r\n")
	}
	b.WriteString(".\r\n..\r\n")
	return mailer.Envelope{From: fmt.Sprintf("b+%d@nagi.example", n), To: fmt.Sprintf("member%d@mail.example", n), Data: b.Bytes(), Ref: n}
}

// server is emersion's SMTP server, which remembers what it took.
type server struct {
	*smtp.Server
	addr string
	mu   sync.Mutex
	took map[string][]string // recipient → messages for which 250 was decided
	seen map[string]int      // recipient → texts that were read to their terminator
	// Errors to answer with: at MAIL, RCPT, before the text and behind it.
	atMail, atRcpt, atText, atDot func(to string) error
	connections                   int
}

type serverSession struct {
	s  *server
	to string
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections++
	return &serverSession{s: s}, nil
}

func call(f func(string) error, to string) error {
	if f == nil {
		return nil
	}
	return f(to)
}

func (v *serverSession) Mail(from string, _ *smtp.MailOptions) error { return call(v.s.atMail, from) }

func (v *serverSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	return call(v.s.atRcpt, to)
}

func (v *serverSession) Data(r io.Reader) error {
	if err := call(v.s.atText, v.to); err != nil {
		return err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	v.s.seen[v.to]++
	if err := call(v.s.atDot, v.to); err != nil {
		return err
	}
	v.s.took[v.to] = append(v.s.took[v.to], string(text))
	return nil
}
func (v *serverSession) Reset()        {}
func (v *serverSession) Logout() error { return nil }

// authSession is a session of a server with a sign-in.
type authSession struct{ serverSession }

func (v *authSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (v *authSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "office" || password != secretWord {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no: " + user + " " + password}
		}
		return nil
	}), nil
}

const secretWord = "s3cret/word"

// serve runs a server until the test ends. wrap, which may be nil, gets each connection.
func serve(t testing.TB, set func(*server), wrap func(net.Conn) net.Conn) *server {
	t.Helper()
	s := &server{took: map[string][]string{}, seen: map[string]int{}}
	s.Server = smtp.NewServer(s)
	s.Domain, s.AllowInsecureAuth, s.EnableSMTPUTF8 = "relay.example", true, true
	s.ErrorLog = log.New(io.Discard, "", 0)
	if set != nil {
		set(s)
	}
	s.addr = listen(t, func(l net.Listener) { s.Serve(l) }, wrap)
	t.Cleanup(func() { s.Close() })
	return s
}

// listen runs accept on a port of loopback until the test ends.
func listen(t testing.TB, accept func(net.Listener), wrap func(net.Conn) net.Conn) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		accept(&wrapping{l, wrap})
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String()
}

type wrapping struct {
	net.Listener
	wrap func(net.Conn) net.Conn
}

func (w *wrapping) Accept() (net.Conn, error) {
	c, err := w.Listener.Accept()
	if err != nil || w.wrap == nil {
		return c, err
	}
	return w.wrap(c), nil
}

// script is a server that speaks for itself: it gets one connection at a time.
func script(t testing.TB, talk func(c *dialogue)) string {
	t.Helper()
	return listen(t, func(l net.Listener) {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d := &dialogue{Conn: c}
			func() {
				defer c.Close()
				defer func() {
					if r := recover(); r != nil && r != errHungUp {
						panic(r)
					}
				}()
				talk(d)
			}()
		}
	}, nil)
}

// dialogue is one connection of a script.
type dialogue struct {
	net.Conn
	rest []byte // read and not yet given out
}

var errHungUp = errors.New("the client hung up")

// line returns the next line from the client, without CRLF.
func (d *dialogue) line() string {
	for {
		if line, rest, found := bytes.Cut(d.rest, []byte("\r\n")); found {
			d.rest = rest
			return string(line)
		}
		p := make([]byte, 4096)
		n, err := d.Read(p)
		if err != nil {
			panic(errHungUp)
		}
		d.rest = append(d.rest, p[:n]...)
	}
}

// until reads lines up to one, that one included.
func (d *dialogue) until(line string) {
	for d.line() != line {
	}
}

func (d *dialogue) say(lines ...string) {
	d.write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

func (d *dialogue) write(p []byte) {
	if _, err := d.Write(p); err != nil {
		panic(errHungUp)
	}
}

// hello greets, and offers extensions.
func (d *dialogue) hello(extensions ...string) {
	d.say("220 relay.example")
	d.line()
	d.say(append([]string{"250-relay.example"}, append(prefixed("250-", extensions), "250 HELP")...)...)
}

func prefixed(prefix string, words []string) []string {
	var all []string
	for _, w := range words {
		all = append(all, prefix+w)
	}
	return all
}

// relay returns a relay at an address of loopback, in the clear.
func relay(t testing.TB, addr string, change func(*mailer.Config)) *mailer.Relay {
	t.Helper()
	return relayURL(t, "smtp://"+addr, "none", change)
}

func relayURL(t testing.TB, url, policy string, change func(*mailer.Config)) *mailer.Relay {
	t.Helper()
	c, problems := mailer.Parse(url, policy)
	if len(problems) > 0 {
		t.Fatal(problems[0].Message("en"))
	}
	c.Timeouts = mailer.Timeouts{Connect: 10 * time.Second, Command: 10 * time.Second, Data: 10 * time.Second}
	if change != nil {
		change(&c)
	}
	return mailer.NewRelay(c)
}

// told is what a run told of its letters.
type told struct {
	order    []int
	outcomes map[int]mailer.Outcome
	marked   map[int]int // calls of beforeDot
}

// run sends letters through one session, in a channel that is full from the start, and
// again after each trouble, until it has taken them all.
func run(t testing.TB, ctx context.Context, r *mailer.Relay, letters []mailer.Envelope) told {
	t.Helper()
	s := r.Session()
	defer s.Close()
	in := make(chan mailer.Envelope, len(letters))
	for _, e := range letters {
		in <- e
	}
	close(in)
	got := told{outcomes: map[int]mailer.Outcome{}, marked: map[int]int{}}
	for {
		err := s.Run(ctx, in, func(e *mailer.Envelope) error {
			got.marked[e.Ref.(int)]++
			return nil
		}, func(e *mailer.Envelope, o mailer.Outcome) {
			n := e.Ref.(int)
			if before, twice := got.outcomes[n]; twice {
				t.Errorf("letter %d was settled twice: %+v, %+v", n, before, o)
			}
			got.order = append(got.order, n)
			got.outcomes[n] = o
		})
		if err == nil || ctx.Err() != nil {
			return got
		}
	}
}

// batch is n letters of a size.
func batch(n, size int) []mailer.Envelope {
	var all []mailer.Envelope
	for i := range n {
		all = append(all, envelope(i, size))
	}
	return all
}

// certificate makes one for an address that is good now, and the pool in which it is.
func certificate(t testing.TB, address string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	return mailertest.Certificate(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), address)
}
