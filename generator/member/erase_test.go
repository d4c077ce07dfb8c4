package member_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kaiho/generator/member"
	"kaiho/generator/store"
)

func TestErasingLeavesTheEvidenceAndNotThePerson(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, ctx := open(), t.Context()
		m := add(t, b, person("M@example.jp"))
		consent := member.Consent{Purpose: member.Newsletter, Version: "2026-04", Given: true, At: now(), By: "髙梨 湊", Channel: "page"}
		if err := b.RecordConsent(ctx, m.ID, consent); err != nil {
			t.Fatal(err)
		}
		if err := b.Unsubscribe(ctx, m.ID, 3, now(), "page"); err != nil {
			t.Fatal(err)
		}
		if err := b.Erase(ctx, m.ID, now()); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Member(ctx, m.ID); !errors.Is(err, member.ErrNotFound) {
			t.Errorf("got %v, want %v", err, member.ErrNotFound)
		}
		if err := b.Erase(ctx, m.ID, now()); !errors.Is(err, member.ErrNotFound) {
			t.Errorf("a second time: got %v, want %v", err, member.ErrNotFound)
		}
		consent.By = ""
		if got, err := b.Consents(ctx, m.ID); err != nil || !slices.Equal(got, []member.Consent{consent}) {
			t.Errorf("got %+v, %v, want %+v", got, err, consent)
		}
		if got, err := b.Subscriptions(ctx, m.ID); err != nil || len(got) != 1 {
			t.Errorf("got %+v, %v, want one", got, err)
		}
		if got, err := b.Erased(ctx); err != nil || !slices.Equal(got, []uint32{m.ID}) {
			t.Errorf("got %v, %v, want %d", got, err, m.ID)
		}
		if _, err := b.Add(ctx, person("m@EXAMPLE.jp"), now()); !errors.Is(err, member.ErrSuppressed) {
			t.Errorf("added again: got %v, want %v", err, member.ErrSuppressed)
		}
		if _, err := b.Add(ctx, person("other@example.jp"), now()); err != nil {
			t.Error(err)
		}
	})
}

// The same address has another hash in another database.
func TestHashesAreSalted(t *testing.T) {
	var hashes []string
	for range 2 {
		path := filepath.Join(t.TempDir(), "kaiho.db")
		b := book(t, "sqlite:"+path)
		if err := b.Erase(t.Context(), add(t, b, person("m@example.jp")).ID, now()); err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		hash := ""
		if err := db.Scan(t.Context(), `SELECT hash FROM suppression`, nil, &hash); err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, hash)
	}
	if hashes[0] == hashes[1] || len(hashes[0]) != 64 {
		t.Errorf("got %v, want two of 64 digits", hashes)
	}
}

// No byte of somebody erased is in any file of the database, though they were changed
// many times among many others.
func TestErasingLeavesNoByteInTheFile(t *testing.T) {
	dir := t.TempDir()
	b, ctx := book(t, "sqlite:"+filepath.Join(dir, "kaiho.db")), t.Context()
	if _, err := b.Import(ctx, member.Sample(), member.ImportOptions{Now: now(), Audience: "alumni"}); err != nil {
		t.Fatal(err)
	}
	m := person("QQSECRET1@example.jp")
	m.Name.Former, m.Note, m.Skills = "QQSECRET2", "QQSECRET3", []string{"QQSECRET4"}
	m = add(t, b, m)
	for i := range 60 {
		_, err := b.Update(ctx, m.ID, now(), func(m *member.Member) error {
			m.Note += "QQSECRET5 is longer each time"
			if i%7 == 0 {
				m.Note = "QQSECRET6"
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found := search(t, dir, "QQSECRET"); !found {
		t.Fatal("the member is not in the files; this test would find nothing")
	}
	if err := b.Erase(ctx, m.ID, now()); err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"QQSECRET", "qqsecret"} {
		if search(t, dir, trace) {
			t.Errorf("%s is still in the files", trace)
		}
	}
	if !search(t, dir, "髙梨") {
		t.Error("the others are gone, too")
	}
}

func search(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(data, []byte(text))
	}
	return found
}
