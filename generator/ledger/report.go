package ledger

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"kaiho/generator/store"
)

// Counts are how many letters of an issue are in each state. Candidates is the sum of
// all of them. Repeats, which is in none of them, is how many may have come twice.
type Counts struct {
	Candidates int64 `json:"candidates"`
	Pending    int64 `json:"pending"`
	Leased     int64 `json:"leased"`
	InFlight   int64 `json:"inflight"`
	Sent       int64 `json:"sent"`
	Deferred   int64 `json:"deferred"`
	Failed     int64 `json:"failed"`
	Suppressed int64 `json:"suppressed"`
	Unknown    int64 `json:"unknown"`
	Repeats    int64 `json:"repeats"`
}

func (c *Counts) add(s State, n int64) {
	for state, field := range [...]*int64{&c.Pending, &c.Leased, &c.InFlight, &c.Sent, &c.Deferred, &c.Failed, &c.Suppressed, &c.Unknown} {
		if State(state) == s {
			*field += n
			c.Candidates += n
		}
	}
}

// Counts returns how many letters of an issue are in each state, at one moment.
func (l *Ledger) Counts(ctx context.Context, issue string) (c Counts, err error) {
	err = l.db.View(ctx, func(tx *store.Tx) error {
		c = Counts{}
		err := sums(ctx, tx, `SELECT '', state, count(*) FROM delivery WHERE issue = ? GROUP BY state`, issue, func(_ string, s State, n int64) { c.add(s, n) })
		if err != nil {
			return err
		}
		return tx.Scan(ctx, `SELECT count(*) FROM delivery WHERE issue = ? AND repeats > 0`, []any{issue}, &c.Repeats)
	})
	if err != nil {
		return Counts{}, fmt.Errorf("count letters: %w", err)
	}
	return c, nil
}

// DomainCounts are the counts of a domain. Repeats is 0.
type DomainCounts struct {
	Domain string `json:"domain"` // "" of those who were erased
	Counts
}

// Domains returns the counts of an issue for each domain, the largest first.
func (l *Ledger) Domains(ctx context.Context, issue string) ([]DomainCounts, error) {
	byDomain := map[string]*Counts{}
	err := l.db.View(ctx, func(tx *store.Tx) error {
		return sums(ctx, tx, `SELECT domain, state, count(*) FROM delivery WHERE issue = ? GROUP BY domain, state`, issue, func(domain string, s State, n int64) {
			if byDomain[domain] == nil {
				byDomain[domain] = &Counts{}
			}
			byDomain[domain].add(s, n)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count letters by domain: %w", err)
	}
	all := make([]DomainCounts, 0, len(byDomain))
	for domain, c := range byDomain {
		all = append(all, DomainCounts{domain, *c})
	}
	slices.SortFunc(all, func(a, b DomainCounts) int {
		return cmp.Or(cmp.Compare(b.Candidates, a.Candidates), strings.Compare(a.Domain, b.Domain))
	})
	return all, nil
}

// sums calls f for what a query returns: a name, a state and how many.
func sums(ctx context.Context, tx *store.Tx, query, issue string, f func(string, State, int64)) error {
	rows, err := tx.Query(ctx, query, issue)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var state State
		var n int64
		if err := rows.Scan(&name, &state, &n); err != nil {
			return err
		}
		f(name, state, n)
	}
	return rows.Err()
}

// Filter says which rows to read; the zero value: all.
type Filter struct {
	States []State
	Domain string
}

// Rows reads the rows of an issue one by one, in no order, all as they were at one
// moment. An error is the last thing it yields.
func (l *Ledger) Rows(ctx context.Context, issue string, f Filter) iter.Seq2[Delivery, error] {
	where, args := `issue = ?`, []any{issue}
	if len(f.States) > 0 {
		where += ` AND state IN (?` + strings.Repeat(`, ?`, len(f.States)-1) + `)`
		for _, s := range f.States {
			args = append(args, int64(s))
		}
	}
	if f.Domain != "" {
		where, args = where+` AND domain = ?`, append(args, strings.ToLower(f.Domain))
	}
	return l.read(ctx, where, args...)
}

func (l *Ledger) read(ctx context.Context, where string, args ...any) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		fail := func(err error) { yield(Delivery{}, fmt.Errorf("read letters: %w", err)) }
		rows, err := l.db.Query(ctx, `SELECT `+columns+` FROM delivery WHERE `+where, args...)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			d, err := scan(rows)
			if err != nil {
				fail(err)
				return
			}
			if !yield(d, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}

// Unknowns returns the letters of an issue of which nobody knows whether they arrived,
// by address.
func (l *Ledger) Unknowns(ctx context.Context, issue string) ([]Delivery, error) {
	return collect(l.Rows(ctx, issue, Filter{States: []State{Unknown}}))
}

// ByMember returns all rows of a member: what somebody was sent.
func (l *Ledger) ByMember(ctx context.Context, member uint32) ([]Delivery, error) {
	return collect(l.read(ctx, `member = ?`, int64(member)))
}

// collect returns all rows, by address and then issue.
func collect(rows iter.Seq2[Delivery, error]) (all []Delivery, err error) {
	for d, err := range rows {
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Delivery) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Issue, b.Issue), cmp.Compare(a.Member, b.Member))
	})
	return all, nil
}

// Delivery returns the row with the key; ErrNotFound if there is none.
func (l *Ledger) Delivery(ctx context.Context, key Key) (Delivery, error) {
	return first(l.read(ctx, `member = ? AND issue = ?`, int64(key.Member), key.Issue))
}

// ByToken returns the row with the token of a return path, in any case; ErrNotFound if
// there is none.
func (l *Ledger) ByToken(ctx context.Context, token string) (Delivery, error) {
	return first(l.read(ctx, `token = ?`, strings.ToLower(token)))
}

// ByMessageID returns the row with the Message-ID, with or without < and >; ErrNotFound
// if there is none.
func (l *Ledger) ByMessageID(ctx context.Context, id string) (Delivery, error) {
	id = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
	return first(l.read(ctx, `message_id = ? AND message_id <> ''`, id))
}

func first(rows iter.Seq2[Delivery, error]) (Delivery, error) {
	for d, err := range rows {
		return d, err
	}
	return Delivery{}, ErrNotFound
}

// Rate is how many letters a relay has taken to a domain.
type Rate struct {
	Relay, Domain string
	Sent          int64
	Last          time.Time // when the last of them was
}

// SentSince returns how many letters were sent since then, of all issues, by all senders:
// what a relay or a domain is still to be spared. It is sorted by relay and domain.
func (l *Ledger) SentSince(ctx context.Context, since time.Time) (rates []Rate, err error) {
	err = l.db.View(ctx, func(tx *store.Tx) error {
		rates = nil
		rows, err := tx.Query(ctx, `SELECT relay, domain, count(*), max(sent_at) FROM delivery WHERE sent_at > 0 AND sent_at >= ? GROUP BY relay, domain`, store.Millis(since))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r Rate
			var last int64
			if err := rows.Scan(&r.Relay, &r.Domain, &r.Sent, &last); err != nil {
				return err
			}
			r.Last = store.Time(last)
			rates = append(rates, r)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("count what was sent: %w", err)
	}
	slices.SortFunc(rates, func(a, b Rate) int {
		return cmp.Or(strings.Compare(a.Relay, b.Relay), strings.Compare(a.Domain, b.Domain))
	})
	return rates, nil
}
