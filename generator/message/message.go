// Package message writes Internet messages (RFC 5322, MIME) for one reader or for
// many: a Spec is compiled once to a Template, and Template.Append writes the
// letter of one person.
//
// The bytes depend on what is given and on nothing else: there is no clock, no
// chance and no map in it. So a letter that is written again, after a crash or by
// another machine, is the same letter.
//
// # Form
//
// A message is a multipart/alternative of a plain and an HTML part, in this order
// (RFC 2046, section 5.1.4), both UTF-8 in base64; or the plain part alone. Base64 and not quoted-printable:
// of Japanese text this makes 1.4 times the bytes instead of three times. And not
// 8bit, which a relay may convert and so break a signature. All lines end with
// CRLF, those inside of the parts too, be they written as LF, CR or CRLF.
//
// The header fields stand in one order: Date, From, To, Reply-To, Subject,
// Message-ID, the fields of the Spec, the fields of the Letter, Content-Language,
// MIME-Version, Content-Type. A field is folded at its spaces into lines of at most
// 76 characters where that can be; none is longer than 998 (RFC 5322, section
// 2.1.1).
//
// What people write is never trusted to be one line: names and subjects are
// cleaned (see Mailbox), and whatever else would break out of its field is refused.
//
// # Speed
//
// The fixed texts are base64 already when a letter is written. What follows a slot
// begins anywhere in a group of three bytes, so each long text is kept in three
// encodings, less the zero to two bytes in front of its first whole group and those
// behind its last. These bytes go with the values of the slots around into lines of
// their own, which are shorter than others; base64 allows that. A text of fewer than
// minSlab bytes is no more than a value that is always the same.
package message

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Piece is a fixed text or, if Slot is 1 or more, a place for a value that differs
// from letter to letter; then Text is empty.
type Piece struct {
	Text string
	Slot int
}

// Text is the content of a part, piece by piece. A slot may stand in several
// places. A line break is not split between two pieces: CR at the end of one and LF
// at the beginning of the next are two line breaks.
type Text []Piece

// Fixed returns a text without slots.
func Fixed(s string) Text { return Text{{Text: s}} }

// Field is a header field. Name is one that this package does not write itself.
// Value is a line of printable ASCII; see Phrase for other text. It is folded at
// spaces, and between <one>,<another>.
type Field struct{ Name, Value string }

// Spec is what all letters of a template have in common.
type Spec struct {
	From     Mailbox
	ReplyTo  Mailbox // without an address: no field
	Subject  string  // cleaned as the name of a Mailbox is
	Language string  // a language tag (RFC 5646) as "ja"; "": no field
	Fields   []Field // in order, each name once
	Plain    Text
	HTML     Text // none: the message is the plain part alone
}

// Letter is what a letter has for itself. Values of slots are written as they are:
// those of the HTML part are escaped by whoever calls.
type Letter struct {
	To        Mailbox
	MessageID string    // as x@mail.example, without angle brackets; dot-atoms on both sides (RFC 5322, section 3.6.4)
	Date      time.Time // written in its own zone, to the second
	Fields    []Field   // in order, each name once and none of the Spec's
	Plain     []string  // the value of slot i of the plain part is Plain[i-1]; more than there are slots are no harm
	HTML      []string  // likewise for the HTML part
}

// Template is a compiled Spec. It does not change and may be used by several
// goroutines at once.
type Template struct {
	from    []byte // From
	subject []byte // Reply-To, Subject
	fields  []byte // those of the Spec
	names   []string
	opening []byte // from Content-Language to the plain part's text
	between []byte // from one part's text to the other's
	closing []byte
	plain   part
	html    part
	isPlain bool // there is no HTML part
}

// Compile checks and encodes what is fixed. Errors wrap ErrAddress for a sender or
// address for replies that is none, and ErrField for a header field; others say that
// a part is empty or a piece is none.
func Compile(s Spec) (*Template, error) {
	t := &Template{}
	var err error
	if t.from, err = appendMailbox(nil, "From", s.From); err != nil {
		return nil, err
	}
	if s.ReplyTo.Address != "" {
		if t.subject, err = appendMailbox(nil, "Reply-To", s.ReplyTo); err != nil {
			return nil, err
		}
	}
	if t.subject, err = appendSubject(t.subject, s.Subject); err != nil {
		return nil, err
	}
	for _, f := range s.Fields {
		if t.fields, err = t.appendOwn(t.fields, f, s.Fields); err != nil {
			return nil, err
		}
	}
	for _, f := range s.Fields {
		t.names = append(t.names, f.Name)
	}
	if t.plain, err = compilePart(s.Plain); err != nil {
		return nil, fmt.Errorf("plain part: %w", err)
	}
	if t.isPlain = len(s.HTML) == 0; !t.isPlain {
		if t.html, err = compilePart(s.HTML); err != nil {
			return nil, fmt.Errorf("HTML part: %w", err)
		}
	}
	return t, t.frame(s)
}

// frame writes what stands around the parts. No line of a part can be taken for a
// boundary, for base64 has no "-". That it is a hash keeps letters apart that are
// forwarded one inside of the other.
func (t *Template) frame(s Spec) error {
	sum := sha256.New()
	for _, b := range [][]byte{t.from, t.subject, t.fields} {
		fmt.Fprintf(sum, "%d %s", len(b), b)
	}
	for _, text := range []Text{s.Plain, s.HTML} {
		fmt.Fprintf(sum, "%d ", len(text))
		for _, p := range text {
			fmt.Fprintf(sum, "%d %d %s", p.Slot, len(p.Text), p.Text)
		}
	}
	boundary := "part-" + hex.EncodeToString(sum.Sum(nil)[:16])
	const kind, encoding = "Content-Type: text/%s; charset=utf-8\r\n", "Content-Transfer-Encoding: base64\r\n\r\n"
	if s.Language != "" {
		if strings.ContainsFunc(s.Language, func(r rune) bool { return r != '-' && !isAlphanumeric(r) }) {
			return fmt.Errorf("%w: Content-Language: %q is no language tag", ErrField, s.Language)
		}
		t.opening = fmt.Appendf(nil, "Content-Language: %s\r\n", s.Language)
	}
	if t.isPlain {
		t.opening = fmt.Appendf(t.opening, "MIME-Version: 1.0\r\n"+kind+encoding, "plain")
		return nil
	}
	t.opening = fmt.Appendf(t.opening, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n--%[1]s\r\n"+kind+encoding, boundary, "plain")
	t.between = fmt.Appendf(nil, "--%s\r\n"+kind+encoding, boundary, "html")
	t.closing = fmt.Appendf(nil, "--%s--\r\n", boundary)
	return nil
}

// Append appends the whole message to dst. With room in dst it allocates nothing,
// names of more than cleanBytes aside. Errors wrap ErrAddress, for a recipient who
// has none, or ErrField; others say what the letter lacks. Then dst is as it was.
func (t *Template) Append(dst []byte, l Letter) ([]byte, error) {
	out, err := t.appendHeader(dst, l)
	if err != nil {
		return dst, err
	}
	if len(l.Plain) < t.plain.slots || len(l.HTML) < t.html.slots {
		return dst, fmt.Errorf("the letter has %d values for the %d slots of the plain part and %d for the %d of the HTML part",
			len(l.Plain), t.plain.slots, len(l.HTML), t.html.slots)
	}
	out = t.plain.append(append(out, t.opening...), l.Plain)
	if t.isPlain {
		return out, nil
	}
	out = t.html.append(append(out, t.between...), l.HTML)
	return append(out, t.closing...), nil
}

// appendHeader writes the fields in front of Content-Language.
func (t *Template) appendHeader(dst []byte, l Letter) ([]byte, error) {
	if year := l.Date.Year(); year < 1900 || year > 9999 { // RFC 5322, section 3.3
		return nil, errors.New("the letter has no date")
	}
	dst = l.Date.AppendFormat(append(dst, "Date: "...), time.RFC1123Z)
	dst = append(append(dst, "\r\n"...), t.from...)
	dst, err := appendMailbox(dst, "To", l.To)
	if err != nil {
		return nil, err
	}
	dst = append(dst, t.subject...)
	if err := checkMessageID(l.MessageID); err != nil {
		return nil, err
	}
	dst = append(append(append(dst, "Message-ID: <"...), l.MessageID...), ">\r\n"...)
	dst = append(dst, t.fields...)
	for _, f := range l.Fields {
		if dst, err = t.appendOwn(dst, f, l.Fields); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// appendOwn writes a field that the caller named, one of the given.
func (t *Template) appendOwn(dst []byte, f Field, given []Field) ([]byte, error) {
	if err := checkName(f.Name); err != nil {
		return nil, err
	}
	same := 0
	for _, name := range t.names {
		if strings.EqualFold(name, f.Name) {
			same++
		}
	}
	for _, g := range given {
		if strings.EqualFold(g.Name, f.Name) {
			same++
		}
	}
	switch {
	case same > 1:
		return nil, fmt.Errorf("%w: %s stands twice", ErrField, f.Name)
	case strings.Trim(f.Value, " ") == "":
		return nil, fmt.Errorf("%w: %s has no value", ErrField, f.Name)
	}
	return appendField(dst, f.Name, f.Value)
}
