package doctor

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"kaiho/generator/diag"
)

// Resolver asks the DNS, as *net.Resolver does. Names come with a dot at the end, so
// that no search list of the machine makes other names of them. The strings of a TXT
// record are one. That there is no record is a *net.DNSError with IsNotFound.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, address string) ([]string, error)
}

// zone is a Resolver that asks for nothing twice.
type zone struct {
	from  Resolver
	mu    sync.Mutex
	known map[string]func() (any, error)
}

// LookupTXT returns the TXT records of a name.
func (z *zone) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return ask(ctx, z, "TXT", rooted(name), z.from.LookupTXT)
}

// LookupMX returns the MX records of a name, the preferred one first.
func (z *zone) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(ctx, z, "MX", rooted(name), z.from.LookupMX)
}

// LookupIPAddr returns the addresses of a host.
func (z *zone) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	if ip := net.ParseIP(host); ip != nil {
		return []net.IPAddr{{IP: ip}}, nil
	}
	return ask(ctx, z, "A", rooted(host), z.from.LookupIPAddr)
}

// LookupAddr returns the names of an address.
func (z *zone) LookupAddr(ctx context.Context, address string) ([]string, error) {
	return ask(ctx, z, "PTR", address, z.from.LookupAddr)
}

func ask[T any](ctx context.Context, z *zone, kind, name string, look func(context.Context, string) (T, error)) (T, error) {
	z.mu.Lock()
	if z.known == nil {
		z.known = map[string]func() (any, error){}
	}
	answer := z.known[kind+" "+name]
	if answer == nil {
		answer = sync.OnceValues(func() (any, error) { return look(ctx, name) })
		z.known[kind+" "+name] = answer
	}
	z.mu.Unlock()
	v, err := answer()
	t, _ := v.(T)
	return t, err
}

// rooted returns a name as it is asked for: in lower case, with a dot at the end.
func rooted(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") + "." }

// bare returns a name as people write it.
func bare(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

// isNone reports whether the DNS has said that there is no such record.
func isNone(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	return ok && e.IsNotFound
}

// silent is the finding for a name about which the DNS said nothing.
func silent(name string, err error) Finding {
	reason := err.Error()
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		reason = e.Err // without the address of the server
	}
	return found(diag.DNSSilent, "name", bare(name), "reason", reason)
}

// tagList reads "v=DKIM1; k=rsa; p=..." (RFC 6376, section 3.2), which DMARC's records
// are, too. White space in values goes, as it does in keys. bad is the first part that
// is none, or that is there twice.
func tagList(record string) (tags map[string]string, order []string, bad string) {
	tags = map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, value, is := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		_, twice := tags[name]
		if !is || !isTagName(name) || twice {
			return tags, order, part
		}
		tags[name] = strings.TrimSpace(value)
		order = append(order, name)
	}
	return tags, order, ""
}

func isTagName(s string) bool {
	for i, c := range s {
		isLetter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !isLetter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}
