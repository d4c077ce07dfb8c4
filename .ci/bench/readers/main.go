// Command readers has many readers read a site that is served by two processes,
// while builds replace its output and a member is revoked:
//
//	go run ./.ci/bench/readers [-readers 200] [-for 1m] [-kaiho FILE]
//
// It fails if an answer is wrong: not 200, torn, a member's page for somebody who
// has no session, or for the revoked member later than a second after. What it
// prints is for the log of a change: answers, times, how long the revoked read on.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// bench is a site, who serves it, and what readers have seen.
type bench struct {
	kaiho, site string
	addresses   []string
	public      []string // URLs of pages
	members     []string // URLs that only members have

	mu       sync.Mutex
	times    []time.Duration
	wrong    map[string]int
	revoked  time.Time
	lastRead time.Duration // of the revoked member, after
}

func main() {
	readers := flag.Int("readers", 200, "readers at once")
	lasts := flag.Duration("for", time.Minute, "how long")
	kaiho := flag.String("kaiho", "", "the program; without it, one is built")
	flag.Parse()
	dir, err := os.MkdirTemp("", "readers")
	check(err)
	defer os.RemoveAll(dir)
	b := &bench{kaiho: *kaiho, site: filepath.Join(dir, "site"), wrong: map[string]int{}}
	if b.kaiho == "" {
		b.kaiho = filepath.Join(dir, "kaiho")
		check(exec.Command("go", "build", "-o", b.kaiho, "./cmd/kaiho").Run())
	}
	stop := b.serve()
	stays, goes := b.enter("shun.agatsuma@example.jp"), b.enter("koji.asahina@example.jp")
	ctx, cancel := context.WithTimeout(context.Background(), *lasts)
	defer cancel()
	var all sync.WaitGroup
	for i := range *readers {
		cookie := []string{"", stays, "", stays, "", "", stays, "", stays, goes}[i%10]
		all.Go(func() { b.read(ctx, b.addresses[i%2], cookie, cookie == goes) })
	}
	all.Go(func() { b.edit(ctx, *lasts/11) })
	time.Sleep(*lasts / 2)
	b.run("member", "revoke", "koji.asahina@example.jp")
	b.mu.Lock()
	b.revoked = time.Now()
	b.mu.Unlock()
	all.Wait()
	stop()
	b.report(*readers, *lasts)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (b *bench) run(args ...string) string {
	var out, problems bytes.Buffer
	cmd := exec.Command(b.kaiho, append([]string{"-C", b.site, "--now", time.Now().Format(time.RFC3339)}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		log.Fatalf("kaiho %v: %v\n%s", args, err, problems.String())
	}
	return out.String()
}

// serve makes the sample site and serves it twice; it returns what ends that.
func (b *bench) serve() func() {
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		check(err)
		b.addresses = append(b.addresses, l.Addr().String())
		check(l.Close())
	}
	check(exec.Command(b.kaiho, "init", b.site).Run())
	conf := filepath.Join(b.site, "site.yaml")
	text, err := os.ReadFile(conf)
	check(err)
	text = regexp.MustCompile(`(?m)^base_url:.*$`).ReplaceAll(text, []byte("base_url: http://"+b.addresses[0]+"/"))
	check(os.WriteFile(conf, text, 0o644))
	b.run("build")
	b.run("key", "new")
	b.run("member", "import", "--sample")
	b.pages()
	var running []*exec.Cmd
	for _, address := range b.addresses {
		cmd := exec.Command(b.kaiho, "-C", b.site, "serve", "--addr", address, "--hosts", strings.Join(b.addresses, ","), "--access-log=false")
		cmd.Stderr = os.Stderr
		check(cmd.Start())
		running = append(running, cmd)
	}
	for _, address := range b.addresses {
		for {
			if c, err := net.Dial("tcp", address); err == nil {
				c.Close()
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return func() {
		for _, cmd := range running {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
		}
	}
}

// pages finds what there is to read.
func (b *bench) pages() {
	data, err := os.ReadFile(filepath.Join(b.site, "dist", "manifest.json"))
	check(err)
	var manifest struct{ Outputs []struct{ Path string } }
	check(json.Unmarshal(data, &manifest))
	known := map[string]bool{}
	for _, tree := range []string{"public/", "members/alumni/"} {
		for _, out := range manifest.Outputs {
			url, ok := strings.CutPrefix(out.Path, tree)
			if url, isPage := strings.CutSuffix("/"+url, "index.html"); ok && isPage && !known[url] {
				known[url] = true
				if tree == "public/" {
					b.public = append(b.public, url)
				} else {
					b.members = append(b.members, url)
				}
			}
		}
	}
}

// enter opens a member's link and returns the cookie.
func (b *bench) enter(address string) string {
	res, err := http.DefaultTransport.RoundTrip(request(strings.TrimSpace(b.run("member", "link", address)), ""))
	check(err)
	res.Body.Close()
	for _, c := range res.Cookies() {
		return c.Name + "=" + c.Value
	}
	log.Fatalf("the link of %s opens nothing: %s", address, res.Status)
	return ""
}

func request(url, cookie string) *http.Request {
	r, err := http.NewRequest(http.MethodGet, url, nil)
	check(err)
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	return r
}

// read is one reader, who opens a page, looks at it, and opens the next.
func (b *bench) read(ctx context.Context, address, cookie string, goes bool) {
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	for ctx.Err() == nil {
		urls := b.public
		isMembers := rand.IntN(3) == 0
		if isMembers {
			urls = b.members
		}
		url := urls[rand.IntN(len(urls))]
		started := time.Now()
		res, err := transport.RoundTrip(request("http://"+address+url, cookie))
		if err != nil {
			b.note(started, err.Error())
			continue
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		b.judge(started, res, body, err, url, cookie != "", goes, isMembers)
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	}
}

// judge counts an answer, and says what is wrong with it.
func (b *bench) judge(started time.Time, res *http.Response, body []byte, err error, url string, isMember, goes, isMembers bool) {
	private := strings.Contains(res.Header.Get("Cache-Control"), "private")
	b.mu.Lock()
	revoked := b.revoked
	b.mu.Unlock()
	late := goes && !revoked.IsZero() && started.After(revoked)
	switch {
	case err != nil:
		b.note(started, err.Error())
	case !bytes.HasSuffix(bytes.TrimSpace(body), []byte("</html>")):
		b.note(started, "torn: "+url)
	case private && !isMember:
		b.note(started, "a members' page without a session: "+url)
	case private && late:
		b.mu.Lock()
		b.lastRead = max(b.lastRead, started.Sub(revoked))
		b.mu.Unlock()
		b.note(started, "")
	case isMembers && res.StatusCode != 200 && isMember && !goes, !isMembers && res.StatusCode != 200, isMembers && !isMember && res.StatusCode != 404:
		b.note(started, fmt.Sprintf("%d: %s", res.StatusCode, url))
	default:
		b.note(started, "")
	}
}

func (b *bench) note(started time.Time, wrong string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.times = append(b.times, time.Since(started))
	if wrong != "" {
		b.wrong[wrong]++
	}
}

// edit changes words on many pages and builds, again and again.
func (b *bench) edit(ctx context.Context, pause time.Duration) {
	files, err := filepath.Glob(filepath.Join(b.site, "content", "*", "*.md"))
	check(err)
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		for _, name := range files {
			f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
			check(err)
			_, err = fmt.Fprintf(f, "\n追記 %d。\n", i)
			check(err)
			check(f.Close())
		}
		b.run("build")
	}
}

func (b *bench) report(readers int, lasts time.Duration) {
	slices.Sort(b.times)
	at := func(share float64) time.Duration {
		return b.times[min(len(b.times)-1, int(share*float64(len(b.times))))].Round(100 * time.Microsecond)
	}
	fmt.Printf("%d readers, %v, two processes: %d answers, p50 %v, p99 %v, longest %v; the revoked member read on for %v\n",
		readers, lasts, len(b.times), at(0.5), at(0.99), at(1), b.lastRead.Round(time.Millisecond))
	for what, times := range b.wrong {
		fmt.Printf("wrong, %d times: %s\n", times, what)
	}
	if len(b.wrong) > 0 || b.lastRead > time.Second {
		os.Exit(1)
	}
}
