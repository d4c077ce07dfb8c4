package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"blitiri.com.ar/go/spf"

	"kaiho/generator/diag"
)

// mostLookups of the DNS that an SPF record may take (RFC 7208, section 4.6.4).
const mostLookups = 10

// lookSPF looks at the records of the domain of return paths, which receivers check,
// and of the sender, whose name others would take.
func lookSPF(ctx context.Context, x *examination) Findings {
	from, back := x.fromDomain(), x.bounceDomain()
	if from == "" {
		return nil
	}
	all := x.checkSPF(ctx, back, found(diag.SPFMissing, "domain", back))
	if back == from {
		return all
	}
	return append(x.checkSPF(ctx, from, found(diag.SPFMissingFrom, "domain", from)), all...)
}

func (x *examination) checkSPF(ctx context.Context, domain string, missing Finding) Findings {
	record, count, err := x.recordSPF(ctx, domain)
	switch {
	case err != nil:
		return Findings{silent(domain, err)}
	case count == 0:
		return Findings{missing}
	case count > 1:
		return Findings{found(diag.SPFMany, "domain", domain, "count", strconv.Itoa(count))}
	}
	w := &spfWalk{x: x, top: domain}
	all := w.follow(ctx, domain, record, 0)
	if w.wrong == nil && w.lookups > mostLookups {
		w.wrong = Findings{found(diag.SPFLookups, "domain", domain, "lookups", strconv.Itoa(w.lookups))}
	}
	if w.wrong != nil {
		return w.wrong
	}
	var findings Findings
	switch all {
	case '+':
		return Findings{found(diag.SPFOpen, "domain", domain)}
	case '~', '-':
		findings = append(findings, found(diag.SPFFine, "domain", domain, "lookups", strconv.Itoa(w.lookups)))
	default:
		findings = append(findings, found(diag.SPFNeutral, "domain", domain))
	}
	if domain == x.bounceDomain() {
		findings = append(findings, x.allowsRelay(ctx, domain)...)
	}
	return findings
}

// recordSPF returns the SPF record of a domain, and how many there are.
func (x *examination) recordSPF(ctx context.Context, domain string) (record string, count int, err error) {
	texts, err := x.zone.LookupTXT(ctx, domain)
	if err != nil && !isNone(err) {
		return "", 0, err
	}
	for _, text := range texts {
		if version, _, _ := strings.Cut(text, " "); strings.EqualFold(version, "v=spf1") {
			record, count = text, count+1
		}
	}
	return record, count, nil
}

// spfWalk follows a record through what it includes.
type spfWalk struct {
	x       *examination
	top     string // domain that is looked at
	lookups int
	wrong   Findings // why the whole fails
}

// follow counts the lookups of the record of a domain and of all that it includes, and
// returns the sign of its "all", of the record that it redirects to if it has none; 0
// if there is neither. What stands behind "all" is never looked at.
func (w *spfWalk) follow(ctx context.Context, domain, record string, depth int) (all byte) {
	redirect := ""
	for _, term := range strings.Fields(record)[1:] {
		if w.wrong != nil || w.lookups > 5*mostLookups || depth > mostLookups {
			return 0
		}
		t, ok := parseTerm(term)
		if !ok {
			w.wrong = Findings{found(diag.SPFSyntax, "domain", w.top, "term", term)}
			return 0
		}
		switch t.name {
		case "all":
			return t.sign
		case "redirect":
			redirect = t.value
		case "include":
			w.lookups++
			w.enter(ctx, t.value, depth)
		case "a", "mx", "ptr", "exists":
			w.lookups++
		}
	}
	if redirect == "" {
		return 0
	}
	w.lookups++
	return w.enter(ctx, redirect, depth)
}

// enter follows the record of a domain that another one names. What depends on the
// letter, by a macro, is not followed.
func (w *spfWalk) enter(ctx context.Context, domain string, depth int) byte {
	if strings.Contains(domain, "%") {
		return '?'
	}
	record, count, err := w.x.recordSPF(ctx, domain)
	switch {
	case err != nil:
		w.wrong = Findings{silent(domain, err)}
	case count != 1: // a permanent error: RFC 7208, sections 5.2 and 6.1
		w.wrong = Findings{found(diag.SPFInclude, "domain", w.top, "name", domain)}
	default:
		return w.follow(ctx, domain, record, depth+1)
	}
	return 0
}

// term is a mechanism or a modifier of an SPF record.
type term struct {
	sign  byte // of a mechanism: '+', '-', '~' or '?'
	name  string
	value string // what follows the colon or the equals sign, without the length of a network
}

// parseTerm reads a term (RFC 7208, section 12). A modifier that nobody knows is
// allowed; a mechanism is not.
func parseTerm(s string) (term, bool) {
	t := term{sign: '+'}
	if strings.IndexByte("+-~?", s[0]) >= 0 {
		t.sign, s = s[0], s[1:]
	}
	end := strings.IndexAny(s, ":=/")
	if end < 0 {
		end = len(s)
	}
	t.name = strings.ToLower(s[:end])
	rest := s[end:]
	if strings.HasPrefix(rest, "=") {
		t.value = rest[1:]
		return t, isTagName(strings.NewReplacer("-", "_", ".", "_").Replace(t.name)) && (t.name != "redirect" || t.value != "")
	}
	switch t.name {
	case "all":
		return t, rest == ""
	case "ip4", "ip6":
		t.value = strings.TrimPrefix(rest, ":")
		return t, isNetwork(t.value, t.name == "ip4")
	case "include", "exists":
		t.value = strings.TrimPrefix(rest, ":")
		return t, t.value != "" && !strings.HasPrefix(rest, "/")
	case "a", "mx", "ptr":
		value, length, _ := strings.Cut(rest, "/")
		t.value = strings.TrimPrefix(value, ":")
		return t, (value == "" || t.value != "") && isLength(length)
	}
	return t, false
}

func isNetwork(s string, four bool) bool {
	address, err := netip.ParseAddr(s)
	if strings.Contains(s, "/") {
		var network netip.Prefix
		network, err = netip.ParsePrefix(s)
		address = network.Addr()
	}
	return err == nil && address.Is4() == four
}

// isLength reports whether s is what follows a slash: 24, or 24//64, or /64.
func isLength(s string) bool {
	four, six, both := strings.Cut(s, "/")
	six = strings.TrimPrefix(six, "/")
	for _, l := range []string{four, six} {
		if n, err := strconv.Atoi(l); l != "" && (err != nil || n < 0 || n > 128) {
			return false
		}
	}
	return !both || six != ""
}

// allowsRelay asks for each address of the relay whether letters may come from there.
func (x *examination) allowsRelay(ctx context.Context, domain string) Findings {
	if x.relay.Host == "" || x.relay.IsLoopback() {
		return nil
	}
	addresses, err := x.zone.LookupIPAddr(ctx, x.relay.Host)
	if err != nil {
		return nil // lookRelay says so
	}
	for _, a := range addresses {
		result, err := spf.CheckHostWithSender(a.IP, domain, "postmaster@"+domain, spf.WithContext(ctx), spf.WithResolver(x.zone))
		if result == spf.TempError {
			if e, ok := errors.AsType[*net.DNSError](err); ok {
				return Findings{silent(e.Name, e)}
			}
			return Findings{silent(domain, err)}
		}
		if result != spf.Pass {
			return Findings{found(diag.SPFRelay, "domain", domain, "host", x.relay.Host, "address", a.IP.String(), "result", fmt.Sprint(result))}
		}
	}
	return nil
}
