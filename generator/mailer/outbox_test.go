package mailer_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

// TestOutboxWritesCompleteMessages: what others composed is there as it is, once.
func TestOutboxWritesCompleteMessages(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	o, at := &mailer.Outbox{Dir: root}, time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))
	for _, text := range []string{"Subject: 1\r\n\r\n", "Subject: 1\r\n\r\nagain\r\n"} {
		if _, err := o.Put(t.Context(), at, "mzxw6ytb", []byte(text)); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(filepath.Join(dir, "outbox"))
		if err != nil || len(files) != 1 || files[0].Name() != "20261120T000000Z-mzxw6ytb.eml" {
			t.Fatalf("got %v (%v), want one file", files, err)
		}
		got, err := root.ReadFile("outbox/" + files[0].Name())
		if info, _ := files[0].Info(); err != nil || string(got) != text || info.Mode().Perm() != 0o600 {
			t.Errorf("got %q of mode %v (%v), want %q of 0600", got, info.Mode(), err, text)
		}
	}
	for _, id := range []string{"", "../keys", "a/b"} {
		if _, err := o.Put(t.Context(), at, id, nil); err == nil {
			t.Errorf("the id %q was taken", id)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.Put(ended, at, "late", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestOutboxIsIdempotent: a letter that is sent again, to whoever it was, is one file.
func TestOutboxIsIdempotent(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	o := &mailer.Outbox{Dir: root}
	letters := make(chan mailer.Envelope, 6)
	for i := range 6 {
		letters <- envelope(i%3, 100)
	}
	close(letters)
	var names []string
	if err := o.Run(t.Context(), letters, func(*mailer.Envelope) error { return nil }, func(e *mailer.Envelope, out mailer.Outcome) {
		if out.State != mailer.Sent || strings.Contains(out.QueueID, "member") {
			t.Errorf("got %+v, want sent, and no address in the name", out)
		}
		names = append(names, out.QueueID)
		if got, err := root.ReadFile("outbox/" + out.QueueID); err != nil || string(got) != string(e.Data) {
			t.Errorf("got %q (%v), want %q", got, err, e.Data)
		}
	}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "outbox"))
	if err != nil || len(files) != 3 || names[0] != names[3] || names[0] == names[1] {
		t.Errorf("got %d files (%v), names %v, want three letters", len(files), err, names)
	}
}

// TestOutboxSaysWhy: what cannot be written is not sent, and no part of it stays.
func TestOutboxSaysWhy(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "outbox"), nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	o := &mailer.Outbox{Dir: root}
	if got := o.Send(t.Context(), envelope(1, 10), nil); got.State != mailer.Transport || got.Reason != diag.OutboxWrite {
		t.Errorf("got %+v, want transport", got)
	}
	os.Remove(filepath.Join(dir, "outbox"))
	refuse := errors.New("the ledger is full")
	if got := o.Send(t.Context(), envelope(1, 10), func() error { return refuse }); got.State != mailer.Deferred {
		t.Errorf("got %+v, want deferred", got)
	}
	if files, err := os.ReadDir(filepath.Join(dir, "outbox")); err == nil && len(files) > 0 {
		t.Errorf("got %v, want no file", files)
	}
}
