// Package mailer is the transport of letters: complete messages go out over SMTP
// (RFC 5321), or into a folder, and for each comes back what became of it.
//
// A Relay is the server that takes the letters. It gives Sessions; each is one
// connection, which is made when the first letter needs it, used again for those
// that follow, and made anew when it is lost. Session.Run takes Envelopes from a
// channel and reports one Outcome for each, in their order.
//
// # The terminator
//
// A letter is the server's once the line "." behind its text has gone out, and
// nobody knows whether the server has it until the reply is read (RFC 1047). So
// that line is the pivot of everything here:
//
//   - it leaves this process only after the caller's beforeDot has returned nil for
//     this letter: who must not lose count writes the letter down there;
//   - what is lost before it is Deferred, and may be sent again with no risk;
//   - what is lost behind it is Unknown, and never anything else;
//   - Sent is what a reply 250 was read for, and nothing else.
//
// # One round trip a letter
//
// Where the server offers PIPELINING (RFC 2920), one write holds the text of a
// letter, its terminator, and MAIL, RCPT and DATA of the next: then come four
// replies together. DATA is the last of its group, as section 3.1 asks. Elsewhere it
// is four round trips: no NOOP, and no RSET but for a transaction that a reply has
// left open. The replies are read with limits in number, length and time; a server
// whose replies cannot belong to what was asked is left before the next terminator.
//
// # What else is here
//
// classify.go says what a reply means, by its enhanced code (RFC 3463): of an
// address, of the relay, or only for now. Breaker says when to stop, Rates how fast
// to go, Allowance how much on a day, NextAttempt when again. Signer signs (DKIM,
// RFC 6376). Outbox writes .eml files. None of them reads the clock or logs; words
// for people are rules of package diag. No address, token or password stands in
// any of them, nor in an error.
package mailer

import (
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// Envelope is a letter on its way: who sends it, who gets it, and its bytes.
type Envelope struct {
	// From is where bounces go (the reverse-path of RFC 5321), without angle
	// brackets; "" is the null sender of notifications.
	From string
	// To is the one recipient, in the form for SMTP: quoted where it needs quotes,
	// without angle brackets.
	To string
	// Data is the message (RFC 5322), signed, its lines ended by CRLF. It is not
	// changed, and not kept after the outcome is told.
	Data []byte
	// Ref is the caller's own: nothing here looks at it.
	Ref any
}

// State says what became of a letter.
type State int

// The states of letters.
const (
	// Sent: the server has said 250 behind the text.
	Sent State = iota + 1
	// Deferred: not now (a reply 4xx), or the connection was lost before the
	// terminator. It may be sent again.
	Deferred
	// Failed: never (a reply 5xx that is about this address or this letter).
	Failed
	// Unknown: the terminator has gone out and no reply was read that says whether
	// the server took the letter.
	Unknown
	// Policy: the relay, or the one behind it, refuses us: our name, our signature, our
	// speed. It says nothing of the address. The letter may be sent again, once
	// somebody has seen to the reason; Breaker counts it.
	Policy
	// Transport: there was no connection for the letter to go out on. It is as if it
	// had never been tried.
	Transport
)

// String returns the state in lower case, as it stands in reports.
func (s State) String() string {
	return [...]string{"none", "sent", "deferred", "failed", "unknown", "policy", "transport"}[s]
}

// Mark says what a failure tells of the address.
type Mark int

// The marks of addresses.
const (
	Unmarked Mark = iota // nothing
	Dead                 // there is no such mailbox: send it nothing more
	Full                 // the mailbox is full: one failure of several that make it dead
)

// Outcome is what became of one letter.
type Outcome struct {
	State State
	Mark  Mark // of a Failed letter
	// Code is the reply's (250, 450, 550 ...), 0 if there was none.
	Code int
	// Enhanced is the reply's enhanced status code (RFC 3463), as "5.1.1", or "".
	Enhanced string
	// Reply is the text of the reply without its codes, on one line, at most 1000 bytes;
	// of addresses in it, the domain alone is left.
	Reply string
	// QueueID is the server's own name of a Sent letter, where its reply tells it.
	QueueID string
	// Reason is the rule of package diag that says it in words; "" of a Sent letter.
	Reason diag.Rule
	// Detail is what the rule's text calls {reason}: an error of the network, a number.
	Detail string
}

// Problem returns the reason in words, for Message and Remedy of package diag. It
// has no place in a file.
func (o Outcome) Problem() diag.Problem {
	reply := o.Enhanced + " " + o.Reply
	if o.Code != 0 {
		reply = strconv.Itoa(o.Code) + " " + strings.TrimSpace(reply)
	}
	reply = strings.TrimRight(strings.TrimSpace(reply), " .") // the rule's text ends the sentence
	return diag.New(diag.Pos{}, o.Reason, "reply", reply, "reason", o.Detail)
}

// Retry reports whether the letter may be sent again with no risk that it comes twice.
func (o Outcome) Retry() bool {
	return o.State == Deferred || o.State == Policy || o.State == Transport
}
