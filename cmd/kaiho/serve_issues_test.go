package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/newsletter"
)

// TestLockedIssues: the pages of what is locked, newest first; what cannot be read is
// passed by, and a machine without content has none.
func TestLockedIssues(t *testing.T) {
	site := t.TempDir()
	s := &session{source: site, lang: "en"}
	if got := s.lockedIssues(time.UTC); len(got) != 0 {
		t.Errorf("got %v without content, want none", got)
	}
	folder := filepath.Join(site, "content", "newsletters")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	lock := func(name, date string) string {
		at, err := time.Parse(time.RFC3339, date)
		if err != nil {
			t.Fatal(err)
		}
		return string((&newsletter.Lock{Format: 1, Issue: name, Date: at, Locked: at}).Bytes())
	}
	for name, text := range map[string]string{
		"2026-10-21.lock": lock("2026-10-21", "2026-10-21T09:00:00+09:00"),
		"spring.lock":     lock("spring", "2026-11-18T09:00:00+09:00"),
		"2026-09-16.lock": lock("2026-09-16", "2026-09-16T09:00:00+09:00"),
		"renamed.lock":    lock("other", "2026-12-01T09:00:00+09:00"),
		"edited.lock":     strings.Replace(lock("edited", "2026-12-01T09:00:00+09:00"), "09:00:00", "10:00:00", 1),
		"torn.lock":       "format: 1\nissue: [",
		"2026-12-02.md":   "---\ntitle: not locked yet\n---\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := s.lockedIssues(time.UTC), []string{"/newsletters/spring/", "/newsletters/2026-10-21/", "/newsletters/2026-09-16/"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
