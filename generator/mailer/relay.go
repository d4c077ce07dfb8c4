package mailer

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"kaiho/generator/diag"
)

// Relay is a server that takes letters. Its methods may be called at the same time.
type Relay struct {
	config Config
}

// NewRelay returns a relay; nothing is connected yet.
func NewRelay(c Config) *Relay {
	c.Timeouts = c.Timeouts.or()
	if c.Hello == "" {
		c.Hello = "localhost"
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return &Relay{config: c}
}

// Config returns what the relay was made of.
func (r *Relay) Config() Config { return r.config }

// Offer is what a relay says of itself.
type Offer struct {
	Pipelining bool
	EightBit   bool  // 8BITMIME (RFC 6152)
	UTF8       bool  // SMTPUTF8 (RFC 6531)
	Size       int64 // the largest letter in bytes (RFC 1870); 0: it does not say
	HasSize    bool  // it wants to be told the size
	// TLS is what the connection was encrypted with; nil: it is not encrypted.
	TLS *tls.ConnectionState
}

// Trouble is why there is no connection. It is an error; its Problem has the words.
type Trouble struct {
	Problem diag.Problem // a rule Relay..., without a place
	code    int
	err     error
}

// Error returns the problem in English.
func (t *Trouble) Error() string { return t.Problem.Message(diag.English) }

// Unwrap returns the error of the network.
func (t *Trouble) Unwrap() error { return t.err }

// conn is one connection, signed in. go-mail made it; it is read and written here.
type conn struct {
	wire   *wire
	client *smtp.Client // holds TLS
	r      *bufio.Reader
	w      *bufio.Writer
	offer  Offer
	served int  // letters that were answered on it
	open   bool // a transaction is open that must be reset before the next
}

// maxSetupBytes is how much a server may send until a letter can go out, TLS
// included: certificates take a few thousand bytes.
const maxSetupBytes = 256 << 10

var errTalksOn = errors.New("its greeting does not end")

// wire is the connection below TLS. It bounds what is read while go-mail reads, which
// knows no limit (textproto.Reader takes lines and replies of any length).
type wire struct {
	net.Conn
	left atomic.Int64 // bytes that may still be read; below 0: no limit
}

func (w *wire) Read(p []byte) (int, error) {
	left := w.left.Load()
	if left == 0 {
		return 0, errTalksOn
	}
	if left > 0 && int64(len(p)) > left {
		p = p[:left]
	}
	n, err := w.Conn.Read(p)
	if left > 0 {
		w.left.Add(-int64(n))
	}
	return n, err
}

// dial connects, agrees on TLS and signs in. Errors are *Trouble, and that of ctx.
//
// What go-mail v0.8.1 leaves to its caller: it does not close a connection whose
// hello, TLS or sign-in failed; it does not look at ctx once connected; with a dial
// function of one's own, TLS from the start is that function's business; and one
// mail.Client may not dial twice at once, since it stores what it found out about
// AUTH in itself. So each dial has its own.
func (r *Relay) dial(ctx context.Context) (*conn, error) {
	c := r.config
	ctx, cancel := context.WithTimeout(ctx, c.Timeouts.Connect)
	defer cancel()
	secure := &tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12, Time: c.Now}
	var w *wire
	stop := func() bool { return true }
	// The context that go-mail hands over ends when it returns; and its address lacks the brackets of IPv6.
	connect := func(_ context.Context, network, _ string) (net.Conn, error) {
		raw, err := c.Dial(ctx, network, c.addr())
		if err != nil {
			return nil, err
		}
		w = &wire{Conn: raw}
		w.left.Store(maxSetupBytes)
		stop = context.AfterFunc(ctx, func() { w.Close() })
		if !c.Implicit {
			return w, nil
		}
		t := tls.Client(w, secure)
		return t, t.HandshakeContext(ctx)
	}
	dialer, err := mail.NewClient(c.Host, r.options(connect, secure)...)
	if err != nil {
		return nil, r.trouble(ctx, err)
	}
	client, err := dialer.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if w != nil {
			w.Close()
		}
		return nil, r.trouble(ctx, err)
	}
	w.left.Store(-1)
	if !stop() { // ctx ended between the last reply and here
		return nil, r.trouble(ctx, ctx.Err())
	}
	return &conn{wire: w, client: client, r: client.Text.R, w: client.Text.W, offer: offerOf(client)}, nil
}

// options returns the settings of go-mail.
func (r *Relay) options(connect mail.DialContextFunc, secure *tls.Config) []mail.Option {
	c := r.config
	options := []mail.Option{mail.WithPort(c.Port), mail.WithTimeout(c.Timeouts.Connect), mail.WithHELO(c.Hello),
		mail.WithDialContextFunc(connect), mail.WithTLSConfig(secure)}
	switch {
	case c.Implicit:
		options = append(options, mail.WithSSL())
	case c.TLS == TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case c.TLS == TLSOpportunistic && (c.password == nil || c.IsLoopback()):
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if c.password == nil {
		return options
	}
	ways := []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5, mail.SMTPAuthSCRAMSHA1}
	if c.IsLoopback() {
		ways = []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc, mail.SMTPAuthCramMD5, mail.SMTPAuthSCRAMSHA1}
	}
	return append(options, mail.WithUsername(c.user), mail.WithPassword(c.password()), mail.WithOpportunisticSMTPAuth(ways...))
}

func offerOf(client *smtp.Client) Offer {
	var o Offer
	o.Pipelining, _ = client.Extension("PIPELINING")
	o.EightBit, _ = client.Extension("8BITMIME")
	o.UTF8, _ = client.Extension("SMTPUTF8")
	var size string
	if o.HasSize, size = client.Extension("SIZE"); o.HasSize {
		o.Size, _ = strconv.ParseInt(strings.TrimSpace(size), 10, 64) // no number: it does not say
		o.Size = max(o.Size, 0)
	}
	if state, err := client.GetTLSConnectionState(); err == nil {
		o.TLS = state
	}
	return o
}

// trouble says in words why there is no connection. The errors of go-mail for a TLS
// or AUTH that is not offered are texts alone.
func (r *Relay) trouble(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return ctx.Err()
	}
	said := err.Error()
	rule, t := diag.RelayUnreachable, &Trouble{err: err}
	var answer *textproto.Error
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var address *net.OpError
	reason := said
	switch {
	case errors.As(err, &answer):
		t.code, rule, reason = answer.Code, diag.RelayGreeting, ""
		if strings.HasPrefix(said, "SMTP AUTH") {
			rule = diag.RelayAuth
		}
	case strings.Contains(said, "does not support STARTTLS"):
		rule = diag.RelayNoTLS
	case strings.Contains(said, "support SMTP AUTH"), errors.Is(err, mail.ErrNoSupportedAuthDiscovered), errors.Is(err, smtp.ErrUnencrypted):
		rule = diag.RelayNoAuth
	case errors.As(err, &verification):
		rule, reason = diag.RelayCertificate, verification.Err.Error()
	case errors.As(err, &record), errors.As(err, &alert), strings.Contains(said, "tls: "):
		rule = diag.RelayTLS
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		reason = "no answer within " + r.config.Timeouts.Connect.String()
	case errors.As(err, &address) && address.Op == "dial":
		reason = address.Err.Error()
	case strings.Contains(said, "EOF"), errors.Is(err, errTalksOn), strings.Contains(said, "short response"), strings.Contains(said, "invalid response"):
		rule = diag.RelayGreeting
	}
	var reply string
	if answer != nil {
		reply = strconv.Itoa(answer.Code) + " " + shown([]byte(r.withoutSecrets(answer.Msg)))
	}
	t.Problem = diag.New(diag.Pos{}, rule, "reason", shown([]byte(r.withoutSecrets(reason))), "reply", reply)
	if r.withoutSecrets(said) != said {
		t.err = nil // who unwraps it shall not find them
	}
	return t
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// withoutSecrets takes out what a server may quote of the sign-in.
func (r *Relay) withoutSecrets(text string) string {
	if r.config.password == nil {
		return text
	}
	user, password := r.config.user, r.config.password()
	for _, s := range []string{password, base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password)),
		base64.StdEncoding.EncodeToString([]byte(password)), base64.StdEncoding.EncodeToString([]byte(user))} {
		text = strings.ReplaceAll(text, s, "…")
	}
	return text
}

// within sets how long the next reads and writes may take.
func (c *conn) within(d time.Duration) error { return c.wire.SetDeadline(time.Now().Add(d)) }
