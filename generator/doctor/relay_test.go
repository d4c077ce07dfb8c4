package doctor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/doctor"
	"kaiho/generator/mailer/mailertest"
)

func TestRelay(t *testing.T) {
	year := 365 * 24 * time.Hour
	right, roots := mailertest.Certificate(t, now().Add(-year/2), now().Add(year/2), "smtp.relay.example")
	other, otherRoots := mailertest.Certificate(t, now().Add(-year/2), now().Add(year/2), "other.example")
	old, oldRoots := mailertest.Certificate(t, now().Add(-year), now().Add(-time.Hour), "smtp.relay.example")
	ending, endingRoots := mailertest.Certificate(t, now().Add(-year), now().Add(3*24*time.Hour), "smtp.relay.example")
	secure := []string{"PIPELINING", "SIZE 10240000", "AUTH PLAIN LOGIN"}
	const with = "smtp://letter:p%40ss@smtp.relay.example"
	for _, test := range []struct {
		name, url, tls string
		server         *mailertest.Server
		cert           tls.Certificate
		roots          *x509.CertPool
		wants          []string
	}{
		{"it takes letters", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, right, roots, []string{"ok relay-fine", "ok relay-pipelining"}},
		{"TLS comes first", strings.Replace(with, "smtp:", "smtps:", 1), "", &mailertest.Server{Implicit: true, Secured: secure}, right, roots, []string{"ok relay-fine", "ok relay-pipelining"}},
		{"without PIPELINING it is slower", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: []string{"AUTH PLAIN"}}, right, roots, []string{"ok relay-fine", "ok relay-one-by-one"}},
		{"LOGIN alone is enough", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: []string{"AUTH LOGIN"}}, right, roots, []string{"ok relay-fine", "ok relay-one-by-one"}},
		{"the password is wrong", "smtp://letter:wrong@smtp.relay.example", "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, right, roots, []string{"error relay-auth"}},
		{"it takes no password", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: []string{"SIZE 0"}}, right, roots, []string{"error relay-no-auth"}},
		{"it takes passwords in ways that are not ours", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: []string{"AUTH XOAUTH2", "SIZE"}}, right, roots, []string{"error relay-no-auth"}},
		{"no user, no password", "smtp://smtp.relay.example", "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, right, roots, []string{"ok relay-fine", "ok relay-pipelining"}},
		{"messages may be too small", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: []string{"AUTH PLAIN", "SIZE 100000"}}, right, roots,
			[]string{"error doctor-relay-size", "ok relay-fine", "ok relay-one-by-one"}},
		{"it offers no TLS", with, "", &mailertest.Server{Plain: secure}, right, roots, []string{"error relay-no-tls"}},
		{"it offers no TLS, and none is asked for", "smtp://smtp.relay.example", "opportunistic", &mailertest.Server{Plain: secure}, right, roots,
			[]string{"warning relay-without-tls", "ok relay-fine", "ok relay-pipelining"}},
		{"a password never goes out without TLS", with, "opportunistic", &mailertest.Server{Plain: secure}, right, roots, []string{"error relay-no-tls"}},
		{"the certificate is for another name", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, other, otherRoots, []string{"error relay-certificate"}},
		{"the certificate has ended", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, old, oldRoots, []string{"error relay-certificate"}},
		{"nobody trusts the certificate", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, right, otherRoots, []string{"error relay-certificate"}},
		{"the certificate ends soon", with, "", &mailertest.Server{Plain: []string{"STARTTLS"}, Secured: secure}, ending, endingRoots,
			[]string{"warning certificate-soon", "ok relay-fine", "ok relay-pipelining"}},
		{"it is busy", with, "", &mailertest.Server{}, right, roots, []string{"error relay-greeting"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.server
			s.User, s.Password, s.TLS = "letter", "p@ss", &tls.Config{Certificates: []tls.Certificate{test.cert}}
			said := make(chan string, 20)
			s.Answer = func(verb, _ string) string {
				if said <- verb; s.Plain == nil && !s.Implicit {
					return "421 4.3.2 too many"
				}
				return ""
			}
			s.Start(t)
			o := options(t)
			o.SMTPURL, o.SMTPTLS, o.Roots = test.url, test.tls, test.roots
			o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, s.Addr.String())
			}
			fs := doctor.Run(t.Context(), o)
			wants(t, fs, doctor.Relay, test.wants...)
			for _, f := range fs {
				if text := f.Message(diag.English) + f.Remedy(diag.English); strings.Contains(text, "p@ss") || strings.Contains(text, "p%40ss") {
					t.Errorf("the password is in %q", text)
				}
			}
			last := ""
			for len(said) > 0 {
				if last = <-said; last == "MAIL" {
					t.Error("it begins a letter")
				}
			}
			if strings.HasPrefix(test.wants[len(test.wants)-1], "ok") && last != "QUIT" {
				t.Errorf("got %s in the end, want QUIT", last)
			}
		})
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
