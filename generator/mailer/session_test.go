package mailer_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

func TestLettersArriveAsTheyAre(t *testing.T) {
	s := serve(t, nil, nil)
	letters := batch(50, 3000)
	letters[7].Data = []byte(".\r\n..\r\n.a\r\n\r\n.\r\n")
	letters[8].Data = []byte("From: a@nagi.example\r\n\r\nno line end")
	letters[9].Data = []byte("From: a@nagi.example\r\n\r\n.")
	letters[10].Data = []byte("")
	letters[11].Data = append(envelope(11, 200_000).Data, "髙\r\n"...)
	got := run(t, t.Context(), relay(t, s.addr, nil), letters)
	for i, e := range letters {
		o := got.outcomes[i]
		if o.State != mailer.Sent || o.Code != 250 || got.order[i] != i || got.marked[i] != 1 {
			t.Errorf("letter %d: got %+v, order %d, marked %d", i, o, got.order[i], got.marked[i])
		}
		want := string(e.Data)
		if want != "" && !strings.HasSuffix(want, "\r\n") {
			want += "\r\n"
		}
		if took := s.took[e.To]; len(took) != 1 || took[0] != want {
			t.Errorf("letter %d: got %d letters, %.60q, want %.60q", i, len(took), took, want)
		}
	}
	if s.connections != 1 {
		t.Errorf("got %d connections, want one", s.connections)
	}
}

func TestSendIsOneLetter(t *testing.T) {
	s := serve(t, nil, nil)
	session := relay(t, s.addr, nil).Session()
	defer session.Close()
	for n := range 3 {
		if got := session.Send(t.Context(), envelope(n, 100), nil); got.State != mailer.Sent {
			t.Errorf("got %+v, want sent", got)
		}
	}
	refused := errors.New("the ledger is full")
	if got := session.Send(t.Context(), envelope(3, 100), func() error { return refused }); got.State != mailer.Deferred || got.Reason != diag.LetterStopped || got.Detail != refused.Error() {
		t.Errorf("got %+v, want deferred", got)
	}
	if got := session.Send(t.Context(), envelope(4, 100), nil); got.State != mailer.Sent {
		t.Errorf("got %+v, want sent on a new connection", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got := session.Send(ended, envelope(5, 100), nil); got.State != mailer.Transport {
		t.Errorf("got %+v, want transport", got)
	}
	if len(s.took) != 4 || s.connections != 2 {
		t.Errorf("got %d letters on %d connections, want four on two", len(s.took), s.connections)
	}
}

// TestRefusalsAreOfOneLetter: each kind of refusal at each command is that letter's, and
// its neighbours arrive.
func TestRefusalsAreOfOneLetter(t *testing.T) {
	refuse := func(code int, enhanced smtp.EnhancedCode, n int) func(string) error {
		return func(who string) error {
			if strings.HasPrefix(who, fmt.Sprintf("member%d@", n)) || strings.HasPrefix(who, fmt.Sprintf("b+%d@", n)) {
				return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "because of <" + who + ">"}
			}
			return nil
		}
	}
	for _, test := range []struct {
		name string
		set  func(*server)
		want mailer.State
		mark mailer.Mark
	}{
		{"MAIL for now", func(s *server) { s.atMail = refuse(451, smtp.EnhancedCode{4, 3, 0}, 3) }, mailer.Deferred, 0},
		{"MAIL for ever is about us", func(s *server) { s.atMail = refuse(550, smtp.EnhancedCode{5, 1, 8}, 3) }, mailer.Policy, 0},
		{"RCPT for now", func(s *server) { s.atRcpt = refuse(450, smtp.EnhancedCode{4, 2, 1}, 3) }, mailer.Deferred, 0},
		{"RCPT dead", func(s *server) { s.atRcpt = refuse(550, smtp.EnhancedCode{5, 1, 1}, 3) }, mailer.Failed, mailer.Dead},
		{"RCPT full", func(s *server) { s.atRcpt = refuse(552, smtp.EnhancedCode{5, 2, 2}, 3) }, mailer.Failed, mailer.Full},
		{"RCPT policy", func(s *server) { s.atRcpt = refuse(550, smtp.EnhancedCode{5, 7, 26}, 3) }, mailer.Policy, 0},
		{"the text for now", func(s *server) { s.atDot = refuse(451, smtp.EnhancedCode{4, 3, 0}, 3) }, mailer.Deferred, 0},
		{"the text for ever", func(s *server) { s.atDot = refuse(554, smtp.EnhancedCode{5, 6, 0}, 3) }, mailer.Failed, 0},
		{"before the text was read", func(s *server) { s.atText = refuse(554, smtp.EnhancedCode{5, 7, 1}, 3) }, mailer.Policy, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.set, nil)
			got := run(t, t.Context(), relay(t, s.addr, nil), batch(8, 500))
			for i := range 8 {
				o, want := got.outcomes[i], mailer.Sent
				if i == 3 {
					want = test.want
				}
				if o.State != want || i == 3 && (o.Mark != test.mark || strings.Contains(o.Reply, "member") || strings.Contains(o.Reply, "b+3")) {
					t.Errorf("letter %d: got %+v, want %v", i, o, want)
				}
			}
			if s.connections != 1 || len(s.took) != 7 {
				t.Errorf("got %d letters on %d connections, want seven on one", len(s.took), s.connections)
			}
		})
	}
}

// cutting is a connection of the server's side that breaks after so many bytes.
type cutting struct {
	net.Conn
	in, out *atomic.Int64 // bytes that may still come in, and go out
}

func (c *cutting) Read(p []byte) (int, error) {
	left := c.in.Load()
	if left <= 0 {
		c.Close()
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), left)])
	c.in.Add(int64(-n))
	return n, err
}

func (c *cutting) Write(p []byte) (int, error) {
	left := c.out.Load()
	if int64(len(p)) > left {
		c.Conn.Write(p[:max(left, 0)])
		c.out.Store(0)
		c.Close()
		return 0, net.ErrClosed
	}
	c.out.Add(int64(-len(p)))
	return c.Conn.Write(p)
}

// check holds what must be true of letters whatever the server did.
func check(t *testing.T, s *server, got told, letters []mailer.Envelope) (counts map[mailer.State]int) {
	t.Helper()
	counts = map[mailer.State]int{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, e := range letters {
		o, settled := got.outcomes[i]
		took := len(s.took[e.To])
		counts[o.State]++
		switch {
		case !settled:
			t.Errorf("letter %d: nothing was told of it", i)
		case got.order[i] != i:
			t.Errorf("letter %d was settled as number %d", got.order[i], i)
		case took > 1:
			t.Errorf("letter %d came %d times", i, took)
		case took == 1 && s.took[e.To][0] != string(e.Data):
			t.Errorf("letter %d: got other bytes than were sent", i)
		case o.State == mailer.Sent && (took != 1 || o.Code != 250):
			t.Errorf("letter %d: got sent, want it at the server: %+v", i, o)
		case o.Retry() && took > 0:
			t.Errorf("letter %d: got %v, and the server has it", i, o.State)
		case o.State == mailer.Deferred && o.Code == 0 && s.seen[e.To] > 0:
			t.Errorf("letter %d: got deferred without a reply, and the server saw its terminator", i)
		case o.State == mailer.Failed && took > 0:
			t.Errorf("letter %d: got failed, and the server has it", i)
		case took > 0 && got.marked[i] == 0:
			t.Errorf("letter %d: the server has it, and beforeDot was not asked", i)
		case got.marked[i] > 1:
			t.Errorf("letter %d: beforeDot was asked %d times", i, got.marked[i])
		}
	}
	return counts
}

// TestNoFaultMakesAFalseOutcome is the property this package is for: connections that
// break after any byte, either way, and random refusals, and never is a letter told to
// be deferred that may have arrived, nor sent without a 250.
func TestNoFaultMakesAFalseOutcome(t *testing.T) {
	sum := map[mailer.State]int{}
	for seed := range uint64(300) {
		chance := rand.New(&shared{PCG: rand.NewPCG(seed, 7)})
		pipelined := seed%3 != 0
		fault := func(string) error {
			switch chance.IntN(12) {
			case 0:
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
			case 1:
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown"}
			case 2:
				return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "busy"}
			}
			return nil
		}
		s := serve(t, func(s *server) {
			if seed%2 == 0 {
				s.atRcpt, s.atDot = fault, fault
			}
		}, func(c net.Conn) net.Conn {
			cut := &cutting{c, new(atomic.Int64), new(atomic.Int64)}
			cut.in.Store(chance.Int64N(12_000))
			cut.out.Store(chance.Int64N(1_500))
			if !pipelined {
				return &unpiped{Conn: cut}
			}
			return cut
		})
		letters := batch(12, 10+chance.IntN(1200))
		got := run(t, t.Context(), relay(t, s.addr, nil), letters)
		s.Close()
		for state, n := range check(t, s, got, letters) {
			sum[state] += n
		}
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
	t.Logf("outcomes: %v", sum)
	for _, state := range []mailer.State{mailer.Sent, mailer.Deferred, mailer.Failed, mailer.Unknown, mailer.Transport} {
		if sum[state] == 0 {
			t.Errorf("no letter was %v: the faults are none", state)
		}
	}
}

// shared is a source of chance for several goroutines.
type shared struct {
	mu sync.Mutex
	*rand.PCG
}

func (s *shared) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.PCG.Uint64()
}

// unpiped takes PIPELINING from what a server offers.
type unpiped struct{ net.Conn }

func (u *unpiped) Write(p []byte) (int, error) {
	if _, err := u.Conn.Write([]byte(strings.Replace(string(p), "PIPELINING", "XNOTHING", 1))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// TestACutLeavesOneLetterInDoubt: when the caller's context ends, Run returns at once,
// and at most the letter whose terminator is out is unknown.
func TestACutLeavesOneLetterInDoubt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, nil, nil)
	stall := make(chan struct{})
	t.Cleanup(func() { close(stall) })
	s.atDot = func(to string) error {
		if strings.HasPrefix(to, "member4@") {
			cancel()
			<-stall
		}
		return nil
	}
	got := run(t, ctx, relay(t, s.addr, func(c *mailer.Config) { c.Timeouts.Data = time.Hour }), batch(8, 500))
	want := map[int]mailer.State{0: mailer.Sent, 3: mailer.Sent, 4: mailer.Unknown, 5: mailer.Transport}
	for n, state := range want {
		if got.outcomes[n].State != state {
			t.Errorf("letter %d: got %+v, want %v", n, got.outcomes[n], state)
		}
	}
	if len(got.order) != 6 {
		t.Errorf("got %d letters settled, want six: the others stay in the channel", len(got.order))
	}
}
