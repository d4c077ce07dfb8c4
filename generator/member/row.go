package member

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"kaiho/generator/store"
)

const columns = `id, email, smtp, status, audiences, family, given, family_kana, given_kana, former, latin, language, ` +
	`joined_in, left_in, department, title, skills, interests, region, note, visibility, format, frequency, ` +
	`paused_until, valid_after, created, updated, changed`

// values returns what columns of m hold.
func values(m Member, change int64) []any {
	return []any{int64(m.ID), m.Email, m.SMTP, m.Status, pack(m.Audiences), m.Name.Family, m.Name.Given, m.Name.FamilyKana, m.Name.GivenKana,
		m.Name.Former, m.Name.Latin, m.Language, m.Joined, m.Left, m.Department, m.Title, pack(m.Skills), pack(m.Interests), m.Region, m.Note,
		pack(m.Visibility), m.Preferences.Format, m.Preferences.Frequency, store.Millis(m.Preferences.PausedUntil),
		store.Millis(m.ValidAfter), store.Millis(m.Created), store.Millis(m.Updated), change}
}

func insert(ctx context.Context, tx *store.Tx, change int64, m Member) error {
	args := values(m, change)
	_, err := tx.Exec(ctx, `INSERT INTO member (`+columns+`) VALUES (?`+strings.Repeat(`, ?`, len(args)-1)+`)`, args...)
	return taken(err)
}

func put(ctx context.Context, tx *store.Tx, change int64, m Member) error {
	set := strings.ReplaceAll(columns, ",", " = ?,") + " = ?"
	_, err := tx.Exec(ctx, `UPDATE member SET `+set+` WHERE id = ?`, append(values(m, change), int64(m.ID))...)
	return taken(err)
}

func taken(err error) error {
	if errors.Is(err, store.ErrUnique) {
		return ErrTaken
	}
	return err
}

// pack writes a list or a map as JSON, with none as "".
func pack[T []string | Visibility](v T) string {
	if len(v) == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings always have a JSON form
	}
	return string(b)
}

func unpack(s string, to any) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), to)
}

func find(ctx context.Context, tx *store.Tx, where string, arg any) (Member, error) {
	ms, err := read(ctx, tx, where, arg)
	if err != nil {
		return Member{}, err
	}
	if len(ms) == 0 {
		return Member{}, ErrNotFound
	}
	return ms[0], nil
}

// read returns the members m for whom the condition where holds, in no order.
func read(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Member, error) {
	rows, err := tx.Query(ctx, `SELECT m.`+strings.ReplaceAll(columns, ", ", ", m.")+`, coalesce((SELECT CASE WHEN c.given = 1 THEN c.version ELSE '' END FROM consent c
		WHERE c.member = m.id AND c.purpose = '`+Newsletter+`' ORDER BY c.number DESC LIMIT 1), '') FROM member m WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var members []Member
	for rows.Next() {
		m, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	return members, readLists(ctx, tx, members, where, args)
}

func scan(into func(...any) error) (m Member, err error) {
	var audiences, skills, interests, visibility string
	var paused, valid, created, updated, changed int64
	err = into(&m.ID, &m.Email, &m.SMTP, &m.Status, &audiences, &m.Name.Family, &m.Name.Given, &m.Name.FamilyKana, &m.Name.GivenKana,
		&m.Name.Former, &m.Name.Latin, &m.Language, &m.Joined, &m.Left, &m.Department, &m.Title, &skills, &interests, &m.Region, &m.Note,
		&visibility, &m.Preferences.Format, &m.Preferences.Frequency, &paused, &valid, &created, &updated, &changed, &m.Agreed)
	if err != nil {
		return m, err
	}
	err = errors.Join(unpack(audiences, &m.Audiences), unpack(skills, &m.Skills), unpack(interests, &m.Interests), unpack(visibility, &m.Visibility))
	m.Preferences.PausedUntil, m.ValidAfter = store.Time(paused), store.Time(valid)
	m.Created, m.Updated, m.Mailable = store.Time(created), store.Time(updated), m.Agreed != "" && m.Status == Active
	return m, err
}

// complete brings m into the form in which it is stored, or says what is wrong.
func complete(m *Member) error {
	a, err := ParseAddress(m.SMTP)
	if err != nil {
		return err
	}
	m.Email, m.SMTP = a.Canonical, a.SMTP
	if m.Status == "" {
		m.Status = Active
	}
	for _, text := range m.texts() {
		*text = strings.TrimSpace(*text)
	}
	if len(m.Visibility) == 0 {
		m.Visibility = nil
	}
	m.Audiences, m.Skills, m.Interests = tidy(m.Audiences), tidy(m.Skills), tidy(m.Interests)
	m.ValidAfter, m.Preferences.PausedUntil = m.ValidAfter.Truncate(time.Millisecond), m.Preferences.PausedUntil.Truncate(time.Millisecond)
	switch {
	case !slices.Contains([]string{Active, Paused, Left}, m.Status):
		return fmt.Errorf("%w: %q is no status: active, paused, left", ErrInvalid, m.Status)
	case m.Name.String() == "" && len(m.Audiences) > 0: // a subscriber need not say who they are
		return fmt.Errorf("%w: it has no name", ErrInvalid)
	case !slices.Contains([]string{"", "html", "text"}, m.Preferences.Format):
		return fmt.Errorf("%w: %q is no format: html, text", ErrInvalid, m.Preferences.Format)
	case !slices.Contains([]string{"", "every", "main"}, m.Preferences.Frequency):
		return fmt.Errorf("%w: %q is no frequency: every, main", ErrInvalid, m.Preferences.Frequency)
	}
	return errors.Join(m.Visibility.check(), checkTexts(m))
}

// checkTexts refuses what cannot be stored or shown: control characters (a NUL is no
// text to Postgres) and endless fields.
func checkTexts(m *Member) error {
	for _, text := range m.texts() {
		if err := checkText(*text); err != nil {
			return err
		}
	}
	for _, s := range slices.Concat(m.Audiences, m.Skills, m.Interests) {
		if strings.ContainsAny(s, ";；") {
			return fmt.Errorf("%w: an entry of a list has a semicolon", ErrInvalid)
		}
		if err := checkText(s); err != nil {
			return err
		}
	}
	return nil
}

// texts are the fields that people write freely.
func (m *Member) texts() []*string {
	n := &m.Name
	return []*string{&n.Family, &n.Given, &n.FamilyKana, &n.GivenKana, &n.Former, &n.Latin, &m.Language, &m.Department, &m.Title, &m.Region, &m.Note}
}

const maxTextBytes = 4000 // of one field

func checkText(s string) error {
	if len(s) > maxTextBytes {
		return fmt.Errorf("%w: a text is longer than %d bytes", ErrInvalid, maxTextBytes)
	}
	if hasUnshown(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return fmt.Errorf("%w: a text has characters that cannot be shown", ErrInvalid)
	}
	return nil
}

// hasUnshown reports whether s has a character that no text may have: one of refused,
// one that turns the direction of writing, or bytes that are no character.
func hasUnshown(s string, refused func(rune) bool) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		isTurn := r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
		return refused(r) || r == unicode.ReplacementChar || isTurn
	})
}

// tidy drops empty and repeated entries.
func tidy(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimFunc(s, unicode.IsSpace); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// list splits a list of a CSV cell.
func list(s string) []string {
	return tidy(strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' }))
}
