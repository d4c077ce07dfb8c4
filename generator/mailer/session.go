package mailer

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"kaiho/generator/diag"
)

// Session sends letters over one connection at a time. It is for one goroutine.
type Session struct {
	relay *Relay
	conn  *conn                // nil: none now
	line  atomic.Pointer[wire] // of conn, for abort
	out   []byte               // what is written next; used again
	reply reply
}

// Session returns a session; it connects when it has a letter.
func (r *Relay) Session() *Session { return &Session{relay: r} }

// hand is a letter in hand.
type hand struct {
	env   Envelope
	begun bool // its MAIL, RCPT and DATA are written, and not yet answered
	eight bool // its text has bytes that are not ASCII: set by admits
	again bool // it had a connection that was dead, and is on its second
}

// Send sends one letter. beforeDot may be nil; see Run.
func (s *Session) Send(ctx context.Context, e Envelope, beforeDot func() error) Outcome {
	one := make(chan Envelope, 1)
	one <- e
	close(one)
	var outcome Outcome
	before := func(*Envelope) error { return nil }
	if beforeDot != nil {
		before = func(*Envelope) error { return beforeDot() }
	}
	// What Run would return as an error, the outcome says as well.
	if err := s.Run(ctx, one, before, func(_ *Envelope, o Outcome) { outcome = o }); err != nil && outcome.State == 0 {
		return Outcome{State: Transport, Reason: diag.LetterStopped}
	}
	return outcome
}

// Run sends the letters of a channel until it is closed, and tells settled of each
// one that it took, exactly once and in their order. It takes the next letter while one
// is being sent if there is one ready, and never waits for it then; so whoever
// paces letters does it before they enter the channel.
//
// beforeDot is called once at most for a letter, when the server is ready for its text.
// Only if it returns nil does the terminator go out; its error leaves the letter
// Deferred and costs the connection, since SMTP knows no other way out of a text.
//
// Run returns nil when letters is closed, or an error: a *Trouble when there is no
// connection to be had (the letter in hand is settled as Transport), or that of ctx.
// Letters in the channel are left there. To end in good order, close the channel; the
// end of ctx cuts the connection at once, which may leave one letter Unknown.
// The connection stays for the next Run; Close ends it.
func (s *Session) Run(ctx context.Context, letters <-chan Envelope, beforeDot func(*Envelope) error, settled func(*Envelope, Outcome)) error {
	stop := context.AfterFunc(ctx, s.abort)
	defer stop()
	var in *hand
	for {
		if in == nil {
			if ctx.Err() != nil { // select would choose by chance
				return ctx.Err()
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case e, more := <-letters:
				if !more {
					return nil
				}
				in = &hand{env: e}
			}
		}
		outcome, ready, err := s.begin(ctx, in)
		var next *hand
		if ready {
			outcome, next = s.finish(in, letters, beforeDot)
		}
		settled(&in.env, outcome)
		if err != nil {
			return err
		}
		in = next
	}
}

// Open connects, if there is no connection, and returns what the relay offers.
// Errors are as those of Run.
func (s *Session) Open(ctx context.Context) (Offer, error) {
	if s.conn == nil {
		c, err := s.relay.dial(ctx)
		if err != nil {
			return Offer{}, err
		}
		s.conn = c
		s.line.Store(c.wire)
		if ctx.Err() != nil { // abort may have come before there was a line
			s.drop()
			return Offer{}, ctx.Err()
		}
	}
	return s.conn.offer, nil
}

// Close takes leave of the server, for two seconds at most, and closes the connection.
// The session may be used again.
func (s *Session) Close() {
	if s.conn == nil {
		return
	}
	if s.conn.within(2*time.Second) == nil {
		if _, err := s.write([]byte("QUIT\r\n")); err == nil {
			s.reply.read(s.conn.r) // 221, or whatever: no letter depends on it
		}
	}
	s.drop()
}

// drop closes the connection without a word: in the middle of a text, that is how the
// server knows that there is no letter.
func (s *Session) drop() {
	if s.conn != nil {
		s.line.Store(nil)
		s.conn.wire.Close()
		s.conn = nil
	}
}

// abort cuts the connection, from another goroutine.
func (s *Session) abort() {
	if w := s.line.Load(); w != nil {
		w.Close()
	}
}

// begin brings a letter to where the server waits for its text: then ready is true.
// Else the outcome is what became of it, and err, if not nil, is why there is no
// connection for others either.
//
// A connection that has served may be closed by the server at any time: it has been
// idle for too long, or had as many letters as one connection may bring. That says
// nothing of the letter that meets it, which gets one more connection at once.
func (s *Session) begin(ctx context.Context, in *hand) (o Outcome, ready bool, err error) {
	for {
		if _, err := s.Open(ctx); err != nil {
			return unreached(err), false, err
		}
		used := s.conn.served > 0
		o, ready, lost := s.opening(in)
		if !lost {
			return o, ready, nil
		}
		s.drop()
		in.begun = false
		if !used || in.again || ctx.Err() != nil {
			return o, false, ctx.Err()
		}
		in.again = true
	}
}

// unreached is the outcome of a letter that had no connection.
func unreached(err error) Outcome {
	var t *Trouble
	if !errors.As(err, &t) {
		return Outcome{State: Transport, Reason: diag.LetterStopped}
	}
	return Outcome{State: Transport, Code: t.code, Reason: t.Problem.Rule, Detail: t.Problem.Arg("reason"), Reply: withoutCode(t.Problem.Arg("reply"))}
}

// withoutCode returns a reply without its first three digits.
func withoutCode(reply string) string {
	if len(reply) > 4 {
		return reply[4:]
	}
	return ""
}

// finish sends the text of a letter whose DATA was answered with 354, and reads what
// becomes of it. If the next letter is ready, it goes along up to its DATA.
func (s *Session) finish(in *hand, letters <-chan Envelope, beforeDot func(*Envelope) error) (Outcome, *hand) {
	c := s.conn
	if c.r.Buffered() > 0 { // more replies than commands: the next one could be taken for that of the text
		s.drop()
		return Outcome{State: Deferred, Reason: diag.RelayOutOfStep}, nil
	}
	if err := beforeDot(&in.env); err != nil {
		s.drop()
		return Outcome{State: Deferred, Reason: diag.LetterStopped, Detail: shown([]byte(err.Error()))}, nil
	}
	s.out = appendText(s.out[:0], in.env.Data)
	end := len(s.out)
	next := s.take(letters)
	err := c.within(s.relay.config.Timeouts.Data)
	written := 0
	if err == nil {
		written, err = s.write(s.out)
	}
	o, whole := s.settle(err, written >= end)
	if !whole {
		s.drop()
	} else {
		c.served++
	}
	if s.conn == nil && next != nil {
		next.begun = false
	}
	return o, next
}

// settle reads the reply to a text. err is that of writing it; gone says whether the
// terminator went out. It also returns whether the connection is still of use.
func (s *Session) settle(err error, gone bool) (o Outcome, whole bool) {
	lost := Outcome{State: Deferred, Reason: diag.RelayLost}
	if gone {
		lost = Outcome{State: Unknown, Reason: diag.RelayLostAfter}
	}
	if err != nil {
		lost.Detail = s.why(err)
		if s.conn.within(time.Second) != nil { // a server that has enough says why, and closes
			return lost, false
		}
	} else if err := s.conn.within(s.relay.config.Timeouts.Data); err != nil {
		lost.Detail = s.why(err)
		return lost, false
	}
	a := &s.reply
	if replyErr := a.read(s.conn.r); replyErr != nil {
		if err == nil {
			lost.Detail = s.why(replyErr)
		}
		return lost, false
	}
	switch {
	case a.isRefusal():
		return classify(atDot, a), err == nil && a.code != 421
	case a.code == 250 && gone:
		text := shown(a.text)
		return Outcome{State: Sent, Code: a.code, Enhanced: a.enhanced, Reply: text, QueueID: queueID(string(a.text))}, err == nil
	}
	lost.Detail = "a reply that does not fit"
	return lost, false
}

// why returns an error of the connection in words.
func (s *Session) why(err error) string {
	if isTimeout(err) {
		return "no answer in time"
	}
	return shown([]byte(err.Error()))
}
