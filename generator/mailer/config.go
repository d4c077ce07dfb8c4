package mailer

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/diag"
)

// TLSPolicy says how much TLS (RFC 8446) a connection must have.
type TLSPolicy string

// The policies. The password is never sent in the clear, but to a relay on this
// machine.
const (
	// TLSRequired: no letter goes out without TLS and a certificate that is good.
	TLSRequired TLSPolicy = "required"
	// TLSOpportunistic: TLS if the relay offers it, and then with a certificate that is
	// good; else in the clear, where only a password would forbid it.
	TLSOpportunistic TLSPolicy = "opportunistic"
	// TLSNone: in the clear; for loopback relays alone.
	TLSNone TLSPolicy = "none"
)

// Config says where the relay is and how it is spoken to. Parse makes it.
type Config struct {
	Host string // a name or an IP address, without brackets
	Port int
	TLS  TLSPolicy
	// Implicit: TLS from the first byte (smtps, RFC 8314), not by STARTTLS.
	Implicit bool
	// Hello is the name that EHLO tells; it should be one that DNS leads to this
	// machine. "" stands for "localhost".
	Hello string
	// Connections is how many sessions the caller should run at once; Parse sets 4.
	Connections int
	Timeouts    Timeouts
	// Roots are the authorities whose certificates are good; nil are those of the
	// system.
	Roots *x509.CertPool
	// Now is the clock by which certificates are good; nil is the machine's.
	Now func() time.Time
	// Dial makes the connection below TLS; nil is that of a net.Dialer. address is host
	// and port.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	user string
	// A function: so that no way of printing a Config prints the password.
	password func() string
}

// Timeouts are how long the relay may take. Zeros stand for what Parse sets, which is
// what RFC 5321, section 4.5.3.2, asks for, but for connecting.
type Timeouts struct {
	Connect time.Duration // connection, TLS, greeting and sign-in together: 1 minute
	Command time.Duration // to answer a command: 5 minutes
	Data    time.Duration // to take a text, and again to answer its terminator: 10 minutes
}

func (t Timeouts) or() Timeouts {
	def := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	def(&t.Connect, time.Minute)
	def(&t.Command, 5*time.Minute)
	def(&t.Data, 10*time.Minute)
	return t
}

// Parse reads the address of a relay, smtp://user:password@host:port or smtps://,
// and the policy of TLS, of which "" is required. Without a port it is 587, 465 for
// smtps, and 25 on this machine. Problems are of rules RelayURL, RelayTLSPolicy and
// RelayTLSNone; none of them has the password in it.
func Parse(address, policy string) (Config, diag.Problems) {
	c := Config{TLS: TLSPolicy(policy), Connections: 4, Timeouts: Timeouts{}.or()}
	if policy == "" {
		c.TLS = TLSRequired
	}
	var problems diag.Problems
	switch c.TLS {
	case TLSRequired, TLSOpportunistic, TLSNone:
	default:
		nearest := diag.Nearest(policy, []string{string(TLSRequired), string(TLSOpportunistic), string(TLSNone)})
		problems = append(problems, diag.New(diag.Pos{}, diag.RelayTLSPolicy, "value", policy, "nearest", nearest))
	}
	if reason := c.setAddress(address); reason != "" {
		return Config{}, append(problems, diag.New(diag.Pos{}, diag.RelayURL, "reason", reason))
	}
	if c.TLS == TLSNone && !c.IsLoopback() {
		problems = append(problems, diag.New(diag.Pos{}, diag.RelayTLSNone))
	}
	if len(problems) > 0 {
		return Config{}, problems
	}
	return c, nil
}

// setAddress takes the URL apart, and returns what is wrong with it. The errors of
// package url are not passed on: they have the URL in them, and that the password.
func (c *Config) setAddress(address string) (reason string) {
	u, err := url.Parse(address)
	if err != nil {
		return "a character in it cannot stand in a URL"
	}
	switch u.Scheme {
	case "smtp":
		c.Port = 587
	case "smtps":
		c.Port, c.Implicit = 465, true
	default:
		return "it does not begin with smtp:// or smtps://"
	}
	c.Host = u.Hostname()
	switch {
	case u.Opaque != "" || c.Host == "":
		return "it names no host"
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "something stands behind host and port"
	case strings.ContainsFunc(c.Host, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "the name of the host is not ASCII"
	}
	if c.IsLoopback() && !c.Implicit {
		c.Port = 25
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return "the port is not a number from 1 to 65535"
		}
		c.Port = int(n)
	}
	if u.User == nil {
		return ""
	}
	password, has := u.User.Password()
	if c.user = u.User.Username(); c.user == "" || !has || password == "" {
		return "it has a name without a password, or a password without a name"
	}
	if strings.ContainsAny(c.user+password, "\x00\r\n") {
		return "name and password cannot have line breaks in them"
	}
	c.password = func() string { return password }
	return ""
}

// IsLoopback reports whether the relay is on this machine, as far as its name alone
// tells: localhost, or an address of loopback.
func (c Config) IsLoopback() bool {
	ip, err := netip.ParseAddr(c.Host)
	return strings.EqualFold(c.Host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

// User returns the name that signs in; "" if nobody does.
func (c Config) User() string { return c.user }

// String returns scheme, host and port, and neither name nor password.
func (c Config) String() string {
	scheme := "smtp"
	if c.Implicit {
		scheme = "smtps"
	}
	return fmt.Sprintf("%s://%s", scheme, c.addr())
}

// addr returns host and port as package net takes them.
func (c Config) addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }
