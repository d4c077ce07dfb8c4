package preview_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kaiho/generator/preview"
)

// client is one page in a browser: it reads the events of a path.
type client struct {
	t      testing.TB
	events chan event
}

type event struct{ name, data string }

func connect(t testing.TB, server *httptest.Server, path, have, reader string) client {
	t.Helper()
	path, search, _ := strings.Cut(path, "?")
	query := url.Values{"path": {(&url.URL{Path: path}).EscapedPath()}, "query": {search}, "have": {have}}
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/-/events?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if reader != "" {
		r.AddCookie(&http.Cookie{Name: "kaiho_reader", Value: reader})
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); response.StatusCode != 200 || got != "text/event-stream" {
		t.Fatalf("got %s, %s", response.Status, got)
	}
	c := client{t, make(chan event, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(c.events)
		var e event
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			switch line := lines.Text(); {
			case line == "" && e.name != "":
				c.events <- e
				e = event{}
			case strings.HasPrefix(line, "event: "):
				e.name = line[len("event: "):]
			case strings.HasPrefix(line, "data: "):
				e.data = line[len("data: "):]
			}
		}
	}()
	t.Cleanup(func() { response.Body.Close(); <-done })
	return c
}

// want reads the next events, whose names are these, and returns the last one's data.
func (c client) want(what string, names ...string) string {
	c.t.Helper()
	var e event
	for i, name := range names {
		select {
		case e = <-c.events:
		case <-time.After(10 * time.Second):
			c.t.Fatalf("%s: event %d, %s, did not come", what, i+1, name)
		}
		if e.name != name {
			c.t.Fatalf("%s: event %d: got %s %s, want %s", what, i+1, e.name, e.data, name)
		}
	}
	return e.data
}

func running(t testing.TB, o preview.ServerOptions) (*preview.Server, *httptest.Server) {
	s := preview.NewServer(o)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	return s, server
}

// versionAt is what a page at path carries.
func versionAt(t testing.TB, s http.Handler, path string) string {
	t.Helper()
	r := get(s, "GET", path, "localhost")
	page := new(strings.Builder)
	if err := r.Write(page); err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(page.String(), `data-version="`)
	version, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no version in %s", page)
	}
	return version
}

const sheet = `<link rel=stylesheet href=/site.%s.css><body>%s`

func pages(text, style string) map[string]string {
	return map[string]string{"/": fmt.Sprintf(sheet, style, text), "/other/": "other", "/404.html": "not here", "alumni/": "alumni " + text}
}

func TestEventsTellOnlyWhatIsNeeded(t *testing.T) {
	s, server := running(t, preview.ServerOptions{})
	early := connect(t, server, "/", "-", "")
	early.want("before the first site", "hello", "state", "ok")
	s.Show(site("/", pages("one", "a")))
	early.want("the first site", "page", "state")

	home := connect(t, server, "/", versionAt(t, s, "/"), "")
	other := connect(t, server, "/other/", versionAt(t, s, "/other/"), "")
	nothing := connect(t, server, "/お知らせ/", versionAt(t, s, "/x/"), "")
	for _, c := range []client{home, other, nothing} {
		c.want("connect", "hello", "state", "ok")
	}
	broken := site("/", pages("two", "b"))
	broken.Problems = []preview.Problem{{Message: "wrong"}}
	moved := pages("two", "b")
	moved["/お知らせ/"] = "moved"
	delete(moved, "/")
	steps := []struct {
		name                 string
		show                 preview.Snapshot
		home, other, nothing string
	}{
		{"the body changes", site("/", pages("two", "a")), "page state", "state", "state"},
		{"the style changes", site("/", pages("two", "b")), "css state", "state", "state"},
		{"nothing changes", site("/", pages("two", "b")), "state", "state", "state"},
		{"there are problems", broken, "state problems", "state problems", "state problems"},
		{"there still are", broken, "state problems", "state problems", "state problems"},
		{"they are mended", site("/", pages("two", "b")), "state ok", "state ok", "state ok"},
		{"a page moves", site("/", moved), "gone state", "state", "page state"},
		{"it comes back, with another style", site("/", pages("two", "c")), "page state", "state", "gone state"},
	}
	for _, step := range steps {
		s.Show(step.show)
		home.want(step.name, strings.Fields(step.home)...)
		other.want(step.name, strings.Fields(step.other)...)
		nothing.want(step.name, strings.Fields(step.nothing)...)
	}
}

func TestEventsCarryWhatTheBrowserShows(t *testing.T) {
	s, server := running(t, preview.ServerOptions{Editor: "code:{path}:{line}", Root: "/p", Words: preview.Words{Edit: "編集"}})
	now := site("/", pages("one", "a"))
	now.Note = "2 held back"
	for i := range 150 {
		now.Problems = append(now.Problems, preview.Problem{Path: "a.md", Line: i, Severity: "warning", Message: "w"})
	}
	now.Problems = append(now.Problems, preview.Problem{Path: "b.md", Line: 3, Severity: "error", Message: "</script>\n e"})
	s.Show(now)
	c := connect(t, server, "/", "old.old", "alumni")
	c.want("connect", "hello", "page")
	var state struct {
		Words               map[string]string
		Readers             []preview.Choice
		Reader, Edit, Note  string
		Errors, Warnings    int
		Source              string
		Marks, Translations []string
	}
	if err := json.Unmarshal([]byte(c.want("connect", "state")), &state); err != nil {
		t.Fatal(err)
	}
	if state.Reader != "alumni" || len(state.Readers) != 2 || state.Source != "content/index.md" || state.Edit != "code:/p/content/index.md:1" ||
		state.Note != "2 held back" || state.Errors != 1 || state.Warnings != 150 || state.Words["edit"] != "編集" || state.Words["close"] != "Close" {
		t.Errorf("got %+v", state)
	}
	var overlay struct {
		Number, More int
		Behind       bool
		Problems     []struct{ Message, Edit string }
	}
	if err := json.Unmarshal([]byte(c.want("connect", "problems")), &overlay); err != nil {
		t.Fatal(err)
	}
	if len(overlay.Problems) != 100 || overlay.More != 51 || !overlay.Behind || overlay.Number != 1 ||
		overlay.Problems[0].Message != "</script>\n e" || overlay.Problems[0].Edit != "code:/p/b.md:3" {
		t.Errorf("got %+v", overlay)
	}
	s.Show(site("/", pages("one", "b")))
	var css struct{ Styles []string }
	public := connect(t, server, "/", versionAt(t, s, "/"), "")
	public.want("connect", "hello", "state", "ok")
	s.Show(site("/", pages("one", "c")))
	if err := json.Unmarshal([]byte(public.want("another style", "css")), &css); err != nil || fmt.Sprint(css.Styles) != "[/site.c.css]" {
		t.Errorf("got styles %q, %v", css.Styles, err)
	}
}

// A page that cannot be made is left as the browser has it.
func TestEventsLeaveThePageThatCannotBeMade(t *testing.T) {
	s, server := running(t, preview.ServerOptions{})
	good := site("/", pages("one", "a"))
	s.Show(good)
	c := connect(t, server, "/", versionAt(t, s, "/"), "")
	c.want("connect", "hello", "state", "ok")
	bad := good
	bad.Open = func(string, string) (preview.Content, error) {
		return preview.Content{}, fmt.Errorf("render: %w", &preview.PageError{Problems: []preview.Problem{{Message: "no such field"}}})
	}
	s.Show(bad)
	if got := c.want("a layout breaks", "state", "problems"); !strings.Contains(got, "no such field") || !strings.Contains(got, `"behind":true`) {
		t.Errorf("got %s", got)
	}
	s.Show(good)
	c.want("it is mended", "state", "ok")
}

func TestNewerSnapshotSupersedes(t *testing.T) {
	s, server := running(t, preview.ServerOptions{})
	s.Show(site("/", pages("one", "a")))
	c := connect(t, server, "/", versionAt(t, s, "/"), "")
	c.want("connect", "hello", "state", "ok")
	entered, leave := make(chan struct{}), make(chan struct{})
	slow := site("/", pages("two", "a"))
	open := slow.Open
	var once sync.Once
	slow.Open = func(reader, path string) (preview.Content, error) {
		once.Do(func() { close(entered); <-leave })
		return open(reader, path)
	}
	slow.Note = "superseded"
	s.Show(slow)
	<-entered
	newest := site("/", pages("one", "a"))
	newest.Note = "newest"
	s.Show(newest)
	close(leave)
	if got := c.want("after both", "state"); !strings.Contains(got, `"note":"newest"`) {
		t.Errorf("got %s", got)
	}
}

func TestManyBrowsersAtOnce(t *testing.T) {
	const browsers, shows = 200, 20
	s, server := running(t, preview.ServerOptions{})
	var open, most atomic.Int64
	show := func(text string) {
		now := site("/", pages(text, "a"))
		inner := now.Open
		now.Open = func(reader, path string) (preview.Content, error) {
			n := open.Add(1)
			defer open.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			runtime.Gosched()
			return inner(reader, path)
		}
		now.Note = text
		s.Show(now)
	}
	show("0")
	clients := make([]client, browsers)
	for i := range clients {
		clients[i] = connect(t, server, "/", "", []string{"", "alumni"}[i%2])
		clients[i].want("connect", "hello", "state", "ok")
	}
	for i := range shows {
		show(fmt.Sprint(i + 1))
	}
	last := fmt.Sprintf(`"note":"%d"`, shows)
	for i, c := range clients {
		for e := c.want("the last one", "page"); !strings.Contains(e, last); {
			select {
			case next := <-c.events:
				e = next.data
			case <-time.After(10 * time.Second):
				t.Fatalf("browser %d: the last state did not come", i)
			}
		}
	}
	if got, limit := most.Load(), int64(runtime.GOMAXPROCS(0)); got > limit {
		t.Errorf("%d pages were opened at once, want at most %d", got, limit)
	}
}

func TestCloseLetsTheServerShutDown(t *testing.T) {
	s, server := running(t, preview.ServerOptions{})
	s.Show(site("/", pages("one", "a")))
	c := connect(t, server, "/", "", "")
	c.want("connect", "hello", "state", "ok")
	s.Close()
	s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := server.Config.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if _, more := <-c.events; more {
		t.Error("the stream went on")
	}
	if got := get(s, "GET", "/-/events?path=/", "localhost").StatusCode; got != 503 {
		t.Errorf("a new stream: got %d, want 503", got)
	}
}

func TestStreamsBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := preview.NewServer(preview.ServerOptions{})
		w := httptest.NewRecorder()
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/-/events?path=/", nil))
		}()
		time.Sleep(50 * time.Second)
		s.Close()
		<-done
		if got := strings.Count(w.Body.String(), ":\n\n"); got != 3 || !strings.HasPrefix(w.Body.String(), "retry: 500\n\n") {
			t.Errorf("got %d beats in 50 s: %q", got, w.Body)
		}
	})
}
