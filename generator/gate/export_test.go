package gate

import (
	"net/http"
	"time"
)

// Session is the session of a request.
func (g *Gate) Session(r *http.Request, now time.Time) (*Session, error) { return g.session(r, now) }

// Forget makes the gate read the manifest again.
func (g *Gate) Forget() { g.site.Store(nil) }

// MaxKeys is how many keys a limiter keeps.
const MaxKeys = maxKeys

// Limiter is a limiter of names.
type Limiter struct{ limiter[string] }

// NewLimiter returns a limiter.
func NewLimiter(every time.Duration, burst int) *Limiter {
	return &Limiter{limiter[string]{every: every, burst: burst}}
}

// Take is take.
func (l *Limiter) Take(key string) bool { return l.take(key) }

// Len is how many keys there are.
func (l *Limiter) Len() int { return len(l.full) }
