package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

// relay is KAIHO_SMTP_URL with KAIHO_SMTP_TLS, read as a sender reads them.
type relay struct {
	mailer.Config               // its Host is "" for the outbox, and if the address cannot be used
	problems      diag.Problems // then
}

// parseRelay reads the two variables; no address is the outbox.
func parseRelay(address, policy string) (r relay) {
	if address != "" {
		r.Config, r.problems = mailer.Parse(address, policy)
	}
	return r
}

// IsLocal reports whether letters stay on this machine at first, so that what others
// see of us need not be right yet: smtpURL, the value of KAIHO_SMTP_URL, is empty
// (the outbox), or names a server on a loopback address.
func IsLocal(smtpURL string) bool { return smtpURL == "" || parseRelay(smtpURL, "").IsLoopback() }

// lookAddress looks at what the two variables say.
func (x *examination) lookAddress() (findings Findings) {
	r := x.relay
	if x.SMTPURL == "" {
		return Findings{found(diag.RelayNone)}
	}
	for _, p := range r.problems {
		findings = append(findings, found(p.Rule, p.Args...))
	}
	if r.TLS == mailer.TLSOpportunistic && !r.Implicit && !r.IsLoopback() {
		findings = append(findings, found(diag.RelayTLSMaybe, "host", r.Host))
	}
	return findings
}

// leastSize of a message, in bytes, that a relay has to take: what a letter may have,
// HTML, text and pictures' addresses, in base64.
const leastSize = 200 << 10

// lookRelay connects and signs in by the sender's own code, and takes its leave where
// a letter would begin.
func lookRelay(ctx context.Context, x *examination) (findings Findings) {
	c := x.relay.Config
	if c.Host == "" {
		return nil
	}
	c.Dial, c.Roots, c.Now, c.Timeouts.Connect = x.Dial, x.Roots, x.Now, within
	session := mailer.NewRelay(c).Session()
	defer session.Close()
	offer, err := session.Open(ctx)
	if err != nil {
		return Findings{unreached(c.Host, err)}
	}
	secure := ""
	if offer.TLS != nil {
		secure = tls.VersionName(offer.TLS.Version)
		if f, ends := ending(c.Host, *offer.TLS, x.Now()); ends {
			findings = append(findings, f)
		}
	} else if !c.IsLoopback() {
		findings = append(findings, found(diag.RelayNoTLSThere, "host", c.Host))
	}
	if offer.Size > 0 && offer.Size < leastSize { // 0: no limit (RFC 1870)
		findings = append(findings, found(diag.DoctorRelaySize, "host", c.Host, "size", strconv.FormatInt(offer.Size>>10, 10), "need", strconv.Itoa(leastSize>>10)))
	}
	rule := diag.RelayOneByOne
	if offer.Pipelining {
		rule = diag.RelayPipelining
	}
	return append(findings, found(diag.RelayFine, "host", c.Host, "user", c.User(), "tls", secure), found(rule, "host", c.Host))
}

// unreached is the finding for a relay to which there is no connection: what the
// sender says of it, and more if it is the DNS that has no answer.
func unreached(host string, err error) Finding {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsNotFound {
			return found(diag.RelayUnknown, "host", host)
		}
		return silent(host, e)
	}
	if t, ok := errors.AsType[*mailer.Trouble](err); ok {
		return found(t.Problem.Rule, t.Problem.Args...)
	}
	return found(diag.RelayUnreachable, "reason", network(err)) // ctx has ended
}
