package main

import (
	"context"
	"errors"
	"time"

	"kaiho/generator/bounce"
	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/member"
	"kaiho/generator/message"
	"kaiho/generator/newsletter"
)

// letterWriter writes the letters of an issue for package dispatch. It reads each member
// again: who has left, paused or lost an audience since the issue was queued gets what is
// right now.
type letterWriter struct {
	issue     *issue
	book      *member.Book
	templates map[string]*newsletter.Template // by variant
	notes     map[uint32]string
	signer    newsletter.Signer
	dkim      *mailer.Signer // nil: the relay signs
	returns   string         // where bounces go: an address or a domain; "": to the sender
	zone      *time.Location

	begun  time.Time       // when the issue was first sent from; zero before
	joined map[uint32]bool // members who came after that, as entries has met them
}

// newWriter makes everything ready that letters are written from.
func (s *session) newWriter(ctx context.Context, i *issue, b *member.Book, dkim *mailer.Signer) (*letterWriter, error) {
	ring, err := s.ring(i.project.Config.BaseURL)
	if err != nil {
		return nil, err
	}
	w := &letterWriter{issue: i, book: b, templates: map[string]*newsletter.Template{}, joined: map[uint32]bool{}, signer: ring, dkim: dkim,
		returns: i.project.Config.Mail.Bounce, zone: i.project.Config.Zone}
	for _, l := range i.letters {
		if w.templates[l.Variant.Name], err = i.Template(l); err != nil {
			return nil, err
		}
	}
	w.notes, err = b.LetterNotes(ctx, i.ID)
	return w, err
}

// Write writes the letters of rows.
func (w *letterWriter) Write(ctx context.Context, rows []ledger.Delivery, now time.Time) ([]dispatch.Letter, error) {
	ids := make([]uint32, len(rows))
	for n, row := range rows {
		ids[n] = row.Member
	}
	members, err := w.book.Members(ctx, ids)
	if err != nil {
		return nil, err
	}
	letters := make([]dispatch.Letter, len(rows))
	for n, row := range rows {
		m, found := members[row.Member]
		if !found {
			letters[n].Suppress = ledger.ReasonErased
			continue
		}
		letters[n] = w.letter(row, m, now)
	}
	return letters, nil
}

// letter writes the letter of one row, or says why there is none.
func (w *letterWriter) letter(row ledger.Delivery, m member.Member, now time.Time) dispatch.Letter {
	place := w.issue.Assign(m, now)
	if place.Variant == nil {
		return dispatch.Letter{Suppress: suppressedFor(place.Why)}
	}
	date := row.FirstAt
	if date.IsZero() {
		date = now
	}
	l := dispatch.Letter{Date: date.Truncate(time.Second).In(w.zone)}
	data, err := w.templates[place.Variant.Name].Append(nil, newsletter.Person{Member: m, Note: w.notes[m.ID], Date: l.Date}, w.signer)
	if errors.Is(err, message.ErrAddress) {
		return dispatch.Letter{Suppress: reasonAddress}
	}
	if err == nil && w.dkim != nil {
		data, err = w.dkim.Append(nil, data)
	}
	if err != nil {
		return dispatch.Letter{Err: err}
	}
	l.Envelope = mailer.Envelope{From: w.issue.project.Config.Mail.From.Address, Data: data}
	if l.Envelope.To, err = message.Route(m.SMTP); err != nil {
		return dispatch.Letter{Suppress: reasonAddress}
	}
	if w.returns != "" {
		if l.Envelope.From, err = bounce.ReturnPath(w.returns, row.Token); err != nil {
			return dispatch.Letter{Err: err}
		}
	}
	return l
}

// reasonAddress is why somebody gets no letter whose address cannot be written on one.
const reasonAddress = "address"

// suppressedFor is a reason as the ledger has it.
func suppressedFor(why newsletter.NoLetter) string {
	switch why {
	case newsletter.IsPaused:
		return "paused"
	case newsletter.OnlyMain:
		return "main-only"
	case newsletter.NothingForMe:
		return "nothing"
	}
	return "not-mailable"
}

// entries are all members as the ledger takes them: with the letter that each is to get,
// or why they get none.
func (w *letterWriter) entries(ctx context.Context, now time.Time) func(yield func(ledger.Entry, error) bool) {
	return func(yield func(ledger.Entry, error) bool) {
		for m, err := range w.book.Each(ctx) {
			if err != nil {
				yield(ledger.Entry{}, err)
				return
			}
			if !w.begun.IsZero() && m.Created.After(w.begun) {
				w.joined[m.ID] = true
			}
			e := ledger.Entry{Member: m.ID, Address: m.SMTP}
			place := w.issue.Assign(m, now)
			if place.Variant == nil {
				e.Suppressed = suppressedFor(place.Why)
			} else {
				e.Variant = place.Variant.Name
				if e.MessageID, err = w.templates[e.Variant].MessageID(m, w.signer); err != nil {
					yield(e, err)
					return
				}
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}
