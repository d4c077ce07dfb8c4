package member

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kaiho/generator/store"
)

// Purposes of consents.
const (
	Newsletter = "newsletter" // mail of the network
	Directory  = "directory"  // to be found by other members
)

// Consent is what a member said to a text at some time: yes, or no.
type Consent struct {
	Purpose string    `json:"purpose"`
	Version string    `json:"version"` // of the text that was shown; "import" if a file was the consent
	Given   bool      `json:"given"`
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"`      // who said so: member, office; erased with the person
	Channel string    `json:"channel"`           // how: import, page, letter, web
	Network string    `json:"network,omitempty"` // from where, without the end of the address: 203.0.113.0/24; erased with the person
}

// RecordConsent adds c to what the member said. Nothing is ever replaced; of each
// purpose the last word counts. Errors: ErrNotFound, ErrInvalid.
func (b *Book) RecordConsent(ctx context.Context, id uint32, c Consent) error {
	err := b.write(ctx, func(tx *store.Tx, change int64) error {
		if _, err := find(ctx, tx, `m.id = ?`, int64(id)); err != nil {
			return err
		}
		return record(ctx, tx, change, id, c)
	})
	if err != nil {
		return fmt.Errorf("record a consent: %w", err)
	}
	return nil
}

func record(ctx context.Context, tx *store.Tx, change int64, id uint32, c Consent) error {
	if c.Purpose == "" || c.Version == "" || c.At.IsZero() {
		return fmt.Errorf("%w: a consent has a purpose, the version of a text, and a time", ErrInvalid)
	}
	if err := errors.Join(checkText(c.Purpose), checkText(c.Version), checkText(c.By), checkText(c.Channel), checkText(c.Network)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO consent (member, number, purpose, version, given, at, by_whom, channel, network) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(id), change, c.Purpose, c.Version, bit(c.Given), store.Millis(c.At), c.By, c.Channel, c.Network)
	return err
}

// Consents returns what the member said, oldest first. Of somebody erased it
// returns what is kept as evidence.
func (b *Book) Consents(ctx context.Context, id uint32) (cs []Consent, err error) {
	err = b.db.View(ctx, func(tx *store.Tx) error {
		cs, err = consents(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	return cs, nil
}

func consents(ctx context.Context, tx *store.Tx, id uint32) ([]Consent, error) {
	rows, err := tx.Query(ctx, `SELECT purpose, version, given, at, by_whom, channel, network FROM consent WHERE member = ? ORDER BY number, purpose`, int64(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var cs []Consent
	for rows.Next() {
		var c Consent
		var given int
		var at int64
		if err := rows.Scan(&c.Purpose, &c.Version, &given, &at, &c.By, &c.Channel, &c.Network); err != nil {
			return nil, err
		}
		c.Given, c.At = given == 1, store.Time(at)
		cs = append(cs, c)
	}
	return cs, rows.Err()
}

// ConsentText returns the text of a version, word for word as it was shown; "" if
// the version is that of a text which lies elsewhere, as on paper.
func (b *Book) ConsentText(ctx context.Context, version string) (string, error) {
	text := ""
	err := b.db.Scan(ctx, `SELECT text FROM consent_text WHERE version = ?`, []any{version}, &text)
	if err = ignore(err, store.ErrNoRows); err != nil {
		return "", fmt.Errorf("read the text of a consent: %w", err)
	}
	return text, nil
}

// keepText stores the text of a version, unless it is there.
func keepText(ctx context.Context, tx *store.Tx, version, text string) error {
	_, err := tx.Exec(ctx, `INSERT INTO consent_text (version, text) VALUES (?, ?) ON CONFLICT (version) DO NOTHING`, version, text)
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
