package member

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kaiho/generator/store"
)

// Book is all people of a database. It may be used by several goroutines.
type Book struct{ db *store.DB }

// Open returns the people of db.
func Open(db *store.DB) *Book { return &Book{db: db} }

// Filter says which members to list; the zero value lists all.
type Filter struct {
	Audience string // one of theirs
	Status   string
	Joined   int // year
}

// Member returns the member with id; ErrNotFound if there is none.
func (b *Book) Member(ctx context.Context, id uint32) (Member, error) {
	return b.one(ctx, `m.id = ?`, int64(id))
}

// ByAddress returns the member who has the address, in any spelling that means the
// same; ErrAddress or ErrNotFound if there is none.
func (b *Book) ByAddress(ctx context.Context, address string) (Member, error) {
	a, err := ParseAddress(address)
	if err != nil {
		return Member{}, err
	}
	return b.one(ctx, `m.email = ?`, a.Canonical)
}

func (b *Book) one(ctx context.Context, where string, arg any) (m Member, err error) {
	err = b.db.View(ctx, func(tx *store.Tx) error {
		m, err = find(ctx, tx, where, arg)
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("read a member: %w", err)
	}
	return m, err
}

// List returns the members that f names, by kana, then name, then id.
func (b *Book) List(ctx context.Context, f Filter) (members []Member, err error) {
	err = b.db.View(ctx, func(tx *store.Tx) error {
		all, err := read(ctx, tx, `1 = 1`)
		members = slices.DeleteFunc(all, func(m Member) bool { return !f.takes(m) })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	slices.SortFunc(members, byKana)
	return members, nil
}

func (f Filter) takes(m Member) bool {
	return (f.Audience == "" || slices.Contains(m.Audiences, f.Audience)) &&
		(f.Status == "" || m.Status == f.Status) && (f.Joined == 0 || m.Joined == f.Joined)
}

// Add stores a new member and returns it with its id. Of m, ID, Email,
// Agreed, Mailable, Created and Updated are not used, nor lists. Errors: ErrAddress, ErrInvalid, ErrTaken, ErrSuppressed.
func (b *Book) Add(ctx context.Context, m Member, now time.Time) (Member, error) {
	err := b.write(ctx, func(tx *store.Tx, change int64) error {
		if err := complete(&m); err != nil {
			return err
		}
		if gone, err := isSuppressed(ctx, tx, m.Email); err != nil || gone {
			return errors.Join(err, ErrSuppressed)
		}
		m.Agreed, m.Mailable, m.Preferences.Lists = "", false, nil
		return add(ctx, tx, change, &m, now)
	})
	if err != nil {
		return Member{}, fmt.Errorf("add a member: %w", err)
	}
	return m, nil
}

// Update reads the member with id, lets f change it, and stores it: all or nothing,
// and no change of somebody else is lost. ID, Email (which follows SMTP), Created
// and Preferences.Lists stay as they are. Errors: ErrNotFound, ErrAddress,
// ErrInvalid, ErrTaken, and that of f.
func (b *Book) Update(ctx context.Context, id uint32, now time.Time, f func(*Member) error) (m Member, err error) {
	err = b.write(ctx, func(tx *store.Tx, change int64) error {
		if m, err = find(ctx, tx, `m.id = ?`, int64(id)); err != nil {
			return err
		}
		before := m
		if err := f(&m); err != nil {
			return err
		}
		m.ID, m.Created = before.ID, before.Created
		if err := complete(&m); err != nil {
			return err
		}
		m.Updated = now.UTC().Truncate(time.Millisecond)
		if err := put(ctx, tx, change, m); err != nil {
			return err
		}
		m, err = find(ctx, tx, `m.id = ?`, int64(id))
		return err
	})
	if err != nil {
		return Member{}, fmt.Errorf("change a member: %w", err)
	}
	return m, nil
}

// Revoke ends all links and sessions of the member that were issued before at. It
// never moves back in time.
func (b *Book) Revoke(ctx context.Context, id uint32, at time.Time) error {
	return b.revoke(ctx, `id = ?`, at, int64(id))
}

// RevokeAll does as Revoke for everybody.
func (b *Book) RevokeAll(ctx context.Context, at time.Time) error {
	if err := b.revoke(ctx, `1 = 1`, at); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

func (b *Book) revoke(ctx context.Context, where string, at time.Time, args ...any) error {
	err := b.write(ctx, func(tx *store.Tx, change int64) error {
		n, err := tx.Exec(ctx, `UPDATE member SET changed = ?, valid_after = CASE WHEN valid_after < ? THEN ? ELSE valid_after END WHERE `+where,
			append([]any{change, store.Millis(at), store.Millis(at)}, args...)...)
		if err == nil && n == 0 {
			return ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke links: %w", err)
	}
	return nil
}

// write runs f in a transaction, with the number of this change. The row of the
// number is locked first, so that changes follow one another in every database.
func (b *Book) write(ctx context.Context, f func(tx *store.Tx, change int64) error) error {
	return b.db.Tx(ctx, func(tx *store.Tx) error {
		var change int64
		if err := tx.Scan(ctx, `UPDATE change SET number = number + 1 WHERE one = 1 RETURNING number`, nil, &change); err != nil {
			return fmt.Errorf("number the change: %w", err)
		}
		return f(tx, change)
	})
}

// add gives m an id that nobody has or had, and stores it.
func add(ctx context.Context, tx *store.Tx, change int64, m *Member, now time.Time) error {
	for {
		m.ID = newID()
		n := 0
		err := tx.Scan(ctx, `SELECT (SELECT count(*) FROM member WHERE id = ?) + (SELECT count(*) FROM erased WHERE id = ?)`,
			[]any{int64(m.ID), int64(m.ID)}, &n)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	m.Created = now.UTC().Truncate(time.Millisecond)
	m.Updated = m.Created
	return insert(ctx, tx, change, *m)
}

// newID returns a random number that is not 0: ids tell nobody how many members
// there are or who came when.
func newID() uint32 {
	for {
		var b [4]byte
		rand.Read(b[:]) // never fails
		if id := binary.BigEndian.Uint32(b[:]); id != 0 {
			return id
		}
	}
}

// byKana orders by reading, and those without one by their name.
func byKana(a, b Member) int {
	key := func(m Member) string {
		if kana := m.Name.Kana(); kana != "" {
			return hiragana(kana)
		}
		return m.Name.String()
	}
	if c := strings.Compare(key(a), key(b)); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

// hiragana writes katakana as hiragana, for sorting.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if 'ァ' <= r && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, s)
}
