package gate_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

// edition is a state of the site: pages that tell their number at both ends, one
// that is public in every other edition and members-only in the rest, and one
// that comes and goes.
func edition(n int) map[string]string {
	page := func(words string) string {
		return fmt.Sprintf("<%d>", n) + strings.Repeat(words+" ", 2000) + fmt.Sprintf("</%d>", n)
	}
	site := map[string]string{
		"public/index.html":                   page("home"),
		"public/file.bin":                     page(strings.Repeat("large ", 25)), // 300 KB: not kept in memory
		"members/alumni/letters/index.html":   page(canary),
		"members/alumni/files/large.bin":      page(strings.Repeat(canary, 12)),
		"members/alumni/moves/index.html":     page("moves " + canary),
		"public/stays/index.html":             "always",
		"members/alumni/stays/now/index.html": "always " + canary,
	}
	if n%2 == 0 {
		site["public/moves/index.html"] = page("moves")
		site["public/comes/index.html"] = page("comes")
	}
	return site
}

// TestReadersWhileTheSiteIsReplaced has readers ask on while editions follow one
// another and a member is revoked. Every answer must be whole, of an edition that
// was there between question and answer, and for whom it is.
func TestReadersWhileTheSiteIsReplaced(t *testing.T) {
	f := newFixture(t, func(o *gate.Options) { o.Patience = 10 * time.Second })
	build(t, f.dist, edition(0))
	f.roster.set(alumna, member.Reader{Audiences: []string{"alumni"}})
	address := "http://" + listen(t, f.gate, nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 40, DisableCompression: true}}
	defer client.CloseIdleConnections()
	keeps, loses := f.cookie(another), f.cookie(alumna)
	var begun, done atomic.Int64 // editions whose build has begun, and ended
	var revoked atomic.Bool
	answers := make(chan struct{})
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 24 {
		readers.Go(func() {
			paths := []string{"/", "/letters/", "/moves/", "/file.bin", "/files/large.bin", "/comes/", "/stays/", "/stays/now/"}
			cookies := []string{"", keeps, loses}
			for n := i; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				r := request(t, "GET", address+paths[n%len(paths)], "Cookie", cookies[n/len(paths)%3])
				before, gone := done.Load(), revoked.Load()
				res, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				text, err := io.ReadAll(res.Body)
				res.Body.Close()
				after := begun.Load()
				select {
				case answers <- struct{}{}:
				case <-stop:
				}
				who := cookies[n/len(paths)%3]
				open := who == keeps || who == loses && !gone
				if wrong := judge(r.URL.Path, res.StatusCode, string(text), before, after, open, who == loses && revoked.Load()); err != nil || wrong != "" {
					t.Errorf("%s: got %d %.40q (%v), %s", r.URL.Path, res.StatusCode, text, err, wrong)
					return
				}
			}
		})
	}
	for n := 1; n <= 10; n++ {
		begun.Store(int64(n))
		build(t, f.dist, edition(n))
		done.Store(int64(n))
		if n == 5 {
			f.clock.move(2 * time.Second)
			f.roster.set(alumna, member.Reader{Audiences: []string{"alumni"}, ValidAfter: f.clock.Now()})
			revoked.Store(true)
		}
		for range 150 {
			select {
			case <-answers:
				continue
			case <-time.After(20 * time.Second):
				t.Error("nobody gets an answer")
			}
			break
		}
		if t.Failed() {
			break
		}
	}
	close(stop)
	readers.Wait()
}

// judge says what is wrong with an answer that was asked for after edition before
// had ended and read before edition after+1 began. open says that members' pages
// are this reader's, and either that this may have changed meanwhile.
func judge(path string, status int, text string, before, after int64, open, either bool) string {
	if status >= 500 {
		return "want no 5xx"
	}
	if strings.Contains(text, canary) && !open {
		return "want nothing of members'"
	}
	if status == 404 {
		switch {
		case strings.HasPrefix(path, "/letters/") || strings.HasPrefix(path, "/files/") || path == "/stays/now/":
			if open && !either {
				return "want the members' file"
			}
		case path == "/comes/" || path == "/moves/":
			if before == after && before%2 == 0 && (path == "/comes/" || !open) || path == "/moves/" && open && !either {
				return "want the page"
			}
		default:
			return "want the public file"
		}
		return ""
	}
	if strings.HasPrefix(path, "/stays/") {
		return ""
	}
	tag, _, _ := strings.Cut(strings.TrimPrefix(text, "<"), ">")
	n, err := strconv.ParseInt(tag, 10, 64)
	if err != nil || !strings.HasSuffix(text, "</"+tag+">") {
		return "want a whole page"
	}
	if n < before || n > after {
		return fmt.Sprintf("want an edition from %d to %d", before, after)
	}
	return ""
}

// TestRevokedInTheDatabase goes through the members' book and its roster, as
// serve does, in two processes' stead.
func TestRevokedInTheDatabase(t *testing.T) {
	ctx := context.Background()
	path := "sqlite:" + filepath.Join(t.TempDir(), "kaiho.db")
	open := func() *member.Book {
		db, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return member.Open(db)
	}
	book := open()
	f := newFixture(t, nil)
	m, err := book.Add(ctx, member.Member{Status: member.Active, Email: "ami@nagi.example", SMTP: "ami@nagi.example", Audiences: []string{"alumni"},
		Name: member.Name{Family: "浜野", Given: "あみ"}}, f.clock.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	gates := make([]*gate.Gate, 2)
	for i := range gates {
		r := member.NewRoster(ctx, open(), quiet)
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		dist, err := os.OpenRoot(f.dist)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { dist.Close() })
		gates[i], err = gate.New(gate.Options{Origin: origin, Audiences: []string{"alumni", "staff"}, Dist: dist, Ring: f.ring, Roster: r, Now: f.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
	}
	cookie := f.cookie(m.ID)
	status := func(g *gate.Gate) int {
		w := newRecorder()
		r := request(t, "GET", "https://nagi.example/letters/1/", "Cookie", cookie)
		g.ServeHTTP(w, r)
		return w.status
	}
	for i, g := range gates {
		if got := status(g); got != 200 {
			t.Errorf("gate %d: got %d, want 200", i, got)
		}
	}
	if err := book.Revoke(ctx, m.ID, f.clock.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Second)
	for i, g := range gates {
		for status(g) != 404 {
			if time.Now().After(deadline) {
				t.Fatalf("gate %d: still open a second after", i)
			}
		}
	}
}
