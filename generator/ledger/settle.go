package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"kaiho/generator/store"
)

// Mark says that a letter is about to be handed over.
type Mark struct {
	Lease
	Date  time.Time // of the letter; kept if it is the first attempt
	Relay string    // that is to have it
	At    time.Time // now
}

// Outcome says what became of a letter.
type Outcome struct {
	Lease
	State    State     // Sent, Deferred, Failed, Suppressed or Unknown
	NextAt   time.Time // of Deferred: when to try again
	Date     time.Time // of the letter, as in Mark: a refusal before the text has no Mark; zero if it was not tried
	Since    time.Time // of Deferred: when its 48 hours began; kept if they have begun before
	Relay    string    // that answered; "" keeps that of the mark
	Code     int       // of SMTP
	Enhanced string    // RFC 3463
	Reply    string    // cut at 300 characters
	Reason   string    // a word of the program
	At       time.Time // now
}

const (
	maxRows       = 256 // in a statement
	maxReplyRunes = 300
)

// InFlight says of rows leased by w that their letters are about to be handed over,
// and returns those that are not w's any more: their letters must not be sent. When it
// returns without an error, this is on the disk. After an error no letter of marks may
// be sent; the rows are leased still, or, if the answer was lost, in flight: Settle them
// as deferred.
func (l *Ledger) InFlight(ctx context.Context, w Worker, marks []Mark) (refused []Mark, err error) {
	refused, _, err = l.commit(ctx, w, marks, nil)
	return refused, err
}

// Settle says what became of letters of w, and returns those outcomes that do not count,
// because the row is not w's any more. Without InFlight before, an outcome can neither be
// Sent nor Unknown. A row that has become unknown meanwhile takes w's word, if nobody has
// taken it up. Errors: ErrInvalid; then nothing was changed.
func (l *Ledger) Settle(ctx context.Context, w Worker, outcomes []Outcome) (refused []Outcome, err error) {
	_, refused, err = l.commit(ctx, w, nil, outcomes)
	return refused, err
}

// deadlocks is how often a commit is tried: Postgres ends one of two transactions that
// wait for each other.
const deadlocks = 3

// commit stores marks and outcomes in one durable transaction.
func (l *Ledger) commit(ctx context.Context, w Worker, marks []Mark, outcomes []Outcome) (stale []Mark, late []Outcome, err error) {
	if err := checkOutcomes(outcomes); err != nil {
		return nil, nil, err
	}
	err = l.tryTx(ctx, func(tx *store.Tx) (err error) {
		if err = tx.Durable(ctx); err != nil {
			return err
		}
		if stale, err = each(ctx, tx, w, marks, inFlight); err != nil {
			return err
		}
		late, err = each(ctx, tx, w, outcomes, settle)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("commit %d letters in flight and %d outcomes: %w", len(marks), len(outcomes), err)
	}
	return stale, late, nil
}

func checkOutcomes(outcomes []Outcome) error {
	for _, o := range outcomes {
		if o.State < Sent || o.State > Unknown {
			return fmt.Errorf("settle a letter: %w: %v is no outcome", ErrInvalid, o.State)
		}
	}
	return nil
}

// tryTx runs a transaction again if the database ended it because another one was in
// the way; nothing of it has happened then.
func (l *Ledger) tryTx(ctx context.Context, f func(*store.Tx) error) error {
	for try := 1; ; try++ {
		err := l.db.Tx(ctx, f)
		if try == deadlocks || !errors.Is(err, store.ErrLocked) {
			return err
		}
	}
}

// each does f for the rows, a statement's worth at a time, and returns those that f did
// not touch. Of rows that name one lease twice the first counts.
func each[T leased](ctx context.Context, tx *store.Tx, w Worker, rows []T, f func(context.Context, *store.Tx, Worker, []T) (map[Lease]bool, error)) (untouched []T, err error) {
	for chunk := range slices.Chunk(rows, maxRows) {
		var once []T
		seen := map[Lease]bool{}
		for _, row := range chunk {
			if lease := row.lease(); !seen[lease] {
				seen[lease] = true
				once = append(once, row)
			} else {
				untouched = append(untouched, row)
			}
		}
		touched, err := f(ctx, tx, w, once)
		if err != nil {
			return nil, err
		}
		for _, row := range once {
			if !touched[row.lease()] {
				untouched = append(untouched, row)
			}
		}
	}
	return untouched, nil
}

type leased interface{ lease() Lease }

func (l Lease) lease() Lease { return l }

// Columns of v; the types are for Postgres.
var (
	leaseColumns   = []string{"v_issue TEXT", "v_member BIGINT", "v_epoch BIGINT"}
	markColumns    = append(slices.Clip(leaseColumns), "v_date BIGINT", "v_relay TEXT", "v_at BIGINT")
	outcomeColumns = append(slices.Clip(leaseColumns), "v_state BIGINT", "v_next BIGINT", "v_date BIGINT", "v_since BIGINT", "v_relay TEXT",
		"v_code BIGINT", "v_enhanced TEXT", "v_reply TEXT", "v_reason TEXT", "v_at BIGINT")
)

func inFlight(ctx context.Context, tx *store.Tx, w Worker, marks []Mark) (map[Lease]bool, error) {
	v := newValues(markColumns...)
	for _, m := range marks {
		v.add(m.Issue, int64(m.Member), m.Epoch, store.Millis(m.Date), m.Relay, store.Millis(m.At))
	}
	return touch(ctx, tx, v.with()+markSQL, append(v.args, string(w))...)
}

// own finds the rows of v that are w's. The signs that do nothing keep SQLite from
// looking for each row of the ledger in v, instead of the other way round, which it holds
// for better when v is long.
const own = `FROM v WHERE issue = coalesce(v_issue, '') AND member = +v_member AND lease_epoch = +v_epoch AND lease_by = ? `

const markSQL = `UPDATE delivery SET state = 2, attempts = attempts + 1, relay = v_relay, updated_at = v_at,
		first_at = CASE WHEN first_at = 0 THEN v_date ELSE first_at END
	` + own + `AND state = 1 AND address <> ''
	RETURNING issue, member, lease_epoch`

func settle(ctx context.Context, tx *store.Tx, w Worker, outcomes []Outcome) (map[Lease]bool, error) {
	v := newValues(outcomeColumns...)
	for _, o := range outcomes {
		v.add(o.Issue, int64(o.Member), o.Epoch, int64(o.State), store.Millis(o.NextAt), store.Millis(o.Date), store.Millis(o.Since), o.Relay,
			o.Code, clean(o.Enhanced), clean(o.Reply), o.Reason, store.Millis(o.At))
	}
	return touch(ctx, tx, v.with()+settleSQL, append(v.args, string(w))...)
}

// To whom nothing was handed over, that is an attempt, too; suppressed ones were not
// tried. Relays quote the address: of somebody erased nothing is kept.
const settleSQL = `UPDATE delivery SET state = v_state, updated_at = v_at, lease_until = 0,
		attempts = attempts + CASE WHEN state = 1 AND v_state <> 6 THEN 1 ELSE 0 END,
		next_at = CASE WHEN v_state = 4 THEN v_next ELSE next_at END,
		first_at = CASE WHEN first_at = 0 THEN v_date ELSE first_at END,
		since_at = CASE WHEN since_at = 0 AND v_state = 4 THEN v_since ELSE since_at END,
		sent_at = CASE WHEN v_state = 3 THEN v_at ELSE sent_at END,
		lease_by = CASE WHEN v_state = 7 THEN lease_by ELSE '' END,
		relay = CASE WHEN v_relay = '' THEN relay ELSE v_relay END,
		code = v_code, enhanced = v_enhanced, reason = v_reason,
		reply = CASE WHEN address = '' THEN '' ELSE v_reply END
	` + own + `AND (state IN (2, 7) OR state = 1 AND v_state IN (4, 5, 6))
	RETURNING issue, member, lease_epoch`

// touch runs a statement that returns leases.
func touch(ctx context.Context, tx *store.Tx, query string, args ...any) (map[Lease]bool, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	touched := map[Lease]bool{}
	for rows.Next() {
		var lease Lease
		if err := rows.Scan(&lease.Issue, &lease.Member, &lease.Epoch); err != nil {
			return nil, err
		}
		touched[lease] = true
	}
	return touched, rows.Err()
}

// values is a table in a statement, whose name is v.
type values struct {
	names, types []string
	args         []any
}

// newValues takes columns as "name TYPE".
func newValues(columns ...string) *values {
	v := &values{}
	for _, c := range columns {
		name, kind, _ := strings.Cut(c, " ")
		v.names, v.types = append(v.names, name), append(v.types, kind)
	}
	return v
}

func (v *values) add(row ...any) { v.args = append(v.args, row...) }

// with is the beginning of the statement. The first row says which types Postgres is to
// expect.
func (v *values) with() string {
	var b strings.Builder
	b.WriteString("WITH v (" + strings.Join(v.names, ", ") + ") AS (VALUES (CAST(? AS " + strings.Join(v.types, "), CAST(? AS ") + "))")
	row := ", (?" + strings.Repeat(", ?", len(v.names)-1) + ")"
	b.WriteString(strings.Repeat(row, len(v.args)/len(v.names)-1))
	b.WriteString(") ")
	return b.String()
}

// clean makes one line of what a relay said, without control characters and at most
// maxReplyRunes long.
func clean(reply string) string { return cleanTo(reply, maxReplyRunes) }

// maxWhyRunes is for the reason of a pause. It is often JSON, of which a part is worth
// nothing; what a relay said in it has up to 1000 bytes, each of which may be escaped.
const maxWhyRunes = 8000

func cleanTo(reply string, most int) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, reply)
	runes := []rune(strings.Join(strings.Fields(line), " "))
	return string(runes[:min(len(runes), most)])
}
