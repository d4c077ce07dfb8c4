// Package ledger keeps who gets which letter, and what became of it: one row for each
// issue and member, whose key is what keeps anybody from getting an issue twice.
//
//	pending ──Claim──▶ leased ──InFlight──▶ inflight ──Settle──▶ sent, failed, deferred,
//	   ▲                 │ │                    │                 suppressed
//	   └─ lease is over ─┘ └─Settle─▶ deferred, └─ lease is over, or the end was not heard
//	                        failed, suppressed        ▼
//	deferred ──Claim, when due──▶ leased           unknown ──Resolve──▶ sent, deferred, ...
//
// SMTP has a moment that nobody can see into: a relay has taken a letter, and the
// sender has not heard it yet (RFC 1047). So a row is durably in flight before the
// final dot of its letter goes out. Whoever dies before that has sent nothing, and the
// row is leased again; whoever dies after it leaves the row unknown, by name, and at
// most as many as were in flight. What then happens is the issue's policy: Hold leaves
// them to the office (nobody gets it twice); Resend sends them again with the same
// Message-ID and Date, and counts it (nobody misses it).
//
// A row belongs to the Worker that leased it, under the number of that lease (its
// epoch). Who lost a lease can change nothing any more: InFlight and Settle name what
// they refused. One thing such a worker may still do: say what became of its own
// letter, as long as it is unknown and nobody else has taken it up.
//
// Times are parameters. Leases are for safety only in this sense: a clock that is
// wrong makes them end too soon or too late, and so a letter late or unknown; it never
// makes a letter go twice under Hold, nor lost, for what counts is the epoch. Rows
// that wait for nothing have no time at all, so no clock holds them back.
//
// Statements are written once for both databases of package store. A failure of the
// database (store.ErrFull, ErrLocked, ErrLost, ...) changes nothing of what the call
// was to change, except that a commit whose answer was lost may have happened. After a
// failed InFlight the letter is not to be sent, and is settled as deferred.
package ledger

import (
	"errors"
	"fmt"
	"time"

	"kaiho/generator/store"
)

// What may be wrong with a request; found by errors.Is.
var (
	ErrNotFound   = errors.New("there is no such delivery")
	ErrInvalid    = errors.New("this cannot be in the ledger")
	ErrPaused     = errors.New("the issue is paused")
	ErrNotUnknown = errors.New("it is not open what became of this letter")
)

// Ledger is all deliveries of a database. It may be used by several goroutines, and by
// several processes at once.
type Ledger struct {
	db    *store.DB
	marks cursors
}

// Open returns the ledger of db.
func Open(db *store.DB) *Ledger { return &Ledger{db: db} }

// State is what became of a letter so far.
type State int

// States, as they are stored.
const (
	Pending    State = iota // nobody has it in hand
	Leased                  // a worker has it in hand, and has not sent it
	InFlight                // its final dot may have gone out
	Sent                    // a relay has taken it
	Deferred                // a relay wants it later
	Failed                  // it cannot be delivered
	Suppressed              // it is not to be sent
	Unknown                 // it was in flight, and nobody has heard the end
)

var stateNames = [...]string{"pending", "leased", "inflight", "sent", "deferred", "failed", "suppressed", "unknown"}

// String is the state's name in reports; it never changes.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("state %d", int(s))
	}
	return stateNames[s]
}

// ParseState is the opposite of String; ErrInvalid if there is no such state.
func ParseState(name string) (State, error) {
	for s, n := range stateNames {
		if n == name {
			return State(s), nil
		}
	}
	return 0, fmt.Errorf("%w: there is no state %q", ErrInvalid, name)
}

// Reasons that the ledger itself gives.
const (
	ReasonErased  = "erased"  // suppressed: the person was erased
	ReasonCrash   = "crash"   // unknown: the lease of a letter in flight was over
	ReasonResend  = "resend"  // deferred: was unknown, and the policy is Resend
	ReasonBounced = "bounced" // failed: it came back
)

// Reasons of failures that are not the address's; Resolve opens such a row again.
const (
	ReasonTooLate   = "deferred-too-long" // it was deferred for 48 hours
	ReasonUnwritten = "unwritten"         // it could not be written; Reply says why
)

// Key names a row.
type Key struct {
	Issue  string // the name of its file, without .md
	Member uint32
}

// Lease is a key and the right to change the row: the number of the lease.
type Lease struct {
	Key
	Epoch int64
}

// Delivery is a row.
type Delivery struct {
	Lease
	Address    string    // as it is written on the letter; "" if the person was erased
	Domain     string    // of the address, in lower case
	Variant    string    // of the issue
	MessageID  string    // without < and >
	Token      string    // for the return path (VERP): lower case letters and digits
	State      State     // now
	Attempts   int       // how often it was begun to be handed to a relay, or to be
	Repeats    int       // how often it was sent though it may have arrived before
	NextAt     time.Time // not before then; zero: at once
	FirstAt    time.Time // the Date header, of all attempts; zero before the first
	Since      time.Time // when the 48 hours began for which it is tried: pauses move it; zero: they have not begun
	SentAt     time.Time
	LeaseBy    Worker
	LeaseUntil time.Time
	Relay      string // that has it, or refused it
	Code       int    // what the relay answered
	Enhanced   string // likewise (RFC 3463)
	Reply      string // likewise, at most 300 characters
	Reason     string // a word of the program: why it is failed, suppressed or unknown
	ResolvedBy string // who or what said how an unknown one ended
	UpdatedAt  time.Time
}

// columns are those of a Delivery, in the order of scan.
const columns = `issue, member, lease_epoch, address, domain, variant, message_id, token, state, attempts, repeats,
	next_at, first_at, since_at, sent_at, lease_by, lease_until, relay, code, enhanced, reply, reason, resolved_by, updated_at`

// scan reads a row of columns.
func scan(row interface{ Scan(...any) error }) (d Delivery, err error) {
	var next, first, since, sent, until, updated int64
	err = row.Scan(&d.Issue, &d.Member, &d.Epoch, &d.Address, &d.Domain, &d.Variant, &d.MessageID, &d.Token, &d.State, &d.Attempts, &d.Repeats,
		&next, &first, &since, &sent, &d.LeaseBy, &until, &d.Relay, &d.Code, &d.Enhanced, &d.Reply, &d.Reason, &d.ResolvedBy, &updated)
	d.NextAt, d.FirstAt, d.Since, d.SentAt = store.Time(next), store.Time(first), store.Time(since), store.Time(sent)
	d.LeaseUntil, d.UpdatedAt = store.Time(until), store.Time(updated)
	return d, err
}
