package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

// mailFolder makes a maildir of messages by their names in it.
func mailFolder(t *testing.T, messages map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range messages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// messagesIn are the names of the files of a maildir.
func messagesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, folder := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, folder+"/"+e.Name())
		}
	}
	return names
}

// TestABounceInAMaildirIsRecordedOnce, and what the disk does not take stays where it is.
func TestABounceInAMaildirIsRecordedOnce(t *testing.T) {
	const id, address = "2026-11-18", "iwao.todoroki@example.jp"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	o.done("newsletter", "send", id, "--yes")
	dir := mailFolder(t, map[string]string{"new/1.host": bounceOf(o.letters()[address].Header.Get("Message-ID"), address)})

	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(o.site, ".kaiho", "kaiho.db"))
	if err != nil {
		t.Fatal(err)
	}
	var out, told bytes.Buffer
	s := &session{world: world{stdout: &out, stderr: &told, getenv: environment(nil), clock: time.Now}, lang: diag.English, source: o.site}
	r := returns{s, ledger.Open(db), member.Open(db)}
	db.Close()
	if err := r.takeMaildir(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "new/1.host") {
		t.Errorf("without a database: got %v, want an error of the message", err)
	}
	if got, want := messagesIn(t, dir), []string{"new/1.host"}; !slices.Equal(got, want) {
		t.Errorf("without a database: got %q, want %q", got, want)
	}
	if !strings.Contains(told.String(), "1 message could not be taken") {
		t.Errorf("got %q, want it told", told.String())
	}

	if got := o.done("bounce", dir); !strings.Contains(got, "no more mail (bounce)") {
		t.Errorf("got %q, want the member taken off", got)
	}
	if got, want := messagesIn(t, dir), []string{"cur/1.host:2,S"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := o.done("bounce", dir); got != "" {
		t.Errorf("again: got %q, want nothing", got)
	}
	if got := o.counts(id); got["failed"] != 1.0 {
		t.Errorf("got %v, want one failed", got)
	}
}

// TestAMessageThatCannotBeMovedHoldsNoOther.
func TestAMessageThatCannotBeMovedHoldsNoOther(t *testing.T) {
	o := newOffice(t)
	dir := mailFolder(t, map[string]string{"new/1.host": "Subject: a\n\nb\n", "new/2.host": "Subject: c\n\nd\n"})
	if err := os.MkdirAll(filepath.Join(dir, "cur", "1.host:2,S", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	code, out, told := o.run("bounce", dir)
	if code != exitFailed || strings.Count(out, "\n") != 2 || !strings.Contains(told, "1 message taken") || !strings.Contains(told, "1 message could not be taken") {
		t.Errorf("got exit code %d, %q and %q, want both recorded and one failure", code, out, told)
	}
	if got, want := messagesIn(t, dir), []string{"new/1.host", "cur/1.host:2,S", "cur/2.host:2,S"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
