package doctor

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"

	"kaiho/generator/diag"
)

// relay is KAIHO_SMTP_URL with KAIHO_SMTP_TLS.
type relay struct {
	host, port     string // host is "" for the outbox, or if the URL cannot be read
	user, password string
	implicit       bool   // TLS comes first (smtps)
	tls            string // required, opportunistic or none
	findings       Findings
}

// policies of KAIHO_SMTP_TLS, the default first.
var policies = []string{"required", "opportunistic", "none"}

// parseRelay reads the two variables. No finding quotes from the URL more than the
// host: it has a password.
func parseRelay(raw, policy string) relay {
	if raw == "" {
		return relay{findings: Findings{found(diag.RelayNone)}}
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Opaque != "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return relay{findings: Findings{found(diag.DoctorRelayURL)}}
	}
	r := relay{host: bare(u.Hostname()), port: u.Port(), implicit: u.Scheme == "smtps", tls: policy, user: u.User.Username()}
	r.password, _ = u.User.Password()
	switch {
	case r.port == "" && r.implicit:
		r.port = "465" // RFC 8314, section 3.3
	case r.port == "" && r.isLocal():
		r.port = "25"
	case r.port == "":
		r.port = "587" // RFC 6409
	}
	if n, err := strconv.Atoi(r.port); err != nil || n < 1 || n > 65535 {
		return relay{findings: Findings{found(diag.DoctorRelayURL)}}
	}
	switch {
	case policy == "":
		r.tls = policies[0]
	case !slices.Contains(policies, policy):
		r.tls = policies[0]
		r.findings = Findings{found(diag.DoctorRelayTLS, "value", policy, "nearest", diag.Nearest(policy, policies))}
	case r.isLocal() || r.implicit:
	case policy == "none":
		r.findings = Findings{found(diag.RelayTLSOff, "host", r.host)}
	case policy == "opportunistic":
		r.findings = Findings{found(diag.RelayTLSMaybe, "host", r.host)}
	}
	return r
}

// isLocal reports whether the relay is on this machine, as its name says.
func (r relay) isLocal() bool {
	if r.host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(r.host)
	return err == nil && address.Unmap().IsLoopback()
}

func (r relay) address() string { return net.JoinHostPort(r.host, r.port) }

// IsLocal reports whether letters stay on this machine at first, so that what others
// see of us need not be right yet: smtpURL, the value of KAIHO_SMTP_URL, is empty
// (the outbox), or names a server on a loopback address.
func IsLocal(smtpURL string) bool { return smtpURL == "" || parseRelay(smtpURL, "").isLocal() }
