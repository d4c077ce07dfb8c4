package gate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"kaiho/generator/member"
)

// patience is how long requests wait for the manifest that explains what they
// found, unless Options has another time; a build takes less between its first
// rename and its manifest.
const (
	patience = 4 * time.Second
	glance   = 20 * time.Millisecond
)

// staleness is since when files do not fit the manifest, so that requests to a
// dist that nobody repairs do not all wait. Another manifest, or a request that
// did not wait in vain, begins anew.
type staleness struct {
	since atomic.Int64 // Unix nanoseconds, of the machine; 0: they do
	last  atomic.Int64 // when it was seen last
}

// deadline returns until when to wait: patience from when it began. What was not
// seen for a while is another beginning.
func (s *staleness) deadline(now time.Time, patience time.Duration) time.Time {
	last := s.last.Swap(now.UnixNano())
	if now.UnixNano()-last > int64(10*patience) || s.since.Load() == 0 {
		s.since.Store(now.UnixNano())
	}
	return time.Unix(0, s.since.Load()).Add(patience)
}

// file answers with a file of the site. It is the one place that decides who
// gets which.
func (g *Gate) file(a *answer, r *http.Request, v visit) {
	if r.Method == http.MethodPost {
		a.Header().Set("Allow", "GET, HEAD")
		g.pageRefused(a, r, v, http.StatusMethodNotAllowed)
		return
	}
	if v.path == "" {
		g.send(a, "/", http.StatusMovedPermanently)
		return
	}
	var deadline time.Time
	for {
		again, err := g.attempt(a, r, v)
		if !again {
			if !deadline.IsZero() {
				g.stale.since.Store(0) // it was a build, and it is over
			}
			return
		}
		now := time.Now()
		if deadline.IsZero() {
			deadline = g.stale.deadline(now, g.o.Patience)
			g.counts.waits.Add(1)
		}
		if !now.Before(deadline) || !pause(r.Context(), glance) {
			g.log.Error("a file cannot be served", "error", err.Error())
			a.Header().Set("Retry-After", "5")
			g.pageRefused(a, r, v, http.StatusServiceUnavailable)
			return
		}
		v.now = g.o.Now()
		if v.session, err = g.session(r, v.now); err != nil {
			g.pageRefused(a, r, v, http.StatusServiceUnavailable)
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// attempt decides and answers by the manifest of now. It asks for another
// attempt if dist is not what that says.
func (g *Gate) attempt(a *answer, r *http.Request, v visit) (again bool, err error) {
	s, err := g.current()
	if err != nil {
		return true, err
	}
	var reader *member.Reader
	if v.session != nil {
		reader = &v.session.Reader
	}
	e := s.lookup(v.path, reader)
	if e == nil {
		if slash := s.lookup(v.path+"/", reader); slash != nil {
			g.sendSlash(a, v.path+"/", slash)
			return false, nil
		}
		g.pageNotHere(a, r, v)
		return false, nil
	}
	c, f, err := g.open(e)
	if err != nil {
		return true, err
	}
	if f != nil {
		defer f.Close()
	}
	g.deliver(a, r, v, e, c, f)
	return false, nil
}

// sendSlash leads to the URL with a slash at its end, which this reader may
// read.
func (g *Gate) sendSlash(a *answer, path string, e *entry) {
	status := http.StatusFound
	if !e.members {
		status = http.StatusMovedPermanently
		a.Header()["Cache-Control"] = cachePublic
	}
	g.send(a, path, status)
}

// deliver sends a file that the reader may read.
func (g *Gate) deliver(a *answer, r *http.Request, v visit, e *entry, c *content, f *os.File) {
	a.shape = v.path
	h := a.Header()
	g.fileHeaders(h, e)
	if s := v.session; s != nil && e.html && r.Method == http.MethodGet && len(r.Header["Range"]) == 0 && len(r.Header["If-Match"]) == 0 &&
		v.now.Sub(s.Issued) >= renewal {
		g.renew(a, r, v)
	}
	if v.front != direct {
		g.accelerate(a, r, v, e)
		return
	}
	if f != nil {
		http.ServeContent(a, r, "", time.Time{}, f)
		return
	}
	if e.compress && !isPartial(r) && acceptsGzip(r.Header["Accept-Encoding"]) {
		if packed := c.compressed(); packed != nil {
			h["Etag"] = e.etagGzip
			h["Content-Encoding"] = gzipCoding
			h["Content-Length"] = []string{strconv.Itoa(len(packed))}
			http.ServeContent(a, r, "", time.Time{}, bytes.NewReader(packed))
			return
		}
	}
	http.ServeContent(a, r, "", time.Time{}, bytes.NewReader(c.data))
}

// isPartial reports whether a request is about the bytes of the file itself, and
// gets them uncompressed.
func isPartial(r *http.Request) bool {
	return len(r.Header["Range"]) > 0 || len(r.Header["If-Match"]) > 0 || len(r.Header["If-Range"]) > 0
}

// accelerate names the file to the web server in front.
func (g *Gate) accelerate(a *answer, r *http.Request, v visit, e *entry) {
	h := a.Header()
	if matches(r.Header["If-None-Match"], e.etag[0]) {
		delete(h, "Content-Type")
		a.WriteHeader(http.StatusNotModified)
		return
	}
	name := "/" + e.folder + "/" + e.file
	if v.front == nginx {
		h.Set("X-Accel-Redirect", (&url.URL{Path: "/_kaiho" + name}).EscapedPath())
	} else {
		h.Set("X-Kaiho-File", name) // Caddy escapes it itself
	}
	a.WriteHeader(http.StatusOK)
}

// matches reports whether an If-None-Match names the tag, weakly compared (RFC
// 9110, section 13.1.2): a server in front that compresses makes it weak.
func matches(lines []string, tag string) bool {
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			item = strings.TrimSpace(item)
			if item == "*" || strings.TrimPrefix(item, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// isMissing reports whether an error of opening a file means that dist has none
// of that name now.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ELOOP)
}

var _ io.ReaderFrom = (*answer)(nil)
