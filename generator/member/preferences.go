package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kaiho/generator/store"
)

// Subscription is a moment at which a member left a list or came back.
type Subscription struct {
	List       uint32    `json:"list"`
	Subscribed bool      `json:"subscribed"`
	At         time.Time `json:"at"`
	Channel    string    `json:"channel"` // header, page, office
}

// Preferences returns what the member wants of mail; ErrNotFound.
func (b *Book) Preferences(ctx context.Context, id uint32) (Preferences, error) {
	m, err := b.Member(ctx, id)
	return m.Preferences, err
}

// SetPreferences stores the format, the frequency and the pause of p. Lists are left
// and joined by Unsubscribe and Resubscribe. Errors: ErrNotFound, ErrInvalid.
func (b *Book) SetPreferences(ctx context.Context, id uint32, p Preferences, now time.Time) error {
	_, err := b.Update(ctx, id, now, func(m *Member) error {
		m.Preferences = p
		return nil
	})
	return err
}

// Unsubscribe takes the member off a list; list 0 is all mail. Whoever is off stays
// off, and nothing is recorded twice. channel says how: header, page, office.
// ErrNotFound if there is no such member.
func (b *Book) Unsubscribe(ctx context.Context, id, list uint32, at time.Time, channel string) error {
	return b.subscribe(ctx, id, Subscription{list, false, at, channel})
}

// Resubscribe undoes Unsubscribe for the same list.
func (b *Book) Resubscribe(ctx context.Context, id, list uint32, at time.Time, channel string) error {
	return b.subscribe(ctx, id, Subscription{list, true, at, channel})
}

func (b *Book) subscribe(ctx context.Context, id uint32, s Subscription) error {
	err := b.write(ctx, func(tx *store.Tx, change int64) error {
		if _, err := find(ctx, tx, `m.id = ?`, int64(id)); err != nil {
			return err
		}
		_, err := subscribe(ctx, tx, change, id, s)
		return err
	})
	if err != nil {
		return fmt.Errorf("change a subscription: %w", err)
	}
	return nil
}

// subscribe records s if it changes anything, and reports whether it does.
func subscribe(ctx context.Context, tx *store.Tx, change int64, id uint32, s Subscription) (bool, error) {
	if err := checkText(s.Channel); err != nil {
		return false, err
	}
	now := 1
	err := tx.Scan(ctx, `SELECT subscribed FROM subscription WHERE member = ? AND list = ? ORDER BY number DESC LIMIT 1`, []any{int64(id), int64(s.List)}, &now)
	if err != nil && !errors.Is(err, store.ErrNoRows) || now == bit(s.Subscribed) {
		return false, ignore(err, store.ErrNoRows)
	}
	_, err = tx.Exec(ctx, `INSERT INTO subscription (member, list, number, subscribed, at, channel) VALUES (?, ?, ?, ?, ?, ?)`,
		int64(id), int64(s.List), change, bit(s.Subscribed), store.Millis(s.At), s.Channel)
	return err == nil, err
}

// ignore returns err unless it is what was to be expected.
func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// Departure is that somebody went off a list.
type Departure struct {
	Member  uint32
	At      time.Time
	Channel string // as Unsubscribe was told
}

// Departures returns who went off all mail since a time, in order of time.
func (b *Book) Departures(ctx context.Context, since time.Time) (all []Departure, err error) {
	rows, err := b.db.Query(ctx, `SELECT member, at, channel FROM subscription WHERE list = 0 AND subscribed = 0 AND at >= ? ORDER BY at, member`, store.Millis(since))
	if err != nil {
		return nil, fmt.Errorf("read who has left: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d Departure
		var id, at int64
		if err := rows.Scan(&id, &at, &d.Channel); err != nil {
			return nil, fmt.Errorf("read who has left: %w", err)
		}
		d.Member, d.At = uint32(id), store.Time(at)
		all = append(all, d)
	}
	return all, rows.Err()
}

// Subscriptions returns every time that the member left a list or came back, oldest
// first; also of somebody erased.
func (b *Book) Subscriptions(ctx context.Context, id uint32) ([]Subscription, error) {
	rows, err := b.db.Query(ctx, `SELECT list, subscribed, at, channel FROM subscription WHERE member = ? ORDER BY number, list`, int64(id))
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	defer rows.Close()
	var history []Subscription
	for rows.Next() {
		var s Subscription
		var subscribed int
		var at int64
		if err := rows.Scan(&s.List, &subscribed, &at, &s.Channel); err != nil {
			return nil, fmt.Errorf("read subscriptions: %w", err)
		}
		s.Subscribed, s.At = subscribed == 1, store.Time(at)
		history = append(history, s)
	}
	return history, rows.Err()
}

// readLists puts into members, for whom the condition where holds, their lists as
// they are now.
func readLists(ctx context.Context, tx *store.Tx, members []Member, where string, args []any) error {
	rows, err := tx.Query(ctx, `SELECT s.member, s.list, s.subscribed FROM subscription s JOIN member m ON m.id = s.member WHERE `+where+` ORDER BY s.member, s.list, s.number`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	lists := map[uint32][]List{}
	for rows.Next() {
		var id uint32
		var l List
		var subscribed int
		if err := rows.Scan(&id, &l.ID, &subscribed); err != nil {
			return err
		}
		l.Subscribed = subscribed == 1
		if have := lists[id]; len(have) > 0 && have[len(have)-1].ID == l.ID {
			have[len(have)-1] = l // a later word
		} else {
			lists[id] = append(have, l)
		}
	}
	for i := range members {
		m := &members[i]
		m.Preferences.Lists = lists[m.ID]
		m.Mailable = m.Mailable && !slices.Contains(m.Preferences.Lists, List{0, false})
	}
	return rows.Err()
}
