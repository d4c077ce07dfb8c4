package mailer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

// TestServersThatDoNotKeepToTheRules: a script for each kind of wrong reply. The first
// letter meets it; whether the second arrives depends on the server alone.
func TestServersThatDoNotKeepToTheRules(t *testing.T) {
	pipelining := []string{"PIPELINING", "8BITMIME"}
	open := func(d *dialogue) { // up to the text of the first letter
		d.until("DATA")
		d.say("250 2.1.0 ok", "250 2.1.5 ok", "354 go on")
	}
	for _, test := range []struct {
		name   string
		offer  []string
		talk   func(d *dialogue)
		want   mailer.State
		reason diag.Rule
	}{
		{"replies of many lines and of 8 bits are replies", pipelining, func(d *dialogue) {
			open(d)
			d.until(".")
			d.say("250-2.0.0 \xff\xfe\x1b[31m", "250-2.0.0 受け取りました", "250 2.0.0 Ok: queued as 4F1")
		}, mailer.Sent, ""},
		{"a reply without text is one", pipelining, func(d *dialogue) { open(d); d.until("."); d.say("250") }, mailer.Sent, ""},
		{"a reply that ends in LF alone is one", pipelining, func(d *dialogue) { open(d); d.until("."); d.write([]byte("250 ok\n")) }, mailer.Sent, ""},
		{"a reply without end behind the text", pipelining, func(d *dialogue) {
			open(d)
			d.until(".")
			for {
				d.say("250-and another thing")
			}
		}, mailer.Unknown, diag.RelayLostAfter},
		{"a reply without end before the text", pipelining, func(d *dialogue) {
			d.until("DATA")
			for {
				d.say("250-and another thing")
			}
		}, mailer.Deferred, diag.RelayLost},
		{"a line without end", pipelining, func(d *dialogue) {
			open(d)
			d.until(".")
			d.write([]byte("250 " + strings.Repeat("a", 1<<20)))
		}, mailer.Unknown, diag.RelayLostAfter},
		{"what is no reply, behind the text", pipelining, func(d *dialogue) { open(d); d.until("."); d.say("HTTP/1.1 200 OK") }, mailer.Unknown, diag.RelayLostAfter},
		{"what is no reply, before the text", pipelining, func(d *dialogue) { d.until("DATA"); d.say("+OK") }, mailer.Deferred, diag.RelayLost},
		{"two codes in one reply", pipelining, func(d *dialogue) { open(d); d.until("."); d.say("250-ok", "550 no") }, mailer.Unknown, diag.RelayLostAfter},
		{"a positive reply that is not 250 is not one to a text", pipelining, func(d *dialogue) { open(d); d.until("."); d.say("221 bye") }, mailer.Unknown, diag.RelayLostAfter},
		{"354 behind the text", pipelining, func(d *dialogue) { open(d); d.until("."); d.say("354 go on") }, mailer.Unknown, diag.RelayLostAfter},
		{"one reply too many before the text: the next could be taken for the text's", pipelining, func(d *dialogue) {
			d.until("DATA")
			d.say("250 ok", "250 ok", "354 go on", "250 ok")
			d.until(".")
		}, mailer.Deferred, diag.RelayOutOfStep},
		{"replies in the wrong order", pipelining, func(d *dialogue) { d.until("DATA"); d.say("354 go on", "250 ok", "250 ok"); d.until(".") }, mailer.Deferred, diag.RelayOutOfStep},
		{"250 to DATA", pipelining, func(d *dialogue) { d.until("DATA"); d.say("250 ok", "250 ok", "250 ok"); d.until(".") }, mailer.Deferred, diag.RelayOutOfStep},
		{"250 to RCPT after a refused MAIL", pipelining, func(d *dialogue) { d.until("DATA"); d.say("550 no", "250 ok", "354 go on"); d.until(".") }, mailer.Deferred, diag.RelayOutOfStep},
		{"354 after a refused RCPT gets an empty text", pipelining, func(d *dialogue) {
			d.until("DATA")
			d.say("250 ok", "550 5.1.1 unknown", "354 go on")
			if line := d.line(); line != "." {
				t.Errorf("got %q, want the terminator alone", line)
			}
			d.say("554 no valid recipients")
		}, mailer.Failed, diag.AddressDead},
		{"an empty text that is taken leaves the refusal as it is", pipelining, func(d *dialogue) {
			d.until("DATA")
			d.say("250 ok", "550 5.1.1 unknown", "354 go on")
			d.until(".")
			d.say("250 ok")
		}, mailer.Failed, diag.AddressDead},
		{"421 and away, at MAIL", pipelining, func(d *dialogue) { d.until("DATA"); d.say("421 4.3.2 closing") }, mailer.Deferred, diag.RelayLater},
		{"421 and away, behind the text", pipelining, func(d *dialogue) { open(d); d.until("."); d.say("421 4.3.2 closing") }, mailer.Deferred, diag.RelayLater},
		{"421 for our speed is policy", pipelining, func(d *dialogue) { d.until("DATA"); d.say("421 4.7.28 too fast") }, mailer.Policy, diag.RelayPolicy},
		{"away before the reply to MAIL", pipelining, func(d *dialogue) { d.until("DATA") }, mailer.Deferred, diag.RelayLost},
		{"away in the text", pipelining, func(d *dialogue) { open(d); d.line() }, mailer.Unknown, diag.RelayLostAfter}, // it fits the buffers: who knows who has read it
		{"away behind the text", pipelining, func(d *dialogue) { open(d); d.until(".") }, mailer.Unknown, diag.RelayLostAfter},
		{"silence behind the text", pipelining, func(d *dialogue) { open(d); d.until("."); d.line() }, mailer.Unknown, diag.RelayLostAfter},
		{"silence at MAIL", pipelining, func(d *dialogue) { d.until("DATA"); d.line() }, mailer.Deferred, diag.RelayLost},
		{"without PIPELINING: 250 and more at MAIL", nil, func(d *dialogue) { d.line(); d.say("250 ok", "250 ok"); d.line() }, mailer.Deferred, diag.RelayOutOfStep},
		{"without PIPELINING: 354 at RCPT", nil, func(d *dialogue) { d.line(); d.say("250 ok"); d.line(); d.say("354 go on"); d.line() }, mailer.Deferred, diag.RelayOutOfStep},
		{"without PIPELINING: away at RCPT", nil, func(d *dialogue) { d.line(); d.say("250 ok"); d.line() }, mailer.Deferred, diag.RelayLost},
		{"without PIPELINING: away at DATA", nil, func(d *dialogue) { d.line(); d.say("250 ok"); d.line(); d.say("250 ok"); d.line() }, mailer.Deferred, diag.RelayLost},
	} {
		t.Run(test.name, func(t *testing.T) {
			addr := script(t, func(d *dialogue) { d.hello(test.offer...); test.talk(d) })
			r := relay(t, addr, func(c *mailer.Config) {
				c.Timeouts.Command, c.Timeouts.Data = 300*time.Millisecond, 300*time.Millisecond
			})
			s := r.Session()
			got := s.Send(t.Context(), envelope(1, 300), nil)
			s.Close()
			if got.State != test.want || got.Reason != test.reason {
				t.Errorf("got %+v, want %v, %q", got, test.want, test.reason)
			}
			if strings.ContainsAny(got.Reply+got.Detail, "\x1b\r\n") || !utf8.ValidString(got.Reply) {
				t.Errorf("got a reply that a terminal would act on: %q", got.Reply)
			}
			if test.want == mailer.Sent && strings.Contains(test.name, "many lines") && got.QueueID != "4F1" {
				t.Errorf("got the queue id %q", got.QueueID)
			}
		})
	}
}

// TestAConnectionThatWasClosedIsNoFault: a server may close a connection between two
// letters, with or without a word; the letter that meets it goes out on a new one.
func TestAConnectionThatWasClosedIsNoFault(t *testing.T) {
	for name, farewell := range map[string]string{"without a word": "", "with 421": "421 4.4.2 too many letters"} {
		for _, offer := range [][]string{{"PIPELINING"}, nil} {
			t.Run(fmt.Sprint(name, offer), func(t *testing.T) {
				connections := 0
				addr := script(t, func(d *dialogue) {
					connections++
					d.hello(offer...)
					for range 2 {
						for _, want := range []string{"MAIL", "RCPT"} {
							if line := d.line(); line == "QUIT" {
								return
							} else if !strings.HasPrefix(line, want) {
								t.Errorf("got %q, want %s", line, want)
							}
							d.say("250 ok")
						}
						d.until("DATA")
						d.say("354 go on")
						d.until(".")
						d.say("250 ok")
					}
					if farewell != "" {
						d.line()
						d.say(farewell)
					}
				})
				got := run(t, t.Context(), relay(t, addr, nil), batch(7, 100))
				for i := range 7 {
					if o := got.outcomes[i]; o.State != mailer.Sent {
						t.Errorf("letter %d: got %+v, want sent", i, o)
					}
				}
				if connections != 4 {
					t.Errorf("got %d connections, want four of two letters each", connections)
				}
			})
		}
	}
}

// TestWhatIsSaid holds the very commands, and when they are written: in steady state,
// what is answered together comes together.
func TestWhatIsSaid(t *testing.T) {
	for _, test := range []struct {
		name    string
		offer   []string
		letters []mailer.Envelope
		want    []string
	}{
		{"no extensions, no parameters", nil, batch(1, 10), []string{"MAIL FROM:<b+0@nagi.example>", "RCPT TO:<member0@mail.example>", "DATA"}},
		{"SIZE is told where it is asked for", []string{"SIZE 1000000", "8BITMIME", "SMTPUTF8"}, []mailer.Envelope{{From: "", To: `"foo..bar"@docomo.ne.jp`, Data: []byte("A: b\r\n\r\nc\r\n"), Ref: 0}},
			[]string{"MAIL FROM:<> SIZE=11", `RCPT TO:<"foo..bar"@docomo.ne.jp>`, "DATA"}},
		{"8BITMIME and SMTPUTF8 only where they are needed", []string{"8BITMIME", "SMTPUTF8"}, []mailer.Envelope{{From: "a@nagi.example", To: "湊@mail.example", Data: []byte("A: 髙\r\n\r\n"), Ref: 0}},
			[]string{"MAIL FROM:<a@nagi.example> BODY=8BITMIME SMTPUTF8", "RCPT TO:<湊@mail.example>", "DATA"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var said []string
			addr := script(t, func(d *dialogue) {
				d.hello(test.offer...)
				for {
					line := d.line()
					said = append(said, line)
					if line == "DATA" {
						break
					}
					d.say("250 ok")
				}
				d.say("354 go on")
				d.until(".")
				d.say("250 ok")
				if line := d.line(); line != "QUIT" {
					t.Errorf("got %q, want QUIT", line)
				}
				d.say("221 bye")
			})
			got := run(t, t.Context(), relay(t, addr, nil), test.letters)
			if got.outcomes[0].State != mailer.Sent || !slices.Equal(said, test.want) {
				t.Errorf("got %+v, %q, want %q", got.outcomes[0], said, test.want)
			}
		})
	}
}

// TestOneRoundTripALetter: the server of this test answers nothing until it has a
// letter's terminator together with the commands of the next.
func TestOneRoundTripALetter(t *testing.T) {
	addr := script(t, func(d *dialogue) {
		d.hello("PIPELINING")
		d.until("DATA")
		d.say("250 ok", "250 ok", "354 go on")
		for range 19 {
			d.until("DATA") // behind the terminator
			d.say("250 queued", "250 ok", "250 ok", "354 go on")
		}
		d.until(".")
		d.say("250 queued")
		d.until("QUIT")
		d.say("221 bye")
	})
	got := run(t, t.Context(), relay(t, addr, nil), batch(20, 5000))
	for i := range 20 {
		if got.outcomes[i].State != mailer.Sent {
			t.Errorf("letter %d: got %+v, want sent", i, got.outcomes[i])
		}
	}
}

// TestARefusedRecipientCostsNoRoundTrip: RSET goes along with the next letter.
func TestARefusedRecipientCostsNoRoundTrip(t *testing.T) {
	addr := script(t, func(d *dialogue) {
		d.hello("PIPELINING")
		d.until("DATA")
		d.say("250 ok", "550 5.1.1 unknown", "554 5.5.1 no valid recipients")
		if line := d.line(); line != "RSET" {
			t.Errorf("got %q, want RSET", line)
		}
		d.until("DATA")
		d.say("250 reset", "250 ok", "250 ok", "354 go on")
		d.until(".")
		d.say("250 queued")
		d.until("QUIT")
	})
	got := run(t, t.Context(), relay(t, addr, nil), batch(2, 100))
	if a, b := got.outcomes[0], got.outcomes[1]; a.Mark != mailer.Dead || b.State != mailer.Sent {
		t.Errorf("got %+v and %+v, want a dead address and a letter sent", a, b)
	}
}

// TestTheTerminatorWaits: until beforeDot has said yes, no terminator leaves; and when
// it says no, none ever does.
func TestTheTerminatorWaits(t *testing.T) {
	said := make(chan string, 100)
	addr := script(t, func(d *dialogue) {
		d.hello("PIPELINING")
		d.until("DATA")
		d.say("250 ok", "250 ok", "354 go on")
		defer close(said)
		for {
			said <- d.line()
		}
	})
	s := relay(t, addr, nil).Session()
	got := s.Send(t.Context(), envelope(1, 100), func() error {
		select {
		case line := <-said:
			t.Errorf("got %q before the letter was written down", line)
		case <-time.After(20 * time.Millisecond): // an eager client has written by now
		}
		return fmt.Errorf("no")
	})
	if got.State != mailer.Deferred {
		t.Errorf("got %+v, want deferred", got)
	}
	for line := range said {
		t.Errorf("got %q, want nothing more", line)
	}
}

// TestWhatCannotBeSaid: letters that no server is asked about.
func TestWhatCannotBeSaid(t *testing.T) {
	s := serve(t, func(s *server) { s.MaxMessageBytes = 1000; s.EnableSMTPUTF8 = false }, nil)
	for _, test := range []struct {
		name   string
		e      mailer.Envelope
		want   mailer.State
		reason diag.Rule
	}{
		{"a command within an address", mailer.Envelope{From: "a@nagi.example", To: "b@mail.example>\r\nRCPT TO:<c@mail.example"}, mailer.Failed, diag.LetterForm},
		{"a bracket within an address", mailer.Envelope{From: "a@nagi.example> SIZE=1", To: "b@mail.example"}, mailer.Failed, diag.LetterForm},
		{"no recipient", mailer.Envelope{From: "a@nagi.example"}, mailer.Failed, diag.LetterForm},
		{"a path that is too long", mailer.Envelope{To: strings.Repeat("a", 300) + "@mail.example"}, mailer.Failed, diag.LetterForm},
		{"LF alone", mailer.Envelope{To: "b@mail.example", Data: []byte("A: b\r\n\r\n\n.\n")}, mailer.Failed, diag.LetterForm},
		{"CR alone", mailer.Envelope{To: "b@mail.example", Data: []byte("A: b\r\n\r\n\r.\r\n")}, mailer.Failed, diag.LetterForm},
		{"CR at the end", mailer.Envelope{To: "b@mail.example", Data: []byte("A: b\r\n\r\n\r")}, mailer.Failed, diag.LetterForm},
		{"larger than the server takes", mailer.Envelope{To: "b@mail.example", Data: make([]byte, 1001)}, mailer.Policy, diag.RelaySize},
		{"an address that needs SMTPUTF8", mailer.Envelope{To: "湊@mail.example"}, mailer.Failed, diag.RelayASCII},
	} {
		t.Run(test.name, func(t *testing.T) {
			letters := []mailer.Envelope{envelope(0, 10), test.e, envelope(2, 10)}
			letters[1].Ref = 1
			got := run(t, t.Context(), relay(t, s.addr, nil), letters)
			o := got.outcomes[1]
			if o.State != test.want || o.Reason != test.reason || o.Mark != 0 || got.marked[1] != 0 {
				t.Errorf("got %+v, want %v, %q", o, test.want, test.reason)
			}
			if got.outcomes[0].State != mailer.Sent || got.outcomes[2].State != mailer.Sent || !slices.Equal(got.order, []int{0, 1, 2}) {
				t.Errorf("got %+v, want its neighbours sent", got)
			}
		})
	}
}

// TestATextThatIsCutIsNotInDoubt: when the connection breaks in the middle of a long
// text, its terminator has not left, and that is known.
func TestATextThatIsCutIsNotInDoubt(t *testing.T) {
	addr := script(t, func(d *dialogue) {
		d.hello("PIPELINING")
		d.until("DATA")
		d.say("250 ok", "250 ok", "354 go on")
		d.line() // and hangs up, with more unread than any buffer holds
	})
	s := relay(t, addr, nil).Session()
	defer s.Close()
	if got := s.Send(t.Context(), envelope(1, 32<<20), nil); got.State != mailer.Deferred || got.Reason != diag.RelayLost {
		t.Errorf("got %+v, want deferred", got)
	}
}
