package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/store"
)

// Signup is a wish to get the newsletter, which its address has confirmed.
type Signup struct {
	Address  string
	Name     string    // as written; "" if they do not say
	Language string    // of the form
	Version  string    // of the text that they agreed to
	Text     string    // that text, word for word
	Network  string    // from where they confirmed, without the end of the address
	Asked    time.Time // when the form was sent; what happened since counts for more
	At       time.Time // of the confirmation
}

// Joining is what came of a Signup.
type Joining uint8

// What may come of a Signup.
const (
	Joined   Joining = iota + 1 // a new subscriber, also of an address that was erased once
	Returned                    // somebody known, who got no letters and gets them again
	Already                     // they get letters as before
	OnHold                      // the office has paused them, and it stays so; nothing is recorded
	Stale                       // they left, or were erased, after they asked: nothing is changed
)

// MaxSignupName is how many characters the name of a Signup may have.
const MaxSignupName = 60

const channelWeb = "web" // of a consent: by the form of the site

// Join makes the address of s a subscriber, and records the consent and its text: a
// new member without audiences; or the member who has the address, off the hook of
// their own pause and of an unsubscription from all mail. An erased address comes
// back in this way alone. Of somebody known nothing else changes, for the form may
// have been filled in by anybody; but who has left the network comes back as a
// subscriber, without audiences, which are the office's to give.
//
// It may be called again: a Signup whose wish was carried out, or was followed by a
// later word of the person, changes nothing. The member is zero if there is none
// (Stale). Errors: ErrAddress, ErrInvalid.
func (b *Book) Join(ctx context.Context, s Signup) (m Member, did Joining, err error) {
	err = b.write(ctx, func(tx *store.Tx, change int64) error {
		m, did, err = join(ctx, tx, change, s)
		return err
	})
	if err != nil {
		return Member{}, 0, fmt.Errorf("subscribe an address: %w", err)
	}
	return m, did, nil
}

func join(ctx context.Context, tx *store.Tx, change int64, s Signup) (Member, Joining, error) {
	if err := errors.Join(CheckSignupName(s.Name), checkText(s.Text)); err != nil {
		return Member{}, 0, err
	}
	address, err := ParseAddress(s.Address)
	if err != nil {
		return Member{}, 0, err
	}
	m, err := find(ctx, tx, `m.email = ?`, address.Canonical)
	did := Stale
	switch {
	case errors.Is(err, ErrNotFound):
		if m, did, err = s.admit(ctx, tx, change, address); err != nil || did == Stale {
			return Member{}, did, err
		}
	case err != nil:
		return Member{}, 0, err
	default:
		if did, err = s.comeBack(ctx, tx, change, m); err != nil || did != Returned && did != Already {
			return m, did, err
		}
	}
	m, err = find(ctx, tx, `m.id = ?`, int64(m.ID))
	return m, did, err
}

// admit stores a new subscriber.
func (s Signup) admit(ctx context.Context, tx *store.Tx, change int64, address Address) (Member, Joining, error) {
	erased, err := erasedAt(ctx, tx, address.Canonical)
	if err != nil || !erased.IsZero() && !erased.Before(s.Asked) {
		return Member{}, Stale, err
	}
	if err := readmit(ctx, tx, address.Canonical); err != nil {
		return Member{}, 0, err
	}
	m := Member{SMTP: address.SMTP, Language: s.Language, Name: nameOf(s.Name)}
	if err := complete(&m); err != nil {
		return Member{}, 0, err
	}
	if err := add(ctx, tx, change, &m, s.At); err != nil {
		return Member{}, 0, err
	}
	return m, Joined, s.record(ctx, tx, change, m.ID)
}

// comeBack sees to it that m, who has the address, gets letters.
func (s Signup) comeBack(ctx context.Context, tx *store.Tx, change int64, m Member) (Joining, error) {
	isMailed := m.Mailable && m.Preferences.Gets(0, s.At)
	last, err := lastWord(ctx, tx, m.ID)
	switch {
	case err != nil:
		return 0, err
	case isMailed && !last.Before(s.Asked):
		return Already, nil // this very link, once more
	case !last.Before(s.Asked), m.Status == Left && !m.Updated.Before(s.Asked):
		return Stale, nil
	case m.Status == Paused:
		return OnHold, nil
	}
	if m.Status == Left {
		m.Status, m.Audiences = Active, nil
	}
	if m.Preferences.PausedUntil.After(s.At) {
		m.Preferences.PausedUntil = time.Time{}
	}
	if m.Language == "" {
		m.Language = s.Language
	}
	m.Updated = s.At.UTC().Truncate(time.Millisecond)
	if err := put(ctx, tx, change, m); err != nil {
		return 0, err
	}
	if _, err := subscribe(ctx, tx, change, m.ID, Subscription{0, true, s.At, channelWeb}); err != nil {
		return 0, err
	}
	if isMailed {
		return Already, s.record(ctx, tx, change, m.ID)
	}
	return Returned, s.record(ctx, tx, change, m.ID)
}

// record adds the consent, and keeps what it is a consent to.
func (s Signup) record(ctx context.Context, tx *store.Tx, change int64, id uint32) error {
	if err := keepText(ctx, tx, s.Version, s.Text); err != nil {
		return err
	}
	return record(ctx, tx, change, id, Consent{Purpose: Newsletter, Version: s.Version, Given: true, At: s.At, By: "member", Channel: channelWeb, Network: s.Network})
}

// lastWord returns when the member last said anything of the newsletter: a consent,
// its end, or a change of being on all mail. The zero time if never.
func lastWord(ctx context.Context, tx *store.Tx, id uint32) (time.Time, error) {
	var at int64
	err := tx.Scan(ctx, `SELECT coalesce(max(at), 0) FROM (
		SELECT at FROM consent WHERE member = ? AND purpose = ?
		UNION ALL SELECT at FROM subscription WHERE member = ? AND list = 0) words`, []any{int64(id), Newsletter, int64(id)}, &at)
	return store.Time(at), err
}

// CheckSignupName refuses what cannot stand in the one line of a letter that says
// whom it is for: line breaks, control characters, characters that turn the direction
// of writing, and more than MaxSignupName characters. It returns ErrInvalid.
func CheckSignupName(name string) error {
	if utf8.RuneCountInString(name) > MaxSignupName {
		return fmt.Errorf("%w: the name is longer than %d characters", ErrInvalid, MaxSignupName)
	}
	if hasUnshown(name, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
		return fmt.Errorf("%w: the name has characters that cannot be shown in a line", ErrInvalid)
	}
	return nil
}

// nameOf files a name as its bearer wrote it: family and given name where it is
// written in Chinese characters or kana, else in Latin letters.
func nameOf(written string) Name {
	written = strings.TrimFunc(written, unicode.IsSpace)
	if !strings.ContainsFunc(written, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) {
		return Name{Latin: written}
	}
	family, given := halves(written)
	return Name{Family: family, Given: given}
}
