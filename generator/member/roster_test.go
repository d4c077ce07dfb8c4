package member_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kaiho/generator/member"
	"kaiho/generator/store"
)

func roster(t testing.TB, b *member.Book) *member.Roster {
	t.Helper()
	r := member.NewRoster(t.Context(), b, slog.New(slog.DiscardHandler))
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// eventually waits for what another process has changed, a second at most.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick, late := time.NewTicker(5*time.Millisecond), time.After(time.Second)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("a second later, the roster does not know that %s", what)
		}
	}
}

func TestARosterFollowsOtherProcesses(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		other, ctx := open(), t.Context()
		old := add(t, other, person("old@example.jp"))
		r := roster(t, open())
		if got, ok := r.Reader(old.ID); !ok || !slices.Equal(got.Audiences, []string{"alumni"}) || !got.ValidAfter.IsZero() {
			t.Fatalf("got %+v, %v", got, ok)
		}
		if _, ok := r.Reader(old.ID ^ 1); ok {
			t.Error("nobody is a reader")
		}
		fresh := add(t, other, person("new@example.jp"))
		eventually(t, "somebody is new", func() bool { _, ok := r.Reader(fresh.ID); return ok })

		if err := other.Revoke(ctx, old.ID, now()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "links are revoked", func() bool { got, _ := r.Reader(old.ID); return got.ValidAfter.Equal(now()) })

		change(t, other, old.ID, func(m *member.Member) { m.Status = member.Paused })
		eventually(t, "somebody pauses", func() bool { _, ok := r.Reader(old.ID); return !ok })

		change(t, other, old.ID, func(m *member.Member) { m.Status, m.Audiences = member.Active, []string{"staff", "alumni"} })
		eventually(t, "somebody is back", func() bool {
			got, ok := r.Reader(old.ID)
			return ok && slices.Equal(got.Audiences, []string{"staff", "alumni"})
		})

		if err := other.Erase(ctx, fresh.ID, now()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "somebody is erased", func() bool { _, ok := r.Reader(fresh.ID); return !ok })

		n := 0
		for id := range r.All {
			if n++; id != old.ID {
				t.Errorf("got %d, want %d", id, old.ID)
			}
		}
		if n != 1 || r.Err() != nil {
			t.Errorf("got %d readers, %v, want 1", n, r.Err())
		}
	})
}

func change(t *testing.T, b *member.Book, id uint32, f func(*member.Member)) {
	t.Helper()
	_, err := b.Update(t.Context(), id, now(), func(m *member.Member) error {
		f(m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A gate must not go on with what it knew when the database is gone.
func TestARosterSaysThatItCannotRead(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m := add(t, b, person("m@example.jp"))
		var log bytes.Buffer
		r := member.NewRoster(t.Context(), b, slog.New(slog.NewTextHandler(&log, nil)))
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		member.Database(b).Close()
		eventually(t, "the database is gone", func() bool { return r.Err() != nil })
		r.Close()
		if _, ok := r.Reader(m.ID); !ok {
			t.Error("what is known is lost")
		}
		if n := bytes.Count(log.Bytes(), []byte("level=ERROR")); n != 1 {
			t.Errorf("got %d lines in the log, want 1:\n%s", n, &log)
		}
	})
}

func TestARosterThatCannotBeReadDoesNotStart(t *testing.T) {
	b := fileBook(t)
	member.Database(b).Close()
	r := member.NewRoster(t.Context(), b, slog.New(slog.DiscardHandler))
	if err := r.Start(); err == nil {
		t.Error("got no error")
	}
	r.Close()
	if _, ok := r.Reader(1); ok {
		t.Error("somebody may read")
	}
}

func TestALookupAllocatesNothing(t *testing.T) {
	b := fileBook(t)
	id := add(t, b, person("m@example.jp")).ID
	r := roster(t, b)
	got := testing.AllocsPerRun(1000, func() {
		if reader, ok := r.Reader(id); !ok || len(reader.Audiences) != 1 {
			t.Error("the member is missing")
		}
	})
	if got != 0 {
		t.Errorf("got %v allocations, want 0", got)
	}
}

func BenchmarkReader(b *testing.B) {
	book := fileBook(b)
	if _, err := book.Import(b.Context(), manyMembers(20000), member.ImportOptions{Now: now(), Audience: "alumni"}); err != nil {
		b.Fatal(err)
	}
	all, err := book.List(b.Context(), member.Filter{})
	if err != nil {
		b.Fatal(err)
	}
	r := roster(b, book)
	b.Run("members=20000", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i = (i + 7919) % len(all)
			if _, ok := r.Reader(all[i].ID); !ok {
				b.Fatal("a member is missing")
			}
		}
	})
	b.Run("members=20000/idle-look", func(b *testing.B) {
		for b.Loop() {
			if err := r.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("members=20000/one-changed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if err := book.Revoke(b.Context(), all[i%len(all)].ID, now()); err != nil {
				b.Fatal(err)
			}
			if err := r.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func manyMembers(n int) []byte {
	var b bytes.Buffer
	b.WriteString("email,family,given,joined\n")
	for i := range n {
		fmt.Fprintf(&b, "m%d@example.jp,姓%d,名,%d\n", i, i, 1970+i%50)
	}
	return b.Bytes()
}

func BenchmarkImport(b *testing.B) {
	data := manyMembers(5000)
	for _, kind := range []string{"new", "unchanged"} {
		b.Run("members=5000/state="+kind, func(b *testing.B) {
			dir := b.TempDir()
			for i := 0; b.Loop(); i++ {
				name := "kaiho.db"
				if kind == "new" {
					name = fmt.Sprint(i, name)
				}
				db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(dir, name))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := member.Open(db).Import(b.Context(), data, member.ImportOptions{Now: now()}); err != nil {
					b.Fatal(err)
				}
				db.Close()
			}
		})
	}
}

func TestARosterNoticesThatItsDatabaseWasReplaced(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kaiho.db")
	db, err := store.Open(t.Context(), "sqlite:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := member.NewRoster(t.Context(), member.Open(db), slog.New(slog.DiscardHandler))
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := r.Refresh(t.Context()); !errors.Is(err, store.ErrReplaced) || r.Err() == nil {
		t.Errorf("without the file: got %v, %v, want ErrReplaced", err, r.Err())
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Refresh(t.Context()); !errors.Is(err, store.ErrReplaced) {
		t.Errorf("with another file: got %v, want ErrReplaced", err)
	}
}
