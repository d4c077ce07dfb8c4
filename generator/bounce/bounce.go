// Package bounce reads the mail that comes back: reports of letters that did not
// arrive, complaints, requests to leave, and answers that no person wrote.
//
// # What is read
//
// Parse looks for these, in this order, and takes the first it finds:
//
//	Complaint    a feedback report (ARF, RFC 5965), also Hotmail's older form
//	Bounce       a delivery status notification (RFC 3464) in a report (RFC 6522): a part
//	             message/delivery-status, wherever it lies outside of the returned message
//	Unsubscribe  a subject that is a token, as the mailto: of List-Unsubscribe asks for
//	Bounce       a free form: qmail's (QSBMF) and those of older programs and Japanese
//	             providers, which tell in words what happened
//	AutoReply    what says of itself that a machine wrote it (RFC 3834 and its forerunners)
//	Unsubscribe  a subject that asks to leave, in words
//	Other        everything else, such as a person's letter or a challenge
//
// A report that says "delayed" is a Delay: the server still tries. One that says
// "delivered" or "relayed" is Other.
//
// # What is believed
//
// Anybody can send mail to a bounce address, so nothing in it proves anything. A
// bounce concerns one letter of ours or nobody: the caller looks the Tokens and
// the MessageIDs up among its own deliveries, and acts on the recipient of that
// delivery, never on an address from the report. Dead is worth acting on only
// after such a match, and if Result.Address is not that recipient's address, then
// it is the one their mail is forwarded to. Tokens must be hard to guess. A Complaint
// is matched in the same way. Link says who leaves once its signature is checked;
// a wish in words has only From, which the caller may answer with a link.
//
// A free form counts only if a mail system seems to have sent it (an empty return
// path, a sender like MAILER-DAEMON, X-Failed-Recipients) and if it says in known
// words that something was not delivered. A person's letter that quotes a dead
// address and a reply code is Other.
//
// # Class
//
// The class follows the enhanced code (RFC 3463), since the reply code says next
// to nothing: see Classify. Class Policy is about the sender or the letter, so it
// says nothing about the address. Where there is no telling code, well-known words
// of mail systems decide; where there are none, the class is Unsure.
//
// # Bounds
//
// A message has at most MaxBytes. Of it are read 64 parts, 8 levels deep, of each
// part 64 KB, 500 fields of a header and 8 KB of each, 50 recipients. What is
// beyond is left out, and what is malformed is read as far as it goes. The
// standard library's readers of headers and parts give up at the first malformed
// line, which bounces are full of; so these two are our own.
package bounce

import (
	"bytes"
	"errors"
	"slices"
)

// MaxBytes is the length of the longest message that Parse reads.
const MaxBytes = 10 << 20

// Errors of Parse. Whatever else is wrong with a message, it is Other.
var (
	ErrTooLarge = errors.New("message is longer than 10 MB")
	ErrEmpty    = errors.New("message is empty")
)

// Kind is what a message is.
type Kind uint8

// The kinds.
const (
	Other       Kind = iota // none of the others: for a person to read
	Bounce                  // a letter was not delivered, and will not be
	Delay                   // a letter was not delivered yet; no bounce
	Complaint               // a reader called a letter spam
	Unsubscribe             // a reader wants no more letters
	AutoReply               // a machine's answer, such as an absence; no bounce
)

// String returns the kind in lower case.
func (k Kind) String() string {
	return [...]string{"other", "bounce", "delay", "complaint", "unsubscribe", "auto-reply"}[k]
}

// Report is what a message says.
type Report struct {
	Kind Kind
	// From is the address that the message claims to be from, "" for none. Anybody
	// can write it. Of a request to leave in words it is all there is.
	From string
	// Link is the signed token that is the subject of an Unsubscribe, or "".
	Link string
	// Tokens are what may be tokens of return paths (see ReturnPath), at most 8: first
	// those of the addresses that the message was sent to, then those of the return
	// path of the returned letter. The first that the caller knows is the one.
	Tokens []string
	// MessageIDs are without angle brackets, at most 8: first that of the returned
	// letter, then those of In-Reply-To and References.
	MessageIDs []string
	// Results are those of a Bounce, at least one; of a Delay; and of a Complaint, if
	// it names who complains. In the order of the message.
	Results []Result
}

// Result is what became of a letter at one recipient.
type Result struct {
	Address string // the original recipient, else the final one; "" if none is named
	Class   Class
	// Code is the SMTP reply code (RFC 5321, section 4.2), 0 for none; Enhanced the
	// status code (RFC 3463), such as "5.1.1", or "".
	Code     int
	Enhanced string
	// Diagnostic is what the server said, in one line of at most 300 bytes. It may
	// have addresses in it.
	Diagnostic string
}

const (
	maxReferences = 8
	maxResults    = 50
)

// Parse reads a message. It may begin with the From line of an mbox, and its lines
// may end in CR LF or LF. Errors are ErrTooLarge and ErrEmpty.
func Parse(raw []byte) (Report, error) {
	if len(raw) > MaxBytes {
		return Report{}, ErrTooLarge
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return Report{}, ErrEmpty
	}
	m := readMessage(raw)
	var r Report
	for _, read := range []func(*message) (Report, bool){
		complaint, statusReport, unsubscribeByLink, freeForm, autoReply, unsubscribeByWords,
	} {
		if found, ok := read(m); ok {
			r = found
			break
		}
	}
	r.From = firstAddress(m.header.get("from"))
	r.Tokens, r.MessageIDs = m.references()
	for i := range r.Results {
		if r.Results[i].Address == "" && len(r.Results) == 1 {
			r.Results[i].Address = m.returnedTo()
		}
	}
	return r, nil
}

// appendNew appends s unless it is empty, there already, or too much.
func appendNew(list []string, s string) []string {
	if s == "" || len(list) >= maxReferences || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
