package mailer_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, url, policy string
		want              string // of String, or the rule
	}{
		{"a name, a password and a port", "smtp://office:" + secretWord[:6] + "@mail.example:2525", "", "smtp://mail.example:2525"},
		{"the port of submission", "smtp://mail.example", "required", "smtp://mail.example:587"},
		{"the port of TLS from the start", "smtps://mail.example", "", "smtps://mail.example:465"},
		{"the port on this machine", "smtp://localhost", "none", "smtp://localhost:25"},
		{"IPv6", "smtp://[::1]:2525/", "none", "smtp://[::1]:2525"},
		{"characters in percent", "smtp://a%40b:p%2Fq@mail.example", "opportunistic", "smtp://mail.example:587"},
		{"loopback is all of 127", "smtp://127.8.8.8", "none", "smtp://127.8.8.8:25"},
		{"in the clear to others", "smtp://mail.example", "none", string(diag.RelayTLSNone)},
		{"a name that only begins like this machine", "smtp://localhost.example", "none", string(diag.RelayTLSNone)},
		{"a policy that is none", "smtp://mail.example", "yes", string(diag.RelayTLSPolicy)},
		{"another scheme", "http://mail.example", "", string(diag.RelayURL)},
		{"no scheme", "mail.example:25", "", string(diag.RelayURL)},
		{"no host", "smtp://:25", "", string(diag.RelayURL)},
		{"a path", "smtp://mail.example/a", "", string(diag.RelayURL)},
		{"a query", "smtp://mail.example?a=b", "", string(diag.RelayURL)},
		{"a port too large", "smtp://mail.example:65536", "", string(diag.RelayURL)},
		{"port zero", "smtp://mail.example:0", "", string(diag.RelayURL)},
		{"a name without a password", "smtp://office@mail.example", "", string(diag.RelayURL)},
		{"a line break in the password", "smtp://office:a%0d%0ab@mail.example", "", string(diag.RelayURL)},
		{"a slash in the password", "smtp://office:s3cret/word@mail.example", "", string(diag.RelayURL)},
		{"a percent in the password", "smtp://office:s3cret%word@mail.example", "", string(diag.RelayURL)},
		{"a hash in the password", "smtp://office:s3cret#word@mail.example", "", string(diag.RelayURL)},
		{"nothing", "", "", string(diag.RelayURL)},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, problems := mailer.Parse(test.url, test.policy)
			got := c.String()
			if len(problems) > 0 {
				got = string(problems[0].Rule)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			shown := fmt.Sprintf("%v %+v %#v %s %v %v", c, c, c, &c, struct{ C mailer.Config }{c}, problems)
			for _, p := range problems {
				shown += p.Message(diag.English) + p.Remedy(diag.Japanese)
			}
			if strings.Contains(shown, "s3cret") {
				t.Errorf("the password stands in %s", shown)
			}
		})
	}
}

// FuzzParse: whatever the variables hold, there is a host or a problem, nothing is
// quoted of the password, and what is shown of an address leads to the same place.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"smtp://u:geheim7@h:25", "smtps://u:geheim7@h", "smtp://u:geheim7@/", "smtp://u:geheim7@h:x", "smtp://u:a/geheim7@h", "geheim7", "smtp://[::1"} {
		f.Add(seed, "none")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, address, policy string) {
		c, problems := mailer.Parse(address, policy)
		if (c.Host == "") != (len(problems) > 0) {
			t.Fatalf("got the host %q and %v", c.Host, problems)
		}
		if len(problems) == 0 && !strings.Contains(c.Host, "%") { // the zone of an IPv6 address
			again, problems := mailer.Parse(c.String(), policy)
			if len(problems) > 0 || again.String() != c.String() {
				t.Errorf("got %s and %v, want %s", again, problems, c)
			}
		}
		if strings.Contains(c.Host+policy, "geheim7") {
			return // it is no password there
		}
		shown := fmt.Sprintf("%+v %#v", c, c)
		for _, p := range problems {
			shown += p.Message(diag.English) + p.Remedy(diag.Japanese)
		}
		if strings.Contains(shown, "geheim7") && !strings.Contains(c.User(), "geheim7") {
			t.Errorf("the password stands in %s", shown)
		}
	})
}

// TestConnectionsThatCannotBe: each way in which a relay is of no use has its words, and
// none of them has the password.
func TestConnectionsThatCannotBe(t *testing.T) {
	good, pool := certificate(t, "127.0.0.1")
	other, otherPool := certificate(t, "127.0.0.9")
	secure := func(c tls.Certificate) func(*server) {
		return func(s *server) {
			s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{c}}
			s.AllowInsecureAuth = false
		}
	}
	closed := listen(t, func(net.Listener) {}, nil)
	at := func(set func(*server)) func(*testing.T) string {
		return func(t *testing.T) string { return serve(t, set, nil).addr }
	}
	talk := func(f func(*dialogue)) func(*testing.T) string {
		return func(t *testing.T) string { return script(t, f) }
	}
	user := "office:" + url.QueryEscape(secretWord) + "@"
	quoted := base64.StdEncoding.EncodeToString([]byte("\x00office\x00" + secretWord))
	for _, test := range []struct {
		name, user string
		scheme     string
		addr       func(*testing.T) string
		policy     string
		roots      bool
		want       diag.Rule
	}{
		{"STARTTLS and a good certificate", "", "smtp", at(secure(good)), "required", true, ""},
		{"TLS where it is offered", "", "smtp", at(secure(good)), "opportunistic", true, ""},
		{"no TLS where none is offered", "", "smtp", at(nil), "opportunistic", false, ""},
		{"TLS that nobody offers", "", "smtp", at(nil), "required", false, diag.RelayNoTLS},
		{"an authority that nobody knows", "", "smtp", at(secure(good)), "required", false, diag.RelayCertificate},
		{"a certificate of another host", "", "smtp", func(t *testing.T) string { return serve(t, secure(other), nil).addr }, "required", true, diag.RelayCertificate},
		{"a bad certificate where TLS is a wish", "", "smtp", at(secure(good)), "opportunistic", false, diag.RelayCertificate},
		{"TLS from the start", "", "smtps", func(t *testing.T) string {
			return serve(t, nil, func(c net.Conn) net.Conn { return tls.Server(c, &tls.Config{Certificates: []tls.Certificate{good}}) }).addr
		}, "required", true, ""},
		{"TLS from the start at a port without", "", "smtps", at(nil), "required", true, diag.RelayTLS},
		{"a sign-in that is not offered", user, "smtp", talk(func(d *dialogue) { d.hello("PIPELINING"); d.line() }), "none", false, diag.RelayNoAuth},
		{"a sign-in by ways unknown", user, "smtp", talk(func(d *dialogue) { d.hello("AUTH KERBEROS"); d.line() }), "none", false, diag.RelayNoAuth},
		{"a sign-in that is withdrawn", user, "smtp", talk(func(d *dialogue) { d.hello("AUTH PLAIN"); d.line(); d.say("503 5.5.1 AUTH not available"); d.line() }), "none", false, diag.RelayAuth},
		{"a password that is refused, and quoted", user, "smtp", talk(func(d *dialogue) {
			d.hello("AUTH PLAIN")
			d.line()
			d.say("535 5.7.8 no " + secretWord + " " + quoted)
			d.line()
		}), "none", false, diag.RelayAuth},
		{"nobody there", "", "smtp", func(*testing.T) string { return closed }, "none", false, diag.RelayUnreachable},
		{"a greeting that says no", "", "smtp", talk(func(d *dialogue) { d.say("554 5.7.1 we know you"); d.line() }), "none", false, diag.RelayGreeting},
		{"a greeting that says later", "", "smtp", talk(func(d *dialogue) { d.say("421 4.3.2 later"); d.line() }), "none", false, diag.RelayGreeting},
		{"a greeting of another protocol", "", "smtp", talk(func(d *dialogue) { d.say("HTTP/1.1 400 Bad Request"); d.line() }), "none", false, diag.RelayGreeting},
		{"a greeting without end", "", "smtp", talk(func(d *dialogue) {
			for {
				d.say("220-and another thing")
			}
		}), "none", false, diag.RelayGreeting},
		{"a line without end", "", "smtp", talk(func(d *dialogue) {
			for {
				d.write(make([]byte, 4096))
			}
		}), "none", false, diag.RelayGreeting},
		{"no greeting", "", "smtp", talk(func(d *dialogue) { d.line() }), "none", false, diag.RelayUnreachable},
		{"gone at once", "", "smtp", talk(func(d *dialogue) {}), "none", false, diag.RelayGreeting},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := relayURL(t, test.scheme+"://"+test.user+test.addr(t), test.policy, func(c *mailer.Config) {
				c.Timeouts.Connect = 500 * time.Millisecond
				if c.Roots = otherPool; test.roots {
					c.Roots = pool
				}
			})
			s := r.Session()
			defer s.Close()
			offer, err := s.Open(t.Context())
			var trouble *mailer.Trouble
			var got diag.Rule
			if errors.As(err, &trouble) {
				got = trouble.Problem.Rule
			}
			if got != test.want || err == nil && test.want == "" && test.name[:2] != "no" && offer.TLS == nil {
				t.Fatalf("got %q (%v), want %q", got, err, test.want)
			}
			o := s.Send(t.Context(), envelope(1, 10), nil)
			if test.want == "" {
				if o.State != mailer.Sent {
					t.Errorf("got %+v, want sent", o)
				}
				return
			}
			if o.State != mailer.Transport || o.Reason != test.want {
				t.Errorf("got %+v, want transport", o)
			}
			words := err.Error() + fmt.Sprintf("%+v %v", o, errors.Unwrap(err)) + trouble.Problem.Message(diag.Japanese) + o.Problem().Message(diag.English)
			if strings.Contains(words, secretWord) || strings.Contains(words, quoted) {
				t.Errorf("the password stands in %s", words)
			}
		})
	}
}

// TestTheCallersNetworkAndClock: the connection is the one that Dial makes, and it is the
// clock of Now by which a certificate is good.
func TestTheCallersNetworkAndClock(t *testing.T) {
	certificate, pool := certificate(t, "127.0.0.1") // for an hour before and after
	s := serve(t, func(s *server) { s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}} }, nil)
	unknown := &net.DNSError{Err: "no such host", Name: "relay.example", IsNotFound: true}
	for _, test := range []struct {
		name   string
		off    time.Duration
		refuse error
		want   diag.Rule
	}{
		{"it is good at present", 0, nil, ""},
		{"it has ended", 2 * time.Hour, nil, diag.RelayCertificate},
		{"it has not begun", -2 * time.Hour, nil, diag.RelayCertificate},
		{"there is no such host", 0, unknown, diag.RelayUnreachable},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked string
			session := relayURL(t, "smtp://127.0.0.1:1", "required", func(c *mailer.Config) {
				c.Roots = pool
				c.Now = func() time.Time { return time.Now().Add(test.off) }
				c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
					if asked = address; test.refuse != nil {
						return nil, &net.OpError{Op: "dial", Err: test.refuse}
					}
					return new(net.Dialer).DialContext(ctx, network, s.addr)
				}
			}).Session()
			defer session.Close()
			_, err := session.Open(t.Context())
			var trouble *mailer.Trouble
			var got diag.Rule
			if errors.As(err, &trouble) {
				got = trouble.Problem.Rule
			}
			if got != test.want || asked != "127.0.0.1:1" || test.refuse != nil && !errors.Is(err, test.refuse) {
				t.Errorf("got %q (%v) at %s, want %q at 127.0.0.1:1", got, err, asked, test.want)
			}
		})
	}
}

// TestSignIn: with the password the letter goes out, over STARTTLS and in the clear
// on this machine.
func TestSignIn(t *testing.T) {
	good, pool := certificate(t, "127.0.0.1")
	for _, policy := range []string{"required", "none"} {
		for _, password := range []string{secretWord, "wrong"} {
			s := serve(t, func(s *server) {
				s.Backend = smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &authSession{serverSession{s: s}}, nil })
				s.AllowInsecureAuth = policy == "none"
				s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{good}}
			}, nil)
			r := relayURL(t, "smtp://office:"+url.QueryEscape(password)+"@"+s.addr, policy, func(c *mailer.Config) { c.Roots = pool })
			if user := r.Config().User(); user != "office" {
				t.Errorf("got the user %q, want office", user)
			}
			session := r.Session()
			got := session.Send(t.Context(), envelope(1, 10), nil)
			session.Close()
			want := mailer.Sent
			if password == "wrong" {
				want = mailer.Transport
			}
			if got.State != want || strings.Contains(got.Reply, password) {
				t.Errorf("%s: got %+v, want %v", policy, got, want)
			}
		}
	}
}

// TestAnEndedContextEndsTheSetUp: Ctrl-C need not wait for a server that says nothing.
func TestAnEndedContextEndsTheSetUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	addr := script(t, func(d *dialogue) { cancel(); d.line() })
	_, err := relay(t, addr, nil).Session().Open(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestAFailedSetUpLeavesNoConnection: the server sees the end of each one.
func TestAFailedSetUpLeavesNoConnection(t *testing.T) {
	ended := make(chan bool, 1)
	addr := script(t, func(d *dialogue) {
		defer func() { ended <- true }()
		d.hello("PIPELINING") // and no STARTTLS
		d.line()
	})
	r := relayURL(t, "smtp://"+addr, "required", nil)
	_, err := r.Session().Open(t.Context())
	if err == nil {
		t.Fatal("got a connection without TLS")
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the connection is open still")
	}
}
