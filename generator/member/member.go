// Package member keeps the people of a network: who they are, what they may read,
// what they agreed to, and what mail they want.
//
// A Book is all people of a database. A Member has a random id that is never
// reused and says nothing, and an address in two forms: Email to compare, SMTP to
// write on a letter. Audiences say what somebody may read, by the names of
// site.yaml; the status, whether they may at all. What others see of a member is
// decided field by field (Visibility) and hidden at first.
//
// Consents and subscriptions are histories: they are only ever added to, and the
// last word counts. Erase removes a person, and leaves four things: that somebody
// with this id agreed to a text (without name or address), and was sent an issue
// (likewise), a salted hash of the address, so that it is not imported again, and the
// id, so that nobody else gets it.
//
// Import reads a CSV file as staff departments write it, in UTF-8 or Shift_JIS,
// names every bad row, and takes all of the file or nothing. Some columns are
// refused because a network of former colleagues must not have them.
//
// Somebody without audiences is a subscriber: they get the newsletter and read what is
// public. They come by a form and confirm their address (Join), and may have no name.
//
// A LetterNote is a line that the office writes by hand to one reader of one issue
// of the newsletter. It is personal: it is the member's own data, and goes when the
// person is erased.
//
// A Roster holds in memory what a gate needs at every request. It follows the
// database, and so the changes of other processes, within half a second.
package member

import (
	"errors"
	"strings"
	"time"
)

// What may be wrong with a request; found by errors.Is.
var (
	ErrNotFound   = errors.New("there is no such member")
	ErrAddress    = errors.New("this is not a mail address")
	ErrTaken      = errors.New("another member has this address")
	ErrSuppressed = errors.New("this address was erased at the person's wish")
	ErrInvalid    = errors.New("this cannot be stored")
)

// Statuses of a member.
const (
	Active = "active" // reads, and gets mail as agreed
	Paused = "paused" // neither, for now
	Left   = "left"   // has left the network; kept until erased
)

// Name is how a person is called. Texts are kept as written: 髙 stays 髙.
type Name struct {
	Family     string `json:"family,omitempty"`
	Given      string `json:"given,omitempty"`
	FamilyKana string `json:"family_kana,omitempty"`
	GivenKana  string `json:"given_kana,omitempty"`
	Former     string `json:"former,omitempty"` // family name while at the company
	Latin      string `json:"latin,omitempty"`  // as the person writes it: YAMADA Haruo
}

// String returns the name as its bearer says it: in Japanese family name first, with
// a space between the two parts; in Latin letters alone, as in Latin.
func (n Name) String() string {
	if n.Latin != "" && isASCII(n.Family+n.Given) {
		return n.Latin
	}
	return strings.TrimSpace(n.Family + " " + n.Given)
}

// Kana returns the reading, family name first; "" if it is not known.
func (n Name) Kana() string { return strings.TrimSpace(n.FamilyKana + " " + n.GivenKana) }

// Member is a person.
type Member struct {
	ID          uint32      `json:"id"`
	Email       string      `json:"email"` // canonical: see Address
	SMTP        string      `json:"smtp"`  // as written
	Audiences   []string    `json:"audiences"`
	Status      string      `json:"status"`
	Name        Name        `json:"name"` // empty only without audiences
	Language    string      `json:"language,omitempty"`
	Joined      int         `json:"joined,omitempty"` // year; the cohort
	Left        int         `json:"left,omitempty"`   // year
	Department  string      `json:"department,omitempty"`
	Title       string      `json:"title,omitempty"`
	Skills      []string    `json:"skills,omitempty"`
	Interests   []string    `json:"interests,omitempty"`
	Region      string      `json:"region,omitempty"`
	Note        string      `json:"note,omitempty"` // of the office
	Visibility  Visibility  `json:"visibility,omitempty"`
	Preferences Preferences `json:"preferences,omitzero"`
	Agreed      string      `json:"agreed,omitempty"` // version of the text by which they agreed to mail; "" if they did not, or not any more; set by reading
	Mailable    bool        `json:"mailable"`         // active, agreed, and not unsubscribed from all mail; set by reading
	ValidAfter  time.Time   `json:"valid_after,omitzero"`
	Created     time.Time   `json:"created,omitzero"`
	Updated     time.Time   `json:"updated,omitzero"`
}

// Preferences are what a member wants of mail.
type Preferences struct {
	Format      string    `json:"format,omitempty"`      // html, the default, or text
	Frequency   string    `json:"frequency,omitempty"`   // every, the default, or main: no small issues between
	PausedUntil time.Time `json:"paused_until,omitzero"` // no mail before this
	Lists       []List    `json:"lists,omitempty"`       // those of which something is recorded
}

// List says whether a member gets a list.
type List struct {
	ID         uint32 `json:"id"` // 0 is all mail
	Subscribed bool   `json:"subscribed"`
}

// Gets reports whether the preferences let a letter of list through at now.
func (p Preferences) Gets(list uint32, now time.Time) bool {
	for _, l := range p.Lists {
		if !l.Subscribed && (l.ID == list || l.ID == 0) {
			return false
		}
	}
	return !now.Before(p.PausedUntil)
}
