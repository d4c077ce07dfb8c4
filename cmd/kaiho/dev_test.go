package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// syncBuffer is a buffer that a command writes while a test reads it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestDevFollowsTheFiles drives `kaiho dev` as an editor and a browser do.
func TestDevFollowsTheFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("site.yaml", "title: T\nbase_url: https://t.example/alumni/\naudiences: {alumni: {title: Alumni}}\n")
	write("content/news/a.md", "---\ntitle: A\ndate: 2026-11-01\nsummary: s\n---\nfirst words\n")
	write("content/news/m.md", "---\ntitle: M\ndate: 2026-11-01\nsummary: s\naudience: alumni\n---\nmembers words\n")
	var out, problems syncBuffer
	s := &session{world: world{stdout: &out, stderr: &problems, getenv: environment(nil),
		clock: func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }}, lang: "en", source: dir}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.dev(ctx, devFlags{addr: "127.0.0.1:0", drafts: true, future: true}) }()
	wait := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); !is(); {
			if time.Now().After(deadline) {
				t.Fatalf("waited for %s; stderr:\n%s", what, problems.String())
			}
			time.Sleep(5 * time.Millisecond) // polls another goroutine's server
		}
	}
	wait("the address", func() bool { return strings.Contains(out.String(), "\n") })
	base := strings.TrimSpace(out.String())
	if !strings.HasSuffix(base, "/alumni/") {
		t.Errorf("address: got %s, want the base path of the site in it", base)
	}
	get := func(path, reader string) (int, string) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "kaiho_reader", Value: reader})
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	shows := func(path, reader, want string) func() bool {
		return func() bool { _, body := get(path, reader); return strings.Contains(body, want) }
	}
	if !shows("news/a/", "", "first words")() {
		t.Error("the first page is not shown")
	}
	if status, body := get("news/m/", ""); status != http.StatusNotFound || strings.Contains(body, "members words") {
		t.Errorf("a members' page for the public: got %d", status)
	}
	if !shows("news/m/", "alumni", "members words")() {
		t.Error("a members' page for members is not shown")
	}
	write("content/news/a.md", "---\ntitle: A\ndate: 2026-11-01\nsummary: s\n---\nsecond words\n")
	wait("the edit", shows("news/a/", "", "second words"))
	write("content/news/d.md", "---\ntitle: D\ndate: 2026-11-01\nsummary: s\ndraft: true\n---\ndraft words\n")
	wait("the new draft", shows("news/d/", "", "draft words"))
	write("content/news/a.md", "---\ntitel: A\ndate: 2026-11-01\n---\nthird words\n")
	wait("the problem", func() bool { return strings.Contains(problems.String(), "content/news/a.md:2:1: error") })
	if !shows("news/a/", "", "second words")() {
		t.Error("the last good page went away with a mistake")
	}
	if err := os.Remove(filepath.Join(dir, "content/news/a.md")); err != nil {
		t.Fatal(err)
	}
	wait("the removal", func() bool { status, _ := get("news/a/", ""); return status == http.StatusNotFound })
	if _, err := os.Stat(filepath.Join(dir, "dist")); err == nil {
		t.Error("dev wrote dist/")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("end: got %v", err)
	}
}
