package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"strings"

	"kaiho/generator/gate"
	"kaiho/generator/mailer"
	"kaiho/generator/member"
	"kaiho/generator/message"
)

// outbox writes the letters of the gate as complete messages (RFC 5322), and gives them
// to the courier, or without one (there is no KAIHO_SMTP_URL) into a folder, where
// whoever runs the site finds them.
type outbox struct {
	dir     *os.Root       // of the state folder
	from    string         // "凪だより <letter@nagi.example>", of site.yaml
	replyTo string         // "": none
	dkim    *mailer.Signer // nil: the relay signs, or nobody
	courier *courier       // nil: into the folder
}

// openOutbox opens the way of letters that KAIHO_SMTP_URL and KAIHO_DKIM tell; the
// caller closes it.
func (s *session) openOutbox(from correspondence, log *slog.Logger) (*outbox, error) {
	relay, dkim, err := s.relay()
	if err != nil {
		return nil, err
	}
	dir, err := os.OpenRoot(s.state())
	if err != nil {
		return nil, fmt.Errorf("open the state folder: %w", err)
	}
	o := &outbox{dir: dir, from: from.sender, replyTo: from.replyTo, dkim: dkim}
	if relay != nil {
		o.courier = newCourier(*relay, retryDelays(), log)
	}
	return o, nil
}

// Close ends the courier, if there is one, and closes the folder.
func (o *outbox) Close() {
	if o.courier != nil {
		o.courier.Close()
	}
	o.dir.Close()
}

// Send composes l and sends it on its way; it does not wait for the relay.
func (o *outbox) Send(ctx context.Context, l gate.Letter) error {
	id := chance()
	complete, err := o.compose(l, id)
	if err != nil {
		return fmt.Errorf("compose a letter: %w", err)
	}
	if o.courier == nil {
		_, err = (&mailer.Outbox{Dir: o.dir}).Put(ctx, l.Composed, id, complete)
		return err
	}
	e, err := envelope(o.from, l.To, complete)
	if err != nil {
		return fmt.Errorf("address a letter: %w", err)
	}
	return o.courier.take(e)
}

// envelope is that of a letter to one person who asked for it: what cannot be delivered
// comes back to the sender, since no row of an issue waits for it.
func envelope(from, to string, complete []byte) (mailer.Envelope, error) {
	sender, err := mailbox(from)
	if err != nil {
		return mailer.Envelope{}, err
	}
	e := mailer.Envelope{Data: complete}
	if e.From, err = message.Route(sender.Address); err != nil {
		return e, err
	}
	e.To, err = message.Route(to)
	return e, err
}

// chance returns 16 characters that nobody can foretell.
func chance() string {
	b := make([]byte, 8)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// compose writes l as a message of this id, signed.
func (o *outbox) compose(l gate.Letter, id string) ([]byte, error) {
	from, err := mailbox(o.from)
	if err != nil {
		return nil, fmt.Errorf("sender %q: %w", o.from, err)
	}
	s := message.Spec{From: from, Subject: l.Subject, Language: l.Lang, Plain: message.Fixed(l.Text), HTML: message.Fixed(l.HTML),
		Fields: []message.Field{{Name: "Auto-Submitted", Value: "auto-generated"}}} // RFC 3834: no vacation notices, please
	if o.replyTo != "" {
		if s.ReplyTo, err = mailbox(o.replyTo); err != nil {
			return nil, fmt.Errorf("address for replies %q: %w", o.replyTo, err)
		}
	}
	template, err := message.Compile(s)
	if err != nil {
		return nil, err
	}
	letter := message.Letter{To: message.Mailbox{Name: l.ToName, Address: l.To}, Date: l.Composed,
		MessageID: id + from.Address[strings.LastIndexByte(from.Address, '@'):]}
	if l.OneClick != "" { // RFC 8058, section 3.1
		letter.Fields = []message.Field{{Name: "List-Unsubscribe", Value: "<" + l.OneClick + ">"}, {Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"}}
	}
	complete, err := template.Append(nil, letter)
	if err != nil || o.dkim == nil {
		return complete, err
	}
	return o.dkim.Append(nil, complete)
}

// mailbox reads an address of site.yaml, with or without a name. A domain that is
// not ASCII becomes so.
func mailbox(written string) (message.Mailbox, error) {
	m, err := mail.ParseAddress(written)
	if err != nil {
		return message.Mailbox{}, err
	}
	if a, err := member.ParseAddress(m.Address); err == nil { // else the host is not of the internet, as localhost
		m.Address = a.SMTP
	}
	return message.Mailbox{Name: m.Name, Address: m.Address}, nil
}
