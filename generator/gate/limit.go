package gate

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kaiho/generator/member"
)

// network is where a request comes from: an IPv4 address, or the /64 of an IPv6
// one, which one household or one machine has for itself. The zero network is
// unknown, and is limited as one.
type network [16]byte

// networkOf returns the network of the peer. A peer on this machine is a web
// server in front: then it is the last address of X-Forwarded-For, which that
// server has added. Nothing but limits goes by it.
func networkOf(r *http.Request) network {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.IsLoopback() { // a Unix socket has no address
		if lines := r.Header["X-Forwarded-For"]; len(lines) > 0 {
			line := lines[len(lines)-1]
			if last, err := netip.ParseAddr(strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:])); err == nil {
				addr = last
			}
		}
	}
	if !addr.IsValid() {
		return network{}
	}
	n := network(addr.Unmap().WithZone("").As16())
	if addr.Unmap().Is6() {
		clear(n[8:])
	}
	return n
}

// kept is what is kept of a network with a consent: an IPv4 address without its last
// part, an IPv6 one without all but 48 bits of it; "" if it is not known.
func (n network) kept() string {
	if n == (network{}) {
		return ""
	}
	addr, bits := netip.AddrFrom16(n).Unmap(), 48
	if addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// limits counts what costs something or troubles somebody.
type limits struct {
	refused    limiter[network] // tokens that were not ours
	refusedAll limiter[struct{}]
	looks      limiter[struct{}] // at tokens from where too many were not ours
	asks       limiter[network]  // for a link
	asksAll    limiter[struct{}]
	letters    limiter[uint32] // links to one member: soon after another
	lettersDay limiter[uint32] // and in a day

	signups       limiter[network] // forms of those who want to subscribe
	signupsAll    limiter[struct{}]
	signupsTo     limiter[addressKey] // letters to one address: soon after another
	signupsToDay  limiter[addressKey] // and in a day
	signupsDomain limiter[addressKey] // letters to the addresses of one domain
	secret        [32]byte            // of this process, for keys of addresses

	under atomic.Int32
}

const (
	maxKeys  = 50_000 // of a limiter: 2 MB
	maxUnder = 64     // background work at a time
)

func (l *limits) init() {
	l.refused = limiter[network]{every: 2 * time.Second, burst: 30}
	l.refusedAll = limiter[struct{}]{every: time.Millisecond, burst: 2000} // an Ed25519 check is 40 µs
	l.looks = limiter[struct{}]{every: 2 * time.Millisecond, burst: 1000}
	l.asks = limiter[network]{every: 3 * time.Minute, burst: 20}
	l.asksAll = limiter[struct{}]{every: 500 * time.Millisecond, burst: 300}
	l.letters = limiter[uint32]{every: 10 * time.Minute, burst: 1}
	l.lettersDay = limiter[uint32]{every: day / 5, burst: 5}
	l.signups = limiter[network]{every: 3 * time.Minute, burst: 20}
	l.signupsAll = limiter[struct{}]{every: 6 * time.Second, burst: 100} // 600 an hour
	l.signupsTo = limiter[addressKey]{every: 15 * time.Minute, burst: 1}
	l.signupsToDay = limiter[addressKey]{every: day / 5, burst: 5}
	l.signupsDomain = limiter[addressKey]{every: 20 * time.Second, burst: 60} // large ones are many people's
	rand.Read(l.secret[:])                                                    // never fails
}

// mayFail reports whether one more token of that network is looked at.
func (l *limits) mayFail(n network) bool {
	return l.refused.has(n) && l.refusedAll.has(struct{}{})
}

func (l *limits) failed(n network) {
	l.refused.take(n)
	l.refusedAll.take(struct{}{})
}

// mayAsk takes one request for a link from what its network has left, and from
// what all have.
func (g *Gate) mayAsk(r *http.Request) bool {
	return g.limits.asks.take(networkOf(r)) && g.limits.asksAll.take(struct{}{})
}

// mayMail takes one link from what a member has left. A member has one address,
// so that this is the limit by address, and no address is kept.
func (g *Gate) mayMail(id uint32) bool {
	l := &g.limits
	return l.letters.has(id) && l.lettersDay.take(id) && l.letters.take(id)
}

// addressKey stands for an address or a domain, of which nothing can be read.
type addressKey [32]byte

func (l *limits) keyOf(s string) (k addressKey) {
	mac := hmac.New(sha256.New, l.secret[:])
	mac.Write([]byte(s))
	return addressKey(mac.Sum(k[:0]))
}

// maySubscribe takes one letter of confirmation from what the network, all, the
// domain and the address have left. Most is asked of who sends the form; nobody can
// use up what an address has left but by letters to it.
func (g *Gate) maySubscribe(r *http.Request, a member.Address) bool {
	l := &g.limits
	_, domain, _ := strings.Cut(a.Canonical[strings.LastIndexByte(a.Canonical, '@'):], "@")
	to, at := l.keyOf(a.Canonical), l.keyOf("@"+domain)
	return l.signups.take(networkOf(r)) && l.signupsTo.has(to) && l.signupsToDay.has(to) &&
		l.signupsAll.take(struct{}{}) && l.signupsDomain.take(at) && l.signupsToDay.take(to) && l.signupsTo.take(to)
}

func (l *limits) begin() bool {
	if l.under.Add(1) > maxUnder {
		l.under.Add(-1)
		return false
	}
	return true
}

func (l *limits) end() { l.under.Add(-1) }

// limiter lets a key take burst at once and then one every so often (the
// generic cell rate algorithm: per key, the time at which its bucket is full
// again). It goes by the machine's time. If there are too many keys, those that
// have their bucket full are forgotten first, and then any.
type limiter[K comparable] struct {
	every time.Duration
	burst int

	mu   sync.Mutex
	full map[K]time.Time
}

// has reports whether take would succeed.
func (l *limiter[K]) has(key K) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, found := l.full[key]
	return !found || time.Until(at) <= l.every*time.Duration(l.burst-1)
}

// take takes one, or reports that none is left.
func (l *limiter[K]) take(key K) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	at := l.full[key]
	if at.Before(now) {
		at = now
	}
	if at.Sub(now) > l.every*time.Duration(l.burst-1) {
		return false
	}
	if l.full == nil {
		l.full = map[K]time.Time{}
	}
	if _, found := l.full[key]; !found && len(l.full) >= maxKeys {
		l.forget(now)
	}
	l.full[key] = at.Add(l.every)
	return true
}

func (l *limiter[K]) forget(now time.Time) {
	for key, at := range l.full {
		if !at.After(now) {
			delete(l.full, key)
		}
	}
	for key := range l.full { // a flood from many networks: a tenth goes, whichever
		if len(l.full) <= maxKeys-maxKeys/10 {
			break
		}
		delete(l.full, key)
	}
}
