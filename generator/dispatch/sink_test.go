package dispatch_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink is a relay that takes letters, loses connections and refuses as it likes, and
// remembers what it has taken.
type sink struct {
	*door
	faults faults

	mu      sync.Mutex
	random  *rand.Rand
	taken   map[string][]string // recipient → the letters that were accepted, with or without their hearing it
	refused map[string]bool     // who was refused for good
	begun   int                 // letters whose DATA was let in
	cut     int                 // of them, those whose connection was cut
	changed sync.Cond           // any of it, or a door
	ended   sync.WaitGroup
}

// door is a way into a sink: each sender has its own, so that one can see what is its.
// What changes is guarded by the sink's mu.
type door struct {
	listener     net.Listener
	open, behind int    // letters between DATA and the reply to their dot; of them, with their dot here
	dot          func() // called once, when the next dot is here; it must not wait
}

// faults are chances, from 0 to 1.
type faults struct {
	later, never, closing float64       // 450 and 550 at RCPT, 421 at MAIL
	before, after         float64       // the connection is cut in the text, and behind the dot
	policy                float64       // 550 5.7.1 behind the dot
	laterDot, neverDot    float64       // 450 and 550 5.1.1 there
	slow                  time.Duration // a letter takes up to so long before its text is read, and before its reply
}

func newSink(t testing.TB, f faults) *sink {
	t.Helper()
	s := &sink{faults: f, random: rand.New(rand.NewPCG(1, 2)), taken: map[string][]string{}, refused: map[string]bool{}}
	s.changed.L = &s.mu
	t.Cleanup(s.ended.Wait) // behind the closing of all doors
	s.door = s.newDoor(t)
	return s
}

// newDoor opens one more door.
func (s *sink) newDoor(t testing.TB) *door {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &door{listener: l}
	s.ended.Go(func() { s.accept(d) })
	t.Cleanup(func() { l.Close() })
	return d
}

func (s *sink) accept(d *door) {
	for {
		c, err := d.listener.Accept()
		if err != nil {
			return
		}
		s.ended.Go(func() { s.serve(c, d) })
	}
}

func (s *sink) chance(p float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Float64() < p
}

// serve speaks SMTP with PIPELINING.
func (s *sink) serve(c net.Conn, d *door) {
	defer c.Close()
	r := bufio.NewReader(c)
	say := func(line string) { io.WriteString(c, line+"\r\n") }
	say("220 sink.example ESMTP")
	to, refused := "", false
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			say("250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME")
		case "MAIL":
			if to, refused = "", s.chance(s.faults.closing); refused {
				say("421 4.3.2 closing")
				return
			}
			say("250 2.1.0 ok")
		case "RCPT":
			_, to, _ = strings.Cut(rest, "<")
			to, _, _ = strings.Cut(to, ">")
			switch {
			case s.chance(s.faults.later):
				refused = true
				say("450 4.2.0 later")
			case s.chance(s.faults.never):
				refused = true
				s.refuse(to)
				say("550 5.1.1 no such user")
			default:
				say("250 2.1.5 ok")
			}
		case "DATA":
			if refused {
				say("554 5.5.1 no valid recipients")
				continue
			}
			s.note(func() { s.begun++; d.open++ })
			say("354 go ahead")
			lasts := s.text(c, r, to, d)
			s.note(func() { d.open-- })
			if !lasts {
				return
			}
		case "RSET", "NOOP":
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("500 5.5.2 what?")
		}
	}
}

// text reads a letter, and reports whether the connection lasts.
func (s *sink) text(c net.Conn, r *bufio.Reader, to string, d *door) bool {
	s.dawdle()
	if s.chance(s.faults.before) {
		s.note(func() { s.cut++ })
		return false
	}
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false // without its dot it is no letter
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	s.note(func() {
		if d.behind++; d.dot != nil {
			d.dot()
			d.dot = nil
		}
	})
	defer s.note(func() { d.behind-- })
	s.dawdle()
	reply := ""
	switch {
	case s.chance(s.faults.policy):
		reply = "550 5.7.1 refused for policy"
	case s.chance(s.faults.laterDot):
		reply = "450 4.2.0 later"
	case s.chance(s.faults.neverDot):
		s.refuse(to)
		reply = "550 5.1.1 no such user"
	}
	if reply == "" {
		s.note(func() {
			s.taken[to] = append(s.taken[to], b.String())
			reply = fmt.Sprintf("250 2.0.0 Ok: queued as Q%d", len(s.taken))
		})
		if s.chance(s.faults.after) {
			s.note(func() { s.cut++ })
			return false
		}
	}
	io.WriteString(c, reply+"\r\n")
	return true
}

// note changes what others wait for.
func (s *sink) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	s.changed.Broadcast()
}

func (s *sink) refuse(to string) { s.note(func() { s.refused[to] = true }) }

// dawdle takes its time for every other letter, as a relay does that writes them to a disk.
func (s *sink) dawdle() {
	if s.faults.slow > 0 {
		s.mu.Lock()
		wait := time.Duration(s.random.Int64N(2*int64(s.faults.slow))) - s.faults.slow
		s.mu.Unlock()
		time.Sleep(wait) // not at all if it is negative
	}
}

// settle waits until what a dead sender has written is read to its end.
func (s *sink) settle(d *door) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d.open > 0 {
		s.changed.Wait()
	}
}

// letters returns how many letters each recipient has.
func (s *sink) letters() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string][]string, len(s.taken))
	for to, list := range s.taken {
		all[to] = append([]string(nil), list...)
	}
	return all
}
