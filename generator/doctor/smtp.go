package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// leastSize of a message, in bytes, that a relay has to take: what a letter may have,
// HTML, text and pictures' addresses, in base64.
const leastSize = 200 << 10

// maxReplyBytes of all that a relay says; an endless reply ends there.
const maxReplyBytes = 256 << 10

// lookRelay talks to the relay as a sender does, up to the point where a letter would
// begin, and quits.
func lookRelay(ctx context.Context, x *examination) Findings {
	if x.relay.host == "" {
		return nil
	}
	dial := x.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", x.relay.address())
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsNotFound {
			return Findings{found(diag.RelayUnknown, "host", x.relay.host)}
		}
		return Findings{silent(x.relay.host, e)}
	}
	if err != nil {
		return Findings{found(diag.DoctorRelayUnreachable, "address", x.relay.address(), "reason", network(err))}
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		conn.SetDeadline(end) // the machine's own connection always can
	}
	t := &talk{x: x, relay: x.relay}
	return t.run(&limited{Conn: conn, left: maxReplyBytes})
}

// limited is a connection that says only so much.
type limited struct {
	net.Conn
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("it says more than a mail server does")
	}
	n, err := l.Conn.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// talk is a conversation with a relay.
type talk struct {
	x        *examination
	relay    relay
	secure   string // the version of TLS; "" without
	findings Findings
}

func (t *talk) run(conn net.Conn) Findings {
	trust := &tls.Config{ServerName: t.relay.host, RootCAs: t.x.Roots, MinVersion: tls.VersionTLS12, Time: t.x.Now}
	if t.relay.implicit {
		secured := tls.Client(conn, trust)
		if err := secured.Handshake(); err != nil {
			return Findings{t.handshake(err)}
		}
		conn = secured
		t.took(secured.ConnectionState())
	}
	c, err := smtp.NewClient(conn, t.relay.host)
	if err != nil {
		return append(t.findings, t.reply(err))
	}
	defer c.Quit()
	if err := c.Hello("localhost"); err != nil {
		return append(t.findings, t.reply(err))
	}
	offered, _ := c.Extension("STARTTLS")
	switch {
	case t.relay.implicit || t.relay.tls == "none":
	case offered:
		if err := c.StartTLS(trust); err != nil {
			return append(t.findings, t.handshake(err))
		}
		state, _ := c.TLSConnectionState()
		t.took(state)
	case t.relay.tls == "required":
		return append(t.findings, found(diag.DoctorRelayNoTLS, "host", t.relay.host))
	case !t.relay.isLocal():
		t.findings = append(t.findings, found(diag.RelayNoTLSThere, "host", t.relay.host))
	}
	t.abilities(c)
	return t.findings
}

// took notes that there is TLS, and until when the certificate is good.
func (t *talk) took(state tls.ConnectionState) {
	t.secure = tls.VersionName(state.Version)
	if f, ends := ending(t.relay.host, state, t.x.Now()); ends {
		t.findings = append(t.findings, f)
	}
}

// abilities looks at what the server takes. One that refuses the password is not asked
// for more: it may say other things to those it knows.
func (t *talk) abilities(c *smtp.Client) {
	host := t.relay.host
	if t.relay.user != "" {
		if f, wrong := t.logIn(c); wrong {
			t.findings = append(t.findings, f)
			if f.Severity == diag.Error {
				return
			}
		}
	}
	if has, size := c.Extension("SIZE"); has {
		if n, err := strconv.ParseInt(strings.TrimSpace(size), 10, 64); err == nil && n > 0 && n < leastSize { // 0: no limit (RFC 1870)
			t.findings = append(t.findings, found(diag.DoctorRelaySize, "host", host, "size", strconv.FormatInt(n>>10, 10), "need", strconv.Itoa(leastSize>>10)))
		}
	}
	rule := diag.RelayOneByOne
	if has, _ := c.Extension("PIPELINING"); has {
		rule = diag.RelayPipelining
	}
	t.findings = append(t.findings, found(diag.RelayFine, "host", host, "user", t.relay.user, "tls", t.secure), found(rule, "host", host))
}

// logIn tries user and password.
func (t *talk) logIn(c *smtp.Client) (Finding, bool) {
	offered, list := c.Extension("AUTH")
	if !offered {
		return found(diag.DoctorRelayNoAuth, "host", t.relay.host), true
	}
	known := strings.Fields(strings.ToUpper(list))
	var auth smtp.Auth
	switch {
	case slices.Contains(known, "PLAIN"):
		auth = passwordAuth{t.relay, "PLAIN"}
	case slices.Contains(known, "LOGIN"):
		auth = passwordAuth{t.relay, "LOGIN"}
	case slices.Contains(known, "CRAM-MD5"):
		auth = smtp.CRAMMD5Auth(t.relay.user, t.relay.password)
	default:
		return found(diag.RelayAuthUntried, "host", t.relay.host, "list", strings.Join(known, ", ")), true
	}
	if t.secure == "" && !t.relay.isLocal() {
		return found(diag.DoctorRelayNoTLS, "host", t.relay.host), true // no password without TLS
	}
	if err := c.Auth(auth); err != nil {
		return found(diag.DoctorRelayAuth, "host", t.relay.host, "user", t.relay.user, "reply", reason(err)), true
	}
	return Finding{}, false
}

// passwordAuth is AUTH PLAIN (RFC 4616) and AUTH LOGIN, which some servers have alone.
// Whether the connection is good enough for it was looked at before.
type passwordAuth struct {
	relay relay
	way   string
}

func (a passwordAuth) Start(*smtp.ServerInfo) (string, []byte, error) {
	if a.way == "PLAIN" {
		return a.way, []byte("\x00" + a.relay.user + "\x00" + a.relay.password), nil
	}
	return a.way, nil, nil
}

func (a passwordAuth) Next(question []byte, more bool) ([]byte, error) {
	switch {
	case !more:
		return nil, nil
	case a.way == "PLAIN":
		return nil, errors.New("it asks twice")
	case strings.Contains(strings.ToLower(string(question)), "user"):
		return []byte(a.relay.user), nil
	}
	return []byte(a.relay.password), nil
}

// handshake is the finding for TLS that did not come about.
func (t *talk) handshake(err error) Finding {
	if why, is := ofCertificate(err); is {
		return found(diag.Certificate, "host", t.relay.host, "reason", why)
	}
	return t.reply(err)
}

func (t *talk) reply(err error) Finding {
	return found(diag.RelayReply, "host", t.relay.host, "reply", reason(err))
}

// reason returns what a server has said, or why it said nothing.
func reason(err error) string {
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Sprintf("%d %.200s", e.Code, e.Msg)
	}
	if errors.Is(err, io.EOF) {
		return "the connection was closed"
	}
	return network(err)
}
