package member

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/store"
)

// LetterNote is a line that the office writes by hand to one reader of one issue of
// the newsletter.
type LetterNote struct {
	Issue   string    `json:"issue"` // the name of its file, without .md
	Text    string    `json:"text"`
	Updated time.Time `json:"updated"`
}

// MaxLetterNote is how many characters such a line may have: it is a word to a
// person, not an article.
const MaxLetterNote = 1000

const maxIssueBytes = 255 // of a name: what file systems take

// SetLetterNote stores what the office writes to the member with id in an issue, in
// the place of what was there; an empty text removes it. Blanks around the text are
// not kept, and a line ends in \n. It may have MaxLetterNote characters, and of
// control characters only the ends of lines. Errors: ErrNotFound, ErrInvalid.
func (b *Book) SetLetterNote(ctx context.Context, issue string, id uint32, text string, now time.Time) error {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	err := checkLetterNote(issue, text)
	if err == nil {
		err = b.write(ctx, func(tx *store.Tx, _ int64) error {
			if _, err := find(ctx, tx, `m.id = ?`, int64(id)); err != nil {
				return err
			}
			return setLetterNote(ctx, tx, issue, id, text, now)
		})
	}
	if err != nil {
		return fmt.Errorf("store a line of a letter: %w", err)
	}
	return nil
}

func checkLetterNote(issue, text string) error {
	switch {
	case issue == "" || len(issue) > maxIssueBytes || hasUnshown(issue, unicode.IsControl):
		return fmt.Errorf("%w: %q is no name of an issue", ErrInvalid, issue)
	case utf8.RuneCountInString(text) > MaxLetterNote:
		return fmt.Errorf("%w: the line is longer than %d characters", ErrInvalid, MaxLetterNote)
	case hasUnshown(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return fmt.Errorf("%w: the line has characters that cannot be shown", ErrInvalid)
	}
	return nil
}

func setLetterNote(ctx context.Context, tx *store.Tx, issue string, id uint32, text string, now time.Time) error {
	if text == "" {
		_, err := tx.Exec(ctx, `DELETE FROM letter_note WHERE issue = ? AND member = ?`, issue, int64(id))
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO letter_note (issue, member, text, updated) VALUES (?, ?, ?, ?)
		ON CONFLICT (issue, member) DO UPDATE SET text = excluded.text, updated = excluded.updated`, issue, int64(id), text, store.Millis(now))
	return err
}

// LetterNotes returns what the office writes in an issue, by the id of the member;
// an empty map if there is nothing.
func (b *Book) LetterNotes(ctx context.Context, issue string) (map[uint32]string, error) {
	rows, err := b.db.Query(ctx, `SELECT member, text FROM letter_note WHERE issue = ?`, issue)
	if err != nil {
		return nil, fmt.Errorf("read the lines of a letter: %w", err)
	}
	defer rows.Close()
	notes := map[uint32]string{}
	for rows.Next() {
		var id uint32
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, fmt.Errorf("read the lines of a letter: %w", err)
		}
		notes[id] = text
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the lines of a letter: %w", err)
	}
	return notes, nil
}

// LetterNotesTo returns what the office wrote to the member with id, issue by issue
// in the order of their names; nothing if there is no such member.
func (b *Book) LetterNotesTo(ctx context.Context, id uint32) ([]LetterNote, error) {
	rows, err := b.db.Query(ctx, `SELECT issue, text, updated FROM letter_note WHERE member = ?`, int64(id))
	if err != nil {
		return nil, fmt.Errorf("read the lines to a member: %w", err)
	}
	defer rows.Close()
	var notes []LetterNote
	for rows.Next() {
		var n LetterNote
		var updated int64
		if err := rows.Scan(&n.Issue, &n.Text, &updated); err != nil {
			return nil, fmt.Errorf("read the lines to a member: %w", err)
		}
		n.Updated = store.Time(updated)
		notes = append(notes, n)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the lines to a member: %w", err)
	}
	// Not by the database: each orders texts in its own way.
	slices.SortFunc(notes, func(a, b LetterNote) int { return strings.Compare(a.Issue, b.Issue) })
	return notes, nil
}
