package member

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"kaiho/generator/store"
)

// ErrRemains says that somebody was erased, but that traces may be left in the file
// of the database, because another process was busy with it.
var ErrRemains = errors.New("the person is erased, but traces may remain in the file of the database")

// Erase removes the member with id. What is left has neither name nor address: the
// consents and subscriptions of the id, that it was sent which issue, the id itself,
// which nobody gets again, and the address as a salted hash, so that it is not imported
// again. With SQLite, the
// bytes are gone from the file, too; backups and Postgres's own files are not
// touched. Errors: ErrNotFound, ErrRemains.
func (b *Book) Erase(ctx context.Context, id uint32, now time.Time) error {
	err := b.write(ctx, func(tx *store.Tx, change int64) error {
		m, err := find(ctx, tx, `m.id = ?`, int64(id))
		if err != nil {
			return err
		}
		return erase(ctx, tx, change, m, now)
	})
	if err != nil {
		return fmt.Errorf("erase a member: %w", err)
	}
	if err := b.db.Scrub(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrRemains, err)
	}
	return nil
}

func erase(ctx context.Context, tx *store.Tx, change int64, m Member, now time.Time) error {
	salt, err := salt(ctx, tx)
	if err != nil {
		return err
	}
	at := store.Millis(now)
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`INSERT INTO suppression (hash, at) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING`, []any{hash(salt, m.Email), at}},
		{`INSERT INTO erased (id, at, changed) VALUES (?, ?, ?)`, []any{int64(m.ID), at, change}},
		{`UPDATE consent SET by_whom = '', network = '' WHERE member = ?`, []any{int64(m.ID)}},
		{`DELETE FROM letter_note WHERE member = ?`, []any{int64(m.ID)}},
		// Of the rows of package ledger, the person; it ends what was to be sent when it meets them.
		{`UPDATE delivery SET address = '', domain = '', reply = '' WHERE member = ?`, []any{int64(m.ID)}},
		{`DELETE FROM member WHERE id = ?`, []any{int64(m.ID)}},
	} {
		if _, err := tx.Exec(ctx, step.statement, step.args...); err != nil {
			return err
		}
	}
	return nil
}

const saltBytes = 32

// salt returns the random key of the hashes of this database, and makes it the first
// time. Without it, whoever has the hashes could try all addresses that there are.
func salt(ctx context.Context, tx *store.Tx) ([]byte, error) {
	known, err := knownSalt(ctx, tx)
	if err != nil || known != nil {
		return known, err
	}
	fresh := make([]byte, saltBytes)
	rand.Read(fresh) // never fails
	_, err = tx.Exec(ctx, `INSERT INTO salt (purpose, hex) VALUES ('suppression', ?)`, hex.EncodeToString(fresh))
	return fresh, err
}

// knownSalt returns nil if nobody was erased yet.
func knownSalt(ctx context.Context, tx *store.Tx) ([]byte, error) {
	text := ""
	err := tx.Scan(ctx, `SELECT hex FROM salt WHERE purpose = 'suppression'`, nil, &text)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(text)
}

func hash(salt []byte, canonical string) string {
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(canonical))
	return hex.EncodeToString(mac.Sum(nil))
}

// isSuppressed reports whether the canonical address was erased.
func isSuppressed(ctx context.Context, tx *store.Tx, canonical string) (bool, error) {
	at, err := erasedAt(ctx, tx, canonical)
	return !at.IsZero(), err
}

// erasedAt returns when the canonical address was erased; the zero time if it was not.
func erasedAt(ctx context.Context, tx *store.Tx, canonical string) (time.Time, error) {
	salt, err := knownSalt(ctx, tx)
	if err != nil || salt == nil {
		return time.Time{}, err
	}
	var at int64
	err = tx.Scan(ctx, `SELECT at FROM suppression WHERE hash = ?`, []any{hash(salt, canonical)}, &at)
	return store.Time(at), ignore(err, store.ErrNoRows)
}

// suppressed returns the hashes of all erased addresses.
func suppressed(ctx context.Context, tx *store.Tx) (map[string]bool, error) {
	rows, err := tx.Query(ctx, `SELECT hash FROM suppression`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]bool{}
	for rows.Next() {
		var hash string
		if err := rows.Scan(&hash); err != nil {
			return nil, err
		}
		all[hash] = true
	}
	return all, rows.Err()
}

// readmit lets an erased address in again.
func readmit(ctx context.Context, tx *store.Tx, canonical string) error {
	salt, err := knownSalt(ctx, tx)
	if err != nil || salt == nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM suppression WHERE hash = ?`, hash(salt, canonical))
	return err
}

// Erased returns the ids of those who were erased.
func (b *Book) Erased(ctx context.Context) ([]uint32, error) {
	rows, err := b.db.Query(ctx, `SELECT id FROM erased ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list the erased: %w", err)
	}
	defer rows.Close()
	var ids []uint32
	for rows.Next() {
		var id uint32
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list the erased: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
