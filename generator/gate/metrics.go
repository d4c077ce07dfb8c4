package gate

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// answer is an answer on its way, for the counts and the log.
type answer struct {
	http.ResponseWriter
	started time.Time
	status  int
	sent    int64
	shape   string // of the path; "": it is cut to what is harmless
}

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes how much is sent.
func (a *answer) Write(p []byte) (int, error) {
	a.begin()
	n, err := a.ResponseWriter.Write(p)
	a.sent += int64(n)
	return n, err
}

// ReadFrom lets the system copy files by itself.
func (a *answer) ReadFrom(r io.Reader) (int64, error) {
	a.begin()
	n, err := io.Copy(a.ResponseWriter, r)
	a.sent += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) begin() {
	if a.status == 0 {
		a.status = http.StatusOK
	}
}

// counts is what /metrics tells.
type counts struct {
	running         atomic.Int64
	classes         [6]atomic.Int64 // answers by the first digit of their status
	bytes           atomic.Int64
	slower          [len(bounds) + 1]atomic.Int64 // answers by how long they took
	nanoseconds     atomic.Int64
	sessionsRefused atomic.Int64
	tokensRefused   atomic.Int64
	entered         atomic.Int64
	reloads         atomic.Int64
	reloadsFailed   atomic.Int64
	waits           atomic.Int64
}

var bounds = [...]time.Duration{100 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second, 10 * time.Second}

// finish counts and logs an answer.
func (g *Gate) finish(a *answer, r *http.Request) {
	took := time.Since(a.started)
	c := &g.counts
	c.running.Add(-1)
	c.bytes.Add(a.sent)
	c.nanoseconds.Add(int64(took))
	slot := 0
	for slot < len(bounds) && took > bounds[slot] {
		slot++
	}
	c.slower[slot].Add(1)
	if a.status < 600 {
		c.classes[a.status/100].Add(1)
	}
	if !g.log.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	shape := a.shape
	if shape == "" {
		shape = harmless(r.URL.Path)
	}
	g.log.LogAttrs(context.Background(), slog.LevelInfo, "request", slog.String("method", method(r.Method)), slog.String("path", shape),
		slog.Int("status", a.status), slog.Int64("bytes", a.sent), slog.Float64("ms", float64(took.Microseconds())/1000))
}

// method returns a method's name, if it is one.
func method(name string) string {
	switch name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return name
	}
	return "‹other›"
}

// harmless returns the path of something that is not there, without what may
// be a token in another spelling, or an address.
func harmless(path string) string {
	const longest = 200
	if !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "‹unreadable›"
	}
	parts := strings.Split(path[:min(len(path), longest)], "/")
	for i, part := range parts {
		if len(part) > 40 || strings.ContainsAny(part, "@%") {
			parts[i] = "‹cut›"
		}
	}
	return strings.ToValidUTF8(strings.Join(parts, "/"), "")
}

// metrics returns the counts in the text format of Prometheus.
func (g *Gate) metrics() string {
	var b strings.Builder
	c := &g.counts
	metric := func(name, kind, help string, lines ...string) {
		fmt.Fprintf(&b, "# HELP kaiho_%s %s\n# TYPE kaiho_%s %s\n", name, help, name, kind)
		for _, line := range lines {
			fmt.Fprintf(&b, "kaiho_%s%s\n", name, line)
		}
	}
	one := func(n int64) string { return fmt.Sprintf(" %d", n) }
	var classes []string
	for i := 1; i < len(c.classes); i++ {
		classes = append(classes, fmt.Sprintf(`{status="%dxx"} %d`, i, c.classes[i].Load()))
	}
	metric("answers_total", "counter", "Answers, by their status.", classes...)
	metric("answer_bytes_total", "counter", "Bytes of bodies.", one(c.bytes.Load()))
	metric("requests_running", "gauge", "Requests under way.", one(c.running.Load()))
	metric("sessions_refused_total", "counter", "Cookies that were no session, or none any more.", one(c.sessionsRefused.Load()))
	metric("tokens_refused_total", "counter", "Links that were not ours.", one(c.tokensRefused.Load()))
	metric("entered_total", "counter", "Sessions that a link has opened.", one(c.entered.Load()))
	metric("reloads_total", "counter", "Times that the site has changed.", one(c.reloads.Load()))
	metric("reloads_failed_total", "counter", "Times that the manifest could not be read.", one(c.reloadsFailed.Load()))
	metric("waits_total", "counter", "Requests that waited for a build to end.", one(c.waits.Load()))
	n, bytes := g.bytes.size()
	metric("memory_files", "gauge", "Files in memory.", one(int64(n)))
	metric("memory_bytes", "gauge", "Bytes that they take.", one(bytes))
	if s := g.site.Load(); s != nil {
		metric("site_files", "gauge", "Files of the site.", one(int64(s.outputs)))
	}
	b.WriteString("# HELP kaiho_answer_seconds How long answers took.\n# TYPE kaiho_answer_seconds histogram\n")
	total := int64(0)
	for i := range c.slower {
		total += c.slower[i].Load()
		le := "+Inf"
		if i < len(bounds) {
			le = fmt.Sprint(bounds[i].Seconds())
		}
		fmt.Fprintf(&b, "kaiho_answer_seconds_bucket{le=%q} %d\n", le, total)
	}
	fmt.Fprintf(&b, "kaiho_answer_seconds_sum %g\nkaiho_answer_seconds_count %d\n", time.Duration(c.nanoseconds.Load()).Seconds(), total)
	return b.String()
}
