package doctor

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"kaiho/generator/diag"
)

// fromDomain is the domain of the sender; "" if there is none.
func (x *examination) fromDomain() string { return domainOf(x.Site.Mail.From.Address) }

// bounceDomain is the domain of return paths: that of mail.bounce, which may be an
// address, or else that of the sender.
func (x *examination) bounceDomain() string {
	if bounce := x.Site.Mail.Bounce; strings.Contains(bounce, "@") {
		return domainOf(bounce)
	} else if bounce != "" {
		return bare(bounce)
	}
	return x.fromDomain()
}

func domainOf(address string) string { return bare(address[strings.LastIndexByte(address, '@')+1:]) }

// lookMX looks at whether answers, and what cannot be delivered, arrive anywhere.
func lookMX(ctx context.Context, x *examination) (findings Findings) {
	var seen []string
	for _, u := range []struct{ domain, key string }{
		{x.bounceDomain(), "mail.bounce"},
		{domainOf(x.Site.Mail.ReplyTo), "mail.reply_to"},
		{x.fromDomain(), "mail.from"},
		{domainOf(x.Site.Mail.Unsubscribe), "mail.unsubscribe"},
	} {
		if u.domain == "" || slices.Contains(seen, u.domain) {
			continue
		}
		seen = append(seen, u.domain)
		findings = append(findings, x.checkMX(ctx, u.domain, u.key)...)
	}
	return findings
}

// checkMX looks at where mail to a domain goes (RFC 5321, section 5.1).
func (x *examination) checkMX(ctx context.Context, domain, key string) Findings {
	records, err := x.zone.LookupMX(ctx, domain)
	if err != nil && !isNone(err) && len(records) == 0 {
		return Findings{silent(domain, err)}
	}
	if len(records) == 1 && strings.Trim(records[0].Host, ".") == "" {
		return Findings{found(diag.MXRefuses, "domain", domain, "key", key)}
	}
	if len(records) == 0 {
		addresses, err := x.zone.LookupIPAddr(ctx, domain)
		switch {
		case err != nil && !isNone(err):
			return Findings{silent(domain, err)}
		case len(addresses) > 0:
			return Findings{found(diag.MXImplied, "domain", domain)}
		}
		return Findings{found(diag.MXMissing, "domain", domain, "key", key)}
	}
	var hosts []string
	for _, r := range records {
		addresses, err := x.zone.LookupIPAddr(ctx, r.Host)
		if err != nil && !isNone(err) {
			return Findings{silent(r.Host, err)}
		}
		if len(addresses) == 0 {
			return Findings{found(diag.MXHost, "domain", domain, "host", bare(r.Host), "key", key)}
		}
		hosts = append(hosts, bare(r.Host))
	}
	return Findings{found(diag.MXFine, "domain", domain, "host", strings.Join(hosts, ", "))}
}

// lookPTR looks at the names of the addresses from which mail goes out, if they are
// ours or it was asked for: large providers want each to have a name that has the
// address.
func lookPTR(ctx context.Context, x *examination) (findings Findings) {
	for _, address := range x.sendsFrom(ctx) {
		findings = append(findings, x.checkPTR(ctx, address))
	}
	return findings
}

// sendsFrom are the addresses whose names are looked at. A relay on this machine sends
// from this machine's own.
func (x *examination) sendsFrom(ctx context.Context) (list []string) {
	if x.relay.Host == "" {
		return nil
	}
	if x.relay.IsLoopback() {
		if x.Reverse {
			for _, a := range x.Own {
				list = append(list, a.String())
			}
		}
		return list
	}
	addresses, err := x.zone.LookupIPAddr(ctx, x.relay.Host)
	if err != nil {
		return nil // lookRelay says so
	}
	for _, a := range addresses {
		ip, ok := netip.AddrFromSlice(a.IP)
		if ok && (x.Reverse || slices.Contains(x.Own, ip.Unmap())) {
			list = append(list, ip.Unmap().String())
		}
	}
	return list
}

func (x *examination) checkPTR(ctx context.Context, address string) Finding {
	names, err := x.zone.LookupAddr(ctx, address)
	if err != nil && !isNone(err) {
		return silent(address, err)
	}
	if len(names) == 0 {
		return found(diag.PTRMissing, "address", address, "host", x.mailHost())
	}
	for _, name := range names {
		addresses, err := x.zone.LookupIPAddr(ctx, name)
		if err != nil && !isNone(err) {
			return silent(name, err)
		}
		for _, a := range addresses {
			if ip, ok := netip.AddrFromSlice(a.IP); ok && ip.Unmap().String() == address {
				return found(diag.PTRFine, "address", address, "name", bare(name))
			}
		}
	}
	return found(diag.PTRUnconfirmed, "address", address, "name", bare(names[0]))
}

// mailHost is a name that the address of our own relay could have.
func (x *examination) mailHost() string {
	if x.relay.IsLoopback() {
		return "mail." + x.fromDomain()
	}
	return x.relay.Host
}
