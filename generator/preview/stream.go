package preview

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	heartbeat  = 15 * time.Second // so that proxies and we notice who is gone
	retryAfter = 500              // milliseconds until a browser connects again
	patience   = 10 * time.Second // for one write to a browser
)

// stream is the line to one page in one browser. Its goroutine is the
// request's own: it alone compares and writes, so a slow browser waits for
// itself only.
type stream struct {
	s        *Server
	w        http.ResponseWriter
	r        *http.Request
	page     url.URL // its path and, of a page of letters, its query
	has      version // what the browser has
	told     int     // number of the snapshot that it was told of; -1 is none
	overlaid bool    // it shows problems, or may do so from an earlier stream
	err      error   // of writing
}

// state is the data of the bar.
type state struct {
	Words        Words    `json:"words"`
	Readers      []Choice `json:"readers"`
	Reader       string   `json:"reader"`
	Translations []Choice `json:"translations"`
	Marks        []string `json:"marks"`
	Source       string   `json:"source"`
	Edit         string   `json:"edit"`
	Note         string   `json:"note"`
	Letters      string   `json:"letters"` // URL of the letters: of the page's issue, or of the next; "" is no link
	Errors       int      `json:"errors"`
	Warnings     int      `json:"warnings"`
}

// events is the stream of server-sent events to one page:
//
//	hello     {process}: another process than before has perhaps another page
//	page      {version}: the page is another one; it is to be fetched
//	css       {version, styles}: only the stylesheets are, and these are their addresses
//	gone      {version}: there is no page at the path any more
//	state     what the bar shows
//	problems  what the overlay shows
//	ok        there are none
//
// The query's path is the page's, as the browser escapes it, query is the
// page's own, with the question mark, and have the version it was served with.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		http.Error(w, "events are for the preview's own pages", http.StatusForbidden)
		return
	}
	asked := r.URL.Query()
	page := url.URL{RawPath: asked.Get("path"), RawQuery: strings.TrimPrefix(asked.Get("query"), "?")}
	var err error
	if page.Path, err = url.PathUnescape(page.RawPath); err != nil || !strings.HasPrefix(page.Path, "/") {
		http.Error(w, "400: path is no path of this site", http.StatusBadRequest)
		return
	}
	select {
	case <-s.closing:
		http.Error(w, "the preview ends", http.StatusServiceUnavailable)
		return
	default:
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would gather events
	if r.Method == http.MethodHead {
		return
	}
	st := &stream{s: s, w: w, r: r, page: page, has: version(asked.Get("have")), told: -1, overlaid: true}
	st.write(fmt.Sprintf("retry: %d\n\n", retryAfter))
	st.send("hello", map[string]string{"process": s.process})
	st.run()
}

func (st *stream) run() {
	ctx := st.r.Context()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for st.err == nil {
		now := st.s.current.Load()
		if now.number != st.told {
			a, ok := st.open(ctx)
			if !ok {
				return
			}
			// What took its place meanwhile is told instead.
			if st.s.current.Load() == a.now {
				st.tell(a)
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-st.s.closing:
			return
		case <-now.next:
		case <-beat.C:
			st.write(":\n\n")
		}
	}
}

// opened is the answer of one snapshot.
type opened struct {
	answer
	now    *shown
	reader string
}

// open waits for its turn and opens the page in the snapshot that is current
// then. It is false when the stream ends.
func (st *stream) open(ctx context.Context) (opened, bool) {
	select {
	case <-ctx.Done():
		return opened{}, false
	case <-st.s.closing:
		return opened{}, false
	case st.s.opening <- struct{}{}:
	}
	defer func() { <-st.s.opening }()
	now := st.s.current.Load()
	reader := now.readerOf(st.r)
	if _, _, ofLetters := placeOf(st.page.EscapedPath()); ofLetters {
		a, _ := st.s.lettersAnswer(now, &st.page)
		return opened{a, now, reader}, true
	}
	return opened{st.s.answer(now, reader, st.page.Path), now, reader}, true
}

// tell sends what differs from what the browser has.
func (st *stream) tell(a opened) {
	st.told = a.now.number
	if st.has == "" {
		st.has = a.version // a client of its own kind: it has what is there
	}
	// A page that cannot be made stays as the browser has it.
	if a.status != http.StatusInternalServerError {
		switch event := a.version.since(st.has); event {
		case "":
		case "css":
			st.send(event, map[string]any{"version": a.version, "styles": a.styles})
		default:
			st.send(event, map[string]any{"version": a.version})
		}
		st.has = a.version
	}
	problems := errorsFirst(append(a.problems[:len(a.problems):len(a.problems)], a.now.Problems...))
	errors := countErrors(problems)
	st.send("state", st.state(a, errors, len(problems)-errors))
	switch {
	case len(problems) > 0:
		o := st.s.overlay(problems)
		o.Number, o.Behind = a.now.number, errors > 0 && st.has != none
		st.send("problems", o)
		st.overlaid = true
	case st.overlaid:
		st.send("ok", map[string]any{})
		st.overlaid = false
	}
}

func (st *stream) state(a opened, errors, warnings int) state {
	bar := state{
		Words: st.s.o.Words, Readers: a.now.Readers, Reader: a.reader, Translations: a.Translations, Marks: a.Marks,
		Source: a.Source, Edit: st.s.o.editURL(a.Source, 1, 1), Note: a.now.Note,
		Errors: errors, Warnings: warnings,
	}
	_, _, ofLetters := placeOf(st.page.EscapedPath())
	switch {
	case ofLetters:
		bar.Readers = nil // a letter is seen as its recipient sees it
	case a.now.Letters != nil:
		bar.Letters = place{issue: a.Issue}.url()
	}
	return bar
}

// send writes one event. JSON has no line ends, so its data is one line.
func (st *stream) send(event string, data any) {
	b, err := json.Marshal(data)
	if err != nil {
		st.err = fmt.Errorf("encode event %s: %w", event, err)
		return
	}
	st.write("event: " + event + "\ndata: " + string(b) + "\n\n")
}

func (st *stream) write(text string) {
	if st.err != nil {
		return
	}
	rc := http.NewResponseController(st.w)
	// Not every writer has deadlines; then the connection's end is the only one.
	_ = rc.SetWriteDeadline(time.Now().Add(patience))
	if _, st.err = st.w.Write([]byte(text)); st.err == nil {
		st.err = rc.Flush()
	}
	_ = rc.SetWriteDeadline(time.Time{})
}
