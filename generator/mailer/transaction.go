package mailer

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// opening writes MAIL, RCPT and DATA of a letter, unless they are written already,
// and reads the replies. ready: the server waits for the text. lost: the connection is
// of no use, and o is the outcome if the letter gets no other.
func (s *Session) opening(in *hand) (o Outcome, ready, lost bool) {
	c := s.conn
	if !in.begun {
		if c.r.Buffered() > 0 { // a farewell that came while it was idle
			return Outcome{State: Deferred, Reason: diag.RelayOutOfStep}, false, true
		}
		if o, ok := c.offer.admits(in); !ok {
			return o, false, false
		}
		if !c.offer.Pipelining {
			return s.stepwise(in)
		}
		if err := s.sayOpening(in); err != nil {
			return s.lostBefore(err), false, true
		}
	} else if err := c.within(s.relay.config.Timeouts.Command); err != nil {
		return s.lostBefore(err), false, true
	}
	refused := false
	for at := atMail; at <= atData; at++ {
		if err := s.reply.read(c.r); err != nil {
			if refused && o.Code == 421 { // it has said that it closes
				return s.refused(o)
			}
			return s.lostBefore(err), false, true
		}
		fits, positive := s.fits(at)
		switch {
		case !fits, refused && at == atRcpt && positive && !c.open:
			return Outcome{State: Deferred, Reason: diag.RelayOutOfStep}, false, true
		case at == atMail:
			c.open = positive
		}
		if !refused && !positive {
			refused, o = true, classify(at, &s.reply)
		}
	}
	// The last reply was that to DATA.
	switch {
	case !refused:
		c.open = false // the terminator ends the transaction
		return Outcome{}, true, false
	case s.reply.code == 354: // a text for nobody: end it as RFC 2920, section 3.1, says
		return s.endEmpty(o)
	}
	return s.refused(o)
}

// sayOpening writes the commands of a letter, behind RSET if a transaction is open:
// that costs no round trip of its own.
func (s *Session) sayOpening(in *hand) error {
	if !s.conn.open {
		return s.say(s.appendOpening(s.out[:0], in))
	}
	if err := s.say(s.appendOpening(append(s.out[:0], "RSET\r\n"...), in)); err != nil {
		return err
	}
	s.conn.open = false
	if err := s.reply.read(s.conn.r); err != nil {
		return err
	}
	if !s.reply.isPositive() {
		return errReplyForm
	}
	return nil
}

// stepwise is opening for a server without PIPELINING: each command waits for the
// reply to the one before.
func (s *Session) stepwise(in *hand) (o Outcome, ready, lost bool) {
	c := s.conn
	if c.open {
		if err := s.ask("RSET\r\n"); err != nil || !s.reply.isPositive() {
			return s.lostBefore(cmp.Or(err, errReplyForm)), false, true
		}
		c.open = false
	}
	for at := atMail; at <= atData; at++ {
		if err := s.say(c.appendCommand(s.out[:0], at, in)); err != nil {
			return s.lostBefore(err), false, true
		}
		if err := s.reply.read(c.r); err != nil {
			return s.lostBefore(err), false, true
		}
		fits, positive := s.fits(at)
		if !fits || c.r.Buffered() > 0 {
			return Outcome{State: Deferred, Reason: diag.RelayOutOfStep}, false, true
		}
		if at == atMail {
			c.open = positive
		}
		if !positive {
			return s.refused(classify(at, &s.reply))
		}
	}
	c.open = false
	return Outcome{}, true, false
}

// fits reports whether the reply just read can be one to a command, and whether
// it lets the letter go on.
func (s *Session) fits(at stage) (fits, positive bool) {
	a := &s.reply
	if at == atData {
		return a.code == 354 || a.isRefusal(), a.code == 354
	}
	return a.isPositive() || a.isRefusal(), a.isPositive()
}

// refused is the end of a letter that got no text. A server that answered 421 closes
// the connection: if it was the answer to a letter that others came before, and not
// about our speed, the letter may be tried on a new one.
func (s *Session) refused(o Outcome) (_ Outcome, ready, lost bool) {
	if o.Code != 421 {
		s.conn.served++
		return o, false, false
	}
	if o.State == Policy {
		s.drop()
		return o, false, false
	}
	return o, false, true
}

// endEmpty ends a text that was asked for although nobody gets it.
func (s *Session) endEmpty(o Outcome) (_ Outcome, ready, lost bool) {
	s.conn.open = false
	if s.ask(".\r\n") == nil && s.reply.isRefusal() {
		return s.refused(o)
	}
	s.drop() // it took an empty letter, or is gone: the refusal stands
	return o, false, false
}

// ask writes a command and reads its reply.
func (s *Session) ask(command string) error {
	if err := s.say(append(s.out[:0], command...)); err != nil {
		return err
	}
	return s.reply.read(s.conn.r)
}

// say writes commands, and sets the time for writing and for the replies.
func (s *Session) say(commands []byte) error {
	s.out = commands
	if err := s.conn.within(s.relay.config.Timeouts.Command); err != nil {
		return err
	}
	_, err := s.write(commands)
	return err
}

// write writes all of p at once and returns how many bytes of it have left, as
// exactly as an error lets one know.
func (s *Session) write(p []byte) (int, error) {
	w := s.conn.w
	n, err := w.Write(p) // past the buffer, if p is larger
	if err == nil {
		err = w.Flush()
		n -= w.Buffered()
	}
	return n, err
}

func (s *Session) lostBefore(err error) Outcome {
	return Outcome{State: Deferred, Reason: diag.RelayLost, Detail: s.why(err)}
}

// take takes the next letter if one is ready and the server lets it come along, and
// puts its commands behind the text in s.out.
func (s *Session) take(letters <-chan Envelope) *hand {
	if !s.conn.offer.Pipelining {
		return nil
	}
	select {
	case e, more := <-letters:
		if !more {
			return nil
		}
		next := &hand{env: e}
		if _, ok := s.conn.offer.admits(next); ok { // else opening says why not
			s.out = s.appendOpening(s.out, next)
			next.begun = true
		}
		return next
	default:
		return nil
	}
}

// appendOpening writes the commands of a letter.
func (s *Session) appendOpening(dst []byte, in *hand) []byte {
	for at := atMail; at <= atData; at++ {
		dst = s.conn.appendCommand(dst, at, in)
	}
	return dst
}

// appendCommand writes one command. Parameters stand only where they are needed:
// SMTPUTF8 makes a letter one that not every server may pass on.
func (c *conn) appendCommand(dst []byte, at stage, in *hand) []byte {
	e := &in.env
	switch at {
	case atMail:
		dst = append(append(append(dst, "MAIL FROM:<"...), e.From...), '>')
		if c.offer.HasSize {
			dst = strconv.AppendInt(append(dst, " SIZE="...), int64(len(e.Data)), 10)
		}
		if c.offer.EightBit && in.eight {
			dst = append(dst, " BODY=8BITMIME"...)
		}
		if !isASCII([]byte(e.From)) || !isASCII([]byte(e.To)) {
			dst = append(dst, " SMTPUTF8"...)
		}
	case atRcpt:
		dst = append(append(append(dst, "RCPT TO:<"...), e.To...), '>')
	case atData:
		dst = append(dst, "DATA"...)
	}
	return append(dst, '\r', '\n')
}

// maxPathBytes is the length of a path in RFC 5321, section 4.5.3.1.3, without its
// angle brackets.
const maxPathBytes = 254

// admits reports whether a letter may be offered to the server at all; if not, the
// outcome says why not.
func (o Offer) admits(in *hand) (Outcome, bool) {
	e := &in.env
	for _, path := range []string{e.From, e.To} {
		if reason := wrongPath(path); reason != "" {
			return Outcome{State: Failed, Reason: diag.LetterForm, Detail: reason}, false
		}
	}
	if e.To == "" {
		return Outcome{State: Failed, Reason: diag.LetterForm, Detail: "it is for nobody"}, false
	}
	if !linesEndInCRLF(e.Data) {
		return Outcome{State: Failed, Reason: diag.LetterForm, Detail: "a line does not end in CRLF"}, false
	}
	if o.Size > 0 && int64(len(e.Data)) > o.Size {
		return Outcome{State: Policy, Reason: diag.RelaySize, Detail: fmt.Sprintf("%d > %d", len(e.Data), o.Size)}, false
	}
	in.eight = !isASCII(e.Data)
	if !o.UTF8 && (!isASCII([]byte(e.From)) || !isASCII([]byte(e.To))) || !o.EightBit && in.eight {
		return Outcome{State: Failed, Reason: diag.RelayASCII}, false
	}
	return Outcome{}, true
}

// wrongPath says what keeps an address out of a command; "" is nothing. Whatever
// else is wrong with it, the server says.
func wrongPath(path string) string {
	switch {
	case len(path) > maxPathBytes:
		return "an address is too long"
	case strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "an address has a control character"
	case strings.ContainsAny(path, "<>") && !strings.HasPrefix(path, `"`): // in quotes they are letters like others
		return "an address has an angle bracket"
	}
	return ""
}
