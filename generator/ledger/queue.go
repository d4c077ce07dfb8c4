package ledger

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode"

	"kaiho/generator/store"
)

// Entry is a member who is to get an issue, or who would but for a reason.
type Entry struct {
	Member     uint32
	Address    string // as it is written on the letter
	Variant    string // of the issue
	MessageID  string // without < and >; the same whenever the letter is sent; may be empty
	Suppressed string // why not, as a word (lower case, - between); "" to send it
}

const (
	rowsPerInsert = 100  // of a statement: some thousand values
	rowsPerCommit = 4000 // so that others get their turn between
)

// Queue adds the entries of an issue that are not in the ledger yet, and returns how
// many that were. It changes nobody who is there, so it may be run again, also after
// it failed half way, and with members who came later. It streams: memory does not
// grow with the entries. now is when. Errors: ErrInvalid, and that of entries; what was
// added before stays.
func (l *Ledger) Queue(ctx context.Context, issue string, entries iter.Seq2[Entry, error], now time.Time) (added int64, err error) {
	q := queuing{ledger: l, issue: issue, now: now}
	defer func() {
		if err != nil {
			err = fmt.Errorf("queue issue %s: %w", issue, err)
		}
	}()
	if issue == "" {
		return 0, fmt.Errorf("%w: an issue without a name", ErrInvalid)
	}
	if err := q.commit(ctx); err != nil { // the issue itself, also if nobody gets it
		return 0, err
	}
	for e, err := range entries {
		if err == nil {
			err = q.take(e)
		}
		if err == nil && len(q.rows) == rowsPerCommit {
			err = q.commit(ctx)
		}
		if err != nil {
			return q.added, err
		}
	}
	return q.added, q.commit(ctx)
}

// queuing is a run of Queue.
type queuing struct {
	ledger *Ledger
	issue  string
	now    time.Time
	rows   []Entry // of the next commit
	added  int64
}

var reasonWord = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (q *queuing) take(e Entry) error {
	switch {
	case e.Member == 0:
		return fmt.Errorf("%w: an entry without a member", ErrInvalid)
	case e.Suppressed != "" && !reasonWord.MatchString(e.Suppressed):
		return fmt.Errorf("%w: member %d: the reason %q is no word", ErrInvalid, e.Member, e.Suppressed)
	case e.Suppressed == "" && domainOf(e.Address) == "":
		return fmt.Errorf("%w: member %d has no address", ErrInvalid, e.Member)
	case strings.ContainsFunc(e.Address+e.MessageID+e.Variant, unicode.IsControl):
		return fmt.Errorf("%w: member %d: a control character", ErrInvalid, e.Member)
	}
	q.rows = append(q.rows, e)
	return nil
}

// commit stores the rows in one transaction.
func (q *queuing) commit(ctx context.Context) error {
	var added int64
	err := q.ledger.db.Tx(ctx, func(tx *store.Tx) error {
		added = 0
		_, err := tx.Exec(ctx, `INSERT INTO issue_state (issue, policy) VALUES (?, ?) ON CONFLICT (issue) DO NOTHING`, q.issue, Hold)
		for rows := q.rows; err == nil && len(rows) > 0; rows = rows[min(len(rows), rowsPerInsert):] {
			var n int64
			n, err = q.insert(ctx, tx, rows[:min(len(rows), rowsPerInsert)])
			added += n
		}
		if err == nil && added > 0 {
			_, err = tx.Exec(ctx, `UPDATE issue_state SET finished = 0 WHERE issue = ? AND finished <> 0`, q.issue)
		}
		return err
	})
	if err == nil {
		q.added, q.rows = q.added+added, q.rows[:0]
	}
	return err
}

func (q *queuing) insert(ctx context.Context, tx *store.Tx, rows []Entry) (int64, error) {
	const width = 10
	args := make([]any, 0, width*len(rows))
	for _, e := range rows {
		state := Pending
		if e.Suppressed != "" {
			state = Suppressed
		}
		args = append(args, q.issue, int64(e.Member), e.Address, domainOf(e.Address), e.Variant, e.MessageID, newToken(), int64(state), e.Suppressed, store.Millis(q.now))
	}
	row := ", (?" + strings.Repeat(", ?", width-1) + ")"
	// Nothing is done for a key that is there; a token that is there is an error.
	return tx.Exec(ctx, `INSERT INTO delivery (issue, member, address, domain, variant, message_id, token, state, reason, updated_at)
		VALUES `+strings.Repeat(row, len(rows))[2:]+` ON CONFLICT (member, issue) DO NOTHING`, args...)
}

// domainOf is what stands after the last @, in lower case.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return ""
	}
	return strings.ToLower(address[at+1:])
}

// newToken is 80 random bits in base32. Lower case: relays may write a local part so.
func newToken() string {
	var b [10]byte
	rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}
