package member_test

import (
	"errors"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/member"
)

const issue = "2026-11-18"

// note stores a line, which must be taken.
func note(t *testing.T, b *member.Book, issue string, id uint32, text string) {
	t.Helper()
	if err := b.SetLetterNote(t.Context(), issue, id, text, now()); err != nil {
		t.Fatal(err)
	}
}

// notes returns the lines of an issue.
func notes(t *testing.T, b *member.Book, issue string) map[uint32]string {
	t.Helper()
	all, err := b.LetterNotes(t.Context(), issue)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestALineIsForOneReaderOfOneIssue(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m, other := add(t, b, person("m@example.jp")), add(t, b, person("o@example.jp"))
		if got := notes(t, b, issue); got == nil || len(got) != 0 {
			t.Errorf("got %v, want an empty map", got)
		}
		note(t, b, issue, m.ID, "はじめ")
		note(t, b, issue, m.ID, " 𠮷田さんの' \" ? $1\r\n二行目\r三行目\u3000\n")
		note(t, b, issue, other.ID, "また、ぜひ。")
		note(t, b, "2026-12-02", m.ID, "次の号")
		want := map[uint32]string{m.ID: "𠮷田さんの' \" ? $1\n二行目\n三行目", other.ID: "また、ぜひ。"}
		if got := notes(t, open(), issue); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		note(t, b, issue, other.ID, " \r\n\u3000")
		note(t, b, issue, other.ID, "") // there is none any more
		delete(want, other.ID)
		if got := notes(t, b, issue); !maps.Equal(got, want) {
			t.Errorf("after one is removed: got %v, want %v", got, want)
		}
	})
}

func TestAMembersLinesAreInTheOrderOfIssues(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m, other := add(t, b, person("m@example.jp")), add(t, b, person("o@example.jp"))
		var want []member.LetterNote
		for i, issue := range []string{"2026-10-21", "2026-11-04", "Special", "a-extra", "号外"} {
			n := member.LetterNote{Issue: issue, Text: issue + "のひとこと", Updated: now().Add(time.Duration(i) * time.Hour)}
			want = append(want, n)
		}
		for _, n := range slices.Backward(want) {
			if err := b.SetLetterNote(t.Context(), n.Issue, m.ID, n.Text, n.Updated); err != nil {
				t.Fatal(err)
			}
		}
		note(t, b, issue, other.ID, "ほかの人へ")
		if got, err := b.LetterNotesTo(t.Context(), m.ID); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v\nwant %v", got, err, want)
		}
		if got, err := b.LetterNotesTo(t.Context(), m.ID^other.ID); err != nil || len(got) != 0 {
			t.Errorf("got %v, %v, want none of somebody unknown", got, err)
		}
	})
}

func TestWhichLinesAreTaken(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m := add(t, b, person("m@example.jp"))
		for _, test := range []struct {
			name, issue, text string
			id                uint32
			want              error
		}{
			{"the longest, in characters of four bytes", issue, strings.Repeat("𠮷", member.MaxLetterNote), m.ID, nil},
			{"the longest, with blanks around it", issue, "\n " + strings.Repeat("a", member.MaxLetterNote) + " \n", m.ID, nil},
			{"one character more", issue, strings.Repeat("a", member.MaxLetterNote+1), m.ID, member.ErrInvalid},
			{"line breaks", issue, "a\n\nb\r\nc", m.ID, nil},
			{"a tab", issue, "a\tb", m.ID, member.ErrInvalid},
			{"a NUL", issue, "a\x00b", m.ID, member.ErrInvalid},
			{"an escape of a terminal", issue, "a\x1b[31mb", m.ID, member.ErrInvalid},
			{"a control character of the upper half", issue, "a\u0085b", m.ID, member.ErrInvalid},
			{"a character that turns the direction", issue, "a\u202eb", m.ID, member.ErrInvalid},
			{"bytes that are no text", issue, "a\xffb", m.ID, member.ErrInvalid},
			{"no issue", "", "a", m.ID, member.ErrInvalid},
			{"an issue with a line break", "2026\n11", "a", m.ID, member.ErrInvalid},
			{"an issue with a name that no file has", strings.Repeat("a", 256), "a", m.ID, member.ErrInvalid},
			{"nobody", issue, "a", m.ID ^ 1, member.ErrNotFound},
			{"nobody, to remove it", issue, "", m.ID ^ 1, member.ErrNotFound},
		} {
			t.Run(test.name, func(t *testing.T) {
				note(t, b, issue, m.ID, "before")
				if err := b.SetLetterNote(t.Context(), test.issue, test.id, test.text, now()); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				got := notes(t, b, issue)
				if kept := got[m.ID] == "before"; len(got) != 1 || kept != (test.want != nil) {
					t.Errorf("got %v, want the line before kept: %v", got, test.want != nil)
				}
			})
		}
	})
}

func TestErasingTakesTheLinesAlong(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m, other := add(t, b, person("m@example.jp")), add(t, b, person("o@example.jp"))
		for _, issue := range []string{issue, "2026-12-02"} {
			note(t, b, issue, m.ID, "消える")
			note(t, b, issue, other.ID, "残る")
		}
		if err := b.Erase(t.Context(), m.ID, now()); err != nil {
			t.Fatal(err)
		}
		if got, err := b.LetterNotesTo(t.Context(), m.ID); err != nil || len(got) != 0 {
			t.Errorf("got %v, %v, want none", got, err)
		}
		for _, issue := range []string{issue, "2026-12-02"} {
			if got, want := notes(t, b, issue), map[uint32]string{other.ID: "残る"}; !maps.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", issue, got, want)
			}
		}
		if err := b.SetLetterNote(t.Context(), issue, m.ID, "また", now()); !errors.Is(err, member.ErrNotFound) {
			t.Errorf("got %v, want %v", err, member.ErrNotFound)
		}
	})
}

// A backup has the lines; going back does not bring back those of somebody who was
// erased since, in no byte of the file.
func TestGoingBackBringsLinesBackButNotOfTheErased(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	old := book(t, "sqlite:"+filepath.Join(dir, "kaiho.db"))
	m, gone := add(t, old, person("m@example.jp")), add(t, old, person("gone@example.jp"))
	note(t, old, issue, m.ID, "QQKEPT")
	note(t, old, issue, gone.ID, "QQSECRET")
	restored := filepath.Join(dir, "restored")
	if err := member.Database(old).Backup(ctx, restored); err != nil {
		t.Fatal(err)
	}
	note(t, old, issue, m.ID, "changed since")
	if err := old.Erase(ctx, gone.ID, now()); err != nil {
		t.Fatal(err)
	}
	if !search(t, dir, "QQSECRET") {
		t.Fatal("the line is not in the backup; this test would find nothing")
	}
	b := book(t, "sqlite:"+restored)
	if _, err := b.CatchUp(ctx, old, now()); err != nil {
		t.Fatal(err)
	}
	if got, want := notes(t, b, issue), map[uint32]string{m.ID: "QQKEPT"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if search(t, dir, "QQSECRET") {
		t.Error("the line to somebody erased is still in a file")
	}
}
